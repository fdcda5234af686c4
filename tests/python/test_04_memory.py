"""A list of many short elements takes few bytes besides them."""

from __future__ import annotations

import pytest

from harness.load import pipeline
from harness.server import Server
from harness.wire import Wire

pytestmark = pytest.mark.since(4)
MANY = 200_000
BATCH = 1000
LIMIT = "4mb"  # of all that the server holds; redis-server takes about one before there is any data


def push(server: Server, first: int) -> int:
    """Pushes numbers of many digits until memory is short; how many elements the list has then."""
    with Wire(server, timeout=30) as wire:
        assert wire.text("CONFIG", "SET", "maxmemory", LIMIT) == "OK"
        batches = [("RPUSH", "k", *range(at, at + BATCH)) for at in range(first, first + MANY, BATCH)]
        pipeline(wire, batches, 1)
        wire.text("CONFIG", "SET", "maxmemory", "0")
        assert wire.text("LINDEX", "k", "0") == str(first)
        return wire.integer("LLEN", "k")


def test_memory_of_short_elements(server: Server) -> None:
    """Eight digits: two bytes besides the data are 2 MB in all, a node with two pointers for each is 9 MB."""
    assert push(server, 10_000_000) == MANY


def test_memory_of_long_numbers(server: Server) -> None:
    """Sixteen digits are eight bytes as an integer; as texts they are more than is allowed here."""
    assert push(server, 4_000_000_000_000_000) == MANY
