"""Disks that are full, slow or broken: what clients see, and what is in the log afterwards."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from harness.aof import ALWAYS, DIRECTORY, EVERYSEC, commands_in, files, last_file
from harness.disk import disk_of, in_a_small_disk
from harness.server import FILE_MAX, Server, ServerCommand
from harness.strace import calls, only, traced
from harness.wire import Wire

pytestmark = [pytest.mark.since(11), pytest.mark.skipif(sys.platform != "linux", reason="only Linux has strace, and a disk for one process")]
NO_SPACE = b"MISCONF Errors writing to the AOF file: No space left on device"
SYNC = ("fsync", "fdatasync")
POSTPONED_S = 2  # a write waits no longer for fsync


def wait_until(condition: Callable[[], object], seconds: float = 15) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)


def ready(wire: Wire) -> None:
    wait_until(lambda: wire.ask("PING").text == b"PONG")


def keys_after_a_kill(server: Server, command: ServerCommand, directory: Path) -> set[bytes]:
    """What a server has that is started with a copy of these files."""
    other = Server(command, server.args)
    (other.dir / DIRECTORY).mkdir()
    for path in (directory / DIRECTORY).iterdir():
        (other.dir / DIRECTORY / path.name).write_bytes(path.read_bytes())
    with other, Wire(other) as wire:
        ready(wire)
        return {item.text for item in wire.ask("KEYS", "*").items}


def fill_disk(disk: Path) -> Path:
    """A file that takes all space that is left."""
    ballast = disk / "ballast"
    with contextlib.suppress(OSError), ballast.open("wb", buffering=0) as file:
        while file.write(bytes(4096)):
            pass
    return ballast


@pytest.mark.parametrize("fsync", ["everysec", "no"])
def test_full_disk(command: ServerCommand, fsync: str) -> None:
    """Writes are refused and reads are not. Once there is space, what was acknowledged is in the log, and nothing else."""
    flags = ["--appendonly", "yes", "--appendfsync", fsync]
    with Server(in_a_small_disk(command, 2), flags) as server, Wire(server) as wire, Wire(server) as other:
        ready(wire)
        disk = disk_of(server)
        wire.text("SET", "first", 1)
        ballast = fill_disk(disk)
        acknowledged = [b"first"]
        for number in range(100):
            reply = wire.ask("SET", f"k:{number}", os.urandom(2000))
            if reply.kind == "error":
                break
            acknowledged.append(b"k:%d" % number)
        assert reply.text == NO_SPACE
        assert wire.ask("PING").text == NO_SPACE
        assert wire.text("GET", "first") == "1"
        for words in (("DEL", "first"), ("FLUSHALL",), ("INCR", "first"), ("EXPIRE", "first", 1)):
            assert wire.ask(*words).text == NO_SPACE
        assert other.text("MULTI") == "OK"
        assert other.text("GET", "first") == "QUEUED"
        assert other.ask("SET", "k", "v").text == NO_SPACE
        assert other.ask("EXEC").text == b"EXECABORT Transaction discarded because of previous errors."
        complete = [end for end, _ in commands_in(last_file(disk).read_bytes())]
        assert complete[-1] == last_file(disk).stat().st_size, "half a command in the middle of a log"
        ballast.unlink()
        wait_until(lambda: wire.ask("PING").text == b"PONG")
        wait_until(lambda: wire.ask("SET", "last", 1).text == b"OK")
        wait_until(lambda: b"last" in last_file(disk).read_bytes())
        assert keys_after_a_kill(server, command, disk) == {*acknowledged, b"last"}


def test_transaction_when_the_disk_is_full(command: ServerCommand) -> None:
    """What was queued before is refused by EXEC."""
    with Server(in_a_small_disk(command, 2), EVERYSEC) as server, Wire(server) as wire, Wire(server) as other:
        ready(wire)
        assert other.text("MULTI") == "OK"
        assert other.text("SET", "k", "v") == "QUEUED"
        fill_disk(disk_of(server))
        wait_until(lambda: wire.ask("SET", "noise", os.urandom(4000)).kind == "error")
        assert other.ask("EXEC").text == b"EXECABORT Transaction discarded because of: " + NO_SPACE
        assert other.text("MULTI") == "OK"
        assert other.text("GET", "k") == "QUEUED"
        assert other.ask("EXEC").kind == "array"  # it only reads


def test_full_disk_with_always(command: ServerCommand) -> None:
    """The server can't keep its promise, so it ends before it replies. Nothing that was acknowledged is missing then."""
    with Server(in_a_small_disk(command, 2), ALWAYS) as server, Wire(server) as wire:
        ready(wire)
        held = os.open(disk_of(server), os.O_DIRECTORY)
        try:
            fill_disk(disk_of(server))
            acknowledged: set[bytes] = set()
            with pytest.raises((AssertionError, OSError)):
                for number in range(1000):
                    assert wire.ask("SET", f"k:{number}", os.urandom(2000)).text == b"OK"
                    acknowledged.add(b"k:%d" % number)
            assert server.wait_exit(5) == 1
            assert keys_after_a_kill(server, command, Path(f"/proc/self/fd/{held}")) == acknowledged
        finally:
            os.close(held)


@pytest.mark.not_real  # SIGXFSZ ends it
def test_limit_of_a_file(command: ServerCommand) -> None:
    """The same with a limit for the size of files: a write that is done in part is undone."""
    with Server(command, EVERYSEC) as server, Wire(server) as wire:
        ready(wire)
        wire.text("SET", "first", 1)
        resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (1000, FILE_MAX))
        assert wire.text("SET", "long", "x" * 3000) == "OK"  # it is executed, and logged as soon as that is possible
        wait_until(lambda: wire.ask("SET", "k", "v").text == b"MISCONF Errors writing to the AOF file: File too large")
        data = last_file(server.dir).read_bytes()
        assert [words[1] for _, words in commands_in(data)] == [b"0", b"first"]
        resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (FILE_MAX, FILE_MAX))
        wait_until(lambda: wire.ask("SET", "last", 1).text == b"OK")
        wait_until(lambda: b"last" in last_file(server.dir).read_bytes())
        assert keys_after_a_kill(server, command, server.dir) == {b"first", b"long", b"last"}


def test_rewrite_on_a_full_disk(command: ServerCommand) -> None:
    """It fails and leaves the log as it is, without a temporary file; once there is space the next one succeeds."""
    with Server(in_a_small_disk(command, 4), ["--appendonly", "yes", "--appendfsync", "no"]) as server, Wire(server) as wire:
        ready(wire)
        disk = disk_of(server)
        for number in range(14):
            assert wire.text("SET", f"k:{number}", os.urandom(100_000)) == "OK"
        ballast = disk / "ballast"
        ballast.write_bytes(bytes(1_800_000))
        assert "started" in wire.text("BGREWRITEAOF")
        wait_until(lambda: "rewrite failed" in server.log() or "error" in server.log())
        assert wire.text("SET", "after", 1) == "OK"
        wait_until(lambda: not list(disk.glob("temp-*")))
        ballast.unlink()
        wait_until(lambda: b"started" in wire.ask("BGREWRITEAOF").text)
        wait_until(lambda: "finished successfully" in server.log())
        wait_until(lambda: [kind for _, kind in files(disk)] == ["b", "i"])
        assert len(keys_after_a_kill(server, command, disk)) == 15


@contextmanager
def with_slow_sync(command: ServerCommand, flags: list[str], seconds: float) -> Iterator[Server]:
    """A server that has its log already, for which each fsync takes so long."""
    with Server(command, flags) as server:
        with Wire(server) as wire:
            ready(wire)
        server.kill()
        delay = f"inject={','.join(f'?{name}' for name in SYNC)}:delay_enter={int(seconds * 1_000_000)}"
        server.command = traced(command, *only(SYNC), "-e", delay)
        server.start()
        with Wire(server) as wire:
            ready(wire)
        yield server


@pytest.mark.parametrize(("fsync", "waits"), [("always", True), ("everysec", False), ("no", False)])
def test_who_waits_for_a_slow_disk(command: ServerCommand, fsync: str, waits: bool) -> None:
    """With always a reply leaves after fsync; otherwise the thread, or nobody, waits for it."""
    with with_slow_sync(command, ["--appendonly", "yes", "--appendfsync", fsync], 0.5) as server, Wire(server) as wire:
        time.sleep(1.1)  # the next write is one that everysec syncs at once
        for _ in range(2):
            began = time.monotonic()
            assert wire.text("SET", "k", "v") == "OK"
            assert (time.monotonic() - began >= 0.5) == waits
        began = time.monotonic()
        wire.text("GET", "k")
        assert time.monotonic() - began < 0.4


def test_one_fsync_for_all_that_wait(command: ServerCommand) -> None:
    """With always: commands that come together are written together, and fsync is called once before their replies leave."""
    with with_slow_sync(command, ALWAYS, 0.3) as server:
        wires = [Wire(server) for _ in range(8)]
        began = time.monotonic()
        wires[0].send(b"INCR k\r\n")
        time.sleep(0.1)  # the server is in fsync
        for wire in wires[1:]:
            wire.send(b"INCR k\r\n" * 5)
        for wire in wires[1:]:
            assert [wire.reply().kind for _ in range(5)] == ["integer"] * 5
        assert 0.5 < time.monotonic() - began < 1.5
        for wire in wires:
            wire.close()


def test_writes_are_postponed(command: ServerCommand) -> None:
    """fsync takes five seconds: a write that comes meanwhile is acknowledged, waits two seconds in the server, and is done."""
    with with_slow_sync(command, EVERYSEC, 5) as server, Wire(server) as wire:
        path = last_file(server.dir)
        time.sleep(1.1)
        wire.text("SET", "first", 1)
        wait_until(lambda: b"first" in path.read_bytes())
        time.sleep(0.2)  # the thread is in fsync
        began = time.monotonic()
        assert wire.text("SET", "second", 1) == "OK"
        assert time.monotonic() - began < 0.3
        while b"second" not in path.read_bytes():
            assert time.monotonic() - began < POSTPONED_S + 1.5
            assert wire.text("GET", "second") == "1"
            time.sleep(0.02)
        # The real server counts whole seconds of its clock, so the first one may be short.
        assert time.monotonic() - began > (POSTPONED_S - 1 if command.real else POSTPONED_S) - 0.3
        if not command.core:
            assert "aof_delayed_fsync:1\r\n" in wire.text("INFO", "persistence")


@pytest.mark.not_real  # it starts three threads, whatever is configured
def test_thread_is_there_when_it_is_needed(command: ServerCommand) -> None:
    def threads(server: Server) -> int:
        return len(os.listdir(f"/proc/{server.pid}/task"))

    with Server(command, ["--appendonly", "yes", "--appendfsync", "no"]) as server, Wire(server) as wire:
        ready(wire)
        alone = threads(server)
        for fsync in ("no", "always"):
            wire.text("CONFIG", "SET", "appendfsync", fsync)
            wire.text("SET", "k", fsync)
            time.sleep(1.2)
            assert threads(server) == alone
        wire.text("CONFIG", "SET", "appendfsync", "everysec")
        wire.text("SET", "k", 1)
        wait_until(lambda: threads(server) == alone + 1)


@pytest.mark.more
@pytest.mark.parametrize("fsync", ["everysec", "always"])
def test_no_fsync_while_a_child_writes(command: ServerCommand, fsync: str) -> None:
    """With no-appendfsync-on-rewrite the log goes without fsync as long as a child writes, and no longer."""
    flags = ["--appendonly", "yes", "--appendfsync", fsync, "--rdb-key-save-delay", "100000"]
    with Server(traced(command, *only(SYNC), threads=True), flags) as server, Wire(server) as wire:

        def syncs() -> int:
            """How often fsync was called for the log."""
            return sum(".incr.aof" in call.line for call in calls(server))

        def synced_in(seconds: float) -> int:
            """The number of calls while keys are written."""
            before, end = syncs(), time.monotonic() + seconds
            while time.monotonic() < end:
                assert wire.text("SET", "k", "v") == "OK"
                time.sleep(0.05)
            return syncs() - before

        ready(wire)
        for n in range(50):  # 5 s for the child
            wire.text("SET", f"key:{n}", n)
        for wanted in ("no", "yes"):
            assert wire.text("CONFIG", "SET", "no-appendfsync-on-rewrite", wanted) == "OK"
            assert wire.text("BGSAVE") == "Background saving started"
            time.sleep(0.3)  # what was begun before is over
            assert (synced_in(2.2) > 0) == (wanted == "no")
            assert "rdb_bgsave_in_progress:1" in wire.text("INFO", "persistence")
            wait_until(lambda: "rdb_bgsave_in_progress:0" in wire.text("INFO", "persistence"))
        assert synced_in(2.2) > 0


@contextmanager
def with_broken_sync(command: ServerCommand, flags: list[str], what: str) -> Iterator[Server]:
    with Server(command, flags) as server:
        with Wire(server) as wire:
            ready(wire)
        server.kill()
        server.command = traced(command, *only(SYNC), "-e", f"inject={','.join(f'?{name}' for name in SYNC)}:error=EIO{what}")
        server.start()
        with Wire(server) as wire:
            ready(wire)
        yield server


def test_fsync_fails_with_always(command: ServerCommand) -> None:
    """The server ends, and the client gets no reply: it must not believe that the write is on disk."""
    with with_broken_sync(command, ALWAYS, "") as server, Wire(server) as wire:
        wire.send(b"SET k v\r\n")
        assert wire.until_closed() == b""
        assert server.wait_exit(5) == 1


def test_fsync_fails_with_everysec(command: ServerCommand) -> None:
    """Writes are refused until an fsync is successful again. The real server tries no other one."""
    with with_broken_sync(command, EVERYSEC, ":when=1..2") as server, Wire(server) as wire:
        time.sleep(1.1)
        assert wire.text("SET", "k", "v") == "OK"
        wait_until(lambda: wire.ask("SET", "k", "v").text == b"MISCONF Errors writing to the AOF file: Input/output error")
        assert wire.text("GET", "k") == "v"
        if not command.real:
            wait_until(lambda: wire.ask("SET", "k", "w").text == b"OK", 8)


def test_directory_that_cannot_be_made(command: ServerCommand) -> None:
    """A directory that can't be made ends the start."""
    server = Server(command, EVERYSEC)
    try:
        (server.dir / DIRECTORY).write_text("a file, and no directory")
        server.launch()
        assert server.wait_exit(5) == 1
    finally:
        server.close()


@pytest.mark.more
def test_no_end_before_the_first_base(command: ServerCommand) -> None:
    """Who has just switched the log on relies on it: until its base is written, only FORCE ends the server."""
    with Server(command, ["--rdb-key-save-delay", "1000000", "--shutdown-timeout", "0"]) as server, Wire(server) as wire:
        for n in range(20):
            wire.text("SET", f"key:{n}", n)
        assert wire.text("CONFIG", "SET", "appendonly", "yes") == "OK"
        assert "aof_rewrite_in_progress:1" in wire.text("INFO", "persistence")
        for words in (("SHUTDOWN",), ("SHUTDOWN", "NOSAVE"), ("SHUTDOWN", "NOW")):
            assert wire.ask(*words).text == b"ERR Errors trying to SHUTDOWN. Check logs."
        os.kill(server.pid, signal.SIGTERM)
        wait_until(lambda: server.log().count("Writing initial AOF, can't exit") == 4)
        assert wire.text("PING") == "PONG"
        wire.send(b"SHUTDOWN NOSAVE FORCE\r\n")
        assert wire.until_closed() == b""
        assert server.wait_exit(5) == 0
