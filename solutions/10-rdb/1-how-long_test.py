"""Exercise 10.1: SAVETIME returns how many ms the last successful save took, whichever process wrote it."""

from __future__ import annotations

import os
import signal
import time

from harness.dataset import add_many
from harness.server import Server
from harness.wire import Wire

SLACK_MS = 300  # the server looks ten times a second, and the machine may be busy


def child_of(server: Server) -> int:
    return int(server.log().rsplit("started by pid", 1)[1].split()[0])


def bgsave(server: Server, wire: Wire) -> int:
    """Starts a child, and returns its process id when it is known."""
    assert "started" in wire.text("BGSAVE")
    return child_of(server)


def await_end(server: Server, text: str, count: int) -> None:
    end = time.monotonic() + 30
    while server.log().count(text) < count:
        assert time.monotonic() < end, "the child did not end in time"
        time.sleep(0.01)


def test_before_the_first(server: Server) -> None:
    with Wire(server) as wire:
        assert wire.integer("SAVETIME") == -1
        assert wire.ask("SAVETIME", "now").kind == "error"
        assert wire.text("SAVE") == "OK"
        assert 0 <= wire.integer("SAVETIME") < 10_000


def test_save(server: Server) -> None:
    with Wire(server) as wire:
        add_many(wire, 200_000)
        began = time.monotonic()
        assert wire.text("SAVE") == "OK"
        ms = (time.monotonic() - began) * 1000
        assert ms * 0.3 - 20 <= wire.integer("SAVETIME") <= ms + 20


def test_a_child_that_takes_its_time(server: Server) -> None:
    """It is stopped for a second, which counts."""
    with Wire(server) as wire:
        add_many(wire, 200_000)
        began = time.monotonic()
        child = bgsave(server, wire)
        os.kill(child, signal.SIGSTOP)
        time.sleep(1)
        assert wire.integer("SAVETIME") == -1
        os.kill(child, signal.SIGCONT)
        await_end(server, "terminated with success", 1)
        ms = (time.monotonic() - began) * 1000
        assert 950 <= wire.integer("SAVETIME") <= ms + SLACK_MS


def test_a_save_that_fails_changes_nothing(server: Server) -> None:
    with Wire(server) as wire:
        assert wire.text("SAVE") == "OK"
        took = wire.integer("SAVETIME")
        add_many(wire, 200_000)
        child = bgsave(server, wire)
        os.kill(child, signal.SIGSTOP)
        time.sleep(0.5)
        os.kill(child, signal.SIGKILL)
        await_end(server, "terminated by signal 9", 1)
        assert wire.integer("SAVETIME") == took
