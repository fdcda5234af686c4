"""How long another client waits while a hash is deleted, by DEL and by UNLINK.

    PYTHONPATH=tests python3 book/measure/05_pause.py

One client fills a hash and deletes it. From that moment on a second client sends PING after PING, until what was
deleted must have been freed, and the longest time that it waited for a reply counts. This stage and redis-server
are measured in turn. Of several rounds the best one is kept, since what another process costs falls elsewhere in
each round, and what the deletion costs does not. Writes book/data/05-pause.csv.
"""

from __future__ import annotations

import argparse
import subprocess
import time
from functools import cache
from pathlib import Path

from bench.asker import Asker
from bench.process import Server, prefer
from harness.wire import command

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "book/data/05-pause.csv"
COMMAND = "make book-measure PLOT=05-pause"
SIZES = (1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000)
PAIRS = 500  # of one HSET
WAYS = ("DEL", "UNLINK")


def arguments() -> argparse.Namespace:
    """The options, as --help shows them."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--out", type=Path, default=OUT)
    return parser.parse_args()


def servers() -> list[Server]:
    """The stage and the real server, started."""
    stage = ROOT / "stages/05-hashes-sets"
    subprocess.run(["make", "-s", "-C", str(stage), "CORE=1"], check=True, capture_output=True)
    found = [Server("stage", str(ROOT / "build-core/05-hashes-sets/server")), Server("redis", "redis-server")]
    for server in found:
        server.start()
        prefer(server.pid)
    return found


@cache
def batch(first: int, end: int) -> bytes:
    """An HSET of these fields of the key h."""
    return command("HSET", "h", *(text for n in range(first, end) for text in (f"field:{n}", f"value:{n}")))


def fill(asker: Asker, fields: int) -> None:
    """Sets so many of them."""
    for first in range(0, fields, PAIRS):
        asker.ask([batch(first, min(first + PAIRS, fields))])


def pause_us(server: Server, fields: int, way: str) -> float:
    """The longest that a PING took from the deletion on, in microseconds."""
    deleting, waiting = Asker(server.port), Asker(server.port)
    fill(deleting, fields)
    time.sleep(0.3)  # a resize of the table comes to its end
    ping = command("PING")
    for _ in range(100):
        waiting.ask([ping])
    longest = 0
    before = time.perf_counter_ns()
    end = before + 50_000_000 + fields * 1_000  # 1 us for each field: more than it takes
    deleting.socket.sendall(command(way, "h"))
    while before < end:
        waiting.ask([ping])
        now = time.perf_counter_ns()
        longest = max(longest, now - before)
        before = now
    if deleting.file.readline() != b":1\r\n":
        raise SystemExit(f"{server.name}: {way} did not delete one key")
    for asker in (deleting, waiting):
        asker.file.close()
        asker.socket.close()
    return longest / 1000


def main() -> None:
    """Measures and writes the table."""
    args = arguments()
    prefer(0)
    started = servers()
    best: dict[tuple[str, str, int], float] = {}
    for n in range(args.rounds):
        for size in SIZES:
            for way in WAYS:
                for server in started:
                    which = server.name, way, size
                    best[which] = min(best.get(which, 1e9), pause_us(server, size, way))
        print(f"round {n + 1} of {args.rounds}", flush=True)
    for server in started:
        server.close()
    with args.out.open("w") as out:
        out.write(f"# {COMMAND}\n")
        out.write(f"# {args.rounds} rounds; microseconds of the longest PING from the deletion of a hash on\n")
        out.write("fields," + ",".join(f"{s.name}_{way.lower()}_us" for s in started for way in WAYS) + "\n")
        for size in SIZES:
            row = [best[s.name, way, size] for s in started for way in WAYS]
            out.write(f"{size}," + ",".join(f"{us:.0f}" for us in row) + "\n")


if __name__ == "__main__":
    main()
