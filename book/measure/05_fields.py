"""What a field of a hash costs, packed and hashed: bytes, and the time of an HGET.

    PYTHONPATH=tests python3 book/measure/05_fields.py

Each server is filled with hashes of a certain number of fields, 131,072 fields in all. Bytes are what the process
holds more than before, for each field. Time is what the process uses for an HGET of a random field of a random
hash. hash-max-listpack-entries decides whether they are packed. Writes book/data/05-fields.csv.
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
OUT = ROOT / "book/data/05-fields.csv"
COMMAND = "make book-measure PLOT=05-fields"
FIELDS = 131_072
SIZES = [2**n for n in range(3, 13)]
LIMITS = {"packed": 1_000_000, "hashed": 0}
BATCH = 1024


def arguments() -> argparse.Namespace:
    """The options, as --help shows them."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3, help="of reads; the best one counts")
    parser.add_argument("--reads", type=int, default=20_000)
    parser.add_argument("--out", type=Path, default=OUT)
    return parser.parse_args()


def measure(server: Server, size: int, limit: int, args: argparse.Namespace) -> tuple[float, float]:
    """Bytes of a field, and nanoseconds of an HGET."""
    server.start()
    prefer(server.pid)
    asker = Asker(server.port)
    asker.ask([command("CONFIG", "SET", "hash-max-listpack-entries", limit)])
    before = server.resident_bytes()
    step = min(size, BATCH)
    for first in range(0, FIELDS, step):
        pairs = [text for n in range(first, first + min(size, BATCH)) for text in (f"f{n % size}", f"v{n}")]
        key = first // size
        starts = range(0, len(pairs), 2 * BATCH)
        asker.ask([command("HSET", f"h{key}", *pairs[n : n + 2 * BATCH]) for n in starts])
    held = server.resident_bytes() - before
    chosen = random.Random(5)
    best = 1e9
    for _ in range(args.rounds):
        draws = [(chosen.randrange(FIELDS // size), chosen.randrange(size)) for _ in range(args.reads)]
        asked = [command("HGET", f"h{key}", f"f{n}") for key, n in draws]
        began = server.cpu_seconds()
        for at in range(0, args.reads, BATCH):
            if b"$-1" in asker.ask(asked[at : at + BATCH]):
                raise SystemExit(f"{server.name}: a field is missing")
        best = min(best, server.cpu_seconds() - began)
    server.stop()
    return held / FIELDS, best / args.reads * 1e9


def main() -> None:
    """Measures and writes the table."""
    args = arguments()
    stage = ROOT / "stages/05-hashes-sets"
    subprocess.run(["make", "-s", "-C", str(stage), "CORE=1"], check=True, capture_output=True)
    servers = [Server("stage", str(ROOT / "build-core/05-hashes-sets/server")), Server("redis", "redis-server")]
    rows = []
    for size in SIZES:
        row: list[float] = [size]
        for server in servers:
            for limit in LIMITS.values():
                row += measure(server, size, limit, args)
        rows.append(row)
        print(f"{size} fields", flush=True)
    for server in servers:
        server.close()
    names = [f"{s.name}_{kind}_{unit}" for s in servers for kind in LIMITS for unit in ("bytes", "ns")]
    with args.out.open("w") as out:
        out.write(f"# {COMMAND}\n")
        out.write(f"# {FIELDS} fields in hashes of that many; bytes of a field, nanoseconds of an HGET\n")
        out.write("fields," + ",".join(names) + "\n")
        for row in rows:
            out.write(",".join(f"{n:.0f}" for n in row) + "\n")


if __name__ == "__main__":
    main()
