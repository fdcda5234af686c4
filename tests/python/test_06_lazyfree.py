"""A large sorted set is freed in steps, whoever removes it, and its memory comes back."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable

import pytest

from harness.load import Load, Probe, used_memory, written
from harness.process import sanitized
from harness.server import Server
from harness.wire import Wire

pytestmark = pytest.mark.since(6)
MB = 1024 * 1024
MANY = 60_000 if sanitized() else 400_000
LONGEST = 0.015  # seconds; to free so many members at once takes two or three times as long


@functools.cache  # each test sends the same
def load() -> Load:
    batches = (range(at, at + 500) for at in range(0, MANY, 500))
    adds = (("ZADD", "k", *(word for i in batch for word in (str(i), f"member:{i}"))) for batch in batches)
    return Load(tuple(written(adds, 10)))


def fill(wire: Wire) -> None:
    assert not load().send(wire)


def unlink(wire: Wire) -> None:
    assert wire.integer("UNLINK", "k") == 1


def flush(wire: Wire) -> None:
    assert wire.text("FLUSHALL", "ASYNC") == "OK"


def overwrite(wire: Wire) -> None:
    assert wire.text("SET", "k", "short") == "OK"
    assert wire.integer("DEL", "k") == 1


@pytest.mark.alone
@pytest.mark.parametrize("remove", [unlink, flush, overwrite], ids=lambda f: f.__name__)
@pytest.mark.not_real  # by default redis-server frees at once what is overwritten
def test_nobody_waits(server: Server, remove: Callable[[Wire], None]) -> None:
    longest = 0.0
    with Wire(server, timeout=60) as wire:
        for _ in range(8):
            fill(wire)
            with Probe(server) as probe:
                time.sleep(0.02)
                remove(wire)
                assert wire.integer("EXISTS", "k") == 0
                time.sleep(0.2)
            longest = probe.longest
            if longest < LONGEST or sanitized():
                break
        else:
            pytest.fail(f"a PING waited {longest * 1000:.0f} ms")
        deadline = time.monotonic() + 20
        while used_memory(wire) > 4 * MB:
            assert time.monotonic() < deadline, f"{used_memory(wire)} bytes are still in use"
            time.sleep(0.05)


@pytest.mark.more
@pytest.mark.alone
@pytest.mark.not_real
@pytest.mark.parametrize("words", [("ZRANGESTORE", "k", "other", 0, -1), ("ZUNIONSTORE", "k", 1, "other")], ids=lambda w: w[0])
def test_nobody_waits_for_what_is_replaced(server: Server, words: tuple[str | int, ...]) -> None:
    longest = 0.0
    with Wire(server, timeout=60) as wire:
        for _ in range(8):
            fill(wire)
            wire.ask("ZADD", "other", 1, "a", 2, "b")
            with Probe(server) as probe:
                time.sleep(0.02)
                assert wire.integer(*words) == 2
                time.sleep(0.2)
            wire.ask("UNLINK", "k", "other")
            longest = probe.longest
            if longest < LONGEST or sanitized():
                return
    pytest.fail(f"a PING waited {longest * 1000:.0f} ms")
