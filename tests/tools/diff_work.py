"""make diff WORK=1: the course's sources of a stage, and what a workspace has instead."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from chain import ROOT, all_stages, fail, files_of, position
from diff import DIFF

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness.workspace import Workspace, find_workspace, newest_workspace

HEADING = """\
This shows the course's solution of {stage}.
Lines with - are the course's, lines with + are yours, in {yours}.
"""


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Compares a workspace with the course's stage.")
    parser.add_argument("--stage", help="the workspace of this stage, not the newest")
    parser.add_argument("--stat", action="store_true", help="only which files, and how much")
    parser.add_argument("--root", type=Path, default=ROOT)
    return parser.parse_args()


def chosen(root: Path, stage: str | None) -> Workspace:
    """The workspace that is compared."""
    work = root / "work"
    name = all_stages(root)[position(all_stages(root), stage)].name if stage else ""
    workspace = find_workspace(work, name) if name else newest_workspace(work)
    if not workspace:
        fail(f"there is no work/{name or '…'} to compare: make start STAGE={stage or '00'} begins one")
    return workspace


def sources(folder: Path) -> dict[str, Path]:
    """The C files of a folder by their path inside it."""
    return {str(p.relative_to(folder)): p for p in sorted(folder.rglob("*.[ch]")) if p.is_file()}


def copy(files: dict[str, Path], to: Path) -> None:
    to.mkdir(parents=True)
    for inside, path in files.items():
        (to / inside).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, to / inside)


def difference(root: Path, workspace: Workspace, options: list[str]) -> str:
    """The diff from the stage to the workspace; of C files only, wherever the rest lies."""
    stage = next(s for s in all_stages(root) if s.name == workspace.stage)
    own = sources(workspace.path)
    if not own:
        fail(f"{workspace.label} has no C source to compare: the course's is in stages/{stage.name}")
    reference = {inside: path for inside, path in files_of(root, stage).items() if inside.endswith((".c", ".h"))}
    with tempfile.TemporaryDirectory() as folder:
        names = [f"stages/{stage.name}", workspace.label]
        copy(reference, Path(folder) / names[0])
        copy(own, Path(folder) / names[1])
        command = [*DIFF, "--no-prefix", *options, *names]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, errors="replace", check=False)
    if done.returncode not in (0, 1):
        fail(done.stderr.strip())
    return done.stdout


def show(text: str) -> None:
    """On a terminal as git shows a diff: in the pager, if it does not fit."""
    pager = os.environ.get("GIT_PAGER") or os.environ.get("PAGER") or "less"
    if not sys.stdout.isatty() or not shutil.which(pager.split()[0]):
        print(text, end="")
        return
    environment = {"LESS": "FRX", **os.environ}
    subprocess.run(pager, shell=True, input=text, text=True, env=environment, check=False)


def main() -> None:
    arguments = parse_arguments()
    root = arguments.root.resolve()
    workspace = chosen(root, arguments.stage)
    options = ["--stat"] if arguments.stat else []
    options += ["--color=always"] if sys.stdout.isatty() else []
    text = difference(root, workspace, options)
    show(HEADING.format(stage=workspace.stage, yours=workspace.label) + "\n" + (text or "There is no difference.\n"))


if __name__ == "__main__":
    main()
