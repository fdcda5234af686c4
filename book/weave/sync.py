"""`make book-sync`: writes into each fence what its info string names."""

from __future__ import annotations

from dataclasses import dataclass, field

from . import figures, form, stepfiles, steptable, typed
from .chapters import Chapter
from .markdown import Fence
from .typed import Placed, Typed


@dataclass
class Outcome:
    """What was done with a chapter."""

    filled: int = 0  # fences that hold now what they should
    changed: int = 0  # of these, fences that did not
    faults: list[tuple[int, str]] = field(default_factory=list)  # line and why


@dataclass(frozen=True)
class Wanted:
    """A fence and the body that it should have."""

    fence: Fence
    body: tuple[str, ...]

    @property
    def stale(self) -> bool:
        return self.fence.body != self.body


def typed_of(chapter: Chapter) -> Typed | None:
    """The chapter typed, where it is in that form."""
    return typed.type_all(chapter) if chapter.table else None


def wanted(chapter: Chapter, done: Typed | None = None) -> tuple[list[Wanted], list[tuple[int, str]]]:
    """Every fence that a tool writes with its body; and those whose source is not found."""
    found, faults = [], []
    for quote in chapter.quotes:
        if quote.wanted is None:
            faults.append((quote.line, quote.error))
        else:
            found.append(Wanted(quote.fence, quote.wanted))
    for fence in chapter.figures:
        asked = dict(fence.words).get("stages")
        try:
            if asked is not None:
                found.append(Wanted(fence, figures.rows_of(chapter.root, asked)))
            elif fence.has("steps") and done:
                found.append(Wanted(fence, steptable.body(done, steptable.read(fence))))
            elif fence.has("more"):
                found.append(Wanted(fence, figures.rest_of(chapter.root, chapter.stage.name)))
        except ValueError as error:
            faults.append((fence.line, str(error)))
    return sorted(found, key=lambda w: w.fence.line), sorted(faults)


def write(chapter: Chapter) -> Outcome:
    """Fills the fences of a chapter; one that cannot be filled keeps its body."""
    done = typed_of(chapter)
    bodies, faults = wanted(chapter, done)
    outcome = Outcome(len(bodies), sum(one.stale for one in bodies), faults)
    edits: list[tuple[int, int, list[str]]] = []  # lines from, to before (from 0), and what stands there then
    for one in bodies:
        body = [f"{one.fence.indent}{text}" if text else "" for text in one.body]
        edits.append((one.fence.line, one.fence.end - 1, body))
    if done:
        outcome.faults += [(p.line, p.text) for p in done.problems if p.file == chapter.name]
        for placed in done.placed:
            edits += edits_of(chapter, placed)
        edits += greens(chapter, done)
        if not done.problems:
            outcome.changed += stepfiles.write(done)
    lines = list(chapter.document.lines)
    for first, behind, new in sorted(edits, key=lambda edit: edit[:2], reverse=True):
        lines[first:behind] = new
    text = "\n".join(lines)
    if text != chapter.document.text:
        chapter.path.write_text(text, encoding="utf-8")
    return outcome


def edits_of(chapter: Chapter, placed: Placed) -> list[tuple[int, int, list[str]]]:
    """The place in the info string where there is none, and the line above that says it."""
    lines = chapter.document.lines
    fence = placed.quote.fence
    at = fence.line - 1
    found = []
    if placed.words and not (set(placed.quote.place) - {"include"}):
        words = placed.words.partition("include=")[0].strip()
        if words:
            found.append((at, at + 1, [f"{lines[at].rstrip()} {words}"]))
    if placed.caption and (have := form.above(lines, fence)) != placed.caption:
        first = at
        if typed.CAPTION.fullmatch(have):
            first = max(n for n in range(at) if lines[n].strip())
        found.append((first, at, [placed.caption, ""]))
    return found


def greens(chapter: Chapter, done: Typed) -> list[tuple[int, int, list[str]]]:
    """The sentence at the end of each step."""
    lines = chapter.document.lines
    wanted_lines = steptable.sentences(done, steptable.read(chapter.table))
    found = []
    for step in done.steps:
        first, last = step.step.heading.line, step.step.last_line
        text = wanted_lines[step.step.number]
        there = [n for n in range(first, last) if lines[n].startswith(steptable.MARK)]
        if there:
            found.append((there[0], there[0] + 1, [text]))
        else:
            end = max(n for n in range(first, last) if lines[n].strip()) + 1
            found.append((end, end, ["", text]))
    return found
