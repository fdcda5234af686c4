"""The difference of two stages, as files, hunks and lines.

git compares, unidiff reads what git says. What this adds is the shape that the
pages need: parts of a file that were left alone, between hunks whose lines know
their number on either side.
"""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from unidiff import PatchedFile, PatchSet

from diff import DIFF
from pages.course import Step

Kind = Literal["new", "changed", "gone", "same"]
Sign = Literal[" ", "+", "-"]


@dataclass(frozen=True)
class Row:
    """A line; it has a number on each side where it stands."""

    sign: Sign
    old: int | None
    new: int | None


@dataclass(frozen=True)
class Run:
    """Lines without a change, or lines that go beside those that come in their place."""

    rows: list[Row]

    @property
    def removed(self) -> list[Row]:
        return [row for row in self.rows if row.sign == "-"]

    @property
    def added(self) -> list[Row]:
        return [row for row in self.rows if row.sign == "+"]

    @property
    def is_change(self) -> bool:
        return any(row.sign != " " for row in self.rows)


@dataclass(frozen=True)
class Hunk:
    runs: list[Run]
    section: str  # what git takes for the function around it

    @property
    def rows(self) -> list[Row]:
        return [row for run in self.runs for row in run.rows]

    def first(self, side: Literal["old", "new"]) -> int:
        numbers = (getattr(row, side) for row in self.rows)
        return next((n for n in numbers if n is not None), 0)

    def last(self, side: Literal["old", "new"]) -> int:
        numbers = (getattr(row, side) for row in reversed(self.rows))
        return next((n for n in numbers if n is not None), 0)


@dataclass(frozen=True)
class FileDifference:
    path: str
    kind: Kind
    added: int = 0
    removed: int = 0
    hunks: list[Hunk] = field(default_factory=list)


def split_runs(rows: list[Row]) -> list[Run]:
    """Cuts a hunk where changes begin and end."""
    runs: list[Run] = []
    for row in rows:
        if runs and runs[-1].is_change == (row.sign != " "):
            runs[-1].rows.append(row)
        else:
            runs.append(Run([row]))
    return runs


def read_hunks(patched: PatchedFile) -> Iterator[Hunk]:
    for hunk in patched:
        rows: list[Row] = []
        for line in hunk:
            old, new = line.source_line_no, line.target_line_no
            if line.is_added:
                rows.append(Row("+", None, new))
            elif line.is_removed:
                rows.append(Row("-", old, None))
            elif line.is_context:
                rows.append(Row(" ", old, new))
        yield Hunk(split_runs(rows), hunk.section_header)


def compare_texts(old: str, new: str) -> list[Hunk]:
    """The hunks between two texts, with everything around them."""
    if old == new:
        return []
    with tempfile.TemporaryDirectory() as directory:
        names = [Path(directory, side) for side in ("old", "new")]
        for name, text in zip(names, (old, new), strict=True):
            name.write_text(text, encoding="utf-8")
        patches = run_git(["-U100000", *map(str, names)])
    return [hunk for patched in patches for hunk in read_hunks(patched)]


def run_git(arguments: list[str], cwd: Path | None = None) -> PatchSet:
    done = subprocess.run(
        [*DIFF, "--no-color", *arguments], cwd=cwd, capture_output=True, check=False
    )
    if done.returncode not in (0, 1):
        raise RuntimeError(done.stderr.decode(errors="replace"))
    return PatchSet.from_string(done.stdout.decode("utf-8"))


def write_tree(root: Path, files: dict[str, str]) -> None:
    root.mkdir()
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")


def changed_files(step: Step) -> dict[str, PatchedFile]:
    """What git says of each file that differs. Compared are copies of what git
    tracks, so that nothing else that lies about in a stage is taken for a part of it."""
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory)
        write_tree(root / "a", step.before)
        write_tree(root / "b", step.files)
        patches = run_git(["--src-prefix=", "--dst-prefix=", "a", "b"], cwd=root)
    return {patched.path: patched for patched in patches}


def compare(step: Step) -> list[FileDifference]:
    """Every file of both stages, in the order of their paths."""
    patches = changed_files(step)
    found = []
    for path in sorted(step.files | step.before):
        kind: Kind = "changed"
        if path not in step.before:
            kind = "new"
        elif path not in step.files:
            kind = "gone"
        elif path not in patches:
            found.append(FileDifference(path, "same"))
            continue
        patched = patches[path]
        found.append(
            FileDifference(path, kind, patched.added, patched.removed, list(read_hunks(patched)))
        )
    return found
