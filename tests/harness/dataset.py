"""Values of every type and encoding, and what a server holds, as clients see it."""

from __future__ import annotations

import random
from collections.abc import Iterator

from .load import Arg, pipeline
from .resp import Reply
from .wire import Wire

LATER = 4_102_444_800_000  # a moment in 2100, in Unix time in ms

Command = tuple[Arg, ...]


def strings() -> Iterator[Command]:
    """Integers at the edges of their encodings, what only looks like one, and texts that repeat and do not."""
    edges = [0, 1, 127, 128, 255, 256, 32767, 32768, 65535, 65536, 2**31 - 1, 2**31, 2**32, 2**63 - 1]
    for number in edges:
        yield "SET", f"int:{number}", number
        yield "SET", f"int:{-number - 1}", -number - 1
    for text in ("007", "+7", "-0", "1.5", "", " 1", "1 ", "0x10", "9" * 30):
        yield "SET", f"text:{text}", text
    chance = random.Random(10)
    for length in (20, 21, 44, 45, 63, 64, 100, 16_383, 16_384, 70_000, 200_000):
        yield "SET", f"row:{length}", "a" * length
        yield "SET", f"noise:{length}", chance.randbytes(length)
        yield "SET", f"words:{length}", (f"the {length} words of a sentence that repeats itself, " * length)[:length]
    yield "SET", "a key that is long, so long, so long, so long that it is compressed", "v"
    yield "SET", b"bytes\x00\r\n\xff", b"\x00\xff\r\n"
    yield "APPEND", "raw", "x"


def lists() -> Iterator[Command]:
    yield "RPUSH", "list:short", "a", 1, -1, 5000, "b" * 60, "c" * 5000, 2**40, -(2**60), ""
    yield "RPUSH", "list:of-nodes", *(f"element {i}" for i in range(3000))
    yield "RPUSH", "list:large-elements", *("z" * 10_000 for _ in range(5))


def hashes_and_sets() -> Iterator[Command]:
    yield "SADD", "set:16", *range(-20, 20)
    yield "SADD", "set:32", 1, 2, 70_000, -70_000
    yield "SADD", "set:64", 1, 2**40, -(2**40)
    yield "SADD", "set:many", *range(1000)
    yield "SADD", "set:text", "a", "b", 7, "", "x" * 200
    yield "HSET", "hash:short", "field", "value", "number", 12, "empty", "", "", "no name"
    yield "HSET", "hash:long", "field", "v" * 65, "f" * 100, 1
    yield "HSET", "hash:many", *(x for i in range(600) for x in (f"f{i}", i))


def sorted_sets() -> Iterator[Command]:
    scores = ["1", "-1", "1.5", "0.1", "inf", "-inf", "3e100", "-2.5e-10", "9007199254740993", "0"]
    yield "ZADD", "zset:short", *(x for i, score in enumerate(scores) for x in (score, f"m{i}"))
    yield "ZADD", "zset:long", *(x for i, score in enumerate(scores) for x in (score, f"{i}" * 80))
    yield "ZADD", "zset:many", *(x for i in range(300) for x in (i / 3, f"m{i}"))


def streams() -> Iterator[Command]:
    """IDs at the edges, entries that were deleted, and groups that have read, acknowledged, and have not."""
    for i in range(1, 251):
        yield "XADD", "stream", f"{i}-{i % 3}", "field", f"value {i}", "n", i
    yield "XADD", "stream", "300-0", "another", "field"
    yield "XDEL", "stream", "5-2", "6-0", "300-0"
    yield "XGROUP", "CREATE", "stream", "readers", 0
    yield "XGROUP", "CREATE", "stream", "others", "$"
    yield "XREADGROUP", "GROUP", "readers", "ann", "COUNT", 10, "STREAMS", "stream", ">"
    yield "XREADGROUP", "GROUP", "readers", "bob", "COUNT", 10, "STREAMS", "stream", ">"
    yield "XACK", "stream", "readers", "1-1", "2-2", "12-0"
    yield "XADD", "stream:empty", "1-1", "f", "v"
    yield "XDEL", "stream:empty", "1-1"
    yield "XADD", "stream:far", "1-1", "f", "v"
    yield "XADD", "stream:far", "18446744073709551615-18446744073709551614", "f", "v"
    yield "XADD", "stream:trimmed", "7-7", "f", 1
    yield "XADD", "stream:trimmed", "8-8", "f", 2
    yield "XADD", "stream:trimmed", "MAXLEN", 1, "9-9", "f", 3


TYPES = {
    "string": strings,
    "list": lists,
    "hash and set": hashes_and_sets,
    "sorted set": sorted_sets,
    "stream": streams,
}


def all_values() -> Iterator[Command]:
    """One of each, in three databases; some of them expire."""
    for database in (0, 1, 15):
        yield "SELECT", database
        yield "SET", f"database {database}", database
    yield "SELECT", 0
    for values in TYPES.values():
        yield from values()
    for key in ("int:0", "row:100", "list:short", "set:16", "hash:many", "zset:short", "stream"):
        yield "PEXPIREAT", key, LATER


def fill(wire: Wire, commands: Iterator[Command] | None = None) -> None:
    for one in commands or all_values():
        reply = wire.ask(*one)
        assert reply.kind != "error", (one, reply.text)


def plain(reply: Reply) -> object:
    """A reply as Python's own values."""
    return [plain(item) for item in reply.items] if reply.items else reply.text


READ: dict[str, tuple[str, tuple[Arg, ...]]] = {
    "string": ("GET", ()),
    "list": ("LRANGE", (0, -1)),
    "set": ("SMEMBERS", ()),
    "hash": ("HGETALL", ()),
    "zset": ("ZRANGE", (0, -1, "WITHSCORES")),
    "stream": ("XRANGE", ("-", "+")),
}


def value_of(wire: Wire, key: bytes) -> object:
    """A value with its type and encoding; what has no order is sorted."""
    kind = wire.text("TYPE", key)
    name, rest = READ[kind]
    reply = wire.ask(name, key, *rest)
    assert reply.kind != "error", reply.text
    value = plain(reply)
    if kind == "set" and isinstance(value, list):
        value = sorted(value)
    if kind == "hash" and isinstance(value, list):
        value = sorted(zip(value[::2], value[1::2], strict=True))
    pending = []
    if kind == "stream":
        for group in ("readers", "others"):
            pending.append(plain(wire.ask("XPENDING", key, group)))
    return kind, wire.text("OBJECT", "ENCODING", key), value, pending


def holds(wire: Wire, databases: tuple[int, ...] = (0, 1, 15)) -> dict[tuple[int, bytes], object]:
    """Every key of some databases with its value, and whether it expires in the far future."""
    found: dict[tuple[int, bytes], object] = {}
    for database in databases:
        assert wire.text("SELECT", database) == "OK"
        for key in wire.ask("KEYS", "*").items:
            ttl = wire.integer("PTTL", key.text)
            found[database, key.text] = (value_of(wire, key.text), ttl > 10**10)
    wire.text("SELECT", 0)
    return found


def many(count: int) -> Iterator[Command]:
    return (("SET", f"key:{i}", f"value {i}") for i in range(count))


def add_many(wire: Wire, count: int) -> None:
    errors = pipeline(wire, many(count))
    assert not errors, errors[0]


def touch(wire: Wire, key: bytes) -> None:
    """Reads and changes a value, whatever it is: one that was believed must not bring the server down."""
    for one in (
        ("APPEND", key, "x"), ("LRANGE", key, 0, -1), ("RPUSH", key, "x"), ("LPOP", key), ("HGETALL", key),
        ("HSET", key, "f", "x" * 70), ("HDEL", key, "f"), ("SMEMBERS", key), ("SADD", key, "x"), ("SREM", key, 1),
        ("ZRANGE", key, 0, -1, "WITHSCORES"), ("ZADD", key, 7, "a", 8, "x" * 70), ("ZREM", key, "a", "b", "x" * 70),
        ("XRANGE", key, "-", "+"), ("XREVRANGE", key, "+", "-"), ("XADD", key, "*", "f", "v"), ("XACK", key, "group", "1-1"),
        ("XPENDING", key, "group"), ("XDEL", key, "1-1", "3-1"), ("XTRIM", key, "MAXLEN", 0),
    ):  # fmt: skip
        wire.ask(*one)
