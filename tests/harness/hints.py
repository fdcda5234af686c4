"""The graded hints in tests/hints/NN-stage.md.

    ## 01-ping            the stem of a scenario's file

    1. The gentlest hint, in Markdown,
       over as many lines as it takes.
    2. The next.
    3. The last.
"""

from __future__ import annotations

import re
from pathlib import Path

from .scenario import Scenario
from .stages import TESTS

HINTS = TESTS / "hints"
HEADING = re.compile(r"## +(\S+)\s*")
ITEM = re.compile(r"([0-9]+)\. +(.*)")


class BadHints(Exception):
    """A file of hints that cannot be read; the message names file and line."""


def read_hints(path: Path) -> dict[str, list[str]]:
    """The hints of each scenario in a file, by the stem of the scenario."""
    found: dict[str, list[list[str]]] = {}
    hints: list[list[str]] = []
    indent = 0
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if heading := HEADING.fullmatch(line):
            if heading[1] in found:
                raise BadHints(f"{path.name}:{number}: {heading[1]} has hints already")
            hints = found[heading[1]] = []
        elif found and (item := ITEM.fullmatch(line)):
            if int(item[1]) != len(hints) + 1:
                raise BadHints(f"{path.name}:{number}: hint {len(hints) + 1} is due, not {item[1]}")
            indent = item.start(2)
            hints.append([item[2]])
        elif hints:
            hints[-1].append(line[indent:] if not line[:indent].strip() else line)
    return {name: ["\n".join(lines).rstrip() for lines in own] for name, own in found.items()}


def hints_for(scenario: Scenario, folder: Path = HINTS) -> list[str]:
    """The hints of a scenario, the gentlest first; none when nobody wrote any."""
    path = folder / f"{scenario.stage_name}.md"
    try:
        return read_hints(path).get(scenario.path.stem, []) if path.exists() else []
    except BadHints as error:
        raise SystemExit(f"hints cannot be read: {error}") from error
