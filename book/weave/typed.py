"""Types a chapter: its steps' fences, one after the other, put into the files of the stage before.

A chapter with a fence `text steps` is typed. Each fence of its steps says where its
lines go (after=, before=, end, new, replaces), as the words above it tell the reader,
and after the last step the files must be those of the stage.

A file is a list of items, its lines without the blank ones. An item knows which line
of the lesson, of the stage before or of which scaffold it is; so a line that
was put into the wrong place is found at once, and the blank lines around it are the
lesson's.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from definitions import NotFound, Source, blanked, is_formatter

from .changes import File
from .chapters import REST, Chapter, Step
from .quotes import SCAFFOLD, SHARED, BadQuote, Quote, file_of
from .report import Problem, cut

LAID = "Makefile"  # `make start` writes it
CAPTION = re.compile(r"\*`[\w./-]+`, .*:\*")
STANDS = re.compile(r"([0-9]{2})-([0-9]{2})/(.+)")
TOKENS = re.compile(r"<[^>]+>|[^\s,]+")


class Misplaced(Exception):
    """A fence that cannot be typed; the message says why and what to do."""


@dataclass
class Item:
    """A line of a file as it is typed."""

    text: str
    new: int | None = None  # which line of the stage it is
    old: int | None = None  # of the stage before
    scaffold: str = ""  # the scaffold that it is of
    gap_before: bool = False  # whether a blank line stands there in its source
    gap_after: bool = False
    is_code: bool = True  # and no comment


Tree = dict[str, list[Item]]


def blank(lines: Sequence[str], number: int) -> bool:
    """Whether the line of this number (from 1) is blank, or there is none."""
    return not 1 <= number <= len(lines) or not lines[number - 1].strip()


def plain(text: str) -> bool:
    return not text.strip() or is_formatter(text)


def beginning(chapter: Chapter) -> Tree:
    """The files of the stage before."""
    tree: Tree = {}
    stage = chapter.stage
    rows: list[tuple[str, int | None, int | None]]
    for path, lines in stage.removed_files.items():
        rows = [(text, None, number) for number, text in enumerate(lines, 1)]
        tree[path] = items_before(rows, lines)
    for path, file in stage.files.items():
        if file.old_lines is not None:
            rows = [(r.text, r.new, r.old) for r in file.rows if r.tag != "+"]
            tree[path] = items_before(rows, file.old_lines)
    tree.pop(LAID, None)
    return tree


def items_before(rows: Iterable[tuple[str, int | None, int | None]], lines: Sequence[str]) -> list[Item]:
    found = []
    for text, new, old in rows:
        if old and not plain(text):
            found.append(Item(text, new, old, "", blank(lines, old - 1), blank(lines, old + 1)))
    return found


def items_of(lines: Sequence[str], numbers: Iterable[int], scaffold: str) -> list[Item]:
    """The lines of these numbers, of the lesson's file or of a scaffold's."""
    found = []
    bare = blanked("\n".join(lines)).split("\n")
    for number in sorted(numbers):
        if not plain(lines[number - 1]):
            gaps = blank(lines, number - 1), blank(lines, number + 1)
            code = bool(bare[number - 1].strip())
            found.append(Item(lines[number - 1], None if scaffold else number, None, scaffold, *gaps, code))
    return found


def between(one: Item, next_one: Item, file: File | None) -> list[str]:
    """The blank lines, and those for clang-format, that stand between two items."""
    for above, below, lines in (
        (one.new, next_one.new, file.lines if file else None),
        (one.old, next_one.old, file.old_lines if file else None),
    ):
        if above and below and lines and above < below:
            inside = lines[above : below - 1]
            if all(plain(text) for text in inside):
                return list(inside)
    return [""] if one.gap_after or next_one.gap_before else []


def text_of(items: list[Item], file: File | None) -> str:
    """A file with its blank lines."""
    lines: list[str] = []
    for place, item in enumerate(items):
        if place:
            lines += between(items[place - 1], item, file)
        lines.append(item.text)
    if file and items:  # what stands for clang-format alone at either end
        first, last = items[0].new, items[-1].new
        if first and all(plain(text) for text in file.lines[: first - 1]):
            lines = [*file.lines[: first - 1], *lines]
        if last and all(plain(text) for text in file.lines[last:]):
            lines += file.lines[last:]
    return "".join(f"{line}\n" for line in lines)


@dataclass(frozen=True)
class Placed:
    """A fence that was typed."""

    quote: Quote
    words: str  # the words of its info string that say the place, as they should be
    caption: str  # the line above it; empty for one that is not typed again
    added: int  # lines that are new to the reader, comments too
    code: int  # of these, lines of code
    continues: bool  # it goes on where the fence before ended


@dataclass
class TypedStep:
    """A step and the files at its end."""

    step: Step
    placed: list[Placed] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)
    changed: set[str] = field(default_factory=set)  # paths

    @property
    def lines(self) -> int:
        """New lines of code, counted as `make stages` does: no comments."""
        return sum(one.code for one in self.placed)

    @property
    def places(self) -> int:
        return sum(not one.continues for one in self.placed if one.caption)


@dataclass
class Typed:
    """A chapter, typed."""

    chapter: Chapter
    steps: list[TypedStep] = field(default_factory=list)
    rest: list[Placed] = field(default_factory=list)  # of the section behind the steps
    start: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def placed(self) -> list[Placed]:
        return [one for step in self.steps for one in step.placed] + self.rest


class Typist:
    """Puts fence after fence into the files."""

    def __init__(self, chapter: Chapter) -> None:
        self.chapter = chapter
        self.tree = beginning(chapter)
        self.last: tuple[str, Item | None] = ("", None)  # where the fence before ended

    def file(self, path: str) -> File | None:
        return self.chapter.stage.files.get(path)

    def text(self, path: str) -> str:
        return text_of(self.tree[path], self.file(path))

    def files(self) -> dict[str, str]:
        return {path: self.text(path) for path in sorted(self.tree)}

    # Where things are

    def numbered(self, path: str) -> list[tuple[int, Item]]:
        """The items, each with its line in the text."""
        found = []
        line = 0
        items = self.tree[path]
        text = self.text(path).split("\n")
        for item in items:
            line = next(n for n in range(line + 1, len(text) + 1) if text[n - 1] == item.text)
            found.append((line, item))
        return found

    def span(self, path: str, name: str) -> tuple[int, int]:
        """The first item of what a name or a text means, and the one behind its last."""
        if path not in self.tree:
            raise Misplaced(f"there is no {path} yet: it is `new`")
        numbered = self.numbered(path)
        if name == "head":
            stop = Source(self.text(path)).head()[1]
            return 0, sum(n <= stop for n, _ in numbered)
        if re.fullmatch(r"(?:(?:struct|enum|union) )?\w+", name):
            try:
                piece = Source(self.text(path)).find(name)
                inside = [i for i, (n, _) in enumerate(numbered) if piece.start <= n <= piece.end]
                return inside[0], inside[-1] + 1
            except NotFound:
                pass
        held = [i for i, (_, item) in enumerate(numbered) if name in item.text]
        if not held:
            raise Misplaced(f'{path}, as it is at this point, neither defines {name} nor holds "{name}" in a line')
        if len(held) > 1:
            raise Misplaced(f'{len(held)} lines of {path} hold "{name}"; name a definition, or a longer text')
        return held[0], held[0] + 1

    def name_of(self, path: str, place: int) -> tuple[str, bool]:
        """How the item of this index is named, best by its definition; and whether it is that definition's last."""
        numbered = self.numbered(path)
        line, item = numbered[place]
        for piece in Source(self.text(path)).pieces:
            if piece.start <= line <= piece.end and piece.names:
                inside = [i for i, (n, _) in enumerate(numbered) if piece.start <= n <= piece.end]
                if place == inside[-1]:
                    return piece.names[0][0], True
        return item.text.strip(), False

    # Putting lines in

    def type(self, quote: Quote) -> Placed:
        """Puts a fence's lines where it says."""
        path = quote.target
        asked = quote.place
        if "again" in asked:
            return self.again(quote)
        file = file_of(self.chapter.stage, quote)
        items = items_of(file.lines, quote.new_lines, quote.scaffold)
        included = self.includes(quote, asked.get("include"))
        before = list(self.tree.get(path, []))
        if quote.kind == "diff":
            words, where = "", "changed"
            added = self.apply_diff(path, quote, file)
            typed_before = {one.new for one in before if one.new and one.old is None}
            again = any(item.new in typed_before and not plain(item.text) for item in items)
        else:
            again = False
            words = self.suggest(path, items, quote) if not set(asked) - {"include"} else said(asked)
            added, where = self.put(path, items, words)
        for item in included:
            self.insert_in_order(path, item)
        self.in_order(path, quote)
        known = Counter(item.text.strip() for item in before if item not in self.tree[path])
        fresh = code = 0
        for item in added:
            known[item.text.strip()] -= 1
            if known[item.text.strip()] < 0:
                fresh += 1
                code += item.is_code
        ended = (path, self.end_of(path, added, included))
        continues = self.continues(path, added)
        self.last = ended
        if included:
            words += f' include="{asked["include"]}"'
        new = len(included)
        return Placed(quote, words.strip(), caption(quote, where, included, again), fresh + new, code + new, continues)

    def end_of(self, path: str, added: list[Item], included: list[Item]) -> Item | None:
        """The last item of a fence, or of its includes that follow right behind."""
        if not added:
            return None
        items = self.tree[path]
        place = next(i for i, item in enumerate(items) if item is added[-1])
        while place + 1 < len(items) and any(items[place + 1] is item for item in included):
            place += 1
        return items[place]

    def again(self, quote: Quote) -> Placed:
        """A fence that shows what is there already."""
        here = {item.new for item in self.tree.get(quote.target, [])}
        file = file_of(self.chapter.stage, quote)
        wanted = {n for n in quote.new_lines if not plain(file.lines[n - 1])}
        if not quote.counts or not wanted <= here:
            raise Misplaced(f"`again`, but not all of these lines of {quote.target} were typed before")
        return Placed(quote, "again", "", 0, 0, True)

    def includes(self, quote: Quote, names: str | None) -> list[Item]:
        """The lines that include= names: of the lesson, or such that stand as long as scaffold needs them."""
        file = self.file(quote.target)
        whole = "replaces" in quote.place and quote.place["replaces"] is None
        held = [] if whole else self.tree.get(quote.target, [])
        found = []
        for name in TOKENS.findall(names or ""):
            line = f"#include {name}" if name.startswith("<") else f'#include "{name}"'
            if any(item.text == line for item in held):
                raise Misplaced(f"include=: {quote.target} has {line} already")
            if file and line in file.lines:
                found += items_of(file.lines, [file.lines.index(line) + 1], "")
            else:
                found.append(Item(line))
        quote.included = frozenset(item.new for item in found if item.new)
        return found

    def insert_in_order(self, path: str, item: Item) -> None:
        items = self.tree[path]
        if not item.new or not any(one.new for one in items):
            places = [i for i, one in enumerate(items) if one.text.startswith("#include")]
            items.insert(places[-1] + 1 if places else 0, item)
            if places:
                item.gap_after, items[places[-1]].gap_after = items[places[-1]].gap_after, False
            return
        above = [i for i, one in enumerate(items) if one.new and one.new < item.new]
        below = [i for i, one in enumerate(items) if one.new and one.new > item.new]
        place = above[-1] + 1 if above else below[0] if below else len(items)
        items.insert(place, item)

    def apply_diff(self, path: str, quote: Quote, file: File) -> list[Item]:
        if path not in self.tree:
            raise Misplaced(f"there is no {path} yet, so nothing in it can change")
        items = self.tree[path]
        for number in sorted(quote.old_lines):
            gone = next((item for item in items if item.old == number and item.new is None), None)
            text = file.old_lines[number - 1] if file.old_lines else ""
            if gone:
                items.remove(gone)
            elif not plain(text):
                raise Misplaced(f"the diff removes a line that is not there any more: {cut(text.strip())}")
        here = {item.new for item in items}
        added = [item for item in items_of(file.lines, quote.new_lines, "") if item.new not in here]
        for item in added:
            self.insert_in_order(path, item)
        return added

    def put(self, path: str, items: list[Item], words: str) -> tuple[list[Item], str]:
        """Puts the items at a place; returns them and the place in words."""
        word, _, value = words.partition("=")
        if value.startswith('"'):
            value = re.sub(r"\\(.)", r"\1", value[1:-1])
        if word == "new":
            if path in self.tree:
                raise Misplaced(f"{path} is there already: `end`, after=, before=, or `replaces` all of it")
            self.tree[path] = []
            self.insert(path, 0, items)
            return items, "a new file"
        if path not in self.tree:
            raise Misplaced(f"there is no {path} yet: it is `new`")
        held = self.tree[path]
        if word == "end":
            place = len(held)
            if held and held[-1].text.startswith("#endif") and items[-1].text != held[-1].text:
                place -= 1
            self.insert(path, place, items)
            return items, "at the end" if place == len(held) - len(items) else "above the last `#endif`"
        if word == "replaces" and not value:
            self.tree[path] = []
            self.insert(path, 0, items)
            return items, "instead of all that it holds"
        if word == "replaces":
            return items, self.replace(path, items, value)
        if word not in ("after", "before"):
            raise Misplaced(f"a fence has one place: {', '.join(('new', 'end', 'after=', 'before=', 'replaces'))}")
        first, behind = self.span(path, value)
        self.insert(path, behind if word == "after" else first, items)
        return items, f"{word} `{value}`"

    def replace(self, path: str, items: list[Item], value: str) -> str:
        try:
            spans = [self.span(path, value)]
            names = [value]
        except Misplaced:
            names = [name.strip() for name in value.split(",")]
            spans = [self.span(path, name) for name in names]
        gone = {i for first, behind in spans for i in range(first, behind)}
        held = self.tree[path]
        self.tree[path] = [item for i, item in enumerate(held) if i not in gone]
        self.insert(path, min(gone), items)
        quoted = ["its head" if name == "head" else f"`{name}`" for name in names]
        return "instead of " + (", ".join(quoted[:-1]) + " and " if quoted[1:] else "") + quoted[-1]

    def insert(self, path: str, place: int, items: list[Item]) -> None:
        here = {item.new for item in self.tree[path] if item.new}
        if twice := next((item for item in items if item.new in here), None):
            raise Misplaced(f"{path} has this line already: {cut(twice.text.strip())}; show less, or say `again`")
        self.tree[path][place:place] = items

    def in_order(self, path: str, quote: Quote) -> None:
        """The lines of the lesson stand in the lesson's order."""
        known = [item for item in self.tree[path] if item.new]
        for above, below in zip(known, known[1:], strict=False):
            assert above.new and below.new
            if above.new > below.new:
                good = self.right_place(path, quote)
                raise Misplaced(
                    f"at this place of {path} `{cut(above.text.strip(), 60)}` comes before "
                    f"`{cut(below.text.strip(), 60)}`, and in the lesson after it{good}"
                )

    def right_place(self, path: str, quote: Quote) -> str:
        new = set(quote.new_lines)
        self.tree[path] = [item for item in self.tree[path] if item.new not in new]
        file = file_of(self.chapter.stage, quote)
        return f"; {self.suggest(path, items_of(file.lines, new, quote.scaffold), quote)} would be right"

    def continues(self, path: str, added: list[Item]) -> bool:
        """Whether these lines come right behind those of the fence before."""
        if not added or self.last[0] != path or not self.last[1]:
            return False
        items = self.tree[path]
        place = next(i for i, item in enumerate(items) if item is added[0])
        return place > 0 and items[place - 1] is self.last[1]

    def suggest(self, path: str, items: list[Item], quote: Quote) -> str:
        """The place where the lines belong, as words for the info string."""
        if path not in self.tree:
            return "new"
        held = self.tree[path]
        names = [name.strip() for name in (dict(quote.fence.words).get("def") or "").split(",") if name.strip()]
        there = [name for name in names if self.defined(path, name)]
        if there and not dict(quote.fence.words).get("from"):
            return f"replaces={quoted(','.join(there))}"
        if quote.fence.has("head"):
            return "replaces=head"
        if not items or quote.scaffold:
            return "end"
        assert items[0].new
        above = [i for i, one in enumerate(held) if one.new and one.new < items[0].new]
        if not above:
            return f"before={quoted(self.name_of(path, 0)[0])}"
        if above[-1] == len(held) - 1 or (above[-1] == len(held) - 2 and held[-1].text.startswith("#endif")):
            return "end"
        name, _ = self.name_of(path, above[-1])
        if sum(name in item.text for item in held) > 1 and not self.defined(path, name):
            return f"before={quoted(self.name_of(path, above[-1] + 1)[0])}"
        return f"after={quoted(name)}"

    def defined(self, path: str, name: str) -> bool:
        try:
            Source(self.text(path)).find(name)
        except NotFound:
            return False
        return True


def quoted(value: str) -> str:
    if re.fullmatch(r"[\w,./-]+", value):
        return value
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def said(asked: dict[str, str | None]) -> str:
    """The place as the info string says it, in one form."""
    kept = [(name, value) for name, value in asked.items() if name != "include"]
    if len(kept) != 1:
        raise Misplaced(f"a fence has one place, and this one says {' and '.join(name for name, _ in kept)}")
    name, value = kept[0]
    if name != "replaces" and (value is None) == (name in ("after", "before")):
        raise Misplaced(f"{name}= names what stands there" if value is None else f"{name} has no value")
    return name if value is None else f"{name}={quoted(value)}"


def caption(quote: Quote, where: str, included: list[Item], again: bool = False) -> str:
    """The line above a fence that tells the reader the place, and whether a diff marks lines that an earlier step typed."""
    text = f"`{quote.target}`, {where}"
    if included:
        texts = [f"`{item.text}`" for item in included]
        text += ", with " + (", ".join(texts[:-1]) + " and " if texts[1:] else "") + texts[-1]
        text += " among the includes"
    if quote.scaffold and (match := STANDS.fullmatch(quote.scaffold)):
        text += f" (scaffold, until step {int(match[2]) + 1})"
    if again:
        text += "; some of these lines you have already"
    return f"*{text}:*"


def inside(quote: Quote, first: int, last: int) -> bool:
    return first <= quote.line <= last


def rest_of(chapter: Chapter) -> tuple[int, int]:
    """The lines of the section that quotes more.c."""
    marks = [h for h in chapter.headings if h.level <= 2]
    for place, heading in enumerate(marks):
        if heading.title == REST:
            ends = marks[place + 1].line if place + 1 < len(marks) else len(chapter.document.lines) + 1
            return heading.line, ends - 1
    return 0, -1


def typed_quotes(chapter: Chapter, first: int, last: int) -> list[Quote]:
    """The fences between two lines that are typed: those of the stage, and scaffold."""
    return [q for q in chapter.quotes if inside(q, first, last) and not q.file.startswith(SHARED)]


def type_all(chapter: Chapter) -> Typed:
    """Types the chapter from beginning to end. What cannot be typed is a problem, and left out."""
    typed = Typed(chapter)
    typist = Typist(chapter)
    typed.start = before = typist.files()
    for step in chapter.steps:
        done = TypedStep(step)
        for quote in typed_quotes(chapter, step.heading.line, step.last_line):
            if placed := type_one(typist, quote, typed.problems):
                done.placed.append(placed)
        done.files = typist.files()
        done.changed = {p for p in {*before, *done.files} if before.get(p) != done.files.get(p)}
        if not typed.problems:
            typed.problems += scaffold_of(typed, typist, done)
        typed.steps.append(done)
        before = done.files
    for quote in typed_quotes(chapter, *rest_of(chapter)):
        if placed := type_one(typist, quote, typed.problems):
            typed.rest.append(placed)
    if not typed.problems:
        typed.problems += unused_scaffold(typed)
    if not typed.problems:
        typed.problems += left(chapter, typist)
    return typed


def type_one(typist: Typist, quote: Quote, problems: list[Problem]) -> Placed | None:
    if quote.error:
        return None  # the check of quotes says so
    words = dict(quote.fence.words)
    try:
        if quote.scaffold and (not STANDS.fullmatch(quote.scaffold) or "from" in words or "part" in words):
            raise Misplaced("a scaffold is a whole definition or a file: scaffold=02-05/net/server.c def=serve")
        return typist.type(quote)
    except (Misplaced, BadQuote) as error:
        problems.append(Problem(typist.chapter.name, quote.line, str(error)))
        return None


def scaffold_of(typed: Typed, typist: Typist, done: TypedStep) -> list[Problem]:
    """Scaffold stands from its first step to its last, and no longer."""
    found = []
    name = typed.chapter.name
    number = done.step.number
    for one in done.placed:
        match = STANDS.fullmatch(one.quote.scaffold)
        if match and int(match[1]) > number:
            found.append(Problem(name, one.quote.line, f"by its folder it stands from step {int(match[1])} on"))
    standing = {item.scaffold for items in typist.tree.values() for item in items if item.scaffold}
    for scaffold in sorted(standing):
        match = STANDS.fullmatch(scaffold)
        if match and int(match[2]) < number:
            text = f"the scaffold {scaffold} is there after step {number} still: replace it in step {int(match[2]) + 1}"
            found.append(Problem(name, done.step.heading.line, text))
    for scaffold in sorted({p.quote.scaffold for s in [*typed.steps, done] for p in s.placed if p.quote.scaffold}):
        match = STANDS.fullmatch(scaffold)
        if match and int(match[1]) <= number <= int(match[2]) and scaffold not in standing:
            text = f"nothing of the scaffold {scaffold} is there after step {number}: its folder's name says otherwise"
            found.append(Problem(name, done.step.heading.line, text))
    return found


def unused_scaffold(typed: Typed) -> list[Problem]:
    """Scaffold that no fence types, and lines of it."""
    root = typed.chapter.root
    folder = root / SCAFFOLD / typed.chapter.number
    found = []
    for path in sorted(folder.rglob("*.[ch]")):
        name = path.relative_to(folder).as_posix()
        lines = path.read_text(encoding="utf-8").splitlines()
        seen = {n for p in typed.placed if p.quote.scaffold == name for n in p.quote.new_lines}
        missing = [n for n, text in enumerate(lines, 1) if not plain(text) and n not in seen]
        if missing:
            shown = path.relative_to(root).as_posix()
            found.append(Problem(shown, missing[0], f"no fence of {typed.chapter.name} types this"))
    return found


def left(chapter: Chapter, typist: Typist) -> list[Problem]:
    """What differs from the stage when all is typed."""
    found = []
    stage = chapter.stage
    for path in sorted({*typist.tree, *stage.files} - {LAID}):
        if path not in stage.files:
            found.append(Problem(chapter.name, 1, f"{path} is typed, and the lesson has no such file"))
            continue
        have = typist.text(path) if path in typist.tree else ""
        want = "".join(f"{line}\n" for line in stage.files[path].lines)
        if have != want:
            pairs = zip([*have.split("\n"), ""], [*want.split("\n"), ""], strict=False)
            line, (mine, theirs) = next((n, p) for n, p in enumerate(pairs, 1) if p[0] != p[1])
            text = f"after the last step this line is `{cut(mine)}`, in the lesson it is `{cut(theirs)}`"
            found.append(Problem(f"stages/{stage.name}/{path}", line, text))
    return found
