"""Exercise 04.1: LCOUNT returns how many elements of a list equal a value."""

from __future__ import annotations

from harness.server import Server
from harness.wire import Wire


def test_counts_equal_elements(server: Server) -> None:
    with Wire(server) as wire:
        assert wire.integer("RPUSH", "k", "a", "b", "a", "", "a") == 5
        assert wire.integer("LCOUNT", "k", "a") == 3
        assert wire.integer("lcount", "k", "b") == 1
        assert wire.integer("LCOUNT", "k", "") == 1
        assert wire.integer("LCOUNT", "k", "A") == 0
        assert wire.integer("LCOUNT", "missing", "a") == 0
        assert wire.integer("LLEN", "k") == 5


def test_compares_bytes(server: Server) -> None:
    """7 and 007 are different elements, whatever they are kept as."""
    with Wire(server) as wire:
        wire.ask("RPUSH", "n", "7", "007", "7", "+7", "7.0", b"7\x00")
        assert wire.integer("LCOUNT", "n", "7") == 2
        assert wire.integer("LCOUNT", "n", "007") == 1
        assert wire.integer("LCOUNT", "n", b"7\x00") == 1


def test_many_nodes(server: Server) -> None:
    with Wire(server) as wire:
        wire.ask("RPUSH", "k", *(i % 10 for i in range(20_000)))
        assert wire.integer("LCOUNT", "k", 3) == 2_000


def test_errors(server: Server) -> None:
    with Wire(server) as wire:
        wire.ask("SET", "s", "a")
        reply = wire.ask("LCOUNT", "s", "a")
        assert reply.text == b"WRONGTYPE Operation against a key holding the wrong kind of value"
        assert wire.ask("LCOUNT", "s").text == b"ERR wrong number of arguments for 'lcount' command"
