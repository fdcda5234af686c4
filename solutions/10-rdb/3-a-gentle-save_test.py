"""Exercise 10.3: rdb-bytes-per-second limits how fast a child writes. How is left open."""

from __future__ import annotations

import time

from harness.server import Server, ServerCommand
from harness.wire import Wire

FILE = "dump.rdb"
MB = 1_000_000


def fill(wire: Wire, megabytes: int) -> None:
    """Values that are the longer for being numbers, and that cannot be compressed much."""
    seed = 1
    for n in range(megabytes * 100):
        text = bytearray()
        while len(text) < 10_000:
            seed = seed * 6364136223846793005 + 1442695040888963407 & (1 << 64) - 1
            text += seed.to_bytes(8, "little")
        wire.text("SET", f"key:{n}", bytes(text))


def seconds_of_bgsave(server: Server, wire: Wire) -> float:
    count = server.log().count("terminated with success")
    began = time.monotonic()
    assert "started" in wire.text("BGSAVE")
    while server.log().count("terminated with success") == count:
        assert time.monotonic() < began + 60, "the child did not end in time"
        time.sleep(0.02)
    return time.monotonic() - began


def test_a_child_is_slow(command: ServerCommand) -> None:
    with Server(command, ["--rdb-bytes-per-second", str(MB)]) as server, Wire(server) as wire:
        fill(wire, 3)
        assert 2.5 < seconds_of_bgsave(server, wire) < 12
        assert wire.text("CONFIG", "SET", "rdb-bytes-per-second", 0) == "OK"
        assert seconds_of_bgsave(server, wire) < 2


def test_nobody_waits_for_a_slow_save(command: ServerCommand) -> None:
    """SAVE serves nobody, so it takes no longer than it must; and clients are served while the child is slow."""
    with Server(command, ["--rdb-bytes-per-second", str(MB)]) as server, Wire(server) as wire:
        fill(wire, 3)
        began = time.monotonic()
        assert wire.text("SAVE") == "OK"
        assert time.monotonic() - began < 2
        assert "started" in wire.text("BGSAVE")
        slowest = 0.0
        for n in range(100):
            began = time.monotonic()
            wire.text("SET", f"new:{n}", 1)
            slowest = max(slowest, time.monotonic() - began)
            time.sleep(0.01)
        assert slowest < 0.5
        assert "terminated with success" not in server.log()


def test_the_file_is_the_same(command: ServerCommand) -> None:
    with Server(command, ["--rdb-bytes-per-second", str(5 * MB)]) as server:
        with Wire(server) as wire:
            fill(wire, 1)
            wire.text("SET", "last", "x")
            seconds_of_bgsave(server, wire)
        server.kill()
        server.start()
        with Wire(server) as wire:
            assert wire.integer("DBSIZE") == 101
            assert wire.text("GET", "last") == "x"
