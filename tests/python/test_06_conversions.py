"""Sorted sets against a model of their rules: order, ranks and ranges, and which encoding they have got."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from harness.load import pipeline
from harness.server import Server
from harness.wire import Wire

pytestmark = pytest.mark.since(6)
NAMES = ["", "a", "b", "A", "ab", "1", "-1", "007", "x" * 3, "x" * 4, "x" * 5, "127", "128", "-4097", "1" * 18]
SCORES = [0.0, 1.0, 2.0, -1.0, 1.5, 127.0, 128.0, -4097.0, 1e17, -(2.0**53), 0.1, 3e-5]


def texts(wire: Wire, *words: str | int) -> list[str]:
    return [item.text.decode() for item in wire.ask(*words).items]


def in_order(model: dict[str, float]) -> list[str]:
    return sorted(model, key=lambda name: (model[name], name.encode()))


def check(wire: Wire, model: dict[str, float], packed: bool, rng: random.Random) -> None:
    """Everything that can be asked about k, each from the model, too."""
    names = in_order(model)
    assert texts(wire, "ZRANGE", "k", 0, -1) == names
    assert texts(wire, "ZRANGE", "k", 0, -1, "REV") == names[::-1], "the way back is another"
    assert wire.integer("ZCARD", "k") == len(names)
    if not names:
        assert wire.integer("EXISTS", "k") == 0
        return
    assert wire.text("OBJECT", "ENCODING", "k") == ("listpack" if packed else "skiplist")
    rank = rng.randrange(len(names))
    assert wire.integer("ZRANK", "k", names[rank]) == rank
    assert wire.integer("ZREVRANK", "k", names[rank]) == len(names) - 1 - rank
    assert texts(wire, "ZRANGE", "k", rank, rank + 2) == names[rank : rank + 3]
    assert float(wire.ask("ZSCORE", "k", names[rank]).text) == model[names[rank]]
    low, high = sorted((rng.choice(SCORES), rng.choice(SCORES)))
    wanted = [name for name in names if low <= model[name] < high]
    assert texts(wire, "ZRANGE", "k", repr(low), f"({high!r}", "BYSCORE") == wanted
    assert texts(wire, "ZRANGE", "k", f"({high!r}", repr(low), "BYSCORE", "REV") == wanted[::-1]
    assert texts(wire, "ZRANGE", "k", repr(low), f"({high!r}", "BYSCORE", "LIMIT", "1", "2") == wanted[1:3]


@pytest.mark.parametrize(("entries", "longest"), [(128, 64), (5, 4), (3, 64), (0, 4)])
def test_sorted_set(server: Server, entries: int, longest: int) -> None:
    rng = random.Random(6)
    model: dict[str, float] = {}
    packed = True
    with Wire(server) as wire:
        limits = ("zset-max-listpack-entries", str(entries), "zset-max-listpack-value", str(longest))
        assert wire.text("CONFIG", "SET", *limits) == "OK"
        for _ in range(400):
            name, score = rng.choice(NAMES), rng.choice(SCORES)
            way = rng.random()
            if way < 0.5 or not model:
                packed = packed if model else True
                is_new = name not in model
                assert wire.integer("ZADD", "k", repr(score), name) == is_new
                model[name] = score
                packed = packed and (not is_new or (len(name) <= longest and len(model) <= entries))
            elif way < 0.7:
                name = rng.choice(list(model))
                model[name] += 1
                assert float(wire.ask("ZINCRBY", "k", 1, name).text) == model[name]
            else:
                assert wire.integer("ZREM", "k", name) == (model.pop(name, None) is not None)
            check(wire, model, packed, rng)


def test_a_long_skip_list(server: Server) -> None:
    """Thousands of members that come, move and go: each rank is right, and so is the way back."""
    rng = random.Random(6)
    model: dict[str, float] = {}
    with Wire(server, timeout=30) as wire:
        for turn in range(6):
            changes: list[tuple[str, ...]] = []
            for _ in range(1500):
                name = f"m{rng.randrange(2500)}"
                if rng.random() < 0.75 or name not in model:
                    model[name] = float(rng.randrange(500))
                    changes.append(("ZADD", "k", str(int(model[name])), name))
                else:
                    del model[name]
                    changes.append(("ZREM", "k", name))
            assert not pipeline(wire, changes)
            names = in_order(model)
            assert texts(wire, "ZRANGE", "k", 0, -1) == names, f"turn {turn}"
            assert texts(wire, "ZRANGE", "k", 0, -1, "REV") == names[::-1]
            for rank in (0, 1, len(names) // 2, len(names) - 1, *(rng.randrange(len(names)) for _ in range(300))):
                assert wire.integer("ZRANK", "k", names[rank]) == rank
                assert texts(wire, "ZRANGE", "k", rank, rank + 1) == names[rank : rank + 2]
                assert wire.integer("ZREVRANK", "k", names[rank]) == len(names) - 1 - rank


@pytest.mark.more
@pytest.mark.parametrize("entries", [128, 0])
def test_removed_ranges(server: Server, entries: int) -> None:
    """Runs of members go at once, and all others keep their ranks."""
    rng = random.Random(6)
    with Wire(server) as wire:
        assert wire.text("CONFIG", "SET", "zset-max-listpack-entries", str(entries)) == "OK"
        for _ in range(60):
            model = {f"m{i}": float(rng.randrange(40)) for i in range(rng.randrange(1, 120))}
            wire.ask("ZADD", "k", *(word for name, score in model.items() for word in (repr(score), name)))
            names = in_order(model)
            while names:
                first = rng.randrange(len(names))
                last = rng.randrange(first, len(names))
                gone = names[first : last + 1]
                way = rng.randrange(3)
                if way == 0:
                    assert wire.integer("ZREMRANGEBYRANK", "k", first, last) == len(gone)
                elif way == 1:
                    low, high = model[gone[0]], model[gone[-1]]
                    gone = [name for name in names if low <= model[name] <= high]
                    assert wire.integer("ZREMRANGEBYSCORE", "k", repr(low), repr(high)) == len(gone)
                else:
                    gone = names[: len(gone)]
                    assert texts(wire, "ZPOPMIN", "k", len(gone))[::2] == gone
                names = [name for name in names if name not in gone]
                assert texts(wire, "ZRANGE", "k", 0, -1) == names
                assert texts(wire, "ZRANGE", "k", 0, -1, "REV") == names[::-1]
                if names:
                    rank = rng.randrange(len(names))
                    assert wire.integer("ZRANK", "k", names[rank]) == rank


@pytest.mark.more
def test_algebra(server: Server) -> None:
    """Sorted sets and sets of all sizes, packed and not, some missing, some given twice."""
    rng = random.Random(6)
    with Wire(server) as wire:
        inputs: list[dict[str, float]] = []
        for i in range(8):
            names = [str(n) for n in range(60)] + [f"w{n}" for n in range(100 if i % 2 else 0)]
            chosen = rng.sample(names, rng.choice((0, 1, 5, 30, 60)))
            scores = {name: float(1 if i > 5 else rng.randrange(-9, 9)) for name in chosen}
            inputs.append(scores)
            if scores and i > 5:
                wire.ask("SADD", f"k{i}", *scores)
            elif scores:
                wire.ask("ZADD", f"k{i}", *(word for name, score in scores.items() for word in (repr(score), name)))
        for _ in range(300):
            chosen_keys = [rng.randrange(8) for _ in range(rng.randrange(1, 5))]
            weights = [float(rng.randrange(-3, 4)) for _ in chosen_keys]
            how = rng.choice(["SUM", "MIN", "MAX"])
            words: list[str | int] = [len(chosen_keys), *(f"k{i}" for i in chosen_keys)]
            weighed = [*words, "WEIGHTS", *map(repr, weights), "AGGREGATE", how]
            terms: dict[str, list[float]] = {}
            for i, weight in zip(chosen_keys, weights, strict=True):
                for name, score in inputs[i].items():
                    terms.setdefault(name, []).append(score * weight)
            folds: dict[str, Callable[[list[float]], float]] = {"SUM": sum, "MIN": min, "MAX": max}
            union = {name: float(folds[how](values)) for name, values in terms.items()}
            inter = {name: score for name, score in union.items() if len(terms[name]) == len(chosen_keys)}
            first = inputs[chosen_keys[0]]
            diff = {name: score for name, score in first.items() if not any(name in inputs[i] for i in chosen_keys[1:])}
            for command, arguments, wanted in (("ZUNION", weighed, union), ("ZINTER", weighed, inter), ("ZDIFF", words, diff)):
                found = texts(wire, command, *arguments, "WITHSCORES")
                assert found[::2] == in_order(wanted), f"{command} {arguments}"
                assert [float(text) for text in found[1::2]] == [wanted[name] for name in found[::2]]
            assert wire.integer("ZINTERCARD", *words) == len(inter)
