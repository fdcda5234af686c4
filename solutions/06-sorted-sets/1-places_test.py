"""Exercise 06.1: ZPLACE tells the place of a member among all, 1 for the greatest score, and ties share a place."""

from __future__ import annotations

import random

import pytest

from harness.load import pipeline
from harness.process import cpu_seconds
from harness.server import Server
from harness.wire import Wire

MANY = 50_000
ASKED = 2_000


def spent(server: Server) -> float:
    assert server.process
    seconds = cpu_seconds(server.process.pid)
    assert seconds is not None
    return seconds


def test_places(server: Server) -> None:
    with Wire(server) as wire:
        wire.ask("ZADD", "game", 90, "ada", 70, "grace", 90, "alan", 50, "edsger", "-inf", "nobody")
        for member, place in (("ada", 1), ("alan", 1), ("grace", 3), ("edsger", 4), ("nobody", 5)):
            assert wire.integer("ZPLACE", "game", member) == place
        assert wire.ask("ZPLACE", "game", "kurt").kind == "nil"
        assert wire.ask("ZPLACE", "missing", "ada").kind == "nil"
        wire.ask("ZADD", "game", "inf", "kurt")
        assert wire.integer("zplace", "game", "alan") == 2


def test_errors(server: Server) -> None:
    with Wire(server) as wire:
        wire.ask("SET", "s", "a")
        assert wire.ask("ZPLACE", "s", "a").text == b"WRONGTYPE Operation against a key holding the wrong kind of value"
        assert wire.ask("ZPLACE", "s").text == b"ERR wrong number of arguments for 'zplace' command"


@pytest.mark.parametrize("size", [100, 1000])
def test_like_a_list(server: Server, size: int) -> None:
    """In both encodings, while scores change."""
    draw = random.Random(size)
    scores: dict[str, int] = {}
    with Wire(server) as wire:
        for _ in range(2 * size):
            member = f"m{draw.randrange(size)}"
            scores[member] = draw.randrange(20) - 10
            wire.ask("ZADD", "z", scores[member], member)
        for member, score in scores.items():
            assert wire.integer("ZPLACE", "z", member) == 1 + sum(other > score for other in scores.values())


@pytest.mark.parametrize("ties", [False, True])
def test_no_walk(server: Server, ties: bool) -> None:
    """A place costs about what a rank costs, also if everybody has the same score."""
    with Wire(server, timeout=60) as wire:
        adds = [("ZADD", "z", 7 if ties else n, f"m{n}") for n in range(MANY)]
        assert not pipeline(wire, adds, 10)
        took = {}
        for name in ("ZRANK", "ZPLACE"):
            before = spent(server)
            assert not pipeline(wire, [(name, "z", f"m{n * 17 % MANY}") for n in range(ASKED)], 10)
            took[name] = spent(server) - before
        assert took["ZPLACE"] < 3 * took["ZRANK"] + 0.05, took
