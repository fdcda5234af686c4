"""What the operating system says of a process."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path


def resident(pid: int) -> int:
    """Resident memory in bytes."""
    status = Path(f"/proc/{pid}/status")
    if status.exists():
        line = next(x for x in status.read_text().splitlines() if x.startswith("VmRSS:"))
        return int(line.split()[1]) * 1024
    out = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, check=True)
    return int(out.stdout) * 1024


def peak_resident(pid: int) -> int | None:
    """The most resident memory there was, in bytes; None where the system does not tell."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return None
    line = next(x for x in status.read_text().splitlines() if x.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024


def open_files(pid: int) -> int | None:
    """How many file descriptors it has; None where the system does not tell."""
    folder = Path(f"/proc/{pid}/fd")
    return len(os.listdir(folder)) if folder.exists() else None


def cpu_seconds(pid: int) -> float | None:
    """User and system time; None where the system does not tell."""
    stat = Path(f"/proc/{pid}/stat")
    if not stat.exists():
        return None
    fields = stat.read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def work_clock(pid: int) -> Callable[[], float]:
    """A clock in seconds that goes on only while the process works, so that no other program on the machine moves it.

    Where the system has none (only Linux lets a process read another's) it is the time of day's.
    """
    if sys.platform != "linux":
        return time.perf_counter
    number = (~pid << 3) | 2  # as clock_getcpuclockid(3) makes it
    return lambda: time.clock_gettime(number)


def raise_file_limit(wanted: int) -> int:
    """Lets this process, and those it starts, open more files. Returns how many it got."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return soft


def how_it_ended(code: int) -> str:
    """What a process's return code says: its exit code, or the signal that killed it."""
    if code >= 0:
        return f"exit code {code}"
    try:
        return f"killed by signal {-code}, {signal.Signals(-code).name}"
    except ValueError:  # a real-time signal has no name
        return f"killed by signal {-code}"


def sanitized() -> bool:
    """Whether the stages under test were built with sanitizers, which need memory of their own."""
    return "sanitize" in os.environ.get("STAGE_BUILD_DIR", "")
