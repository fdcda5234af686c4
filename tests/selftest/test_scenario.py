"""Scenario files are read, and what is wrong with one is said with its line."""

from __future__ import annotations

import pytest

from harness.matching import same
from harness.resp import Reply, decode_all
from harness.scenario import BadScenario, Step, Want, read_text
from harness.suite import load

HEAD = "# What it teaches.\n# level: core\n# book: 00-none, section\n"


def step(text: str) -> Step:
    return read_text(HEAD + "\n" + text).steps[0]


def test_header() -> None:
    text = "# One.\n# Two.\n#\n# level: more\n# book: b\n# flags: --a 'b c'\n# config: x 1\n# config: y 2\n# from: 05 why\n\n> PING\n"
    scenario = read_text(text, "02-keyspace/10-x.redis")
    assert scenario.prose == ["One.", "Two.", ""]
    assert (scenario.level, scenario.book, scenario.flags) == ("more", "b", ["--a", "b c"])
    assert (scenario.config, scenario.stage, scenario.first_stage) == (["x 1", "y 2"], 2, 5)
    assert scenario.name == "02-keyspace/10-x.redis"


def test_steps() -> None:
    body = "> PING\nPONG\nalice> GET a\n@unordered\n(nil)\nalice<\n(no reply)\n~ 0.1s\nraw> PI\\r\n+X\\r\\n\n(closed)\n! stop\n(exit code 0)\nalice> (close)\n"
    steps = read_text(HEAD + "\n" + body).steps
    kinds = [s.kind for s in steps]
    assert kinds == ["command", "command", "receive", "pause", "raw", "server", "action"]
    assert steps[0].want() == Want(replies=[Reply("simple", b"PONG")])
    assert steps[1].annotation("unordered") == [""]
    assert steps[2].want() == Want()
    assert steps[4].want() == Want(data=b"+X\r\n", closed=True)
    assert [s.source for s in steps] == ["> PING", "alice> GET a", "alice<", "~ 0.1s", "raw> PI\\r", "! stop", "alice> (close)"]


def test_comments_end_a_reply() -> None:
    steps = read_text(HEAD + "\n> PING\nPONG\n# and now\n> PING\n\n> PING\nPONG\n").steps
    assert [s.reply_lines for s in steps] == [["PONG"], [], ["PONG"]]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("# level: core\n# book: b\n\n> PING\n", "header must say"),
        (HEAD + "# levle: core\n\n> PING\n", "unknown directive levle"),
        ("# a\n# level: hard\n# book: b\n", "core or more"),
        (HEAD + "\nPONG\n", ":5: a reply to nothing"),
        (HEAD + "\n> PING\n@about 5\nPONG\n", "unknown annotation @about"),
        (HEAD + "\n> PING\n(integer) x\n", "no integer"),
        (HEAD + '\n> ECHO "a\n', "never closed"),
        (HEAD + "\n> KEYS *\n@like (\n", "unterminated|missing"),
        (HEAD + "\n! dance\n", "a server is told"),
    ],
)
def test_what_is_wrong_is_said(text: str, why: str) -> None:
    with pytest.raises(BadScenario, match=why):
        read_text(text)


def matches(text: str, wire: bytes) -> bool:
    one = step(text)
    return same(one, one.want().replies, decode_all(wire)[0])


def test_annotations() -> None:
    keys = '> KEYS *\n@unordered\n1) "a"\n2) "b"\n'
    assert matches(keys, b"*2\r\n$1\r\nb\r\n$1\r\na\r\n")
    assert not matches(keys, b"*2\r\n$1\r\nb\r\n$1\r\nb\r\n")
    assert not matches(keys.replace("@unordered\n", ""), b"*2\r\n$1\r\nb\r\n$1\r\na\r\n")
    within = "> TTL k\n@within 5\n(integer) 100\n"
    assert matches(within, b":95\r\n")
    assert not matches(within, b":94\r\n")
    assert not matches(within, b"$2\r\n95\r\n")
    vary = '> CLIENT INFO\n@vary (?<==)[0-9]+\n"id=3 name=x fd=8"\n'
    assert matches(vary, b"$16\r\nid=4 name=x fd=9\r\n"[:0] + b"$16\r\nid=4 name=x fd=9\r\n")
    assert not matches(vary, b"$16\r\nid=4 name=y fd=9\r\n")
    like = '> RANDOMKEY\n@like "[ab]"\n"a"\n'
    assert matches(like, b"$1\r\nb\r\n")
    assert not matches(like, b"$1\r\nc\r\n")
    assert not matches(like, b"+\"b\"\r\n")


def test_the_scenarios_can_be_read() -> None:
    scenarios = load()
    assert len({s.name for s in scenarios}) == len(scenarios)
    for scenario in scenarios:
        assert scenario.steps, scenario.name
        for one in scenario.steps:
            assert one.recorded, f"{scenario.name}:{one.line}: not recorded: {one.source}"
