"""HELP lists the real server's subcommands with their arguments, and ends as it does; what they do it says in other words."""

from __future__ import annotations

import shutil

import pytest

from harness.server import REAL, Server, real_command
from harness.wire import Wire

pytestmark = [pytest.mark.since(2), pytest.mark.more]

# Client-side caching, modules, cluster and the like are not in this course; nor is what only tests of Redis itself use.
NEVER = {
    "ACL": {"CAT", "DRYRUN", "LOAD", "LOG", "SAVE"},
    "CLIENT": {"CACHING", "GETREDIR", "TRACKING", "TRACKINGINFO"},
    "COMMAND": {"(no"},
    "MEMORY": {"DOCTOR", "MALLOC-STATS", "PURGE", "STATS"},
    "DEBUG": {
        *("AOF-FLUSH-SLEEP", "ASSERT", "CLIENT-EVICTION", "CLUSTERLINK", "CONFIG-REWRITE-FORCE-ALL"),
        *("CRASH-AND-RECOVER", "DROP-CLUSTER-PACKET-FILTER", "HTSTATS", "HTSTATS-KEY", "LEAK", "MALLCTL"),
        *("MALLCTL-STR", "OOM", "PANIC", "PAUSE-CRON", "REPLICATE", "REPLYBUFFER", "RESTART", "SDSLEN", "SEGFAULT"),
        *("STRINGMATCH-TEST", "STRUCTSIZE"),
    },
}
# What a later stage brings.
NOT_YET = {
    "CLIENT": {"UNBLOCK"},
    "OBJECT": {"FREQ", "IDLETIME"},
    "DEBUG": {
        *("CHANGE-REPL-ID", "LISTPACK", "LOADAOF", "QUICKLIST", "QUICKLIST-PACKED-THRESHOLD", "RELOAD"),
        *("SET-ACTIVE-EXPIRE", "SET-SKIP-CHECKSUM-VALIDATION"),
    },
}
# Where ours are other lines: KILL has one of its own for each of its two forms.
OTHER_ARGUMENTS = {("CLIENT", "KILL")}


def help_lines(wire: Wire, container: str) -> list[str]:
    return [line.text.decode() for line in wire.ask(container, "HELP").items]


def subcommands(lines: list[str]) -> dict[str, str]:
    """Each subcommand of a help, with its arguments."""
    heads = [line.partition(" ") for line in lines[1:] if not line.startswith(" ")]
    return {name: arguments for name, _, arguments in heads}


def check_help(server: Server, container: str) -> None:
    if not shutil.which(REAL):
        pytest.skip(f"{REAL} is not installed: there is nothing to compare HELP with")
    with Server(real_command()) as real, Wire(real) as wire:
        real_lines = help_lines(wire, container)
    with Wire(server) as wire:
        lines = help_lines(wire, container)
    assert lines[0] == real_lines[0]
    assert lines[-2:] == real_lines[-2:]
    assert lines[2].startswith("    ")
    ours, theirs = subcommands(lines), subcommands(real_lines)
    missing = set(theirs) - set(ours)
    assert missing <= NEVER.get(container, set()) | NOT_YET.get(container, set())
    for name, arguments in ours.items():
        assert (container, name) in OTHER_ARGUMENTS or arguments == theirs[name], name


@pytest.mark.parametrize("container", ["ACL", "CLIENT", "COMMAND", "CONFIG", "DEBUG", "OBJECT"])
def test_help(server: Server, container: str) -> None:
    check_help(server, container)


@pytest.mark.since(3)
def test_help_of_memory(server: Server) -> None:
    check_help(server, "MEMORY")
