"""Reads and writes the Redis protocol without losing anything.

A client library turns replies into the values of its language, and two replies
that differ on the wire become equal on the way (a null bulk and a null array,
a simple string and a bulk string). Tests must see the difference, so a Reply
keeps its kind and the very text that was sent.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

CRLF = b"\r\n"

# One line: the type byte, the text, CRLF.
LINE_KINDS = {
    b"+": "simple",
    b"-": "error",
    b":": "integer",
    b",": "double",
    b"#": "boolean",
    b"(": "bignum",
    b"_": "null",
}
# A length, CRLF, that many bytes, CRLF.
BLOB_KINDS = {b"$": "bulk", b"=": "verbatim", b"!": "bulkerror"}
# A count, CRLF, that many replies (twice as many in pairs).
AGGREGATE_KINDS = {b"*": "array", b"~": "set", b"%": "map", b">": "push", b"|": "attribute"}
PAIRED = ("map", "attribute")

TYPE_BYTE = {
    kind: byte for kinds in (LINE_KINDS, BLOB_KINDS, AGGREGATE_KINDS) for byte, kind in kinds.items()
}

# What the text of a line may be; everything else is a broken server.
LINE_TEXT = {
    "simple": re.compile(rb"[^\r\n]*"),
    "error": re.compile(rb"[^\r\n]*"),
    "integer": re.compile(rb"-?[0-9]+"),
    "double": re.compile(rb"-?inf|nan|-nan|[-+]?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?"),
    "boolean": re.compile(rb"[tf]"),
    "bignum": re.compile(rb"-?[0-9]+"),
    "null": re.compile(rb""),
}
MAX_LINE = 64 * 1024
MAX_DEPTH = 64


@dataclass(frozen=True)
class Reply:
    """One reply. `text` is what the wire had; `items` are those of an aggregate."""

    kind: str
    text: bytes = b""
    items: tuple[Reply, ...] = field(default=())

    def encode(self) -> bytes:
        """The bytes that this reply is on the wire."""
        if self.kind == "nil":
            return b"$-1\r\n"
        if self.kind == "nilarray":
            return b"*-1\r\n"
        byte = TYPE_BYTE[self.kind]
        if self.kind in BLOB_KINDS.values():
            return byte + b"%d\r\n" % len(self.text) + self.text + CRLF
        if self.kind in AGGREGATE_KINDS.values():
            count = len(self.items) // (2 if self.kind in PAIRED else 1)
            return byte + b"%d\r\n" % count + b"".join(item.encode() for item in self.items)
        return byte + self.text + CRLF


class Malformed(Exception):
    """The server sent what is not the Redis protocol."""

    def __init__(self, why: str, at: int) -> None:
        super().__init__(why)
        self.why = why
        self.at = at


class Incomplete(Exception):
    """More bytes are needed."""


def read_line(data: bytes, start: int) -> tuple[bytes, int]:
    """The text from start up to CRLF, and where the next thing begins."""
    end = data.find(b"\n", start)
    if end < 0:
        if len(data) - start > MAX_LINE:
            raise Malformed("a line without an end", start)
        raise Incomplete
    if end == start or data[end - 1 : end] != b"\r":
        raise Malformed("a line that ends in \\n alone instead of \\r\\n", end)
    return data[start : end - 1], end + 1


def read_length(kind: str, text: bytes, at: int) -> int:
    """A length or count from the wire; -1 is null."""
    if not re.fullmatch(rb"-1|0|[1-9][0-9]{0,18}", text):
        raise Malformed(f"the length of a {kind} is {text!r}", at)
    return int(text)


def decode(data: bytes, start: int = 0, depth: int = 0) -> tuple[Reply, int]:
    """The reply that begins at start, and the position after it."""
    if start >= len(data):
        raise Incomplete
    byte = data[start : start + 1]
    if byte not in LINE_KINDS and byte not in BLOB_KINDS and byte not in AGGREGATE_KINDS:
        raise Malformed(f"no reply begins with the byte {byte!r}", start)
    if depth > MAX_DEPTH:
        raise Malformed(f"more than {MAX_DEPTH} levels of nesting", start)
    text, after = read_line(data, start + 1)
    if byte in LINE_KINDS:
        kind = LINE_KINDS[byte]
        if not LINE_TEXT[kind].fullmatch(text):
            raise Malformed(f"{text!r} is no {kind}", start + 1)
        return Reply(kind, text), after
    if byte in BLOB_KINDS:
        return decode_blob(data, BLOB_KINDS[byte], text, start, after)
    return decode_aggregate(data, AGGREGATE_KINDS[byte], text, start, after, depth)


def decode_blob(data: bytes, kind: str, text: bytes, start: int, after: int) -> tuple[Reply, int]:
    length = read_length(kind, text, start + 1)
    if length < 0:
        if kind != "bulk":
            raise Malformed(f"a {kind} cannot be null", start + 1)
        return Reply("nil"), after
    end = after + length
    if len(data) < end + 2:
        tail = data[end:]
        if tail and tail != b"\r":
            raise Malformed(f"after the {length} bytes of a {kind}, CRLF is missing", end)
        raise Incomplete
    if data[end : end + 2] != CRLF:
        raise Malformed(f"after the {length} bytes of a {kind}, CRLF is missing", end)
    return Reply(kind, data[after:end]), end + 2


def decode_aggregate(
    data: bytes, kind: str, text: bytes, start: int, after: int, depth: int
) -> tuple[Reply, int]:
    count = read_length(kind, text, start + 1)
    if count < 0:
        if kind != "array":
            raise Malformed(f"a {kind} cannot be null", start + 1)
        return Reply("nilarray"), after
    items = []
    for _ in range(count * (2 if kind in PAIRED else 1)):
        item, after = decode(data, after, depth + 1)
        items.append(item)
    return Reply(kind, b"", tuple(items)), after


def decode_all(data: bytes) -> tuple[list[Reply], bytes]:
    """Every complete reply in data, and the bytes left over."""
    replies = []
    at = 0
    while at < len(data):
        try:
            reply, at = decode(data, at)
        except Incomplete:
            break
        replies.append(reply)
    return replies, data[at:]


def encode_command(args: list[bytes]) -> bytes:
    """A command as clients send it: an array of bulk strings."""
    return b"*%d\r\n" % len(args) + b"".join(b"$%d\r\n%s\r\n" % (len(arg), arg) for arg in args)
