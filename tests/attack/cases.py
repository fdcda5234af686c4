"""Makes hostile conversations from a seed, and keeps them in files."""

from __future__ import annotations

import base64
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from fuzz.families import FAMILIES
from fuzz.generate import Generator
from fuzz.grammar import Ref
from harness.lesson import Commands
from harness.resp import encode_command

MILLION = 1_000_000
NUMBERS = [
    *(sign + str(2**power + plus) for sign in ("", "-") for power in (31, 32, 53, 62, 63, 64) for plus in (-1, 0, 1)),
    "0", "-0", "+1", "00", "1e400", "-1e400", "1e-400", "nan", "-nan", "inf", "-inf", "infinity", "0x", "0x10", "",
    " 1", "1 ", "1\x00", "1.", ".", "-", "9" * 400, "0." + "0" * 400 + "1", "9" * 70000, "1e5000", "(1", "[1", "-1",
]  # fmt: skip
# Commands that would stop or silence the server itself, which is what they are for.
LEFT_OUT = {
    (b"SHUTDOWN",), (b"CLIENT", b"PAUSE"), (b"CLIENT", b"KILL"), (b"DEBUG", b"SLEEP"), (b"DEBUG", b"POPULATE"),
    (b"DEBUG", b"RELOAD"), (b"DEBUG", b"LOADAOF"), (b"ACL", b"SETUSER"), (b"ACL", b"DELUSER"), (b"MONITOR",),
    (b"CONFIG", b"REWRITE"), (b"CONFIG", b"SET"),
}  # fmt: skip
PIECES = [
    b"*", b"$", b"\r\n", b"\r", b"\n", b"*1\r\n", b"*3\r\n$3\r\nSET\r\n", b"$-1\r\n", b"*-1\r\n", b"*0\r\n", b"$0\r\n\r\n",
    b"*2147483647\r\n", b"*2147483648\r\n", b"$536870912\r\n", b"$9223372036854775807\r\n", b"PING\r\n", b"ECHO ",
    b'"', b"'", b"\\x", b'"\\x00"', b"\x00", b"\xff" * 3, b"GET / HTTP/1.1\r\n", b"POST /\r\n", b"Host: x\r\n",
    b"$5\r\nhello\r\n", b"$4\r\nPING\r\n", b"*1\r\n$4\r\nPING\r\n", b" " * 100, b"a" * 1000, b"x" * 70000, b"%2\r\n",
    b"~1\r\n", b"_\r\n", b"$?\r\n", b"*?\r\n", b"$00000000000000000000001\r\nx\r\n", b"*+1\r\n", b"* 1\r\n",
]  # fmt: skip


@dataclass(frozen=True)
class Step:
    """Bytes for one connection, several times over. A connection that does not read leaves its replies where they are."""

    link: int
    data: bytes
    times: int = 1
    cut: int = 0  # sent in pieces of so many bytes; 0: in one
    reads: bool = True


@dataclass(frozen=True)
class Case:
    """A conversation; `name` says of which kind and seed."""

    name: str
    steps: tuple[Step, ...]

    @property
    def size(self) -> int:
        return sum(len(step.data) * step.times for step in self.steps)

    def write(self, path: Path) -> None:
        steps = [{**asdict(step), "data": base64.b64encode(step.data).decode()} for step in self.steps]
        path.write_text(json.dumps({"name": self.name, "steps": steps}, indent=1) + "\n")


def read_case(path: Path) -> Case:
    kept = json.loads(path.read_text())
    steps = (Step(**{**step, "data": base64.b64decode(step["data"])}) for step in kept["steps"])
    return Case(kept["name"], tuple(steps))


class Maker:
    """All kinds of cases against a stage. With `core` only commands of the lesson are sent."""

    def __init__(self, stage: int, core: Commands | None) -> None:
        self.generator = Generator(stage, FAMILIES, core=core)
        self.kinds: dict[str, Callable[[random.Random], Iterator[Step]]] = {
            "bytes": self.bytes,
            "numbers": self.numbers,
            "many": self.many,
            "deaf": self.deaf,
        }

    def case(self, kind: str, seed: int) -> Case:
        """The same for the same seed."""
        return Case(f"{kind}-{seed}", tuple(self.kinds[kind](random.Random(f"{kind}-{seed}"))))

    def commands(self, rng: random.Random, count: int) -> Iterator[list[bytes]]:
        """Commands as the fuzzer makes them, but for those that are left out."""
        plan = self.generator.sequence(rng.randrange(2**32), count)
        for step in plan.steps:
            for command in step.commands():
                argv = [b"1" if isinstance(arg, Ref) else arg for arg in command]
                if argv and argv[0].startswith(b"@"):  # who says it
                    del argv[0]
                upper = tuple(arg.upper() for arg in argv[:2])
                if argv and upper not in LEFT_OUT and upper[:1] not in LEFT_OUT:
                    yield argv

    def bytes(self, rng: random.Random) -> Iterator[Step]:
        """Pieces of the protocol and of commands in any order, cut anywhere."""
        for link in range(rng.randint(1, 6)):
            parts = [rng.choice(PIECES) for _ in range(rng.randint(1, 30))]
            parts += [encode_command(argv) for argv in self.commands(rng, 5)]
            rng.shuffle(parts)
            data = bytearray(b"".join(parts))
            for _ in range(rng.randint(0, 5)):
                data[rng.randrange(len(data))] = rng.randrange(256)
            yield Step(link, bytes(data), cut=rng.choice([0, 1, 2, 7, 1000]) if len(data) < 5000 else 0)

    def numbers(self, rng: random.Random) -> Iterator[Step]:
        """Commands in which each argument in turn is a number that is hard to hold."""
        for argv in self.commands(rng, 12):
            for at in range(1, min(len(argv), 8)):
                hostile = [*argv]
                hostile[at] = rng.choice(NUMBERS).encode()
                yield Step(rng.randrange(3), encode_command(hostile))

    def many(self, rng: random.Random) -> Iterator[Step]:
        """Commands with a million arguments, and commands that announce more than they send."""
        argv = rng.choice([*self.commands(rng, 30)])
        start = [*argv[: rng.randint(1, len(argv))]]
        more = argv[-1][:100]
        count = rng.choice([MILLION, MILLION // 10, 2**16])
        yield Step(0, encode_command(start).replace(b"*%d\r\n" % len(start), b"*%d\r\n" % (len(start) + count), 1))
        yield Step(0, b"$%d\r\n%s\r\n" % (len(more), more), count - rng.randint(0, 1))
        yield Step(1, b"*2147483647\r\n")
        yield Step(1, b"$1\r\nx\r\n", 1000)

    def deaf(self, rng: random.Random) -> Iterator[Step]:
        """Connections that send and do not read."""
        yield Step(9, encode_command([b"SET", b"large", b"x" * rng.choice([100, 10_000, 1_000_000])]))
        choices = [[b"ECHO", b"y" * 10_000], [b"NO-SUCH-COMMAND"], [b"PING"], [b"MGET", *[b"large"] * 50], [b"GET", b"large"]]
        for link in range(rng.randint(1, 3)):
            data = encode_command(rng.choice(choices))
            yield Step(link, data, min(20_000_000 // len(data), 200_000), reads=False)
