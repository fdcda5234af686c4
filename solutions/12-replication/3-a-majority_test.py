"""Exercise 12.3: WAITMAJORITY waits until more than half of the servers have what the client has written."""

from __future__ import annotations

import contextlib
import time

from harness.peers import FakeReplica
from harness.server import Server
from harness.wire import Wire


def synced(stack: contextlib.ExitStack, server: Server, count: int) -> list[FakeReplica]:
    replicas = []
    for port in range(7001, 7001 + count):
        replica = stack.enter_context(FakeReplica(server, port))
        replica.sync()
        replicas.append(replica)
    return replicas


def test_a_primary_alone(server: Server) -> None:
    with Wire(server) as wire:
        wire.ask("SET", "a", 1)
        assert wire.integer("WAITMAJORITY", 0) == 1


def test_two_replicas_need_one(server: Server) -> None:
    with contextlib.ExitStack() as stack, Wire(server) as wire:
        first, _ = synced(stack, server, 2)
        wire.ask("SET", "a", 1)
        assert wire.integer("WAITMAJORITY", 100) == 0
        wire.send(b"WAITMAJORITY 0\r\n")
        time.sleep(0.1)
        first.ack(1_000)
        assert int(wire.reply().text) == 1


def test_four_replicas_need_two(server: Server) -> None:
    with contextlib.ExitStack() as stack, Wire(server) as wire:
        first, second, _, _ = synced(stack, server, 4)
        wire.ask("SET", "a", 1)
        first.ack(1_000)
        time.sleep(0.1)
        assert wire.integer("WAITMAJORITY", 200) == 0
        second.ack(1_000)
        time.sleep(0.1)
        assert wire.integer("WAITMAJORITY", 0) == 1
        assert wire.integer("WAIT", 3, 100) == 2
