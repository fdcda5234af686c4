"""Exercise 04.3: LINDEX of one index after the other costs about the same everywhere in a list.

How is left open. The reference is LINDEX at the head of the same list, so a slow machine changes nothing.
"""

from __future__ import annotations

import random

from harness.process import cpu_seconds
from harness.server import Server
from harness.wire import Wire, command

NODES = 60_000
ASKED = 10_000
BATCH = 1000
TIMES = 6  # as long as at the head, and a moment


def seconds(server: Server, wire: Wire, indexes: list[int]) -> float:
    """The processor time that the server takes for these; the replies must be right."""
    assert server.process
    before = cpu_seconds(server.process.pid)
    for at in range(0, len(indexes), BATCH):
        some = indexes[at : at + BATCH]
        wire.send(b"".join(command("LINDEX", "k", index) for index in some))
        assert wire.lines(2 * len(some)).split(b"\r\n")[1::2] == [b"e%05d" % index for index in some]
    after = cpu_seconds(server.process.pid)
    assert before is not None and after is not None
    return after - before


def test_one_index_after_the_other(server: Server) -> None:
    with Wire(server, timeout=60) as wire:
        assert wire.text("CONFIG", "SET", "list-max-listpack-size", "1") == "OK"
        for at in range(0, NODES, BATCH):
            wire.ask("RPUSH", "k", *(f"e{i:05}" for i in range(at, at + BATCH)))
        head = seconds(server, wire, [0] * ASKED)
        middle = NODES // 2
        up = seconds(server, wire, list(range(middle, middle + ASKED)))
        down = seconds(server, wire, list(range(middle + ASKED, middle, -1)))
    assert up < TIMES * head + 0.1, f"{up:.2f} s upwards in the middle, {head:.2f} s at the head"
    assert down < TIMES * head + 0.1, f"{down:.2f} s downwards in the middle, {head:.2f} s at the head"


def test_changes_in_between(server: Server) -> None:
    """What the server remembers of a list must not outlive the list that it is about."""
    rng = random.Random(4)
    with Wire(server) as wire:
        for size in ("1", "3", "-2"):
            wire.ask("CONFIG", "SET", "list-max-listpack-size", size)
            wire.ask("DEL", "k")
            model: list[str] = []
            for number in range(1500):
                what = rng.choice(["lpush", "rpush", "rpush", "lpop", "rpop", "trim", "ask", "ask", "ask"])
                if what in ("lpush", "rpush"):
                    wire.ask(what, "k", number)
                    model.insert(0 if what == "lpush" else len(model), str(number))
                elif what == "trim" and len(model) > 40:
                    wire.ask("LTRIM", "k", 3, -4)
                    model = model[3:-3]
                elif what in ("lpop", "rpop"):
                    wire.ask(what, "k")
                    model = (model[1:] if what == "lpop" else model[:-1]) if model else model
                elif model:
                    index = rng.randrange(len(model))
                    assert wire.text("LINDEX", "k", index) == model[index]
                    assert wire.text("LINDEX", "k", index - len(model)) == model[index]
            assert [item.text.decode() for item in wire.ask("LRANGE", "k", 0, -1).items] == model


def test_a_key_that_is_another_list(server: Server) -> None:
    with Wire(server) as wire:
        wire.ask("RPUSH", "k", *range(5000))
        assert wire.text("LINDEX", "k", 2500) == "2500"
        wire.ask("DEL", "k")
        wire.ask("RPUSH", "k", *range(10_000, 15_000))
        assert wire.text("LINDEX", "k", 2500) == "12500"
        assert wire.text("LINDEX", "k", 2501) == "12501"
