"""Exercise 10.2: rdb-generations keeps the files before the last one, and the last one is never missing."""

from __future__ import annotations

import os
import shutil
import threading
import time
from pathlib import Path

from harness.server import Server, ServerCommand
from harness.wire import Wire

FILE = "dump.rdb"


def files(server: Server) -> list[str]:
    return sorted(os.listdir(server.dir))


def value_in(command: ServerCommand, file: Path) -> str:
    """What a server that is started with that file has in k."""
    server = Server(command)
    shutil.copy(file, server.dir / FILE)
    with server, Wire(server) as wire:
        return str(wire.text("GET", "k"))


def save(server: Server, wire: Wire, value: int) -> None:
    wire.text("SET", "k", value)
    assert wire.text("SAVE") == "OK"


def test_none_by_default(server: Server) -> None:
    with Wire(server) as wire:
        assert wire.ask("CONFIG", "GET", "rdb-generations").items[1].text == b"0"
        save(server, wire, 1)
        save(server, wire, 2)
        assert [name for name in files(server) if "rdb" in name] == [FILE]


def test_three(command: ServerCommand) -> None:
    with Server(command, ["--rdb-generations", "3"]) as server, Wire(server) as wire:
        for value in range(1, 7):
            save(server, wire, value)
        assert [name for name in files(server) if "rdb" in name] == [FILE, *(f"{FILE}.{n}" for n in (1, 2, 3))]
        for name, kept in ((FILE, "6"), (f"{FILE}.1", "5"), (f"{FILE}.2", "4"), (f"{FILE}.3", "3")):
            assert value_in(command, server.dir / name) == kept


def test_a_child_keeps_them_too(command: ServerCommand) -> None:
    with Server(command) as server, Wire(server) as wire:
        assert wire.text("CONFIG", "SET", "rdb-generations", 1) == "OK"
        save(server, wire, 1)
        wire.text("SET", "k", 2)
        wire.text("BGSAVE")
        end = time.monotonic() + 15
        while "terminated with success" not in server.log():
            assert time.monotonic() < end
            time.sleep(0.01)
        assert value_in(command, server.dir / FILE) == "2"
        assert value_in(command, server.dir / f"{FILE}.1") == "1"


def test_never_missing(command: ServerCommand) -> None:
    """Another process looks for the file again and again while it is replaced a thousand times."""
    missing = 0
    done = threading.Event()
    with Server(command, ["--rdb-generations", "2"]) as server, Wire(server) as wire:
        save(server, wire, 0)

        def look() -> None:
            nonlocal missing
            while not done.is_set():
                missing += not (server.dir / FILE).exists()

        watcher = threading.Thread(target=look)
        watcher.start()
        for _ in range(20):
            wire.send(b"SAVE\r\n" * 50)
            for _ in range(50):
                assert wire.reply().text == b"OK"
        done.set()
        watcher.join()
        assert missing == 0
        assert [name for name in files(server) if name.startswith("temp")] == []


def test_a_save_that_fails_moves_nothing(command: ServerCommand) -> None:
    with Server(command, ["--rdb-generations", "2"]) as server, Wire(server) as wire:
        save(server, wire, 1)
        save(server, wire, 2)
        before = {name: (server.dir / name).read_bytes() for name in files(server) if "rdb" in name}
        wire.text("SET", "k", 3)
        blocker = server.dir / f"temp-{server.pid}.rdb"
        blocker.mkdir()
        assert wire.ask("SAVE").kind == "error"
        blocker.rmdir()
        assert {name: (server.dir / name).read_bytes() for name in files(server) if "rdb" in name} == before
