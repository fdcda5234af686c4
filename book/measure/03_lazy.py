"""What lazy expiry alone leaves behind: keys that are held and keys that are alive, over time.

    PYTHONPATH=tests python3 book/measure/03_lazy.py

Each server gets the same keys, whose times are over at moments spread evenly over the run, and the same reads:
some keys are read often and most hardly ever (Zipf's law). DBSIZE tells how many keys a server still holds. This
stage and redis-server are measured at the same time, each as it is and with its expire cycle switched off
(DEBUG SET-ACTIVE-EXPIRE 0). Keys and reads come from a fixed seed. Writes book/data/03-lazy.csv.
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
OUT = ROOT / "book/data/03-lazy.csv"
COMMAND = "make book-measure PLOT=03-lazy"
NAMES = ("stage_lazy", "redis_lazy", "stage_cycle", "redis_cycle")


def arguments() -> argparse.Namespace:
    """The options, as --help shows them."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keys", type=int, default=50_000)
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--reads", type=int, default=2_000, help="in a second")
    parser.add_argument("--out", type=Path, default=OUT)
    return parser.parse_args()


def servers() -> list[Server]:
    """The four, started."""
    stage = ROOT / "stages/03-expiry-eviction"
    subprocess.run(["make", "-s", "-C", str(stage)], check=True, capture_output=True)
    commands = {"stage": str(ROOT / "build/03-expiry-eviction/server"), "redis": "redis-server"}
    found = []
    for name in NAMES:
        server = Server(name, commands[name.partition("_")[0]])
        server.start("--enable-debug-command", "yes")
        found.append(server)
    return found


def main() -> None:
    """Measures and writes the table."""
    args = arguments()
    started = servers()
    askers = [Asker(server.port) for server in started]
    chosen = random.Random(3)
    shares = list(itertools.accumulate(1 / (n + 1) for n in range(args.keys)))
    lives = [chosen.randrange(args.seconds * 1000) for _ in range(args.keys)]
    began_ms = int(time.time() * 1000) + 3000
    for name, asker in zip(NAMES, askers, strict=True):
        if name.endswith("lazy"):
            asker.ask([command("DEBUG", "SET-ACTIVE-EXPIRE", 0)])
        writes = [command("SET", f"key:{n}", "value", "PXAT", began_ms + life) for n, life in enumerate(lives)]
        for at in range(0, len(writes), 1000):
            asker.ask(writes[at : at + 1000])
    if time.time() * 1000 > began_ms:
        raise SystemExit("the keys could not be written in 3 seconds")
    rows = []
    for half in range(2 * args.seconds + 5):
        time.sleep(max(0.0, began_ms / 1000 + half / 2 - time.time()))
        alive = sum(life > half * 500 for life in lives)
        rows.append([half / 2, alive, *(int(asker.ask([command("DBSIZE")])[0][1:]) for asker in askers)])
        drawn = [bisect.bisect(shares, chosen.random() * shares[-1]) for _ in range(args.reads // 2)]
        for asker in askers:
            asker.ask([command("GET", f"key:{n}") for n in drawn])
    for server in started:
        server.close()
    with args.out.open("w") as out:
        out.write(f"# {COMMAND}\n")
        out.write(f"# {args.keys} keys, {args.reads} reads in a second; keys that DBSIZE counts\n")
        out.write("second,alive," + ",".join(NAMES) + "\n")
        for row in rows:
            out.write(",".join(f"{n:g}" for n in row) + "\n")


if __name__ == "__main__":
    main()
