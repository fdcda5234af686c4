"""The price of each concept: the same rows on every stage that has them."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.measure import measure
from bench.process import NoServer, Server
from bench.report import BASE
from bench.rows import Row
from harness.stages import core_build

LAST = 99


def group_of(build: Path) -> list[tuple[int, Server]]:
    """The real server, which has every row, and all stages that are built."""
    found = sorted(build.glob("[0-9][0-9]-*/server"))
    if not found:
        raise NoServer(f"no stage is built: make all{' CORE=1' * core_build()}")
    return [(LAST, Server(BASE, BASE)),
            *((int(path.parent.name[:2]), Server(path.parent.name, str(path))) for path in found)]


def run(group: Sequence[tuple[int, Server]], rows: Sequence[Row], rounds: int,
        scale: float) -> Iterator[dict[str, object]]:
    """Measures each row on each server in turn.  One server runs at a time:
    twelve that are idle wake up ten times a second each."""
    for row in rows:
        seen: dict[str, list[float]] = {}
        for _ in range(rounds):
            for stage, server in group:
                if row.since <= stage:
                    server.start()
                    seen.setdefault(server.name, []).append(measure(row, server, scale)["value"])
                    server.stop()
        yield {"name": row.name, "unit": row.unit, "rounds": seen,
               "value": {name: statistics.median(values) for name, values in seen.items()},
               "ratio": {name: ratio(values, seen[BASE]) for name, values in seen.items() if name != BASE}}


def ratio(values: Sequence[float], base: Sequence[float]) -> float:
    """The median of the ratios, each round by itself."""
    return statistics.median(a / b if b else float("inf") for a, b in zip(values, base, strict=True))
