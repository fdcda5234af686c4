"""INFO has the real server's sections and fields, in its order."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator

import pytest

from harness.server import REAL, Server, real_command
from harness.wire import Wire, command

pytestmark = [pytest.mark.since(2), pytest.mark.more]

# What the real server tells of things that are not in this course, or says of the machine it was built on.
NEVER = """
redis_build_id atomicvar_api gcc_version executable
used_memory_lua used_memory_vm_eval used_memory_lua_human used_memory_scripts_eval number_of_cached_scripts
number_of_functions number_of_libraries used_memory_vm_functions used_memory_vm_total used_memory_vm_total_human
used_memory_functions used_memory_scripts used_memory_scripts_human
""".split()

# What is not measured: the lesson's expire cycle reads no clock of its own, and a server of one thread has no other.
NOT_MEASURED = ["used_cpu_sys_main_thread", "used_cpu_user_main_thread"]

# What a server that has no replicas does not know.
UNTIL_REPLICATION = """
master_failover_state master_replid master_replid2 second_repl_offset repl_backlog_active repl_backlog_size
repl_backlog_first_byte_offset repl_backlog_histlen
""".split()
LEFT_OUT = {*NEVER, *NOT_MEASURED, *UNTIL_REPLICATION}

ARGUMENTS = [
    "",
    "default",
    "all",
    "everything",
    "modules",
    "commandstats",
    "latencystats",
    "nosuch",
    "keyspace server",
    "all modules",
    "default modules",
    "default commandstats",
    "nosuch CPU",
    "everything cpu",
]


def sections(wire: Wire, argument: str) -> dict[str, list[str]]:
    """The names of the fields below each header."""
    found: dict[str, list[str]] = {}
    for line in wire.ask("INFO", *argument.split()).text.decode().split("\r\n"):
        if line.startswith("#"):
            found[line] = []
        elif line:
            found[list(found)[-1]].append(line.partition(":")[0])
    return found


@pytest.fixture(scope="module")
def real() -> Iterator[Wire]:
    if not shutil.which(REAL):
        pytest.skip(f"{REAL} is not installed: there is nothing to compare INFO with")
    with Server(real_command()) as server, Wire(server) as wire:
        wire.ask("SET", "a", "1")
        wire.ask("NOSUCH")
        yield wire


@pytest.mark.parametrize("argument", ARGUMENTS)
def test_sections(server: Server, real: Wire, argument: str) -> None:
    with Wire(server) as wire:
        assert list(sections(wire, argument)) == list(sections(real, argument))


def test_fields(server: Server, real: Wire) -> None:
    """A field is left out only if it is named above; where it is not left out it has its place."""
    with Wire(server) as wire:
        wire.ask("SET", "a", "1")
        wire.ask("NOSUCH")
        ours = sections(wire, "")
    for title, fields in sections(real, "").items():
        assert ours[title] == [name for name in fields if name in ours[title] or name not in LEFT_OUT], title


def cycle_ms(wire: Wire) -> int:
    line = next(x for x in wire.text("INFO", "stats").splitlines() if x.startswith("expire_cycle_cpu"))
    return int(line.partition(":")[2])


@pytest.mark.since(3)
def test_time_of_the_expire_cycle(server: Server) -> None:
    """It grows while the cycle removes many keys, and begins anew with CONFIG RESETSTAT."""
    keys = 60000
    with Wire(server) as wire:
        wire.send(b"".join(command("SET", f"k{i}", "v", "PX", 30) for i in range(keys)))
        for _ in range(keys):
            wire.reply()
        ends = time.monotonic() + 20
        while wire.integer("DBSIZE") and time.monotonic() < ends:
            time.sleep(0.02)
        before = cycle_ms(wire)
        wire.ask("CONFIG", "RESETSTAT")
        assert 0 <= cycle_ms(wire) < before
