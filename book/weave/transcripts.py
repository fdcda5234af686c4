"""Runs the transcripts of a chapter against its stage and against the real server.

The stage is its CORE build, the lesson alone; `whole` takes the build with stages/more/.
A fence begins on a fresh server, and `continue` goes on with the one before:
fences that share a server are a group. Groups run side by side.
"""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from harness.player import Failure, Player
from harness.scenario import BadScenario, Scenario, Step, Want, read_text
from harness.server import Server, ServerCommand, StartFailure, real_command, stage_command
from harness.session import Outcome, Session
from harness.stages import Stage, find_stage

from . import ROOT, console
from .chapters import Chapter, Transcript
from .console import Command, Shell
from .report import Problem, cut

# What a scenario's file has above its steps, so that the harness reads a fence as one.
HEADER = "# A transcript of the book.\n#\n# level: core\n# book: the chapter\n\n"
HEADER_LINES = HEADER.count("\n")
SERVER_SECONDS = 20.0  # for the commands of one fence
SHELL_SECONDS = 300.0
AT_ONCE = 4


@dataclass
class Finding:
    """A place in a fence where a server does not do what is written."""

    transcript: Transcript
    index: int  # of the line in the body
    text: str
    target: str
    first: int = 0  # the lines of the body that would have to be replaced
    end: int = 0
    lines: list[str] | None = None  # what should stand there; None: nothing came that could


@dataclass
class Group:
    """Fences that share a server."""

    parts: list[Transcript] = field(default_factory=list)

    @property
    def modes(self) -> set[str]:
        return {mode for part in self.parts for mode in part.modes}

    @property
    def flags(self) -> list[str]:
        flags = (dict(part.fence.words).get("flags") for part in self.parts)
        return [word for text in flags if text for word in shlex.split(text)]


def groups(transcripts: Iterable[Transcript]) -> list[Group]:
    """The fences that are run with a server, in groups."""
    found: list[Group] = []
    for transcript in transcripts:
        if {"shell", "not-run"} & set(transcript.modes):
            continue
        if "continue" not in transcript.modes or not found:
            found.append(Group())
        found[-1].parts.append(transcript)
    return found


def read_redis(chapter: Chapter, transcript: Transcript) -> Scenario:
    """The fence as a scenario. Raises BadScenario."""
    name = f"{chapter.stage.name}/{chapter.path.stem}.redis"
    return read_text(HEADER + "\n".join(transcript.body) + "\n", name)


def starts_itself(chapter: Chapter, group: Group) -> bool:
    if group.parts[0].kind != "redis":
        return False
    return read_redis(chapter, group.parts[0]).starts_server


class PatientSession(Session):
    """Waits for the reply to a command below which none is written yet."""

    def perform(self, step: Step, want: Want | None) -> Outcome:
        unwritten = not step.recorded and step.kind != "server"
        return super().perform(step, None if unwritten else want)


class Run:
    """One group against one server."""

    def __init__(self, chapter: Chapter, group: Group, command: ServerCommand) -> None:
        self.chapter = chapter
        self.group = group
        self.command = command
        self.player: Player | None = None

    def play(self) -> list[Finding]:
        first = self.group.parts[0]
        try:
            own_start = starts_itself(self.chapter, self.group)
        except BadScenario as error:
            return [self.unreadable(first, error)]
        server = Server(self.command, self.group.flags)
        session = PatientSession(server)
        found: list[Finding] = []
        try:
            if not own_start:
                server.start()
            for part in self.group.parts:
                found += self.part(session, part)
            found += self.at_the_end(session)
        except StartFailure as failure:
            found.append(self.finding(first, 0, f"the server did not start: {failure}"))
        finally:
            session.close()
            server.close()
        return found

    def finding(self, part: Transcript, index: int, text: str) -> Finding:
        return Finding(part, index, text, self.command.label)

    def unreadable(self, part: Transcript, error: BadScenario) -> Finding:
        """The message names a line of a scenario's file; here it is a line of the fence."""
        _, _, rest = str(error).partition(".redis:")
        number, _, why = rest.partition(": ")
        index = int(number) - HEADER_LINES - 1 if number.isdigit() else 0
        return self.finding(part, index, f"cannot be read: {why}")

    def part(self, session: Session, part: Transcript) -> Iterator[Finding]:
        if part.kind == "redis":
            yield from self.redis(session, part)
        else:
            session.server.drop_probe()
            shell = Shell(self.chapter.root, session.server.port, SERVER_SECONDS)
            yield from compare_console(part, shell, self.command.label)

    def redis(self, session: Session, part: Transcript) -> Iterator[Finding]:
        try:
            scenario = read_redis(self.chapter, part)
        except BadScenario as error:
            yield self.unreadable(part, error)
            return
        self.player = Player(scenario, self.command)
        steps = list(scenario.steps)
        while steps:
            scenario.steps = steps
            done = len(self.player.result.done)
            failure = self.player.steps(session)
            if not failure or not failure.step:
                return
            yield self.differs(part, failure)
            steps = steps[len(self.player.result.done) - done + 1 :]

    def differs(self, part: Transcript, failure: Failure) -> Finding:
        step, outcome = failure.step, failure.outcome
        assert step
        index = step.line - HEADER_LINES - 1
        got = outcome.notation(step) if outcome else []
        expected = " / ".join(step.reply_lines) or "nothing"
        why = failure.why.rstrip(".")
        text = f"{step.source}: {why}: {expected} stands here, {' / '.join(got) or 'nothing'} came"
        first = step.reply_at - HEADER_LINES
        end = first + len(step.reply_lines)
        usable = outcome is not None and (not outcome.trouble or bool(got))
        finding = self.finding(part, index, text)
        finding.first, finding.end = first, end
        finding.lines = got if usable else None
        return finding

    def at_the_end(self, session: Session) -> Iterator[Finding]:
        """Nothing may be left unread in a connection of the transcript."""
        if not self.player:
            return
        part = next(p for p in reversed(self.group.parts) if p.kind == "redis")
        failure = self.player.last_look(session)
        if failure:
            replies = failure.outcome.notation(failure.step) if failure.outcome and failure.step else []
            yield self.finding(part, len(part.body) - 1, f"{failure.why} {' / '.join(replies)}")


def compare_console(part: Transcript, shell: Shell, target: str) -> Iterator[Finding]:
    """Runs the commands of a fence and compares what they print."""
    before, commands = console.parse(part.body)
    if before or not commands:
        yield Finding(part, 0, "a console begins with a command: `$ …`", target)
        return
    outputs = shell.run(commands)
    for command, got in zip(commands, outputs, strict=False):
        if not console.matches(command.output, got):
            yield console_finding(part, command, got, target)
    if len(outputs) < len(commands):
        command = commands[len(outputs)]
        why = shell.trouble or "the shell ended here"
        yield Finding(part, command.first, f"$ {command.text}: {why}", target)


def console_finding(part: Transcript, command: Command, got: list[str], target: str) -> Finding:
    expected, came = console.differing(*console.first_difference(command.output, got))
    text = f"$ {command.text}: `{expected}` stands here, `{came}` came"
    end = command.output_at + len(command.output)
    lines = console.merged(command.output, got)
    return Finding(part, command.first, text, target, command.output_at, end, lines)


def build_folder(whole: bool) -> str:
    return "build" if whole else "build-core"


def build(root: Path, stage: Stage, whole: bool) -> None:
    """Builds the whole stage, or its CORE build."""
    command = ["make", "-s", "-C", f"stages/{stage.name}", "MAKEFLAGS=", *([] if whole else ["CORE=1"])]
    quiet = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL", "CORE")}
    subprocess.run(command, cwd=root, env=quiet, check=True, stdout=subprocess.DEVNULL)


def targets(chapter: Chapter, group: Group) -> list[ServerCommand]:
    """The servers that a group is run against."""
    stage = find_stage(chapter.number)
    found = [stage_command(stage, ROOT / build_folder("whole" in group.modes))]
    return found if "stage" in group.modes else [*found, real_command()]


def run_group(chapter: Chapter, group: Group, command: ServerCommand) -> list[Finding]:
    return Run(chapter, group, command).play()


def run_shells(chapter: Chapter) -> list[Finding]:
    """Fences that need no server, one after the other: they may build things."""
    found = []
    for part in chapter.transcripts:
        if "shell" in part.modes and "not-run" not in part.modes:
            found += list(compare_console(part, Shell(chapter.root, None, SHELL_SECONDS), "the shell"))
    return found


def builds_of(chapter: Chapter, transcript: Transcript) -> set[bool]:
    """Which builds of the stage a transcript runs, or names: True is the whole one."""
    if "not-run" in transcript.modes:
        return set()
    text = "\n".join(transcript.body)
    named = {whole for whole in (False, True) if f"{build_folder(whole)}/{chapter.stage.name}/" in text}
    return named if "shell" in transcript.modes else named | {"whole" in transcript.modes}


def findings(chapter: Chapter, only_stage: bool = False) -> list[Finding]:
    """Runs all transcripts of a chapter; what differs once more, alone, since some wait for a time
    to pass, and a busy machine may let it pass too late."""
    found: list[Finding] = []
    for whole in sorted({needed for t in chapter.transcripts for needed in builds_of(chapter, t)}):
        build(chapter.root, find_stage(chapter.number), whole)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        waiting = [
            (group, command, pool.submit(run_group, chapter, group, command))
            for group in groups(chapter.transcripts)
            for command in targets(chapter, group)[: 1 if only_stage else None]
        ]
    for group, command, future in waiting:
        if future.result():
            found += run_group(chapter, group, command)
    return found + run_shells(chapter)


def problem(chapter: Chapter, finding: Finding) -> Problem:
    line = finding.transcript.line + 1 + finding.index
    return Problem(chapter.name, line, cut(f"on {finding.target}: {finding.text}", 400))


def check(chapter: Chapter) -> list[Problem]:
    """What does not go as the transcripts say."""
    try:
        return [problem(chapter, finding) for finding in findings(chapter)]
    except subprocess.CalledProcessError as error:
        return [Problem(chapter.name, 1, f"no transcript was run, the stage does not build: {shlex.join(error.cmd)}")]

