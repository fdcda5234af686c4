"""Exercise 11.1: LOGSIZE replies with the bytes of the log and the number of effects."""

from __future__ import annotations

from harness.server import Server, ServerCommand
from harness.wire import Wire

LOGGED = ["--appendonly", "yes", "--appendfsync", "always"]


def logsize(wire: Wire) -> list[int]:
    reply = wire.ask("LOGSIZE")
    assert reply.kind == "array", reply
    return [int(item.text) for item in reply.items]


def test_bytes_and_effects(command: ServerCommand) -> None:
    with Server(command, LOGGED) as server, Wire(server) as wire:
        before, effects = logsize(wire)
        assert effects == 0
        wire.ask("SET", "a", 1)
        wire.ask("GET", "a")
        wire.ask("SELECT", 2)
        wire.ask("RPUSH", "list", "a", "b")
        after, effects = logsize(wire)
        assert effects == 2
        incr = server.dir / "appendonlydir/appendonly.aof.1.incr.aof"
        assert after - before == incr.stat().st_size > 0


def test_pending_bytes_count(command: ServerCommand) -> None:
    with Server(command, LOGGED) as server, Wire(server) as wire:
        before = logsize(wire)[0]
        wire.send(b"SET a 1\r\nLOGSIZE\r\n")
        assert wire.reply().text == b"OK"
        size, effects = (int(item.text) for item in wire.reply().items)
        assert effects == 1
        assert size - before == len("*2\r\n$6\r\nSELECT\r\n$1\r\n0\r\n*3\r\n$3\r\nSET\r\n$1\r\na\r\n$1\r\n1\r\n")


def test_without_a_log(server: Server) -> None:
    with Wire(server) as wire:
        wire.ask("SET", "a", 1)
        assert logsize(wire) == [0, 0]
