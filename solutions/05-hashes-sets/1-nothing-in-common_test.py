"""Exercise 05.1: SDISJOINT tells whether sets have no member in common, and stops at the first that they have."""

from __future__ import annotations

import pytest

from harness.load import pipeline
from harness.process import cpu_seconds
from harness.server import Server
from harness.wire import Wire

MANY = 60_000
GROWN = 300_000
BATCH = 500


def members(wire: Wire, key: str, first: int, count: int) -> None:
    """Adds that many members."""
    batches = (range(at, min(at + BATCH, first + count)) for at in range(first, first + count, BATCH))
    assert not pipeline(wire, [("SADD", key, *(f"m{n}" for n in batch)) for batch in batches], 10)


def spent(server: Server) -> float:
    assert server.process
    seconds = cpu_seconds(server.process.pid)
    assert seconds is not None
    return seconds


def test_disjoint(server: Server) -> None:
    with Wire(server) as wire:
        wire.ask("SADD", "even", 2, 4, 6)
        wire.ask("SADD", "odd", 1, 3, 5)
        wire.ask("SADD", "few", 1, 2, "x")
        assert wire.integer("SDISJOINT", "even", "odd") == 1
        assert wire.integer("SDISJOINT", "even", "few") == 0
        assert wire.integer("sdisjoint", "few", "odd") == 0
        assert wire.integer("SDISJOINT", "even", "even") == 0
        assert wire.integer("SDISJOINT", "even", "missing") == 1
        assert wire.integer("SDISJOINT", "missing", "missing") == 1


def test_of_several_sets(server: Server) -> None:
    """It's about what all of them have."""
    with Wire(server) as wire:
        wire.ask("SADD", "a", 1, 2)
        wire.ask("SADD", "b", 2, 3)
        wire.ask("SADD", "c", 3, 1)
        assert wire.integer("SDISJOINT", "a", "b", "c") == 1
        wire.ask("SADD", "c", 2)
        assert wire.integer("SDISJOINT", "a", "b", "c") == 0


def test_errors(server: Server) -> None:
    with Wire(server) as wire:
        wire.ask("SET", "s", "a")
        wrong = b"WRONGTYPE Operation against a key holding the wrong kind of value"
        assert wire.ask("SDISJOINT", "missing", "s").text == wrong
        assert wire.ask("SDISJOINT", "s", "missing").text == wrong
        assert wire.ask("SDISJOINT", "s").text == b"ERR wrong number of arguments for 'sdisjoint' command"


def test_stops_at_the_first(server: Server) -> None:
    """A hundred questions about two large sets that are equal cost less than one of their intersections."""
    with Wire(server, timeout=60) as wire:
        for key in ("a", "b"):
            members(wire, key, 0, MANY)
        before = spent(server)
        for _ in range(100):
            assert wire.integer("SDISJOINT", "a", "b") == 0
        asked = spent(server) - before
        before = spent(server)
        for _ in range(5):
            assert len(wire.ask("SINTER", "a", "b").items) == MANY
        assert asked < spent(server) - before + 0.02


@pytest.mark.alone
def test_sets_still_grow(server: Server) -> None:
    """An iteration that is left early must be ended; otherwise the table is never resized again."""
    with Wire(server, timeout=60) as wire:
        members(wire, "twin", 0, 200)
        members(wire, "asked", 0, 200)
        members(wire, "fresh", 0, 200)
        for _ in range(3):
            assert wire.integer("SDISJOINT", "asked", "twin") == 0
            assert wire.integer("SDISJOINT", "twin", "asked") == 0
        took = {}
        for key in ("fresh", "asked", "twin"):
            before = spent(server)
            members(wire, key, 200, GROWN)
            took[key] = spent(server) - before
        for key in ("asked", "twin"):
            assert took[key] < 3 * took["fresh"] + 0.05, f"{took[key]:.2f} s to grow {key}, {took['fresh']:.2f} s for another"
