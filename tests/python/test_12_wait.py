"""WAIT: who counts, when it returns, and what it waits for."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from harness.peers import FakeReplica
from harness.replicas import Node, wait_for_sync, wait_until
from harness.server import ServerCommand
from harness.wire import Wire
from harness.wire import command as words_of

pytestmark = pytest.mark.since(12)


@contextmanager
def with_replicas(command: ServerCommand, count: int) -> Iterator[tuple[Node, list[FakeReplica]]]:
    """A primary and replicas that acknowledge only what they are told to."""
    with Node(command) as primary, contextlib.ExitStack() as stack:
        replicas = [stack.enter_context(FakeReplica(primary.server, port=7001 + at)) for at in range(count)]
        for replica in replicas:
            replica.sync()
            replica.ack()
        wait_until(lambda: len(primary.replicas()) == count)
        yield primary, replicas


def read_all(primary: Node, replicas: list[FakeReplica]) -> None:
    """Each replica reads what was sent, and says nothing."""
    target = primary.offset
    for replica in replicas:
        replica.read_to(target)


def waits(wire: Wire, count: int, timeout_ms: int) -> None:
    wire.send(words_of("WAIT", count, timeout_ms))


def took(wire: Wire) -> tuple[int, float]:
    began = time.monotonic()
    return int(wire.reply().text), time.monotonic() - began


def test_a_client_that_has_written_nothing(command: ServerCommand) -> None:
    """It waits for nothing: every replica counts at once, also one that is behind."""
    with with_replicas(command, 3) as (primary, _), Wire(primary.server) as fresh:
        primary.text("SET", "k", "v")
        waits(fresh, 2, 3000)
        count, seconds = took(fresh)
        assert count == 3, "the number may be greater than the one that was asked for"
        assert seconds < 1


def test_enough(command: ServerCommand) -> None:
    """It returns as soon as enough have acknowledged, with how many these are."""
    with with_replicas(command, 3) as (primary, replicas):
        primary.text("SET", "k", "v")
        waits(primary.wire, 2, 5000)
        with Wire(primary.server) as other:
            other.text("PING")
        read_all_by(replicas, b"GETACK")
        replicas[0].ack()
        time.sleep(0.05)
        assert not primary.wire.connection.read_some(0.05), "one is not enough"
        replicas[1].ack()
        assert took(primary.wire)[0] == 2
        replicas[2].ack()
        time.sleep(0.05)
        waits(primary.wire, 1, 5000)
        assert took(primary.wire)[0] == 3


def read_all_by(replicas: list[FakeReplica], name: bytes) -> None:
    """Each reads up to a command that has this word."""
    for replica in replicas:
        while name not in replica.command():
            pass


def test_time_is_over(command: ServerCommand) -> None:
    """It returns how many have acknowledged by then, not before and not much later."""
    with with_replicas(command, 2) as (primary, replicas):
        primary.text("SET", "k", "v")
        waits(primary.wire, 2, 300)
        read_all_by(replicas, b"GETACK")
        replicas[0].ack()
        count, seconds = took(primary.wire)
        assert count == 1
        assert 0.15 < seconds < 1.5


def test_more_than_there_are(command: ServerCommand) -> None:
    with with_replicas(command, 2) as (primary, replicas):
        primary.text("SET", "k", "v")
        waits(primary.wire, 5, 200)
        read_all_by(replicas, b"GETACK")
        for replica in replicas:
            replica.ack()
        assert took(primary.wire)[0] == 2


def test_an_ack_that_falls_short(command: ServerCommand) -> None:
    """One byte less than the write's last is not the write."""
    with with_replicas(command, 1) as (primary, (replica,)):
        primary.text("SET", "k", "v")
        replica.expect("SELECT", 0)
        replica.expect("SET", "k", "v")
        after_write = replica.offset
        waits(primary.wire, 1, 1500)
        replica.expect("REPLCONF", "GETACK", "*")
        replica.ack(after_write - 1)
        assert not primary.wire.connection.read_some(0.1)
        replica.ack(after_write)
        count, seconds = took(primary.wire)
        assert count == 1 and seconds < 1


def test_each_client_waits_for_its_own_writes(command: ServerCommand) -> None:
    with with_replicas(command, 1) as (primary, (replica,)), Wire(primary.server) as other:
        primary.text("SET", "k", 1)
        replica.expect("SELECT", 0)
        replica.expect("SET", "k", 1)
        first = replica.offset
        other.text("SET", "k", 2)
        replica.expect("SET", "k", 2)
        waits(primary.wire, 1, 3000)
        waits(other, 1, 400)
        replica.expect("REPLCONF", "GETACK", "*")
        replica.ack(first)
        assert took(primary.wire)[0] == 1
        assert took(other)[0] == 0


def test_forever(command: ServerCommand) -> None:
    """A timeout of 0 waits until a replica that comes later has what was written."""
    with Node(command) as primary, Node(command) as replica:
        primary.text("SET", "k", "v")
        waits(primary.wire, 1, 0)
        assert not primary.wire.connection.read_some(0.2)
        with Wire(primary.server) as other:
            replica.follow(primary)
            assert int(primary.wire.reply().text) == 1
            assert other.text("GET", "k") == "v"


def test_commands_after_wait_wait(command: ServerCommand) -> None:
    """In a pipeline the next command is executed when WAIT is done."""
    with with_replicas(command, 1) as (primary, (replica,)):
        primary.wire.send(words_of("SET", "k", 1) + words_of("WAIT", 1, 5000) + words_of("SET", "k", 2))
        assert primary.wire.reply().text == b"OK"
        replica.expect("SELECT", 0)
        replica.expect("SET", "k", 1)
        at = replica.offset
        replica.expect("REPLCONF", "GETACK", "*")
        with Wire(primary.server) as other:
            assert other.text("GET", "k") == "1"
        replica.ack(at)
        assert primary.wire.reply().text == b"1"
        assert primary.wire.reply().text == b"OK"
        replica.expect("SET", "k", 2)


def test_in_a_transaction(command: ServerCommand) -> None:
    """It returns at once how many are that far."""
    with with_replicas(command, 1) as (primary, (replica,)):
        for words in (("SET", "k", 1), ("MULTI",), ("WAIT", 1, 0)):
            primary.text(*words)
        assert primary.wire.ask("EXEC").items[0].text == b"0"
        read_all(primary, [replica])
        replica.ack()
        wait_until(lambda: primary.replicas()[0][1] == primary.offset)
        for words in (("MULTI",), ("WAIT", 1, 0)):
            primary.text(*words)
        assert primary.wire.ask("EXEC").items[0].text == b"1"


def test_a_client_that_leaves(command: ServerCommand) -> None:
    with with_replicas(command, 1) as (primary, (replica,)):
        for _ in range(3):
            wire = Wire(primary.server)
            wire.text("SET", "k", 1)
            waits(wire, 1, 0)
            wire.close()
        replica.expect("SELECT", 0)
        replica.ack(10_000)
        assert primary.text("PING") == "PONG"


@pytest.mark.parametrize("count", [1, 2])
def test_real_replicas(command: ServerCommand, count: int) -> None:
    """What WAIT has counted is there: it can be read from each replica."""
    with Node(command) as primary, Node(command) as one, Node(command) as two:
        for node in (one, two):
            node.follow(primary)
        wait_for_sync(primary, one, two)
        for number in range(30):
            primary.text("SET", "k", number)
            reached = primary.wire.integer("WAIT", count, 5000)
            assert reached >= count
            assert sum(node.text("GET", "k") == str(number) for node in (one, two)) >= reached
