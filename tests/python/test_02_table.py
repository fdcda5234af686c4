"""The table of keys shrinks with them: what is gone costs neither memory nor time."""

from __future__ import annotations

import time

import pytest

from harness.load import info, mset, pipeline
from harness.server import Server
from harness.wire import Wire

pytestmark = pytest.mark.since(2)
MANY = 500_000
KEPT = MANY // 100
BATCH = 1000


def names(first: int, last: int) -> list[str]:
    return [f"key:{i}" for i in range(first, last)]


def remove(wire: Wire, first: int, last: int) -> None:
    batches = [names(at, at + BATCH) for at in range(first, last, BATCH)]
    assert not pipeline(wire, [("DEL", *batch) for batch in batches])


def used(wire: Wire) -> int:
    return int(info(wire, "memory")["used_memory"])


@pytest.mark.more
def test_memory_of_what_was_deleted(server: Server) -> None:
    """A key in a hundred stays. The table alone would be more than is allowed here."""
    with Wire(server, timeout=30) as wire:
        wire.text("PING")
        before = used(wire)
        mset(wire, names(0, MANY), "x")
        full = used(wire) - before
        remove(wire, KEPT, MANY)
        assert wire.integer("DBSIZE") == KEPT
        for _ in range(200):
            left = used(wire) - before
            if left < full // 25:
                break
            time.sleep(0.02)
        assert left < full // 25, f"{left} of {full} bytes are still counted"
        assert wire.integer("EXISTS", *names(0, KEPT)) == KEPT


def test_scan_of_the_few_that_are_left(server: Server) -> None:
    """Right after the others went, with no time to tidy up, a walk is still a short one."""
    few = 100
    with Wire(server, timeout=30) as wire:
        mset(wire, names(0, MANY // 2), "x")
        remove(wire, 0, MANY // 2)
        mset(wire, names(0, BATCH), "x")
        wire.ask("DEL", *names(few, BATCH))
        cursor, found, steps = b"0", set(), 0
        while steps == 0 or cursor != b"0":
            reply = wire.ask("SCAN", cursor, "COUNT", 10)
            cursor = reply.items[0].text
            found |= {item.text.decode() for item in reply.items[1].items}
            steps += 1
            assert steps < 5000, "the walk goes through empty buckets"
        assert found == set(names(0, few))
