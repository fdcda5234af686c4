"""The report of a Python test that failed, in the form of a scenario's."""

from __future__ import annotations

import inspect
import re
import textwrap
from pathlib import Path
from typing import Any

from .report import WIDTH, heading, indent, server_part
from .server import Server
from .stages import ROOT

SAID = "E   "  # before what pytest says of a failure
SAID_LINES = 24
MODULE = re.compile(r"^[a-z_.]+\.(?=\w+: )")  # before the name of an exception
CODE_LINES = 16


def report_of_python(item: Any, excinfo: Any, text: str) -> str:
    """`item` is pytest's test, `excinfo` what it raised, `text` pytest's own report of it."""
    path = Path(str(item.path))
    # The last line of the test's own file: what it calls elsewhere is no matter of a learner's.
    own = [entry for entry in excinfo.traceback if Path(str(entry.path)) == path]
    line = own[-1].lineno + 1 if own else item.function.__code__.co_firstlineno
    server = Server.last
    label = f", server: {plain(server.command.label)}" if server else ""
    name = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
    out = ["=" * WIDTH + "\n", f"{name}, line {line}{label}\n"]
    out.append(f"{summary(item)}\n")
    out.append(heading("What it teaches"))
    out.append(indent((inspect.getdoc(item.module) or "").splitlines()))
    out.append(heading("What was done"))
    out.append(code(own[-1] if own else None, line))
    out.append(heading("What went wrong"))
    said = [MODULE.sub("", row.removeprefix(SAID)).rstrip() for row in text.splitlines() if row.startswith(SAID.rstrip())]
    out.append(indent(said[:SAID_LINES] or [str(excinfo.value)]))
    if server:
        state = server.state()
        out.append(server_part(state.status, state.crash, state.log))
    return "".join(out)


def plain(label: str) -> str:
    """As it was typed: without what the harness has put into a command line."""
    return label.replace(f"{ROOT}/", "").replace("'{args}' ", "").replace("'{port}'", "{port}")


def summary(item: Any) -> str:
    """The test's name, and what it says of itself, in a line."""
    said = inspect.getdoc(item.function)
    return textwrap.shorten(f"{item.originalname}: {said}" if said else f"{item.originalname} fails.", WIDTH)


def code(entry: Any, line: int) -> str:
    """The lines of the test up to the one that failed, which is marked."""
    if entry is None:
        return ""
    first = entry.frame.code.raw.co_firstlineno
    rows = [str(row) for row in entry.frame.code.fullsource[first - 1 : line]]
    shown = textwrap.dedent("\n".join(rows)).splitlines()[-CODE_LINES:]
    return indent(shown[:-1]) + "".join(f">>> {row}\n" for row in shown[-1:])
