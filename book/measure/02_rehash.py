"""How long a client waits while keys are added to a table that doubles.

    PYTHONPATH=tests python3 book/measure/02_rehash.py

One client sends keys, sixteen SETs to a batch, and notes how long each batch
took to be answered.  Two servers are measured in turn: the CORE build of stage 02,
and a copy with book/data/02-rehash-at-once.patch, which moves all nodes when a
table doubles.  What counts for a window of keys is its slowest batch; of
several rounds the best one is kept, since what another process costs falls
elsewhere in each round, and what the table costs does not.  Writes
book/data/02-rehash.csv.
"""

from __future__ import annotations

import argparse
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from bench.process import Server, prefer

ROOT = Path(__file__).resolve().parents[2]
PATCH = ROOT / "book/data/02-rehash-at-once.patch"
OUT = ROOT / "book/data/02-rehash.csv"
COMMAND = "make book-measure PLOT=02-rehash"
BATCH = 16
FIRST = 1024  # keys; before that a window would hold less than a batch
WINDOWS = 32  # to a doubling
REPLY = b"+OK\r\n" * BATCH


def arguments() -> argparse.Namespace:
    """The options, as --help shows them."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keys", type=int, default=5_000_000)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--out", type=Path, default=OUT)
    return parser.parse_args()


def build(work: Path) -> tuple[Path, Path]:
    """Builds the stage as it is and as the patch has it."""
    stages = work / "stages"
    shutil.copytree(ROOT / "stages/02-keyspace", stages / "02-keyspace")
    shutil.copytree(ROOT / "stages/02-keyspace", stages / "02-at-once")
    shutil.copytree(ROOT / "common", work / "common")
    for name in ("stage.mk", "core.c"):
        shutil.copy(ROOT / "stages" / name, stages)
    with PATCH.open() as patch:
        subprocess.run(["patch", "-s", "-p1"], stdin=patch, check=True,
                       cwd=stages / "02-at-once")
    for name in ("02-keyspace", "02-at-once"):
        subprocess.run(["make", "-s", "-C", str(stages / name), "CORE=1"], check=True,
                       stdout=subprocess.DEVNULL)
    return (work / "build-core/02-keyspace/server", work / "build-core/02-at-once/server")


def batch(first: int) -> bytes:
    """The SETs of the keys from `first` on."""
    one = b"*3\r\n$3\r\nSET\r\n$12\r\nkey:%08d\r\n$5\r\nvalue\r\n"
    return b"".join(one % n for n in range(first, first + BATCH))


def windows(keys: int) -> list[int]:
    """How many keys there are at the end of each window."""
    step = 2 ** (1 / WINDOWS)
    ends, end = [], FIRST * step
    while end <= keys:
        ends.append(int(end))
        end *= step
    return ends


def one_round(command: Path, ends: list[int]) -> list[float]:
    """The slowest batch of each window, in microseconds."""
    server = Server(command.parent.name, str(command))
    server.start()
    prefer(server.pid)
    slowest = [0.0] * len(ends)
    window = 0
    with socket.create_connection(("127.0.0.1", server.port)) as client:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for first in range(0, ends[-1], BATCH):
            words = batch(first)
            began = time.perf_counter_ns()
            client.sendall(words)
            got = b""
            while len(got) < len(REPLY):
                got += client.recv(4096)
            took = (time.perf_counter_ns() - began) / 1000
            if got != REPLY:
                raise SystemExit(f"not what was expected: {got!r}")
            while ends[window] < first:
                window += 1
            if first >= FIRST:
                slowest[window] = max(slowest[window], took)
    server.close()
    return slowest


def main() -> None:
    """Measures both and writes the table."""
    args = arguments()
    prefer(0)
    ends = windows(args.keys)
    best: list[list[float]] = []
    with tempfile.TemporaryDirectory(prefix="rehash-") as work:
        servers = build(Path(work))
        rounds: list[list[list[float]]] = [[], []]
        for n in range(args.rounds):
            for which, server in enumerate(servers):
                rounds[which].append(one_round(server, ends))
            print(f"round {n + 1} of {args.rounds}", flush=True)
        best = [[min(column) for column in zip(*of, strict=True)] for of in rounds]
    with args.out.open("w") as out:
        out.write(f"# {COMMAND}\n")
        out.write(f"# {args.rounds} rounds; microseconds of the slowest batch"
                  f" of {BATCH} SETs up to that many keys\n")
        out.write("keys,bit_by_bit_us,at_once_us\n")
        for end, slow, at_once in zip(ends, *best, strict=True):
            out.write(f"{end},{slow:.0f},{at_once:.0f}\n")


if __name__ == "__main__":
    main()
