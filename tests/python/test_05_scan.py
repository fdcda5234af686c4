"""HSCAN and SSCAN return each element that is there from the beginning to the end, whatever else happens."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from harness.load import pipeline
from harness.server import Server
from harness.wire import Wire

pytestmark = [pytest.mark.since(5), pytest.mark.more]


def scan(wire: Wire, kind: str, count: int, between: Callable[[], None]) -> list[bytes]:
    """The names of a whole iteration; between() is called after each step."""
    cursor, found, turn = b"0", [], 0
    while True:
        reply = wire.ask(f"{kind}SCAN", "k", cursor, "COUNT", count)
        cursor = reply.items[0].text
        texts = [item.text for item in reply.items[1].items]
        found += texts[::2] if kind == "H" else texts
        if cursor == b"0":
            return found
        turn += 1
        assert turn < 50_000, "the iteration does not end"
        between()


def add(wire: Wire, kind: str, names: list[str]) -> None:
    batches = [names[at : at + 500] for at in range(0, len(names), 500)]
    if kind == "H":
        assert not pipeline(wire, [("HSET", "k", *(w for n in batch for w in (n, "v"))) for batch in batches], 10)
    else:
        assert not pipeline(wire, [("SADD", "k", *batch) for batch in batches], 10)


def remove(wire: Wire, kind: str, names: list[str]) -> None:
    if names:
        wire.ask(f"{kind}DEL" if kind == "H" else "SREM", "k", *names)


def check(found: list[bytes], stable: list[str]) -> None:
    missing = {name.encode() for name in stable} - set(found)
    assert not missing, f"{len(missing)} were never returned, such as {sorted(missing)[:3]}"


@pytest.mark.parametrize("kind", ["H", "S"])
@pytest.mark.parametrize("count", [1, 10, 1000])
def test_nothing_changes(server: Server, kind: str, count: int) -> None:
    with Wire(server) as wire:
        names = [f"e{i}" for i in range(3000)]
        add(wire, kind, names)
        found = scan(wire, kind, count, lambda: None)
        check(found, names)
        assert len(found) == len(names), "without changes nothing is returned twice"


@pytest.mark.parametrize("kind", ["H", "S"])
def test_while_it_shrinks(server: Server, kind: str) -> None:
    with Wire(server) as wire:
        stable = [f"stable{i}" for i in range(100)]
        others = [f"other{i}" for i in range(20_000)]
        add(wire, kind, stable + others)
        random.Random(5).shuffle(others)

        def shrink() -> None:
            remove(wire, kind, [others.pop() for _ in range(min(400, len(others)))])

        check(scan(wire, kind, 10, shrink), stable)
        assert not others, "the iteration ended before it had shrunk"


@pytest.mark.parametrize("kind", ["H", "S"])
@pytest.mark.parametrize("seed", range(3))
def test_while_it_does_both(server: Server, kind: str, seed: int) -> None:
    rng = random.Random(seed)
    with Wire(server) as wire:
        stable = [f"stable{i}" for i in range(300)]
        others = [f"other{i}" for i in range(2000)]
        add(wire, kind, stable + others)
        rounds = 0

        def change() -> None:
            nonlocal rounds
            rounds += 1
            if rounds > 300:
                return
            if rng.random() < 0.5:
                remove(wire, kind, [others.pop(rng.randrange(len(others))) for _ in range(min(len(others), 300))])
            else:
                new = [f"new{rounds}:{i}" for i in range(rng.choice((1, 50, 1000)))]
                add(wire, kind, new)
                others.extend(new)

        check(scan(wire, kind, 20, change), stable)


@pytest.mark.parametrize(("kind", "count"), [("H", 512), ("S", 512)])
def test_packed_comes_in_one_call(server: Server, kind: str, count: int) -> None:
    """A packed value has no cursor that would last: COUNT is no matter."""
    with Wire(server) as wire:
        names = [str(i) for i in range(count)]
        add(wire, kind, names)
        reply = wire.ask(f"{kind}SCAN", "k", 0, "COUNT", 1)
        assert reply.items[0].text == b"0"
        assert len(reply.items[1].items) == count * (2 if kind == "H" else 1)
        add(wire, kind, ["one-more"])
        assert wire.ask(f"{kind}SCAN", "k", 0, "COUNT", 1).items[0].text != b"0"
        check(scan(wire, kind, 1, lambda: None), [*names, "one-more"])
