"""Exercise 11.2: LOGSYNC replies when all that was logged is on disk."""

from __future__ import annotations

from harness.server import Server, ServerCommand
from harness.wire import Wire

LOG = "appendonlydir/appendonly.aof.1.incr.aof"


def test_the_file_is_complete(command: ServerCommand) -> None:
    for policy in ("always", "everysec", "no"):
        with Server(command, ["--appendonly", "yes", "--appendfsync", policy]) as server, Wire(server) as wire:
            wire.ask("SET", "a", 1)
            size = wire.integer("LOGSYNC")
            assert size == (server.dir / LOG).stat().st_size > 0
            assert wire.integer("LOGSYNC") == size


def test_what_is_pending_is_written(command: ServerCommand) -> None:
    with Server(command, ["--appendonly", "yes"]) as server, Wire(server) as wire:
        empty = wire.integer("LOGSYNC")
        wire.send(b"SET a 1\r\nLOGSYNC\r\n")
        assert wire.reply().text == b"OK"
        assert int(wire.reply().text) > empty


def test_a_kill_takes_nothing(command: ServerCommand) -> None:
    with Server(command, ["--appendonly", "yes"]) as server:
        with Wire(server) as wire:
            for i in range(100):
                wire.ask("SET", f"k{i}", i)
            assert wire.integer("LOGSYNC") > 0
        server.kill()
        server.start()
        with Wire(server) as wire:
            assert wire.integer("DBSIZE") == 100


def test_without_a_log(server: Server) -> None:
    with Wire(server) as wire:
        assert wire.ask("LOGSYNC").text == b"ERR the log is off"
