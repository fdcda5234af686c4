"""make stages: what each stage adds to the one before, and whether it keeps to its limits.

A lesson may add so many lines of code (BUDGETS), and may remove or rewrite at
most 6% as many lines as it adds (the step from the first stage to the second is
free). The last lesson and common/ have limits too. Past one of them this fails.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from chain import ROOT, Stage, all_stages, files_of, more_folders, run_tool
from csource import Figures, Source, figures, read_sources, share
from diff import DIFF

REMOVED_LIMIT = 6.0  # percent of the lines added
FREE_STEP = "01"  # blocking becomes event-driven: the one rewrite

# Lines of code (neither blank nor comment) that a lesson may add.
BUDGETS = {
    "00": 900, "01": 950, "02": 1950, "03": 1050, "04": 950, "05": 1100, "06": 1000,
    "07": 1605, "08": 850, "09": 400, "10": 1200, "11": 910, "12": 1150,
}  # fmt: skip
LESSON_LIMIT = 13_000  # code of the last lesson, whole
COMMON_LIMIT = 3_500  # code of common/


@dataclass(frozen=True)
class More:
    """A folder of stages/more/: what completes a stage."""

    stage: Stage
    code: int
    commands: int
    subcommands: int


@dataclass
class Row:
    """A lesson beside the one before it."""

    stage: Stage
    figures: Figures
    commands: set[str]
    files_added: int = 0
    files_changed: int = 0
    files_removed: int = 0
    added: int = 0
    removed: int = 0
    new_code: int = 0  # lines of code more than the stage before has
    fresh: set[str] = field(default_factory=set)  # commands that the stage before has not
    more: More | None = None

    @property
    def ratio(self) -> float:
        return share(self.removed, self.added)

    @property
    def budget(self) -> int | None:
        return BUDGETS.get(self.stage.number)

    @property
    def rewrites(self) -> str | None:
        """What to say of a stage that does not only add."""
        if self.stage.number == FREE_STEP or self.ratio <= REMOVED_LIMIT:
            return None
        return (
            f"{self.stage.name} removes {self.removed} lines and adds {self.added}: "
            f"{self.ratio:.1f}%, the limit is {REMOVED_LIMIT:.0f}%"
        )

    @property
    def is_large(self) -> str | None:
        """What to say of a lesson that is larger than it may be."""
        if self.budget is None or self.new_code <= self.budget:
            return None
        return f"{self.stage.name} adds {self.new_code:,} lines of code, the limit is {self.budget:,}"


def numstat(root: Path, earlier: Stage, later: Stage) -> list[tuple[int, int, str]]:
    """Lines added, lines removed and path for each file of C that differs."""
    names = [f"stages/{stage.name}" for stage in (earlier, later)]
    done = subprocess.run(
        [*DIFF, "--numstat", "-z", *names], cwd=root, capture_output=True, text=True, check=False
    )
    if done.returncode not in (0, 1):
        sys.exit(done.stderr)
    return parse_numstat(done.stdout, names)


def parse_numstat(text: str, names: list[str]) -> list[tuple[int, int, str]]:
    """Rows of `added removed NUL path NUL path NUL`, where a missing side is /dev/null."""
    fields = text.split("\0")
    found = []
    for i in range(0, len(fields) - 2, 3):
        added, removed = fields[i].split("\t")[:2]
        path = next(side for side in fields[i + 1 : i + 3] if side != "/dev/null")
        for name in names:
            path = path.removeprefix(f"{name}/")
        if path.endswith((".c", ".h")):
            found.append((int(added), int(removed), path))
    return found


def sources_of(root: Path, stage: Stage) -> list[Source]:
    return read_sources(files_of(root, stage).values())


def commands_of(sources: list[Source]) -> set[str]:
    return {name for source in sources for name in source.commands}


def make_row(root: Path, stage: Stage, before: Row | None) -> Row:
    files = files_of(root, stage)
    sources = read_sources(files.values())
    row = Row(stage, figures(sources), commands_of(sources))
    if before is None:
        row.files_added = len(sources)
        row.added = row.figures.lines
        row.fresh = row.commands
    else:
        old = files_of(root, before.stage)
        for added, removed, path in numstat(root, before.stage, stage):
            if path not in files and path not in old:
                continue
            row.files_added += path not in old
            row.files_removed += path not in files
            row.files_changed += path in old and path in files
            row.added += added
            row.removed += removed
        row.fresh = row.commands - before.commands
    row.new_code = row.figures.code - (before.figures.code if before else 0)
    return row


def make_rows(root: Path) -> list[Row]:
    """Every stage, with what stages/more/ adds to it."""
    rows: list[Row] = []
    for stage in all_stages(root):
        rows.append(make_row(root, stage, rows[-1] if rows else None))
    known: set[str] = set()  # a row given again replaces one, and is no new command
    folders = {folder.name: folder for folder in more_folders(root)}
    for row in rows:
        folder = folders.get(row.stage.name)
        known |= row.commands
        if folder:
            sources = sources_of(root, folder)
            code = sum(source.code for source in sources)
            fresh = commands_of(sources) - known
            known |= fresh
            row.more = More(folder, code, *counted(fresh))
    return rows


def counted(names: set[str]) -> tuple[int, int]:
    """How many commands and how many subcommands these are."""
    subcommands = sum("|" in name for name in names)
    return len(names) - subcommands, subcommands


HEAD = """\
stage               files    what the lesson adds to the stage before   stages/more/  functions of the lesson
                    + ~  -   lines gone ratio  code (limit)  commands  code commands  n median 90% max comment"""
LEGEND = f"""\

files     + new, ~ changed, - removed
lines     added; gone: removed or rewritten; ratio: gone for each added, at most {REMOVED_LIMIT:.0f}%; {FREE_STEP}* alone may rewrite
code      lines that are neither blank nor comment
commands  46+29: 46 commands and 29 subcommands that no stage before has
median    half of the functions are as short as this, 90%: nine in ten, max: all
comment   of all lines, those with nothing but comment
"""


def commands_text(commands: int, subcommands: int) -> str:
    return f"{commands}+{subcommands}" if subcommands else f"{commands}"


def print_table(rows: list[Row]) -> None:
    print(HEAD)
    for i, row in enumerate(rows):
        ratio = "" if i == 0 else f"{row.ratio:.1f}%"
        if row.stage.number == FREE_STEP:
            ratio += "*"
        budget = f"({row.budget:,})" if row.budget else ""
        more = f"{row.more.code:5} {commands_text(row.more.commands, row.more.subcommands)}" if row.more else ""
        print(
            f"{row.stage.name:18}{row.files_added:3}{row.files_changed:3}{row.files_removed:3}"
            f"{row.added:8}{row.removed:5} {ratio:>5} "
            f"{row.new_code:6} {budget:8}{commands_text(*counted(row.fresh)):8}"
            f"{more:13}{figures_text(row.figures)}"
        )


def figures_text(f: Figures) -> str:
    return f"{f.functions:4}{f.median:7}{f.ninth_decile:4}{f.longest:4}{f.comment_percent:7.0f}%"


def print_sums(rows: list[Row], common: Figures) -> None:
    """The sizes that have a limit, and all of it together."""
    lesson = rows[-1].figures.code if rows else 0
    more = sum(row.more.code for row in rows if row.more)
    sizes = [
        (f"the lesson of {rows[-1].stage.name}" if rows else "no lesson", lesson, f"limit {LESSON_LIMIT:,}"),
        ("common/", common.code, f"limit {COMMON_LIMIT:,}"),
        ("stages/more/", more, "no limit"),
        ("the whole server", lesson + common.code + more, ""),
    ]
    for name, code, limit in sizes:
        print(f"{name:34}{code:7,} lines of code  {limit}".rstrip())


def faults_of(rows: list[Row], common: Figures) -> list[str]:
    """What is past a limit."""
    found = [text for row in rows for text in (row.is_large, row.rewrites) if text]
    if rows and rows[-1].figures.code > LESSON_LIMIT:
        code = rows[-1].figures.code
        found.append(f"{rows[-1].stage.name} has {code:,} lines of code, the limit is {LESSON_LIMIT:,}")
    if common.code > COMMON_LIMIT:
        found.append(f"common/ has {common.code:,} lines of code, the limit is {COMMON_LIMIT:,}")
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description="The table of stages, and their limits.")
    parser.add_argument("--root", type=Path, default=ROOT)
    root = parser.parse_args().root.resolve()
    rows = make_rows(root)
    common = figures(read_sources((root / "common").glob("*")))
    print_table(rows)
    print(LEGEND)
    print_sums(rows, common)
    faults = faults_of(rows, common)
    sys.stdout.flush()
    for text in faults:
        print(f"past the limit: {text}", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    run_tool(main)
