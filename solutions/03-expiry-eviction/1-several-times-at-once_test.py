"""Exercise 03.1: MTTL returns the times of several keys at once. The real server has no such command."""

from __future__ import annotations

import time

from harness.server import Server
from harness.wire import Wire


def test_several(server: Server) -> None:
    with Wire(server) as wire:
        wire.text("SET", "session", "alice", "EX", 100)
        wire.text("SET", "name", "Ada")
        got = [item.text for item in wire.ask("MTTL", "session", "name", "missing", "session").items]
        assert [int(text) for text in got] in ([100, -1, -2, 100], [99, -1, -2, 99], [100, -1, -2, 99])


def test_one_and_none(server: Server) -> None:
    with Wire(server) as wire:
        assert [int(item.text) for item in wire.ask("MTTL", "missing").items] == [-2]
        assert wire.ask("MTTL").text == b"ERR wrong number of arguments for 'mttl' command"


def test_rounded_and_expired(server: Server) -> None:
    with Wire(server) as wire:
        wire.text("SET", "soon", "v", "PX", 400)
        wire.text("SET", "past", "v", "PX", 20)
        time.sleep(0.05)
        assert [int(item.text) for item in wire.ask("MTTL", "soon", "past").items] == [0, -2]


def test_needs_no_memory(server: Server) -> None:
    """It reads only, so it runs when memory is short."""
    with Wire(server) as wire:
        wire.text("SET", "name", "Ada")
        assert wire.text("CONFIG", "SET", "maxmemory", 1) == "OK"
        assert [int(item.text) for item in wire.ask("MTTL", "name").items] == [-1]
