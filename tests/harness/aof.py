"""The files of an append-only log, made byte by byte, and what their bytes mean."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from .load import Arg
from .resp import decode
from .wire import command

DIRECTORY = "appendonlydir"
NAME = "appendonly.aof"
MANIFEST = f"{NAME}.manifest"
ALWAYS = ["--appendonly", "yes", "--appendfsync", "always"]
EVERYSEC = ["--appendonly", "yes", "--appendfsync", "everysec"]


def written(commands: Sequence[Sequence[Arg]]) -> bytes:
    """Commands as they stand in a log."""
    return b"".join(command(*one) for one in commands)


def write_log(directory: Path, *files: bytes, base: bytes = b"") -> list[Path]:
    """Writes a log into the directory of a server: increments and, if there are bytes for it, a base."""
    folder = directory / DIRECTORY
    folder.mkdir(exist_ok=True)
    names = [(f"{NAME}.1.base.rdb", "b", 1, base)] if base else []
    names += [(f"{NAME}.{seq}.incr.aof", "i", seq, data) for seq, data in enumerate(files, 1)]
    for name, _, _, data in names:
        (folder / name).write_bytes(data)
    lines = [f"file {name} seq {seq} type {kind}\n" for name, kind, seq, _ in names]
    (folder / MANIFEST).write_text("".join(lines))
    return [folder / name for name, *_ in names]


def files(directory: Path) -> list[tuple[Path, str]]:
    """The files that a manifest names, each with its type."""
    folder = directory / DIRECTORY
    lines = [line.split() for line in (folder / MANIFEST).read_text().splitlines()]
    return [(folder / words[1], words[5]) for words in lines]


def last_file(directory: Path) -> Path:
    """The increment that is appended to."""
    return files(directory)[-1][0]


def commands_in(data: bytes) -> Iterator[tuple[int, list[bytes]]]:
    """The commands of an increment, each with where it ends; lines of comment are left out."""
    at = 0
    while at < len(data):
        if data[at : at + 1] == b"#":
            at = data.index(b"\n", at) + 1
            continue
        reply, length = decode(data[at:])
        at += length
        yield at, [item.text for item in reply.items]
