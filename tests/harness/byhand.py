"""Shell lines to paste that do by hand what a failed scenario did, in the same order."""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path

from .player import Result
from .quoting import expand, raw_bytes, split_args
from .resp import encode_command
from .scenario import ACTION, CLOSED, NO_REPLY, Step
from .server import HOST
from .session import PLACEHOLDER

PORT = 7777
MAX_SHOWN = 600
TURN = 0.1  # between two connections, and between pieces of bytes
SAY = f"say() {{ printf '%s\\n' \"$2\" >&\"$1\"; sleep {TURN}; }}"
ADDRESS = re.compile(r"\{([a-z][a-z0-9-]*)\.addr\}")
PRINTF = {10: "\\n", 13: "\\r", 37: "%%", 39: "\\047", 92: "\\\\"}


def by_hand(result: Result) -> list[str]:
    """Lines to paste that repeat the failure, every step of it."""
    steps = [(item.step, item.outcome.filled) for item in result.done]
    failure = result.failure
    if failure and failure.step and all(step is not failure.step for step, _ in steps):
        steps.append((failure.step, failure.outcome.filled if failure.outcome else {}))
    return [*Script(result, steps).lines(), "# or this scenario alone:", again(result)]


def needs_nc(step: Step) -> bool:
    """True for a step whose connection redis-cli would hide something of."""
    unasked = step.kind == "receive" or (step.kind == "action" and step.reply_lines)
    silent = step.kind == "command" and step.reply_lines == [NO_REPLY]
    return bool(step.raw or unasked or silent or step.text == "(half-close)" or CLOSED in step.reply_lines[-1:])


class Script:
    """The steps as shell lines. redis-cli speaks for a connection, or nc where bytes or silence count."""

    def __init__(self, result: Result, steps: list[tuple[Step, dict[str, str]]]) -> None:
        self.result = result
        self.addressed = {name for step, _ in steps for name in ADDRESS.findall(step.text)}
        self.by_nc = {step.connection for step, _ in steps if needs_nc(step)} | self.addressed
        self.used = list(dict.fromkeys(s.connection for s, _ in steps if s.kind not in ("server", "pause")))
        self.numbers = {name: number for number, name in enumerate(self.used, 3)}
        self.steps = [(step, self.fill_in(step.text, filled)) for step, filled in steps]
        self.open: set[str] = set()

    def fill_in(self, text: str, filled: dict[str, str]) -> str:
        """With the values of the run, but the port, the directory and the addresses by hand."""

        def one(match: re.Match[str]) -> str:
            if match[2] == "addr":
                return f"{HOST}:{self.own_port(match[1])}"
            by_hand = {"port": str(PORT), "dir": "/tmp"}
            return by_hand.get(match[3]) or filled.get(match[0], match[0])

        return PLACEHOLDER.sub(one, text)

    def own_port(self, name: str) -> int:
        """The port from which a connection is made whose address somebody names."""
        return PORT + self.numbers.get(name, 0)

    def lines(self) -> list[str]:
        scenario = self.result.scenario
        out = []
        if scenario.config:
            text = "".join(f"{line}\n" for line in scenario.config)
            out.append(f"printf '{printable(text.encode())}' > /tmp/scenario.conf")
        if not scenario.starts_server:
            out.append(self.server([]))
        out += self.notes()
        alone = len(self.used) == 1 and all(s.kind in ("command", "raw", "pause") for s, _ in self.steps)
        return out + (self.one() if alone else self.several())

    def server(self, words: list[str]) -> str:
        scenario, command = self.result.scenario, self.result.command
        args = [*scenario.flags, *words]
        if words and not words[0].startswith("-"):
            args = [f"/tmp/{words[0]}", *words[1:]]
        if scenario.config:
            args = ["/tmp/scenario.conf", *args]
        line = shell(command.argv(PORT, Path("/tmp"), args))
        return f"{line} & server=$!; sleep 1" if scenario.starts_server else f"{line} & sleep 1"

    def notes(self) -> list[str]:
        """What is missing by hand."""
        out = []
        for step, sent in self.steps:
            if step.kind in ("command", "raw") and len(self.sent(step, sent)) > MAX_SHOWN:
                out.append(f"# left out, for its length: {step.source[:100]}")
        return out

    def sent(self, step: Step, text: str) -> bytes:
        """The bytes of a step."""
        if step.raw:
            return raw_bytes(text)
        return encode_command(split_args(text)) if step.connection in self.by_nc else expand(text).encode()

    def one(self) -> list[str]:
        """A single connection needs one pipe only."""
        if self.used[0] in self.by_nc:
            parts = []
            for step, text in self.steps:
                if step.kind == "pause":
                    parts.append(f"sleep {text}")
                elif len(data := self.sent(step, text)) <= MAX_SHOWN:
                    parts += [f"sleep {TURN}"] if parts and parts[-1][0] == "p" else []
                    parts.append(f"printf '{printable(data)}'")
            return [f"({'; '.join([*parts, 'sleep 1'])}) | nc {HOST} {PORT}"]
        blocks: list[list[str]] = [[]]
        pauses = []
        for step, text in self.steps:
            if step.kind == "pause":
                pauses.append(text)
                blocks.append([])
            elif len(data := self.sent(step, text)) <= MAX_SHOWN:
                blocks[-1].append(data.decode())
        if not pauses:
            return [f"redis-cli -p {PORT} <<'EOF'", *blocks[0], "EOF"]
        out = ["{"]
        for block, pause in zip(blocks, [*pauses, ""], strict=True):
            out += ["cat <<'EOF'", *block, "EOF"] if block else []
            out += [f"sleep {pause}"] if pause else []
        return [*out, f"}} | redis-cli -p {PORT}"]

    def several(self) -> list[str]:
        """Each connection has a pipe of its own; one shell writes into them in turn."""
        out = []
        if any(s.kind == "command" and s.connection not in self.by_nc for s, _ in self.steps):
            out.append(SAY)
        for step, text in self.steps:
            if step.kind == "pause":
                out.append(f"sleep {text}")
            elif step.kind == "server":
                out += self.tell_server(text)
            elif step.kind == "receive":
                out.append(f"# here {step.connection} gets: {', '.join(step.reply_lines[:2])}")
                self.forget(step)
            else:
                out += self.speak(step, text)
        return out

    def speak(self, step: Step, text: str) -> list[str]:
        """A step of one connection, which is made when it is first used."""
        name = step.connection
        number, pid = self.numbers[name], name.replace("-", "_")
        action = ACTION.fullmatch(step.text) if step.kind == "action" else None
        out = []
        if name not in self.open or (action and action[1] == "connect"):
            out += self.connect(name, number, pid, (action[2] or "") if action else "")
        if action and action[1] == "close":
            out.append(f"kill ${pid}; sleep {TURN}")
            self.open.discard(name)
        elif action and action[1] == "half-close":
            out.append(f"exec {number}>&-; sleep {TURN}")
        elif not action and len(data := self.sent(step, text)) <= MAX_SHOWN:
            if name in self.by_nc:
                out.append(f"printf '{printable(data)}' >&{number}; sleep {TURN}")
            else:
                out.append(f"say {number} {shlex.quote(data.decode())}")
        self.forget(step)
        return out

    def connect(self, name: str, number: int, pid: str, path: str) -> list[str]:
        if name in self.by_nc:
            halves = any(s.connection == name and s.text == "(half-close)" for s, _ in self.steps)
            options = (" -N" if halves else "") + (f" -p {self.own_port(name)}" if name in self.addressed else "")
            client = f"nc{options} " + (f"-U /tmp/{path}" if path else f"{HOST} {PORT}")
        else:
            client = f"redis-cli -s /tmp/{path}" if path else f"redis-cli -p {PORT}"
        others = "".join(f" {self.numbers[other]}>&-" for other in self.used if other in self.open and other != name)
        self.open.add(name)
        pipe = f"/tmp/{name}"
        begin = f"mkfifo {pipe}; {client} < {pipe}{others} & {pid}=$!"
        return [f"# connection {name} is {number}", f"{begin}; exec {number}> {pipe}; rm {pipe}; sleep {TURN}"]

    def forget(self, step: Step) -> None:
        """A connection that the server closed is made anew when it is used again."""
        if step.reply_lines[-1:] == [CLOSED]:
            self.open.discard(step.connection)

    def tell_server(self, text: str) -> list[str]:
        words = [os.fsdecode(word) for word in split_args(text)]
        if words[0] == "start":
            return [self.server(words[1:])]
        if words[0] == "write":
            return [f"printf '{printable(split_args(text)[2])}' > /tmp/{words[1]}"]
        self.open.clear()
        return [f"kill {'-9 ' if words[0] == 'kill' else ''}$server; wait $server"]


def printable(data: bytes) -> str:
    """The format with which printf writes these bytes, in single quotes."""
    return "".join(PRINTF.get(b) or (chr(b) if 32 <= b < 127 else f"\\{b:03o}") for b in data)


def shell(words: list[str]) -> str:
    root = f"{Path.cwd()}/"
    return " ".join(shlex.quote(word.removeprefix(root)) for word in words)


def again(result: Result) -> str:
    command = result.command
    server = f"SERVER={shlex.quote(command.spec or command.label)}"
    if command.stage and not command.spec:
        server = f"STAGE={command.stage.number:02}"
    build = "CORE=1 " if command.core else ""
    return f"make check {build}{server} ONLY={result.scenario.name}"
