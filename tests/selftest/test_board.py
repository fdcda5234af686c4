"""The board counts, and names what is next: a core scenario before any other."""

from __future__ import annotations

from harness.board import draw, rows
from harness.player import Failure, Result
from harness.scenario import Scenario, read_text
from harness.server import ServerCommand

COMMAND = ServerCommand("any", ("any",))


def scenario(stage: str, name: str, level: str) -> Scenario:
    text = f"# About {name}. More.\n# level: {level}\n# book: b\n\n> PING\nPONG\n"
    return read_text(text, f"{stage}/{name}.redis")


def test_board() -> None:
    scenarios = [
        scenario("00-resp", "01-a", "core"),
        scenario("00-resp", "02-b", "more"),
        scenario("01-event-loop", "01-c", "more"),
        scenario("01-event-loop", "02-d", "core"),
        scenario("01-event-loop", "03-e", "core"),
        scenario("01-event-loop", "04-f", "core"),
        scenario("02-keyspace", "01-g", "core"),
    ]
    failure = Failure(None, "no")
    wrong = {"01-event-loop/01-c.redis", "01-event-loop/03-e.redis"}
    results = {
        s.name: Result(s, COMMAND, failure if s.name in wrong else None)
        for s in scenarios
        if s.stage < 2 and s.path.stem != "04-f"
    }
    lines = draw(rows(scenarios, results)).splitlines()
    assert lines[1] == "00-resp        ####################     1/1     1/1  done"
    assert lines[2] == (
        "01-event-loop  #####...............     1/3     0/1  03-e.redis: About 03-e (1 not run)"
    )
    assert lines[3] == "02-keyspace    ....................     0/1       -  not run"
