"""The rest of replication: passwords, a failover by command, writes that need replicas, and programs that pose as replicas."""

from __future__ import annotations

import os
import subprocess
import threading
import time

import pytest

from harness.dataset import fill
from harness.load import Arg, info
from harness.peers import FakePrimary, FakeReplica
from harness.replicas import Node, assert_same_data, wait_for_sync, wait_until
from harness.server import Server, ServerCommand
from harness.wire import Wire

pytestmark = [pytest.mark.since(12), pytest.mark.more]


@pytest.mark.parametrize("user", ["default", "replica"])
def test_password(command: ServerCommand, user: str) -> None:
    """masterauth, and masteruser for one that isn't the default user."""
    with Node(command, ["--requirepass", "secret"]) as primary, Node(command) as replica:
        primary.password = "secret"
        if user == "replica":
            primary.text("ACL", "SETUSER", "replica", "on", ">other", "~*", "&*", "+@all")
            replica.text("CONFIG", "SET", "masteruser", "replica")
        fill(primary.wire)
        replica.follow(primary)
        time.sleep(0.3)
        assert replica.link != "connected"
        replica.text("CONFIG", "SET", "masterauth", "wrong")
        time.sleep(1.2)
        assert replica.link != "connected"
        replica.text("CONFIG", "SET", "masterauth", "secret" if user == "default" else "other")
        wait_for_sync(primary, replica)
        assert_same_data(primary, replica)


def test_words_of_a_password(command: ServerCommand) -> None:
    """AUTH stands between PING and REPLCONF."""
    with Node(command, ["--masterauth", "secret"]) as replica, FakePrimary() as primary:
        said: list[list[bytes]] = []

        def note(words: list[bytes]) -> bytes:
            said.append(words)
            return b"-NOAUTH Authentication required.\r\n" if len(said) == 1 else b""

        replica.follow(primary.port)
        primary.accept()
        primary.handshake(note)
        assert said[1] == [b"AUTH", b"secret"]


def test_stranger(command: ServerCommand) -> None:
    """Without a password a client can't become a replica."""
    with Node(command, ["--requirepass", "secret"]) as primary, FakeReplica(primary.server) as replica:
        for words in (("REPLCONF", "listening-port", 7001), ("PSYNC", "?", -1), ("SYNC",)):
            assert replica.asks(*words) == b"-NOAUTH Authentication required."


@pytest.mark.parametrize("words", [("GET", "gone"), ("SET", "k", "v"), ("PUBLISH", "c", "m")])
def test_replica_uses_keys(command: ServerCommand, words: tuple[str, ...]) -> None:
    """A replica that asks for a key is dropped, and a key whose time is over stays: its stream moves nowhere."""
    with Node(command, ["--enable-debug-command", "yes"]) as primary, FakeReplica(primary.server) as replica:
        replica.sync()
        replica.ack()
        primary.text("DEBUG", "SET-ACTIVE-EXPIRE", 0)
        primary.text("SET", "gone", "v", "PX", 1)
        time.sleep(0.01)
        before = info(primary.wire, "replication")["master_repl_offset"]
        replica.send(*words)
        wait_until(lambda: info(primary.wire, "replication")["connected_slaves"] == "0")
        assert int(info(primary.wire, "replication")["master_repl_offset"]) - int(before) in (0, 14)  # a PING
        assert primary.wire.integer("DBSIZE") == 1


def test_keys_of_a_writable_replica(command: ServerCommand) -> None:
    """It expires what was written on it, and leaves what came from the primary. No read removes anything."""
    flags = ["--enable-debug-command", "yes", "--databases", "80"]
    with Node(command, flags) as primary, Node(command, [*flags, "--replica-read-only", "no"]) as replica:
        replica.follow(primary)
        wait_for_sync(primary, replica)

        def tracked() -> int:
            return int(info(replica.wire, "stats")["slave_expires_tracked_keys"])

        primary.text("DEBUG", "SET-ACTIVE-EXPIRE", 0)
        primary.text("SET", "theirs", "v", "PX", 400)
        wait_until(lambda: replica.wire.integer("DBSIZE") == 1)
        for db in (0, 9, 70):  # those from 64 on are not noted
            replica.text("SELECT", db)
            replica.text("SET", "own", "v", "PX", 100)
            replica.text("SET", "stays", "v")
        replica.text("SELECT", 9)
        replica.text("SET", "kept", "v", "EX", 100)
        replica.wire.integer("PERSIST", "kept")
        wait_until(lambda: tracked() == 0)
        time.sleep(0.5)
        assert replica.wire.integer("DBSIZE") == 2
        replica.text("SELECT", 70)
        assert replica.wire.integer("EXISTS", "own") == 0 and replica.wire.integer("DBSIZE") == 2
        replica.text("SELECT", 0)
        assert replica.wire.ask("GET", "theirs").kind == "nil"
        assert replica.wire.integer("DBSIZE") == 2  # that, and what stays
        replica.text("SET", "own", "v", "EX", 100)
        assert tracked() == 1
        assert replica.wire.integer("APPEND", "theirs", "new") == 3  # a write finds no old value


def test_writes_need_replicas(command: ServerCommand) -> None:
    """min-replicas-to-write: with enough replicas that have acknowledged lately writes are accepted."""
    flags = ["--min-replicas-to-write", "1", "--min-replicas-max-lag", "1"]
    with Node(command, flags) as primary:
        assert primary.wire.ask("SET", "k", "v").text.startswith(b"NOREPLICAS")
        with FakeReplica(primary.server) as replica:
            replica.sync()
            replica.ack()
            wait_until(lambda: primary.wire.ask("SET", "k", "v").text == b"OK")
            assert info(primary.wire, "replication")["min_slaves_good_slaves"] == "1"
            end = time.monotonic() + 8  # it acknowledges nothing any more
            while primary.wire.ask("SET", "k", "w").text == b"OK":
                assert time.monotonic() < end
                time.sleep(0.1)
            replica.ack(0)
            wait_until(lambda: primary.wire.ask("SET", "k", "x").text == b"OK")
        # Until the primary has seen that it left, a write may still be accepted.
        wait_until(lambda: primary.wire.ask("SET", "other", "v").text.startswith(b"NOREPLICAS"))
        assert primary.wire.ask("SET", "k", "v").text.startswith(b"NOREPLICAS")
        assert primary.text("GET", "k") == "x"


def test_failover(command: ServerCommand) -> None:
    """FAILOVER waits for the replica, makes it the primary and follows it; no write is lost and no snapshot is sent."""
    with Node(command) as old, Node(command) as new, Node(command) as third:
        fill(old.wire)
        for node in (new, third):
            node.follow(old)
        wait_for_sync(old, new, third)
        acknowledged: list[int] = []
        stop = threading.Event()

        def write() -> None:
            with Wire(old.server) as wire:
                for number in range(100_000):
                    if stop.is_set() or wire.ask("SET", "n", number).text != b"OK":
                        return
                    acknowledged.append(number)

        writer = threading.Thread(target=write)
        writer.start()
        wait_until(lambda: len(acknowledged) > 50)
        assert old.text("FAILOVER", "TO", "127.0.0.1", new.port) == "OK"
        wait_until(lambda: new.role()[0] == b"master")
        wait_until(lambda: old.link == "connected")
        stop.set()
        writer.join()
        assert int(new.text("GET", "n")) >= acknowledged[-1]
        assert old.role()[2] == b"%d" % new.port
        assert info(old.wire, "replication")["master_failover_state"] == "no-failover"
        assert info(new.wire, "stats")["sync_full"] == "0"
        third.follow(new)
        new.text("SET", "after", 1)
        wait_for_sync(new, old, third)
        assert_same_data(new, old, third)


def test_failover_is_aborted(command: ServerCommand) -> None:
    """While it waits for a replica that lags, writes wait, too; ABORT lets them go."""
    with Node(command) as primary, FakeReplica(primary.server) as replica, Wire(primary.server) as writer:
        replica.sync()
        replica.ack()
        wait_until(lambda: len(primary.replicas()) == 1)
        primary.text("SET", "k", "v")
        assert primary.text("FAILOVER", "TIMEOUT", 60_000) == "OK"
        assert info(primary.wire, "replication")["master_failover_state"] == "waiting-for-sync"
        assert primary.wire.ask("FAILOVER").text == b"ERR FAILOVER already in progress."
        assert primary.wire.ask("REPLICAOF", "NO", "ONE").text == b"ERR REPLICAOF not allowed while failing over."
        writer.send(b"SET k w\r\n")
        assert not writer.connection.read_some(0.1)
        assert primary.text("GET", "k") == "v"
        assert primary.text("FAILOVER", "ABORT") == "OK"
        assert writer.reply().text == b"OK"
        assert info(primary.wire, "replication")["master_failover_state"] == "no-failover"


@pytest.mark.parametrize("forced", [False, True])
def test_failover_with_a_timeout(command: ServerCommand, forced: bool) -> None:
    """When the time is over it is given up; with FORCE it goes on without the replica's acknowledgement."""
    with Node(command) as primary, FakeReplica(primary.server, port=7001) as replica, FakePrimary() as target:
        replica.listening_port = target.port
        replica.sync()
        replica.ack()
        wait_until(lambda: len(primary.replicas()) == 1)
        primary.text("SET", "k", "v")
        words: list[Arg] = ["TO", "127.0.0.1", target.port, "FORCE", "TIMEOUT", 100] if forced else ["TIMEOUT", 100]
        assert primary.text("FAILOVER", *words) == "OK"
        if not forced:
            wait_until(lambda: info(primary.wire, "replication")["master_failover_state"] == "no-failover")
            assert primary.text("SET", "k", "w") == "OK"
            return
        target.accept()
        identity, offset = failover_psync(target)
        assert (identity, offset) == (replica.id, primary_offset(primary) + 1)
        target.go_on(offset - 1)
        wait_until(lambda: primary.link == "connected")
        assert primary.role()[0] == b"slave"


def primary_offset(node: Node) -> int:
    return int(info(node.wire, "replication")["master_repl_offset"])


def failover_psync(target: FakePrimary) -> tuple[str, int]:
    """The handshake of a primary that hands its role over: PSYNC ID OFFSET FAILOVER."""
    while True:
        words = target.asked("PING, REPLCONF or PSYNC")
        if words[0].upper() == b"PSYNC":
            assert words[3].upper() == b"FAILOVER"
            return words[1].decode(), int(words[2])
        target.send(b"+PONG\r\n" if words[0].upper() == b"PING" else b"+OK\r\n")


def test_psync_with_failover(command: ServerCommand) -> None:
    """PSYNC … FAILOVER makes a replica the primary, if it knows the ID of its primary."""
    with Node(command) as replica, FakePrimary() as primary:
        replica.follow(primary.port)
        primary.accept()
        primary.handshake()
        primary.full_sync(100)
        wait_until(lambda: replica.link == "connected")
        with FakeReplica(replica.server) as stranger:
            stranger.handshake()
            reply = stranger.asks("PSYNC", "cd" * 20, 1, "FAILOVER")
            assert reply == b"-ERR PSYNC FAILOVER replid must match my replid."
        with FakeReplica(replica.server) as former:
            former.handshake()
            reply = former.asks("PSYNC", primary.id, 101, "FAILOVER")
            assert reply.startswith(b"+CONTINUE ")
            assert replica.role()[0] == b"master"
            replica.text("SET", "k", "v")
            former.in_stream = True
            former.expect("SELECT", 0)
            former.expect("SET", "k", "v")


@pytest.mark.needs("redis-cli")
def test_redis_cli_as_a_replica(command: ServerCommand, tmp_path: os.PathLike[str]) -> None:
    """redis-cli --rdb fetches a snapshot, which another server loads; --replica shows the stream."""
    with Node(command) as primary:
        fill(primary.wire)
        file = os.path.join(tmp_path, "copy.rdb")
        done = subprocess.run(["redis-cli", "-p", str(primary.port), "--rdb", file], capture_output=True, text=True, timeout=20)
        assert done.returncode == 0, done.stdout + done.stderr
        other = Server(command)
        with open(file, "rb") as copy:
            (other.dir / "dump.rdb").write_bytes(copy.read())
        with other, Wire(other) as wire:
            wait_until(lambda: wire.ask("PING").text == b"PONG")
            assert wire.text("DEBUG", "DIGEST") == primary.text("DEBUG", "DIGEST")
        cli = subprocess.Popen(["redis-cli", "-p", str(primary.port), "--replica"], stdout=subprocess.PIPE, text=True)
        try:
            wait_until(lambda: info(primary.wire, "replication")["connected_slaves"] == "1")
            time.sleep(0.3)
            primary.text("SET", "seen", "by redis-cli")
            assert cli.stdout
            lines = [cli.stdout.readline()]
            while "seen" not in lines[-1]:
                lines.append(cli.stdout.readline())
                assert lines[-1], lines
        finally:
            cli.kill()
            cli.wait()


def test_rewritten_configuration(command: ServerCommand) -> None:
    """CONFIG REWRITE keeps whom a server follows: it starts as a replica again."""
    with Node(command) as primary:
        node = Node(command)
        node.server.config = ["maxclients 100"]
        with node as replica:
            replica.follow(primary)
            wait_for_sync(primary, replica)
            assert replica.text("CONFIG", "REWRITE") == "OK"
            lines = (replica.server.dir / "scenario.conf").read_text().splitlines()
            assert f"replicaof 127.0.0.1 {primary.port}" in lines
            replica.promote()
            assert replica.text("CONFIG", "REWRITE") == "OK"
            lines = (replica.server.dir / "scenario.conf").read_text().splitlines()
            assert not [line for line in lines if line.startswith("replicaof")]


def test_loadaof(command: ServerCommand) -> None:
    """What the log repeats is in the replicas already: none of it enters the stream, and what follows does."""
    args = ["--appendonly", "yes", "--repl-ping-replica-period", "3600"]
    with Node(command, args) as primary, Node(command) as replica:
        replica.follow(primary)
        wait_for_sync(primary, replica)
        for words in (("SETEX", "k", 100, "v"), ("GETDEL", "k"), ("INCRBYFLOAT", "n", "0.5")):
            primary.text(*words)
        wait_for_sync(primary, replica)
        offset = primary.offset
        assert primary.text("DEBUG", "LOADAOF") == "OK"
        assert primary.offset == offset
        primary.text("SET", "after", 1)
        wait_for_sync(primary, replica)
        assert_same_data(primary, replica)
