"""Runs many scenarios at once."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from .scenario import BadScenario, Scenario, read_scenario
from .stages import SCENARIOS, all_stages

T = TypeVar("T")
R = TypeVar("R")


def workers() -> int:
    """A run waits more than it computes, so there are more of them than cores."""
    return int(os.environ.get("HARNESS_WORKERS", "0")) or 3 * (os.cpu_count() or 1)


def scenario_files(upto: int | None = None, only: Iterable[str] = ()) -> list[Path]:
    """The files of the stages up to one, or those that are named (a part of the path will do)."""
    files = sorted(SCENARIOS.glob("[0-9][0-9]-*/*.redis"))
    files = [f for f in files if upto is None or int(f.parent.name[:2]) <= upto]
    wanted = [w.removeprefix("tests/scenarios/") for w in only]
    if not wanted:
        return files
    chosen = [f for f in files if any(w in str(f) for w in wanted)]
    return chosen or [Path(w) for w in only if Path(w).exists()]


def load(upto: int | None = None, only: Iterable[str] = ()) -> list[Scenario]:
    """The scenarios in these files. A file that cannot be read ends the run."""
    only = list(only)
    try:
        scenarios = [read_scenario(path) for path in scenario_files(upto, only)]
    except BadScenario as error:
        raise SystemExit(f"a scenario cannot be read: {error}") from error
    if not scenarios:
        named = " ".join(only)
        raise SystemExit(f"ONLY={named}: no scenario has this in its path" if named else "no scenario was found")
    return scenarios


def in_parallel(
    work: Callable[[T], R], items: Iterable[T], at_once: int | None = None
) -> Iterator[R]:
    """work(item) for each item, several at a time; results in the order of the items."""
    with ThreadPoolExecutor(max_workers=at_once or workers()) as pool:
        futures = [pool.submit(work, item) for item in items]
        try:
            for future in futures:
                yield future.result()
        finally:
            for future in futures:
                future.cancel()


def last_stage() -> int:
    return all_stages()[-1].number
