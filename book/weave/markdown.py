"""Reads a chapter's Markdown: headings, fences, inline code, words, each with its line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.token import Token

WORD = re.compile(r'([^\s="]+)(?:=("(?:\\.|[^"\\])*"|\S*))?')


@dataclass(frozen=True)
class Heading:
    level: int
    title: str
    slug: str
    line: int


@dataclass(frozen=True)
class Fence:
    """A fenced block."""

    line: int  # of its opening
    end: int  # of its closing
    indent: str
    info: str
    body: tuple[str, ...]  # without the indent
    heading: Heading | None

    @property
    def language(self) -> str:
        return self.info.split()[0] if self.info.split() else ""

    @property
    def words(self) -> tuple[tuple[str, str | None], ...]:
        """What stands behind the language: `head` is ("head", None), `def=x` is ("def", "x")."""
        rest = self.info.strip()[len(self.language) :]
        found = []
        for match in WORD.finditer(rest):
            value = match[2]
            if value is not None and value.startswith('"'):
                value = re.sub(r"\\(.)", r"\1", value[1:-1])
            found.append((match[1], value))
        return tuple(found)

    def has(self, word: str) -> bool:
        return any(name == word for name, _ in self.words)


@dataclass(frozen=True)
class Code:
    """Code in a line of text."""

    line: int
    text: str


OWN_WORDS = "Exercises"  # their statements and hints are no part of what a chapter tells


class Unreadable(Exception):
    """The Markdown is broken; `line` says where."""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(why)
        self.line = line


@dataclass
class Document:
    """A Markdown file, read."""

    text: str
    lines: list[str]
    headings: list[Heading]
    fences: list[Fence]
    codes: list[Code]
    words: int  # without what stands in fences and under OWN_WORDS
    indented: list[int] = field(default_factory=list)  # where code begins that stands in no fence

    def lines_of_text(self) -> Iterator[tuple[int, str]]:
        """Number and text of every line that stands in no fence."""
        inside = {n for fence in self.fences for n in range(fence.line, fence.end + 1)}
        for number, line in enumerate(self.lines, 1):
            if number not in inside:
                yield number, line


def slug_of(title: str, used: dict[str, int]) -> str:
    """The anchor that a code host gives to a heading."""
    slug = re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
    count = used.get(slug, 0)
    used[slug] = count + 1
    return f"{slug}-{count}" if count else slug


def plain_text(token: Token) -> str:
    """What a reader sees of an inline token."""
    kept = ("text", "code_inline", "softbreak")
    return "".join(
        " " if child.type == "softbreak" else child.content
        for child in token.children or []
        if child.type in kept
    )


def make_fence(token: Token, lines: list[str], heading: Heading | None) -> Fence:
    assert token.map
    first, behind = token.map
    opening = lines[first]
    indent = opening[: len(opening) - len(opening.lstrip())]
    if not opening.strip().startswith(token.markup):
        raise Unreadable(first + 1, "a fence must not stand in a quotation; move it out")
    closing = lines[behind - 1].strip()
    if behind - 1 == first or set(closing) != {token.markup[0]} or len(closing) < len(token.markup):
        raise Unreadable(first + 1, "this fence is not closed")
    body = tuple(line.removeprefix(indent) for line in lines[first + 1 : behind - 1])
    return Fence(first + 1, behind, indent, token.info.strip(), body, heading)


def codes_of(token: Token, lines: list[str]) -> Iterator[Code]:
    """Inline code, each at the line where it is found."""
    assert token.map
    first, behind = token.map
    at = first
    for child in token.children or []:
        if child.type in ("softbreak", "hardbreak"):
            at = min(at + 1, behind - 1)
        if child.type == "code_inline":
            near = next((n for n in range(at, behind) if child.content in lines[n]), at)
            yield Code(near + 1, child.content)


def read(text: str) -> Document:
    """The document in a text. Raises Unreadable."""
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(text)
    document = Document(text, text.split("\n"), [], [], [], 0)
    used: dict[str, int] = {}
    section = ""
    for index, token in enumerate(tokens):
        if token.type == "heading_open" and token.map:
            title = plain_text(tokens[index + 1])
            line = token.map[0] + 1
            document.headings.append(Heading(int(token.tag[1:]), title, slug_of(title, used), line))
            section = title if token.tag == "h2" else section
        elif token.type == "fence":
            heading = document.headings[-1] if document.headings else None
            document.fences.append(make_fence(token, document.lines, heading))
        elif token.type == "code_block" and token.map:
            document.indented.append(token.map[0] + 1)
        elif token.type == "inline" and token.map:
            if section != OWN_WORDS:
                document.words += len(plain_text(token).split())
            document.codes += codes_of(token, document.lines)
    return document
