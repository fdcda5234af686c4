"""What nodes are for: an XRANGE in streams of different lengths, and what an entry costs in nodes of different sizes.

    PYTHONPATH=tests python3 book/measure/07_range.py

A stream grows up to a million entries. At each length, time is what the process uses for an XRANGE of ten entries from
a random ID on: with stream-node-max-entries and stream-node-max-bytes 0, which makes it one listpack, and with their
defaults. Then streams of 100,000 entries are made of nodes of different sizes; bytes are what the process holds more
than before, for each entry. Writes book/data/07-range.csv and book/data/07-nodes.csv.
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
DATA = ROOT / "book/data"
COMMAND = "make book-measure PLOT=07-range"
LENGTHS = [100, 300, 1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000]
NODES = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000]
ENTRIES = 100_000
BATCH = 1000
ONE = ("--stream-node-max-entries", "0", "--stream-node-max-bytes", "0")
END = b"$3\r\nend\r\n"


def arguments() -> argparse.Namespace:
    """The options, as --help shows them."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3, help="of reads; the best one counts")
    return parser.parse_args()


def grow(asker: Asker, first: int, last: int) -> None:
    """Adds the entries first-0 to last-0."""
    for at in range(first, last + 1, BATCH):
        asker.ask([command("XADD", "s", f"{n}-0", "temp", n % 40, "hum", n % 60) for n in range(at, min(at + BATCH, last + 1))])


def read(server: Server, asker: Asker, length: int, rounds: int) -> float:
    """Microseconds of an XRANGE of ten entries."""
    chosen = random.Random(length)
    best = 1e9
    for _ in range(rounds):
        reads, spent = 0, 0.0
        while spent < 0.1 and reads < 20_000:
            asked = [command("XRANGE", "s", chosen.randrange(1, length), "+", "COUNT", 10) for _ in range(50)]
            began = server.cpu_seconds()
            asker.socket.sendall(b"".join(asked) + command("ECHO", "end"))
            got = b""
            while not got.endswith(END):
                got = got[-len(END) :] + asker.socket.recv(1 << 20)
            spent += server.cpu_seconds() - began
            reads += len(asked)
        best = min(best, spent / reads * 1e6)
    return best


def main() -> None:
    """Measures and writes the tables."""
    args = arguments()
    stage = ROOT / "stages/07-streams"
    subprocess.run(["make", "-s", "-C", str(stage), "CORE=1"], check=True, capture_output=True)
    servers = [Server("stage", str(ROOT / "build-core/07-streams/server")), Server("redis", "redis-server")]
    times: dict[int, list[float]] = {length: [] for length in LENGTHS}
    for server in servers:
        for flags in (ONE, ()):
            server.start(*flags)
            prefer(server.pid)
            asker = Asker(server.port)
            before = 0
            for length in LENGTHS:
                grow(asker, before + 1, length)
                before = length
                times[length].append(read(server, asker, length, args.rounds))
            print(server.name, "one" if flags else "nodes", [f"{times[n][-1]:.1f}" for n in LENGTHS], flush=True)
    held: dict[int, list[float]] = {size: [] for size in NODES}
    for server in servers:
        for size in NODES:
            server.start("--stream-node-max-entries", str(size), "--stream-node-max-bytes", "0")
            prefer(server.pid)
            asker = Asker(server.port)
            grow(asker, 1, 10)
            asker.ask([command("DEL", "s")])
            begun = server.resident_bytes()
            grow(asker, 1, ENTRIES)
            held[size] += [(server.resident_bytes() - begun) / ENTRIES, read(server, asker, ENTRIES, args.rounds)]
        print(server.name, [f"{held[n][-2]:.0f}" for n in NODES], [f"{held[n][-1]:.1f}" for n in NODES], flush=True)
        server.close()
    with (DATA / "07-range.csv").open("w") as out:
        out.write(f"# {COMMAND}\n# microseconds of an XRANGE of ten entries, by the length of the stream\n")
        out.write("length,stage_one,stage_nodes,redis_one,redis_nodes\n")
        for length, row in times.items():
            out.write(f"{length}," + ",".join(f"{us:.2f}" for us in row) + "\n")
    with (DATA / "07-nodes.csv").open("w") as out:
        out.write(f"# {COMMAND}\n# {ENTRIES} entries in nodes of that many: bytes of an entry, microseconds of an XRANGE of ten\n")
        out.write("entries,stage_bytes,stage_us,redis_bytes,redis_us\n")
        for size, row in held.items():
            out.write(f"{size}," + ",".join(f"{n:.2f}" for n in row) + "\n")


if __name__ == "__main__":
    main()
