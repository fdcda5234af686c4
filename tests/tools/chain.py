"""The chain of stages: which there are, in order, and which files each has.

A stage is a folder of stages/, the lesson. A folder of stages/more/ has the
same number and name; it holds the rest of Redis that comes with that stage,
and is built into it and into all later ones.
"""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness.terminal import run_program as run_tool

__all__ = ["ROOT", "Stage", "all_stages", "built_in", "c_files", "fail", "files_of", "git", "more_folders", "position", "run_tool"]

ROOT = Path(__file__).resolve().parents[2]


def fail(message: str) -> NoReturn:
    """Ends the tool with a message for the person who called it."""
    sys.exit(f"error: {message}")


@dataclass(frozen=True)
class Stage:
    """One folder of stages/ or of stages/more/."""

    name: str
    path: Path

    @property
    def number(self) -> str:
        return self.name.split("-")[0]


def all_stages(root: Path) -> list[Stage]:
    """Every stage of the repository at `root` that has code, in order."""
    found = sorted((root / "stages").glob("[0-9][0-9]-*"))
    return [Stage(p.name, p) for p in found if any(p.rglob("*.c"))]


def more_folders(root: Path) -> list[Stage]:
    """Every folder of stages/more/ that has code, in order."""
    found = sorted((root / "stages" / "more").glob("[0-9][0-9]-*"))
    return [Stage(p.name, p) for p in found if any(p.rglob("*.[ch]"))]


def built_in(root: Path, stage: Stage) -> list[Stage]:
    """The folders of stages/more/ that are built into a stage, as stage.mk picks them."""
    return [folder for folder in more_folders(root) if folder.name <= stage.name]


def c_files(folder: Path) -> list[Path]:
    """The C sources and headers below a folder, in the order of their paths."""
    return sorted(folder.rglob("*.[ch]"))


def position(stages: list[Stage], wanted: str) -> int:
    """The place of a stage in the chain, by number ("2", "02") or by name."""
    number = wanted.zfill(2) if wanted.isdigit() else ""
    for i, stage in enumerate(stages):
        if stage.name == wanted or stage.number == number:
            return i
    known = ", ".join(stage.name for stage in stages)
    fail(f"there is no stage {wanted}. There are: {known}")


def git(root: Path, *arguments: str) -> bytes:
    """What git prints; a failure ends the tool with git's own message."""
    done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, check=False)
    if done.returncode != 0:
        fail(done.stderr.decode(errors="replace").strip() or f"git {arguments[0]} failed")
    return done.stdout


def files_of(root: Path, stage: Stage) -> dict[str, Path]:
    """The folder's files by their path inside it, without those that git ignores."""
    inside = stage.path.relative_to(root).as_posix()
    listed = git(root, "ls-files", "-z", "-c", "-o", "--exclude-standard", "--", inside)
    paths = (name.removeprefix(f"{inside}/") for name in listed.decode().split("\0") if name)
    return {path: stage.path / path for path in sorted(set(paths)) if (stage.path / path).is_file()}
