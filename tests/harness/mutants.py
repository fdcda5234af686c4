"""Breaks stages the way learners do; the test that is named must notice.

tests/mutants/NN-name.patch begins with what is broken and who must see it:

    Stage: 00
    Killed-by: 00-resp/05-in-pieces
    What: the second half of a command is taken for a new one.

    --- a/stages/00-resp/net/resp.c
    …

Killed-by names a scenario, or a Python test (python/test_00_reading.py::test_large_value).
The report of a scenario is kept in tests/mutants/golden/.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from .golden import compare, normalise
from .player import play
from .report import report
from .scenario import read_scenario
from .server import ServerCommand, stage_command
from .stages import ROOT, Stage
from .suite import in_parallel

FIELD = re.compile(r"(Stage|Killed-by|What): (.*)")


@dataclass
class Mutant:
    """A patch, and what its head says."""

    path: Path
    stage: str
    killed_by: str
    what: str

    @property
    def name(self) -> str:
        return self.path.stem


@dataclass
class Verdict:
    """What became of a mutant. `trouble` is empty when it was killed as it should be."""

    mutant: Mutant
    trouble: str = ""


def read_mutant(path: Path) -> Mutant:
    head = path.read_text(encoding="utf-8").split("\n--- ", 1)[0]
    fields = {m[1]: m[2].strip() for line in head.splitlines() if (m := FIELD.fullmatch(line))}
    missing = {"Stage", "Killed-by", "What"} - set(fields)
    if missing:
        raise SystemExit(f"{path}: the head lacks {', '.join(sorted(missing))}:")
    return Mutant(path, fields["Stage"], fields["Killed-by"], fields["What"])


def find_stage_folder(root: Path, stage: str) -> Path:
    found = sorted((root / "stages").glob(f"{stage}*/"))
    if not found:
        raise SystemExit(f"there is no stage {stage}")
    return found[0]


def run(words: list[str], where: Path, **environment: str) -> str:
    """Empty when the command succeeds, else what it printed."""
    done = subprocess.run(
        words, cwd=where, capture_output=True, text=True, check=False, env={**os.environ, **environment}
    )
    if done.returncode == 0:
        return ""
    lines = [x for x in (done.stdout + done.stderr).splitlines() if not x.startswith("  CC")]
    return "\n".join(lines)[-2000:] or "it failed"


def copy_tree(root: Path, stage: Path, to: Path) -> None:
    """What is needed to build one stage."""
    (to / "stages").mkdir()
    shutil.copy(root / "stages" / "stage.mk", to / "stages")
    shutil.copytree(stage, to / "stages" / stage.name)
    shutil.copytree(root / "common", to / "common")


def build(stage: Path, to: Path) -> str:
    """Builds the stage's copy below `to`. All paths are relative, so that objects are good in another copy."""
    words = ["make", "-s", "-C", f"stages/{stage.name}", "CFLAGS=-O1", "BUILD=../../build"]
    return run(words, to, MAKEFLAGS="", MAKELEVEL="", STAGE="", SANITIZE="")


def build_whole(root: Path, stages: set[str], to: Path) -> dict[str, str]:
    """Builds stages as they are, each in a tree of its own below `to`. Mutants begin as copies of them."""

    def one(stage: Path) -> str:
        tree = to / stage.name
        tree.mkdir()
        copy_tree(root, stage, tree)
        return build(stage, tree)

    folders = [find_stage_folder(root, stage) for stage in sorted(stages)]
    return dict(zip((f.name for f in folders), in_parallel(one, folders, os.cpu_count()), strict=True))


def build_mutant(mutant: Mutant, root: Path, to: Path, whole: Path | None = None) -> str:
    """Patches a copy below `to` and builds what changed. Returns what went wrong."""
    stage = find_stage_folder(root, mutant.stage)
    if whole:
        shutil.copytree(whole / stage.name, to, dirs_exist_ok=True)
    else:
        copy_tree(root, stage, to)
    refused = run(["git", "apply", "-C1", str(mutant.path.resolve())], to)
    if refused:
        return f"the patch does not apply:\n{refused}"
    wrong = build(stage, to)
    return f"it does not compile:\n{wrong}" if wrong else ""


def try_scenario(mutant: Mutant, root: Path, build: Path, golden: Path, update: bool) -> str:
    """Plays the scenario that must fail, and compares its report with the golden one."""
    files = [f for f in sorted(root.glob("tests/scenarios/*/*.redis")) if mutant.killed_by in str(f)]
    if len(files) != 1:
        return f"Killed-by: {mutant.killed_by} names {len(files)} scenarios"
    folder = find_stage_folder(root, mutant.stage)
    stage = Stage(int(folder.name[:2]), folder.name)
    binary = str(build / folder.name / "server")
    command = ServerCommand(folder.name, (binary, *stage_command(stage).words[1:]), stage)
    result = play(read_scenario(files[0]), command)
    if result.passed:
        return "it survived"
    text = normalise(report(result).replace(f"{build}/", "build/"), result)
    different = compare(golden / f"{mutant.name}.txt", text, update)
    return f"killed, but the report has changed (make mutants UPDATE=1):\n{different}" if different else ""


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
    if done.returncode != 1:  # 1: tests ran, and some failed
        return f"the test could not be run:\n{done.stdout[-2000:]}{done.stderr[-500:]}"
    return ""


def try_mutant(mutant: Mutant, root: Path = ROOT, update: bool = False, whole: Path | None = None) -> Verdict:
    """Builds a mutant and lets the test that it names run against it."""
    with tempfile.TemporaryDirectory(prefix="mutant-") as folder:
        trouble = build_mutant(mutant, root, Path(folder), whole)
        if not trouble and ".py" in mutant.killed_by:
            trouble = try_python(mutant, root, Path(folder) / "build")
        elif not trouble:
            golden = mutant.path.parent / "golden"
            trouble = try_scenario(mutant, root, Path(folder) / "build", golden, update)
    return Verdict(mutant, trouble)


def run_mutants(only: list[str], update: bool) -> int:
    """Tries all mutants, or those that are named."""
    paths = sorted((ROOT / "tests" / "mutants").glob("*.patch"))
    chosen = [read_mutant(p) for p in paths if not only or any(word in p.name for word in only)]
    if not chosen:
        raise SystemExit("no mutant was found")
    survivors = 0
    with tempfile.TemporaryDirectory(prefix="whole-") as folder:
        whole = Path(folder)
        for name, wrong in build_whole(ROOT, {m.stage for m in chosen}, whole).items():
            if wrong:
                raise SystemExit(f"{name} does not compile:\n{wrong}")
        verdicts = in_parallel(lambda m: try_mutant(m, update=update, whole=whole), chosen, 2 * (os.cpu_count() or 1))
        for verdict in verdicts:
            mutant = verdict.mutant
            print(f"{'killed  ' if not verdict.trouble else 'TROUBLE '} {mutant.name}: {mutant.what}", flush=True)
            if verdict.trouble:
                survivors += 1
                print(f"    by {mutant.killed_by}: {verdict.trouble}")
    print(f"{len(chosen)} mutants, {len(chosen) - survivors} killed")
    return 1 if survivors else 0
