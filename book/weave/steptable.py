"""The table `text steps` of a typed chapter: how large each step is, and which tests turn green with it.

    step                                     lines  places  words   green
     1  A socket that answers                   96       3    310    1/40
          + 01-ping
     2  ...

A test that passes earlier by luck is named in the info string, and not counted before the step given there:
`text steps late="test_garbage=7 25-half-closed=3"`.

The sizes are counted by every book-sync; the names below a step are written by book-record,
which plays the tests, and held against them by book-check.
"""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass, field

from .markdown import Fence
from .typed import CAPTION, Typed, TypedStep

WIDTH = 100
STEP = re.compile(r" ?([0-9]+)  \S")
GREEN = re.compile(r" +\+ (.*)")
MORE_GREEN = re.compile(r"            +(\S.*)")
OF = re.compile(r"[0-9]+/([0-9]+)$")
TAG = re.compile(r"</?(?:details|summary)[^>]*>")
MARK = "**Green:**"


@dataclass
class Greens:
    """Which tests turn green with which step, and how many there are."""

    by_step: dict[int, list[str]] = field(default_factory=dict)
    all: int = 0

    def until(self, number: int) -> set[str]:
        return {name for step, names in self.by_step.items() if step <= number for name in names}


def read(fence: Fence | None) -> Greens:
    """What the table says."""
    greens = Greens()
    number = 0
    for line in fence.body if fence else ():
        if match := STEP.match(line):
            number = int(match[1])
            greens.by_step[number] = []
            if of := OF.search(line):
                greens.all = int(of[1])
        elif number and (match := GREEN.fullmatch(line) or MORE_GREEN.fullmatch(line)):
            greens.by_step[number] += match[1].split()
    return greens


def late(fence: Fence | None) -> dict[str, int]:
    """From which step on a test counts, where it passes by luck before."""
    words = dict(fence.words).get("late") if fence else None
    pairs = (pair.partition("=") for pair in (words or "").split())
    return {name: int(number) for name, _, number in pairs if number.isdigit()}


def body(typed: Typed, greens: Greens) -> tuple[str, ...]:
    """The table as it should be."""
    title = max((len(s.step.title) for s in typed.steps), default=0)
    lines = [f"{'step':{title + 4}}  lines  places  words   green"]
    total = lines_of_all = words_of_all = 0
    for step in typed.steps:
        number = step.step.number
        new = greens.by_step.get(number, [])
        total += len(new)
        words = words_of(typed, step)
        lines_of_all += step.lines
        words_of_all += words
        count = f"{total}/{greens.all}"
        lines.append(f"{number:2}  {step.step.title:{title}}  {step.lines:5}  {step.places:6}  {words:5}  {count:>6}")
        if new:
            lines += textwrap.wrap(" ".join(new), WIDTH, initial_indent=" " * 10 + "+ ", subsequent_indent=" " * 12, break_on_hyphens=False)
    lines.append(f"{'    in all':{title + 4}}  {lines_of_all:5}          {words_of_all:5}")
    return tuple(lines)


def texts_of(typed: Typed, first: int, last: int) -> list[tuple[int, str]]:
    """The lines of prose between two lines, numbered: no fences, headings, captions or tags."""
    found = []
    for number, line in typed.chapter.document.lines_of_text():
        text = TAG.sub("", line).strip()
        if first <= number <= last and text and not text.startswith(("#", MARK)) and not CAPTION.fullmatch(text):
            found.append((number, text))
    return found


def words_of(typed: Typed, step: TypedStep) -> int:
    texts = texts_of(typed, step.step.heading.line, step.step.last_line)
    return sum(len(text.split()) for _, text in texts)


def sentence(new: list[str], total: int, of: int) -> str:
    """The line at a step's end."""
    if not new:
        return f"{MARK} nothing new; {total} of {of} tests."
    shown = [f"`{name}`" for name in new[:6]]
    if new[6:]:
        shown.append(f"{len(new) - 6} more")
    names = ", ".join(shown[:-1]) + (" and " if shown[1:] else "") + shown[-1]
    return f"{MARK} {names}; {total} of {of} tests."


def sentences(typed: Typed, greens: Greens) -> dict[int, str]:
    """By step."""
    total = 0
    found = {}
    for step in typed.steps:
        new = greens.by_step.get(step.step.number, [])
        total += len(new)
        found[step.step.number] = sentence(new, total, greens.all)
    return found
