"""A client that fills a server, and little else, as fast as Python can."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from functools import lru_cache

from bench.rows import Fill

BATCH = 200
MOST_HELD = 2_000_000  # commands of a fill; those of a larger one are not kept
NO_DEADLINE = b"0" * 13


def request(words: list[str]) -> bytes:
    """A command as a client sends it."""
    out = [f"*{len(words)}\r\n"]
    out += [f"${len(word)}\r\n{word}\r\n" for word in words]
    return "".join(out).encode()


def words(fill: Fill, n: int) -> list[str]:
    """The n-th command of a fill."""
    text = fill.command.replace("{value:4096}", "x" * 4096)
    return text.format(key=f"key:{n:08}", value=f"value:{n:010}", n=n,
                       deadline=NO_DEADLINE.decode()).split()


@lru_cache(maxsize=4)
def batches(fill: Fill) -> list[bytes]:
    """All the commands of a fill, many to a write."""
    return list(made(fill))


def made(fill: Fill) -> Iterator[bytes]:
    """The same, each made when it is its turn.

    Arguments of one fill have the same lengths wherever the number is
    written with a width, so that one template serves for all."""
    template = template_of(fill)
    for start in range(0, fill.count, BATCH):
        stop = min(start + BATCH, fill.count)
        yield "".join(template(n) for n in range(start, stop)).encode()


def template_of(fill: Fill) -> Callable[[int], str]:
    """A function that makes the n-th request."""
    if "{n}" in fill.command:
        return lambda n: request(words(fill, n)).decode()
    marks = {"key": "key:{n:08}", "value": "value:{n:010}"}
    sample = words(fill, 0)
    text = fill.command.replace("{value:4096}", "x" * 4096)
    forms = text.replace("{deadline}", NO_DEADLINE.decode()).split()
    for name, form in marks.items():
        forms = [word.replace("{" + name + "}", form) for word in forms]
    parts = [f"*{len(forms)}\r\n"]
    for word, form in zip(sample, forms, strict=True):
        parts.append(f"${len(word)}\r\n{form}\r\n")
    whole = "".join(parts)
    return lambda n: whole.format(n=n)


class Client:
    """A connection for filling and asking."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), 60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, *argv: str) -> bytes:
        """One command whose reply is one line."""
        self.socket.sendall(request(list(argv)))
        return self._lines(1)

    def field(self, section: str, name: str) -> str:
        """A field of INFO; empty if there is none."""
        self.socket.sendall(request(["INFO", section]))
        data = self.socket.recv(1 << 16)
        head, _, rest = data.partition(b"\r\n")
        while len(rest) < int(head[1:]) + 2:
            rest += self.socket.recv(1 << 16)
        lines = rest.decode().splitlines()
        return next((x.partition(":")[2] for x in lines if x.startswith(name + ":")), "")

    def _lines(self, count: int) -> bytes:
        data = b""
        while count > 0:
            data = self.socket.recv(1 << 16)
            if not data:
                raise OSError("the server closed the connection")
            if data[:1] == b"-":
                raise OSError(data.split(b"\r\n")[0].decode())
            count -= data.count(b"\n")
        return data

    def fill(self, fill: Fill, deadline_ms: int = 0,
             until: Callable[[], bool] = lambda: False) -> None:
        """Sends all the commands of a fill, or as many as it takes until
        something is so."""
        moment = b"%013d" % deadline_ms
        commands = batches(fill) if fill.count <= MOST_HELD else made(fill)
        for count, batch in zip(sizes(fill), commands, strict=True):
            self.socket.sendall(batch.replace(NO_DEADLINE, moment)
                                if deadline_ms else batch)
            self._lines(count * fill.lines)
            if until():
                return

    def close(self) -> None:
        """Ends the connection."""
        self.socket.close()


def sizes(fill: Fill) -> Iterator[int]:
    """How many commands are in each batch."""
    for start in range(0, fill.count, BATCH):
        yield min(BATCH, fill.count - start)
