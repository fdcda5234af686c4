"""make compile_commands: tells editors how each file of each stage is compiled, and of each workspace.

Every stage has files of the same names. An entry for each, with the stage as
its directory, is what lets an editor understand a stage by itself.
"""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from pathlib import Path

from chain import ROOT, all_stages

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness.workspace import find_workspace


def folders() -> list[Path]:
    """The stages, and the learner's workspaces that are built as stages are."""
    stages = all_stages(ROOT)
    workspaces = [find_workspace(ROOT / "work", stage.name) for stage in stages]
    return [stage.path for stage in stages] + [w.path for w in workspaces if w and not w.server]


def main() -> None:
    entries: list[dict[str, object]] = []
    for folder in folders():
        command = ["make", "-s", "--no-print-directory", "-C", str(folder), "compiler"]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        compiler = shlex.split(done.stdout)
        sources = sorted([*folder.glob("*.c"), *folder.glob("*/*.c")])
        if not entries:
            sources += sorted((ROOT / "common").glob("*.c"))
        for source in sources:
            entries.append(
                {
                    "directory": str(folder),
                    "file": str(source),
                    "arguments": [*compiler, "-c", str(source)],
                }
            )
    path = ROOT / "compile_commands.json"
    path.write_text(json.dumps(entries, indent=1) + "\n")
    print(f"{path.name}: {len(entries)} files")


if __name__ == "__main__":
    main()
