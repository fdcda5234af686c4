"""Breaks stages the way learners do; the test that is named must notice.

tests/mutants/NN-name.patch begins with what is broken and who must see it:

    Stage: 00
    Killed-by: 00-resp/05-in-pieces
    What: the second half of a command is taken for a new one.

    --- a/stages/00-resp/net/resp.c
    …

Killed-by names a scenario, a Python test (python/test_00_reading.py::test_large_value), or a transcript of
what is propagated (observe/02-keyspace/set), which is played on a build with OBSERVE=1.
The report of a scenario is kept in tests/mutants/golden/.

The patch may change the stage, stages/more/ up to its number, and common/. `Build: core` in the head
builds the lesson alone: for a mutant in the lesson that a core test kills. With CORE=1 all of
these are built so, and the others left out.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Container
from dataclasses import dataclass
from pathlib import Path

from . import observe
from .effects import read_transcript
from .golden import compare, normalise
from .player import play
from .process import how_it_ended
from .report import report
from .scenario import Scenario, read_scenario
from .server import stage_command
from .stages import ROOT, Stage, core_build, is_core
from .suite import in_parallel

FIELD = re.compile(r"(Stage|Killed-by|What|Build): (.*)")
CHANGED = re.compile(r"^(?:--- a|\+\+\+ b)/(\S+)", re.MULTILINE)
BUILDS = ("whole", "core")
NO_TESTS = 5  # pytest's exit code


@dataclass
class Mutant:
    """A patch, and what its head says."""

    path: Path
    stage: str
    killed_by: str
    what: str
    core: bool = False  # the lesson alone is built
    changes: frozenset[str] = frozenset()  # files

    @property
    def name(self) -> str:
        return self.path.stem

    @property
    def number(self) -> int:
        return int(self.stage[:2])

    @property
    def observed(self) -> bool:
        """Whether what it propagates kills it."""
        return self.killed_by.startswith("observe/")

    @property
    def in_lesson(self) -> bool:
        """Whether a CORE build has all that it changes."""
        return not any(is_more(path) for path in self.changes)

    def misplaced(self) -> str:
        """What it changes that its build does not have; empty if all is built."""
        for path in sorted(self.changes):
            folder = re.match(r"stages/(more/)?(\d\d)-", path)
            if path.startswith("common/"):
                continue
            if not folder or (int(folder[2]) > self.number if folder[1] else int(folder[2]) != self.number):
                return f"it changes {path}, which stage {self.stage} is not built from"
            if self.core and is_more(path):
                return f"it changes {path}, which a CORE build leaves out: its head says Build: core"
        return ""


@dataclass
class Verdict:
    """What became of a mutant. `trouble` is empty when it was killed as it should be."""

    mutant: Mutant
    trouble: str = ""
    left_out: bool = False  # by CORE=1


def is_more(path: str) -> bool:
    """Whether a CORE build leaves this file out."""
    return path.startswith("stages/more/") or path.endswith("/more.c")


def read_mutant(path: Path) -> Mutant:
    text = path.read_text(encoding="utf-8")
    head = text.split("\n--- ", 1)[0]
    fields = {m[1]: m[2].strip() for line in head.splitlines() if (m := FIELD.fullmatch(line))}
    missing = {"Stage", "Killed-by", "What"} - set(fields)
    if missing:
        raise SystemExit(f"{path}: the head lacks {', '.join(sorted(missing))}:")
    how = fields.get("Build", "whole")
    if how not in BUILDS:
        raise SystemExit(f"{path}: Build: {how}: it must be {' or '.join(BUILDS)}")
    changes = frozenset(CHANGED.findall(text))
    return Mutant(path, fields["Stage"], fields["Killed-by"], fields["What"], how == "core", changes)


def find_stage_folder(root: Path, stage: str) -> Path:
    found = sorted((root / "stages").glob(f"{stage}*/"))
    if not found:
        raise SystemExit(f"there is no stage {stage}")
    return found[0]


def run(words: list[str], where: Path, silent: bool = False, **environment: str) -> str:
    """Empty when the command succeeds, else what it printed. `silent`: then it may say nothing on its stderr, either."""
    done = subprocess.run(
        words, cwd=where, capture_output=True, text=True, check=False, env={**os.environ, **environment}
    )
    if done.returncode == 0:
        return done.stderr[-2000:] if silent else ""
    lines = [x for x in (done.stdout + done.stderr).splitlines() if not x.startswith("  CC")]
    if done.returncode < 0:
        lines.append(f"{words[0]} was {how_it_ended(done.returncode)}")
    return "\n".join(lines)[-2000:] or "it failed"


def copy_tree(root: Path, stage: Path, to: Path, lesson: bool = False) -> None:
    """What is needed to build one stage, whole or CORE; with `lesson` CORE alone."""
    (to / "stages").mkdir()
    for name in ("stage.mk", "core.c"):
        if (root / "stages" / name).exists():
            shutil.copy2(root / "stages" / name, to / "stages")
    shutil.copytree(stage, to / "stages" / stage.name)
    if (root / "stages" / "more").exists() and not lesson:
        shutil.copytree(root / "stages" / "more", to / "stages" / "more")
    shutil.copytree(root / "common", to / "common")
    if (root / "tests" / "observe").exists():
        shutil.copytree(root / "tests" / "observe", to / "tests" / "observe")


SHARED = (".c", ".h", ".o")  # files that are made anew, and never written into


def share_tree(tree: Path, to: Path, leave_out: Container[str] = ()) -> None:
    """Makes `to` a copy of a tree that is built. Both have the same sources and objects until one makes its own: git, compilers
    and linkers put a new file in the place of an old one. What make reads and writes is copied; a program is linked anew."""
    for folder, folders, files in os.walk(tree):
        if Path(folder) == tree:
            folders[:] = [name for name in folders if name not in leave_out]
        here = os.path.join(to, os.path.relpath(folder, tree))
        os.makedirs(here, exist_ok=True)
        for name in files:
            if name.endswith(SHARED):
                os.link(os.path.join(folder, name), os.path.join(here, name))
            elif name != "server":
                shutil.copy2(os.path.join(folder, name), os.path.join(here, name))


def take_over(root: Path, build: str, stage: Path, to: Path) -> None:
    """Begins with what was built of a stage already: make builds what is older than its sources, or has other flags."""
    built = root / build / stage.name
    if (built / "flags").exists():
        shutil.copytree(built, to / build / stage.name, ignore=shutil.ignore_patterns("data"))


@dataclass(frozen=True)
class Variant:
    """How a stage is built."""

    core: bool = False
    observed: bool = False

    @property
    def suffix(self) -> str:
        """As stage.mk names the folder."""
        return "-core" * self.core + "-observe" * self.observed


def builds_in(tree: Path, variant: Variant) -> Path:
    """Where a tree's builds are."""
    return tree / f"build{variant.suffix}"


def build(stage: Path, to: Path, variant: Variant) -> str:
    """Builds the stage's copy below `to`. All paths are relative, so that objects are good in another copy."""
    words = ["make", "-s", "-C", f"stages/{stage.name}", f"BUILD=../../{builds_in(to, variant).name}"]
    core, observed = "1" * variant.core, "1" * variant.observed
    return run(words, to, MAKEFLAGS="", MAKELEVEL="", STAGE="", SANITIZE="", CORE=core, OBSERVE=observed)


def intact(stages: Path, stage: Path, variant: Variant) -> Path:
    """The tree of a stage that is built as it is."""
    return stages / f"{stage.name}{variant.suffix}"


def build_intact(root: Path, stages: set[tuple[str, Variant]], to: Path) -> dict[str, str]:
    """Builds stages as they are, each variant in a tree of its own. Mutants begin as copies."""

    def one(asked: tuple[str, Variant]) -> tuple[str, str]:
        stage, variant = find_stage_folder(root, asked[0]), asked[1]
        tree = intact(to, stage, variant)
        tree.mkdir()
        copy_tree(root, stage, tree, variant.core)
        take_over(root, builds_in(tree, variant).name, stage, tree)
        return tree.name, build(stage, tree, variant)

    return dict(in_parallel(one, stages, os.cpu_count()))


def build_mutant(mutant: Mutant, root: Path, to: Path, stages: Path | None, variant: Variant) -> str:
    """Patches a copy below `to` and builds what changed. Returns what went wrong."""
    stage = find_stage_folder(root, mutant.stage)
    if stages:
        share_tree(intact(stages, stage, variant), to)
    else:
        copy_tree(root, stage, to)
    refused = run(["git", "apply", "-C1", str(mutant.path.resolve())], to)
    if refused:
        return f"the patch does not apply:\n{refused}"
    wrong = build(stage, to, variant)
    return f"it does not compile:\n{wrong}" if wrong else ""


def killers(mutant: Mutant, root: Path) -> list[Scenario]:
    """The scenarios or transcripts that its head names: one, if it is right."""
    if mutant.observed:
        return [read_transcript(file) for file in root.glob(f"tests/{mutant.killed_by}.effects")]
    files = sorted(root.glob("tests/scenarios/*/*.redis"))
    return [read_scenario(file) for file in files if mutant.killed_by in str(file)]


def try_scenario(mutant: Mutant, root: Path, build: Path, golden: Path, update: bool) -> str:
    """Plays the scenario that must fail, and compares its report with the golden one.

    The golden one is of the build that the head names: another build has another command line.
    """
    found = killers(mutant, root)
    if len(found) != 1:
        return f"Killed-by: {mutant.killed_by} names {len(found)} scenarios"
    if mutant.core and found[0].level != "core":
        return f"Build: core, but {found[0].name} is of level more"
    folder = find_stage_folder(root, mutant.stage)
    result = play(found[0], stage_command(Stage(int(folder.name[:2]), folder.name), build))
    if result.passed:
        return "it survived"
    if is_core(build) != mutant.core:
        return ""
    text = normalise(report(result).replace(f"{build}/", f"{build.name}/"), result)
    different = compare(golden / f"{mutant.name}.txt", text, update)
    return f"killed, but the report has changed (make mutants UPDATE=1):\n{different}" if different else ""


def try_transcript(mutant: Mutant, root: Path, build: Path) -> str:
    """Plays the transcript whose effects must differ."""
    found = killers(mutant, root)
    if len(found) != 1:
        return f"Killed-by: {mutant.killed_by} names {len(found)} transcripts"
    if found[0].first_stage > mutant.number:
        return f"{found[0].name} is for later stages"
    folder = find_stage_folder(root, mutant.stage)
    played = observe.compare(found[0], stage_command(Stage(int(folder.name[:2]), folder.name), build))
    return played.failure or ("it survived" if played.passed else "")


def try_python(mutant: Mutant, root: Path, build: Path) -> str:
    """Runs the Python test that must fail."""
    test = root / "tests" / mutant.killed_by.removeprefix("tests/")
    words = [sys.executable, "-m", "pytest", "-q", "-x", "-c", str(root / "tests" / "pytest.ini")]
    words += ["--assert=plain"]  # to explain megabytes that differ takes minutes
    words += [f"--rootdir={root}", f"--stage={mutant.stage}", str(test)]
    environment = {**os.environ, "STAGE_BUILD_DIR": str(build), "PYTHONPATH": str(root / "tests")}
    environment.pop("SERVER", None)
    done = subprocess.run(words, cwd=root, env=environment, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return "it survived"
    if done.returncode == NO_TESTS and is_core(build):
        return OF_MORE
    if done.returncode != 1:  # 1: tests ran, and some failed
        how = how_it_ended(done.returncode)
        return f"the test could not be run ({how}):\n{done.stdout[-2000:]}{done.stderr[-500:]}"
    return ""


OF_MORE = "a CORE build was asked for, but its test is marked more"


def try_mutant(
    mutant: Mutant, root: Path = ROOT, update: bool = False, stages: Path | None = None, core: bool = False
) -> Verdict:
    """Builds a mutant and lets the test that it names run against it.

    `core` asks for the CORE build; a mutant that has none is left out.
    """
    if trouble := mutant.misplaced():
        return Verdict(mutant, trouble)
    if core and not mutant.core and not (mutant.in_lesson and all(s.level == "core" for s in killers(mutant, root))):
        return Verdict(mutant, left_out=True)
    variant = Variant(core or mutant.core, mutant.observed)
    with tempfile.TemporaryDirectory(prefix="mutant-") as folder:
        builds = builds_in(Path(folder), variant)
        trouble = build_mutant(mutant, root, Path(folder), stages, variant)
        if not trouble and ".py" in mutant.killed_by:
            trouble = try_python(mutant, root, builds)
            if trouble == OF_MORE and not mutant.core:
                return Verdict(mutant, left_out=True)
        elif not trouble and mutant.observed:
            trouble = try_transcript(mutant, root, builds)
        elif not trouble:
            trouble = try_scenario(mutant, root, builds, mutant.path.parent / "golden", update)
    return Verdict(mutant, trouble)


def run_mutants(only: list[str], update: bool) -> int:
    """Tries all mutants, or those that are named."""
    paths = sorted((ROOT / "tests" / "mutants").glob("*.patch"))
    chosen = [read_mutant(p) for p in paths if not only or any(word in p.name for word in only)]
    if not chosen:
        raise SystemExit("no mutant was found")
    survivors = left_out = 0
    core = core_build()
    with tempfile.TemporaryDirectory(prefix="intact-") as folder:
        stages = Path(folder)
        wanted = {(m.stage, Variant(core or m.core, m.observed)) for m in chosen}
        for name, wrong in build_intact(ROOT, wanted, stages).items():
            if wrong:
                raise SystemExit(f"{name} does not compile:\n{wrong}")
        verdicts = in_parallel(
            lambda m: try_mutant(m, update=update, stages=stages, core=core), chosen, 2 * (os.cpu_count() or 1)
        )
        for verdict in verdicts:
            mutant = verdict.mutant
            if verdict.left_out:
                left_out += 1
                continue
            print(f"{'killed  ' if not verdict.trouble else 'TROUBLE '} {mutant.name}: {mutant.what}", flush=True)
            if verdict.trouble:
                survivors += 1
                print(f"    by {mutant.killed_by}: {verdict.trouble}")
    more = f"; {left_out} need stages/more/ and were left out" if left_out else ""
    print(f"{len(chosen) - left_out} mutants, {len(chosen) - left_out - survivors} killed{more}")
    return 1 if survivors else 0
