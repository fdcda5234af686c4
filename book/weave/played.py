"""Builds the tree after each step of a typed chapter, and plays the tests on it.

Each tree is built as CORE=1, a warning is an error. Of the stage's own core scenarios and Python tests it must pass what
the chapter's table says is green after its step, and fail what turns green with the next one. A Python test that turned
green before is not played again before the last step, since many of them take seconds. After the last step all of the stage's
tests must pass. What the tree is then is the stage, line by line; so of earlier stages' tests the last stage gives proof, with
`make test`.

With FULL=1, and for `make book-record`, all of the stage's tests are played after each step, and none may pass that is not in the
table; with FULL=1 also the scenarios of earlier stages, wherever a step changes a file that the stage before had, and after the last
step all of their tests.

What came of a tree is remembered by the content of all that it depends on, in build/book-steps/NN-name/.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from . import steptable
from .chapters import Chapter
from .limit import test_name
from .report import Problem, cut
from .steps import MAKEFILE, first_error, write_tree
from .steptable import Greens
from .typed import Typed, TypedStep

CFLAGS = "-O1 -Werror"
BUILD_SECONDS = 300
PLAY_SECONDS = 600
IN_VAIN = 3  # seconds for a test that is to fail, most often by waiting
AT_ONCE = 3
WORKERS = 4
FEW = 8  # tests of Python: below, to start more processes takes longer than to play them one after the other
NO_TESTS = 5  # pytest's exit code
PLAIN = "--assert=plain"  # to explain megabytes that differ takes minutes
WORKERS_AGAIN = 2  # what had too little time beside others gets more
OUTCOME = re.compile(r"^(PASSED|FAILED|ERROR) (tests/.+?)(?: - (.*))?$")


@dataclass
class Played:
    """What came of a tree."""

    error: str = ""  # why it does not build
    passed: set[str] = field(default_factory=set)
    failed: set[str] = field(default_factory=set)
    broken: set[str] = field(default_factory=set)  # tests of earlier stages that fail

    def as_json(self) -> dict[str, object]:
        return {k: v if isinstance(v, str) else sorted(v) for k, v in vars(self).items()}


def read_played(values: dict[str, object]) -> Played:
    played = Played(str(values["error"]))
    for name in ("passed", "failed", "broken"):
        names = values[name]
        setattr(played, name, set(names) if isinstance(names, list) else set())
    return played


class Player:
    """Builds and plays the steps of one chapter."""

    def __init__(self, typed: Typed, every: bool = False) -> None:
        self.typed = typed
        self.every = every or bool(os.environ.get("FULL"))  # also the tests that are neither green nor next
        self.chapter: Chapter = typed.chapter
        self.root = self.chapter.root
        self.name = self.chapter.stage.name
        self.folder = self.root / "build/book-steps" / self.name
        self.memory = self.folder / "played.json"
        self.known: dict[str, dict[str, object]] = {}
        if self.memory.is_file():
            self.known = json.loads(self.memory.read_text(encoding="utf-8"))
        self.shared = self.hash_shared()
        self.why: dict[str, str] = {}  # a test failed the last time it was played, in this run

    def tests(self, earlier: bool) -> list[Path]:
        """The stage's own files of tests, or those of the stages before."""
        number = self.chapter.number
        files = [
            *(self.root / "tests/scenarios").glob("*/*.redis"),
            *(self.root / "tests/python").glob("test_*.py"),
        ]
        found = []
        for path in files:
            of = path.name[5:7] if path.suffix == ".py" else path.parent.name[:2]
            if of < number if earlier else of == number:
                found.append(path)
        return sorted(found)

    def hash_shared(self) -> bytes:
        """What every result depends on besides the tree."""
        whole = hashlib.sha256()
        used = [
            Path(__file__),
            self.root / "stages/stage.mk",
            self.root / "stages/core.c",
        ]
        used += sorted((self.root / "common").glob("*.[ch]"))
        used += sorted((self.root / "tests/harness").glob("*.py"))
        used += [self.root / "tests/conftest.py", *self.tests(True), *self.tests(False)]
        for path in filter(Path.is_file, used):
            whole.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
        return whole.digest()

    def key(self, step: TypedStep) -> str:
        whole = hashlib.sha256(self.shared)
        for name, text in sorted(step.files.items()):
            whole.update(f"{name}\0{text}\0".encode())
        whole.update(" ".join(str(path) for path in self.earlier(step)).encode())
        whole.update(" ".join(sorted(self.asked(step) or ())).encode())
        return whole.hexdigest()

    def asked(self, step: TypedStep) -> set[str] | None:
        """The tests of the stage that are played after a step; None for all."""
        if self.every or step is self.typed.steps[-1]:
            return None
        greens = steptable.read(self.chapter.table)
        number = step.step.number
        again = {name for name in greens.until(number) if not name.startswith("test_")}
        return again | {name for step_of in (number, number + 1) for name in greens.by_step.get(step_of, ())}

    def earlier(self, step: TypedStep) -> list[Path]:
        """The tests of earlier stages that are played after a step."""
        if not os.environ.get("FULL"):
            return []
        if step is self.typed.steps[-1]:
            return self.tests(True)
        changes = step.changed & set(self.typed.start)
        return [path for path in self.tests(True) if path.suffix == ".redis"] if changes else []

    def all(self) -> list[Played]:
        """What came of every step."""
        found: dict[int, Played] = {}
        waiting: list[tuple[int, Future[Played]]] = []
        expected = steptable.read(self.chapter.table)
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for place, step in enumerate(self.typed.steps):
                if known := self.known.get(self.key(step)):
                    found[place] = read_played(known)
                    continue
                binary, error = self.build(step)
                if error:
                    found[place] = Played(error)
                    continue
                waiting.append(
                    (
                        place,
                        pool.submit(self.play, step, binary, expected.until(step.step.number)),
                    )
                )
            for place, future in waiting:
                found[place] = future.result()
        results = [found[place] for place in range(len(self.typed.steps))]
        kept = {self.key(s): r.as_json() for s, r in zip(self.typed.steps, results, strict=True)}
        self.memory.write_text(json.dumps(kept, indent=1), encoding="utf-8")
        return results

    def forget(self, places: Iterable[int]) -> None:
        for place in places:
            self.known.pop(self.key(self.typed.steps[place]), None)

    def build(self, step: TypedStep) -> tuple[Path, str]:
        """The folder of the build, and the first error. Trees share the objects of common/."""
        source = self.folder / "tree"
        source.mkdir(parents=True, exist_ok=True)
        write_tree(source, step.files)
        rules = self.root / "stages/stage.mk"
        (source / "Makefile").write_text(MAKEFILE.format(build=self.folder / "out", rules=rules), encoding="utf-8")
        command = [
            "make",
            "-s",
            "-k",
            "-j2",
            "-C",
            str(source),
            "CC=gcc",
            f"CFLAGS={CFLAGS}",
            "MAKEFLAGS=",
        ]
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            timeout=BUILD_SECONDS,
        )
        builds = self.folder / f"{step.step.number:02}-core"
        if done.returncode:
            return builds, first_error(done.stderr, self.folder, self.root)
        (builds / self.name).mkdir(parents=True, exist_ok=True)
        shutil.copy2(self.folder / "out/tree/server", builds / self.name / "server")
        return builds, ""

    def play(self, step: TypedStep, builds: Path, expected: set[str]) -> Played:
        """Plays the tests on a build. Those that are to pass and do not have a second try, with more time."""
        passed, failed = self.run(builds, self.tests(False), IN_VAIN, self.asked(step))
        if lost := expected & failed:
            again, _ = self.run(builds, self.tests(False), 5 * IN_VAIN, lost, WORKERS_AGAIN)
            passed |= again
            failed -= again
        played = Played("", passed, failed)
        if earlier := self.earlier(step):
            _, played.broken = self.run(builds, earlier, 5 * IN_VAIN)
            if played.broken:
                _, played.broken = self.run(builds, earlier, 5 * IN_VAIN, played.broken, WORKERS_AGAIN)
        return played

    def run(
        self,
        builds: Path,
        tests: list[Path],
        limit: float,
        only: set[str] | None = None,
        workers: int = WORKERS,
    ) -> tuple[set[str], set[str]]:
        """The names of the tests that passed and of those that failed. `only` these are played."""
        if only is not None and not only:
            return set(), set()
        if only:
            of_python = any(name.startswith("test_") for name in only)
            tests = [path for path in tests if (of_python if path.suffix == ".py" else path.stem in only)]
        scenarios = [str(path) for path in tests if path.suffix == ".redis"]
        functions = [str(path) for path in tests if path.suffix == ".py"]
        text = ""
        if scenarios:
            text += self.said(["weave.scenes", str(builds), self.chapter.number, *scenarios], builds, limit)
        if functions:
            asked = sum(name.startswith("test_") for name in only) if only else WORKERS
            command = ["pytest", "-q", "-rpfE", "--tb=no", PLAIN, "-p", "weave.limit"]
            command += ["-p", "no:xdist"] if only and asked < FEW else ["-n", str(workers)]
            command += ["-c", str(self.root / "tests/pytest.ini"), f"--rootdir={self.root}"]
            text += self.said([*command, f"--stage={self.chapter.number}", *functions], builds, limit, only)
        outcomes = list(self.outcomes(text))
        failed = {name for ok, name in outcomes if not ok}
        return {name for ok, name in outcomes if ok} - failed, failed

    def said(self, words: list[str], builds: Path, limit: float, only: set[str] | None = None) -> str:
        """What a module of Python prints that plays tests on a build."""
        environment = {
            **os.environ,
            "PYTHONPATH": f"{self.root / 'tests'}:{self.root / 'book'}",
            "STAGE_BUILD_DIR": str(builds),
            "WEAVE_LIMIT": str(limit),
            "HARNESS_TIMEOUT": "1" if limit == IN_VAIN else "5",
            "COLUMNS": "1000",
        }
        environment.pop("CORE", None)
        if only:
            names = builds / "only"
            names.write_text("\n".join([self.name, *sorted(only)]), encoding="utf-8")
            environment["WEAVE_ONLY"] = str(names)
        done = subprocess.run(
            [sys.executable, "-m", *words],
            cwd=self.root,
            env=environment,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            timeout=PLAY_SECONDS,
        )
        if done.returncode not in (0, 1, NO_TESTS):
            raise SystemExit(f"the tests of {self.name} could not be run:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
        return done.stdout

    def outcomes(self, text: str) -> Iterator[tuple[bool, str]]:
        """Whether each test passed, and its name: a scenario's file, or a function with its parameters."""
        for line in text.splitlines():
            if (match := OUTCOME.match(line)) and (name := test_name(match[2], self.name)):
                self.why[name] = f" ({cut(match[3])})" if match[3] else ""
                yield match[1] == "PASSED", name


def ready(typed: Typed) -> Path:
    folder = typed.chapter.root / "build/book-steps" / typed.chapter.stage.name
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def wrong(player: Player, results: list[Played], greens: Greens) -> Iterator[tuple[int, Problem]]:
    """Where the results are not as the table says, by the step's place."""
    typed = player.typed
    name = typed.chapter.name
    late = steptable.late(typed.chapter.table)
    for place, (step, played) in enumerate(zip(typed.steps, results, strict=True)):
        number, line = step.step.number, step.step.heading.line
        if played.error:
            yield (
                place,
                Problem(name, line, f"after step {number} it does not build: {played.error}"),
            )
            continue
        expected = greens.until(number)
        asked = player.asked(step)
        if lost := sorted((expected if asked is None else expected & asked) - played.passed):
            text = f"after step {number} these fail, and the table says they are green: {', '.join(name + player.why.get(name, '') for name in lost)}"
            yield place, Problem(name, line, text)
        lucky = {test for test, first in late.items() if number < first}
        if early := sorted(played.passed - expected - lucky):
            text = (
                f"after step {number} these pass, and the table does not say so: {', '.join(early)}; make book-record"
            )
            yield place, Problem(name, line, text)
        if played.broken:
            text = f"step {number} breaks what earlier stages can: {', '.join(sorted(played.broken))}"
            yield place, Problem(name, line, text)
        if place == len(results) - 1 and played.failed:
            text = f"after the last step these fail: {', '.join(sorted(played.failed))}"
            yield place, Problem(name, line, text)


def check(typed: Typed) -> list[Problem]:
    """Builds and plays every step. Nothing is called wrong from memory alone."""
    if typed.problems or not typed.steps:
        return []  # it cannot be typed, and that was said
    with (ready(typed) / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        player = Player(typed)
        greens = steptable.read(typed.chapter.table)
        remembered = {place for place, step in enumerate(typed.steps) if player.key(step) in player.known}
        found = list(wrong(player, player.all(), greens))
        if doubtful := {place for place, _ in found} & remembered:
            player.forget(doubtful)
            found = list(wrong(player, player.all(), greens))
        return [problem for _, problem in found]


def record(chapter: Chapter) -> None:
    """Writes into the table what is green after each step."""
    from . import sync

    typed = sync.typed_of(chapter)
    if not typed or not typed.steps:
        return
    for problem in typed.problems:
        print(problem)
    with (ready(typed) / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        results = Player(typed, every=True).all()
    greens = Greens()
    known: set[str] = set()
    late = steptable.late(chapter.table)
    for step, played in zip(typed.steps, results, strict=True):
        if played.error:
            print(f"{chapter.name}:{step.step.heading.line}: step {step.step.number} does not build: {played.error}")
        lucky = {test for test, first in late.items() if step.step.number < first}
        new = played.passed - known - lucky
        greens.by_step[step.step.number] = sorted(new, key=lambda n: (n.startswith("test_"), n))
        known |= new
        greens.all = max(greens.all, len(played.passed | played.failed))
    assert chapter.table
    body = steptable.body(typed, greens)
    lines = list(chapter.document.lines)
    lines[chapter.table.line : chapter.table.end - 1] = body
    chapter.path.write_text("\n".join(lines), encoding="utf-8")
    print(f"{chapter.name}: {len(known)} of {greens.all} tests are green at the end")
