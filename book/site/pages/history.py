"""What became of every definition: where it was born, which stages changed it."""

from __future__ import annotations

from dataclasses import dataclass, field

from pages.course import Course
from pages.definitions import Definition, definitions


@dataclass(frozen=True)
class Version:
    """A definition as it reads from a stage on."""

    stage: str
    first: int  # its line in that stage's file
    last: int
    text: str


@dataclass
class Life:
    name: str
    kind: str
    versions: list[Version] = field(default_factory=list)
    gone_in: str = ""

    @property
    def anchor(self) -> str:
        return self.name

    @property
    def changed_in(self) -> list[str]:
        return [version.stage for version in self.versions[1:]]


@dataclass
class FileHistory:
    path: str
    stages: list[str] = field(default_factory=list)  # that have the file
    lives: dict[str, Life] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)  # of the file, by stage

    @property
    def changes(self) -> int:
        return sum(len(life.versions) - 1 for life in self.lives.values())


def unique_names(found: list[Definition]) -> list[tuple[str, Definition]]:
    """A name that a file defines twice (behind an #if) gets a number the second time."""
    count: dict[str, int] = {}
    named = []
    for definition in found:
        count[definition.name] = count.get(definition.name, 0) + 1
        number = count[definition.name]
        name = definition.name if number == 1 else f"{definition.name}-{number}"
        named.append((name, definition))
    return named


def take(history: FileHistory, stage: str, text: str) -> None:
    """Notes what a stage's file has that the stage before did not have, or had otherwise."""
    history.stages.append(stage)
    history.texts[stage] = text
    lines = text.split("\n")
    seen = set()
    for name, definition in unique_names(definitions(history.path, text)):
        body = "\n".join(lines[definition.first - 1 : definition.last]) + "\n"
        life = history.lives.setdefault(name, Life(name, definition.kind))
        if not life.versions or life.versions[-1].text != body:
            life.versions.append(Version(stage, definition.first, definition.last, body))
        seen.add(name)
    for name, life in history.lives.items():
        if name not in seen and not life.gone_in:
            life.gone_in = stage


def histories(course: Course) -> dict[str, FileHistory]:
    """The history of each file of the course, by path."""
    found: dict[str, FileHistory] = {}
    for step in course.steps:
        for path, text in step.files.items():
            take(found.setdefault(path, FileHistory(path)), step.name, text)
    return dict(sorted(found.items()))
