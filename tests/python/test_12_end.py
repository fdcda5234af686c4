"""How a server that replicates ends, and begins again: it waits for its replicas, and keeps its place in the history."""

from __future__ import annotations

import time

import pytest

from harness.load import info
from harness.peers import FakeReplica
from harness.replicas import Node, assert_same_data, is_closed, wait_for_sync, wait_until
from harness.server import ServerCommand
from harness.wire import Wire

pytestmark = [pytest.mark.since(12), pytest.mark.more]


def lagging(primary: Node, replica: FakeReplica) -> None:
    """A replica that has acknowledged all but the last write."""
    replica.sync()
    replica.ack()
    wait_until(lambda: len(primary.replicas()) == 1)
    primary.text("SET", "k", "v")
    replica.expect("SELECT", 0)
    replica.expect("SET", "k", "v")


def test_shutdown_waits(command: ServerCommand) -> None:
    """SHUTDOWN holds writes back until the replica has acknowledged all; then the server ends."""
    with (
        Node(command) as primary,
        FakeReplica(primary.server) as replica,
        Wire(primary.server) as asking,
        Wire(primary.server) as writer,
    ):
        lagging(primary, replica)
        asking.send(b"SHUTDOWN NOSAVE\r\n")
        wait_until(lambda: "shutdown_in_milliseconds" in info(primary.wire, "server"))
        writer.send(b"SET k w\r\n")
        assert not writer.connection.read_some(0.2)
        assert primary.text("GET", "k") == "v"
        replica.ack()
        wait_until(lambda: is_closed(asking.sock))


def test_shutdown_is_aborted(command: ServerCommand) -> None:
    """ABORT lets the writes go on, and the client that asked gets an error."""
    with (
        Node(command) as primary,
        FakeReplica(primary.server) as replica,
        Wire(primary.server) as asking,
        Wire(primary.server) as writer,
    ):
        lagging(primary, replica)
        assert primary.wire.ask("SHUTDOWN", "ABORT").text == b"ERR No shutdown in progress."
        asking.send(b"SHUTDOWN NOSAVE\r\n")
        wait_until(lambda: "shutdown_in_milliseconds" in info(primary.wire, "server"))
        writer.send(b"SET k w\r\n")
        assert primary.text("SHUTDOWN", "ABORT") == "OK"
        assert asking.reply().text == b"ERR Errors trying to SHUTDOWN. Check logs."
        assert writer.reply().text == b"OK"
        assert "shutdown_in_milliseconds" not in info(primary.wire, "server")


@pytest.mark.parametrize("words", [("NOW",), ()], ids=["now", "timeout"])
def test_shutdown_without_an_acknowledgement(command: ServerCommand, words: tuple[str, ...]) -> None:
    """NOW doesn't wait, and shutdown-timeout ends the wait."""
    with (
        Node(command, ["--shutdown-timeout", "1"]) as primary,
        FakeReplica(primary.server) as replica,
        Wire(primary.server) as asking,
    ):
        lagging(primary, replica)
        began = time.monotonic()
        asking.send(b" ".join([b"SHUTDOWN NOSAVE", *(word.encode() for word in words)]) + b"\r\n")
        wait_until(lambda: is_closed(asking.sock))
        assert words or time.monotonic() - began > 0.8


@pytest.mark.parametrize("restarted", ["primary", "replica"])
def test_place_in_the_history(command: ServerCommand, restarted: str) -> None:
    """A snapshot says where in the history it is: after a restart the rest of the stream is enough."""
    with Node(command) as primary, Node(command) as replica:
        primary.text("SET", "k", "v")
        replica.follow(primary)
        wait_for_sync(primary, replica)
        node = primary if restarted == "primary" else replica
        with Wire(node.server) as wire:
            wire.send(b"SHUTDOWN SAVE\r\n")
            wait_until(lambda: is_closed(wire.sock))
        if restarted == "replica":
            primary.text("SET", "k", "w")
            node.restart(["--replicaof", "127.0.0.1", str(primary.port)])
        else:
            node.restart()
            wait_until(lambda: primary.wire.ask("PING").text == b"PONG")
        wait_for_sync(primary, replica)
        stats = info(primary.wire, "stats")
        full = "0" if restarted == "primary" else "1"
        assert (stats["sync_full"], stats["sync_partial_ok"]) == (full, "1")
        primary.text("SET", "after", 1)
        wait_for_sync(primary, replica)
        assert_same_data(primary, replica)


def test_keys_that_expired_while_the_primary_was_away(command: ServerCommand) -> None:
    """Its replicas have them: it removes them by effects of the stream, which goes on, and loads none."""
    with Node(command, ["--enable-debug-command", "yes"]) as primary, Node(command) as replica:
        primary.text("DEBUG", "SET-ACTIVE-EXPIRE", 0)
        primary.text("SET", "stays", "v")
        for n in range(100):
            primary.text("SELECT", n % 3)
            primary.text("SET", f"gone:{n}", n, "PX", 1)
        replica.follow(primary)
        wait_for_sync(primary, replica)
        before = replica.offset
        with Wire(primary.server) as wire:
            wire.send(b"SHUTDOWN SAVE\r\n")
            wait_until(lambda: is_closed(wire.sock))
        primary.restart()
        wait_until(lambda: primary.wire.ask("PING").text == b"PONG")
        assert info(primary.wire, "persistence")["rdb_last_load_keys_expired"] == "100"
        assert info(primary.wire, "persistence")["rdb_last_load_keys_loaded"] == "1"
        assert info(primary.wire, "stats")["expired_keys"] == "0"
        wait_for_sync(primary, replica)
        stats = info(primary.wire, "stats")
        assert (stats["sync_full"], stats["sync_partial_ok"]) == ("0", "1")
        assert primary.offset - before > 100 * len(b"*2\r\n$3\r\nDEL\r\n$6\r\ngone:0\r\n")
        assert list(info(replica.wire, "keyspace")) == ["db0"]
        assert_same_data(primary, replica)


def test_backlog_is_forgotten(command: ServerCommand) -> None:
    """A primary that nobody follows for repl-backlog-ttl seconds begins another history."""
    with Node(command, ["--repl-backlog-ttl", "1"]) as primary:
        with FakeReplica(primary.server) as replica:
            replica.sync()
            replica.ack()
            before = info(primary.wire, "replication")["master_replid"]
        wait_until(lambda: info(primary.wire, "replication")["repl_backlog_active"] == "0")
        assert info(primary.wire, "replication")["master_replid"] != before


def test_pause_and_replicas(command: ServerCommand) -> None:
    """CLIENT PAUSE holds clients back, but no replica: WAIT's acknowledgements come."""
    with Node(command) as primary, FakeReplica(primary.server) as replica:
        lagging(primary, replica)
        primary.text("CLIENT", "PAUSE", 60_000, "WRITE")
        replica.ack()
        wait_until(lambda: primary.replicas()[0][1] == replica.offset)
        primary.text("CLIENT", "UNPAUSE")
