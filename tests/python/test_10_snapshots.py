"""When the server saves, what is in the file then, and what is left after a kill at any moment."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.dataset import add_many
from harness.load import pipeline
from harness.process import sanitized
from harness.server import Server, ServerCommand, with_save
from harness.wire import Wire

pytestmark = pytest.mark.since(10)
FILE = "dump.rdb"
KILLS = int(os.environ.get("SNAPSHOT_KILLS", "10"))
MANY = 100_000 if sanitized() else 400_000


def wait_until(condition: Callable[[], object], seconds: float = 15) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)


def again(server: Server) -> None:
    """Starts the server once more in its directory, and waits until it has read its file."""
    server.kill()
    server.start()
    with Wire(server) as wire:
        wait_until(lambda: wire.ask("PING").text == b"PONG")


def temporary_files(server: Server) -> list[str]:
    return [name for name in os.listdir(server.dir) if name.startswith("temp-")]


def test_data_is_there_after_a_stop(command: ServerCommand) -> None:
    """SIGTERM saves where there are save points, and nothing where there are none."""
    for points, kept in (("3600 1", True), ("", False)):
        with Server(with_save(command, points)) as server:
            with Wire(server) as wire:
                wire.text("SET", "k", "v")
            assert server.terminate() == 0
            assert (server.dir / FILE).exists() == kept
            again(server)
            with Wire(server) as wire:
                assert wire.integer("EXISTS", "k") == kept


def test_save_point(command: ServerCommand) -> None:
    """After a second with two changes the server saves by itself, and a kill loses nothing of that."""
    with Server(with_save(command, "1", "2")) as server:
        with Wire(server) as wire:
            wire.text("SET", "a", 1)
            time.sleep(2.2)
            assert not (server.dir / FILE).exists()  # one change is not enough
            wire.text("SET", "b", 2)
            wait_until((server.dir / FILE).exists)
            wait_until(lambda: "terminated with success" in server.log())
        again(server)
        with Wire(server) as wire:
            assert wire.integer("EXISTS", "a", "b") == 2


def test_moment_of_the_fork(command: ServerCommand) -> None:
    """The file has what there was when BGSAVE was called; commands are executed meanwhile."""
    with Server(command) as server, Wire(server) as wire:
        add_many(wire, MANY)
        assert "started" in wire.text("BGSAVE")
        assert wire.text("SET", "after", 1) == "OK"
        assert wire.text("SET", "key:0", "after") == "OK"
        assert wire.integer("DEL", "key:1") == 1
        reply = wire.ask("BGSAVE")
        if reply.kind == "error":  # else the first is done already
            assert b"already in progress" in reply.text
            assert b"already in progress" in wire.ask("SAVE").text
        wait_until(lambda: "terminated with success" in server.log())
        again(server)
        with Wire(server) as other:
            assert other.integer("DBSIZE") == MANY
            assert other.text("GET", "key:0") == "value 0"


def test_kill_at_any_moment(command: ServerCommand) -> None:
    """SIGKILL to the server and its child while they save: the file is the old one or the new one, and whole."""
    chance = random.Random(10)
    with Server(command) as server:
        with Wire(server) as wire:
            add_many(wire, MANY)
            wire.text("SET", "round", 0)
            assert wire.text("SAVE") == "OK"
        for number in range(1, KILLS + 1):
            with Wire(server) as wire:
                old = int(wire.text("GET", "round"))
                wire.text("SET", "round", number)
                if number % 2:
                    wire.text("BGSAVE")
                else:
                    wire.send(b"SAVE\r\n")
                time.sleep(chance.random() * 0.25)
            again(server)
            with Wire(server) as wire:
                assert wire.integer("DBSIZE") == MANY + 1
                assert int(wire.text("GET", "round")) in (old, number)
            for left in temporary_files(server):
                (server.dir / left).unlink()


def test_child_that_is_killed(command: ServerCommand) -> None:
    """What it had written is removed, and the next one can save."""
    with Server(command) as server, Wire(server) as wire:
        add_many(wire, MANY)
        for _ in range(20):  # on a busy machine it may be done before it is killed
            wire.text("BGSAVE")
            child = int(server.log().rsplit("started by pid", 1)[1].split()[0])
            wait_until(lambda: temporary_files(server) or is_over(server))
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
            wait_until(lambda: is_over(server))
            assert temporary_files(server) == []
            if "terminated by signal 9" in server.log():
                break
        assert "terminated by signal 9" in server.log()
        wire.text("BGSAVE")
        wait_until(lambda: is_over(server))
        assert server.log().rstrip().endswith("Background saving terminated with success")


def is_over(server: Server) -> bool:
    """Whether the last child has ended, and the server knows."""
    return "Background saving terminated" in server.log().rpartition("started by pid")[2]


@pytest.mark.more
def test_writes_are_refused_after_a_failure(command: ServerCommand) -> None:
    """Also while they are queued for a transaction, and when one is executed that was queued before."""
    with Server(with_save(command, "3600", "1")) as server, Wire(server) as wire, Wire(server) as other:
        other.text("MULTI")
        assert other.text("SET", "k", "queued") == "QUEUED"
        (server.dir / FILE).mkdir()  # so that no file can have that name
        wire.text("BGSAVE")
        wait_until(lambda: wire.ask("SET", "k", "v").text.startswith(b"MISCONF"))
        assert wire.ask("PING").text.startswith(b"MISCONF")
        assert wire.ask("EXISTS", "k").kind == "integer"
        assert other.ask("EXEC").text.startswith(b"EXECABORT Transaction discarded because of: MISCONF Redis is")
        other.text("MULTI")
        assert other.text("GET", "k") == "QUEUED"
        assert other.ask("SET", "k", "v").text.startswith(b"MISCONF")
        assert other.ask("EXEC").text == b"EXECABORT Transaction discarded because of previous errors."
        other.text("MULTI")
        assert other.text("EXISTS", "k") == "QUEUED"
        assert other.ask("EXEC").kind == "array"  # it only reads
        (server.dir / FILE).rmdir()
        wire.text("BGSAVE")
        wait_until(lambda: "terminated with success" in server.log())
        wait_until(lambda: wire.ask("SET", "k", "v").text == b"OK")


@pytest.mark.more
@pytest.mark.not_real  # its child may bring older data back
def test_reload_beside_a_child(command: ServerCommand) -> None:
    """A child that still saves does not put what it has seen in place of what DEBUG RELOAD saves and loads."""
    with Server(command, ["--rdb-key-save-delay", "500"]) as server, Wire(server) as wire:
        assert not pipeline(wire, (("SET", f"key:{i}", "v") for i in range(400)))
        assert "started" in wire.text("BGSAVE")
        wire.text("CONFIG", "SET", "rdb-key-save-delay", "0")
        wire.text("SET", "late", "v")
        assert wire.text("DEBUG", "RELOAD") == "OK"
        assert "Background saving terminated by signal" in server.log()
        time.sleep(0.5)
        assert wire.text("DEBUG", "RELOAD", "NOSAVE") == "OK"
        assert wire.text("GET", "late") == "v"


@pytest.mark.more
@pytest.mark.not_real  # it ends with SIGABRT
def test_reload_beside_what_there_is(command: ServerCommand) -> None:
    """NOFLUSH keeps keys that the file has not. Of two with one name the file's is kept, with MERGE and without."""
    with Server(command) as server, Wire(server) as wire:
        wire.text("SET", "both", "file")
        wire.text("SAVE")
        wire.text("SET", "both", "memory")
        wire.text("SET", "new", "memory")
        for options in (["NOFLUSH"], ["NOFLUSH", "MERGE"]):
            assert wire.text("DEBUG", "RELOAD", "NOSAVE", *options) == "OK"
            assert [item.text for item in wire.ask("MGET", "both", "new").items] == [b"file", b"memory"]


@pytest.mark.more
def test_flushall_is_saved(command: ServerCommand) -> None:
    """Where the server saves by itself, data that was deleted does not come back after a kill."""
    with Server(with_save(command, "3600", "1")) as server:
        with Wire(server) as wire:
            wire.text("SET", "k", "v")
            wire.text("SAVE")
            wire.text("FLUSHALL")
        again(server)
        with Wire(server) as wire:
            assert wire.integer("DBSIZE") == 0


@pytest.mark.not_real  # its child keeps the sockets of the clients
def test_child_keeps_no_socket(command: ServerCommand) -> None:
    """While a child saves, which is stopped here, a client that leaves sees the end, and so does the port."""
    with Server(command) as server, Wire(server) as wire:
        add_many(wire, MANY)
        with Wire(server) as other:
            other.text("PING")
            wire.text("BGSAVE")
            child = int(server.log().rsplit("started by pid", 1)[1].split()[0])
            wait_until((server.dir / f"temp-{child}.rdb").exists)
            os.kill(child, signal.SIGSTOP)
            other.send(b"QUIT\r\n")
            assert other.until_closed() in (b"", b"+OK\r\n")
        os.kill(server.pid, signal.SIGKILL)
        assert server.wait_exit(5) is not None
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            wait_until(lambda: binds(probe, server.port), 5)
        os.kill(child, signal.SIGKILL)


def binds(probe: socket.socket, port: int) -> bool:
    try:
        probe.bind(("127.0.0.1", port))
    except OSError:
        return False
    return True


def private_kb(pid: int) -> int:
    """Memory that a process shares with no other."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_"))


@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="asks the kernel which pages are shared")
@pytest.mark.parametrize("what", ["a table that is full", "a resize under way", "reads"])
def test_pages_stay_shared(command: ServerCommand, what: str) -> None:
    """While a child saves, the table of keys doesn't begin to grow, no key moves, and reads leave no trace of their time:
    each would copy a page."""
    count = 131_100 if what == "a resize under way" else 131_000  # there are 131,072 buckets before
    with Server(command) as server, Wire(server) as wire:
        add_many(wire, count)
        if what != "a resize under way":
            time.sleep(0.5)  # until the last resize is over
        wire.text("BGSAVE")
        child = int(server.log().rsplit("started by pid", 1)[1].split()[0])
        os.kill(child, signal.SIGSTOP)
        before = private_kb(child)
        if what == "a table that is full":
            errors = pipeline(wire, (("SET", f"new:{i}", i) for i in range(10_000)))
        else:
            errors = pipeline(wire, (("GET", f"key:{i}") for i in range(count)))
        assert not errors
        time.sleep(1)
        # New keys have some of the pages that the child has seen as free. With sanitizers memory is laid out in another way.
        copied, most = private_kb(child) - before, 4000 if what == "a table that is full" else 1000
        assert copied < most or sanitized(), f"{copied} KB were copied"
        os.kill(child, signal.SIGCONT)
        wait_until(lambda: "terminated with success" in server.log())
        errors = pipeline(wire, (("SET", f"late:{i}", i) for i in range(10_000)))  # and now they may
        assert not errors


def test_keys_that_expire(command: ServerCommand) -> None:
    """A key keeps its time; one whose time is over while the server is down is not loaded."""
    with Server(command) as server:
        with Wire(server) as wire:
            wire.text("SET", "soon", 1, "PX", 400)
            wire.text("SET", "later", 1, "PX", 100_000)
            wire.text("SAVE")
        server.kill()
        time.sleep(0.5)
        again(server)
        with Wire(server) as wire:
            assert wire.integer("DBSIZE") == 1
            assert 0 < wire.integer("PTTL", "later") < 100_000


def test_names_of_the_file(command: ServerCommand) -> None:
    """dbfilename is a name in dir, and CONFIG SET may not change it."""
    with Server(command, ["--dbfilename", "other.rdb"]) as server, Wire(server) as wire:
        wire.text("SET", "k", "v")
        assert wire.text("SAVE") == "OK"
        assert (server.dir / "other.rdb").exists()
        assert wire.ask("CONFIG", "SET", "dbfilename", "x").kind == "error"


@pytest.mark.more
def test_a_path_is_no_name(command: ServerCommand) -> None:
    server = Server(command, ["--dbfilename", "a/b"])
    try:
        server.launch()
        assert server.wait_exit(5) == 1
        assert "path" in server.log()
    finally:
        server.close()


@pytest.mark.more
@pytest.mark.parametrize("points", ["", "3600 1"])
@pytest.mark.parametrize("option", ["", "SAVE", "NOSAVE"])
def test_shutdown(command: ServerCommand, option: str, points: str) -> None:
    """SHUTDOWN saves where there are save points; SAVE and NOSAVE say otherwise."""
    with Server(with_save(command, points)) as server, Wire(server) as wire:
        wire.text("SET", "k", "v")
        wire.send(f"SHUTDOWN {option}\r\n".encode())
        assert server.wait_exit(5) == 0
        assert (server.dir / FILE).exists() == (option == "SAVE" or (option == "" and points != ""))
