"""Counts lines, functions and comments in C sources of this project's style.

The style does the parsing: a brace alone in the first column opens a function
and nothing else, and the next closing brace in the first column ends it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

# Comments, strings and character constants, in that order of interest.
TOKEN = re.compile(r"""/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'""", re.DOTALL)
NAME = re.compile(r"(\w+)\s*\(")
COMMAND_TABLE = re.compile(r"^(?:static )?const struct command \w+\[\] = \{\n(.*?)^\};", re.M | re.S)
ROW_NAME = re.compile(r'\{\s*(?:.*?\.name\s*=\s*)?"([^"]+)"', re.S)
DECLARATION = re.compile(r"^[a-z][^\n(){};=]*?\b(\w+)\(", re.MULTILINE)


@dataclass(frozen=True)
class Function:
    name: str
    path: Path
    line: int
    length: int  # lines, from its first to its closing brace
    documented: bool  # a comment stands right above it
    has_summary: bool  # its row in a command table has a summary


@dataclass
class Source:
    """What was counted in one file."""

    path: Path
    lines: int = 0
    blank: int = 0
    comment: int = 0  # lines with nothing but comment
    commented: int = 0  # lines with a comment on them
    widest: int = 0
    widest_line: int = 0
    functions: list[Function] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    declared: set[str] = field(default_factory=set)  # functions explained in a header

    @property
    def code(self) -> int:
        return self.lines - self.blank - self.comment


def without_comments(text: str) -> str:
    """The text with every comment blanked out, line by line the same."""

    def blank(match: re.Match[str]) -> str:
        token = match.group()
        return re.sub(r"[^\n]", " ", token) if token.startswith(("/*", "//")) else token

    return TOKEN.sub(blank, text)


def signature_start(lines: list[str], brace: int) -> int:
    """The line where the declaration begins whose body's brace stands in line `brace`."""
    start = brace
    while start > 0:
        above = lines[start - 1].rstrip()
        if not above or above.endswith((";", "}", "*/", "{")) or above.startswith(("#", "/*", " *")):
            break
        start -= 1
    return start


def explained_declarations(text: str) -> set[str]:
    """Functions of a header that a comment explains: one above or beside the
    declaration, or one above the block of lines that it belongs to."""
    found = set()
    for block in re.split(r"\n\s*\n", text):
        first = block.find("/*")
        for match in DECLARATION.finditer(without_comments(block)):
            if 0 <= first < match.start() or "/*" in block[match.end() :].partition("\n")[0]:
                found.add(match.group(1))
    return found


def find_functions(path: Path, lines: list[str], rows: str) -> list[Function]:
    found = []
    for i, line in enumerate(lines):
        if line.rstrip() != "{":
            continue
        end = next((j for j in range(i, len(lines)) if lines[j].startswith("}")), len(lines) - 1)
        start = signature_start(lines, i)
        match = NAME.search(" ".join(lines[start:i]))
        name = match.group(1) if match else "?"
        documented = start > 0 and lines[start - 1].rstrip().endswith("*/")
        in_table = re.search(rf"\b{name}\b", rows) is not None
        found.append(Function(name, path, start + 1, end - start + 1, documented, in_table))
    return found


def table_rows(table: str) -> list[str]:
    """The rows of a table: what stands in its outermost braces."""
    bare = TOKEN.sub(lambda token: " " * len(token.group()), table)
    rows, depth, start = [], 0, 0
    for at, char in enumerate(bare):
        if char == "{":
            start = at if depth == 0 else start
            depth += 1
        elif char == "}":
            depth -= 1
            if depth == 0:
                rows.append(table[start : at + 1])
    return rows


def has_summary(row: str) -> bool:
    """Whether a row says what its command does: as .summary, or in a string behind the name."""
    return ".summary" in row if ".name" in row else row.count('"') > 2


def read_source(path: Path) -> Source:
    text = path.read_text(errors="replace")
    lines = text.splitlines()
    bare = without_comments(text).splitlines()
    source = Source(path, lines=len(lines))
    for number, (line, rest) in enumerate(zip(lines, bare, strict=True), 1):
        if not line.strip():
            source.blank += 1
        elif not rest.strip():
            source.comment += 1
        source.commented += line != rest
        if len(line) > source.widest:
            source.widest, source.widest_line = len(line), number
    rows = [row for table in COMMAND_TABLE.findall(text) for row in table_rows(table)]
    source.commands = [match.group(1) for row in rows if (match := ROW_NAME.match(row))]
    source.functions = find_functions(path, lines, "".join(filter(has_summary, rows)))
    if path.suffix == ".h":
        source.declared = explained_declarations(text)
    return source


def read_sources(paths: Iterable[Path]) -> list[Source]:
    return [read_source(path) for path in sorted(paths) if path.suffix in (".c", ".h")]


@dataclass(frozen=True)
class Figures:
    """The figures of a set of files, as STYLE sets limits to them."""

    lines: int
    code: int
    functions: int
    median: int
    ninth_decile: int
    longest: int
    largest_file: int
    widest: int
    density: int  # functions in 1,000 lines of code, without headers
    comment_percent: float  # lines with nothing but comment, of all
    documented_percent: float


def share(part: int, whole: int) -> float:
    return 100.0 * part / whole if whole else 0.0


def undocumented(sources: list[Source]) -> list[Function]:
    """Functions that say nowhere what they are for: not above the body, not in
    a header, not in a row of a command table."""
    declared = set().union(*(source.declared for source in sources))
    functions = [f for source in sources for f in source.functions]
    return [
        f for f in functions if not (f.documented or f.has_summary or f.name in declared)
    ]


def comment_percent(sources: list[Source]) -> float:
    return share(sum(s.comment for s in sources), sum(s.lines for s in sources))


def figures(sources: list[Source]) -> Figures:
    functions = [f for source in sources for f in source.functions]
    lengths = sorted(f.length for f in functions) or [0]
    lines = sum(s.lines for s in sources)
    in_c = [s for s in sources if s.path.suffix == ".c"]
    return Figures(
        lines=lines,
        code=sum(s.code for s in sources),
        functions=len(functions),
        median=lengths[(len(lengths) - 1) // 2],
        ninth_decile=lengths[(len(lengths) - 1) * 9 // 10],
        longest=lengths[-1],
        largest_file=max((s.lines for s in sources), default=0),
        widest=max((s.widest for s in sources), default=0),
        density=round(share(10 * len(functions), sum(s.code for s in in_c))),
        comment_percent=comment_percent(sources),
        documented_percent=100.0 - share(len(undocumented(sources)), len(functions)),
    )
