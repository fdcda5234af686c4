"""Exercise 01.3, beside the transcript: what is counted, who is chosen, and what it costs.

How the largest client is found is left open. That it is found without looking at all clients in
every turn is not: the last test measures it.
"""

from __future__ import annotations

import time

import pytest

from harness.process import cpu_seconds, raise_file_limit
from harness.server import Server, ServerCommand
from harness.wire import Wire
from harness.wire import command as encode

MB = 1024 * 1024
LIMIT = ["--maxmemory-clients", "20mb"]
IDLE = 9000
PINGS = 5000


def half_a_command(size: int) -> bytes:
    return b"*2\r\n$4\r\nECHO\r\n$%d\r\n" % (size + 2) + b"x" * size


def is_open(wire: Wire) -> bool:
    wire.connection.read_some(0)
    return not wire.connection.ended


def test_only_as_many_go_as_must(command: ServerCommand) -> None:
    """Many that are small and equal: some go, most stay, and those who take nothing are left alone."""
    with Server(command, LIMIT) as server, Wire(server) as idle:
        assert idle.text("PING") == "PONG"
        wires = []
        for _ in range(60):
            wires.append(Wire(server))
            wires[-1].send(half_a_command(MB // 2))
            assert idle.text("PING") == "PONG"
        time.sleep(0.1)
        stay = [wire for wire in wires if is_open(wire)]
        assert 15 <= len(stay) <= 40, f"{len(stay)} of 60 clients with half a megabyte fit in 20"
        for wire in wires:
            wire.abort()


def test_replies_that_wait_count(command: ServerCommand) -> None:
    """Also memory that is on its way out of the server belongs to the client."""
    with Server(command, LIMIT) as server, Wire(server) as other:
        assert other.text("PING") == "PONG"
        stalled = Wire(server, timeout=2)
        for _ in range(60):
            stalled.send(encode("ECHO", b"x" * MB))
            time.sleep(0.005)
        assert len(stalled.until_closed()) < 40 * MB
        assert other.text("PING") == "PONG"


def test_without_the_setting(server: Server) -> None:
    wires = [Wire(server) for _ in range(10)]
    for wire in wires:
        wire.send(half_a_command(4 * MB))
    time.sleep(0.2)
    assert all(is_open(wire) for wire in wires)
    for wire in wires:
        wire.abort()


def time_of_pings(server: ServerCommand, flags: list[str]) -> float:
    """Processor time of the server for PINGs among many idle clients."""
    with Server(server, flags) as started, Wire(started) as wire:
        idle = [Wire(started) for _ in range(IDLE)]
        assert idle[-1].text("PING") == "PONG"
        before = cpu_seconds(started.pid) or 0.0
        for _ in range(PINGS):
            wire.sock.sendall(b"PING\r\n")
            wire.read(7)
        took = (cpu_seconds(started.pid) or 0.0) - before
        for one in idle:
            one.abort()
    return took


@pytest.mark.alone
def test_it_does_not_look_at_all_of_them(command: ServerCommand) -> None:
    """With the limit set a PING may take twice as long, among however many clients."""
    raise_file_limit(IDLE + 100)
    without, with_limit = time_of_pings(command, []), time_of_pings(command, ["--maxmemory-clients", "1gb"])
    assert with_limit < 2 * without + 0.05, f"{with_limit:.2f} s for {PINGS} PINGs, {without:.2f} s without a limit"
