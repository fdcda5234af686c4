"""Commands of millions of arguments, replies past a limit, and what follows the last reply."""

from __future__ import annotations

import contextlib
import socket
import sys
import time

import pytest

from harness.process import cpu_seconds, peak_resident, resident, sanitized
from harness.server import Server, ServerCommand
from harness.wire import Wire, command

pytestmark = pytest.mark.since(2)
MB = 1024 * 1024
ARGUMENTS = 8_000_000
ARGUMENT = b"$1\r\nk\r\n"
LONG_ECHO = command("ECHO", b"y" * 10_000)


def cpu_when_idle(server: Server) -> float:
    """The processor time that the server has used, once it uses no more."""
    used, before = 0.0, -1.0
    while used != before:
        time.sleep(0.1)
        used, before = cpu_seconds(server.pid) or 0, used
    return used


def test_millions_of_arguments(server: Server) -> None:
    """A command costs what its bytes cost: reading it must not look again at the arguments that are there."""
    with Wire(server, timeout=60) as wire:
        began = cpu_when_idle(server)
        wire.send(b"*%d\r\n$3\r\nDEL\r\n" % (ARGUMENTS + 1))
        wire.send(ARGUMENT * (ARGUMENTS - 50))
        many = cpu_when_idle(server)
        singly = ARGUMENT * 50
        for i in range(len(singly) - 1):
            wire.send(singly[i : i + 1])
            time.sleep(0.005)
        bytewise = cpu_when_idle(server) - many
        wire.send(singly[-1:])
        assert wire.reply().text == b"0"
        whole = cpu_when_idle(server) - began
    if not sanitized():
        assert bytewise < 0.7, f"{bytewise:.1f} s for {len(singly)} bytes that came one at a time"
        assert whole < 4, f"{whole:.1f} s for {ARGUMENTS} arguments"


def test_output_limit_bounds_one_reply(command: ServerCommand) -> None:
    """The limit holds while a reply is written: what it would hold beyond it is never kept."""
    limit = ["--client-output-buffer-limit", "normal", "10mb", "0", "0"]
    with Server(command, limit) as server, Wire(server) as other:
        assert other.text("SET", "k", b"x" * MB) == "OK"
        before = peak_resident(server.pid)
        wire = Wire(server)
        wire.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        wire.send(b"*601\r\n$4\r\nMGET\r\n" + ARGUMENT * 600)
        wire.until_closed()
        assert other.text("PING") == "PONG"
        after = peak_resident(server.pid)
    if before and after and not sanitized():
        assert after - before < 64 * MB, f"{(after - before) // MB} MB for a reply with a limit of 10 MB"


@pytest.mark.more
def test_nothing_follows_the_last_reply(server: Server) -> None:
    """QUIT's OK is the last thing a client receives, also when MONITOR would show it more."""
    with Wire(server) as watcher, Wire(server) as wire:
        assert watcher.text("MONITOR") == "OK"
        assert wire.text("MONITOR") == "OK"
        wire.send(command("PING") + command("QUIT") + command("PING"))
        lines = wire.until_closed().split(b"\r\n")
        assert lines[0] == b"+PONG"
        assert lines[1].endswith(b'"PING"')
        assert lines[2:] == [b"+OK", b""]
        assert watcher.reply().text.endswith(b'"PING"')
        assert watcher.reply().text.endswith(b'"QUIT"')


@pytest.mark.more
def test_memory_that_is_not_there(command: ServerCommand) -> None:
    """A client may ask for more memory than any machine has, where the longest string has no limit worth the name."""
    longest = 2**63 - 1
    with Server(command, ["--proto-max-bulk-len", str(longest)]) as server, Wire(server, timeout=60) as wire:
        for key in ("a", "b"):
            assert wire.text("SET", key, key * 8 * MB) == "OK"
        lacking = b"ERR Insufficient memory, failed allocating "
        assert wire.ask("LCS", "a", "b").text == lacking + b"transient memory for LCS"
        assert wire.ask("SETRANGE", "a", longest, "x").text.startswith(b"ERR string exceeds maximum allowed size")
        assert wire.integer("STRLEN", "a") == 8 * MB
        if command.real:
            pytest.xfail("the real server ends when it has no memory for SETRANGE")
        for key in ("a", "missing"):
            for offset in (longest - 1, 2**62, 2**50):
                assert wire.ask("SETRANGE", key, offset, "x").text == lacking + b"the string"
        assert wire.integer("SETRANGE", "missing", 10, "x") == 11
        assert wire.integer("STRLEN", "a") == 8 * MB


@pytest.mark.more
@pytest.mark.alone
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only malloc of Linux is asked to give memory back")
def test_what_slow_readers_took_is_given_back(command: ServerCommand) -> None:
    """Their output goes back to the system when they close, also where values were stored after it meanwhile."""
    if command.real:
        pytest.xfail("the real server's allocator gives memory back in its own time")
    with Server(command) as server, Wire(server) as wire:
        assert wire.text("PING") == "PONG"
        before = resident(server.pid)
        readers = [Wire(server, timeout=0.5) for _ in range(3)]
        for reader in readers:
            with contextlib.suppress(OSError):
                reader.send(LONG_ECHO * 4000)
        for number in range(200):
            assert wire.text("SET", number, b"x" * 5000) == "OK"
        assert resident(server.pid) - before > 60 * MB
        for reader in readers:
            reader.abort()
        for _ in range(50):
            if sanitized() or resident(server.pid) - before < 30 * MB:
                break
            time.sleep(0.1)
        assert sanitized() or resident(server.pid) - before < 30 * MB
