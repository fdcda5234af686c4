"""What a check finds, and how it is printed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """Something that is wrong: where, what, and what to do about it."""

    file: str  # from the repository's root
    line: int
    text: str
    end: int = 0  # the last line, where it is about several

    def __str__(self) -> str:
        lines = f"{self.line}-{self.end}" if self.end > self.line else str(self.line)
        return f"{self.file}:{lines}: {self.text}"


@dataclass(frozen=True)
class Escape:
    """Something that no check looks at: it is printed and counted each time."""

    file: str
    line: int
    text: str


COLUMNS = ("chapter", "quotes", "lines quoted", "transcripts", "pointers", "steps", "words")


def cut(text: str, limit: int = 160) -> str:
    """Text for a message of one line."""
    flat = text.replace("\r", "\\r").replace("\n", " / ")
    return flat if len(flat) <= limit else flat[: limit - 4] + " ..."


def table(rows: Iterable[tuple[str, ...]]) -> str:
    """Columns as wide as they must be, the first to the left and the others to the right."""
    all_rows = [COLUMNS, *rows]
    widths = [max(len(row[i]) for row in all_rows) for i in range(len(COLUMNS))]
    lines = []
    for row in all_rows:
        cells = [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        lines.append("  ".join([row[0].ljust(widths[0]), *cells]))
    return "\n".join(lines)
