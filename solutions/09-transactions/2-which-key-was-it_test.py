"""Exercise 09.2: WATCHED replies with the keys that are watched, and those of them that have changed."""

from __future__ import annotations

import time

from harness.server import Server
from harness.wire import Wire


def watched(wire: Wire) -> tuple[list[bytes], list[bytes]]:
    every, changed = wire.ask("WATCHED").items
    return sorted(item.text for item in every.items), sorted(item.text for item in changed.items)


def test_none(server: Server) -> None:
    with Wire(server) as wire:
        assert watched(wire) == ([], [])


def test_changed(server: Server) -> None:
    with Wire(server) as wire, Wire(server) as other:
        other.ask("SET", "b", "1")
        wire.ask("WATCH", "a", "b", "c", "a")
        assert watched(wire) == ([b"a", b"b", b"c"], [])
        other.ask("SET", "a", "1")
        other.ask("DEL", "none")
        assert watched(wire) == ([b"a", b"b", b"c"], [b"a"])
        other.ask("FLUSHALL")
        assert watched(wire) == ([b"a", b"b", b"c"], [b"a", b"b"])
        assert watched(other) == ([], [])
        wire.ask("UNWATCH")
        assert watched(wire) == ([], [])
        wire.ask("WATCH", "a")
        assert watched(wire) == ([b"a"], [])


def test_time(server: Server) -> None:
    with Wire(server) as wire, Wire(server) as other:
        other.ask("SET", "before", "1", "PX", "20")
        time.sleep(0.06)
        other.ask("SET", "meanwhile", "1", "PX", "150")
        wire.ask("WATCH", "before", "meanwhile")
        assert watched(wire) == ([b"before", b"meanwhile"], [])
        time.sleep(0.2)
        assert watched(wire) == ([b"before", b"meanwhile"], [b"meanwhile"])
        other.ask("GET", "meanwhile")
        other.ask("GET", "before")
        assert watched(wire) == ([b"before", b"meanwhile"], [b"meanwhile"])
        other.ask("SET", "before", "2")
        assert watched(wire) == ([b"before", b"meanwhile"], [b"before", b"meanwhile"])


def test_inside(server: Server) -> None:
    """It is queued like any other."""
    with Wire(server) as wire:
        wire.ask("WATCH", "a")
        wire.ask("MULTI")
        assert wire.text("WATCHED") == "QUEUED"
        (reply,) = wire.ask("EXEC").items
        assert [[item.text for item in part.items] for part in reply.items] == [[b"a"], []]
        assert watched(wire) == ([], [])
