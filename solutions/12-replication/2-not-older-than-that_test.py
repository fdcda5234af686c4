"""Exercise 12.2: GETFRESH replies as GET does, or with an error if the primary was not heard of within that time."""

from __future__ import annotations

import pytest
from harness.load import Arg
from harness.peers import KEEP_ALIVE, FakePrimary
from harness.rdb import file_with, string
from harness.replicas import Node, wait_until
from harness.server import ServerCommand

ONE_KEY = file_with(0, string(b"v"), b"k")


def said(node: Node, *words: Arg) -> str:
    """The reply, which may be an error."""
    return node.wire.ask("GETFRESH", *words).text.decode()


def test_a_primary_is_fresh(command: ServerCommand) -> None:
    with Node(command) as node:
        assert node.text("SET", "k", "v") == "OK"
        assert node.text("GETFRESH", "k", 0) == "v"
        assert node.wire.ask("GETFRESH", "missing", 0).kind == "nil"
        node.follow(1)
        assert node.text("GET", "k") == "v"
        assert said(node, "k", 1000).startswith("STALE")
        assert "out of range" in said(node, "k", -1)
        node.promote()
        assert node.text("GETFRESH", "k", 0) == "v"


@pytest.mark.alone
def test_a_primary_that_is_silent(command: ServerCommand) -> None:
    with Node(command) as replica, FakePrimary() as primary:
        replica.follow(primary.port)
        primary.accept()
        primary.handshake()
        primary.full_sync(0, ONE_KEY)
        wait_until(lambda: replica.link == "connected")
        assert replica.text("GETFRESH", "k", 1000) == "v"
        wait_until(lambda: said(replica, "k", 1).startswith("STALE"))
        assert replica.text("GETFRESH", "k", 1000) == "v"
        primary.stream_raw(KEEP_ALIVE)
        wait_until(lambda: said(replica, "k", 1) == "v")
