"""Exercise 12.1: SYNCS counts snapshots, partial synchronizations, and continuations that were refused."""

from __future__ import annotations

from harness.peers import FakeReplica
from harness.server import Server
from harness.wire import Wire

UNKNOWN = "cd" * 20


def syncs(server: Server) -> list[int]:
    with Wire(server) as wire:
        reply = wire.ask("SYNCS")
        assert reply.kind == "array", reply
        return [int(item.text) for item in reply.items]


def test_each_kind(server: Server) -> None:
    assert syncs(server) == [0, 0, 0]
    with FakeReplica(server) as replica:
        replica.sync()
        assert syncs(server) == [1, 0, 0]
        identity, offset = replica.id, replica.offset
    with FakeReplica(server) as replica:
        replica.handshake()
        assert replica.psync(identity, offset + 1) == "partial"
        assert syncs(server) == [1, 1, 0]
    with FakeReplica(server) as replica:
        replica.handshake()
        assert replica.psync(UNKNOWN, 1) == "full"
        replica.snapshot()
        assert syncs(server) == [2, 1, 1]


def test_clients_that_ask_for_nothing(server: Server) -> None:
    with Wire(server) as wire:
        wire.ask("SET", "a", 1)
        wire.ask("PSYNC", "?", "first")
    assert syncs(server) == [0, 0, 0]
