"""Which layer of a stage may know which: the rules, and the check.

A layer is a folder of a stage; the root is main.c and what starts with it. A
file names what it includes from the stage's root ("net/client.h"), so that its
includes say which layers it knows. A folder of stages/more/ has the same layers
inside and may include the lesson's headers, and those of stages/more/ whose
number is not above its own ("more/02-keyspace/command/acl.h"). Of a lesson,
more.c alone names more/.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from fnmatch import fnmatch
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tools"))
from chain import ROOT, Stage, all_stages, c_files, fail, more_folders, run_tool
from circles import circles_of
from csource import TOKEN, without_comments

# The layers that each layer may include from, beside itself and common/.
MAY_INCLUDE = {
    "net": set(),
    "command": {"net", "store"},
    "store": set(),
    "persist": {"store", "command", "net"},
    "repl": {"persist", "command", "store", "net"},
}
# Headers of the root that every layer may include: they know no layer themselves.
ROOT_HEADERS = {"config.h", "config_change.h", "process.h"}
# What a layer that touches neither sockets nor files must not call.
CALLS = {
    "socket": "socket accept accept4 connect bind listen send sendto sendmsg recv recvfrom recvmsg",
    "file": "open openat creat fopen fdopen freopen tmpfile mkstemp rename unlink fsync",
    "descriptor": "read readv pread write writev pwrite close fcntl ioctl poll select dup dup2",
}
FORBIDDEN_CALLS = {"command": set(CALLS), "store": set(CALLS)}
# Words that a layer must not hold at all.
FORBIDDEN_WORDS = {"store": r"\bstruct client\b|\breply_\w+"}
# Functions that a lesson's header may define, because they are on a hot path:
# "name" by "layer/file.h".
INLINE_ALLOWED: dict[str, set[str]] = {}
# What common/ holds: names of files without their endings, by what they are for.
COMMON = {
    "allocation": "zmalloc",
    "bytes": "buffer slice quote glob choice",
    "numbers": "numbers random",
    "logging and time": "log clock",
    "hashes, checksums and compression": "siphash sha1 sha256 crc* lzf",
    "configuration": "config config_*",
    "process care": "process",
    "socket addresses": "socket *address*",
    "the backends that are not read": "event_*",
    "lists of callbacks": "hooks",
    "the version": "version",
}
ERRORS_SHOWN = 8  # lines, of a header that does not compile alone
# Whether a circle of includes is a fault, or is only reported.
CIRCLES_FAIL = True

MORE_PATH = re.compile(r"more/(\d\d)-[^/]+/(?:([^/]+)/)?[^/]+")
NAMES_MORE = re.compile(r"\bmore/")
INLINE = re.compile(r"^(?:static\s+inline|inline\s+static)\b[^;{(]*?(\w+)\s*\(", re.MULTILINE)
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.MULTILINE)
STAGE_NUMBER = re.compile(r"\b[Ss]tages? \d|\bstages?/\d|\b(?:19[89]\d|20[0-4]\d)-\d\d\b|\b20[12]\d\b")
# That of Redis, but not the one in which a command came, or went: COMMAND DOCS tells it.
VERSION = re.compile(r'\bRedis \d+\.\d+|(?<!since = )"\d+\.\d+\.\d+"')


def line_of(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def strip_strings(text: str) -> str:
    """Blanks out strings, of text that has no comments any more."""
    return TOKEN.sub(lambda match: " " * len(match.group()), text)


def check_include(layer: str, target: str, more: str = "") -> str | None:
    """Why a file of this layer ("" is the root) must not include that, or None.
    `more` is the number of the folder of stages/more/ that the file stands in."""
    known = target.split("/")[0] if "/" in target else ""
    if ".." in target.split("/"):
        return "names no file above it"
    if known == "common":
        return None
    if known == "more":
        return check_more(layer, target, more)
    if known == "" and layer != "" and target not in ROOT_HEADERS:
        return f"a header of the root, or one without its layer's name ({layer}/{target}?)"
    if known and known not in MAY_INCLUDE:
        return f"there is no layer {known}"
    return check_direction(layer, known)


def check_more(layer: str, target: str, more: str) -> str | None:
    """Why a file must not include a header of stages/more/, or None."""
    if not more:
        return "a stage includes more/more.h alone, in its more.c"
    if target == "more/more.h":
        return None if layer == "" else "for the root of a folder of more/ only"
    match = MORE_PATH.fullmatch(target)
    if not match:
        return "of more/, only more/NN-name/layer/file.h can be included"
    number, known = match.group(1), match.group(2) or ""
    if number > more:
        return f"comes later than more/{more}"
    if known and known not in MAY_INCLUDE:
        return f"there is no layer {known}"
    if known == "" and layer != "":
        return f"a header of the root, which {layer}/ does not know"
    return check_direction(layer, known)


def check_direction(layer: str, known: str) -> str | None:
    if layer in ("", known) or known == "" or known in MAY_INCLUDE[layer]:
        return None
    allowed = ", ".join(sorted(MAY_INCLUDE[layer])) or "nothing but itself and common"
    return f"{layer}/ may know {allowed}"


def check_text(layer: str, name: str, text: str, more: str = "") -> list[str]:
    """Every breach of the rules in one file, as `file:line: what`."""
    found = []
    bare = without_comments(text)
    code = strip_strings(bare)
    may_name_more = bool(more) or layer == "" and Path(name).name == "more.c"
    for match in INCLUDE.finditer(bare):
        target = match.group(1)
        reason = check_include(layer, target, more)
        if target == "more/more.h" and may_name_more and layer == "":
            reason = None
        if reason:
            found.append(f"{name}:{line_of(bare, match.start(1))}: includes {target}: {reason}")
    if not may_name_more:
        includes = [match.span() for match in INCLUDE.finditer(bare)]
        for match in NAMES_MORE.finditer(text):
            if not any(first <= match.start() < end for first, end in includes):
                found.append(f"{name}:{line_of(text, match.start())}: names more/, which more.c alone may")
    for kind in sorted(FORBIDDEN_CALLS.get(layer, ())):
        names = CALLS[kind].replace(" ", "|")
        for match in re.finditer(rf"(?<![\w.>])({names})\s*\(", code):
            line = line_of(code, match.start())
            found.append(f"{name}:{line}: {layer}/ uses no {kind}: {match.group(1)}()")
    if layer in FORBIDDEN_WORDS:
        for match in re.finditer(FORBIDDEN_WORDS[layer], code):
            line = line_of(code, match.start())
            found.append(f"{name}:{line}: {layer}/ does not know {match.group()}")
    for match in STAGE_NUMBER.finditer(text):
        line = line_of(text, match.start())
        found.append(f"{name}:{line}: a stage's number or a year: {match.group()!r}")
    for match in VERSION.finditer(text):
        found.append(f"{name}:{line_of(text, match.start())}: a version: {match.group()}")
    return found


def check_inline(inside: str, name: str, text: str) -> list[str]:
    """Functions that a lesson's header defines without need."""
    bare = without_comments(text)
    allowed = INLINE_ALLOWED.get(inside, set())
    return [
        f"{name}:{line_of(bare, match.start())}: static inline {match.group(1)}: no hot path that "
        "INLINE_ALLOWED names"
        for match in INLINE.finditer(bare)
        if match.group(1) not in allowed
    ]


def check_belongs(name: str) -> list[str]:
    """common/ is no place for a lesson that became too long."""
    patterns = [pattern for names in COMMON.values() for pattern in names.split()]
    if any(fnmatch(Path(name).stem, pattern) for pattern in patterns):
        return []
    return [f"{name}: common/ holds {', '.join(COMMON)}; COMMON in tests/lint/layers.py names the files"]


def check_common(name: str, text: str) -> list[str]:
    """common/ includes what stands beside it, and nothing of a stage."""
    found = []
    bare = without_comments(text)
    for match in INCLUDE.finditer(bare):
        if "/" in match.group(1).removeprefix("common/"):
            line = line_of(bare, match.start(1))
            found.append(f"{name}:{line}: common/ knows no stage: {match.group(1)}")
    return found


def compile_header(root: Path, directory: Path, header: Path) -> str | None:
    """Whether a header is complete by itself in a stage's directory; the compiler's words if not."""
    compiler = os.environ.get("CC") or "cc"
    flags = ["-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-D_GNU_SOURCE"]
    command = [compiler, *flags, "-I.", f"-I{root}", f"-I{root / 'stages'}", "-fsyntax-only", "-x", "c", "-"]
    text = f'#include "{header}"\nextern int something;\n'
    done = subprocess.run(
        command, cwd=directory, input=text, capture_output=True, text=True, check=False
    )
    if done.returncode == 0:
        return None
    lines = done.stderr.splitlines()[:ERRORS_SHOWN]
    return "\n  ".join([f"{header.relative_to(root)} does not compile alone in {directory.name}:", *lines])


class Check:
    """What is found in a repository."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.stages = all_stages(root)
        self.faults: list[str] = []
        self.headers: list[tuple[Path, Path]] = []  # each with the directory to compile it in
        self.files = 0

    def run(self) -> None:
        for stage in self.stages:
            self.folder(stage)
        for folder in more_folders(self.root):
            self.folder(folder, more=folder.number)
        self.common()
        with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
            said = pool.map(lambda pair: compile_header(self.root, *pair), self.headers)
            self.faults += [text for text in said if text]

    def folder(self, folder: Stage, more: str = "") -> None:
        """A stage, or a folder of stages/more/."""
        for path in c_files(folder.path):
            inside = path.relative_to(folder.path)
            name = str(path.relative_to(self.root))
            layer = inside.parts[0] if len(inside.parts) > 1 else ""
            if layer and layer not in MAY_INCLUDE:
                self.faults.append(f"{name}: there is no layer {layer}")
                continue
            if len(inside.parts) > 2:
                self.faults.append(f"{name}: a layer has no folders, and stage.mk compiles none")
                continue
            text = path.read_text()
            self.faults += check_text(layer, name, text, more)
            self.files += 1
            if path.suffix == ".h":
                self.faults += [] if more else check_inline(str(inside), name, text)
                self.headers += [(directory, path) for directory in self.directories(folder, more)]

    def directories(self, folder: Stage, more: str) -> Iterator[Path]:
        """Where a header has to compile: in its stage; one of more/ also in the last."""
        if not more:
            yield folder.path
            return
        own = [stage for stage in self.stages if stage.number == more]
        if not own:
            self.faults.append(f"stages/more/{folder.name}: there is no stage {more}")
        yield from dict.fromkeys(stage.path for stage in [*own, self.stages[-1]])

    def common(self) -> None:
        for path in sorted((self.root / "common").glob("*.[ch]")):
            name = str(path.relative_to(self.root))
            self.faults += check_common(name, path.read_text()) + check_belongs(name)
            self.files += 1
            if path.suffix == ".h":
                self.headers.append((path.parent, path))

    def circles(self) -> list[str]:
        """Every circle of includes, in the first stage that has it."""
        found: dict[str, str] = {}
        for stage in self.stages:
            for circle in circles_of(self.root, stage):
                found.setdefault(circle, stage.name)
        return [f"{name}: a circle: {circle}" for circle, name in found.items()]


def main() -> int:
    parser = argparse.ArgumentParser(description="Which layer of a stage knows which.")
    parser.add_argument("--root", type=Path, default=ROOT)
    root = parser.parse_args().root.resolve()
    check = Check(root)
    if not check.stages:
        fail(f"{root} has no stages")
    check.run()
    circles = check.circles()
    faults = check.faults + (circles if CIRCLES_FAIL else [])
    for text in [] if CIRCLES_FAIL else circles:
        print(text)
    sys.stdout.flush()
    for text in faults:
        print(text, file=sys.stderr)
    print(
        f"layers: {check.files} files, {len(check.headers)} headers compiled alone, "
        f"{len(circles)} circles, {len(faults)} faults"
    )
    return 1 if faults else 0


if __name__ == "__main__":
    run_tool(main, cut_short=1)
