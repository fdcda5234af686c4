"""Servers that replicate from each other, and a proxy for the link between them.

A Node is a server with one client. Its methods send commands of the lesson only, so that any server can be one.
"""

from __future__ import annotations

import contextlib
import re
import select
import socket
import threading
import time
from collections.abc import Callable, Sequence
from types import TracebackType

from .connection import ready
from .dataset import plain, value_of
from .load import Arg
from .server import HOST, Server, ServerCommand
from .wire import Wire

SYNC_S = 15  # within these seconds a full sync of little data is done, also on a busy machine
DATABASES = (0, 1, 15)
# The real server would wait five seconds for more replicas before it begins a snapshot without a file.
QUICK = ("--repl-diskless-sync-delay", "0")


def wait_until(condition: Callable[[], object], what: str = "it did not happen in time", seconds: float = SYNC_S) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, what
        time.sleep(0.01)


def is_closed(sock: socket.socket) -> bool:
    """Whether the server has closed a connection on which nothing is to be read."""
    if not ready(sock, select.POLLIN, 0):
        return False
    try:
        return not sock.recv(1, socket.MSG_PEEK)
    except OSError:
        return True


class Node:
    """A server and a client of it."""

    def __init__(self, command: ServerCommand, args: Sequence[str] = ()) -> None:
        quick = QUICK if command.real else ()
        self.server = Server(command, [*quick, *args])
        self.password = ""
        self.connected: Wire | None = None

    def __enter__(self) -> Node:
        self.server.__enter__()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.disconnect()
        self.server.__exit__(kind, error, trace)

    @property
    def wire(self) -> Wire:
        """The client. A server that changes its role may have closed its connection, and then there is a new one."""
        if not self.connected or is_closed(self.connected.sock):
            self.disconnect()
            self.connected = Wire(self.server)
            if self.password:
                assert self.connected.text("AUTH", self.password) == "OK"
        return self.connected

    def disconnect(self) -> None:
        if self.connected:
            self.connected.close()
            self.connected = None

    @property
    def port(self) -> int:
        return self.server.port

    @property
    def core(self) -> bool:
        return self.server.command.core

    def text(self, *words: Arg) -> str:
        return self.wire.text(*words)

    def follow(self, primary: Node | Proxy | int) -> None:
        """Makes it a replica of another node, perhaps by way of a proxy. Returns before the sync."""
        port = primary if isinstance(primary, int) else primary.port
        assert self.text("REPLICAOF", HOST, port).startswith("OK")

    def promote(self) -> None:
        assert self.text("REPLICAOF", "NO", "ONE") == "OK"

    def restart(self, args: Sequence[str] | None = None) -> None:
        """Starts it again after it was killed; on the same port, with the same files."""
        self.disconnect()
        self.server.start(None if args is None else [*args])

    def role(self) -> list[object]:
        found = plain(self.wire.ask("ROLE"))
        assert isinstance(found, list), found
        return found

    @property
    def link(self) -> str:
        """The state of the link to its primary; empty if it is a primary."""
        role = self.role()
        return role[3].decode() if role[0] == b"slave" and isinstance(role[3], bytes) else ""

    @property
    def offset(self) -> int:
        """How much of the stream it has sent, or processed."""
        role = self.role()
        number = role[1] if role[0] == b"master" else role[4]
        assert isinstance(number, bytes)
        return int(number)

    def replicas(self) -> list[tuple[int, int]]:
        """Of each replica that is online the port and the offset that it has acknowledged."""
        listed = self.role()[2]
        if not isinstance(listed, list):  # an empty one is no list here
            return []
        return sorted((int(port), int(offset)) for _, port, offset in listed)


def in_sync(primary: Node, *replicas: Node) -> bool:
    """Whether all have processed what the primary has sent until now."""
    return all(node.link == "connected" and node.offset == primary.offset for node in replicas)


def wait_for_sync(primary: Node, *replicas: Node, seconds: float = SYNC_S) -> None:
    """Waits until each replica has a link and has processed what the primary has sent."""
    end = time.monotonic() + seconds
    while not in_sync(primary, *replicas):
        if time.monotonic() > end:
            states = "; ".join(f"the one on port {node.port}: {said(node.role())}" for node in replicas)
            raise AssertionError(
                f"the replicas have not caught up after {seconds:g} seconds. The primary's ROLE: {said(primary.role())}; {states}"
            )
        time.sleep(0.01)


def said(role: list[object]) -> str:
    return " ".join(word.decode() if isinstance(word, bytes) else str(word) for word in role)


def contents(wire: Wire, databases: tuple[int, ...] = DATABASES) -> dict[tuple[int, bytes], object]:
    """Every key with its type, its value, and whether it expires. An encoding may differ: it depends on what was before."""
    found: dict[tuple[int, bytes], object] = {}
    for database in databases:
        assert wire.text("SELECT", database) == "OK"
        for key in wire.ask("KEYS", "*").items:
            whole = value_of(wire, key.text)
            assert isinstance(whole, tuple)
            kind, _, value, pending = whole
            found[database, key.text] = kind, value, pending, wire.integer("PTTL", key.text) >= 0
    wire.text("SELECT", 0)
    return found


def assert_same_data(first: Node, *others: Node) -> None:
    """All hold the same: by DEBUG DIGEST where each has it, and otherwise key by key."""
    if not any(node.core for node in (first, *others)):
        wanted = first.text("DEBUG", "DIGEST")
        if all(node.text("DEBUG", "DIGEST") == wanted for node in others):
            return
    with Wire(first.server) as wire:
        wanted_data = contents(wire)
    for node in others:
        with Wire(node.server) as wire:
            found = contents(wire)
        different = sorted(key for key in wanted_data.keys() | found.keys() if wanted_data.get(key) != found.get(key))
        lines = [f"{key}: {wanted_data.get(key)} and {found.get(key)}" for key in different[:3]]
        assert not different, f"{len(different)} keys differ: " + "; ".join(lines)
        if not any(node.core for node in (first, *others)):
            assert node.text("DEBUG", "DIGEST") == first.text("DEBUG", "DIGEST"), "the digests differ, and no key does"


class Proxy:
    """Stands on the way from replicas to a primary. It can cut their links, and pass on what is said in small pieces."""

    def __init__(self, target: Node, piece: int = 1 << 16, cut_after: int = 0, then_refuses: bool = False) -> None:
        self.target = target
        self.piece = piece  # at most so many bytes at once
        self.cut_after = cut_after  # of what the primary sends, then the link is cut; 0 is never
        self.then_refuses = then_refuses  # no link after it, which would be there at once
        self.refuses = False
        self.heads: list[list[bytes]] = []  # the first bytes of each link, from the replica and from the primary
        self.passed = 0  # bytes from the primary on the newest link
        self.links: list[tuple[socket.socket, socket.socket]] = []
        self.listener = socket.create_server((HOST, 0))
        self.port = int(self.listener.getsockname()[1])
        threading.Thread(target=self.accept, daemon=True).start()

    def __enter__(self) -> Proxy:
        return self

    def __exit__(self, *_: object) -> None:
        self.refuses = True
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.cut()

    def accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                if self.refuses:
                    client.close()
                    continue
                try:
                    primary = socket.create_connection((HOST, self.target.port))
                except OSError:
                    client.close()
                    continue
                for sock in (client, primary):
                    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self.links.append((client, primary))
                self.heads.append([b"", b""])
                self.passed = 0
                number = len(self.heads) - 1
                for source, sink, way in ((client, primary, 0), (primary, client, 1)):
                    threading.Thread(target=self.pump, args=(source, sink, number, way), daemon=True).start()

    def pump(self, source: socket.socket, sink: socket.socket, number: int, way: int) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(1 << 16):
                head = self.heads[number]
                if len(head[way]) < 2000:
                    head[way] += data[:2000]
                if way == 1 and self.cut_after and self.passed + len(data) >= self.cut_after:
                    data = data[: self.cut_after - self.passed]
                    sink.sendall(data)
                    self.refuses |= self.then_refuses
                    self.cut_after = 0
                    break
                for at in range(0, len(data), self.piece):
                    sink.sendall(data[at : at + self.piece])
                if way == 1:
                    self.passed += len(data)
        self.close(source, sink)

    def close(self, *socks: socket.socket) -> None:
        for sock in socks:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            sock.close()

    def cut(self) -> None:
        """Cuts every link there is."""
        links, self.links = self.links, []
        for link in links:
            self.close(*link)

    def asked(self) -> list[tuple[str, int]]:
        """What replicas asked for with PSYNC: an ID and an offset."""
        wanted = re.compile(rb"(?i)PSYNC\r\n\$\d+\r\n([^\r]*)\r\n\$\d+\r\n(-?\d+)\r\n")
        return [(m[1].decode(), int(m[2])) for head in self.heads if (m := wanted.search(head[0]))]

    def syncs(self) -> list[str]:
        """What the primary replied to each PSYNC: `full` or `partial`."""
        names = {b"+FULLRESYNC": "full", b"+CONTINUE": "partial"}
        return [names[m[0]] for head in self.heads if (m := re.search(rb"\+FULLRESYNC|\+CONTINUE", head[1]))]
