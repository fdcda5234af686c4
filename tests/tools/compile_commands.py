"""make compile_commands: tells editors how each file of each stage is compiled, and of each workspace.

Every stage has files of the same names. An entry for each, with the stage as
its directory, is what lets an editor understand a stage by itself. What is
compiled into several stages has one entry: common/ with the first, the rest of
Redis (stages/more/), core.c and the test build (tests/observe/) with the last.
"""

from __future__ import annotations

import argparse
import json
import shlex
import subprocess
import sys
from pathlib import Path

from chain import ROOT, all_stages, fail, more_folders, run_tool

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness.workspace import find_workspace


def workspaces(root: Path) -> list[Path]:
    """The learner's workspaces that are built as stages are."""
    found = [find_workspace(root / "work", stage.name) for stage in all_stages(root)]
    return [w.path for w in found if w and not w.server]


def own_sources(folder: Path) -> list[Path]:
    """What stage.mk compiles of a stage."""
    return sorted([*folder.glob("*.c"), *folder.glob("*/*.c")])


def shared_sources(root: Path) -> list[Path]:
    """What has one copy and is compiled against a stage's headers."""
    found = [path for folder in more_folders(root) for path in own_sources(folder.path)]
    found += [root / "stages" / "core.c", *sorted((root / "tests" / "observe").glob("*.c"))]
    return [path for path in found if path.exists()]


def compiler(folder: Path) -> list[str]:
    """What every file of a stage is compiled with."""
    command = ["make", "-s", "--no-print-directory", "-C", str(folder), "compiler"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return shlex.split(done.stdout)


def entries(root: Path) -> list[dict[str, object]]:
    folders = [stage.path for stage in all_stages(root)]
    if not folders:
        fail(f"{root} has no stages")
    compiled = {folder: own_sources(folder) for folder in [*folders, *workspaces(root)]}
    compiled[folders[0]] += sorted((root / "common").glob("*.c"))
    compiled[folders[-1]] += shared_sources(root)
    found: list[dict[str, object]] = []
    for folder, sources in compiled.items():
        words = compiler(folder)
        for source in sources:
            arguments = [*words, "-c", str(source)]
            found.append({"directory": str(folder), "file": str(source), "arguments": arguments})
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description="Writes compile_commands.json, for editors.")
    parser.add_argument("--root", type=Path, default=ROOT)
    root = parser.parse_args().root.resolve()
    found = entries(root)
    path = root / "compile_commands.json"
    path.write_text(json.dumps(found, indent=1) + "\n")
    print(f"{path.name}: {len(found)} files")


if __name__ == "__main__":
    run_tool(main)
