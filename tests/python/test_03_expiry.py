"""Keys expire on time: when a client looks them up, and when no client does."""

from __future__ import annotations

import time

import pytest

from harness.load import Probe, pipeline
from harness.process import sanitized
from harness.server import Server
from harness.wire import Wire

pytestmark = pytest.mark.since(3)
KEYS = 100_000
STALL = 0.025


def fill(wire: Wire) -> float:
    """100,000 keys that go at one time. Returns how long they still have."""
    for seconds in (2.5, 5, 10, 20):
        at_ms = int((time.time() + seconds) * 1000)
        assert not pipeline(wire, [("SET", f"key:{i}", "value", "PXAT", at_ms) for i in range(KEYS)])
        left = at_ms / 1000 - time.time()
        if left > 0.2:
            return left
    raise AssertionError("the keys cannot be written in time")


def vanish(wire: Wire, server: Server) -> tuple[float, float]:
    """How long they take to go when their time has come, and the longest stall."""
    left = fill(wire)
    assert wire.integer("DBSIZE") >= KEYS
    time.sleep(left)
    with Probe(server) as probe:
        began = time.monotonic()
        while wire.integer("DBSIZE") > 1:
            assert time.monotonic() - began < 15, "they do not go"
            time.sleep(0.05)
        return time.monotonic() - began, probe.longest


@pytest.mark.alone
def test_a_hundred_thousand_keys_vanish(server: Server) -> None:
    """No client looks them up. They are removed within seconds, and no client waits long meanwhile."""
    with Wire(server, timeout=30) as wire:
        wire.text("SET", "stays", "here")
        rounds = []
        for _ in range(3):  # a busy machine can delay a client; not three times
            rounds.append(vanish(wire, server))
            if rounds[-1][1] < STALL or server.command.real or sanitized():
                break
        assert wire.text("GET", "stays") == "here"
    fastest = min(seconds for seconds, _ in rounds)
    assert fastest < 5, f"{fastest:.1f} s"
    stall = min(longest for _, longest in rounds)
    if not server.command.real and not sanitized():
        assert stall < STALL, f"a PING waited {stall * 1000:.0f} ms"


@pytest.mark.more
def test_gone_on_lookup(server: Server) -> None:
    """Without the active cycle an expired key is still counted, but nobody can see it."""
    with Wire(server) as wire:
        assert wire.text("DEBUG", "SET-ACTIVE-EXPIRE", 0) == "OK"
        assert not pipeline(wire, [("SET", f"key:{i}", "v", "PX", 50) for i in range(100)])
        time.sleep(0.1)
        assert wire.integer("DBSIZE") == 100
        assert wire.ask("GET", "key:1").kind == "nil"
        assert wire.integer("EXISTS", "key:2", "key:3") == 0
        assert wire.integer("TTL", "key:4") == -2
        assert wire.integer("DEL", "key:5") == 0
        assert wire.integer("DBSIZE") == 95
        assert wire.ask("KEYS", "*").items == ()
        assert wire.text("DEBUG", "SET-ACTIVE-EXPIRE", 1) == "OK"
        for _ in range(200):
            if wire.integer("DBSIZE") == 0:
                break
            time.sleep(0.01)
        assert wire.integer("DBSIZE") == 0


def test_what_is_stored_anew_stays(server: Server) -> None:
    """SET forgets the time to live of the value so far."""
    with Wire(server) as wire:
        wire.text("SET", "k", "v", "PX", 50)
        wire.text("SET", "k", "w")
        time.sleep(0.1)
        assert wire.text("GET", "k") == "w"


def test_precision(server: Server) -> None:
    """A key lives at least as long as was said, and hardly longer."""
    with Wire(server) as wire:
        for _ in range(10):
            began = time.monotonic()
            wire.text("SET", "k", "v", "PX", 50)
            while wire.ask("GET", "k").kind == "bulk":
                assert time.monotonic() - began < 5, "the key does not expire"
            lived = time.monotonic() - began
            assert 0.049 <= lived < 0.5, f"{lived * 1000:.1f} ms"


def test_different_times(server: Server) -> None:
    """Keys expire in the order of their times."""
    with Wire(server) as wire:
        assert not pipeline(wire, [("SET", f"key:{i}", "v", "PX", 100 + i) for i in range(1000)])
        began = time.monotonic()
        before = 1000
        while before:
            assert time.monotonic() - began < 15, f"{before} keys are still held"
            now = wire.integer("DBSIZE")
            assert now <= before
            before = now
            time.sleep(0.02)
