"""Does the steps of a scenario, one by one, and says what came of each."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import time
from dataclasses import dataclass, field

from .connection import MAX_UNASKED, Connection, Flood
from .notation import format_replies
from .quoting import raw_bytes, raw_text, split_args
from .resp import Malformed, Reply, encode_command
from .scenario import ACTION, CLOSED, NO_REPLY, Step, Want
from .server import Server, StartFailure

TIMEOUT = float(os.environ.get("HARNESS_TIMEOUT", "3"))
SILENCE = 0.02  # how long nothing must arrive where nothing is expected
PLACEHOLDER = re.compile(r"\{(?:([a-z][a-z0-9-]*)\.(id|addr)|(port|dir))\}")
LOG_LINE = re.compile(r"[0-9]+:[A-Z] ")

# The recorder does not know what will come. It waits for the first byte, and then until it is quiet.
FIRST_BYTE = 0.3
QUIET = 0.02
QUIET_RAW = 0.15  # the real server closes such a connection up to a tenth of a second later
CLOSING = re.compile(r"(?i)(quit|client +kill|shutdown|reset)\b")


@dataclass
class Outcome:
    """What came of a step: replies, or the bytes of a raw connection, or lines of a server's."""

    replies: list[Reply] = field(default_factory=list)
    data: bytes = b""  # all of it, as it was on the wire
    closed: bool = False
    lines: list[str] = field(default_factory=list)
    output: str = ""
    trouble: str = ""
    filled: dict[str, str] = field(default_factory=dict)  # what {alice.id} and so on stood for

    def notation(self, step: Step) -> list[str]:
        """As it would stand in a scenario."""
        if step.kind == "server":
            return self.lines
        if step.raw:
            lines = [raw_line(line) for line in split_lines(self.data)]
        else:
            lines = format_replies(self.replies)
        if self.closed:
            lines.append(CLOSED)
        if not lines and step.kind != "action":
            lines.append(NO_REPLY)
        return lines


def split_lines(data: bytes) -> list[bytes]:
    """The bytes cut behind each CRLF."""
    parts = data.split(b"\r\n")
    return [part + b"\r\n" for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])


def raw_line(data: bytes) -> str:
    """A line of raw bytes; one that could be read as something else has its first byte escaped."""
    text = raw_text(data)
    if re.match(r"([a-z][a-z0-9-]*)?[<>] |[a-z][a-z0-9-]*<$|[#~!@] |[ (@]", text):
        return f"\\x{data[0]:02x}" + text[1:]
    return text


class Session:
    """The connections of one run of a scenario."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.connections: dict[str, Connection] = {}
        self.known: dict[str, str] = {}
        self.filled: dict[str, str] = {}

    def close(self) -> None:
        for connection in self.connections.values():
            connection.close()
        self.connections.clear()

    def connection(self, name: str) -> Connection:
        """The open connection of this name; it is made when there is none."""
        found = self.connections.get(name)
        if not found or found.ended:
            found = Connection(self.server.connect(timeout=TIMEOUT), name)
            self.connections[name] = found
        return found

    def fill_in(self, text: str) -> str:
        """The text with {port}, {dir}, {alice.id} and {alice.addr} filled in."""

        def one(match: re.Match[str]) -> str:
            if match[3]:
                return str(self.server.port if match[3] == "port" else self.server.dir)
            connection = self.connection(match[1])
            if match[2] == "addr":
                host, port = connection.sock.getsockname()[:2]
                return f"{host}:{port}"
            key = f"{match[1]}.id"
            if key not in self.known:
                connection.send(encode_command([b"CLIENT", b"ID"]), TIMEOUT)
                reply = connection.next_reply(TIMEOUT, MAX_UNASKED)
                self.known[key] = reply[0].text.decode() if reply else "?"
            return self.known[key]

        def note(match: re.Match[str]) -> str:
            self.filled[match[0]] = one(match)
            return self.filled[match[0]]

        return PLACEHOLDER.sub(note, text)

    def perform(self, step: Step, want: Want | None) -> Outcome:
        """Does a step. `want` is what is expected; None when that is to be found out."""
        self.filled = {}
        outcome = self.do(step, want)
        outcome.filled = self.filled
        return outcome

    def do(self, step: Step, want: Want | None) -> Outcome:
        if step.kind == "pause":
            time.sleep(float(step.text))
            return Outcome()
        try:
            if step.kind == "server":
                return self.tell_server(step.text)
            if step.kind == "action" and (done := self.act(step)):
                return done
            connection = self.connection(step.connection)
            if step.kind == "command":
                connection.send(encode_command(split_args(self.fill_in(step.text))), TIMEOUT)
            elif step.kind == "raw":
                connection.send(raw_bytes(self.fill_in(step.text)), TIMEOUT)
        except OSError as error:
            return Outcome(trouble=f"no connection could be made: {error}")
        return self.collect(connection, step, want)

    def act(self, step: Step) -> Outcome | None:
        """(connect), (close), (half-close). None when the server may answer to it."""
        match = ACTION.fullmatch(step.text)
        assert match
        name = step.connection
        if match[1] == "connect":
            old = self.connections.pop(name, None)
            if old:
                old.close()
            sock = self.server.connect(match[2], timeout=TIMEOUT)
            self.connections[name] = Connection(sock, name)
            self.known.pop(f"{name}.id", None)
            return None
        if match[1] == "close":
            self.connection(name).close()
            del self.connections[name]
            return Outcome()
        self.connection(name).half_close()
        return None

    def collect(self, connection: Connection, step: Step, want: Want | None) -> Outcome:
        outcome = Outcome()
        try:
            if want is None:
                self.find_out(connection, step, outcome)
            elif step.raw:
                self.expect_bytes(connection, want, outcome)
            else:
                self.expect_replies(connection, step, want, outcome)
        except Malformed as error:
            outcome.data += connection.buffer
            connection.buffer = b""
            outcome.trouble = f"this is not the protocol: {error.why}"
        except Flood:
            outcome.data += connection.buffer
            connection.buffer = b""
            outcome.trouble = f"it sends and sends: {len(outcome.data)} bytes so far"
        connection.end_noticed = outcome.closed
        return outcome

    def expect_replies(
        self, connection: Connection, step: Step, want: Want, outcome: Outcome
    ) -> None:
        count = 1 if step.annotation("like") else len(want.replies)
        limit = MAX_UNASKED + sum(len(reply.encode()) for reply in want.replies)
        for index in range(count):
            taken = connection.next_reply(TIMEOUT, limit)
            if not taken:
                break
            outcome.replies.append(taken[0])
            outcome.data += taken[1]
            if step.exact and taken[0] != want.replies[index]:
                break
        if len(outcome.replies) < count and not connection.ended and connection.buffer:
            outcome.trouble = f"only a part of a reply came within {TIMEOUT:g} seconds"
            outcome.data, connection.buffer = outcome.data + connection.buffer, b""
        self.settle(connection, step, want, outcome, complete=len(outcome.replies) == count)

    def expect_bytes(self, connection: Connection, want: Want, outcome: Outcome) -> None:
        def done() -> bool:
            got = connection.buffer
            return len(got) >= len(want.data) or not want.data.startswith(got)

        connection.wait_until(done, TIMEOUT, MAX_UNASKED + len(want.data))
        complete = connection.buffer == want.data
        if complete and want.closed:
            connection.wait_until(lambda: connection.buffer != want.data, TIMEOUT, MAX_UNASKED)
        elif not want.data:
            connection.read_some(SILENCE)
        else:
            connection.read_some(0)
        outcome.data, connection.buffer = connection.buffer, b""
        outcome.closed = bool(connection.ended)
        if not outcome.closed and len(outcome.data) < len(want.data):
            outcome.trouble = f"nothing more came within {TIMEOUT:g} seconds"
        if not outcome.closed and want.closed and complete:
            outcome.trouble = "the connection stays open"

    def settle(
        self, connection: Connection, step: Step, want: Want, outcome: Outcome, complete: bool
    ) -> None:
        """After the last reply: the connection closes, or nothing more comes."""
        if complete and want.closed:
            connection.wait_until(lambda: bool(connection.buffer), TIMEOUT, MAX_UNASKED)
            if not connection.ended and not connection.buffer:
                outcome.trouble = "the connection stays open"
        elif complete and not want.replies and not step.annotation("like"):
            connection.read_some(SILENCE)
        elif complete:
            connection.read_some(0)
        elif not outcome.replies and not connection.ended and not outcome.trouble:
            outcome.trouble = f"nothing came within {TIMEOUT:g} seconds"
        while taken := connection.take_reply():
            outcome.replies.append(taken[0])
            outcome.data += taken[1]
        outcome.closed = bool(connection.ended)
        if outcome.closed and connection.buffer:
            outcome.data += connection.buffer
            outcome.trouble = "the connection was closed in the middle of a reply"

    def find_out(self, connection: Connection, step: Step, outcome: Outcome) -> None:
        """For the recorder: reads until it is quiet."""
        quiet = QUIET_RAW if step.raw or CLOSING.match(step.text) else QUIET
        arrived = connection.read_some(FIRST_BYTE)
        while arrived:
            arrived = connection.read_some(quiet)
            if not arrived and not connection.ended and not step.raw:
                self.take_all(connection, outcome)
                arrived = bool(connection.buffer) and connection.read_some(TIMEOUT)
            if len(connection.buffer) > 64 * MAX_UNASKED:
                raise Flood
        if step.raw:
            outcome.data, connection.buffer = connection.buffer, b""
        else:
            self.take_all(connection, outcome)
        outcome.closed = bool(connection.ended)

    def take_all(self, connection: Connection, outcome: Outcome) -> None:
        while taken := connection.take_reply():
            outcome.replies.append(taken[0])
            outcome.data += taken[1]

    def unasked(self) -> list[tuple[Connection, bytes]]:
        """What has arrived without anybody having taken it; no bytes when a connection has ended so."""
        found = []
        for connection in self.connections.values():
            if not connection.ended:
                with contextlib.suppress(OSError, ValueError):
                    connection.read_some(0)
            if connection.buffer or (connection.ended and not connection.end_noticed):
                found.append((connection, connection.buffer))
        return found

    def tell_server(self, text: str) -> Outcome:
        """! start [file] [flags], ! stop, ! kill, ! write file "text"."""
        verb, *words = [os.fsdecode(word) for word in split_args(self.fill_in(text))]
        server = self.server
        if verb == "write":
            file = server.dir / words[0]
            file.parent.mkdir(exist_ok=True)
            file.write_bytes(split_args(text)[2])
            return Outcome(lines=["(written)"])
        if verb == "start":
            return self.start_server(words)
        before = len(server.log())
        os.kill(server.pid, signal.SIGTERM if verb == "stop" else signal.SIGKILL)
        code = server.wait_exit(TIMEOUT)
        trouble = "" if code is not None else f"it still runs after {TIMEOUT:g} seconds"
        server.kill()
        self.close()
        return Outcome(
            lines=[f"({server.status()})"], output=server.log()[before:], trouble=trouble
        )

    def start_server(self, words: list[str]) -> Outcome:
        server = self.server
        before = len(server.log())
        try:
            server.start([*server.args, *words] if not words or words[0][:1] == "-" else words)
            if not server.settles():
                raise StartFailure(server.why_not())
        except StartFailure as failure:
            output = server.log()[before:]
            if server.alive or not server.process:
                server.kill()
                return Outcome(output=output, trouble=str(failure))
            kept = [x for x in output.splitlines() if x.strip() and not LOG_LINE.match(x)]
            return Outcome(lines=[f"({server.status()})", *kept], output=output)
        return Outcome(lines=["(ready)"], output=server.log()[before:])
