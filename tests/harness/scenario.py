"""Reads a scenario: a transcript of what is sent to a server and what comes back.

tests/README.md describes the notation. A Scenario keeps the lines of its file, and
each Step knows which of them hold its reply, so that the recorder can rewrite
the replies and nothing else.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass, field
from pathlib import Path

from .notation import BadNotation, parse_replies
from .quoting import BadQuoting, raw_bytes, split_args
from .resp import Reply

COMMENT = re.compile(r"#(?: (.*))?")
COMMAND = re.compile(r"([a-z][a-z0-9-]*)?> (.*)")
RECEIVE = re.compile(r"([a-z][a-z0-9-]*)<")
PAUSE = re.compile(r"~ ([0-9.]+)s")
SERVER = re.compile(r"! (.*)")
ANNOTATION = re.compile(r"@([a-z]+)(?: (.*))?")
DIRECTIVE = re.compile(r"([a-z]+): (.*)")
ACTION = re.compile(r"\((connect|close|half-close)(?: ([^ ()]+))?\)")

DEFAULT = "main"
NO_REPLY = "(no reply)"
CLOSED = "(closed)"
LEVELS = ("core", "more")
ANNOTATIONS = ("unordered", "within", "vary", "like", "from", "waits")
DIRECTIVES = ("level", "book", "flags", "config", "from", "changes")
SERVER_VERBS = ("start", "stop", "kill", "write")


class BadScenario(Exception):
    """A scenario file that cannot be read; the message names file and line."""


@dataclass(frozen=True)
class Annotation:
    """How the reply of a step is compared."""

    name: str
    value: str


@dataclass
class Want:
    """What a step expects: replies, or the bytes of a raw connection; and the end of it."""

    replies: list[Reply] = field(default_factory=list)
    data: bytes = b""
    closed: bool = False


@dataclass
class Step:
    """One thing that is done, and the lines of what should come of it."""

    kind: str  # command, raw, action, receive, pause, server
    connection: str
    text: str
    line: int  # in the file, from 1
    annotations: list[Annotation] = field(default_factory=list)
    reply_lines: list[str] = field(default_factory=list)
    reply_at: int = 0  # index in Scenario.lines of the first reply line

    @property
    def raw(self) -> bool:
        return self.connection.startswith("raw")

    @property
    def source(self) -> str:
        """The step as it stands in the file."""
        name = "" if self.connection == DEFAULT else self.connection
        forms = {
            "receive": f"{self.connection}<",
            "pause": f"~ {self.text}s",
            "server": f"! {self.text}",
        }
        return forms.get(self.kind, f"{name}> {self.text}")

    @property
    def recorded(self) -> bool:
        return bool(self.reply_lines) or self.kind in ("pause", "action")

    def annotation(self, name: str) -> list[str]:
        return [a.value for a in self.annotations if a.name == name]

    @property
    def exact(self) -> bool:
        """True when the reply must be equal to the byte."""
        return all(a.name == "from" for a in self.annotations)

    def want(self) -> Want:
        """The expectation, parsed. With @like the recorded lines are an example only."""
        lines = list(self.reply_lines)
        closed = bool(lines) and lines[-1] == CLOSED
        if self.annotation("like"):
            return Want(closed=closed)
        if closed:
            lines.pop()
        if lines == [NO_REPLY]:
            lines = []
        if self.raw:
            return Want(data=b"".join(raw_bytes(line) for line in lines), closed=closed)
        return Want(replies=parse_replies(lines), closed=closed)


@dataclass
class Scenario:
    """A file, read."""

    path: Path
    stage: int
    stage_name: str
    lines: list[str]
    prose: list[str] = field(default_factory=list)
    level: str = ""
    book: str = ""
    flags: list[str] = field(default_factory=list)
    config: list[str] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)
    first_stage: int = 0
    steps: list[Step] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"{self.stage_name}/{self.path.name}"

    @property
    def starts_server(self) -> bool:
        """True when the server is started by a step of the scenario itself."""
        return bool(self.steps) and self.steps[0].source.startswith("! ")

    @property
    def replies(self) -> int:
        return sum(1 for step in self.steps if step.reply_lines)


def parse_step(line: str, number: int) -> Step | None:
    """The step that a line begins, or None for a line of a reply."""
    if match := COMMAND.fullmatch(line):
        connection = match[1] or DEFAULT
        if ACTION.fullmatch(match[2]):
            return Step("action", connection, match[2], number)
        kind = "raw" if connection.startswith("raw") else "command"
        return Step(kind, connection, match[2], number)
    if match := RECEIVE.fullmatch(line):
        return Step("receive", match[1], "", number)
    if match := PAUSE.fullmatch(line):
        return Step("pause", DEFAULT, match[1], number)
    if match := SERVER.fullmatch(line):
        return Step("server", DEFAULT, match[1], number)
    return None


class Reader:
    """Reads one file; its state is the step that reply lines belong to."""

    required: tuple[str, ...] = ("level", "book")  # directives of the header

    def __init__(self, path: Path, text: str) -> None:
        name = path.parent.name
        self.path = path
        stage = int(name[:2]) if name[:2].isdigit() else 0
        self.scenario = Scenario(path, stage, name, text.splitlines(), first_stage=stage)
        self.step: Step | None = None

    def fail(self, number: int, why: str) -> BadScenario:
        return BadScenario(f"{self.path}:{number}: {why}")

    def read(self) -> Scenario:
        lines = self.scenario.lines
        body = next((i for i, line in enumerate(lines) if not COMMENT.fullmatch(line)), len(lines))
        for number, line in enumerate(lines[:body], 1):
            self.header(number, COMMENT.fullmatch(line)[1] or "")  # type: ignore[index]
        for number, line in enumerate(lines[body:], body + 1):
            self.body(number, line)
        if not self.scenario.prose or not all(getattr(self.scenario, name) for name in self.required):
            directives = " and ".join(f"its {name}:" for name in self.required)
            raise self.fail(1, f"the header must say what is taught, {directives}")
        for step in self.scenario.steps:
            self.check(step)
        return self.scenario

    def header(self, number: int, text: str) -> None:
        directive = DIRECTIVE.fullmatch(text)
        if not directive:
            if text or self.scenario.prose:
                self.scenario.prose.append(text)
            return
        key, value = directive[1], directive[2].strip()
        scenario = self.scenario
        if key not in DIRECTIVES:
            raise self.fail(number, f"unknown directive {key}: (there are {', '.join(DIRECTIVES)})")
        if key == "level":
            if value not in LEVELS:
                raise self.fail(number, "level: is core or more")
            scenario.level = value
        elif key == "book":
            scenario.book = value
        elif key == "flags":
            scenario.flags += shlex.split(value)
        elif key == "config":
            scenario.config.append(value)
        elif key == "changes":
            scenario.changes.append(value)
        else:
            scenario.first_stage = int(value.split()[0])

    def body(self, number: int, line: str) -> None:
        if not line.strip() or COMMENT.fullmatch(line):
            self.step = None
            return
        step = parse_step(line, number)
        if step:
            step.reply_at = number
            self.scenario.steps.append(step)
            self.step = step
            return
        if not self.step:
            raise self.fail(number, f"a reply to nothing: {line}")
        annotation = ANNOTATION.fullmatch(line)
        if annotation and not self.step.reply_lines and not self.step.raw:
            if annotation[1] not in ANNOTATIONS:
                raise self.fail(number, f"unknown annotation @{annotation[1]}")
            self.step.annotations.append(Annotation(annotation[1], annotation[2] or ""))
            self.step.reply_at = number
            return
        self.step.reply_lines.append(line)

    def check(self, step: Step) -> None:
        """Whatever can be wrong with a step is found before a server is started."""
        try:
            if step.kind == "command" and not split_args(step.text):
                raise BadQuoting("an empty command")
            if step.kind == "raw":
                raw_bytes(step.text)
            if step.kind == "server" and step.text.split()[0] not in SERVER_VERBS:
                raise BadQuoting(f"a server is told to {', '.join(SERVER_VERBS)}")
            if step.kind != "server":
                step.want()
            for pattern in step.annotation("like") + step.annotation("vary"):
                re.compile(pattern)
            for number in step.annotation("within"):
                float(number)
        except (BadNotation, BadQuoting, ValueError, re.error) as error:
            raise self.fail(step.line, str(error)) from error


def read_scenario(path: Path) -> Scenario:
    """The scenario in a file."""
    return Reader(path, path.read_text(encoding="utf-8")).read()


def read_text(text: str, name: str = "00-none/00-none.redis") -> Scenario:
    """The scenario in a string, for the tests of the harness."""
    return Reader(Path(name), text).read()
