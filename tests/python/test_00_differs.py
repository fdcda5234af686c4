"""Where a stage differs from Redis, as book/differs.md says. The real server is asked as well."""

from __future__ import annotations

import contextlib

import pytest

from harness.server import Server, ServerCommand
from harness.wire import Wire, command


@pytest.fixture(autouse=True)
def of_the_course(command: ServerCommand) -> None:
    """How another server differs from Redis is its own affair."""
    if not command.real and command.stage is None:
        pytest.skip("speaks of the stages of this course")


def test_zero_byte_in_inline_command(server: Server) -> None:
    """Redis does not find the line's end behind a zero byte, and waits. Here a line ends where its line ending is."""
    with Wire(server, timeout=0.5) as wire:
        wire.send(b"ECHO a\x00b\r\nPING\r\n")
        if not server.command.real:
            assert wire.read(14) == b"$1\r\na\r\n+PONG\r\n"
            wire.send(command("PING"))
            assert wire.read(7) == b"+PONG\r\n"
            return
        with contextlib.suppress(TimeoutError):
            pytest.fail(f"Redis replies {wire.read(1)!r}")
