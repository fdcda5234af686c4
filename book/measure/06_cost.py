"""What sorted sets cost: CPU time of the server for each command, and bytes for each element.

    PYTHONPATH=tests python3 book/measure/06_cost.py

One redis-benchmark client sends commands, 64 in a pipeline, to the CORE build of stage 06 and to redis-server in turn.
Of several rounds the cheapest is kept, since what other processes cost can only make a round dearer. Bytes are what
the process holds more than before, for 200,000 elements.
"""

from __future__ import annotations

import argparse
import random
import subprocess
from pathlib import Path

from bench.asker import Asker
from bench.process import Server, prefer
from harness.wire import command

ROOT = Path(__file__).resolve().parents[2]
COUNT = 200_000
RAND = "__rand_int__"


def large(count: int) -> tuple[tuple[str, ...], ...]:
    """Commands that fill z with that many elements."""
    draw = random.Random(6)
    return tuple(("ZADD", "z", str(draw.randrange(1_000_000)), f"m:{n:012}") for n in range(count))


TIMES: tuple[tuple[str, tuple[str, ...], tuple[tuple[str, ...], ...]], ...] = (
    ("ZADD to 100,000 small sorted sets", ("ZADD", f"z:{RAND}", "5", "ada"), ()),
    ("ZADD to one of 100 elements", ("ZADD", "z", RAND, "m:000000000050"), large(100)),
    ("ZADD to one large sorted set", ("ZADD", "z", RAND, f"m:{RAND}"), ()),
    ("ZSCORE in a large one", ("ZSCORE", "z", f"m:{RAND}"), large(100_000)),
    ("ZRANK in a large one", ("ZRANK", "z", f"m:{RAND}"), large(100_000)),
    ("ZRANGE z 0 9 WITHSCORES", ("ZRANGE", "z", "0", "9", "WITHSCORES"), large(100_000)),
    ("ZRANGE z 50000 50009", ("ZRANGE", "z", "50000", "50009"), large(100_000)),
)
BYTES: tuple[tuple[str, int], ...] = (
    ("sorted set of 5 elements", 5),
    ("sorted set of 100 elements", 100),
    ("sorted set of 200,000 elements", COUNT),
)


def arguments() -> argparse.Namespace:
    """The options, as --help shows them."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--count", type=int, default=200_000)
    return parser.parse_args()


def cost(server: Server, words: tuple[str, ...], count: int) -> float:
    """CPU time of one command in microseconds."""
    before = server.cpu_seconds()
    subprocess.run(
        ["redis-benchmark", "-p", str(server.port), "-n", str(count), "-P", "64", "-c", "1", "-r", "100000", "-q", *words],
        check=True, capture_output=True)
    return (server.cpu_seconds() - before) / count * 1e6


def held(server: Server, size: int) -> float:
    """Bytes of an element, in keys of that size."""
    asker = Asker(server.port)
    asker.ask([command("SET", "warm", "up")])
    before = server.resident_bytes()
    draw = random.Random(6)
    for first in range(0, COUNT, min(size, 1000)):
        words = [w for n in range(first, first + min(size, 1000)) for w in (draw.randrange(1_000_000), f"m{n % size}")]
        asker.ask([command("ZADD", f"k{first // size}", *words)])
    return (server.resident_bytes() - before) / COUNT


def row(label: str, stage: str, redis: str) -> None:
    print(f"{label:48}{stage:>16}{redis:>22}", flush=True)


def main() -> None:
    """Measures and prints two tables."""
    args = arguments()
    folder = ROOT / "stages/06-sorted-sets"
    subprocess.run(["make", "-s", "-C", str(folder), "CORE=1"], check=True, capture_output=True)
    stage = Server("stage", str(ROOT / "build-core/06-sorted-sets/server"))
    real = Server("redis", "redis-server")
    row("CPU time of a command, in microseconds", "stage 06", "redis-server 7.0.15")
    for label, words, before in TIMES:
        best = [1e9, 1e9]
        for _ in range(args.rounds):
            for n, server in enumerate((stage, real)):
                server.start()
                prefer(server.pid)
                asker = Asker(server.port)
                for at in range(0, len(before), 1000):
                    asker.ask([command(*one) for one in before[at : at + 1000]])
                best[n] = min(best[n], cost(server, words, args.count))
        row(label, *(f"{us:.2f}" for us in best))
    print()
    row("bytes of an element", "stage 06", "redis-server 7.0.15")
    for label, size in BYTES:
        found = []
        for server in (stage, real):
            server.start()
            found.append(held(server, size))
        row(label, *(f"{n:.0f}" for n in found))
    stage.close()
    real.close()


if __name__ == "__main__":
    main()
