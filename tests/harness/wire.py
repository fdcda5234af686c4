"""A plain client for Python tests: it sends what it is told and reads exact replies."""

from __future__ import annotations

import contextlib
import socket
import struct
from types import TracebackType

from .connection import Connection
from .resp import Reply, encode_command
from .server import Server

LIMIT = 1 << 30


def to_bytes(arg: bytes | str | int | float) -> bytes:
    return arg if isinstance(arg, bytes) else str(arg).encode()


def command(*args: bytes | str | int | float) -> bytes:
    """The bytes of a command."""
    return encode_command([to_bytes(arg) for arg in args])


class Wire:
    """One connection. Every read fails with an AssertionError when nothing comes in time."""

    def __init__(self, server: Server, path: str | None = None, timeout: float = 10) -> None:
        self.sock = server.connect(path)
        self.timeout = timeout
        self.connection = Connection(self.sock, "test")

    def __enter__(self) -> Wire:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def send(self, data: bytes) -> None:
        self.connection.send(data, self.timeout)

    def reply(self) -> Reply:
        taken = self.connection.next_reply(self.timeout, LIMIT)
        assert taken, f"no reply ({self.connection.ended or 'still open'})"
        return taken[0]

    def ask(self, *args: bytes | str | int | float) -> Reply:
        self.send(command(*args))
        return self.reply()

    def text(self, *args: bytes | str | int | float) -> str:
        """The text of a reply that must be no error."""
        reply = self.ask(*args)
        assert reply.kind != "error", reply.text
        return reply.text.decode("utf-8", "replace")

    def integer(self, *args: bytes | str | int | float) -> int:
        reply = self.ask(*args)
        assert reply.kind == "integer", reply
        return int(reply.text)

    def read(self, count: int) -> bytes:
        """Exactly count bytes."""
        chunks, have = [self.connection.buffer], len(self.connection.buffer)
        self.connection.buffer = b""
        self.sock.settimeout(self.timeout)
        while have < count:
            data = self.sock.recv(min(1 << 20, count - have + (1 << 16)))
            assert data, f"the connection ended after {have} of {count} bytes"
            chunks.append(data)
            have += len(data)
        whole = b"".join(chunks)
        self.connection.buffer = whole[count:]
        return whole[:count]

    def lines(self, count: int) -> bytes:
        """The next so many lines."""
        data = self.connection.buffer
        self.sock.settimeout(self.timeout)
        while data.count(b"\r\n") < count:
            more = self.sock.recv(1 << 18)
            assert more, "the connection ended"
            data += more
        end = -1
        if data.count(b"\r\n") == count:
            end = data.rindex(b"\r\n")
        else:
            for _ in range(count):
                end = data.index(b"\r\n", end + 1)
        self.connection.buffer = data[end + 2 :]
        return data[:end]

    def until_closed(self) -> bytes:
        """Everything that comes before the server closes the connection."""
        ended = self.connection.wait_until(lambda: False, self.timeout, LIMIT)
        assert ended, "the connection stays open"
        return self.connection.buffer

    def half_close(self) -> None:
        self.connection.half_close()

    def abort(self) -> None:
        """Closes with a reset, which also leaves no port waiting."""
        with contextlib.suppress(OSError):
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()

    def close(self) -> None:
        self.sock.close()
