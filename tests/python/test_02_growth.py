"""What a table of many keys costs: how long a client waits while it grows, what a key weighs, whose keys it can hold."""

from __future__ import annotations

from statistics import median

import pytest

from harness.load import pipeline
from harness.process import resident, sanitized, work_clock
from harness.server import Server, ServerCommand
from harness.wire import Wire, command

pytestmark = pytest.mark.since(2)
BATCH = 64  # commands that are sent at once


def requests(name: str, keys: list[str], *value: str) -> list[bytes]:
    """A command for each key, in batches."""
    sent = [command(name, key, *value) for key in keys]
    return [b"".join(sent[at : at + BATCH]) for at in range(0, len(sent), BATCH)]


def work(server: Server, wire: Wire, batches: list[bytes], lines: int) -> list[float]:
    """Sends one batch after the other. Returns how long the server worked for each, whose replies have so many lines."""
    clock, found = work_clock(server.pid), []
    for batch in batches:
        began = clock()
        wire.send(batch)
        replies = wire.lines(BATCH * lines)
        found.append(clock() - began)
        assert not replies.startswith(b"-"), replies
    return found


def test_no_pause_while_the_table_grows(command: ServerCommand) -> None:
    """A table that moves all keys when it doubles makes one batch take a hundred times as long as the others.

    It is always the same batch. One that something else has held up is another one in the next try, so the least
    that each has taken in all tries counts.
    """
    batches = requests("SET", [f"key:{i:07}" for i in range(80 * 1024)], "v")
    least = [1.0] * len(batches)
    for _ in range(6):
        with Server(command) as server, Wire(server, timeout=30) as wire:
            least = [min(pair) for pair in zip(least, work(server, wire, batches, 1), strict=True)]
        usual, longest = median(least), max(least)
        if longest < 40 * usual:
            return
    keys = least.index(longest) * BATCH
    pytest.fail(f"with {keys} keys, {BATCH} SETs took {longest * 1000:.1f} ms; most take {usual * 1000:.2f} ms")


FNV_START, FNV_PRIME = 2166136261, 16777619
BITS = 0xFFFFF  # the last 20 bits of the hash are enough for a table of a million buckets
PLACES = 13


def fnv(state: int, piece: str) -> int:
    for byte in piece.encode():
        state = (state ^ byte) * FNV_PRIME & BITS
    return state


def colliding() -> list[str]:
    """Returns 2 ** PLACES keys of one hash: in each of their places is one of two pieces that lead to the same state."""
    keys, state = [""], FNV_START & BITS
    for _ in range(PLACES):
        seen: dict[int, str] = {}
        pieces = (f"{number:05x}" for number in range(1 << 20))
        piece = next(pieces)
        while fnv(state, piece) not in seen:
            seen[fnv(state, piece)] = piece
            piece = next(pieces)
        state = fnv(state, piece)
        keys = [key + end for key in keys for end in (seen[state], piece)]
    return keys


def test_keys_that_were_chosen_to_collide(server: Server) -> None:
    """A client that can compute FNV-1a sends thousands of keys for one bucket; each search there passes them all."""
    chosen = colliding()
    others = [f"{i:0{len(chosen[0])}}" for i in range(len(chosen))]
    with Wire(server, timeout=30) as wire:
        for keys in (others, chosen):
            assert not pipeline(wire, (("SET", key, "v") for key in keys))
        plain, hostile = requests("GET", others), requests("GET", chosen)
        for _ in range(4):
            usual, longer = sum(work(server, wire, plain, 2)), sum(work(server, wire, hostile, 2))
            if longer < 4 * usual:
                return
    pytest.fail(
        f"{len(chosen)} GETs of keys that collide under FNV-1a took {longer * 1000:.0f} ms, "
        f"of others {usual * 1000:.0f} ms"
    )


@pytest.mark.not_real
def test_memory_of_a_key(server: Server) -> None:
    """Of 12 bytes, with a value of 1, in one block: three allocations, as in redis-server, take more than is allowed."""
    count = 125_000
    with Wire(server) as wire:
        assert not pipeline(wire, (("SET", f"warm:{i:06}", "v") for i in range(1000)))
        before = resident(server.pid)
        assert not pipeline(wire, (("SET", f"key:{i:08}", "v") for i in range(count)))
        each = (resident(server.pid) - before) / count
    if not sanitized():  # which takes memory for itself
        assert each < 64, f"a key of 12 bytes and a value of 1 take {each:.0f} bytes"
