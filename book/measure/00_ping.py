"""What a PING costs: CPU time of the server, as the operating system counts it.

    PYTHONPATH=tests python3 book/measure/00_ping.py

One redis-benchmark client asks the CORE build of stage 00 and redis-server, in
turn: with one PING at a time, and with 64 in a pipeline.  Of several rounds the
cheapest is kept, since what other processes cost can only make a round dearer.
"""

from __future__ import annotations

import argparse
import subprocess
from pathlib import Path

from bench.process import Server, prefer

ROOT = Path(__file__).resolve().parents[2]
PIPELINES = (1, 64)
ALONE, PIPELINED = 200_000, 8_000_000  # how many PINGs


def arguments() -> argparse.Namespace:
    """The options, as --help shows them."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    return parser.parse_args()


def build() -> dict[str, str]:
    """The servers: what they are called, and the command that starts them."""
    subprocess.run(["make", "-s", "-C", str(ROOT / "stages/00-resp"), "CORE=1"], check=True, capture_output=True)
    return {
        "stage 00": str(ROOT / "build-core/00-resp/server"),
        "redis-server 7.0.15": "redis-server",
    }


def cost(server: Server, pipeline: int) -> float:
    """CPU time of one PING in microseconds."""
    count = ALONE if pipeline == 1 else PIPELINED
    before = server.cpu_seconds()
    subprocess.run(
        ["redis-benchmark", "-p", str(server.port), "-c", "1", "-t", "ping_mbulk",
         "-n", str(count), "-P", str(pipeline), "-q"],
        check=True, capture_output=True)
    return (server.cpu_seconds() - before) / count * 1e6


def main() -> None:
    """Measures and prints."""
    rounds = arguments().rounds
    prefer(0)
    commands = build()
    best = {name: [float("inf")] * len(PIPELINES) for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            server = Server(name, command)
            server.start()
            prefer(server.pid)
            for at, pipeline in enumerate(PIPELINES):
                best[name][at] = min(best[name][at], cost(server, pipeline))
            server.close()
    print(f"{'CPU time of one PING, in microseconds':40} {'alone':>8} {'of 64':>8}")
    for name, (alone, pipelined) in best.items():
        print(f"{name:40} {alone:8.2f} {pipelined:8.3f}")


if __name__ == "__main__":
    main()
