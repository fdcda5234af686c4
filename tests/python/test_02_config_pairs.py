"""CONFIG SET takes all of its parameters or none: each is tried with every reason to refuse another."""

from __future__ import annotations

import pytest

from harness.server import Server
from harness.wire import Wire

pytestmark = [pytest.mark.since(2)]

# A value that a parameter takes is looked for among these, one that it refuses among those below.
LIKELY = ["yes", "no", "77", "3", "3mb", "normal 3mb 2mb 7", "allkeys-lru", "verbose", "other"]
REFUSED = ["bogus", "-7", "normal x 0 0"]


def texts(wire: Wire, *args: str) -> list[str]:
    """The texts of an array of strings."""
    return [item.text.decode() for item in wire.ask(*args).items]


def value_of(wire: Wire, name: str) -> str:
    return texts(wire, "CONFIG", "GET", name)[1]


def try_set(wire: Wire, *pairs: str) -> bool:
    return wire.ask("CONFIG", "SET", *pairs).kind != "error"


def settable(wire: Wire) -> dict[str, str]:
    """Each parameter that a client may set, with a value other than its own."""
    found = {}
    names = texts(wire, "CONFIG", "GET", "*")[::2]
    for name in sorted(set(names)):
        if name in ("bind", "port", "dir", "logfile", "save", "appendonly", "tls-port"):
            continue  # what they do reaches beyond this test
        before = value_of(wire, name)
        for value in LIKELY:
            if value != before and try_set(wire, name, value):
                changed = value_of(wire, name) != before
                assert try_set(wire, name, before)
                if changed:
                    found[name] = value
                    break
    return found


def refused(wire: Wire, names: list[str]) -> dict[str, str]:
    """A parameter for each reason to refuse some value, with that value."""
    found = {}
    reasons = set()
    for name in names:
        before = value_of(wire, name)
        for value in REFUSED:
            reply = wire.ask("CONFIG", "SET", name, value)
            if reply.kind == "error":
                reason = reply.text.partition(b" - ")[2]
                if reason not in reasons:
                    found[name] = value
                reasons.add(reason)
                break
            assert try_set(wire, name, before)
    return found


def test_all_or_none(server: Server) -> None:
    with Wire(server, timeout=30) as wire:
        good = settable(wire)
        bad = refused(wire, list(good))
        assert len(good) >= 5 and len(bad) >= 5
        for name, value in good.items():
            before = value_of(wire, name)
            for other, wrong in bad.items():
                if other == name:
                    continue
                for pairs in ((name, value, other, wrong), (other, wrong, name, value)):
                    assert not try_set(wire, *pairs), pairs
                    assert value_of(wire, name) == before, pairs


@pytest.mark.more
def test_passwords_of_the_default_user_stay(server: Server) -> None:
    """requirepass does not know the passwords that ACL SETUSER gave, and could not bring them back."""
    with Wire(server) as wire:
        assert wire.text("ACL", "SETUSER", "default", "resetpass", ">first", ">second") == "OK"
        users = texts(wire, "ACL", "LIST")
        assert not try_set(wire, "requirepass", "x", "maxclients", "bogus")
        assert not try_set(wire, "maxclients", "bogus", "requirepass", "x")
        assert texts(wire, "ACL", "LIST") == users
        assert try_set(wire, "requirepass", "x", "maxclients", "99")
        assert texts(wire, "ACL", "LIST") != users
