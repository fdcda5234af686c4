"""`make book-sync`: writes into each fence what its info string names."""

from __future__ import annotations

from dataclasses import dataclass, field

from . import figures
from .chapters import Chapter
from .markdown import Fence


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


def wanted(chapter: Chapter) -> tuple[list[Wanted], list[tuple[int, str]]]:
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
            elif fence.has("more"):
                found.append(Wanted(fence, figures.rest_of(chapter.root, chapter.stage.name)))
        except ValueError as error:
            faults.append((fence.line, str(error)))
    return sorted(found, key=lambda w: w.fence.line), sorted(faults)


def write(chapter: Chapter) -> Outcome:
    """Fills the fences of a chapter; one that cannot be filled keeps its body."""
    bodies, faults = wanted(chapter)
    outcome = Outcome(len(bodies), sum(one.stale for one in bodies), faults)
    lines = list(chapter.document.lines)
    for one in reversed(bodies):
        body = [f"{one.fence.indent}{text}" if text else "" for text in one.body]
        lines[one.fence.line : one.fence.end - 1] = body
    text = "\n".join(lines)
    if text != chapter.document.text:
        chapter.path.write_text(text, encoding="utf-8")
    return outcome
