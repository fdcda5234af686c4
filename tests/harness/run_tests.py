"""`test`: pytest with the right arguments, in parallel when it can."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from .server import server_command
from .stages import ROOT, TESTS


# pytest's exit codes
FAILED = 1
NO_TESTS = 5

AGAIN_AT_MOST = 5  # more failures than these are no accident


def run_pytest(arguments: list[str]) -> int:
    command = [sys.executable, "-m", "pytest", "-q", "-rs", "-c", str(TESTS / "pytest.ini")]
    command += [f"--rootdir={ROOT}", *arguments]
    environment = dict(os.environ, PYTHONPATH=str(TESTS))
    return subprocess.run(command, env=environment, cwd=ROOT, check=False).returncode


def run_twice(options: list[str], arguments: list[str]) -> int:
    """Runs the tests; the few that failed run once more, alone, and what comes then is the result.

    Many wait for a time to pass, and a machine with other work may let it pass too late.
    """
    with tempfile.TemporaryDirectory() as folder:
        failures = Path(folder) / "failures"
        status = run_pytest([*options, f"--failures={failures}", *arguments])
        if status != FAILED or not failures.exists():
            return status
        names = failures.read_text().splitlines()
        if not 0 < len(names) <= AGAIN_AT_MOST:
            return status
        print(f"\nOnce more, alone, since a busy machine can be the reason: {', '.join(names)}", flush=True)
        return run_pytest([f"--again={failures}", *arguments])


def run_tests(stage: str | None, server: str | None, extra: list[str]) -> int:
    """Runs pytest over scenarios and Python tests; over the harness itself when nothing is chosen.

    What measures time comes last, when nothing else is running.
    """
    if server:
        server_command(server)  # says what is wrong with it
    parallel: list[str] = []
    if importlib.util.find_spec("xdist"):
        parallel = ["-n", str(3 * (os.cpu_count() or 1)), "--dist", "worksteal"]
    arguments = [word for word in extra if word != "--"]
    if stage:
        arguments.append(f"--stage={stage}")
    if server:
        arguments.append(f"--server={server}")
    if not any(word.startswith(str(TESTS)) or "tests/" in word for word in extra):
        chosen = ["scenarios", "python"] if stage or server else ["selftest", "scenarios", "python"]
        arguments += [str(TESTS / name) for name in chosen]
    if "-m" in arguments:
        return run_pytest(parallel + arguments)
    with tempfile.TemporaryDirectory() as folder:
        alone = Path(folder) / "alone"
        together = run_twice([*parallel, f"--without-alone={alone}"], arguments)
        if not alone.exists() or not alone.read_text():
            return together
        last = run_twice([f"--again={alone}"], arguments)
    return last if together == NO_TESTS else together or last
