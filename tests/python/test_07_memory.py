"""Entries are packed, names are kept once in a node, a large stream is freed in steps, and MEMORY USAGE tells the truth."""

from __future__ import annotations

import functools
import time

import pytest

from harness.load import Load, Probe, info, pipeline, used_memory
from harness.process import sanitized
from harness.server import Server
from harness.wire import Wire, command

pytestmark = pytest.mark.since(7)
MB = 1024 * 1024
LONGEST = 0.015  # seconds


@functools.lru_cache(maxsize=1)  # for the tries of one test
def entries(count: int, *fields: str) -> Load:
    """XADD so often; each replies with two lines."""
    batches = (range(at, min(at + 2000, count)) for at in range(0, count, 2000))
    adds = ((b"".join(command("XADD", "k", f"{n + 1}-1", *fields) for n in batch), 2 * len(batch)) for batch in batches)
    return Load(tuple(adds))


def fill(wire: Wire, count: int, *fields: str) -> None:
    """Makes k a stream of so many entries."""
    assert not entries(count, *fields).send(wire), "memory is short"


def test_names_are_kept_once(server: Server) -> None:
    """Two names of twenty bytes, with values of three: 25 bytes an entry, and 65 if it had its names."""
    with Wire(server, timeout=60) as wire:
        assert wire.text("CONFIG", "SET", "maxmemory", "4200kb") == "OK"
        fill(wire, 100_000, "n" * 20, "abc", "m" * 20, "def")


def test_memory_comes_back(server: Server) -> None:
    """A stream that is trimmed or deleted entry by entry, with all that is pending acknowledged, is as small as a new one."""
    count = 20_000
    with Wire(server, timeout=60) as wire:
        wire.text("PING")
        before = used_memory(wire)
        fill(wire, count, "field", "value" * 10)
        assert wire.text("XGROUP", "CREATE", "k", "g", "0") == "OK"
        wire.ask("XREADGROUP", "GROUP", "g", "ann", "STREAMS", "k", ">")
        assert not pipeline(wire, [("XACK", "k", "g", f"{n + 1}-1") for n in range(count)])
        assert not pipeline(wire, [("XDEL", "k", f"{n + 1}-1") for n in range(0, count, 2)])
        assert not pipeline(wire, [("XDEL", "k", f"{n + 1}-1") for n in range(1, count, 2)])
        assert wire.integer("XLEN", "k") == 0
        left = used_memory(wire) - before
        assert left < 250_000, f"{left} bytes for no entry"  # it held 2 MB, and the buffers of this client stay


@pytest.mark.more
@pytest.mark.not_real  # its buffers for clients come and go
@pytest.mark.parametrize("kind", ["one", "few", "many", "long", "group"])
@pytest.mark.parametrize("samples", [0, 5])
def test_memory_usage(server: Server, kind: str, samples: int) -> None:
    """What MEMORY USAGE tells is within 20% of what the allocator gave for it."""
    count = {"one": 1, "few": 50}.get(kind, 20_000)
    with Wire(server, timeout=60) as wire:
        wire.ask("SET", "warm", "up")
        before = int(info(wire, "memory")["used_memory"])
        fill(wire, count, "field", "x" * 500 if kind == "long" else "value")
        if kind == "group":
            assert wire.text("XGROUP", "CREATE", "k", "g", "0") == "OK"
            for _ in range(count // 100):
                wire.ask("XREADGROUP", "GROUP", "g", "ann", "COUNT", 100, "STREAMS", "k", ">")
        given = int(info(wire, "memory")["used_memory"]) - before
        told = wire.integer("MEMORY", "USAGE", "k", "SAMPLES", samples)
        assert given * 0.8 - 200 <= told <= given * 1.2 + 200, f"{told} of {given} bytes"


@pytest.mark.alone
@pytest.mark.parametrize("kind", ["nodes", "pending", "consumers"])
def test_nobody_waits(server: Server, kind: str) -> None:
    """A large stream is freed in steps: its nodes, what is pending, and the consumers of its groups."""
    many = 20_000 if sanitized() else {"nodes": 300_000, "pending": 100_000, "consumers": 30_000}[kind]
    longest = 0.0
    with Wire(server, timeout=120) as wire:
        for _ in range(8):
            if kind == "nodes":
                assert wire.text("CONFIG", "SET", "stream-node-max-entries", 1) == "OK"
                fill(wire, many, "f", "v")
            else:
                fill(wire, many, "f", "v")
                assert wire.text("XGROUP", "CREATE", "k", "g", "0") == "OK"
                count = 1000 if kind == "pending" else 3
                for at in range(0, many, 30 * count):
                    names = ["ann" if kind == "pending" else f"consumer:{at}:{n}" for n in range(30)]
                    wire.send(b"".join(command("XREADGROUP", "GROUP", "g", name, "COUNT", count, "STREAMS", "k", ">") for name in names))
                    for _ in names:
                        wire.reply()
            with Probe(server) as probe:
                time.sleep(0.02)
                assert wire.integer("UNLINK", "k") == 1
                time.sleep(0.3)
            longest = probe.longest
            if longest < LONGEST or sanitized():
                break
        else:
            pytest.fail(f"a PING waited {longest * 1000:.0f} ms")
        deadline = time.monotonic() + 20
        while used_memory(wire) > 4 * MB:
            assert time.monotonic() < deadline, f"{used_memory(wire)} bytes are still in use"
            time.sleep(0.05)
