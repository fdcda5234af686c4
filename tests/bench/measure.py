"""One measurement of one row on one server."""

from __future__ import annotations

import csv
import functools
import io
import json
import os
import shlex
import shutil
import socket
import statistics
import subprocess
import sys
import time
from pathlib import Path

from bench.client import Client, batches, request
from bench.process import Server, prefer
from bench.rows import Against, Beside, Delay, Fill, Idle, Load, Memory, Persist, Row, Sync

SETTLE_SECONDS = 0.3
EXPIRE_AFTER_SECONDS = 1.5
FILLED_PER_SECOND = 250_000
IDLE_SECONDS = 6
LONGEST_WAIT_SECONDS = 60
Values = dict[str, float]


@functools.singledispatch
def measure(row: Row, server: Server, scale: float) -> Values:
    """The values of a row; `value` is what is compared."""
    raise TypeError(row)


def scaled(fill: Fill, scale: float) -> Fill:
    """A fill with fewer commands, for a quick run."""
    return Fill(fill.command, max(int(fill.count * scale), 1), fill.lines)


@measure.register
def _load(row: Load, server: Server, scale: float) -> Values:
    if row.flags:
        server.start(*row.flags)
    try:
        return _measure_load(row, server, scale)
    finally:
        if row.flags:
            server.start()
            shutil.rmtree(server.directory / "appendonlydir", ignore_errors=True)


def _measure_load(row: Load, server: Server, scale: float) -> Values:
    if row.since >= 2:
        client = Client(server.port)
        client.ask("FLUSHALL")
        for fill in row.fill:
            client.fill(fill)
        client.close()
    requests = max(int(row.requests * scale), 10_000)
    return under_load(server, row.args, requests)


def under_load(server: Server, args: str, requests: int) -> Values:
    """Microseconds of CPU per command, and commands per second."""
    argv = ["redis-benchmark", "-p", str(server.port), "--csv", "-n",
            str(requests), *shlex.split(args)]
    before = server.cpu_seconds()
    done = subprocess.run(argv, capture_output=True, text=True, check=True)
    cpu = server.cpu_seconds() - before
    table = list(csv.reader(io.StringIO(done.stdout)))
    return {"value": cpu / requests * 1e6,
            "thousand/s": float(table[-1][1]) / 1000}


@measure.register
def _against(row: Against, server: Server, scale: float) -> Values:
    requests = max(int(row.requests * scale), 10_000)
    cost = []
    for args in (row.base, row.args):
        client = Client(server.port)
        client.ask("FLUSHALL")
        client.close()
        cost.append(under_load(server, args, requests)["value"])
    return {"value": cost[1] / cost[0], "us/cmd": cost[1]}


def _waiting(row: Beside, server: Server, scale: float) -> list[Client]:
    """The clients, each of which has sent its command and waits."""
    found = []
    for n in range(max(int(row.clients * scale), 10)):
        words = []
        for word in row.waiting.split():
            many = word.removeprefix("{keys:").removesuffix("}")
            words += [f"wait:{n}:{k}" for k in range(int(many))] if many != word else [word]
        found.append(Client(server.port))
        found[-1].socket.sendall(request(words))
    return found


@measure.register
def _beside(row: Beside, server: Server, scale: float) -> Values:
    requests = max(int(row.requests * scale), 10_000)
    control = Client(server.port)
    control.ask("FLUSHALL")
    under_load(server, row.args, requests)  # all keys are there
    ratios, cost = [], []
    for _ in range(row.pairs):
        alone = under_load(server, row.args, requests)["value"]
        clients = _waiting(row, server, scale)
        time.sleep(SETTLE_SECONDS)
        control.ask("PING")
        cost.append(under_load(server, row.args, requests)["value"])
        for client in clients:
            client.close()
        time.sleep(SETTLE_SECONDS)
        control.ask("PING")
        ratios.append(cost[-1] / alone)
    control.close()
    return {"value": statistics.median(ratios),
            "us/cmd": statistics.median(cost)}


@measure.register
def _memory(row: Memory, server: Server, scale: float) -> Values:
    fill = scaled(row.fill, scale)
    batches(fill)
    server.start()
    client = Client(server.port)
    client.ask("PING")
    before = server.resident_bytes()
    client.fill(fill)
    time.sleep(SETTLE_SECONDS)
    added = server.resident_bytes() - before
    client.close()
    return {"value": added / fill.count / row.per}


@measure.register
def _idle(row: Idle, server: Server, scale: float) -> Values:
    server.start()
    before = server.resident_bytes()
    links = []
    for _ in range(max(int(row.connections * scale), 100)):
        link = socket.create_connection(("127.0.0.1", server.port), 60)
        if row.talk:
            link.sendall(b"PING\r\n")
            link.recv(64)
        links.append(link)
    time.sleep(SETTLE_SECONDS)
    last = Client(server.port)
    last.ask("PING")
    if row.talk:
        time.sleep(IDLE_SECONDS if scale == 1 else 1)
    added = server.resident_bytes() - before
    for link in links:
        link.close()
    last.close()
    return {"value": added / len(links)}


@measure.register
def _delay(row: Delay, server: Server, scale: float) -> Values:
    fill = scaled(row.fill, scale)
    server.start()
    prefer(server.pid)
    client = Client(server.port)
    if row.expire:
        took = _fill_to_expire(client, fill)
        probe = start_probe(server.port)
        _wait_for_expiry(client, took)
    else:
        batches(fill)
        if row.saves:
            client.fill(fill)
            time.sleep(SETTLE_SECONDS)
        probe = start_probe(server.port)
        if row.saves:
            _save_meanwhile(server, client, fill)
        else:
            client.fill(fill)
    seen = end_probe(probe)
    client.close()
    return {"value": seen["longest"], "p99.9": seen["p99.9"],
            "median": seen["median"]}


def _save_meanwhile(server: Server, client: Client, fill: Fill) -> None:
    """Sets all keys again, each of which may copy a page, until the file has
    its name."""
    file = server.directory / "dump.rdb"
    client.ask("BGSAVE")
    give_up = time.monotonic() + LONGEST_WAIT_SECONDS
    while not file.exists():
        if time.monotonic() > give_up:
            raise OSError("the child does not end")
        client.fill(fill, until=file.exists)
    file.unlink()


@measure.register
def _persist(row: Persist, server: Server, scale: float) -> Values:
    flags = ("--appendonly", "yes") if row.how in ("log", "rewrite") else ()
    server.start(*flags)
    client = Client(server.port)
    client.ask("FLUSHALL")
    client.fill(scaled(row.fill, scale))
    before = server.cpu_seconds()
    if row.how == "rewrite":
        took = _rewrite(server, client)
    elif row.how != "log":
        client.ask("SAVE")
    if row.how != "rewrite":
        took = server.cpu_seconds() - before
    client.close()
    if row.how in ("load", "log"):
        server.start(*flags)
        took = server.cpu_seconds()
    for left in server.directory.glob("*.rdb"):
        left.unlink()
    shutil.rmtree(server.directory / "appendonlydir", ignore_errors=True)
    return {"value": took}


@measure.register
def _sync(row: Sync, server: Server, scale: float) -> Values:
    server.start()
    client = Client(server.port)
    client.fill(scaled(row.fill, scale))
    replica = Server(f"{server.name}'s replica", server.command)
    replica.start()
    try:
        prefer(server.pid)
        follower = Client(replica.port)
        probe = start_probe(server.port)
        begun = (server.cpu_seconds() + resource_of_children(server.pid), replica.cpu_seconds())
        follower.ask("REPLICAOF", "127.0.0.1", str(server.port))
        _wait_for(follower, "replication", "master_link_status", "up")
        loaded = replica.cpu_seconds() - begun[1]
        _wait_for(client, "persistence", "rdb_bgsave_in_progress", "0")
        time.sleep(SETTLE_SECONDS)
        sent = server.cpu_seconds() + resource_of_children(server.pid) - begun[0]
        seen = end_probe(probe)
        follower.close()
    finally:
        replica.close()
    client.close()
    return {"value": sent, "replica": loaded, "stall": seen["longest"]}


def _wait_for(client: Client, section: str, name: str, value: str) -> None:
    """Returns when a field of INFO has this value."""
    give_up = time.monotonic() + LONGEST_WAIT_SECONDS
    while client.field(section, name) != value:
        if time.monotonic() > give_up:
            raise OSError(f"{name} does not become {value}")
        time.sleep(0.05)


def _rewrite(server: Server, client: Client) -> float:
    """CPU of a rewrite: of the server until it is over, and of its child."""
    begun = resource_of_children(server.pid), server.cpu_seconds()
    client.ask("BGREWRITEAOF")
    base = server.directory / "appendonlydir" / "appendonly.aof.2.base.rdb"
    end = time.monotonic() + LONGEST_WAIT_SECONDS
    while not base.exists():
        if time.monotonic() > end:
            raise TimeoutError("a rewrite that does not end")
        time.sleep(0.01)
    time.sleep(SETTLE_SECONDS)
    return (resource_of_children(server.pid) - begun[0]
            + server.cpu_seconds() - begun[1])


def resource_of_children(pid: int) -> float:
    """CPU seconds of the children that a process has waited for."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")")[1].split()
    return (int(fields[13]) + int(fields[14])) / os.sysconf("SC_CLK_TCK")


def _fill_to_expire(client: Client, fill: Fill) -> float:
    """Fills with keys that all expire at one moment, which is returned."""
    seconds = fill.count / FILLED_PER_SECOND
    batches(fill)
    while True:
        moment = time.time() + seconds + EXPIRE_AFTER_SECONDS
        client.ask("FLUSHALL")
        client.fill(fill, int(moment * 1000))
        if time.time() < moment - EXPIRE_AFTER_SECONDS / 2:
            return moment
        seconds *= 2


def _wait_for_expiry(client: Client, moment: float) -> None:
    """Returns when no key is left."""
    time.sleep(max(moment - time.time(), 0))
    give_up = time.monotonic() + LONGEST_WAIT_SECONDS
    while client.ask("DBSIZE") != b":0\r\n":
        if time.monotonic() > give_up:
            raise OSError("expired keys are still there")
        time.sleep(0.05)


def start_probe(port: int) -> subprocess.Popen[str]:
    """The probing client, already asking."""
    probe = subprocess.Popen(
        [sys.executable, "-m", "bench.probe", str(port)], text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        cwd=Path(__file__).resolve().parents[1])
    assert probe.stdout
    if not probe.stdout.readline():
        raise OSError("the probing client did not start")
    return probe


def end_probe(probe: subprocess.Popen[str]) -> Values:
    """Lets the probing client end. Returns the delays that it saw, in milliseconds."""
    out, _ = probe.communicate(timeout=60)
    return {name: float(value) for name, value in json.loads(out).items()}
