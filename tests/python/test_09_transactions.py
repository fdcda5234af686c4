"""Transactions: their queues take memory and give it back, watches lose no update, and cost the others nothing."""

from __future__ import annotations

import threading
import time

import pytest

from harness.load import used_memory
from harness.process import resident, sanitized, work_clock
from harness.server import Server, ServerCommand
from harness.wire import Wire, command

pytestmark = pytest.mark.since(9)
MB = 1024 * 1024
VALUE = "x" * 100_000
WATCHERS, KEYS = 500, 100
TRIES = 9


def test_pieces(server: Server) -> None:
    """A transaction that arrives byte by byte, and one that arrives in one piece with what follows it."""
    whole = b"".join(command(*c) for c in [("MULTI",), ("SET", "a", "b\r\n"), ("GET", "a"), ("EXEC",), ("STRLEN", "a")])
    expected = b"+OK\r\n+QUEUED\r\n+QUEUED\r\n*2\r\n+OK\r\n$3\r\nb\r\n\r\n:3\r\n"
    with Wire(server) as wire:
        for byte in whole:
            wire.send(bytes([byte]))
        assert wire.read(len(expected)) == expected
        wire.send(whole * 50)
        assert wire.read(len(expected) * 50) == expected * 50


def test_a_long_transaction(server: Server) -> None:
    """A hundred thousand commands in one transaction, in order."""
    count = 100_000
    with Wire(server, timeout=60) as wire:
        assert wire.text("MULTI") == "OK"
        wire.send(command("INCR", "n") * count)
        assert wire.read(9 * count) == b"+QUEUED\r\n" * count
        assert [int(item.text) for item in wire.ask("EXEC").items] == list(range(1, count + 1))


@pytest.mark.not_real  # 7.0 does not count a queue
def test_a_queue_counts_as_input(command: ServerCommand) -> None:
    """What waits in a queue is limited as what waits to be parsed is."""
    from harness.wire import command as words

    with Server(command, ["--client-query-buffer-limit", "1mb"]) as server, Wire(server) as wire:
        assert wire.text("MULTI") == "OK"
        for _ in range(9):
            assert wire.text("SET", "k", VALUE) == "QUEUED"
        assert wire.text("DISCARD") == "OK"
        assert wire.text("MULTI") == "OK"
        with pytest.raises((AssertionError, OSError)):
            for _ in range(20):
                wire.send(words("SET", "k", VALUE))
                wire.reply()
        assert "max query buffer length" in server.log()


@pytest.mark.not_real  # its allocator keeps for a while what was freed
def test_memory_is_given_back(server: Server) -> None:
    """A queue's memory comes back by EXEC, DISCARD and by leaving; what is refused is not kept at all."""
    big = "x" * (4 * MB)

    def fill(wire: Wire) -> None:
        assert wire.text("MULTI") == "OK"
        for _ in range(10):
            assert wire.text("ECHO", big[:-100]) == "QUEUED"

    with Wire(server, timeout=60) as wire:
        fill(wire)
        wire.ask("DISCARD")
        before = resident(server.pid)
        for end in ("EXEC", "DISCARD", "leave"):
            with Wire(server, timeout=60) as other:
                fill(other)
                held = resident(server.pid) - before
                assert held > 30 * MB, f"{held / MB:.0f} MB for 40 MB that are queued"
                if end != "leave":
                    other.ask(end)
            deadline = time.monotonic() + 5
            while resident(server.pid) - before > 12 * MB and time.monotonic() < deadline:
                time.sleep(0.05)
            left = resident(server.pid) - before
            assert left < 12 * MB or sanitized(), f"{left / MB:.0f} MB are left after {end}"
        assert wire.text("MULTI") == "OK"
        assert wire.ask("NOSUCH").kind == "error"
        for _ in range(10):
            assert wire.text("ECHO", big[:-100]) == "QUEUED"
        assert resident(server.pid) - before < 20 * MB or sanitized()


@pytest.mark.more
def test_watches_are_given_back(server: Server) -> None:
    """Keys that are watched take memory until EXEC, UNWATCH, or until the client leaves; twice is once."""
    with Wire(server, timeout=60) as wire, Wire(server, timeout=60) as watcher:
        names = [f"key:{n}" for n in range(20_000)]
        watcher.ask("WATCH", *names)
        watcher.ask("UNWATCH")
        before = used_memory(wire)
        for end in (["UNWATCH"], ["DISCARD"], ["EXEC"]):
            watcher.ask("WATCH", *names)
            held = used_memory(wire) - before
            watcher.ask("WATCH", *names)
            assert used_memory(wire) - before < held * 1.2
            assert held > 1 * MB
            if end != ["UNWATCH"]:
                watcher.ask("MULTI")
            watcher.ask(*end)
            assert used_memory(wire) - before < held / 4, end


def test_no_update_is_lost(server: Server) -> None:
    """Clients that read, add one and write, and try again when somebody was faster: the sum is right."""
    clients, each = 8, 50
    retries = [0] * clients

    def add(number: int) -> None:
        with Wire(server, timeout=60) as wire:
            done = 0
            while done < each:
                wire.ask("WATCH", "counter")
                value = int(wire.ask("GET", "counter").text or 0)
                wire.ask("MULTI")
                wire.ask("SET", "counter", value + 1)
                if wire.ask("EXEC").items:
                    done += 1
                else:
                    retries[number] += 1
                    if retries[number] > 20_000:
                        return

    threads = [threading.Thread(target=add, args=(n,)) for n in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with Wire(server) as wire:
        assert wire.text("GET", "counter") == str(clients * each)
    assert sum(retries) > 0, "nobody was ever in anybody's way"


def test_many_watch_one_key(server: Server) -> None:
    """One change is one for all who watch the key, and for nobody else."""
    with Wire(server) as wire:
        wire.ask("SET", "key", "0")
        watchers = [Wire(server) for _ in range(WATCHERS)]
        for n, watcher in enumerate(watchers):
            watcher.text("WATCH", "key" if n % 2 else "other")
        wire.ask("SET", "key", "1")
        for n, watcher in enumerate(watchers):
            watcher.text("MULTI")
            assert watcher.ask("EXEC").kind == ("nilarray" if n % 2 else "array"), n
            watcher.abort()


def seconds_of_sets(server: Server, wire: Wire, count: int = 20_000) -> float:
    data = b"".join(command("SET", f"k{n % 100}", "v") for n in range(count))
    clock = work_clock(server.pid)
    began = clock()
    wire.send(data)
    wire.read(5 * count)
    return clock() - began


@pytest.mark.alone
@pytest.mark.not_real  # there it may be twice the time
def test_who_watches_costs_a_set_nothing(server: Server) -> None:
    """A SET of another key takes as long when fifty thousand keys are watched: at most 1.25 times, by the best of
    several tries."""
    with Wire(server, timeout=60) as wire:
        seconds_of_sets(server, wire)
        alone = min(seconds_of_sets(server, wire) for _ in range(TRIES))
        watchers = [Wire(server) for _ in range(WATCHERS)]
        for n, watcher in enumerate(watchers):
            watcher.text("WATCH", *(f"w:{n}:{k}" for k in range(KEYS)))
        beside = min(seconds_of_sets(server, wire) for _ in range(TRIES))
        wire.ask("SET", f"w:{WATCHERS - 1}:{KEYS - 1}", "x")
        watchers[-1].text("MULTI")
        assert watchers[-1].ask("EXEC").kind == "nilarray"
        for watcher in watchers:
            watcher.abort()
    limit = 3 if sanitized() else 1.25
    assert beside < alone * limit, f"{beside:.4f} s, {alone:.4f} s when nobody watches"
