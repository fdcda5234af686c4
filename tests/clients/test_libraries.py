"""Client libraries, with their defaults and with the other protocol: a program that uses each of them prints the same
against the server under test as against the real one.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from clients.install import GO_PROGRAM, PACKAGES, SOURCES, node
from harness.server import Server, ServerCommand, server_command

# The parts of each program, and the first stage that has what it uses.
PARTS = {
    "strings": 2, "bigValues": 4, "expiry": 3, "lists": 4, "hashesAndSets": 5, "sortedSets": 6, "streams": 7,
    "blocking": 8, "pubSub": 8, "transactions": 9, "pipelines": 5, "scans": 6, "errors": 5, "connections": 3,
    "dumps": 10, "replication": 12,
}  # fmt: skip
PROGRAMS = [
    "redis_py",
    "node_redis",
    "ioredis",
    pytest.param("go_redis", marks=pytest.mark.needs("go")),
]

pytestmark = [pytest.mark.more, pytest.mark.needs("redis-server"), pytest.mark.since(2)]
each_library = pytest.mark.parametrize("library", PROGRAMS)
each_protocol = pytest.mark.parametrize("protocol", ["2", "3"])


def words(library: str) -> list[str | Path]:
    """How the program of a library is started."""
    if library == "redis_py":
        return [sys.executable, SOURCES / "python" / "redis_py.py"]
    if library == "go_redis":
        assert GO_PROGRAM.exists(), "make clients compiles it"
        return [GO_PROGRAM]
    assert (PACKAGES / "node_modules").exists(), "make clients installs it"
    return [node(), SOURCES / "javascript" / f"{library}.js"]


@contextlib.contextmanager
def program(library: str, server: Server, protocol: str, parts: list[str]) -> Iterator[subprocess.Popen[str]]:
    """The program of a library, running; it is ended if the test ends before."""
    process = subprocess.Popen(
        [*words(library), str(server.port), protocol, *parts],
        env={**os.environ, "NODE_PATH": str(PACKAGES / "node_modules"), "PYTHONIOENCODING": "utf-8"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="backslashreplace",
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        assert process.stdout
        process.stdout.close()


def finish(process: subprocess.Popen[str]) -> list[str]:
    """The lines that the program has still to print. It must come to its end."""
    try:
        said, _ = process.communicate(timeout=120)
    except subprocess.TimeoutExpired:
        process.kill()
        raise AssertionError(f"it hangs after {process.communicate()[0][-2000:]}") from None
    lines = said.splitlines()
    assert process.returncode == 0 and lines[-1] == "== done", said[-4000:]
    assert not [line for line in lines if line.startswith("threw")], said
    return lines


@each_protocol
@each_library
def test_the_same_is_printed(command: ServerCommand, library: str, protocol: str) -> None:
    stage = command.stage.number if command.stage else max(PARTS.values())
    parts = [part for part, first in PARTS.items() if first <= stage]
    printed = []
    for one in (server_command("redis-server"), command):
        with Server(one) as server, program(library, server, protocol, parts) as process:
            server.drop_probe()
            printed.append(finish(process))
    assert len(printed[0]) > 5 * len(parts)
    assert printed[1] == printed[0]


@pytest.mark.since(11)
@each_library
def test_a_client_survives_a_restart(command: ServerCommand, library: str) -> None:
    """The server is killed and started again, and finds in its log what the client wrote before."""
    flags = ["--appendonly", "yes", "--appendfsync", "always"]
    with Server(command, flags) as server, program(library, server, "3", ["restart"]) as process:
        assert process.stdout and [process.stdout.readline() for _ in range(2)] == ["== restart\n", "up\n"]
        server.kill()
        server.start()
        server.drop_probe()
        lines = finish(process)
    assert "yes" in lines[-2], lines
