"""The graded hints: how they are read, and that every core scenario that a chapter explains has three."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.hints import HINTS, BadHints, hints_for, read_hints
from harness.scenario import read_scenario, read_text
from harness.stages import SCENARIOS

TEXT = """\
# Hints

Nothing here is a hint.

## 01-ping

1. The first,
   over two lines.

   ```
   with code
   ```
2. The second.
3. The third.

## 02-echo

1. Another.
"""
WITH_HINTS = ("00-resp", "01-event-loop", "02-keyspace", "04-lists", "05-hashes-sets", "06-sorted-sets",
              "07-streams", "08-blocking-pubsub", "09-transactions", "10-rdb", "11-aof", "12-replication")


def test_hints_are_read(tmp_path: Path) -> None:
    path = tmp_path / "00-resp.md"
    path.write_text(TEXT)
    assert read_hints(path) == {
        "01-ping": ["The first,\nover two lines.\n\n```\nwith code\n```", "The second.", "The third."],
        "02-echo": ["Another."],
    }
    header = "# What.\n# level: core\n# book: b\n\n> PING\nPONG\n"
    assert hints_for(read_text(header, "00-resp/02-echo.redis"), tmp_path) == ["Another."]
    assert hints_for(read_text(header, "00-resp/03-more.redis"), tmp_path) == []
    assert hints_for(read_text(header, "01-other/01-ping.redis"), tmp_path) == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("2. The", "3. The", "00-resp.md:13: hint 2 is due, not 3"),
        ("## 02-echo", "## 01-ping", "00-resp.md:16: 01-ping has hints already"),
    ],
)
def test_what_is_wrong_is_found(tmp_path: Path, old: str, new: str, message: str) -> None:
    path = tmp_path / "00-resp.md"
    path.write_text(TEXT.replace(old, new, 1))
    with pytest.raises(BadHints, match=message):
        read_hints(path)


@pytest.mark.parametrize("stage", WITH_HINTS)
def test_every_core_scenario_has_three(stage: str) -> None:
    hints = read_hints(HINTS / f"{stage}.md")
    scenarios = [read_scenario(path) for path in sorted((SCENARIOS / stage).glob("*.redis"))]
    core = [s.path.stem for s in scenarios if s.level == "core"]
    assert {name: len(hints.get(name, [])) for name in core} == dict.fromkeys(core, 3)
    assert all(text.strip() for own in hints.values() for text in own)


@pytest.mark.parametrize("path", sorted(HINTS.glob("*.md")), ids=lambda path: path.stem)
def test_no_hint_is_without_a_scenario(path: Path) -> None:
    stems = {scenario.stem for scenario in (SCENARIOS / path.stem).glob("*.redis")}
    assert not set(read_hints(path)) - stems
