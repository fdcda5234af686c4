"""The probing client: a process of its own that asks, waits, and notes.

    python3 -m bench.probe PORT

It prints a line when it has its first reply, and asks every 0.2 ms until its
standard input ends. Then it prints as JSON the longest delay, the 99.9th and
the 50th percentile, in milliseconds.
"""

from __future__ import annotations

import json
import os
import select
import socket
import sys
import time

from bench.process import prefer

EVERY_SECONDS = 0.0002
ASK = b"*1\r\n$4\r\nPING\r\n"


def probe(port: int) -> list[int]:
    """The delays, in nanoseconds, in order of size."""
    delays = []
    with socket.create_connection(("127.0.0.1", port), 60) as link:
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        ended = False
        while not ended:
            start = time.perf_counter_ns()
            link.sendall(ASK)
            link.recv(64)
            delays.append(time.perf_counter_ns() - start)
            if len(delays) == 1:
                print("ready", flush=True)
            ended = bool(select.select([sys.stdin], [], [], EVERY_SECONDS)[0])
    return sorted(delays)


def main() -> None:
    """Probes, and prints what was seen."""
    prefer(os.getpid())
    delays = probe(int(sys.argv[1]))
    last = len(delays) - 1
    print(json.dumps({
        "longest": delays[last] / 1e6,
        "p99.9": delays[int(last * 0.999)] / 1e6,
        "median": delays[last // 2] / 1e6,
        "asked": len(delays),
    }))


if __name__ == "__main__":
    main()
