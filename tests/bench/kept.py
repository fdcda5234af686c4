"""What was measured, as a file: on which machine, when, and how.

    rows.json     the table: a stage, redis-server and Valkey
    stages.json   the same rows on every stage
    growth.json   more and more keys, more and more clients
    builds.json   how long building and testing takes

`make bench` writes them into build/bench/, and `make bench-page` takes those
that are there into book/data/.  A file holds a row in each line.
"""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench import valkey
from harness.stages import build_dir

BENCH = build_dir() / "bench"
BOOK_DATA = Path(__file__).resolve().parents[2] / "book/data"
NAMES = ("rows", "stages", "growth", "builds")
DIGITS = 4

Data = dict[str, object]


def short(value: object) -> object:
    """The same with numbers of four digits: no measurement is better."""
    if isinstance(value, float):
        return float(f"{value:.{DIGITS}g}")
    if isinstance(value, Mapping):
        return {name: short(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [short(one) for one in value]
    return value


def first_line(*argv: str) -> str:
    """What a program says of itself; empty without it."""
    try:
        said = subprocess.run(argv, capture_output=True, text=True, check=False).stdout
    except OSError:
        return ""
    return said.partition("\n")[0].strip()


def field_of(file: str, name: str) -> str:
    """The value of the first line of a file in /proc that begins with a name."""
    path = Path(file)
    lines = path.read_text().splitlines() if path.is_file() else []
    return next((x.partition(":")[2].strip() for x in lines if x.startswith(name)), "")


def machine() -> Data:
    """What the measurements depend on."""
    memory = field_of("/proc/meminfo", "MemTotal").split()
    release = ".".join(platform.release().split(".")[:2])
    return {
        "system": f"{platform.system()} {release}, {' '.join(platform.libc_ver())}", "architecture": platform.machine(),
        "processor": field_of("/proc/cpuinfo", "model name"),
        "cores": os.cpu_count(), "memory_gb": round(int(memory[0]) / 1e6) if memory else None,
        "compiler": first_line("cc", "--version"),
    }


def version(binary: str) -> str:
    """The version of a server and its allocator."""
    said = first_line(binary, "--version")
    return ", ".join(re.findall(r"\b(?:v|malloc)=(\S+)", said)) or said


def versions() -> dict[str, str]:
    """The servers beside the stage, by name."""
    found = {"redis-server": version("redis-server")}
    if binary := valkey.find():
        found[valkey.name(binary)] = version(binary)
    return found


def write(path: Path, rows: Sequence[object], settings: Mapping[str, object]) -> None:
    """Writes a file of measurements."""
    head = {"settings": {**settings, "date": time.strftime("%Y-%m-%d")},
            "machine": machine(), "versions": versions()}
    lines = ",\n  ".join(json.dumps(short(row)) for row in rows)
    text = ",\n ".join(f"{json.dumps(name)}: {json.dumps(value)}" for name, value in head.items())
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f'{{{text},\n "rows": [\n  {lines}\n ]}}\n', encoding="utf-8")


def take(measured: Path, into: Path) -> str:
    """Copies a file of measurements into the book's data, unless it has only some rows. Returns what was done."""
    if not measured.is_file():
        return f"{measured} is missing: the book keeps what it has"
    text = measured.read_text(encoding="utf-8")
    if only := json.loads(text)["settings"]["rows"]:
        return f"{measured} has only some rows ({only}): the book keeps what it has"
    into.write_text(text, encoding="utf-8")
    return f"{measured} is {into.name} now"


def main() -> None:
    """Takes what was measured into the book's data."""
    for name in NAMES:
        print(take(BENCH / f"{name}.json", BOOK_DATA / f"bench-{name}.json"))


if __name__ == "__main__":
    main()
