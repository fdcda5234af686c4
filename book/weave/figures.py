"""What the tools of the stages print: sizes into `text stages=NN`, the files of stages/more/ into `text more`."""

from __future__ import annotations

import contextlib
import io
import re
import textwrap
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import zip_longest
from pathlib import Path

from chain import c_files
from csource import without_comments
from definitions import Source
from reading import first_sentence, in_order
from stages import HEAD, make_rows, print_table

WIDTH = 110
TOGETHER = "\N{NO-BREAK SPACE}"  # in "CLIENT LIST" while columns are wrapped
LIMITS = (26, 24, 24)  # columns of the files, the commands and the seams
MORE_HEAD = ("file", "commands", "hangs in by", "what it does")
TABLE = re.compile(r"\bstruct command \w+\[\w*\]\s*=\s*\{(.*?)\n\};", re.DOTALL)
ROW = re.compile(r'\{\s*(?:\.name\s*=\s*)?"([^"]+)"')
# A statement that hands a function or a table to one that keeps it.
SEAM = re.compile(
    r"^\s+(?!hooks_)(\w+_(?:add|add_to|extend|observe|with|check\w*|option|removal|reserve|set_\w+|on_\w+|field_set))"
    r"\(([^;{}]*)\);",
    re.MULTILINE,
)


@lru_cache
def table(root: Path) -> tuple[str, ...]:
    """What `make stages` prints, without its last lines."""
    text = io.StringIO()
    with contextlib.redirect_stdout(text):
        print_table(make_rows(root))
    return tuple(line.rstrip() for line in text.getvalue().splitlines())


def rows_of(root: Path, asked: str) -> tuple[str, ...]:
    """The head of the table and the rows of the stages asked for: "01" or "00,01"."""
    lines = table(root)
    wanted = [number.strip().zfill(2) for number in asked.split(",")]
    found = [line for line in lines if line[:2] in wanted and line[2:3] == "-"]
    if len(found) != len(wanted):
        raise ValueError(f"stages={asked}: there is no such stage")
    head = lines[: len(HEAD.splitlines())]
    return (*head, *found)


def rest_of(root: Path, name: str) -> tuple[str, ...]:
    """The table of the files of stages/more/ that come with a stage.

    For each source: the commands whose rows it holds, the functions of the lesson by which it hangs in,
    and the first sentence of its opening comment, or of its header's.
    """
    folder = root / "stages/more" / name
    sources = {path.relative_to(folder).as_posix(): path for path in c_files(folder) if path.suffix == ".c"}
    if not sources:
        raise ValueError(f"stages/more/{name} has no sources")
    texts = {path: where.read_text(encoding="utf-8") for path, where in sources.items()}
    seams = seams_of(texts)
    rows = [
        (path, ", ".join(commands_in(texts[path])), ", ".join(seams[path]), described(sources[path]))
        for path in in_order(texts, dict.fromkeys(texts, "new"))
    ]
    return columns([MORE_HEAD, *rows])


def commands_in(text: str) -> list[str]:
    """The commands of the rows in a source, as a user writes them."""
    names = [name for table in TABLE.findall(without_comments(text)) for name in ROW.findall(table)]
    return [name.upper().replace("|", TOGETHER) for name in names]


def seams_of(texts: Mapping[str, str]) -> dict[str, list[str]]:
    """By file: the functions that are handed something which the file defines, by itself or by more.c."""
    found: dict[str, list[str]] = {path: [] for path in texts}
    bare = {path: without_comments(text) for path, text in texts.items()}
    defines = {path: {n for piece in Source(text).pieces for n, _ in piece.names} for path, text in texts.items()}
    for path, text in bare.items():
        for seam, arguments in SEAM.findall(text):
            words = set(re.findall(r"\w+", arguments))
            for owner, names in defines.items():
                if words & names and (owner == path or path == "more.c") and seam not in names | set(found[owner]):
                    found[owner].append(seam)
    return found


def columns(rows: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Rows of texts, each text wrapped in its column; the last column takes what is left."""
    widths = [min(limit, max(len(row[i]) for row in rows)) for i, limit in enumerate(LIMITS)]
    widths.append(WIDTH - sum(widths) - 2 * len(widths))
    lines: list[str] = []
    for row in rows:
        cells = [textwrap.wrap(text, width, break_on_hyphens=False) for text, width in zip(row, widths, strict=True)]
        for parts in zip_longest(*cells, fillvalue=""):
            line = "  ".join(part.ljust(width) for part, width in zip(parts, widths, strict=True))
            lines.append(line.replace(TOGETHER, " ").rstrip())
    return tuple(lines)


def described(source: Path) -> str:
    """What a source says it is, or its header, where the source's own comment is about the "name, inside:"."""
    for path in (source, source.with_suffix(".h")):
        words = first_sentence(path.read_text(encoding="utf-8")) if path.is_file() else ""
        if words and not words.endswith(", inside"):
            return words
    return ""
