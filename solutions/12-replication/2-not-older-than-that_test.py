"""Exercise 12.2: a replica that has heard nothing from its primary for replica-max-lag seconds serves no keys."""

from __future__ import annotations

import pytest

from harness.peers import KEEP_ALIVE, FakePrimary
from harness.rdb import file_with, string
from harness.replicas import Node, wait_until
from harness.server import ServerCommand

ONE_KEY = file_with(0, string(b"v"), b"k")
STALE = "STALE No data from the primary for longer than replica-max-lag"


def test_off_at_first(command: ServerCommand) -> None:
    with Node(command) as node:
        assert node.text("SET", "k", "v") == "OK"
        node.follow(1)
        assert node.text("GET", "k") == "v"
        assert node.text("CONFIG", "SET", "replica-max-lag", 1) == "OK"
        assert node.text("GET", "k") == STALE
        assert node.text("PING") == "PONG"
        node.promote()
        assert node.text("GET", "k") == "v"


@pytest.mark.alone
def test_a_primary_that_is_silent(command: ServerCommand) -> None:
    with Node(command, ["--replica-max-lag", "2"]) as replica, FakePrimary() as primary:
        replica.follow(primary.port)
        primary.accept()
        primary.handshake()
        primary.full_sync(0, ONE_KEY)
        wait_until(lambda: replica.link == "connected")
        assert replica.text("GET", "k") == "v"
        wait_until(lambda: replica.text("GET", "k") == STALE)
        assert replica.text("MULTI") == "OK"
        assert replica.text("DISCARD") == "OK"
        primary.stream_raw(KEEP_ALIVE)
        wait_until(lambda: replica.text("GET", "k") == "v")
