"""Random writes of all types: what a primary is given while replicas follow it."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

from .load import Arg
from .wire import Wire, command

Command = tuple[Arg, ...]
Make = Callable[["Dice"], Command]
BATCH = 50


class Dice:
    """Keys and values by chance. There are few keys, so that commands meet."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)

    def key(self, kind: str) -> str:
        return f"{kind}:{self.number(12)}"

    def number(self, below: int) -> int:
        return self.chance.randrange(below)

    def value(self) -> Arg:
        shape = self.number(10)
        if shape < 4:
            return self.number(100_000) - 50_000
        return self.chance.randbytes(self.number(300)) if shape == 9 else f"value {self.number(1000)}"

    def score(self) -> Arg:
        return self.chance.choice((self.number(100), self.number(1000) / 8, "inf", "-inf"))

    def member(self) -> str:
        return f"m{self.number(40)}"

    def any_key(self) -> str:
        return self.key(self.chance.choice("slhtzx"))


CORE: tuple[Make, ...] = (
    lambda d: ("SET", d.key("s"), d.value()),
    lambda d: ("SET", d.key("s"), d.value(), "PX", 1 + d.number(80)),
    lambda d: ("SET", d.key("s"), d.value(), "EX", 1000),
    lambda d: ("SET", d.key("s"), d.value(), "KEEPTTL"),
    lambda d: ("SET", d.key("s"), d.value(), d.chance.choice(("NX", "XX"))),
    lambda d: ("INCRBY", d.key("n"), d.number(1000)),
    lambda d: ("DECR", d.key("n")),
    lambda d: ("APPEND", d.key("s"), d.value()),
    lambda d: ("MSET", d.key("s"), d.value(), d.key("s"), d.value()),
    lambda d: ("DEL", d.any_key(), d.any_key()),
    lambda d: ("UNLINK", d.any_key()),
    lambda d: ("PEXPIRE", d.any_key(), d.chance.choice((20, 100, 1_000_000))),
    lambda d: ("EXPIRE", d.any_key(), d.chance.choice((-1, 1000)), d.chance.choice(("NX", "XX", "GT"))),
    lambda d: ("PERSIST", d.any_key()),
    lambda d: ("RPUSH", d.key("l"), d.value(), d.value()),
    lambda d: ("LPUSH", d.key("l"), *(d.value() for _ in range(20))),
    lambda d: ("LPOP", d.key("l"), 1 + d.number(5)),
    lambda d: ("RPOP", d.key("l")),
    lambda d: ("LTRIM", d.key("l"), d.number(5), -d.number(5) - 1),
    lambda d: ("HSET", d.key("h"), d.member(), d.value(), d.member(), d.value()),
    lambda d: ("HDEL", d.key("h"), d.member()),
    lambda d: ("SADD", d.key("t"), d.member(), d.number(300)),
    lambda d: ("SREM", d.key("t"), d.member(), d.number(300)),
    lambda d: ("ZADD", d.key("z"), d.score(), d.member(), d.score(), d.member()),
    lambda d: ("ZADD", d.key("z"), d.chance.choice(("NX", "XX", "GT")), d.score(), d.member()),
    lambda d: ("ZINCRBY", d.key("z"), d.number(50) / 4, d.member()),
    lambda d: ("ZREM", d.key("z"), d.member()),
    lambda d: ("XADD", d.key("x"), "*", "field", d.value()),
    lambda d: ("XADD", d.key("x"), "MAXLEN", d.chance.choice("~="), 20, "*", "field", d.value()),
    lambda d: ("XTRIM", d.key("x"), "MAXLEN", 10 + d.number(10)),
    lambda d: ("LPUSH", d.key("s"), "of the wrong type"),
    lambda d: ("SELECT", d.chance.choice((0, 0, 0, 1, 15))),
)  # fmt: skip

MORE: tuple[Make, ...] = (
    lambda d: ("SETEX", d.key("s"), 1000, d.value()),
    lambda d: ("GETSET", d.key("s"), d.value()),
    lambda d: ("GETDEL", d.key("s")),
    lambda d: ("GETEX", d.key("s"), "PX", 30 + d.number(1_000_000)),
    lambda d: ("SETRANGE", d.key("s"), d.number(40), "range"),
    lambda d: ("INCRBYFLOAT", d.key("f"), d.number(100) / 8),
    lambda d: ("HINCRBYFLOAT", d.key("h"), "float", d.number(100) / 8),
    lambda d: ("COPY", d.any_key(), d.any_key(), "REPLACE"),
    lambda d: ("RENAME", d.key("s"), d.key("s")),
    lambda d: ("MOVE", d.any_key(), d.chance.choice((0, 1))),
    lambda d: ("SWAPDB", 0, 1),
    lambda d: ("LMOVE", d.key("l"), d.key("l"), "LEFT", "RIGHT"),
    lambda d: ("RPOPLPUSH", d.key("l"), d.key("l")),
    lambda d: ("LMPOP", 2, d.key("l"), d.key("l"), "LEFT", "COUNT", 2),
    lambda d: ("LSET", d.key("l"), 0, d.value()),
    lambda d: ("LREM", d.key("l"), 1, d.value()),
    lambda d: ("BLPOP", d.key("l"), d.key("l"), 0.001),
    lambda d: ("SPOP", d.key("t")),
    lambda d: ("SPOP", d.key("t"), 3),
    lambda d: ("SMOVE", d.key("t"), d.key("t"), d.member()),
    lambda d: ("SINTERSTORE", d.key("t"), d.key("t"), d.key("t")),
    lambda d: ("SUNIONSTORE", d.key("t"), d.key("t"), d.key("t")),
    lambda d: ("ZPOPMIN", d.key("z")),
    lambda d: ("ZMPOP", 1, d.key("z"), "MAX", "COUNT", 2),
    lambda d: ("ZUNIONSTORE", d.key("z"), 2, d.key("z"), d.key("t")),
    lambda d: ("ZRANGESTORE", d.key("z"), d.key("z"), 0, 20),
    lambda d: ("ZREMRANGEBYRANK", d.key("z"), 0, 2),
    lambda d: ("GEOADD", d.key("z"), 13.3 + d.number(100) / 1000, 38.1, d.member()),
    lambda d: ("SORT", d.key("t"), "ALPHA", "STORE", d.key("l")),
    lambda d: ("XGROUP", "CREATE", d.key("x"), "readers", "$", "MKSTREAM"),
    lambda d: ("XREADGROUP", "GROUP", "readers", d.member(), "COUNT", 3, "STREAMS", d.key("x"), ">"),
    lambda d: ("XREADGROUP", "GROUP", "readers", d.member(), "NOACK", "STREAMS", d.key("x"), ">"),
    lambda d: ("XAUTOCLAIM", d.key("x"), "readers", d.member(), 0, "0-0", "COUNT", 3),
    lambda d: ("XACK", d.key("x"), "readers", "1-1"),
    lambda d: ("PUBLISH", "channel", d.value()),
)  # fmt: skip


def random_writes(seed: int, count: int, core: bool) -> Iterator[Command]:
    """So many commands, and now and then MULTI and EXEC around some. Some will fail, as clients' commands do."""
    dice = Dice(seed)
    makers = CORE if core else CORE + MORE
    in_transaction = 0
    for _ in range(count):
        if in_transaction:
            in_transaction -= 1
            if not in_transaction:
                yield ("EXEC",)
        elif dice.number(40) == 0:
            in_transaction = 2 + dice.number(6)
            yield ("MULTI",)
        yield dice.chance.choice(makers)(dice)
    if in_transaction:
        yield ("EXEC",)
    yield "SELECT", 0


def write(wire: Wire, commands: Iterator[Command]) -> int:
    """Sends commands and reads all replies; returns how many were errors."""
    errors = 0
    batch: list[bytes] = []
    for one in commands:
        batch.append(command(*one))
        if len(batch) == BATCH:
            errors += replies(wire, batch)
    return errors + replies(wire, batch)


def replies(wire: Wire, batch: list[bytes]) -> int:
    wire.send(b"".join(batch))
    errors = sum(wire.reply().kind == "error" for _ in batch)
    batch.clear()
    return errors
