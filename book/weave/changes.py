"""A stage beside the one before it: which lines are new, and which are gone.

The rows of a file are its whole diff, unchanged lines and all, as git aligns
them for `make diff`. Hunks, coverage and half-built stages are made from rows.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from chain import Stage as StagePath
from chain import all_stages, fail, files_of, position
from definitions import Source, is_formatter
from diff import DIFF

CONTEXT = 3
OPTIONS = ["--no-color", "--no-ext-diff", "--no-textconv", "--text", "-U1000000"]
CONFIG = ["-c", "core.quotePath=false", "-c", "diff.noprefix=false", "-c", "diff.mnemonicPrefix=false"]
HEADING = re.compile(r"[A-Za-z_$]")


@dataclass(frozen=True)
class Row:
    """A line of a diff. `old` and `new` are its numbers, None on the side that lacks it."""

    tag: str  # " ", "-" or "+"
    old: int | None
    new: int | None
    text: str

    @property
    def plain(self) -> bool:
        """Whether it needs no words: it is blank, or for clang-format only."""
        return not self.text.strip() or is_formatter(self.text)


@dataclass(frozen=True)
class Group:
    """Changes in a row, without an unchanged line in between: rows from `first` to before `end`."""

    first: int
    end: int
    removed: frozenset[int]  # lines of the stage before, without plain ones
    added: tuple[int, ...]  # lines of the stage, without plain ones


@dataclass(frozen=True)
class Hunk:
    """A piece of the rows, and the line above that tells where it is."""

    rows: tuple[Row, ...]
    heading: str

    def lines(self) -> list[str]:
        """As it stands in the book: git's form, without line numbers and spaces at line ends."""
        title = f"@@ {self.heading}" if self.heading else "@@"
        return [title, *((row.tag + row.text).rstrip(" ") for row in self.rows)]


@dataclass
class File:
    """A file of a stage, beside the same file of the stage before."""

    path: str
    lines: list[str]
    old_lines: list[str] | None  # None: the stage before has no such file
    rows: list[Row] = field(default_factory=list)

    @property
    def is_new(self) -> bool:
        return self.old_lines is None

    @cached_property
    def source(self) -> Source:
        return Source("\n".join(self.lines) + "\n")

    @cached_property
    def added(self) -> frozenset[int]:
        """The lines that the stage adds or changes and that must be quoted."""
        return frozenset(r.new for r in self.rows if r.tag == "+" and r.new and not r.plain)

    @cached_property
    def groups(self) -> list[Group]:
        found = []
        at = 0
        while at < len(self.rows):
            if self.rows[at].tag == " ":
                at += 1
                continue
            end = at
            while end < len(self.rows) and self.rows[end].tag != " ":
                end += 1
            inside = self.rows[at:end]
            removed = frozenset(r.old for r in inside if r.tag == "-" and r.old and not r.plain)
            added = tuple(r.new for r in inside if r.tag == "+" and r.new and not r.plain)
            found.append(Group(at, end, removed, added))
            at = end
        return found

    def hunks(self) -> list[Hunk]:
        """The diff as git prints it, with three lines of context."""
        return self.hunks_of({i for i, row in enumerate(self.rows) if row.tag != " "})

    def hunks_of(self, chosen: set[int]) -> list[Hunk]:
        """Hunks that hold the chosen rows and, of the others, only unchanged ones around them."""
        wanted = set(chosen)
        for i in chosen:
            for step in (-1, 1):
                for near in range(i + step, i + step * (CONTEXT + 1), step):
                    if not 0 <= near < len(self.rows) or self.rows[near].tag != " ":
                        break
                    wanted.add(near)
        return [self.hunk(first, end) for first, end in runs(wanted)]

    def hunk(self, first: int, end: int) -> Hunk:
        """The rows from first to before end."""
        above = (row.text for row in reversed(self.rows[:first]) if row.tag != "+")
        heading = next((text for text in above if HEADING.match(text)), "")
        return Hunk(tuple(self.rows[first:end]), heading.rstrip(" {"))


def runs(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Runs of numbers: the first of each and the one behind the last."""
    first = last = None
    for number in sorted(numbers):
        if last is not None and first is not None and number != last + 1:
            yield first, last + 1
            first = number
        first = number if first is None else first
        last = number
    if first is not None and last is not None:
        yield first, last + 1


def replaced(file: File, new_lines: Iterable[int], old_lines: Iterable[int]) -> set[int]:
    """The lines of the stage before that are gone for a reader who has seen these lines.

    A removed line is gone when it was shown as removed, or when what stands in
    its place was shown: the first of the lines that replace it, or all.
    """
    seen, gone = set(new_lines), set(old_lines)
    for group in file.groups:
        if group.added and (group.added[0] in seen or seen.issuperset(group.added)):
            gone |= group.removed
    return gone


def read_lines(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").split("\n")
    return lines[:-1] if lines[-1] == "" else lines


def parse_diff(text: str) -> Iterator[tuple[str, list[Row]]]:
    """Path and rows of each file in git's output."""
    for part in re.split(r"^diff --git ", text, flags=re.MULTILINE)[1:]:
        head, found, body = part.partition("\n@@ ")
        if not found:
            continue
        sides = re.findall(r"^(?:---|\+\+\+) (?:[ab]/)?(.*?)\t?$", head, re.MULTILINE)
        path = sides[1] if sides[1] != "/dev/null" else sides[0]
        start = re.match(r"-(\d+)\S* \+(\d+)", body)
        assert start
        rows = []
        old, new = int(start[1]) or 1, int(start[2]) or 1
        for line in body.split("\n")[1:]:
            tag, rest = line[:1], line[1:]
            if tag not in (" ", "-", "+"):
                continue
            rows.append(Row(tag, None if tag == "+" else old, None if tag == "-" else new, rest))
            old += tag != "+"
            new += tag != "-"
        yield path, rows


def diff_rows(root: Path, before: StagePath, stage: StagePath) -> dict[str, list[Row]]:
    """The rows of every file that differs, by its path in the stage."""
    names = [f"stages/{before.name}", f"stages/{stage.name}"]
    command = ["git", *CONFIG, *DIFF[1:], *OPTIONS, *names]
    done = subprocess.run(command, cwd=root, capture_output=True, check=False)
    if done.returncode not in (0, 1):
        fail(done.stderr.decode(errors="replace"))
    found = {}
    for path, rows in parse_diff(done.stdout.decode(errors="replace")):
        for name in names:
            path = path.removeprefix(f"{name}/")
        found[path] = rows
    return found


@dataclass
class Stage:
    """A stage and what it changes."""

    root: Path
    name: str
    before: str | None  # the name of the stage before
    files: dict[str, File]
    removed_files: dict[str, list[str]]  # of the stage before

    @property
    def number(self) -> str:
        return self.name[:2]

    @property
    def path(self) -> Path:
        return self.root / "stages" / self.name


def plain_rows(lines: list[str], tag: str) -> list[Row]:
    return [Row(tag, n if tag == " " else None, n, text) for n, text in enumerate(lines, 1)]


def load_stage(root: Path, number: str) -> Stage:
    """The stage of this number, beside the one before it."""
    stages = all_stages(root)
    place = position(stages, number)
    stage = stages[place]
    before = stages[place - 1] if place else None
    old = files_of(root, before) if before else {}
    rows = diff_rows(root, before, stage) if before else {}
    files = {}
    for path, where in files_of(root, stage).items():
        lines = read_lines(where)
        old_lines = read_lines(old[path]) if path in old else None
        own = plain_rows(lines, "+") if old_lines is None else rows.get(path) or plain_rows(lines, " ")
        files[path] = File(path, lines, old_lines, own)
    gone = {path: read_lines(old[path]) for path in old if path not in files}
    return Stage(root, stage.name, before.name if before else None, files, gone)
