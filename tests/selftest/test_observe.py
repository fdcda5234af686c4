"""Transcripts of effects are read, played and recorded; what differs is said."""

from __future__ import annotations

import os
import re
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from harness import observe
from harness.effects import Effect, Moment, effect_text, faults, read_transcript_text, same_effect, same_effects
from harness.resp import Malformed, encode_command
from harness.scenario import BadScenario, Scenario, Step
from harness.server import ServerCommand
from harness.quoting import split_args
from harness.stages import ROOT, TESTS, Stage, all_stages

HEAD = "# What it teaches.\n#\n# level: core\n\n"
WRITE = re.compile(r'\.name = "([^"]+)",[^{}]*\.flags = [^{}]*\bCMD_WRITE\b')
FAKE = Path(__file__).parent / "fakes" / "propagating_server.py"
MOMENT = Moment(1_700_000_000_000, 1_700_000_000_004)


def transcript(text: str) -> Scenario:
    return read_transcript_text(HEAD + text)


def fake(*flags: str) -> ServerCommand:
    return ServerCommand("a fake", (sys.executable, str(FAKE), "--port", "{port}", *flags))


@pytest.fixture(autouse=True)
def import_from_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(TESTS), os.environ.get("PYTHONPATH", "")]))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("> SET a 1\n(nothing)\nSET a 1\n", "stands alone"),
        ("> SET a 1\nSET  a 1\n", "no effect"),
        ('> SET a 1\nSET "a\n', "no effect"),
        ("> SET a 1\n@vary x\nSET a 1\n", "@vary is not for effects"),
        ("raw> PING\\r\\n\n", "has no raw step"),
        ("alice> (close)\nSET a 1\n", "below a command"),
    ],
)
def test_what_is_wrong_with_a_transcript_is_said(text: str, why: str) -> None:
    with pytest.raises(BadScenario, match=why):
        transcript(text)


def test_a_transcript_that_proves_nothing_is_found() -> None:
    assert "no step has an effect" in faults(transcript("> GET a\n(nothing)\n"))[0]
    assert "not recorded: > GET a" in faults(transcript("> SET a 1\nSET a 1\n> GET a\n"))[0]
    assert not faults(transcript("> SET a 1\nSET a 1\nalice> (close)\n"))


@pytest.mark.parametrize(
    ("effect", "text"),
    [
        ([b"set", b"k", b"v-1.5"], "set k v-1.5"),
        ([b"SET", b"", b'"\r\n', b"\xff"], r'SET "" "\"\r\n" "\xff"'),
        ([b"SET", b"x" * 200, b"x y" * 100], 'SET $(x*200) $("x y"*100)'),
        ([b"SET", b"{now+1}", b"$(x*2)", b"(nothing)"], 'SET "{now+1}" "$(x*2)" "(nothing)"'),
        ([b"PEXPIREAT", b"k", b"1700000010002"], "PEXPIREAT k {now+10000}"),
        ([b"PEXPIREAT", b"k", b"1700000000023"], "PEXPIREAT k {now+20}"),
        ([b"PEXPIREAT", b"k", b"1699999990002"], "PEXPIREAT k {now-10000}"),
        ([b"PEXPIREAT", b"k", b"33177117420000"], "PEXPIREAT k 33177117420000"),
        ([b"PEXPIREAT", b"k", b"1000"], "PEXPIREAT k 1000"),
    ],
)
def test_an_effect_is_written_so_that_it_can_be_compared(effect: Effect, text: str) -> None:
    assert effect_text(effect, MOMENT) == text
    assert same_effect(text, effect, MOMENT)
    assert not same_effect(text, [*effect, b"x"], MOMENT)
    assert not same_effect(text, [*effect[:-1], effect[-1] + b"1"], MOMENT)


def test_a_time_is_compared_with_when_the_command_was_done() -> None:
    for offset, same in ((9_940, False), (9_960, True), (10_004, True), (10_050, True), (10_060, False), (10, False)):
        effect = [b"PEXPIREAT", b"k", b"%d" % (MOMENT.before_ms + offset)]
        assert same_effect("PEXPIREAT k {now+10000}", effect, MOMENT) == same, offset
    assert not same_effect("PEXPIREAT k {now+10000}", [b"PEXPIREAT", b"k", b"10000"], MOMENT)


def step(*lines: str) -> Step:
    return transcript("\n".join(["> X", *lines]) + "\n").steps[0]


def test_the_order_of_effects_counts_unless_the_transcript_says_otherwise() -> None:
    effects = [[b"DEL", b"a"], [b"DEL", b"b"]]
    assert same_effects(step("DEL a", "DEL b"), effects, MOMENT)
    assert not same_effects(step("DEL b", "DEL a"), effects, MOMENT)
    assert same_effects(step("@unordered", "DEL b", "DEL a"), effects, MOMENT)
    assert not same_effects(step("@unordered", "DEL b", "DEL b"), effects, MOMENT)
    assert not same_effects(step("@unordered", "DEL b"), effects, MOMENT)
    assert not same_effects(step("(nothing)"), effects, MOMENT)
    assert same_effects(step("(nothing)"), [], MOMENT)


def test_a_group_is_for_the_stages_with_a_log() -> None:
    grouped = step("MULTI", "DEL a", "DEL b", "EXEC")
    effects = [[b"DEL", b"a"], [b"DEL", b"b"]]
    whole = [[b"MULTI"], *effects, [b"EXEC"]]
    assert same_effects(grouped, effects, MOMENT, stage=3)
    assert not same_effects(grouped, whole, MOMENT, stage=3)
    assert not same_effects(grouped, effects, MOMENT, stage=11)
    for stage in (None, 11):
        assert same_effects(grouped, whole, MOMENT, stage=stage)


def test_half_a_command_waits_for_the_other_half(tmp_path: Path) -> None:
    log = observe.Log(tmp_path, "*.aof")
    assert log.appended() == []
    whole = encode_command([b"SET", b"a", b"1\r\n"])
    path = tmp_path / "x.aof"
    path.write_bytes(whole + whole[:9])
    assert log.appended() == [[b"SET", b"a", b"1\r\n"]]
    assert log.appended() == []
    path.write_bytes(whole + whole)
    assert log.appended() == [[b"SET", b"a", b"1\r\n"]]


def test_a_log_is_compared_byte_by_byte(tmp_path: Path) -> None:
    """`+SET` is a word as `$3 SET` is, but no client sends it so."""
    (tmp_path / "x.aof").write_bytes(encode_command([b"SET", b"a", b"1"]).replace(b"$3\r\nSET", b"+SET"))
    with pytest.raises(Malformed, match="not written as a client"):
        observe.Log(tmp_path, "*.aof").appended()


def test_a_stage_with_a_log_needs_no_build_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for folder, name in (("build-core", "11-aof"), ("build-core-observe", "10-rdb")):
        (tmp_path / folder / name).mkdir(parents=True)
        (tmp_path / folder / name / "server").touch()
    monkeypatch.setattr(observe, "build_dir", lambda: tmp_path / "build")
    for number, name in ((11, "11-aof"), (10, "10-rdb")):
        assert f"/{name}/server" in observe.observed_command(Stage(number, name), True).words[0]
    with pytest.raises(SystemExit, match="make STAGE=11$"):
        observe.observed_command(Stage(11, "11-aof"), False)
    with pytest.raises(SystemExit, match="make STAGE=10 OBSERVE=1$"):
        observe.observed_command(Stage(10, "10-rdb"), False)


def test_a_server_that_propagates_as_recorded_passes() -> None:
    result = observe.compare(transcript("> SET a 1\nSET a 1\n> SET a 1 PX 5000\nSET a 1 PXAT {now+5000}\n> GET a\n(nothing)\n~ 0.01s\n(nothing)\n> MORE b\nSET b 1\nDEL b\n"), fake())
    assert result.passed, result.report()


def test_what_differs_is_reported_with_what_to_do() -> None:
    text = "> SET a 1 PX 5000\nSET a 1 PXAT {now+5000}\n> SET a 2\nSET a 2\n> GET a\nDEL a\n> STRANGE\n(nothing)\n"
    report = observe.compare(transcript(text), fake("--verbatim")).report()
    assert "00-none/none.effects (core), server: a fake" in report
    assert "line 5: > SET a 1 PX 5000\n  Expected\n    SET a 1 PXAT {now+5000}\n  Propagated\n    SET a 1 PX 5000\n" in report
    assert "line 9: > GET a\n  Expected\n    DEL a\n  Propagated\n    (nothing)\n" in report
    assert "line 11: > STRANGE" in report and "ERR unknown command" in report
    assert "> SET a 2" not in report
    assert "make record CHECK=1 ONLY=00-none/none.effects" in report


def test_a_server_that_does_not_start_is_said() -> None:
    result = observe.compare(transcript("> SET a 1\nSET a 1\n"), ServerCommand("false", ("false", "{port}")))
    assert not result.passed
    assert "it ended before it accepted a connection" in result.report()


def test_recording_writes_what_came_and_keeps_what_is_right() -> None:
    before = transcript("> SET a 1 PX 5000\nSET a 1 PXAT {now+5001}\n\n# Why.\n> SET a 2\nSET a 3\n> MORE a\n@unordered\nDEL a\nSET a 1\n> GET a\n")
    after = observe.record(before, fake())
    assert not after.problems
    assert "\n".join(after.lines[4:]) == (
        "> SET a 1 PX 5000\nSET a 1 PXAT {now+5001}\n\n# Why.\n> SET a 2\nSET a 2\n> MORE a\n@unordered\nDEL a\nSET a 1\n> GET a\n(nothing)"
    )
    assert "unknown command" in observe.record(transcript("> STRANGE\n"), fake()).problems[0]


def test_each_transcript_is_played_on_its_stage_and_later_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    def command(stage: Stage, core: bool) -> ServerCommand:
        return ServerCommand(f"{stage.number}{' core' * core}", (), stage)

    monkeypatch.setattr(observe, "observed_command", command)
    core = transcript("> SET a 1\nSET a 1\n")
    core.first_stage = 2
    more = replace(core, level="more", first_stage=3)
    stages = [stage for stage in all_stages() if stage.number in (1, 2, 3)]
    jobs = [(t.level, command.label) for t, command in observe.jobs([core, more], stages, whole=True)]
    assert jobs == [("core", "2"), ("core", "2 core"), ("core", "3"), ("more", "3"), ("core", "3 core")]
    assert [c.label for _, c in observe.jobs([core, more], stages, whole=False)] == ["2 core", "3 core"]


@pytest.mark.parametrize(
    ("folder", "core", "name"),
    [
        ("build", False, "build-observe"),
        ("build-core", True, "build-core-observe"),
        ("build-sanitize", True, "build-core-observe-sanitize"),
        ("build-core-poll-sanitize", False, "build-poll-observe-sanitize"),
    ],
)
def test_where_the_builds_are(monkeypatch: pytest.MonkeyPatch, folder: str, core: bool, name: str) -> None:
    monkeypatch.setenv("STAGE_BUILD_DIR", folder)
    assert observe.builds(core).name == name


def test_the_transcripts_can_be_read_and_prove_something() -> None:
    transcripts = observe.load()
    assert len({t.stage for t in transcripts}) >= 2
    assert [fault for t in transcripts for fault in faults(t)] == []


def test_every_command_that_writes_has_an_effect_in_a_transcript() -> None:
    writes = {name for path in (ROOT / "stages").rglob("*.c") for name in WRITE.findall(path.read_text())}
    steps = [step for t in observe.load() for step in t.steps if step.kind == "command" and step.reply_lines != ["(nothing)"]]
    words = [[word.decode(errors="replace").lower() for word in split_args(step.text)] for step in steps]
    shown = {name for given in words for name in (given[0], "|".join(given[:2]))}
    assert {"set", "getdel", "pexpireat"} <= writes
    assert writes - shown == set()
