"""What check, hint and board say of a workspace, tried on one whose server is a few lines of Python."""

from __future__ import annotations

import argparse
import json
import os
import signal
import socket
from pathlib import Path

import pytest

from harness import chapter, check, target
from harness.server import free_port, server_command, stage_command
from harness.stages import TESTS, find_stage
from harness.workspace import Workspace, find_workspace, newest_workspace, read_progress

PING = (TESTS / "examples" / "ping_server.py").read_text()
WHOLE = (TESTS / "examples" / "python" / "server.py").read_text()


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty work/ beside folders for two stages."""
    for name in ("00-resp", "01-event-loop", "02-keyspace"):
        (tmp_path / "stages" / name).mkdir(parents=True)
    for module in (check, target):
        monkeypatch.setattr(module, "WORK", tmp_path / "work")
    return tmp_path / "work"


def begin(work: Path, stage: str, program: str = "", server: str = "python3 my.py --port {port}") -> Workspace:
    workspace = Workspace(work / stage, server)
    workspace.path.mkdir(parents=True)
    workspace.save()
    read_progress(work).start(stage)
    if program:
        (workspace.path / "my.py").write_text(program)
    return workspace


def arguments(**given: object) -> argparse.Namespace:
    return argparse.Namespace(**{"stage": None, "server": None, "only": [], "next": False, **given})


def ask(capsys: pytest.CaptureFixture[str], what: str, **given: object) -> str:
    """What a command prints."""
    commands = {"check": check.check, "hint": check.hint, "board": check.show_board}
    commands[what](arguments(**given))
    return capsys.readouterr().out


def test_the_newest_is_the_one_that_was_started_last(work: Path) -> None:
    assert newest_workspace(work) is None
    begin(work, "01-event-loop")
    begin(work, "00-resp", server="")
    begin(work, "old-01")  # put aside: no stage has this name
    assert newest_workspace(work) == Workspace(work / "00-resp")
    assert find_workspace(work, "01-event-loop") == Workspace(work / "01-event-loop", "python3 my.py --port {port}")
    (work / "00-resp" / "course.json").unlink()
    newest = newest_workspace(work)
    assert newest and newest.stage == "01-event-loop"


def test_progress_that_somebody_broke_is_named(work: Path) -> None:
    begin(work, "00-resp")
    (work / "progress.json").write_text("{")
    with pytest.raises(SystemExit, match="progress.json is no JSON any more"):
        read_progress(work)


def test_the_servers_command_is_remembered(work: Path) -> None:
    workspace = begin(work, "01-event-loop", PING)
    command = target.choose(None, None).command
    assert command.label == "work/01-event-loop"
    assert command.words == ("python3", str(workspace.path / "my.py"), "{args}", "--port", "{port}")
    assert command.stage and command.stage.number == 1
    assert target.choose("00", "python3 other.py --port {port}").workspace is None


def test_a_workspace_goes_up_to_its_stage(work: Path) -> None:
    begin(work, "00-resp", PING)
    scenarios = target.choose(None, None).scenarios()
    assert {s.stage for s in scenarios} == {0}
    levels = [s.level for s in scenarios]
    assert levels == sorted(levels)  # core, then more
    with pytest.raises(SystemExit, match="no scenario"):
        target.choose(None, None).scenarios(["02-keyspace/01"])


def test_check_says_where_a_workspace_stands(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    begin(work, "00-resp", PING)
    text = ask(capsys, "check", only=["00-resp/01-ping", "00-resp/02-echo", "00-resp/07"])
    assert "00-resp/02-echo.redis, line 7 (core), server: work/00-resp" in text
    assert "make check STAGE=00 ONLY=00-resp/02-echo.redis" in text
    assert "1/3       -  at work  02-echo.redis" in text
    text = ask(capsys, "check", next=True, only=["00-resp/01-ping", "00-resp/02-echo", "00-resp/07"])
    assert "00-resp/02-echo.redis, line 7" in text
    assert "at work" not in text  # no board
    assert text.endswith("1 of 3 pass before it. `make hint` gives a hint.\n")


def test_the_step_that_turns_a_scenario_green_is_said(
    tmp_path: Path, work: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = begin(work, "00-resp", PING)
    (workspace.path / "Makefile").write_text("all:\n\t@:\n")
    echo = target.choose(None, None).scenarios(["00-resp/02-echo"])[0]
    monkeypatch.setattr(chapter, "ROOT", tmp_path)
    assert check.turns_green(echo) == ""  # there is no chapter
    (tmp_path / "book").mkdir()
    table = "step   lines\n 1  Bytes   7\n          + 04-several-at-once\n 2  02-echo is no name here   7\n 3  More   7\n          + 02-echo test_it\n"
    chapter.steps_of.cache_clear()
    (tmp_path / "book" / "00-resp.md").write_text(f"# One\n\n```text steps\n{table}```\n\n 4  + 02-echo\n")
    assert check.turns_green(echo) == "Step 3 of the chapter makes it pass. "
    ping, several = (target.choose(None, None).scenarios([f"00-resp/{name}"])[0] for name in ("01-ping", "04-several"))
    assert sorted((ping, echo, several), key=target.urgency) == [several, echo, ping]  # no step: the last
    assert "Step 3" not in ask(capsys, "check", next=True, only=["00-resp/02-echo"])  # the steps are in C
    monkeypatch.setattr(check, "choose", lambda *_: target.Target(target.choose(None, None).command, find_stage("00"), Workspace(workspace.path)))
    monkeypatch.setattr(check, "prepare", lambda _: True)
    text = ask(capsys, "check", next=True, only=["00-resp/02-echo"])
    assert text.endswith("0 of 1 pass before it. Step 3 of the chapter makes it pass. `make hint` gives a hint.\n")


def test_pytest_gets_the_server_of_a_workspace(
    work: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CORE", "")
    with pytest.raises(SystemExit, match="work/ holds no workspace: `make start STAGE=00` begins one"):
        check.server_of_workspace(None)
    other = begin(work, "00-resp", PING)
    chosen = check.server_of_workspace(None)
    assert chosen and chosen[0] == "00"
    assert server_command(chosen[1]).words == ("python3", str(other.path / "my.py"), "{args}", "--port", "{port}")
    assert os.environ.get("CORE") == ""
    begin(work, "02-keyspace", server="")
    assert check.server_of_workspace("02") is None
    assert "has no C source yet" in capsys.readouterr().out
    monkeypatch.setattr(check, "prepare", lambda _: True)
    assert check.server_of_workspace("02") == ("02", f"{work / 'build' / '02-keyspace' / 'server'} --port {{port}}")
    assert os.environ.get("CORE") == "1"  # its tests are those of the lesson


def test_nothing_to_start_yet(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    begin(work, "00-resp")
    message = "work/00-resp has no my.py yet; `python3 my.py --port {port}` is how its server is started."
    assert message in ask(capsys, "check")
    text = ask(capsys, "hint")
    assert message in text
    assert "Next: 00-resp/01-ping.redis (core)" in text
    begin(work, "01-event-loop", server="")
    assert "work/01-event-loop has no C source yet" in ask(capsys, "check")


def test_a_makefile_of_the_learners_is_called_first(work: Path, capfd: pytest.CaptureFixture[str]) -> None:
    workspace = begin(work, "00-resp")
    makefile = workspace.path / "Makefile"
    makefile.write_text("my.py:\n\tcp written.py my.py\n")
    (workspace.path / "written.py").write_text(PING)
    check.check(arguments(only=["00-resp/01-ping"]))
    assert "1/1       -" in capfd.readouterr().out
    makefile.write_text("all:\n\t@echo no semicolon >&2; false\n")
    assert check.check(arguments(only=["00-resp/01-ping"])) == 1
    said = capfd.readouterr()
    assert "no semicolon" in said.err
    assert "work/00-resp does not build, so nothing was checked." in said.out


def test_hints_come_in_their_order(
    work: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check, "hints_for", lambda scenario: ["Gentle.", "Clear:\n\n- two\n- lines", "All."])
    workspace = begin(work, "00-resp", PING)
    only = ["00-resp/01-ping", "00-resp/02-echo"]
    said = [ask(capsys, "hint", only=only) for _ in range(4)]
    assert said[0] == (
        "Next: 00-resp/02-echo.redis (core)\n"
        "    ECHO returns its argument as a bulk string, and so does PING with an argument. A bulk string gives its length first,\n"
        "    so it can hold any byte: a line ending, a zero, a quote.\n"
        "\nHint 1 of 3\n    Gentle.\n\n`make hint` once more gives the next one.\n"
    )
    assert "Hint 2 of 3\n    Clear:\n\n    - two\n    - lines\n" in said[1]
    for text in said[2:]:
        assert "Hint 3 of 3\n    All.\n" in text
        assert text.endswith('This is the last hint. The book explains it: book/00-resp.md, "Bulk strings"\n')
    assert read_progress(work).hints == {"00-resp/02-echo.redis": 3}

    # A scenario that passes has used its hints up: they begin anew when it fails again.
    (workspace.path / "my.py").write_text(WHOLE)
    assert "All 2 scenarios pass" in ask(capsys, "hint", only=only)
    assert read_progress(work).hints == {}
    (workspace.path / "my.py").write_text(PING)
    assert "Hint 1 of 3" in ask(capsys, "hint", only=only)


def test_a_scenario_without_hints(
    work: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check, "hints_for", lambda scenario: [])
    begin(work, "00-resp", PING)
    text = ask(capsys, "hint", only=["00-resp/02-echo"])
    assert "ECHO returns its argument" in text
    assert "tests/scenarios/00-resp/02-echo.redis" in text
    assert text.endswith('The book explains it: book/00-resp.md, "Bulk strings"\n')
    assert read_progress(work).hints == {}


def test_a_name_that_no_scenario_has_is_repeated(work: Path) -> None:
    begin(work, "00-resp", PING)
    with pytest.raises(SystemExit, match="ONLY=nonsense: no scenario has this in its path"):
        check.check(arguments(only=["nonsense"]))


def test_without_a_workspace_hint_says_how_to_begin(work: Path) -> None:
    with pytest.raises(SystemExit, match="work/ holds no workspace: `make start STAGE=00` begins one"):
        check.hint(arguments())
    with pytest.raises(SystemExit, match="no workspace of stage 01: `make start STAGE=01` begins one"):
        check.hint(arguments(stage="01"))


def test_a_workspace_is_run(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SystemExit, match="`make start STAGE=00` begins one"):
        check.run(arguments(port=7000, flags=[]))
    workspace = begin(work, "00-resp", PING)
    became: list[list[str]] = []
    monkeypatch.setattr("os.execvp", lambda _, words: became.append(words))
    before = signal.getsignal(signal.SIGPIPE)
    port = free_port()
    check.run(arguments(port=port, flags=["--", "--maxclients", "3"]))
    assert signal.getsignal(signal.SIGPIPE) == before  # or the next broken pipe would kill the process
    assert became == [["python3", str(workspace.path / "my.py"), "--maxclients", "3", "--port", str(port)]]


def test_a_port_that_is_taken_is_told(work: Path) -> None:
    begin(work, "00-resp", PING)
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(SystemExit, match=f"Port {port}: Address already in use. `make run WORK=1 PORT=7000` takes another."):
            check.run(arguments(port=port, flags=[]))


def test_a_stage_that_passes_is_remembered(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    workspace = begin(work, "00-resp", WHOLE)
    ask(capsys, "check", only=["00-resp/01-ping"])
    assert read_progress(work).passed == {}  # one scenario is no stage
    text = ask(capsys, "check")
    assert "00-resp is done: every scenario passes. `make start STAGE=01` goes on." in text
    day = read_progress(work).passed["00-resp"]
    progress = work / "progress.json"
    kept = json.loads(progress.read_text())
    kept["passed"]["00-resp"] = "2026-02-03"
    progress.write_text(json.dumps(kept))
    assert day != "2026-02-03"
    (workspace.path / "my.py").write_text(PING)
    lines = ask(capsys, "board").splitlines()
    assert lines[0] == "work/00-resp"
    assert lines[3].startswith("00-resp             #...................    2/27     0/4  2026-02-03  02-echo.redis: ECHO")
    assert lines[4].split()[-2:] == ["-", "later"]


def test_what_is_left_when_the_core_passes(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    begin(work, "00-resp", WHOLE.replace('b"reset": Command(1, reset),', ""))
    text = ask(capsys, "check")
    assert "00-resp/23-reset.redis" in text
    assert "00-resp is passed: all core scenarios are. 1 of the others go further." in text.replace("\n", " ")
    assert "00-resp" in read_progress(work).passed


def test_a_whole_build_is_started_as_the_stage_is(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CORE", raising=False)
    stage, before = find_stage("10"), find_stage("09")
    workspace = begin(work, stage.name, server="")
    assert "--save" not in target.workspace_command(workspace, stage).words, "a learner's own code may not have it yet"
    monkeypatch.setenv("MORE", "1")
    whole = target.workspace_command(workspace, stage).words[1:]
    assert whole == stage_command(stage, workspace.path.parent / "build").words[1:]
    assert "--save" in whole and "--enable-debug-command" in whole
    (workspace.path / "more.c").write_text((before.source / "more.c").read_text())
    assert "--save" not in target.workspace_command(workspace, stage).words, "its more.c names nothing of the stage yet"
    (workspace.path / "more.c").write_text((stage.source / "more.c").read_text())
    assert target.workspace_command(workspace, stage).words[1:] == whole
