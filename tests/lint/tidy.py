"""Runs clang-tidy over common/ and, stage by stage, over what a stage adds or changes.

A file that is the same as in the stage before was looked at there. What is
built into every stage (stages/more/, stages/core.c, tests/observe/) is looked
at as a part of the last.
"""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tools"))
from chain import ROOT, all_stages, more_folders, run_tool

CONFIG = Path(__file__).with_name("clang-tidy.yaml")


def sources(root: Path) -> list[tuple[Path, Path]]:
    """The files to look at, each with the directory it is compiled in."""
    found = [(root / "common", path) for path in sorted((root / "common").glob("*.c"))]
    before: Path | None = None
    for stage in all_stages(root):
        for path in sorted(stage.path.rglob("*.c")):
            twin = before / path.relative_to(stage.path) if before else None
            if not twin or not twin.exists() or twin.read_bytes() != path.read_bytes():
                found.append((stage.path, path))
        before = stage.path
    shared = [root / "stages" / "core.c", *sorted((root / "tests" / "observe").glob("*.c"))]
    shared += [path for folder in more_folders(root) for path in sorted(folder.path.rglob("*.c"))]
    return found + [(before, path) for path in shared if before and path.exists()]


def tidy(directory: Path, path: Path) -> str:
    """What clang-tidy says of one file, without the paths it took; nothing if it is content."""
    flags = ["-std=c11", "-D_GNU_SOURCE", "-iquote.", f"-I{ROOT}", f"-I{ROOT / 'stages'}"]
    command = ["clang-tidy", f"--config-file={CONFIG}", "--quiet", str(path), "--", *flags]
    done = subprocess.run(command, cwd=directory, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return ""
    lines = done.stdout.splitlines()
    wrong = [i for i, line in enumerate(lines) if " error: " in line]
    return "".join(f"{line}\n" for i in wrong for line in lines[i : i + 3]) or done.stdout


def main() -> int:
    chosen = sources(ROOT)
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        texts = [text for text in pool.map(lambda pair: tidy(*pair), chosen) if text]
    print("".join(texts), end="", file=sys.stderr)
    print(f"clang-tidy: {len(chosen)} files, {len(texts)} with faults")
    return 1 if texts else 0


if __name__ == "__main__":
    run_tool(main, cut_short=1)
