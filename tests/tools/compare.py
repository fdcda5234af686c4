"""Compares two sets of C files definition by definition, wherever each stands.

Of two files with the same functions in another order a line diff shows
everything. Here a definition is looked for by its name, first in the file of
the same name and then in all others, and is compared with its counterpart.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum

from csource import without_comments
from definitions import DECLARED, LISTED, Piece, Source

# What the compiler sees: strings, words, operators of several characters, others.
CODE = re.compile(
    r""""(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|[\w.]+|<<=|>>=|->|\+\+|--|<<|>>|[-+*/%&|^<>=!]=|&&|\|\||##|\S"""
)


LINE_MAX = 1000  # characters; a longer line was written by no person


class Sort(Enum):
    """What can be the counterpart of what: a macro may stand for a function, a struct may not."""

    DECLARATION = 1
    TYPE = 2
    VALUE = 3


@dataclass(frozen=True)
class Definition:
    """A definition, or a declaration without a body, with the comment above it."""

    file: str
    line: int  # where it begins, from 1
    sort: Sort
    names: tuple[str, ...]
    text: tuple[str, ...]
    code: tuple[str, ...]  # without comments and layout

    @property
    def name(self) -> str:
        return self.names[0]

    @property
    def is_static(self) -> bool:
        return self.code[:1] == ("static",)


@dataclass(frozen=True)
class CFile:
    """A file, cut into its definitions and what stands between them."""

    name: str
    definitions: tuple[Definition, ...]
    between: tuple[str, ...]  # lines outside of definitions, without blank ones

    @property
    def directives(self) -> tuple[str, ...]:
        """The lines outside of definitions as the compiler sees them."""
        lines = without_comments("\n".join(self.between)).split("\n")
        return tuple(" ".join(line.split()) for line in lines if line.strip())


@dataclass
class Comparison:
    """What one file has, beside what the other side has of it."""

    equal: list[Definition] = field(default_factory=list)
    reordered: list[Definition] = field(default_factory=list)
    elsewhere: list[tuple[Definition, Definition]] = field(default_factory=list)  # the same, in another file
    reworded: list[tuple[Definition, Definition]] = field(default_factory=list)  # in comments or layout only
    different: list[tuple[Definition, Definition]] = field(default_factory=list)
    only_old: list[Definition] = field(default_factory=list)
    only_new: list[Definition] = field(default_factory=list)


Pair = tuple[Definition, Definition]


def code_of(text: str, kind: str) -> tuple[str, ...]:
    """What the compiler sees of a text. A blank behind a macro's name means something, so all do in a macro."""
    bare = without_comments(text)
    return tuple(bare.replace("\\\n", " ").split()) if kind == "macro" else tuple(CODE.findall(bare))


def closes(text: str) -> bool:
    """Whether each bracket that opens is closed by its like, in the right order."""
    waiting = []
    for char in text:
        if char in "([{":
            waiting.append(")]}"["([{".index(char)])
        elif char in ")]}" and (not waiting or waiting.pop() != char):
            return False
    return not waiting


def is_whole(source: Source, piece: Piece) -> bool:
    """Whether a piece has an end, so that it is what it seems to be."""
    lines = source.bare[piece.code - 1 : piece.end]
    text = "\n".join(line for line in lines if not line.lstrip().startswith("#"))
    return piece.kind == "macro" or closes(text) and text.rstrip().endswith((";", "}"))


def definition(name: str, source: Source, piece: Piece) -> Definition:
    text = source.lines[piece.start - 1 : piece.end]
    ranks = dict(piece.names)
    declared = piece.kind in ("prototype", "forward") or DECLARED in ranks.values()
    is_type = piece.kind in ("struct", "union", "typedef") or LISTED in ranks.values()
    sort = Sort.DECLARATION if declared else Sort.TYPE if is_type else Sort.VALUE
    names = tuple(ranks) or (source.lines[piece.code - 1].strip(),)
    return Definition(name, piece.start, sort, names, tuple(text), code_of("\n".join(text), piece.kind))


def split(name: str, text: str) -> CFile | None:
    """The file's definitions; None for what is no C, or not yet."""
    if any(len(line) > LINE_MAX for line in text.split("\n")):
        return None
    try:
        source = Source(text)
    except (ValueError, IndexError):
        return None
    if not all(is_whole(source, piece) for piece in source.pieces):
        return None
    inside = {i for piece in source.pieces for i in range(piece.start - 1, piece.end)}
    between = [line for i, line in enumerate(source.lines) if i not in inside and line.strip()]
    return CFile(name, tuple(definition(name, source, p) for p in source.pieces), tuple(between))


def counterpart(one: Definition, others: Iterable[Definition]) -> Definition | None:
    """The definition among others that is of the same sort and shares a name, the likest first."""
    likely = [o for o in others if o.sort is one.sort and not set(o.names).isdisjoint(one.names)]
    return max(likely, key=lambda o: (o.code == one.code, o.name == one.name), default=None)


def is_same_elsewhere(one: Definition, other: Definition) -> bool:
    """Whether definitions of two files are one that moved. Different static functions may share a name."""
    return one.code == other.code or not (one.is_static or other.is_static)


def pair_up(old: list[Definition], new: list[Definition]) -> list[Pair]:
    """Takes the counterparts out of both lists."""
    pairs = []
    for one in list(old):
        if other := counterpart(one, new):
            old.remove(one)
            new.remove(other)
            pairs.append((one, other))
    return pairs


def pair_across(old: list[Definition], new: list[Definition]) -> list[Pair]:
    """Takes definitions that moved to another file out of both lists. A declaration counts in its file only."""
    pairs = []
    for one in [o for o in old if o.sort is not Sort.DECLARATION]:
        other = counterpart(one, [o for o in new if is_same_elsewhere(one, o)])
        if other:
            old.remove(one)
            new.remove(other)
            pairs.append((one, other))
    return pairs


def in_order(places: list[int]) -> set[int]:
    """The longest run of numbers that rise: those that kept their order."""
    runs: list[list[int]] = [[]]  # the best that ends with each number
    for place in places:
        before = max((run for run in runs if not run or run[-1] < place), key=len)
        runs.append([*before, place])
    longest = max(runs, key=len)
    return set(longest)


def sort_pairs(found: Comparison, pairs: list[Pair]) -> None:
    """Puts each pair where it belongs."""
    kept = in_order([new.line for old, new in pairs if old.file == new.file])
    for old, new in pairs:
        if old.code != new.code:
            found.different.append((old, new))
        elif old.file != new.file:
            found.elsewhere.append((old, new))
        elif old.text != new.text:
            found.reworded.append((old, new))
        else:
            (found.equal if new.line in kept else found.reordered).append(new)


def compare(old: list[CFile], new: list[CFile]) -> dict[str, Comparison]:
    """Each file's comparison. What stands in two files is told in the old side's."""
    only_old = {f.name: list(f.definitions) for f in old}
    only_new = {f.name: list(f.definitions) for f in new}
    names = sorted({*only_old, *only_new})
    pairs = {name: pair_up(only_old.get(name, []), only_new.get(name, [])) for name in names}
    left_old = [d for name in names for d in only_old.get(name, [])]
    left_new = [d for name in names for d in only_new.get(name, [])]
    for one, other in pair_across(left_old, left_new):
        pairs[one.file].append((one, other))
    result = {}
    for name in names:
        result[name] = Comparison()
        sort_pairs(result[name], pairs[name])
        result[name].only_old = [d for d in left_old if d.file == name]
        result[name].only_new = [d for d in left_new if d.file == name]
    return result
