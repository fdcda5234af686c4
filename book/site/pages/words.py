"""Which words differ between lines that go and lines that come in their place."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

WORD = re.compile(r"\w+|\s+|.")
ALIKE = 0.5  # below that, whole lines are new: marks would only be noise

Range = tuple[int, int]
Ranges = dict[int, list[Range]]  # by the line's place among its side


def words_of(lines: list[str]) -> list[tuple[str, int, int]]:
    """Each word with its line and its place in it."""
    return [
        (match.group(), number, match.start())
        for number, line in enumerate(lines)
        for match in WORD.finditer(line)
    ]


def ranges_of(words: list[tuple[str, int, int]]) -> Ranges:
    """Where these words stand; neighbours are joined, white space alone is left out."""
    found: Ranges = {}
    for word, line, start in words:
        row = found.setdefault(line, [])
        if row and row[-1][1] == start:
            row[-1] = (row[-1][0], start + len(word))
        elif not word.isspace():
            row.append((start, start + len(word)))
    return found


def changed_words(old: list[str], new: list[str]) -> tuple[Ranges, Ranges]:
    before, after = words_of(old), words_of(new)
    matcher = SequenceMatcher(
        None, [word for word, _, _ in before], [word for word, _, _ in after], autojunk=False
    )
    if not before or not after or matcher.ratio() < ALIKE:
        return {}, {}
    gone, come = [], []
    for what, a, b, c, d in matcher.get_opcodes():
        if what != "equal":
            gone += before[a:b]
            come += after[c:d]
    return ranges_of(gone), ranges_of(come)
