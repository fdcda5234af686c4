"""The fuzzer's parts, without servers."""

from __future__ import annotations

import pytest

from fuzz import reader, wire
from fuzz.compare import agree, near, unordered
from fuzz.counts import Counts
from fuzz.families import FAMILIES
from fuzz.generate import Generator, Plan, Step
from fuzz.grammar import Row
from fuzz.lesson import in_lesson, named
from fuzz.play import Difference
from fuzz.shrink import Shrinker
from fuzz.walks import frames
from harness.lesson import Commands


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


LESSON = Commands(
    frozenset({"ping", "set", "get", "dbsize", "config", "config|get",
               "config|set", "object", "object|encoding"}),
    frozenset({"lcs", "object|freq", "config|rewrite", "client|pause",
               "client", "monitor"}))


@pytest.mark.parametrize(("grammar", "core"), [
    ("SET <key> <value> (NX|XX)*", True),
    ("LCS <key> <key>", False),
    ("(GET|LCS) <key>", False),
    ("CLIENT PAUSE 5 ; GET <key>", False),
    ("GET <key> ; CLIENT PAUSE 5", False),
    ("OBJECT ENCODING <key>", True),
    ("OBJECT (ENCODING|FREQ)", False),
    ("OBJECT <odd> <key>", True),
    ("CONFIG HELP", False),
    ("CONFIG", True),
    ("<unknown> <value>", True),
])
def test_a_core_build_is_asked_what_its_lesson_answers(grammar: str,
                                                       core: bool) -> None:
    assert in_lesson(Row(grammar), LESSON) is core


def test_rows_that_only_the_whole_build_answers() -> None:
    assert not in_lesson(Row("GET <key>", walk="monitor"), LESSON)
    assert not in_lesson(Row("PING <value>", more=True), LESSON)


def test_a_core_generator_says_core_commands_only() -> None:
    """It also resets a server with these alone, and lets expired keys go
    before it counts the others: it can't stop their expiry."""
    whole = Generator(3, FAMILIES)
    core = Generator(3, FAMILIES, core=LESSON)
    assert set(core.names()) == {*whole.names()} - named_more() - {b"AUTH",
                                                                   b"ACL"}
    assert b"SETNAME" not in core.words
    plans = [core.sequence(seed, 50) for seed in range(50)]
    sent = {s.argv[0] for plan in plans for s in plan.steps}
    assert b"SET" in sent
    assert not sent & {b"LCS", b"CLIENT", b"MONITOR"}
    assert {s.row.walk for plan in plans for s in plan.steps
            if s.argv[0] == b"DBSIZE"} == {"swept"}
    assert "CLIENT UNPAUSE" in whole.resets()
    assert "CLIENT UNPAUSE" not in core.resets()
    assert "CONFIG SET maxmemory 0" in core.resets()


def named_more() -> set[bytes]:
    """The commands that LESSON does not have."""
    return {name.upper().encode() for name in LESSON.more}


def test_counts_of_commands_options_and_errors() -> None:
    counts = Generator(3, FAMILIES).counts(
        sorted(LESSON.lesson | LESSON.more))
    for argv in ((b"set", b"k", b"v", b"nx", b"GET"), (b"SET", b"k", b"v"),
                 (b"OBJECT", b"encoding", b"k"), (b"OBJECT", b"bad", b"k"),
                 (b"nosuch",)):
        counts.command(argv)
    counts.reply(b"-ERR unknown command 'x', with args beginning with: \r\n")
    counts.reply(b"-ERR unknown command 'yy', with args beginning with: 'a'"
                 b"\r\n")
    counts.reply(b"+OK\r\n")
    assert counts.commands == {b"SET": 2, b"OBJECT ENCODING": 1,
                               b"OBJECT": 1, b"(unknown)": 1}
    assert counts.given == {(b"SET", b"NX"): 1, (b"SET", b"GET"): 1}
    assert counts.errors == {b"ERR unknown command #, #": 2}
    assert b"EXPIRE" not in counts.options[b"PEXPIRE"]
    assert {b"NX", b"GT"} <= counts.options[b"PEXPIRE"]
    table = counts.table(600)
    assert "SET XX (0)" in table and "SET NX (1)" in table


def test_what_runs_often_enough_is_not_rare() -> None:
    counts = Generator(0, FAMILIES).counts(["ping"])
    counts.commands.update({name: 999 for name in counts.options})
    counts.given[b"HELLO", b"SETNAME"] = 500
    assert "PING (999)" in counts.rare(600)
    assert counts.rare(300) == []
    assert counts.table(300).endswith("runs 1,000 times or more.")


def test_a_long_line_may_be_refused_by_one_server_alone() -> None:
    refused = b"+PONG\r\n" + reader.TOO_LONG
    taken = b"+PONG\r\n-ERR unknown command 'w'\r\n:1\r\n"
    assert reader.agree_before_long_line(taken, refused)
    assert reader.agree_before_long_line(refused, taken)
    assert not reader.agree_before_long_line(taken, b"+OK\r\n" + reader.TOO_LONG)
    assert not reader.agree_before_long_line(taken, b"+PONG\r\n")


def test_only_a_core_build_may_have_the_short_output_limit() -> None:
    def reply(value: bytes) -> bytes:
        return wire.request([b"client-output-buffer-limit", value])

    real = reply(b"normal 0 0 0 slave 268435456 67108864 60 pubsub 1 1 60")
    short, wrong = reply(b"normal 0 0 0"), reply(b"normal 1 0 0")
    family = next(f for f in FAMILIES if f.name == "configuration")
    whole, core = family.compare["config"], family.core_compare["config"]
    assert whole(real, real) and not whole(real, short)
    assert core(real, short) and not core(real, wrong)


def test_what_a_crowd_says_is_counted() -> None:
    grammar = "@ann BLPOP <key> 0 ; @ann ; (RPUSH|LPUSH) <key> a"
    assert [name for name, _ in named(grammar)] == ["blpop", "rpush", "lpush"]
    counts = Counts(options={b"BLPOP": frozenset()})
    counts.command((b"@ann", b"blpop", b"k", b"0"))
    counts.command((b"@ann",))
    assert counts.commands == {b"BLPOP": 1}
    told = (b"@", b"-ERR own\r\n", b"@ann", b"-WRONGTYPE x\r\n", b":1\r\n")
    counts.reply(wire.request(told), several=True)
    assert list(counts.errors) == [b"WRONGTYPE x"]


def test_what_reached_a_member_is_cut_into_replies() -> None:
    assert frames(b"+OK\r\n*1\r\n:1\r\n$-1\r\n") == [b"+OK\r\n", b"*1\r\n:1\r\n", b"$-1\r\n"]
    assert frames(b"+OK\r\n$5\r\nab") == [b"+OK\r\n", b"$5\r\nab"]
