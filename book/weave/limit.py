"""A pytest plugin: no test takes longer than WEAVE_LIMIT seconds. Most tests of a half-built server wait in vain.

Where more is allowed than a test needs that waits in vain, a busy machine gets more: such tests are to pass.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Generator
from types import FrameType

import pytest

SECONDS = float(os.environ.get("WEAVE_LIMIT", "20"))
PATIENT = 10  # seconds; above, the machine's load counts
if SECONDS > PATIENT:
    SECONDS *= max(1, os.getloadavg()[0] / (os.cpu_count() or 1) / 2)


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
