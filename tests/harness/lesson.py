"""Which commands the lesson has, and which are of stages/more/: read from the sources, never typed.

A command is a row of a table of `struct command` in C. It begins with its name:

    {.name = "get", .arity = 2, …}          a container's subcommand is "object|encoding"
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from .quoting import BadQuoting, split_args
from .scenario import Scenario, Step
from .stages import ROOT, Stage

COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
TABLE = re.compile(r"\bstruct command \w+\[\w*\]\s*=\s*\{(.*?)\n\};", re.DOTALL)
ROW = re.compile(r'\{\s*(?:\.name\s*=\s*)?"([^"]+)"')


def commands_in(folder: Path) -> set[str]:
    """The commands whose rows are below a folder, in lower case."""
    names: set[str] = set()
    for path in sorted(folder.rglob("*.c")):
        for table in TABLE.finditer(COMMENT.sub("", path.read_text(encoding="utf-8"))):
            names |= {name.lower() for name in ROW.findall(table[1])}
    return names


@dataclass(frozen=True)
class Commands:
    """What a stage's lesson has, and what only the rest of Redis brings."""

    lesson: frozenset[str]
    more: frozenset[str]  # of every stage: what is more in one never is unknown in another

    def is_more(self, words: list[bytes]) -> str:
        """The command of stages/more/ that these words are; empty if they are none."""
        first = words[0].decode("utf-8", "replace").lower() if words else ""
        second = words[1].decode("utf-8", "replace").lower() if len(words) > 1 else ""
        return next((name for name in (first, f"{first}|{second}") if name in self.more), "")


@lru_cache
def commands_of(stage: Stage, root: Path = ROOT) -> Commands:
    """The commands of a stage. A row of stages/more/ with a name that the lesson has only replaces or describes it."""
    lesson = commands_in(root / "stages" / stage.name)
    return Commands(frozenset(lesson), frozenset(commands_in(root / "stages" / "more") - lesson))


def sent(step: Step) -> list[bytes]:
    """The words of a command or of an inline command; none where the bytes are something else."""
    text = step.text.partition(r"\r")[0] if step.kind == "raw" else step.text
    if step.kind not in ("command", "raw") or text.startswith("*"):
        return []
    try:
        return split_args(text)
    except BadQuoting:  # a wrong inline command may be what the scenario is about
        return []


def more_commands(scenario: Scenario, commands: Commands) -> list[str]:
    """What a scenario sends that only stages/more/ has: a core one may send nothing of it."""
    found = [(step.line, commands.is_more(sent(step))) for step in scenario.steps]
    return [f"line {line}: {name.replace('|', ' ').upper()}" for line, name in found if name]
