"""Logs from one server to the other: what redis-server has logged is executed, and the other way round."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from harness.dataset import TYPES, fill, holds
from harness.server import Server, ServerCommand, real_command
from harness.wire import Wire

pytestmark = [pytest.mark.since(11), pytest.mark.needs("redis-server")]
LOGGED = ["--appendonly", "yes", "--appendfsync", "always"]
DIRECTORY = "appendonlydir"
MANIFEST = "appendonly.aof.manifest"


def wait_until(condition: Callable[[], object], seconds: float = 15) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)


@contextmanager
def loaded(command: ServerCommand, directory: Path, args: list[str] | None = None) -> Iterator[Server]:
    """A server that is started where there is a copy of the log."""
    server = Server(command, [*LOGGED, *(args or [])])
    shutil.copytree(directory, server.dir / DIRECTORY)
    with server:
        with Wire(server) as wire:
            wait_until(lambda: wire.ask("PING").text == b"PONG")
        yield server


def checked(server: Server) -> Path:
    """The directory of a server's log, with which redis-check-aof is content."""
    directory = server.dir / DIRECTORY
    done = subprocess.run(
        ["redis-check-aof", str(directory / MANIFEST)], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stdout
    assert "All AOF files and manifest are valid" in done.stdout
    return directory


GROUPS = ("stream", "all")  # XREADGROUP is logged as XCLAIM, which the lesson does not have


@pytest.mark.parametrize("name", [pytest.param(name, marks=[pytest.mark.more] if name in GROUPS else []) for name in (*TYPES, "all")])
@pytest.mark.parametrize("direction", ["read", "written"])
def test_every_type(command: ServerCommand, direction: str, name: str) -> None:
    """The values are the same, with their encodings and expiration times."""
    real = real_command()
    writer, reader = (command, real) if direction == "written" else (real, command)
    with Server(writer, LOGGED) as server, Wire(server) as wire:
        fill(wire, None if name == "all" else TYPES[name]())
        wanted = holds(wire)
        with loaded(reader, checked(server)) as other, Wire(other) as other_wire:
            assert holds(other_wire) == wanted


@pytest.mark.more
@pytest.mark.parametrize("rewritten", [False, True])
@pytest.mark.parametrize("direction", ["read", "written"])
def test_digest(command: ServerCommand, direction: str, rewritten: bool) -> None:
    """DEBUG DIGEST is one number for all data, whether a base has it or an increment."""
    real = real_command()
    writer, reader = (command, real) if direction == "written" else (real, command)
    with Server(writer, LOGGED) as server, Wire(server) as wire:
        fill(wire)
        if rewritten:
            assert "started" in wire.text("BGREWRITEAOF")
            wait_until(lambda: "finished successfully" in server.log())
        wanted = wire.text("DEBUG", "DIGEST")
        with loaded(reader, checked(server)) as other, Wire(other) as other_wire:
            assert other_wire.text("DEBUG", "DIGEST") == wanted
