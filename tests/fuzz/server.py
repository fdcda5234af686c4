"""Starts and stops the two servers that are compared."""

from __future__ import annotations

import contextlib
import shlex
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from fuzz.link import Link
from harness.stages import build_dir, core_build, sibling

REAL = "redis-server"
# The richest set of flags that a server accepts is used: an early stage knows
# few, and refuses to start with the others.  A CORE build knows no DEBUG.  The
# real server ends a wait only when something wakes it: the cron, every 2 ms.  It
# expires keys then, too, so that this is not for what a CORE build is compared to.
FLAGS: tuple[tuple[str, ...], ...] = (
    ("--save", "", "--enable-debug-command", "yes", "--hz", "500"),
    ("--save", "", "--enable-debug-command", "yes"),
    ("--enable-debug-command", "yes"),
    ("--save", "", "--hz", "500"),
    ("--save", ""),
    (),
)


class NoServer(Exception):
    """The server could not be started; says why."""


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def builds(core: bool) -> Path:
    """Where the stages are built; `core` asks for the CORE builds."""
    return sibling(build_dir(), core or core_build())


def stage_binary(stage: int, core: bool = False) -> str:
    """The path of the built server of a stage."""
    found = sorted(builds(core).glob(f"{stage:02d}-*/server"))
    if not found:
        raise NoServer(f"stage {stage:02d} is not built: make STAGE="
                       f"{stage:02d}{' CORE=1' * core} first, or give "
                       "--server")
    return str(found[0])


class Server:
    """A server process on a free port, in a directory of its own."""

    def __init__(self, name: str, command: str,
                 extra: Sequence[str] = (), core: bool = False,
                 wakes: bool = False) -> None:
        self.wakes = wakes  # often, by its cron
        self.name = name
        self.core = core
        self.command = command
        self.extra = tuple(extra)
        self.flags: tuple[str, ...] | None = None
        self.port = 0
        self.process: subprocess.Popen[bytes] | None = None
        self.directory = Path(tempfile.mkdtemp(prefix="fuzz-"))
        self.log = self.directory / "log"

    def start(self) -> None:
        """Starts it, with as many of FLAGS as it accepts."""
        choices = FLAGS if self.flags is None else (self.flags,)
        if not self.wakes:
            choices = tuple(c for c in choices if "--hz" not in c)
        if self.core:
            choices = tuple(c for c in choices
                            if "--enable-debug-command" not in c)
        for flags in choices:
            if self._try(flags):
                self.flags = flags
                return
        raise NoServer(f"{self.name} did not start: {self.command}\n"
                       + self.last_words())

    def _argv(self, flags: tuple[str, ...]) -> list[str]:
        argv = shlex.split(self.command.replace("{port}", str(self.port)))
        if "{port}" not in self.command:
            argv += ["--port", str(self.port), "--bind", "127.0.0.1",
                     "--dir", str(self.directory)]
        return [*argv, *flags, *self.extra]

    def _try(self, flags: tuple[str, ...]) -> bool:
        self.port = free_port()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self._argv(flags), stdout=log, stderr=log,
                stdin=subprocess.DEVNULL)
        deadline = time.monotonic() + 5
        while time.monotonic() < deadline and self.process.poll() is None:
            with contextlib.suppress(OSError):
                link = Link(self.port, 2)
                answer = link.ask(b"PING")
                link.finish()
                if answer == b"+PONG\r\n":
                    return True
            time.sleep(0.01)
        self.stop()
        return False

    def alive(self) -> bool:
        """True while the process runs."""
        return self.process is not None and self.process.poll() is None

    def end(self) -> str:
        """How the process ended, in words; empty while it runs."""
        code = self.process.poll() if self.process else None
        if code is None:
            return ""
        if code < 0:
            return f"{self.name} died by {signal.Signals(-code).name}"
        return f"{self.name} exited with status {code}"

    def last_words(self, lines: int = 20) -> str:
        """The end of its log, or what a sanitizer says there."""
        if not self.log.exists():
            return ""
        text = self.log.read_text("utf-8", "replace").splitlines()
        for at, line in enumerate(text):
            if "Sanitizer:" in line or "runtime error:" in line:
                return "\n".join(text[at:at + lines])
        return "\n".join(text[-lines:])

    def stop(self) -> None:
        """Ends the process; kills it when it does not go by itself."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(2)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None

    def restart(self) -> None:
        """A fresh process, with nothing left of the old one."""
        self.stop()
        self.start()

    def close(self) -> None:
        """Stops it and removes its directory."""
        self.stop()
        shutil.rmtree(self.directory, ignore_errors=True)
