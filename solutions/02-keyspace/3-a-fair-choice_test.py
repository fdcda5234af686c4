"""Exercise 02.3: RANDOMKEY chooses each key as often as any other.

How is left open; how well is measured. Each key is drawn 1,500 times on average, so that chance alone
moves a count by some three in a hundred. Fifteen are allowed.
"""

from __future__ import annotations

from collections import Counter

import pytest

from harness.load import mset, pipeline
from harness.process import cpu_seconds
from harness.server import Server
from harness.wire import Wire, command

DRAWS_A_KEY = 1500
TOLERATED = 0.15
BATCH = 1000


def draw(wire: Wire, count: int) -> Counter[bytes]:
    """The keys that so many calls answer."""
    drawn: Counter[bytes] = Counter()
    for _ in range(count // BATCH):
        wire.send(command("RANDOMKEY") * BATCH)
        drawn.update(line for line in wire.lines(2 * BATCH).split(b"\r\n")[1::2])
    return drawn


def assert_fair(wire: Wire, names: list[str]) -> None:
    """Each of the keys is chosen as often as any other."""
    count = len(names) * DRAWS_A_KEY // BATCH * BATCH
    drawn = draw(wire, count)
    average = count / len(names)
    shares = {name: drawn[name.encode()] / average for name in names}
    least, most = min(shares, key=lambda n: shares[n]), max(shares, key=lambda n: shares[n])
    assert sum(drawn.values()) == count and set(drawn) <= {name.encode() for name in names}
    text = f"of {len(names)} keys {least} was chosen {shares[least]:.2f} times as often as the average, {most} {shares[most]:.2f} times"
    assert 1 - TOLERATED < shares[least] and shares[most] < 1 + TOLERATED, text


@pytest.mark.parametrize("keys", [2, 7, 64, 100])
def test_each_is_chosen_as_often(server: Server, keys: int) -> None:
    names = [f"key:{i}" for i in range(keys)]
    with Wire(server) as wire:
        mset(wire, names, "x")
        assert_fair(wire, names)


def test_while_the_table_grows(server: Server) -> None:
    """Nothing moves by itself here, so the keys stay in two tables while they are chosen."""
    names = [f"key:{i}" for i in range(70)]
    with Wire(server) as wire:
        assert wire.text("CONFIG", "SET", "activerehashing", "no") == "OK"
        for name in names:
            wire.ask("SET", name, "x")
        assert_fair(wire, names)


def test_the_few_that_are_left(server: Server) -> None:
    """Of ten thousand keys twenty are left: few buckets hold anything, and it must not take long."""
    names = [f"key:{i}" for i in range(10_000)]
    left = names[:20]
    with Wire(server, timeout=30) as wire:
        assert wire.text("CONFIG", "SET", "activerehashing", "no") == "OK"
        mset(wire, names, "x")
        assert not pipeline(wire, [("DEL", *names[at : at + 20]) for at in range(20, 10_000, 20)])
        before = cpu_seconds(server.pid)
        assert_fair(wire, left)
        if before is not None:
            took = (cpu_seconds(server.pid) or 0.0) - before
            assert took < 6, f"{took:.1f} s of processor time for {20 * DRAWS_A_KEY} choices"


def test_one_and_none(server: Server) -> None:
    with Wire(server) as wire:
        wire.send(command("RANDOMKEY"))
        assert wire.read(5) == b"$-1\r\n"
        wire.ask("SET", "only", "x")
        assert draw(wire, BATCH) == {b"only": BATCH}
