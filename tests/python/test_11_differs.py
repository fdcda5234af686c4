"""Where the log differs from Redis, as book/differs.md says."""

from __future__ import annotations

import pytest

from harness.load import pipeline
from harness.server import Server, ServerCommand
from harness.wire import Wire

pytestmark = [pytest.mark.since(11), pytest.mark.more, pytest.mark.not_real]
KEYS = 200_000


def test_clients_wait_for_the_log(command: ServerCommand) -> None:
    """Who connects while commands of the log are executed at the start is answered when they are done."""
    with Server(command, ["--appendonly", "yes"]) as server:
        with Wire(server) as wire:
            assert not pipeline(wire, (("SET", f"key:{i}", i) for i in range(KEYS)))
        server.kill()
        server.start([*server.args])
        with Wire(server, timeout=60) as wire:
            assert wire.ask("PING").text == b"PONG"
            assert wire.integer("DBSIZE") == KEYS
