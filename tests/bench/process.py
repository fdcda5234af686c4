"""Server processes and what the operating system knows of them."""

from __future__ import annotations

import contextlib
import os
import resource
import shlex
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

# Settings that the servers have in common; an early stage refuses those that
# it does not know, and is started with fewer.
FLAGS: tuple[tuple[str, ...], ...] = (
    ("--save", "", "--appendonly", "no", "--maxclients", "10500"),
    ("--save", "", "--maxclients", "10500"),
    ("--maxclients", "10500"),
    (),
)


class NoServer(Exception):
    """The server could not be started; says why."""


def raise_file_limit() -> None:
    """Lets this process, and those it starts, open as many as allowed."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def prefer(pid: int) -> None:
    """Lets a process run before most others where that is allowed: a delay
    that some other load makes is not the server's.  Real-time scheduling
    would be no help: the system makes a busy process of that kind wait for a
    twentieth of each second."""
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, pid, -20)


class Server:
    """One of the servers that are measured."""

    def __init__(self, name: str, command: str) -> None:
        self.name = name
        self.command = command
        self.port = 0
        self.process: subprocess.Popen[bytes] | None = None
        self.directory = Path(tempfile.mkdtemp(prefix="bench-"))
        self.flags: tuple[str, ...] | None = None
        self.more: tuple[str, ...] = ()

    @property
    def pid(self) -> int:
        """The process that is measured."""
        assert self.process is not None
        return self.process.pid

    def start(self, *more: str) -> None:
        """Starts a fresh process, with the flags of `more` besides."""
        self.stop()
        self.more = more
        for flags in FLAGS if self.flags is None else (self.flags,):
            if self._try(flags):
                self.flags = flags
                return
        raise NoServer(f"{self.name} did not start: {self.command}\n"
                       + self.log_end())

    def _argv(self, flags: tuple[str, ...]) -> list[str]:
        argv = shlex.split(self.command.replace("{port}", str(self.port)))
        if "{port}" in self.command:
            return argv
        return [*argv, "--port", str(self.port), "--bind", "127.0.0.1",
                "--dir", str(self.directory), *flags, *self.more]

    def _try(self, flags: tuple[str, ...]) -> bool:
        self.port = free_port()
        with (self.directory / "log").open("ab") as log:
            self.process = subprocess.Popen(
                self._argv(flags), stdout=log, stderr=log,
                stdin=subprocess.DEVNULL)
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and self.process.poll() is None:
            with contextlib.suppress(OSError), socket.create_connection(
                    ("127.0.0.1", self.port), 2) as probe:
                probe.sendall(b"PING\r\n")
                if probe.recv(64) == b"+PONG\r\n":
                    return True
            time.sleep(0.02)
        self.stop()
        return False

    def log_end(self) -> str:
        """The last lines of its log."""
        text = (self.directory / "log").read_text("utf-8", "replace")
        return "\n".join(text.splitlines()[-10:])

    def stop(self) -> None:
        """Ends the process."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None

    def close(self) -> None:
        """Stops it and removes its directory."""
        self.stop()
        shutil.rmtree(self.directory, ignore_errors=True)

    def cpu_seconds(self) -> float:
        """User and system time of all its threads so far."""
        if hasattr(time, "clock_gettime") and os.path.isdir("/proc"):
            # Linux has a clock of the time that another process used, in
            # nanoseconds; see the clock ids in clock_getcpuclockid(3).
            with contextlib.suppress(OSError):
                return time.clock_gettime(~self.pid << 3 | 2)
        fields = Path(f"/proc/{self.pid}/stat").read_text().rsplit(")")[1]
        user, system = fields.split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    def resident_bytes(self) -> int:
        """Memory that it really holds."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        line = next(x for x in status.splitlines() if x.startswith("VmRSS"))
        return int(line.split()[1]) * 1024
