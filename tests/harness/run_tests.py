"""`test`: pytest with the right arguments, in parallel when it can; then one sentence that says what came of it."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from .process import how_it_ended
from .server import server_command
from .stages import ROOT, TESTS

# pytest's exit codes
FAILED = 1
NO_TESTS = 5

AGAIN_AT_MOST = 5  # more failures than these are no accident
NAMED_AT_MOST = 3


@dataclass
class Tally:
    """What became of the tests of a run. conftest.py writes it as JSON, and what was left out into another file."""

    status: int = 0
    passed: int = 0
    failed: list[str] = field(default_factory=list)
    skipped: dict[str, int] = field(default_factory=dict)  # reason: how many
    left_out: dict[str, int] = field(default_factory=dict)  # scenarios, Python tests: how many are of level more

    def then(self, later: Tally, again: bool) -> Tally:
        """Both runs as one; when the later one was a second try, what failed in the first is forgotten."""
        skipped = dict(self.skipped)
        for reason, count in later.skipped.items():
            skipped[reason] = skipped.get(reason, 0) + count
        failed = later.failed if again else [*self.failed, *later.failed]
        status = later.status if again or self.status in (0, NO_TESTS) else self.status
        return Tally(status, self.passed + later.passed, failed, skipped, self.left_out)

    def sentence(self) -> str:
        """What passed, and what was left out."""
        ran = self.passed + len(self.failed)
        if self.status not in (0, FAILED, NO_TESTS):
            text = f"The run did not come to its end ({how_it_ended(self.status)}); {self.passed:,} tests passed before"
        elif self.failed:
            names = ", ".join(self.failed[:NAMED_AT_MOST]) + (", …" if len(self.failed) > NAMED_AT_MOST else "")
            text = f"{len(self.failed):,} of {ran:,} tests failed: {names}"
        else:
            text = {0: "There was no test to run", 1: "1 test passed"}.get(ran, f"All {ran:,} tests passed")
        text += "".join(f"; {count} skipped: {reason}" for reason, count in self.skipped.items())
        if left := [f"{count} {what if count != 1 else what[:-1]}" for what, count in self.left_out.items() if count]:
            text += f"; {' and '.join(left)} of level more left out, since CORE=1 is about the lesson alone"
        return text + "."


def read(path: Path) -> dict[str, object]:
    """What conftest.py wrote; nothing if pytest ended before."""
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    return dict(json.loads(text)) if text else {}


def run_pytest(arguments: list[str]) -> Tally:
    """Runs pytest once. Says so when a signal killed it: nothing else would."""
    command = [sys.executable, "-m", "pytest", "-q", "-rs", "-c", str(TESTS / "pytest.ini")]
    with tempfile.TemporaryDirectory() as folder:
        notes = [Path(folder) / "tally", Path(folder) / "left-out"]
        command += [f"--rootdir={ROOT}", f"--tally={notes[0]}", f"--left-out={notes[1]}", *arguments]
        environment = dict(os.environ, PYTHONPATH=str(TESTS))
        status = subprocess.run(command, env=environment, cwd=ROOT, check=False).returncode
        values = {**read(notes[0]), "left_out": read(notes[1])}
    if status < 0:
        print(f"\npytest was {how_it_ended(status)}: what it ran last is not known to have passed.", flush=True)
    return Tally(status, **values)  # type: ignore[arg-type]


def run_twice(options: list[str], arguments: list[str]) -> Tally:
    """Runs the tests; the few that failed run once more, alone, and what comes then is the result.

    Many wait for a time to pass, and a machine with other work may let it pass too late.
    """
    first = run_pytest([*options, *arguments])
    if first.status != FAILED or not 0 < len(first.failed) <= AGAIN_AT_MOST:
        return first
    print(f"\nOnce more, alone, since a busy machine can be the reason: {', '.join(first.failed)}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        names = Path(folder) / "failures"
        names.write_text("\n".join(first.failed), encoding="utf-8")
        return first.then(run_pytest([f"--again={names}", *arguments]), again=True)


def run_all(options: list[str], arguments: list[str]) -> Tally:
    """Runs what measures time last, when nothing else is running."""
    if "-m" in arguments:
        return run_pytest(options + arguments)
    with tempfile.TemporaryDirectory() as folder:
        alone = Path(folder) / "alone"
        together = run_twice([*options, f"--without-alone={alone}"], arguments)
        if together.status < 0 or not alone.exists() or not alone.read_text():
            return together
        return together.then(run_twice([f"--again={alone}"], arguments), again=False)


def run_tests(stage: str | None, server: str | None, extra: list[str]) -> int:
    """Runs pytest over scenarios and Python tests, or over what is named.

    With CORE=1 those of level core run, on the CORE builds.
    """
    if server:
        server_command(server)  # says what is wrong with it
    arguments = [word for word in extra if word != "--"]
    parallel: list[str] = []
    if importlib.util.find_spec("xdist") and "no:xdist" not in arguments:
        parallel = ["-n", str(3 * (os.cpu_count() or 1)), "--dist", "worksteal"]
    if stage:
        arguments.append(f"--stage={stage}")
    if server:
        arguments.append(f"--server={server}")
    if not any(word.startswith(str(TESTS)) or "tests/" in word for word in extra):
        arguments += [str(TESTS / name) for name in ("scenarios", "python")]
    tally = run_all(parallel, arguments)
    print(f"\n{tally.sentence()}", flush=True)
    return tally.status if tally.status >= 0 else 128 - tally.status
