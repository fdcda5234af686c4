"""When two replies that are not the same bytes still agree.

The first argument of a comparison is the real server's reply.  They are only
asked when the bytes differ, and never when either is an error, or no reply.
"""

from __future__ import annotations

import re
from collections import Counter

from fuzz import wire
from fuzz.grammar import Compare
from fuzz.wire import Reply


def exact(real: bytes, other: bytes) -> bool:
    """The same bytes."""
    return real == other


def unordered(real: bytes, other: bytes) -> bool:
    """The same elements, in any order."""
    a, b = wire.decode(real), wire.decode(other)
    return a.kind == b.kind and Counter(a.items) == Counter(b.items)


def shape(real: bytes, other: bytes) -> bool:
    """The same types all the way down; the contents may differ."""
    return _same_shape(wire.decode(real), wire.decode(other))


def _same_shape(a: Reply, b: Reply) -> bool:
    return (a.kind, a.null, len(a.items)) == (b.kind, b.null, len(b.items)) \
        and all(map(_same_shape, a.items, b.items))


def kind(real: bytes, other: bytes) -> bool:
    """The same type at the top, and both null or neither."""
    a, b = wire.decode(real), wire.decode(other)
    return (a.kind, a.null) == (b.kind, b.null)


def near(tolerance: int) -> Compare:
    """Integers no further apart than `tolerance`; -1 and -2 are exact."""
    def compare(real: bytes, other: bytes) -> bool:
        if real[:1] != b":" or other[:1] != b":":
            return False
        a, b = int(real[1:]), int(other[1:])
        return min(a, b) >= 0 and abs(a - b) <= tolerance
    return compare


def masked(*patterns: bytes) -> Compare:
    """The same once what the patterns match is taken out."""
    joined = re.compile(b"|".join(patterns), re.DOTALL)

    def compare(real: bytes, other: bytes) -> bool:
        return _text(real, joined) == _text(other, joined)
    return compare


def _text(raw: bytes, pattern: re.Pattern[bytes]) -> tuple[str, bytes]:
    """A string reply's type and text, without what the pattern matches."""
    reply = wire.decode(raw)
    return reply.kind, pattern.sub(b"#", reply.text)


def opening(real: bytes, other: bytes) -> bool:
    """Lists of text that begin alike: HELP differs with what is there."""
    a, b = wire.decode(real), wire.decode(other)
    return bool(a.items and b.items) and a.kind == b.kind \
        and a.items[:1] == b.items[:1]


def subset(real: bytes, other: bytes) -> bool:
    """The other server lists nothing that the real one does not."""
    a, b = wire.decode(real), wire.decode(other)
    return a.kind == b.kind and set(b.items) <= set(a.items)


def pairs(reply: Reply) -> dict[Reply, Reply]:
    """A map, or a flat array of names and values, as a dictionary."""
    return dict(zip(reply.items[::2], reply.items[1::2], strict=False))


def hello(real: bytes, other: bytes) -> bool:
    """HELLO's map, but for the client's id."""
    a, b = wire.decode(real), wire.decode(other)
    ident = Reply("$", b"id")
    left, right = pairs(a), pairs(b)
    return a.kind == b.kind and list(left) == list(right) and all(
        left[k] == right[k] for k in left if k != ident)


COMPARE: dict[str, Compare] = {
    "exact": exact,
    "unordered": unordered,
    "shape": shape,
    "kind": kind,
    "ttl": near(3),
    "pttl": near(3000),
    "integer": near(1 << 62),
    "opening": opening,
    "subset": subset,
    "hello": hello,
}


def agree(compare: Compare, real: bytes, other: bytes) -> bool:
    """Whether two replies to the same command agree."""
    if real == other:
        return True
    for raw in (real, other):
        if not wire.is_reply(raw) or raw[:1] in b"-!":
            return False
    return compare(real, other)
