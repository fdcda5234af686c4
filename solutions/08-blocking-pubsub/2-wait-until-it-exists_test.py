"""Exercise 08.2: WAITKEY waits until one of its keys exists, whatever it holds, and takes nothing."""

from __future__ import annotations

import time

import pytest

from harness.server import Server
from harness.wire import Wire, command

WAYS: dict[str, tuple[str, ...]] = {
    "SET": ("SET", "k", "v"),
    "SET EX": ("SET", "k", "v", "EX", "100"),
    "INCR": ("INCR", "k"),
    "APPEND": ("APPEND", "k", "v"),
    "MSET": ("MSET", "a", "1", "k", "2"),
    "RPUSH": ("RPUSH", "k", "v"),
    "HSET": ("HSET", "k", "f", "v"),
    "SADD": ("SADD", "k", "v"),
    "ZADD": ("ZADD", "k", "1", "v"),
    "XADD": ("XADD", "k", "1-0", "f", "v"),
    "XGROUP": ("XGROUP", "CREATE", "k", "g", "$", "MKSTREAM"),
}


@pytest.mark.parametrize("way", WAYS)
def test_everybody_is_woken(server: Server, way: str) -> None:
    """Also beside clients that wait for a list or a stream of that name."""
    with Wire(server) as wire, Wire(server) as ann, Wire(server) as bob:
        ann.send(command("WAITKEY", "k", "0"))
        bob.send(command("WAITKEY", "none", "k", "0"))
        time.sleep(0.05)
        assert wire.ask(*WAYS[way]).kind != "error"
        assert [ann.reply().text, bob.reply().text] == [b"k", b"k"]
        assert wire.integer("EXISTS", "k") == 1
        assert [ann.text("PING"), bob.text("PING")] == ["PONG", "PONG"]


def test_without_a_wait(server: Server) -> None:
    with Wire(server) as wire:
        wire.ask("SET", "second", "v")
        assert wire.text("WAITKEY", "first", "second", "0") == "second"
        assert wire.ask("WAITKEY", "first", "0.05").kind == "nilarray"
        assert wire.ask("WAITKEY", "first", "x").text == b"ERR timeout is not a float or out of range"
        assert wire.ask("WAITKEY", "first").text == b"ERR wrong number of arguments for 'waitkey' command"


def test_one_queue(server: Server) -> None:
    """In order of arrival: one who takes nothing, one who takes, one for whom nothing is left."""
    with Wire(server) as wire, Wire(server) as ann, Wire(server) as bob, Wire(server) as cid:
        for client, words in ((ann, ("WAITKEY", "k", "0")), (bob, ("BLPOP", "k", "0")), (cid, ("WAITKEY", "k", "0"))):
            client.send(command(*words))
            time.sleep(0.05)
        assert wire.integer("RPUSH", "k", "x") == 1
        assert ann.reply().text == b"k"
        assert bob.reply().items[1].text == b"x"
        assert wire.integer("EXISTS", "k") == 0
        wire.ask("SET", "k", "text")
        assert cid.reply().text == b"k"


def test_lists_wait_on(server: Server) -> None:
    """A string ends the wait of WAITKEY alone."""
    with Wire(server) as wire, Wire(server) as ann, Wire(server) as bob:
        bob.send(command("BLPOP", "k", "0"))
        time.sleep(0.05)
        ann.send(command("WAITKEY", "k", "0"))
        time.sleep(0.05)
        wire.ask("SET", "k", "text")
        assert ann.reply().text == b"k"
        wire.ask("DEL", "k")
        assert wire.integer("RPUSH", "k", "x", "y") == 2
        assert bob.reply().items[1].text == b"x"
