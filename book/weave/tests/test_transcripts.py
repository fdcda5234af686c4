"""Transcripts are run, and what differs is told with its line."""

from __future__ import annotations

from pathlib import Path

import pytest
from course import Course, fence
from harness.server import real_command
from weave import console, record, transcripts
from weave.transcripts import Finding, Run, groups


def findings(course: Course, text: str) -> list[Finding]:
    """What the real server does otherwise."""
    chapter = course.chapter(f"# x\n\n{text}")
    return [f for group in groups(chapter.transcripts) for f in Run(chapter, group, real_command()).play()]


def told(course: Course, text: str) -> list[str]:
    chapter = course.chapter(f"# x\n\n{text}")
    return [str(transcripts.problem(chapter, f)) for f in findings(course, text)]


@pytest.mark.parametrize(
    "text",
    [
        fence("redis", "> SET k 1\nOK\n> INCR k\n(integer) 2\n"),
        fence("redis", "raw> PING\\r\\n\n+PONG\\r\\n\n"),
        fence("redis", "> SET k 1\nOK\n") + fence("redis continue", "> GET k\n\"1\"\n"),
        fence("redis", "> SET k 1\nOK\n") + fence("redis", "> GET k\n(nil)\n"),
        fence("redis", "> SET k 1\nOK\n") + fence("console continue", "$ redis-cli GET k\n\"1\"\n"),
        fence('redis flags="--maxclients 7"', "> CONFIG GET maxclients\n1) \"maxclients\"\n2) \"7\"\n"),
        fence("console", "$ redis-cli PING\nPONG\n$ redis-cli INCR n\n(integer) 1\n"),
        fence("console", "$ redis-cli -p 6379 INCR n | cat\n1\n"),
        fence("console", "$ redis-cli CONFIG GET port\n1) \"port\"\n2) \"6379\"\n"),
        fence("console", "$ x=5\n$ echo $x\n5\n"),
        fence("console", "$ printf 'PING\\r\\n' \\\n    | nc -q1 127.0.0.1 6379\n+PONG\n"),
        fence("console", "$ seq 9\n1\n...\n9\n$ echo a-b-c\na[...]c\n"),
        fence("console", "$ sleep 99 &\n$ echo on\non\n"),
        fence("console", "$ echo oops >&2\noops\n"),
    ],
)
def test_what_goes_as_written(course: Course, text: str) -> None:
    assert told(course, text) == []


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        (fence("redis", "> SET k 1\nOK\n> INCR k\n(integer) 3\n"), 6, "(integer) 3 stands here, (integer) 2 came"),
        (fence("redis", "> PING\n\"PONG\"\n"), 4, '"PONG" stands here, PONG came'),
        (fence("redis", "> PING\n"), 4, "nothing stands here, PONG came"),
        (fence("redis", "PONG\n"), 4, "a reply to nothing"),
        (fence("redis", "> PING\nPONG\n> SET \"x\n"), 6, "cannot be read"),
        (fence("redis", "> PING\nPONG\nPONG\n"), 4, "came"),
        (fence('redis flags="--no-such x"', "> PING\nPONG\n"), 4, "the server did not start"),
        (fence("console", "$ redis-cli PING\nPONK\n"), 4, "`PONK` stands here, `PONG` came"),
        (fence("console", "$ redis-cli PING\n"), 4, "`(no more lines)` stands here, `PONG` came"),
        (fence("console", "$ true\n$ seq 3\n1\n2\n3\n4\n"), 5, "`4` stands here, `(no more lines)` came"),
        (fence("console", "$ seq 9\n1\n...\n8\n"), 4, "came"),
        (fence("console", "$ exit\n$ echo 1\n1\n"), 4, "the shell ended here"),
        (fence("console", "PONG\n"), 4, "begins with a command"),
    ],
)
def test_what_differs(course: Course, text: str, line: int, why: str) -> None:
    found = told(course, text)
    assert len(found) == 1, found
    assert found[0].startswith(f"book/01-one.md:{line}: on redis-server: ")
    assert why in found[0]


def test_every_step_that_differs_is_told(course: Course) -> None:
    body = "> PING\nPONK\n> ECHO a\n\"a\"\n> ECHO b\n\"c\"\n"
    assert len(told(course, fence("redis", body))) == 2


def test_a_command_that_hangs(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transcripts, "SERVER_SECONDS", 0.3)
    found = told(course, fence("console", "$ echo a\na\n$ sleep 60\n$ echo b\nb\n"))
    assert len(found) == 1
    assert ":6: on redis-server: $ sleep 60: it did not end within" in found[0]


def test_which_servers_a_fence_is_for(course: Course) -> None:
    text = fence("redis", "> PING\nPONG\n") + fence("redis stage whole", "> PING\nPONG\n")
    text += fence("console shell", "$ true\n") + fence("console not-run", "$ true\n")
    chapter = course.chapter(f"# x\n\n{text}")
    found = groups(chapter.transcripts)
    labels = [[c.label for c in transcripts.targets(chapter, group)] for group in found]
    assert [len(group) for group in labels] == [2, 1]
    assert [group[-1] == "redis-server" for group in labels] == [True, False]
    programs = [transcripts.targets(chapter, group)[0].words[0] for group in found]
    assert ["/build-core/" in program for program in programs] == [True, False]


def test_which_builds_a_chapter_needs(course: Course) -> None:
    text = fence("redis", "> PING\nPONG\n") + fence("redis whole", "> PING\nPONG\n")
    text += fence("console shell", "$ build/try-list 1\n") + fence("console not-run", "$ build/01-one/server\n")
    text += fence("console stage", "$ build/01-one/server --help\n")
    chapter = course.chapter(f"# x\n\n{text}")
    needed = [transcripts.builds_of(chapter, transcript) for transcript in chapter.transcripts]
    assert needed == [{False}, {True}, set(), set(), {False, True}]


def test_a_shell_without_a_server_stands_at_the_root(course: Course) -> None:
    chapter = course.chapter("# x\n\n" + fence("console shell", "$ ls stages\n00-zero\n01-one\ncore.c\nstage.mk\n"))
    assert transcripts.run_shells(chapter) == []
    assert transcripts.run_shells(course.chapter(course.text.replace("01-one", "02-two"))) != []


def test_lines_of_an_output() -> None:
    assert console.matches(["a", "...", "z"], ["a", "z"])
    assert console.matches(["a", "...", "z"], ["a", "b", "c", "z"])
    assert not console.matches(["a", "...", "z"], ["a", "b"])
    assert console.matches(["(1.5[...] s)"], ["(1.52 s)"])
    assert not console.matches(["a.c"], ["abc"])
    assert console.first_difference(["a", "...", "y"], ["a", "b"])[0] == "y"
    assert console.first_difference(["a", "b", "c"], ["a", "x", "c"]) == ("b", "x")


def test_recording_writes_what_came(course: Course) -> None:
    text = fence("redis", "> SET k 1\n> INCR k\n(integer) 9\n> APPEND k x\n@within 1\n(integer) 7\n")
    text += "\nwords\n\n" + fence("console", "$ redis-cli PING\n$ seq 2\n1\n")
    found = findings(course, text)
    assert record.rewrite(course.load(), found) == 5
    want = fence("redis", "> SET k 1\nOK\n> INCR k\n(integer) 2\n> APPEND k x\n@within 1\n(integer) 2\n")
    want += "\nwords\n\n" + fence("console", "$ redis-cli PING\nPONG\n$ seq 2\n1\n2\n")
    assert course.text == f"# x\n\n{want}"
    assert told(course, want) == []


def test_the_shell_does_not_inherit_who_called_it(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STAGE", "02")
    shell = console.Shell(Path("/"), None, 5)
    assert shell.run([console.Command('echo "<$STAGE>"', 0, 1)]) == [["<>"]]


def test_long_lines_are_shown_where_they_differ() -> None:
    wanted, came = "x=[...] " + "a" * 90 + " n=1 tail", "x=777 " + "a" * 90 + " n=2 tail"
    expected, got = console.differing(wanted, came)
    assert expected == "…" + "a" * 17 + " n=1 tail"
    assert got == "…" + "a" * 17 + " n=2 tail"


def test_what_is_recorded_keeps_what_was_right() -> None:
    assert console.merged(["a[...]", "b"], ["a1", "c", "d"]) == ["a[...]", "c", "d"]
    assert console.merged(["a"], []) == []
    assert console.merged(["...", "a"], ["b"]) is None
