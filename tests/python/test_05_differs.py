"""Where a stage differs from Redis, as book/differs.md says. The real server would not come back from it."""

from __future__ import annotations

import time

import pytest

from harness.process import sanitized
from harness.server import Server
from harness.wire import Wire, command

pytestmark = [pytest.mark.since(5), pytest.mark.more, pytest.mark.not_real]


@pytest.mark.parametrize("kind", ["intset", "set", "listpack", "hash"])
@pytest.mark.parametrize("count", [-(2**31), -(2**62) + 1])
def test_repeated_without_end(server: Server, kind: str, count: int) -> None:
    """Two thousand million members are asked for. The client is closed, and others are served."""
    if server.command.stage is None:
        pytest.skip("speaks of the stages of this course")
    with Wire(server, timeout=60) as wire, Wire(server, timeout=60) as other:
        # As long as may be, so that what a client may be owed is soon there.
        name = str(2**63 - 1) if kind == "intset" else "x" * (64 if kind == "listpack" else 1000)
        is_set = kind in ("intset", "set")
        wire.ask(*(["SADD", "k", name] if is_set else ["HSET", "k", name, "v" * 64]))
        other.text("PING")
        began = time.monotonic()
        wire.send(command("SRANDMEMBER", "k", count) if is_set else command("HRANDFIELD", "k", count, "WITHVALUES"))
        assert other.text("PING") == "PONG"
        assert len(wire.until_closed()) < 80 * 1024 * 1024
        assert sanitized() or time.monotonic() - began < 30
        assert other.text("PING") == "PONG"
