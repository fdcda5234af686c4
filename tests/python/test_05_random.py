"""Random fields and members: each with the same chance, whatever the encoding and the way to ask."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator

import pytest

from harness.load import pipeline
from harness.process import sanitized, work_clock
from harness.server import Server
from harness.wire import Wire, command

pytestmark = [pytest.mark.since(5), pytest.mark.more]
ELEMENTS = 40
DRAWS = 8_000 if sanitized() else 40_000
KINDS = ["intset", "set", "listpack", "hash"]


def most(freedom: int) -> float:
    """What chi-squared exceeds once in a million times (Wilson and Hilferty)."""
    part = 2 / (9 * freedom)
    return freedom * (1 - part + 4.753 * math.sqrt(part)) ** 3


def check_uniform(counts: Counter[bytes], elements: int) -> None:
    expected = sum(counts.values()) / elements
    assert len(counts) == elements, "some were never drawn"
    chi_squared = sum((n - expected) ** 2 / expected for n in counts.values())
    assert chi_squared < most(elements - 1), f"chi-squared {chi_squared:.0f}: {counts.most_common(3)} …"


def create(wire: Wire, kind: str, count: int = ELEMENTS) -> str:
    """Makes k a value of this encoding; the command that draws from it."""
    wire.ask("DEL", "k")
    names = [str(i) if kind == "intset" else f"e{i}" for i in range(count)]
    if kind in ("intset", "set"):
        wire.ask("SADD", "k", *names)
        return "SRANDMEMBER"
    wire.ask("HSET", "k", *(word for name in names for word in (name, name)))
    if kind == "hash" and count <= 512:
        wire.ask("HSET", "k", "e0", "x" * 65)
    return "HRANDFIELD"


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
        words: list[str | int] = [create(wire, kind), "k"]
        if count:
            words.append(count)
        counts: Counter[bytes] = Counter()
        for drawn in ask_often(wire, max(DRAWS // abs(count or 1), 100), *words):
            counts.update(drawn)
            assert len(drawn) == abs(count or 1)
            assert count < 0 or len(set(drawn)) == len(drawn), "one came twice"
        check_uniform(counts, ELEMENTS)


@pytest.mark.not_real
@pytest.mark.parametrize("kind", ["intset", "set"])
@pytest.mark.parametrize("count", [0, 3, 30])
def test_each_is_popped_as_often(server: Server, kind: str, count: int) -> None:
    counts: Counter[bytes] = Counter()
    popped: list[bytes] = []
    with Wire(server) as wire:
        create(wire, kind)
        pop: list[str | int] = ["SPOP", "k", *([count] if count else [])]
        for _ in range(DRAWS // 4 // max(count, 1)):
            reply = wire.ask(*pop)
            popped = [item.text for item in reply.items] or [reply.text]
            assert len(set(popped)) == max(count, 1)
            assert wire.integer("SCARD", "k") == ELEMENTS - len(popped)
            assert wire.integer("SADD", "k", *popped) == len(popped), "one was still there"
            counts.update(popped)
    check_uniform(counts, ELEMENTS)


@pytest.mark.parametrize("kind", ["set", "hash"])
@pytest.mark.parametrize("count", [1, 10, 300, 700, 999, 1000, 2000])
def test_different_ones(server: Server, kind: str, count: int) -> None:
    with Wire(server) as wire:
        draw = create(wire, kind, 1000)
        drawn = [item.text for item in wire.ask(draw, "k", count).items]
        assert len(drawn) == len(set(drawn)) == min(count, 1000)
        has = "SISMEMBER" if kind == "set" else "HEXISTS"
        assert all(wire.integer(has, "k", name) for name in drawn)


@pytest.mark.parametrize("kind", ["listpack", "hash"])
def test_values_go_with_their_fields(server: Server, kind: str) -> None:
    with Wire(server) as wire:
        create(wire, kind)
        wire.ask("HSET", "k", "e0", "e0")
        for count in (5, 35, -50):
            items = [item.text for item in wire.ask("HRANDFIELD", "k", count, "WITHVALUES").items]
            assert len(items) == 2 * abs(count)
            assert items[::2] == items[1::2]


def test_a_few_of_many_cost_little(server: Server) -> None:
    """A copy of 200,000 members would take many milliseconds each time."""
    with Wire(server, timeout=60) as wire:
        adds = (("SADD", "k", *range(at, at + 1000)) for at in range(0, 200_000, 1000))
        assert not pipeline(wire, adds, 10)
        clock = work_clock(server.pid)
        began = clock()
        for _ in range(500):
            assert len(wire.ask("SRANDMEMBER", "k", 10).items) == 10
            assert len(wire.ask("SPOP", "k", 5).items) == 5
        passed = clock() - began
        assert sanitized() or passed < 1.5, f"{passed:.1f} s"
        assert wire.integer("SCARD", "k") == 200_000 - 2500


def test_all_but_a_few(server: Server) -> None:
    """Most members are popped in one pass, and none that stays is lost."""
    with Wire(server, timeout=60) as wire:
        adds = (("SADD", "k", *range(at, at + 1000)) for at in range(0, 100_000, 1000))
        assert not pipeline(wire, adds, 10)
        popped = {item.text for item in wire.ask("SPOP", "k", 99_990).items}
        stays = {item.text for item in wire.ask("SMEMBERS", "k").items}
        assert len(popped) == 99_990 and len(stays) == 10
        assert popped | stays == {b"%d" % i for i in range(100_000)}
