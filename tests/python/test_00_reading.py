"""A command may arrive in any pieces, and several at once."""

from __future__ import annotations

import random
import threading
import time

import pytest

from harness.server import Server
from harness.wire import Wire, command

CONVERSATION = [
    (command("PING"), b"+PONG\r\n"),
    (command("ECHO", b"a\r\nb\x00c"), b"$6\r\na\r\nb\x00c\r\n"),
    (b"PING inline\r\n", b"$6\r\ninline\r\n"),
    (b"\r\n", b""),
    (command("ECHO", ""), b"$0\r\n\r\n"),
    (b"*0\r\n", b""),
    (b'ECHO "a b"\n', b"$3\r\na b\r\n"),
    (command("ECHO", "*1\r\n$4\r\nPING\r\n"), b"$14\r\n*1\r\n$4\r\nPING\r\n\r\n"),
]
SENT = b"".join(sent for sent, _ in CONVERSATION)
REPLIES = b"".join(reply for _, reply in CONVERSATION)


def test_cut_at_every_byte(server: Server) -> None:
    with Wire(server) as wire:
        for cut in range(1, len(SENT)):
            wire.send(SENT[:cut])
            time.sleep(0.0002)
            wire.send(SENT[cut:])
            assert wire.read(len(REPLIES)) == REPLIES, f"cut after byte {cut}: {SENT[:cut]!r}"


def test_one_byte_at_a_time(server: Server) -> None:
    with Wire(server) as wire:
        for at in range(len(SENT)):
            wire.send(SENT[at : at + 1])
            time.sleep(0.0002)
        assert wire.read(len(REPLIES)) == REPLIES


def test_random_pieces(server: Server) -> None:
    rng = random.Random(7)
    with Wire(server) as wire:
        for _ in range(50):
            data = SENT * rng.randint(1, 20)
            times = len(data) // len(SENT)
            at = 0
            while at < len(data):
                size = rng.choice([1, 2, 3, 10, 100, 1000, 5000])
                wire.send(data[at : at + size])
                at += size
            assert wire.read(len(REPLIES) * times) == REPLIES * times


def test_many_commands_in_one_write(server: Server) -> None:
    with Wire(server) as wire:
        wire.send(command("PING") * 1000)
        assert wire.read(7 * 1000) == b"+PONG\r\n" * 1000


@pytest.mark.parametrize("size", [1, 1000])
def test_pipeline_of_ten_thousand(server: Server, size: int) -> None:
    """The client sends everything before it reads much; the replies come in order."""
    values = [b"%d" % i * size for i in range(10000)]
    expected = b"".join(b"$%d\r\n%s\r\n" % (len(v), v) for v in values)
    with Wire(server, timeout=20) as wire:
        data = b"".join(command("ECHO", value) for value in values)
        sender = threading.Thread(target=wire.sock.sendall, args=(data,))
        sender.start()
        received = wire.read(len(expected))
        sender.join()
    assert received == expected


def test_large_value(server: Server) -> None:
    value = bytes(range(256)) * 4 * 1024 * 20
    with Wire(server, timeout=20) as wire:
        sender = threading.Thread(target=wire.sock.sendall, args=(command("ECHO", value),))
        sender.start()
        received = wire.read(len(value) + len(str(len(value))) + 5)
        sender.join()
    assert received == b"$%d\r\n%s\r\n" % (len(value), value)


def test_client_that_leaves_without_reading(server: Server) -> None:
    """Writing to a peer that is gone must not end the server."""
    for _ in range(5):
        wire = Wire(server)
        wire.send(command("ECHO", b"x" * 10000) * 100)
        wire.abort()
    with Wire(server) as wire:
        assert wire.text("PING") == "PONG"
    assert server.alive


def test_endless_line_is_refused(server: Server) -> None:
    with Wire(server) as wire:
        for _ in range(20):
            wire.send(b"x" * 10000)
        assert wire.until_closed() in (b"-ERR Protocol error: too big inline request\r\n", b"")
    with Wire(server) as wire:
        assert wire.text("PING") == "PONG"


def test_garbage_never_ends_the_server(server: Server) -> None:
    rng = random.Random(99)
    pieces = [b"*", b"$", b"\r\n", b"\r", b"\n", b"1", b"-1", b"99", b"PING", b'"', b"'", b"\\x", b"\x00"]
    for _ in range(200):
        wire = Wire(server)
        wire.send(b"".join(rng.choice(pieces) for _ in range(rng.randint(1, 60))))
        wire.abort()
    with Wire(server) as wire:
        assert wire.text("PING") == "PONG"
