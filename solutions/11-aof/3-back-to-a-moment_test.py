"""Exercise 11.3: aof-load-stop-before names a command at which loading ends."""

from __future__ import annotations

import os

from harness.server import Server, ServerCommand
from harness.wire import Wire

LOGGED = ["--appendonly", "yes", "--appendfsync", "always"]
STOP = ["--aof-load-stop-before", "flushall"]


def files(server: Server) -> set[str]:
    return set(os.listdir(server.dir / "appendonlydir"))


def test_the_data_is_back(command: ServerCommand) -> None:
    with Server(command, LOGGED) as server:
        with Wire(server) as wire:
            wire.ask("SET", "a", 1)
            wire.ask("FLUSHALL")
            wire.ask("SET", "b", 2)
        server.kill()
        old = files(server)
        server.start([*LOGGED, *STOP])
        with Wire(server) as wire:
            assert wire.integer("EXISTS", "a") == 1
            assert wire.integer("EXISTS", "b") == 0
            wire.ask("SET", "c", 3)
        assert old <= files(server)
        manifest = (server.dir / "appendonlydir/appendonly.aof.manifest").read_text()
        assert not old & {line.split()[1] for line in manifest.splitlines()}
        server.kill()
        server.start(LOGGED)
        with Wire(server) as wire:
            assert wire.integer("EXISTS", "a", "c") == 2
            assert wire.integer("DBSIZE") == 2


def test_in_an_older_increment(command: ServerCommand) -> None:
    """What is in the files behind it does not count."""
    server = Server(command, [*LOGGED, *STOP])
    directory = server.dir / "appendonlydir"
    directory.mkdir()
    (directory / "appendonly.aof.manifest").write_text(
        "file appendonly.aof.1.incr.aof seq 1 type i\nfile appendonly.aof.2.incr.aof seq 2 type i\n")
    (directory / "appendonly.aof.1.incr.aof").write_bytes(
        b"*3\r\n$3\r\nSET\r\n$1\r\na\r\n$1\r\n1\r\n*1\r\n$8\r\nFLUSHALL\r\n")
    (directory / "appendonly.aof.2.incr.aof").write_bytes(b"*3\r\n$3\r\nSET\r\n$1\r\nb\r\n$1\r\n1\r\n")
    with server, Wire(server) as wire:
        assert wire.integer("EXISTS", "a") == 1
        assert wire.integer("DBSIZE") == 1


def test_nothing_stops_it(command: ServerCommand) -> None:
    """Without such a command the log goes on."""
    with Server(command, [*LOGGED, *STOP]) as server:
        with Wire(server) as wire:
            wire.ask("SET", "a", 1)
        old = files(server)
        server.kill()
        server.start([*LOGGED, *STOP])
        with Wire(server) as wire:
            assert wire.integer("EXISTS", "a") == 1
        assert files(server) == old
