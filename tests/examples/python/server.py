"""Stage 00 in Python, with the standard library alone: bytes become commands, replies become bytes.

    python3 server.py --port 6379

Each client has a thread, so the reader simply waits for the bytes that it needs. It works on bytes, never on
text: an argument may hold anything.
"""

from __future__ import annotations

import argparse
import itertools
import re
import socket
import socketserver
from collections.abc import Callable
from typing import NamedTuple

LINE_MAX = 64 * 1024  # of an inline command, or of a length
INLINE_MAX = LINE_MAX + 16 * 1024  # of one that arrived with its end
BULK_MAX = 512 * 1024 * 1024
COUNT_MAX = 2**31 - 1
PREVIEW = 128  # bytes of a command that an error repeats
VERSION = b"7.0.15"
BROWSER = (b"post", b"host:")  # lines of HTTP, which a web page can make a browser send here

# --- Replies ---


def line(text: bytes) -> bytes:
    """A line of a reply has no line end inside."""
    return text.replace(b"\r", b" ").replace(b"\n", b" ") + b"\r\n"


def simple(text: bytes) -> bytes:
    return b"+" + line(text)


def error(text: bytes) -> bytes:
    return b"-" + line(text)


def integer(number: int) -> bytes:
    return b":%d\r\n" % number


def bulk(value: bytes) -> bytes:
    return b"$%d\r\n%s\r\n" % (len(value), value)


def array(*items: bytes) -> bytes:
    """An array of replies."""
    return b"*%d\r\n%s" % (len(items), b"".join(items))


def mapping(protocol: int, pairs: dict[bytes, bytes]) -> bytes:
    """A map of names to replies; a flat array for those who speak RESP2."""
    items = [part for name, reply in pairs.items() for part in (bulk(name), reply)]
    return b"%%%d\r\n%s" % (len(pairs), b"".join(items)) if protocol == 3 else array(*items)


# --- Reading ---


class ProtocolError(Exception):
    """What was sent is no command, and where the next one begins nobody can know."""


class Gone(Exception):
    """The client has closed the connection."""


NUMBER = re.compile(rb"-?[1-9][0-9]*|0")


def parse_number(text: bytes) -> int | None:
    """A number of 64 bits in its one spelling: no +, no leading zero, no blank."""
    number = int(text) if len(text) <= 20 and NUMBER.fullmatch(text) else None
    return number if number is not None and -(2**63) <= number < 2**63 else None


WORD = re.compile(
    rb"""([^ \t\r\n"']*)                     # as it stands, and then perhaps
         (?: "( (?: \\. | [^"\\] )* )"      # a piece with escapes
           | '( (?: \\' | \\(?!') | [^'\\] )* )'
         )? (?: \s+ | \Z)                   # a quote ends its word; \s has \v and \f as well""",
    re.VERBOSE | re.DOTALL,
)
ESCAPE = re.compile(rb"\\(x[0-9a-fA-F]{2}|.)", re.DOTALL)
MEANINGS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"a": b"\a", b"b": b"\b"}


def unescape(match: re.Match[bytes]) -> bytes:
    escape = match[1]
    return bytes.fromhex(escape[1:].decode()) if len(escape) == 3 else MEANINGS.get(escape, escape)


def split_words(text: bytes) -> list[bytes]:
    """The words of an inline command, their quotes removed."""
    words = []
    at = len(text) - len(text.lstrip())
    while at < len(text):
        match = WORD.match(text, at)
        if not match:
            raise ProtocolError("unbalanced quotes in request")
        plain, double, single = match[1], match[2] or b"", match[3] or b""
        words.append(plain + ESCAPE.sub(unescape, double) + single.replace(b"\\'", b"'"))
        at = match.end()
    return words


class Reader:
    """Commands out of a stream of bytes, however it was cut into pieces."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self.buffer = bytearray()

    def more(self) -> None:
        data = self.connection.recv(1024 * 1024)
        if not data:
            raise Gone
        self.buffer += data

    def take(self, count: int) -> bytes:
        """That many bytes, when they are there."""
        while len(self.buffer) < count:
            self.more()
        taken = bytes(self.buffer[:count])
        del self.buffer[:count]
        return taken

    def take_line(self, end: bytes, too_long: str) -> bytes:
        """The bytes before the next `end`. One that does not come in time is an error."""
        looked = 0
        while (at := self.buffer.find(end, looked)) < 0:
            looked = len(self.buffer)
            if looked > LINE_MAX:
                raise ProtocolError(too_long)
            self.more()
        taken = self.take(at + 1)[:-1]
        if end == b"\r":
            self.take(1)  # the \n, which nobody looks at
        return taken

    def command(self) -> list[bytes]:
        """The arguments of the next command; none for an empty one."""
        if not self.buffer:
            self.more()
        if self.buffer[:1] == b"*":
            return [self.argument() for _ in range(self.count())]
        text = self.take_line(b"\n", "too big inline request")
        if len(text) > INLINE_MAX:
            raise ProtocolError("too big inline request")
        return split_words(text.removesuffix(b"\r"))

    def count(self) -> int:
        count = parse_number(self.take_line(b"\r", "too big mbulk count string")[1:])
        if count is None or count > COUNT_MAX:
            raise ProtocolError("invalid multibulk length")
        return count

    def argument(self) -> bytes:
        header = self.take_line(b"\r", "too big bulk count string")
        if header[:1] != b"$":
            got = header[:1].decode("latin-1") or "\r"
            raise ProtocolError(f"expected '$', got '{got}'")
        length = parse_number(header[1:])
        if length is None or not 0 <= length <= BULK_MAX:
            raise ProtocolError("invalid bulk length")
        return self.take(length + 2)[:-2]


# --- Commands ---


class Client(socketserver.BaseRequestHandler):
    """A connection."""

    ids = itertools.count(1)

    def setup(self) -> None:
        self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.id = next(self.ids)
        self.protocol = 2
        self.name = b""
        self.leaving = False

    def handle(self) -> None:
        reader = Reader(self.request)
        try:
            while not self.leaving:
                arguments = reader.command()
                if arguments and arguments[0].lower() in BROWSER:
                    return
                if arguments:
                    self.request.sendall(execute(self, arguments))
        except ProtocolError as problem:
            self.request.sendall(error(b"ERR Protocol error: " + str(problem).encode("latin-1")))
        except (Gone, ConnectionError):
            pass


class Command(NamedTuple):
    """A row of the table of commands. A negative arity is the least number of words."""

    arity: int
    run: Callable[[Client, list[bytes]], bytes]


def execute(client: Client, arguments: list[bytes]) -> bytes:
    """The reply to a command."""
    name = arguments[0].lower()
    command = COMMANDS.get(name)
    if not command:
        return error(unknown(arguments))
    count, arity = len(arguments), command.arity
    if count != arity if arity > 0 else count < -arity:
        return error(wrong_arity(name))
    return command.run(client, arguments)


def wrong_arity(name: bytes) -> bytes:
    return b"ERR wrong number of arguments for '%s' command" % name


def unknown(arguments: list[bytes]) -> bytes:
    """Clients match this text. Like a string of C, a name or an argument ends at a zero byte."""
    name, *rest = (argument.split(b"\0")[0] for argument in arguments)
    preview = b""
    for argument in rest:
        if len(preview) >= PREVIEW:
            break
        preview += b"'%s' " % argument[: PREVIEW - len(preview)]
    return b"ERR unknown command '%s', with args beginning with: %s" % (name[:PREVIEW], preview)


def ping(_: Client, arguments: list[bytes]) -> bytes:
    if len(arguments) > 2:
        return error(wrong_arity(b"ping"))
    return bulk(arguments[1]) if len(arguments) == 2 else simple(b"PONG")


def echo(_: Client, arguments: list[bytes]) -> bytes:
    return bulk(arguments[1])


def quit_(client: Client, _: list[bytes]) -> bytes:
    client.leaving = True
    return simple(b"OK")


def reset(client: Client, _: list[bytes]) -> bytes:
    client.protocol, client.name = 2, b""
    return simple(b"RESET")


def hello(client: Client, arguments: list[bytes]) -> bytes:
    """HELLO [version [SETNAME name]]."""
    version = parse_number(arguments[1]) if len(arguments) > 1 else client.protocol
    if version is None:
        return error(b"ERR Protocol version is not an integer or out of range")
    if version not in (2, 3):
        return error(b"NOPROTO unsupported protocol version")
    name = client.name
    options = iter(arguments[2:])
    for option in options:
        value = next(options, None)
        if option.lower() != b"setname" or value is None:
            return error(b"ERR Syntax error in HELLO option '%s'" % option)
        if not all(0x21 <= byte <= 0x7E for byte in value):
            return error(b"ERR Client names cannot contain spaces, newlines or special characters.")
        name = value
    client.protocol, client.name = version, name
    return mapping(
        version,
        {
            b"server": bulk(b"redis"),
            b"version": bulk(VERSION),
            b"proto": integer(version),
            b"id": integer(client.id),
            b"mode": bulk(b"standalone"),
            b"role": bulk(b"master"),
            b"modules": array(),
        },
    )


COMMANDS = {
    b"ping": Command(-1, ping),
    b"echo": Command(2, echo),
    b"quit": Command(-1, quit_),
    b"reset": Command(1, reset),
    b"hello": Command(-1, hello),
}


class Server(socketserver.ThreadingTCPServer):
    """Accepts, and gives each client a thread."""

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 511


def main() -> None:
    parser = argparse.ArgumentParser(description="Speaks the Redis protocol.")
    parser.add_argument("--port", type=int, default=6379)
    port = parser.parse_args().port
    with Server(("127.0.0.1", port), Client) as server:
        print("Ready to accept connections", flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main()
