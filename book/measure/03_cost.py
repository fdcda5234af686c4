"""What times and eviction cost: CPU time of the server for each command, as the operating system counts it.

    PYTHONPATH=tests python3 book/measure/03_cost.py

One redis-benchmark client sends commands about random keys, 64 in a pipeline, to the CORE build of stage 03 and to
redis-server in turn. Of several rounds the cheapest is kept, since what other processes cost can only make a round
dearer.
"""

from __future__ import annotations

import argparse
import subprocess
from pathlib import Path

from bench.process import Server, prefer

ROOT = Path(__file__).resolve().parents[2]
LIMIT = ("--maxmemory", "20mb", "--maxmemory-policy")
RUNS: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("SET", (), ("SET", "key:__rand_int__", "value")),
    ("SET EX", (), ("SET", "key:__rand_int__", "value", "EX", "1000")),
    ("SET, evicting, random", (*LIMIT, "allkeys-random"), ("SET", "key:__rand_int__", "value")),
    ("SET, evicting, LRU", (*LIMIT, "allkeys-lru"), ("SET", "key:__rand_int__", "value")),
)


def arguments() -> argparse.Namespace:
    """The options, as --help shows them."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--count", type=int, default=600_000)
    return parser.parse_args()


def cost(server: Server, words: tuple[str, ...], count: int) -> float:
    """CPU time of one command in microseconds."""
    before = server.cpu_seconds()
    subprocess.run(
        ["redis-benchmark", "-p", str(server.port), "-c", "1", "-n", str(count), "-r", "1000000", "-P", "64", "-q", *words],
        check=True, capture_output=True)
    return (server.cpu_seconds() - before) / count * 1e6


def main() -> None:
    """Measures and prints."""
    args = arguments()
    prefer(0)
    subprocess.run(["make", "-s", "-C", str(ROOT / "stages/03-expiry-eviction"), "CORE=1"], check=True, capture_output=True)
    commands = {"stage 03": str(ROOT / "build-core/03-expiry-eviction/server"), "redis-server 7.0.15": "redis-server"}
    best = {(name, run[0]): float("inf") for name in commands for run in RUNS}
    for _ in range(args.rounds):
        for what, flags, words in RUNS:
            for name, command in commands.items():
                server = Server(name, command)
                server.start(*flags)
                best[name, what] = min(best[name, what], cost(server, words, args.count))
                server.close()
    print(f"{'CPU time of a command, in microseconds':42}" + "".join(f"{name:>22}" for name in commands))
    for what, _, _ in RUNS:
        print(f"{what:42}" + "".join(f"{best[name, what]:22.2f}" for name in commands))


if __name__ == "__main__":
    main()
