"""The tables of measured.md: what `make bench` measured, from book/data/bench-*.json (tests/bench/kept.py writes them)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .report import Problem

PAGE = "book/measured.md"
BASE = "redis-server"
FILES = ("rows", "stages", "growth", "builds")
NAME_WIDTH = 41
Data = dict[str, Any]


def read(root: Path, name: str) -> Data:
    path = root / f"book/data/bench-{name}.json"
    if not path.is_file():
        raise ValueError(f"{path.relative_to(root)} is missing: make bench, then make bench-page")
    data: Data = json.loads(path.read_text(encoding="utf-8"))
    return data


def table(root: Path, what: str) -> tuple[str, ...]:
    """The body of a fence `text bench=what`."""
    tables = {"rows": rows, "stages": stages, "growth": growth, "builds": builds, "misses": misses, "behind": behind}
    if what == "machine":
        return tuple(machine(root))
    if what not in tables:
        raise ValueError(f"bench={what}: there is machine, {', '.join(tables)}")
    data = read(root, what if what in FILES else "rows")
    return tuple(line.rstrip() for line in tables[what](data))


def number(value: float) -> str:
    """Three digits, and no fewer than are in front of the point."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}" if value >= 0.1 else f"{value:.3f}"


def stage_of(data: Data) -> str:
    """The name of the server that has the targets."""
    return str(next(iter(data["rows"][0]["ratio"])))


def verdict(row: Data, ours: str) -> str:
    if row["target"] is None:
        return ""
    return f"{row['target']:6.2f}  {'pass' if row['passed'][ours] else 'MISS'}"


def rows(data: Data) -> Iterator[str]:
    """A line for each row: first the ratios, that of the stage beside its target, then what was measured."""
    ours = stage_of(data)
    servers = list(data["rows"][0]["ratio"])
    others = "".join(f"{name:>12}" for name in servers if name != ours)
    yield f"{'':{NAME_WIDTH}}ratio to {BASE}"
    yield f"{'':{NAME_WIDTH}}{ours}  target{'':6}{others}{'unit':>9}{BASE:>14}" + "".join(f"{n:>12}" for n in servers)
    for row in data["rows"]:
        line = f"{row['name']:{NAME_WIDTH}}{row['ratio'][ours]:>{len(ours)}.2f}  {verdict(row, ours):>12}"
        line += "".join(f"{row['ratio'][name]:>12.2f}" for name in servers if name != ours)
        line += f"{row['unit']:>9}{number(row['value'][BASE]):>14}"
        yield line + "".join(f"{number(row['value'][name]):>12}" for name in servers)


def misses(data: Data) -> Iterator[str]:
    """The rows that miss their target."""
    ours = stage_of(data)
    found = [row for row in data["rows"] if row["passed"][ours] is False]
    for row in found:
        yield f"{row['name']:{NAME_WIDTH}}{row['ratio'][ours]:>6.2f} of {BASE}, at most {row['target']:.2f}"
    if not found:
        yield "none"


def behind(data: Data) -> Iterator[str]:
    """The rows in which Valkey is better."""
    ours = stage_of(data)
    found = [(row, name) for row in data["rows"] for name in row["ratio"]
             if name.startswith("valkey") and row["ratio"][name] < row["ratio"][ours]]
    for row, name in found:
        yield f"{row['name']:{NAME_WIDTH}}{row['ratio'][ours]:>6.2f}  {name} {row['ratio'][name]:.2f}"
    if not found:
        yield "none"


def stages(data: Data) -> Iterator[str]:
    """A line for each stage, a column for each row: redis-server's values, then ratios."""
    heads = [heading(row["name"]) for row in data["rows"]]
    widths = [max(8, *map(len, head)) + 2 for head in heads]
    for line in zip(*heads, strict=True):
        top = "".join(f"{word:>{width}}" for word, width in zip(line, widths, strict=True))
        yield f"{'':20}{top}"
    values = "".join(f"{number(row['value'][BASE]):>{w}}" for row, w in zip(data["rows"], widths, strict=True))
    yield f"{BASE:20}{values}"
    units = "".join(f"{row['unit']:>{w}}" for row, w in zip(data["rows"], widths, strict=True))
    yield f"{'':20}{units}"
    for name in sorted({name for row in data["rows"] for name in row["ratio"]}):
        cells = (f"{row['ratio'][name]:.2f}" if name in row["ratio"] else "-" for row in data["rows"])
        yield f"{name:20}" + "".join(f"{cell:>{w}}" for cell, w in zip(cells, widths, strict=True))


def heading(name: str) -> tuple[str, str]:
    """A row's name in two lines."""
    for word in (" -P ", " per "):
        first, found, rest = name.partition(word)
        if found:
            return (first, (found + rest).strip())
    return (name, "")


def growth(data: Data) -> Iterator[str]:
    """A block for each thing that is measured: its values by size, a line for each server."""
    by = ""
    for row in data["rows"]:
        if row["by"] != by:
            by = row["by"]
            yield f"{by:{NAME_WIDTH}}" + "".join(f"{size:>12,}" for size in row["at"])
        yield f"{row['name']}, {row['unit']}"
        for name, values in row["value"].items():
            yield f"  {name:{NAME_WIDTH - 2}}" + "".join(f"{number(value):>12}" for value in values)


def builds(data: Data) -> Iterator[str]:
    """Seconds and limits."""
    yield f"{'':{NAME_WIDTH}}{'seconds':>9}{'at most':>9}"
    for row in data["rows"]:
        yield f"{row['name']:{NAME_WIDTH}}{row['value']:>9.1f}{row['target']:>9}  {'pass' if row['passed'] else 'MISS'}"


def machine(root: Path) -> Iterator[str]:
    """On what, with what, when and by which command."""
    data = read(root, "rows")
    for name, value in data["machine"].items():
        yield f"{name.replace('_gb', ', GB'):14}{value}"
    for name, value in data["versions"].items():
        yield f"{name:14}{value}"
    for name in FILES:
        settings = read(root, name)["settings"]
        rounds = "one round of a tenth of the work" if settings["quick"] else f"rounds: {settings['rounds']}"
        yield f"{name:14}{settings['date']}  {settings['command']}  ({rounds})"


def unexplained(root: Path) -> Iterator[Problem]:
    """Rows that miss their target, and of which the page does not say which designs were measured. What a quick run
    says is no reason to explain anything."""
    try:
        data = read(root, "rows")
    except ValueError:
        return
    page = (root / PAGE).read_text(encoding="utf-8")
    for row in data["rows"] if not data["settings"]["quick"] else []:
        if row["passed"][stage_of(data)] is False and f"`{row['name']}`" not in page:
            yield Problem(PAGE, 1, f"{row['name']} misses its target, and the page says nothing of its designs")
