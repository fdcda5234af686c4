"""What is printed reaches any terminal, and a reader that has seen enough gets no traceback."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from harness.stages import ROOT, TESTS
from harness.terminal import visible
from harness.workspace import find_workspace

PYTHON = f"{sys.executable} {TESTS}/examples/python/server.py --port {{port}}"
PING = f"{sys.executable} {TESTS}/examples/ping_server.py --port {{port}}"
HARNESS = [sys.executable, "-m", "harness"]


def run(words: list[str], stdout: int = subprocess.PIPE, **variables: str) -> subprocess.CompletedProcess[str]:
    kept = {k: v for k, v in os.environ.items() if k not in ("CORE", "MAKEFLAGS", "MAKELEVEL", "SERVER", "STAGE")}
    environment = {**kept, "PYTHONPATH": str(TESTS), "PYTHON": sys.executable, **variables}
    return subprocess.run(
        words, cwd=ROOT, env=environment, stdout=stdout, stderr=subprocess.PIPE, text=True, check=False, timeout=120
    )


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (["make", "help"], 0),
        (["make", "stages"], 0),
        (["make", "diff", "STAGE=01"], 0),
        (["make", "diff", "STAGE=01", "ONLY=main.c"], 0),
        ([*HARNESS, "board", "--stage=00", f"--server={PYTHON}"], 0),
        ([*HARNESS, "hint", "--stage=00", f"--server={PYTHON}", "01-ping"], 0),
        ([*HARNESS, "check", "--stage=00", f"--server={PYTHON}", "01-ping"], 1),  # nobody saw whether it passed
        ([*HARNESS, "check", "--stage=00", f"--server={PING}", "--next"], 1),
        ([sys.executable, "tests/lint/style.py"], 1),
        ([sys.executable, "tests/tools/start.py", "--help"], 0),
    ],
    ids=lambda value: " ".join(value[-3:]) if isinstance(value, list) else None,
)
def test_a_reader_that_has_seen_enough_is_no_error(words: list[str], status: int) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = run(words, writer)
    os.close(writer)
    assert done.returncode == status
    assert done.stderr == ""


@pytest.mark.parametrize("words", [["check", "--next"], ["board"], ["check"]])
def test_a_terminal_that_knows_ascii_alone(words: list[str]) -> None:
    done = run([*HARNESS, *words, "--stage=00", f"--server={PING}"], PYTHONIOENCODING="ascii")
    assert done.stderr == ""
    assert done.stdout.isascii()
    assert "02-echo.redis" in done.stdout


def test_tools_know_such_a_terminal_too(tmp_path: Path) -> None:
    done = run(["make", "-s", "diff", "STAGE=01"], PYTHONIOENCODING="ascii")
    assert done.stderr == ""
    assert "Traceback" not in run([sys.executable, "tests/tools/stages.py"], PYTHONIOENCODING="ascii").stderr


def test_control_characters_are_written_as_escapes() -> None:
    assert visible("a\tb\r\nc\n") == "a\tb\nc\n"
    assert visible("\x1b[2J\x00\x7f\x9b \u202e\ufeff é €") == "\\x1b[2J\\x00\\x7f\\x9b \\u202e\\ufeff é €"


# --- SERVER= holds what a shell line may hold ---


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """As much of the course as `make start` needs."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    shutil.copytree(TESTS / "tools", tmp_path / "tests" / "tools")
    shutil.copytree(TESTS / "harness", tmp_path / "tests" / "harness")
    for name in ("00-resp", "01-event-loop"):
        (tmp_path / "stages" / name).mkdir(parents=True)
        for file in ("main.c", "Makefile"):
            (tmp_path / "stages" / name / file).write_text("")
        shutil.copytree(TESTS / "scenarios" / name, tmp_path / "tests" / "scenarios" / name)
    return tmp_path


@pytest.mark.parametrize(
    "server",
    [
        """sh -c 'exec python3 "$0" --port {port}' 'my server.py'""",
        "./it\\'s --port {port}",
        'python3 my.py --name "$HOME" --port {port}',
        "python3 my.py --price 5$ --port {port}",
    ],
)
def test_a_server_with_quotes_arrives_as_it_was_typed(course: Path, server: str) -> None:
    done = run(["make", "-C", str(course), "start", "STAGE=00", f"SERVER={server}"])
    assert done.returncode == 0, done.stderr
    workspace = find_workspace(course / "work", "00-resp")
    assert workspace and workspace.server == server


def test_quotes_that_are_not_closed_are_named(course: Path) -> None:
    done = run(["make", "-C", str(course), "start", "STAGE=00", "SERVER=./it's --port {port}"])
    assert "SERVER: `./it's --port {port}` cannot be read as a command line: no closing quotation" in done.stderr
    assert not (course / "work").exists()
    done = run([*HARNESS, "check", "--stage=00"], SERVER="./it's --port {port}")
    assert done.stderr == "SERVER: `./it's --port {port}` cannot be read as a command line: no closing quotation\n"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        "null",
        '{"stage": "00-resp", "server": []}',
        '{"stage": "00-resp", "server": {"port": 1}}',
        '{"stage": "00-resp", "server": "./it\'s --port {port}"}',
        '{"stage": "00-resp", "server": "python3 my.py"}',
        '{"stage": "00-resp", "server": "my.py --port {port}"',
    ],
)
def test_settings_that_somebody_broke_are_named(course: Path, text: str) -> None:
    (course / "work" / "00-resp").mkdir(parents=True)
    (course / "work" / "00-resp" / "course.json").write_text(text)
    done = run([*HARNESS, "check", "--stage=00"], PYTHONPATH=str(course / "tests"))
    assert done.returncode == 1
    assert "course.json" in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == 1
