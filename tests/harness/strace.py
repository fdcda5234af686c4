"""A server under strace(1): which system calls it makes, and what happens if one of them takes long, fails, or is its last."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections import Counter
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import pytest

from .process import sanitized
from .server import Server, ServerCommand

FILE_CALLS = (
    "openat", "rename", "renameat", "renameat2", "unlink", "unlinkat", "fsync", "fdatasync", "clone", "clone3", "fork", "vfork",
    "mkdir", "mkdirat",
)  # fmt: skip
CALL = re.compile(r"^(?:\d+ +)?(?:[\d.]+ +)?(\w+)\(")
TRACE = "trace"


@cache
def works() -> str:
    """Empty if a process can be traced here, else why it can't."""
    if not shutil.which("strace"):
        return "strace is not installed (Debian: apt install strace)"
    tried = subprocess.run(["strace", "-qq", "-o", "/dev/null", "-e", "trace=none", "true"], capture_output=True, text=True)
    return f"processes can't be traced here: {tried.stderr.strip()}" if tried.returncode else ""


def traced(command: ServerCommand, *options: str, threads: bool = True) -> ServerCommand:
    """The command under strace, with its threads and children or without; `trace` in the server's directory is written."""
    if why := works():
        pytest.skip(why)
    follow = ["-f", "--seccomp-bpf"] if threads else []
    if sanitized():  # whose search for leaks does not work in a process that is traced
        follow += ["-E", ":".join(filter(None, ["ASAN_OPTIONS=detect_leaks=0", os.environ.get("ASAN_OPTIONS")]))]
    words = ["strace", *follow, "-qq", "-y", "-s", "0", "-o", f"{{dir}}/{TRACE}", *options]
    return replace(command, words=(*words, *command.words))


def only(calls: str | tuple[str, ...]) -> list[str]:
    """Options: these system calls are written down, as far as this machine has them."""
    names = (calls,) if isinstance(calls, str) else calls
    return ["-e", "trace=" + ",".join(f"?{name}" for name in names)]


@dataclass(frozen=True)
class Call:
    """A system call that a server makes: the number counts those of the same name since the start."""

    name: str
    number: int
    line: str

    def inject(self, what: str) -> list[str]:
        """Options: what is to happen at this call."""
        return ["-e", f"inject={self.name}:{what}:when={self.number}"]

    def __str__(self) -> str:
        return f"{self.name} {self.number}: {self.line}"


def calls(server: Server) -> list[Call]:
    """What the server has called so far. Only what was traced without its threads is in the order in which it began."""
    counter: Counter[str] = Counter()
    found = []
    for line in (server.dir / TRACE).read_text(errors="replace").splitlines():
        if match := CALL.match(line):
            counter[match[1]] += 1
            found.append(Call(match[1], counter[match[1]], line[match.start(1) :]))
    return found


@dataclass
class Synced:
    """How much of a file the kernel had taken, and how much of that was on disk for certain."""

    written: int = 0
    synced: int = 0


def synced(trace: Path, name: str) -> Synced:
    """What a trace of write, fsync and fdatasync says of a file: what would be left of it if the machine had lost its power."""
    found = Synced()
    begun: dict[str, int] = {}  # what was written when a thread began to call fsync
    for line in trace.read_text(errors="replace").splitlines():
        thread = line.split()[0]
        if f"{name}>" in line and "write(" in line and (match := re.search(r"= (\d+)$", line)):
            found.written += int(match[1])
        if f"{name}>" in line and re.search(r"\bf(data)?sync\(", line):
            begun[thread] = found.written
        if re.search(r"sync(\(| resumed).*= 0( \(INJECTED\)| \(DELAYED\))?$", line) and thread in begun:
            found.synced = max(found.synced, begun.pop(thread))
    return found
