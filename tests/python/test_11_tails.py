"""Logs that are cut, changed or hand-made: what is cut off at the end, and what ends the start."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from harness.aof import ALWAYS, DIRECTORY, commands_in, files, last_file, write_log, written
from harness.load import Arg
from harness.process import sanitized
from harness.server import Server, ServerCommand
from harness.wire import Wire

pytestmark = pytest.mark.since(11)
AT_ONCE = 4
EVERY = int(os.environ.get("LOG_CUTS", "1")) if not sanitized() else 16  # of so many places one is cut
BEGIN: list[tuple[Arg, ...]] = [("SELECT", 0), ("SET", "a", 1), ("RPUSH", "list", "x", b"\r\n$1\r\n")]
# Each unit is executed as a whole or not at all.
UNITS: list[list[tuple[Arg, ...]]] = [
    [("MULTI",), ("INCR", "a"), ("SET", "b", "*2\r\n"), ("EXEC",)],
    [("SELECT", 2)],
    [("HSET", "h", "f", "v" * 12)],
    [("MULTI",), ("DEL", "h"), ("EXEC",)],
    [("SET", "last", b"\x00\xff")],
]


def wait_until(condition: Callable[[], object], seconds: float = 15) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)


def is_ready(wire: Wire) -> None:
    """Waits until the log is executed."""
    wait_until(lambda: wire.ask("PING").text == b"PONG")


def state(wire: Wire) -> list[object]:
    """What there is in both databases."""
    found: list[object] = []
    for database in (0, 2):
        wire.text("SELECT", database)
        found += [wire.ask("GET", key).text for key in ("a", "b", "last")]
        found += [wire.ask("LRANGE", "list", 0, -1).items, wire.ask("HGETALL", "h").items]
    wire.text("SELECT", 0)
    return found


def ready(server: Server) -> bool:
    """Whether a server that was launched serves clients; False if it ends."""
    if not server.await_port():
        return False
    with Wire(server) as wire:
        end = time.monotonic() + 15
        while time.monotonic() < end:
            try:
                if wire.ask("PING").text == b"PONG":
                    return server.alive
            except (AssertionError, OSError):
                return False
    return False


def stands_after(command: ServerCommand, units: int) -> list[object]:
    """What there is after so many units."""
    with Server(command) as server, Wire(server) as wire:
        for one in [*BEGIN, *(one for unit in UNITS[:units] for one in unit)]:
            assert wire.ask(*one).kind != "error"
        return state(wire)


def cut(command: ServerCommand, data: bytes, wanted: list[object], good: int) -> str:
    """Starts a server where the log has these bytes, changes something, and starts it again. Returns what is wrong."""
    server = Server(command, ALWAYS)
    try:
        (path,) = write_log(server.dir, data)
        server.launch()
        if not ready(server):
            return f"cut at {len(data)}: it does not start: {server.log()[-300:]}"
        with Wire(server) as wire:
            if state(wire) != wanted:
                return f"cut at {len(data)}: {state(wire)}, and not {wanted}"
            if path.stat().st_size != good:
                return f"cut at {len(data)}: the file has {path.stat().st_size} bytes, and not {good}"
            wire.text("SET", "new", 1)
        server.kill()
        server.launch()
        if not ready(server):
            return f"cut at {len(data)}: it does not start again: {server.log()[-300:]}"
        with Wire(server) as wire:
            if state(wire) != wanted or wire.text("GET", "new") != "1":
                return f"cut at {len(data)}: after the next start {state(wire)}, {wire.ask('GET', 'new')}"
        return ""
    finally:
        server.close()


@pytest.mark.not_real  # 7.0.15 leaves an open MULTI: what is written after that is lost
def test_cut_at_every_byte(command: ServerCommand) -> None:
    """What is complete is executed, and the rest is cut off: also MULTI, if EXEC is missing. What is written then stays."""
    begin = written(BEGIN)
    parts = [written(unit) for unit in UNITS]
    states = [stands_after(command, units) for units in range(len(UNITS) + 1)]
    ends = [len(begin) + sum(map(len, parts[:units])) for units in range(len(UNITS) + 1)]
    data = begin + b"".join(parts)
    places = [at for at in range(len(begin), len(data) + 1) if at % EVERY == 0 or at in ends]

    def one(at: int) -> str:
        units = max(unit for unit, end in enumerate(ends) if end <= at)
        return cut(command, data[:at], states[units], ends[units])

    with ThreadPoolExecutor(AT_ONCE) as pool:
        wrong = [text for text in pool.map(one, places) if text]
    assert not wrong, "\n".join(wrong[:5])


def test_cut_between_commands(command: ServerCommand) -> None:
    """The same where the real server does it right, too: behind each command, and within one outside of a transaction."""
    simple = [("SELECT", 0), ("SET", "a", 1), ("MULTI",), ("INCR", "a"), ("INCR", "a"), ("EXEC",), ("SET", "b", "12")]
    data = written(simple)
    ends = [0, *(end for end, _ in commands_in(data))]
    for at, wanted, good in (
        (ends[2], b"1", 2), (ends[3], b"1", 2), (ends[4], b"1", 2), (ends[5], b"1", 2), (ends[6], b"3", 6),
        (ends[6] + 1, b"3", 6), (ends[7] - 1, b"3", 6), (ends[7], b"3", 7),
    ):  # fmt: skip
        server = Server(command, ALWAYS)
        (path,) = write_log(server.dir, data[:at])
        with server, Wire(server) as wire:
            is_ready(wire)
            assert wire.ask("GET", "a").text == wanted
            assert path.stat().st_size == ends[good]


def ends_with(command: ServerCommand, data: tuple[bytes, ...], base: bytes = b"", flags: tuple[str, ...] = ()) -> str:
    """The log of a server that must not start; its files stay as they are."""
    server = Server(command, [*ALWAYS, *flags])
    try:
        paths = write_log(server.dir, *data, base=base)
        before = [path.read_bytes() for path in paths]
        server.launch()
        code = server.wait_exit(10)
        if not command.real:  # which cuts a file short before it refuses it, and crashes at a negative length
            assert code == 1, f"exit code {code}: {server.log()}"
            assert [path.read_bytes() for path in paths] == before
        assert code
        return server.log()
    finally:
        server.close()


def base_of(directory: Path) -> bytes:
    (base,) = (path for path, kind in files(directory) if kind == "b")
    return base.read_bytes()


@pytest.mark.parametrize("truncated", ["yes", "no"])
def test_only_the_last_file_may_be_cut_short(command: ServerCommand, truncated: str) -> None:
    """Another one was complete when the next began, so its end is missing for another reason. The server does not start."""
    whole = written([("SELECT", 0), ("SET", "a", 1)])
    for missing in (1, 3, len(whole) - 1, 30):
        log = ends_with(command, (whole[:-missing], whole), flags=("--aof-load-truncated", truncated))
        assert "not the last" in log or "aof-load-truncated" in log
    opened = written([("SELECT", 0), ("MULTI",), ("SET", "a", 1)])
    ends_with(command, (opened, whole), flags=("--aof-load-truncated", truncated))


@pytest.mark.parametrize("missing", [1, 8, 9, 20])
def test_base_is_never_cut_short(command: ServerCommand, missing: int) -> None:
    """Also if it is the only file: its name says that it is complete."""
    with Server(command, ALWAYS) as server, Wire(server) as wire:
        wait_until(lambda: wire.ask("SET", "k", "v").text == b"OK")
        assert "started" in wire.text("BGREWRITEAOF")
        wait_until(lambda: "finished successfully" in server.log())
        base = base_of(server.dir)
    ends_with(command, (b"",), base[:-missing])


def test_empty_files(command: ServerCommand) -> None:
    """A log that has begun, or whose first file is empty, is a log without data."""
    for data in ((b"",), (b"", b""), (b"", written([("SELECT", 0), ("SET", "a", 1)]))):
        server = Server(command, ALWAYS)
        write_log(server.dir, *data)
        with server, Wire(server) as wire:
            is_ready(wire)
            assert wire.integer("DBSIZE") == bool(data[-1])
            wire.text("SET", "b", 1)
            assert b"\r\nb\r\n" in last_file(server.dir).read_bytes()


DAMAGED = {
    "an empty array": b"*0\r\n",
    "no array": b"SET a 1\r\n",
    "a negative count": b"*-1\r\n",
    "a count that is no number": b"*x\r\n",
    "a count beyond all limits": b"*99999999999999999999\r\n$3\r\nSET\r\n",
    "an argument that is no bulk string": b"*2\r\n+GET\r\n$1\r\na\r\n",
    "a negative length": b"*1\r\n$-1\r\n",
    "a line in place of a command": b"\r\n",
    "zero bytes": bytes(100),
    "an unknown command": written([("NOSUCH", "a")]),
    "an unknown command in a transaction": written([("MULTI",), ("NOSUCH", "a"), ("EXEC",)]),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_damaged_in_the_middle(command: ServerCommand, name: str) -> None:
    """It ends the start with the place, and the log stays as it is: somebody has to look at it."""
    whole = written([("SELECT", 0), ("SET", "a", 1)])
    for data in ((whole + DAMAGED[name] + whole,), (whole, whole + DAMAGED[name] + whole)):
        log = ends_with(command, data)
        assert "ad file format" in log or "nknown command" in log or command.real


@pytest.mark.not_real  # asserts, or waits for memory that there is not
def test_lengths_that_are_a_lie(command: ServerCommand) -> None:
    """A length beyond the end of the file is a torn tail, or no length; it is never believed."""
    whole = written([("SELECT", 0), ("SET", "a", 1)])
    for tail in (b"*3\r\n$500000000\r\nSET", b"*1000000\r\n$3\r\nSET\r\n", b"*3\r\n$3\r\nSET\r\n$536870912\r\nx"):
        server = Server(command, ALWAYS)
        (path,) = write_log(server.dir, whole + tail)
        with server, Wire(server) as wire:
            is_ready(wire)
            assert wire.text("GET", "a") == "1"
            assert path.read_bytes() == whole


def test_limits_are_for_clients(command: ServerCommand) -> None:
    """A log is read whatever clients may send now."""
    value = "v" * 2_000_000
    server = Server(command, [*ALWAYS, "--proto-max-bulk-len", "1mb"])
    write_log(server.dir, written([("SELECT", 0), ("SET", "a", value)]))
    with server, Wire(server) as wire:
        wait_until(lambda: wire.ask("PING").text == b"PONG")
        assert wire.integer("STRLEN", "a") == len(value)
        assert b"invalid bulk length" in wire.ask("SET", "b", value).text


def test_commands_that_need_a_client(command: ServerCommand) -> None:
    """A command that would wait, or whose reply is an error, does neither harm nor end the start."""
    data = written([
        ("SELECT", 0), ("SET", "a", "text"), ("LPUSH", "a", 1), ("INCR", "a"), ("BLPOP", "none", 0), ("RPUSH", "q", 1, 2),
        ("BLPOP", "q", 0), ("SET", "b", 1),
    ])  # fmt: skip
    server = Server(command, ALWAYS)
    write_log(server.dir, data)
    with server, Wire(server) as wire:
        wait_until(lambda: wire.ask("PING").text == b"PONG")
        assert wire.text("GET", "a") == "text"
        assert [item.text for item in wire.ask("LRANGE", "q", 0, -1).items] == [b"2"]
        assert wire.text("GET", "b") == "1"
        assert last_file(server.dir).read_bytes() == data


def test_a_log_without_a_base_is_rewritten(command: ServerCommand) -> None:
    """Afterwards there are one base and one increment, and the data is the same."""
    server = Server(command, ALWAYS)
    write_log(server.dir, *(written([("SELECT", 0), ("INCR", "a")]) for _ in range(5)))
    with server, Wire(server) as wire:
        wait_until(lambda: wire.ask("GET", "a").text == b"5")
        assert "started" in wire.text("BGREWRITEAOF")
        wait_until(lambda: [kind for _, kind in files(server.dir)] == ["b", "i"])
        wait_until(lambda: len(list((server.dir / DIRECTORY).iterdir())) == 3)
        server.kill()
        server.start()
        with Wire(server) as other:
            wait_until(lambda: other.ask("GET", "a").text == b"5")


def test_order_is_that_of_the_manifest(command: ServerCommand) -> None:
    """Ten increments: the tenth comes after the ninth, although its name sorts before it."""
    server = Server(command, ALWAYS)
    write_log(server.dir, *(written([("SELECT", 0), ("SET", "a", seq), ("RPUSH", "l", seq)]) for seq in range(1, 12)))
    with server, Wire(server) as wire:
        wait_until(lambda: wire.ask("PING").text == b"PONG")
        assert wire.text("GET", "a") == "11"
        assert [int(item.text) for item in wire.ask("LRANGE", "l", 0, -1).items] == list(range(1, 12))


def test_history_is_removed_at_the_start(command: ServerCommand) -> None:
    """A server that was killed between the manifest and the removal leaves files that only the next start can remove."""
    server = Server(command, ALWAYS)
    (path,) = write_log(server.dir, written([("SELECT", 0), ("SET", "a", 1)]))
    old = server.dir / DIRECTORY / "appendonly.aof.1.base.rdb"
    old.write_bytes(b"history, which nobody reads")
    manifest = server.dir / DIRECTORY / "appendonly.aof.manifest"
    manifest.write_text(manifest.read_text() + f"file {old.name} seq 1 type h\n")
    with server, Wire(server) as wire:
        wait_until(lambda: wire.ask("PING").text == b"PONG")
        assert wire.text("GET", "a") == "1"
        wait_until(lambda: not old.exists())
        assert "type h" not in manifest.read_text()
        assert path.exists()


def test_expired_keys_are_no_part_of_a_base(command: ServerCommand) -> None:
    """A rewrite leaves out what is due, and the log deletes it when it goes."""
    server = Server(command, ALWAYS)
    server.command = replace(command)
    write_log(server.dir, written([("SELECT", 0), ("SET", "dead", 1), ("PEXPIREAT", "dead", 1000), ("SET", "a", 1)]))
    with server, Wire(server) as wire:
        wait_until(lambda: wire.ask("PING").text == b"PONG")
        wait_until(lambda: wire.integer("DBSIZE") == 1)
        assert b"DEL\r\n$4\r\ndead" in last_file(server.dir).read_bytes().replace(b"UNLINK", b"DEL")
        assert "started" in wire.text("BGREWRITEAOF")
        wait_until(lambda: "finished successfully" in server.log())
        wait_until(lambda: b"dead" not in b"".join(path.read_bytes() for path, _ in files(server.dir)))
