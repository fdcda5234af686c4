"""What replicas cost a primary: one buffer for all, a limit for those that lag, and a backlog that stays for a time."""

from __future__ import annotations

import contextlib
import random
import string
import threading
import time

import pytest

from harness.dataset import add_many
from harness.load import Probe, info, mset, used_memory
from harness.peers import FakeReplica
from harness.process import resident, sanitized
from harness.replicas import Node, wait_for_sync, wait_until
from harness.server import ServerCommand
from harness.wire import Wire

pytestmark = pytest.mark.since(12)
MB = 1 << 20
BLOCKED = "x" * 10_000


def write_mb(node: Node, megabytes: int) -> None:
    """So much of a stream, though the data stays small."""
    for _ in range(megabytes):
        for _ in range(105):
            node.text("SET", "k", BLOCKED)


@pytest.mark.more
def test_lagging_replica_is_dropped(command: ServerCommand) -> None:
    """A replica that reads nothing gets no more than its limit. Others keep their links."""
    limit = ["--client-output-buffer-limit", "replica 8mb 4mb 60"]
    with Node(command, limit) as primary, Node(command) as good, FakeReplica(primary.server) as bad:
        good.follow(primary)
        bad.sync()
        bad.ack()
        wait_for_sync(primary, good)
        wait_until(lambda: len(primary.replicas()) == 2)
        write_mb(primary, 20)
        wait_until(lambda: len(primary.replicas()) == 1)
        wait_for_sync(primary, good)
        assert primary.replicas()[0][0] == good.port


@pytest.mark.more
def test_soft_limit(command: ServerCommand) -> None:
    """More than the soft limit for longer than its seconds."""
    with Node(command, ["--client-output-buffer-limit", "replica 0 2mb 1"]) as primary, FakeReplica(primary.server) as bad:
        bad.sync()
        bad.ack()
        wait_until(lambda: len(primary.replicas()) == 1)
        write_mb(primary, 12)
        assert len(primary.replicas()) == 1
        end = time.monotonic() + 5
        while primary.replicas():
            primary.text("SET", "k", 1)
            assert time.monotonic() < end, "it is still there"
            time.sleep(0.05)


def test_one_buffer_for_all(command: ServerCommand) -> None:
    """Eight replicas lag by 8 MB. The primary holds these bytes once."""
    size = ["--repl-backlog-size", "1mb"]
    with Node(command, size) as primary, contextlib.ExitStack() as stack:
        for at in range(8):
            replica = stack.enter_context(FakeReplica(primary.server, port=7001 + at))
            replica.sync()
            replica.ack()
        wait_until(lambda: len(primary.replicas()) == 8)
        before = resident(primary.server.pid)
        write_mb(primary, 12)
        grown = resident(primary.server.pid) - before
        if sanitized():  # which keeps what was freed
            return
        assert grown < 30 * MB, f"{grown / MB:.0f} MB for a stream of 12 MB"


def test_buffers_leave(command: ServerCommand) -> None:
    """When the replica that was behind has read, or has gone, the memory is free again: the backlog's size stays."""
    size = ["--repl-backlog-size", "100kb"]
    with Node(command, size) as primary, FakeReplica(primary.server) as replica, FakeReplica(primary.server, port=7998) as other:
        for one in (replica, other):
            one.sync()
            one.ack()
        wait_until(lambda: len(primary.replicas()) == 2)
        before = used_memory(primary.wire)
        write_mb(primary, 10)
        other.close()
        replica.read_to(primary.offset)
        replica.ack()
        wait_until(lambda: len(primary.replicas()) == 1)
        wait_until(lambda: used_memory(primary.wire) - before < MB)


def test_replicas_evict_nothing(command: ServerCommand) -> None:
    """What lags in a buffer counts for no key's eviction: else a slow replica would empty the primary."""
    flags = ["--repl-backlog-size", "16kb", "--maxmemory-policy", "allkeys-random"]
    with Node(command, flags) as primary, FakeReplica(primary.server) as replica:
        replica.sync()
        replica.ack()
        mset(primary.wire, [f"k:{i}" for i in range(500)], "v")
        primary.text("CONFIG", "SET", "maxmemory", used_memory(primary.wire) + 2 * MB)
        write_mb(primary, 12)
        assert primary.wire.integer("DBSIZE") == 501


@pytest.mark.more
def test_backlog_ttl(command: ServerCommand) -> None:
    """Without replicas the backlog is freed after repl-backlog-ttl seconds, and then a sync is full."""
    with Node(command, ["--repl-backlog-ttl", "1"]) as primary:
        with FakeReplica(primary.server) as replica:
            replica.sync()
            replica.ack()
            primary.text("SET", "k", "v")
            replica.expect("SELECT", 0)
            replica.expect("SET", "k", "v")
            identity, offset = replica.id, replica.offset
        with FakeReplica(primary.server) as soon:
            soon.handshake()
            assert soon.psync(identity, offset + 1) == "partial"
        wait_until(lambda: not primary.replicas())
        time.sleep(2.5)
        with FakeReplica(primary.server) as late:
            late.handshake()
            assert late.psync(identity, offset + 1) == "full"


def test_backlog_grows_and_shrinks(command: ServerCommand) -> None:
    """repl-backlog-size may be changed while the server runs."""
    with Node(command, ["--repl-backlog-size", "1mb"]) as primary, FakeReplica(primary.server) as replica:
        replica.sync()
        replica.ack()

        def partial_from(back: int) -> str:
            with FakeReplica(primary.server, port=7998) as again:
                again.handshake()
                return again.psync(replica.id, primary.offset - back)

        for _ in range(30):
            primary.text("SET", "k", BLOCKED)
        replica.read_to(primary.offset)
        replica.ack()
        assert partial_from(250_000) == "partial"
        primary.text("CONFIG", "SET", "repl-backlog-size", "32kb")
        primary.text("SET", "k", "v")
        replica.read_to(primary.offset)
        replica.ack()
        wait_until(lambda: (7999, primary.offset) in primary.replicas())
        for _ in range(4):
            primary.text("SET", "k", BLOCKED)
        assert partial_from(250_000) == "full"
        assert partial_from(10_000) == "partial"


@pytest.mark.alone
def test_full_sync_stalls_nobody(command: ServerCommand) -> None:
    """300,000 keys are sent while clients ask: none waits long, neither for the fork nor for the file."""
    with Node(command) as primary, Node(command) as replica:
        add_many(primary.wire, 300_000)
        with Probe(primary.server) as probe:
            replica.follow(primary)
            wait_for_sync(primary, replica, seconds=60)
        assert probe.longest < 0.3
        assert replica.wire.integer("DBSIZE") == 300_000


def test_snapshot_is_not_held_in_memory(command: ServerCommand) -> None:
    """The payload goes from the file in slices; a replica that takes it slowly costs no copy of it."""
    with Node(command) as primary, FakeReplica(primary.server) as replica:
        value = "".join(random.Random(1).choices(string.ascii_letters, k=20_000))
        mset(primary.wire, [f"k:{i}" for i in range(1500)], value, batch=50)
        replica.handshake()
        before = resident(primary.server.pid)
        assert replica.psync() == "full"
        time.sleep(0.7)
        assert sanitized() or resident(primary.server.pid) - before < 12 * MB, "the payload of 30 MB is in memory"
        assert len(replica.snapshot(timeout=10)) > 20 * MB


def test_writes_during_the_snapshot_are_kept(command: ServerCommand) -> None:
    """What is written while the payload is on its way comes behind it, in order."""
    with Node(command) as primary, FakeReplica(primary.server) as replica:
        value = "".join(random.Random(1).choices(string.ascii_letters, k=20_000))
        mset(primary.wire, [f"k:{i}" for i in range(400)], value, batch=50)
        replica.handshake()
        assert replica.psync() == "full"
        stop = threading.Event()

        def count() -> None:
            with Wire(primary.server) as wire:
                while not stop.is_set():
                    wire.text("INCR", "n")

        writer = threading.Thread(target=count)
        writer.start()
        time.sleep(0.2)
        replica.snapshot(timeout=10)
        stop.set()
        writer.join()
        replica.expect("SELECT", 0)
        wanted = primary.offset
        assert {tuple(words) for words in replica.read_to(wanted)} == {(b"INCR", b"n")}
        assert replica.offset == wanted


@pytest.mark.more
def test_memory_is_shown(command: ServerCommand) -> None:
    """INFO shows the backlog: its size, its first byte, how long it is."""
    with Node(command, ["--repl-backlog-size", "64kb"]) as primary, FakeReplica(primary.server) as replica:
        replica.sync()
        replica.ack()
        primary.text("SET", "k", "v")
        fields = info(primary.wire, "replication")
        assert fields["repl_backlog_active"] == "1"
        assert fields["repl_backlog_size"] == "65536"
        assert int(fields["repl_backlog_histlen"]) == primary.offset - int(fields["repl_backlog_first_byte_offset"]) + 1
        assert int(info(primary.wire, "memory")["mem_clients_slaves"]) >= 0
