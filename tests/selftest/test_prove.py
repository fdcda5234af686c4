"""What `make prove` says, with made-up stages and servers that pass what they are told to."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness import prove as proving
from harness.lesson import Commands, commands_of, more_commands
from harness.player import server_args
from harness.prove import Proof, prove, table
from harness.scenario import Scenario, read_text
from harness.server import ServerCommand, stage_command
from harness.stages import ROOT, Stage, is_core, sibling

STAGES = [Stage(0, "00-a"), Stage(1, "01-b"), Stage(2, "02-c")]
LESSON = """
/* {.name = "gone"} */
const struct command string_commands[] = {
    {.name = "get", .arity = 2, .handler = get_command},
    {.name = "OBJECT"},
    {.name = "object|encoding", .arity = 3},
    {.name = NULL},
};
static const struct parameter rows[] = {
    {.name = "maxmemory"},
};
"""
OLD_FORM = """
static const struct command debug_rows[] = {
    {"debug", -2, 0, NO_KEYS, NULL, "What {concerns} debugging."},
    {"get", 2, 0, NO_KEYS, NULL, "Described here."},
    {"object|freq", 3, 0, NO_KEYS, object_freq_command, ""},
    {NULL, 0, 0, NO_KEYS, NULL, NULL},
};
"""


def scenario(level: str, steps: str = "> GET a\n(nil)\n", stage: str = "01-b") -> Scenario:
    return read_text(f'# It works.\n#\n# level: {level}\n# book: {stage}, "It"\n\n{steps}', f"{stage}/01-it.redis")


@pytest.fixture(autouse=True)
def no_commands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proving, "commands_of", lambda _: Commands(frozenset({"get"}), frozenset({"lcs"})))
    monkeypatch.delenv("CORE", raising=False)
    monkeypatch.delenv("BEFORE", raising=False)
    monkeypatch.delenv("STAGE_BUILD_DIR", raising=False)


def proved(scenario: Scenario, passing: str) -> tuple[Proof, list[str]]:
    """A proof with servers of which those pass that are named, and which were asked."""
    asked: list[str] = []

    def plays(_: Scenario, command: ServerCommand) -> bool:
        name = command.label + (" CORE" if command.core else "")
        asked.append(name)
        return name in passing.split(", ")

    return prove(scenario, STAGES, plays), asked


def test_a_core_scenario_is_played_on_both_builds() -> None:
    proof, asked = proved(scenario("core"), "01-b, 02-c, 01-b CORE, 02-c CORE")
    assert proof.holds
    assert sorted(asked) == ["00-a", "00-a CORE", "01-b", "01-b CORE", "02-c", "02-c CORE"]


def test_one_of_level_more_is_played_on_the_whole_build_alone() -> None:
    proof, asked = proved(scenario("more"), "01-b, 02-c")
    assert proof.holds
    assert asked == ["00-a", "01-b", "02-c"]


def test_with_core_only_the_core_builds_are_played(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CORE", "1")
    proof, asked = proved(scenario("core"), "01-b CORE, 02-c CORE")
    assert proof.holds
    assert asked == ["00-a CORE", "01-b CORE", "02-c CORE"]


def test_with_before_the_stage_before_alone_is_played(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BEFORE", "1")
    proof, asked = proved(scenario("core"), "")
    assert proof.holds
    assert sorted(asked) == ["00-a", "00-a CORE"]
    assert " -       1  -\n" in table([proof])
    early, _ = proved(scenario("core"), "00-a CORE")
    assert early.passes_before == ["00-a with CORE=1"]
    sent, _ = proved(scenario("core", "> LCS a b\n\"\"\n"), "")
    assert sent.sends == ["line 6: LCS"]


@pytest.mark.parametrize(
    ("passing", "said"),
    [
        ("01-b, 02-c, 01-b CORE", "01-b/01-it.redis: is core, but fails on the CORE build of 02-c\n"),
        ("01-b, 01-b CORE, 02-c CORE", "01-b/01-it.redis: fails on 02-c\n"),
        (
            "00-a CORE, 01-b, 02-c, 01-b CORE, 02-c CORE",
            "01-b/01-it.redis: passes on 00-a with CORE=1 (the stage before), so it proves nothing\n",
        ),
    ],
)
def test_what_does_not_hold_is_said(passing: str, said: str) -> None:
    proof, _ = proved(scenario("core"), passing)
    assert not proof.holds
    assert table([proof]).endswith(f"\n{said}")


def test_a_core_scenario_sends_core_commands_only() -> None:
    steps = "> GET a\n(nil)\n\nraw> LCS a b\\r\\n\n+\\r\\n\n\n> lcs a b\n\"\"\n\n> NOSUCH\n(error) ERR no\n"
    proof, _ = proved(scenario("core", steps), "01-b, 02-c, 01-b CORE, 02-c CORE")
    assert proof.sends == ["line 9: LCS", "line 12: LCS"]
    assert not proof.holds
    assert "is core, but sends what only stages/more/ has: line 9: LCS, line 12: LCS\n" in table([proof])
    assert proved(scenario("more", steps), "01-b, 02-c")[0].holds


def test_commands_come_from_the_rows_in_c(tmp_path: Path) -> None:
    for place, text in (("01-b/command", LESSON), ("more/01-b/command", OLD_FORM)):
        (tmp_path / "stages" / place).mkdir(parents=True)
        (tmp_path / "stages" / place / "rows.c").write_text(text)
    found = commands_of(STAGES[1], tmp_path)
    assert found.lesson == {"get", "object", "object|encoding"}
    assert found.more == {"debug", "object|freq"}
    assert more_commands(scenario("core", "> OBJECT FREQ a\n(integer) 1\n"), found) == ["line 6: OBJECT FREQ"]
    assert not more_commands(scenario("core", '> OBJECT ENCODING a\n"int"\n'), found)


def test_the_last_stage_of_the_course_has_rows() -> None:
    """The sources are written as this reads them."""
    last = sorted((ROOT / "stages").glob("[0-9][0-9]-*/"))[-1]
    found = commands_of(Stage(int(last.name[:2]), last.name))
    assert {"get", "set", "expire", "object|encoding"} <= found.lesson


def test_a_core_build_is_given_no_flag_of_more() -> None:
    stage = STAGES[2]
    assert stage_command(stage, Path("build")).words[-2:] == ("--enable-debug-command", "yes")
    core = stage_command(stage, Path("build-core-sanitize"))
    assert core.core
    assert "--enable-debug-command" not in core.words
    debug = scenario("more", "> DEBUG SLEEP 0\nOK\n")
    assert server_args(debug, core) == []
    assert server_args(debug, stage_command(STAGES[1], Path("build"))) == ["--enable-debug-command", "yes"]


def test_the_folder_of_the_other_builds() -> None:
    assert sibling(Path("/x/build-poll"), core=True) == Path("/x/build-core-poll")
    assert sibling(Path("/x/build-core-sanitize"), core=False) == Path("/x/build-sanitize")
    assert sibling(Path("/x/build-core"), core=True) == Path("/x/build-core")
    assert not is_core(Path("/core/build"))
