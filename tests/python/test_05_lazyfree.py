"""A large value is freed in steps, whoever removes it, and its memory comes back."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable

import pytest

from harness.load import Load, Probe, info, pipeline, used_memory, written
from harness.process import sanitized
from harness.server import Server
from harness.wire import Wire, command

pytestmark = pytest.mark.since(5)
MB = 1024 * 1024
MANY = 60_000 if sanitized() else 400_000
LONGEST = 0.015  # seconds; to free so many elements at once takes two or three times as long


@functools.cache  # two dozen tests, most of them in one process, send the same
def load(kind: str) -> Load:
    batches = (range(at, at + 500) for at in range(0, MANY, 500))
    if kind == "hash":
        adds = [("HSET", "k", *(w for i in batch for w in (f"field:{i}", f"value:{i}"))) for batch in batches]
    elif kind == "set":
        adds = [("SADD", "k", *(f"member:{i}" for i in batch)) for batch in batches]
    else:
        adds = [("RPUSH", "k", *("x" * 100 for _ in batch)) for batch in batches]
    return Load(tuple(written(adds, 10)))


def fill(wire: Wire, kind: str) -> None:
    """Makes k a large hash, set or list."""
    assert not load(kind).send(wire)


def unlink(wire: Wire) -> None:
    assert wire.integer("UNLINK", "k") == 1


def flush(wire: Wire) -> None:
    assert wire.text("FLUSHALL", "ASYNC") == "OK"


def overwrite(wire: Wire) -> None:
    assert wire.text("SET", "k", "short") == "OK"
    assert wire.integer("DEL", "k") == 1


def expire(wire: Wire) -> None:
    assert wire.integer("PEXPIRE", "k", 20) == 1
    time.sleep(0.1)


def expire_at_once(wire: Wire) -> None:
    assert wire.integer("PEXPIREAT", "k", 1) == 1
    assert wire.integer("EXISTS", "k") == 0


def evict(wire: Wire) -> None:
    assert wire.text("CONFIG", "SET", "maxmemory-policy", "allkeys-lru", "maxmemory", "2mb") == "OK"
    deadline = time.monotonic() + 5
    while wire.integer("EXISTS", "k") and time.monotonic() < deadline:
        time.sleep(0.01)
    assert wire.text("CONFIG", "SET", "maxmemory", "0") == "OK"


@pytest.mark.alone
@pytest.mark.parametrize("kind", ["hash", "set", "list"])
@pytest.mark.parametrize("remove", [unlink, flush, overwrite, expire, expire_at_once, evict], ids=lambda f: f.__name__)
@pytest.mark.not_real  # by default redis-server frees at once what expires, is evicted or overwritten
def test_nobody_waits(server: Server, kind: str, remove: Callable[[Wire], None]) -> None:
    longest = 0.0
    with Wire(server, timeout=60) as wire:
        for _ in range(8):
            fill(wire, kind)
            with Probe(server) as probe:
                time.sleep(0.02)
                remove(wire)
                assert wire.integer("EXISTS", "k") == 0
                time.sleep(0.2)
            longest = probe.longest
            if longest < LONGEST or sanitized():
                break
        else:
            pytest.fail(f"a PING waited {longest * 1000:.0f} ms")
        deadline = time.monotonic() + 20
        while used_memory(wire) > 4 * MB:
            assert time.monotonic() < deadline, f"{used_memory(wire)} bytes are still in use"
            time.sleep(0.05)


@pytest.mark.not_real  # it does not see what its thread is about to free
def test_no_key_is_evicted_for_what_waits(server: Server) -> None:
    """All of this happens in one turn of the loop, before anybody could have freed anything."""
    with Wire(server, timeout=60) as wire:
        fill(wire, "hash")
        assert not pipeline(wire, [("SET", f"small:{i}", "value") for i in range(2000)])
        limit = ("CONFIG", "SET", "maxmemory-policy", "allkeys-lru", "maxmemory", "4mb")
        wire.send(command("UNLINK", "k") + command(*limit))
        wire.send(b"".join(command("SET", f"new:{i}", "value") for i in range(300)))
        assert wire.reply().text == b"1"
        assert all(wire.reply().text == b"OK" for _ in range(301))
        assert wire.integer("DBSIZE") == 2300, "keys were evicted"


def memory_behind(wire: Wire, *words: str) -> dict[str, str]:
    """INFO's fields for the moment after a command: no turn of the loop is between the two."""
    wire.send(command(*words) + command("INFO", "memory"))
    assert wire.reply().text == b"1"
    lines = wire.reply().text.decode().splitlines()
    return dict(line.split(":", 1) for line in lines if ":" in line)


@pytest.mark.more
def test_del_frees_at_once(server: Server) -> None:
    with Wire(server, timeout=60) as wire:
        fill(wire, "hash")
        assert int(info(wire, "memory")["used_memory"]) > 2 * MB
        fields = memory_behind(wire, "DEL", "k")
        assert int(fields["used_memory"]) < 2 * MB
        assert (fields["lazyfree_pending_objects"], fields["lazyfreed_objects"]) == ("0", "0")


@pytest.mark.more
def test_unlink_tells_what_waits(server: Server) -> None:
    with Wire(server, timeout=60) as wire:
        fill(wire, "hash")
        fields = memory_behind(wire, "UNLINK", "k")
        if not server.command.real:  # its thread may be done by then
            assert fields["lazyfree_pending_objects"] == "1"
            assert int(fields["used_memory"]) > 2 * MB
        deadline = time.monotonic() + 20
        while info(wire, "memory")["lazyfreed_objects"] != "1":
            assert time.monotonic() < deadline
            time.sleep(0.02)
        fields = info(wire, "memory")
        assert fields["lazyfree_pending_objects"] == "0"
        assert int(fields["used_memory"]) < 2 * MB
        assert memory_behind(wire, "SADD", "few", "a")["lazyfreed_objects"] == "1"
        assert memory_behind(wire, "UNLINK", "few")["lazyfreed_objects"] == "1", "what is small does not wait"


@pytest.mark.more
@pytest.mark.alone
@pytest.mark.not_real  # without lazyfree-lazy-server-del it frees at once what RENAME and the like replace
@pytest.mark.parametrize(
    "words",
    [("RENAME", "other", "k"), ("COPY", "other", "k", "REPLACE"), ("SUNIONSTORE", "k", "other")],
    ids=lambda words: words[0],
)
def test_nobody_waits_for_what_is_replaced(server: Server, words: tuple[str | int, ...]) -> None:
    longest = 0.0
    with Wire(server, timeout=60) as wire:
        for _ in range(8):
            fill(wire, "set")
            wire.ask("SADD", "other", "a", "b")
            with Probe(server) as probe:
                time.sleep(0.02)
                wire.ask(*words)
                time.sleep(0.2)
            wire.ask("DEL", "k", "other")
            longest = probe.longest
            if longest < LONGEST or sanitized():
                return
    pytest.fail(f"a PING waited {longest * 1000:.0f} ms")
