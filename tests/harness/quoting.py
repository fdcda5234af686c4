"""Bytes as text and back: redis-cli's quoting, and a repetition.

    "a \\"quoted\\" word\\r\\n\\x00"      quoted, as redis-cli reads and prints it
    'it''s'                          single quotes take everything as it stands, but \\'
    $(x*1000)                        x a thousand times, outside of quotes
    $(key:{n} value *3)              key:1 value key:2 value key:3 value
"""

from __future__ import annotations

import re
from functools import lru_cache

NAMED = {"n": b"\n", "r": b"\r", "t": b"\t", "b": b"\b", "a": b"\a"}
NAMED_BACK = {value[0]: "\\" + name for name, value in NAMED.items()}

# A part of an argument, or the space between two.
PART = re.compile(
    r"""(?P<space>\s+)
      | "(?P<double>(?:[^"\\]|\\.)*)"
      | '(?P<single>(?:[^'\\]|\\'|\\(?!'))*)'
      | (?P<bare>[^\s"']+)""",
    re.VERBOSE | re.DOTALL,
)
ESCAPE = re.compile(r"\\x([0-9a-fA-F]{2})|\\(.)", re.DOTALL)
REPEAT = re.compile(r"\$\(((?:\"(?:[^\"\\]|\\.)*\"|[^()\"])*?)\*([0-9]+)\)")
QUOTED_OR_REPEAT = re.compile(
    r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|" + REPEAT.pattern, re.DOTALL
)
RAW_REPEAT = re.compile(r"\$\(([^()]*?)\*([0-9]+)\)")
MAX_EXPANSION = 64 * 1024 * 1024

# In a reply: a unit of up to 16 bytes that fills at least 64 by repeating.
LONG = 100
RUN = re.compile(rb"(.{1,16}?)\1{31,}", re.DOTALL)


class BadQuoting(ValueError):
    """Text that cannot be read as arguments."""


@lru_cache(maxsize=4096)
def unescape(text: str) -> bytes:
    """The bytes that text with \\n, \\xHH and so on stands for."""

    def one(match: re.Match[str]) -> str:
        if match[1]:
            return chr(int(match[1], 16))
        return NAMED.get(match[2], match[2].encode("utf-8")).decode("latin-1")

    plain = text.encode("utf-8").decode("latin-1")
    return ESCAPE.sub(one, plain).encode("latin-1")


def escape(data: bytes, specials: str) -> str:
    """The text of unescape: printable ASCII stays, the backslash and specials are escaped."""
    out = []
    for byte in data:
        char = chr(byte)
        if byte in NAMED_BACK:
            out.append(NAMED_BACK[byte])
        elif char == "\\" or char in specials:
            out.append("\\" + char)
        elif 32 <= byte < 127:
            out.append(char)
        else:
            out.append(f"\\x{byte:02x}")
    return "".join(out)


def fitting(match_unit: str, count: int) -> int:
    """The count, unless a unit that often is too long."""
    if len(match_unit) * count > MAX_EXPANSION:
        raise BadQuoting(f"$({match_unit}*{count}) is too long")
    return count


def repeat(match_unit: str, count: int) -> str:
    fitting(match_unit, count)
    if "{n}" in match_unit:
        return "".join(match_unit.replace("{n}", str(n)) for n in range(1, count + 1))
    return match_unit * count


def expand(text: str) -> str:
    """Writes out every $(unit*count) that stands outside of quotes."""

    def one(match: re.Match[str]) -> str:
        return match[0] if match[2] is None else repeat(match[1], int(match[2]))

    return QUOTED_OR_REPEAT.sub(one, text)


def split_args(text: str) -> list[bytes]:
    """The arguments of a command line."""
    text = expand(text)
    if '"' not in text and "'" not in text:
        return [word.encode() for word in text.split()]
    args: list[bytes] = []
    current: list[bytes] | None = None
    at = 0
    while at < len(text):
        part = PART.match(text, at)
        if not part:
            raise BadQuoting(f"a quote that is never closed: {text[at : at + 40]}")
        at = part.end()
        if part["space"] is not None:
            if current is not None:
                args.append(b"".join(current))
            current = None
            continue
        current = current if current is not None else []
        if part["double"] is not None:
            current.append(unescape(part["double"]))
        elif part["single"] is not None:
            current.append(part["single"].replace("\\'", "'").encode())
        else:
            current.append(part["bare"].encode())
    if current is not None:
        args.append(b"".join(current))
    return args


def quote(data: bytes) -> str:
    """A bulk string as redis-cli prints it; long runs are shortened to $(unit*count)."""
    if len(data) < LONG:
        return '"' + escape(data, '"') + '"'
    parts = []
    at = 0
    for run in RUN.finditer(data):
        unit = run[1]
        count = len(run[0]) // len(unit)
        if len(run[0]) < 64:
            continue
        if run.start() > at:
            parts.append('"' + escape(data[at : run.start()], '"') + '"')
        plain = unit.isalnum()
        text = unit.decode("latin-1") if plain else '"' + escape(unit, '"') + '"'
        parts.append(f"$({text}*{count})")
        at = run.end()
    if at < len(data):
        parts.append('"' + escape(data[at:], '"') + '"')
    return "".join(parts)


def unquote(text: str) -> bytes:
    """The bytes of what quote() wrote."""
    args = split_args(text)
    if len(args) != 1:
        raise BadQuoting(f"one quoted string was expected: {text}")
    return args[0]


def raw_bytes(text: str) -> bytes:
    """What a line of a raw connection stands for: escapes and $(unit*count), no quotes."""
    parts = []
    at = 0
    for match in RAW_REPEAT.finditer(text):
        unit, count = match[1], int(match[2])
        parts.append(unescape(text[at : match.start()]))
        parts.append(unescape(repeat(unit, count)) if "{n}" in unit else unescape(unit) * fitting(unit, count))
        at = match.end()
    return b"".join(parts) + unescape(text[at:])


def raw_text(data: bytes) -> str:
    """What raw_bytes reads; long runs are shortened."""
    out = []
    at = 0
    if len(data) >= LONG:
        for run in RUN.finditer(data):
            if len(run[0]) < 64 or b"(" in run[1] or b")" in run[1]:
                continue
            out.append(escape_raw(data[at : run.start()]))
            out.append(f"$({escape_raw(run[1])}*{len(run[0]) // len(run[1])})")
            at = run.end()
    out.append(escape_raw(data[at:]))
    return "".join(out)


def escape_raw(data: bytes) -> str:
    text = escape(data, "").replace("$(", "\\x24(")
    return text[:-1] + "\\x20" if text.endswith(" ") else text
