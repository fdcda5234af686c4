"""redis-benchmark with its defaults: each of its tests runs, and no command gets an error, which would end it."""

from __future__ import annotations

import csv
import subprocess

import pytest

from harness.server import Server, ServerCommand, server_command

pytestmark = [pytest.mark.more, pytest.mark.needs("redis-server", "redis-benchmark"), pytest.mark.since(6)]

OPTIONS = {
    "defaults": [],
    "pipelines": ["-P", "16"],
    "RESP3": ["-3"],
    "random keys": ["-r", "1000"],
    "one connection": ["-c", "1"],
    "threads": ["--threads", "2"],
}


def measured(command: ServerCommand, words: list[str]) -> list[str]:
    """The names of the tests that redis-benchmark comes to the end of."""
    with Server(command) as server:
        server.drop_probe()
        done = subprocess.run(
            ["redis-benchmark", "-p", str(server.port), "-n", "1000", "--csv", *words],
            capture_output=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )
    assert done.returncode == 0 and not done.stderr, done.stderr + done.stdout
    rows = list(csv.reader(done.stdout.splitlines()))
    assert all(float(row[1]) > 0 for row in rows[1:])
    return [row[0] for row in rows]


@pytest.mark.parametrize("words", OPTIONS.values(), ids=OPTIONS)
def test_all_that_it_measures(command: ServerCommand, words: list[str]) -> None:
    names = measured(command, words)
    assert len(names) == 21 and names == measured(server_command("redis-server"), words)
