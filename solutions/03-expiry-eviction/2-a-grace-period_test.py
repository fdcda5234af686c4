"""Exercise 03.2: an expired key is missing, and GETSTALE still returns it for a while. The real server cannot do it."""

from __future__ import annotations

import time

import pytest

from harness.server import Server
from harness.wire import Wire


def grace(wire: Wire, milliseconds: int) -> None:
    assert wire.text("CONFIG", "SET", "expire-grace", milliseconds) == "OK"


def expire(wire: Wire, name: str, value: str = "v") -> None:
    """A key that has just expired."""
    assert wire.text("SET", name, value, "PX", 20) == "OK"
    time.sleep(0.05)


def test_alive_and_missing(server: Server) -> None:
    with Wire(server) as wire:
        wire.text("SET", "k", "v")
        assert wire.text("GETSTALE", "k") == "v"
        assert wire.ask("GETSTALE", "missing").kind == "nil"
        assert wire.ask("GETSTALE").text == b"ERR wrong number of arguments for 'getstale' command"


def test_without_grace(server: Server) -> None:
    with Wire(server) as wire:
        expire(wire, "k")
        assert wire.ask("GETSTALE", "k").kind == "nil"


def test_missing_for_all_others(server: Server) -> None:
    with Wire(server) as wire:
        grace(wire, 60_000)
        expire(wire, "k")
        for _ in range(2):
            assert wire.ask("GET", "k").kind == "nil"
            assert wire.integer("EXISTS", "k") == 0
            assert wire.integer("TTL", "k") == -2
            assert wire.ask("KEYS", "*").items == ()
            assert wire.ask("SCAN", 0, "COUNT", 1000).items[1].items == ()
            assert wire.text("GETSTALE", "k") == "v"


def test_the_cycle_waits(server: Server) -> None:
    with Wire(server) as wire:
        grace(wire, 700)
        expire(wire, "k")
        time.sleep(0.3)
        assert wire.integer("DBSIZE") == 1
        assert wire.text("GETSTALE", "k") == "v"
        time.sleep(1)
        assert wire.integer("DBSIZE") == 0
        assert wire.ask("GETSTALE", "k").kind == "nil"


@pytest.mark.parametrize(
    ("write", "value"),
    [(("INCR", "k"), "1"), (("APPEND", "k", "new"), "new"), (("SET", "k", "new", "NX"), "new"), (("MSET", "k", "x"), "x")],
)
def test_a_write_begins_anew(server: Server, write: tuple[str, ...], value: str) -> None:
    """And the database holds the key once."""
    with Wire(server) as wire:
        grace(wire, 60_000)
        expire(wire, "k", "41")
        wire.ask(*write)
        assert wire.text("GETSTALE", "k") == value
        assert wire.integer("TTL", "k") == -1
        assert wire.integer("DBSIZE") == 1
        assert wire.integer("DEL", "k") == 1
        assert wire.ask("GETSTALE", "k").kind == "nil"
        assert wire.integer("DBSIZE") == 0


def test_deleted(server: Server) -> None:
    with Wire(server) as wire:
        grace(wire, 60_000)
        expire(wire, "k")
        assert wire.integer("DEL", "k") == 0
        assert wire.ask("GETSTALE", "k").kind == "nil"


def test_a_long_grace(server: Server) -> None:
    """The largest grace there is, and a key with the earliest time."""
    with Wire(server) as wire:
        grace(wire, 9_223_372_036_854_775_807)
        assert wire.text("SET", "k", "v", "PXAT", 1) == "OK"
        assert wire.ask("GET", "k").kind == "nil"
        assert wire.text("GETSTALE", "k") == "v"
