"""A chapter: its Markdown and the stage that it explains."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from . import ROOT, markdown, quotes
from .changes import Stage, load_stage
from .markdown import Document, Fence, Heading
from .quotes import Quote

FILE = re.compile(r"([0-9]{2})-[a-z-]+\.md")
POINTER = re.compile(r"([\w.-]+\.[ch]):([A-Za-z_]\w*)(?:\(\))?")
STEP = re.compile(r"Step ([0-9]+): \S.*")
CLAIM = re.compile(r"\*\*(It builds\.|It does not build yet)")
STEPS = "The code, step by step"
REST = "The rest of Redis"
RUN = ("redis", "console")


@dataclass(frozen=True)
class Transcript:
    """A fence that is run."""

    fence: Fence
    kind: str  # redis, console
    modes: tuple[str, ...]  # continue, stage, whole, shell, not-run

    @property
    def line(self) -> int:
        return self.fence.line

    @property
    def body(self) -> tuple[str, ...]:
        return self.fence.body

    @property
    def heading(self) -> Heading | None:
        return self.fence.heading


@dataclass(frozen=True)
class Step:
    """A step of the code: its heading and what it says of building."""

    heading: Heading
    number: int
    last_line: int
    builds: bool | None  # None: it says nothing
    claim_line: int

    @property
    def title(self) -> str:
        """Without its number."""
        return self.heading.title.partition(": ")[2]

    @property
    def claim(self) -> str:
        return {True: "It builds.", False: "It does not build yet", None: ""}[self.builds]


@dataclass(frozen=True)
class Pointer:
    """A function of Redis, named in the text."""

    line: int
    file: str
    function: str


@dataclass
class Chapter:
    number: str
    path: Path
    root: Path
    stage: Stage
    document: Document
    quotes: list[Quote] = field(default_factory=list)

    @property
    def title(self) -> str:
        return next((h.title for h in self.headings if h.level == 1), self.path.stem)

    @property
    def name(self) -> str:
        """The path from the root, as messages name it."""
        return str(self.path.relative_to(self.root))

    @property
    def headings(self) -> list[Heading]:
        return self.document.headings

    @property
    def fences(self) -> list[Fence]:
        return self.document.fences

    @property
    def figures(self) -> list[Fence]:
        """`text stages=NN`, `text more`, `text measured` and `text steps`."""
        words = ("stages", "more", "measured", "steps")
        return [f for f in self.fences if f.language == "text" and any(f.has(word) for word in words)]

    @property
    def table(self) -> Fence | None:
        """`text steps`, the table of what is green after each step. A chapter that has it is typed."""
        return next((f for f in self.fences if f.language == "text" and f.has("steps")), None)

    @cached_property
    def transcripts(self) -> list[Transcript]:
        found = []
        for fence in self.fences:
            if fence.language in RUN:
                modes = tuple(name for name, value in fence.words if value is None)
                found.append(Transcript(fence, fence.language, modes))
        return found

    @cached_property
    def pointers(self) -> list[Pointer]:
        found = []
        for code in self.document.codes:
            match = POINTER.fullmatch(code.text)
            if match:
                found.append(Pointer(code.line, match[1], match[2]))
        return found

    @cached_property
    def steps(self) -> list[Step]:
        """Headings `### Step 3: …` under "The code, step by step"."""
        found = []
        inside = False
        for place, heading in enumerate(self.headings):
            if heading.level <= 2:
                inside = heading.title == STEPS
            match = STEP.fullmatch(heading.title)
            if inside and heading.level == 3 and match:
                later = [h.line for h in self.headings[place + 1 :] if h.level <= 3]
                last = min(later, default=len(self.document.lines) + 1) - 1
                found.append(self.make_step(heading, int(match[1]), last))
        return found

    def make_step(self, heading: Heading, number: int, last: int) -> Step:
        builds, at = None, heading.line
        for line, text in self.document.lines_of_text():
            match = CLAIM.match(text) if heading.line < line <= last else None
            if match:
                builds, at = match[1] == "It builds.", line
        return Step(heading, number, last, builds, at)


def anchors(fences: list[Fence]) -> dict[int, str]:
    """An anchor for each quote, by its line: the file and which quote of it this is."""
    counts: dict[str, int] = {}
    found = {}
    for fence in fences:
        words = dict(fence.words)
        file = words.get("file") or words.get("scaffold") or "x"
        counts[file] = counts.get(file, 0) + 1
        found[fence.line] = f"q-{re.sub(r'[^a-z0-9]+', '-', file.lower())}-{counts[file]}"
    return found


def paths(root: Path = ROOT) -> dict[str, Path]:
    """The chapters that exist, by number."""
    return {p.name[:2]: p for p in sorted((root / "book").glob("*.md")) if FILE.fullmatch(p.name)}


def numbers(root: Path = ROOT) -> list[str]:
    return list(paths(root))


def load(number: str, root: Path = ROOT) -> Chapter:
    """The chapter of this number, its quotes resolved. Raises markdown.Unreadable."""
    path = paths(root)[number]
    stage = load_stage(root, number)
    document = markdown.read(path.read_text(encoding="utf-8"))
    chapter = Chapter(number, path, root, stage, document)
    sources = [fence for fence in document.fences if quotes.is_quote(fence)]
    names = anchors(sources)
    for fence in sources:
        words = dict(fence.words)
        scaffold = words.get("scaffold")
        file = f"{quotes.SCAFFOLD}{number}/{scaffold}" if scaffold else words.get("file") or ""
        chapter.quotes.append(Quote(fence, file, fence.language, names[fence.line]))
    quotes.resolve(stage, chapter.quotes)
    return chapter
