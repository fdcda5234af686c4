"""Exercise 09.3: CAS sets a value if the key holds another one."""

from __future__ import annotations

import threading

from harness.server import Server
from harness.wire import Wire


def test_cas(server: Server) -> None:
    with Wire(server) as wire:
        assert wire.integer("CAS", "a", "", "1") == 0
        wire.ask("SET", "a", "one")
        assert wire.integer("CAS", "a", "two", "three") == 0
        assert wire.text("GET", "a") == "one"
        assert wire.integer("CAS", "a", "one", "42") == 1
        assert wire.integer("INCR", "a") == 43
        assert wire.integer("CAS", "a", "043", "1") == 0
        assert wire.integer("CAS", "a", "43", "x\r\n\x00") == 1
        assert wire.ask("GET", "a").text == b"x\r\n\x00"


def test_the_rest_of_the_key(server: Server) -> None:
    with Wire(server) as wire:
        wire.ask("SET", "a", "1", "EX", "100")
        assert wire.integer("CAS", "a", "1", "2") == 1
        assert 90 < wire.integer("TTL", "a") <= 100
        wire.ask("RPUSH", "list", "1")
        assert wire.ask("CAS", "list", "1", "2").text.startswith(b"WRONGTYPE")
        assert wire.ask("CAS", "a", "1").kind == "error"


def test_watch_sees_it(server: Server) -> None:
    with Wire(server) as wire, Wire(server) as other:
        wire.ask("SET", "a", "1")
        wire.ask("WATCH", "a")
        assert other.integer("CAS", "a", "0", "1") == 0
        wire.ask("MULTI")
        assert wire.ask("EXEC").kind == "array"
        wire.ask("WATCH", "a")
        assert other.integer("CAS", "a", "1", "1") == 1
        wire.ask("MULTI")
        assert wire.ask("EXEC").kind == "nilarray"


def test_nothing_is_lost(server: Server) -> None:
    clients, each = 5, 40

    def add() -> None:
        with Wire(server, timeout=60) as wire:
            done = 0
            while done < each:
                value = int(wire.text("GET", "counter"))
                done += wire.integer("CAS", "counter", value, value + 1)

    with Wire(server) as wire:
        wire.ask("SET", "counter", "0")
        threads = [threading.Thread(target=add) for _ in range(clients)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert wire.text("GET", "counter") == str(clients * each)
