"""`failover`: a primary, two replicas and three Sentinels on this machine, to try out what happens when one is killed.

It runs until it is interrupted, and ends all that it started. A server that was killed is started again after some
seconds, as a primary, as it was configured; Sentinel makes it a replica.
"""

from __future__ import annotations

import contextlib
import shutil
import signal
import sys
import time

from .replicas import Node, wait_for_sync
from .sentinels import NAME, Sentinel, watching
from .server import HOST, REAL, ServerCommand, server_command, stage_command
from .stages import all_stages, find_stage

BACK_S = 10.0


def choose(stage: str | None, server: str | None) -> ServerCommand:
    if server:
        return server_command(server)
    found = find_stage(stage) if stage else all_stages()[-1]
    if not found.binary.exists():
        raise SystemExit(f"{found.binary} is missing: make STAGE={found.number:02}")
    return stage_command(found)


def say(text: str) -> None:
    print(text, flush=True)


def introduce(nodes: list[Node], sentinels: list[Sentinel]) -> None:
    for node, role in zip(nodes, ("primary", "replica", "replica"), strict=True):
        say(f"{role:9} {HOST}:{node.port}  process {node.server.pid}")
    for sentinel in sentinels:
        say(f"{'Sentinel':9} {HOST}:{sentinel.port}  process {sentinel.server.pid}")
    say(
        f"""
Talk to the primary:       redis-cli -p {nodes[0].port} SET k v
to a replica:              redis-cli -p {nodes[1].port} ROLE
Ask who the primary is:    redis-cli -p {sentinels[0].port} SENTINEL GET-MASTER-ADDR-BY-NAME {NAME}
See what Sentinel does:    redis-cli -p {sentinels[0].port} PSUBSCRIBE '*'
Kill the primary:          kill -9 {nodes[0].server.pid}
Stop it for a while:       redis-cli -p {nodes[0].port} DEBUG SLEEP 5

What you kill is started again after {BACK_S:g} seconds. Ctrl-C ends all of them."""
    )


def bring_back(nodes: list[Node], ended: dict[int, float]) -> None:
    """Starts servers again that have ended a while ago."""
    now = time.monotonic()
    for node in nodes:
        if node.server.alive:
            continue
        if node.port not in ended:
            say(f"The server on port {node.port} has ended: {node.server.status()}.")
            ended[node.port] = now
        elif now - ended[node.port] > BACK_S:
            del ended[node.port]
            node.server.kill()
            node.restart()
            say(f"The server on port {node.port} is back, as process {node.server.pid}.")


def watch(nodes: list[Node], sentinels: list[Sentinel]) -> None:
    """Says what changes, until the end."""
    primary, ended = nodes[0].port, dict[int, float]()
    known: set[str] = set()
    while True:
        time.sleep(0.2)
        bring_back(nodes, ended)
        alive = next((one for one in sentinels if one.server.alive), None)
        if not alive:
            say("No Sentinel is left.")
            return
        with contextlib.suppress(AssertionError, OSError):
            if (found := alive.master()) != primary:
                primary = found
                known.clear()
                say(f"The primary is {HOST}:{primary} now.")
            up = {one["port"] for one in alive.replicas() if one["master-link-status"] == "ok" and one["master-port"] == str(primary)}
            for port in sorted(up - known):
                if known or port != str(nodes[0].port):
                    say(f"The server on port {port} follows {primary}.")
            known |= up


def failover(stage: str | None, server: str | None) -> int:
    """Runs until SIGINT or SIGTERM."""
    if not shutil.which(REAL):
        raise SystemExit(f"{REAL}, which is the Sentinel too, is not installed (Debian: apt install redis-server)")
    command = choose(stage, server)
    for number in (signal.SIGINT, signal.SIGTERM):  # the first may be ignored when a script started it
        signal.signal(number, lambda *_: sys.exit(0))
    with contextlib.ExitStack() as stack:
        nodes = [stack.enter_context(Node(command)) for _ in range(3)]
        for node in nodes[1:]:
            node.follow(nodes[0])
        wait_for_sync(*nodes)
        sentinels = stack.enter_context(watching(nodes[0].port, 2, down_after_ms=3000))
        introduce(nodes, sentinels)
        watch(nodes, sentinels)
    return 0
