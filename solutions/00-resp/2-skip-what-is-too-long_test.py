"""Exercise 00.2: with --max-argument a longer argument is read past, and the conversation goes on.

    server --max-argument 10

A command with an argument of more bytes than that is not executed. When its last byte has come it
is answered with `-ERR argument too long`, and the next command is taken as ever.
"""

from __future__ import annotations

import time

import pytest

from harness.process import resident, sanitized
from harness.server import Server, ServerCommand
from harness.wire import Wire
from harness.wire import command as encode

LIMIT = 10
REFUSED = b"-ERR argument too long\r\n"
MB = 1024 * 1024


def limited(server: ServerCommand, limit: int = LIMIT) -> Server:
    return Server(server, ["--max-argument", str(limit)])


def test_the_limit_itself_is_allowed(command: ServerCommand) -> None:
    with limited(command) as server, Wire(server) as wire:
        assert wire.text("ECHO", "x" * LIMIT) == "x" * LIMIT
        reply = wire.ask("ECHO", "x" * (LIMIT + 1))
        assert (reply.kind, reply.text) == ("error", REFUSED[1:-2])
        assert wire.text("PING") == "PONG"


def test_in_a_pipeline(command: ServerCommand) -> None:
    """Replies come in the order of the commands, one for each, whichever argument is too long."""
    long = b"x" * 1000
    sent = [
        (b"$1\r\na\r\n", (b"ECHO", b"a")),
        (REFUSED, (b"ECHO", long)),
        (b"$1\r\nb\r\n", (b"ECHO", b"b")),
        (REFUSED, (long,)),
        (REFUSED, (long, long, b"a", long)),
        (REFUSED, (b"NOSUCH", b"a", long, b"b")),
        (b"+PONG\r\n", (b"PING",)),
    ]
    with limited(command) as server, Wire(server) as wire:
        wire.send(b"".join(encode(*words) for _, words in sent))
        wire.half_close()
        assert wire.until_closed() == b"".join(reply for reply, _ in sent)


def test_in_two_pieces(command: ServerCommand) -> None:
    """Wherever the bytes are cut: within a length, an argument, or the line end behind it."""
    data = encode(b"ECHO", b"y" * 12, b"z") + encode(b"ECHO", b"ok")
    with limited(command) as server, Wire(server) as wire:
        for cut in range(1, len(data)):
            wire.send(data[:cut])
            time.sleep(0.001)
            wire.send(data[cut:])
            assert wire.read(len(REFUSED) + 8) == REFUSED + b"$2\r\nok\r\n", f"cut at byte {cut}"


def test_byte_by_byte(command: ServerCommand) -> None:
    data = encode(b"ECHO", b"y" * 40) + encode(b"PING")
    with limited(command) as server, Wire(server) as wire:
        for at in range(len(data)):
            wire.send(data[at : at + 1])
            time.sleep(0.0005)
        assert wire.read(len(REFUSED) + 7) == REFUSED + b"+PONG\r\n"


def test_the_answer_waits_for_the_last_byte(command: ServerCommand) -> None:
    data = encode(b"ECHO", b"y" * 100, b"z")
    with limited(command) as server, Wire(server) as wire:
        wire.send(data[:-1])
        wire.sock.settimeout(0.2)
        with pytest.raises(TimeoutError):
            wire.sock.recv(100)
        wire.send(data[-1:])
        assert wire.read(len(REFUSED)) == REFUSED


def test_what_is_skipped_takes_no_memory(command: ServerCommand) -> None:
    size = 300 * MB
    with limited(command) as server, Wire(server, timeout=60) as wire:
        assert wire.text("PING") == "PONG"
        before = resident(server.pid)
        wire.send(b"*3\r\n$4\r\nECHO\r\n$5\r\nhello\r\n$%d\r\n" % size)
        for _ in range(size // MB):
            wire.send(b"x" * MB)
        grown = resident(server.pid) - before
        wire.send(b"\r\n")
        assert wire.read(len(REFUSED)) == REFUSED
        assert wire.text("PING") == "PONG"
        if not sanitized():
            assert grown < 16 * MB, f"{grown} bytes while an argument of {size} is skipped"


def test_what_is_no_length_still_ends_the_connection(command: ServerCommand) -> None:
    """Behind a wrong length nobody knows where the next command begins: that cannot be skipped."""
    with limited(command) as server:
        for length in (b"-1", b"x", b"536870913"):
            with Wire(server) as wire:
                wire.send(b"*2\r\n$4\r\nECHO\r\n$" + length + b"\r\n")
                assert wire.until_closed() == b"-ERR Protocol error: invalid bulk length\r\n"


def test_without_the_flag(server: Server) -> None:
    with Wire(server) as wire:
        same = wire.text("ECHO", "x" * 2 * MB) == "x" * 2 * MB
        assert same
