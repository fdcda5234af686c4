"""Exercise C.2: a HyperLogLog has the same bytes here and in Redis, whatever was added in which order."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from harness.server import Server, ServerCommand, real_command
from harness.wire import Wire

DENSE = 12304  # bytes
KEYS = "abcd"

pytestmark = pytest.mark.needs("redis-server")


@pytest.fixture
def both(command: ServerCommand) -> Iterator[tuple[Wire, Wire]]:
    with Server(command) as mine, Server(real_command()) as real, Wire(mine) as wire, Wire(real) as other:
        yield wire, other


def elements(chance: random.Random) -> list[bytes]:
    count = chance.choice([0, 1, 2, 10, 200])
    return [chance.randbytes(chance.randrange(20)) for _ in range(count)]


@pytest.mark.parametrize("seed", range(3))
def test_same_bytes(both: tuple[Wire, Wire], seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(400):
        keys = chance.choices(KEYS, k=chance.randrange(1, 4))
        args: tuple[bytes | str, ...] = ("PFADD", keys[0], *elements(chance))
        if chance.random() < 0.3:
            args = ("PFCOUNT", *keys)
        elif chance.random() < 0.15:
            args = ("PFMERGE", *keys)
        elif chance.random() < 0.05:
            args = ("DEL", *keys)
        mine, real = (wire.ask(*args) for wire in both)
        assert mine == real, args
        mine, real = (wire.ask("GET", keys[0]) for wire in both)
        assert mine == real, args


def test_redis_goes_on_with_it(both: tuple[Wire, Wire]) -> None:
    mine, real = both
    for i in range(0, 20000, 100):
        mine.ask("PFADD", "h", *range(i, i + 100))
    data = mine.ask("GET", "h").text
    assert len(data) == DENSE
    real.ask("SET", "h", data)
    assert real.integer("PFCOUNT", "h") == mine.integer("PFCOUNT", "h")
    assert 0.97 < mine.integer("PFCOUNT", "h") / 20000 < 1.03


def test_it_outlives_the_server(command: ServerCommand) -> None:
    with Server(command, ["--appendonly", "yes", "--appendfsync", "always"]) as server:
        with Wire(server) as wire:
            wire.ask("PFADD", "h", *range(1000))
            wire.ask("PFADD", "other", "a")
            wire.ask("PFMERGE", "other", "h")
            wire.ask("PFCOUNT", "h")  # writes what it has counted into the key
            values = [wire.ask("GET", key).text for key in ("h", "other")]
        server.kill()
        server.start()
        with Wire(server) as wire:
            assert [wire.ask("GET", key).text for key in ("h", "other")] == values
