"""Exercise C.1: bitmaps agree with a list of bits, and every change of one outlives the server."""

from __future__ import annotations

import random

import pytest

from harness.server import Server, ServerCommand
from harness.wire import Wire

RANGES = 300


def bits_of(data: bytes) -> list[int]:
    return [byte >> 7 - i & 1 for byte in data for i in range(8)]


@pytest.mark.parametrize("seed", range(3))
def test_ranges(server: Server, seed: int) -> None:
    chance = random.Random(seed)
    filler = bytes([255 * chance.randrange(2)])
    data = bytes(chance.choice([filler[0], filler[0], chance.randrange(256)]) for _ in range(chance.randrange(1, 400)))
    data = filler * chance.randrange(100) + data
    bits = bits_of(data)
    with Wire(server) as wire:
        wire.ask("SET", "bitmap", data)
        for _ in range(RANGES):
            start, end = sorted(chance.choices(range(len(bits)), k=2))
            chosen = bits[start : end + 1]
            assert wire.integer("BITCOUNT", "bitmap", start, end - len(bits), "BIT") == sum(chosen)
            bit = chance.randrange(2)
            first = start + chosen.index(bit) if bit in chosen else -1
            assert wire.integer("BITPOS", "bitmap", bit, start, end, "BIT") == first


def test_changes_outlive_the_server(command: ServerCommand) -> None:
    with Server(command, ["--appendonly", "yes", "--appendfsync", "always"]) as server:
        with Wire(server) as wire:
            log = server.dir / "appendonlydir/appendonly.aof.1.incr.aof"
            wire.ask("SETBIT", "seen", 100, 1)
            wire.ask("BITFIELD", "seen", "INCRBY", "u4", 0, 5)
            wire.ask("BITOP", "NOT", "others", "seen")
            size = log.stat().st_size
            wire.ask("SETBIT", "seen", 100, 1)  # changes nothing, so nothing is logged
            wire.ask("BITFIELD", "seen", "GET", "u4", 0, "SET", "u4", 0, 5)
            assert log.stat().st_size == size
            values = [wire.ask("GET", key).text for key in ("seen", "others")]
        server.kill()
        server.start()
        with Wire(server) as wire:
            assert [wire.ask("GET", key).text for key in ("seen", "others")] == values
