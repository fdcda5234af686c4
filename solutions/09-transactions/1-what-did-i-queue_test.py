"""Exercise 09.1: QUEUE replies with the commands that the client has queued so far."""

from __future__ import annotations

from harness.server import Server
from harness.wire import Wire


def queue(wire: Wire) -> list[list[bytes]]:
    reply = wire.ask("QUEUE")
    assert reply.kind == "array", reply
    return [[item.text for item in one.items] for one in reply.items]


def test_without_multi(server: Server) -> None:
    with Wire(server) as wire:
        assert wire.ask("QUEUE").text == b"ERR QUEUE without MULTI"
        assert wire.text("MULTI") == "OK"
        assert wire.text("DISCARD") == "OK"
        assert wire.ask("QUEUE").text == b"ERR QUEUE without MULTI"


def test_what_is_queued(server: Server) -> None:
    with Wire(server) as wire:
        assert wire.text("MULTI") == "OK"
        assert queue(wire) == []
        wire.ask("SET", "a", "1\r\n")
        wire.ask("incr", "n")
        assert queue(wire) == [[b"SET", b"a", b"1\r\n"], [b"incr", b"n"]]
        wire.ask("PING")
        assert len(queue(wire)) == 3
        assert [item.text for item in wire.ask("EXEC").items] == [b"OK", b"1", b"PONG"]
        assert wire.text("MULTI") == "OK"
        assert queue(wire) == []


def test_each_its_own(server: Server) -> None:
    with Wire(server) as wire, Wire(server) as other:
        wire.ask("MULTI")
        other.ask("MULTI")
        wire.ask("ECHO", "mine")
        assert queue(other) == []
        assert queue(wire) == [[b"ECHO", b"mine"]]
