"""A learner's way from `make start` to a stage that is done, with the commands that the README names.

What they print is kept in golden/course-*.txt; UPDATE=1 in the environment writes it anew.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.golden import compare
from harness.player import Result, play
from harness.server import free_port
from harness.stages import ROOT, find_stage
from harness.suite import in_parallel
from harness.target import Target, workspace_command
from harness.workspace import Workspace, read_progress

GOLDEN = Path(__file__).parent / "golden"
LEAVE_OUT = shutil.ignore_patterns("__pycache__", "mypy", "*.o")
STAGE = "01-event-loop"


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """The course as a learner gets it: a clone in which nothing was built."""
    for name in ("common", "stages", "tests", "book"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=LEAVE_OUT)
    for name in ("Makefile", ".gitignore"):
        shutil.copy(ROOT / name, tmp_path / name)
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    return tmp_path


def environment() -> dict[str, str]:
    """That of a learner's shell: the ARGS and STAGE of the tests are no matter of the commands here."""
    kept = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR")
    own = {name: os.environ[name] for name in kept if name in os.environ}
    return {**own, "PYTHON": sys.executable, "CFLAGS": "-O0"}


def make(course: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """make, as it is typed in a shell of the learner's."""
    return subprocess.run(
        ["make", *words], cwd=course, env=environment(), capture_output=True, text=True, check=False, timeout=120
    )


@contextlib.contextmanager
def running(course: Path, *words: str) -> Iterator[None]:
    """A make that goes on until it is ended, with all it started."""
    process = subprocess.Popen(
        ["make", *words], cwd=course, env=environment(), stdout=subprocess.DEVNULL, start_new_session=True
    )
    try:
        yield
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def connect(port: int) -> socket.socket:
    """A connection to a server that is being built and started."""
    deadline = time.monotonic() + 60
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=3)
        except ConnectionRefusedError:
            assert time.monotonic() < deadline
            time.sleep(0.05)


def golden(name: str, text: str) -> None:
    different = compare(GOLDEN / f"course-{name}.txt", text, bool(os.environ.get("UPDATE")))
    assert not different, different


def played(course: Path) -> dict[str, Result]:
    """Every scenario up to the stage, against what the workspace holds."""
    stage = find_stage(STAGE)
    workspace = Workspace(course / "work" / STAGE)
    target = Target(workspace_command(workspace, stage), stage, workspace)
    return {r.scenario.name: r for r in in_parallel(lambda s: play(s, target.command), target.scenarios(), 12)}


def tail(text: str) -> str:
    """From the board on: what comes before is a report, which is kept elsewhere."""
    return counted(text[text.rindex("stage  ") :])


def counted(text: str) -> str:
    """The board without numbers: how many scenarios a stage has is not the matter here."""

    def one(match: re.Match[str]) -> str:
        words = {match[2]: "all", "0": "none"}
        return words.get(match[1], "some").rjust(len(match[0]))

    text = re.sub(r"(?m)^\d+ scenarios of level more", "N scenarios of level more", text)
    return re.sub(r" +(\d+)/(\d+)", one, text)


def test_from_start_to_done(course: Path) -> None:
    started = make(course, "start", "STAGE=01")
    assert started.returncode == 0, started.stderr
    golden("start", started.stdout)
    mine = course / "work" / STAGE
    assert (mine / "net" / "resp.c").read_bytes() == (course / "stages/00-resp/net/resp.c").read_bytes()

    # The fresh workspace: what the stage before can do passes, and nothing else.
    fresh = make(course, "check")
    assert fresh.returncode == 2
    assert f"  LD  ../build/{STAGE}/server" in fresh.stdout
    assert f"{STAGE}/01-several-clients.redis, line 9 (core), server: work/{STAGE}" in fresh.stdout
    text = re.sub(r"(?m)^\d+ failed: .*(\n\d+ were not run.*)?", "N failed: …", tail(fresh.stdout))
    golden("fresh", text)
    results = played(course)
    passed = {name for name, result in results.items() if result.passed}
    assert passed == {name for name in results if name.startswith("00-resp/")}
    assert all(result.scenario.level == "core" for result in results.values())

    # The next one alone, and its hints.
    text = make(course, "check", "NEXT=1").stdout
    assert f"{STAGE}/01-several-clients.redis, line 9" in text
    assert "\nstage  " not in text
    hints = [make(course, "hint").stdout for _ in range(2)]
    assert [re.findall(r"Hint \d of \d", text) for text in hints] == [["Hint 1 of 3"], ["Hint 2 of 3"]]

    # By hand.
    port = free_port()
    with running(course, "run", "WORK=1", f"PORT={port}"), connect(port) as wire:
        wire.sendall(b"PING\r\n")
        assert wire.recv(100) == b"+PONG\r\n"

    # A mistake that the compiler finds.
    source = mine / "main.c"
    good = source.read_text()
    source.write_text(good.replace("return 0;", "return O;"))
    broken = make(course, "check")
    assert broken.returncode == 2
    assert "main.c" in broken.stderr and "error: " in broken.stderr
    assert broken.stdout.endswith(
        f"work/{STAGE} does not build, so nothing was checked. Of the errors above the first is\n"
        "the one to read: those below it often follow from it.\n"
    )

    # The stage is written; this learner writes what the course has.
    for path in (course / "stages" / STAGE).rglob("*.[ch]"):
        own = mine / path.relative_to(course / "stages" / STAGE)
        own.parent.mkdir(exist_ok=True)
        shutil.copy(path, own)
    done = make(course, "check")
    assert done.returncode == 0, done.stdout + done.stderr
    progress = read_progress(course / "work")
    assert progress.hints == {}
    day = progress.passed[STAGE]
    golden("done", tail(done.stdout).replace(day, "2026-02-03"))
    board, _, left_out = make(course, "board").stdout.rpartition("\n\n")
    assert left_out.endswith("make check MORE=1 compiles it on top.\n")
    rows = [line.split() for line in board.splitlines()]
    assert rows[0] == [f"work/{STAGE}"]
    assert rows[3][0] == "00-resp" and rows[3][-2:] == ["-", "done"]
    assert rows[4][0] == STAGE and rows[4][-2:] == [day, "done"]
    assert all(row[-2:] == ["-", "later"] for row in rows[5:]) and len(rows) > 5
    whole = make(course, "check", "MORE=1")
    assert whole.returncode == 0, whole.stdout + whole.stderr
    assert f"{STAGE} is done: every scenario passes." in whole.stdout
    assert make(course, "diff", "WORK=1").stdout.endswith("There is no difference.\n")
    assert "`make start STAGE=02` begins the next one." in make(course, "start").stderr
