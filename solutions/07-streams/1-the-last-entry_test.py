"""Exercise 07.1: XREAD takes `last` for the last entry of a stream, whether the client has seen it or not."""

from __future__ import annotations

from harness.resp import Reply
from harness.server import Server
from harness.wire import Wire


def ids(reply: Reply) -> dict[str, list[str]]:
    """Which entries of which streams a reply has; none for null."""
    found = {}
    for stream in reply.items or []:
        key, entries = stream.items
        found[key.text.decode()] = [entry.items[0].text.decode() for entry in entries.items]
    return found


def test_the_last_entry(server: Server) -> None:
    with Wire(server) as wire:
        for n in range(1, 251):
            wire.ask("XADD", "s", f"{n}-0", "n", n)
        assert ids(wire.ask("XREAD", "STREAMS", "s", "last")) == {"s": ["250-0"]}
        assert ids(wire.ask("XREAD", "COUNT", 10, "STREAMS", "s", "last")) == {"s": ["250-0"]}
        wire.ask("XADD", "s", "250-1", "a", 1, "b", 2)
        (stream,) = wire.ask("XREAD", "STREAMS", "s", "last").items
        (entry,) = stream.items[1].items
        assert [item.text for item in entry.items[1].items] == [b"a", b"1", b"b", b"2"]


def test_of_several_streams(server: Server) -> None:
    """Each ID is for its own stream."""
    with Wire(server) as wire:
        for key in ("a", "b", "c"):
            wire.ask("XADD", key, "1-0", "f", "v")
            wire.ask("XADD", key, "2-0", "f", "v")
        assert ids(wire.ask("XREAD", "STREAMS", "a", "b", "c", "last", "$", "0")) == {"a": ["2-0"], "c": ["1-0", "2-0"]}
        assert ids(wire.ask("XREAD", "STREAMS", "missing", "a", "last", "LAST")) == {"a": ["2-0"]}


def test_after_deletions(server: Server) -> None:
    """The last entry is not always the one with the last ID."""
    with Wire(server) as wire:
        for n in range(1, 6):
            wire.ask("XADD", "s", f"{n}-0", "n", n)
        wire.ask("XDEL", "s", "5-0", "4-0")
        assert ids(wire.ask("XREAD", "STREAMS", "s", "last")) == {"s": ["3-0"]}
        wire.ask("XTRIM", "s", "MAXLEN", 0)
        assert not ids(wire.ask("XREAD", "STREAMS", "s", "last"))
        assert not ids(wire.ask("XREAD", "STREAMS", "missing", "last"))
        wire.ask("XADD", "s", "6-0", "n", 6)
        assert ids(wire.ask("XREAD", "STREAMS", "s", "last")) == {"s": ["6-0"]}


def test_not_for_groups(server: Server) -> None:
    with Wire(server) as wire:
        wire.ask("XADD", "s", "1-0", "f", "v")
        wire.ask("XGROUP", "CREATE", "s", "g", "0")
        invalid = b"ERR Invalid stream ID specified as stream command argument"
        assert wire.ask("XREADGROUP", "GROUP", "g", "ann", "STREAMS", "s", "last").text == invalid
        assert wire.ask("XADD", "s", "last", "f", "v").text == invalid
        assert wire.ask("XREAD", "STREAMS", "s", "lasts").text == invalid
        wire.ask("SET", "text", "x")
        assert wire.ask("XREAD", "STREAMS", "text", "last").text.startswith(b"WRONGTYPE")
