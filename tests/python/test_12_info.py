"""What INFO, CLIENT and ROLE tell of a replication in each of its states, field by field beside the real server."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator

import pytest

from harness.load import info
from harness.peers import HISTORY, FakePrimary, FakeReplica
from harness.replicas import Node, wait_for_sync, wait_until
from harness.server import REAL, ServerCommand, real_command

pytestmark = [pytest.mark.since(12), pytest.mark.more]
ZEROS = "0" * 40


def fields(node: Node) -> list[tuple[str, str]]:
    """The section's fields in their order, with a word for what differs by chance."""
    known: dict[str, str] = {}
    found = []
    for name, value in info(node.wire, "replication").items():
        if re.fullmatch("[0-9a-f]{40}", value) and value != ZEROS:
            value = known.setdefault(value, f"ID {len(known) + 1}")
        elif name.endswith("port"):
            value = "a port"
        elif re.fullmatch("slave[0-9]+", name):
            value = re.sub(r"port=\d+", "port=…", re.sub(r"lag=\d+", "lag=…", value))
        elif name in ("master_last_io_seconds_ago", "master_link_down_since_seconds"):
            value = "seconds"
        found.append((name, value))
    return found


def story(command: ServerCommand) -> Iterator[list[tuple[str, str]]]:
    """A server in each state: alone, with a replica that connects, reads and acknowledges, without it; as a replica; promoted."""
    with Node(command) as node, FakePrimary() as primary:
        yield fields(node)
        node.text("SET", "k", "v")
        with FakeReplica(node.server) as replica:
            replica.handshake()
            yield fields(node)
            replica.psync()
            replica.snapshot()
            replica.ack()
            wait_until(lambda: "state=online" in info(node.wire, "replication")["slave0"])
            node.text("SET", "k", "w")
            replica.expect("SELECT", 0)
            replica.expect("SET", "k", "w")
            replica.ack()
            wait_until(lambda: f"offset={replica.offset}" in info(node.wire, "replication")["slave0"])
            yield fields(node)
        wait_until(lambda: info(node.wire, "replication")["connected_slaves"] == "0")
        node.follow(1)
        yield fields(node)
        node.follow(primary.port)
        primary.accept()
        primary.handshake()
        primary.full_sync(1000)
        wait_until(lambda: info(node.wire, "replication")["master_link_status"] == "up")
        primary.stream(("SELECT", 0), ("SET", "k", "x"))
        primary.expect_offset(primary.offset)
        yield fields(node)
        primary.accept()
        primary.handshake()
        wait_until(lambda: info(node.wire, "replication")["master_link_status"] == "down")
        yield fields(node)
        node.promote()
        yield fields(node)
        node.text("SET", "k", "y")
        yield fields(node)


@pytest.mark.not_real
def test_as_the_real_server(command: ServerCommand) -> None:
    if not shutil.which(REAL):
        pytest.skip(f"{REAL} is not installed: there is nothing to compare with")
    for number, (ours, theirs) in enumerate(zip(story(command), story(real_command()), strict=True)):
        assert ours == theirs, f"step {number}"


def test_states_of_a_replica(command: ServerCommand) -> None:
    """From wait_bgsave or send_bulk to online, with port, offset and lag."""
    with Node(command) as primary, FakeReplica(primary.server, port=7001) as replica:
        replica.handshake()
        replica.psync()
        state = info(primary.wire, "replication")["slave0"]
        assert re.fullmatch(r"ip=127\.0\.0\.1,port=7001,state=(wait_bgsave|send_bulk|online),offset=0,lag=\d+", state)
        replica.snapshot()
        replica.ack()
        wait_until(lambda: "state=online" in info(primary.wire, "replication")["slave0"])
        primary.text("SET", "k", "v")
        replica.expect("SELECT", 0)
        replica.expect("SET", "k", "v")
        replica.ack()
        wanted = f"ip=127.0.0.1,port=7001,state=online,offset={replica.offset},lag="
        wait_until(lambda: info(primary.wire, "replication")["slave0"].startswith(wanted))


def test_announced_address(command: ServerCommand) -> None:
    """A replica may name another address than the one that it is seen at."""
    flags = ["--replica-announce-ip", "192.0.2.7", "--replica-announce-port", "7777"]
    with Node(command) as primary, Node(command, flags) as replica:
        replica.follow(primary)
        wait_for_sync(primary, replica)
        assert info(primary.wire, "replication")["slave0"].startswith("ip=192.0.2.7,port=7777,state=online")
        (entry,) = primary.wire.ask("ROLE").items[2].items
        assert [item.text for item in entry.items][:2] == [b"192.0.2.7", b"7777"]


def test_clients(command: ServerCommand) -> None:
    """CLIENT LIST shows links with their flags, and CLIENT KILL ends them by their type."""
    with Node(command) as primary, Node(command) as replica:
        replica.follow(primary)
        wait_for_sync(primary, replica)
        first = listed = primary.text("CLIENT", "LIST", "TYPE", "replica")
        assert len(listed.splitlines()) == 1 and " flags=S " in listed and " cmd=replconf " in listed
        listed = replica.text("CLIENT", "LIST", "TYPE", "master")
        assert len(listed.splitlines()) == 1 and " flags=M " in listed
        assert len(primary.text("CLIENT", "LIST", "TYPE", "normal").splitlines()) == 1
        assert primary.wire.integer("CLIENT", "KILL", "TYPE", "normal") == 0
        assert replica.link == "connected"
        assert primary.wire.integer("CLIENT", "KILL", "TYPE", "replica") == 1
        # It may be back before anyone could see that it was away, but as another client.
        wait_until(lambda: primary.text("CLIENT", "LIST", "TYPE", "replica").split()[:1] not in ([], first.split()[:1]))
        wait_for_sync(primary, replica)
        assert replica.wire.integer("CLIENT", "KILL", "TYPE", "master") == 1
        wait_for_sync(primary, replica)


def test_fields_of_a_sync(command: ServerCommand) -> None:
    """While a payload comes, INFO says how far it is."""
    with Node(command) as node, FakePrimary() as primary:
        node.follow(primary.port)
        primary.accept()
        primary.handshake()
        primary.send(b"+FULLRESYNC %s 5\r\n$500000\r\nREDIS0010" % HISTORY.encode() + bytes(99_991))
        wait_until(lambda: info(node.wire, "replication")["master_sync_in_progress"] == "1")
        wait_until(lambda: info(node.wire, "replication").get("master_sync_read_bytes", "0") == "100000")
        found = info(node.wire, "replication")
        assert found["master_sync_total_bytes"] == "500000"
        assert found["master_sync_left_bytes"] == "400000"
        assert found["master_sync_perc"] == "20.00"
        assert found["master_link_status"] == "down"


def test_lines_of_the_persistent_replication(command: ServerCommand) -> None:
    """A replica that is stopped in order knows afterwards where it was: its snapshot has the ID and the offset."""
    with Node(command) as primary:
        flags = ["--replicaof", "127.0.0.1", str(primary.port), "--save", "3600 1"]
        with Node(command, flags) as replica:
            wait_for_sync(primary, replica)
            primary.text("SET", "k", "v")
            wait_for_sync(primary, replica)
            replica.text("SAVE")
            data = (replica.server.dir / "dump.rdb").read_bytes()
            assert b"\x07repl-id\x28" + info(replica.wire, "replication")["master_replid"].encode() in data
            assert b"\x0brepl-offset" in data
            replica.server.kill()
            replica.restart()
            wait_for_sync(primary, replica)
            fields_ = info(primary.wire, "stats")
            assert fields_["sync_partial_ok"] == "1", "the snapshot says where the replica was"
