"""RESP on the wire: where a reply ends, what it holds, how it is written down.

A reply is kept as the bytes that arrived, because bytes are what two servers
are compared by.  It is decoded only for a reply that may legitimately differ,
and for a report.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

CLOSED = b"<the connection was closed>"
SILENT = b"<no reply came>"
AGGREGATES = b"*~>%|"
BLOBS = b"$=!"


class Malformed(Exception):
    """The bytes at this point cannot begin or continue a reply."""


@dataclass(frozen=True)
class Reply:
    """One decoded reply; `items` holds a map's keys and values in turn."""

    kind: str
    text: bytes = b""
    items: tuple[Reply, ...] = ()
    null: bool = False


def request(argv: Iterable[bytes]) -> bytes:
    """A command as a client sends it: an array of bulk strings."""
    parts = list(argv)
    out = [b"*%d\r\n" % len(parts)]
    out += [b"$%d\r\n%s\r\n" % (len(part), part) for part in parts]
    return b"".join(out)


def _length(line: bytes) -> int:
    try:
        return int(line)
    except ValueError:
        raise Malformed(line) from None


def frame(data: bytes | bytearray, start: int = 0) -> int:
    """The index just past the reply that begins at `start`, or -1 when more
    bytes are needed.  Raises Malformed when it cannot be a reply."""
    pending, at = 1, start
    while pending:
        end = data.find(b"\r\n", at)
        if end < 0:
            return -1
        kind, pending = data[at], pending - 1
        if kind in AGGREGATES:
            count = _length(bytes(data[at + 1:end]))
            pending += max(count, 0) * (2 if kind in b"%|" else 1)
            at = end + 2
        elif kind in BLOBS:
            size = _length(bytes(data[at + 1:end]))
            at = end + 2 + (size + 2 if size >= 0 else 0)
            if at > len(data):
                return -1
        elif kind in b"+-:_#,(":
            at = end + 2
        else:
            raise Malformed(bytes(data[at:at + 40]))
    return at


def decode(raw: bytes) -> Reply:
    """The first reply in `raw`, which must be whole."""
    return _decode(raw, 0)[0]


def _decode(raw: bytes, at: int) -> tuple[Reply, int]:
    end = raw.index(b"\r\n", at)
    kind, line, after = chr(raw[at]), raw[at + 1:end], end + 2
    if raw[at] in BLOBS:
        size = int(line)
        if size < 0:
            return Reply(kind, null=True), after
        return Reply(kind, raw[after:after + size]), after + size + 2
    if raw[at] not in AGGREGATES:
        return Reply(kind, line, null=kind == "_"), after
    count = int(line)
    if count < 0:
        return Reply(kind, null=True), after
    items = []
    for _ in range(count * (2 if kind in "%|" else 1)):
        item, after = _decode(raw, after)
        items.append(item)
    return Reply(kind, items=tuple(items)), after


def is_reply(raw: bytes) -> bool:
    """False for what stands in for a reply that did not come."""
    if not raw or raw[:1] not in b"+-:$*_#,(%~>=!|":
        return False
    try:
        return frame(raw) > 0
    except Malformed:
        return False


def quote(data: bytes) -> str:
    """Bytes in double quotes, escaped as redis-cli escapes them."""
    special = {7: "\\a", 8: "\\b", 9: "\\t", 10: "\\n", 13: "\\r",
               34: '\\"', 92: "\\\\"}
    out = [special.get(b) or (chr(b) if 32 <= b < 127 else f"\\x{b:02x}")
           for b in data]
    return '"' + "".join(out) + '"'


def word(data: bytes) -> str:
    """An argument as one types it: quoted only where it must be."""
    plain = data and all(33 <= b < 127 and b not in b"\"'\\#" for b in data)
    return data.decode() if plain else quote(data)


def notation(raw: bytes) -> str:
    """A raw reply as redis-cli prints it."""
    if not is_reply(raw):
        return raw.decode("latin-1")
    replies, at = [], 0
    while at < len(raw):
        if not is_reply(raw[at:]):
            replies.append(raw[at:].decode("latin-1"))
            break
        reply, at = _decode(raw, at)
        replies.append("\n".join(_lines(reply)))
    return "\n".join(replies)


def _lines(reply: Reply) -> list[str]:
    if reply.null:
        return ["(nil)"]
    if reply.kind in AGGREGATES.decode():
        return _aggregate(reply)
    if reply.kind in "$=":
        return [quote(reply.text)]
    text = reply.text.decode("latin-1")
    names = {":": "(integer) ", ",": "(double) ", "-": "(error) ",
             "!": "(error) ", "(": "(big number) "}
    if reply.kind == "#":
        return ["(true)" if text == "t" else "(false)"]
    return [names.get(reply.kind, "") + text]


def _aggregate(reply: Reply) -> list[str]:
    if not reply.items:
        return ["(empty array)"]
    pairs = reply.kind in "%|"
    step = 2 if pairs else 1
    count = len(reply.items) // step
    mark = {"~": "~", "%": "#", "|": "|"}.get(reply.kind, ")")
    out: list[str] = []
    for index in range(count):
        label = f"{index + 1:>{len(str(count))}}{mark} "
        first, *rest = _lines(reply.items[index * step])
        lines = [label + first, *(" " * len(label) + line for line in rest)]
        if pairs:
            value = _lines(reply.items[index * step + 1])
            lines[-1] += " => " + value[0]
            lines += [" " * (len(label) + 3) + line for line in value[1:]]
        out += lines
    return out
