"""What is small is packed, what is large is one allocation for each element; and MEMORY USAGE tells the truth."""

from __future__ import annotations

import time
from collections.abc import Sequence

import pytest

from harness.load import info, pipeline
from harness.process import sanitized
from harness.server import Server
from harness.wire import Wire

pytestmark = pytest.mark.since(5)
MB = 1024 * 1024
COUNT = 20_000


def fit(server: Server, limit: str, commands: Sequence[tuple[str, ...]]) -> int:
    """How many of the commands are refused for want of memory."""
    with Wire(server, timeout=60) as wire:
        assert wire.text("CONFIG", "SET", "maxmemory", limit) == "OK"
        return len(pipeline(wire, commands))


def test_small_hashes(server: Server) -> None:
    """Five fields of two bytes, values of four: about 60 bytes in a listpack, 200 and more in a table."""
    words = [w for n in range(5) for w in (f"f{n}", f"val{n}")]
    assert fit(server, "4mb", [("HSET", f"h{i:05}", *words) for i in range(COUNT)]) == 0


def test_sets_of_small_integers(server: Server) -> None:
    """Twenty integers of two bytes in one allocation."""
    words = [str(n * 1000) for n in range(20)]
    assert fit(server, "4mb", [("SADD", f"s{i:05}", *words) for i in range(COUNT)]) == 0


@pytest.mark.not_real  # three allocations for each field
def test_fields_of_one_allocation(server: Server) -> None:
    """Fields of 8 bytes with values of 8: 32 bytes and the bucket."""
    fields = [("HSET", "k", f"f{i:07}", f"v{i:07}") for i in range(COUNT)]
    assert fit(server, "2mb", fields) == 0


def settle(wire: Wire) -> int:
    """The memory in use when a resize, if any, has had time to end."""
    for _ in range(3):
        wire.ask("HGET", "k", "f")
        time.sleep(0.01)
    return int(info(wire, "memory")["used_memory"])


@pytest.mark.more
@pytest.mark.not_real  # its buffers for clients come and go
@pytest.mark.parametrize("kind", ["listpack", "intset", "hash", "set", "long hash"])
@pytest.mark.parametrize("samples", [0, 5])
def test_memory_usage(server: Server, kind: str, samples: int) -> None:
    """What MEMORY USAGE tells of a value is within 20% of what the allocator gave for it."""
    count = {"listpack": 100, "intset": 500}.get(kind, 50_000)
    with Wire(server, timeout=60) as wire:
        wire.ask("SET", "warm", "up")
        before = settle(wire)
        if kind in ("intset", "set"):
            prefix = "" if kind == "intset" else "m"
            assert not pipeline(wire, [("SADD", "k", f"{prefix}{i}") for i in range(count)])
        else:
            value = "x" * 200 if kind == "long hash" else "value"
            assert not pipeline(wire, [("HSET", "k", f"field:{i}", value if kind != "listpack" else i) for i in range(count)])
        given = settle(wire) - before
        told = wire.integer("MEMORY", "USAGE", "k", "SAMPLES", samples)
        assert given * 0.8 - 200 <= told <= given * 1.2 + 200, f"{told} of {given} bytes"


@pytest.mark.more
@pytest.mark.not_real  # its table shrinks by and by
def test_memory_comes_back(server: Server) -> None:
    """Fields that are deleted one by one leave nothing behind but a small table."""
    count = 10_000 if sanitized() else 100_000
    with Wire(server, timeout=60) as wire:
        wire.text("PING")
        before = int(info(wire, "memory")["used_memory"])
        assert not pipeline(wire, [("HSET", "k", f"field:{i}", "value") for i in range(count)])
        assert not pipeline(wire, [("HDEL", "k", f"field:{i}") for i in range(count - 10)])
        for _ in range(100_000 // 100):
            wire.ask("HGET", "k", "field:0")
        left = int(info(wire, "memory")["used_memory"]) - before
        assert left < MB // 2, f"{left} bytes for ten fields"
