"""What a typed chapter must look like, besides being right: small steps, each with its why."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from . import stepfiles, steptable
from .markdown import Fence
from .report import Problem
from .typed import LAID, Placed, Typed, TypedStep

PLACES_MAX = 4
WORDS_MIN = 60
LINES = (30, 120)
SENTENCE_WORDS = 4
SCAFFOLD_SHARE = 8
FIRST_GREEN = {"01": 4}  # the first quarter of what is typed; elsewhere the first sixth
FIRST_GREEN_ELSE = 6


def places(typed: Typed) -> Iterator[Problem]:
    """Each fence says its place, and the line above it says it to the reader."""
    lines = typed.chapter.document.lines
    for one in typed.placed:
        quote = one.quote
        if quote.is_rest:
            text = "`rest` leaves lines unexplained: name what the reader types here"
            yield Problem(typed.chapter.name, quote.line, text)
        if one.words and not quote.place:
            yield Problem(typed.chapter.name, quote.line, f"it has no place: say `{one.words}`, or make book-sync")
        elif one.caption and above(lines, quote.fence) != one.caption:
            yield Problem(typed.chapter.name, quote.line, f"above it must stand {one.caption} (make book-sync)")


def above(lines: list[str], fence: Fence) -> str:
    """The last line of text above a fence."""
    at = fence.line - 2
    while at > 0 and not lines[at].strip():
        at -= 1
    return lines[at].strip()


def size(typed: Typed, step: TypedStep) -> Iterator[Problem]:
    name, line = typed.chapter.name, step.step.heading.line
    if step.places > PLACES_MAX:
        yield Problem(name, line, f"step {step.step.number} types at {step.places} places; {PLACES_MAX} is the limit")
    words = steptable.words_of(typed, step)
    if words < WORDS_MIN:
        yield Problem(name, line, f"step {step.step.number} has {words} words; {WORDS_MIN} is the least")
    if step.lines > LINES[1]:
        yield Problem(name, line, f"step {step.step.number} types {step.lines} new lines; {LINES[1]} is the limit")
    if not step.placed:
        yield Problem(name, line, f"step {step.step.number} types nothing")


def apart(typed: Typed, step: TypedStep) -> Iterator[Problem]:
    """A fence has a sentence before it: none stands right under a heading or behind another."""
    first, last = step.step.heading.line, step.step.last_line
    marks = [first] + [h.line for h in typed.chapter.headings if first < h.line <= last]
    fences = [f for f in typed.chapter.fences if first < f.line <= last]
    ends = sorted([*marks, *(f.end for f in fences)])
    for fence in fences:
        begin = max(end for end in ends if end < fence.line)
        texts = steptable.texts_of(typed, begin + 1, fence.line - 1)
        if sum(len(text.split()) for _, text in texts) < SENTENCE_WORDS:
            behind = "a heading" if begin in marks else "a fence"
            text = f"a fence right behind {behind}: a sentence between says what to look for"
            yield Problem(typed.chapter.name, fence.line, text)


def scaffold(typed: Typed) -> Iterator[Problem]:
    """Scaffold, the lines that are typed and do not stay, is a small part."""
    total = sum(one.added for one in typed.placed)
    stays = sum(len(file.added) for path, file in typed.chapter.stage.files.items() if path != LAID)
    if (total - stays) * SCAFFOLD_SHARE > total:
        text = f"{total - stays} of {total} typed lines do not stay; one in {SCAFFOLD_SHARE} is the limit"
        yield Problem(typed.chapter.name, 1, text)


def early(typed: Typed) -> Iterator[Problem]:
    """Something works soon: the table says so, and book-check plays the tests."""
    greens = steptable.read(typed.chapter.table)
    share = FIRST_GREEN.get(typed.chapter.number, FIRST_GREEN_ELSE)
    total = sum(step.lines for step in typed.steps)
    so_far = 0
    for step in typed.steps:
        so_far += step.lines
        if greens.by_step.get(step.step.number):
            break
    if so_far * share > total:
        text = f"the first test turns green after {so_far} of {total} typed lines; one in {share} is the limit"
        yield Problem(typed.chapter.name, 1, text)


def table(typed: Typed) -> Iterator[Problem]:
    """The sentence at each step's end says what the table says."""
    wanted = steptable.sentences(typed, steptable.read(typed.chapter.table))
    lines = typed.chapter.document.lines
    for step in typed.steps:
        found = [text for text in lines[step.step.heading.line : step.step.last_line] if text.startswith(steptable.MARK)]
        if found != [wanted[step.step.number]]:
            text = f"step {step.step.number} does not end with what the table says is green; make book-sync"
            yield Problem(typed.chapter.name, step.step.heading.line, text)


def numbering(typed: Typed) -> Iterator[Problem]:
    for expected, step in enumerate(typed.steps, 1):
        if step.step.number != expected:
            text = f"Step {step.step.number} should be step {expected}"
            yield Problem(typed.chapter.name, step.step.heading.line, text)
    for one, after in pairwise(typed.steps):
        if after.step.heading.line != one.step.last_line + 1:
            text = "between two steps stands a heading of level 3 that is none"
            yield Problem(typed.chapter.name, one.step.last_line + 1, text)


def check(typed: Typed) -> Iterator[Problem]:
    yield from typed.problems
    yield from numbering(typed)
    yield from places(typed)
    for step in typed.steps:
        yield from size(typed, step)
        yield from apart(typed, step)
    yield from scaffold(typed)
    yield from early(typed)
    yield from table(typed)
    if not typed.problems:
        yield from stepfiles.check(typed)


def notes(typed: Typed) -> Iterator[str]:
    """What is no fault."""
    short = [str(step.step.number) for step in typed.steps if step.lines < LINES[0]]
    if short:
        yield f"{typed.chapter.name}: fewer than {LINES[0]} new lines in step {', '.join(short)}"


__all__ = ["Placed", "check", "notes"]
