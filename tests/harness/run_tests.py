"""`test`: pytest with the right arguments, in parallel when it can."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys

from .stages import ROOT, TESTS


NO_TESTS = 5  # pytest's exit code


def run_pytest(arguments: list[str]) -> int:
    command = [sys.executable, "-m", "pytest", "-q", "-c", str(TESTS / "pytest.ini")]
    command += [f"--rootdir={ROOT}", *arguments]
    environment = dict(os.environ, PYTHONPATH=str(TESTS))
    return subprocess.run(command, env=environment, cwd=ROOT, check=False).returncode


def run_tests(stage: str | None, server: str | None, extra: list[str]) -> int:
    """Runs pytest over scenarios and Python tests; over the harness itself when nothing is chosen.

    What measures time comes last, when nothing else is running.
    """
    parallel: list[str] = []
    if importlib.util.find_spec("xdist"):
        parallel = ["-n", str(2 * (os.cpu_count() or 1)), "--dist", "worksteal"]
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
    together = run_pytest([*parallel, "-m", "not alone", *arguments])
    alone = run_pytest(["-m", "alone", *arguments])
    if together == NO_TESTS:
        return alone
    return together or (0 if alone == NO_TESTS else alone)
