"""What streams cost: CPU time of the server for each command, and bytes for each entry.

    PYTHONPATH=tests python3 book/measure/07_cost.py

One redis-benchmark client sends commands, 64 in a pipeline, to the CORE build of stage 07 and to redis-server in turn.
Of several rounds the cheapest is kept, since what other processes cost can only make a round dearer. Bytes are what
the process holds more than before, for 200,000 entries.
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
FILL = tuple(("XADD", "s", f"{n}-0", "temp", str(n % 40), "hum", str(n % 60)) for n in range(1, COUNT + 1))
GROUP = (*FILL, ("XGROUP", "CREATE", "s", "g", "0"))
TIMES: tuple[tuple[str, tuple[str, ...], tuple[tuple[str, ...], ...]], ...] = (
    ("XADD", ("XADD", "s", "*", "temp", "21", "hum", "40"), ()),
    ("XADD with MAXLEN ~ 1000", ("XADD", "s", "MAXLEN", "~", "1000", "*", "temp", "21", "hum", "40"), ()),
    ("XRANGE of ten entries", ("XRANGE", "s", "150000", "+", "COUNT", "10"), FILL),
    ("XREAD of the ten last", ("XREAD", "STREAMS", "s", "199990"), FILL),
    ("XREADGROUP of one", ("XREADGROUP", "GROUP", "g", "ann", "COUNT", "1", "STREAMS", "s", ">"), GROUP),
    ("XDEL", ("XDEL", "s", "__rand_int__"), FILL),
)


def arguments() -> argparse.Namespace:
    """The options, as --help shows them."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--count", type=int, default=100_000)
    return parser.parse_args()


def cost(server: Server, words: tuple[str, ...], count: int) -> float:
    """CPU time of one command in microseconds."""
    before = server.cpu_seconds()
    subprocess.run(
        ["redis-benchmark", "-p", str(server.port), "-n", str(count), "-P", "64", "-c", "1", "-r", str(COUNT), "-q", *words],
        check=True, capture_output=True)
    return (server.cpu_seconds() - before) / count * 1e6


def fill(asker: Asker, commands: tuple[tuple[str, ...], ...]) -> None:
    for at in range(0, len(commands), 1000):
        asker.ask([command(*one) for one in commands[at : at + 1000]])


def row(label: str, stage: str, redis: str) -> None:
    print(f"{label:48}{stage:>16}{redis:>22}", flush=True)


def main() -> None:
    """Measures and prints two tables."""
    args = arguments()
    folder = ROOT / "stages/07-streams"
    subprocess.run(["make", "-s", "-C", str(folder), "CORE=1"], check=True, capture_output=True)
    servers = (Server("stage", str(ROOT / "build-core/07-streams/server")), Server("redis", "redis-server"))
    row("CPU time of a command, in microseconds", "stage 07", "redis-server 7.0.15")
    for label, words, before in TIMES:
        best = [1e9, 1e9]
        for _ in range(args.rounds):
            for n, server in enumerate(servers):
                server.start()
                prefer(server.pid)
                fill(Asker(server.port), before)
                best[n] = min(best[n], cost(server, words, args.count))
        row(label, *(f"{us:.2f}" for us in best))
    print()
    row("bytes of an entry", "stage 07", "redis-server 7.0.15")
    found: dict[str, list[str]] = {"of two fields": [], "while it is pending, more": []}
    for server in servers:
        server.start()
        asker = Asker(server.port)
        fill(asker, (*FILL[:10], ("DEL", "s")))
        empty = server.resident_bytes()
        fill(asker, FILL)
        full = server.resident_bytes()
        fill(asker, (("XGROUP", "CREATE", "s", "g", "0"),))
        words = ("XREADGROUP", "GROUP", "g", "ann", "COUNT", "1", "STREAMS", "s", ">")
        subprocess.run(["redis-benchmark", "-p", str(server.port), "-n", str(COUNT), "-P", "64", "-c", "1", "-q", *words],
                       check=True, capture_output=True)
        pending = server.resident_bytes()
        found["of two fields"].append(f"{(full - empty) / COUNT:.0f}")
        found["while it is pending, more"].append(f"{(pending - full) / COUNT:.0f}")
        server.close()
    for label, cells in found.items():
        row(label, *cells)


if __name__ == "__main__":
    main()
