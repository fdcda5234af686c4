"""What waiting and messages cost: CPU time of the server for each command, and bytes for each client that waits.

    PYTHONPATH=tests python3 book/measure/08_cost.py

One redis-benchmark client sends commands, 64 in a pipeline, to the CORE build of stage 08 and to redis-server in turn.
Of several rounds the cheapest is kept, since what other processes cost can only make a round dearer. For a push that
wakes a client, a worker and a client that pushes take turns, one command each. Bytes are what the process holds more
than before, for 5,000 clients that begin to wait, and for a client that subscribes to 100,000 channels.
"""

from __future__ import annotations

import argparse
import socket
import subprocess
import time
from pathlib import Path

from bench.asker import Asker
from bench.process import Server, prefer, raise_file_limit
from harness.wire import command

ROOT = Path(__file__).resolve().parents[2]
WAITERS, CHANNELS = 5_000, 100_000
SET = ("SET", "free:__rand_int__", "value")
TIMES: tuple[tuple[str, tuple[str, ...], tuple[bytes, ...]], ...] = (
    ("SET", SET, ()),
    ("SET with notify-keyspace-events KEA", SET, (command("CONFIG", "SET", "notify-keyspace-events", "KEA"),)),
    ("BLPOP of an element that is there", ("BLPOP", "full", "0"), (command("RPUSH", "full", *["x"] * 1000),) * 200),
    ("PUBLISH without subscribers", ("PUBLISH", "news", "hello"), ()),
)


def arguments() -> argparse.Namespace:
    """The options, as --help shows them."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--count", type=int, default=100_000)
    return parser.parse_args()


def cost(server: Server, words: tuple[str, ...], count: int) -> float:
    """CPU time of one command in microseconds."""
    before = server.cpu_seconds()
    subprocess.run(
        ["redis-benchmark", "-p", str(server.port), "-n", str(count), "-P", "64", "-c", "1", "-r", "1000", "-q", *words],
        check=True, capture_output=True)
    return (server.cpu_seconds() - before) / count * 1e6


def cost_of_wakeup(server: Server, count: int) -> float:
    """CPU time of a BLPOP that waits and the push that serves it."""
    worker, asker = socket.create_connection(("127.0.0.1", server.port)), Asker(server.port)
    wait, push = command("BLPOP", "jobs", "0"), [command("RPUSH", "jobs", "x")]
    before = server.cpu_seconds()
    for _ in range(count):
        worker.sendall(wait)
        asker.ask(push)
        left = len(b"*2\r\n$4\r\njobs\r\n$1\r\nx\r\n")
        while left > 0:
            left -= len(worker.recv(left))
    return (server.cpu_seconds() - before) / count * 1e6


def row(label: str, stage: str, redis: str) -> None:
    print(f"{label:48}{stage:>16}{redis:>22}", flush=True)


def main() -> None:
    """Measures and prints two tables."""
    args = arguments()
    raise_file_limit()
    folder = ROOT / "stages/08-blocking-pubsub"
    subprocess.run(["make", "-s", "-C", str(folder), "CORE=1"], check=True, capture_output=True)
    servers = (Server("stage", str(ROOT / "build-core/08-blocking-pubsub/server")), Server("redis", "redis-server"))
    row("CPU time of a command, in microseconds", "stage 08", "redis-server 7.0.15")
    for label, words, before in (*TIMES, ("BLPOP that waits, and the RPUSH", (), ())):
        best = [1e9, 1e9]
        for _ in range(args.rounds):
            for n, server in enumerate(servers):
                server.start()
                prefer(server.pid)
                if before:
                    Asker(server.port).ask(list(before))
                found = cost(server, words, args.count) if words else cost_of_wakeup(server, args.count // 10)
                best[n] = min(best[n], found)
        row(label, *(f"{us:.2f}" for us in best))
    print()
    row("bytes", "stage 08", "redis-server 7.0.15")
    held: dict[str, list[str]] = {"of a client that begins to wait for a key": [], "of a subscription": []}
    for server in servers:
        server.start()
        clients = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(WAITERS)]
        for client in clients:
            client.sendall(command("PING"))
            client.recv(100)
        empty = server.resident_bytes()
        for n, client in enumerate(clients):
            client.sendall(command("BLPOP", f"jobs:{n}", "0"))
        time.sleep(1)
        waiting = server.resident_bytes()
        asker = Asker(server.port)
        for first in range(0, CHANNELS, 1000):
            asker.socket.sendall(command("SUBSCRIBE", *(f"channel:{n:06}" for n in range(first, first + 1000))))
            for _ in range(1000 * 6):
                asker.file.readline()
        held["of a client that begins to wait for a key"].append(f"{(waiting - empty) / WAITERS:.0f}")
        held["of a subscription"].append(f"{(server.resident_bytes() - waiting) / CHANNELS:.0f}")
        server.close()
    for label, cells in held.items():
        row(label, *cells)


if __name__ == "__main__":
    main()
