"""Exercise 05.2: a small set of short members is a listpack, if set-max-listpack-entries allows it."""

from __future__ import annotations

import random

import pytest

from harness.load import pipeline
from harness.server import Server
from harness.wire import Wire


def allow(wire: Wire, entries: int = 128, value: int = 64) -> None:
    words = ("set-max-listpack-entries", entries, "set-max-listpack-value", value)
    assert wire.text("CONFIG", "SET", *words) == "OK"


def encoding(wire: Wire, key: str) -> str:
    return wire.text("OBJECT", "ENCODING", key)


def members(wire: Wire, key: str) -> set[str]:
    found = [item.text.decode() for item in wire.ask("SMEMBERS", key).items]
    assert len(found) == len(set(found))
    return set(found)


def test_off_by_default(server: Server) -> None:
    with Wire(server) as wire:
        found = wire.ask("CONFIG", "GET", "set-max-listpack-*").items
        pairs = dict(zip((x.text for x in found[::2]), (x.text for x in found[1::2]), strict=True))
        assert pairs == {b"set-max-listpack-entries": b"0", b"set-max-listpack-value": b"64"}
        wire.ask("SADD", "words", "a")
        assert encoding(wire, "words") == "hashtable"


def test_encodings(server: Server) -> None:
    with Wire(server) as wire:
        allow(wire)
        assert wire.integer("SADD", "s", 1, 2, 3) == 3
        assert encoding(wire, "s") == "intset"
        assert wire.integer("SADD", "s", "x", "x", 2) == 1
        assert encoding(wire, "s") == "listpack"
        assert members(wire, "s") == {"1", "2", "3", "x"}
        assert wire.integer("SISMEMBER", "s", 2) == 1
        assert wire.integer("SISMEMBER", "s", "02") == 0
        assert wire.integer("SREM", "s", 2, "x", "y") == 2
        assert encoding(wire, "s") == "listpack"
        assert members(wire, "s") == {"1", "3"}
        assert wire.integer("SREM", "s", 1, 3) == 2
        assert wire.integer("EXISTS", "s") == 0


@pytest.mark.parametrize("first", ["a", "1"])
def test_too_many(server: Server, first: str) -> None:
    with Wire(server) as wire:
        allow(wire, entries=4)
        wire.ask("SADD", "s", first, "b", "c", "d")
        assert encoding(wire, "s") == "listpack"
        assert wire.integer("SADD", "s", "d") == 0
        assert encoding(wire, "s") == "listpack"
        assert wire.integer("SADD", "s", "e") == 1
        assert encoding(wire, "s") == "hashtable"
        assert members(wire, "s") == {first, "b", "c", "d", "e"}
        wire.ask("SREM", "s", "b", "c", "d")
        assert encoding(wire, "s") == "hashtable"
        wire.ask("SADD", "numbers", *range(10))
        assert encoding(wire, "numbers") == "intset"
        wire.ask("SADD", "numbers", "x")
        assert encoding(wire, "numbers") == "hashtable"


def test_too_long(server: Server) -> None:
    with Wire(server) as wire:
        allow(wire, value=5)
        wire.ask("SADD", "s", "12345", "abcde")
        assert encoding(wire, "s") == "listpack"
        wire.ask("SADD", "s", "abcdef")
        assert encoding(wire, "s") == "hashtable"
        wire.ask("SADD", "t", 1, 2, "abcdef")
        assert encoding(wire, "t") == "hashtable"
        assert members(wire, "t") == {"1", "2", "abcdef"}


def test_memory(server: Server) -> None:
    """Of 10,000 sets with ten members of four bytes each: about 100 bytes a set, in tables five times as many."""
    with Wire(server, timeout=60) as wire:
        allow(wire)
        assert wire.text("CONFIG", "SET", "maxmemory", "4mb") == "OK"
        words = [f"w{n:03}" for n in range(10)]
        assert not pipeline(wire, [("SADD", f"s{n:05}", *words) for n in range(10_000)])


@pytest.mark.parametrize("seed", range(3))
def test_like_a_set(server: Server, seed: int) -> None:
    rng = random.Random(seed)
    names = [*(str(n) for n in range(12)), *(f"w{n}" for n in range(12)), "", "x" * 70]
    with Wire(server) as wire:
        allow(wire, entries=10)
        models: dict[str, set[str]] = {"a": set(), "b": set()}
        for _ in range(1500):
            key, name = rng.choice("ab"), rng.choice(names)
            model = models[key]
            if rng.random() < 0.5:
                assert wire.integer("SADD", key, name) == (name not in model)
                model.add(name)
            else:
                assert wire.integer("SREM", key, name) == (name in model)
                model.discard(name)
            name = rng.choice(names)
            assert wire.integer("SISMEMBER", key, name) == (name in model)
            assert wire.integer("SCARD", key) == len(model)
            assert members(wire, key) == model
            for words, wanted in (
                ("SINTER", models["a"] & models["b"]),
                ("SUNION", models["a"] | models["b"]),
                ("SDIFF", models["a"] - models["b"]),
            ):
                assert {item.text.decode() for item in wire.ask(words, "a", "b").items} == wanted


def test_freed_and_overwritten(server: Server) -> None:
    with Wire(server) as wire:
        allow(wire)
        for remove in (("DEL", "s"), ("UNLINK", "s"), ("SET", "s", "text"), ("FLUSHALL", "ASYNC")):
            wire.ask("DEL", "s")
            wire.ask("SADD", "s", "a", "b")
            assert encoding(wire, "s") == "listpack"
            wire.ask(*remove)
            assert wire.ask("SMEMBERS", "s").text != b"a"
