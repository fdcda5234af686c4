"""DEBUG SLEEP and DEBUG LOG, which a transcript cannot show."""

from __future__ import annotations

import time

import pytest

from harness.server import Server
from harness.wire import Wire, command

pytestmark = [pytest.mark.since(2), pytest.mark.more]


def test_sleep_takes_that_long(server: Server) -> None:
    with Wire(server) as wire:
        began = time.monotonic()
        assert wire.text("DEBUG", "SLEEP", "0.3 seconds") == "OK"
        assert 0.3 <= time.monotonic() - began < 2


def test_signal_ends_sleep(server: Server) -> None:
    """However long a client lets the server sleep, it can be stopped gracefully."""
    with Wire(server) as wire:
        wire.send(command("DEBUG", "SLEEP", "1e9"))
        time.sleep(0.3)
        assert server.terminate() == 0


def test_log(server: Server) -> None:
    with Wire(server) as wire:
        assert wire.text("DEBUG", "LOG", "what a test has to say") == "OK"
    assert "# DEBUG LOG: what a test has to say" in server.log()
