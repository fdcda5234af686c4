"""Proves what each step says of building: the stage before, with all that was quoted so far, is built.

A chapter has one directory in build/book-steps/. Its tree goes from step to step, so
make compiles only what a step changes; what came of a tree is remembered by
its content, so a step that has not changed is not built again.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .changes import File, replaced
from .chapters import Chapter, Step
from .coverage import seen_in
from .report import Problem, cut

# A step may leave warnings (what is not used yet), but nothing that is an
# error to newer compilers.
ERRORS = ("implicit-function-declaration", "implicit-int", "int-conversion", "incompatible-pointer-types")
CFLAGS = " ".join(["-O0", *(f"-Werror={name}" for name in ERRORS)])
BUILD_SECONDS = 300
CLOCK_TICK = 0.01  # a file written now must be newer than what was built before, or make would not see it
ERROR = re.compile(r".*(?:\berror:|undefined reference|multiple definition|No rule to make).*")
MAKEFILE = """\
# Written by make book-check.
BUILD := {build}
CORE := 1
include {rules}
"""


def partial(file: File, new: set[int], old: set[int]) -> str | None:
    """A file as it is for a reader who has seen these lines; None when it is not there yet."""
    if file.is_new:
        if not new & file.added:
            return None
        kept = [r.text if r.plain or r.new in new else "" for r in file.rows]
    else:
        kept = changed(file, new, old)
    return "".join(f"{text}\n" for text in kept)


def changed(file: File, new: set[int], old: set[int]) -> list[str]:
    """The lines of a file that the stage before had: some of them gone, some new ones there."""
    gone = replaced(file, new, old)
    kept = [(i, row) for i, row in enumerate(file.rows) if row.tag == " "]
    for group in file.groups:
        begun = not group.added or not new.isdisjoint(group.added)
        for i in range(group.first, group.end):
            row = file.rows[i]
            if row.tag == "-":
                stays = not begun if row.plain else row.old not in gone
            else:
                stays = begun if row.plain else row.new in new
            if stays:
                kept.append((i, row))
    return [row.text for _, row in sorted(kept, key=lambda pair: pair[0])]


def tree(chapter: Chapter, last_line: int) -> dict[str, str]:
    """The files of the stage, as far as the chapter has quoted them up to a line."""
    found = {}
    for path, file in chapter.stage.files.items():
        new, old = seen_in(chapter, path, last_line)
        text = partial(file, new, old)
        if text is not None and path.endswith((".c", ".h")):
            found[path] = text
    if "more.h" in found:
        found.setdefault("more.c", "")  # CORE=1 leaves it out, and links an empty more_open()
    return found


@dataclass(frozen=True)
class Built:
    """What came of building a tree."""

    ok: bool
    message: str  # the first error


def write_tree(folder: Path, files: dict[str, str]) -> None:
    """Makes the folder hold these files, and touches none that is right already."""
    for path in [*folder.glob("*.[ch]"), *folder.glob("*/*.[ch]")]:
        if str(path.relative_to(folder)) not in files:
            path.unlink()
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


class Builder:
    """Builds the trees of one chapter, one after the other."""

    def __init__(self, chapter: Chapter) -> None:
        self.root = chapter.root
        self.folder = chapter.root / "build/book-steps" / chapter.stage.name
        self.source = self.folder / "tree"
        self.known_file = self.folder / "built.json"
        self.known: dict[str, tuple[bool, str]] = {}
        self.used: dict[str, tuple[bool, str]] = {}
        self.shared = self.hash_shared()
        if self.known_file.is_file():
            kept = json.loads(self.known_file.read_text())
            self.known = {key: (ok, message) for key, (ok, message) in kept.items()}

    def hash_shared(self) -> bytes:
        """What every build depends on besides its tree: this tool too."""
        whole = hashlib.sha256()
        rules = [self.root / "stages/stage.mk", self.root / "stages/core.c"]
        for path in [Path(__file__), *rules, *sorted((self.root / "common").glob("*.[ch]"))]:
            whole.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
        return whole.digest()

    def key(self, files: dict[str, str]) -> str:
        whole = hashlib.sha256(self.shared)
        for name in sorted(files):
            whole.update(f"{name}\0{files[name]}\0".encode())
        return whole.hexdigest()

    def build(self, files: dict[str, str]) -> Built:
        key = self.key(files)
        if key not in self.known:
            built = self.make(files)
            self.known[key] = (built.ok, built.message)
            self.known_file.write_text(json.dumps(self.known))
        self.used[key] = self.known[key]
        return Built(*self.known[key])

    def remembers_rightly(self, files: dict[str, str]) -> bool:
        """Builds again what is remembered, and forgets all when that comes out otherwise."""
        known = self.known.get(self.key(files))
        if known and known[0] == self.make(files).ok:
            return True
        self.known = {}
        return False

    def forget_others(self) -> None:
        """Keeps only what this run asked for."""
        self.known_file.write_text(json.dumps(self.used))

    def make(self, files: dict[str, str]) -> Built:
        if "main.c" not in files:
            return Built(False, "there is no main.c yet")
        self.source.mkdir(parents=True, exist_ok=True)
        time.sleep(CLOCK_TICK)
        write_tree(self.source, files)
        rules = self.root / "stages/stage.mk"
        (self.source / "Makefile").write_text(MAKEFILE.format(build=self.folder / "out", rules=rules))
        command = ["make", "-s", "-k", "-j2", "-C", str(self.source), f"CFLAGS={CFLAGS}", "MAKEFLAGS="]
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, errors="replace", check=False, timeout=BUILD_SECONDS
            )
        except subprocess.TimeoutExpired:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise
        return Built(done.returncode == 0, first_error(done.stderr, self.folder, self.root))


def first_error(output: str, folder: Path, root: Path) -> str:
    """The first error, and how many come after it."""
    errors = [x for x in output.splitlines() if ERROR.match(x)] or output.splitlines() or [""]
    first = errors[0].replace(f"{folder}/out/tree/", "").replace(f"{root}/", "")
    return f"{cut(first)} (and {len(errors) - 1} errors more)" if errors[1:] else cut(first)


def numbering(chapter: Chapter) -> Iterator[Problem]:
    """Steps count from 1, and each says whether it builds."""
    for expected, step in enumerate(chapter.steps, 1):
        if step.number != expected:
            yield Problem(chapter.name, step.heading.line, f"Step {step.number} should be step {expected}")
        if step.builds is None:
            text = 'the step does not end with a line "**It builds.** …" or "**It does not build yet** …"'
            yield Problem(chapter.name, step.heading.line, text)
    if not chapter.steps:
        text = 'no "### Step 1: …" stands under "The code, step by step"'
        yield Problem(chapter.name, 1, text)


def wrong(chapter: Chapter, step: Step, built: Built) -> Problem | None:
    if step.builds and not built.ok:
        text = f'step {step.number} says "It builds.", but it does not: {built.message}'
        return Problem(chapter.name, step.claim_line, text)
    if step.builds is False and built.ok:
        text = f'step {step.number} says "It does not build yet", but it does'
        return Problem(chapter.name, step.claim_line, text)
    return None


def prove(chapter: Chapter, builder: Builder) -> list[Problem]:
    """What is wrong with the steps. Nothing is called wrong from memory alone."""
    steps = [(step, tree(chapter, step.last_line)) for step in chapter.steps if step.builds is not None]
    remembered = set(builder.known)
    for _ in range(2):
        found = [(wrong(chapter, step, builder.build(files)), files) for step, files in steps]
        doubtful = [files for problem, files in found if problem and builder.key(files) in remembered]
        if not doubtful or builder.remembers_rightly(doubtful[0]):
            break
    builder.forget_others()
    return [problem for problem, _ in found if problem]


def check(chapter: Chapter) -> list[Problem]:
    """Builds every step that says something."""
    if not chapter.steps:
        return []
    folder = chapter.root / "build/book-steps" / chapter.stage.name
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # one at a time, or two checks would mix their trees
        return prove(chapter, Builder(chapter))
