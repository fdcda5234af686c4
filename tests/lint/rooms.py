"""Which room of a stage may know which: the rules, and the check.

A room is a folder of a stage; the root is main.c and config.c. A file names
what it includes from the stage's root ("net/client.h"), so that its includes
say which rooms it knows.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tools"))
from chain import ROOT, all_stages
from csource import TOKEN, without_comments

# The rooms that each room may include from, beside itself and common/.
MAY_INCLUDE = {
    "net": set(),
    "command": {"net", "store"},
    "store": set(),
    "persist": {"store", "command"},
    "repl": {"net", "persist"},
}
# Headers of the root that every room may include: they know no room themselves.
ROOT_HEADERS = {"config.h", "config_change.h", "process.h"}
# What a room that touches neither sockets nor files must not call.
CALLS = {
    "socket": "socket accept accept4 connect bind listen send sendto sendmsg recv recvfrom recvmsg",
    "file": "open openat creat fopen fdopen freopen tmpfile mkstemp rename unlink fsync",
    "descriptor": "read readv pread write writev pwrite close fcntl ioctl poll select dup dup2",
}
FORBIDDEN_CALLS = {"command": set(CALLS), "store": set(CALLS)}
# Words that a room must not hold at all.
FORBIDDEN_WORDS = {"store": r"\bstruct client\b|\breply_\w+"}

INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.MULTILINE)
STAGE_NUMBER = re.compile(r"\b[Ss]tages? \d|\bstages?/\d|\b(?:19[89]\d|20[0-4]\d)-\d\d\b|\b20[12]\d\b")


def line_of(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def strip_strings(text: str) -> str:
    """Blanks out strings, of text that has no comments any more."""
    return TOKEN.sub(lambda match: " " * len(match.group()), text)


def check_include(room: str, target: str) -> str | None:
    """Why a file of this room ("" is the root) must not include that, or None."""
    known = target.split("/")[0] if "/" in target else ""
    if ".." in target.split("/"):
        return "names no file above it"
    if known == "common":
        return None
    if known == "" and room != "" and target not in ROOT_HEADERS:
        return f"a header of the root, or one without its room's name ({room}/{target}?)"
    if known and known not in MAY_INCLUDE:
        return f"there is no room {known}"
    if room in ("", known) or known == "" or known in MAY_INCLUDE[room]:
        return None
    allowed = ", ".join(sorted(MAY_INCLUDE[room])) or "nothing but itself and common"
    return f"{room}/ may know {allowed}"


def check_text(room: str, name: str, text: str) -> list[str]:
    """Every breach of the rules in one file, as `file:line: what`."""
    found = []
    bare = without_comments(text)
    code = strip_strings(bare)
    for match in INCLUDE.finditer(bare):
        reason = check_include(room, match.group(1))
        if reason:
            line = line_of(bare, match.start(1))
            found.append(f"{name}:{line}: includes {match.group(1)}: {reason}")
    for kind in sorted(FORBIDDEN_CALLS.get(room, ())):
        names = CALLS[kind].replace(" ", "|")
        for match in re.finditer(rf"(?<![\w.>])({names})\s*\(", code):
            line = line_of(code, match.start())
            found.append(f"{name}:{line}: {room}/ uses no {kind}: {match.group(1)}()")
    if room in FORBIDDEN_WORDS:
        for match in re.finditer(FORBIDDEN_WORDS[room], code):
            line = line_of(code, match.start())
            found.append(f"{name}:{line}: {room}/ does not know {match.group()}")
    for match in STAGE_NUMBER.finditer(text):
        line = line_of(text, match.start())
        found.append(f"{name}:{line}: a stage's number or a year: {match.group()!r}")
    return found


def check_common(name: str, text: str) -> list[str]:
    """common/ includes what stands beside it, and nothing of a stage."""
    found = []
    bare = without_comments(text)
    for match in INCLUDE.finditer(bare):
        if "/" in match.group(1).removeprefix("common/"):
            line = line_of(bare, match.start(1))
            found.append(f"{name}:{line}: common/ knows no stage: {match.group(1)}")
    return found


def compile_header(directory: Path, header: Path) -> str | None:
    """Whether a header is complete by itself; the compiler's words if not."""
    compiler = os.environ.get("CC") or "cc"
    flags = ["-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-D_GNU_SOURCE"]
    command = [compiler, *flags, "-I.", f"-I{ROOT}", "-fsyntax-only", "-x", "c", "-"]
    text = f'#include "{header}"\nextern int something;\n'
    done = subprocess.run(
        command, cwd=directory, input=text, capture_output=True, text=True, check=False
    )
    return None if done.returncode == 0 else f"{header} does not compile alone:\n{done.stderr}"


def main() -> int:
    faults: list[str] = []
    headers: list[tuple[Path, Path]] = []
    files = 0
    for stage in all_stages(ROOT):
        for path in sorted(stage.path.rglob("*.[ch]")):
            inside = path.relative_to(stage.path)
            room = inside.parts[0] if len(inside.parts) > 1 else ""
            if room and room not in MAY_INCLUDE:
                faults.append(f"{path.relative_to(ROOT)}: there is no room {room}")
                continue
            faults += check_text(room, str(path.relative_to(ROOT)), path.read_text())
            files += 1
            if path.suffix == ".h":
                headers.append((stage.path, path))
    for path in sorted((ROOT / "common").glob("*.[ch]")):
        faults += check_common(str(path.relative_to(ROOT)), path.read_text())
        files += 1
        if path.suffix == ".h":
            headers.append((path.parent, path))
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        faults += [text for text in pool.map(lambda pair: compile_header(*pair), headers) if text]
    for text in faults:
        print(text, file=sys.stderr)
    print(f"rooms: {files} files, {len(headers)} headers compiled alone, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
