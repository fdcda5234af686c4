"""A pytest plugin: no test takes longer than WEAVE_LIMIT seconds. Most tests of a half-built server wait in vain."""

from __future__ import annotations

import os
import signal
from collections.abc import Generator
from types import FrameType

import pytest

SECONDS = float(os.environ.get("WEAVE_LIMIT", "20"))


class TooLong(Exception):
    """The test's time is over."""


def over(_number: int, _frame: FrameType | None) -> None:
    raise TooLong(f"more than {SECONDS:g} seconds")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    signal.signal(signal.SIGALRM, over)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        return (yield)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
