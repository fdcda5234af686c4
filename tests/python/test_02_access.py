"""Who may do what: DEBUG, and what the configuration file says of users."""

from __future__ import annotations

import socket

import pytest

from harness.process import peak_resident
from harness.server import Server, ServerCommand
from harness.wire import Wire, command as encoded

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


@pytest.mark.parametrize("value", ["no", "local", "yes"])
def test_protected_parameters(command: ServerCommand, value: str) -> None:
    """Where the files are is changed only by clients to whom the configuration allows it."""
    with Server(command, ["--enable-protected-configs", value]) as server, Wire(server) as wire:
        (server.dir / "below").mkdir()
        reply = wire.ask("CONFIG", "SET", "dir", "below", "timeout", "0").text
        assert reply.endswith(b"can't set protected config") if value == "no" else reply == b"OK"
        inside = str(server.dir / "below").encode() == wire.ask("CONFIG", "GET", "dir").items[1].text
        assert inside == (value != "no")
        assert b"immutable config" in wire.ask("CONFIG", "SET", "enable-protected-configs", "yes").text


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


MB = 1024 * 1024
PASSWORD = ["--requirepass", "secret"]


def test_nothing_is_kept_before_a_login(command: ServerCommand) -> None:
    """A client that has not logged in and does not read its errors is closed before they take much memory."""
    if command.real:
        pytest.xfail("7.0.15 has no such limit, later releases do: CVE-2025-21605")
    with Server(command, PASSWORD) as server, Wire(server) as admin:
        assert admin.text("AUTH", "secret") == "OK"
        before = peak_resident(server.pid) or 0
        wire = Wire(server)
        wire.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        wire.sock.settimeout(5)
        with pytest.raises(ConnectionError):
            for _ in range(2000):
                wire.sock.sendall(encoded("GET", "k") * 2000)
        assert (peak_resident(server.pid) or 0) - before < 4 * MB
        assert "overcoming of output buffer limits" in server.log()
        assert len(admin.text("CLIENT", "LIST").splitlines()) == 1


def test_a_pipeline_may_begin_with_its_login(command: ServerCommand) -> None:
    """What follows AUTH in the same piece gets replies of any length."""
    with Server(command, PASSWORD) as server, Wire(server) as wire:
        value = b"x" * MB
        wire.send(encoded("AUTH", "secret") + encoded("ECHO", value) * 3)
        assert wire.reply().text == b"OK"
        assert [wire.reply().text for _ in range(3)] == [value] * 3
        for refused in range(100):
            assert wire.ask("AUTH", refused).text.startswith(b"WRONGPASS")
        assert wire.ask("ECHO", value).text == value


def test_the_password_is_taken_away(command: ServerCommand) -> None:
    """A client that had to log in when it connected has no limits once no login is needed."""
    with Server(command, PASSWORD) as server, Wire(server) as admin, Wire(server) as wire:
        assert admin.text("AUTH", "secret") == "OK"
        value = b"x" * MB
        assert admin.text("SET", "k", value) == "OK"
        for refused in ("PING", "SELECT", "GET"):
            assert wire.ask(refused, *range(refused != "PING")).text == b"NOAUTH Authentication required."
        assert admin.text("CONFIG", "SET", "requirepass", "") == "OK"
        assert wire.ask("GET", "k").text == value
        assert wire.ask("ECHO", value).text == value
        assert wire.text("MSET", *range(40)) == "OK"
        assert admin.text("CONFIG", "SET", "requirepass", "other") == "OK"
        assert wire.ask("GET", "k").text == b"NOAUTH Authentication required."
        assert admin.ask("GET", "k").text == value
        wire.send(encoded("ECHO", value))
        assert wire.reply().text == b"ERR Protocol error: unauthenticated bulk length"
