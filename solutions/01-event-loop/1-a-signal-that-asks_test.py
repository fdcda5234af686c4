"""Exercise 01.1: on SIGUSR1 the server logs how many clients there are, and serves on.

    … * 3 clients connected, 91234 bytes in use
"""

from __future__ import annotations

import os
import re
import signal
import time

from harness.server import Server
from harness.wire import Wire, command

ANSWER = re.compile(r"(\d+) clients connected, (\d+) bytes in use")


def answers(server: Server) -> list[tuple[int, int]]:
    """What was logged so far: clients and bytes."""
    return [(int(clients), int(size)) for clients, size in ANSWER.findall(server.log())]


def ask(server: Server) -> tuple[int, int]:
    """Sends the signal and waits for its line."""
    before = len(answers(server))
    os.kill(server.pid, signal.SIGUSR1)
    deadline = time.monotonic() + 3
    while len(answers(server)) == before:
        assert server.alive, f"SIGUSR1 has ended the server ({server.status()})"
        assert time.monotonic() < deadline, f"no line {ANSWER.pattern!r} in the log:\n{server.log()}"
        time.sleep(0.01)
    return answers(server)[-1]


def test_clients_are_counted(server: Server) -> None:
    """While nobody says anything: the signal alone ends the wait."""
    wires = [Wire(server) for _ in range(3)]
    for wire in wires:
        assert wire.text("PING") == "PONG"
    assert ask(server)[0] == 3
    wires.pop().close()
    assert wires[0].text("PING") == "PONG"
    time.sleep(0.05)
    assert ask(server)[0] == 2
    for wire in wires:
        wire.close()


def test_memory_is_what_is_in_use(server: Server) -> None:
    with Wire(server) as wire:
        assert wire.text("PING") == "PONG"
        before = ask(server)[1]
        wire.send(b"*2\r\n$4\r\nECHO\r\n$8000000\r\n" + b"x" * 4_000_000)
        time.sleep(0.1)
        assert 4_000_000 <= ask(server)[1] - before < 20_000_000


def test_asked_in_the_middle_of_work(server: Server) -> None:
    """No reply is lost or torn, however often and whenever the question comes."""
    with Wire(server) as wire:
        assert wire.text("PING") == "PONG"
        for number in range(200):
            wire.send(command("ECHO", number) * 50)
            for _ in range(10):
                os.kill(server.pid, signal.SIGUSR1)
            for _ in range(50):
                assert wire.reply().text == b"%d" % number
    assert answers(server)
    assert server.alive, server.status()


def test_the_other_signals_are_as_before(server: Server) -> None:
    with Wire(server) as wire:
        assert wire.text("PING") == "PONG"
        ask(server)
        os.kill(server.pid, signal.SIGUSR1)
        os.kill(server.pid, signal.SIGTERM)
        assert server.wait_exit(5) == 0, server.status()
        assert "Received SIGTERM" in server.log()
