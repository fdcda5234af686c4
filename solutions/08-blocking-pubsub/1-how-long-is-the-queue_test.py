"""Exercise 08.1: WAITERS replies with the number of clients that wait for each of its keys."""

from __future__ import annotations

import time

from harness.server import Server
from harness.wire import Wire, command


def counts(wire: Wire, *keys: str) -> list[int]:
    return [int(item.text) for item in wire.ask("WAITERS", *keys).items]


def test_nobody(server: Server) -> None:
    with Wire(server) as wire:
        assert counts(wire, "jobs", "mail") == [0, 0]
        wire.ask("RPUSH", "jobs", "x")
        assert counts(wire, "jobs") == [0]
        assert wire.ask("WAITERS").text == b"ERR wrong number of arguments for 'waiters' command"


def test_several(server: Server) -> None:
    with Wire(server) as wire, Wire(server) as ann, Wire(server) as bob, Wire(server) as cid:
        ann.send(command("BLPOP", "jobs", "mail", "jobs", "0"))
        bob.send(command("BRPOP", "jobs", "0"))
        cid.send(command("XREAD", "BLOCK", "0", "STREAMS", "log", "$"))
        time.sleep(0.1)
        assert counts(wire, "jobs", "mail", "log", "none", "jobs") == [2, 1, 1, 0, 2]
        wire.ask("SELECT", 1)
        assert counts(wire, "jobs", "mail", "log") == [0, 0, 0]
        wire.ask("SELECT", 0)
        assert wire.integer("RPUSH", "jobs", "x") == 1
        assert ann.reply().items[1].text == b"x"
        assert counts(wire, "jobs", "mail") == [1, 0]
        bob.close()
        time.sleep(0.1)
        assert counts(wire, "jobs", "log") == [0, 1]


def test_time_is_over(server: Server) -> None:
    with Wire(server) as wire, Wire(server) as ann:
        ann.send(command("BLPOP", "jobs", "0.2"))
        time.sleep(0.05)
        assert counts(wire, "jobs") == [1]
        assert ann.reply().kind == "nilarray"
        assert counts(wire, "jobs") == [0]
