"""Which stages there are, and where their builds are.

A stage has two builds: the whole one, with stages/more/, in build/NN-name/, and the CORE build,
the lesson alone, in build-core/NN-name/.
"""

from __future__ import annotations

import os
import re
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
    """Where the stages are built: build/, or build-core/ with CORE=1, unless STAGE_BUILD_DIR says otherwise."""
    usual = "build-core" if os.environ.get("CORE") else "build"
    return (ROOT / os.environ.get("STAGE_BUILD_DIR", usual)).resolve()


def is_core(folder: Path) -> bool:
    """Whether the builds in this folder are CORE builds. The name says it, as stage.mk chooses it."""
    return "core" in folder.name.split("-")


def core_build() -> bool:
    """Whether this run is about CORE builds, and so about the core tests alone."""
    return is_core(build_dir())


def sibling(folder: Path, core: bool) -> Path:
    """The folder of the CORE builds, or of the whole ones, beside this one: build-poll, build-core-poll."""
    first, *variant = folder.name.split("-")
    variant = [word for word in variant if word != "core"]
    return folder.with_name("-".join([first, *["core"] * core, *variant]))


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


def full() -> bool:
    """Whether FULL=1 asks for the repetitions too, which grow with the square of the number of stages."""
    return bool(os.environ.get("FULL"))


def tested(stages: list[Stage]) -> list[Stage]:
    """Of the stages that a test holds for, in order, those that it is played on: its own and the last; all with FULL=1."""
    return stages if full() else [*stages[:1], *stages[1:][-1:]]


def build(stage: Stage) -> None:
    """Builds a stage, as CORE says; a directory of another name is up to whoever named it."""
    if "STAGE_BUILD_DIR" in os.environ:
        return
    subprocess.run(["make", "-s", "-C", str(stage.source)], check=True, stdout=subprocess.DEVNULL)


def typed_in_a_chapter(stage: Stage | None) -> bool:
    """Whether make book-check plays the Python tests of this stage on its CORE build: its chapter is typed step by step."""
    chapter = ROOT / "book" / f"{stage.name}.md" if stage else None
    return bool(chapter and chapter.exists() and re.search("^```text steps", chapter.read_text(encoding="utf-8"), re.MULTILINE))


def left_to_core(stages: list[Stage], more: bool) -> list[Stage]:
    """Of the stages whose whole builds a Python test is for, those that their CORE builds stand for.

    A test of level core meets the lesson of its stage there, and all that it may meet beside a lesson on the last stage.
    """
    last = all_stages()[-1]
    if more or core_build() or full() or last not in stages:
        return []
    return [stage for stage in stages if stage != last]


def left_to_the_book(stages: list[Stage]) -> list[Stage]:
    """With BOOK, the stages whose CORE builds need not play a Python test, as make book-check plays it on that of its own stage."""
    if not core_build() or not os.environ.get("BOOK"):
        return []
    return stages if stages and typed_in_a_chapter(stages[0]) else []
