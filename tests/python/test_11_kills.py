"""SIGKILL and power failures: what was promised is there after the next start."""

from __future__ import annotations

import contextlib
import os
import random
import re
import shutil
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from harness.aof import ALWAYS, DIRECTORY, EVERYSEC, files, last_file
from harness.process import sanitized
from harness.server import HOST, Server, ServerCommand
from harness.strace import FILE_CALLS, Call, calls, only, synced, traced
from harness.wire import Wire, command as wire_command

pytestmark = pytest.mark.since(11)
KILLS = int(os.environ.get("LOG_KILLS", "4"))
CLIENTS = 3
BATCH = 5
LOSS_S = 2  # everysec may lose what is not older
AT_ONCE = 4
PART = 6  # of the steps one is tried with sanitizers, where a start takes long
LEFT_OUT = re.compile(r"^(mkdir|unlink|f(data)?sync.*incr\.aof>)")


def wait_until(condition: Callable[[], object], seconds: float = 15) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)


def again(server: Server) -> None:
    """Starts the server once more in its directory, and waits until it has executed its log."""
    server.kill()
    wait_until(lambda: not listens(server.port))
    server.start()
    ready(server)


def ready(server: Server) -> None:
    """Waits until it has executed its log, and created the files that it lacked."""
    with Wire(server) as wire:
        wait_until(lambda: wire.ask("PING").text == b"PONG")


def listens(port: int) -> bool:
    """Whether somebody does: a server under strace ends a moment after strace has."""
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0


class Writer(threading.Thread):
    """A client that counts, and notes when each count was acknowledged."""

    def __init__(self, server: Server, number: int, first: int = 0) -> None:
        super().__init__(daemon=True)
        self.wire = Wire(server)
        self.key = f"count:{number}"
        self.acknowledged = [(time.monotonic(), first)]
        one = wire_command("INCR", self.key)
        pair = [wire_command(*words) for words in (("MULTI",), ("INCR", f"{self.key}:a"), ("INCR", f"{self.key}:b"), ("EXEC",))]
        self.batch = one * BATCH + b"".join(pair)

    def run(self) -> None:
        """EXEC's reply is an array, of which the last line ends the batch."""
        with contextlib.suppress(AssertionError, OSError):
            while True:
                self.wire.send(self.batch)
                lines = self.wire.lines(BATCH + 6).split(b"\r\n")
                self.acknowledged.append((time.monotonic(), int(lines[BATCH - 1][1:])))

    def last(self, before: float = float("inf")) -> int:
        return max(count for moment, count in self.acknowledged if moment < before)

    def check(self, wire: Wire, at_least: int) -> int:
        """What the next start has found. Returns the count."""
        count = int(wire.ask("GET", self.key).text or 0)
        assert at_least <= count <= self.last() + BATCH, f"{self.key} is {count}, {at_least} was promised"
        assert wire.ask("GET", f"{self.key}:a") == wire.ask("GET", f"{self.key}:b"), "half of a transaction"
        return count


def killed_under_load(server: Server, writers: list[Writer], seconds: float) -> float:
    """Kills a server while clients write. Returns when."""
    for writer in writers:
        writer.start()
    time.sleep(seconds)
    server.kill()
    moment = time.monotonic()
    for writer in writers:
        writer.join()
        writer.wire.close()
    return moment


def test_always_loses_nothing(command: ServerCommand) -> None:
    """Killed while clients write, in every second round with a rewrite: each write that was acknowledged is there."""
    chance = random.Random(11)
    counts = [0] * CLIENTS
    with Server(command, ALWAYS) as server:
        for number in range(KILLS):
            writers = [Writer(server, i, counts[i]) for i in range(CLIENTS)]
            if number % 2:
                with Wire(server) as wire:
                    wire.text("BGREWRITEAOF")
            killed_under_load(server, writers, 0.02 + chance.random() * 0.3)
            again(server)
            with Wire(server) as wire:
                counts = [writer.check(wire, writer.last()) for writer in writers]
        assert sum(counts) > KILLS


def test_everysec_loses_two_seconds_at_most(command: ServerCommand) -> None:
    """The disk is slow, so that writes wait in the server. What is older than two seconds is there after a kill."""
    slow = traced(command, *only(("fsync", "fdatasync")), "-e", "inject=?fsync,?fdatasync:delay_enter=1500000")
    for _ in range(max(KILLS // 8, 1)):
        with Server(command, EVERYSEC) as server:
            ready(server)
            server.command = slow
            again(server)
            writers = [Writer(server, i) for i in range(CLIENTS)]
            moment = killed_under_load(server, writers, 3.2)
            server.command = command
            again(server)
            with Wire(server) as wire:
                for writer in writers:
                    writer.check(wire, writer.last(moment - LOSS_S))
                    assert writer.last(moment - LOSS_S) > 0


@pytest.mark.parametrize(("flags", "seconds", "loss_s"), [(ALWAYS, 1, 0), (EVERYSEC, 3.5, LOSS_S)], ids=["always", "everysec"])
def test_power_failure(command: ServerCommand, flags: list[str], seconds: float, loss_s: float) -> None:
    """What the kernel was not asked to bring to the disk is cut off: with always, nothing that was acknowledged is."""
    with Server(traced(command, *only(("write", "fsync", "fdatasync"))), flags) as server:
        writers = [Writer(server, i) for i in range(CLIENTS)]
        moment = killed_under_load(server, writers, seconds)
        path = last_file(server.dir)
        left = synced(server.dir / "trace", path.name)
        assert 0 < left.synced <= left.written <= path.stat().st_size
        os.truncate(path, left.synced)
        server.command = command
        again(server)
        with Wire(server) as wire:
            for writer in writers:
                writer.check(wire, writer.last(moment - loss_s) if loss_s else writer.last())


def rewritten(server: Server, wire: Wire) -> None:
    """A rewrite between writes. Where it is over this returns; a server that ends meanwhile raises AssertionError or OSError."""
    wire.text("SET", "before", 1)
    wire.ask("BGREWRITEAOF")
    wire.text("SET", "during", 1)
    wait_until(lambda: "AOF rewrite finished successfully" in server.log() or "AOF rewrite failed" in server.log() or not server.alive)
    wire.text("SET", "after", 1)


def steps_of(command: ServerCommand, part: str) -> list[Call]:
    """What the server calls when it begins a log, or when it rewrites one, as far as files and processes are concerned."""
    with Server(traced(command, *only(FILE_CALLS), threads=False), ALWAYS) as server, Wire(server) as wire:
        wire.text("PING")
        start = calls(server)
        rewritten(server, wire)
        found = calls(server)[len(start) :] if part == "rewrite" else start
    chosen = [call for call in found if "aof" in call.line or DIRECTORY in call.line or "SIGCHLD" in call.line or call.name == "fork"]
    return chosen[:: PART if sanitized() else 1]


def consistent(server: Server) -> None:
    """After one more rewrite the directory has what the manifest names, and nothing else."""
    with Wire(server) as wire:
        at = len(server.log())
        assert "started" in wire.text("BGREWRITEAOF")
        wait_until(lambda: "AOF rewrite finished successfully" in server.log()[at:])
        wait_until(lambda: [kind for _, kind in files(server.dir)] == ["b", "i"])
        named = {path.name for path, _ in files(server.dir)}
        wait_until(lambda: {path.name for path in (server.dir / DIRECTORY).iterdir()} == {*named, "appendonly.aof.manifest"}, 3)


def interrupted(command: ServerCommand, call: Call, part: str) -> str:
    """A server whose life ends at a system call. Returns what is wrong after the next start."""
    server = Server(traced(command, *only(FILE_CALLS), *call.inject("signal=SIGKILL"), threads=False), ALWAYS)
    acknowledged: list[str] = []
    try:
        with contextlib.suppress(AssertionError, OSError, RuntimeError):
            server.launch()
            server.await_port()
            with Wire(server) as wire:
                for key in ("early", "before"):
                    wire.text("SET", key, 1)
                    acknowledged.append(key)
                if part == "rewrite":
                    wire.ask("BGREWRITEAOF")
                    for number in range(200):
                        wire.text("SET", f"during:{number}", 1)
                        acknowledged.append(f"during:{number}")
                        time.sleep(0.002)
        if server.wait_exit(2) is None:
            return f"{call}: it was not reached"
        server.kill()
        server.command = command
        again(server)
        with Wire(server) as wire:
            missing = [key for key in acknowledged if wire.integer("EXISTS", key) != 1]
            wire.text("SET", "later", 1)
        again(server)
        with Wire(server) as wire:
            missing += [key for key in [*acknowledged, "later"] if wire.integer("EXISTS", key) != 1]
        consistent(server)
        return f"{call}: {missing} are missing" if missing else ""
    except Exception as error:  # noqa: BLE001 (whatever it is, it belongs to this call)
        return f"{call}: {error}\n{server.log()[-500:]}"
    finally:
        server.close()


@pytest.mark.parametrize("part", ["start", "rewrite"])
def test_killed_at_every_step(command: ServerCommand, part: str) -> None:
    """Each system call about files is the last of a server: the next one loads what was acknowledged, and can rewrite."""
    steps = steps_of(command, part)
    assert len(steps) >= (5 if part == "start" else 12) // (PART if sanitized() else 1)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        wrong = [text for text in pool.map(lambda call: interrupted(command, call, part), steps) if text]
    assert not wrong, "\n".join(wrong)


def failing(command: ServerCommand, call: Call, goes_on: bool) -> str:
    """A server for which a system call of a rewrite fails, once. It is killed then, or after it has gone on to the next
    rewrite. Returns what is wrong."""
    server = Server(traced(command, *only(FILE_CALLS), *call.inject("error=EIO"), threads=False), ALWAYS)
    try:
        server.start()
        with Wire(server) as wire:
            rewritten_or_refused(server, wire)
            assert "(INJECTED)" in (server.dir / "trace").read_text(), "it was not reached"
            if goes_on:
                consistent(server)
        server.command = command
        for _ in range(2):
            again(server)
            with Wire(server) as wire:
                assert wire.integer("EXISTS", "before", "during", "after") == 3
            consistent(server)
        return ""
    except Exception as error:  # noqa: BLE001
        return f"{call}: {error!r}\n{server.log()[-700:]}"
    finally:
        server.close()


def rewritten_or_refused(server: Server, wire: Wire) -> None:
    wire.text("SET", "before", 1)
    refused = wire.ask("BGREWRITEAOF").kind == "error"
    wire.text("SET", "during", 1)
    wait_until(lambda: refused or "AOF rewrite finished successfully" in server.log() or "AOF rewrite failed" in server.log())
    wire.text("SET", "after", 1)


@pytest.mark.not_real
@pytest.mark.parametrize("goes_on", [False, True], ids=["killed", "goes on"])
def test_a_step_of_a_rewrite_fails(command: ServerCommand, goes_on: bool) -> None:
    """EIO at each system call but fsync of what clients have written, after which the server ends, and unlink, after
    which a file stays that nobody needs: the server goes on, nothing is lost, and the next rewrite succeeds."""
    steps = [call for call in steps_of(command, "rewrite") if not LEFT_OUT.search(call.line)]
    assert len(steps) >= 10 // (PART if sanitized() else 1)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        wrong = [text for text in pool.map(lambda call: failing(command, call, goes_on), steps) if text]
    assert not wrong, "\n".join(wrong)


def test_on_disk_before_it_has_its_name(command: ServerCommand) -> None:
    """A file is written and synced, by the server or its child, and then renamed; what it replaces is removed after that."""
    with Server(traced(command, *only(("write", *FILE_CALLS))), ALWAYS) as server:
        with Wire(server) as wire:
            ready(server)
            rewritten(server, wire)
            consistent(server)
        lines = [re.sub(r"^\d+ +", "", line) for line in (server.dir / "trace").read_text(errors="replace").splitlines()]
    dirty: set[str] = set()
    renamed = 0
    manifest_is_new = False
    for line in lines:
        file = re.search(r"/([^/<>]+)>", line)
        if line.startswith("write(") and file:
            dirty.add(file[1])
        elif line.startswith(("fsync(", "fdatasync(")) and file:
            dirty.discard(file[1])
        elif line.startswith("rename") and (names := re.findall(r'"([^"]+)"', line)):
            source, target = (name.rsplit("/", 1)[-1] for name in names)
            assert source not in dirty, f"{source} is not on disk when it becomes {target}"
            renamed += 1
            manifest_is_new = target.endswith(".manifest")
        elif line.startswith("unlink") and re.search(r"\.(base|incr)\.", line):
            assert manifest_is_new, f"{line}: the manifest names it still"
    assert renamed >= 5


def test_child_is_killed(command: ServerCommand) -> None:
    """Then the log goes on as it is, and the next rewrite is successful."""
    with Server(command, ALWAYS) as server, Wire(server) as wire:
        for number in range(3):
            at = len(server.log())
            wire.text("SET", f"large:{number}", "x" * 3_000_000)
            assert "started" in wire.text("BGREWRITEAOF")
            log = server.log()[at:]
            child = int(log.rsplit("started by pid", 1)[1].split()[0])
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, 9)
            wire.text("SET", f"during:{number}", 1)
            while not re.search("AOF rewrite finished|AOF rewrite failed|terminated by signal", server.log()[at:]):
                time.sleep(0.01)
            assert list(server.dir.glob("temp-*")) == []
        again(server)
        with Wire(server) as other:
            assert other.integer("DBSIZE") == 6
        consistent(server)
        again(server)
        with Wire(server) as other:
            assert other.integer("DBSIZE") == 6


def test_copied_at_any_moment(command: ServerCommand, tmp_path: Path) -> None:
    """A copy of the directory that is taken while nobody writes is a log of its own."""
    with Server(command, ALWAYS) as server, Wire(server) as wire:
        wire.text("SET", "k", "v")
        other = Server(command, ALWAYS)
        shutil.copytree(server.dir / DIRECTORY, other.dir / DIRECTORY)
        with other, Wire(other) as other_wire:
            wait_until(lambda: other_wire.ask("GET", "k").text == b"v")
