"""What clients that wait cost the others: a SET beside them, and a PUBLISH to those that are subscribed.

    PYTHONPATH=tests python3 book/measure/08_waiting.py

Up to a thousand clients wait, each for a key of its own, while one client sends SETs of other keys, 64 in a pipeline.
Then up to a thousand are subscribed to a channel, and messages of 100 bytes are published, 50 in a pipeline. Time is
what the server's process uses. Besides the CORE build of stage 08 and redis-server, the chapter's server after step 7
is measured, which asks each client that waits, and that after step 15, which formats a message for each subscriber.
Writes book/data/08-waiting.csv and book/data/08-publish.csv.
"""

from __future__ import annotations

import argparse
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from bench.asker import Asker
from bench.process import Server, prefer, raise_file_limit
from harness.wire import command

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "book/data"
COMMAND = "make book-measure PLOT=08-waiting"
CLIENTS = [1, 3, 10, 30, 100, 300, 1_000]
SETS = 50_000
MESSAGE = "m" * 100
DELIVERIES = 200_000


def arguments() -> argparse.Namespace:
    """The options, as --help shows them."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3, help="the best one counts")
    return parser.parse_args()


def after_step(last: int, folder: Path) -> str:
    """The path of the chapter's server after that step, which is built in a folder."""
    name = f"08-step-{last:02}"
    stage = folder / "stages" / name
    stage.parent.mkdir(parents=True, exist_ok=True)
    for shared in ("stage.mk", "core.c", "more"):
        if not (stage.parent / shared).exists():
            (stage.parent / shared).symlink_to(ROOT / "stages" / shared)
    if not (folder / "common").exists():
        (folder / "common").symlink_to(ROOT / "common")
    shutil.copytree(ROOT / "stages/07-streams", stage)
    for step in range(1, last + 1):
        patch = (ROOT / f"book/steps/08/{step:02}.patch").read_bytes()
        subprocess.run(["patch", "-s", "-p1"], input=patch, cwd=stage, check=True)
    subprocess.run(["make", "-s", "-C", str(stage), "CORE=1"], check=True, capture_output=True)
    return str(folder / "build-core" / name / "server")


def connect(server: Server, count: int, data: bytes) -> list[socket.socket]:
    """Clients that have sent something."""
    clients = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(count)]
    for n, client in enumerate(clients):
        client.sendall(data.replace(b"{n}", b"%05d" % n))
    time.sleep(0.1 + count / 5_000)
    return clients


def cost_of_set(server: Server, rounds: int) -> float:
    """CPU time of a SET in microseconds."""
    best = 1e9
    for _ in range(rounds):
        before = server.cpu_seconds()
        subprocess.run(
            ["redis-benchmark", "-p", str(server.port), "-n", str(SETS), "-P", "64", "-c", "1", "-r", "1000", "-q", "SET",
             "free:__rand_int__", "value"], check=True, capture_output=True)
        best = min(best, (server.cpu_seconds() - before) / SETS * 1e6)
    return best


def drain(clients: list[socket.socket], count: int) -> None:
    """Reads that many bytes from each."""
    for client in clients:
        left = count
        while left > 0:
            left -= len(client.recv(min(left, 1 << 20)))


def cost_of_publish(server: Server, clients: list[socket.socket], rounds: int) -> float:
    """CPU time of a PUBLISH in microseconds."""
    asker = Asker(server.port)
    batch = [command("PUBLISH", "news", MESSAGE)] * 50
    bytes_of_one = len(command("message", "news", MESSAGE))
    best = 1e9
    for _ in range(rounds):
        messages = max(min(DELIVERIES // len(clients), 20_000), 200)
        before = server.cpu_seconds()
        for _ in range(messages // 50):
            asker.ask(batch)
            drain(clients, 50 * bytes_of_one)
        best = min(best, (server.cpu_seconds() - before) / (messages // 50 * 50) * 1e6)
    return best


def main() -> None:
    """Measures and writes the tables."""
    args = arguments()
    raise_file_limit()
    folder = Path(tempfile.mkdtemp(prefix="steps-"))
    stage = ROOT / "stages/08-blocking-pubsub"
    subprocess.run(["make", "-s", "-C", str(stage), "CORE=1"], check=True, capture_output=True)
    own, redis = Server("stage", str(ROOT / "build-core/08-blocking-pubsub/server")), Server("redis", "redis-server")
    sets: dict[int, list[float]] = {count: [] for count in [0, *CLIENTS]}
    pushes: dict[int, list[float]] = {count: [] for count in CLIENTS}
    for server in (Server("asked", after_step(7, folder)), own, redis):
        for count, row in sets.items():
            server.start()
            prefer(server.pid)
            clients = connect(server, count, command("BLPOP", "jobs:{n}", "0").replace(b"$8", b"$10"))
            row.append(cost_of_set(server, args.rounds))
            for client in clients:
                client.close()
        print(server.name, [f"{row[-1]:.2f}" for row in sets.values()], flush=True)
    for server in (Server("each", after_step(15, folder)), own, redis):
        for count, row in pushes.items():
            server.start()
            prefer(server.pid)
            clients = connect(server, count, command("SUBSCRIBE", "news"))
            drain(clients, len(b"*3\r\n$9\r\nsubscribe\r\n$4\r\nnews\r\n:1\r\n"))
            row.append(cost_of_publish(server, clients, args.rounds))
            for client in clients:
                client.close()
        print(server.name, [f"{row[-1]:.2f}" for row in pushes.values()], flush=True)
        server.close()
    shutil.rmtree(folder)
    for name, unit, columns, table in (
        ("08-waiting", "microseconds of a SET, by the number of clients that wait for other keys", "asked,stage,redis", sets),
        ("08-publish", "microseconds of a PUBLISH of 100 bytes, by the number of subscribers", "each,stage,redis", pushes),
    ):
        with (DATA / f"{name}.csv").open("w") as out:
            out.write(f"# {COMMAND}\n# {unit}\nclients,{columns}\n")
            for count, row in table.items():
                out.write(f"{count}," + ",".join(f"{us:.2f}" for us in row) + "\n")


if __name__ == "__main__":
    main()
