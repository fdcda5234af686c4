"""`make run` keeps the data of a server under build/, and the next one finds it: after a stop, and after a kill."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.server import free_port
from harness.stages import ROOT, all_stages, build_dir

STAGES = [stage for stage in all_stages() if stage.number >= 10]
LEAVE_OUT = shutil.ignore_patterns("__pycache__", "data")
SECONDS = 30


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """The course with what is built of its last stage: make has nothing to compile."""
    stage = STAGES[-1].name
    for name in ("common", "stages"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=LEAVE_OUT)
    shutil.copytree(build_dir() / stage, tmp_path / "build" / stage, ignore=LEAVE_OUT)
    shutil.copy(ROOT / "Makefile", tmp_path)
    return tmp_path


def ask(port: int, *words: str) -> bytes:
    """The first line of a reply, from a server that may be starting."""
    deadline = time.monotonic() + SECONDS
    while True:
        with contextlib.suppress(ConnectionError), socket.create_connection(("127.0.0.1", port), timeout=3) as sock:
            sock.sendall(b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%s\r\n" % (len(w), w.encode()) for w in words))
            line = sock.recv(1 << 16).split(b"\r\n")
            return line[1] if line[0].startswith(b"$") and len(line) > 1 and line[1] else line[0]
        assert time.monotonic() < deadline
        time.sleep(0.05)


@contextlib.contextmanager
def running(course: Path, port: int, end: signal.Signals) -> Iterator[None]:
    """`make run`, which a signal ends, with all it has started."""
    process = subprocess.Popen(
        ["make", "run", f"STAGE={STAGES[-1].name}", f"PORT={port}"],
        cwd=course, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        env={name: os.environ[name] for name in ("PATH", "HOME", "LANG", "LC_ALL") if name in os.environ},
    )  # fmt: skip
    try:
        yield
        os.killpg(process.pid, end)
        process.wait(SECONDS)
        deadline = time.monotonic() + SECONDS
        while is_open(port):
            assert time.monotonic() < deadline
            time.sleep(0.02)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def is_open(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=3):
        return True
    return False


@pytest.mark.skipif(not STAGES, reason="no stage saves yet")
def test_make_run(course: Path) -> None:
    port = free_port()
    file = course / "build" / STAGES[-1].name / "data" / "dump.rdb"
    with running(course, port, signal.SIGTERM):
        assert ask(port, "SET", "city", "Paris") == b"+OK"
    assert file.exists()
    with running(course, port, signal.SIGKILL):
        assert ask(port, "GET", "city") == b"Paris"
        assert ask(port, "CONFIG", "SET", "save", "1 1") == b"+OK"
        assert ask(port, "SET", "river", "Seine") == b"+OK"
        saved, deadline = file.stat().st_ino, time.monotonic() + SECONDS
        while file.stat().st_ino == saved:  # the save point: another file has the name
            assert time.monotonic() < deadline
            time.sleep(0.05)
        assert ask(port, "SET", "late", "lost") == b"+OK"
    with running(course, port, signal.SIGTERM):
        assert ask(port, "GET", "city") == b"Paris"
        assert ask(port, "GET", "river") == b"Seine"
        assert ask(port, "EXISTS", "late") == b":0"
