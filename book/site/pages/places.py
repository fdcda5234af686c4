"""Where the chapters quote a stage: what joins a line of code to the prose that explains it."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import cached_property

from definitions import Source
from pages.course import Step
from pages.differences import Hunk
from weave import chapters
from weave.markdown import Unreadable
from weave.quotes import Quote

FEW = 3


@dataclass(frozen=True)
class Place:
    """A quote of a chapter."""

    number: int  # among the chapter's quotes
    path: str
    new_lines: frozenset[int]  # of the stage's file
    old_lines: frozenset[int]  # of the stage before, that it shows as going
    heading: str
    label: str
    line: int  # of the chapter's Markdown
    anchor: str
    is_rest: bool
    chapter: str

    @property
    def reason(self) -> str:
        """The anchor of the paragraph that explains it."""
        return reason_of(self.anchor)

    @property
    def target(self) -> str:
        """The page and the paragraph, from the site's root."""
        return f"{self.chapter}.html#{self.reason}"


def reason_of(anchor: str) -> str:
    return f"why-{anchor}"


def label_of(quote: Quote, text: str) -> str:
    """What a quote shows of its file, in a word or two; "" for the whole file."""
    chosen = dict(quote.fence.words)
    if "rest" in chosen:
        return "the rest"
    if "head" in chosen:
        return "the head"
    if chosen.get("def"):
        return str(chosen["def"]).replace(",", ", ")
    if set(chosen) == {"file"}:
        return ""
    names = names_in(quote.file, text, quote.new_lines)
    if 0 < len(names) <= FEW:
        return ", ".join(names)
    return f"{len(names)} declarations" if names else "a part"


def names_in(path: str, text: str, lines: frozenset[int]) -> list[str]:
    """The names of what these lines define or declare, or are a part of."""
    if not path.endswith((".c", ".h")) or not lines:
        return []
    found = []
    for piece in Source(text).pieces:
        if piece.names and not lines.isdisjoint(range(piece.code, piece.end + 1)):
            found.append(piece.names[0][0])
    return list(dict.fromkeys(found))


def place_of(number: int, quote: Quote, step: Step) -> Place:
    text = step.files.get(quote.file, "")
    return Place(
        number=number,
        path=quote.file,
        new_lines=quote.new_lines,
        old_lines=quote.old_lines,
        heading=quote.heading.title if quote.heading else "",
        label=label_of(quote, text),
        line=quote.line,
        anchor=quote.anchor,
        is_rest=quote.is_rest,
        chapter=step.name,
    )


@dataclass(frozen=True)
class Places:
    """All quotes of one chapter, in its order."""

    places: list[Place]

    @cached_property
    def by_path(self) -> dict[str, list[Place]]:
        """By file; what is told in the text comes before the rest."""
        found: dict[str, list[Place]] = {}
        for place in sorted(self.places, key=lambda p: (p.is_rest, p.number)):
            found.setdefault(place.path, []).append(place)
        return found

    @cached_property
    def by_line(self) -> dict[int, Place]:
        """By the line of the chapter where the quote begins."""
        return {place.line: place for place in self.places}

    def of_line(self, path: str, number: int) -> Place | None:
        """The first quote that shows this line."""
        return next((p for p in self.by_path.get(path, []) if number in p.new_lines), None)

    def of_hunk(self, path: str, hunk: Hunk) -> list[Place]:
        """The quotes that show what a hunk changes, in the chapter's order."""
        come = {row.new for row in hunk.rows if row.sign == "+"}
        gone = {row.old for row in hunk.rows if row.sign == "-"}
        all_places = self.by_path.get(path, [])
        found = [p for p in all_places if come & p.new_lines or gone & p.old_lines]
        told = [p for p in found if not p.is_rest]
        return sorted(told or found, key=lambda p: p.number)


def read_places(step: Step) -> Places:
    """The quotes of the stage's chapter, without scaffold; none, when it has none or cannot be read."""
    if not step.chapter:
        return Places([])
    try:
        quotes = chapters.load(step.number).quotes
    except Unreadable as error:
        print(f"{step.chapter.name}:{error.line}: {error}", file=sys.stderr)
        return Places([])
    lasting = [quote for quote in quotes if not quote.scaffold]
    return Places([place_of(i, quote, step) for i, quote in enumerate(lasting, 1)])
