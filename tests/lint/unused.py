"""The gate of the unused: a lesson holds no function that nothing calls, and no column that nothing reads.

Each stage is built as the lesson alone (CORE=1), without optimisation and with
a section for every function, and the linker prints the sections that main does
not reach. What it prints must be a registration: a function that takes a
function or rows, and whose first user is a file of stages/more/ or of
tests/observe/. REGISTRATIONS lists them. With --list it prints what was found.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tools"))
from chain import ROOT, Stage, all_stages, c_files, run_tool
from csource import COMMAND_TABLE, without_comments

# Each with the files that call it; one of them must be built into the stage.
REGISTRATIONS: dict[str, tuple[str, ...]] = {
    "dispatch_check": ("stages/more/00-resp/more.c",),
    "client_on_create": ("stages/more/01-event-loop/net/extension.c",),
    "connection_on_executed": ("stages/more/01-event-loop/more.c",),
    "client_reserve": ("stages/more/01-event-loop/net/extension.c",),
    "server_check_connection": ("stages/more/01-event-loop/more.c",),
    "server_listen_with": ("stages/more/01-event-loop/more.c",),
    "call_observe": ("stages/more/02-keyspace/command/stats.c",),
    "connection_on_input": ("stages/more/02-keyspace/more.c",),
    "dispatch_on_rejected": ("stages/more/02-keyspace/command/stats.c",),
    "propagate_to": ("tests/observe/observe.c",),
    "reply_on_error": ("stages/more/02-keyspace/command/stats.c",),
    "traffic_observe": ("stages/more/02-keyspace/net/traffic_stats.c",),
    "expire_on_report": ("stages/more/03-expiry-eviction/command/report.c",),
    "waiting_on_end": ("stages/more/08-blocking-pubsub/more.c",),
    "keyspace_allow_removal": ("stages/more/03-expiry-eviction/command/removal.c",),
    "snapshot_on_end": ("stages/more/10-rdb/persist/report.c",),
}
MOST = 15  # in one stage
ERRORS_SHOWN = 10  # lines, of a lesson that does not build

BUILD = "build-unused"
REMOVED = re.compile(r"unused section '\.text\.([^']+)' in file '([^']+)'")
NOT_OWN = ("common/", "more/", "tests/", "core.o")
STRUCT = re.compile(r"^struct command \{\n(.*?)^\};", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Unused:
    """A function of a lesson that its main does not reach."""

    file: str
    name: str


class NotBuilt(Exception):
    """A lesson does not build alone; the message holds the first errors."""


def link(root: Path, stage: Stage) -> str:
    """Builds the lesson alone; what the linker says."""
    program = root / BUILD / stage.name / "server"
    program.unlink(missing_ok=True)  # it says nothing when it does not link
    command = ["make", "-s", "-C", str(stage.path), f"-j{os.cpu_count() or 1}", "CORE=1"]
    command += [f"BUILD=../../{BUILD}", "CFLAGS=-O0 -ffunction-sections"]
    command += ["LDFLAGS=-Wl,--gc-sections -Wl,--print-gc-sections"]
    inherited = {k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL")}
    done = subprocess.run(
        command, cwd=root, env=inherited | {"LC_ALL": "C"}, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        lines = [line for line in done.stderr.splitlines() if "removing unused section" not in line]
        what = f"stages/{stage.name} does not build alone (make CORE=1 STAGE={stage.number}):"
        raise NotBuilt("\n  ".join([what, *lines[:ERRORS_SHOWN]]))
    return done.stderr


def parse(said: str, stage: Stage) -> list[Unused]:
    """The lesson's own functions among what the linker left out, in the order of their files."""
    found = set()
    for name, path in REMOVED.findall(said):
        inside = path.rpartition(f"{BUILD}/{stage.name}/")[2]
        if not inside.startswith(NOT_OWN):
            found.add(Unused(inside.removesuffix(".o") + ".c", name))
    return sorted(found, key=lambda one: (one.file, one.name))


def is_built_in(user: str, stage: Stage) -> bool:
    """Whether a file is built into a stage, or into its test build."""
    match = re.match(r"stages/more/(\d\d)-", user)
    return match is not None and match.group(1) <= stage.number or user.startswith("tests/observe/")


def names(root: Path, user: str, function: str) -> bool:
    path = root / user
    return path.is_file() and re.search(rf"\b{function}\b", without_comments(path.read_text())) is not None


def check_unused(
    root: Path, stage: Stage, found: list[Unused], known: Mapping[str, tuple[str, ...]]
) -> list[str]:
    """What is wrong with the functions that a lesson does not use."""
    faults = []
    for one in found:
        where = f"stages/{stage.name}/{one.file}: {one.name}"
        if one.name not in known:
            faults.append(f"{where}: nothing in the lesson calls it, and it is no registration")
        elif not any(is_built_in(user, stage) for user in known[one.name]):
            faults.append(f"{where}: born before its first user, {' or '.join(known[one.name])}")
    if len(found) > MOST:
        faults.append(f"stages/{stage.name}: {len(found)} functions that only others call, at most {MOST}")
    return faults


def check_list(root: Path, seen: set[str], known: Mapping[str, tuple[str, ...]]) -> list[str]:
    """What is wrong with the list itself."""
    faults = []
    for function, users in known.items():
        if function not in seen:
            faults.append(f"REGISTRATIONS: {function}: every lesson that has it calls it")
        for user in users:
            if not user.startswith(("stages/more/", "tests/observe/")):
                faults.append(f"REGISTRATIONS: {function}: {user} is no file of stages/more/ or tests/observe/")
            elif not names(root, user, function):
                faults.append(f"REGISTRATIONS: {function}: {user} does not name it")
    return faults


def columns(header: str) -> list[str]:
    """The fields of struct command."""
    match = STRUCT.search(header)
    found: list[str] = []
    for declaration in without_comments(match.group(1)).split(";") if match else []:
        if pointer := re.search(r"\(\s*\*\s*(\w+)\s*\)", declaration):
            found.append(pointer.group(1))
        else:
            found += [m.group(1) for part in declaration.split(",") if (m := re.search(r"(\w+)\s*(?:\[.*\])?\s*$", part))]
    return found


def check_columns(stage: Stage) -> list[str]:
    """Columns of the command table that nothing in the lesson reads."""
    header = stage.path / "command" / "command.h"
    if not header.is_file():
        return []
    texts = (without_comments(path.read_text()) for path in c_files(stage.path))
    code = "".join(COMMAND_TABLE.sub("", text) for text in texts)
    return [
        f"stages/{stage.name}/command/command.h: struct command: nothing in the lesson reads .{name}"
        for name in columns(header.read_text())
        if not re.search(rf"(?:->|\.)\s*{name}\b(?!\s*=[^=])", code)
    ]


def check(root: Path, known: Mapping[str, tuple[str, ...]], show: bool) -> list[str]:
    """Every fault of every stage, and of the list."""
    faults: list[str] = []
    seen: set[str] = set()
    for stage in all_stages(root):
        faults += check_columns(stage)
        try:
            found = parse(link(root, stage), stage)
        except NotBuilt as error:
            faults.append(str(error))
            continue
        seen |= {one.name for one in found}
        faults += check_unused(root, stage, found, known)
        for one in found if show else []:
            users = ", ".join(known.get(one.name, ("no registration",)))
            print(f"{stage.name:18}  {one.file:26}  {one.name:28}  {users}")
        print(f"{stage.name}: {len(found)} functions of the lesson that only others call (at most {MOST})")
    return faults + check_list(root, seen, known)


def main() -> int:
    parser = argparse.ArgumentParser(description="What a lesson holds and does not use.")
    parser.add_argument("--list", action="store_true", help="print every function that was found, and its users")
    parser.add_argument("--root", type=Path, default=ROOT)
    arguments = parser.parse_args()
    if sys.platform == "darwin":
        print("unused: the linker of this system prints no sections, so nothing was checked")
        return 0
    faults = check(arguments.root.resolve(), REGISTRATIONS, arguments.list)
    sys.stdout.flush()
    for text in faults:
        print(text, file=sys.stderr)
    print(f"unused: {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    run_tool(main, cut_short=1)
