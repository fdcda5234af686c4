"""`make test` runs what measures time after all else, and what failed once more."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from harness.stages import ROOT, TESTS

TOGETHER = """
import pytest

def test_plain():
    assert {plain}
"""
ALONE = """
@pytest.mark.alone
def test_alone():
    from pathlib import Path
    seen = Path(__file__).with_name("seen")
    with seen.open("a") as file:
        file.write("alone\\n")
    assert {alone}
"""
NOT_AT_FIRST = 'seen.read_text().count("alone") > 1'
WITH_XDIST = importlib.util.find_spec("xdist") is not None
ONE_PROCESS = ["-n0"] if WITH_XDIST else []


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "tests" / "test_made_up.py"
    path.parent.mkdir()
    return path


def run(file: Path, *arguments: str) -> tuple[int, list[str]]:
    """Its status, and the lines that are printed, with times made equal and gaps made small."""
    words = [sys.executable, "-m", "harness", "test", "--server", "none {port}", "--", *ONE_PROCESS, "-p", "conftest", str(file)]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST")}
    environment["PYTHONPATH"] = str(TESTS)
    done = subprocess.run(
        [*words, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    text = re.sub(r" in [0-9.]+s", " in 1s", done.stdout + done.stderr)
    return done.returncode, [re.sub(" +", " ", line) for line in text.splitlines() if line]


def test_without_tests_marked_alone_there_is_one_run(file: Path) -> None:
    file.write_text(TOGETHER.format(plain=True))
    for arguments in ([], ["-n1"]) if WITH_XDIST else ([],):
        status, lines = run(file, *arguments)
        assert status == 0
        assert lines == [". [100%]", "1 passed in 1s"]


def test_tests_marked_alone_come_last(file: Path) -> None:
    file.write_text(TOGETHER.format(plain=True) + ALONE.format(alone=True))
    status, lines = run(file)
    assert status == 0
    assert lines == [". [100%]", "1 passed in 1s"] * 2
    assert file.with_name("seen").read_text() == "alone\n"
    assert run(file, "-k", "plain")[1].count("1 passed, 1 deselected in 1s") == 1


def test_only_tests_marked_alone(file: Path) -> None:
    file.write_text(TOGETHER.format(plain=True) + ALONE.format(alone=True))
    status, lines = run(file, "-k", "test_alone")
    assert status == 0
    assert lines[-1] == "1 passed, 1 deselected in 1s"


def test_one_that_fails_alone_fails_the_run_and_is_shown(file: Path) -> None:
    file.write_text(TOGETHER.format(plain=True) + ALONE.format(alone="1 == 2"))
    status, lines = run(file)
    assert status == 1
    assert lines.count("> assert 1 == 2") == 2
    assert sum(line.startswith("Once more, alone") for line in lines) == 1
    assert lines[-1] == "1 failed in 1s"
    assert file.with_name("seen").read_text() == "alone\n" * 2


def test_one_that_fails_first_is_tried_once_more(file: Path) -> None:
    file.write_text(TOGETHER.format(plain=True) + ALONE.format(alone=NOT_AT_FIRST))
    status, lines = run(file)
    assert status == 0
    assert "1 failed in 1s" in lines
    assert lines[-1] == "1 passed in 1s"


def test_a_failure_among_the_others_is_not_forgotten(file: Path) -> None:
    file.write_text(TOGETHER.format(plain="1 == 2") + ALONE.format(alone=True))
    status, lines = run(file)
    assert status == 1
    assert "> assert 1 == 2" in lines
    assert file.with_name("seen").exists()


def test_nothing_chosen_is_told(file: Path) -> None:
    file.write_text(TOGETHER.format(plain=True))
    assert run(file, "-k", "nothing_like_this")[0] == 5
