"""What the promises of appendfsync cost: SETs per second, by the number of clients.

    PYTHONPATH=tests python3 book/measure/11_fsync.py

Each client sends a SET of 100 bytes and waits for the reply before it sends the next. The CORE build of stage 11 is
measured with each of the three policies and without a log, redis-server with `always`. Of several rounds the best one counts.
Writes book/data/11-fsync.csv.
"""

from __future__ import annotations

import argparse
import re
import subprocess
from pathlib import Path

from bench.process import Server, prefer, raise_file_limit

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "book/data/11-fsync.csv"
COMMAND = "make book-measure PLOT=11-fsync"
CLIENTS = [1, 2, 4, 8, 16, 32, 64, 128]
STAGE = "11-aof"
COLUMNS = {"always": (STAGE, "always"), "redis_always": ("redis", "always"), "everysec": (STAGE, "everysec"),
           "no": (STAGE, "no"), "off": (STAGE, "")}


def arguments() -> argparse.Namespace:
    """The options, as --help shows them."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5, help="the best one counts")
    return parser.parse_args()


def rate(server: Server, clients: int, count: int) -> float:
    """SETs per second."""
    done = subprocess.run(
        ["redis-benchmark", "-p", str(server.port), "-n", str(count), "-c", str(clients), "-r", "100000", "-d", "100",
         "-t", "set", "--csv"], check=True, capture_output=True, text=True).stdout
    found = re.search(r'"SET","([\d.]+)"', done)
    assert found, done
    return float(found[1])


def main() -> None:
    """Measures and writes the table."""
    args = arguments()
    raise_file_limit()
    subprocess.run(["make", "-s", "-C", str(ROOT / "stages" / STAGE), "CORE=1"], check=True, capture_output=True)
    binaries = {STAGE: str(ROOT / f"build-core/{STAGE}/server"), "redis": "redis-server"}
    best = {clients: dict.fromkeys(COLUMNS, 0.0) for clients in CLIENTS}
    for _ in range(args.rounds):
        for name, (which, policy) in COLUMNS.items():
            server = Server(name, binaries[which])
            server.flags = ("--save", "", "--maxclients", "1000")
            server.start(*(("--appendonly", "yes", "--appendfsync", policy) if policy else ()))
            prefer(server.pid)
            for clients in CLIENTS:
                count = min(300 * clients, 10_000) if policy == "always" else 15_000
                best[clients][name] = max(best[clients][name], rate(server, clients, count))
            print(name, [f"{row[name]:.0f}" for row in best.values()], flush=True)
            server.close()
    with DATA.open("w") as out:
        print(f"# {COMMAND}\n# SETs per second, by the number of clients", file=out)
        print("clients," + ",".join(COLUMNS), file=out)
        for clients, row in best.items():
            print(f"{clients}," + ",".join(f"{value:.0f}" for value in row.values()), file=out)


if __name__ == "__main__":
    main()
