"""Links that are cut, servers that are killed, and roles that change: what is sent again, and what is not."""

from __future__ import annotations

import contextlib
import os
import random
import string
import threading
import time

import pytest

from harness.dataset import fill
from harness.load import info, mset
from harness.peers import FakeReplica
from harness.replicas import Node, Proxy, assert_same_data, wait_for_sync, wait_until
from harness.server import ServerCommand, real_command
from harness.wire import Wire
from harness.writes import random_writes, write

pytestmark = pytest.mark.since(12)
LARGE = 2500  # so many values of 2 KB are more than the buffers of a socket hold


def fill_large(node: Node, count: int = LARGE) -> None:
    """Values that LZF can't compress."""
    value = "".join(random.Random(1).choices(string.ascii_letters + string.digits, k=2000))
    mset(node.wire, [f"large:{i}" for i in range(count)], value, batch=50)


@pytest.mark.needs("redis-server")
@pytest.mark.parametrize("upstream", ["ours", "real"])
def test_cut_at_random(command: ServerCommand, upstream: str) -> None:
    """The backlog has what a replica misses, so each sync but the first is partial. Nothing is lost and nothing comes twice."""
    first = command if upstream == "ours" else real_command()
    with Node(first) as primary, Node(command) as replica, Proxy(primary) as proxy:
        chance = random.Random(12)
        fill(primary.wire)
        replica.follow(proxy)
        wait_for_sync(primary, replica)
        for cut in range(3):
            proxy.cut_after = proxy.passed + 1 + chance.randrange(3000)
            write(primary.wire, random_writes(cut, 200, command.core))
            wait_until(lambda: not proxy.cut_after, "the link was not used")
            for _ in range(100):
                primary.text("INCR", "counter")
            wait_for_sync(primary, replica)
        assert proxy.syncs() == ["full", "partial", "partial", "partial"]
        assert primary.text("GET", "counter") == replica.text("GET", "counter")
        wait_until(lambda: primary.wire.integer("DBSIZE") == len(primary.wire.ask("KEYS", "*").items))
        wait_for_sync(primary, replica)


def test_backlog_is_too_small(command: ServerCommand) -> None:
    """What a replica misses is not in the backlog any more: it gets a snapshot."""
    with Node(command, ["--repl-backlog-size", "20kb"]) as primary, Node(command) as replica, Proxy(primary) as proxy:
        replica.follow(proxy)
        wait_for_sync(primary, replica)
        proxy.refuses = True
        proxy.cut()
        for number in range(100):
            primary.text("SET", f"k:{number}", "x" * 1000)
        proxy.refuses = False
        wait_for_sync(primary, replica)
        assert proxy.syncs() == ["full", "full"]
        assert_same_data(primary, replica)


def test_backlog_that_suffices_just(command: ServerCommand) -> None:
    """A backlog of 200 KB keeps 150 KB that a replica misses."""
    with Node(command, ["--repl-backlog-size", "200kb"]) as primary, Node(command) as replica, Proxy(primary) as proxy:
        replica.follow(proxy)
        wait_for_sync(primary, replica)
        for number in range(300):  # it goes around
            primary.text("SET", "k", "y" * 1000)
        wait_for_sync(primary, replica)
        proxy.refuses = True
        proxy.cut()
        for number in range(150):
            primary.text("SET", f"k:{number}", "x" * 960)
        proxy.refuses = False
        wait_for_sync(primary, replica)
        assert proxy.syncs() == ["full", "partial"]
        assert_same_data(primary, replica)


def test_primary_is_killed(command: ServerCommand) -> None:
    """The replica serves what it has, and syncs with what comes back on that port."""
    with Node(command) as primary, Node(command) as replica:
        primary.text("SET", "k", "before")
        primary.text("SAVE")
        replica.follow(primary)
        wait_for_sync(primary, replica)
        primary.text("SET", "unsaved", 1)
        wait_for_sync(primary, replica)
        primary.server.kill()
        wait_until(lambda: replica.link != "connected")
        assert replica.text("GET", "unsaved") == "1"
        primary.restart()
        wait_for_sync(primary, replica)
        assert replica.wire.integer("EXISTS", "unsaved") == 0
        assert replica.text("GET", "k") == "before"
        assert primary.text("SET", "k", "after") == "OK"
        wait_for_sync(primary, replica)
        assert_same_data(primary, replica)


def test_replica_is_killed_in_a_full_sync(command: ServerCommand) -> None:
    """The primary goes on, the next try succeeds, and no part of a payload was taken for the data."""
    with Node(command) as primary, Node(command) as replica, Proxy(primary) as proxy:
        fill_large(primary)
        replica.text("SET", "own", 1)
        replica.text("SAVE")
        proxy.cut_after = 3_000_000
        replica.follow(proxy)
        wait_until(lambda: proxy.passed > 100_000 or not proxy.cut_after)
        replica.server.kill()
        assert primary.text("SET", "k", "v") == "OK"
        wait_until(lambda: not primary.replicas())
        replica.restart([])
        assert replica.text("GET", "own") == "1"
        assert replica.wire.integer("DBSIZE") == 1
        proxy.cut_after = 0
        replica.follow(proxy)
        wait_for_sync(primary, replica)
        assert_same_data(primary, replica)


def test_link_is_cut_in_a_full_sync(command: ServerCommand) -> None:
    """Both go on; the replica keeps its data until a snapshot has come whole, and begins anew by itself."""
    with Node(command) as primary, Node(command) as replica, Proxy(primary, cut_after=2_000_000, then_refuses=True) as proxy:
        fill_large(primary)
        replica.text("SET", "own", 1)
        replica.follow(proxy)
        wait_until(lambda: not proxy.cut_after)
        wait_until(lambda: replica.link in ("connect", "connecting"))
        assert replica.text("GET", "own") == "1"
        assert not list(replica.server.dir.glob("temp-*"))
        proxy.refuses = False
        wait_for_sync(primary, replica)
        assert proxy.syncs() == ["full", "full"]
        assert_same_data(primary, replica)


def test_promoted_and_back(command: ServerCommand) -> None:
    """REPLICAOF NO ONE shifts the ID, and a server that followed the same primary goes on with what it has."""
    # A PING after the promotion would be something that the new primary lacks.
    with Node(command, ["--repl-ping-replica-period", "3600"]) as old, Node(command) as new, Node(command) as third:
        fill(old.wire)
        for node in (new, third):
            node.follow(old)
        wait_for_sync(old, new, third)
        write(old.wire, random_writes(1, 200, command.core))
        wait_for_sync(old, new, third)
        new.promote()
        assert new.role()[0] == b"master"
        assert new.text("SET", "k", "new") == "OK"
        with Proxy(new) as proxy:
            third.follow(proxy)
            wait_for_sync(new, third)
            assert proxy.syncs() == ["partial"]
            # The former primary has nothing that the new one lacks, and offers its own ID and offset.
            old.follow(proxy)
            wait_for_sync(new, old)
            assert proxy.syncs() == ["partial", "partial"]
            assert len({identity for identity, _ in proxy.asked()}) == 1
            assert_same_data(new, old, third)


def test_former_primary_has_more(command: ServerCommand) -> None:
    """It was written to after the other's promotion: its offset is not of the common history, so it gets all."""
    with Node(command) as old, Node(command) as new:
        fill(old.wire)
        new.follow(old)
        wait_for_sync(old, new)
        new.promote()
        for number in range(20):
            old.text("SET", f"lost:{number}", number)
        new.text("SET", "k", "new")
        with Proxy(new) as proxy:
            old.follow(proxy)
            wait_for_sync(new, old)
            assert proxy.syncs() == ["full"]
            assert old.wire.integer("EXISTS", "lost:1") == 0
            assert_same_data(new, old)


def test_no_one_and_back(command: ServerCommand) -> None:
    """A replica that is promoted and follows the same primary again, without a write of its own, needs no snapshot."""
    with Node(command) as primary, Node(command) as replica, Proxy(primary) as proxy:
        fill(primary.wire)
        replica.follow(proxy)
        wait_for_sync(primary, replica)
        replica.promote()
        wait_until(lambda: not primary.replicas())
        primary.text("SET", "k", "v")
        replica.follow(proxy)
        wait_for_sync(primary, replica)
        syncs = proxy.syncs()
        # It offers the ID that it was given when it was promoted, which the primary does not know.
        assert syncs[0] == "full" and len(syncs) == 2
        assert_same_data(primary, replica)


def test_chain_is_cut_above(command: ServerCommand) -> None:
    """The middle of a chain loses its primary and comes back; the last keeps its link, and gets what was missed."""
    with Node(command) as first, Node(command) as middle, Node(command) as last, Proxy(first) as above, Proxy(middle) as below:
        fill(first.wire)
        middle.follow(above)
        last.follow(below)
        wait_for_sync(first, middle, last)
        links = len(below.heads)
        for cut in range(2):
            above.cut()
            write(first.wire, random_writes(cut, 100, command.core))
            wait_for_sync(first, middle, last)
        assert above.syncs() == ["full", "partial", "partial"]
        assert len(below.heads) == links
        first.text("SET", "end", 1)
        wait_for_sync(first, middle, last)
        assert last.text("GET", "end") == "1"


def test_chain_follows_a_promotion(command: ServerCommand) -> None:
    """The middle is promoted: the last goes on without a snapshot."""
    with Node(command) as first, Node(command) as middle, Node(command) as last, Proxy(middle) as below:
        fill(first.wire)
        middle.follow(first)
        last.follow(below)
        wait_for_sync(first, middle, last)
        middle.promote()
        middle.text("SET", "k", "of the middle")
        wait_for_sync(middle, last)
        assert last.text("GET", "k") == "of the middle"
        assert below.syncs().count("full") == 1
        assert_same_data(middle, last)


def test_another_primary(command: ServerCommand) -> None:
    """A replica that is told to follow another primary has its data afterwards, and so has what follows the replica."""
    with Node(command) as one, Node(command) as other, Node(command) as replica, Node(command) as below:
        one.text("SET", "of", "one")
        other.text("SET", "of", "other")
        replica.follow(one)
        below.follow(replica)
        wait_for_sync(one, replica, below)
        replica.follow(other)
        wait_until(lambda: below.text("GET", "of") == "other")
        wait_for_sync(other, replica, below)
        assert_same_data(other, replica, below)


@pytest.mark.more
@pytest.mark.parametrize("words", [("DEBUG", "RELOAD"), ("FLUSHALL",)])
def test_another_save_ends_the_snapshot(command: ServerCommand, words: tuple[str, ...]) -> None:
    """A replica waits for a child, and another save takes its place: that file has more than the replica's place in the stream."""
    delay = ["--rdb-key-save-delay", "50000", "--save", "3600 1", "--enable-debug-command", "yes"]
    with Node(command, delay) as primary, Node(command) as replica:
        for number in range(40):
            primary.text("SET", f"k:{number}", "v")
        replica.follow(primary)
        wait_until(lambda: "state=wait_bgsave" in primary.text("INFO", "replication"))
        primary.text("INCR", "counter")
        primary.text("CONFIG", "SET", "rdb-key-save-delay", 0)
        assert primary.text(*words) == "OK"
        primary.text("INCR", "counter")
        wait_for_sync(primary, replica)
        assert_same_data(primary, replica)


def test_restart_of_a_replica(command: ServerCommand) -> None:
    """It comes back with its snapshot and follows again, by the flag that it was started with. Of what it loads, no key has
    expired before the primary says so: the stream may go on with a command that the primary executed in time."""
    with Node(command) as primary:
        primary.text("SET", "k", "v")
        primary.text("SET", "short", "v", "PX", 3000)
        with Node(command, ["--replicaof", "127.0.0.1", str(primary.port)]) as replica:
            wait_for_sync(primary, replica)
            replica.server.terminate()
            primary.text("SET", "k", "w")
            assert primary.wire.integer("PERSIST", "short") == 1
            time.sleep(3.1)
            replica.restart()
            wait_for_sync(primary, replica)
            assert replica.text("GET", "k") == "w"
            assert replica.text("GET", "short") == "v"


def test_replica_with_a_log(command: ServerCommand) -> None:
    """After a full sync its log holds what came, and nothing of before: a kill loses nothing."""
    flags = ["--appendonly", "yes", "--appendfsync", "always"]
    with Node(command) as primary, Node(command, flags) as replica:
        replica.text("SET", "own", 1)
        fill(primary.wire)
        log = replica.server.dir / "appendonlydir"
        before = {path.name for path in log.glob("*.base.*")}
        replica.follow(primary)
        wait_for_sync(primary, replica)
        primary.text("SET", "streamed", 1)
        wait_for_sync(primary, replica)
        wait_until(lambda: (names := {path.name for path in log.glob("*.base.*")}) and not names & before)
        wait_until(lambda: b"temp" not in b"".join(os.fsencode(p.name) for p in replica.server.dir.iterdir()))
        time.sleep(0.3)
        replica.server.kill()
        replica.restart()
        wait_until(lambda: replica.wire.ask("PING").text == b"PONG")
        assert replica.wire.integer("EXISTS", "own") == 0
        assert replica.text("GET", "streamed") == "1"
        assert_same_data(primary, replica)


@pytest.mark.more
def test_log_of_other_data_gets_no_effects(command: ServerCommand) -> None:
    """A replica that is killed after the sync, before its log was rewritten, finds its old data: all, and nothing else."""
    with Node(command) as primary, Node(command, ["--appendonly", "yes"]) as replica:
        for number in range(20):
            replica.text("SET", f"own:{number}", "v")
            primary.text("SET", f"k:{number}", "v")
        replica.text("SET", "counter", 100)
        primary.text("SET", "counter", 5)
        replica.text("CONFIG", "SET", "rdb-key-save-delay", 200_000)
        replica.follow(primary)
        wait_until(lambda: replica.link == "connected")
        assert primary.text("INCR", "counter") == "6"
        wait_for_sync(primary, replica)
        wait_until(lambda: info(replica.wire, "persistence")["aof_rewrite_in_progress"] == "1")
        time.sleep(1.2)  # so that the log of what was written is on disk
        replica.server.kill()
        replica.restart()
        wait_until(lambda: info(replica.wire, "persistence")["loading"] == "0")
        assert replica.text("GET", "counter") == "100"
        assert replica.text("DBSIZE") == "21"


def test_timeout_of_a_silent_replica(command: ServerCommand) -> None:
    """A replica that acknowledges nothing for repl-timeout seconds is dropped."""
    with Node(command, ["--repl-timeout", "2"]) as primary, FakeReplica(primary.server) as replica:
        replica.sync()
        replica.ack()
        wait_until(lambda: len(primary.replicas()) == 1)
        began = time.monotonic()
        assert replica.until_closed(8)
        assert 1 < time.monotonic() - began < 6
        assert not primary.replicas()


def test_writes_while_links_are_cut(command: ServerCommand) -> None:
    """Clients write all the time while the link is cut every 200 ms. At the end the data is the same."""
    with Node(command) as primary, Node(command) as replica, Proxy(primary) as proxy:
        replica.follow(proxy)
        wait_for_sync(primary, replica)
        stop = threading.Event()

        def write_on() -> None:
            with Wire(primary.server) as wire:
                number = 0
                while not stop.is_set():
                    number += 1
                    wire.text("RPUSH", "list", number)
                    time.sleep(0.001)

        writer = threading.Thread(target=write_on)
        writer.start()
        with contextlib.ExitStack() as stack:
            stack.callback(writer.join)
            stack.callback(stop.set)
            for _ in range(3):
                time.sleep(0.2)
                proxy.cut()
                wait_until(lambda: replica.link == "connected")
        wait_for_sync(primary, replica)
        assert replica.text("LRANGE", "list", 0, -1) == primary.text("LRANGE", "list", 0, -1)
        assert proxy.syncs().count("full") == 1


@pytest.mark.more
def test_syncs_are_counted(command: ServerCommand) -> None:
    """INFO has how many syncs were full, how many partial, and how many wanted to be."""
    with Node(command, ["--repl-backlog-size", "16kb"]) as primary, Node(command) as replica, Proxy(primary) as proxy:
        replica.follow(proxy)
        wait_for_sync(primary, replica)
        proxy.cut()
        wait_until(lambda: len(proxy.syncs()) == 2)
        wait_for_sync(primary, replica)
        proxy.refuses = True
        proxy.cut()
        for number in range(60):
            primary.text("SET", f"k:{number}", "x" * 1000)
        proxy.refuses = False
        wait_until(lambda: len(proxy.syncs()) == 3)
        wait_for_sync(primary, replica)
        fields = info(primary.wire, "stats")
        in_vain = sum(identity != "?" for identity, _ in proxy.asked()) - 1
        assert [fields[name] for name in ("sync_full", "sync_partial_ok", "sync_partial_err")] == ["2", "1", str(in_vain)]
