"""make stages: what each stage adds to the one before, and that it only adds.

A stage may remove or rewrite at most 6% as many lines as it adds (the step from
the first stage to the second is free): past that, this fails. It also has a
size that it should keep to, and is named when it does not.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from chain import ROOT, Stage, all_stages, files_of
from csource import Figures, figures, read_sources, share
from diff import DIFF

REMOVED_LIMIT = 6.0  # percent of the lines added
FREE_STEP = "01"  # blocking becomes event-driven: the one rewrite

# Lines of code (neither blank nor comment) that a stage adds, about: a fifth
# more is too much.
SIZE = 1000
SIZES = {"01": 1600, "02": 2400, "06": 1600, "07": 1600, "10": 1600, "12": 1600}
SIZE_SLACK = 1.2
WHOLE_LIMIT = 15000  # all lines of the last stage with common/


@dataclass
class Row:
    """A stage beside the one before it."""

    stage: Stage
    figures: Figures
    commands: set[str]
    files_added: int = 0
    files_changed: int = 0
    files_removed: int = 0
    added: int = 0
    removed: int = 0
    new_code: int = 0  # lines of code more than the stage before has
    new_commands: int = 0
    new_subcommands: int = 0

    @property
    def ratio(self) -> float:
        return share(self.removed, self.added)

    @property
    def size_limit(self) -> int:
        return SIZES.get(self.stage.number, SIZE)

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
        """What to say of a stage that is larger than planned."""
        if self.new_code <= self.size_limit * SIZE_SLACK:
            return None
        return (
            f"{self.stage.name} adds {self.new_code} lines of code, "
            f"about {self.size_limit} is its size"
        )


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


def make_row(root: Path, stage: Stage, before: Row | None) -> Row:
    files = files_of(root, stage)
    sources = read_sources(files.values())
    row = Row(stage, figures(sources), {name for s in sources for name in s.commands})
    if before is None:
        row.files_added = len(sources)
        row.added = row.figures.lines
        fresh = row.commands
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
        fresh = row.commands - before.commands
    row.new_code = row.figures.code - (before.figures.code if before else 0)
    row.new_subcommands = sum("|" in name for name in fresh)
    row.new_commands = len(fresh) - row.new_subcommands
    return row


HEAD = """\
stage               files       lines    removed     code added  commands     C functions       with
                   +  ~  -     +     -   per added   (about)     + (sub)  lines   n median 90% max comment"""


def print_table(rows: list[Row]) -> None:
    print(HEAD)
    for i, row in enumerate(rows):
        ratio = "" if i == 0 else f"{row.ratio:.1f}%"
        if row.stage.number == FREE_STEP:
            ratio += " free"
        print(
            f"{row.stage.name:18}{row.files_added:3}{row.files_changed:3}{row.files_removed:3}"
            f"{row.added:6}{row.removed:6}   {ratio:11}"
            f"{row.new_code:5} {f'({row.size_limit})':8}"
            f"{row.new_commands:3} {f'({row.new_subcommands})':5}{figures_text(row.figures)}"
        )


def figures_text(f: Figures) -> str:
    return (
        f"{f.lines:7}{f.functions:4}{f.median:7}{f.ninth_decile:4}{f.longest:4}"
        f"{f.comment_percent:7.0f}%"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description="The table of stages, and their limits.")
    parser.add_argument("--root", type=Path, default=ROOT)
    root = parser.parse_args().root.resolve()
    rows: list[Row] = []
    for stage in all_stages(root):
        rows.append(make_row(root, stage, rows[-1] if rows else None))
    print_table(rows)
    common = figures(read_sources((root / "common").glob("*")))
    whole = common.lines + (rows[-1].figures.lines if rows else 0)
    print(f"{'common':74}{figures_text(common)}")
    print(f"The last stage with common/: {whole} lines of C (limit {WHOLE_LIMIT}).")
    for row in rows:
        if row.is_large:
            print(f"larger than planned: {row.is_large}")
    faults = [row.rewrites for row in rows if row.rewrites]
    if whole > WHOLE_LIMIT:
        faults.append(f"the last stage with common/ has {whole} lines, the limit is {WHOLE_LIMIT}")
    for text in faults:
        print(f"past the limit: {text}", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
