"""Which lines of a stage its chapter shows, and which it does not."""

from __future__ import annotations

from dataclasses import dataclass, field

from .changes import File, replaced
from .chapters import Chapter


@dataclass
class Coverage:
    """By file: what is not quoted; and how many lines are, of how many."""

    missing: dict[str, set[int]] = field(default_factory=dict)  # lines of the stage
    removed: dict[str, set[int]] = field(default_factory=dict)  # of the stage before, without a word
    shown: int = 0
    wanted: int = 0


def seen_in(chapter: Chapter, path: str, last_line: int | None = None) -> tuple[set[int], set[int]]:
    """Lines of a file that the chapter's quotes show, and lines that they show as removed."""
    new: set[int] = set()
    old: set[int] = set()
    for quote in chapter.quotes:
        if quote.counts and quote.file == path and (last_line is None or quote.line <= last_line):
            new |= quote.new_lines | quote.included
            old |= quote.old_lines
    return new, old


def unexplained(file: File, new: set[int], old: set[int]) -> set[int]:
    """Removed lines that nothing replaces, and that no diff shows."""
    gone = replaced(file, new, old)
    return {n for g in file.groups if not g.added for n in g.removed if n not in gone}


def of(chapter: Chapter) -> Coverage:
    """The coverage of a chapter."""
    coverage = Coverage()
    for path, file in chapter.stage.files.items():
        new, old = seen_in(chapter, path)
        missing = file.added - new
        coverage.wanted += len(file.added)
        coverage.shown += len(file.added) - len(missing)
        if missing:
            coverage.missing[path] = set(missing)
        if silent := unexplained(file, new, old):
            coverage.removed[path] = silent
    return coverage
