"""Compares what a stage propagates with what the real server's append-only file holds.

The transcripts are tests/observe/NN-stage/*.effects. The effects in them are recorded from the
real server; a stage is built with OBSERVE=1, and writes its own to observed.aof. From the stage
on that has a log, its own append-only file takes the place of that build.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from . import recorder
from .effects import (
    NOTHING,
    Effect,
    Moment,
    effect_text,
    expected_effects,
    faults,
    now_ms,
    read_transcript,
    same_effects,
)
from .recorder import Recording, rewritten
from .resp import Incomplete, Malformed, Reply, decode, encode_command
from .scenario import BadScenario, Scenario, Step, Want
from .server import Server, ServerCommand, StartFailure, server_command, stage_command
from .session import Session
from .stages import TESTS, Stage, all_stages, build_dir, core_build, find_stage, sibling
from .suite import in_parallel

TRANSCRIPTS = TESTS / "observe"
OBSERVED = "observed.aof"
LOG_FROM = 11  # the first stage that writes the log itself
REAL_LOG = "appendonlydir/*.incr.aof"
REAL_FLAGS = ["--appendonly", "yes", "--appendfsync", "always"]
ONE_REPLY = Want([Reply("simple")])
UNKNOWN = (b"ERR unknown command", b"ERR unknown subcommand")
WHAT_TO_DO = """\
Where it should propagate otherwise, the handler says so with propagate_as (command/call.h).
Where the transcript is in doubt: make record CHECK=1 ONLY={name}
Again: make observe ONLY={name}
"""


class Log:
    """A file of commands to which a server appends. It may not exist yet."""

    def __init__(self, directory: Path, pattern: str) -> None:
        self.directory = directory
        self.pattern = pattern
        self.at = 0
        self.rest = b""

    def appended(self) -> list[Effect]:
        """The commands that have come since the last look; half of one is left for the next."""
        for path in self.directory.glob(self.pattern):
            with path.open("rb") as file:
                file.seek(self.at)
                data = file.read()
                self.at += len(data)
                self.rest += data
        effects = []
        while self.rest:
            try:
                command, end = decode(self.rest)
            except Incomplete:
                break
            effect = [word.text for word in command.items]
            if encode_command(effect) != self.rest[:end]:
                raise Malformed("a command is not written as a client would send it", 0)
            effects.append(effect)
            self.rest = self.rest[end:]
        return effects


@dataclass
class Seen:
    """A step that was done, and what it made the server propagate."""

    step: Step
    moment: Moment
    effects: list[Effect] = field(default_factory=list)
    trouble: str = ""

    @property
    def lines(self) -> list[str]:
        return [effect_text(effect, self.moment) for effect in self.effects] or [NOTHING]


def has_log(stage: Stage | None) -> bool:
    """Whether a stage writes an append-only file."""
    return stage is not None and stage.number >= LOG_FROM


def play(transcript: Scenario, command: ServerCommand) -> Iterator[Seen]:
    """Does the steps, and looks into the server's log after each."""
    logs = command.real or has_log(command.stage)
    flags = [*transcript.flags, *(REAL_FLAGS if logs else [])]
    with Server(command, flags, transcript.config) as server:
        log = Log(server.dir, REAL_LOG if logs else OBSERVED)
        session = Session(server)
        try:
            for step in transcript.steps:
                yield do(step, session, log)
        finally:
            session.close()


def do(step: Step, session: Session, log: Log) -> Seen:
    """One step. A server appends before it replies, so whatever belongs to the step is in the log then."""
    before = now_ms()
    replies = step.kind == "command" and not step.annotation("waits")
    outcome = session.perform(step, ONE_REPLY if replies else Want())
    seen = Seen(step, Moment(before, now_ms()), trouble=outcome.trouble)
    try:
        seen.effects = log.appended()
    except Malformed as error:
        seen.trouble = f"the log cannot be read: {error.why}"
    if outcome.replies and outcome.replies[0].text.startswith(UNKNOWN):
        seen.trouble = outcome.replies[0].text.decode("utf-8", "replace")
    if outcome.closed and not seen.trouble:
        seen.trouble = "the connection was closed"
    return seen


@dataclass
class Played:
    """What a transcript came to on one server."""

    transcript: Scenario
    command: ServerCommand
    wrong: list[Seen] = field(default_factory=list)
    failure: str = ""

    @property
    def passed(self) -> bool:
        return not self.wrong and not self.failure

    def report(self) -> str:
        """Every step that differs, and what to do then."""
        name, number = self.transcript.name, stage_number(self.command)
        out = [f"{'=' * 92}\n{name} ({self.transcript.level}), server: {self.command.label}\n"]
        out += [f"    {line}\n" for line in self.transcript.prose if line]
        if self.failure:
            out.append(f"\n{self.failure}\n")
        for seen in self.wrong:
            out.append(f"\nline {seen.step.line}: {seen.step.source}\n")
            expected = expected_effects(seen.step, number) or [NOTHING]
            note = ", in any order" if seen.step.annotation("unordered") else ""
            out.append(block(f"Expected{note}", expected) + block("Propagated", seen.lines))
            if seen.trouble:
                out.append(f"    {seen.trouble}\n")
        return "".join([*out, "\n", WHAT_TO_DO.format(name=name)])


def block(title: str, lines: list[str]) -> str:
    return f"  {title}\n" + "".join(f"    {line}\n" for line in lines)


def stage_number(command: ServerCommand) -> int | None:
    return command.stage.number if command.stage else None


def compare(transcript: Scenario, command: ServerCommand) -> Played:
    """Plays a transcript and compares each step's effects."""
    result = Played(transcript, command)
    number = stage_number(command)
    try:
        for seen in play(transcript, command):
            since = [int(value.split()[0]) for value in seen.step.annotation("from")]
            if number is not None and since and number < since[0]:
                continue
            if seen.trouble or not same_effects(seen.step, seen.effects, seen.moment, number):
                result.wrong.append(seen)
    except (StartFailure, AssertionError) as failure:
        result.failure = f"{command.label}: {failure}"
    return result


def record(transcript: Scenario, command: ServerCommand) -> Recording:
    """Plays a transcript against the real server and puts its effects into the lines."""
    below: list[list[str]] = []
    problems: list[str] = []
    try:
        for seen in play(transcript, command):
            step = seen.step
            if seen.trouble:
                problems.append(f"line {step.line}: {seen.trouble}")
            if step.kind == "action" and seen.effects:
                problems.append(f"line {step.line}: it has effects: {', '.join(seen.lines)}")
            keep = step.kind == "action" or (
                step.reply_lines and same_effects(step, seen.effects, seen.moment)
            )
            below.append(step.reply_lines if keep else seen.lines)
    except StartFailure as failure:
        return Recording(transcript, transcript.lines, [str(failure)])
    return Recording(transcript, rewritten(transcript, below), problems)


def files(upto: int | None = None, only: Iterable[str] = ()) -> list[Path]:
    """The transcripts of the stages up to one, or those that are named (a part of the path will do)."""
    wanted = [name.removeprefix("tests/observe/") for name in only]
    return [
        path
        for path in sorted(TRANSCRIPTS.glob("[0-9][0-9]-*/*.effects"))
        if (upto is None or int(path.parent.name[:2]) <= upto)
        and (not wanted or any(name in str(path.relative_to(TRANSCRIPTS)) for name in wanted))
    ]


def load(upto: int | None = None, only: Iterable[str] = ()) -> list[Scenario]:
    """The transcripts in these files. One that cannot be read ends the run."""
    try:
        return [read_transcript(path) for path in files(upto, only)]
    except BadScenario as error:
        raise SystemExit(f"a transcript cannot be read: {error}") from error


def builds(core: bool) -> Path:
    """Where OBSERVE=1 builds the stages: beside the usual build, in a folder that stage.mk names."""
    folder = sibling(build_dir(), core)
    words = folder.name.split("-")
    at = words.index("sanitize") if "sanitize" in words else len(words)
    return folder.with_name("-".join([*words[:at], "observe", *words[at:]]))


def observed_command(stage: Stage, core: bool) -> ServerCommand:
    """How the build of a stage is started whose effects can be read."""
    logs = has_log(stage)
    command = stage_command(stage, sibling(build_dir(), core) if logs else builds(core))
    if not Path(command.words[0]).exists():
        variant = " OBSERVE=1" * (not logs) + " CORE=1" * core
        raise SystemExit(f"{command.words[0]} is missing: make STAGE={stage.number:02}{variant}")
    return replace(command, label=f"{stage.name}{', CORE=1' * core}")


def jobs(transcripts: list[Scenario], stages: list[Stage], whole: bool) -> list[tuple[Scenario, ServerCommand]]:
    """Each transcript on its own stage and all later ones: on the whole builds, the core ones on CORE builds as well."""
    found = []
    for stage in stages:
        for core in (False, True) if whole else (True,):
            mine = [t for t in transcripts if t.first_stage <= stage.number and (t.level == "core" or not core)]
            if mine:
                command = observed_command(stage, core)
                found += [(transcript, command) for transcript in mine]
    return found


def totals(transcripts: list[Scenario]) -> str:
    steps = sum(len(transcript.steps) for transcript in transcripts)
    effects = sum(len(expected_effects(step, None)) for t in transcripts for step in t.steps)
    return f"{len(transcripts)} transcripts, {steps} steps, {effects} effects"


def show_wrong(results: Iterable[Played]) -> int:
    """Prints the reports of what differs. Returns how many transcripts did."""
    wrong = [result for result in results if not result.passed]
    for result in wrong:
        print(result.report())
    return len(wrong)


def compare_builds(transcripts: list[Scenario], stages: list[Stage], whole: bool) -> int:
    began = time.monotonic()
    todo = jobs(transcripts, stages, whole)
    if not todo:
        raise SystemExit("none of these transcripts is for these builds")
    wrong = show_wrong(in_parallel(lambda job: compare(*job), todo))
    servers = len({command.label for _, command in todo})
    played = {transcript.name: transcript for transcript, _ in todo}
    seconds = time.monotonic() - began
    print(f"{totals(list(played.values()))}; {len(todo)} runs on {servers} builds in {seconds:.0f} s, {wrong} wrong")
    return 1 if wrong else 0


def check_recorded(transcripts: list[Scenario], command: ServerCommand) -> int:
    """Proves the transcripts against the real server, each twice."""
    found = [fault for transcript in transcripts for fault in faults(transcript)]
    for fault in found:
        print(fault)
    twice = [transcript for transcript in transcripts for _ in range(2)]
    wrong = show_wrong(in_parallel(lambda transcript: compare(transcript, command), twice)) + len(found)
    print(f"{totals(transcripts)} recorded, {wrong} wrong")
    return 1 if wrong else 0


def write_recorded(transcripts: list[Scenario], command: ServerCommand) -> int:
    trouble = 0
    for recording in in_parallel(lambda transcript: record(transcript, command), transcripts):
        if recording.changed:
            print(recording.diff())
        problems = recorder.write(recording, read_transcript)
        for problem in problems + faults(read_transcript(recording.scenario.path)):
            print(f"{recording.scenario.name}: {problem}")
            trouble += 1
    print(f"{totals(transcripts)} before; {trouble} problems")
    return 1 if trouble else 0


def run(args: argparse.Namespace) -> int:
    """`observe`: compares the builds; with --record writes, or with --check too compares, what is recorded."""
    stage = find_stage(args.stage) if args.stage else None
    transcripts = load(stage.number if stage else None, args.only)
    if not transcripts:
        raise SystemExit("no transcript was found")
    if args.record:
        command = server_command("redis-server")
        return (check_recorded if args.check else write_recorded)(transcripts, command)
    stages = [stage] if stage else all_stages()
    return compare_builds(transcripts, stages, whole=not core_build())
