"""The history pages: a page per file, with the life of each of its definitions."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from pages.course import Course
from pages.differences import compare_texts
from pages.highlight import highlighted_lines
from pages.history import FileHistory, Life, Version
from pages.lines import ChangedLines, plain
from pages.writing import Site


@dataclass(frozen=True)
class Scene:
    """What one stage does to a definition."""

    stage: str
    what: str
    code: Markup
    link: str  # its place in the stage's difference, from the site's root


@dataclass(frozen=True)
class Told:
    life: Life
    scenes: list[Scene]


def place_of(path: str, version: Version) -> str:
    return f"diff/{version.stage}/{path}.html#n{version.first}"


def birth(history: FileHistory, version: Version) -> Scene:
    lines = highlighted_lines(history.path, history.texts[version.stage])
    code = plain(lines, version.first, version.last, prefix="")
    return Scene(version.stage, "written", code, place_of(history.path, version))


def change(history: FileHistory, old: Version, new: Version) -> Scene:
    """The whole definition, with what went and what came."""
    sides = [
        highlighted_lines(history.path, history.texts[version.stage])[
            version.first - 1 : version.last
        ]
        for version in (old, new)
    ]
    draw = ChangedLines(sides[0], sides[1], old.text, new.text, prefix="")
    draw.old_start, draw.new_start = old.first - 1, new.first - 1
    runs = [run for hunk in compare_texts(old.text, new.text) for run in hunk.runs]
    added = sum(len(run.added) for run in runs)
    removed = sum(len(run.removed) for run in runs)
    what = f"changed, +{added} −{removed}"
    code = draw.unified(runs) + draw.split(runs)
    return Scene(new.stage, what, code, place_of(history.path, new))


def tell(history: FileHistory, life: Life) -> Told:
    scenes = [birth(history, life.versions[0])]
    for old, new in zip(life.versions, life.versions[1:], strict=False):
        scenes.append(change(history, old, new))
    return Told(life, scenes)


def write_histories(course: Course, histories: dict[str, FileHistory], site: Site) -> None:
    site.page(
        "history/index.html", "functions.html", course=course, histories=histories, step=None
    )
    for history in histories.values():
        site.page(
            f"history/{history.path}.html",
            "history.html",
            course=course,
            step=None,
            history=history,
            told=[tell(history, life) for life in history.lives.values()],
        )
