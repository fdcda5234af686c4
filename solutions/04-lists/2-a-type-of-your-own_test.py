"""Exercise 04.2: tallies, a type that Redis does not have, among all that works for any key."""

from __future__ import annotations

import random
import time
from collections import Counter

from harness.resp import Reply
from harness.server import Server
from harness.wire import Wire, command

WRONG = b"WRONGTYPE Operation against a key holding the wrong kind of value"


def pairs(reply: Reply) -> dict[bytes, int]:
    items = reply.items
    return {items[i].text: int(items[i + 1].text) for i in range(0, len(items), 2)}


def test_counts(server: Server) -> None:
    with Wire(server) as wire:
        assert wire.integer("TALLY", "votes", "ada") == 1
        assert wire.integer("TALLY", "votes", "grace") == 1
        assert wire.integer("tally", "votes", "ada", 10) == 11
        assert wire.integer("TALLY", "votes", "7", "-300") == -300
        assert wire.integer("TALLY", "votes", "007") == 1
        found = pairs(wire.ask("TALLIES", "votes"))
        assert found == {b"ada": 11, b"grace": 1, b"7": -300, b"007": 1}
        assert list(found) == [b"ada", b"grace", b"7", b"007"], "names are in the order in which they came"
        wire.send(command("TALLIES", "missing"))
        assert wire.read(4) == b"*0\r\n"


def test_a_count_of_zero_is_none(server: Server) -> None:
    with Wire(server) as wire:
        wire.ask("TALLY", "k", "a", 2)
        wire.ask("TALLY", "k", "b")
        assert wire.integer("TALLY", "k", "a", -2) == 0
        assert pairs(wire.ask("TALLIES", "k")) == {b"b": 1}
        assert wire.integer("TALLY", "k", "b", -1) == 0
        assert wire.integer("EXISTS", "k") == 0
        assert wire.integer("TALLY", "k", "c", 0) == 0
        assert wire.integer("DBSIZE") == 0


def test_type_and_encoding(server: Server) -> None:
    with Wire(server) as wire:
        wire.ask("TALLY", "t", "a")
        wire.ask("SET", "s", "v")
        wire.ask("RPUSH", "l", "v")
        assert wire.text("TYPE", "t") == "tally"
        assert wire.text("OBJECT", "ENCODING", "t") == "listpack"
        for words in (("GET", "t"), ("LPUSH", "t", "a"), ("LLEN", "t"), ("INCR", "t"), ("TALLY", "s", "a"), ("TALLIES", "l")):
            assert wire.ask(*words).text == WRONG, words
        assert [key.text for key in wire.ask("SCAN", 0, "TYPE", "tally").items[1].items] == [b"t"]


def test_commands_for_any_key(server: Server) -> None:
    """A row is all that they know of a type."""
    with Wire(server) as wire:
        for name in "abcdef":
            wire.ask("TALLY", name, "x", 1000)
        assert wire.integer("DEL", "a") == 1
        assert wire.text("SET", "d", "overwritten") == "OK"
        assert wire.integer("PEXPIRE", "e", 50) == 1
        assert pairs(wire.ask("TALLIES", "c")) == {b"x": 1000}
        time.sleep(0.2)
        assert sorted(key.text for key in wire.ask("KEYS", "*").items) == [b"b", b"c", b"d", b"f"]
        assert wire.text("FLUSHALL") == "OK"
        assert wire.integer("DBSIZE") == 0


def test_errors(server: Server) -> None:
    with Wire(server) as wire:
        assert wire.ask("TALLY", "k", "a", "x").text == b"ERR value is not an integer or out of range"
        assert wire.integer("EXISTS", "k") == 0
        wire.ask("TALLY", "k", "a", 2**63 - 1)
        assert wire.ask("TALLY", "k", "a").text == b"ERR increment or decrement would overflow"
        assert pairs(wire.ask("TALLIES", "k")) == {b"a": 2**63 - 1}
        assert wire.ask("TALLY", "k", "a", 1, 2).text == b"ERR wrong number of arguments for 'tally' command"


def test_at_random(server: Server) -> None:
    """Names of every length, and counts that grow and shrink past every width."""
    rng = random.Random(4)
    names = [str(n) for n in range(0, 300, 13)] + ["x" * n for n in (1, 63, 64, 126, 127, 128, 5000)]
    counts: Counter[str] = Counter()
    with Wire(server) as wire:
        for _ in range(2000):
            name, number = rng.choice(names), rng.choice([1, -1, 100, -5000, 10**6, -(10**12)])
            counts[name] += number
            assert wire.integer("TALLY", "k", name, number) == counts[name]
        assert pairs(wire.ask("TALLIES", "k")) == {n.encode(): c for n, c in counts.items() if c}


def test_a_map_in_resp3(server: Server) -> None:
    with Wire(server) as wire:
        wire.ask("HELLO", 3)
        wire.ask("TALLY", "k", "a")
        assert wire.ask("TALLIES", "k").kind == "map"
