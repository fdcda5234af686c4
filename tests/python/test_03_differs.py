"""Where a stage differs from Redis, as book/differs.md says. The real server is asked as well."""

from __future__ import annotations

import pytest

from harness.server import Server
from harness.wire import Wire

pytestmark = [pytest.mark.since(3), pytest.mark.more]


def test_refcount_after_change_of_policy(server: Server) -> None:
    """Redis goes by the policy under which the value was set, a stage by that of now."""
    if not server.command.real and server.command.stage is None:
        pytest.skip("speaks of the stages of this course")
    with Wire(server) as wire:
        wire.ask("SET", "a", "5")
        wire.ask("CONFIG", "SET", "maxmemory", "1gb", "maxmemory-policy", "allkeys-lru")
        assert wire.integer("OBJECT", "REFCOUNT", "a") == (2147483647 if server.command.real else 1)
