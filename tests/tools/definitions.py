"""Finds definitions in C sources of this project's style.

A file is cut into its top-level pieces: directives, functions, types,
variables, declarations. Comments and strings are blanked out before, so that
counting brackets is enough.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass

from csource import TOKEN

FORMATTER = re.compile(r"\s*/\* clang-format (?:off|on) \*/\s*")
CONDITION = re.compile(r"\s*#\s*(if|ifdef|ifndef|else|elif|endif)\b")
DEFINE = re.compile(r"\s*#\s*define\s+(\w+)")
ATTRIBUTE = re.compile(r"__attribute__\s*\(\(.*?\)\)\s*\)?", re.DOTALL)
TYPE = re.compile(r"\b(struct|enum|union)\s+(\w+)?\s*\{")
FORWARD = re.compile(r"(?:typedef\s+)?(struct|enum|union)\s+(\w+)\s*;")
POINTER = re.compile(r"\(\s*\*\s*(?:const\s+)?(\w+)\s*(?:\[[^\]]*\]\s*)?\)")
CALLABLE = re.compile(r"(\w+)\s*\(")
VARIABLE = re.compile(r"(\w+)\s*(?:\[[^\]]*\]\s*)*$")

DEFINED, DECLARED, LISTED = range(3)  # a name that stands better hides the others


class NotFound(Exception):
    """No such thing in the source, or more than one; the message says which."""


@dataclass(frozen=True)
class Piece:
    """A top-level piece of a file, with the comment above it."""

    start: int  # from 1, the comment included
    code: int  # where the code begins
    end: int
    kind: str  # function, macro, struct, enum, union, typedef, variable, prototype, forward
    names: tuple[tuple[str, int], ...]  # each with how well it stands there


def blanked(text: str) -> str:
    """The text without comments and without what stands in quotes, its lines kept."""

    def blank(match: re.Match[str]) -> str:
        token = match.group()
        inner = re.sub(r"[^\n]", " ", token)
        return inner if token.startswith("/") else token[0] + inner[1:-1] + token[-1]

    return TOKEN.sub(blank, text)


def is_formatter(line: str) -> bool:
    """Whether the line speaks to clang-format and to nobody else."""
    return FORMATTER.fullmatch(line) is not None


def outside(text: str) -> str:
    """The text without what stands in braces, at any depth."""
    out, depth = [], 0
    for char in text:
        depth -= char == "}"
        if depth == 0:
            out.append(char)
        depth += char == "{"
    return "".join(out)


def declarators(text: str) -> list[str]:
    """The names that a declaration gives, from its text without the bodies in braces."""
    names = []
    for part in split_commas(text.rstrip().removesuffix(";")):
        part = part.split("=")[0]
        match = POINTER.search(part) or CALLABLE.search(part) or VARIABLE.search(part.rstrip())
        if match:
            names.append(match.group(1))
    return names


def split_commas(text: str) -> list[str]:
    parts, depth, start = [], 0, 0
    for i, char in enumerate(text):
        depth += (char in "([{") - (char in ")]}")
        if char == "," and depth == 0:
            parts.append(text[start:i])
            start = i + 1
    return [*parts, text[start:]]


def enumerators(text: str) -> list[str]:
    body = text[text.index("{") + 1 : text.rindex("}")]
    return [match.group() for part in split_commas(body) if (match := re.search(r"\w+", part))]


def classify(text: str) -> tuple[str, tuple[tuple[str, int], ...]]:
    """The kind of a piece of code, and the names in it."""
    text = ATTRIBUTE.sub(" ", text).strip()
    if forward := FORWARD.fullmatch(text):
        return "forward", ((forward[2], DECLARED),)
    flat = outside(text)
    if text.endswith("}") and "(" in flat and "=" not in flat:
        match = CALLABLE.search(flat)
        return "function", ((match[1], DEFINED),) if match else ()
    names: list[tuple[str, int]] = []
    kind = "variable"
    found = TYPE.search(text)
    if found and "=" not in text[: found.start()]:
        kind = found[1]
        if found[2]:
            names.append((found[2], DEFINED))
        if kind == "enum" and "=" not in flat:
            names += [(name, LISTED if found[2] else DEFINED) for name in enumerators(text)]
        flat = flat.replace("{}", " ").replace(f"{found[1]} {found[2] or ''}", "", 1)
    if text.startswith("typedef"):
        kind = "typedef"
    elif kind == "variable" and "(" in flat and "=" not in flat and not POINTER.search(flat):
        kind = "prototype"
    declared = kind == "prototype" or text.startswith("extern")
    rank = DECLARED if declared else DEFINED
    own = re.sub(r"^(?:(?:static|const|typedef|extern)\s+)*", "", flat.strip())
    if own.strip(" ;"):
        names += [(name, rank) for name in declarators(own)]
        kind = "variable" if kind in ("struct", "enum", "union") else kind
    return kind, tuple(names)


class Source:
    """A C file, cut into pieces."""

    def __init__(self, text: str) -> None:
        self.lines = text.split("\n")
        if self.lines[-1] == "":
            self.lines.pop()
        self.bare = blanked(text).split("\n")[: len(self.lines)]
        self.comment_ends = self.find_comments(text)
        self.pieces = self.cut()

    def find_comments(self, text: str) -> dict[int, int]:
        """Where each comment that begins on a line ends, for the last on that line."""
        ends = {}
        for match in TOKEN.finditer(text):
            if match.group().startswith("/*"):
                first = text.count("\n", 0, match.start())
                ends[first] = first + match.group().count("\n")
        return ends

    def only_comment(self, index: int) -> bool:
        return not self.bare[index].strip() and bool(self.lines[index].strip())

    def with_comment(self, start: int) -> int:
        """Where the comment begins that stands right above the line."""
        while start > 0 and self.only_comment(start - 1):
            start -= 1
        return start

    def cut(self) -> list[Piece]:
        pieces = []
        at = 0
        while at < len(self.lines):
            if not self.bare[at].strip():
                at += 1
                continue
            end = self.directive_end(at) if self.bare[at].lstrip()[0] == "#" else self.code_end(at)
            pieces += self.piece(at, end)
            at = end + 1
        return pieces

    def piece(self, at: int, end: int) -> list[Piece]:
        text = "\n".join(self.bare[at : end + 1])
        if text.lstrip()[0] == "#":
            match = DEFINE.match(text)
            if not match or self.is_guard(at, match[1]):
                return []
            kind = "macro"
            names: tuple[tuple[str, int], ...] = ((match[1], DEFINED),)
        else:
            kept = [x for x in self.bare[at : end + 1] if not x.lstrip().startswith("#")]
            kind, names = classify("\n".join(kept))
        last = max(end, self.comment_ends.get(end, end))
        return [Piece(self.with_comment(at) + 1, at + 1, last + 1, kind, names)]

    def directive_end(self, at: int) -> int:
        while self.bare[at].rstrip().endswith("\\") and at + 1 < len(self.lines):
            at += 1
        return max(at, self.comment_ends.get(at, at))

    def code_end(self, at: int) -> int:
        """The line that closes what begins here: with a semicolon, or a body's brace."""
        depth = 0
        head = ""  # what stands before the first brace
        in_head, is_function = True, False
        for i in range(at, len(self.lines)):
            if self.bare[i].lstrip().startswith("#"):
                continue
            for char in self.bare[i] + " ":
                if char == "{" and in_head:
                    in_head = False
                    is_function = head.rstrip().endswith(")") and "=" not in head
                head += char if in_head else ""
                depth += (char in "([{") - (char in ")]}")
                if depth == 0 and (char == ";" or (char == "}" and is_function)):
                    return i
        return len(self.lines) - 1

    def is_guard(self, at: int, name: str) -> bool:
        above = self.bare[at - 1].split() if at else []
        return above == ["#ifndef", name]

    def find(self, wanted: str) -> Piece:
        """The definition of a name: `resp_read`, or `struct client` where only the name would not do."""
        kind, _, name = wanted.rpartition(" ")
        ranked: list[tuple[int, Piece]] = []
        for piece in self.pieces:
            ranks = [rank for known, rank in piece.names if known == name]
            if ranks and kind in ("", piece.kind):
                ranked.append((min(ranks), piece))
        best = min((rank for rank, _ in ranked), default=0)
        found = [piece for rank, piece in ranked if rank == best]
        if not found:
            raise NotFound(f"defines no {wanted}{self.nearest(name)}")
        if len(found) > 1:
            where = ", ".join(f"{p.kind} in line {p.code}" for p in found)
            raise NotFound(f"defines {wanted} more than once ({where}); name it by from= and to=")
        return found[0]

    def nearest(self, name: str) -> str:
        known = [known for piece in self.pieces for known, _ in piece.names]
        close = difflib.get_close_matches(name, known, 3)
        return f" (there is {', '.join(close)})" if close else ""

    def wrap_ends(self) -> dict[int, int]:
        """Conditions around the whole rest of the file, as include guards are: first to last line."""
        open_at: list[int] = []
        ends = {}
        for i, line in enumerate(self.bare):
            match = CONDITION.match(line)
            if match and match[1].startswith("if"):
                open_at.append(i)
            elif match and match[1] == "endif" and open_at:
                ends[open_at.pop()] = i
        last = max((i for i, line in enumerate(self.bare) if line.strip()), default=-1)
        wraps = {}
        for first in sorted(ends):
            if ends[first] != last:
                break
            wraps[first] = last
            last = max((i for i in range(first, last) if self.bare[i].strip()), default=-1)
        return wraps

    def head(self) -> tuple[int, int]:
        """The opening of the file: its first and last line, up to the first definition."""
        stops = [p.start for p in self.pieces if p.kind != "forward"]
        wraps = self.wrap_ends()
        for i, line in enumerate(self.bare):
            match = CONDITION.match(line)
            if match and match[1].startswith("if") and i not in wraps:
                stops.append(self.with_comment(i) + 1)
        end = min(stops, default=len(self.lines) + 1) - 1
        while end > 0 and not self.lines[end - 1].strip() or end > 0 and is_formatter(self.lines[end - 1]):
            end -= 1
        if end == 0:
            raise NotFound("has nothing before its first definition")
        return 1, end
