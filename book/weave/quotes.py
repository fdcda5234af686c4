"""Quotes: what a fence's info string names, and the lines that it stands for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from definitions import NotFound, Source, is_formatter

from .changes import File, Hunk, Stage, read_lines, replaced, runs
from .markdown import Fence, Heading

SELECTORS = ("file", "scaffold", "def", "from", "part", "to", "hunk", "head", "rest")
# Where the lines go, in a chapter that is typed (typed.py).
PLACES = ("new", "end", "after", "before", "replaces", "include", "again")
GAP = "/* ... */"
SCAFFOLD = "book/scaffold/"
# What all stages share: no stage adds it, so it may be quoted and need not be.
SHARED = ("common/", "stages/more/")


class BadQuote(Exception):
    """A fence that cannot be filled; the message says why and what to do."""


@dataclass
class Quote:
    """A fence with a named source."""

    fence: Fence
    file: str
    kind: str  # c, diff, or the language of another file
    anchor: str
    new_lines: frozenset[int] = frozenset()
    old_lines: frozenset[int] = frozenset()
    wanted: tuple[str, ...] | None = None  # None: its source was not found
    error: str = ""
    included: frozenset[int] = frozenset()  # lines that the words above the fence show: include=

    @property
    def line(self) -> int:
        return self.fence.line

    @property
    def info(self) -> str:
        return self.fence.info

    @property
    def heading(self) -> Heading | None:
        return self.fence.heading

    @property
    def counts(self) -> bool:
        """Whether it is of the stage, and not of what all stages share, and no scaffold."""
        return not self.file.startswith((*SHARED, SCAFFOLD))

    @property
    def scaffold(self) -> str:
        """What a scaffold is called: 02-05/net/server.c; empty where the quote is none."""
        return dict(self.fence.words).get("scaffold") or ""

    @property
    def target(self) -> str:
        """The file of the stage that its lines are typed into."""
        return self.scaffold.partition("/")[2] or self.file

    @property
    def place(self) -> dict[str, str | None]:
        """The words that say where its lines go."""
        return {name: value for name, value in self.fence.words if name in PLACES}

    @property
    def is_rest(self) -> bool:
        return self.fence.has("rest")


@dataclass
class Shown:
    """What a quote shows: texts, and which lines they are."""

    texts: list[str]
    new: set[int]
    old: set[int]


def is_quote(fence: Fence) -> bool:
    return fence.has("file") or fence.has("scaffold")


def selector(fence: Fence) -> dict[str, str | None]:
    """The words of a fence, looked at."""
    words = [(name, value) for name, value in fence.words if name not in PLACES]
    unknown = [name for name, _ in words if name not in SELECTORS]
    if unknown:
        raise BadQuote(f"unknown word {unknown[0]!r}; there are {', '.join((*SELECTORS, *PLACES))}")
    twice = [name for name, _ in words if [n for n, _ in words].count(name) > 1]
    if twice:
        raise BadQuote(f"{twice[0]} stands twice")
    chosen = dict(words)
    if "part" in chosen:
        if "from" in chosen:
            raise BadQuote("part= and from= are the same thing; use one")
        chosen["from"] = chosen.pop("part")
    for name in ("file", "scaffold", "def", "from", "to", "hunk"):
        if name in chosen and not chosen[name]:
            raise BadQuote(f"{name}= has no value; write {name}=x or {name}=\"x y\"")
    alone = [name for name in ("head", "rest", "hunk") if name in chosen]
    others = [name for name in ("def", "from", "to") if name in chosen]
    if len(alone) > 1 or (alone and others):
        raise BadQuote(f"{alone[0]} stands by itself, without {(alone[1:] + others)[0]}")
    if "to" in chosen and "from" not in chosen:
        raise BadQuote("to= needs from=, the text where the quote begins")
    return chosen


def find_line(lines: list[str], text: str, first: int, last: int, why: str) -> int:
    """The first of the lines (numbers from 1, both inclusive) that holds a text, or begins with it: "^    }"."""
    for number in range(first, last + 1):
        line = lines[number - 1]
        if line.startswith(text[1:]) if text.startswith("^") else text in line:
            return number
    raise BadQuote(f'no line holds "{text}" {why}')


def defined(source: Source, path: str, name: str) -> tuple[int, int]:
    try:
        piece = source.find(name)
    except NotFound as error:
        raise BadQuote(f"{path} {error}") from error
    start, end = piece.start, piece.end
    while start < end and is_formatter(source.lines[start - 1]):
        start += 1
    return start, end


def spans(source: Source, path: str, chosen: dict[str, str | None]) -> list[tuple[int, int]]:
    """The first and last line of each piece that def=, from= and to= name."""
    whole = [(1, len(source.lines))]
    names = [name.strip() for name in (chosen.get("def") or "").split(",") if name.strip()]
    scopes = [defined(source, path, name) for name in names] or whole
    text = chosen.get("from")
    if not text:
        return scopes
    if len(scopes) > 1:
        raise BadQuote("from= searches inside one definition, not in several")
    first, last = scopes[0]
    place = f"in {names[0]}" if names else f"in {path}"
    start = find_line(source.lines, text, first, last, place)
    to = chosen.get("to")
    end = find_line(source.lines, to, start, last, f"{place} from line {start} on") if to else start
    return [(start, end)]


def show_code(source: Source, path: str, chosen: dict[str, str | None]) -> Shown:
    """Lines of a file as they stand."""
    shown = Shown([], set(), set())
    if "head" in chosen:
        try:
            pieces = [source.head()]
        except NotFound as error:
            raise BadQuote(f"{path} {error}") from error
        for first, last in source.wrap_ends().items():
            if first < pieces[0][1]:
                shown.new.add(last + 1)
    else:
        pieces = spans(source, path, chosen)
    for (start, end), above in zip(pieces, [0, *(end for _, end in pieces)], strict=False):
        if shown.texts and start != above + 1:
            shown.texts.append("")
        for number in range(start, end + 1):
            shown.new.add(number)
            if not is_formatter(source.lines[number - 1]):
                shown.texts.append(source.lines[number - 1])
    return shown


def show_hunks(hunks: Iterable[Hunk]) -> Shown:
    shown = Shown([], set(), set())
    for hunk in hunks:
        shown.texts += hunk.lines()
        shown.new |= {row.new for row in hunk.rows if row.new}
        shown.old |= {row.old for row in hunk.rows if row.tag == "-" and row.old}
    return shown


def find_hunk(file: File, text: str) -> list[Hunk]:
    """The hunk that holds a text: best in what it changes, else in what is around."""
    hunks = file.hunks()
    if text == "all":
        return hunks
    changed = [h for h in hunks if any(r.tag != " " and text in r.text for r in h.rows)]
    found = changed or [h for h in hunks if any(text in r.text for r in h.rows)]
    if not found:
        raise BadQuote(f'no hunk of {file.path} holds "{text}" (make diff shows them)')
    if len(found) > 1:
        raise BadQuote(f'{len(found)} hunks of {file.path} hold "{text}"; name one by a longer text')
    return found


def diff_span(file: File, chosen: dict[str, str | None]) -> list[Hunk]:
    """The diff of a definition or a range, unchanged lines in it included."""
    hunks = []
    rows = file.rows
    for start, end in spans(file.source, file.path, chosen):
        first = next(i for i, row in enumerate(rows) if row.new == start)
        last = next(i for i, row in enumerate(rows) if row.new == end)
        while first > 0 and rows[first].tag == "+" and rows[first - 1].tag == "-":
            first -= 1
        hunk = file.hunk(first, last + 1)
        if all(row.tag == " " for row in hunk.rows):
            raise BadQuote("nothing in it is changed by this stage; quote it as ```c")
        hunks.append(hunk)
    return hunks


def show_diff(file: File, chosen: dict[str, str | None]) -> Shown:
    if file.is_new:
        raise BadQuote(f"{file.path} is new in this stage: quote it as ```c, not as a diff")
    if not file.groups:
        raise BadQuote(f"this stage does not change {file.path}")
    if "hunk" in chosen:
        return show_hunks(find_hunk(file, chosen["hunk"] or ""))
    if "def" in chosen or "from" in chosen:
        shown = show_hunks(diff_span(file, chosen))
        shown.texts = [text for text in shown.texts if not text.startswith("@@")]
        return shown
    raise BadQuote("which part of the diff? hunk=\"text\", hunk=all, def=, from= or rest")


def show_rest_of_new(file: File, seen: set[int]) -> Shown:
    """The lines of a new file that no other quote shows."""
    left = {number for number in file.added if number not in seen}
    shown = Shown([], set(left), set())
    last = 0
    for first, behind in runs(left):
        between = [r for r in file.rows[last : first - 1] if not r.plain]
        if last and between:
            shown.texts += ["", GAP, ""]
        elif last:
            shown.texts.append("")
        elif between:
            shown.texts += [GAP, ""]
        shown.texts += file.lines[first - 1 : behind - 1]
        last = behind - 1
    return shown


def show_rest_of_changed(file: File, seen: set[int], gone: set[int]) -> Shown:
    """The changes of a file that no other quote shows, as a diff."""
    gone = replaced(file, seen, gone)
    chosen = set()
    for i, row in enumerate(file.rows):
        if row.plain or row.tag == " ":
            continue
        if (row.tag == "+" and row.new not in seen) or (row.tag == "-" and row.old not in gone):
            chosen.add(i)
    for i, row in enumerate(file.rows):  # blank lines between two that are shown
        if row.plain and row.tag != " " and i - 1 in chosen and i + 1 in chosen:
            chosen.add(i)
    return show_hunks(file.hunks_of(chosen))


def file_of(stage: Stage, quote: Quote) -> File:
    """The file that a quote names."""
    if not quote.counts:
        path = stage.root / quote.file
        if not path.is_file():
            raise BadQuote(f"there is no {quote.file}")
        return File(quote.file, read_lines(path), None)
    if quote.file not in stage.files:
        raise BadQuote(f"{stage.name} has no file {quote.file}")
    return stage.files[quote.file]


def show(stage: Stage, quote: Quote, seen: set[int], gone: set[int]) -> Shown:
    """What a quote shows; `seen` and `gone` are what the others of that file show, for rest."""
    chosen = selector(quote.fence)
    file = file_of(stage, quote)
    if not quote.counts and (quote.kind == "diff" or "rest" in chosen):
        raise BadQuote(f"{quote.file} has no stage before it: name a definition or a range")
    if "rest" in chosen:
        if file.is_new == (quote.kind == "diff"):
            right = "c" if file.is_new else "diff"
            was = "is new in" if file.is_new else "was there before"
            raise BadQuote(f"{file.path} {was} this stage: its rest is a ```{right} fence")
        rest = show_rest_of_new(file, seen) if file.is_new else show_rest_of_changed(file, seen, gone)
        if not rest.texts:
            raise BadQuote(f"nothing of {file.path} is left; remove this fence")
        return rest
    if quote.kind == "diff":
        return show_diff(file, chosen)
    if "hunk" in chosen:
        raise BadQuote("a hunk stands in a ```diff fence")
    return show_code(file.source, quote.file, chosen)


def resolve_one(stage: Stage, quote: Quote, others: list[Quote]) -> None:
    same = [other for other in others if other.file == quote.file and other is not quote]
    if quote.is_rest and any(other.is_rest for other in same):
        quote.error = f"two fences show the rest of {quote.file}; keep one"
        return
    seen = {number for other in same for number in other.new_lines}
    gone = {number for other in same for number in other.old_lines}
    try:
        shown = show(stage, quote, seen, gone)
    except BadQuote as error:
        quote.error = str(error)
        return
    texts = list(shown.texts)
    while texts and not texts[-1].strip():
        texts.pop()
    while texts and not texts[0].strip():
        texts.pop(0)
    if any(text.lstrip().startswith("```") for text in texts):
        quote.error = "the code holds the fence's own mark"
        return
    quote.wanted = tuple(texts)
    quote.new_lines, quote.old_lines = frozenset(shown.new), frozenset(shown.old)


def resolve(stage: Stage, quotes: list[Quote]) -> None:
    """Fills in what each quote shows; `rest` comes last, when the others are known."""
    for quote in sorted(quotes, key=lambda q: q.is_rest):
        resolve_one(stage, quote, quotes)


__all__ = ["SHARED", "BadQuote", "Quote", "is_quote", "resolve"]
