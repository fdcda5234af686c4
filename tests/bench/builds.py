"""How long a learner waits: for a build from nothing, and for the tests."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = "build/bench/from-nothing"


@dataclass(frozen=True)
class Wait:
    """A command of make whose wall-clock time has a limit, in seconds.

    {stage} stands for the stage, {build} for a folder that is empty."""

    name: str
    make: str
    target: float
    long: bool = False  # measured once, and not in a quick run


WAITS = (
    Wait("build of one stage from nothing", "-C stages/{stage} BUILD={build}", 10),
    Wait("build of one stage from nothing, CORE=1", "-C stages/{stage} BUILD={build} CORE=1", 5),
    Wait("tests of one stage", "test STAGE={stage}", 20, True),
    Wait("make test", "test", 240, True),
)


def run_make(words: list[str]) -> None:
    """Runs make as from a shell, not as a part of the make that runs this."""
    clean = {name: value for name, value in os.environ.items()
             if name not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "SERVER", "STAGE_BUILD_DIR")}
    done = subprocess.run(["make", f"-j{os.cpu_count()}", *words], cwd=ROOT, env=clean, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    if done.returncode:
        raise OSError(f"make {' '.join(words)} failed:\n{done.stdout[-2000:]}")


def run(stage: str, rounds: int, quick: bool,
        make: Callable[[list[str]], None] = run_make) -> Iterator[dict[str, object]]:
    """Measures each wait."""
    for wait in WAITS:
        if wait.long and quick:
            continue
        seen = []
        for _ in range(1 if wait.long else rounds):
            shutil.rmtree(ROOT / FOLDER, ignore_errors=True)
            words = wait.make.format(stage=stage, build=f"../../{FOLDER}").split()
            begun = time.monotonic()
            make(words)
            seen.append(time.monotonic() - begun)
        shutil.rmtree(ROOT / FOLDER, ignore_errors=True)
        yield {"name": wait.name, "unit": "s", "target": wait.target, "rounds": seen,
               "value": statistics.median(seen), "passed": statistics.median(seen) <= wait.target}
