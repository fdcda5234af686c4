"""Exercise 03.3: keys that were used once make space for keys that were used again. How is left open."""

from __future__ import annotations

import time

from harness.load import mset
from harness.server import Server, ServerCommand
from harness.wire import Wire

VALUE = "x" * 200
FLAGS = ["--maxmemory", "6mb", "--maxmemory-policy", "allkeys-lru"]


def use(wire: Wire, names: list[str]) -> None:
    """Stores keys and reads each of them once, before many others come."""
    for at in range(0, len(names), 50):
        mset(wire, names[at : at + 50], VALUE, 50)
        wire.ask("MGET", *names[at : at + 50])


def start(command: ServerCommand) -> Server:
    return Server(command, [*FLAGS, "--lru-used-once-first", "yes"])


def test_a_crawler_evicts_nothing_of_value(command: ServerCommand) -> None:
    """Three times what fits passes by, and each key of it is newer than those that were used again."""
    hot = [f"hot:{i}" for i in range(2000)]
    with start(command) as server, Wire(server) as wire:
        use(wire, hot)
        for turn in range(3):
            time.sleep(1.1)
            mset(wire, [f"once:{turn}:{i}" for i in range(20_000)], VALUE, 50)
        kept = wire.integer("EXISTS", *hot)
        assert kept > 1900, f"{kept} of 2000 keys that were used again are left"


def test_the_favourites_of_yesterday_leave(command: ServerCommand) -> None:
    """Among keys that were used again, those that were not used for the longest time go first."""
    old, new, last = ([f"{name}:{i}" for i in range(9000)] for name in ("old", "new", "last"))
    with start(command) as server, Wire(server) as wire:
        for names in (old, new, last):
            use(wire, names)
            time.sleep(2.2)
        kept = [sum(wire.integer("EXISTS", *names[at : at + 500]) for at in range(0, 9000, 500)) for names in (old, new, last)]
        assert kept[1] > 7600 and kept[2] > 7600, f"{kept[1]} and {kept[2]} of 9000 newer keys are left"
        assert kept[0] < 7000, f"{kept[0]} of 9000 old keys are left"


def test_off_unless_asked_for(command: ServerCommand) -> None:
    with Server(command, FLAGS) as server, Wire(server) as wire:
        assert [item.text for item in wire.ask("CONFIG", "GET", "lru-used-once-first").items] == [b"lru-used-once-first", b"no"]
