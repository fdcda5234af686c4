"""What commands for streams cost does not depend on how long the stream is."""

from __future__ import annotations

import pytest

from harness.load import pipeline
from harness.process import sanitized, work_clock
from harness.server import Server
from harness.wire import Wire, command

pytestmark = pytest.mark.since(7)
LARGE = 50_000 if sanitized() else 1_000_000
SMALL = 10_000
TIMES = 2_000
TRIES = 5


def fill(server: Server, wire: Wire, key: str, first: int, count: int) -> float:
    """Adds entries, and returns how long the server worked on each of them, in seconds."""
    clock = work_clock(server.pid)
    began = clock()
    for at in range(first, first + count, 2000):
        more = range(at, min(at + 2000, first + count))
        wire.send(b"".join(command("XADD", key, f"{n}-1", "field", "value") for n in more))
        wire.lines(2 * len(more))
    return (clock() - began) / count


def seconds(server: Server, wire: Wire, commands: bytes, count: int) -> float:
    """How long the server works on commands, each of which replies with one entry: nine lines."""
    clock = work_clock(server.pid)
    began = clock()
    wire.send(commands)
    wire.lines(count * 9)
    return clock() - began


def one_entry(name: str, key: str, start: int) -> bytes:
    """A command that replies with one entry, the one at an ID or next to it."""
    if name == "XRANGE":
        return command("XRANGE", key, start, start)
    if name == "XRANGE from behind":
        return command("XRANGE", key, f"({start}", "+", "COUNT", 1)
    return command("XREVRANGE", key, start, "-", "COUNT", 1)


def test_a_range_in_a_long_stream(server: Server) -> None:
    """One entry from anywhere in a million costs at most twice as much as from ten thousand."""
    with Wire(server, timeout=30) as wire:
        fill(server, wire, "small", 1, SMALL)
        fill(server, wire, "large", 1, LARGE)
        for name in ("XRANGE", "XRANGE from behind", "XREVRANGE"):
            best = float("inf")
            for _ in range(TRIES):
                took = []
                for key, length in (("small", SMALL), ("large", LARGE)):
                    starts = [(n * 7919) % (length - 2) + 2 for n in range(TIMES)]
                    took.append(seconds(server, wire, b"".join(one_entry(name, key, n) for n in starts), TIMES))
                best = min(best, took[1] / took[0])
                if best < 2 or sanitized():
                    break
            else:
                pytest.fail(f"{name}: {best:.1f} times as long")


def test_xadd_to_a_long_stream(server: Server) -> None:
    """An entry costs at the end of a long stream what it costs at that of a short one."""
    with Wire(server, timeout=120) as wire:
        fill(server, wire, "warm", 1, SMALL)
        best = float("inf")
        for n in range(TRIES):
            few = fill(server, wire, f"short:{n}", 1, SMALL * 2)
            fill(server, wire, f"long:{n}", 1, LARGE // 10)
            best = min(best, fill(server, wire, f"long:{n}", LARGE, SMALL * 2) / few)
            if best < 1.5 or sanitized():
                return
        pytest.fail(f"{best:.1f} times as long")


def test_whole_nodes_are_dropped(server: Server) -> None:
    """A trim of 250,000 entries is one of 2,500 nodes: it takes a few milliseconds."""
    with Wire(server, timeout=120) as wire:
        longest, clock = 0.0, work_clock(server.pid)
        for _ in range(TRIES):
            fill(server, wire, "k", 1, LARGE // 4)
            began = clock()
            assert wire.integer("XTRIM", "k", "MAXLEN", 100) == LARGE // 4 - 100
            longest = clock() - began
            assert wire.integer("DEL", "k") == 1
            if longest < 0.05 or sanitized():
                return
        pytest.fail(f"it took {longest * 1000:.0f} ms")


def test_a_stream_that_is_trimmed_stays_short(server: Server) -> None:
    """With ~ it has a node more than was asked for at most; and memory does not grow."""
    with Wire(server, timeout=60) as wire:
        assert wire.text("CONFIG", "SET", "maxmemory", "4mb") == "OK"
        adds = [("XADD", "k", "MAXLEN", "~", "1000", f"{n}-1", "f", "x" * 100) for n in range(1, 50_001)]
        for at in range(0, len(adds), 1000):
            wire.send(b"".join(command(*one) for one in adds[at : at + 1000]))
            assert wire.lines(2000).count(b"-OOM") == 0
        assert 1000 <= wire.integer("XLEN", "k") < 1100


def test_acknowledged_in_any_order(server: Server) -> None:
    """XACK is found by its ID: thirty thousand pending entries do not make it slow."""
    count = 10_000 if sanitized() else 30_000
    with Wire(server, timeout=120) as wire:
        fill(server, wire, "k", 1, count)
        assert wire.text("XGROUP", "CREATE", "k", "g", "0") == "OK"
        for _ in range(10):
            reply = wire.ask("XREADGROUP", "GROUP", "g", "ann", "COUNT", count // 10, "STREAMS", "k", ">")
            assert len(reply.items[0].items[1].items) == count // 10
        clock = work_clock(server.pid)
        order = [(n * 7919) % count + 1 for n in range(count)]
        began = clock()
        assert not pipeline(wire, [("XACK", "k", "g", f"{n}-1") for n in order])
        took = clock() - began
        assert wire.ask("XPENDING", "k", "g").items[0].text == b"0"
        assert sanitized() or took < 3, f"{took:.1f} s"
