"""While the commands of a log are executed at the start, clients are served, but for what needs the data."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from harness.aof import ALWAYS
from harness.load import info, pipeline
from harness.server import Server, ServerCommand
from harness.wire import Wire
from harness.wire import command as command_bytes

pytestmark = [pytest.mark.since(11), pytest.mark.more]
COMMANDS = 15_000  # clients are served after every thousand
SLOW = ["--key-load-delay", "200"]  # microseconds before each command
REFUSED = ("PING", "GET key:1", "SET k v", "DBSIZE", "FLUSHALL", "BGREWRITEAOF", "KEYS *")
LOADING = b"LOADING Redis is loading the dataset in memory"


def wait_until(condition: Callable[[], object], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)


@contextmanager
def loading(command: ServerCommand, *flags: str) -> Iterator[Server]:
    """A server that has just begun to execute a log."""
    with Server(command, ["--appendonly", "yes", *flags]) as server:
        with Wire(server) as wire:
            wait_until(lambda: wire.ask("PING").text == b"PONG")
            assert not pipeline(wire, (("INCR", f"key:{i % 100}") for i in range(COMMANDS)))
        server.kill()
        server.start([*server.args, *SLOW])
        with Wire(server) as wire:
            wait_until(lambda: wire.ask("PING").text == LOADING)
        yield server


def test_what_is_refused(command: ServerCommand) -> None:
    """The effects are all there in the end, and none is executed twice."""
    with loading(command) as server, Wire(server) as wire:
        wire.send(b"".join(command_bytes(*words.split()) for words in (*REFUSED, "ECHO a")))
        assert {wire.reply().text for _ in REFUSED} == {LOADING}
        assert wire.reply().text == b"a"
        fields = info(wire, "persistence")
        assert fields["loading"] == "1"
        assert 0 < int(fields["loading_loaded_bytes"]) <= int(fields["loading_total_bytes"])
        wait_until(lambda: wire.ask("PING").text == b"PONG")
        assert info(wire, "persistence")["loading"] == "0"
        assert wire.integer("DBSIZE") == 100
        assert {wire.text("GET", f"key:{i}") for i in range(100)} == {str(COMMANDS // 100)}


def test_inside_a_transaction(command: ServerCommand) -> None:
    """A turn may come between MULTI and EXEC of the log: a client that queues commands meanwhile has a queue of its own."""
    with Server(command, ALWAYS) as server:
        with Wire(server) as wire:
            wait_until(lambda: wire.ask("PING").text == b"PONG")
            wire.text("MULTI")
            assert not pipeline(wire, (("INCR", "n") for _ in range(COMMANDS)))
            assert len(wire.ask("EXEC").items) == COMMANDS
        server.kill()
        server.start([*server.args, *SLOW])
        with Wire(server) as wire:
            wait_until(lambda: wire.ask("PING").text == LOADING)
            wire.send(command_bytes("MULTI") + command_bytes("ECHO", "a") + command_bytes("EXEC"))
            assert [wire.reply().text for _ in range(2)] == [b"OK", b"QUEUED"]
            assert [item.text for item in wire.reply().items] == [b"a"]
            wait_until(lambda: wire.ask("PING").text == b"PONG")
            assert wire.text("GET", "n") == str(COMMANDS)


def test_sigterm(command: ServerCommand) -> None:
    """A server that is told to end does so before the log is executed, and leaves the log as it is."""
    with loading(command) as server:
        server.process.send_signal(signal.SIGTERM)  # type: ignore[union-attr]
        assert server.wait_exit(5) == 0
        server.start()
        with Wire(server) as wire:
            wait_until(lambda: wire.ask("PING").text == b"PONG")
            assert wire.text("GET", "key:99") == str(COMMANDS // 100)
