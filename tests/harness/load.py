"""Loads a server in bulk, and looks at it meanwhile."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from types import TracebackType

from .server import Server
from .wire import Wire, command

Arg = bytes | str | int | float


def pipeline(wire: Wire, commands: Iterable[tuple[Arg, ...]], batch: int = 1000) -> list[bytes]:
    """Sends many commands whose replies are a line each; returns the texts of the errors."""
    errors: list[bytes] = []
    pending: list[bytes] = []

    def send() -> None:
        wire.send(b"".join(pending))
        lines = wire.lines(len(pending)).split(b"\r\n")
        errors.extend(line[1:] for line in lines if line.startswith(b"-"))
        pending.clear()

    for one in commands:
        pending.append(command(*one))
        if len(pending) == batch:
            send()
    if pending:
        send()
    return errors


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
