"""A pytest plugin: no test takes longer than WEAVE_LIMIT seconds, because most tests of a half-built server wait in vain,
and only those are played that the file WEAVE_ONLY names.

Where more is allowed than a test needs that waits in vain, a busy machine gets more: such tests are to pass.
"""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Generator
from pathlib import Path
from types import FrameType

import pytest

SECONDS = float(os.environ.get("WEAVE_LIMIT", "20"))
PATIENT = 10  # seconds; above, the machine's load counts
if SECONDS > PATIENT:
    SECONDS *= max(1, os.getloadavg()[0] / (os.cpu_count() or 1) / 2)


NODE = re.compile(r"(tests/\S+?)(?:\.redis::\S+|::(\w+)(?:\[(.*?)\])?)$")


def test_name(node: str, stage: str) -> str:
    """What a chapter calls a test: the name of a scenario's file, or of a function with its parameters. "" for no test."""
    match = NODE.fullmatch(node)
    if not match:
        return ""
    name = match[2] or Path(match[1]).name
    rest = (match[3] or "").removeprefix(stage).removeprefix("-").replace(" ", "_")
    return f"{name}[{rest}]" if rest else name


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    file = os.environ.get("WEAVE_ONLY")
    if file:
        stage, *names = Path(file).read_text(encoding="utf-8").splitlines()
        items[:] = [item for item in items if test_name(item.nodeid, stage) in names]


class TooLong(Exception):
    """The test's time is over."""


def over(_number: int, _frame: FrameType | None) -> None:
    raise TooLong(f"more than {SECONDS:g} seconds")


def limited() -> Generator[None, object, object]:
    """Around one phase of a test: what is raised there is a failure of that test. Raised between two phases it would
    end the whole run."""
    signal.signal(signal.SIGALRM, over)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        return (yield)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup() -> Generator[None, object, object]:
    return (yield from limited())


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Generator[None, object, object]:
    return (yield from limited())


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown() -> Generator[None, object, object]:
    return (yield from limited())
