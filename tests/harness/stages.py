"""Which stages there are, and where what they build stands."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent
ROOT = TESTS.parent
SCENARIOS = TESTS / "scenarios"


@dataclass(frozen=True)
class Stage:
    number: int
    name: str

    @property
    def source(self) -> Path:
        return ROOT / "stages" / self.name

    @property
    def binary(self) -> Path:
        return build_dir() / self.name / "server"

    @property
    def scenarios(self) -> list[Path]:
        return sorted((SCENARIOS / self.name).glob("*.redis"))


def build_dir() -> Path:
    """Where the stages were built: build/, unless STAGE_BUILD_DIR says otherwise."""
    return (ROOT / os.environ.get("STAGE_BUILD_DIR", "build")).resolve()


def all_stages() -> list[Stage]:
    """Every stage that has a Makefile, in order."""
    folders = sorted((ROOT / "stages").glob("[0-9][0-9]-*/Makefile"))
    return [Stage(int(f.parent.name[:2]), f.parent.name) for f in folders]


def find_stage(text: str) -> Stage:
    """The stage with this number or name."""
    for stage in all_stages():
        if text in (stage.name, f"{stage.number:02}", str(stage.number)):
            return stage
    names = ", ".join(stage.name for stage in all_stages())
    raise SystemExit(f"there is no stage {text}; there are: {names}")


def build(stage: Stage) -> None:
    """Builds a stage into build/; a directory of another name is up to who named it."""
    if "STAGE_BUILD_DIR" in os.environ:
        return
    subprocess.run(["make", "-s", "-C", str(stage.source)], check=True, stdout=subprocess.DEVNULL)
