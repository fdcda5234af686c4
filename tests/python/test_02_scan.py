"""SCAN returns every key that is there from its beginning to its end, whatever else happens."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from harness.load import mset
from harness.resp import Reply
from harness.server import Server
from harness.wire import Wire, command

pytestmark = pytest.mark.since(2)
PONG = Reply("simple", b"PONG")


def scan(wire: Wire, count: int, between: Callable[[int], None]) -> list[bytes]:
    """A whole iteration; between() is called after each step with its number."""
    cursor, found, turn = b"0", [], 0
    while True:
        reply = wire.ask("SCAN", cursor, "COUNT", count)
        cursor = reply.items[0].text
        found += [item.text for item in reply.items[1].items]
        if cursor == b"0":
            return found
        turn += 1
        assert turn < 100_000, "the iteration does not end"
        between(turn)


def fill(wire: Wire, names: list[str]) -> None:
    mset(wire, names, "x")


def check(found: list[bytes], stable: list[str]) -> None:
    missing = {name.encode() for name in stable} - set(found)
    assert not missing, f"{len(missing)} keys were never returned, such as {sorted(missing)[:3]}"


@pytest.mark.parametrize("count", [1, 10, 100])
def test_nothing_changes(server: Server, count: int) -> None:
    with Wire(server) as wire:
        names = [f"key:{i}" for i in range(3000)]
        fill(wire, names)
        found = scan(wire, count, lambda _: None)
        check(found, names)
        assert len(found) == len(names), "without changes nothing is returned twice"


def test_in_a_pipeline(server: Server) -> None:
    """A length that is known last is written first, and the reply to the next command comes behind both."""
    with Wire(server) as wire:
        fill(wire, ["only"])
        for words in (("KEYS", "*"), ("SCAN", "0"), ("CONFIG", "GET", "maxclients")):
            alone = wire.ask(*words)
            wire.send(command(*words) + command("PING") + command(*words) + command("PING"))
            replies = [wire.reply() for _ in range(4)]
            assert replies == [alone, PONG, alone, PONG], words[0]


def test_while_the_table_grows(server: Server) -> None:
    with Wire(server) as wire:
        stable = [f"stable:{i}" for i in range(500)]
        fill(wire, stable)

        def add(turn: int) -> None:
            if turn < 100:
                fill(wire, [f"new:{turn}:{i}" for i in range(200)])

        check(scan(wire, 20, add), stable)


def test_while_the_table_shrinks(server: Server) -> None:
    with Wire(server) as wire:
        stable = [f"stable:{i}" for i in range(200)]
        others = [f"other:{i}" for i in range(20000)]
        fill(wire, stable + others)

        def remove(_: int) -> None:
            gone = [others.pop() for _ in range(min(500, len(others)))]
            if gone:
                wire.ask("DEL", *gone)

        check(scan(wire, 10, remove), stable)


@pytest.mark.parametrize("seed", range(3))
def test_while_it_does_both(server: Server, seed: int) -> None:
    rng = random.Random(seed)
    with Wire(server) as wire:
        stable = [f"stable:{i}" for i in range(1000)]
        fill(wire, stable)
        others: list[str] = []

        def change(turn: int) -> None:
            if turn > 200:
                return
            if turn // 20 % 2 == 0:
                new = [f"other:{turn}:{i}" for i in range(rng.randint(1, 500))]
                others.extend(new)
                fill(wire, new)
            elif others:
                gone = [others.pop() for _ in range(min(rng.randint(1, 1000), len(others)))]
                wire.ask("DEL", *gone)

        check(scan(wire, rng.choice([5, 10, 20]), change), stable)


def test_several_iterations_at_once(server: Server) -> None:
    """The cursor is all the state there is: iterations do not disturb each other."""
    with Wire(server) as wire:
        names = [f"key:{i}" for i in range(1000)]
        fill(wire, names)
        cursors = {i: b"0" for i in range(10)}
        found: dict[int, list[bytes]] = {i: [] for i in range(10)}
        while cursors:
            for number in list(cursors):
                reply = wire.ask("SCAN", cursors[number], "COUNT", 3 + number)
                found[number] += [item.text for item in reply.items[1].items]
                cursors[number] = reply.items[0].text
                if cursors[number] == b"0":
                    del cursors[number]
        for each in found.values():
            check(each, names)


def test_match_and_type(server: Server) -> None:
    with Wire(server) as wire:
        fill(wire, [f"user:{i}" for i in range(500)] + [f"page:{i}" for i in range(500)])
        found: list[Reply] = []
        cursor = b"0"
        while True:
            reply = wire.ask("SCAN", cursor, "MATCH", "user:*", "COUNT", 50, "TYPE", "string")
            cursor = reply.items[0].text
            found += reply.items[1].items
            if cursor == b"0":
                break
        assert len(found) == 500
        assert all(item.text.startswith(b"user:") for item in found)
