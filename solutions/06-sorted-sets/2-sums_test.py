"""Exercise 06.2: ZSUM adds up the scores of a range without a walk over it."""

from __future__ import annotations

import random

import pytest

from harness.load import pipeline
from harness.process import cpu_seconds
from harness.server import Server
from harness.wire import Wire

MANY = 100_000
ASKED = 2_000


def spent(server: Server) -> float:
    assert server.process
    seconds = cpu_seconds(server.process.pid)
    assert seconds is not None
    return seconds


def total(wire: Wire, *words: str | float) -> float:
    return float(wire.ask("ZSUM", *words).text)


def test_sums(server: Server) -> None:
    with Wire(server) as wire:
        wire.ask("ZADD", "z", 1, "a", 5, "b", 5, "c", 7.5, "d", -2, "e")
        assert wire.ask("ZSUM", "z", "-inf", "+inf").text == b"16.5"
        assert wire.ask("zsum", "z", 5, 5).text == b"10"
        assert total(wire, "z", "(5", 10) == 7.5
        assert total(wire, "z", "-inf", "(5") == -1
        assert total(wire, "z", 1, "(1") == 0
        assert total(wire, "z", 7, 2) == 0
        assert total(wire, "z", 100, 200) == 0
        assert total(wire, "missing", "-inf", "+inf") == 0


def test_errors(server: Server) -> None:
    with Wire(server) as wire:
        wire.ask("SET", "s", "a")
        assert wire.ask("ZSUM", "s", 1, 2).text == b"WRONGTYPE Operation against a key holding the wrong kind of value"
        assert wire.ask("ZSUM", "s", 1, "x").text == b"ERR min or max is not a float"
        assert wire.ask("ZSUM", "s", 1).text == b"ERR wrong number of arguments for 'zsum' command"


@pytest.mark.parametrize("limit", [0, 20, 1000])
@pytest.mark.parametrize("seed", range(3))
def test_like_a_dictionary(server: Server, limit: int, seed: int) -> None:
    """Through additions, updates and removals, in both encodings."""
    draw = random.Random(seed)
    scores: dict[str, int] = {}
    with Wire(server) as wire:
        wire.ask("CONFIG", "SET", "zset-max-listpack-entries", limit)
        for _ in range(1500):
            member = f"m{draw.randrange(60)}"
            kind = draw.random()
            if kind < 0.5:
                scores[member] = draw.randrange(-20, 20)
                wire.ask("ZADD", "z", scores[member], member)
            elif kind < 0.7 and member in scores:
                scores[member] += 3
                wire.ask("ZINCRBY", "z", 3, member)
            else:
                assert wire.integer("ZREM", "z", member) == (scores.pop(member, None) is not None)
            low, high = sorted((draw.randrange(-22, 22), draw.randrange(-22, 22)))
            assert total(wire, "z", low, high) == sum(s for s in scores.values() if low <= s <= high)
            assert total(wire, "z", f"({low}", f"({high}") == sum(s for s in scores.values() if low < s < high)


def test_no_walk(server: Server) -> None:
    """A sum over all members costs about what two ranks cost."""
    with Wire(server, timeout=60) as wire:
        assert not pipeline(wire, [("ZADD", "z", n, f"m{n}") for n in range(MANY)], 10)
        took = {}
        wire.ask("HELLO", 3)  # a double is one line then, as pipeline() needs
        for name, words in (("ZRANK", ("z", f"m{MANY - 1}")), ("ZSUM", ("z", 10, MANY - 10))):
            before = spent(server)
            assert not pipeline(wire, [(name, *words) for _ in range(ASKED)], 10)
            took[name] = spent(server) - before
        wire.ask("HELLO", 2)
        assert total(wire, "z", 10, MANY - 10) == sum(range(10, MANY - 9))
        assert took["ZSUM"] < 8 * took["ZRANK"] + 0.05, took


def test_changes_stay_fast(server: Server) -> None:
    """Neither does a change walk: adding to a large set costs little more than adding to a small one."""
    with Wire(server, timeout=60) as wire:
        took = {}
        assert not pipeline(wire, [("ZADD", "large", n, f"m{n}") for n in range(MANY)], 10)
        assert not pipeline(wire, [("ZADD", "small", n, f"m{n}") for n in range(1000)], 10)
        for key, size in (("small", 1000), ("large", MANY)):
            before = spent(server)
            assert not pipeline(wire, [("ZADD", key, n * 7919 % size, f"m{n * 31 % size}") for n in range(5 * ASKED)], 10)
            took[key] = spent(server) - before
        assert took["large"] < 10 * took["small"] + 0.05, took
