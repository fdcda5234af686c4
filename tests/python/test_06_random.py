"""Random members: each with the same chance, whatever the encoding and the way to ask."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator

import pytest

from harness.load import pipeline
from harness.process import sanitized, work_clock
from harness.server import Server
from harness.wire import Wire, command

pytestmark = [pytest.mark.since(6), pytest.mark.more]
ELEMENTS = 40
DRAWS = 8_000 if sanitized() else 40_000
KINDS = ["listpack", "skiplist"]


def most(freedom: int) -> float:
    """What chi-squared exceeds once in a million times (Wilson and Hilferty)."""
    part = 2 / (9 * freedom)
    return freedom * (1 - part + 4.753 * math.sqrt(part)) ** 3


def check_uniform(counts: Counter[bytes], elements: int) -> None:
    expected = sum(counts.values()) / elements
    assert len(counts) == elements, "some were never drawn"
    chi_squared = sum((n - expected) ** 2 / expected for n in counts.values())
    assert chi_squared < most(elements - 1), f"chi-squared {chi_squared:.0f}: {counts.most_common(3)} …"


def create(wire: Wire, kind: str, count: int = ELEMENTS) -> None:
    """Makes k a sorted set of this encoding."""
    wire.ask("DEL", "k")
    limit = "0" if kind == "skiplist" else "100000"
    assert wire.text("CONFIG", "SET", "zset-max-listpack-entries", limit) == "OK"
    wire.ask("ZADD", "k", *(word for i in range(count) for word in (str(i * 10), f"e{i}")))
    assert wire.text("OBJECT", "ENCODING", "k") == kind


def ask_often(wire: Wire, times: int, *words: str | int) -> Iterator[list[bytes]]:
    """The same command again and again; the texts of each reply."""
    for _ in range(times // 100):
        wire.send(command(*words) * 100)
        for _ in range(100):
            reply = wire.reply()
            yield [item.text for item in reply.items] if reply.kind == "array" else [reply.text]


@pytest.mark.not_real  # its choice is not that even: dictGetFairRandomKey
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("count", [0, -1000, 3, 30])
def test_each_has_the_same_chance(server: Server, kind: str, count: int) -> None:
    with Wire(server) as wire:
        create(wire, kind)
        words: list[str | int] = ["ZRANDMEMBER", "k", *([count] if count else [])]
        counts: Counter[bytes] = Counter()
        for drawn in ask_often(wire, max(DRAWS // abs(count or 1), 100), *words):
            counts.update(drawn)
            assert len(drawn) == abs(count or 1)
            assert count < 0 or len(set(drawn)) == len(drawn), "one came twice"
        check_uniform(counts, ELEMENTS)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("count", [1, 10, 300, 700, 999, 1000, 2000])
def test_different_ones(server: Server, kind: str, count: int) -> None:
    with Wire(server) as wire:
        create(wire, kind, 1000)
        drawn = [item.text for item in wire.ask("ZRANDMEMBER", "k", count, "WITHSCORES").items]
        assert len(drawn) == 2 * len(set(drawn[::2])) == 2 * min(count, 1000)
        assert all(int(name[1:]) * 10 == int(score) for name, score in zip(drawn[::2], drawn[1::2], strict=True))


def test_a_few_of_many_cost_little(server: Server) -> None:
    """A copy of 200,000 members would take many milliseconds each time."""
    with Wire(server, timeout=60) as wire:
        words = ([word for i in range(at, at + 1000) for word in (str(i), f"m{i}")] for at in range(0, 200_000, 1000))
        assert not pipeline(wire, (("ZADD", "k", *batch) for batch in words), 10)
        clock = work_clock(server.pid)
        began = clock()
        for _ in range(500):
            assert len(wire.ask("ZRANDMEMBER", "k", 10).items) == 10
            assert len(wire.ask("ZPOPMIN", "k", 5).items) == 10
        passed = clock() - began
        assert sanitized() or passed < 1.5, f"{passed:.1f} s"
        assert wire.integer("ZCARD", "k") == 200_000 - 2500
