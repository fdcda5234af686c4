"""A primary, byte by byte: what it replies to a replica's handshake, what it sends, and where it counts."""

from __future__ import annotations

import random
import re
import string
import time

import pytest

from harness.dataset import fill
from harness.load import info, mset
from harness.peers import GETACK, FakeReplica
from harness.rdb import string as rdb_string
from harness.replicas import Node, wait_for_sync, wait_until
from harness.server import ServerCommand
from harness.wire import Wire, command as words_of

pytestmark = pytest.mark.since(12)
UNKNOWN = "0123456789" * 4
PINGS = re.compile(rb"\*1\r\n\$4\r\n(?i:ping)\r\n")


def test_handshake_message_by_message(command: ServerCommand) -> None:
    with Node(command) as primary, FakeReplica(primary.server) as replica:
        assert replica.asks("PING") == b"+PONG"
        assert replica.asks("REPLCONF", "listening-port", 7999) == b"+OK"
        assert replica.asks("REPLCONF", "capa", "psync2") == b"+OK"
        assert replica.psync() == "full"
        assert re.fullmatch("[0-9a-f]{40}", replica.id)
        replica.snapshot()
        primary.text("SET", "k", "v")
        replica.expect("SELECT", 0)
        replica.expect("SET", "k", "v")


def test_handshake_in_one_write(command: ServerCommand) -> None:
    """A replica sends several messages before it reads a reply."""
    with Node(command) as primary, FakeReplica(primary.server) as replica:
        replica.send_raw(
            words_of("PING") + words_of("REPLCONF", "listening-port", 7999) + words_of("REPLCONF", "capa", "eof", "capa", "psync2")
        )
        for reply in (b"+PONG", b"+OK", b"+OK"):
            assert replica.line("a reply is missing", reply.decode(), "it waits") == reply
        assert replica.psync() == "full"


def test_handshake_in_pieces_of_one_byte(command: ServerCommand) -> None:
    with Node(command) as primary, FakeReplica(primary.server) as replica:
        for words in (("PING",), ("REPLCONF", "listening-port", 7999), ("REPLCONF", "capa", "psync2")):
            replica.send_raw(words_of(*words), 1)
            assert replica.line("no reply", "+OK", "it waits") in (b"+PONG", b"+OK")
        replica.send_raw(words_of("PSYNC", "?", -1), 1)
        assert replica.line("no reply", "+FULLRESYNC", "it waits").startswith(b"+FULLRESYNC ")
        replica.snapshot()
        primary.text("SET", "k", "v")
        replica.expect("SELECT", 0)
        replica.expect("SET", "k", "v")
        replica.send_raw(words_of("REPLCONF", "ACK", replica.offset), 1)
        wait_until(lambda: primary.replicas() == [(7999, primary.offset)])


@pytest.mark.parametrize(("identity", "offset"), [("?", -1), (UNKNOWN, 1), (UNKNOWN, 100_000), ("?", 1), ("short", 5)])
def test_full_sync_for_an_unknown_history(command: ServerCommand, identity: str, offset: int) -> None:
    """Whatever it asks for: a history that the primary doesn't know gets a snapshot."""
    with Node(command) as primary, FakeReplica(primary.server) as replica:
        primary.text("SET", "k", "of the snapshot")
        replica.handshake()
        assert replica.psync(identity, offset) == "full"
        assert rdb_string(b"of the snapshot") in replica.snapshot()


def test_snapshot_and_stream_meet(command: ServerCommand) -> None:
    """A write is in the snapshot or in the stream, and never in both or in neither."""
    with Node(command) as primary, FakeReplica(primary.server) as replica:
        with Wire(primary.server) as wire:
            for number in range(3000):
                wire.text("SET", f"k:{number}", "x" * 50)
            replica.handshake()
            replica.send("PSYNC", "?", -1)
            for number in range(200):
                wire.text("INCR", "counter")
        line = replica.line("no reply", "+FULLRESYNC", "it waits")
        replica.id, replica.offset = line.split()[1].decode(), int(line.split()[2])
        snapshot = replica.snapshot(timeout=15)
        at = snapshot.find(b"counter")
        inside = 0
        if at >= 0:
            value = snapshot[at + 7 :]
            inside = value[1] if value[0] == 0xC0 else int.from_bytes(value[1:3], "little")
        if inside < 200:
            replica.expect("SELECT", 0)
        for number in range(inside, 200):
            replica.expect("INCR", "counter")
        assert replica.silent(0.1)
        end = primary.offset
        replica.read_to(end)
        assert replica.offset == end


def test_one_snapshot_for_two(command: ServerCommand) -> None:
    """A replica that comes while a child saves for another one may share its snapshot, and then also its place in the stream."""
    with Node(command) as primary, FakeReplica(primary.server) as first, FakeReplica(primary.server, port=7998) as second:
        value = "".join(random.Random(1).choices(string.ascii_letters, k=5000))
        mset(primary.wire, [f"k:{i}" for i in range(3000)], value, batch=50)
        for replica in (first, second):
            replica.handshake()
        first.send("PSYNC", "?", -1)
        for number in range(5):
            primary.text("RPUSH", "list", number)
        second.send("PSYNC", "?", -1)
        for number in range(5, 10):
            primary.text("RPUSH", "list", number)
        for replica in (first, second):
            found = re.fullmatch(rb"\+FULLRESYNC ([0-9a-f]{40}) (\d+)", replica.line("no reply", "+FULLRESYNC", "it waits", 10))
            assert found
            replica.id, replica.offset = found[1].decode(), int(found[2])
            begun = len(re.findall(rb"\x04list", replica.snapshot(timeout=10)))
            streamed = replica.read_to(primary.offset)
            pushed = [int(words[2]) for words in streamed if words[0].upper() == b"RPUSH"]
            assert pushed == list(range(10 - len(pushed), 10))
            assert begun or len(pushed) == 10, "what the snapshot lacks is in the stream"


def test_stream_counts_each_byte(command: ServerCommand) -> None:
    """The offset of ROLE is that of FULLRESYNC and the bytes of the stream."""
    with Node(command) as primary, FakeReplica(primary.server) as replica:
        replica.sync()
        begin = replica.offset
        for words in (("SET", "k", "v"), ("SET", "k", "w" * 1000), ("DEL", "k"), ("RPUSH", "list", "a", "b")):
            primary.text(*words)
        sent = [("SELECT", 0), ("SET", "k", "v"), ("SET", "k", "w" * 1000), ("DEL", "k"), ("RPUSH", "list", "a", "b")]
        for one in sent:
            replica.expect(*one)
        assert replica.offset == begin + sum(len(words_of(*one)) for one in sent)
        assert primary.offset == replica.offset


def test_effects_and_databases(command: ServerCommand) -> None:
    """The stream has effects: SELECT where the database changes, a Unix time for a duration, nothing for what changed nothing."""
    with Node(command) as primary, FakeReplica(primary.server) as replica:
        primary.text("SELECT", 3)
        primary.text("SET", "before", 1)
        replica.sync()
        primary.text("GET", "before")
        primary.text("DEL", "missing")
        primary.text("SET", "k", 1, "EX", 100)
        # It was the last database that was written to, and a replica begins in 0.
        replica.expect("SELECT", 3)
        name, key, value, option, moment = replica.command()
        assert [name.upper(), key, value, option.upper()] == [b"SET", b"k", b"1", b"PXAT"]
        assert abs(int(moment) / 1000 - time.time() - 100) < 5
        primary.text("SELECT", 0)
        primary.text("SET", "k", 1)
        primary.text("SET", "k", 2)
        replica.expect("SELECT", 0)
        replica.expect("SET", "k", 1)
        replica.expect("SET", "k", 2)
        for words in (("MULTI",), ("SET", "a", 1), ("SET", "b", 2)):
            primary.text(*words)
        primary.wire.ask("EXEC")
        for expected in (("MULTI",), ("SET", "a", 1), ("SET", "b", 2), ("EXEC",)):
            replica.expect(*expected)
        primary.text("SET", "short", 1, "PX", 30)
        replica.command()
        assert replica.command() == [b"DEL", b"short"]


def test_select_after_each_full_sync(command: ServerCommand) -> None:
    """A second replica begins in database 0, too, though the first one knows where the stream is."""
    with Node(command) as primary, FakeReplica(primary.server) as first:
        primary.text("SELECT", 7)
        first.sync()
        primary.text("SET", "k", 1)
        first.expect("SELECT", 7)
        first.expect("SET", "k", 1)
        with FakeReplica(primary.server, port=7998) as second:
            second.sync()
            primary.text("SET", "k", 2)
            second.expect("SELECT", 7)
            second.expect("SET", "k", 2)
            first.expect("SELECT", 7)
            first.expect("SET", "k", 2)
            assert first.offset == second.offset == primary.offset


def test_continue(command: ServerCommand) -> None:
    """From each offset of the backlog on, the stream goes on with the very next byte, also within a command."""
    with Node(command) as primary, FakeReplica(primary.server) as replica:
        replica.sync()
        begin = replica.offset
        for number in range(20):
            primary.text("SET", f"k:{number}", number)
        replica.expect("SELECT", 0)
        boundaries = [replica.offset]
        for number in range(20):
            replica.expect("SET", f"k:{number}", number)
            boundaries.append(replica.offset)
        replica.ack()
        stream = words_of("SELECT", 0) + b"".join(words_of("SET", f"k:{n}", n) for n in range(20))
        for offset in (boundaries[0], boundaries[7], boundaries[-1], begin, boundaries[3] + 5):
            with FakeReplica(primary.server, port=7998) as again:
                again.handshake()
                assert again.psync(replica.id, offset + 1) == "partial"
                assert again.id == replica.id
                wanted = stream[offset - begin :]
                while len(again.buffer) < len(wanted):
                    assert again.more(time.monotonic() + 3), (offset, again.buffer)
                assert PINGS.sub(b"", again.buffer) == wanted


def test_continue_outside_of_the_backlog(command: ServerCommand) -> None:
    """An offset before its first byte, or after the next one, gets a snapshot."""
    with Node(command, ["--repl-backlog-size", "16kb"]) as primary, FakeReplica(primary.server) as replica:
        replica.sync()
        begin = replica.offset
        for number in range(100):
            primary.text("SET", "k", "x" * 1000)
        replica.expect("SELECT", 0)
        for number in range(100):
            replica.expect("SET", "k", "x" * 1000)
        replica.ack()
        wait_until(lambda: primary.replicas() == [(7999, primary.offset)])
        for offset, expected in ((begin + 1, "full"), (primary.offset + 2, "full"), (primary.offset + 1, "partial"), (primary.offset - 8000, "partial")):
            with FakeReplica(primary.server, port=7998) as again:
                again.handshake()
                assert again.psync(replica.id, offset) == expected, offset - begin


def test_continue_names_the_id_only_to_those_who_know_it(command: ServerCommand) -> None:
    """Without `capa psync2` a replica expects the line without an ID."""
    with Node(command) as primary, FakeReplica(primary.server) as replica:
        replica.sync()
        primary.text("SET", "k", "v")
        replica.expect("SELECT", 0)
        replica.expect("SET", "k", "v")
        for capabilities, reply in (((), b"+CONTINUE"), (("psync2",), b"+CONTINUE " + replica.id.encode())):
            with FakeReplica(primary.server, port=7998, capabilities=capabilities) as again:
                again.handshake()
                again.send("PSYNC", replica.id, replica.offset + 1)
                assert again.line("no reply", reply.decode(), "it waits") == reply


def test_id_of_before_the_promotion(command: ServerCommand) -> None:
    """A promoted replica knows the old ID up to the offset of its promotion, and not beyond."""
    with Node(command) as old, Node(command) as new, FakeReplica(old.server) as replica:
        replica.sync()
        new.follow(old)
        wait_until(lambda: new.link == "connected")
        old.text("SET", "k", "common")
        wait_for_sync(old, new)
        replica.read_to(old.offset)
        replica.ack()
        identity, at = replica.id, replica.offset
        new.promote()
        assert new.text("SET", "k", "new") == "OK"
        for offset, expected in ((at + 1, "partial"), (at + 2, "full")):
            with FakeReplica(new.server, port=7998) as again:
                again.handshake()
                assert again.psync(identity, offset) == expected
                if expected == "partial":
                    assert again.id != identity
                    again.expect("SELECT", 0)
                    again.expect("SET", "k", "new")
                    assert again.offset == new.offset


def test_acks(command: ServerCommand) -> None:
    """ROLE shows the port that the replica named and the offset that it acknowledged. There is no reply to an ACK."""
    with Node(command) as primary, FakeReplica(primary.server, port=12345) as replica:
        replica.sync()
        primary.text("SET", "k", "v")
        replica.expect("SELECT", 0)
        replica.expect("SET", "k", "v")
        replica.ack()
        wait_until(lambda: primary.replicas() == [(12345, replica.offset)])
        replica.ack(3)
        assert replica.silent(0.1)
        assert primary.replicas() == [(12345, replica.offset)], "an offset never becomes smaller"
        replica.send_raw(b"\n\r\n")
        replica.send("REPLCONF", "ACK", replica.offset, "FACK", 0)
        assert replica.silent(0.1)
        assert primary.replicas() == [(12345, replica.offset)]


def test_ping_in_the_stream(command: ServerCommand) -> None:
    """Where no client writes, PING keeps the links alive, and it counts."""
    with Node(command, ["--repl-ping-replica-period", "1"]) as primary, FakeReplica(primary.server) as replica:
        replica.sync()
        replica.ack()
        begin = replica.offset
        wait_until(lambda: primary.offset > begin)
        assert replica.words("no PING", "PING", "it closes the link") [0].upper() == b"PING"
        assert replica.offset == begin + 14
        primary.text("SET", "k", "v")
        replica.expect("SELECT", 0)
        replica.expect("SET", "k", "v")
        assert primary.offset == replica.offset


def test_getack_for_wait(command: ServerCommand) -> None:
    """WAIT puts one GETACK into the stream for all who wait, and its 37 bytes count."""
    with Node(command) as primary, FakeReplica(primary.server) as replica, Wire(primary.server) as other:
        replica.sync()
        replica.ack()
        primary.text("SET", "k", "v")
        other.text("SET", "k", "w")
        for wire in (primary.wire, other):
            wire.send(words_of("WAIT", 1, 2000))
        replica.expect("SELECT", 0)
        replica.expect("SET", "k", "v")
        replica.expect("SET", "k", "w")
        before = replica.offset
        replica.expect("REPLCONF", "GETACK", "*")
        assert replica.offset == before + len(GETACK)
        replica.ack(before)
        assert int(primary.wire.reply().text) == int(other.reply().text) == 1


def test_acks_get_no_reply(command: ServerCommand) -> None:
    """On the link no reply may stand between the bytes of the stream: ACK and GETACK get none, whatever they say."""
    with Node(command) as primary, FakeReplica(primary.server) as replica:
        replica.sync()
        replica.ack()
        replica.send("REPLCONF", "GETACK", "*")
        replica.send("REPLCONF", "ACK", "nonsense")
        replica.send("REPLCONF", "ACK", -1)
        assert replica.silent(0.1)
        primary.text("SET", "k", "v")
        replica.expect("SELECT", 0)
        replica.expect("SET", "k", "v")


def test_psync_twice(command: ServerCommand) -> None:
    """A second PSYNC on a link that has a stream already changes nothing."""
    with Node(command) as primary, FakeReplica(primary.server) as replica:
        replica.sync()
        replica.send("PSYNC", "?", -1)
        primary.text("SET", "k", "v")
        replica.expect("SELECT", 0)
        replica.expect("SET", "k", "v")


@pytest.mark.more
@pytest.mark.parametrize("words", [("PING",), ("SET", "k", "v"), ("NOSUCH",), ("REPLCONF", "capa", "eof"), ("MULTI",)])
def test_replica_that_causes_a_reply(command: ServerCommand, words: tuple[str, ...]) -> None:
    """A reply would be taken for a part of the stream: the link is closed, and not a byte of it is sent."""
    with Node(command) as primary, FakeReplica(primary.server) as replica:
        replica.sync()
        replica.ack()
        replica.send(*words)
        assert replica.until_closed()
        assert b"+" not in replica.buffer
        assert b"-" not in replica.buffer
        assert primary.text("EXISTS", "k") == "0"


@pytest.mark.more
def test_replica_that_ends_its_own_save(command: ServerCommand) -> None:
    """The child that saves for it is stopped by a command of its own: the link is closed, and the server goes on."""
    with Node(command) as primary, FakeReplica(primary.server) as replica:
        fill(primary.wire)
        replica.send_raw(words_of("PSYNC", "?", -1) + words_of("DEBUG", "RELOAD"))
        assert replica.until_closed()
        assert primary.text("PING") == "PONG"


@pytest.mark.more
def test_monitor_is_no_replica(command: ServerCommand) -> None:
    """Who watches has a stream already: PSYNC and SYNC get no reply and change nothing."""
    with Node(command) as primary, Wire(primary.server) as monitor:
        assert monitor.text("MONITOR") == "OK"
        monitor.send(words_of("PSYNC", "?", -1) + words_of("SYNC"))
        time.sleep(0.2)
        primary.text("SET", "k", "v")
        assert monitor.lines(1).endswith(b'"SET" "k" "v"')


@pytest.mark.parametrize("offset", [-(2**63), 2**63 - 1, 0])
def test_offsets_that_are_none(command: ServerCommand, offset: int) -> None:
    """Of its own history, too, there is nothing before the first byte, nor far behind the last."""
    with Node(command) as primary, FakeReplica(primary.server) as first, FakeReplica(primary.server) as second:
        first.sync()
        second.handshake()
        assert second.psync(first.id, offset) == "full"


def test_replica_that_leaves(command: ServerCommand) -> None:
    """In each state a replica may close its link: the primary serves on."""
    with Node(command) as primary:
        for number in range(2000):
            primary.wire.send(words_of("SET", f"k:{number}", "x" * 500))
        for number in range(2000):
            primary.wire.reply()
        for state in ("connected", "asked", "half of the snapshot", "online"):
            replica = FakeReplica(primary.server)
            replica.handshake()
            if state != "connected":
                assert replica.psync() == "full"
            if state == "half of the snapshot":
                replica.line("no snapshot", "$length", "it waits")
                replica.more(time.monotonic() + 0.1)
            if state == "online":
                replica.snapshot()
                replica.ack()
            replica.close()
            assert primary.text("SET", "k", state) == "OK"
            wait_until(lambda: not primary.replicas())


def test_a_replica_of_a_replica_gets_the_same_bytes(command: ServerCommand) -> None:
    """A replica passes the stream on as it came: the same ID, the same offsets."""
    with Node(command) as primary, Node(command) as middle:
        middle.follow(primary)
        wait_for_sync(primary, middle)
        with FakeReplica(primary.server) as above, FakeReplica(middle.server) as below:
            above.sync()
            primary.text("SET", "first", 1)
            wait_for_sync(primary, middle)
            below.sync()
            for words in (("SET", "k", "v"), ("RPUSH", "list", "a"), ("SET", "k", "w")):
                primary.text(*words)
            above.read_to(primary.offset)
            wait_until(lambda: middle.offset == above.offset)
            below.read_to(above.offset)
            assert below.offset == above.offset and below.id == above.id
            assert above.said[-2].split("replica")[0] == below.said[-2].split("replica")[0]
            assert middle.wire.ask("SET", "k", "x").text.startswith(b"READONLY")


@pytest.mark.more
def test_old_sync(command: ServerCommand) -> None:
    """SYNC gets the snapshot at once, and the stream after it."""
    with Node(command) as primary, FakeReplica(primary.server) as replica:
        replica.send_raw(b"SYNC\r\n")
        assert replica.snapshot()
        primary.text("SET", "k", "v")
        replica.expect("SELECT", 0)
        replica.expect("SET", "k", "v")
        assert info(primary.wire, "replication")["connected_slaves"] == "1"
