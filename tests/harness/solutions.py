"""Solutions: each patch is put on a copy of its stage, and proved.

A solution holds when its patch applies, changes the lesson alone, compiles with gcc
and clang without a warning and is formatted as the stages are; when its test fails on the bare stage
and passes with the patch; and when no scenario of the stage fails then. All this on both builds, the whole one and
the CORE build. With FULL=1 what was written for the stages before is played, too, and Python tests, but for those that
measure time (marked `alone`), since several stages run at once: the whole build runs them, which has the same objects of the lesson.

Each solution by itself is compiled as the lesson alone. The whole build is that of a tree with all solutions of a stage, as far
as their patches go together: there their tests pass, the tests of the stage are played, and clang hears it. Where one
fails, or clang has something to say, each solution is asked alone, about both builds.

What is built of the stages already is taken over, so that only what a patch changes is compiled.

With CORE=1 only the CORE builds are looked at, with all that is of level core.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from .exercises import HINTS, Exercise, all_exercises, failure_of, find_exercise, run_python
from .mutants import copy_tree, run, share_tree, take_over
from .player import play
from .scenario import read_scenario
from .server import ServerCommand, stage_command
from .stages import ROOT, Stage, core_build, full, is_core
from .suite import in_parallel

AT_ONCE = 2 * (os.cpu_count() or 1)  # stages: they wait for servers as much as they compute
LINES_SHOWN = 40
MARKS = {True: "yes", False: "NO"}
NO_TESTS = 5  # pytest's exit code
HEARD = ["WERROR=1", "CFLAGS=-O0"]  # as make lint-clang has it: what clang says does not depend on how it optimises
PLAIN = "--assert=plain"  # to explain megabytes that differ takes minutes
CHANGED = re.compile(r"^\+\+\+ b/(\S+\.[ch])$", re.MULTILINE)
NAMED = re.compile(r"^(?:--- a|\+\+\+ b)/(\S+)", re.MULTILINE)


@dataclass
class Verdict:
    """What was found about a solution, in the order in which it was looked at."""

    exercise: Exercise
    found: dict[str, str] = field(default_factory=dict)  # question: trouble, or nothing

    @property
    def holds(self) -> bool:
        return not any(self.found.values())


PLAYED = ("fails before", "passes", "suite passes")  # what a busy machine can answer wrongly
QUESTIONS = ("stated", "lesson only", "applies", "no warning", "formatted", *PLAYED)


def called(compiler: str) -> str:
    """The name that the builds of the course know a compiler by: gcc is called cc where that is the same program."""
    usual, named = shutil.which("cc"), shutil.which(compiler)
    same = compiler == "gcc" and usual and named and os.path.realpath(usual) == os.path.realpath(named)
    return "cc" if same else compiler


class Workshop:
    """Builds stages, bare and with patches, below one folder."""

    def __init__(self, root: Path, folder: Path, sanitize: bool = False) -> None:
        self.root = root
        self.folder = folder
        self.sanitize = sanitize
        self.compilers = [c for c in ("gcc", "clang") if shutil.which(c)]

    def builds(self, tree: Path) -> list[Path]:
        """Where the binaries that are tested are built in a tree: the whole build, and the CORE build."""
        variant = "-sanitize" * self.sanitize
        whole, core = tree / f"build{variant}", tree / f"build-core{variant}"
        return [core] if core_build() else [whole, core]

    def places(self, tree: Path) -> dict[str, list[Path]]:
        """Where each compiler builds: the first, as a stage is built, what is tested; the others the whole build, to hear them."""
        others = self.compilers[1:]
        heard = {name: [tree / "build-lint" / f"{name}{'-sanitize' * self.sanitize}"] for name in others}
        return {name: self.builds(tree) for name in self.compilers[:1]} | heard

    def compile(self, stage: str, tree: Path, compilers: list[str] | None = None, lesson: bool = False) -> str:
        """Builds a stage with each compiler; empty, or the warnings of the first that has any.

        By default with the first alone; with `lesson` the CORE build alone.
        """
        for compiler, builds in self.places(tree).items():
            first = compiler == self.compilers[0]
            if compiler not in (self.compilers[:1] if compilers is None else compilers):
                continue
            for build in builds[-1:] if lesson else builds:
                words = ["make", "-s", f"-j{os.cpu_count() or 1}", "-C", f"stages/{stage}"]
                words += [f"BUILD=../../{build.relative_to(tree)}"] + ["SANITIZE=1"] * self.sanitize
                words += [f"CC={called(compiler)}"] + ([] if first else HEARD)
                core = "1" if is_core(build) else ""
                trouble = run(words, tree, first, MAKEFLAGS="", MAKELEVEL="", STAGE="", SANITIZE="", BUILD="", CORE=core)
                if trouble:
                    return f"{compiler}{' with CORE=1' * is_core(build)}:\n{trouble}"
        return ""

    def bare(self, stage: str) -> Path:
        """A tree with the stage as it is, built once."""
        tree = self.folder / stage
        if not tree.exists():
            tree.mkdir(parents=True)
            source = self.root / "stages" / stage
            copy_tree(self.root, source, tree)
            for place in sum(self.places(tree).values(), []):
                take_over(self.root, str(place.relative_to(tree)), source, tree)
            if trouble := self.compile(stage, tree, self.compilers):
                raise SystemExit(f"{stage} does not compile:\n{trouble}")
        return tree

    def patched(self, exercise: Exercise, tree: Path, lesson: bool = False) -> str:
        """Makes `tree` a copy of the stage with the patch on it; says why when that fails. `lesson`: the CORE build will do."""
        shutil.rmtree(tree, ignore_errors=True)
        bare = self.bare(exercise.stage.name)
        unused = {path.relative_to(bare).parts[0] for path in sum(self.places(bare).values(), [])}
        unused -= {self.builds(bare)[-1].name}
        share_tree(bare, tree, unused if lesson else ())
        return self.apply(exercise, tree)

    def apply(self, exercise: Exercise, tree: Path) -> str:
        """Puts the patch on a tree; says why when that fails. The tree is not a part of the repository in which it may stand."""
        return run(["git", "apply", "-C1", str(exercise.patch.resolve())], tree, GIT_CEILING_DIRECTORIES=str(tree.parent))

    def together(self, exercises: list[Exercise]) -> list[list[Exercise]]:
        """The exercises of a stage in groups whose patches go onto one tree; the tree has the name of its first and a +."""
        groups: list[list[Exercise]] = []
        for exercise in exercises:
            if groups and not self.apply(exercise, self.tree_of(groups[-1])):
                groups[-1].append(exercise)
                continue
            groups.append([exercise])
            self.patched(exercise, self.tree_of(groups[-1]))
        return groups

    def tree_of(self, group: list[Exercise]) -> Path:
        return self.folder / f"{group[0].number}+"


def command_in(exercise: Exercise, build: Path) -> ServerCommand:
    return stage_command(exercise.stage, build)


def clang_format(root: Path) -> str:
    """Version 14, as `make lint` uses it; empty when there is none."""
    for name in ("clang-format-14", "clang-format", str(ROOT / ".venv" / "bin" / "clang-format")):
        if shutil.which(name):
            said = subprocess.run([name, "--version"], capture_output=True, text=True, check=False).stdout
            if "version 14." in said:
                return name
    return ""


def misformatted(exercise: Exercise, root: Path, tree: Path) -> str:
    tool = clang_format(root)
    if not tool:
        return "clang-format 14 is missing: make lint-format says where it comes from"
    changed = CHANGED.findall(exercise.patch.read_text(encoding="utf-8"))
    style = f"--style=file:{ROOT / '.clang-format'}"
    return run([tool, "--dry-run", "-Werror", style, *changed], tree) if changed else "it changes no C"


def suite_failure(exercise: Exercise, root: Path, build: Path) -> str:
    """The first scenario of the stage that fails on the patched one; empty when all pass. With FULL=1 Python tests, too."""
    command = command_in(exercise, build)
    number = exercise.stage.number
    first = 0 if full() else number
    paths = sorted(root.glob("tests/scenarios/[0-9][0-9]-*/*.redis"))
    scenarios = [s for s in map(read_scenario, paths) if first <= s.first_stage <= number]
    scenarios = [s for s in scenarios if s.level == "core" or not is_core(build)]
    graceful = "sanitize" in build.name
    failed = [r.scenario for r in in_parallel(lambda s: play(s, command, graceful), scenarios) if not r.passed]
    # A busy machine can be the reason: those few are played once more, alone.
    failed = [s for s in failed if len(failed) > 5 or not play(s, command, graceful).passed]
    if failed:
        return f"{len(failed)} scenarios fail: " + ", ".join(s.name for s in failed[:5])
    beside_the_whole = is_core(build) and not core_build()
    if not full() or beside_the_whole or not (root / "tests" / "python").is_dir():
        return ""
    options = [f"--stage={number}", "-m", "not alone", PLAIN]
    if importlib.util.find_spec("xdist"):
        options += ["-n", str(2 * (os.cpu_count() or 1))]
    files = sorted((root / "tests" / "python").glob("test_*.py"))
    status, output = run_python(files, options, build) if files else (0, "")
    return output if status not in (0, NO_TESTS) else ""


def beyond_the_lesson(exercise: Exercise) -> str:
    """What its patch changes outside of the lesson; empty when that is nothing."""
    lesson = f"stages/{exercise.stage.name}/"
    names = dict.fromkeys(NAMED.findall(exercise.patch.read_text(encoding="utf-8")))
    beyond = [name for name in names if not name.startswith(lesson) or name == f"{lesson}more.c"]
    return f"it changes {', '.join(beyond)}" if beyond else ""


def on_each(builds: list[Path], ask: Callable[[Path], str]) -> str:
    """The first trouble that one of the builds has."""
    for build in builds:
        if trouble := ask(build):
            return f"on the CORE build: {trouble}" if is_core(build) else trouble
    return ""


def unstated(exercise: Exercise) -> str:
    """What the course lacks of an exercise besides the solution."""
    if not exercise.title:
        return f"{exercise.page} has no heading `### Exercise {exercise.number}: …`"
    if exercise.hints != HINTS:
        return f"{exercise.hints} hints in <details>, where {HINTS} are wanted"
    return "" if exercise.tests else f"no test beside {exercise.patch.name}"


def failure(exercise: Exercise, build: Path) -> str:
    """What the exercise's own test has to say of a build; empty when it passes."""
    return failure_of(exercise, command_in(exercise, build), [PLAIN], build)


def prove(exercise: Exercise, workshop: Workshop, tree: Path | None = None, suite: bool = True) -> Verdict:
    """Asks all questions, until an answer makes the rest pointless.

    Without `suite` neither the suite nor other compilers than the first nor the whole build: suites() asks these.
    """
    root = workshop.root
    verdict = Verdict(exercise, {"stated": unstated(exercise), "lesson only": beyond_the_lesson(exercise)})
    found = verdict.found
    bare = workshop.builds(workshop.bare(exercise.stage.name))

    fails = partial(failure, exercise)
    tree = tree or workshop.folder / exercise.number
    found["applies"] = workshop.patched(exercise, tree, lesson=not suite)
    if found["applies"]:
        return verdict
    found["no warning"] = workshop.compile(exercise.stage.name, tree, workshop.compilers if suite else None, lesson=not suite)
    if found["no warning"]:
        return verdict
    found["formatted"] = misformatted(exercise, root, tree)
    builds = workshop.builds(tree)
    found["fails before"] = on_each(bare, lambda build: "" if fails(build) else "its test passes on the bare stage")
    found["passes"] = on_each(builds if suite else builds[-1:], fails)
    if suite:
        found["suite passes"] = on_each(builds, lambda build: suite_failure(exercise, root, build))
    return verdict


def suites(verdicts: list[Verdict], workshop: Workshop) -> None:
    """Answers for the solutions of one stage what suites and whole builds have to say, together: where one fails, each is to blame."""
    for group in workshop.together([v.exercise for v in verdicts if "passes" in v.found]):
        stage, tree, root = group[0].stage.name, workshop.tree_of(group), workshop.root
        builds = workshop.builds(tree)

        def fails(build: Path, one: Exercise = group[0], root: Path = root) -> str:
            return suite_failure(one, root, build)

        warned = workshop.compile(stage, tree, workshop.compilers)
        trouble = "" if warned else on_each(builds, fails)
        for verdict in verdicts:
            one = verdict.exercise
            if one not in group:
                continue
            verdict.found["no warning"] = warned
            if not warned:
                verdict.found["passes"] = on_each(builds[:-1], partial(failure, one)) or verdict.found["passes"]
                verdict.found["suite passes"] = trouble


def table(verdicts: list[Verdict]) -> str:
    """A row for each exercise, and below the table what is wrong."""
    out = ["exercise  " + "  ".join(QUESTIONS) + "\n"]
    for verdict in verdicts:
        cells = []
        for question in QUESTIONS:
            answer = MARKS[not verdict.found[question]] if question in verdict.found else "-"
            cells.append(f"{answer:{len(question)}}")
        out.append(f"{verdict.exercise.number:8}  {'  '.join(cells)}  {verdict.exercise.title}".rstrip() + "\n")
    for verdict in verdicts:
        for question, trouble in verdict.found.items():
            if trouble:
                text = "\n".join(trouble.rstrip().splitlines()[-LINES_SHOWN:])
                out.append(f"\n{verdict.exercise.number}: {question}: NO\n{text}\n")
    held = sum(verdict.holds for verdict in verdicts)
    out.append(f"\n{held} of {len(verdicts)} hold\n")
    return "".join(out)


def prove_all(exercises: list[Exercise], workshop: Workshop) -> list[Verdict]:
    """Several stages at once, the longest first; one whose tests fail is tried once more alone, when nothing else is running."""

    def prove_stage(stage: Stage) -> list[Verdict]:
        verdicts = [prove(e, workshop, suite=False) for e in exercises if e.stage == stage]
        suites(verdicts, workshop)
        return verdicts

    stages = sorted({e.stage for e in exercises}, key=lambda stage: len(stage.scenarios), reverse=True)
    verdicts = sorted(sum(in_parallel(prove_stage, stages, AT_ONCE), []), key=lambda v: exercises.index(v.exercise))
    doubtful = ("no warning", *PLAYED)
    return [prove(v.exercise, workshop) if any(v.found.get(q) for q in doubtful) else v for v in verdicts]


def run_solutions(args: argparse.Namespace) -> int:
    """Proves all, or those whose number begins so."""
    chosen = [e for e in all_exercises() if not args.ex or any(e.number.startswith(x) for x in args.ex)]
    if not chosen:
        raise SystemExit(f"no exercise begins with {' or '.join(args.ex) or 'a number'}")
    with tempfile.TemporaryDirectory(prefix="solutions-") as folder:
        verdicts = prove_all(chosen, Workshop(ROOT, Path(folder), args.sanitize))
    print(table(verdicts), end="")
    return 0 if all(verdict.holds for verdict in verdicts) else 1


def run_solution(args: argparse.Namespace) -> int:
    """Shows one solution of an exercise, and lays and builds it in build/solutions/. `solutions` proves it."""
    exercise = find_exercise(args.ex)
    print(f"{exercise.label}\n\n{exercise.patch.read_text(encoding='utf-8').rstrip()}\n", flush=True)
    tree = ROOT / "build" / "solutions" / exercise.number
    place, build = tree.relative_to(ROOT), "build-core" if core_build() else "build"
    stage = exercise.stage.name
    shutil.rmtree(tree, ignore_errors=True)
    tree.mkdir(parents=True)
    copy_tree(ROOT, ROOT / "stages" / stage, tree)
    trouble = run(["git", "apply", "-C1", str(exercise.patch)], tree, GIT_CEILING_DIRECTORIES=str(tree.parent))
    if not trouble:
        words = ["make", "-s", f"-j{os.cpu_count() or 1}", "-C", f"stages/{stage}", f"BUILD=../../{build}"]
        trouble = run(words, tree, MAKEFLAGS="", MAKELEVEL="", STAGE="", SANITIZE="", BUILD="")
    print(f"The patch:    {exercise.patch.relative_to(ROOT)}")
    print(f"The sources:  {place}/stages/{stage}/")
    print(trouble or f"The server:   {place}/{build}/{stage}/server --port 7777")
    return 1 if trouble else 0
