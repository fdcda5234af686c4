"""The fuzzer's parts, without servers."""

from __future__ import annotations

import pytest

from fuzz import reader, wire
from fuzz.compare import agree, near, unordered
from fuzz.families import FAMILIES
from fuzz.generate import Generator, Plan, Step
from fuzz.grammar import Row
from fuzz.play import Difference
from fuzz.shrink import Shrinker


@pytest.mark.parametrize("stage", range(4))
def test_a_seed_always_makes_the_same_plan(stage: int) -> None:
    generator = Generator(stage, FAMILIES, [b"hz"])
    first, again = (generator.sequence(7, 50) for _ in range(2))
    assert [s.row for s in first.steps] == [s.row for s in again.steps]
    assert len(first.steps) == 50


def test_a_stage_hears_only_what_it_knows() -> None:
    generator = Generator(0, FAMILIES)
    plans = [generator.sequence(seed, 50) for seed in range(50)]
    words = {s.argv[0] for plan in plans for s in plan.steps}
    assert b"PING" in words
    assert not words & {b"SET", b"CLIENT", b"EXPIRE"}


@pytest.mark.parametrize(("raw", "text"), [
    (b"+OK\r\n", "OK"),
    (b":-2\r\n", "(integer) -2"),
    (b"$-1\r\n", "(nil)"),
    (b"$3\r\na\"\xff\r\n", '"a\\"\\xff"'),
    (b"-ERR no\r\n", "(error) ERR no"),
    (b"*2\r\n:1\r\n*1\r\n$1\r\nx\r\n", '1) (integer) 1\n2) 1) "x"'),
    (b"%1\r\n$1\r\na\r\n:1\r\n", '1# "a" => (integer) 1'),
])
def test_replies_read_as_redis_cli_prints_them(raw: bytes, text: str) -> None:
    assert wire.notation(raw) == text


@pytest.mark.parametrize("raw", [
    b"+OK\r\n", b"*2\r\n$1\r\na\r\n*0\r\n", b"%1\r\n+a\r\n#t\r\n",
    b"$-1\r\n", b"*-1\r\n", b"=5\r\ntxt:a\r\n",
])
def test_a_reply_ends_where_it_ends(raw: bytes) -> None:
    assert wire.frame(raw + b"+next\r\n") == len(raw)
    assert all(wire.frame(raw[:n]) == -1 for n in range(len(raw)))


def test_what_is_no_reply_is_malformed() -> None:
    with pytest.raises(wire.Malformed):
        wire.frame(b"hello\r\n")


def test_comparisons_forgive_no_error() -> None:
    two = (b"*2\r\n:1\r\n:2\r\n", b"*2\r\n:2\r\n:1\r\n")
    assert agree(unordered, *two)
    assert not agree(unordered, two[0], b"*2\r\n:2\r\n:2\r\n")
    assert agree(near(3), b":100\r\n", b":98\r\n")
    assert not agree(near(3), b":-1\r\n", b":0\r\n")
    assert not agree(near(3), b"-ERR a\r\n", b"-ERR b\r\n")


def test_the_shrinker_keeps_what_matters() -> None:
    row = Row("")

    def attempt(plan: Plan) -> Difference | None:
        words = [[a for a in step.argv if isinstance(a, bytes)]
                 for step in plan.steps]
        for at, argv in enumerate(words):
            if argv[:1] == [b"GET"] and any(
                    w[0] == b"SET" and len(b"".join(w[1:2])) > 2 for w in words[:at]):
                steps = plan.steps[:at + 1]
                return Difference(Plan(steps), b"+a\r\n", b"+b\r\n")
        return None

    noise = tuple(Step((b"PING", b"x"), row) for _ in range(40))
    plan = Plan((*noise, Step((b"SET", b"abcdefgh", b"value"), row), *noise,
                 Step((b"GET", b"key"), row)), protocol=3)
    found = attempt(plan)
    assert found is not None
    small = Shrinker(attempt, found).run()
    assert [s.argv[0] for s in small.plan.steps] == [b"SET", b"GET"]
    first = small.plan.steps[0].argv[1]
    assert isinstance(first, bytes) and len(first) == 3


def test_a_stream_is_cut_but_whole() -> None:
    generator = Generator(3, FAMILIES)
    streams = [reader.stream(generator, seed) for seed in range(50)]
    again = [reader.stream(generator, seed) for seed in range(50)]
    assert streams == again
    assert any(len(s.pieces) > 1 for s in streams)
