"""What a snapshot costs the clients: what SAVE and BGSAVE do before they reply, and how much memory a child makes copied.

    PYTHONPATH=tests python3 book/measure/10_fork.py

The CORE build of stage 10 and redis-server are filled with up to a million keys of 12 bytes with values of 16 bytes.
Time is what the server's process uses of the processor until it has replied, without that of the child and without
waiting for the disk; of several replies the cheapest counts. Then a child is stopped as soon as it is there, clients set some of a million keys, chosen at random, and the kernel is asked which pages the
child does not share any more: those that had to be copied. Writes book/data/10-fork.csv and book/data/10-pages.csv.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import time
from pathlib import Path

from bench.asker import Asker
from bench.process import Server, prefer
from harness.wire import command

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "book/data"
COMMAND = "make book-measure PLOT=10-fork"
KEYS = [10_000, 30_000, 100_000, 300_000, 1_000_000]
WRITES = [100, 1_000, 10_000, 100_000]
OF = 1_000_000
BATCH = 500


def arguments() -> argparse.Namespace:
    """The options, as --help shows them."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    return parser.parse_args()


def fill(asker: Asker, count: int) -> None:
    """Keys of 12 bytes with values of 16."""
    for first in range(0, count, BATCH * 20):
        batch = [
            command("MSET", *(word for n in range(at, min(at + BATCH, count)) for word in (f"key:{n:08}", f"value:{n:010}")))
            for at in range(first, min(first + BATCH * 20, count), BATCH)
        ]
        asker.ask(batch)


def started(server: Server, count: int) -> Asker:
    """A fresh server that has so many keys, and time to finish what it does by itself."""
    for file in server.directory.glob("*"):
        file.unlink()
    server.start("--save", "")
    prefer(server.pid)
    asker = Asker(server.port)
    fill(asker, count)
    time.sleep(1)
    return asker


def ask(server: Server, asker: Asker, *words: str) -> float:
    """How many ms of processor the reply takes."""
    began = server.cpu_seconds()
    reply = asker.ask([command(*words)])[0]
    assert not reply.startswith(b"-"), reply
    return (server.cpu_seconds() - began) * 1000


def ended(server: Server) -> int:
    """How many children have saved."""
    return (server.directory / "log").read_text("utf-8", "replace").count("terminated with success")


def await_child(server: Server, count: int) -> None:
    while ended(server) < count:
        time.sleep(0.05)


def times(server: Server, keys: int, rounds: int) -> tuple[float, float]:
    """The least of SAVE and of BGSAVE."""
    asker = started(server, keys)
    saves = [ask(server, asker, "SAVE") for _ in range(3)]
    forks = []
    for n in range(rounds):
        forks.append(ask(server, asker, "BGSAVE"))
        await_child(server, n + 1)
        time.sleep(0.3)
    return min(saves), min(forks)


def private_bytes(pid: int) -> int:
    """Memory that a process shares with no other."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Private_"))


def copied(server: Server) -> list[float]:
    """How many MB were copied after so many keys were set."""
    chance = random.Random(10)
    asker = started(server, OF)
    ask(server, asker, "BGSAVE")
    child = int(Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()[0])
    os.kill(child, signal.SIGSTOP)
    names = chance.sample(range(OF), WRITES[-1])
    before, found, done = private_bytes(child), [], 0
    for count in WRITES:
        batch = [command("SET", f"key:{n:08}", f"other:{n:010}") for n in names[done:count]]
        for at in range(0, len(batch), 1000):
            asker.ask(batch[at : at + 1000])
        done = count
        found.append((private_bytes(child) - before) / 1e6)
    os.kill(child, signal.SIGCONT)
    await_child(server, 1)
    return found


def write(name: str, unit: str, header: str, rows: dict[int, list[float]]) -> None:
    with (DATA / f"{name}.csv").open("w") as out:
        out.write(f"# {COMMAND}\n# {unit}\n{header}\n")
        for key, row in rows.items():
            out.write(f"{key}," + ",".join(f"{x:.2f}" for x in row) + "\n")


def main() -> None:
    """Measures and writes the tables."""
    args = arguments()
    folder = ROOT / "stages/10-rdb"
    subprocess.run(["make", "-s", "-C", str(folder), "CORE=1"], check=True, capture_output=True)
    stage, redis = Server("stage", str(ROOT / "build-core/10-rdb/server")), Server("redis", "redis-server")
    replies: dict[int, list[float]] = {count: [] for count in KEYS}
    pages: dict[int, list[float]] = {count: [] for count in WRITES}
    for server in (stage, redis):
        for keys, row in replies.items():
            row += times(server, keys, args.rounds)
            print(server.name, keys, [f"{ms:.2f}" for ms in row[-2:]], flush=True)
        for row, mb in zip(pages.values(), copied(server), strict=True):
            row.append(mb)
            print(server.name, f"{mb:.1f} MB", flush=True)
        server.close()
    write("10-fork", "milliseconds of processor until SAVE and BGSAVE reply, by the number of keys",
          "keys,save,bgsave,redis_save,redis_bgsave", replies)
    write("10-pages", "MB that were copied while a child saves, by how many of a million keys were set", "writes,stage,redis", pages)


if __name__ == "__main__":
    main()
