"""The configuration file: read, rewritten, refused."""

from __future__ import annotations

import pytest

from harness.server import Server, ServerCommand
from harness.wire import Wire

pytestmark = pytest.mark.since(2)

FILE = """\
# Settings of a test, with a comment.

maxclients 77

# The next one will be changed.
timeout 100
"""


def values(wire: Wire, *names: str) -> dict[bytes, bytes]:
    items = [item.text for name in names for item in wire.ask("CONFIG", "GET", name).items]
    return dict(zip(items[::2], items[1::2], strict=True))


@pytest.mark.more
def test_rewrite(command: ServerCommand) -> None:
    """CONFIG REWRITE keeps the lines that are right, comments too, and changes the rest."""
    server = Server(command)
    path = server.dir / "redis.conf"
    path.write_text(FILE)
    try:
        server.start([str(path)])
        with Wire(server) as wire:
            assert values(wire, "maxclients", "timeout") == {b"maxclients": b"77", b"timeout": b"100"}
            assert wire.text("CONFIG", "SET", "timeout", 200, "maxclients", 88) == "OK"
            assert wire.text("CONFIG", "SET", "requirepass", "a b") == "OK"
            assert path.read_text() == FILE, "CONFIG SET alone leaves the file as it is"
            assert wire.text("CONFIG", "REWRITE") == "OK"
        lines = path.read_text().splitlines()
        assert lines[0] == "# Settings of a test, with a comment."
        assert "# The next one will be changed." in lines
        assert "maxclients 88" in lines
        assert "timeout 200" in lines
        assert [x for x in lines if x.startswith("requirepass ")]
        assert not [p for p in server.dir.iterdir() if "redis.conf" in p.name and p != path]
        server.kill()
        server.start([str(path)])
        with Wire(server) as wire:
            assert wire.ask("CONFIG", "GET", "timeout").text.startswith(b"NOAUTH")
            assert wire.text("AUTH", "a b") == "OK"
            assert values(wire, "maxclients", "timeout") == {b"maxclients": b"88", b"timeout": b"200"}
    finally:
        server.close()


@pytest.mark.more
def test_rewrite_twice_changes_nothing(command: ServerCommand) -> None:
    server = Server(command)
    path = server.dir / "redis.conf"
    path.write_text(FILE)
    try:
        server.start([str(path)])
        with Wire(server) as wire:
            assert wire.text("CONFIG", "REWRITE") == "OK"
            first = path.read_text().split("\n")
            assert wire.text("CONFIG", "REWRITE") == "OK"
            assert [x for x in path.read_text().split("\n") if x] == [x for x in first if x]
    finally:
        server.close()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("maxclients many\n", 1),
        ("\n\n  nonsense 1\n", 3),
        ("timeout 1\nmaxclients 10 20\n", 2),
        ('logfile "open\n', 1),
        ("timeout\n", 1),
    ],
)
def test_a_wrong_file_stops_the_start(command: ServerCommand, text: str, line: int) -> None:
    """It says the line and shows it, and nobody was served before."""
    server = Server(command)
    path = server.dir / "redis.conf"
    path.write_text(text)
    try:
        server.launch([str(path)])
        assert server.wait_exit(5) == 1
        assert f"at line {line}" in server.log()
        assert text.splitlines()[line - 1].strip() in server.log()
        assert "Ready to accept connections" not in server.log()
    finally:
        server.close()


def test_a_file_that_is_not_there(command: ServerCommand) -> None:
    server = Server(command)
    try:
        server.launch([str(server.dir / "missing.conf")])
        assert server.wait_exit(5) == 1
        assert "missing.conf" in server.log()
    finally:
        server.close()


@pytest.mark.more
def test_shutdown(command: ServerCommand) -> None:
    for words in (["SHUTDOWN"], ["SHUTDOWN", "NOSAVE"]):
        with Server(command) as server, Wire(server) as wire:
            wire.send(b" ".join(word.encode() for word in words) + b"\r\n")
            assert server.wait_exit(5) == 0, server.log()
            assert wire.until_closed() == b""
