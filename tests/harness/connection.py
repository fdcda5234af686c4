"""One connection to a server: bytes out, and replies or bytes in."""

from __future__ import annotations

import contextlib
import select
import socket
import time
from collections.abc import Callable

from .resp import Incomplete, Malformed, Reply, decode

MAX_UNASKED = 4 * 1024 * 1024


def ready(sock: socket.socket, events: int, timeout: float) -> bool:
    """Waits until the socket can be read or written. (select() knows no descriptor past 1023.)"""
    poll = select.poll()
    poll.register(sock, events)
    return bool(poll.poll(max(0, timeout) * 1000))


class Flood(Exception):
    """The server sends and sends."""


class Connection:
    """`buffer` holds what has arrived and was not yet taken; `ended` says how the peer closed."""

    def __init__(self, sock: socket.socket, name: str) -> None:
        self.sock = sock
        self.name = name
        self.buffer = b""
        self.ended = ""
        self.end_noticed = False

    def send(self, data: bytes, timeout: float) -> None:
        """Sends all of data. A peer that has closed is found out when reading."""
        self.sock.settimeout(timeout)
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self.sock.sendall(data)

    def half_close(self) -> None:
        with contextlib.suppress(OSError):
            self.sock.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        self.sock.close()

    def read_some(self, timeout: float) -> bool:
        """Takes in what arrives within timeout; False when nothing did, or the peer is gone."""
        if self.ended or not ready(self.sock, select.POLLIN, timeout):
            return False
        try:
            data = self.sock.recv(256 * 1024)
        except ConnectionError:
            self.ended = "reset"
            return False
        if not data:
            self.ended = "closed"
            return False
        self.buffer += data
        return True

    def take_reply(self) -> tuple[Reply, bytes] | None:
        """The next complete reply in the buffer, and its bytes."""
        try:
            reply, end = decode(self.buffer)
        except Incomplete:
            return None
        raw, self.buffer = self.buffer[:end], self.buffer[end:]
        return reply, raw

    def wait_until(self, done: Callable[[], bool], timeout: float, limit: int) -> bool:
        """Reads until done() or the peer has closed; False when the time is over."""
        deadline = time.monotonic() + timeout
        while not done():
            if self.ended:
                return True
            if len(self.buffer) > limit:
                raise Flood
            if not self.read_some(deadline - time.monotonic()) and not self.ended:
                return False
        return True

    def next_reply(self, timeout: float, limit: int) -> tuple[Reply, bytes] | None:
        """The next reply and its bytes; None when it does not come in time or at all."""
        found: list[tuple[Reply, bytes]] = []

        def done() -> bool:
            taken = self.take_reply()
            if taken:
                found.append(taken)
            return bool(taken)

        self.wait_until(done, timeout, limit)
        return found[0] if found else None


__all__ = ["MAX_UNASKED", "Connection", "Flood", "Malformed"]
