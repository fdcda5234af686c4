"""What a sorted set costs: a lookup or a range takes as long as what it touches, however many members there are."""

from __future__ import annotations

import time

import pytest

from harness.load import pipeline
from harness.process import sanitized
from harness.server import Server
from harness.wire import Wire, command

pytestmark = pytest.mark.since(6)
MANY = 20_000 if sanitized() else 200_000
TIMES = 200


def fill(wire: Wire, count: int) -> None:
    batches = (range(at, at + 500) for at in range(0, count, 500))
    adds = [("ZADD", "k", *(word for i in batch for word in (str(i), f"member:{i}"))) for batch in batches]
    assert not pipeline(wire, adds, 10)


def lasts(wire: Wire, *words: str | int) -> float:
    """The shortest of five times that a burst of the same command takes."""
    burst = command(*words) * TIMES
    shortest = 60.0
    for _ in range(5):
        began = time.monotonic()
        wire.send(burst)
        for _ in range(TIMES):
            wire.reply()
        shortest = min(shortest, time.monotonic() - began)
    return shortest


@pytest.mark.alone
@pytest.mark.parametrize(
    ("words", "cheap"),
    [
        (("ZRANGE", "k", MANY // 2, MANY // 2 + 9), ("ZRANGE", "k", 0, 9)),
        (("ZRANGE", "k", -10, -1), ("ZRANGE", "k", 0, 9)),
        (("ZRANGE", "k", MANY // 2, MANY // 2 + 9, "REV"), ("ZRANGE", "k", 0, 9)),
        (("ZRANGE", "k", MANY // 2, "inf", "BYSCORE", "LIMIT", 0, 10), ("ZRANGE", "k", 0, 9)),
        (("ZRANK", "k", f"member:{MANY // 2}"), ("ZSCORE", "k", "member:5")),
        (("ZREVRANK", "k", "member:5"), ("ZSCORE", "k", "member:5")),
        (("ZADD", "k", MANY // 2, f"member:{MANY // 2}"), ("ZSCORE", "k", "member:5")),
    ],
    ids=lambda words: " ".join(map(str, words[:1] + words[2:])),
)
def test_a_range_costs_what_it_touches(server: Server, words: tuple[str | int, ...], cheap: tuple[str | int, ...]) -> None:
    """A walk over half of the list would take a thousand times as long as ten members at its head."""
    with Wire(server, timeout=60) as wire:
        fill(wire, MANY)
        ratio = 0.0
        for _ in range(5):
            ratio = lasts(wire, *words) / lasts(wire, *cheap)
            if ratio < 8:
                return
        pytest.fail(f"{ratio:.0f} times as long")


@pytest.mark.alone
@pytest.mark.not_real  # it walks over all that LIMIT leaves out
def test_an_offset_costs_nothing(server: Server) -> None:
    with Wire(server, timeout=60) as wire:
        fill(wire, MANY)
        far = lasts(wire, "ZRANGE", "k", 0, "inf", "BYSCORE", "LIMIT", MANY - 20, 10)
        near = lasts(wire, "ZRANGE", "k", 0, "inf", "BYSCORE", "LIMIT", 0, 10)
        assert far < near * 8, f"{far / near:.0f} times as long"


@pytest.mark.alone
def test_the_height_is_by_chance(server: Server) -> None:
    """Members that come in order make no list without levels: the last of many are added as fast as the first."""
    if sanitized():
        pytest.skip("too slow to be measured")

    def add(wire: Wire, first: int) -> float:
        began = time.process_time(), time.monotonic()
        adds = [("ZADD", "k", str(i), f"member:{i}") for i in range(first, first + 10_000)]
        assert not pipeline(wire, adds, 1000)
        return time.monotonic() - began[1]

    with Wire(server, timeout=60) as wire:
        early = min(add(wire, at) for at in range(0, 30_000, 10_000))
        fill(wire, 200_000)
        late = min(add(wire, at) for at in range(200_000, 230_000, 10_000))
        assert late < early * 6, f"{late / early:.0f} times as long"
