"""The steps of a chapter: book/steps/NN/, a patch each. Needs nothing but Python.

make start STAGE=00 STEP=7 lays the tree as it is after step 7; make step STAGE=00 STEP=7
prints what that step changes. Without STAGE= it is the stage of the newest
workspace, as for make check.
"""

from __future__ import annotations

import argparse
import re
import signal
import sys
from pathlib import Path

from chain import ROOT, Stage, all_stages, fail, position

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness.workspace import newest_workspace

HUNK = re.compile(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
TITLE = re.compile(r"Step ([0-9]+): (.*)")
COLOURS = {"+": "\033[32m", "-": "\033[31m", "@": "\033[36m"}


def patches(root: Path, stage: Stage) -> list[Path]:
    """The patches of a stage's steps, in order."""
    return sorted((root / "book/steps" / stage.number).glob("*.patch"))


def title_of(patch: Path) -> str:
    """The first line: "Step 7: Arguments"."""
    return patch.read_text(encoding="utf-8").partition("\n")[0]


def apply(tree: dict[str, str], patch: str) -> dict[str, str]:
    """A tree with a patch applied. Every line of the context must be as the patch says."""
    tree = dict(tree)
    for part in re.split(r"^--- ", patch, flags=re.MULTILINE)[1:]:
        lines = part.splitlines()
        old, new = lines[0].strip(), lines[1].removeprefix("+++ ").strip()
        path = (new if old == "/dev/null" else old)[2:]
        before = tree.get(path, "").splitlines()
        after = patched(before, lines[2:], path)
        if new == "/dev/null":
            tree.pop(path, None)
        else:
            tree[path] = "".join(f"{line}\n" for line in after)
    return tree


def patched(before: list[str], lines: list[str], path: str) -> list[str]:
    """The lines of a file with its hunks applied."""
    after: list[str] = []
    at = 0
    for line in lines:
        if match := HUNK.match(line):
            first = int(match[1]) - (match[2] != "0")
            after += before[at:first]
            at = first
        elif line[:1] in (" ", "-"):
            if at >= len(before) or before[at] != line[1:]:
                fail(f"{path} is not as the patch expects it in line {at + 1}: `make book-sync` writes the patches anew")
            after += [line[1:]] if line[0] == " " else []
            at += 1
        elif line[:1] == "+":
            after.append(line[1:])
    return after + before[at:]


def after_step(root: Path, stage: Stage, number: int, tree: dict[str, str]) -> dict[str, str]:
    """The tree after a step, from the tree of the stage before."""
    for patch in chosen(root, stage, number)[:number]:
        tree = apply(tree, patch.read_text(encoding="utf-8"))
    return tree


def chosen(root: Path, stage: Stage, number: int) -> list[Path]:
    """The patches of the stage, among which is this number's."""
    found = patches(root, stage)
    if not found:
        fail(f"the chapter of {stage.name} is not kept in steps yet")
    if not 1 <= number <= len(found):
        fail(f"STEP={number}: {stage.name} has the steps 1 to {len(found)}")
    return found


def asked(root: Path, name: str | None) -> Stage:
    """The stage of that name, or that of the newest workspace."""
    stages = all_stages(root)
    if not name:
        workspace = newest_workspace(root / "work")
        if not workspace:
            fail("which chapter? STAGE=00 names it, and so does the newest folder in work/: there is none")
        name = workspace.stage
    return stages[position(stages, name)]


def main() -> None:
    parser = argparse.ArgumentParser(description="Prints what a step of a chapter changes.")
    parser.add_argument("--stage", help="that of the newest workspace, if none is named")
    parser.add_argument("--step", type=int)
    parser.add_argument("--root", type=Path, default=ROOT)
    arguments = parser.parse_args()
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # into `head`, say
    root = arguments.root.resolve()
    stage = asked(root, arguments.stage)
    if arguments.step is None:
        print(f"{stage.name}: STEP= prints one of these")
        for patch in patches(root, stage) or [fail(f"the chapter of {stage.name} is not kept in steps yet")]:
            print(title_of(patch))
        return
    text = chosen(root, stage, arguments.step)[arguments.step - 1].read_text(encoding="utf-8")
    for line in text.splitlines():
        colour = COLOURS.get(line[:1], "") if sys.stdout.isatty() else ""
        print(f"{colour}{line}\033[0m" if colour else line)


if __name__ == "__main__":
    main()
