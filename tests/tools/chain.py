"""The chain of stages: which there are, in order, and which files each has."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parents[2]


def fail(message: str) -> NoReturn:
    """Ends the tool with a message for the person who called it."""
    sys.exit(f"error: {message}")


@dataclass(frozen=True)
class Stage:
    """One directory of stages/."""

    name: str
    path: Path

    @property
    def number(self) -> str:
        return self.name.split("-")[0]


def all_stages(root: Path) -> list[Stage]:
    """Every stage of the repository at `root` that has code, in order."""
    found = sorted((root / "stages").glob("[0-9][0-9]-*"))
    return [Stage(p.name, p) for p in found if any(p.rglob("*.c"))]


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
    """The stage's files by their path inside it, without those that git ignores."""
    listed = git(
        root, "ls-files", "-z", "-c", "-o", "--exclude-standard", "--", f"stages/{stage.name}"
    )
    prefix = re.compile(rf"^stages/{re.escape(stage.name)}/")
    paths = (prefix.sub("", name) for name in listed.decode().split("\0") if name)
    return {path: stage.path / path for path in sorted(set(paths)) if (stage.path / path).is_file()}
