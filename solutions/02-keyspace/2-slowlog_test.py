"""Exercise 02.2, beside the transcript: what the log keeps is its own, and no secret."""

from __future__ import annotations

import pytest

from harness.server import Server
from harness.wire import Wire


def words(wire: Wire) -> list[list[bytes]]:
    """The arguments of each command that the log has."""
    return [[word.text for word in record.items[3].items] for record in wire.ask("SLOWLOG", "GET", "-1").items]


def test_what_a_client_sent_that_has_gone(server: Server) -> None:
    with Wire(server) as wire:
        assert wire.text("CONFIG", "SET", "slowlog-log-slower-than", "0") == "OK"
        with Wire(server) as other:
            assert other.text("SET", "city", "Paris") == "OK"
            assert other.text("GET", "city") == "Paris"
        for number in range(50):
            assert wire.text("ECHO", f"{number}" * 50) == f"{number}" * 50
        assert words(wire)[-3:-1] == [[b"GET", b"city"], [b"SET", b"city", b"Paris"]]


@pytest.mark.more
def test_a_password_is_not_shown(server: Server) -> None:
    with Wire(server) as wire:
        assert wire.text("CONFIG", "SET", "slowlog-log-slower-than", "0") == "OK"
        assert wire.ask("AUTH", "ada", "secret").kind == "error"
        assert words(wire)[0] == [b"AUTH", b"(redacted)", b"(redacted)"]
