"""One side of a replication played by the test, message by message: a replica that reads, or a primary that sends.

Either fails with a PeerError, which says what was said until then, what was expected and what came, and what a server
does in place of the test.
"""

from __future__ import annotations

import contextlib
import re
import socket
import time
from collections.abc import Callable

from .load import Arg
from .quoting import raw_text
from .resp import Incomplete, Malformed, decode
from .server import HOST, Server
from .wire import command

TIMEOUT = 5.0
SAID = 14  # messages that a report shows
SHOWN = 100  # bytes of a message
GETACK = command("REPLCONF", "GETACK", "*")
KEEP_ALIVE = b"\n"
MARK = b"0123456789abcdef0123456789ABCDEF01234567"  # around a payload whose length is not known before
FULLRESYNC = re.compile(rb"\+FULLRESYNC ([0-9a-zA-Z]{40}) ([0-9]+)")
CONTINUE = re.compile(rb"\+CONTINUE(?: ([0-9a-zA-Z]{40}))?")
HISTORY = "ab" * 20

RETRIES = "It closes the link, and a second later it begins anew with PING."
DIVERGES = "It goes on, and from here on its data is not the primary's."


def empty_snapshot() -> bytes:
    """An RDB file without a key."""
    return b"REDIS0010\xff" + bytes(8)


def shown(data: bytes) -> str:
    text = raw_text(data[:SHOWN])
    return text if len(data) <= SHOWN else f"{text}… ({len(data)} bytes)"


class PeerError(AssertionError):
    """The message is the report."""


class Peer:
    """A connection of which each message is noted, and the bytes of the stream are counted."""

    me = "test"
    other = "server"

    def __init__(self, sock: socket.socket | None = None) -> None:
        self.sock = sock
        self.buffer = b""
        self.offset = 0  # of the stream; its bytes count, those of the handshake and of the payload don't
        self.in_stream = False
        self.said: list[str] = []
        self.closed = False

    def note(self, who: str, data: bytes) -> None:
        place = f"{self.offset:>8}" if self.in_stream else " " * 8
        self.said.append(f"{place}  {who:8}{shown(data)}")

    def fail(self, why: str, expected: str, received: bytes, now: str) -> PeerError:
        """What to raise. `now`: what a server in place of the test does now."""
        said = self.said[-SAID:]
        left_out = [f"          … {len(self.said) - SAID} messages before"] if len(self.said) > SAID else []
        got = shown(received) or ("nothing, and the connection was closed" if self.closed else f"nothing within {TIMEOUT:g} s")
        lines = [
            why,
            "What was said (offset of the stream, who, message):",
            *left_out,
            *said,
            f"Expected    {expected}",
            f"Received    {got}",
            f"What a {self.me} does now: {now}",
        ]
        return PeerError("\n".join(lines))

    def send_raw(self, data: bytes, piece: int = 0) -> None:
        """Sends bytes; if `piece` is given, so many at a time, each by itself."""
        assert self.sock
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            if not piece:
                self.sock.sendall(data)
                return
            for at in range(0, len(data), piece):
                self.sock.sendall(data[at : at + piece])
                time.sleep(0.0002)

    def more(self, deadline: float) -> bool:
        """Takes in what comes; False when nothing came in time, or the other has closed."""
        assert self.sock
        self.sock.settimeout(max(0.001, deadline - time.monotonic()))
        try:
            data = self.sock.recv(1 << 16)
        except TimeoutError:
            return False
        except ConnectionError:
            data = b""
        self.closed = self.closed or not data
        self.buffer += data
        return bool(data)

    def line(self, why: str, expected: str, now: str, timeout: float = TIMEOUT) -> bytes:
        """The next line without its end. Empty ones only keep the link alive."""
        deadline = time.monotonic() + timeout
        while True:
            while self.buffer.startswith(KEEP_ALIVE):
                self.buffer = self.buffer[1:]
            end = self.buffer.find(b"\n")
            if end >= 0:
                found, self.buffer = self.buffer[: end + 1], self.buffer[end + 1 :]
                self.note(self.other, found)
                return found.rstrip(b"\r\n")
            if not self.more(deadline):
                raise self.fail(why, expected, self.buffer, now)

    def words(self, why: str, expected: str, now: str, timeout: float = TIMEOUT) -> list[bytes]:
        """The next command; its bytes are counted if it is of the stream."""
        deadline = time.monotonic() + timeout
        while True:
            while self.buffer[:1] in (b"\n", b"\r") or (self.buffer and not self.buffer.startswith(b"*")):
                if self.buffer[:1] not in (b"\n", b"\r"):
                    raise self.fail(f"{why} What came is not a command as an array.", expected, self.buffer, now)
                self.buffer = self.buffer[1:]
                self.offset += self.in_stream
            try:
                reply, end = decode(self.buffer)
            except Incomplete:
                if not self.more(deadline):
                    raise self.fail(why, expected, self.buffer, now) from None
                continue
            except Malformed as error:
                raise self.fail(f"{why} What came is not the protocol: {error.why}.", expected, self.buffer, now) from None
            raw, self.buffer = self.buffer[:end], self.buffer[end:]
            self.note(self.other, raw)
            if self.in_stream:
                self.offset += end
            return [item.text for item in reply.items]

    def silent(self, seconds: float) -> bool:
        """Whether nothing comes for so long but what keeps a link alive: empty lines, and PING."""
        deadline = time.monotonic() + seconds
        while self.more(deadline):
            pass
        return not self.buffer.replace(command("PING"), b"").strip(b"\r\n")

    def until_closed(self, timeout: float = TIMEOUT) -> bool:
        deadline = time.monotonic() + timeout
        while self.more(deadline):
            pass
        return self.closed

    def close(self) -> None:
        if self.sock:
            self.sock.close()
            self.sock = None


class FakeReplica(Peer):
    """Replicates from a server as the real one does, and keeps nothing."""

    me, other = "replica", "primary"

    def __init__(self, server: Server, port: int = 7999, capabilities: tuple[str, ...] = ("psync2",)) -> None:
        super().__init__(server.connect(timeout=TIMEOUT))
        self.listening_port = port
        self.capabilities = capabilities
        self.id = ""

    def __enter__(self) -> FakeReplica:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def send(self, *words: Arg) -> None:
        data = command(*words)
        self.note(self.me, data)
        self.send_raw(data)

    def asks(self, *words: Arg) -> bytes:
        """Sends a command of the handshake, and returns the line that is the reply."""
        self.send(*words)
        name = " ".join(str(word) for word in words[:2])
        return self.line(f"{name} got no reply.", "a line", RETRIES)

    def handshake(self) -> None:
        """PING and what a replica says of itself."""
        pong = self.asks("PING")
        if not re.match(rb"\+|-NOAUTH|-NOPERM|-ERR operation not permitted", pong):
            raise self.fail("PING is the first message of a replica.", "+PONG", pong, RETRIES)
        self.asks("REPLCONF", "listening-port", self.listening_port)
        if self.capabilities:
            self.asks("REPLCONF", *(word for name in self.capabilities for word in ("capa", name)))

    def psync(self, identity: str = "?", offset: int = -1) -> str:
        """Asks for the stream from `offset` on. Returns "full" or "partial"."""
        self.send("PSYNC", identity, offset)
        expected = "+FULLRESYNC <ID of 40 characters> <offset>, or +CONTINUE [<ID>]"
        reply = self.line("PSYNC got no reply.", expected, RETRIES)
        if found := FULLRESYNC.fullmatch(reply):
            self.id, self.offset = found[1].decode(), int(found[2])
            return "full"
        if found := CONTINUE.fullmatch(reply):
            self.id = found[1].decode() if found[1] else identity
            self.offset, self.in_stream = offset - 1, True
            return "partial"
        if re.match(rb"-(NOMASTERLINK|LOADING)", reply):
            now = RETRIES
        elif reply.startswith(b"+FULLRESYNC"):
            now = "It takes the snapshot, but knows no ID: after each link that is lost it must ask for all again."
        elif reply.startswith(b"-"):
            now = "It takes the server for one older than PSYNC, and sends SYNC on the same link."
        else:
            now = "It can't tell where the stream begins, so it sends SYNC on the same link."
        raise self.fail("PSYNC got a reply that is none of its three.", expected, reply, now)

    def snapshot(self, timeout: float = TIMEOUT) -> bytes:
        """The payload of a full sync. After it the stream begins."""
        expected = "$<length>, or $EOF:<40 bytes>"
        head = self.line("After +FULLRESYNC comes the snapshot.", expected, RETRIES, timeout)
        if found := re.fullmatch(rb"\$EOF:(.{40})", head):
            payload = self.until_mark(found[1])
        elif re.fullmatch(rb"\$[0-9]+", head):
            payload = self.exactly(int(head[1:]))
        else:
            raise self.fail("After +FULLRESYNC comes the snapshot.", expected, head, RETRIES)
        self.said[-1] += f", {len(payload)} bytes: {shown(payload[:20])}…"
        if not payload.startswith(b"REDIS0"):
            now = "It can't load the snapshot, so it has no data. It closes the link and tries again."
            raise self.fail("A snapshot is an RDB file.", "REDIS0010…", payload, now)
        self.in_stream = True
        return payload

    def exactly(self, length: int) -> bytes:
        deadline = time.monotonic() + TIMEOUT
        pieces, have = [self.buffer], len(self.buffer)
        while have < length:
            self.buffer = b""
            if not self.more(deadline):
                now = "It waits for the rest, and after repl-timeout it closes the link."
                raise self.fail("The snapshot is shorter than its length says.", f"{length} bytes", b"".join(pieces), now)
            pieces.append(self.buffer)
            have += len(self.buffer)
        whole = b"".join(pieces)
        payload, self.buffer = whole[:length], whole[length:]
        if self.buffer.startswith(b"\r\n"):
            now = "It counts two bytes that the primary doesn't count: every offset it acknowledges is too large."
            raise self.fail("The snapshot has no CRLF after it.", "the first command of the stream", self.buffer, now)
        return payload

    def until_mark(self, mark: bytes) -> bytes:
        deadline = time.monotonic() + TIMEOUT
        while not self.buffer.endswith(mark):
            if not self.more(deadline):
                now = "It waits for the 40 bytes of $EOF:, which must be the end of what one read brings."
                raise self.fail("The snapshot has no end.", "the 40 bytes of $EOF: once more", self.buffer[-60:], now)
        payload, self.buffer = self.buffer[:-40], b""
        return payload

    def sync(self) -> bytes:
        """A full sync; returns the snapshot."""
        self.handshake()
        if self.psync() != "full":
            raise self.fail("A replica without data asked for a sync.", "+FULLRESYNC", b"+CONTINUE", DIVERGES)
        return self.snapshot()

    def command(self, timeout: float = TIMEOUT) -> list[bytes]:
        """The next command of the stream, PING left out."""
        while True:
            words = self.words("The stream stops.", "the next command", DIVERGES, timeout)
            if words[0].upper() != b"PING":
                return words

    def read_to(self, offset: int) -> list[list[bytes]]:
        """Reads the stream up to an offset. Returns its commands, PING left out: one may come at any time."""
        found = []
        while self.offset < offset:
            words = self.words("The stream stops.", f"its bytes up to {offset}", DIVERGES)
            if words[0].upper() != b"PING":
                found.append(words)
        return found

    def expect(self, *words: Arg) -> None:
        """The next command of the stream is this one."""
        found = self.command()
        wanted = command(*words)
        if command(*found) != wanted:
            raise self.fail("The stream has another command.", shown(wanted), command(*found), DIVERGES)

    def ack(self, offset: int | None = None) -> None:
        """Says how much of the stream it has processed; there is no reply to it."""
        self.send("REPLCONF", "ACK", self.offset if offset is None else offset)


class FakePrimary(Peer):
    """Waits for a replica, and sends it what it is told to."""

    me, other = "primary", "replica"

    def __init__(self) -> None:
        super().__init__()
        self.listener = socket.create_server((HOST, 0))
        self.port = int(self.listener.getsockname()[1])
        self.id = HISTORY
        self.piece = 0  # how many bytes to send at a time

    def __enter__(self) -> FakePrimary:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
        self.listener.close()

    def accept(self, timeout: float = TIMEOUT) -> None:
        """The next connection of the replica, which has not said anything yet."""
        self.close()
        self.buffer, self.closed, self.in_stream = b"", False, False
        self.listener.settimeout(timeout)
        try:
            self.sock, _ = self.listener.accept()
        except TimeoutError:
            raise self.fail("The replica doesn't connect.", "a connection", b"", "It serves its clients.") from None
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.said.append(" " * 10 + "(the replica connects)")

    def send(self, data: bytes) -> None:
        self.note(self.me, data)
        self.send_raw(data, self.piece)

    def asked(self, expected: str) -> list[bytes]:
        return self.words("The handshake stops.", expected, "It waits; after repl-timeout it closes the link.")

    def handshake(self, replies: Callable[[list[bytes]], bytes] | None = None) -> tuple[str, int]:
        """Replies to all that comes before PSYNC, and returns what PSYNC asks for."""
        order = ["PING", "REPLCONF listening-port", "REPLCONF capa psync2", "PSYNC"]
        while True:
            words = self.asked(order[0])
            name = words[0].upper()
            if name == b"PSYNC":
                if len(words) != 3 or not re.fullmatch(rb"-?[0-9]+", words[2]):
                    raise self.fail("PSYNC takes an ID and an offset.", "PSYNC ? -1", command(*words), "It replies with an error.")
                return words[1].decode(), int(words[2])
            if name not in (b"PING", b"AUTH", b"REPLCONF"):
                now = "It executes it as any client's command."
                raise self.fail("This belongs to no handshake.", order[0], command(*words), now)
            if len(order) > 1:
                order.pop(0)
            own = replies(words) if replies else b""
            self.send(own or (b"+PONG\r\n" if name == b"PING" else b"+OK\r\n"))

    def full_sync(self, offset: int = 0, snapshot: bytes | None = None, eof: bool = False) -> None:
        """Replies to PSYNC with a full sync."""
        data = empty_snapshot() if snapshot is None else snapshot
        self.send(b"+FULLRESYNC %s %d\r\n" % (self.id.encode(), offset))
        self.send(b"$EOF:%s\r\n" % MARK if eof else b"$%d\r\n" % len(data))
        self.send(data + MARK if eof else data)
        self.offset, self.in_stream = offset, True

    def go_on(self, offset: int, identity: str | None = "") -> None:
        """Replies to PSYNC with a partial sync; with an ID, or without one if it is None."""
        name = b"" if identity is None else b" " + (identity or self.id).encode()
        self.send(b"+CONTINUE" + name + b"\r\n")
        self.offset, self.in_stream = offset, True

    def stream(self, *commands: tuple[Arg, ...]) -> None:
        """Sends commands as one piece of the stream."""
        self.stream_raw(b"".join(command(*one) for one in commands))

    def stream_raw(self, data: bytes) -> None:
        self.send(data)
        self.offset += len(data)

    def acknowledged(self, timeout: float = TIMEOUT) -> int:
        """The offset of the next ACK."""
        in_stream, self.in_stream = self.in_stream, False  # what a replica says is not of the stream
        try:
            now = "It takes the replica for one that is behind; after repl-timeout it closes the link."
            words = self.words("An ACK is missing.", "REPLCONF ACK <offset>", now, timeout)
            if len(words) != 3 or words[0].upper() != b"REPLCONF" or words[1].upper() != b"ACK" or not words[2].isdigit():
                now = "It executes it as a client's command; a replica must send nothing but ACK."
                raise self.fail("A replica sends ACK, and nothing else.", "REPLCONF ACK <offset>", command(*words), now)
        finally:
            self.in_stream = in_stream
        return int(words[2])

    def expect_offset(self, offset: int, timeout: float = TIMEOUT) -> None:
        """Waits for an ACK with this offset; those before may be smaller."""
        deadline = time.monotonic() + timeout
        while (found := self.acknowledged(max(0.01, deadline - time.monotonic()))) < offset:
            pass
        if found != offset:
            now = "It believes that the replica has more than there is; at the next PSYNC it must send all again."
            got = command("REPLCONF", "ACK", found)
            raise self.fail(f"The replica counts {found - offset} bytes too many.", f"REPLCONF ACK {offset}", got, now)

    def get_ack(self) -> None:
        """GETACK gets the offset before its own bytes, and they count from then on."""
        before = self.offset
        self.drain()
        self.stream_raw(GETACK)
        found = self.acknowledged()
        while found < before:  # one that was on its way
            found = self.acknowledged()
        if found != before:
            more = found - before
            own = f": the {len(GETACK)} bytes of GETACK itself count only in the next ACK" if more == len(GETACK) else ""
            now = "It waits for a replica that is where it isn't, so WAIT counts it too early."
            wanted = f"REPLCONF ACK {before}"
            raise self.fail(f"The offset is wrong by {more}{own}.", wanted, command("REPLCONF", "ACK", found), now)

    def drain(self) -> None:
        """Takes what is there already."""
        while self.more(time.monotonic() + 0.001):
            pass
        while self.buffer.startswith(b"*"):
            try:
                _, end = decode(self.buffer)
            except Incomplete:
                return
            self.buffer = self.buffer[end:]
