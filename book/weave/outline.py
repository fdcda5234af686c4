"""Checks that need the Markdown only: headings, fences, drawings, pointers, length."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from harness.scenario import BadScenario, Scenario, read_scenario

from .chapters import REST, RUN, STEPS, Chapter
from .markdown import Fence
from .quotes import is_quote
from .report import Escape, Problem

SECTIONS = (
    "What you will have",
    "The idea",
    "Predict before you run",
    STEPS,
    "Try it",
    "How Redis does it",
    REST,
    "Exercises",
    "What the stage cost",
)
MODES = {"redis": {"continue", "stage", "whole"}, "console": {"continue", "stage", "whole", "shell", "not-run"}}
WORDS_BEHIND = {"text": {"measured", "stages", "more", "steps", "late"}, "svgbob": set[str]()}
DRAWING_WIDTH = 80
WORDS = (3000, 6000)
BOOK = re.compile(r'([0-9]{2}-[a-z-]+), "(.*)"')
STEP_NUMBER = re.compile(r"Step [0-9]+: ")
WRITTEN = re.compile(r"\*`[\w./-]+`, .*:\*$|\*\*Green:\*\* ")  # by book-sync, in typed chapters
IMAGE = re.compile(r"!\[[^\]]*\]\(([^)\s]+)[^)]*\)")


def headings(chapter: Chapter) -> Iterator[Problem]:
    """The same sections in the same order in every chapter, none of them empty."""
    found = [h for h in chapter.headings if h.level == 2]
    first = [h for h in chapter.headings if h.level == 1]
    if len(first) != 1 or not first[0].title.startswith(f"{chapter.number} · "):
        yield Problem(chapter.name, 1, f'the first heading, and no other, is "# {chapter.number} · …"')
    titles = [h.title for h in found]
    for title in SECTIONS:
        if title not in titles:
            yield Problem(chapter.name, 1, f'the section "## {title}" is missing')
    for heading in found:
        if heading.title not in SECTIONS:
            text = f'"{heading.title}" is no section of a chapter; make it a ### below one'
            yield Problem(chapter.name, heading.line, text)
    known = [h for h in found if h.title in SECTIONS]
    places = [SECTIONS.index(h.title) for h in known]
    for before, heading, place in zip(places, known[1:], places[1:], strict=False):
        if place <= before:
            text = f'"{heading.title}" stands behind "{SECTIONS[before]}"; the order is that of book/README.md'
            yield Problem(chapter.name, heading.line, text)
    yield from empty_sections(chapter)


def empty_sections(chapter: Chapter) -> Iterator[Problem]:
    marks = [h for h in chapter.headings if h.level <= 3]
    ends = [h.line for h in marks[1:]] + [len(chapter.document.lines) + 1]
    for place, heading in enumerate(marks):
        lines = chapter.document.lines[heading.line : ends[place] - 1]
        followed = place + 1 < len(marks) and marks[place + 1].level > heading.level
        if heading.level > 1 and not followed and not any(line.strip() for line in lines):
            yield Problem(chapter.name, heading.line, f'nothing stands under "{heading.title}"')


def fences(chapter: Chapter) -> Iterator[Problem]:
    """Code has a source, drawings fit, transcripts have modes that exist."""
    for fence in chapter.fences:
        if not fence.language:
            yield Problem(chapter.name, fence.line, "a fence without a language; ```text is plain text")
        elif fence.language not in (*RUN, *WORDS_BEHIND) and not is_quote(fence):
            text = "code is quoted, never typed: name its source (file=…), or make it a ```text fence"
            yield Problem(chapter.name, fence.line, text)
        for name, _ in fence.words if fence.language in WORDS_BEHIND else ():
            if name not in WORDS_BEHIND[fence.language]:
                text = f"{fence.language} has no word {name!r}: it would do nothing"
                yield Problem(chapter.name, fence.line, text)
        if fence.language == "svgbob":
            yield from drawing(chapter, fence)
        if fence.language in RUN:
            yield from modes(chapter, fence)
    for line in chapter.document.indented:
        text = "indented by four columns it is code, and no check sees it; put it into a fence"
        yield Problem(chapter.name, line, text)


def folds(chapter: Chapter) -> Iterator[Problem]:
    """What is folded ends: otherwise it takes along all that follows."""
    opened = 0
    for number, line in chapter.document.lines_of_text():
        if opened and line.startswith(("<details", "#")):
            yield Problem(chapter.name, opened, f"<details> is not closed before line {number}")
            opened = 0
        if line.startswith("<details"):
            opened = number
        elif line.startswith("</details>"):
            opened = 0
        elif line.startswith("<pre"):
            yield Problem(chapter.name, number, "code in HTML, and no check sees it; put it into a fence")
    if opened:
        yield Problem(chapter.name, opened, "<details> is not closed")


def drawing(chapter: Chapter, fence: Fence) -> Iterator[Problem]:
    for number, line in enumerate(fence.body, fence.line + 1):
        if len(line) > DRAWING_WIDTH:
            text = f"a drawing of {len(line)} columns; {DRAWING_WIDTH} is the limit"
            yield Problem(chapter.name, number, text)


def modes(chapter: Chapter, fence: Fence) -> Iterator[Problem]:
    known = MODES[fence.language]
    for name, value in fence.words:
        if (value is None and name not in known) or (value is not None and name != "flags"):
            there = ", ".join(sorted(known)) + ', flags="…"'
            yield Problem(chapter.name, fence.line, f"{fence.language} has no mode {name!r}; there are {there}")


def images(chapter: Chapter) -> Iterator[Problem]:
    """Pictures that exist."""
    for line, text in chapter.document.lines_of_text():
        for match in IMAGE.finditer(text):
            if "://" in match[1]:
                yield Problem(chapter.name, line, f"{match[1]} is a picture of another host; keep it in book/img/")
            elif not (chapter.path.parent / match[1]).is_file():
                yield Problem(chapter.name, line, f"there is no picture {match[1]}")


def redis_functions(root: Path) -> dict[str, set[str]]:
    """The functions of Redis 7.0.15 by the file they stand in."""
    known: dict[str, set[str]] = {}
    for line in (root / "book/redis-functions.tsv").read_text(encoding="utf-8").splitlines():
        file, function, *_ = line.split("\t")
        known.setdefault(file, set()).add(function)
    return known


def pointers(chapter: Chapter) -> Iterator[Problem]:
    """Functions of Redis that exist in the file that is named."""
    known = redis_functions(chapter.root) if chapter.pointers else {}
    for pointer in chapter.pointers:
        if pointer.function in known.get(pointer.file, ()):
            continue
        elsewhere = sorted(file for file, names in known.items() if pointer.function in names)
        if elsewhere:
            hint = f"it stands in {', '.join(elsewhere)}"
        elif pointer.file not in known:
            hint = "there is no such file with functions; a file of a stage is written with its folder"
        else:
            hint = "book/redis-functions.tsv lists what there is"
        text = f"Redis 7.0.15 has no function {pointer.function} in {pointer.file}: {hint}"
        yield Problem(chapter.name, pointer.line, text)


def scenarios(root: Path) -> Iterator[tuple[Path, Scenario]]:
    for path in sorted((root / "tests/scenarios").glob("*/*.redis")):
        try:
            yield path, read_scenario(path)
        except BadScenario:
            continue  # the tests say so


def sections(chapter: Chapter) -> set[str]:
    """The titles of its headings; a step's title counts with and without its number."""
    titles = {h.title for h in chapter.headings}
    return titles | {STEP_NUMBER.sub("", title) for title in titles}


def sections_of_scenarios(root: Path, loaded: list[Chapter]) -> Iterator[Problem]:
    """The section that a scenario names, and that a failure report sends a learner to, exists."""
    titles = {c.path.stem: sections(c) for c in loaded}
    for path, scenario in scenarios(root):
        line = next((n for n, text in enumerate(scenario.lines, 1) if text.startswith("# book:")), 1)
        name = str(path.relative_to(root))
        match = BOOK.fullmatch(scenario.book)
        if not match:
            text = f'book: {scenario.book} is not of the form NN-name, "Section"'
            yield Problem(name, line, text)
        elif match[1] in titles and match[2] not in titles[match[1]]:
            text = f'book/{match[1]}.md has no heading "{match[2]}"; add it there, or name another here'
            yield Problem(name, line, text)


def words(chapter: Chapter) -> int:
    """How many the chapter has, without those that the tool writes."""
    written = [text for _, text in chapter.document.lines_of_text() if WRITTEN.match(text)]
    return chapter.document.words - sum(len(text.split()) for text in written)


def length(chapter: Chapter) -> str:
    """What to say of a chapter that is shorter or longer than planned."""
    count = words(chapter)
    if WORDS[0] <= count <= WORDS[1]:
        return ""
    return f"{chapter.name}: {count} words besides code and exercises; {WORDS[0]} to {WORDS[1]} is the aim"


def escapes(chapter: Chapter) -> Iterator[Escape]:
    """What is printed but not proved."""
    for fence in chapter.fences:
        first = next((line for line in fence.body if line.strip()), "")
        if fence.language == "console" and fence.has("not-run"):
            yield Escape(chapter.name, fence.line, f"not run: {first}")
        if fence.language in RUN and fence.has("stage"):
            yield Escape(chapter.name, fence.line, f"not run against redis-server: {first}")
        if fence.language == "text" and fence.has("measured"):
            yield Escape(chapter.name, fence.line, f"measured, not run again: {first}")


def measured(chapter: Chapter) -> Iterator[Problem]:
    """What was measured names the command that measured it."""
    for fence in chapter.fences:
        if fence.language == "text" and fence.has("measured") and not "".join(fence.body[:1]).startswith("$ "):
            text = "a measured figure begins with the command that measured it: `$ command`"
            yield Problem(chapter.name, fence.line, text)


def check(chapter: Chapter) -> Iterator[Problem]:
    """All of the above for one chapter."""
    for part in (headings, fences, folds, images, pointers, measured):
        yield from part(chapter)
