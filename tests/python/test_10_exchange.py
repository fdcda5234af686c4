"""Files from one server to the other: what redis-server writes is read, and the other way round."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from harness.dataset import LATER, TYPES, Command, fill, holds
from harness.rdb import NO_CHECKSUM, difference
from harness.server import Server, ServerCommand, real_command
from harness.wire import Wire

pytestmark = [pytest.mark.since(10), pytest.mark.needs("redis-server")]
FILE = "dump.rdb"


@contextmanager
def loaded(command: ServerCommand, file: Path, args: list[str] | None = None) -> Iterator[Server]:
    """A server that is started where there is a copy of the file."""
    server = Server(command, args)
    shutil.copy(file, server.dir / FILE)
    with server:
        yield server


def saved(server: Server, wire: Wire) -> Path:
    assert wire.text("SAVE") == "OK"
    return server.dir / FILE


@pytest.mark.parametrize("name", [*TYPES, "all"])
@pytest.mark.parametrize("direction", ["read", "written"])
def test_every_type(command: ServerCommand, direction: str, name: str) -> None:
    """The values are the same, with their encodings and expiration times."""
    real = real_command()
    writer, reader = (command, real) if direction == "written" else (real, command)
    with Server(writer) as server, Wire(server) as wire:
        fill(wire, None if name == "all" else TYPES[name]())
        wanted = holds(wire)
        with loaded(reader, saved(server, wire)) as other, Wire(other) as other_wire:
            assert holds(other_wire) == wanted


@pytest.mark.more
@pytest.mark.parametrize("direction", ["read", "written"])
def test_digest(command: ServerCommand, direction: str) -> None:
    """DEBUG DIGEST is one number for all data."""
    real = real_command()
    writer, reader = (command, real) if direction == "written" else (real, command)
    with Server(writer) as server, Wire(server) as wire:
        fill(wire)
        with loaded(reader, saved(server, wire)) as other, Wire(other) as other_wire:
            assert other_wire.text("DEBUG", "DIGEST") == wire.text("DEBUG", "DIGEST")


@pytest.mark.more
def test_groups(command: ServerCommand) -> None:
    """XINFO tells all that a stream and its groups have, and it comes through both ways."""
    real = real_command()
    with Server(command) as server, Wire(server) as wire:
        fill(wire, TYPES["stream"]())
        wanted = [wire.ask("XINFO", "STREAM", key, "FULL", "COUNT", 0) for key in ("stream", "stream:empty")]
        with loaded(real, saved(server, wire)) as other, Wire(other) as other_wire:
            for key, reply in zip(("stream", "stream:empty"), wanted, strict=True):
                got = other_wire.ask("XINFO", "STREAM", key, "FULL", "COUNT", 0)
                assert without_radix_tree(got) == without_radix_tree(reply)
            with loaded(command, saved(other, other_wire)) as third, Wire(third) as third_wire:
                got = third_wire.ask("XINFO", "STREAM", "stream", "FULL", "COUNT", 0)
                assert without_radix_tree(got) == without_radix_tree(wanted[0])


def without_radix_tree(reply: object) -> list[object]:
    items = list(getattr(reply, "items", []))
    return [items[i : i + 2] for i in range(0, len(items), 2) if b"radix" not in items[i].text]


def check_rdb(file: Path) -> str:
    """What redis-check-rdb says of a file."""
    done = subprocess.run(["redis-check-rdb", str(file)], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.mark.parametrize("compression", ["", *(pytest.param(word, marks=pytest.mark.more) for word in ("yes", "no"))])
@pytest.mark.parametrize("checksum", ["yes", "no"])
def test_the_checker_accepts_it(command: ServerCommand, compression: str, checksum: str) -> None:
    args = [*(["--rdbcompression", compression] if compression else []), "--rdbchecksum", checksum]
    with Server(command, args) as server, Wire(server) as wire:
        fill(wire)
        file = saved(server, wire)
        said = check_rdb(file)
        keys = sum(wire.integer("DBSIZE") for d in (0, 1, 15) if wire.text("SELECT", d) == "OK")
        assert f"[info] {keys} keys read" in said
        assert "[info] 7 expires" in said
        assert ("Checksum OK" in said) == (checksum == "yes")
        assert (file.read_bytes()[-8:] == bytes(8)) == (checksum == "no")


@pytest.mark.more
def test_compression_saves_space(command: ServerCommand) -> None:
    """A row of one letter becomes a few bytes; a key and an element are strings like others."""
    sizes = {}
    for compression in ("yes", "no"):
        with Server(command, ["--rdbcompression", compression]) as server, Wire(server) as wire:
            wire.text("SET", "k" * 10_000, "v" * 100_000)
            wire.integer("RPUSH", "list", "e" * 5_000)
            sizes[compression] = saved(server, wire).stat().st_size
    assert sizes["no"] > 115_000
    assert sizes["yes"] < 4_000


@pytest.mark.more
@pytest.mark.parametrize("policy", ["allkeys-lru", "allkeys-lfu", "noeviction"])
def test_use_of_keys(command: ServerCommand, policy: str) -> None:
    """The file says when a key was used if the policy is LRU, and how often if it is LFU."""
    args = ["--maxmemory-policy", policy]
    with Server(command, args) as server, Wire(server) as wire:
        wire.text("SET", "k", "v")
        data = saved(server, wire).read_bytes()
        assert (b"\xf8\x00\x00\x01k" in data) == (policy == "allkeys-lru")
        assert (b"\xf9\x05\x00\x01k" in data) == (policy == "allkeys-lfu")
        with loaded(command, server.dir / FILE, args) as other, Wire(other) as other_wire:
            assert other_wire.text("GET", "k") == "v"


@pytest.mark.parametrize("policy", ["allkeys-lru", "allkeys-lfu"])
def test_use_of_keys_is_read(command: ServerCommand, policy: str) -> None:
    """A server with any policy reads what one with another has written."""
    with Server(real_command(), ["--maxmemory-policy", policy]) as server, Wire(server) as wire:
        fill(wire)
        wanted = holds(wire)
        with loaded(command, saved(server, wire)) as other, Wire(other) as other_wire:
            assert holds(other_wire) == wanted


@pytest.mark.parametrize("value", ["v", pytest.param("12", marks=pytest.mark.more)])
def test_bytes_of_a_small_file(command: ServerCommand, value: str) -> None:
    """The two files have the same bytes from the first database on, but for the checksum."""
    commands: list[Command] = [
        ("SET", "n", value), ("PEXPIREAT", "n", LATER), ("RPUSH", "l", "a", "1"), ("SADD", "s", "3", "1"),
        ("HSET", "h", "f", "v"), ("ZADD", "z", "1.5", "m"), ("XADD", "x", "1-1", "f", "v"),
    ]  # fmt: skip
    for one in commands:
        bodies = []
        for which in (command, real_command()):
            with Server(which) as server, Wire(server) as wire:
                key = str(commands[0][1]) if one[0] == "PEXPIREAT" else ""
                if key:
                    wire.ask(*commands[0])
                wire.ask(*one)
                data = saved(server, wire).read_bytes()
                assert data.startswith(b"REDIS0010\xfa\x09redis-ver\x06")
                bodies.append(b"REDIS0010" + data[data.index(b"\xfe\x00\xfb") : -8] + NO_CHECKSUM)
        assert not (said := difference(bodies[1], bodies[0])), f"{one}: {said}"
