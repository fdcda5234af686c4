"""That no command which writes was forgotten when its events were recorded."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.quoting import split_args
from harness.resp import Reply
from harness.scenario import read_scenario
from harness.server import Server
from harness.wire import Wire

pytestmark = [pytest.mark.since(8), pytest.mark.more, pytest.mark.not_real]
SCENARIOS = Path(__file__).resolve().parents[1] / "scenarios"


def writing(rows: tuple[Reply, ...]) -> Iterator[str]:
    """The commands and subcommands of a reply to COMMAND that may change a key."""
    for row in rows:
        if any(flag.text == b"write" for flag in row.items[2].items):
            yield row.items[0].text.decode()
        yield from writing(row.items[9].items)


def watched() -> Iterator[str]:
    """What is sent in the scenarios about events while a client is subscribed to all of them."""
    for path in sorted(SCENARIOS.glob("*/*events*.redis")):
        is_subscribed = False
        for step in read_scenario(path).steps:
            if step.kind != "command":
                continue
            words = [word.decode().lower() for word in split_args(step.text)[:2]]
            is_subscribed |= words[0] == "psubscribe" and words[1].startswith("__key")
            if is_subscribed:
                yield words[0]
                yield "|".join(words)


def test_no_command_is_forgotten(server: Server) -> None:
    """Each command that writes runs in a scenario which records its events."""
    if server.command.stage is None:
        pytest.skip("speaks of the stages of this course")
    with Wire(server) as wire:
        names = set(writing(wire.ask("COMMAND").items))
    assert len(names) > 90
    assert not names - set(watched())
