"""One connection to one server, with replies read as raw bytes."""

from __future__ import annotations

import contextlib
import socket

from fuzz import wire


class Link:
    """A socket and what has arrived on it but is not read yet.

    Nothing here raises on a bad server: a reply that does not come, or that
    is no reply, is returned as bytes that say so, and compared like any.
    """

    def __init__(self, port: int, timeout: float = 5.0) -> None:
        self.port = port
        self.socket = socket.create_connection(("127.0.0.1", port), timeout)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = bytearray()
        self.open = True
        self.broken = False
        self.ident = b"0"

    @property
    def address(self) -> bytes:
        """How the server names this connection: ip:port."""
        host, port = self.socket.getsockname()[:2]
        return f"{host}:{port}".encode()

    def send(self, data: bytes) -> None:
        """Sends all of `data`; a closed connection shows when reading."""
        with contextlib.suppress(OSError):
            self.socket.sendall(data)

    def _fill(self) -> bytes:
        """Waits for more bytes.  Returns b"" or what went wrong."""
        try:
            data = self.socket.recv(1 << 16)
        except TimeoutError:
            self.broken = True
            return wire.SILENT
        except OSError:
            data = b""
        if not data:
            self.open = False
            return wire.CLOSED
        self.buffer += data
        return b""

    def reply(self) -> bytes:
        """The next reply, or CLOSED, SILENT, or the bytes that are none."""
        while True:
            try:
                end = wire.frame(self.buffer)
            except wire.Malformed as bad:
                self.broken = True
                self.buffer.clear()
                return b"no reply: " + repr(bad.args[0]).encode()
            if end >= 0:
                raw = bytes(self.buffer[:end])
                del self.buffer[:end]
                return raw
            trouble = self._fill()
            if trouble:
                return trouble + bytes(self.buffer)

    def until(self, last: bytes) -> bytes:
        """All replies up to the one that quotes `last`, as one string."""
        out = b""
        while True:
            raw = self.reply()
            if last in raw:
                return out
            out += raw
            if self.broken or not self.open:
                return out

    def rest(self) -> bytes:
        """All bytes until the server closes, or SILENT appended to them."""
        trouble = b""
        while not trouble:
            trouble = self._fill()
        data = bytes(self.buffer)
        self.buffer.clear()
        return data if trouble == wire.CLOSED else data + trouble

    def ask(self, *argv: bytes) -> bytes:
        """Sends one command and reads one reply."""
        self.send(wire.request(argv))
        return self.reply()

    def finish(self) -> None:
        """Closes, and returns when the server has closed its end too, so
        that it lists no client that is gone."""
        if self.open and not self.broken:
            try:
                self.socket.shutdown(socket.SHUT_WR)
                self.socket.settimeout(2)
                while self.socket.recv(1 << 16):
                    pass
            except OSError:
                pass
        self.open = False
        self.socket.close()
