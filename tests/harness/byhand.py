"""Lines to paste that do by hand what a failed scenario did, in the same order.

They need bash alone, whose /dev/tcp is a connection. What they start they end, and they use no name twice, so
that they can be pasted again. `cat -v` shows what arrives: \\r as ^M.
"""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path

from .player import Result
from .quoting import raw_bytes, split_args
from .resp import encode_command
from .scenario import ACTION, CLOSED, Step
from .server import HOST
from .session import PLACEHOLDER

PORT = 7777
DIR = "/tmp/by-hand"
MAX_SHOWN = 600
MAX_SOURCE = 100
TURN = 0.2  # between two steps
ADDRESS = f"{HOST}:55555"  # stands for that of a connection until it is known; as long as any
ADDRESSED = re.compile(r"\{([a-z][a-z0-9-]*)\.addr\}")
PRINTF = {10: "\\n", 13: "\\r", 33: "\\041", 37: "%%", 39: "\\047", 92: "\\\\"}
SOCKET = "import socket; s = socket.socket(fileno={number}); "


def by_hand(result: Result) -> list[str]:
    """Lines to paste that repeat the failure, every step of it."""
    steps = [(item.step, item.outcome.filled) for item in result.done]
    failure = result.failure
    if failure and failure.step and all(step is not failure.step for step, _ in steps):
        steps.append((failure.step, failure.outcome.filled if failure.outcome else {}))
    return [*Script(result, steps).lines(), "# or this scenario alone:", again(result)]


class Script:
    """The steps as a script for bash."""

    def __init__(self, result: Result, steps: list[tuple[Step, dict[str, str]]]) -> None:
        self.result = result
        self.addressed = {name for step, _ in steps for name in ADDRESSED.findall(step.text)}
        used = dict.fromkeys(s.connection for s, _ in steps if s.kind not in ("server", "pause"))
        self.numbers = {name: number for number, name in enumerate(used, 3)}
        self.steps = [(step, self.fill_in(step.text, filled)) for step, filled in steps]
        self.open: list[str] = []

    def fill_in(self, text: str, filled: dict[str, str]) -> str:
        """With the values of the run, but the port, the directory and the addresses by hand."""

        def one(match: re.Match[str]) -> str:
            if match[2] == "addr":
                return ADDRESS
            by_hand = {"port": str(PORT), "dir": DIR}
            return by_hand.get(match[3]) or filled.get(match[0], match[0])

        return PLACEHOLDER.sub(one, text)

    def lines(self) -> list[str]:
        scenario = self.result.scenario
        body = [] if scenario.starts_server else self.server([])
        if scenario.config:
            text = "".join(f"{line}\n" for line in scenario.config)
            body = [f"printf '{printable(text.encode())}' > {DIR}/scenario.conf", *body]
        for step, text in self.steps:
            body += self.one(step, text)
        body.append(f"sleep {TURN}")
        end = "kill $readers; sleep 0.1; kill $server; sleep 0.1; kill -9 $server; wait"
        close = "".join(f" {number}>&-" for number in self.numbers.values())
        uses_dir = any(DIR in line for line in body)
        end = (f"exec{close}; " if close else "") + end + (f"; rm -r {DIR}" if uses_dir else "")
        begin = [f"trap '{{ {end}; }} 2>/dev/null' EXIT"] + ([f"mkdir -p {DIR}"] if uses_dir else [])
        return ["bash <<'END'", *begin, *body, "END"]

    def closed(self, *but: str) -> str:
        """Keeps the open connections from a program that would hold them open."""
        return "".join(f" {self.numbers[name]}>&-" for name in self.open if name not in but)

    def server(self, words: list[str]) -> list[str]:
        scenario, command = self.result.scenario, self.result.command
        args = [*scenario.flags, *words]
        if words and not words[0].startswith("-"):
            args = [f"{DIR}/{words[0]}", *words[1:]]
        if scenario.config:
            args = [f"{DIR}/scenario.conf", *args]
        return [f"{shell(command.argv(PORT, Path(DIR), args))}{self.closed()} & server=$!", "sleep 1"]

    def one(self, step: Step, text: str) -> list[str]:
        """What a step is, and the lines that do it."""
        source = step.source if len(step.source) <= MAX_SOURCE else step.source[:MAX_SOURCE] + " …"
        out = [f"echo {shlex.quote(source)}"]
        if step.kind == "pause":
            out.append(f"sleep {text}")
        elif step.kind == "server":
            out += self.tell_server(text)
        elif step.kind != "receive":
            out += self.speak(step, text)
        if step.connection in self.numbers and step.reply_lines[-1:] == [CLOSED]:
            out.append(f"kill -0 ${variable(step.connection)} 2>/dev/null || echo '{CLOSED}'")
            self.forget(step.connection)
        return out

    def sent(self, step: Step, text: str) -> bytes:
        """The bytes of a step."""
        return raw_bytes(text) if step.raw else encode_command(split_args(text))

    def speak(self, step: Step, text: str) -> list[str]:
        """A step of one connection, which is made when it is first used."""
        name = step.connection
        number = self.numbers[name]
        action = ACTION.fullmatch(step.text) if step.kind == "action" else None
        out = []
        if name not in self.open and not (action and action[1] == "close"):
            out += self.connect(name, (action[2] or "") if action else "")
        if action and action[1] == "close":
            out.append(f"exec {number}>&-; kill ${variable(name)} 2>/dev/null; sleep {TURN}")
            self.forget(name)
        elif action and action[1] == "half-close":
            # bash can only close both directions
            out.append(f"python3 -c '{SOCKET.format(number=number)}s.shutdown(socket.SHUT_WR)'; sleep {TURN}")
        elif not action:
            data = self.sent(step, text)
            if len(data) > MAX_SHOWN:
                out.append("# left out, for its length")
            else:
                out.append(f"printf '{self.with_addresses(step, data)}' >&{number}; sleep {TURN}")
        return out

    def with_addresses(self, step: Step, data: bytes) -> str:
        """As printf's format. The address of a connection is what the shell has noted."""
        text = printable(data)
        for name in ADDRESSED.findall(step.text):
            text = text.replace(ADDRESS, f"'\"${variable(name)}_addr\"'", 1)
        return text

    def connect(self, name: str, path: str) -> list[str]:
        number, reader = self.numbers[name], variable(name)
        if path:  # bash has no Unix sockets
            client = f"exec {number}> >(exec nc -U {DIR}/{path}{self.closed()}); {reader}=$!"
        else:
            client = f"exec {number}<>/dev/tcp/{HOST}/{PORT}; cat -v <&{number} {number}>&-{self.closed()} & {reader}=$!"
        out = [client, f"readers+=\" ${reader}\"; sleep {TURN}"]
        if name in self.addressed:
            out.append(f"{reader}_addr=$(python3 -c '{SOCKET.format(number=number)}print(\"%s:%d\" % s.getsockname()[:2])')")
        self.open.append(name)
        return out

    def forget(self, name: str) -> None:
        """A connection that was closed is made anew when it is used again."""
        if name in self.open:
            self.open.remove(name)

    def tell_server(self, text: str) -> list[str]:
        words = [os.fsdecode(word) for word in split_args(text)]
        if words[0] == "start":
            return self.server(words[1:])
        if words[0] == "write":
            return [f"printf '{printable(split_args(text)[2])}' > {DIR}/{words[1]}"]
        self.open.clear()
        return [f"kill {'-9 ' if words[0] == 'kill' else ''}$server; wait $server"]


def variable(name: str) -> str:
    """The shell's name for a connection's reader."""
    return name.replace("-", "_")


def printable(data: bytes) -> str:
    """The format with which printf writes these bytes, in single quotes."""
    return "".join(PRINTF.get(b) or (chr(b) if 32 <= b < 127 else f"\\{b:03o}") for b in data)


def shell(words: list[str]) -> str:
    root = f"{Path.cwd()}/"
    return " ".join(quoted(word.removeprefix(root)) for word in words)


def quoted(word: str) -> str:
    """A word for the shell; in octal if it is no text."""
    return shlex.quote(word) if word.isascii() and word.isprintable() else f"$'{printable(os.fsencode(word)).replace('%%', '%')}'"


def again(result: Result) -> str:
    command = result.command
    server = f"SERVER={shlex.quote(command.spec or command.label)}"
    if command.stage and not command.spec:
        server = f"STAGE={command.stage.number:02}"
    build = "CORE=1 " if command.core else ""
    return f"make check {build}{server} ONLY={result.scenario.name}"
