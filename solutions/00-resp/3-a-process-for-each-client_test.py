"""Exercise 00.3: many clients at once, without an event loop.

How is left open: a process for each client, a thread for each, a few of either that wait together.
What is asked for is what a client sees, and that nothing is left behind.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.server import Server
from harness.wire import Wire, command

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks into Linux's /proc")
CLIENTS = 50


def until(condition: Callable[[], bool], seconds: float = 5) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def states_of(session: int) -> list[str]:
    """The state of each thread of each process in the server's session: R, S, Z for a zombie …"""
    states = []
    for stat in Path("/proc").glob("[0-9]*/task/[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has just ended
        if int(fields[3]) == session:
            states.append(fields[0])
    return states


def client_id(wire: Wire) -> int:
    """The id that HELLO tells."""
    items = wire.ask("HELLO").items
    place = [item.text for item in items].index(b"id")
    return int(items[place + 1].text)


def test_all_are_served(server: Server) -> None:
    """In any order, and whoever came first may stay silent."""
    wires = [Wire(server, timeout=3) for _ in range(CLIENTS)]
    for turn in range(3):
        for number, wire in reversed(list(enumerate(wires))):
            assert wire.text("ECHO", f"{turn}-{number}") == f"{turn}-{number}"
    for wire in wires:
        wire.close()


def test_half_a_command_blocks_nobody(server: Server) -> None:
    with Wire(server, timeout=3) as slow, Wire(server, timeout=3) as other:
        slow.send(command("ECHO", "hello")[:-4])
        assert other.text("PING") == "PONG"
        slow.send(command("ECHO", "hello")[-4:])
        assert slow.reply().text == b"hello"


def test_who_does_not_read_blocks_nobody(server: Server) -> None:
    with Wire(server, timeout=3) as stalled, Wire(server, timeout=3) as other:
        stalled.sock.settimeout(0.5)
        with pytest.raises(TimeoutError):
            while True:
                stalled.sock.sendall(command("ECHO", "x" * 100_000))
        assert other.text("PING") == "PONG"


def test_no_two_have_the_same_id(server: Server) -> None:
    """Also when one has gone before the other came; and who comes later has a higher one."""
    ids = []
    for _ in range(3):
        wires = [Wire(server, timeout=3) for _ in range(10)]
        ids += [client_id(wire) for wire in wires]
        for wire in wires:
            wire.close()
    assert len(set(ids)) == len(ids), f"ids: {ids}"
    assert max(ids[:10]) < min(ids[10:20]) and max(ids[10:20]) < min(ids[20:]), f"ids: {ids}"


def come_and_go(server: Server) -> None:
    wires = [Wire(server, timeout=3) for _ in range(CLIENTS)]
    for number, wire in enumerate(wires):
        assert wire.text("PING") == "PONG"
        wire.send(command("PING")[: number % 14])
        if number % 2:
            wire.abort()
        else:
            wire.close()


def test_nothing_is_left_of_a_client(server: Server) -> None:
    """Neither a process nor a thread nor a zombie. Those that wait for the next client may stay."""
    come_and_go(server)
    assert until(lambda: "Z" not in states_of(server.pid)), f"zombies: {states_of(server.pid)}"
    time.sleep(0.2)
    after_once = len(states_of(server.pid))
    for _ in range(4):
        come_and_go(server)
    left = f"{after_once} threads after {CLIENTS} clients, more after {5 * CLIENTS}: "
    assert until(lambda: len(states_of(server.pid)) <= after_once), left + str(states_of(server.pid))
    assert "Z" not in states_of(server.pid)


def test_sigterm_ends_all(server: Server) -> None:
    """With clients idle, in the middle of a command, and in the middle of a reply."""
    idle = [Wire(server, timeout=3) for _ in range(10)]
    for wire in idle:
        assert wire.text("PING") == "PONG"
    idle[0].send(b"*2\r\n$4\r\nEC")
    with Wire(server) as stalled:
        stalled.send(command("ECHO", "x" * 8_000_000))
        time.sleep(0.1)
        os.kill(server.pid, signal.SIGTERM)
        assert server.wait_exit(5) == 0, f"{server.status()}\n{server.log()}"
        assert until(lambda: not states_of(server.pid)), "processes have outlived the server"
        assert all(wire.until_closed() == b"" for wire in idle)
