"""A small sorted set is packed, a large one has one allocation for each member; and MEMORY USAGE tells the truth."""

from __future__ import annotations

import time
from collections.abc import Sequence

import pytest

from harness.load import info, pipeline
from harness.process import sanitized
from harness.server import Server
from harness.wire import Wire

pytestmark = pytest.mark.since(6)
MB = 1024 * 1024
COUNT = 20_000


def fit(server: Server, limit: str, commands: Sequence[tuple[str, ...]]) -> int:
    """How many of the commands are refused for want of memory."""
    with Wire(server, timeout=60) as wire:
        assert wire.text("CONFIG", "SET", "maxmemory", limit) == "OK"
        return len(pipeline(wire, commands))


def test_small_sorted_sets(server: Server) -> None:
    """Five members of two bytes with scores below 128: about 30 bytes in a listpack, 400 and more in a skip list."""
    words = [word for n in range(5) for word in (str(n), f"m{n}")]
    assert fit(server, "4mb", [("ZADD", f"z{i:05}", *words) for i in range(COUNT)]) == 0


@pytest.mark.not_real  # three allocations for each member
def test_members_of_one_allocation(server: Server) -> None:
    """Members of 8 bytes: 56 bytes with the first level, the bucket, and 16 for each level more, of which every third
    has one."""
    assert fit(server, "3mb", [("ZADD", "k", str(i), f"m{i:07}") for i in range(COUNT)]) == 0


def settle(wire: Wire) -> int:
    """The memory in use when a resize, if any, has had time to end."""
    for _ in range(3):
        wire.ask("ZSCORE", "k", "m")
        time.sleep(0.01)
    return int(info(wire, "memory")["used_memory"])


@pytest.mark.more
@pytest.mark.not_real  # its buffers for clients come and go
@pytest.mark.parametrize("count", [100, 200, 50_000])
@pytest.mark.parametrize("samples", [0, 5, 100])
def test_memory_usage(server: Server, count: int, samples: int) -> None:
    """What MEMORY USAGE tells is within 20% of what the allocator gave. Five nodes say little of the height of others."""
    with Wire(server, timeout=60) as wire:
        wire.ask("SET", "warm", "up")
        before = settle(wire)
        assert not pipeline(wire, [("ZADD", "k", str(i * 7), f"member:{i:06}") for i in range(count)])
        given = settle(wire) - before
        told = wire.integer("MEMORY", "USAGE", "k", "SAMPLES", samples)
        part = 0.7 if samples == 5 else 0.2
        assert given * (1 - part) - 200 <= told <= given * (1 + part) + 200, f"{told} of {given} bytes"


@pytest.mark.more
@pytest.mark.not_real  # its table shrinks by and by
def test_memory_comes_back(server: Server) -> None:
    """Members that are removed one by one leave nothing behind but a small table, and so do ranges."""
    count = 10_000 if sanitized() else 100_000
    with Wire(server, timeout=60) as wire:
        wire.text("PING")
        before = int(info(wire, "memory")["used_memory"])
        assert not pipeline(wire, [("ZADD", "k", str(i), f"member:{i}") for i in range(count)])
        assert not pipeline(wire, [("ZREM", "k", f"member:{i}") for i in range(count // 2)])
        assert wire.integer("ZREMRANGEBYRANK", "k", 10, -1) == count - count // 2 - 10
        for _ in range(100_000 // 100):
            wire.ask("ZSCORE", "k", "member:0")
        left = int(info(wire, "memory")["used_memory"]) - before
        assert left < MB // 2, f"{left} bytes for ten members"
