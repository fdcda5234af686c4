"""Logs in the forms that they may have, read and written by either server: a base of commands, times, and the old layout."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from harness.aof import ALWAYS, DIRECTORY, MANIFEST, NAME, commands_in, files, last_file, written
from harness.dataset import LATER, fill
from harness.server import Server, ServerCommand, real_command
from harness.wire import Wire
from harness.wire import command as words_of

pytestmark = [pytest.mark.since(11), pytest.mark.more, pytest.mark.needs("redis-server")]
OF_COMMANDS = [*ALWAYS, "--aof-use-rdb-preamble", "no"]


def wait_until(condition: Callable[[], object], seconds: float = 15) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)


def ready(wire: Wire) -> None:
    wait_until(lambda: wire.ask("PING").text == b"PONG")


def rewrite(server: Server, wire: Wire) -> None:
    at = len(server.log())
    assert "started" in wire.text("BGREWRITEAOF")
    wait_until(lambda: "AOF rewrite finished successfully" in server.log()[at:])
    wait_until(lambda: [kind for _, kind in files(server.dir)] == ["b", "i"])


def pairs(command: ServerCommand, direction: str) -> tuple[ServerCommand, ServerCommand]:
    """Who writes, and who reads."""
    real = real_command()
    return (command, real) if direction == "written" else (real, command)


@contextmanager
def reading(command: ServerCommand, directory: Path, args: list[str]) -> Iterator[Wire]:
    """A client of a server that is started with a copy of the log."""
    server = Server(command, args)
    shutil.copytree(directory / DIRECTORY, server.dir / DIRECTORY)
    with server, Wire(server) as wire:
        ready(wire)
        yield wire


def is_valid(path: Path) -> bool:
    done = subprocess.run(["redis-check-aof", str(path)], capture_output=True, text=True, timeout=60)
    return done.returncode == 0


def base_of(server: Server) -> Path:
    (base,) = (path for path, kind in files(server.dir) if kind == "b")
    return base


@pytest.mark.parametrize("direction", ["read", "written"])
def test_base_of_commands(command: ServerCommand, direction: str) -> None:
    """The digest is the same; the file has the name that says what is in it, and no snapshot in it."""
    writer, reader = pairs(command, direction)
    with Server(writer, OF_COMMANDS) as server, Wire(server) as wire:
        ready(wire)
        assert base_of(server).name == f"{NAME}.1.base.aof"
        assert base_of(server).read_bytes() == b""
        fill(wire)
        rewrite(server, wire)
        assert base_of(server).name == f"{NAME}.2.base.aof"
        assert base_of(server).read_bytes()[:7] == b"*2\r\n$6\r"
        assert is_valid(server.dir / DIRECTORY / MANIFEST)
        wanted = wire.text("DEBUG", "DIGEST")
        with reading(reader, server.dir, ALWAYS) as other:
            assert other.text("DEBUG", "DIGEST") == wanted


@pytest.mark.not_real
def test_commands_of_a_base(command: ServerCommand) -> None:
    """They are those of the real server; what has no order there may be in another one."""
    found = []
    for one in (command, real_command()):
        with Server(one, OF_COMMANDS) as server, Wire(server) as wire:
            ready(wire)
            fill(wire)
            wire.text("XGROUP", "CREATECONSUMER", "stream", "others", "idle")
            wire.text("SET", "later", 1, "PXAT", LATER)
            rewrite(server, wire)
            commands = [words for _, words in commands_in(base_of(server).read_bytes())]
            found.append(sorted(unordered(words) for words in commands))
    for ours, theirs in zip(*found, strict=True):
        assert ours == theirs


def unordered(words: list[bytes]) -> list[bytes]:
    """A command without what differs by chance: the order in a table, the time of a delivery."""
    name = words[0]
    if words[1] in (b"set:many", b"hash:many", b"zset:many"):
        return [name, words[1], b"%d" % len(words)]
    if name == b"SADD":
        return [*words[:2], *sorted(words[2:])]
    if name in (b"HMSET", b"ZADD"):
        couples = sorted(zip(words[2::2], words[3::2], strict=True))
        return [*words[:2], *(word for couple in couples for word in couple)]
    if name == b"XCLAIM":
        return [*words[:7], *words[8:]]
    return words


def test_times(command: ServerCommand, tmp_path: Path) -> None:
    """A line stands before the first command of a second, also at the begin of a base; redis-check-aof cuts at one."""
    with Server(command, [*OF_COMMANDS, "--aof-timestamp-enabled", "yes"]) as server, Wire(server) as wire:
        ready(wire)
        time.sleep(1.1)  # its base, which is made of commands, begins with a line
        wire.text("SET", "a", 1)
        time.sleep(1.1)
        wait_until(lambda: time.time() % 1 < 0.2)
        moment = int(time.time())
        for key in ("b", "c"):
            wire.text("SET", key, 1)
        data = last_file(server.dir).read_bytes()
        lines = [int(text) for text in re.findall(rb"(?m)^#TS:(\d+)\r\n", data)]
        assert len(lines) == 2 and lines[1] == moment
        assert data.index(b"#TS") == 0 and data.index(b"#TS:%d" % moment) < data.index(b"\r\nb\r\n")
        time.sleep(1.1)
        wire.text("SET", "d", 1)
        copy = tmp_path / DIRECTORY
        shutil.copytree(server.dir / DIRECTORY, copy)
        rewrite(server, wire)
        assert base_of(server).read_bytes().startswith(b"#TS:")
        assert is_valid(server.dir / DIRECTORY / MANIFEST)
    done = subprocess.run(
        ["redis-check-aof", "--truncate-to-timestamp", str(moment), str(copy / MANIFEST)],
        capture_output=True, text=True, timeout=30,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    other = Server(command, ALWAYS)
    shutil.copytree(copy, other.dir / DIRECTORY)
    with other, Wire(other) as wire:
        ready(wire)
        assert sorted(item.text for item in wire.ask("KEYS", "*").items) == [b"a", b"b", b"c"]


OLD = written([("SELECT", 0), ("SET", "a", 1), ("INCR", "a")])


@pytest.mark.parametrize("found", ["alone", "directory", "manifest"])
def test_old_layout(command: ServerCommand, found: str) -> None:
    """One file in place of a directory, also if an upgrade did not come to its end."""
    server = Server(command, ALWAYS)
    (server.dir / NAME).write_bytes(OLD)
    folder = server.dir / DIRECTORY
    if found != "alone":
        folder.mkdir()
    if found == "manifest":
        (folder / MANIFEST).write_text(f"file {NAME} seq 1 type b\n")
    with server, Wire(server) as wire:
        ready(wire)
        assert wire.text("GET", "a") == "2"
        assert not (server.dir / NAME).exists()
        assert (folder / NAME).read_bytes() == OLD
        assert wire.integer("INCR", "a") == 3
        assert (folder / MANIFEST).read_text() == f"file {NAME} seq 1 type b\nfile {NAME}.1.incr.aof seq 1 type i\n"
        assert is_valid(folder / MANIFEST)
        rewrite(server, wire)
        assert base_of(server).name == f"{NAME}.2.base.rdb"
        wait_until(lambda: not (folder / NAME).exists())
        server.kill()
        server.start()
        with Wire(server) as other:
            ready(other)
            assert other.text("GET", "a") == "3"


def test_old_file_beside_a_log(command: ServerCommand) -> None:
    """A log that is there already is not replaced."""
    with Server(command, ALWAYS) as server:
        with Wire(server) as wire:
            ready(wire)
            wire.text("SET", "new", 1)
        server.kill()
        (server.dir / NAME).write_bytes(OLD)
        server.start()
        with Wire(server) as wire:
            ready(wire)
            assert wire.integer("EXISTS", "new") == 1
            assert wire.integer("EXISTS", "a") == 0
            assert (server.dir / NAME).exists()


def test_old_snapshot_with_commands(command: ServerCommand) -> None:
    """Since 4.0 the one file may begin with a snapshot, and commands follow."""
    with Server(real_command(), ALWAYS) as server, Wire(server) as wire:
        ready(wire)
        wire.text("SET", "s", 1)
        wire.text("SAVE")
        mixed = (server.dir / "dump.rdb").read_bytes() + OLD
    server = Server(command, ALWAYS)
    (server.dir / NAME).write_bytes(mixed)
    with server, Wire(server) as wire:
        ready(wire)
        assert wire.text("GET", "s") == "1"
        assert wire.text("GET", "a") == "2"


def test_loadaof(command: ServerCommand) -> None:
    """The data is that of the log, nothing of it is logged again, and what follows is."""
    with Server(command, ALWAYS) as server, Wire(server) as wire:
        ready(wire)
        fill(wire)
        wanted = wire.text("DEBUG", "DIGEST")
        before = last_file(server.dir).read_bytes()
        assert wire.text("DEBUG", "LOADAOF") == "OK"
        assert wire.text("DEBUG", "DIGEST") == wanted
        assert last_file(server.dir).read_bytes() == before
        wire.text("SET", "after", 1)
        assert b"after" in last_file(server.dir).read_bytes()[len(before) :]
        rewrite(server, wire)
        wanted = wire.text("DEBUG", "DIGEST")
        assert wire.text("DEBUG", "LOADAOF") == "OK"
        assert wire.text("DEBUG", "DIGEST") == wanted


@pytest.mark.not_real
def test_loadaof_in_a_transaction(command: ServerCommand) -> None:
    """It is refused, and the other commands are logged."""
    with Server(command, ALWAYS) as server, Wire(server) as wire:
        ready(wire)
        for words in (("MULTI",), ("SET", "a", 1), ("DEBUG", "LOADAOF"), ("SET", "b", 1)):
            wire.text(*words)
        assert wire.ask("EXEC").items[1].kind == "error"
        assert b"\r\nb\r\n" in last_file(server.dir).read_bytes()


def test_loadaof_without_a_log(command: ServerCommand) -> None:
    """There is nothing to load, so the server ends."""
    with Server(command) as server, Wire(server) as wire:
        wire.send(b"DEBUG LOADAOF\r\n")
        assert server.wait_exit(5) == 1


@pytest.mark.parametrize(("growth", "rewritten"), [("100", True), ("0", False)])
def test_rewrite_by_growth(command: ServerCommand, growth: str, rewritten: bool) -> None:
    """When the log has grown by so many percent and is large enough; 0 percent is never."""
    flags = ["--auto-aof-rewrite-percentage", growth, "--auto-aof-rewrite-min-size", "10kb"]
    with Server(command, [*ALWAYS, *flags]) as server, Wire(server) as wire:
        ready(wire)
        for _ in range(20):
            wire.text("SET", "k", os.urandom(400))
        time.sleep(0.4)
        assert "rewrite" not in server.log()  # it is too small
        for _ in range(30):
            wire.text("SET", "k", os.urandom(1000))
        if rewritten:
            wait_until(lambda: "AOF rewrite finished successfully" in server.log())
            size = sum(path.stat().st_size for path, _ in files(server.dir))
            assert size < 30_000
            wire.text("CONFIG", "SET", "auto-aof-rewrite-percentage", 100_000)
            at = len(server.log())
            for _ in range(30):
                wire.text("SET", "k", os.urandom(max(size // 15, 1000)))
            time.sleep(0.4)
            assert "rewrite" not in server.log()[at:]  # it has not grown by so much
            wire.text("CONFIG", "SET", "auto-aof-rewrite-percentage", 150)
            wait_until(lambda: "AOF rewrite finished successfully" in server.log()[at:])
        else:
            time.sleep(0.5)
            assert "rewrite" not in server.log()


def test_a_form_that_no_client_may_send(command: ServerCommand) -> None:
    """What XADD and XTRIM have trimmed with LIMIT is logged as MAXLEN = length, with the LIMIT."""
    with Server(command, ALWAYS) as server:
        with Wire(server) as wire:
            for i in range(1, 8):
                assert wire.ask("XADD", "k", "MAXLEN", "~", 100, "LIMIT", 5, f"{i}-*", "f", i).kind == "bulk"
            assert wire.integer("XTRIM", "k", "MAXLEN", "~", 3, "LIMIT", 100) == 0
            assert wire.ask("XTRIM", "k", "MAXLEN", "=", 3, "LIMIT", 100).kind == "error"
        server.kill()
        server.start([*server.args])
        with Wire(server) as wire:
            ready(wire)
            assert wire.integer("XLEN", "k") == 7
            assert wire.ask("XTRIM", "k", "MAXLEN", "=", 3, "LIMIT", 100).kind == "error"


def test_a_limit_ends_no_trimming_of_a_log(command: ServerCommand) -> None:
    """The length that is logged says all, also where nodes have another size than the LIMIT was made for."""
    with Server(command, [*ALWAYS, "--stream-node-max-entries", "100"]) as server:
        with Wire(server) as wire:
            for i in range(1, 1001):
                wire.send(words_of("XADD", "k", f"{i}-1", "f", i))
            for _ in range(1000):
                wire.reply()
            assert wire.integer("XTRIM", "k", "MAXLEN", "~", 0, "LIMIT", 150) == 100
        server.kill()
        server.start([*server.args, "--stream-node-max-entries", "1000"])
        with Wire(server) as wire:
            ready(wire)
            assert wire.integer("XLEN", "k") == 900


def test_a_consumer_that_asks_for_what_it_has(command: ServerCommand) -> None:
    """With NOACK a consumer that did not exist is logged, although it has nothing and gets nothing."""
    with Server(command, ALWAYS) as server:
        with Wire(server) as wire:
            wire.text("XADD", "k", "1-1", "f", "v")
            wire.text("XGROUP", "CREATE", "k", "g", "0")
            for name, *noack in (("ann", "NOACK"), ("bob",)):
                wire.ask("XREADGROUP", "GROUP", "g", name, *noack, "STREAMS", "k", "0")
        server.kill()
        server.start([*server.args])
        with Wire(server) as wire:
            ready(wire)
            assert wire.integer("XGROUP", "CREATECONSUMER", "k", "g", "ann") == 0
            assert wire.integer("XGROUP", "CREATECONSUMER", "k", "g", "bob") == 1
