"""What hashes and sets cost: CPU time of the server for each command, and bytes for each field or member.

    PYTHONPATH=tests python3 book/measure/05_cost.py

One redis-benchmark client sends commands, 64 in a pipeline, to the CORE build of stage 05 and to redis-server in turn.
Of several rounds the cheapest is kept, since what other processes cost can only make a round dearer. Bytes are what
the process holds more than before, for 200,000 fields or members.
"""

from __future__ import annotations

import argparse
import subprocess
from pathlib import Path

from bench.asker import Asker
from bench.process import Server, prefer
from harness.wire import command

ROOT = Path(__file__).resolve().parents[2]
COUNT = 200_000
RAND = "__rand_int__"
TIMES: tuple[tuple[str, tuple[str, ...], tuple[tuple[str, ...], ...]], ...] = (
    ("HSET of 100,000 small hashes", ("HSET", f"h:{RAND}", "name", "Ada"), ()),
    ("HSET of one large hash", ("HSET", "h", f"field:{RAND}", "value"), ()),
    ("HGET of one large hash", ("HGET", "h", f"field:{RAND}"), tuple(("HSET", "h", f"field:{n:012}", "v") for n in range(100_000))),
    ("SADD to an intset of 500", ("SADD", "s", "77"), (("SADD", "s", *(str(n) for n in range(500))),)),
    ("SADD to one large set", ("SADD", "s", f"member:{RAND}"), ()),
    ("SINTER of sets of 10 and 1,000", ("SINTER", "few", "many"), (
        ("SADD", "few", *(f"m{n}" for n in range(995, 1005))), ("SADD", "many", *(f"m{n}" for n in range(1000))))),
)
BYTES: tuple[tuple[str, str, int, str, str], ...] = (
    ("hash of 10 fields", "HSET", 10, "f{}", "v{}"),
    ("hash of 200,000 fields", "HSET", COUNT, "f{}", "v{}"),
    ("set of 100 integers", "SADD", 100, "{}", ""),
    ("set of 100 words", "SADD", 100, "m{}", ""),
    ("set of 200,000 integers", "SADD", COUNT, "{}", ""),
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


def held(server: Server, name: str, size: int, field: str, value: str) -> float:
    """Bytes of a field or member, in keys of that size."""
    asker = Asker(server.port)
    asker.ask([command("SET", "warm", "up")])
    before = server.resident_bytes()
    for first in range(0, COUNT, min(size, 1000)):
        texts = [t for n in range(first, first + min(size, 1000)) for t in (field.format(n % size), value.format(n)) if t]
        asker.ask([command(name, f"k{first // size}", *texts)])
    return (server.resident_bytes() - before) / COUNT


def row(label: str, stage: str, redis: str) -> None:
    print(f"{label:48}{stage:>16}{redis:>22}", flush=True)


def main() -> None:
    """Measures and prints two tables."""
    args = arguments()
    folder = ROOT / "stages/05-hashes-sets"
    subprocess.run(["make", "-s", "-C", str(folder), "CORE=1"], check=True, capture_output=True)
    stage = Server("stage", str(ROOT / "build-core/05-hashes-sets/server"))
    real = Server("redis", "redis-server")
    row("CPU time of a command, in microseconds", "stage 05", "redis-server 7.0.15")
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
    row("bytes of a field or member", "stage 05", "redis-server 7.0.15")
    for label, name, size, field, value in BYTES:
        found = []
        for server in (stage, real):
            server.start()
            found.append(held(server, name, size, field, value))
        row(label, *(f"{n:.0f}" for n in found))
    stage.close()
    real.close()


if __name__ == "__main__":
    main()
