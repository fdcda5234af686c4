"""The fuzzer finds what is broken, and nothing in what is whole."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
BROKEN = Path(__file__).with_name("broken_server.py")


def fuzz(*args: str) -> subprocess.CompletedProcess[str]:
    """Runs the fuzzer as its command line is run."""
    env = {**os.environ, "PYTHONPATH": str(TESTS)}
    return subprocess.run(
        [sys.executable, "-m", "fuzz", "--seed", "1", *args],
        capture_output=True, text=True, env=env, timeout=120, check=False)


def broken(way: str) -> str:
    """The command line of a server that is broken in this way."""
    return f"{sys.executable} {BROKEN} {way} {{port}}"


@pytest.mark.needs("redis-server")
@pytest.mark.parametrize("stage", ["0", "3"])
def test_the_real_server_agrees_with_itself(stage: str) -> None:
    run = fuzz("--stage", stage, "--server", "redis-server",
               "--seconds", "2")
    assert run.returncode == 0, run.stdout + run.stderr
    assert " 0 differences" in run.stderr


@pytest.mark.alone
@pytest.mark.needs("redis-server")
@pytest.mark.parametrize(("way", "commands", "word"), [
    ("append", 1, "APPEND"),
    ("setrange", 2, "SETRANGE"),
    ("keepttl", 3, "KEEPTTL"),
])
def test_a_broken_server_is_found_and_shrunk(way: str, commands: int,
                                             word: str) -> None:
    # From 14 on, since 13 has a key that lives for 5 ms: who looks late differs.
    run = fuzz("--seed", "14", "--stage", "3", "--server", broken(way), "--seconds", "60",
               "--raw", "0", "--families", "strings,keyspace,expiry")
    assert run.returncode == 1, run.stdout + run.stderr
    lines = [line for line in run.stdout.splitlines() if line[:2] == "> "]
    assert len(lines) <= commands + 2, run.stdout
    assert any(word in line for line in lines), run.stdout
    assert "# received in place of the last reply:" in run.stdout
    assert "seed" in run.stdout


@pytest.mark.needs("redis-server")
def test_a_server_that_does_not_start_is_said() -> None:
    run = fuzz("--stage", "0", "--server", "false", "--seconds", "1")
    assert run.returncode == 2
    assert "did not start" in run.stderr
