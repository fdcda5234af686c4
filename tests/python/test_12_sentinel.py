"""Three real Sentinels watch one primary and two replicas: what happens when the primary is killed, and to the data."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable

import pytest
import redis
from redis.sentinel import Sentinel as Client

from harness.load import info
from harness.replicas import Node, wait_for_sync, wait_until
from harness.sentinels import NAME, Sentinel, watching
from harness.server import HOST, ServerCommand
from harness.stages import TESTS

pytestmark = [pytest.mark.since(12), pytest.mark.more, pytest.mark.needs("redis-server")]
DOWN_AFTER_MS = 1000
ERRORS = (redis.exceptions.RedisError, OSError)


def eventually(condition: Callable[[], object], what: str) -> None:
    """Waits for it. A reconfiguration closes connections of clients, so a question may get no reply."""

    def is_true() -> object:
        with contextlib.suppress(AssertionError, OSError):
            return condition()
        return False

    wait_until(is_true, what)


class Writer:
    """A client that finds the primary by the Sentinels, and writes all the time. It notes what WAIT 1 has acknowledged."""

    def __init__(self, sentinels: list[Sentinel]) -> None:
        self.client = Client([(HOST, one.port) for one in sentinels], socket_timeout=1)
        self.acknowledged: list[tuple[int, float]] = []
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self.run)

    def __enter__(self) -> Writer:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        self.thread.join()

    def run(self) -> None:
        primary = self.client.master_for(NAME, socket_timeout=1)
        number = 0
        while not self.stop.is_set():
            number += 1
            with contextlib.suppress(*ERRORS):
                # On one connection: WAIT counts for what its own client has written.
                pipe = primary.pipeline(transaction=False)
                pipe.set(f"k:{number}", number).execute_command("WAIT", 1, 300)
                stored, replicas = pipe.execute()
                if stored and replicas >= 1:
                    self.acknowledged.append((number, time.monotonic()))
            time.sleep(0.005)


def test_primary_is_killed(command: ServerCommand) -> None:
    """A replica is promoted, the other follows it, the old primary comes back as a replica, and nothing that was acknowledged is lost."""
    with Node(command) as old, Node(command) as one, Node(command) as two:
        for node in (one, two):
            node.follow(old)
        wait_for_sync(old, one, two)
        with watching(old.port, 2, DOWN_AFTER_MS, fast=True) as sentinels, Writer(sentinels) as writer:
            wait_until(lambda: len(writer.acknowledged) > 50)
            old.server.kill()
            killed = time.monotonic()
            wait_until(lambda: {s.master() for s in sentinels} < {one.port, two.port}, "no replica was promoted")
            promoted = time.monotonic() - killed
            assert DOWN_AFTER_MS / 1000 - 0.5 < promoted < DOWN_AFTER_MS / 1000 + 6
            new, other = (one, two) if sentinels[0].master() == one.port else (two, one)
            eventually(lambda: new.role()[0] == b"master", "the new primary is none")
            eventually(lambda: follows(other, new), "the other replica does not follow")
            wait_until(lambda: writer.acknowledged[-1][1] > killed + promoted)
            old.restart()
            eventually(lambda: follows(old, new), "the old primary was not made a replica")
        wait_for_sync(new, other, old)
        for node in (new, other, old):
            missing = [number for number, _ in writer.acknowledged if node.text("GET", f"k:{number}") != str(number)]
            assert not missing, f"{len(missing)} of {len(writer.acknowledged)} acknowledged writes are lost: {missing[:5]}"


def follows(node: Node, primary: Node) -> bool:
    """Whether it is a replica with a link."""
    role = node.role()
    return role[0] == b"slave" and role[2:4] == [b"%d" % primary.port, b"connected"]


def test_primary_hangs(command: ServerCommand) -> None:
    """A primary that is stopped, and goes on later, is replaced, and becomes a replica with the data of the new one."""
    with Node(command) as old, Node(command) as one, Node(command) as two:
        for node in (one, two):
            node.follow(old)
        wait_for_sync(old, one, two)
        with watching(old.port, 2, DOWN_AFTER_MS, fast=True) as sentinels:
            os.kill(old.server.pid, signal.SIGSTOP)
            try:
                wait_until(lambda: {s.master() for s in sentinels} < {one.port, two.port}, "no replica was promoted")
                new = one if sentinels[0].master() == one.port else two
                eventually(lambda: new.text("SET", "k", "of the new one") == "OK", "the new primary takes no write")
            finally:
                os.kill(old.server.pid, signal.SIGCONT)
            eventually(lambda: old.text("GET", "k") == "of the new one", "the old primary does not follow")


def test_priority(command: ServerCommand) -> None:
    """The replica with the lower number is promoted, and one with 0 never is. A password is no obstacle."""
    secret = ["--requirepass", "secret", "--masterauth", "secret"]
    with Node(command, secret) as old, Node(command, secret) as never, Node(command, secret) as chosen:
        for node in (old, never, chosen):
            node.password = "secret"
        never.text("CONFIG", "SET", "replica-priority", 0)
        chosen.text("CONFIG", "SET", "replica-priority", 50)
        for node in (never, chosen):
            node.follow(old)
        wait_for_sync(old, never, chosen)
        with watching(old.port, 2, DOWN_AFTER_MS, fast=True, password="secret") as sentinels:
            wait_until(lambda: sorted(one["slave-priority"] for one in sentinels[0].replicas()) == ["0", "50"])
            old.server.kill()
            wait_until(lambda: {s.master() for s in sentinels} == {chosen.port}, "the one with priority 50 was not promoted")
            eventually(lambda: follows(never, chosen), "the other one does not follow")
            assert info(never.wire, "replication")["master_link_status"] == "up"


def reading(process: subprocess.Popen[str]) -> Callable[[str, float], str]:
    """Waits for a line of a program's output that matches; returns all that was read until then."""
    assert process.stdout
    lines: list[str] = []
    output = process.stdout

    def read() -> None:
        for line in output:
            lines.append(line)

    threading.Thread(target=read, daemon=True).start()

    def until(pattern: str, seconds: float) -> str:
        wait_until(lambda: re.search(pattern, "".join(lines), re.MULTILINE), f"no line matches {pattern}: {lines}", seconds)
        return "".join(lines)

    return until


def test_make_failover(command: ServerCommand) -> None:
    """`make failover` says what it started and what it sees; at the end nothing of it is left."""
    stage = ["--stage", f"{command.stage.number:02}"] if command.stage else ["--server", command.spec]
    program = [sys.executable, "-m", "harness", "failover", *stage]
    environment = dict(os.environ, PYTHONPATH=str(TESTS), PYTHONUNBUFFERED="1")
    process = subprocess.Popen(program, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        until = reading(process)
        said = until("^What you kill", 20)
        pids = [int(pid) for pid in re.findall(r"process (\d+)", said)]
        assert len(pids) == 6
        found = re.search(r"^Kill the primary: +kill -9 (\d+)$", said, re.MULTILINE)
        assert found and int(found[1]) == pids[0]
        os.kill(pids[0], signal.SIGKILL)
        until(r"^The server on port \d+ has ended: killed by signal 9", 5)
        until(r"^The primary is 127\.0\.0\.1:\d+ now\.$", 15)
        process.send_signal(signal.SIGINT)
        assert process.wait(15) == 0
        for pid in pids:
            assert not os.path.exists(f"/proc/{pid}")
    finally:
        process.kill()
        process.wait()
