"""Hashes and sets against a model of their rules: what they hold, and which encoding they have got."""

from __future__ import annotations

import random

import pytest

from harness.server import Server
from harness.wire import Wire

pytestmark = pytest.mark.since(5)
INT64 = 2**63
NAMES = ["", "a", "b", "1", "-1", "007", "x" * 3, "x" * 4, "x" * 5, "127", "128", "-4097", "1" * 18]
NUMBERS = [0, 1, -1, 2, 3, 2**15 - 1, 2**15, -(2**15), -(2**15) - 1, 2**31 - 1, 2**31, -(2**31) - 1, INT64 - 1, -INT64]


def texts(wire: Wire, *words: str) -> list[str]:
    return [item.text.decode() for item in wire.ask(*words).items]


def is_integer(text: str) -> bool:
    """Whether it is the one spelling of an int64."""
    try:
        return str(int(text)) == text and -INT64 <= int(text) < INT64
    except ValueError:
        return False


@pytest.mark.parametrize(("entries", "longest"), [(512, 64), (5, 4), (3, 64), (0, 4)])
def test_hash(server: Server, entries: int, longest: int) -> None:
    rng = random.Random(5)
    model: dict[str, str] = {}
    packed = True
    with Wire(server) as wire:
        limits = ("hash-max-listpack-entries", str(entries), "hash-max-listpack-value", str(longest))
        assert wire.text("CONFIG", "SET", *limits) == "OK"
        for _ in range(500):
            name, value = rng.choice(NAMES), rng.choice(NAMES)
            if rng.random() < 0.6:
                packed = packed if model else True
                assert wire.integer("HSET", "k", name, value) == (name not in model)
                model[name] = value
                packed = packed and max(len(name), len(value)) <= longest and len(model) <= entries
            else:
                assert wire.integer("HDEL", "k", name) == (model.pop(name, None) is not None)
            name = rng.choice(NAMES)
            found = wire.ask("HGET", "k", name)
            assert (found.text.decode() if found.kind == "bulk" else None) == model.get(name)
            assert wire.integer("HLEN", "k") == len(model)
            items = texts(wire, "HGETALL", "k")
            pairs = list(zip(items[::2], items[1::2], strict=True))
            assert (pairs if packed else sorted(pairs)) == (list(model.items()) if packed else sorted(model.items()))
            if model:
                assert wire.text("OBJECT", "ENCODING", "k") == ("listpack" if packed else "hashtable")
            else:
                assert wire.integer("EXISTS", "k") == 0


@pytest.mark.parametrize("entries", [512, 8, 3, 0])
@pytest.mark.parametrize("others", [0.0, 0.02])
def test_set(server: Server, entries: int, others: float) -> None:
    rng = random.Random(5)
    model: set[str] = set()
    integers = True
    with Wire(server) as wire:
        assert wire.text("CONFIG", "SET", "set-max-intset-entries", str(entries)) == "OK"
        for _ in range(500):
            member = rng.choice(NAMES) if rng.random() < others else str(rng.choice(NUMBERS))
            if rng.random() < 0.6:
                integers = integers if model else True
                assert wire.integer("SADD", "k", member) == (member not in model)
                integers = integers and is_integer(member) and (member in model or len(model) < entries)
                model.add(member)
            else:
                assert wire.integer("SREM", "k", member) == (member in model)
                model.discard(member)
            member = str(rng.choice(NUMBERS))
            assert wire.integer("SISMEMBER", "k", member) == (member in model)
            assert wire.integer("SCARD", "k") == len(model)
            members = texts(wire, "SMEMBERS", "k")
            assert members == sorted(model, key=int) if integers else sorted(members) == sorted(model)
            if model:
                assert wire.text("OBJECT", "ENCODING", "k") == ("intset" if integers else "hashtable")
            else:
                assert wire.integer("EXISTS", "k") == 0


def test_algebra(server: Server) -> None:
    """Sets of all sizes, packed and not, some missing, some given twice."""
    rng = random.Random(5)
    with Wire(server) as wire:
        sets: list[set[str]] = []
        for i in range(8):
            names = [str(n) for n in range(60)] + ([f"w{n}" for n in range(40)] if i % 2 else [])
            sets.append(set(rng.sample(names, rng.choice((0, 1, 5, 30, 60)))))
            if sets[i]:
                wire.ask("SADD", f"s{i}", *sorted(sets[i]))
        for _ in range(300):
            chosen = [rng.randrange(8) for _ in range(rng.randrange(1, 6))]
            keys = [f"s{i}" for i in chosen]
            first, *rest = (sets[i] for i in chosen)
            for name, wanted in (
                ("SINTER", first.intersection(*rest)),
                ("SUNION", first.union(*rest)),
                ("SDIFF", first.difference(*rest)),
            ):
                found = texts(wire, name, *keys)
                assert sorted(found) == sorted(wanted), f"{name} {keys}"
