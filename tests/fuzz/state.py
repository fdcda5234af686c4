"""Reads a whole data set, to compare those of two servers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from fuzz import wire
from fuzz.generate import Step
from fuzz.grammar import Row

# Sends several commands at once; returns their replies.
Ask = Callable[[Sequence[Sequence[bytes]]], list[bytes]]
DATABASES = (b"0", b"1", b"2", b"3")
READ = Row("", reply="exact")
SORTED = Row("", reply="unordered")
TTL = Row("", reply="pttl")
# Asked for its effect: what has expired goes, and is counted no more.
SWEEP = Step((b"SCAN", b"0", b"COUNT", b"1000000"), Row("", reply="kind"))
# How the value of each type is read: the words around the key.
READERS: dict[bytes, tuple[tuple[bytes, ...], tuple[bytes, ...], Row]] = {
    b"string": ((b"GET",), (), READ),
    b"list": ((b"LRANGE",), (b"0", b"-1"), READ),
    b"set": ((b"SMEMBERS",), (), SORTED),
    b"hash": ((b"HGETALL",), (), SORTED),
    b"zset": ((b"ZRANGE",), (b"0", b"-1", b"WITHSCORES"), READ),
    b"stream": ((b"XRANGE",), (b"-", b"+"), READ),
}

Found = tuple[Step, Step, bytes, bytes]


def differences(real: Ask, other: Ask, stage: int) -> Iterator[Found]:
    """Every read of the data set: the database, the read, both replies."""
    steps: list[Step] = []
    for db in DATABASES:
        steps.append(Step((b"SELECT", db), READ))
        steps.append(SWEEP)
        steps.append(Step((b"KEYS", b"*"), SORTED))
        steps.append(Step((b"DBSIZE",), READ))
    left, right = real(_words(steps)), other(_words(steps))
    yield from _paired(steps, left, right)
    steps = _keys(real, left[2::4], stage)
    yield from _paired(steps, real(_words(steps)), other(_words(steps)))


def _words(steps: Sequence[Step]) -> list[list[bytes]]:
    return [[a for a in step.argv if isinstance(a, bytes)] for step in steps]


def _paired(steps: Sequence[Step], left: Sequence[bytes],
            right: Sequence[bytes]) -> Iterator[Found]:
    select = Step((b"SELECT", b"0"), READ)
    for step, a, b in zip(steps, left, right, strict=True):
        if step.argv[0] == b"SELECT":
            select = step
        yield select, step, a, b


def _keys(real: Ask, listed: Sequence[bytes], stage: int) -> list[Step]:
    """The commands that read every key that was listed, by its type."""
    steps: list[Step] = []
    for db, raw in zip(DATABASES, listed, strict=True):
        keys = [item.text for item in wire.decode(raw).items]
        select = Step((b"SELECT", db), READ)
        asked = [[b"SELECT", db], *([b"TYPE", key] for key in keys)]
        kinds = real(asked)[1:] if keys else []
        for key, kind in zip(keys, kinds, strict=True):
            steps += [select, *_reads(key, kind[1:-2], stage)]
    return [*steps, Step((b"SELECT", b"0"), READ)]


def _reads(key: bytes, kind: bytes, stage: int) -> Iterator[Step]:
    yield Step((b"TYPE", key), READ)
    if kind in READERS:
        before, after, row = READERS[kind]
        yield Step((*before, key, *after), row)
    yield Step((b"OBJECT", b"ENCODING", key), READ)
    if stage >= 3:
        yield Step((b"PTTL", key), TTL)
