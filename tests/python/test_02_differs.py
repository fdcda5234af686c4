"""Where a stage differs from Redis, as book/differs.md says. The real server is asked as well."""

from __future__ import annotations

import pytest

from harness.process import peak_resident, sanitized
from harness.server import Server, ServerCommand
from harness.wire import Wire

pytestmark = [pytest.mark.since(2), pytest.mark.more]

SHARED = 2147483647


@pytest.fixture(autouse=True)
def of_the_course(command: ServerCommand) -> None:
    """How another server differs from Redis is its own affair."""
    if not command.real and command.stage is None:
        pytest.skip("speaks of the stages of this course")


# What Redis takes for the word before the zero byte, and the beginning of the error here.
WITH_ZERO_BYTE = [
    (["SET", "k", "v", "NX\0z"], "ERR syntax error"),
    (["SCAN", "0", "COUNT\0z", "10"], "ERR syntax error"),
    (["FLUSHALL", "SYNC\0z"], "ERR syntax error"),
    (["COPY", "a", "b", "REPLACE\0z"], "ERR syntax error"),
    (["LCS", "a", "b", "LEN\0z"], "ERR syntax error"),
    (["CLIENT", "LIST", "TYPE\0z", "normal"], "ERR syntax error"),
    (["CLIENT", "NO-EVICT", "OFF\0z"], "ERR syntax error"),
    (["CLIENT", "PAUSE", "0", "ALL\0z"], "ERR CLIENT PAUSE mode must be WRITE or ALL"),
    (["CONFIG", "SET", "loglevel", "notice\0z"], "ERR CONFIG SET failed"),
    (["CONFIG", "SET", "activerehashing", "yes\0z"], "ERR CONFIG SET failed"),
    (["ACL", "SETUSER", "ada", "on\0z"], "ERR Error in ACL SETUSER modifier"),
    (["COMMAND", "LIST", "FILTERBY\0z", "PATTERN", "get"], "ERR syntax error"),
    (["HELLO", "2", "SETNAME\0z", "ada"], "ERR Syntax error in HELLO option"),
    (["DEBUG", "SLEEP\0z", "0"], "ERR unknown subcommand"),
]


@pytest.mark.parametrize(("words", "error"), WITH_ZERO_BYTE, ids=lambda value: " ".join(value[:2]).rstrip("z\0"))
def test_zero_byte_in_option(server: Server, words: list[str], error: str) -> None:
    with Wire(server) as wire:
        reply = wire.ask(*words)
    if server.command.real:
        assert reply.kind != "error"
    else:
        assert reply.text.decode().startswith(error)


def test_zero_byte_in_section(server: Server) -> None:
    with Wire(server) as wire:
        assert wire.text("INFO", "cluster\0z").startswith("# Cluster") == server.command.real


def test_zero_byte_in_name(server: Server) -> None:
    """Names are whole words in both."""
    with Wire(server) as wire:
        assert wire.ask("GET\0z", "k").text.startswith(b"ERR unknown command")


def test_refcount_of_copy(server: Server) -> None:
    with Wire(server) as wire:
        wire.ask("SET", "a", "5")
        assert wire.integer("OBJECT", "REFCOUNT", "a") == SHARED
        wire.ask("COPY", "a", "b")
        assert wire.integer("OBJECT", "REFCOUNT", "b") == (1 if server.command.real else SHARED)


def test_debug_object(server: Server) -> None:
    with Wire(server) as wire:
        wire.ask("SET", "a", "hello")
        words = wire.text("DEBUG", "OBJECT", "a").split()
    names = [word.partition(":")[0] for word in words[1:]]
    more = ["serializedlength", "lru", "lru_seconds_idle"] if server.command.real else []
    assert names == ["at", "refcount", "encoding", *more]


# What each server says of one command: the beginning of its reply, of ours first.
ELSEWHERE = {
    "a-value-without-effect": (["CONFIG", "SET", "tls-auth-clients", "no"], "ERR CONFIG SET failed", "OK"),
    "soft-seconds": (
        ["CONFIG", "SET", "client-output-buffer-limit", "normal 0 0 4294967296"],
        "ERR CONFIG SET failed",
        "OK",
    ),
    "rules-of-subcommands": (["ACL", "SETUSER", "ada", "+get|x"], "ERR Error in ACL SETUSER modifier", "OK"),
    "selectors": (["ACL", "SETUSER", "ada", "(+get)"], "ERR Error in ACL SETUSER modifier", "OK"),
}


@pytest.mark.parametrize("name", ELSEWHERE)
def test_refused_here(server: Server, name: str) -> None:
    words, ours, real = ELSEWHERE[name]
    with Wire(server) as wire:
        assert wire.ask(*words).text.decode().startswith(real if server.command.real else ours)


def test_spelling_is_kept(server: Server) -> None:
    """Redis turns the letters of the events into a number and back, and so does a stage that has the events."""
    with Wire(server) as wire:
        assert wire.ask("CONFIG", "SET", "notify-keyspace-events", "KEA").text == b"OK"
        value = wire.ask("CONFIG", "GET", "notify-keyspace-events").items[1].text
    stage = server.command.stage
    means_something = server.command.real or (stage and stage.number >= 8)
    assert value == (b"AKE" if means_something else b"KEA")


def test_length_twice(server: Server) -> None:
    """A long argument is copied from the input into the value."""
    size = 64 * 1024 * 1024
    before = peak_resident(server.pid)
    if before is None or sanitized():
        return  # the peak is not known, or is that of the checks
    with Wire(server) as wire:
        assert wire.ask("SET", "k", "x" * size).text == b"OK"
    grown = ((peak_resident(server.pid) or 0) - before) / size
    assert grown < 1.5 if server.command.real else 1.5 < grown < 2.5
