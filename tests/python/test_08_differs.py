"""Where a stage differs from Redis, as book/differs.md says."""

from __future__ import annotations

import time

import pytest

from harness.load import info
from harness.server import Server
from harness.wire import Wire, command

pytestmark = [pytest.mark.since(8), pytest.mark.more, pytest.mark.not_real]


def test_type_by_store(server: Server) -> None:
    """A string becomes a list or a sorted set while clients wait for one: they are served."""
    if server.command.stage is None:
        pytest.skip("speaks of the stages of this course")
    with Wire(server) as wire, Wire(server) as waiter:
        wire.ask("SADD", "s", 1, 2)
        wire.ask("ZADD", "z", 1, "a")
        for wait, store in (("BLPOP", ("SORT", "s", "STORE", "k")), ("BZPOPMIN", ("ZUNIONSTORE", "k", 1, "z"))):
            wire.ask("DEL", "k")
            waiter.send(command(wait, "k", 0))
            while info(wire)["blocked_clients"] != "1":
                time.sleep(0.01)
            wire.ask("SET", "k", "x")
            assert wire.integer(*store) in (1, 2)
            assert waiter.reply().items[0].text == b"k"


def test_refused_letters(server: Server) -> None:
    """The classes of events stay as they were, n among them, which CONFIG GET does not show beside A."""
    if server.command.stage is None:
        pytest.skip("speaks of the stages of this course")
    with Wire(server) as wire, Wire(server) as eve:
        wire.ask("CONFIG", "SET", "notify-keyspace-events", "EAn")
        assert wire.ask("CONFIG", "SET", "notify-keyspace-events", "A,").kind == "error"
        eve.ask("PSUBSCRIBE", "*")
        wire.ask("SET", "k", "v")
        assert [eve.reply().items[2].text for _ in range(2)] == [b"__keyevent@0__:new", b"__keyevent@0__:set"]
