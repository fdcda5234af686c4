"""Exercise 07.2: XCOUNT counts the entries of a range without reading those of whole nodes."""

from __future__ import annotations

import random

import pytest

from harness.process import cpu_seconds
from harness.server import Server
from harness.wire import Wire, command

MANY = 100_000
BATCH = 1000


def fill(wire: Wire, count: int, key: str = "s") -> None:
    """Adds the entries 1-0, 2-0 ... up to that number."""
    for first in range(1, count + 1, BATCH):
        batch = range(first, min(first + BATCH, count + 1))
        wire.send(b"".join(command("XADD", key, f"{n}-0", "n", n) for n in batch))
        for n in batch:
            assert wire.reply().text == b"%d-0" % n


def spent(server: Server) -> float:
    assert server.process
    seconds = cpu_seconds(server.process.pid)
    assert seconds is not None
    return seconds


def test_small(server: Server) -> None:
    with Wire(server) as wire:
        for name in ("1-0", "1-5", "2-0", "2-7", "9-9"):
            wire.ask("XADD", "s", name, "f", "v")
        assert wire.integer("XCOUNT", "s", "-", "+") == 5
        assert wire.integer("xcount", "s", "1", "1") == 2
        assert wire.integer("XCOUNT", "s", "1-5", "2-0") == 2
        assert wire.integer("XCOUNT", "s", "(1-5", "(9-9") == 2
        assert wire.integer("XCOUNT", "s", "3", "9") == 1
        assert wire.integer("XCOUNT", "s", "3", "8") == 0
        assert wire.integer("XCOUNT", "s", "9", "1") == 0
        assert wire.integer("XCOUNT", "missing", "-", "+") == 0


def test_errors(server: Server) -> None:
    with Wire(server) as wire:
        wire.ask("SET", "text", "x")
        assert wire.ask("XCOUNT", "text", "-", "+").text.startswith(b"WRONGTYPE")
        invalid = b"ERR Invalid stream ID specified as stream command argument"
        assert wire.ask("XCOUNT", "missing", "-", "x").text == invalid
        assert wire.ask("XCOUNT", "missing", "*", "+").text == invalid
        assert wire.ask("XCOUNT", "s", "-").text == b"ERR wrong number of arguments for 'xcount' command"


@pytest.mark.parametrize("node", [1, 3, 100])
def test_against_xrange(server: Server, node: int) -> None:
    """Any range, in a stream with holes at the ends of nodes and inside, and with nodes that are gone."""
    chosen = random.Random(node)
    with Wire(server) as wire:
        wire.ask("CONFIG", "SET", "stream-node-max-entries", node)
        fill(wire, 700)
        wire.ask("XTRIM", "s", "MAXLEN", 650)
        for name in chosen.sample(range(51, 701), 200):
            assert wire.integer("XDEL", "s", f"{name}-0") == 1
        for _ in range(300):
            start, end = (f"{chosen.choice(['', '('])}{chosen.randrange(1, 710)}-{chosen.randrange(2)}" for _ in range(2))
            wanted = len(wire.ask("XRANGE", "s", start, end).items)
            assert wire.integer("XCOUNT", "s", start, end) == wanted, f"XCOUNT s {start} {end}"
        assert wire.integer("XCOUNT", "s", "-", "+") == wire.integer("XLEN", "s") == 450


@pytest.mark.alone
def test_whole_nodes_are_not_read(server: Server) -> None:
    """A hundred counts of a long range cost less than reading it once."""
    with Wire(server, timeout=60) as wire:
        fill(wire, MANY)
        before = spent(server)
        for _ in range(100):
            assert wire.integer("XCOUNT", "s", "50", str(MANY - 50)) == MANY - 99
        counted = spent(server) - before
        before = spent(server)
        assert len(wire.ask("XRANGE", "s", "50", str(MANY - 50)).items) == MANY - 99
        read = spent(server) - before
        assert counted < read + 0.02, f"{counted:.2f} s for a hundred counts, {read:.2f} s to read once"
