"""Where a stage differs from Redis, as book/differs.md says. The real server would not come back from it."""

from __future__ import annotations

import pytest

from harness.server import Server
from harness.wire import Wire

pytestmark = [pytest.mark.since(7), pytest.mark.more, pytest.mark.not_real]


@pytest.mark.parametrize("count", [10**11, 2**59 - 1])
def test_xautoclaim_of_many(server: Server, count: int) -> None:
    """COUNT is how many entries are claimed at most, not how much memory is taken in advance."""
    if server.command.stage is None:
        pytest.skip("speaks of the stages of this course")
    with Wire(server) as wire:
        wire.ask("XADD", "k", "1-1", "f", "v")
        wire.ask("XGROUP", "CREATE", "k", "g", "0")
        wire.ask("XREADGROUP", "GROUP", "g", "ann", "STREAMS", "k", ">")
        reply = wire.ask("XAUTOCLAIM", "k", "g", "bob", 0, 0, "COUNT", count, "JUSTID")
        assert [item.text for item in reply.items[1].items] == [b"1-1"]
