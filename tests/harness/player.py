"""Plays a scenario against a server and finds the first thing that is wrong."""

from __future__ import annotations

import select
import time
from dataclasses import dataclass, field
from pathlib import Path

from .connection import Connection
from .matching import applies, matches_like, same
from .scenario import Scenario, Step, Want
from .server import Server, ServerCommand, StartFailure
from .session import Outcome, Session

LAST_LOOK = 0.002  # for what arrives unasked at the end
BUSY = 0.2  # of the processor: many servers may share it
STILL_RUNNING = "still running"
DEATH_WATCH = 0.3  # a server that just hung up may be dying; a sanitizer takes a while to report


@dataclass
class Done:
    """A step that was done, and what came of it."""

    step: Step
    outcome: Outcome


@dataclass
class Failure:
    """The first thing that went wrong."""

    step: Step | None
    why: str
    want: Want | None = None
    outcome: Outcome | None = None
    waited: str = ""  # what the server did while the step waited in vain


@dataclass
class Result:
    """How a scenario went, and what a report needs to know of the server."""

    scenario: Scenario
    command: ServerCommand
    failure: Failure | None = None
    done: list[Done] = field(default_factory=list)
    seconds: float = 0.0
    argv: list[str] = field(default_factory=list)
    directory: Path = Path()
    port: int = 0
    status: str = ""
    log: str = ""
    sanitizer: str = ""
    crash: tuple[str, str] = ("", "")  # what the program said when it failed: a title, and the text
    started: bool = True

    @property
    def passed(self) -> bool:
        return self.failure is None


def server_args(scenario: Scenario, command: ServerCommand) -> list[str]:
    """The flags of a scenario. DEBUG must be allowed where it is used; a CORE build has neither DEBUG nor the flag."""
    uses_debug = any(step.text.upper().startswith("DEBUG ") for step in scenario.steps)
    if uses_debug and not command.core and "--enable-debug-command" not in command.words:
        return [*scenario.flags, "--enable-debug-command", "yes"]
    return list(scenario.flags)


def in_vain(spent: float, seconds: float) -> str:
    """Whether the server waited, or was busy with something that had no end."""
    used = f"it used {spent:.1f} of {seconds:.1f} seconds of processor time"
    return f": {used}, so it is in a loop" if spent > BUSY * seconds else f": {used}, so it waits for something"


class Player:
    """One run of one scenario."""

    def __init__(self, scenario: Scenario, command: ServerCommand, graceful: bool = False) -> None:
        self.scenario = scenario
        self.graceful = graceful
        self.result = Result(scenario, command)

    def play(self) -> Result:
        began = time.monotonic()
        result = self.result
        server = Server(result.command, server_args(self.scenario, result.command))
        server.config = self.scenario.config
        result.directory = server.dir
        try:
            if not self.scenario.starts_server:
                server.start()
            session = Session(server)
            try:
                result.failure = self.steps(session) or self.last_look(session)
            finally:
                session.close()
        except StartFailure as failure:
            result.started = False
            result.failure = Failure(None, f"The server did not start: {failure}.")
        finally:
            self.close(server)
            result.seconds = time.monotonic() - began
        return result

    def close(self, server: Server) -> None:
        """Notes what a report says of the server, and ends it."""
        result = self.result
        if result.failure and server.alive:
            closed = result.failure.outcome and result.failure.outcome.closed
            server.wait_exit(DEATH_WATCH if closed or not result.started else 0)
            if server.sanitizer_report():
                server.wait_exit(3)
        result.status = server.status()
        if result.status == STILL_RUNNING and result.failure and result.failure.waited:
            result.status += result.failure.waited
        if server.alive and self.graceful:
            code = server.terminate()
            if code is None and not result.failure:
                result.failure = Failure(None, "The server did not stop on SIGTERM.")
        server.kill()
        result.log, result.argv, result.port = server.log(), server.argv, server.port
        result.sanitizer = server.sanitizer_report()
        result.crash = server.crash_report()
        if result.sanitizer and not result.failure:
            result.failure = Failure(None, "A sanitizer found a fault.")
        server.close()

    def steps(self, session: Session) -> Failure | None:
        for step in self.scenario.steps:
            early = self.arrived_before(session, step)
            if early:
                return early
            want = Want() if step.kind == "server" else step.want()
            used, began = session.server.cpu_seconds(), time.monotonic()
            outcome = session.perform(step, want)
            self.result.done.append(Done(step, outcome))
            why = self.wrong(step, want, outcome)
            if session.server.flooded or session.server.log_floods:
                why = "The server wrote megabytes to its output, and was ended."
            if why:
                self.result.done.pop()
                seconds = time.monotonic() - began
                spent = session.server.cpu_seconds(of_all=True) - used
                return Failure(step, why, want, outcome, in_vain(spent, seconds) if seconds > 1 else "")
        return None

    def arrived_before(self, session: Session, step: Step) -> Failure | None:
        """Nobody may have been sent anything that no step has taken, but in `alice<`."""
        connection = session.connections.get(step.connection)
        if step.kind not in ("command", "raw") or not connection:
            return None
        for other, data in session.unasked():
            if other is connection:
                return self.unasked(other, data)
        return None

    def unasked(self, connection: Connection, data: bytes) -> Failure:
        name = connection.name
        last = next((d.step for d in reversed(self.result.done) if d.step.connection == name), None)
        why = f"More arrived on connection {name} than was expected."
        if not data:
            why = f"Connection {name} was closed, which was not expected."
        outcome = Outcome(data=data, closed=bool(connection.ended))
        return Failure(last, why, Want(), outcome)

    def last_look(self, session: Session) -> Failure | None:
        """At the end nothing may be left unread, and the server must live."""
        socks = [c.sock for c in session.connections.values() if not c.ended]
        if socks:
            select.select(socks, [], [], LAST_LOOK)
        for connection, data in session.unasked():
            return self.unasked(connection, data)
        server = session.server
        ended_by_step = any(s.kind == "server" for s in self.scenario.steps) or any(
            s.text.upper().startswith("SHUTDOWN") for s in self.scenario.steps
        )
        if not server.alive and not ended_by_step:
            return Failure(None, f"The server has ended ({server.status()}){server.to_the_background()}.")
        return None

    def wrong(self, step: Step, want: Want, outcome: Outcome) -> str:
        """What is wrong with the outcome of a step, in a sentence; empty when it is right."""
        if step.kind == "server":
            return self.wrong_server(step, outcome)
        if not applies(step.annotations, self.stage_number):
            return ""
        if outcome.trouble:
            return sentence(outcome.trouble)
        if not step.recorded:
            return "No reply is recorded for this step yet (make record)."
        if outcome.closed and not want.closed:
            return "The connection was closed."
        if step.raw:
            return "" if outcome.data == want.data else "The bytes differ."
        replies = want.replies
        if not same(step, replies, outcome.replies):
            return difference(len(replies), outcome)
        if step.exact and outcome.data != b"".join(reply.encode() for reply in replies):
            return "The reply means the same, but its bytes differ."
        return ""

    def wrong_server(self, step: Step, outcome: Outcome) -> str:
        if outcome.trouble:
            return sentence(outcome.trouble)
        like = step.annotation("like")
        if like and not matches_like(like, [], outcome.output):
            return "What the server printed does not match."
        if step.reply_lines[:1] != outcome.lines[:1]:
            return "The server ended in another way."
        if not like and step.reply_lines != outcome.lines:
            return "The server printed something else."
        return ""

    @property
    def stage_number(self) -> int | None:
        stage = self.result.command.stage
        return stage.number if stage else None


def sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + "."


def difference(wanted: int, outcome: Outcome) -> str:
    got = len(outcome.replies)
    if got > wanted:
        return "More replies came than were expected."
    if got < wanted:
        return "A reply differs." if got else "No reply came."
    return "The reply differs."


def play(scenario: Scenario, command: ServerCommand, graceful: bool = False) -> Result:
    """Plays a scenario against a server of its own."""
    return Player(scenario, command, graceful).play()
