"""A list of many short elements takes few bytes besides them."""

from __future__ import annotations

import pytest

from harness.load import pipeline
from harness.server import Server
from harness.wire import Wire

pytestmark = pytest.mark.since(4)
MANY = 200_000
BATCH = 1000
LIMIT = "3700kb"  # of all that the server holds; redis-server takes about one MB before there is any data


def push(server: Server, element: str, first: int = 0) -> int:
    """Pushes elements, each with a number in it, until memory is short; how many the list has then."""
    with Wire(server, timeout=30) as wire:
        assert wire.text("CONFIG", "SET", "maxmemory", LIMIT) == "OK"
        elements = [element.format(n) for n in range(first, first + MANY)]
        batches = [("RPUSH", "k", *elements[at : at + BATCH]) for at in range(0, MANY, BATCH)]
        pipeline(wire, batches, 1)
        wire.text("CONFIG", "SET", "maxmemory", "0")
        assert wire.text("LINDEX", "k", "0") == elements[0]
        return wire.integer("LLEN", "k")


def test_memory_of_short_elements(server: Server) -> None:
    """Of eight bytes: with two more for each they are 2 MB, with a node of two pointers for each 6 MB or more."""
    assert push(server, "e{:07}") == MANY


def test_memory_of_long_numbers(server: Server) -> None:
    """Of nineteen digits: ten bytes each as integers; as texts they are 21, which is more than there is."""
    assert push(server, "{}", 4_000_000_000_000_000_000) == MANY
