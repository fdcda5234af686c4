"""The tree of a stage's files: rooms, and in each what is new, changed or untouched."""

from __future__ import annotations

from dataclasses import dataclass

from pages.differences import FileDifference

SIGNS = {"new": "+", "changed": "~", "gone": "−", "same": " "}


@dataclass(frozen=True)
class Room:
    """A folder of the stage; "" is the top."""

    name: str
    touched: list[FileDifference]
    untouched: list[FileDifference]


def rooms(files: list[FileDifference]) -> list[Room]:
    """The stage's rooms in the order of their names, its top first."""
    by_room: dict[str, list[FileDifference]] = {}
    for file in files:
        by_room.setdefault(file.path.rpartition("/")[0], []).append(file)
    return [
        Room(
            name,
            [file for file in by_room[name] if file.kind != "same"],
            [file for file in by_room[name] if file.kind == "same"],
        )
        for name in sorted(by_room)
    ]
