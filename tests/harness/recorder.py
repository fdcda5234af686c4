"""Writes into a scenario what the real server replies, and only checks when asked to."""

from __future__ import annotations

import difflib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from .connection import Connection
from .matching import same
from .player import Result, play, server_args
from .scenario import CLOSED, NO_REPLY, Scenario, Step, read_scenario
from .server import Server, ServerCommand, StartFailure
from .session import QUIET_RAW, Outcome, Session

MAX_EXAMPLE_LINES = 8
MAX_EXAMPLE_WIDTH = 100


@dataclass
class Recording:
    """What recording a file came to."""

    scenario: Scenario
    lines: list[str]
    problems: list[str] = field(default_factory=list)

    @property
    def changed(self) -> bool:
        return self.lines != self.scenario.lines

    def diff(self) -> str:
        old, new = self.scenario.lines, self.lines
        name = self.scenario.name
        return "\n".join(difflib.unified_diff(old, new, f"{name} (file)", f"{name} (real)", "", "", 2, ""))


def shorten(lines: list[str]) -> list[str]:
    """An example under @like needs not be whole."""
    cut = [x if len(x) <= MAX_EXAMPLE_WIDTH else x[: MAX_EXAMPLE_WIDTH - 1] + "…" for x in lines]
    if len(cut) > MAX_EXAMPLE_LINES:
        closed = cut[-1:] if cut[-1] == CLOSED else []
        cut = [*cut[: MAX_EXAMPLE_LINES - 1], "…", *closed]
    return cut


def still_right(step: Step, outcome: Outcome) -> bool:
    """Whether the lines in the file are right for what came, so that they need not change."""
    if step.exact or not step.reply_lines or step.kind == "server":
        return False
    want = step.want()
    return outcome.closed == want.closed and same(step, want.replies, outcome.replies)


def reply_lines(step: Step, outcome: Outcome) -> list[str]:
    """The lines to write under a step."""
    if step.kind == "pause" or step.text.startswith("write "):
        return outcome.lines
    if still_right(step, outcome):
        return step.reply_lines
    lines = outcome.notation(step)
    if step.kind == "action" and lines == [NO_REPLY]:
        return []
    return shorten(lines) if step.annotation("like") and step.kind != "server" else lines


def overlooked(session: Session, where: str, only: Connection | None = None) -> list[str]:
    """What the server sent, or closed, and no step of the scenario takes."""
    return [
        f"{where}: {connection.name} was sent something, or closed: write `{connection.name}<` before"
        for connection, _ in session.unasked()
        if only in (None, connection)
    ]


def run_steps(scenario: Scenario, session: Session) -> tuple[list[list[str]], list[str]]:
    """The reply lines of every step, and what is wrong with the scenario itself."""
    replies: list[list[str]] = []
    problems: list[str] = []
    for step in scenario.steps:
        connection = session.connections.get(step.connection)
        if step.kind in ("command", "raw") and connection:
            problems += overlooked(session, f"line {step.line}", connection)
        outcome = session.perform(step, None)
        if outcome.trouble:
            problems.append(f"line {step.line}: {outcome.trouble}")
        lines = reply_lines(step, outcome)
        wrong_example = step.annotation("like") and step.kind != "server" and not same(
            Step(step.kind, step.connection, step.text, step.line, step.annotations), [], outcome.replies
        )
        if wrong_example:
            problems.append(f"line {step.line}: @like does not match: {' '.join(lines)}")
        replies.append(lines)
    time.sleep(QUIET_RAW)
    return replies, problems + overlooked(session, "at the end")


def record(scenario: Scenario, command: ServerCommand) -> Recording:
    """Plays a scenario against the real server and puts its replies into the lines."""
    server = Server(command, server_args(scenario, command), scenario.config)
    try:
        if not scenario.starts_server:
            server.start()
        session = Session(server)
        try:
            replies, problems = run_steps(scenario, session)
        finally:
            session.close()
    except StartFailure as failure:
        return Recording(scenario, scenario.lines, [f"{failure}\n{server.log()}"])
    finally:
        server.close()
    return Recording(scenario, rewritten(scenario, replies), problems)


def rewritten(scenario: Scenario, replies: list[list[str]]) -> list[str]:
    """The lines of a file with these lines below its steps."""
    lines: list[str] = []
    at = 0
    for step, reply in zip(scenario.steps, replies, strict=True):
        lines += [*scenario.lines[at : step.reply_at], *reply]
        at = step.reply_at + len(step.reply_lines)
    return lines + scenario.lines[at:]


def write(recording: Recording, read: Callable[[Path], Scenario] = read_scenario) -> list[str]:
    """Writes a recording to its file and reads it back; returns what is wrong with it."""
    path = recording.scenario.path
    if recording.changed:
        path.write_text("\n".join(recording.lines) + "\n", encoding="utf-8")
    read(path)
    return recording.problems


def check(scenario: Scenario, command: ServerCommand) -> Result:
    """Proves the replies in a file against the real server, twice in a row."""
    first = play(scenario, command)
    return first if not first.passed else play(scenario, command)
