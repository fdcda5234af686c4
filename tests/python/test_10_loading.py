"""While a file that takes seconds is loaded at the start, clients are served, but for what needs the data."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from harness.load import pipeline
from harness.server import Server, ServerCommand, with_save
from harness.wire import Wire

pytestmark = [pytest.mark.since(10), pytest.mark.more]
FILE = "dump.rdb"
KEYS = 1200
VALUE = 100
# A key takes a millisecond and more, and a turn of the loop comes after ten keys.
SLOW = ["--key-load-delay", "1000", "--loading-process-events-interval-bytes", "1024"]
LOADING = b"LOADING Redis is loading the dataset in memory"


def wait_until(condition: Callable[[], object], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)


@contextmanager
def loading(command: ServerCommand) -> Iterator[Server]:
    """A server that has just begun to load a file."""
    with Server(command) as server:
        with Wire(server) as wire:
            assert not pipeline(wire, (("SET", f"key:{i}", os.urandom(VALUE)) for i in range(KEYS)))
            assert wire.text("SAVE") == "OK"
        server.kill()
        server.start([*server.args, *SLOW])
        with Wire(server) as wire:
            wait_until(lambda: wire.ask("PING").text == LOADING)
        yield server


def field(wire: Wire, name: str) -> str:
    lines = wire.text("INFO", "persistence").splitlines()
    return next((line.partition(":")[2] for line in lines if line.startswith(f"{name}:")), "")


def test_what_is_refused(command: ServerCommand) -> None:
    with loading(command) as server, Wire(server) as wire:
        for words in ("PING", "GET key:1", "SET k v", "DBSIZE", "FLUSHALL", "SAVE", "BGSAVE", "DUMP key:1", "KEYS *"):
            reply = wire.ask(*words.split())
            assert reply.kind == "error" and reply.text == LOADING, words
        assert wire.ask("NOSUCH").text.startswith(b"ERR unknown command")
        assert wire.ask("GET").text.startswith(b"ERR wrong number of arguments")
        assert wire.integer("CLIENT", "ID") > 0
        assert wire.text("ECHO", "a") == "a"
        assert wire.text("SELECT", 1) == "OK"
        assert wire.integer("LASTSAVE") > 0
        wait_until(lambda: wire.ask("PING").text == b"PONG")
        assert wire.text("SELECT", 0) == "OK"
        assert wire.integer("DBSIZE") == KEYS


def test_transactions_and_messages(command: ServerCommand) -> None:
    with loading(command) as server, Wire(server) as wire, Wire(server) as other:
        assert wire.text("MULTI") == "OK"
        assert wire.text("CLIENT", "ID") == "QUEUED"
        assert wire.ask("EXEC").kind == "array"
        assert wire.text("MULTI") == "OK"
        assert wire.ask("GET", "k").text == LOADING
        assert wire.ask("EXEC").text == b"EXECABORT Transaction discarded because of previous errors."
        other.ask("SUBSCRIBE", "news")
        assert wire.integer("PUBLISH", "news", "hello") == 1
        assert [item.text for item in other.reply().items] == [b"message", b"news", b"hello"]


@pytest.mark.not_real
def test_debug(command: ServerCommand) -> None:
    """DEBUG would change what the load has read so far; and what it loads itself is loaded in one go."""
    with loading(command) as server, Wire(server) as wire:
        assert wire.ask("DEBUG", "RELOAD").text == LOADING
        assert wire.ask("DEBUG", "SLEEP", 0).text == LOADING
        wait_until(lambda: wire.ask("PING").text == b"PONG")
        with Wire(server, timeout=30) as other:
            wire.send(b"DEBUG RELOAD\r\n")
            time.sleep(0.2)
            assert other.text("PING") == "PONG"
            assert wire.reply().text == b"OK"  # it is there already


@pytest.mark.not_real
def test_subscriber(command: ServerCommand) -> None:
    with loading(command) as server, Wire(server) as wire:
        wire.ask("SUBSCRIBE", "news")
        assert wire.ask("GET", "k").text == LOADING
        wait_until(lambda: wire.ask("GET", "k").text.startswith(b"ERR Can't execute 'get'"))


def test_info(command: ServerCommand) -> None:
    """The progress, and when it will be over; without a load none of these fields."""
    with loading(command) as server, Wire(server) as wire:
        assert field(wire, "loading") == "1"
        total = int(field(wire, "loading_total_bytes"))
        assert (server.dir / FILE).stat().st_size - 8 <= total <= (server.dir / FILE).stat().st_size
        assert int(field(wire, "loading_rdb_used_mem")) > 100_000
        assert abs(int(field(wire, "loading_start_time")) - time.time()) < 10
        assert 0 <= int(field(wire, "loading_eta_seconds")) < 60
        before = int(field(wire, "loading_loaded_bytes"))
        assert 0 < float(field(wire, "loading_loaded_perc")) < 100
        wait_until(lambda: field(wire, "loading") == "0" or int(field(wire, "loading_loaded_bytes")) > before)
        wait_until(lambda: field(wire, "loading") == "0")
        assert field(wire, "loading_total_bytes") == ""
        assert field(wire, "rdb_last_load_keys_loaded") == str(KEYS)


@pytest.mark.parametrize("how", ["SIGTERM", "SHUTDOWN", "SHUTDOWN SAVE"])
def test_a_stop(command: ServerCommand, how: str) -> None:
    """The server ends at once, and what it has read so far does not take the place of what is in the file."""
    with loading(with_save(command, "3600", "1")) as server:
        old = (server.dir / FILE).read_bytes()
        if how == "SIGTERM":
            os.kill(server.pid, signal.SIGTERM)
        else:
            with Wire(server) as wire:
                wire.send(f"{how}\r\n".encode())
        assert server.wait_exit(5) == 0
        assert "Done loading" not in server.log(server.log_start)
        assert (server.dir / FILE).read_bytes() == old
        server.start([])
        with Wire(server) as wire:
            wait_until(lambda: wire.ask("PING").text == b"PONG")
            assert wire.integer("DBSIZE") == KEYS


def test_no_save_point(command: ServerCommand) -> None:
    """A save point that needs no change is not met by a server that has a part of the data."""
    with loading(command) as server, Wire(server) as wire:
        old = (server.dir / FILE).read_bytes()
        assert wire.text("CONFIG", "SET", "save", "1 0") == "OK"
        while wire.ask("PING").text == LOADING:
            assert (server.dir / FILE).read_bytes() == old
            time.sleep(0.05)
        wire.text("CONFIG", "SET", "save", "")


def test_a_crowd(command: ServerCommand) -> None:
    """Clients come and go, and send pieces, while the load goes on."""
    with loading(command) as server:
        kept = [Wire(server) for _ in range(50)]
        while True:
            for wire in kept[::2]:
                wire.send(b"*2\r\n$3\r\nGET\r\n")
            with Wire(server) as wire:
                if wire.ask("PING").text != LOADING:
                    break
            for wire in kept[::2]:
                wire.send(b"$5\r\nkey:1\r\n")
                assert wire.reply().kind in ("error", "bulk")
            kept[1].close()
            kept[1] = Wire(server)
        for wire in kept:
            wire.close()
        with Wire(server) as wire:
            assert wire.integer("DBSIZE") == KEYS
