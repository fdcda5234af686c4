"""A replica, byte by byte: what it sends in its handshake, what it takes from a primary, and which offsets it acknowledges."""

from __future__ import annotations

import time

import pytest

from harness.load import Arg
from harness.peers import HISTORY, KEEP_ALIVE, FakePrimary, FakeReplica
from harness.rdb import file_with, string
from harness.replicas import Node, Proxy, wait_for_sync, wait_until
from harness.server import ServerCommand, real_command
from harness.wire import command as words_of

pytestmark = pytest.mark.since(12)
ONE_KEY = file_with(0, string(b"v"), b"k")
OTHER = "cd" * 20


@pytest.fixture
def primary() -> FakePrimary:
    return FakePrimary()


def connected(replica: Node, primary: FakePrimary) -> tuple[str, int]:
    """The replica is told to follow, and has done its handshake; what PSYNC asks for."""
    replica.follow(primary.port)
    primary.accept()
    return primary.handshake()


def processed(replica: Node, primary: FakePrimary) -> None:
    """Waits until the replica has executed all of the stream."""
    wait_until(lambda: replica.offset == primary.offset, "the replica is not where the stream is")


def synced(replica: Node, primary: FakePrimary, snapshot: bytes = ONE_KEY, offset: int = 0) -> None:
    connected(replica, primary)
    primary.full_sync(offset, snapshot)
    wait_until(lambda: replica.link == "connected")


def test_hello_tells_the_role(command: ServerCommand, primary: FakePrimary) -> None:
    """HELLO says whether the server follows another, also before the link is up."""
    def role() -> bytes:
        reply = replica.wire.ask("HELLO", 2).items
        return reply[[item.text for item in reply].index(b"role") + 1].text

    with Node(command) as replica, primary:
        assert role() == b"master"
        replica.follow(primary.port)
        assert role() == b"replica"
        replica.text("REPLICAOF", "NO", "ONE")
        assert role() == b"master"


def test_handshake(command: ServerCommand, primary: FakePrimary) -> None:
    """PING, then REPLCONF with its port and what it is capable of, then PSYNC."""
    with Node(command) as replica, primary:
        replica.follow(primary.port)
        primary.accept()
        said: list[list[bytes]] = []

        def note(words: list[bytes]) -> bytes:
            said.append([word.lower() for word in words])
            return b""

        identity, offset = primary.handshake(note)
        assert said[0] == [b"ping"]
        options = {(words[at], words[at + 1]) for words in said[1:] for at in range(1, len(words), 2)}
        assert all(words[0] == b"replconf" for words in said[1:])
        assert (b"listening-port", b"%d" % replica.port) in options
        assert (b"capa", b"psync2") in options
        # It was a primary until now, so it may offer its own history.
        assert (identity, offset) == ("?", -1) or (len(identity) == 40 and offset == 1)


@pytest.mark.parametrize("eof", [False, pytest.param(True, marks=pytest.mark.more)], ids=["length", "mark"])
@pytest.mark.parametrize("piece", [0, 1], ids=["whole", "bytes"])
def test_payload_and_stream(command: ServerCommand, primary: FakePrimary, eof: bool, piece: int) -> None:
    """Both forms of a payload, in pieces of one byte and as they come, and then the stream."""
    with Node(command) as replica, primary:
        replica.text("SET", "own", 1)
        primary.piece = piece
        connected(replica, primary)
        primary.full_sync(1000, ONE_KEY, eof)
        wait_until(lambda: replica.link == "connected")
        assert replica.text("GET", "k") == "v"
        assert replica.wire.integer("DBSIZE") == 1
        primary.stream(("SELECT", 0), ("SET", "a", 1))
        primary.stream(("RPUSH", "list", "x" * 300))
        primary.expect_offset(primary.offset)
        assert replica.offset == primary.offset
        assert replica.text("GET", "a") == "1"
        assert replica.wire.integer("LLEN", "list") == 1


def test_all_in_one_write(command: ServerCommand, primary: FakePrimary) -> None:
    """The reply to PSYNC, the payload and the first commands come at once: where one ends the next begins."""
    with Node(command) as replica, primary:
        connected(replica, primary)
        stream = words_of("SELECT", 0) + words_of("SET", "a", 1) + words_of("INCR", "a")
        primary.send(b"+FULLRESYNC %s 7\r\n$%d\r\n" % (HISTORY.encode(), len(ONE_KEY)) + ONE_KEY + stream)
        primary.offset, primary.in_stream = 7 + len(stream), True
        processed(replica, primary)
        assert replica.text("GET", "a") == "2"
        assert replica.text("GET", "k") == "v"
        primary.stream(("INCR", "a"))
        primary.get_ack()
        assert replica.text("GET", "a") == "3"


def test_keep_alive(command: ServerCommand, primary: FakePrimary) -> None:
    """Empty lines stand between the messages while a primary is busy; in the stream they count."""
    with Node(command) as replica, primary:
        connected(replica, primary)
        primary.send_raw(KEEP_ALIVE * 3)
        primary.send(b"+FULLRESYNC %s 0\r\n" % HISTORY.encode())
        for _ in range(3):
            primary.send_raw(KEEP_ALIVE)
            time.sleep(0.02)
        primary.send(b"$%d\r\n" % len(ONE_KEY) + ONE_KEY)
        primary.in_stream = True
        wait_until(lambda: replica.link == "connected")
        primary.stream(("SELECT", 0), ("SET", "a", 1))
        primary.stream_raw(b"\n\r\n\n")
        primary.stream(("SET", "b", 1))
        processed(replica, primary)
        assert replica.text("GET", "b") == "1"


def test_getack(command: ServerCommand, primary: FakePrimary) -> None:
    """The reply has the offset before GETACK; the next one includes its 37 bytes."""
    with Node(command) as replica, primary:
        synced(replica, primary, offset=500)
        for _ in range(3):
            primary.get_ack()
        primary.stream(("SELECT", 0), ("SET", "a", 1))
        primary.get_ack()
        primary.stream(("PING",))
        primary.get_ack()
        primary.stream(("set", "A", 1), ("ping",))  # names in any case
        primary.get_ack()
        assert replica.offset == primary.offset


def test_acks_come_each_second(command: ServerCommand, primary: FakePrimary) -> None:
    with Node(command) as replica, primary:
        synced(replica, primary)
        primary.drain()
        primary.acknowledged()
        began = time.monotonic()
        assert primary.acknowledged() == primary.acknowledged() == 0
        assert 1.2 < time.monotonic() - began < 3


def test_offset_in_a_transaction(command: ServerCommand, primary: FakePrimary) -> None:
    """What was queued is not processed: the offset moves at EXEC."""
    with Node(command) as replica, primary:
        synced(replica, primary)
        primary.stream(("SELECT", 0), ("SET", "a", 1))
        processed(replica, primary)
        before = replica.offset
        primary.stream(("MULTI",), ("SET", "a", 2), ("SET", "b", 2))
        time.sleep(0.1)
        assert replica.text("GET", "a") == "1"
        assert replica.offset == before
        primary.stream(("EXEC",))
        processed(replica, primary)
        assert replica.text("GET", "a") == "2"
        primary.get_ack()


def test_half_a_command_is_no_command(command: ServerCommand, primary: FakePrimary) -> None:
    """The link ends within a command: the replica asks for it from its first byte on, and executes it once."""
    with Node(command) as replica, primary:
        synced(replica, primary, offset=10)
        primary.stream(("SELECT", 0), ("SET", "n", 1))
        at = primary.offset
        whole = words_of("INCR", "n")
        primary.stream_raw(whole[:9])
        time.sleep(0.1)
        assert replica.offset == at
        primary.accept()
        assert primary.handshake() == (HISTORY, at + 1)
        primary.go_on(at)
        primary.stream(("INCR", "n"))
        processed(replica, primary)
        assert replica.text("GET", "n") == "2"


def test_half_a_transaction(command: ServerCommand, primary: FakePrimary) -> None:
    """The link ends within a transaction: nothing of it was executed, and it is asked for from MULTI on."""
    with Node(command) as replica, primary:
        synced(replica, primary)
        primary.stream(("SELECT", 0), ("SET", "n", 1))
        at = primary.offset
        primary.stream(("MULTI",), ("INCR", "n"))
        time.sleep(0.1)
        primary.accept()
        assert primary.handshake() == (HISTORY, at + 1)
        primary.go_on(at)
        primary.stream(("MULTI",), ("INCR", "n"), ("INCR", "n"), ("EXEC",))
        processed(replica, primary)
        assert replica.text("GET", "n") == "3"


@pytest.mark.parametrize("named", ["same", "other", "none"])
def test_continue(command: ServerCommand, primary: FakePrimary, named: str) -> None:
    """+CONTINUE may name an ID: another one than before is that of a promoted replica, and is used from then on."""
    with Node(command) as replica, primary:
        synced(replica, primary, offset=100)
        primary.stream(("SELECT", 3), ("SET", "a", 1))
        processed(replica, primary)
        at = primary.offset
        primary.accept()
        assert primary.handshake() == (HISTORY, at + 1)
        primary.go_on(at, {"same": HISTORY, "other": OTHER, "none": None}[named])
        primary.stream(("SET", "b", 2))  # the database of before is still selected
        processed(replica, primary)
        replica.text("SELECT", 3)
        assert replica.text("GET", "b") == "2"
        primary.accept()
        assert primary.handshake() == (OTHER if named == "other" else HISTORY, primary.offset + 1)


@pytest.mark.parametrize("reply", ["-NOMASTERLINK Can't SYNC while not connected with my master", "-LOADING Redis is loading the dataset in memory"])
def test_not_yet(command: ServerCommand, primary: FakePrimary, reply: str) -> None:
    """A primary that can't serve yet is asked again."""
    with Node(command) as replica, primary:
        connected(replica, primary)
        primary.send(reply.encode() + b"\r\n")
        primary.accept()
        primary.handshake()
        primary.full_sync(0, ONE_KEY)
        wait_until(lambda: replica.text("GET", "k") == "v")


@pytest.mark.parametrize("where", ["before PSYNC", "after PSYNC", "in the payload", "a bad payload"])
def test_link_that_breaks(command: ServerCommand, primary: FakePrimary, where: str) -> None:
    """The replica tries again, and what it has stays until a payload has come whole and is valid."""
    with Node(command) as replica, primary:
        replica.text("SET", "own", 1)
        replica.follow(primary.port)
        primary.accept()
        if where != "before PSYNC":
            primary.handshake()
            primary.send(b"+FULLRESYNC %s 0\r\n" % HISTORY.encode())
            if where == "in the payload":
                primary.send(b"$%d\r\n" % len(ONE_KEY) + ONE_KEY[:-3])
            if where == "a bad payload":
                primary.send(b"$20\r\nREDIS9999" + bytes(11))
        time.sleep(0.05)
        primary.close()
        if where != "a bad payload":
            assert replica.text("GET", "own") == "1"
        primary.accept()
        primary.handshake()
        primary.full_sync(0, ONE_KEY)
        wait_until(lambda: replica.link == "connected")
        assert replica.text("GET", "k") == "v"
        assert replica.wire.integer("EXISTS", "own") == 0


def test_silent_primary(command: ServerCommand, primary: FakePrimary) -> None:
    """A primary that says nothing for repl-timeout seconds is asked anew."""
    with Node(command, ["--repl-timeout", "2"]) as replica, primary:
        synced(replica, primary)
        began = time.monotonic()
        primary.sock, old = None, primary.sock
        primary.accept(timeout=8)
        assert 1 < time.monotonic() - began < 7
        assert old
        old.close()
        primary.handshake()
        primary.go_on(0)
        wait_until(lambda: replica.link == "connected")


def test_replica_says_nothing_but_ack(command: ServerCommand, primary: FakePrimary) -> None:
    """Commands of the stream get no replies, not even those that fail or that are unknown."""
    with Node(command) as replica, primary:
        synced(replica, primary)
        primary.drain()
        streams: tuple[tuple[Arg, ...], ...] = (
            ("SELECT", 0), ("SET", "s", 1), ("GET", "s"), ("LPUSH", "s", 1), ("PING",), ("EXISTS", "s"), ("PUBLISH", "channel", "text"),
        )  # fmt: skip
        primary.stream(*streams)
        primary.expect_offset(primary.offset)  # it fails if anything but an ACK comes
        primary.get_ack()
        assert replica.text("GET", "s") == "1"


def test_publish_in_the_stream(command: ServerCommand, primary: FakePrimary) -> None:
    """A message that was published at the primary reaches subscribers of the replica."""
    with Node(command) as replica, primary:
        synced(replica, primary)
        replica.wire.ask("SUBSCRIBE", "channel")
        primary.stream(("SELECT", 0), ("PUBLISH", "channel", "text"))
        message = replica.wire.reply()
        assert [item.text for item in message.items] == [b"message", b"channel", b"text"]


def test_blocked_client_of_a_replica(command: ServerCommand, primary: FakePrimary) -> None:
    """A client that waits for an entry of a stream gets it when the primary sends one."""
    with Node(command) as replica, primary:
        synced(replica, primary)
        replica.wire.send(words_of("XREAD", "BLOCK", 3000, "STREAMS", "stream", "$"))
        time.sleep(0.05)
        primary.stream(("SELECT", 0), ("XADD", "stream", "5-1", "f", "v"))
        assert b"5-1" in replica.wire.reply().encode()


def test_expired_for_clients_and_not_for_the_primary(command: ServerCommand, primary: FakePrimary) -> None:
    """A client finds no key whose time is over. For the stream it is there until DEL comes, so that both agree on what a command does."""
    with Node(command) as replica, primary:
        synced(replica, primary)
        soon = int(time.time() * 1000) + 60
        primary.stream(("SELECT", 0), ("SET", "n", 5, "PXAT", soon), ("RPUSH", "list", "a"), ("PEXPIREAT", "list", soon))
        time.sleep(0.3)
        assert replica.wire.ask("GET", "n").kind == "nil"
        assert replica.wire.integer("DBSIZE") == 3
        primary.stream(("INCR", "n"), ("PERSIST", "n"), ("DEL", "list"))
        primary.get_ack()
        assert replica.text("GET", "n") == "6"
        assert replica.wire.integer("DBSIZE") == 2


def test_writable_replica(command: ServerCommand, primary: FakePrimary) -> None:
    """With replica-read-only no clients may write. The offset and the stream of its own replicas stay those of the primary."""
    with Node(command, ["--replica-read-only", "no"]) as replica, primary:
        synced(replica, primary)
        assert replica.text("SET", "own", 1) == "OK"
        primary.stream(("SELECT", 0), ("SET", "k", "w"))
        primary.get_ack()
        with FakeReplica(replica.server) as below:
            below.sync()
            replica.text("SET", "own", 2)
            primary.stream(("SELECT", 0), ("SET", "k", "x"))
            below.expect("SELECT", 0)
            below.expect("SET", "k", "x")
            assert below.offset == primary.offset


def test_local_writes_select_no_database_of_the_stream(command: ServerCommand) -> None:
    """The stream goes on in its own database after a partial sync, and for a replica that gets a snapshot."""
    with Node(command) as primary, Node(command, ["--replica-read-only", "no"]) as replica, Node(command) as below, Proxy(primary) as proxy:
        replica.follow(proxy)
        wait_for_sync(primary, replica)
        primary.text("SET", "a", 1)
        wait_for_sync(primary, replica)
        assert replica.text("SELECT", 3) == "OK"
        assert replica.text("SET", "own", 1) == "OK"
        proxy.cut()
        primary.text("SET", "b", 2)
        wait_for_sync(primary, replica)
        assert replica.text("SELECT", 0) == "OK"
        assert replica.text("GET", "b") == "2"
        assert replica.text("SELECT", 3) == "OK"
        assert replica.text("SET", "own", 2) == "OK"
        below.follow(replica)
        wait_until(lambda: below.link == "connected")
        primary.text("SET", "c", 3)
        wait_for_sync(primary, replica, below)
        assert below.text("GET", "c") == "3"


def test_line_without_an_end(command: ServerCommand, primary: FakePrimary) -> None:
    """A primary whose reply never ends fills no memory: the link is closed."""
    with Node(command) as replica, primary:
        replica.follow(primary.port)
        primary.accept()
        assert primary.sock
        with pytest.raises(OSError):
            for _ in range(1000):  # 64 MB
                primary.sock.sendall(bytes(64 * 1024))
        primary.accept()
        primary.handshake()
        primary.full_sync(0, ONE_KEY)
        wait_until(lambda: replica.text("GET", "k") == "v")


@pytest.mark.not_real
@pytest.mark.parametrize(
    "reply",
    ["+CONTINUE", f"+FULLRESYNC {HISTORY} -5", f"+FULLRESYNC {HISTORY} {2**63 - 1}"],
    ids=["no history", "a negative offset", "an offset without end"],
)
def test_impossible_replies_to_psync(command: ServerCommand, primary: FakePrimary, reply: str) -> None:
    """Nothing can go on where there was nothing, and no offset may overflow. The next attempt succeeds."""
    with Node(command, ["--replicaof", f"127.0.0.1 {primary.port}"]) as replica, primary:
        primary.accept()
        assert primary.handshake() == ("?", -1)
        primary.send(reply.encode() + b"\r\n")
        primary.accept()
        assert primary.handshake() == ("?", -1)
        primary.full_sync(0, ONE_KEY)
        wait_until(lambda: replica.text("GET", "k") == "v")


@pytest.mark.more
def test_stale_data(command: ServerCommand, primary: FakePrimary) -> None:
    """replica-serve-stale-data no: a read is refused while there is no link, and served when there is one."""
    with Node(command, ["--replica-serve-stale-data", "no"]) as replica, primary:
        replica.follow(primary.port)
        assert replica.wire.ask("GET", "k").text.startswith(b"MASTERDOWN")
        primary.accept()
        primary.handshake()
        primary.full_sync(0, ONE_KEY)
        wait_until(lambda: replica.link == "connected")
        assert replica.text("GET", "k") == "v"
        primary.close()
        wait_until(lambda: replica.wire.ask("GET", "k").text.startswith(b"MASTERDOWN"))


def test_states_of_the_link(command: ServerCommand, primary: FakePrimary) -> None:
    """ROLE shows how far the replica is: connect, connecting, sync, connected."""
    with Node(command) as replica, primary:
        replica.follow(1)
        assert replica.link in ("connect", "connecting")
        replica.follow(primary.port)
        primary.accept()
        assert replica.link in ("connecting", "handshake")
        primary.handshake()
        primary.send(b"+FULLRESYNC %s 33\r\n" % HISTORY.encode())
        wait_until(lambda: replica.link == "sync")
        assert replica.role()[1:3] == [b"127.0.0.1", b"%d" % primary.port]
        primary.send(b"$%d\r\n" % len(ONE_KEY) + ONE_KEY)
        wait_until(lambda: replica.link == "connected")
        assert replica.offset == 33
        primary.close()
        wait_until(lambda: replica.link != "connected")
        replica.promote()
        assert replica.role()[0] == b"master"


@pytest.mark.needs("redis-server")
def test_replica_of_it_goes_on(command: ServerCommand, primary: FakePrimary) -> None:
    """A chain of a test, a server and the real one: each byte is passed on."""
    with Node(command) as replica, Node(real_command()) as last, primary:
        synced(replica, primary, offset=50)
        last.follow(replica)
        wait_until(lambda: last.link == "connected")
        primary.stream(("SELECT", 2), ("SET", "a", 1))
        primary.stream_raw(b"\n")
        primary.stream(("SET", "b", 1))
        wait_until(lambda: last.offset == primary.offset == replica.offset)
        last.text("SELECT", 2)
        assert last.text("GET", "b") == "1"
