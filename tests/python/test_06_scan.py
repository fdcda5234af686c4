"""ZSCAN returns each member that is there from the beginning to the end, whatever else happens."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from harness.load import pipeline
from harness.server import Server
from harness.wire import Wire

pytestmark = [pytest.mark.since(6), pytest.mark.more]


def scan(wire: Wire, count: int, between: Callable[[], None]) -> list[bytes]:
    """The members of a whole iteration; between() is called after each step."""
    cursor, found, turn = b"0", [], 0
    while True:
        reply = wire.ask("ZSCAN", "k", cursor, "COUNT", count)
        cursor = reply.items[0].text
        found += [item.text for item in reply.items[1].items][::2]
        if cursor == b"0":
            return found
        turn += 1
        assert turn < 50_000, "the iteration does not end"
        between()


def add(wire: Wire, names: list[str]) -> None:
    batches = [names[at : at + 500] for at in range(0, len(names), 500)]
    assert not pipeline(wire, [("ZADD", "k", *(w for n in batch for w in ("1", n))) for batch in batches], 10)


def check(found: list[bytes], stable: list[str]) -> None:
    missing = {name.encode() for name in stable} - set(found)
    assert not missing, f"{len(missing)} were never returned, such as {sorted(missing)[:3]}"


@pytest.mark.parametrize("count", [1, 10, 1000])
def test_nothing_changes(server: Server, count: int) -> None:
    with Wire(server) as wire:
        names = [f"e{i}" for i in range(3000)]
        add(wire, names)
        found = scan(wire, count, lambda: None)
        check(found, names)
        assert len(found) == len(names), "without changes nothing is returned twice"


@pytest.mark.parametrize("seed", range(3))
def test_while_it_changes(server: Server, seed: int) -> None:
    """Members come and go, and those that stay get other scores."""
    rng = random.Random(seed)
    with Wire(server) as wire:
        stable = [f"stable{i}" for i in range(300)]
        others = [f"other{i}" for i in range(20_000)]
        add(wire, stable + others)
        rng.shuffle(others)
        rounds = 0

        def change() -> None:
            nonlocal rounds
            rounds += 1
            if rounds > 300:
                return
            wire.ask("ZADD", "k", *(word for name in stable for word in (str(rng.randrange(100)), name)))
            if rng.random() < 0.7:
                gone = [others.pop() for _ in range(min(len(others), 400))]
                assert not gone or wire.integer("ZREM", "k", *gone) == len(gone)
            else:
                add(wire, [f"new{rounds}:{i}" for i in range(rng.choice((1, 50, 1000)))])

        check(scan(wire, 20, change), stable)


def test_packed_comes_in_one_call(server: Server) -> None:
    """A packed sorted set has no cursor that would last: COUNT is no matter."""
    with Wire(server) as wire:
        names = [str(i) for i in range(128)]
        add(wire, names)
        reply = wire.ask("ZSCAN", "k", 0, "COUNT", 1)
        assert reply.items[0].text == b"0"
        assert len(reply.items[1].items) == 256
        add(wire, ["one-more"])
        assert wire.ask("ZSCAN", "k", 0, "COUNT", 1).items[0].text != b"0"
        check(scan(wire, 1, lambda: None), [*names, "one-more"])
