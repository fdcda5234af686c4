"""A stream against a list of Python, with nodes of every size, and a group against a dict."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from harness.process import sanitized
from harness.resp import Reply
from harness.server import Server
from harness.wire import Wire

pytestmark = pytest.mark.since(7)
Entry = tuple[int, int]
NAMES = (("f",), ("f",), ("f", "g"), ("g", "f"))


def text(entry: Entry) -> str:
    return f"{entry[0]}-{entry[1]}"


def ids(reply: Reply) -> list[str]:
    """The IDs of a reply's entries; each entry has its own ID as its values."""
    found = []
    for item in reply.items:
        name = item.items[0].text.decode()
        values = [value.text.decode() for value in item.items[1].items[1::2]]
        assert values and all(value == name for value in values), f"{name} has the values of another entry: {values}"
        found.append(name)
    return found


def add(wire: Wire, rng: random.Random, entries: list[Entry], last: Entry) -> Entry:
    """Appends an entry, far from the last one or near it."""
    ms, seq = last
    new = (ms, seq + rng.choice((1, 1, 300))) if rng.random() < 0.5 else (ms + rng.choice((1, 2, 70_000)), rng.choice((0, 1, 2**33)))
    fields = [word for name in rng.choice(NAMES) for word in (name, text(new))]
    assert wire.text("XADD", "k", text(new), *fields) == text(new)
    entries.append(new)
    return new


def check_range(wire: Wire, rng: random.Random, entries: list[Entry], last: Entry) -> None:
    some = [*rng.sample(entries, min(2, len(entries))), (0, 0), last, (last[0] // 2, 5)]
    low, high = sorted(rng.sample(some, 2))
    count = rng.choice((1, 3, 100_000))
    wanted = [text(entry) for entry in entries if low <= entry <= high]
    assert ids(wire.ask("XRANGE", "k", text(low), text(high), "COUNT", count)) == wanted[:count]
    assert ids(wire.ask("XREVRANGE", "k", text(high), text(low), "COUNT", count)) == wanted[::-1][:count]


@pytest.mark.parametrize("node", [(1, 4096), (3, 0), (100, 4096), (0, 300), (0, 0)], ids=str)
def test_against_a_list(server: Server, node: tuple[int, int]) -> None:
    rng = random.Random(7)
    entries: list[Entry] = []
    last = (1, 1)
    with Wire(server, timeout=30) as wire:
        assert wire.text("CONFIG", "SET", "stream-node-max-entries", node[0], "stream-node-max-bytes", node[1]) == "OK"
        for _ in range(1000 if sanitized() else 4000):
            way = rng.random()
            if way < 0.6:
                last = add(wire, rng, entries, last)
            elif way < 0.75 and entries:
                gone = set(rng.sample(entries, min(len(entries), rng.choice((1, 1, 3)))))
                assert wire.integer("XDEL", "k", *(text(entry) for entry in sorted(gone))) == len(gone)
                entries = [entry for entry in entries if entry not in gone]
            elif way < 0.77:
                keep = max(0, len(entries) - rng.choice((1, 5, 120)))
                assert wire.integer("XTRIM", "k", "MAXLEN", keep) == len(entries) - keep
                entries = entries[len(entries) - keep :]
            elif way < 0.79 and entries:
                least = rng.choice(entries[: 1 + len(entries) // 3])
                kept = [entry for entry in entries if entry >= least]
                assert wire.integer("XTRIM", "k", "MINID", text(least)) == len(entries) - len(kept)
                entries = kept
            elif entries:
                check_range(wire, rng, entries, last)
        assert wire.integer("XLEN", "k") == len(entries)
        assert ids(wire.ask("XRANGE", "k", "-", "+")) == [text(entry) for entry in entries]
        assert ids(wire.ask("XREVRANGE", "k", "+", "-")) == [text(entry) for entry in reversed(entries)]


def test_pending_against_a_dict(server: Server) -> None:
    """Three consumers read, and acknowledge in any order: what is pending is in order all the time."""
    rng = random.Random(3)
    pending: dict[int, str] = {}
    added, read = 0, 0
    with Wire(server, timeout=30) as wire:
        assert wire.text("XGROUP", "CREATE", "k", "g", "0", "MKSTREAM") == "OK"
        for _ in range(300 if sanitized() else 1500):
            way = rng.random()
            who = rng.choice(("ann", "bob", "cleo"))
            if way < 0.4:
                more = rng.choice((1, 30))
                for _ in range(more):
                    added += 1
                    assert wire.text("XADD", "k", f"{added}-0", "f", f"{added}-0") == f"{added}-0"
            elif way < 0.7:
                reply = wire.ask("XREADGROUP", "GROUP", "g", who, "COUNT", rng.choice((1, 20)), "STREAMS", "k", ">")
                got = ids(reply.items[0].items[1]) if reply.items else []
                assert got == [f"{read + i + 1}-0" for i in range(len(got))]
                pending.update((read + i + 1, who) for i in range(len(got)))
                read += len(got)
            elif way < 0.9 and pending:
                done = rng.sample(sorted(pending), min(len(pending), rng.choice((1, 10))))
                assert wire.integer("XACK", "k", "g", *(f"{n}-0" for n in done)) == len(done)
                for n in done:
                    del pending[n]
            else:
                mine = sorted(n for n, owner in pending.items() if owner == who)
                start = rng.choice((0, read // 2))
                reply = wire.ask("XREADGROUP", "GROUP", "g", who, "COUNT", 5, "STREAMS", "k", start)
                assert ids(reply.items[0].items[1]) == [f"{n}-0" for n in mine if n > start][:5]
            check_summary(wire, pending)


def check_summary(wire: Wire, pending: dict[int, str]) -> None:
    """XPENDING counts what is pending, shows both ends of it, and counts again for each consumer that has some."""
    count, first, last, consumers = wire.ask("XPENDING", "k", "g").items
    assert count.text == str(len(pending)).encode()
    if pending:
        assert [first.text, last.text] == [f"{n}-0".encode() for n in (min(pending), max(pending))]
        owners = Counter(pending.values())
        assert [[i.text.decode() for i in item.items] for item in consumers.items] == [
            [name, str(owners[name])] for name in sorted(owners)
        ]
