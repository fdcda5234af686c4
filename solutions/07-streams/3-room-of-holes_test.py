"""Exercise 07.3: with stream-compact yes, a stream gives back the memory of entries that were deleted.

When and how is left open. What is left must be what was left before, in the same order, and deleting must not cost much.
"""

from __future__ import annotations

import random

import pytest

from harness.load import pipeline, used_memory
from harness.process import cpu_seconds
from harness.server import Server
from harness.wire import Wire, command

MANY = 40_000
BATCH = 1000


def compact(wire: Wire, value: str) -> None:
    assert wire.text("CONFIG", "SET", "stream-compact", value) == "OK"


def fill(wire: Wire, count: int = MANY) -> None:
    """Adds the entries 1-0, 2-0 ... Every seventh has fields of its own."""
    for first in range(1, count + 1, BATCH):
        batch = range(first, min(first + BATCH, count + 1))
        fields = [("n", n) if n % 7 else ("m", n, "word", f"w{n}") for n in batch]
        wire.send(b"".join(command("XADD", "s", f"{n}-0", *pairs) for n, pairs in zip(batch, fields, strict=True)))
        for n in batch:
            assert wire.reply().text == b"%d-0" % n


def delete(wire: Wire, names: list[int]) -> None:
    for at in range(0, len(names), BATCH):
        assert not pipeline(wire, [("XDEL", "s", f"{n}-0") for n in names[at : at + BATCH]])


def entries(wire: Wire, command: str = "XRANGE") -> list[list[bytes]]:
    """Each entry as its ID, its fields and its values."""
    ends = ("-", "+") if command == "XRANGE" else ("+", "-")
    return [[e.items[0].text, *(x.text for x in e.items[1].items)] for e in wire.ask(command, "s", *ends).items]


def test_off_by_default(server: Server) -> None:
    with Wire(server, timeout=60) as wire:
        assert wire.ask("CONFIG", "GET", "stream-compact").items[1].text == b"no"


@pytest.mark.parametrize("pattern", ["regular", "random", "from the front", "from the back"])
def test_memory_comes_back(server: Server, pattern: str) -> None:
    with Wire(server, timeout=60) as wire:
        empty = used_memory(wire)
        compact(wire, "yes")
        fill(wire)
        full = used_memory(wire) - empty
        names = [n for n in range(1, MANY + 1) if n % 10]
        if pattern == "random":
            random.Random(7).shuffle(names)
        if pattern == "from the back":
            names.reverse()
        before = [e for e in entries(wire) if not int(e[0].split(b"-")[0]) % 10]
        delete(wire, names)
        assert entries(wire) == before
        assert entries(wire, "XREVRANGE") == before[::-1]
        left = used_memory(wire) - empty
        assert left < full * 0.4, f"{left} of {full} bytes are still in use for a tenth of the entries"


def test_any_order(server: Server) -> None:
    """Additions, deletions and trims in any order, with small nodes."""
    chosen = random.Random(73)
    with Wire(server, timeout=60) as wire:
        compact(wire, "yes")
        wire.ask("CONFIG", "SET", "stream-node-max-entries", 8)
        model: dict[bytes, list[bytes]] = {}
        for turn in range(1, 3000):
            what = chosen.random()
            if what < 0.5:
                fields = [b"a", b"%d" % turn] if chosen.random() < 0.6 else [b"b", b"x" * chosen.randrange(80), b"c", b"1"]
                name = b"%d-%d" % (turn, chosen.randrange(3))
                wire.ask("XADD", "s", name, *fields)
                model[name] = [name, *fields]
            elif what < 0.98 and model:
                name = chosen.choice(list(model))
                assert wire.integer("XDEL", "s", name) == 1
                assert wire.integer("XDEL", "s", name) == 0
                del model[name]
            elif model:
                keep = chosen.randrange(len(model) + 1)
                assert wire.integer("XTRIM", "s", "MAXLEN", keep) == len(model) - keep
                model = {name: model[name] for name in list(model)[len(model) - keep :]}
            if turn % 50 == 0:
                assert entries(wire) == list(model.values())
                assert entries(wire, "XREVRANGE") == list(model.values())[::-1]
                assert wire.integer("XLEN", "s") == len(model)


def test_groups_do_not_notice(server: Server) -> None:
    """What is pending stays pending, and a deleted entry stays deleted."""
    with Wire(server, timeout=60) as wire:
        compact(wire, "yes")
        wire.ask("XGROUP", "CREATE", "s", "g", "0", "MKSTREAM")
        fill(wire, 300)
        wire.ask("XREADGROUP", "GROUP", "g", "ann", "COUNT", 100, "STREAMS", "s", ">")
        delete(wire, [n for n in range(1, 301) if n % 10])
        (stream,) = wire.ask("XREADGROUP", "GROUP", "g", "ann", "STREAMS", "s", "0").items
        history = stream.items[1].items
        assert [e.items[0].text for e in history] == [b"%d-0" % n for n in range(1, 101)]
        assert all(bool(e.items[1].items) == (n % 10 == 0) for n, e in enumerate(history, 1))
        (stream,) = wire.ask("XREADGROUP", "GROUP", "g", "bob", "COUNT", 1, "STREAMS", "s", ">").items
        assert stream.items[1].items[0].items[0].text == b"110-0"
        assert wire.ask("XADD", "s", "300-0", "n", 1).text.startswith(b"ERR The ID specified in XADD is equal or smaller")


@pytest.mark.alone
@pytest.mark.parametrize("is_shuffled", [False, True])
def test_what_it_costs(server: Server, is_shuffled: bool) -> None:
    took = {}
    names = [n for n in range(1, MANY + 1) if n % 10]
    if is_shuffled:
        random.Random(7).shuffle(names)
    assert server.process
    with Wire(server, timeout=60) as wire:
        for value in ("no", "yes"):
            wire.ask("DEL", "s")
            compact(wire, value)
            fill(wire)
            before = cpu_seconds(server.process.pid)
            delete(wire, names)
            after = cpu_seconds(server.process.pid)
            assert before is not None and after is not None
            took[value] = after - before
    assert took["yes"] < 3 * took["no"] + 0.05, f"{took['yes']:.2f} s for {len(names)} deletions, {took['no']:.2f} s without"
