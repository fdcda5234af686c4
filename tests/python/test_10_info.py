"""What INFO tells of saving and loading, field by field beside the real server."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from harness.load import pipeline
from harness.server import REAL, Server, ServerCommand, real_command
from harness.wire import Wire

pytestmark = [pytest.mark.since(10), pytest.mark.more]
KEYS = 2100
MOMENTS = ("rdb_last_save_time",)  # they are compared with the time of now
SIZES = ("rdb_last_cow_size",)


def wait_until(condition: Callable[[], object], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)


def fields(wire: Wire) -> dict[str, str]:
    """All that is not about a log."""
    lines = wire.text("INFO", "persistence").splitlines()[1:]
    found = dict(line.split(":", 1) for line in lines)
    return {name: value for name, value in found.items() if not name.startswith("aof_")}


@pytest.fixture
def real() -> Iterator[Server]:
    if not shutil.which(REAL):
        pytest.skip(f"{REAL} is not installed: there is nothing to compare with")
    with Server(real_command()) as server:
        yield server


def compared(wire: Wire) -> dict[str, str]:
    found = fields(wire)
    for name in MOMENTS:
        assert abs(int(found[name]) - time.time()) < 30
        found[name] = "now"
    for name in SIZES:
        found[name] = "some" if int(found[name]) else "none"
    if found["rdb_last_bgsave_time_sec"] == "1":  # it was short, but a second ended meanwhile
        found["rdb_last_bgsave_time_sec"] = "0"
    return found


def is_saved(wire: Wire) -> bool:
    return fields(wire)["rdb_bgsave_in_progress"] == "0"


def story(server: Server) -> Iterator[dict[str, str]]:
    """The fields after each of some steps."""
    with Wire(server) as wire:
        wire.text("FLUSHALL")
        wire.text("DEBUG", "RELOAD")
        yield compared(wire)
        wire.text("SET", "a", 1)
        wire.integer("INCR", "a")
        wire.text("MSET", "b", 1, "c", 2)
        wire.integer("DEL", "b", "nosuch")
        wire.integer("PEXPIRE", "c", 100)
        yield compared(wire)
        assert wire.text("SAVE") == "OK"
        yield compared(wire)
        time.sleep(0.2)
        wire.text("DEBUG", "RELOAD", "NOSAVE")  # c has expired
        yield compared(wire)
        assert "started" in wire.text("BGSAVE")
        wait_until(lambda: is_saved(wire))
        yield compared(wire)


@pytest.mark.not_real
def test_changes(command: ServerCommand, real: Server) -> None:
    """They are counted by events here, and by elements there: book/differs.md."""
    with Server(command) as server:
        for one, each in ((server, "2"), (real, "1")):
            with Wire(one) as wire:
                wire.text("SAVE")
                wire.text("SET", "k", "v", "EX", 100)
                assert fields(wire)["rdb_changes_since_last_save"] == each
        for one, each in ((server, "1"), (real, "3")):
            with Wire(one) as wire:
                wire.text("SAVE")
                wire.integer("RPUSH", "list", "a", "b", "c")
                assert fields(wire)["rdb_changes_since_last_save"] == each


@pytest.mark.not_real
def test_as_the_real_server(command: ServerCommand, real: Server) -> None:
    """The same fields in the same order, with the same values; times and sizes apart."""
    with Server(command) as server:
        for number, (ours, theirs) in enumerate(zip(story(server), story(real), strict=True)):
            theirs["rdb_saves"] = ours["rdb_saves"] = str(int(theirs["rdb_saves"]) - int(ours["rdb_saves"]))
            assert list(ours.items()) == list(theirs.items()), f"step {number}"


def test_while_a_child_saves(command: ServerCommand) -> None:
    """How many keys it has written, and what it has cost, are told while it runs, and are 0 afterwards."""
    with Server(command, ["--rdb-key-save-delay", "1000"]) as server, Wire(server) as wire:
        assert not pipeline(wire, (("SET", f"key:{i}", "v" * 100) for i in range(KEYS)))
        idle = fields(wire)
        wire.text("BGSAVE")
        first = fields(wire)
        assert first["rdb_bgsave_in_progress"] == "1"
        assert int(first["rdb_current_bgsave_time_sec"]) in (0, 1)
        assert not pipeline(wire, (("SET", f"key:{i}", "w" * 100) for i in range(KEYS)))
        wait_until(lambda: int(fields(wire)["current_save_keys_processed"]) > 0 or is_saved(wire))
        found = fields(wire)
        assert found["rdb_bgsave_in_progress"] == "1"
        assert found["current_save_keys_total"] == str(KEYS)
        assert 0 < int(found["current_save_keys_processed"]) <= KEYS
        assert 0 < float(found["current_fork_perc"]) <= 100
        assert int(found["current_cow_peak"]) >= int(found["current_cow_size"])
        assert int(found["current_cow_size_age"]) <= 3
        assert found["rdb_changes_since_last_save"] == str(2 * KEYS)
        wait_until(lambda: is_saved(wire))
        last = fields(wire)
        assert {name: last[name] for name in last if name.startswith("current_")} == {
            name: idle[name] for name in idle if name.startswith("current_")
        }
        assert last["rdb_changes_since_last_save"] == str(KEYS)  # those since the fork
        assert last["rdb_last_bgsave_status"] == "ok"
        assert int(last["rdb_last_bgsave_time_sec"]) >= 1
        assert last["rdb_current_bgsave_time_sec"] == "-1"


@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="the kernel does not tell what is copied")
def test_what_is_copied(command: ServerCommand) -> None:
    """20 MB of values are changed while the child is saving. The real server's gives back what it has written."""
    with Server(command, ["--rdb-key-save-delay", "500"]) as server, Wire(server) as wire:
        assert not pipeline(wire, (("SET", f"key:{i}", "v" * 10_000) for i in range(KEYS)))
        wire.text("BGSAVE")
        assert not pipeline(wire, (("SETRANGE", f"key:{i}", 0, "w" * 10_000) for i in range(KEYS)))
        wait_until(lambda: is_saved(wire))
        assert 1_000_000 < int(fields(wire)["rdb_last_cow_size"]) < 60_000_000


def test_after_a_failure(command: ServerCommand) -> None:
    """The status says it, and the changes stay unsaved."""
    with Server(command) as server, Wire(server) as wire:
        wire.text("SET", "k", "v")
        (server.dir / "dump.rdb").mkdir()
        assert wire.ask("SAVE").kind == "error"
        wire.text("BGSAVE")
        wait_until(lambda: is_saved(wire))
        found = fields(wire)
        assert found["rdb_last_bgsave_status"] == "err"
        assert found["rdb_changes_since_last_save"] == "1"
        assert found["rdb_saves"] == "2"  # those that fail count
        (server.dir / "dump.rdb").rmdir()
        wire.text("BGSAVE")
        wait_until(lambda: is_saved(wire))
        assert fields(wire)["rdb_last_bgsave_status"] == "ok"


def test_forks(command: ServerCommand) -> None:
    """Each child is counted, and how long it took to make the last one; not a save that has none."""

    def stats(wire: Wire) -> tuple[int, int]:
        found = dict(line.split(":", 1) for line in wire.text("INFO", "stats").splitlines()[1:])
        return int(found["total_forks"]), int(found["latest_fork_usec"])

    with Server(command) as server, Wire(server) as wire:
        assert stats(wire) == (0, 0)
        assert wire.text("SAVE") == "OK" and stats(wire) == (0, 0)
        for count in (1, 2):
            assert wire.text("BGSAVE") == "Background saving started"
            wait_until(lambda: fields(wire)["rdb_bgsave_in_progress"] == "0")
            forks, latest = stats(wire)
            assert forks == count and 0 < latest < 5e6
        assert wire.text("CONFIG", "RESETSTAT") == "OK" and stats(wire) == (0, 0)
