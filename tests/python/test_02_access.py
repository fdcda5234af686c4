"""Who may do what: DEBUG, and what the configuration file says of users."""

from __future__ import annotations

import pytest

from harness.server import Server, ServerCommand
from harness.wire import Wire

pytestmark = [pytest.mark.since(2), pytest.mark.more]


def with_debug(command: ServerCommand, value: str) -> ServerCommand:
    """The same server with DEBUG allowed to nobody, to all, or to those on this machine."""
    words = list(command.words)
    if "--enable-debug-command" in words:
        at = words.index("--enable-debug-command")
        del words[at : at + 2]
    return ServerCommand(command.label, (*words, "--enable-debug-command", value), command.stage)


@pytest.mark.parametrize("value", ["yes", "local"])
def test_debug_allowed(command: ServerCommand, value: str) -> None:
    with Server(with_debug(command, value)) as server, Wire(server) as wire:
        assert wire.text("DEBUG", "SLEEP", "0") == "OK"


def test_debug_refused(command: ServerCommand) -> None:
    """It is refused before the password is asked for, but not before arguments are counted."""
    with (
        Server(with_debug(command, "no"), ["--requirepass", "secret"]) as server,
        Wire(server) as wire,
    ):
        assert wire.ask("DEBUG", "SLEEP", "0").text.startswith(b"ERR DEBUG command not allowed. ")
        assert b"wrong number of arguments" in wire.ask("DEBUG").text
        assert wire.text("AUTH", "secret") == "OK"
        assert wire.ask("DEBUG", "SLEEP", "0").text.startswith(b"ERR DEBUG command not allowed. ")
        assert b"immutable config" in wire.ask("CONFIG", "SET", "enable-debug-command", "yes").text


def test_users_are_rewritten(command: ServerCommand) -> None:
    """CONFIG REWRITE keeps users, those of the file and those that came since."""
    server = Server(command)
    path = server.dir / "redis.conf"
    path.write_text("user bob on >one ~* +@all\nuser carol off\n")
    try:
        server.start([str(path)])
        with Wire(server) as wire:
            assert wire.text("ACL", "SETUSER", "bob", ">two", "resetkeys") == "OK"
            assert wire.text("ACL", "SETUSER", "dave", "on", "nopass", "+@all") == "OK"
            assert wire.integer("ACL", "DELUSER", "carol") == 1
            assert wire.text("CONFIG", "SET", "requirepass", 'a "b"') == "OK"
            before = [item.text for item in wire.ask("ACL", "LIST").items]
            assert wire.text("CONFIG", "REWRITE") == "OK"
        assert "carol" not in path.read_text()
        server.kill()
        server.start([str(path)])
        with Wire(server) as wire:
            assert wire.ask("PING").text.startswith(b"NOAUTH")
            assert wire.text("AUTH", 'a "b"') == "OK"
            after = [item.text for item in wire.ask("ACL", "LIST").items]
            assert [line.replace(b" sanitize-payload", b"") for line in after] == before
            assert wire.text("AUTH", "bob", "one") == "OK"
            assert wire.text("AUTH", "bob", "two") == "OK"
    finally:
        server.close()


def test_monitor_that_goes(server: Server) -> None:
    """Watchers may close, be killed, or stop watching while others work."""
    with Wire(server) as wire:
        watchers = [Wire(server) for _ in range(20)]
        for watcher in watchers:
            assert watcher.text("MONITOR") == "OK"
        watchers[0].abort()
        watchers[1].close()
        assert watchers[2].text("RESET") == "RESET"
        victim = next(line.split()[0][3:] for line in wire.text("CLIENT", "LIST").splitlines() if " flags=O " in line)
        wire.integer("CLIENT", "KILL", "ID", victim)
        for number in range(100):
            assert wire.text("ECHO", number) == str(number)
        last = watchers[-1]
        lines = [last.reply().text for _ in range(1 + 100)]  # RESET, and ECHO
        assert lines[-1].endswith(b'"ECHO" "99"')
        for watcher in watchers[2:]:
            watcher.close()
