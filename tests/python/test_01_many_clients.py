"""Thousands of clients, idle, slow, rude or half gone."""

from __future__ import annotations

import resource
import select
import socket
import sys
import threading
import time

import pytest

from harness.connection import ready
from harness.process import open_files, raise_file_limit, resident, sanitized
from harness.server import Server, ServerCommand
from harness.wire import Wire, command

pytestmark = pytest.mark.since(1)
IDLE = 10_000
KB = 1024


def test_a_thousand_clients(server: Server) -> None:
    raise_file_limit(4000)
    wires = [Wire(server) for _ in range(1000)]
    for turn in range(3):
        for number, wire in enumerate(wires):
            wire.send(command("ECHO", f"{turn}-{number}"))
        for number, wire in enumerate(wires):
            assert wire.reply().text == b"%d-%d" % (turn, number)
    for wire in wires:
        wire.abort()


def test_ten_thousand_idle_connections(command: ServerCommand) -> None:
    if raise_file_limit(IDLE + 200) < IDLE + 200:
        pytest.fail(f"this test needs {IDLE + 200} open files: ulimit -n")
    with Server(command, ["--maxclients", str(IDLE + 50), "--tcp-backlog", "511"]) as server:
        with Wire(server) as wire:
            wire.text("PING")
        before = resident(server.pid)
        wires = [Wire(server) for _ in range(IDLE)]
        assert wires[-1].text("PING") == "PONG"
        assert wires[0].text("PING") == "PONG"
        each = (resident(server.pid) - before) / IDLE
        began = time.monotonic()
        for wire in wires[:: IDLE // 100]:
            assert wire.text("PING") == "PONG"
        waited = time.monotonic() - began
        for wire in wires:
            wire.abort()
        with Wire(server) as wire:
            assert wire.text("PING") == "PONG"
    assert waited < 5, f"{waited:.1f} s for 100 commands among 10,000 connections"
    if not command.real and not sanitized():
        assert each <= 2.5 * KB, f"{each:.0f} bytes of resident memory for an idle connection"


def test_connections_come_and_go(server: Server) -> None:
    with Wire(server) as wire:
        wire.text("PING")
        before = open_files(server.pid)
        for number in range(2000):
            other = Wire(server)
            if number % 3:
                other.send(command("PING")[: number % 14])
            other.abort()
        for _ in range(200):
            if open_files(server.pid) == before:
                break
            time.sleep(0.01)
        assert open_files(server.pid) == before
        assert wire.text("PING") == "PONG"


def fill(sock: socket.socket, data: bytes, most: int) -> int:
    """Sends data again and again until the peer takes no more, or most bytes are sent."""
    sock.setblocking(False)
    sent = 0
    rest = memoryview(b"")
    while sent < most and ready(sock, select.POLLOUT, 1):
        rest = rest or memoryview(data)
        try:
            count = sock.send(rest)
        except ConnectionError:
            break
        sent += count
        rest = rest[count:]
    sock.setblocking(True)
    return sent


def test_reader_that_stalls(command: ServerCommand) -> None:
    """Who sends without reading is not read from any more: memory stays bounded, others are served."""
    if command.real:
        pytest.xfail("the real server has no bound unless client-output-buffer-limit sets one")
    request = b"*2\r\n$4\r\nECHO\r\n$10000\r\n" + b"x" * 10000 + b"\r\n"
    with Server(command) as server, Wire(server) as other:
        other.text("PING")
        before = resident(server.pid)
        stalled = Wire(server)
        sent = fill(stalled.sock, request * 100, 200 * KB * KB)
        assert sent < 200 * KB * KB, "the server takes everything and never pushes back"
        grown = resident(server.pid) - before
        began = time.monotonic()
        for _ in range(100):
            assert other.text("PING") == "PONG"
        assert time.monotonic() - began < 1
        assert grown < 100 * KB * KB, f"{grown} bytes for one stalled reader"
        complete = sent // len(request)
        assert stalled.read(complete * 10010)[-12:] == b"x" * 10 + b"\r\n"
        stalled.abort()


@pytest.mark.more
def test_soft_limit_of_a_reader_that_stalls(command: ServerCommand) -> None:
    """Who takes nothing at all is closed when the time of the soft limit is over."""
    limit = ["--client-output-buffer-limit", "normal", "0", "1mb", "1"]
    with Server(command, limit) as server, Wire(server) as other:
        stalled = Wire(server)
        stalled.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        stalled.send(b"*2\r\n$4\r\nECHO\r\n$16000000\r\n" + b"x" * 16_000_000 + b"\r\n")
        began = time.monotonic()
        while len(other.text("CLIENT", "LIST").splitlines()) > 1:
            assert time.monotonic() - began < 8, "it is still connected"
            time.sleep(0.1)
        assert time.monotonic() - began > 0.5, "it was closed before its time was over"
        stalled.abort()


@pytest.mark.more
def test_nobody_reads_the_help(command: ServerCommand) -> None:
    """Replies that a client does not want cost nothing, however many they are."""
    with Server(command) as server, Wire(server) as wire:
        wire.send(b"CLIENT REPLY OFF\r\n")
        wire.send(b"CLIENT HELP\r\n" * 10_000 + b"CLIENT REPLY ON\r\n")
        assert wire.lines(1) == b"+OK"
        before = resident(server.pid)
        wire.send(b"CLIENT REPLY OFF\r\n")
        wire.send(b"CLIENT HELP\r\n" * 100_000 + b"CLIENT REPLY ON\r\n")
        assert wire.lines(1) == b"+OK"
        grown = resident(server.pid) - before
        if not sanitized():  # which keeps what was freed
            assert grown < 2 * KB * KB, f"{grown} bytes for replies that went nowhere"


def test_output_buffer_limit(command: ServerCommand) -> None:
    """A reply beyond the hard limit closes the connection that it is for."""
    limit = ["--client-output-buffer-limit", "normal", "1mb", "0", "0"]
    with Server(command, limit) as server, Wire(server) as other:
        assert other.text("PING") == "PONG"
        wire = Wire(server)
        wire.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        fill(wire.sock, b"*2\r\n$4\r\nECHO\r\n$8000000\r\n" + b"x" * 8000000 + b"\r\n", 32_000_000)
        assert len(wire.until_closed()) < 32_000_000
        assert other.text("PING") == "PONG"


def test_slow_reader_is_not_idle(command: ServerCommand) -> None:
    """timeout closes silent clients; one that sends nothing but takes its reply bit by bit is not silent."""
    size = 24_000_000
    with Server(command, ["--timeout", "1"]) as server, Wire(server) as wire:
        wire.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 * KB)
        wire.send(b"*2\r\n$4\r\nECHO\r\n$%d\r\n%s\r\n" % (size, b"x" * size))
        assert wire.read(len("$24000000\r\n")) == b"$24000000\r\n"
        rest = size + 2
        began = time.monotonic()
        while time.monotonic() - began < 3.5:
            rest -= len(wire.read(200 * KB))
            time.sleep(0.05)
        assert rest > 4 * KB * KB, "the test reads too fast to show anything"
        assert wire.read(rest)[-3:] == b"x\r\n"
        assert wire.text("PING") == "PONG"


def test_announced_bytes_are_not_allocated(server: Server) -> None:
    """The length of a bulk string is a promise of the client's, and memory is taken as it is kept."""
    wires = [Wire(server) for _ in range(50)]
    before = resident(server.pid)
    for wire in wires:
        wire.send(b"*2\r\n$4\r\nECHO\r\n$536870912\r\n" + b"x" * 1000)
    with Wire(server) as other:
        assert other.text("PING") == "PONG"
    assert resident(server.pid) - before < 64 * KB * KB
    for wire in wires:
        wire.send(b"*1000000\r\n")
        wire.abort()


def test_half_closed(server: Server) -> None:
    """Who says that it will send no more still gets its replies."""
    for _ in range(100):
        with Wire(server) as wire:
            wire.send(command("PING") * 100 + b"*1\r\n$4\r\nPI")
            wire.half_close()
            assert wire.until_closed() == b"+PONG\r\n" * 100


def test_half_closed_before_a_large_reply(server: Server) -> None:
    with Wire(server) as wire:
        wire.send(command("ECHO", b"x" * 3_000_000))
        wire.half_close()
        time.sleep(0.05)
        assert len(wire.until_closed()) == 3_000_000 + 12


def ask_for_much(server: Server) -> Wire:
    """A client with a reply of 8 MB on its way, of which it reads nothing."""
    wire = Wire(server)
    wire.send(command("ECHO", b"x" * 8_000_000))
    return wire


def test_unread_reply_holds_up_nobody(server: Server) -> None:
    """A reply that the socket doesn't take waits, and the server goes on to the others."""
    wire = ask_for_much(server)
    with Wire(server) as other:
        for _ in range(10):
            assert other.text("PING") == "PONG"
    assert wire.read(8_000_012)[-3:] == b"x\r\n"
    wire.close()


def test_reset_while_a_reply_waits(server: Server) -> None:
    """A client that goes with a reply unsent is freed once, and takes no other client with it."""
    with Wire(server) as other:
        for _ in range(40):
            wire = ask_for_much(server)
            other.text("PING")
            wire.abort()
            assert other.text("PING") == "PONG"


@pytest.mark.alone
def test_nobody_starves(server: Server) -> None:
    """While one client pipelines without end, another gets its answers soon."""
    stop = threading.Event()

    def flood() -> None:
        with Wire(server) as wire:
            while not stop.is_set():
                wire.send(command("PING") * 1000)
                wire.read(7000)

    threads = [threading.Thread(target=flood) for _ in range(3)]
    for thread in threads:
        thread.start()
    slowest = 0.0
    with Wire(server) as wire:
        for _ in range(100):
            began = time.monotonic()
            assert wire.text("PING") == "PONG"
            slowest = max(slowest, time.monotonic() - began)
    stop.set()
    for thread in threads:
        thread.join()
    assert slowest < 0.5, f"{slowest:.3f} s for one PING"


@pytest.mark.parametrize("signal_name", ["SIGTERM", "SIGINT"])
def test_stops_under_load(command: ServerCommand, signal_name: str) -> None:
    """A signal ends it in order, with whatever is going on: exit code 0, and nothing leaked."""
    import os
    import signal

    with Server(command) as server:
        stop = threading.Event()

        def load() -> None:
            wire = Wire(server)
            try:
                while not stop.is_set():
                    wire.send(b"*2\r\n$4\r\nECHO\r\n$5\r\nhello\r\n" * 500 + b"*2\r\n$4\r\nEC")
                    wire.read(500 * 11)
                    wire.send(b"HO\r\n$1\r\nx\r\n")
                    wire.read(7)
            except (AssertionError, OSError):
                pass
            wire.close()

        idle = [Wire(server) for _ in range(100)]
        idle[0].send(b"*1\r\n$4\r\nPI")
        threads = [threading.Thread(target=load) for _ in range(4)]
        for thread in threads:
            thread.start()
        time.sleep(0.2)
        os.kill(server.pid, getattr(signal, signal_name))
        code = server.wait_exit(5)
        stop.set()
        for thread in threads:
            thread.join()
        assert code == 0, f"{server.status()}\n{server.log()[-2000:]}"
        assert not server.sanitizer_report(), server.sanitizer_report()
        assert all(wire.until_closed() == b"" for wire in idle)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="prlimit is Linux's")
def test_out_of_file_descriptors(command: ServerCommand) -> None:
    """No descriptor left for a new client: those that are there are served, and the log says so once."""
    if command.real:
        pytest.xfail("the real server logs each failure")
    with Server(command) as server, Wire(server) as first:
        assert first.text("PING") == "PONG"
        used = open_files(server.pid) or 0
        limit = used + 20
        resource.prlimit(server.pid, resource.RLIMIT_NOFILE, (limit, limit))
        others = [Wire(server) for _ in range(60)]
        for _ in range(20):
            assert first.text("PING") == "PONG"
            time.sleep(0.01)
        before = time.process_time()
        complaints = [x for x in server.log().splitlines() if "open files" in x.lower()]
        assert len(complaints) == 1, server.log()
        assert time.process_time() - before < 5
        for wire in others[:40]:
            wire.abort()
        for wire in others[40:]:
            assert wire.text("PING") == "PONG"
            wire.abort()
