"""A few keys that must go among very many that stay, and tables that grow at the limit."""

from __future__ import annotations

import time

import pytest

from harness.load import info, mset, pipeline, used_memory
from harness.process import sanitized, work_clock
from harness.server import Server, ServerCommand
from harness.wire import Wire

pytestmark = pytest.mark.since(3)
STAYING = 50_000 if sanitized() else 300_000
VALUE = "x" * 300


def populate(wire: Wire, count: int = STAYING) -> None:
    mset(wire, [f"key:{i}" for i in range(count)], "value")


def wait_for_size(wire: Wire, size: int, seconds: float) -> float:
    """Waits until so many keys are left; returns how long it took."""
    began = time.monotonic()
    while wire.integer("DBSIZE") > size:
        passed = time.monotonic() - began
        assert passed < seconds, f"{wire.integer('DBSIZE') - size} too many after {passed:.1f} s"
        time.sleep(0.05)
    return time.monotonic() - began


@pytest.mark.parametrize("expiring", [300, 30_000])
def test_expired_keys_among_many_that_stay(server: Server, expiring: int) -> None:
    """No client looks for them, and they are hard to find. They are removed all the same."""
    with Wire(server, timeout=60) as wire:
        populate(wire)
        at_ms = int(time.time() * 1000) + 1500
        writes = [("SET", f"goes:{i}", "v", "PXAT", at_ms) for i in range(expiring)]
        assert not pipeline(wire, writes)
        time.sleep(max(0.0, at_ms / 1000 - time.time()))
        wait_for_size(wire, STAYING, 15)
        assert wire.integer("EXISTS", "key:0", "key:1", f"key:{STAYING - 1}") == 3


@pytest.mark.alone
@pytest.mark.parametrize("policy", ["volatile-lru", "volatile-random"])
def test_the_only_keys_that_may_leave(server: Server, policy: str) -> None:
    """Keys that may be evicted are found among very many that may not, before it takes long.

    What counts is the server's own work. A machine that is busy with something else may end a command's search early;
    the server goes on with it after the command."""
    clock = work_clock(server.pid)
    with Wire(server, timeout=60) as wire:
        populate(wire)
        limit = used_memory(wire) + 500_000
        assert wire.text("CONFIG", "SET", "maxmemory", limit, "maxmemory-policy", policy) == "OK"
        waits = []
        for i in range(2500):
            began = clock()
            assert wire.text("SET", f"goes:{i}", VALUE, "EX", 1000) == "OK"
            waits.append(clock() - began)
        assert sorted(waits)[1250] < 0.02, f"half of the writes took {sorted(waits)[1250]:.3f} s"
        assert used_memory(wire) < limit * 1.05
        wait_for_size(wire, STAYING + 2399, 15)  # hardly a key was evicted, if there are more
        assert wire.integer("EXISTS", *[f"key:{i}" for i in range(1000)]) == 1000


@pytest.mark.more
@pytest.mark.parametrize("limit", [3_000_000, 6_000_000])
def test_a_table_that_would_grow(command: ServerCommand, limit: int) -> None:
    """When the table of keys is full at the limit, a larger one would not fit beside the keys."""
    flags = ["--maxmemory", str(limit), "--maxmemory-policy", "allkeys-lru"]
    with Server(command, flags) as server, Wire(server) as wire:
        writes = [("SET", f"k:{i}", "v") for i in range(200_000)]
        assert not pipeline(wire, writes, 100)
        peak = int(info(wire, "memory")["used_memory_peak"])
        assert peak < limit * 1.05, f"{peak / limit:.1%} of the limit"
        assert used_memory(wire) > limit * 0.9


@pytest.mark.since(5)
def test_what_was_deleted_goes_first(server: Server) -> None:
    """Memory that is being freed already is room, and no key is evicted for it. Bounded steps are born in 05."""
    with Wire(server, timeout=60) as wire:
        populate(wire, STAYING // 4)
        assert wire.text("CONFIG", "SET", "maxmemory-policy", "allkeys-lru") == "OK"
        assert wire.text("CONFIG", "SET", "maxmemory", used_memory(wire) + 50_000) == "OK"
        assert wire.text("FLUSHALL", "ASYNC") == "OK"
        refused = pipeline(wire, [("SET", f"new:{i}", VALUE) for i in range(1000)], 50)
        if server.command.real:  # it frees in a thread, which may end while it looks for keys
            assert len(refused) < 100
        else:
            assert not refused
            assert wire.integer("DBSIZE") == 1000, "some were evicted"
