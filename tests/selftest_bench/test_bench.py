"""The benchmark's parts, and one short run of the whole."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bench.client import batches, request, sizes, words
from bench.report import BASE, Result, line
from bench.rows import ROWS, Delay, Fill, Load, Memory

TESTS = Path(__file__).resolve().parents[1]


def test_a_key_has_12_bytes_and_a_value_16() -> None:
    assert [len(w) for w in words(Fill("SET {key} {value}"), 7)] == [
        3, 12, 16]


@pytest.mark.parametrize("fill", [
    Fill("SET {key} {value} EX 100000", 500),
    Fill("ZADD large {n} {value}", 500),
    Fill("SET key:{n:012} {value:4096}", 300),
    Fill("SET {key} {value} PXAT {deadline}", 201),
])
def test_batches_hold_each_command_once(fill: Fill) -> None:
    expected = b"".join(request(words(fill, n))
                        for n in range(fill.count))
    assert b"".join(batches(fill)) == expected
    assert sum(sizes(fill)) == fill.count


def test_the_targets_are_all_there() -> None:
    names = [row.name for row in ROWS]
    assert len(names) == len(set(names))
    assert any(isinstance(row, Delay) and row.target for row in ROWS)
    assert {row.target for row in ROWS if isinstance(row, Load)} >= {
        0.50, 0.60, 0.70, 0.80, 0.95}


def test_ratios_are_taken_round_by_round() -> None:
    result = Result(Load("SET", "", 0.5, 2), {
        BASE: [{"value": 1.0}, {"value": 2.0}, {"value": 4.0}],
        "mine": [{"value": 0.4}, {"value": 1.0}, {"value": 1.8}]})
    assert result.ratios("mine") == pytest.approx([0.4, 0.5, 0.45])
    assert result.passed("mine")
    assert line(result, ["mine"]).endswith("0.50 pass")
    result.rounds["mine"] = [{"value": 4.0}] * 3
    assert line(result, ["mine"]).endswith("0.50 MISS")


@pytest.mark.needs("redis-server")
def test_a_short_run_writes_what_it_measured(tmp_path: Path) -> None:
    out = tmp_path / "bench.json"
    env = {**os.environ, "PYTHONPATH": str(TESTS)}
    run = subprocess.run(
        [sys.executable, "-m", "bench", "--stage", "03", "--server",
         "redis-server", "--quick", "--rows", "PING -P 64,memory per key",
         "--with", "third=redis-server --port {port} --save ''", "--json", str(out)],
        capture_output=True, text=True, env=env, timeout=120, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    rows = {row["name"]: row for row in json.loads(out.read_text())["rows"]}
    assert set(rows["PING -P 64"]["ratio"]) == {"stage 03", "third"}
    memory = rows["memory per key"]
    assert 0.9 < memory["ratio"]["stage 03"] < 1.1
    assert memory["rounds"][BASE][0]["value"] > 60
    assert isinstance(next(r for r in ROWS if r.name == "memory per key"),
                      Memory)
