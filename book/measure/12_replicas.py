"""What replicas cost their primary: processor for each SET, and memory while the replicas don't read.

    PYTHONPATH=tests python3 book/measure/12_replicas.py

A replica here is a connection that has sent PSYNC and got its snapshot. For the time, replicas read all that they are sent, and
clients send a pipeline of SETs of 100 bytes. For the memory, replicas read nothing more, and one key is overwritten until 32 MB were written. The CORE
build of stage 12 and redis-server are measured, of several rounds the cheapest counts. Writes book/data/12-replicas.csv.
"""

from __future__ import annotations

import argparse
import selectors
import socket
import subprocess
import threading
from pathlib import Path

from bench.asker import Asker
from bench.process import Server, prefer
from harness.wire import command

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "book/data/12-replicas.csv"
COMMAND = "make book-measure PLOT=12-replicas"
REPLICAS = [0, 1, 2, 4, 8]
STAGE = "12-replication"
SETS, WRITES, BYTES = 200_000, 32_000, 1000
FLAGS = {"redis": ("--repl-diskless-sync", "no", "--client-output-buffer-limit", "replica 0 0 0")}


def arguments() -> argparse.Namespace:
    """The options, as --help shows them."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3, help="the cheapest one counts")
    return parser.parse_args()


def replica(port: int) -> socket.socket:
    """A connection after its full synchronization."""
    sock = socket.create_connection(("127.0.0.1", port))
    sock.sendall(b"PSYNC ? -1\r\n")
    with sock.makefile("rb", buffering=0) as file:
        line = b"\n"
        while not line.startswith(b"$"):
            line = file.readline()
        left = int(line[1:])
        while left:
            left -= len(file.read(left) or b"")
    return sock


def drain(socks: list[socket.socket], stop: threading.Event) -> None:
    """Reads all that the replicas are sent."""
    with selectors.DefaultSelector() as chosen:
        for sock in socks:
            chosen.register(sock, selectors.EVENT_READ)
        while not stop.is_set():
            for key, _ in chosen.select(0.1):
                assert isinstance(key.fileobj, socket.socket)
                key.fileobj.recv(1 << 20)


def fresh(server: Server) -> Asker:
    server.start("--save", "", *FLAGS.get(server.name, ()))
    prefer(server.pid)
    return Asker(server.port)


def microseconds(server: Server, count: int) -> float:
    """Of the processor, for a SET."""
    asker, stop = fresh(server), threading.Event()
    socks = [replica(server.port) for _ in range(count)]
    reader = threading.Thread(target=drain, args=(socks, stop))
    reader.start()
    batches = [[command("SET", f"key:{n % 1000:08}", "x" * 100) for n in range(at, at + 1000)] for at in range(0, SETS, 1000)]
    began = server.cpu_seconds()
    for batch in batches:
        asker.ask(batch)
    used = server.cpu_seconds() - began
    stop.set()
    reader.join()
    for sock in socks:
        sock.close()
    return used * 1e6 / SETS


def megabytes(server: Server, count: int) -> float:
    """That the server has more after the writes."""
    asker = fresh(server)
    socks = [replica(server.port) for _ in range(count)]
    before = server.resident_bytes()
    for _ in range(WRITES // 100):
        asker.ask([command("SET", "key", "x" * BYTES)] * 100)
    more = server.resident_bytes() - before
    for sock in socks:
        sock.close()
    return more / 1e6


def main() -> None:
    """Measures and writes the table."""
    args = arguments()
    subprocess.run(["make", "-s", "-C", str(ROOT / "stages" / STAGE), "CORE=1"], check=True, capture_output=True)
    servers = [Server("stage", str(ROOT / f"build-core/{STAGE}/server")), Server("redis", "redis-server")]
    rows: dict[int, list[float]] = {count: [] for count in REPLICAS}
    for server in servers:
        for count, row in rows.items():
            row.append(min(microseconds(server, count) for _ in range(args.rounds)))
            row.append(min(megabytes(server, count) for _ in range(args.rounds)))
            print(server.name, count, [f"{value:.2f}" for value in row[-2:]], flush=True)
        server.close()
    with DATA.open("w") as out:
        print(f"# {COMMAND}\n# microseconds of processor for a SET, and MB more after 32 MB of writes, by the number of replicas", file=out)
        print("replicas,us,mb,redis_us,redis_mb", file=out)
        for count, row in rows.items():
            print(f"{count}," + ",".join(f"{value:.2f}" for value in row), file=out)


if __name__ == "__main__":
    main()
