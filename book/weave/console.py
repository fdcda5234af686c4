"""Transcripts of a shell: `$ command` and what it prints."""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import shutil
import signal
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

PORT = "6379"
ANY_LINES = "..."
ANY_TEXT = "[...]"
LONG = 80  # columns of a line in a message
MARK = "\x1eweave\x1e"
CLIENTS = ("redis-cli", "redis-benchmark")

# Leads a client to the server's port. Where its output is shown, and not
# piped, redis-cli prints as it does for a person.
SHIM = """\
#!/bin/sh
[ "$(readlink /proc/$$/fd/1)" = "$WEAVE_OUTPUT" ] && export FAKETTY=1
for word in "$@"; do
    case $word in -p | -s | -u) exec {real} "$@" ;; esac
done
exec {real} -p "$WEAVE_PORT" "$@"
"""


@dataclass
class Command:
    """A command of a transcript, and the lines below it."""

    text: str
    first: int  # index in the body of its first line
    output_at: int  # index of the first line of its output
    output: list[str] = field(default_factory=list)


def parse(body: tuple[str, ...]) -> tuple[list[str], list[Command]]:
    """What stands before the first command (nothing should), and the commands."""
    before: list[str] = []
    commands: list[Command] = []
    continued = False
    for index, line in enumerate(body):
        if continued:
            commands[-1].text += "\n" + line.removeprefix("> ")
            commands[-1].output_at = index + 1
        elif line.startswith("$ "):
            commands.append(Command(line[2:], index, index + 1))
        elif commands:
            commands[-1].output.append(line)
        elif line.strip():
            before.append(line)
        continued = (continued or line.startswith("$ ")) and line.endswith("\\")
    for command in commands:
        while command.output and not command.output[-1].strip():
            command.output.pop()
    return before, commands


def pattern(lines: list[str]) -> re.Pattern[str]:
    """The expression for the lines of an output, each with its line end."""
    parts = []
    for line in lines:
        if line.strip() == ANY_LINES:
            parts.append(r"(?:[^\n]*\n)*?")
        else:
            pieces = (re.escape(piece) for piece in line.rstrip().split(ANY_TEXT))
            parts.append(r"[^\n]*?".join(pieces) + r"\n")
    return re.compile("".join(parts))


def matches(wanted: list[str], got: list[str]) -> bool:
    return pattern(wanted).fullmatch("".join(f"{line}\n" for line in got)) is not None


def first_difference(wanted: list[str], got: list[str]) -> tuple[str, str]:
    """The first line that is not as expected, and what came instead."""
    right = max(n for n in range(len(wanted) + 1) if matches([*wanted[:n], ANY_LINES], got))
    used = next(n for n in range(len(got) + 1) if matches(wanted[:right], got[:n]))
    expected = wanted[right] if right < len(wanted) else "(no more lines)"
    return expected, got[used] if used < len(got) else "(no more lines)"


def differing(expected: str, came: str) -> tuple[str, str]:
    """Two lines that differ, for a message: long ones from shortly before the place on."""
    if max(len(expected), len(came)) <= LONG:
        return expected, came
    right = max(n for n in range(len(expected) + 1) if matches([expected[:n] + ANY_TEXT], [came]))
    used = next(n for n in range(len(came) + 1) if matches([expected[:right]], [came[:n]]))
    return around(expected, right), around(came, used)


def around(text: str, place: int) -> str:
    first, behind = max(0, place - LONG // 4), place + LONG // 2
    return ("…" if first else "") + text[first:behind] + ("…" if behind < len(text) else "")


def merged(wanted: list[str], got: list[str]) -> list[str] | None:
    """What came, in the words of what was written where that is right; None where nobody can tell."""
    if any(line.strip() == ANY_LINES for line in wanted):
        return None
    pairs = zip(wanted, got, strict=False)
    kept = [w if matches([w], [g]) else g for w, g in pairs]
    return kept + got[len(kept) :]


class Shell:
    """Runs the commands of a transcript in one bash."""

    def __init__(self, root: Path, port: int | None, seconds: float) -> None:
        self.root = root
        self.port = port
        self.seconds = seconds
        self.trouble = ""

    def run(self, commands: list[Command]) -> list[list[str]]:
        """The lines that each command prints; fewer than there are commands when time is over."""
        with tempfile.TemporaryDirectory(prefix="weave-") as name:
            folder = Path(name)
            script, output = folder / "script", folder / "output"
            script.write_text(self.script(commands), encoding="utf-8")
            with output.open("wb") as sink:
                process = subprocess.Popen(
                    ["bash", str(script)], cwd=self.root, stdin=subprocess.DEVNULL, stdout=sink,
                    stderr=sink, env=self.environment(folder, output), start_new_session=True,
                )  # fmt: skip
                self.wait(process)
            return self.split(output.read_text(encoding="utf-8", errors="replace"))

    def wait(self, process: subprocess.Popen[bytes]) -> None:
        """Waits for the script, and ends what it has left behind."""
        try:
            process.wait(self.seconds)
        except subprocess.TimeoutExpired:
            self.trouble = f"it did not end within {self.seconds:g} seconds"
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def script(self, commands: list[Command]) -> str:
        parts = []
        for command in commands:
            text = command.text
            if self.port is not None:
                text = re.sub(rf"\b{PORT}\b", str(self.port), text)
            parts.append(f"{text}\nprintf '\\n{MARK}'\n")
        return "".join(parts)

    def environment(self, folder: Path, output: Path) -> dict[str, str]:
        """A shell without the habits of whoever runs this."""
        dropped = ("MAKEFLAGS", "MAKELEVEL", "MFLAGS", "STAGE", "SERVER", "CHAPTER", "FAST", "PYTHONPATH")
        kept = {k: v for k, v in os.environ.items() if k not in dropped}
        kept.update(LC_ALL="C.UTF-8", TERM="dumb", COLUMNS="80", WEAVE_OUTPUT=str(output))
        if self.port is not None:
            kept.update(WEAVE_PORT=str(self.port), PATH=f"{folder}:{kept.get('PATH', '')}")
            for client in CLIENTS:
                self.shim(folder / client)
        return kept

    def shim(self, path: Path) -> None:
        real = shutil.which(path.name)
        if real:
            path.write_text(SHIM.format(real=shlex.quote(real)))
            path.chmod(0o755)

    def split(self, text: str) -> list[list[str]]:
        if self.port is not None:
            text = re.sub(rf"\b{self.port}\b", PORT, text)
        outputs = []
        for part in text.split(MARK)[:-1]:
            lines = [line.split("\r")[-1].rstrip() if line.rstrip("\r") else ""
                     for line in part.replace("\r\n", "\n").removesuffix("\n").split("\n")]  # fmt: skip
            while lines and not lines[-1]:
                lines.pop()
            outputs.append(lines)
        return outputs
