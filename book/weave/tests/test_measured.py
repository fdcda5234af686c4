"""The page of what was measured: its tables are filled from data, and a row that misses is explained."""

from __future__ import annotations

import json

import pytest

from course import Course
from weave import measured, page

ROW = {"name": "SET", "unit": "us/cmd", "target": 0.4, "value": {"redis-server": 1.0, "stage 11": 0.5, "valkey 9.1": 0.4},
       "ratio": {"stage 11": 0.5, "valkey 9.1": 0.4}, "passed": {"stage 11": False, "valkey 9.1": True}}
SETTINGS = {"command": "make bench", "rounds": 3, "quick": False, "date": "2000-01-01"}
HEAD = {"machine": {"cores": 2}, "versions": {"redis-server": "v=7"}}
PRICE = {"name": "SET -P 64", "unit": "us/cmd", "value": {"redis-server": 1.0}, "ratio": {"02-two": 0.5, "01-one": 0.25}}
KEYS = {"name": "memory", "unit": "bytes", "by": "keys", "at": [1000, 10000], "value": {"stage 11": [60.0, 1234.5]}}
BUILD = {"name": "build", "unit": "s", "target": 10, "value": 8.25, "passed": True}


def lay(course: Course, **changed: object) -> None:
    for name, row in (("rows", ROW), ("stages", PRICE), ("growth", KEYS), ("builds", BUILD)):
        data = {**HEAD, "settings": {**SETTINGS, **changed}, "rows": [row]}
        course.write(f"book/data/bench-{name}.json", json.dumps(data))
    course.write(measured.PAGE, "# Measured\n\n```text bench=rows\n```\n")


@pytest.mark.parametrize("what, lines", [
    ("rows", ["ratio to redis-server",
              "stage 11 target valkey 9.1 unit redis-server stage 11 valkey 9.1",
              "SET 0.50 0.40 MISS 0.40 us/cmd 1.00 0.50 0.40"]),
    ("misses", ["SET 0.50 of redis-server, at most 0.40"]),
    ("behind", ["SET 0.50 valkey 9.1 0.40"]),
    ("stages", ["SET", "-P 64", "redis-server 1.00", "us/cmd", "01-one 0.25", "02-two 0.50"]),
    ("growth", ["keys 1,000 10,000", "memory, bytes", "stage 11 60.0 1,234"]),
    ("builds", ["seconds at most", "build 8.2 10 pass"]),
    ("machine", ["cores 2", "redis-server v=7", *(f"{name} 2000-01-01 make bench (rounds: 3)" for name in measured.FILES)]),
])
def test_tables(course: Course, what: str, lines: list[str]) -> None:
    lay(course)
    assert [" ".join(line.split()) for line in measured.table(course.root, what)] == lines


def test_the_page_is_filled_and_checked(course: Course) -> None:
    lay(course, quick=True)
    assert page.there(course.root) == [measured.PAGE]
    assert "stale" in next(page.check(course.root, measured.PAGE)).text
    assert page.write(course.root, measured.PAGE).changed == 1
    assert list(page.check(course.root, measured.PAGE)) == []


def test_a_row_that_misses_is_explained(course: Course) -> None:
    lay(course)
    assert "SET misses its target" in next(measured.unexplained(course.root)).text
    course.write(measured.PAGE, "`SET` was measured with another design.\n")
    assert list(measured.unexplained(course.root)) == []


def test_what_is_missing_is_said(course: Course) -> None:
    course.write(measured.PAGE, "```text bench=rows\n```\n\n```text bench=nothing\n```\n")
    first, second = page.check(course.root, measured.PAGE)
    assert "bench-rows.json is missing" in first.text
    assert "bench=nothing: there is machine, rows" in second.text
