"""Exercise 01.2: with command-timeout a command must be complete so many seconds after its first byte.

    server --command-timeout 1

`timeout` does not help against a client that sends one byte now and then. This does, and leaves
all others alone: who is idle between two commands, who is slow to read, who waits in a pause.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from harness.server import Server, ServerCommand
from harness.wire import Wire
from harness.wire import command as encode

ECHO = encode("ECHO", "hello")


@pytest.fixture
def limited(command: ServerCommand) -> Iterator[Server]:
    with Server(command, ["--command-timeout", "1"]) as started:
        started.drop_probe()
        yield started


def seconds_until_closed(wire: Wire) -> float:
    began = time.monotonic()
    assert wire.until_closed() == b""
    return time.monotonic() - began


def test_one_byte_now_and_then(limited: Server) -> None:
    """Each byte is sent in time, and the command is not."""
    with Wire(limited, timeout=5) as wire:
        began = time.monotonic()
        for at in range(len(ECHO) - 1):
            wire.send(ECHO[at : at + 1])
            wire.connection.read_some(0.15)
            if wire.connection.ended:
                break
        assert 0.8 < time.monotonic() - began < 2.9, "more bytes must not give it more time"


@pytest.mark.parametrize("part", [b"P", b"PING", b"*", b"*2\r\n", b"*2\r\n$4\r\n", ECHO[:-1]])
def test_wherever_it_stops(limited: Server, part: bytes) -> None:
    with Wire(limited, timeout=5) as wire:
        wire.send(part)
        assert 0.8 < seconds_until_closed(wire) < 2.9


def test_behind_a_command_that_is_complete(limited: Server) -> None:
    with Wire(limited, timeout=5) as wire:
        wire.send(ECHO + ECHO[:9])
        assert wire.reply().text == b"hello"
        assert 0.8 < seconds_until_closed(wire) < 2.9


def test_between_commands_there_is_all_the_time(limited: Server) -> None:
    with Wire(limited, timeout=5) as wire, Wire(limited, timeout=5) as silent:
        wire.send(ECHO[:9])
        time.sleep(0.3)
        wire.send(ECHO[9:])
        assert wire.reply().text == b"hello"
        wire.send(b"\r\n")
        time.sleep(1.5)
        assert wire.text("PING") == "PONG"
        assert silent.text("PING") == "PONG"


def test_each_command_has_its_own_time(limited: Server) -> None:
    """A pipeline that is never between two commands, and never slow with one."""
    with Wire(limited, timeout=5) as wire:
        wire.send(ECHO[:9])
        for _ in range(8):
            time.sleep(0.25)
            wire.send(ECHO[9:] + ECHO[:9])
            assert wire.reply().text == b"hello"


@pytest.mark.more
def test_a_command_in_a_pause_is_not_slow(limited: Server) -> None:
    """It has come; that it is not answered is the server's doing."""
    with Wire(limited, timeout=5) as other, Wire(limited, timeout=5) as wire:
        assert other.text("CLIENT", "PAUSE", "1600") == "OK"
        began = time.monotonic()
        wire.send(ECHO + ECHO[:9])
        assert wire.reply().text == b"hello"
        assert time.monotonic() - began > 1.2
        wire.send(ECHO[9:])
        assert wire.reply().text == b"hello"


def test_who_is_slow_to_read(limited: Server) -> None:
    """Commands stand in the input while the output is full, and that is no fault of theirs."""
    many, size = 100, 1_000_000
    with Wire(limited, timeout=10) as wire:
        data = encode("ECHO", "x" * size) * many
        sender = threading.Thread(target=wire.send, args=(data,), daemon=True)
        sender.start()
        time.sleep(1.8)
        assert len(wire.read(many * (size + 12))) == many * (size + 12)
        sender.join()


def test_clients_that_go_first(limited: Server) -> None:
    """A timer must not outlive what it belongs to."""
    for _ in range(100):
        wire = Wire(limited)
        wire.send(ECHO[:9])
        wire.abort()
    time.sleep(1.5)
    with Wire(limited) as wire:
        assert wire.text("PING") == "PONG"
    assert limited.alive, limited.status()


@pytest.mark.more
def test_a_client_that_is_killed(limited: Server) -> None:
    with Wire(limited) as killed, Wire(limited) as wire:
        number = killed.integer("CLIENT", "ID")
        killed.send(ECHO[:9])
        assert wire.text("PING") == "PONG"
        assert wire.integer("CLIENT", "KILL", "ID", number) == 1
        time.sleep(1.5)
        assert wire.text("PING") == "PONG"
    assert limited.alive, limited.status()


def test_without_the_setting(server: Server) -> None:
    with Wire(server) as wire:
        wire.send(ECHO[:9])
        time.sleep(1.3)
        wire.send(ECHO[9:])
        assert wire.reply().text == b"hello"
