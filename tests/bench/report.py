"""The measurements as a table of ratios, and as data."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field

from bench.measure import Values
from bench.rows import Against, Beside, Part, Row

BASE = "redis-server"


@dataclass
class Result:
    """All rounds of a row: for each server its values, round by round."""

    row: Row
    rounds: dict[str, list[Values]] = field(default_factory=dict)
    part: Part | None = None  # which of the values, where there is a choice

    @property
    def name(self) -> str:
        """The row's name, and what is compared where there is a choice."""
        return f"{self.row.name}, {self.part.what}" if self.part else self.row.name

    @property
    def unit(self) -> str:
        """What the values are counted in."""
        return self.part.unit if self.part else self.row.unit

    @property
    def compared(self) -> str:
        """The key of the value that is compared."""
        return self.part.key if self.part else "value"

    def values(self, server: str) -> list[float]:
        """What is compared, round by round."""
        return [values[self.compared] for values in self.rounds[server]]

    def median(self, server: str, name: str = "value") -> float:
        """The median of one of the values."""
        return statistics.median(v[name] for v in self.rounds[server])

    def shown(self, server: str) -> float:
        """The value in the table."""
        return self.median(server, self.compared)

    def ratios(self, server: str) -> list[float]:
        """This server over the real one, each round by itself: what slows
        the whole machine slows both, and cancels out.  Of delays the
        medians are compared: a round of one server has its own bad luck.  A
        row that compares a server with itself is a ratio already."""
        if isinstance(self.row, Against | Beside):
            return self.values(server)
        if self.part and self.part.medians:
            base = self.shown(BASE)
            return [self.shown(server) / base if base else float("inf")]
        return [a / b if b else float("inf") for a, b in
                zip(self.values(server), self.values(BASE), strict=True)]

    def passed(self, server: str) -> bool | None:
        """Whether the target is reached; None without a target."""
        if self.row.target is None:
            return None
        return statistics.median(self.ratios(server)) <= self.row.target


def parts(row: Row, rounds: dict[str, list[Values]]) -> list[Result]:
    """The rows of the table that one measurement gives."""
    return [Result(row, rounds, part) for part in getattr(row, "parts", (None,))]


def worse(results: Sequence[Result], ours: str, theirs: str) -> list[str]:
    """The names of the rows in which we are worse than another server."""
    return [r.name for r in results if statistics.median(r.ratios(ours))
            > statistics.median(r.ratios(theirs))]


def heading(names: Sequence[str]) -> str:
    """The table's first lines."""
    cells = [f"{'':38} {'unit':>7} {BASE:>12}"]
    cells += [f"{name:>13} {'ratio':>6} {'spread':>11}" for name in names]
    return " ".join(cells) + f" {'target':>6}"


def line(result: Result, names: Sequence[str]) -> str:
    """A row of the table."""
    row = result.row
    cells = [f"{result.name:38} {result.unit:>7} {result.shown(BASE):>12.3f}"]
    for name in names:
        ratios = result.ratios(name)
        spread = f"{min(ratios):.2f}-{max(ratios):.2f}"
        cells.append(f"{result.shown(name):>13.3f} "
                     f"{statistics.median(ratios):>6.2f} {spread:>11}")
    if row.target is not None:
        verdict = "pass" if result.passed(names[0]) else "MISS"
        cells.append(f"{row.target:>6.2f} {verdict}")
    return " ".join(cells)


def extras(result: Result) -> str:
    """The other values of a measurement, server by server, once."""
    out: list[str] = []
    if result.compared != "value":
        return ""
    shown = {"value"} | {part.key for part in getattr(result.row, "parts", ())}
    for server, rounds in result.rounds.items():
        names = [n for n in rounds[0] if n not in shown]
        if names:
            values = ", ".join(
                f"{name} {result.median(server, name):.3f}"
                for name in names)
            out.append(f"{server}: {values}")
    return "  " + "; ".join(out) if out else ""


def as_data(result: Result) -> dict[str, object]:
    """A row for a program to read, with all its rounds."""
    servers = [name for name in result.rounds if name != BASE]
    return {
        "name": result.name, "unit": result.unit, "target": result.row.target,
        "value": {name: result.shown(name) for name in result.rounds},
        "ratio": {name: statistics.median(result.ratios(name)) for name in servers},
        "passed": {name: result.passed(name) for name in servers},
        "rounds": {name: result.values(name) for name in result.rounds},
    }
