"""How a server starts and stops, how it reads a long argument, and how it says goodbye."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import time
from pathlib import Path

import pytest

from harness.connection import ready
from harness.server import HOST, Server, ServerCommand
from harness.wire import Wire, command

KB = 1024
MB = 1024 * KB


def test_port_that_is_taken(command: ServerCommand) -> None:
    with Server(command) as server:
        other = Server(command)
        try:
            other.port = server.port
            other.launch()
            assert other.wait_exit(5) == 1
            assert "in use" in other.log().lower()
        finally:
            other.close()


def test_flag_that_no_server_knows(command: ServerCommand) -> None:
    server = Server(command, ["--no-such-flag", "1"])
    try:
        server.launch()
        assert server.wait_exit(5) == 1
        assert "no-such-flag" in server.log()
    finally:
        server.close()


@pytest.mark.parametrize("clients", [0, 1])
def test_stops(command: ServerCommand, clients: int) -> None:
    """SIGTERM wakes the server from the call in which it waits, and it ends with exit code 0."""
    with Server(command) as server:
        wires = [Wire(server) for _ in range(clients)]
        for wire in wires:
            assert wire.text("PING") == "PONG"
        time.sleep(0.1)  # until it waits
        os.kill(server.pid, signal.SIGTERM)
        assert server.wait_exit(5) == 0
        for wire in wires:
            wire.abort()


def reads(pid: int) -> int:
    """How many times the process has called read."""
    lines = Path(f"/proc/{pid}/io").read_text().splitlines()
    return int(dict(line.split(": ") for line in lines)["syscr"])


@pytest.mark.skipif(not Path("/proc/self/io").exists(), reason="counts calls in /proc")
def test_long_argument_in_few_reads(server: Server) -> None:
    """While the server is stopped, its socket fills; then it need not take that in pieces of 64 KB."""
    with Wire(server) as wire:
        data = command("ECHO", b"x" * 64 * MB)[:-1]  # never all of it, also where a child of the server goes on reading
        wire.send(data[:KB])
        time.sleep(0.1)
        before = reads(server.pid)
        os.kill(server.pid, signal.SIGSTOP)
        try:
            wire.sock.setblocking(False)
            sent = KB
            while sent < len(data) and ready(wire.sock, select.POLLOUT, 0.2):
                sent += wire.sock.send(data[sent : sent + MB])
            wire.sock.setblocking(True)
        finally:
            os.kill(server.pid, signal.SIGCONT)
        time.sleep(0.5)
        count = reads(server.pid) - before
        assert not ready(wire.sock, select.POLLIN, 0), "a reply, or the end, before the argument is complete"
    assert sent > MB, "the kernel takes too little at once for this test"
    assert count < sent / (128 * KB), f"{count} reads for {sent} bytes"


@pytest.mark.not_real
def test_last_reply_of_one_who_goes_on_talking(server: Server) -> None:
    """A client that sends after its QUIT gets the replies before it. The real server's are lost in a reset."""
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.connect((HOST, server.port))
        client.sendall(command("ECHO", b"x" * 100_000) + b"QUIT\r\n" + b"y" * 100_000)
        time.sleep(0.2)
        received = 0
        with contextlib.suppress(ConnectionError):
            while data := client.recv(65536):
                received += len(data)
    assert received == len("$100000\r\n\r\n") + 100_000 + len("+OK\r\n")
