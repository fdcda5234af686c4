"""make diff: what a stage adds to the one before, in the order in which it is best read.

A list comes first: each file, the lines that come and go, and what a new file
says of itself. Then the differences follow in the same order (in colour, and in
the pager, on a terminal). With --more: what stages/more/ adds with the stage.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from chain import ROOT, Stage, all_stages, fail, files_of, more_folders, position, run_tool
from pager import show
from reading import REGISTRATIONS, first_sentence, in_order

# What `make stages` counts is what a reader of the diff sees.
DIFF = ["git", "diff", "--no-index", "--histogram", "--indent-heuristic", "--no-renames"]
NOTHING = Path("/dev/null")
WIDTH = 100
TITLES = {"new": "New files", "changed": "Changed files", "gone": "Removed files", "": "Registrations"}


@dataclass(frozen=True)
class Change:
    """A file that differs; a side without it has None."""

    path: str  # as the list names it
    old: Path | None
    new: Path | None
    added: int = 0
    removed: int = 0
    text: str = ""

    @property
    def kind(self) -> str:
        return "new" if not self.old else "changed" if self.new else "gone"

    @property
    def title(self) -> str:
        return TITLES["" if self.path in REGISTRATIONS else self.kind]

    @property
    def counts(self) -> str:
        return f"+{self.added}" + (f" -{self.removed}" if self.removed else "")


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Shows what one stage has and another has not.")
    parser.add_argument("--stage", help="this stage against the one before it")
    parser.add_argument("--from", dest="first", help="the earlier stage")
    parser.add_argument("--to", dest="last", help="the later stage (the one after --from)")
    parser.add_argument("--more", action="store_true", help="what stages/more/ adds")
    parser.add_argument("--only", help="one file: its path in the stage")
    parser.add_argument("--stat", action="store_true", help="only which files, and how much")
    parser.add_argument("--root", type=Path, default=ROOT)
    return parser.parse_args()


def pair(stages: list[Stage], arguments: argparse.Namespace) -> tuple[int, int]:
    """The places of the earlier and the later stage."""
    if arguments.first:
        first = position(stages, arguments.first)
        last = position(stages, arguments.last) if arguments.last else first + 1
    else:
        last = position(stages, arguments.stage or arguments.last or stages[-1].name)
        first = last - 1
    if last >= len(stages):
        fail(f"{stages[-1].name} is the last stage: there is nothing after it")
    return first, last


def git_diff(root: Path, old: Path | None, new: Path | None, *options: str) -> str:
    """What git says of two files, by their paths from the root."""
    names = [str(side.relative_to(root)) if side else str(NOTHING) for side in (old, new)]
    done = subprocess.run([*DIFF, *options, *names], cwd=root, capture_output=True, check=False)
    if done.returncode not in (0, 1):
        fail(done.stderr.decode(errors="replace").strip())
    return done.stdout.decode(errors="replace")


def change(root: Path, path: str, old: Path | None, new: Path | None) -> Change:
    colour = "--color=always" if sys.stdout.isatty() else "--no-color"
    text = git_diff(root, old, new, colour)
    counts = re.match(r"(\d+)\t(\d+)", git_diff(root, old, new, "--numstat"))
    added, removed = (int(counts.group(1)), int(counts.group(2))) if counts else (0, 0)
    return Change(path, old, new, added, removed, text)


def changes(root: Path, old: dict[str, Path], new: dict[str, Path], only: str | None) -> list[Change]:
    """Every file that differs, in the order of reading."""
    pairs = {path: (old.get(path), new.get(path)) for path in {**old, **new}}
    differ = {path: sides for path, sides in pairs.items() if not same(*sides)}
    kinds = {path: Change(path, *sides).kind for path, sides in differ.items()}
    texts = {path: (b or a or NOTHING).read_text(errors="replace") for path, (a, b) in differ.items()}
    paths = in_order(texts, kinds)
    if only is not None:
        paths = [chosen(only, paths)]
    return [change(root, path, *differ[path]) for path in paths]


def same(old: Path | None, new: Path | None) -> bool:
    return bool(old and new) and (old or NOTHING).read_bytes() == (new or NOTHING).read_bytes()


def chosen(only: str, paths: list[str]) -> str:
    """The file that is asked for, by its path or the end of it."""
    wanted = re.sub(r"^stages/(more/)?\d\d-[^/]+/", "", only)
    if wanted in paths:
        return wanted
    found = [path for path in paths if path.endswith(f"/{wanted}")]
    if len(found) != 1:
        why = "several files end with that" if found else "no file of that path differs"
        fail(f"ONLY={only}: {why}. There are:\n" + "\n".join(f"  {path}" for path in found or paths))
    return found[0]


def listed(found: Iterable[Change]) -> str:
    """The list that comes first."""
    rows = list(found)
    width = max((len(one.path) for one in rows), default=0)
    margin = width + 16
    lines: list[str] = []
    title = ""
    for one in rows:
        if one.title != title:
            title = one.title
            lines += ["", f"{title}:"]
        words = first_sentence(one.new.read_text(errors="replace")) if one.new and not one.old else ""
        wrapped = textwrap.wrap(words, max(WIDTH - margin, 30)) or [""]
        lines.append(f"  {one.path:{width}}  {one.counts:>10}  {wrapped[0]}".rstrip())
        lines += [" " * margin + line for line in wrapped[1:]]
    return "\n".join(lines) + "\n"


def summary(found: list[Change]) -> str:
    """How many files, and how many lines."""
    counts = [(sum(one.kind == kind for one in found), word) for kind, word in
              (("new", "new"), ("changed", "changed"), ("gone", "removed"))]  # fmt: skip
    files = ", ".join(f"{count} {word}" for count, word in counts if count)
    added, removed = sum(one.added for one in found), sum(one.removed for one in found)
    plural = "s" if len(found) != 1 else ""
    return f"{len(found)} file{plural} ({files}), {added} lines added, {removed} removed" if found else "nothing"


def lesson(root: Path, stages: list[Stage], first: int, last: int, only: str | None) -> tuple[str, list[Change]]:
    if first < 0:
        fail(f"{stages[0].name} is the first stage: there is nothing before it")
    old, new = (files_of(root, stages[i]) for i in (first, last))
    return f"From {stages[first].name} to {stages[last].name}", changes(root, old, new, only)


def rest(root: Path, stages: list[Stage], first: int, last: int, only: str | None) -> tuple[str, list[Change]]:
    """What stages/more/ adds behind the earlier stage, up to the later."""
    names = [stage.name for stage in stages[first + 1 : last + 1]]
    folders = [folder for folder in more_folders(root) if folder.name in names]
    if not folders:
        fail(f"stages/more/ adds nothing with {' and '.join(names)}")
    found = []
    for folder in folders:
        if only is not None and len(folders) > 1 and folder.name not in only:
            continue
        found += changes(root, {}, files_of(root, folder), only)
    return f"What {' and '.join(f'stages/more/{folder.name}' for folder in folders)} adds", found


def main() -> int:
    arguments = parse_arguments()
    root = arguments.root.resolve()
    stages = all_stages(root)
    first, last = pair(stages, arguments)
    title, found = (rest if arguments.more else lesson)(root, stages, first, last, arguments.only)
    text = "".join(one.text for one in found)
    if arguments.only is None:
        head = f"{title}: {summary(found)}\n{listed(found)}"
        text = head if arguments.stat else f"{head}\n{text}"
    show(text)
    return 0


if __name__ == "__main__":
    run_tool(main)
