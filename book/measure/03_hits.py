"""Hit rates of a cache under LRU, LFU and random eviction.

    PYTHONPATH=tests python3 book/measure/03_hits.py

A client reads keys, some often and most seldom (Zipf's law), and stores a key that it misses. About a fifth of all
keys fit under maxmemory. From one third of the time to two thirds every second read is for a key that is never read
again, as a backup or a crawler would do. The hit rate is that of the other reads. This stage and redis-server get
the same reads at the same time, from a fixed seed. Writes book/data/03-hits.csv.
"""

from __future__ import annotations

import argparse
import bisect
import itertools
import random
import subprocess
import time
from pathlib import Path

from bench.asker import Asker
from bench.process import Server
from harness.wire import command

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "book/data/03-hits.csv"
COMMAND = "make book-measure PLOT=03-hits"
POLICIES = ("lru", "lfu", "random")
KEYS, FIT = 20_000, 4_000
VALUE = "x" * 200
BATCH = 100


def arguments() -> argparse.Namespace:
    """The options, as --help shows them."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--reads", type=int, default=2_000, help="in a second")
    parser.add_argument("--out", type=Path, default=OUT)
    return parser.parse_args()


def limit(asker: Asker) -> None:
    """Sets maxmemory to what the server takes with FIT keys."""
    asker.ask([command("SET", f"key:{n}", VALUE) for n in range(FIT)])
    refused, enough = 0, 1 << 30
    while enough - refused > 1024:
        middle = (refused + enough) // 2
        asker.ask([command("CONFIG", "SET", "maxmemory", middle)])
        if asker.ask([command("INCRBY", "", "nothing")])[0].startswith(b"-OOM"):
            refused = middle
        else:
            enough = middle
    asker.ask([command("CONFIG", "SET", "maxmemory", enough)])


def cache(asker: Asker, names: list[str]) -> list[bool]:
    """Reads keys, and stores those that are missing; returns which were there."""
    found = [reply != b"$-1" for reply in asker.ask([command("GET", name) for name in names])]
    missed = [name for name, there in zip(names, found, strict=True) if not there]
    asker.ask([command("SET", name, VALUE) for name in missed])
    return found


def main() -> None:
    """Measures and writes the table."""
    args = arguments()
    stage = ROOT / "stages/03-expiry-eviction"
    subprocess.run(["make", "-s", "-C", str(stage), "CORE=1"], check=True, capture_output=True)
    commands = {"stage": str(ROOT / "build-core/03-expiry-eviction/server"), "redis": "redis-server"}
    names = [f"{server}_{policy}" for server in commands for policy in POLICIES]
    started, askers = [], []
    for name in names:
        which, _, policy = name.partition("_")
        server = Server(name, commands[which])
        server.start()
        asker = Asker(server.port)
        limit(asker)
        asker.ask([command("CONFIG", "SET", "maxmemory-policy", f"allkeys-{policy}")])
        started.append(server)
        askers.append(asker)
    chosen = random.Random(3)
    shares = list(itertools.accumulate(1 / (n + 1) for n in range(KEYS)))
    passing = itertools.count()
    began = time.monotonic()
    rows = []
    for second in range(args.seconds):
        hits = [0] * len(names)
        asked = 0
        for turn in range(args.reads // BATCH):
            time.sleep(max(0.0, began + second + turn * BATCH / args.reads - time.monotonic()))
            drawn = [f"key:{bisect.bisect(shares, chosen.random() * shares[-1])}" for _ in range(BATCH)]
            asked += BATCH
            many = drawn
            if args.seconds <= 3 * second < 2 * args.seconds:
                many = [name for key in drawn for name in (key, f"once:{next(passing)}")]
            step = len(many) // BATCH
            for place, asker in enumerate(askers):
                hits[place] += sum(cache(asker, many)[::step])
        rows.append([second + 1, *(100 * count / asked for count in hits)])
    for server in started:
        server.close()
    with args.out.open("w") as out:
        out.write(f"# {COMMAND}\n")
        out.write(f"# {KEYS} keys, of which about {FIT} fit; {args.reads} reads in a second; percent of reads that hit\n")
        out.write("second," + ",".join(names) + "\n")
        for row in rows:
            out.write(f"{row[0]}," + ",".join(f"{n:.1f}" for n in row[1:]) + "\n")


if __name__ == "__main__":
    main()
