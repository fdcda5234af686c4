"""The page of features: what a row may name, and what is told of one that names what there is not."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from made_up_chain import TOOLS

sys.path.insert(0, str(TOOLS))
from features import Row, faults_of, path_of, played, read_rows

PAGE = """\
| feature | code | proof |
|---|---|---|
| Lists: `LLEN` | `stages/01-one/list.c` | `01-one/06-llen`, `tests/python/test_01.py::test_list` |
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, text in {
        "stages/01-one/list.c": "",
        "stages/01-one/gone.c": "",
        "stages/02-two/list.c": "",
        "tests/scenarios/01-one/06-llen.redis": "> LLEN l\n",
        "tests/python/test_01.py": "def test_list(): ...\n",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def test_a_row_that_holds(root: Path) -> None:
    (row,) = read_rows(PAGE)
    assert faults_of(row, root) == []
    assert played(row) == ["tests/scenarios/01-one/06-llen.redis", "tests/python/test_01.py::test_list"]


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("01-one/06-llen", "01-one/07-none", "tests/scenarios/01-one/07-none.redis: there is no such file"),
        ("stages/01-one/list.c", "stages/01-one/none.c", "stages/01-one/none.c: there is no such file"),
        ("stages/01-one/list.c", "stages/01-one/gone.c", "stages/01-one/gone.c: the last stage has no gone.c"),
        ("::test_list", "::test_none", "tests/python/test_01.py::test_none: there is no such test"),
        ("`LLEN`", "`LPOS`", "no proof sends LPOS"),
        ("`stages/01-one/list.c`", "to come", "it names no code, or no proof"),
    ],
)
def test_a_row_that_does_not(root: Path, old: str, new: str, fault: str) -> None:
    (row,) = read_rows(PAGE.replace(old, new))
    assert faults_of(row, root) == [fault]


def test_tests_of_tools_are_not_played() -> None:
    row = Row("Layers", ["tests/lint/layers.py"], ["tests/selftest_tools/test_lint.py"])
    assert path_of(row.proofs[0]) == "tests/selftest_tools/test_lint.py" and played(row) == []
