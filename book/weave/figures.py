"""Figures about size: the rows of `make stages`, written into `text stages=NN`."""

from __future__ import annotations

import contextlib
import io
from functools import lru_cache
from pathlib import Path

from chain import all_stages
from stages import Row, make_row, print_table


@lru_cache
def table(root: Path) -> tuple[str, ...]:
    """What `make stages` prints, without its last lines."""
    rows: list[Row] = []
    for stage in all_stages(root):
        rows.append(make_row(root, stage, rows[-1] if rows else None))
    text = io.StringIO()
    with contextlib.redirect_stdout(text):
        print_table(rows)
    return tuple(line.rstrip() for line in text.getvalue().splitlines())


def rows_of(root: Path, asked: str) -> tuple[str, ...]:
    """The head of the table and the rows of the stages asked for: "01" or "00,01"."""
    lines = table(root)
    wanted = [number.strip().zfill(2) for number in asked.split(",")]
    found = [line for line in lines if line[:2] in wanted and line[2:3] == "-"]
    if len(found) != len(wanted):
        raise ValueError(f"stages={asked}: there is no such stage")
    head = [line for line in lines[:2]]
    return (*head, *found)
