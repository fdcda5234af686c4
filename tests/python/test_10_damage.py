"""Files that are cut, changed or somebody else's: refused with the place and the reason, never half trusted."""

from __future__ import annotations

import os
import re
import resource
import signal
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from harness.dataset import Command, fill, touch
from harness.disk import disk_of, in_a_small_disk
from harness.server import FILE_MAX, Server, ServerCommand, with_save
from harness.wire import Wire

pytestmark = pytest.mark.since(10)
FILE = "dump.rdb"
AT_ONCE = 4
PARTS = 4  # of the long tests, which are played side by side
NO_CHECKSUM = bytes(8)
RDB_VERSION = b"\x0a\x00"

# A small value of each type and encoding.
SMALL: dict[str, list[Command]] = {
    "string": [("SET", "k", "v"), ("SET", "n", 70000), ("PEXPIREAT", "n", 4_102_444_800_000), ("SET", "row", "a" * 40)],
    "list": [("RPUSH", "l", "a", 1, 300, "b" * 70, 2**40)],
    "set": [("SADD", "s", 1, 2, 70000), ("SADD", "t", "a", "b")],
    "hash": [("HSET", "h", "f", "v", "g", 1), ("HSET", "long", "f", "v" * 65, "g", "w")],
    "zset": [("ZADD", "z", 1, "a", 2.5, "b"), ("ZADD", "large", 1, "m" * 65, 2, "n")],
    "stream": [
        ("XADD", "x", "1-1", "f", "v"), ("XADD", "x", "2-1", "f", "w"), ("XADD", "x", "3-1", "g", "w"),
        ("XDEL", "x", "2-1"), ("XGROUP", "CREATE", "x", "group", 0),
        ("XREADGROUP", "GROUP", "group", "ann", "STREAMS", "x", ">"),
    ],
}  # fmt: skip


def file_of(command: ServerCommand, commands: list[Command] | None, args: list[str] | None = None) -> bytes:
    with Server(command, args) as server, Wire(server) as wire:
        fill(wire, iter(commands) if commands is not None else None)
        assert wire.text("SAVE") == "OK"
        return (server.dir / FILE).read_bytes()


def outcome(command: ServerCommand, data: bytes, args: list[str] | None = None) -> tuple[int | None, str]:
    """The exit code of a server that is started where the file has these bytes; None if it runs, and is stopped then."""
    server = Server(command, args)
    try:
        (server.dir / FILE).write_bytes(data)
        server.launch()
        code = None
        if server.await_port() and server.settles(5) and server.alive:
            assert server.terminate(20) == 0, server.log()
        else:
            code = server.wait_exit(20)
        assert not server.sanitizer_report(), server.sanitizer_report()
        return code, server.log()
    finally:
        server.close()


def is_refused(found: tuple[int | None, str]) -> bool:
    """It ended with exit code 1, and told where and why."""
    code, log = found
    return code == 1 and re.search(r"offset \d+.*->.*[A-Za-z]|RDB format version|Wrong signature", log) is not None


def check_all(
    command: ServerCommand, files: list[bytes], args: list[str] | None = None
) -> list[tuple[int | None, str]]:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(lambda data: outcome(command, data, args), files))


@pytest.mark.parametrize("part", range(PARTS))
def test_cut_at_every_length(command: ServerCommand, part: int) -> None:
    """A file with a value of each type."""
    data = file_of(command, [one for commands in SMALL.values() for one in commands])
    lengths = range(part, len(data), PARTS)
    for length, found in zip(lengths, check_all(command, [data[:n] for n in lengths]), strict=True):
        assert is_refused(found), (length, found)


@pytest.mark.not_real  # it compares the checksum last, and some of these files end it with SIGABRT before
@pytest.mark.parametrize("part", range(PARTS))
def test_every_byte_changed(command: ServerCommand, part: int) -> None:
    """The checksum finds what nothing else does."""
    data = file_of(command, [one for commands in SMALL.values() for one in commands])
    places = range(part, len(data), PARTS)
    files = [data[:i] + bytes([data[i] ^ 1 << i % 8]) + data[i + 1 :] for i in places]
    for place, found in zip(places, check_all(command, files), strict=True):
        assert is_refused(found), (place, found)


@pytest.mark.not_real  # it ends when DEBUG RELOAD fails
@pytest.mark.more  # the lesson believes what is in a packed value
@pytest.mark.parametrize("name", [*SMALL])
def test_every_byte_changed_without_a_checksum(command: ServerCommand, name: str) -> None:
    """What cannot be noticed is believed, but the server neither crashes nor hangs, also when the values are used."""
    changes = (lambda b: b ^ 0xFF, lambda b: b ^ 0x01, lambda b: b ^ 0x80, lambda b: b + 1 & 0xFF, lambda b: 0)
    with Server(command, ["--rdbchecksum", "no"]) as server, Wire(server) as wire:
        fill(wire, iter(SMALL[name]))
        assert wire.text("SAVE") == "OK"
        data = (server.dir / FILE).read_bytes()
        assert data.endswith(NO_CHECKSUM)
        refused = 0
        for place in range(data.index(b"\xfe\x00\xfb"), len(data) - len(NO_CHECKSUM)):
            for change in changes:
                damaged = data[:place] + bytes([change(data[place])]) + data[place + 1 :]
                (server.dir / FILE).write_bytes(damaged)
                refused += wire.ask("DEBUG", "RELOAD", "NOSAVE").kind == "error"
                for key in wire.ask("KEYS", "*").items:
                    touch(wire, key.text)
        assert refused > 50


def dumped(value: bytes) -> bytes:
    """A payload of RESTORE."""
    data = value + RDB_VERSION
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x95AC9329AC4BC9B5 if crc & 1 else 0)
    return data + crc.to_bytes(8, "little")


@pytest.mark.not_real  # it reads on into the checksum
@pytest.mark.more
@pytest.mark.parametrize("name", [*SMALL])
def test_restore_of_every_change(command: ServerCommand, name: str) -> None:
    """A payload cut at every length, and with each byte changed, under a checksum that is right: it is refused, or gives a
    value that can be used. With another checksum it is always refused."""
    changes = (lambda b: b ^ 0xFF, lambda b: b ^ 0x01, lambda b: b ^ 0x80, lambda b: b + 1 & 0xFF, lambda b: 0)
    with Server(command, ["--sanitize-dump-payload", "yes"]) as server, Wire(server) as wire:
        fill(wire, iter(SMALL[name]))
        for key in wire.ask("KEYS", "*").items:
            whole = wire.ask("DUMP", key.text).text
            value = whole[: -len(RDB_VERSION) - 8]
            assert dumped(value) == whole
            for end in range(len(whole)):
                reply = wire.ask("RESTORE", "k", 0, whole[:end], "REPLACE")
                assert reply.text == b"ERR DUMP payload version or checksum are wrong"
            files = [value[:end] for end in range(len(value))]
            files += [value[:i] + bytes([change(value[i])]) + value[i + 1 :] for i in range(len(value)) for change in changes]
            replies = []
            for data in files:
                replies.append(wire.ask("RESTORE", "k", 0, dumped(data), "REPLACE"))
                touch(wire, b"k")
            assert all(reply.text in (b"OK", b"ERR Bad data format") for reply in replies)
            refused = sum(reply.kind == "error" for reply in replies[: len(value)])
            assert refused == len(value), "a value that is cut is no value"


HEADERS = {
    "empty": (b"", "EOF|offset"),
    "wrong magic": (b"RADIS0010\xff" + NO_CHECKSUM, "ignature"),
    "a later version": (b"REDIS0099\xff" + NO_CHECKSUM, "version"),
    "a version that is no number": (b"REDIS00x0\xff" + NO_CHECKSUM, "version"),
    "an unknown type": (b"REDIS0010\xfe\x00\xc8\x01k\x01v\xff" + NO_CHECKSUM, "offset"),
    "a database that is not there": (b"REDIS0010\xfe\x10\x00\x01k\x01v\xff" + NO_CHECKSUM, "databases|offset"),
    "a key that is there twice": (
        b"REDIS0010\xfe\x00\x00\x01k\x01v\x00\x01k\x01w\xff" + NO_CHECKSUM,
        "duplicate|offset",
    ),
    "a string longer than the file": (
        b"REDIS0010\xfe\x00\x00\x01k\x81\xff\xff\xff\xff\xff\xff\xff\xffv\xff",
        "EOF|offset",
    ),
    "a compressed string of nothing": (
        b"REDIS0010\xfe\x00\x00\x01k\xc3\x01\x80\x7f\xff\xff\xff\x00\xff",
        "LZF|EOF|offset",
    ),
}


@pytest.mark.not_real
@pytest.mark.parametrize("name", [*HEADERS])
def test_other_files(command: ServerCommand, name: str) -> None:
    data, wanted = HEADERS[name]
    code, log = outcome(command, data)
    assert code == 1
    assert re.search(wanted, log), log


def test_an_empty_data_set_is_a_file(command: ServerCommand) -> None:
    """The shortest file: a header, the end, and no checksum."""
    code, log = outcome(command, b"REDIS0010\xff" + NO_CHECKSUM)
    assert code is None, log


def test_what_the_server_does_not_know(command: ServerCommand) -> None:
    """Facts with other names are skipped; a key that has expired is not there."""
    past = b"\xfc" + (1_000).to_bytes(8, "little")
    data = (
        b"REDIS0010\xfa\x05what?\x03yes\xfa\x01n\xc0\x07\xfe\x03\xfb\x02\x01"
        + past + b"\x00\x03old\x01v" + b"\x00\x04here\x01v\xff" + NO_CHECKSUM
    )  # fmt: skip
    server = Server(command)
    (server.dir / FILE).write_bytes(data)
    with server, Wire(server) as wire:
        wire.text("SELECT", 3)
        assert [key.text for key in wire.ask("KEYS", "*").items] == [b"here"]


@pytest.mark.not_real  # SIGXFSZ ends it
@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="sets a limit of another process")
@pytest.mark.parametrize("how", ["SAVE", pytest.param("BGSAVE", marks=pytest.mark.more)])
def test_a_full_disk(command: ServerCommand, how: str) -> None:
    """The old file stays, nothing else is left, and writes are refused after a save in the background has failed."""
    with Server(command, ["--save", "3600 1"]) as server, Wire(server) as wire:
        wire.text("CONFIG", "SET", "save", "3600 1")
        wire.text("SET", "k", "v")
        assert wire.text("SAVE") == "OK"
        old = (server.dir / FILE).read_bytes()
        wire.text("SET", "noise", os.urandom(300_000))
        resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (100_000, FILE_MAX))
        if how == "SAVE":
            assert wire.ask("SAVE").kind == "error"
            assert wire.text("SET", "k", "w") == "OK"
        else:
            assert "started" in wire.text("BGSAVE")
            wait_until(lambda: wire.ask("SET", "k", "w").text.startswith(b"MISCONF"))
            assert wire.ask("PING").text.startswith(b"MISCONF")
            assert wire.text("GET", "k") in ("v", "w")
            wire.text("CONFIG", "SET", "stop-writes-on-bgsave-error", "no")
            assert wire.text("SET", "k", "x") == "OK"
            wire.text("CONFIG", "SET", "stop-writes-on-bgsave-error", "yes")
        assert (server.dir / FILE).read_bytes() == old
        assert [name for name in os.listdir(server.dir) if name.startswith("temp-")] == []
        assert server.alive
        resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (FILE_MAX, FILE_MAX))
        assert wire.text("SAVE") == "OK"
        assert wire.text("SET", "k", "y") == "OK"
        assert b"noise" in (server.dir / FILE).read_bytes()


@pytest.mark.not_real  # SIGXFSZ ends it
@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="sets a limit of another process")
def test_a_stop_that_cannot_save(command: ServerCommand) -> None:
    """After SIGTERM the server goes on if its data cannot be saved, and ends when it can."""
    with Server(with_save(command, "3600", "1")) as server, Wire(server) as wire:
        wire.text("SET", "noise", os.urandom(300_000))
        resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (100_000, FILE_MAX))
        os.kill(server.pid, signal.SIGTERM)
        wait_until(lambda: "rrors trying to shut down" in server.log())
        assert wire.text("SET", "k", "v") == "OK"
        assert [name for name in os.listdir(server.dir) if "rdb" in name] == []
        resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (FILE_MAX, FILE_MAX))
        assert server.terminate() == 0
        assert b"noise" in (server.dir / FILE).read_bytes()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a disk for one process")
@pytest.mark.parametrize("how", ["SAVE", pytest.param("BGSAVE", marks=pytest.mark.more)])
def test_a_disk_that_is_full(command: ServerCommand, how: str) -> None:
    """A save fails and leaves the old file whole. As soon as there is space again, the next one is successful."""
    with Server(in_a_small_disk(with_save(command, "3600", "1"), 4)) as server, Wire(server) as wire:
        disk = disk_of(server)
        wire.text("SET", "k", "v")
        assert wire.text("SAVE") == "OK"
        old = (disk / FILE).read_bytes()
        ballast = disk / "ballast"
        ballast.write_bytes(bytes(3 << 20))
        wire.text("SET", "noise", os.urandom(2 << 20))
        if how == "SAVE":
            assert wire.ask("SAVE").kind == "error"
            assert "No space left on device" in server.log()
        else:
            wire.text("BGSAVE")
            wait_until(lambda: wire.ask("SET", "k", "w").text.startswith(b"MISCONF"))
            assert wire.ask("PING").text.startswith(b"MISCONF")
            assert wire.text("GET", "k") in ("v", "w")
        assert (disk / FILE).read_bytes() == old
        assert sorted(os.listdir(disk)) == ["ballast", FILE]
        ballast.unlink()
        if how == "SAVE":
            assert wire.text("SAVE") == "OK"
        else:
            wire.text("BGSAVE")
            wait_until(lambda: wire.ask("SET", "k", "x").text == b"OK")
        assert (disk / FILE).stat().st_size > 2 << 20
        assert wire.integer("DEL", "noise") == 1  # the save before the end needs room, too


def wait_until(condition: Callable[[], bool], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)


@pytest.mark.more
@pytest.mark.not_real
def test_bytes_behind_the_checksum(command: ServerCommand) -> None:
    code, log = outcome(command, b"REDIS0010\xfe\x00\x00\x01k\x01v\xff" + NO_CHECKSUM + b"rest")
    assert code == 1 and "offset" in log, log
