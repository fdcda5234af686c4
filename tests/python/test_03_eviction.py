"""Under maxmemory every policy keeps within 5% of the limit, and lets the right keys go."""

from __future__ import annotations

import time

import pytest

from harness.load import mset, pipeline, used_memory
from harness.server import Server, ServerCommand
from harness.wire import Wire

pytestmark = pytest.mark.since(3)
MB = 1024 * 1024
LIMIT = 6 * MB
POLICIES = [
    f"{group}-{way}" for group in ("allkeys", "volatile") for way in ("lru", "lfu", "random")
] + ["volatile-ttl"]
VALUE = "x" * 200


def start(command: ServerCommand, policy: str) -> Server:
    return Server(command, ["--maxmemory", str(LIMIT), "--maxmemory-policy", policy])


@pytest.mark.parametrize("policy", POLICIES)
def test_stays_within_the_limit(command: ServerCommand, policy: str) -> None:
    """Five times what fits is written; memory never passes the limit by more than 5%."""
    with start(command, policy) as server, Wire(server) as wire:
        most, number = 0, 0
        for turn in range(40):
            batch = []
            for _ in range(1500):
                number += 1
                batch.append(("SET", f"key:{number}", VALUE, "EX", 1000 + number % 5000))
            errors = pipeline(wire, batch, 100)
            assert not errors, f"{errors[0]!r} in turn {turn}"
            most = max(most, used_memory(wire))
        assert most <= LIMIT * 1.05, f"{most / LIMIT:.1%} of the limit"
        assert most >= LIMIT * 0.8, f"only {most / LIMIT:.1%} of the limit are used"
        assert 4000 < wire.integer("DBSIZE") < number - 25_000


def test_large_values(command: ServerCommand) -> None:
    """One write may ask for the room of many."""
    with start(command, "allkeys-lru") as server, Wire(server) as wire:
        assert not pipeline(wire, [("SET", f"key:{i}", VALUE) for i in range(20_000)])
        for size in (100_000, 500_000, 1_000_000):
            assert wire.text("SET", f"large:{size}", "x" * size) == "OK"
        for _ in range(100):  # each command evicts for a bounded time only
            wire.text("SET", "next", "x")
            if used_memory(wire) <= LIMIT * 1.05:
                break
        assert used_memory(wire) <= LIMIT * 1.05


def test_noeviction(command: ServerCommand) -> None:
    """Writes that need memory are refused; what reads or frees goes on."""
    with start(command, "noeviction") as server, Wire(server) as wire:
        errors = pipeline(wire, [("SET", f"key:{i}", VALUE) for i in range(40_000)], 100)
        assert errors
        assert set(errors) == {b"OOM command not allowed when used memory > 'maxmemory'."}
        assert used_memory(wire) <= LIMIT * 1.05
        assert wire.text("GET", "key:1") == VALUE
        assert wire.ask("APPEND", "key:1", "x").kind == "error"
        assert wire.integer("DEL", *[f"key:{i}" for i in range(2000)]) == 2000
        assert wire.text("SET", "again", "x") == "OK"


@pytest.mark.parametrize("policy", ["volatile-lru", "volatile-lfu", "volatile-random", "volatile-ttl"])
def test_only_keys_with_a_time_go(command: ServerCommand, policy: str) -> None:
    with start(command, policy) as server, Wire(server) as wire:
        assert not pipeline(wire, [("SET", f"stays:{i}", VALUE) for i in range(2000)])
        writes = [("SET", f"goes:{i}", VALUE, "EX", 10_000) for i in range(40_000)]
        assert not pipeline(wire, writes, 100)
        assert wire.integer("EXISTS", *[f"stays:{i}" for i in range(2000)]) == 2000


def test_volatile_without_candidates(command: ServerCommand) -> None:
    """When no key has a time to live there is nobody to let go."""
    with start(command, "volatile-lru") as server, Wire(server) as wire:
        errors = pipeline(wire, [("SET", f"key:{i}", VALUE) for i in range(40_000)], 100)
        assert set(errors) == {b"OOM command not allowed when used memory > 'maxmemory'."}


def test_keys_used_lately_stay(command: ServerCommand) -> None:
    """Under LRU a key that was read a second ago outlives those that nobody read since."""
    hot = [f"hot:{i}" for i in range(1000)]
    with start(command, "allkeys-lru") as server, Wire(server) as wire:
        mset(wire, hot, VALUE, 50)
        mset(wire, [f"cold:{i}" for i in range(25_000)], VALUE, 50)
        time.sleep(1.1)  # the clock of LRU ticks once a second
        mset(wire, hot, VALUE, 50)
        time.sleep(1.1)
        wire.ask("MGET", *hot)
        mset(wire, [f"new:{i}" for i in range(6000)], VALUE, 50)
        kept = wire.integer("EXISTS", *hot)
        assert kept > 950, f"{kept} of 1000 hot keys are left"


def test_keys_used_often_stay(command: ServerCommand) -> None:
    """Under LFU a key that is read again and again outlives those that were written once."""
    hot = [f"hot:{i}" for i in range(1000)]
    with start(command, "allkeys-lfu") as server, Wire(server) as wire:
        mset(wire, hot, VALUE, 50)
        for turn in range(50):
            wire.ask("MGET", *hot)
            mset(wire, [f"cold:{turn}:{i}" for i in range(1000)], VALUE, 50)
        kept = wire.integer("EXISTS", *hot)
        assert kept > 950, f"{kept} of 1000 hot keys are left"


def test_the_shortest_time_goes_first(command: ServerCommand) -> None:
    with start(command, "volatile-ttl") as server, Wire(server) as wire:
        soon = [f"soon:{i}" for i in range(6000)]
        late = [f"late:{i}" for i in range(6000)]
        for a, b in zip(soon, late, strict=True):
            errors = pipeline(wire, [("SET", a, VALUE, "EX", 100), ("SET", b, VALUE, "EX", 90_000)])
            assert not errors
        more = [("SET", f"more:{i}", VALUE, "EX", 50_000) for i in range(18_000)]
        assert not pipeline(wire, more, 100)
        left_soon, left_late = wire.integer("EXISTS", *soon), wire.integer("EXISTS", *late)
        assert left_late > 5500, f"{left_late} of the late are left"
        assert left_soon < left_late
