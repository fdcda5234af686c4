"""The bytes of a stage's listpack are those of redis-server, which shows its own in DUMP."""

from __future__ import annotations

import random
import subprocess
from pathlib import Path

import pytest

from harness.server import Server, ServerCommand, server_command
from harness.wire import Wire

ROOT = Path(__file__).resolve().parents[2]
QUICKLIST_2, PACKED = 18, 2
LENGTHS = [0, 1, 12, 61, 62, 63, 64, 65, 124, 125, 126, 127, 128, 4094, 4095, 4096, 4097]
LENGTHS += [16377, 16378, 16379, 16380, 16381, 16382, 16383, 16384, 40000]
BORDERS = [0, 1, 127, 128, 4095, 4096, 2**15, 2**23, 2**31, 2**62, 2**63 - 1]
ODD = ["-0", "00", "007", "+7", "1.0", " 7", "7 ", "9223372036854775808", "-9223372036854775809", "0x1f"]


def values() -> list[str]:
    numbers = {sign * border + step for border in BORDERS for sign in (1, -1) for step in (-1, 0, 1)}
    numbers = {n for n in numbers if -(2**63) <= n < 2**63}
    rng = random.Random(4)
    drawn = [rng.randint(-(2**bits), 2**bits) for bits in range(1, 63)]
    return [str(n) for n in [*sorted(numbers), *drawn]] + ODD + ["x" * length for length in LENGTHS]


def build(stage: str, folder: Path) -> Path:
    """The program of book/try that prints a listpack, with the stage's source."""
    source = ROOT / "stages" / stage
    files = [ROOT / "book/try/listpack.c", source / "store/listpack.c"]
    files += [ROOT / "common" / f"{name}.c" for name in ("buffer", "numbers", "quote", "zmalloc", "slice")]
    program = folder / "listpack"
    command = ["cc", "-std=c11", "-D_GNU_SOURCE", f"-I{ROOT}", f"-I{source}", "-o", str(program)]
    command += [str(file) for file in files if file.exists()]
    subprocess.run([*command, "-lm"], check=True, timeout=120)
    return program


def ours(program: Path, elements: list[str]) -> bytes:
    done = subprocess.run([str(program), *elements], capture_output=True, text=True, check=True, timeout=60)
    return b"".join(bytes.fromhex(line.split("  ")[-2]) for line in done.stdout.replace("    ", "").splitlines())


def length(data: bytes, at: int) -> tuple[int, int]:
    """A length as Redis writes it into files, and where it ends."""
    if data[at] < 0x40:
        return data[at], at + 1
    if data[at] < 0x80:
        return (data[at] & 0x3F) << 8 | data[at + 1], at + 2
    return int.from_bytes(data[at + 1 : at + 5], "big"), at + 5


def theirs(wire: Wire, elements: list[str]) -> bytes:
    """The one node of a list in redis-server."""
    wire.ask("DEL", "k")
    wire.ask("RPUSH", "k", *elements)
    data = wire.ask("DUMP", "k").text
    assert data[0] == QUICKLIST_2
    nodes, at = length(data, 1)
    container, at = length(data, at)
    assert (nodes, container) == (1, PACKED)
    size, at = length(data, at)
    return data[at : at + size]


@pytest.mark.since(4)
@pytest.mark.not_real
@pytest.mark.more  # it looks at the source, not at a server, so it runs with the whole build alone
@pytest.mark.needs("redis-server")
def test_bytes_of_a_listpack(command: ServerCommand, tmp_path: Path) -> None:
    program = build(command.label.split()[0], tmp_path)
    with Server(server_command("redis-server"), ["--rdbcompression", "no"]) as server, Wire(server) as wire:
        together: list[str] = []
        for value in values():
            assert ours(program, [value]) == theirs(wire, [value]), f"the element {value[:30]!r}, {len(value)} bytes long"
            together += [value] if len(value) < 100 else []
        assert ours(program, together) == theirs(wire, together)
