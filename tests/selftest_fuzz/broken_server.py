"""The real server behind a proxy that spoils it in one chosen way.

    python3 broken_server.py WAY PORT

The fuzzer must find each of these, and shrink it to what matters.
"""

from __future__ import annotations

import socket
import socketserver
import subprocess
import sys
import tempfile
from collections.abc import Callable

from fuzz import wire
from fuzz.link import Link
from fuzz.server import free_port

Argv = list[bytes]
BACKEND = free_port()


def requests(data: bytes) -> tuple[list[Argv], bytes]:
    """The whole requests in `data`, and what is left."""
    out: list[Argv] = []
    at = 0
    while at < len(data):
        end = wire.frame(data, at)
        if end < 0:
            break
        out.append([item.text for item in wire.decode(data[at:end]).items])
        at = end
    return out, data[at:]


def append_miscounts(link: Link, argv: Argv) -> bytes:
    """APPEND of nothing answers a length that is one too large."""
    reply = link.ask(*argv)
    if argv[0].upper() == b"APPEND" and argv[2:] == [b""]:
        return b":%d\r\n" % (int(reply[1:]) + 1)
    return reply


def setrange_creates(link: Link, argv: Argv) -> bytes:
    """SETRANGE of nothing leaves an empty key where there was none."""
    reply = link.ask(*argv)
    if argv[0].upper() == b"SETRANGE" and argv[3:] == [b""]:
        link.ask(b"SET", argv[1], b"", b"NX")
    return reply


def keepttl_forgets(link: Link, argv: Argv) -> bytes:
    """SET with KEEPTTL drops the time to live all the same."""
    if argv[0].upper() == b"SET" and b"KEEPTTL" in argv[3:]:
        argv = [word for word in argv if word != b"KEEPTTL"]
    return link.ask(*argv)


WAYS: dict[str, Callable[[Link, Argv], bytes]] = {
    "append": append_miscounts,
    "setrange": setrange_creates,
    "keepttl": keepttl_forgets,
}


class Proxy(socketserver.BaseRequestHandler):
    """Answers one connection through a connection to the real server."""

    request: socket.socket

    def handle(self) -> None:
        """Passes commands on one by one until either side has enough."""
        answer = WAYS[sys.argv[1]]
        link = Link(BACKEND)
        pending = b""
        while link.open:
            data = self.request.recv(1 << 16)
            if not data:
                break
            commands, pending = requests(pending + data)
            replies = [answer(link, argv) for argv in commands]
            whole = [reply for reply in replies if wire.is_reply(reply)]
            self.request.sendall(b"".join(whole))
        link.finish()


class Server(socketserver.ThreadingTCPServer):
    """One thread a connection, all gone when the process ends."""

    daemon_threads = True
    allow_reuse_address = True


def main() -> None:
    """Starts the real server, and the proxy in front of it."""
    with tempfile.TemporaryDirectory() as directory, subprocess.Popen(
            ["redis-server", "--port", str(BACKEND), "--save", "", "--dir",
             directory, "--enable-debug-command", "yes"],
            stdout=subprocess.DEVNULL) as backend:
        try:
            with Server(("127.0.0.1", int(sys.argv[2])), Proxy) as server:
                server.serve_forever()
        finally:
            backend.terminate()


if __name__ == "__main__":
    import signal

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    main()
