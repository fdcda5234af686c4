"""What it costs to save and to load a million keys: time, and bytes of the file.

    PYTHONPATH=tests python3 book/measure/10_cost.py

A million keys of 12 bytes with values of 16, saved by SAVE, and loaded by a server that is started with the file until
it replies to PING. Time is that of the processor. Of several rounds the cheapest is kept.
Both builds of stage 10 are measured, and redis-server.
"""

from __future__ import annotations

import argparse
import importlib
import subprocess
import sys
from pathlib import Path

from bench.process import Server

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(Path(__file__).parent))
fork = importlib.import_module("10_fork")


def arguments() -> argparse.Namespace:
    """The options, as --help shows them."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    return parser.parse_args()


def measured(server: Server, rounds: int) -> tuple[float, float, int]:
    """Seconds of a save and of a load, and bytes."""
    asker = fork.started(server, fork.OF)
    save = min(fork.ask(server, asker, "SAVE") for _ in range(rounds)) / 1000
    size = (server.directory / "dump.rdb").stat().st_size
    load = 1e9
    for _ in range(rounds):
        server.stop()
        server.start("--save", "")
        load = min(load, server.cpu_seconds())
    server.close()
    return save, load, size


def main() -> None:
    """Measures and prints a table."""
    args = arguments()
    folder = ROOT / "stages/10-rdb"
    for build in ("CORE=1", "CORE="):
        subprocess.run(["make", "-s", "-C", str(folder), build], check=True, capture_output=True)
    print(f"{'a million keys':24}{'SAVE':>10}{'load':>10}{'bytes of the file':>20}")
    for name, path in (("stage 10, the lesson", str(ROOT / "build-core/10-rdb/server")),
                       ("stage 10, the whole", str(ROOT / "build/10-rdb/server")), ("redis-server 7.0.15", "redis-server")):
        save, load, size = measured(Server(name, path), args.rounds)
        print(f"{name:24}{save:>8.2f} s{load:>8.2f} s{size:>20,}", flush=True)


if __name__ == "__main__":
    main()
