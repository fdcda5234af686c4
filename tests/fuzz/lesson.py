"""Which rows a CORE build can answer: those of the lesson's commands.

What the lesson has is read from its sources (harness.lesson).  A row with an
option that only stages/more/ has says so itself: more=True.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from fuzz.grammar import Row
from harness.lesson import Commands

GROUP = r"\(([^()]*)\)|(\S+)"
PART = re.compile(rf"\s*(?:{GROUP})(?:\s+(?:{GROUP}))?")
ACTOR = re.compile(r"^\s*@\S+")
WORD = re.compile(r"[A-Za-z][A-Za-z_-]*")


def named(grammar: str) -> Iterator[tuple[str, list[str]]]:
    """Each command that a row may send, with the words that may come next."""
    for text in grammar.split(";"):
        part = PART.match(ACTOR.sub("", text))
        if part is None:
            continue
        if not part[1] and part[2].startswith("("):
            raise ValueError(f"which command is this? {grammar}")
        second = _words(part[3] or part[4] or "")
        for name in _words(part[1] or part[2]):
            yield name, second


def _words(text: str) -> list[str]:
    """The literal words among alternatives; atoms are none."""
    return [word.lower() for word in (text.strip("[]").split("|"))
            if WORD.fullmatch(word)]


def in_lesson(row: Row, commands: Commands) -> bool:
    """Whether the lesson alone answers a row as the real server does."""
    if row.more or (row.walk == "monitor"
                    and "monitor" not in commands.lesson):
        return False
    for name, second in named(row.grammar):
        if name in commands.more:
            return False
        for word in second:
            sub = f"{name}|{word}"
            if sub in commands.more:
                return False
            if word == "help" and sub not in commands.lesson and any(
                    known.startswith(f"{name}|") for known in commands.lesson):
                return False
    return True
