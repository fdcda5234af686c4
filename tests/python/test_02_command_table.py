"""Each row of the command table says what the real server says of that command."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

import pytest

from harness.resp import Reply
from harness.server import REAL, Server, real_command
from harness.wire import Wire

pytestmark = [pytest.mark.since(2), pytest.mark.more]


Plain: TypeAlias = "str | list[Plain]"

# What COMMAND DOCS of the real server has besides, and in other words.
NOT_DOCUMENTED = {"complexity", "history"}
OTHER_WORDS = {"summary"}


@dataclass(frozen=True)
class Row:
    """What COMMAND INFO tells of a command, without its subcommands: they are rows of their own."""

    arity: int
    flags: list[str]
    keys: list[int]
    categories: list[str]
    tips: list[str]
    key_specs: list[Plain]


def plain(reply: Reply) -> Plain:
    """The reply as lists and texts; sets are sorted, because they have no order."""
    if reply.kind == "set":
        return sorted((plain(item) for item in reply.items), key=repr)
    if reply.items:
        return [plain(item) for item in reply.items]
    return reply.text.decode()


def words(reply: Reply) -> list[str]:
    return sorted(item.text.decode() for item in reply.items)


def rows(replies: Iterable[Reply]) -> Iterator[tuple[str, Row]]:
    """The commands and, behind each, its subcommands."""
    for reply in replies:
        items = reply.items
        numbers = [int(items[i].text) for i in (1, 3, 4, 5)]
        yield (
            items[0].text.decode(),
            Row(
                numbers[0],
                words(items[2]),
                numbers[1:],
                words(items[6]),
                words(items[7]),
                [plain(spec) for spec in items[8].items],
            ),
        )
        yield from rows(items[9].items)


@pytest.fixture(scope="module")
def real_rows() -> dict[str, Row]:
    if not shutil.which(REAL):
        pytest.skip(f"{REAL} is not installed: there is nothing to compare the table with")
    with Server(real_command()) as server, Wire(server) as wire:
        wire.ask("HELLO", "3")
        return dict(rows(wire.ask("COMMAND").items))


def test_rows(server: Server, real_rows: dict[str, Row]) -> None:
    """Each row is the real server's, in every part. RESP3 tells sets and maps from arrays."""
    with Wire(server) as wire:
        wire.ask("HELLO", "3")
        ours = dict(rows(wire.ask("COMMAND").items))
    assert len(ours) > 70
    wrong = [
        f"{name}: {row} instead of {real_rows.get(name)}" for name, row in ours.items() if row != real_rows.get(name)
    ]
    assert not wrong, "\n".join(wrong)


def test_lists_agree(server: Server) -> None:
    """COMMAND, COUNT, LIST, INFO and DOCS speak of the same commands."""
    with Wire(server) as wire:
        ours = dict(rows(wire.ask("COMMAND").items))
        listed = words(wire.ask("COMMAND", "LIST"))
        documented = wire.ask("COMMAND", "DOCS").items[::2]
        top = sorted(name for name in ours if "|" not in name)
        assert listed == sorted(ours)
        assert wire.integer("COMMAND", "COUNT") == len(top)
        assert sorted(item.text.decode() for item in documented) == top
        assert dict(rows(wire.ask("COMMAND", "INFO", *listed).items)) == ours


def wrong_count(name: str, row: Row) -> list[str] | None:
    """The command in capitals with one argument too many, or too few; None when any number will do."""
    names = name.upper().split("|")
    count = row.arity + 1 if row.arity > 0 else -row.arity - 1
    return [*names, *[""] * (count - len(names))] if count >= len(names) else None


def test_number_of_arguments(server: Server) -> None:
    with Wire(server) as wire:
        for name, row in rows(wire.ask("COMMAND").items):
            if args := wrong_count(name, row):
                expected = f"wrong number of arguments for '{name}' command"
                assert wire.ask(*args).text.decode().endswith(expected)


def docs(reply: Reply) -> Iterator[tuple[str, dict[str, Reply]]]:
    """The fields of each command's documentation and, behind it, of its subcommands'."""
    for name, doc in zip(reply.items[::2], reply.items[1::2], strict=True):
        names = [item.text.decode() for item in doc.items[::2]]
        fields = dict(zip(names, doc.items[1::2], strict=True))
        yield name.text.decode(), fields
        if "subcommands" in fields:
            yield from docs(fields["subcommands"])


@pytest.mark.parametrize("protocol", ["2", "3"])
def test_docs(server: Server, protocol: str) -> None:
    """COMMAND DOCS has the real server's fields, in its order, except for those named above."""
    if not shutil.which(REAL):
        pytest.skip(f"{REAL} is not installed: there is nothing to compare the documentation with")
    with Server(real_command()) as real, Wire(real) as wire:
        wire.ask("HELLO", protocol)
        expected = dict(docs(wire.ask("COMMAND", "DOCS")))
    with Wire(server) as wire:
        wire.ask("HELLO", protocol)
        for name, fields in docs(wire.ask("COMMAND", "DOCS")):
            known = expected[name]
            assert [field for field in known if field in fields or field not in NOT_DOCUMENTED] == list(fields), name
            for field in fields.keys() - OTHER_WORDS - {"subcommands"}:
                assert fields[field] == known[field], f"{name}: {field}"
