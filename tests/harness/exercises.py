"""Exercises: where they are, and the check of a learner's attempt.

    book/01-event-loop.md               ### Exercise 01.2: its title, the statement, three hints
    solutions/01-event-loop/2-name*     what it must pass: *.redis, *_test.py; and 2-name.patch, one solution
    book/capstones.md                   ### Exercise C.2: the same of those that are done on the last stage
    solutions/capstones/2-name*
    work/exercise-01.2/                 a copy of the stage to do it in, when there is one
"""

from __future__ import annotations

import argparse
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from .player import play
from .report import WIDTH, report
from .scenario import read_scenario
from .server import ServerCommand
from .stages import ROOT, TESTS, Stage, find_stage
from .target import WORK, Target, choose, prepare, workspace_command
from .workspace import Workspace, find_workspace, newest_workspace

HEADING = re.compile(r"^### Exercise ((?:\d\d|C)\.\d+): (.+)$", re.MULTILINE)
NEXT_HEADING = re.compile(r"^#{1,3} ", re.MULTILINE)
HINTS = 3
CAPSTONES = "capstones"  # their folder and their page
MAKEFILE = "# Built by the rules of the course.\nBUILD := ../build\ninclude ../../stages/stage.mk\n"


@dataclass
class Exercise:
    """What the course has of one exercise."""

    number: str  # 01.2, C.2
    stage: Stage
    patch: Path
    tests: list[Path]
    page: str  # where it is stated, relative to the root
    title: str = ""  # empty: the chapter has no such heading
    hints: int = 0

    @property
    def label(self) -> str:
        return f"Exercise {self.number}: {self.title}"


def statements(chapter: Path) -> dict[str, tuple[str, str]]:
    """Title and text of each exercise in a chapter, by its number."""
    text = chapter.read_text(encoding="utf-8") if chapter.exists() else ""
    found = {}
    for heading in HEADING.finditer(text):
        end = NEXT_HEADING.search(text, heading.end())
        found[heading[1]] = (heading[2], text[heading.end() : end.start() if end else len(text)])
    return found


def stage_of(folder: Path, root: Path) -> Stage:
    """The stage that exercises of this folder are done on."""
    names = [folder.name] if folder.name != CAPSTONES else sorted(p.name for p in root.glob("stages/[0-9][0-9]-*"))
    return Stage(int(names[-1][:2]), names[-1])


def all_exercises(root: Path = ROOT) -> list[Exercise]:
    """Every patch in solutions/, with its tests and its statement."""
    found = []
    for folder in sorted([*root.glob("solutions/[0-9][0-9]-*"), *root.glob(f"solutions/{CAPSTONES}")]):
        stage = stage_of(folder, root)
        page = f"book/{folder.name}.md"
        stated = statements(root / page)
        for patch in sorted(folder.glob("[0-9]*-*.patch")):
            number = f"{'C' if folder.name == CAPSTONES else folder.name[:2]}.{patch.name.partition('-')[0]}"
            tests = sorted([*folder.glob(f"{patch.stem}*.redis"), *folder.glob(f"{patch.stem}*_test.py")])
            title, text = stated.get(number, ("", ""))
            found.append(Exercise(number, stage, patch, tests, page, title, text.count("<details>")))
    return found


def find_exercise(number: str, root: Path = ROOT) -> Exercise:
    exercises = all_exercises(root)
    for one in exercises:
        if one.number == number:
            return one
    names = ", ".join(one.number for one in exercises)
    wrong = f"EX={number}: there is no such exercise." if number else "EX=01.2 says which exercise."
    raise SystemExit(f"{wrong} There are: {names}")


def run_python(tests: list[Path], options: list[str], build: Path | None = None) -> tuple[int, str]:
    """pytest over tests that may stand outside of tests/. Its exit code, and what it printed."""
    words = [sys.executable, "-m", "pytest", "-q", "-x", "-c", str(TESTS / "pytest.ini"), f"--rootdir={ROOT}"]
    words += ["--import-mode=importlib", "--tb=short", *options]
    if not any(test.is_relative_to(TESTS) for test in tests):
        words += ["-p", "conftest"]  # elsewhere pytest would not look for it
    environment = {k: v for k, v in os.environ.items() if k not in ("SERVER", "STAGE")}
    environment["PYTHONPATH"] = str(TESTS)
    if build:
        environment["STAGE_BUILD_DIR"] = str(build)
    done = subprocess.run(
        [*words, *map(str, tests)], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


def failure_of(exercise: Exercise, command: ServerCommand, python: list[str], build: Path | None = None) -> str:
    """What the first test that fails has to say; empty when all pass. `python` says to pytest which server."""
    graceful = bool(build and "sanitize" in build.name)
    for path in (t for t in exercise.tests if t.suffix == ".redis"):
        result = play(read_scenario(path), command, graceful)
        if not result.passed:
            again = re.compile(rf"make check (CORE=1 )?(?:STAGE=\d+ )?(.*)ONLY={re.escape(result.scenario.name)}")
            return again.sub(rf"make exercise \1\2EX={exercise.number}", report(result))
    tests = [t for t in exercise.tests if t.suffix == ".py"]
    if not tests:
        return ""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "report"
        options = [f"--stage={exercise.stage.number}", f"--report-to={file}", *python]
        status, output = run_python(tests, options, build)
        fine = file.read_text(encoding="utf-8") if file.exists() else ""
    if not status or not fine:
        return output if status else ""
    return f"{fine}\nBy hand\n{again_by_hand(exercise, command)}\n{'=' * WIDTH}\n"


def again_by_hand(exercise: Exercise, command: ServerCommand) -> str:
    """The line that runs the exercise's tests once more."""
    server = f"SERVER={shlex.quote(command.spec)} " if command.spec else ""
    return f"make exercise {server}EX={exercise.number}"


def own_folder(exercise: Exercise) -> Path:
    return WORK / f"exercise-{exercise.number}"


def target_of(exercise: Exercise, server: str | None) -> Target | None:
    """SERVER; else the copy that was begun for this exercise, the stage's workspace, or the newest."""
    if server:
        return choose(None, server)
    folder = own_folder(exercise)
    if folder.exists():
        workspace: Workspace | None = Workspace(folder)
    else:
        workspace = find_workspace(WORK, exercise.stage.name) or newest_workspace(WORK)
    if not workspace:
        return None
    stage = exercise.stage if folder.exists() else find_stage(workspace.stage)
    return Target(workspace_command(workspace, stage), stage, workspace)


def begin(exercise: Exercise) -> int:
    """Lays a copy of the stage, in which the exercise can be done beside the course."""
    folder = own_folder(exercise)
    if folder.exists():
        print(f"work/{folder.name} is there already, and nothing in it was touched.")
        return 1
    shutil.copytree(exercise.stage.source, folder)
    (folder / "Makefile").write_text(MAKEFILE, encoding="utf-8")
    print(f"{exercise.label}\n")
    print(f"work/{folder.name} is yours: a copy of stages/{exercise.stage.name}.")
    print(f"Read {exercise.page}, \"{exercise.label}\"; then")
    print(f"  make exercise EX={exercise.number}    builds it and runs the test")
    return 0


def run_exercise(args: argparse.Namespace) -> int:
    """Checks what the learner has."""
    exercise = find_exercise(args.ex)
    if args.start:
        return begin(exercise)
    target = target_of(exercise, args.server)
    if not target:
        print(f"{exercise.label}\n\nThere is nothing of yours to check yet.")
        print(f"  make exercise EX={exercise.number} START=1    begins with a copy of the stage")
        print(f"  make start STAGE={exercise.stage.number:02}              begins the stage itself")
        return 1
    if not prepare(target):
        return 1
    print(f"{exercise.label}\nThe server: {target.command.label}\n", flush=True)
    words = [word for word in target.command.words if word != "{dir}" and word != "--dir"]
    failure = failure_of(exercise, replace(target.command, stage=exercise.stage), [f"--server={shlex.join(words)}"])
    if failure:
        print(failure)
        print(f"Exercise {exercise.number} does not pass yet. The hints are in {exercise.page}.")
        return 1
    print(f"Exercise {exercise.number} passes: {', '.join(t.name for t in exercise.tests)}.")
    print(f"`make solution EX={exercise.number}` shows another way, in {exercise.patch.relative_to(ROOT)}.")
    return 0
