"""Figures about size: the rows of `make stages`, written into `text stages=NN`."""

from __future__ import annotations

import contextlib
import io
from functools import lru_cache
from pathlib import Path

from stages import HEAD, make_rows, print_table


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
