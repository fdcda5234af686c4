"""What the tools of the stages print: sizes into `text stages=NN`, the files of stages/more/ into `text more`."""

from __future__ import annotations

import contextlib
import io
import textwrap
from functools import lru_cache
from pathlib import Path

from chain import c_files
from reading import first_sentence, in_order
from stages import HEAD, make_rows, print_table

WIDTH = 110


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
    """The files of stages/more/ that come with a stage, each with the first sentence of its opening comment.

    A source without one is described by its header. Headers by themselves are not listed.
    """
    folder = root / "stages/more" / name
    sources = {path.relative_to(folder).as_posix(): path for path in c_files(folder) if path.suffix == ".c"}
    if not sources:
        raise ValueError(f"stages/more/{name} has no sources")
    texts = {path: where.read_text(encoding="utf-8") for path, where in sources.items()}
    ordered = in_order(texts, dict.fromkeys(texts, "new"))
    column = max(len(path) for path in ordered) + 2
    lines: list[str] = []
    for path in ordered:
        lines += textwrap.wrap(
            described(sources[path]),
            WIDTH,
            initial_indent=path.ljust(column),
            subsequent_indent=" " * column,
            break_long_words=False,
            break_on_hyphens=False,
        ) or [path]
    return tuple(lines)


def described(source: Path) -> str:
    """What a source says it is, or its header."""
    for path in (source, source.with_suffix(".h")):
        if path.is_file() and (words := first_sentence(path.read_text(encoding="utf-8"))):
            return words
    return ""
