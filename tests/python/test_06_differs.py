"""Where a stage differs from Redis, as book/differs.md says."""

from __future__ import annotations

import time

import pytest

from harness.process import sanitized
from harness.server import Server
from harness.wire import Wire, command

pytestmark = [pytest.mark.since(6), pytest.mark.more]


@pytest.mark.not_real  # it would not come back from it
@pytest.mark.parametrize("kind", ["listpack", "skiplist"])
@pytest.mark.parametrize("count", [-(2**31), -(2**62) + 1])
def test_repeated_without_end(server: Server, kind: str, count: int) -> None:
    """Two thousand million members are asked for. The client is closed, and others are served."""
    if server.command.stage is None:
        pytest.skip("speaks of the stages of this course")
    with Wire(server, timeout=60) as wire, Wire(server, timeout=60) as other:
        # As long as may be, so that what a client may be owed is soon there.
        wire.ask("ZADD", "k", 1.5, "x" * (1000 if kind == "skiplist" else 64))
        other.text("PING")
        began = time.monotonic()
        wire.send(command("ZRANDMEMBER", "k", count, "WITHSCORES"))
        assert other.text("PING") == "PONG"
        assert len(wire.until_closed()) < 80 * 1024 * 1024
        assert sanitized() or time.monotonic() - began < 30
        assert other.text("PING") == "PONG"


def test_sort_by_subnormal_scores(server: Server) -> None:
    """The real server takes the error that strtod leaves behind a score for one of an element."""
    if not server.command.real and server.command.stage is None:
        pytest.skip("speaks of the stages of this course")
    with Wire(server) as wire:
        wire.ask("ZADD", "k", "1e-320", "0")
        reply = wire.ask("SORT", "k")
    if server.command.real:
        assert reply.text == b"ERR One or more scores can't be converted into double"
    else:
        assert [item.text for item in reply.items] == [b"0"]
