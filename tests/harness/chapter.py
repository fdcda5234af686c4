"""What a chapter's table of steps says of the scenarios."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from .scenario import Scenario
from .stages import ROOT

TABLE = re.compile(r"^```text steps.*?^```$", re.MULTILINE | re.DOTALL)


def step_of(scenario: Scenario) -> int | None:
    """The step of the chapter that makes a scenario pass; None where no table says it."""
    return steps_of(ROOT / "book" / f"{scenario.stage_name}.md").get(scenario.path.stem)


@cache
def steps_of(chapter: Path) -> dict[str, int]:
    """The step of each test that the table names."""
    table = TABLE.search(chapter.read_text(encoding="utf-8") if chapter.exists() else "")
    steps: dict[str, int] = {}
    step = 0
    for line in table[0].splitlines()[2:] if table else []:
        if row := re.match(r" ?([0-9]+)  \S", line):
            step = int(row[1])
        else:
            steps.update(dict.fromkeys(line.removesuffix("```").split(), step))
    return steps
