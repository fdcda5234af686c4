"""Servers that follow each other, ours and the real one in each order: random writes, and the same data at the end."""

from __future__ import annotations

import contextlib
import subprocess
import threading

import pytest

from harness.dataset import fill
from harness.replicas import Node, assert_same_data, wait_for_sync, wait_until
from harness.server import ServerCommand, real_command
from harness.wire import Wire
from harness.writes import random_writes, write

pytestmark = pytest.mark.since(12)

CHAINS = {
    "ours-ours": (True, True),
    "real-ours": (False, True),
    "ours-real": (True, False),
    "real-ours-real": (False, True, False),
    "ours-ours-ours": (True, True, True),
}


@pytest.mark.needs("redis-server")
@pytest.mark.parametrize("order", CHAINS)
def test_random_writes(command: ServerCommand, order: str) -> None:
    """Each follows the one before. Some writes come before the sync, some during it, and most after it."""
    commands = [command if ours else real_command() for ours in CHAINS[order]]
    with contextlib.ExitStack() as stack:
        nodes = [stack.enter_context(Node(one)) for one in commands]
        first = nodes[0]
        fill(first.wire)
        write(first.wire, random_writes(1, 300, command.core))
        for node, upstream in zip(nodes[1:], nodes, strict=False):
            node.follow(upstream)
        write(first.wire, random_writes(2, 300, command.core))
        wait_for_sync(*nodes)
        write(first.wire, random_writes(3, 2000, command.core))
        wait_for_sync(*nodes)
        settle(first)
        wait_for_sync(*nodes)
        assert_same_data(*nodes)
        ids = {offset for node in nodes for offset in (node.offset,)}
        assert len(ids) == 1, "each node of a chain has the offsets of the first"


def settle(primary: Node) -> None:
    """Waits until no key is there that expires soon."""

    def soon() -> bool:
        keys = [key.text for key in primary.wire.ask("KEYS", "*").items]
        return any(0 <= primary.wire.integer("PTTL", key) < 10_000 for key in keys)

    for database in (0, 1, 15):
        primary.text("SELECT", database)
        wait_until(lambda: not soon())
        count = primary.wire.integer("DBSIZE")
        wait_until(lambda: len(primary.wire.ask("KEYS", "*").items) == primary.wire.integer("DBSIZE"), f"{count} keys, and some have expired")
    primary.text("SELECT", 0)


def test_several_replicas(command: ServerCommand) -> None:
    """Three follow one: two at once, which one snapshot serves, and one later."""
    with Node(command) as primary, Node(command) as first, Node(command) as second, Node(command) as third:
        fill(primary.wire)
        for node in (first, second):
            node.follow(primary)
        wait_for_sync(primary, first, second)
        write(primary.wire, random_writes(4, 300, command.core))
        third.follow(primary)
        wait_for_sync(primary, first, second, third)
        write(primary.wire, random_writes(5, 500, command.core))
        settle(primary)
        wait_for_sync(primary, first, second, third)
        assert_same_data(primary, first, second, third)
        assert {port for port, _ in primary.replicas()} == {first.port, second.port, third.port}


def test_data_of_a_replica_is_replaced(command: ServerCommand) -> None:
    """What it had before is gone after the sync: keys, other databases, and expiration times."""
    with Node(command) as primary, Node(command) as replica:
        fill(replica.wire)
        primary.text("SET", "only", "this")
        replica.follow(primary)
        wait_for_sync(primary, replica)
        assert_same_data(primary, replica)
        assert replica.wire.integer("DBSIZE") == 1
        assert replica.wire.ask("SET", "only", "that").text.startswith(b"READONLY")


def test_writes_of_a_transaction_arrive_together(command: ServerCommand) -> None:
    """A client of the replica never sees half of a transaction."""
    with Node(command) as primary, Node(command) as replica:
        replica.follow(primary)
        wait_for_sync(primary, replica)
        seen: list[bool] = []
        stop = threading.Event()

        def read() -> None:
            with Wire(replica.server) as wire:
                while not stop.is_set():
                    first, second = wire.ask("MGET", "a", "b").items
                    seen.append(first.text == second.text)

        reader = threading.Thread(target=read)
        reader.start()
        for number in range(150):
            primary.wire.send(b"MULTI\r\nSET a %d\r\nSET b %d\r\nEXEC\r\n" % (number, number))
            for _ in range(4):
                primary.wire.reply()
        wait_for_sync(primary, replica)
        stop.set()
        reader.join()
        assert seen and all(seen)


@pytest.mark.needs("redis-benchmark")
def test_sync_under_load(command: ServerCommand) -> None:
    """redis-benchmark writes at full speed while a replica comes, and nothing is missing."""
    with Node(command) as primary, Node(command) as replica:
        words = ["redis-benchmark", "-p", str(primary.port), "-q", "-c", "20", "-P", "4"]
        load = subprocess.Popen(
            [*words, "-t", "set,lpush,hset,incr", "-n", "20000", "-r", "300", "-d", "30"], stdout=subprocess.DEVNULL
        )
        try:
            wait_until(lambda: primary.wire.integer("DBSIZE") > 100)
            replica.follow(primary)
            assert load.wait(60) == 0
        finally:
            load.kill()
            load.wait()
        wait_for_sync(primary, replica, seconds=30)
        assert_same_data(primary, replica)
        assert primary.wire.integer("DBSIZE") > 300


def test_expired_keys(command: ServerCommand) -> None:
    """The primary removes them and says so; the replica does not on its own, and yet shows none of them."""
    with Node(command) as primary, Node(command) as replica:
        replica.follow(primary)
        wait_for_sync(primary, replica)
        for number in range(50):
            primary.text("SET", f"k:{number}", 1, "PX", 3000)
        primary.text("SET", "stays", 1)
        wait_for_sync(primary, replica)
        assert replica.wire.integer("DBSIZE") == 51
        wait_until(lambda: replica.wire.integer("DBSIZE") == 1)
        assert replica.text("GET", "stays") == "1"
        wait_for_sync(primary, replica)


def test_old_keys_in_a_snapshot(command: ServerCommand) -> None:
    """A key that has expired before the snapshot does not come back on the replica, or its DEL follows."""
    with Node(command) as primary, Node(command) as replica:
        for number in range(200):
            primary.text("SET", f"k:{number}", 1, "PX", 30 + number % 100)
        replica.follow(primary)
        wait_for_sync(primary, replica)
        wait_until(lambda: primary.wire.integer("DBSIZE") == 0)
        wait_until(lambda: replica.wire.integer("DBSIZE") == 0)


def test_evicted_keys(command: ServerCommand) -> None:
    """The primary evicts and sends DEL. The replica ignores its own maxmemory."""
    with Node(command) as primary, Node(command, ["--maxmemory", "2mb", "--maxmemory-policy", "allkeys-lru"]) as replica:
        replica.follow(primary)
        wait_for_sync(primary, replica)
        for number in range(400):
            primary.text("SET", f"k:{number}", "x" * 10_000)
        wait_for_sync(primary, replica)
        assert replica.wire.integer("DBSIZE") == 400
        primary.text("CONFIG", "SET", "maxmemory-policy", "allkeys-random")
        primary.text("CONFIG", "SET", "maxmemory", "3mb")
        primary.text("SET", "last", 1)
        wait_until(lambda: primary.wire.integer("DBSIZE") < 390)
        wait_for_sync(primary, replica)
        assert_same_data(primary, replica)
