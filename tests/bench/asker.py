"""Asks a server many commands at once, and reads replies that are a line or a bulk string each."""

from __future__ import annotations

import socket


class Asker:
    """A connection."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.file = self.socket.makefile("rb")

    def ask(self, commands: list[bytes]) -> list[bytes]:
        """The replies, each as its first line; the bytes of a bulk string are passed over."""
        self.socket.sendall(b"".join(commands))
        replies = []
        for _ in commands:
            line = self.file.readline().rstrip()
            if line.startswith(b"$") and line != b"$-1":
                self.file.read(int(line[1:]) + 2)
            replies.append(line)
        return replies
