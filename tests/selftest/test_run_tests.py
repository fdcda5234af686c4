"""`make test` runs what measures time after all else, and what failed once more."""

from __future__ import annotations

import importlib.util
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from harness.stages import ROOT, TESTS, Stage, all_stages, find_stage, left_to_core, left_to_the_book

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
SKIPPED = """
def test_skipped():
    pytest.skip("the moon is not full")
"""
MORE = """
@pytest.mark.more
def test_more():
    pass
"""
DIES = """
def test_dies():
    import os, signal
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    os.kill(os.getpid(), signal.SIGPIPE)
"""
NO_XDIST = """
import importlib.util
real = importlib.util.find_spec
importlib.util.find_spec = lambda name, package=None: None if name == "xdist" else real(name, package)
"""
NOT_AT_FIRST = 'seen.read_text().count("alone") > 1'
WITH_XDIST = importlib.util.find_spec("xdist") is not None
ONE_PROCESS = ["-n0"] if WITH_XDIST else []


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "tests" / "test_made_up.py"
    path.parent.mkdir()
    return path


def run(
    file: Path,
    *arguments: str,
    server: str = "none {port}",
    one_process: list[str] = ONE_PROCESS,
    variables: dict[str, str] | None = None,
) -> tuple[int, list[str]]:
    """Its status, and the lines that are printed, with times made equal and gaps made small."""
    words = [sys.executable, "-m", "harness", "test", "--server", server, "--", *one_process, "-p", "conftest", str(file)]
    ours = ("CI", "STAGE_BUILD_DIR")
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST") and k not in ours}
    environment = {**environment, "PYTHONPATH": str(TESTS), **(variables or {})}
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
        assert lines == [". [100%]", "1 passed in 1s", "1 test passed."]


def test_tests_marked_alone_come_last(file: Path) -> None:
    file.write_text(TOGETHER.format(plain=True) + ALONE.format(alone=True))
    status, lines = run(file)
    assert status == 0
    assert lines == [*[". [100%]", "1 passed in 1s"] * 2, "All 2 tests passed."]
    assert file.with_name("seen").read_text() == "alone\n"
    assert run(file, "-k", "plain")[1].count("1 passed, 1 deselected in 1s") == 1


def test_only_tests_marked_alone(file: Path) -> None:
    file.write_text(TOGETHER.format(plain=True) + ALONE.format(alone=True))
    status, lines = run(file, "-k", "test_alone")
    assert status == 0
    assert lines[-2:] == ["1 passed, 1 deselected in 1s", "1 test passed."]


def test_one_that_fails_alone_fails_the_run_and_is_shown(file: Path) -> None:
    file.write_text(TOGETHER.format(plain=True) + ALONE.format(alone="1 == 2"))
    status, lines = run(file)
    assert status == 1
    assert lines.count("> assert 1 == 2") == 2
    assert sum(line.startswith("Once more, alone") for line in lines) == 1
    assert lines[-2:] == ["1 failed in 1s", "1 of 2 tests failed: ::test_alone."]
    assert file.with_name("seen").read_text() == "alone\n" * 2


def test_one_that_fails_first_is_tried_once_more(file: Path) -> None:
    file.write_text(TOGETHER.format(plain=True) + ALONE.format(alone=NOT_AT_FIRST))
    status, lines = run(file)
    assert status == 0
    assert "1 failed in 1s" in lines
    assert lines[-2:] == ["1 passed in 1s", "All 2 tests passed."]


def test_a_failure_among_the_others_is_not_forgotten(file: Path) -> None:
    file.write_text(TOGETHER.format(plain="1 == 2") + ALONE.format(alone=True))
    status, lines = run(file)
    assert status == 1
    assert "> assert 1 == 2" in lines
    assert file.with_name("seen").exists()


def test_nothing_chosen_is_told(file: Path) -> None:
    file.write_text(TOGETHER.format(plain=True))
    status, lines = run(file, "-k", "nothing_like_this")
    assert status == 5
    assert lines[-1] == "There was no test to run."


def test_a_skipped_test_is_named_in_the_sentence(file: Path) -> None:
    file.write_text(TOGETHER.format(plain=True) + SKIPPED)
    status, lines = run(file)
    assert status == 0
    assert lines[-1] == "1 test passed; 1 skipped: the moon is not full."


@pytest.mark.parametrize("options", [[], ["-n1"]] if WITH_XDIST else [[]])
def test_with_core_what_is_marked_more_is_left_out_and_said(file: Path, options: list[str]) -> None:
    file.write_text(TOGETHER.format(plain=True) + MORE)
    assert run(file, *options)[1][-1] == "All 2 tests passed."
    for variables in ({"CORE": "1"}, {"STAGE_BUILD_DIR": "build-core-sanitize"}):
        status, lines = run(file, *options, variables=variables)
        assert status == 0
        left = "1 Python test of level more left out, since CORE=1 is about the lesson alone."
        assert lines[-1] == f"1 test passed; {left}"


@pytest.mark.parametrize("options", [[], ["-n1"]] if WITH_XDIST else [[]])
def test_with_core_scenarios_of_level_more_are_left_out(tmp_path: Path, options: list[str]) -> None:
    folder = tmp_path / "tests" / "00-made-up"
    folder.mkdir(parents=True)
    for level in ("core", "more"):
        head = f'# PING is answered.\n#\n# level: {level}\n# book: 00-resp, "One"\n\n'
        (folder / f"01-{level}.redis").write_text(f"{head}> PING\nPONG\n")
    server = f"{sys.executable} {TESTS}/examples/ping_server.py --port {{port}}"
    assert run(folder, *options, server=server)[1][-1] == "All 2 tests passed."
    lines = run(folder, *options, server=server, variables={"CORE": "1"})[1]
    assert lines[-1].startswith("1 test passed; 1 scenario of level more left out")


def test_without_xdist_one_process_does(file: Path) -> None:
    """As if it were not installed: it cannot be found, and pytest does not load it."""
    file.write_text(TOGETHER.format(plain=True) + ALONE.format(alone=True))
    (file.parent.parent / "sitecustomize.py").write_text(NO_XDIST)
    variables = {"PYTHONPATH": f"{TESTS}:{file.parent.parent}", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    status, lines = run(file, one_process=[], variables=variables)
    assert status == 0
    assert lines == [*[". [100%]", "1 passed in 1s"] * 2, "All 2 tests passed."]


def test_a_run_that_a_signal_ends_says_so(file: Path) -> None:
    file.write_text(TOGETHER.format(plain=True) + DIES)
    status, lines = run(file)
    assert status == 128 + signal.SIGPIPE
    assert "pytest was killed by signal 13, SIGPIPE: what it ran last is not known to have passed." in lines
    assert lines[-1].startswith("The run did not come to its end (killed by signal 13, SIGPIPE)")


def test_with_book_a_python_test_whose_chapter_plays_it_is_left_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    stages = [find_stage("00"), Stage(42, "42-without-a-chapter"), all_stages()[-1]]
    monkeypatch.setenv("BOOK", "1")
    monkeypatch.delenv("CORE", raising=False)
    assert left_to_the_book(stages) == [], "the whole build is no matter of the book"
    monkeypatch.setenv("CORE", "1")
    assert left_to_the_book(stages) == stages
    assert left_to_the_book(stages[1:]) == []
    monkeypatch.delenv("BOOK")
    assert left_to_the_book(stages) == []


def test_of_a_core_test_the_whole_build_plays_the_last_stage(monkeypatch: pytest.MonkeyPatch) -> None:
    first, last = find_stage("00"), all_stages()[-1]
    for name in ("CORE", "FULL", "STAGE_BUILD_DIR"):
        monkeypatch.delenv(name, raising=False)
    assert left_to_core([first, last], more=False) == [first]
    assert left_to_core([first, last], more=True) == [], "no CORE build has what it needs"
    assert left_to_core([first], more=False) == [], "asked for, or the last that it is for"
    monkeypatch.setenv("FULL", "1")
    assert left_to_core([first, last], more=False) == []
    monkeypatch.delenv("FULL")
    monkeypatch.setenv("CORE", "1")
    assert left_to_core([first, last], more=False) == []
