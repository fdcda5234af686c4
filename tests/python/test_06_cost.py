"""What a sorted set costs: a lookup or a range takes as long as what it touches, however many members there are."""

from __future__ import annotations

import pytest

from harness.load import pipeline
from harness.process import sanitized, work_clock
from harness.server import Server
from harness.wire import Wire, command

pytestmark = pytest.mark.since(6)
MANY = 10_000 if sanitized() else 50_000
TIMES = 200
MOST = 8  # times as long as a cheap command; a walk over half of the list takes fifty times as long and more


def fill(wire: Wire, count: int = MANY) -> None:
    batches = (range(at, at + 500) for at in range(0, count, 500))
    adds = [("ZADD", "k", *(word for i in batch for word in (str(i), f"member:{i}"))) for batch in batches]
    assert not pipeline(wire, adds, 10)


def together(server: Server, wire: Wire, commands: list[tuple[str, ...]]) -> float:
    """The shortest of five times that the server works on the commands, one after the other and again."""
    clock = work_clock(server.pid)
    burst = b"".join(command(*words) for words in commands) * (TIMES // len(commands))
    shortest = 60.0
    for _ in range(5):
        began = clock()
        wire.send(burst)
        for _ in range(TIMES):
            assert wire.reply().kind != "error"
        shortest = min(shortest, clock() - began)
    return shortest


def lasts(server: Server, wire: Wire, *words: str | int) -> float:
    return together(server, wire, [tuple(map(str, words))])


def check_cost(server: Server, words: tuple[str | int, ...], cheap: tuple[str | int, ...]) -> None:
    with Wire(server, timeout=60) as wire:
        fill(wire)
        ratio = 0.0
        for _ in range(5):
            ratio = lasts(server, wire, *words) / lasts(server, wire, *cheap)
            if ratio < MOST:
                return
        pytest.fail(f"{ratio:.0f} times as long")


@pytest.mark.parametrize("rank", [MANY // 2, MANY - 1], ids=["middle", "end"])
def test_a_member_finds_its_place(server: Server, rank: int) -> None:
    """ZADD into a large sorted set: each time the score of the same member changes, to and fro."""
    changes: list[tuple[str, ...]] = [("ZADD", "k", str(rank + 0.5 - i % 2), f"member:{rank}") for i in range(2)]
    with Wire(server, timeout=60) as wire:
        fill(wire)
        ratio = 0.0
        for _ in range(5):
            ratio = together(server, wire, changes) / lasts(server, wire, "ZSCORE", "k", "member:5")
            if ratio < MOST:
                return
        pytest.fail(f"{ratio:.0f} times as long")


@pytest.mark.parametrize(
    "words",
    [
        ("ZRANGE", "k", MANY // 2, MANY // 2 + 9),
        ("ZRANGE", "k", -10, -1),
        ("ZRANGE", "k", MANY // 2, MANY // 2 + 9, "REV"),
        ("ZRANGE", "k", MANY // 2, "inf", "BYSCORE", "LIMIT", 0, 10),
    ],
    ids=["middle", "end", "reverse", "scores"],
)
def test_a_range_costs_what_it_touches(server: Server, words: tuple[str | int, ...]) -> None:
    check_cost(server, words, ("ZRANGE", "k", 0, 9))


@pytest.mark.parametrize("words", [("ZRANK", "k", f"member:{MANY // 2}"), ("ZREVRANK", "k", "member:5")], ids=lambda w: w[0])
def test_a_rank_costs_little(server: Server, words: tuple[str | int, ...]) -> None:
    check_cost(server, words, ("ZSCORE", "k", "member:5"))


@pytest.mark.not_real  # it walks over all that LIMIT leaves out
def test_an_offset_costs_nothing(server: Server) -> None:
    far = ("ZRANGE", "k", 0, "inf", "BYSCORE", "LIMIT", MANY - 20, 10)
    check_cost(server, far, ("ZRANGE", "k", 0, "inf", "BYSCORE", "LIMIT", 0, 10))
