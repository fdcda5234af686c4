"""Loads a server in bulk, and looks at it meanwhile."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from types import TracebackType

from .server import Server
from .wire import Wire, command

Arg = bytes | str | int | float


@dataclass(frozen=True)
class Load:
    """Commands as bytes, batch by batch, each with how many there are in it: what is sent often is written once."""

    batches: tuple[tuple[bytes, int], ...]

    def send(self, wire: Wire) -> list[bytes]:
        """Sends all, and waits for the replies, a line each; returns the texts of the errors."""
        return [error for batch, count in self.batches for error in send(wire, batch, count)]


def send(wire: Wire, batch: bytes, count: int) -> list[bytes]:
    wire.send(batch)
    lines = wire.lines(count).split(b"\r\n")
    return [line[1:] for line in lines if line.startswith(b"-")]


def written(commands: Iterable[tuple[Arg, ...]], batch: int = 1000) -> Iterator[tuple[bytes, int]]:
    """The bytes of many commands, batch by batch."""
    ready: list[bytes] = []
    for one in commands:
        ready.append(command(*one))
        if len(ready) == batch:
            yield b"".join(ready), batch
            ready.clear()
    if ready:
        yield b"".join(ready), len(ready)


def pipeline(wire: Wire, commands: Iterable[tuple[Arg, ...]], batch: int = 1000) -> list[bytes]:
    """Sends many commands whose replies are a line each; returns the texts of the errors."""
    return [error for data, count in written(commands, batch) for error in send(wire, data, count)]


def mset(wire: Wire, names: list[str], value: str, batch: int = 500) -> None:
    """Sets many keys to one value, fast."""
    many = (names[at : at + batch] for at in range(0, len(names), batch))
    errors = pipeline(wire, (("MSET", *(x for n in names for x in (n, value))) for names in many), 10)
    assert not errors, errors[0]


def info(wire: Wire, section: str = "all") -> dict[str, str]:
    """The fields of INFO."""
    lines = wire.text("INFO", section).splitlines()
    return dict(line.split(":", 1) for line in lines if ":" in line)


def used_memory(wire: Wire) -> int:
    """The bytes that a server uses, to 2 KB, for servers without INFO: the least maxmemory that lets it write."""
    items = wire.ask("CONFIG", "GET", "maxmemory*").items
    before = dict(zip((x.text for x in items[::2]), (x.text for x in items[1::2]), strict=True))
    assert wire.text("CONFIG", "SET", "maxmemory-policy", "noeviction") == "OK"
    refused, enough = 0, 1 << 36
    while enough - refused > 2048:
        limit = (refused + enough) // 2
        assert wire.text("CONFIG", "SET", "maxmemory", limit) == "OK"
        # What is wrong with the command is found after memory was looked at, so it never changes anything.
        if wire.ask("INCRBY", "", "nothing").text.startswith(b"OOM"):
            refused = limit
        else:
            enough = limit
    limit_before, policy = before[b"maxmemory"], before[b"maxmemory-policy"]
    assert wire.text("CONFIG", "SET", "maxmemory", limit_before, "maxmemory-policy", policy) == "OK"
    return enough


class Probe:
    """Sends PING over and over from another thread, and keeps the longest wait."""

    def __init__(self, server: Server) -> None:
        self.wire = Wire(server)
        self.longest = 0.0
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)

    def __enter__(self) -> Probe:
        self.thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop.set()
        self.thread.join()
        self.wire.close()

    def run(self) -> None:
        while not self.stop.is_set():
            began = time.monotonic()
            self.wire.text("PING")
            self.longest = max(self.longest, time.monotonic() - began)
            time.sleep(0.0005)
