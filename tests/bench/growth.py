"""What becomes of a server that grows: ten thousand to ten million keys, one to 9,000 clients."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator, Sequence

from bench.client import Client
from bench.measure import SETTLE_SECONDS, end_probe, start_probe, under_load
from bench.process import Server, prefer
from bench.rows import Fill

KEYS = (10_000, 100_000, 1_000_000, 10_000_000)
CLIENTS = (1, 10, 100, 1_000, 9_000)
REQUESTS = 1_000_000
PINGS = 200_000
# The keys of redis-benchmark, so that a key it asks for is always there.
COMMAND = "SET key:{n:012} {value}"

# What is measured, and its unit.
OF_KEYS = {"memory per key": "bytes", "SET -P 64": "us/cmd", "GET -P 64": "us/cmd",
           "longest delay while they are added": "ms"}
OF_CLIENTS = {"PING": "us/cmd"}


def of_keys(server: Server, count: int, requests: int) -> list[float]:
    """What OF_KEYS names, of a fresh server with this many keys."""
    server.start()
    prefer(server.pid)
    client = Client(server.port)
    before = server.resident_bytes()
    probe = start_probe(server.port)
    client.fill(Fill(COMMAND, count))
    delay = end_probe(probe)["longest"]
    time.sleep(SETTLE_SECONDS)
    memory = (server.resident_bytes() - before) / count
    client.close()
    costs = [under_load(server, f"-P 64 -r {count} {command}", requests)["value"]
             for command in ("SET key:__rand_int__ value:0123456789", "GET key:__rand_int__")]
    server.stop()
    return [memory, *costs, delay]


def of_clients(server: Server, count: int, requests: int) -> list[float]:
    """What OF_CLIENTS names, of a fresh server with this many clients that
    all talk; their connecting is part of it."""
    server.start()
    cost = under_load(server, f"-c {count} -t ping_mbulk", requests)["value"]
    server.stop()
    return [cost]


def run(group: Sequence[Server], rounds: int, scale: float) -> Iterator[dict[str, object]]:
    """All that is measured, a row for each thing that grows."""
    for names, by, sizes, one, requests in (
            (OF_CLIENTS, "clients", CLIENTS, of_clients, PINGS),
            (OF_KEYS, "keys", KEYS, of_keys, REQUESTS)):
        at = sorted({max(int(size * scale), 1) for size in sizes})
        asked = max(int(requests * scale), 10_000)
        seen: dict[str, list[list[list[float]]]] = {server.name: [[] for _ in at] for server in group}
        for _ in range(rounds):
            for place, size in enumerate(at):
                for server in group:
                    seen[server.name][place].append(one(server, size, asked))
        for index, (name, unit) in enumerate(names.items()):
            yield {"name": name, "unit": unit, "by": by, "at": at, "value": {
                server: [statistics.median(r[index] for r in place) for place in places]
                for server, places in seen.items()}, "rounds": {
                server: [[r[index] for r in place] for place in places]
                for server, places in seen.items()}}
