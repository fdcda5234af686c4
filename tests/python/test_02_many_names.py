"""Commands that name thousands of things: each name is looked up, and not searched for among all."""

from __future__ import annotations

import pytest

from harness.load import pipeline
from harness.process import cpu_seconds, raise_file_limit, sanitized
from harness.server import Server
from harness.wire import Wire

pytestmark = [pytest.mark.since(2), pytest.mark.more]
MOST_SECONDS = 2.0


class Stopwatch:
    """The server's processor time, which other programs on the machine do not change."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.before = cpu_seconds(server.pid) or 0

    def check(self) -> None:
        took = (cpu_seconds(self.server.pid) or 0) - self.before
        if not sanitized():
            assert took < MOST_SECONDS, f"{took:.1f} s"


def test_client_list(server: Server) -> None:
    raise_file_limit(9000)
    clients = [Wire(server) for _ in range(4000)]
    with Wire(server, timeout=60) as wire:
        own = wire.integer("CLIENT", "ID")
        watch = Stopwatch(server)
        assert wire.text("CLIENT", "LIST", "ID", *range(own + 1, own + 100_000)) == ""
        lines = wire.text("CLIENT", "LIST", "ID", own, 0, -1, own - 1, own + 1, own - 4000, own).splitlines()
        watch.check()
        ids = [int(line.split()[0].removeprefix("id=")) for line in lines]
        assert ids == [own, own - 1, own - 4000, own]
    for client in clients:
        client.abort()


def test_passwords_of_one_user(server: Server) -> None:
    with Wire(server, timeout=60) as wire:
        watch = Stopwatch(server)
        assert wire.text("ACL", "SETUSER", "ann", "on", *(f">secret{i}" for i in range(8000))) == "OK"
        assert wire.text("ACL", "SETUSER", "ann", *(f"#{i:064x}" for i in range(8000))) == "OK"
        assert wire.text("ACL", "SETUSER", "ann", *(f"!{i:064x}" for i in reversed(range(8000)))) == "OK"
        assert wire.text("ACL", "SETUSER", "ann", *(f"<secret{i}" for i in range(7999))) == "OK"
        watch.check()
        assert wire.text("AUTH", "ann", "secret7999") == "OK"
        assert wire.ask("AUTH", "ann", "secret7998").text.startswith(b"WRONGPASS")


def test_users(server: Server) -> None:
    with Wire(server, timeout=60) as wire:
        names = [f"user{(i * 7919) % 10007}" for i in range(10007)]
        watch = Stopwatch(server)
        assert not pipeline(wire, (("ACL", "SETUSER", name) for name in names))
        listed = [item.text.decode() for item in wire.ask("ACL", "USERS").items]
        assert listed == sorted(["default", *names])
        assert wire.integer("ACL", "DELUSER", *names[1:], *names) == len(names)
        watch.check()
        assert [item.text for item in wire.ask("ACL", "USERS").items] == [b"default"]
