"""The steps of a typed chapter as patches: book/steps/NN/01.patch, 02.patch …

`make start STAGE=00 STEP=7` applies them with nothing but Python (tests/tools/steps.py).
They are written by book-sync; book-check proves that they are what the chapter types.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from pathlib import Path

import steps as laying

from .report import Problem
from .typed import Typed


def folder(typed: Typed) -> Path:
    return typed.chapter.root / "book/steps" / typed.chapter.number


def differences(before: dict[str, str], after: dict[str, str]) -> Iterator[str]:
    """A patch from the one tree to the other, as git writes it."""
    for path in sorted({*before, *after}):
        old, new = before.get(path), after.get(path)
        if old == new:
            continue
        names = "/dev/null" if old is None else f"a/{path}", "/dev/null" if new is None else f"b/{path}"
        yield from difflib.unified_diff((old or "").splitlines(), (new or "").splitlines(), *names, lineterm="")


def wanted(typed: Typed) -> dict[Path, str]:
    """The patches as they should be."""
    found = {}
    before = typed.start
    for step in typed.steps:
        lines = [f"Step {step.step.number}: {step.step.title}", "", *differences(before, step.files)]
        found[folder(typed) / f"{step.step.number:02}.patch"] = "\n".join(lines) + "\n"
        before = step.files
    return found


def write(typed: Typed) -> int:
    """Writes those that differ, and removes what is left over. Returns how many."""
    patches = wanted(typed)
    count = 0
    for path in sorted(folder(typed).glob("*.patch")):
        if path not in patches:
            path.unlink()
            count += 1
    for path, text in patches.items():
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            count += 1
    return count


def check(typed: Typed) -> Iterator[Problem]:
    """The patches are there, are fresh, and make the trees."""
    root = typed.chapter.root
    patches = wanted(typed)
    for path in sorted({*folder(typed).glob("*.patch"), *patches}):
        have = path.read_text(encoding="utf-8") if path.is_file() else None
        if have != patches.get(path):
            yield Problem(path.relative_to(root).as_posix(), 1, f"it is not what {typed.chapter.name} types; make book-sync")
    tree = dict(typed.start)
    for step in typed.steps:
        tree = laying.apply(tree, patches[folder(typed) / f"{step.step.number:02}.patch"])
        if tree != step.files:
            yield Problem(typed.chapter.name, step.step.heading.line, "its patch does not make the files of this step")
