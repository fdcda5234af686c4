"""Asks a real redis-server how it reads and writes numbers, patterns and quotes.

    python3 tests/unit/record.py            writes tests/unit/recorded/*.inc
    python3 tests/unit/record.py --check    only compares, and fails on a difference

The unit tests of common/ include these files, so that nobody types what Redis
would have answered.
"""

from __future__ import annotations

import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import inputs

HERE = Path(__file__).resolve().parent
Reply = bytes | int | list["Reply"] | None


class ReplyError(Exception):
    """The server answered with an error."""


class Connection:
    """One connection that speaks RESP2."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        self.file = self.socket.makefile("rb")

    def ask(self, *args: bytes) -> Reply:
        parts = [b"$%d\r\n%s\r\n" % (len(arg), arg) for arg in args]
        return self.ask_raw(b"*%d\r\n" % len(args) + b"".join(parts))

    def ask_raw(self, data: bytes) -> Reply:
        self.socket.sendall(data)
        return self.read()

    def read(self) -> Reply:
        line = self.file.readline().rstrip(b"\r\n")
        kind, rest = line[:1], line[1:]
        if kind == b"-":
            raise ReplyError(rest.decode())
        if kind == b":":
            return int(rest)
        if kind == b"$":
            return None if rest == b"-1" else self.file.read(int(rest) + 2)[:-2]
        if kind == b"*":
            return [self.read() for _ in range(int(rest))]
        if kind != b"+":
            raise ConnectionError(f"no reply but {line!r}")
        return rest

    def strings(self, *args: bytes) -> list[bytes]:
        """The reply as the list of strings that it must be."""
        reply = self.ask(*args)
        assert isinstance(reply, list)
        return [item for item in reply if isinstance(item, bytes)]

    def text(self, *args: bytes) -> bytes:
        """The reply's text, or nothing when it is an error."""
        try:
            reply = self.ask(*args)
        except ReplyError as error:
            return b"infinite" if "Infinity" in str(error) else b""
        return reply if isinstance(reply, bytes) else b"%d" % reply if isinstance(reply, int) else b""


def literal(data: bytes) -> str:
    """The bytes as a C string; octal escapes cannot swallow what follows."""
    plain = set(range(0x20, 0x7F)) - set(b'"\\?')
    return '"' + "".join(chr(b) if b in plain else f"\\{b:03o}" for b in data) + '"'


def pairs(rows: Iterable[tuple[bytes, bytes]]) -> list[str]:
    return [f"{{BYTES({literal(given)}), {literal(answer)}}}," for given, answer in rows]


def record_integers(redis: Connection) -> list[str]:
    def answer(spelling: bytes) -> bytes:
        redis.ask(b"DEL", b"k")
        return redis.text(b"INCRBY", b"k", spelling)

    return pairs((spelling, answer(spelling)) for spelling in inputs.integers())


def record_doubles(redis: Connection) -> list[str]:
    def answer(spelling: bytes) -> bytes:
        redis.ask(b"DEL", b"z")
        return redis.text(b"ZADD", b"z", b"INCR", spelling, b"m")

    return pairs((spelling, answer(spelling)) for spelling in inputs.floats())


def record_long_doubles(redis: Connection) -> list[str]:
    def answer(spelling: bytes) -> bytes:
        redis.ask(b"DEL", b"k")
        return redis.text(b"INCRBYFLOAT", b"k", spelling)

    return pairs((spelling, answer(spelling)) for spelling in inputs.floats())


def record_memory(redis: Connection) -> list[str]:
    def answer(spelling: bytes) -> bytes:
        if not redis.text(b"CONFIG", b"SET", b"maxmemory", spelling):
            return b""
        value = redis.strings(b"CONFIG", b"GET", b"maxmemory")[1]
        redis.ask(b"CONFIG", b"SET", b"maxmemory", b"0")
        return value

    return pairs((spelling, answer(spelling)) for spelling in inputs.memory_sizes())


def record_human(redis: Connection) -> list[str]:
    def answer(count: int) -> bytes:
        redis.ask(b"CONFIG", b"SET", b"maxmemory", b"%d" % count)
        info = redis.text(b"INFO", b"memory")
        redis.ask(b"CONFIG", b"SET", b"maxmemory", b"0")
        return info.split(b"maxmemory_human:")[1].split(b"\r\n")[0]

    return [f"{{{count}u, {literal(answer(count))}}}," for count in inputs.byte_counts()]


def mask(names: list[bytes], found: list[bytes]) -> str:
    return f"0x{sum(1 << index for index, name in enumerate(names) if name in found):012x}"


def record_glob(redis: Connection) -> list[str]:
    keys = inputs.glob_keys()
    redis.ask(b"FLUSHALL")
    for key in keys:
        redis.ask(b"SET", key, b"")
    rows = [f"KEY(BYTES({literal(key)}))" for key in keys]
    for pattern in inputs.glob_patterns():
        rows.append(f"PATTERN(BYTES({literal(pattern)}), {mask(keys, redis.strings(b'KEYS', pattern))})")
    return rows


def record_glob_nocase(redis: Connection) -> list[str]:
    names = sorted(redis.strings(b"COMMAND", b"LIST"))[::5][:48]
    rows = [f"KEY(BYTES({literal(name)}))" for name in names]
    for pattern in inputs.command_patterns():
        found = redis.strings(b"COMMAND", b"LIST", b"FILTERBY", b"PATTERN", pattern)
        rows.append(f"PATTERN(BYTES({literal(pattern)}), {mask(names, found)})")
    return rows


class Monitor:
    """A second connection on which MONITOR prints what the first one sends."""

    def __init__(self, redis: Connection) -> None:
        port = redis.socket.getpeername()[1]
        self.port: int = port
        self.connection = Connection(port)
        self.connection.ask(b"MONITOR")

    def next(self) -> bytes:
        """The arguments of the next command, as Redis quotes them."""
        line = self.connection.read()
        assert isinstance(line, bytes)
        return line.split(b"] ", 1)[1]


def record_quotes(redis: Connection) -> list[str]:
    monitor = Monitor(redis)

    def answer(data: bytes) -> bytes:
        redis.ask(b"EXISTS", data)
        return monitor.next().split(b" ", 1)[1]

    return pairs((data, answer(data)) for data in inputs.quoted_bytes())


def record_inline(redis: Connection) -> list[str]:
    monitor = Monitor(redis)

    def answer(line: bytes) -> bytes:
        typist = Connection(monitor.port)  # an error of the protocol closes it
        try:
            typist.ask_raw(line + b"\r\n")
        except ReplyError:
            return b""
        finally:
            typist.socket.close()
        return monitor.next()

    lines = [b"exists x " + line for line in inputs.inline_lines()]
    return pairs((line, answer(line)) for line in lines)


RECORDINGS: dict[str, Callable[[Connection], list[str]]] = {
    "integers": record_integers,
    "doubles": record_doubles,
    "long_doubles": record_long_doubles,
    "memory": record_memory,
    "human": record_human,
    "glob": record_glob,
    "glob_nocase": record_glob_nocase,
    "quotes": record_quotes,
    "inline": record_inline,
}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def connect(port: int) -> Connection:
    """Waits until the server answers."""
    for _ in range(100):
        try:
            return Connection(port)
        except OSError:
            time.sleep(0.05)
    raise SystemExit("redis-server did not start")


def record_all(redis: Connection, check: bool) -> bool:
    """Writes or compares every file; whether all were as they should be."""
    fresh = True
    for name, record in RECORDINGS.items():
        rows = [f"/* Recorded from redis-server by record.py: {name}. */", *record(redis)]
        path, text = HERE / "recorded" / f"{name}.inc", "\n".join(rows) + "\n"
        if not check:
            path.write_text(text)
        elif not path.exists() or path.read_text() != text:
            print(f"{path}: redis-server answers otherwise")
            fresh = False
    return fresh


def main() -> int:
    port = free_port()
    with tempfile.TemporaryDirectory() as directory:
        flags = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", directory]
        server = subprocess.Popen(["redis-server", *flags], stdout=subprocess.DEVNULL)
        try:
            return 0 if record_all(connect(port), "--check" in sys.argv[1:]) else 1
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    sys.exit(main())
