"""The raw fuzzer: bytes that are nearly RESP, cut at random points.

Both servers get the same bytes and then the end of the stream; they must
answer the same bytes, a protocol error and the close that follows included.
"""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from fuzz import wire
from fuzz.generate import Generator
from fuzz.link import Link

LENGTHS = (b"0", b"-1", b"-2", b"1", b"2", b"3", b"9", b"1048576", b"1048577",
           b"2147483647", b"2147483648", b"4294967296", b"536870913",
           b"9223372036854775807", b"9223372036854775808", b"-", b"", b"+1",
           b"01", b" 1", b"1 ", b"1a", b"a", b"1.0", b"-0",
           b"99999999999999999999", b"\x00")
INLINE = (b"PING", b"ping", b"PING hello", b'ECHO "a b"', b"ECHO 'a b'",
          b'ECHO "a\\x41\\n"', b"ECHO 'it\\'s'", b'ECHO "unbalanced',
          b"ECHO 'unbalanced", b'ECHO "a"b', b"ECHO 'a'b", b"", b"   ",
          b"\t", b"  PING  ", b"PING\x00", b"\x00", b"ECHO", b'""', b"''",
          b'"PING"', b'ECHO "\\xzz"', b'ECHO "\\"',
          b"ECHO a\\nb", b"ECHO \"a\\\\\"", b"ECHO \xff\xfe", b"nosuch a b",
          b"ECHO a'b c'", b'ECHO "\\a\\b\\t\\r\\n\\q"', b"ECHO " + b"x" * 500,
          b'ECHO "' + b"y" * 20000 + b'"', b"$5", b"PING\rx", b"+OK", b"-1")
HUGE = (b"x" * 300_000, b"*" + b"1" * 300_000, b"$" + b"1" * 300_000,
        b"*1\r\n$" + b"1" * 300_000, b"*1\r\n" + b"y" * 300_000,
        b'"' + b"z" * 300_000, b"x" * 60_000 + b"\r\n",
        b"*2\r\n$4\r\nECHO\r\n$100000\r\n" + b"w" * 100_000 + b"\r\n")
KNOWN_LATER = (b"GET / HTTP/1.1", b"GET a", b"set a b", b"SET a 'b c'")
IDENT = re.compile(rb"\$2\r\nid\r\n:\d+\r\n")
ENDINGS = (b"\r\n", b"\n", b"\r\n", b"\r", b"\n\r", b"", b"\r\r\n")


@dataclass(frozen=True)
class Stream:
    """What is written, piece by piece."""

    pieces: tuple[bytes, ...]

    @property
    def whole(self) -> bytes:
        """All the bytes."""
        return b"".join(self.pieces)

    def printable(self) -> Stream:
        """The same without NUL bytes.  The real server looks for the end of
        a line as C strings end, so that a NUL hides what follows: not worth
        copying, and a difference that is gone without them is no finding."""
        return Stream(tuple(p.replace(b"\0", b"x") for p in self.pieces))


@dataclass(frozen=True)
class RawDifference:
    """A stream that two servers answer differently."""

    stream: Stream
    real: bytes
    other: bytes


def stream(generator: Generator, seed: int) -> Stream:
    """The stream of a seed."""
    rng = random.Random(seed)
    requests = generator.requests(seed, rng.randrange(1, 6))
    lines = INLINE + (KNOWN_LATER if generator.stage >= 2 else ())
    parts = [_encoded(rng, argv) for argv in requests]
    for _ in range(rng.choice((0, 0, 1, 2))):
        line = rng.choice(lines) + rng.choice(ENDINGS)
        parts.insert(rng.randrange(len(parts) + 1), line)
    if rng.random() < 0.05:
        parts.insert(rng.randrange(len(parts) + 1), rng.choice(HUGE))
    data = b"".join(parts)
    for _ in range(rng.choice((0, 1, 1, 2, 4))):
        data = _mutate(rng, data)
    return Stream(_cut(rng, data))


def _encoded(rng: random.Random, argv: Sequence[bytes]) -> bytes:
    """A request, whose lengths are now and then not what they should be."""
    if rng.random() < 0.8:
        return wire.request(argv)
    out = [b"*%s\r\n" % _length(rng, len(argv))]
    for arg in argv:
        out.append(b"$%s\r\n%s\r\n" % (_length(rng, len(arg)), arg))
    return b"".join(out)


def _length(rng: random.Random, right: int) -> bytes:
    way = rng.random()
    if way < 0.7:
        return b"%d" % right
    if way < 0.85:
        return b"%d" % (right + rng.choice((-1, 1, 2)))
    return rng.choice(LENGTHS)


def _mutate(rng: random.Random, data: bytes) -> bytes:
    """One small wound."""
    if not data:
        return data
    at = rng.randrange(len(data))
    end = min(len(data), at + rng.choice((1, 1, 2, 5, 20)))
    way = rng.randrange(7)
    if way == 0:
        return data[:at] + data[end:]
    if way == 1:
        return data[:at] + data[at:end] + data[at:]
    if way == 2:
        return data[:at] + bytes([rng.randrange(256)]) + data[at + 1:]
    if way == 3:
        odd = rng.choice((b"\r\n", b"\n", b"\r", b"\x00", b"*", b"$", b"-1",
                          b" ", b'"', b"0", b"9", b"'"))
        return data[:at] + odd + data[at:]
    if way == 4:
        line = data.find(b"\r\n", at)
        return data if line < 0 else data[:line] + data[line + 1:]
    if way == 5:
        return data[:at]
    return data[:at] + bytes([data[at] ^ 1 << rng.randrange(8)]) \
        + data[at + 1:]


def _cut(rng: random.Random, data: bytes) -> tuple[bytes, ...]:
    """Pieces of the data; sometimes one byte each."""
    if len(data) < 80 and rng.random() < 0.1:
        return tuple(data[i:i + 1] for i in range(len(data)))
    places = sorted(rng.randrange(len(data) + 1)
                    for _ in range(rng.choice((0, 0, 1, 2, 5))))
    bounds = [0, *places, len(data)]
    return tuple(data[a:b] for a, b in zip(bounds, bounds[1:], strict=False)
                 if a < b)


def converse(port: int, pieces: Sequence[bytes]) -> bytes:
    """All that a server answers to the pieces, up to its close."""
    link = Link(port)
    for piece in pieces:
        link.send(piece)
        if len(pieces) > 1:
            time.sleep(0.0002)
    try:
        link.socket.shutdown(1)
    except OSError:
        pass
    answer = link.rest()
    link.socket.close()
    return IDENT.sub(b"$2\r\nid\r\n:0\r\n", answer)


TOO_LONG = b"-ERR Protocol error: too big inline request\r\n"


def agree_before_long_line(left: bytes, right: bytes) -> bool:
    """True if one server refused a line as too long that the other took, and
    the replies before that line are the same."""
    return any(refused.endswith(TOO_LONG)
               and taken.startswith(refused.removesuffix(TOO_LONG))
               for refused, taken in ((left, right), (right, left)))


Converse = Callable[[Stream], RawDifference | None]


def shrink(attempt: Converse, found: RawDifference) -> RawDifference:
    """The smallest stream that still differs: first whole, then shorter."""
    best = found
    whole = attempt(Stream((best.stream.whole,)))
    best = whole or best
    tries, size = 0, -1
    while size != len(best.stream.whole) and tries < 2000:
        size = len(best.stream.whole)
        chunk = max(size // 2, 1)
        while chunk >= 1 and tries < 2000:
            at = 0
            while at < len(best.stream.whole) and tries < 2000:
                tries += 1
                shorter = attempt(_without(best.stream, at, chunk))
                best, at = (shorter, at) if shorter else (best, at + chunk)
            chunk //= 2
    return best


def _without(old: Stream, start: int, count: int) -> Stream:
    """The stream without `count` bytes from `start`, cut as before."""
    pieces, at = [], 0
    for piece in old.pieces:
        low, high = max(start - at, 0), max(start + count - at, 0)
        kept = piece[:low] + piece[high:]
        at += len(piece)
        if kept:
            pieces.append(kept)
    return Stream(tuple(pieces))


def report(found: RawDifference, seed: int, stage: int) -> str:
    """The stream and both answers, as a scenario with raw bytes."""
    lines = [f"# Found by the raw fuzzer: stage {stage:02d}, seed {seed}."]
    for piece in found.stream.pieces:
        lines.append("raw> " + wire.quote(piece)[1:-1])
    lines.append("raw< " + wire.quote(found.real)[1:-1])
    lines.append("# received in its place:")
    lines.append("#   " + wire.quote(found.other)[1:-1])
    return "\n".join(lines) + "\n"
