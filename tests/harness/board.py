"""The board: one row a stage, what passes, what is next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from .player import Result
from .scenario import Scenario
from .target import urgency

BAR = 20


@dataclass
class Row:
    """The scenarios of one stage."""

    name: str
    core: list[bool] = field(default_factory=list)
    more: list[bool] = field(default_factory=list)
    not_run: int = 0
    next: str = ""
    yours: str = ""  # whether the learner has passed it; empty where nobody asks

    @property
    def passed(self) -> int:
        return sum(self.core) + sum(self.more)

    @property
    def total(self) -> int:
        return len(self.core) + len(self.more)


def rows(scenarios: Iterable[Scenario], results: dict[str, Result]) -> list[Row]:
    """A row for each stage; the next scenario is the most urgent that fails."""
    board: dict[str, Row] = {}
    for scenario in sorted(scenarios, key=urgency):
        row = board.setdefault(scenario.stage_name, Row(scenario.stage_name))
        result = results.get(scenario.name)
        passed = result is not None and result.passed
        row.not_run += result is None
        (row.core if scenario.level == "core" else row.more).append(passed)
        if result and not passed and not row.next:
            row.next = f"{scenario.path.name}: {first_sentence(scenario)}"
    return [board[name] for name in sorted(board)]


def first_sentence(scenario: Scenario) -> str:
    text = " ".join(scenario.prose).strip()
    return text.split(". ")[0].rstrip(".")


def count(passed: list[bool]) -> str:
    return f"{sum(passed)}/{len(passed)}" if passed else "-"


def yours(board: list[Row], text: str) -> str:
    """A cell of the column that says what the learner has passed; no column where nobody asks."""
    width = max(len(row.yours) for row in board)
    return f"  {text:{max(width, 6)}}" if width else ""


def draw(board: list[Row]) -> str:
    """The board as text."""
    width = max([len(row.name) for row in board] + [5])
    out = [f"{'stage':{width}}  {'':{BAR}}    core    more{yours(board, 'passed')}  next"]
    for row in board:
        full = BAR * row.passed // row.total if row.total else 0
        bar = "#" * full + "." * (BAR - full)
        after = row.next or ("not run" if row.not_run else "done")
        if row.next and row.not_run:
            after += f" ({row.not_run} not run)"
        text = f"{row.name:{width}}  {bar}  {count(row.core):>6}  {count(row.more):>6}{yours(board, row.yours)}  {after}"
        out.append(text if len(text) <= 110 else text[:107] + "...")
    return "\n".join(out) + "\n"
