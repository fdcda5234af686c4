"""Gives every test here a made-up course."""

from __future__ import annotations

from pathlib import Path

import pytest
from course import Course


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return Course(tmp_path)
