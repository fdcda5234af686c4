"""What the site is made of: the stages with the text of their files, and the chapters."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from chain import ROOT, Stage, all_stages, files_of, more_folders

BOOK = ROOT / "book"
SITE = BOOK / "site"
TYPED = re.compile(r"^    in all +(\d+)  ", re.MULTILINE)
TABLE_ROW = re.compile(r"^\| (?:\[)?(\d\d-[a-z-]+)(?:\]\([^)]*\))? \| ([^|]+) \|", re.MULTILINE)


@dataclass(frozen=True)
class Step:
    """A stage and the one before it: what a difference page is about."""

    name: str
    concept: str
    files: dict[str, str]
    before: dict[str, str]
    before_name: str
    chapter: Path | None = None
    more: dict[str, str] = field(default_factory=dict)  # what stages/more/ adds with this stage

    @property
    def number(self) -> str:
        return self.name.split("-")[0]

    @cached_property
    def title(self) -> str:
        """The chapter's title, or one made of the stage's name."""
        if self.chapter:
            for line in self.chapter.read_text(encoding="utf-8").splitlines():
                if line.startswith("# "):
                    return line[2:].strip()
        return f"{self.number} · {self.concept[:1].upper()}{self.concept[1:] or self.name}"

    @cached_property
    def typed(self) -> int:
        """The lines of code that its chapter has you type, from the chapter's table of steps; 0 without one."""
        found = TYPED.search(self.chapter.read_text(encoding="utf-8")) if self.chapter else None
        return int(found[1]) if found else 0


@dataclass(frozen=True)
class Course:
    steps: list[Step]

    def step(self, wanted: str) -> Step:
        """The stage of that name or number."""
        for step in self.steps:
            if wanted in (step.name, step.number):
                return step
        known = ", ".join(step.name for step in self.steps)
        raise KeyError(f"there is no stage {wanted}. There are: {known}")


def read_concepts() -> dict[str, str]:
    """The table of stages in the README: the concept of each."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    return {name: concept.strip() for name, concept in TABLE_ROW.findall(text)}


def texts_of(stage: Stage) -> dict[str, str]:
    return {path: where.read_text(encoding="utf-8") for path, where in files_of(ROOT, stage).items()}


def read_course() -> Course:
    concepts = read_concepts()
    steps: list[Step] = []
    more = {folder.name: texts_of(folder) for folder in more_folders(ROOT)}
    for stage in all_stages(ROOT):
        files = texts_of(stage)
        chapter = BOOK / f"{stage.name}.md"
        steps.append(
            Step(
                name=stage.name,
                concept=concepts.get(stage.name, ""),
                files=files,
                before=steps[-1].files if steps else {},
                before_name=steps[-1].name if steps else "",
                chapter=chapter if chapter.is_file() else None,
                more=more.get(stage.name, {}),
            )
        )
    return Course(steps)
