"""Installs what the programs need into build/clients/, and says where it is.

    build/clients/javascript/node_modules   as package-lock.json pins it
    build/clients/node/                     Node from PyPI, where the system's is older than 20 or has no npm
    build/clients/go-redis                  the program in Go, compiled

What is installed already is left alone. Go is used where it is at hand, and nothing installs it: without it the tests
of go-redis are skipped, by name, and with CI set a skip is a failure. go.mod pins the newest go-redis that Debian 12's
Go, 1.19, compiles.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import venv
from pathlib import Path

from harness.stages import ROOT, TESTS

SOURCES = TESTS / "clients"
INSTALLED = ROOT / "build" / "clients"
PACKAGES = INSTALLED / "javascript"
OWN_NODE = INSTALLED / "node"
GO_PROGRAM = INSTALLED / "go-redis"
NODE_AT_LEAST = 20


def run(*words: str | Path, cwd: Path = ROOT) -> None:
    """Runs a program that must succeed. What it says is shown only when it fails."""
    environment = {**os.environ, "PATH": f"{node().parent}:{os.environ['PATH']}"} if words[0] == npm() else None
    done = subprocess.run(
        words, cwd=cwd, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, words))} failed:\n{done.stdout}")


def system_node() -> Path | None:
    """The system's Node, if it is new enough and npm is beside it."""
    found = shutil.which("node")
    if not found or not Path(found).with_name("npm").exists():
        return None
    version = subprocess.run([found, "--version"], capture_output=True, text=True, check=False).stdout
    number = re.match(r"v(\d+)", version)
    return Path(found) if number and int(number[1]) >= NODE_AT_LEAST else None


def node() -> Path:
    """The Node that runs the programs."""
    return system_node() or OWN_NODE / "bin" / "node"


def npm() -> Path:
    return node().with_name("npm")


def up_to_date(stamp: Path, sources: list[Path]) -> bool:
    """Whether the stamp was written for these sources as they are now."""
    return stamp.exists() and stamp.read_bytes() == b"".join(path.read_bytes() for path in sources)


def write_stamp(stamp: Path, sources: list[Path]) -> None:
    stamp.write_bytes(b"".join(path.read_bytes() for path in sources))


def install_node() -> None:
    if system_node():
        return
    sources, stamp = [SOURCES / "requirements.txt"], OWN_NODE / "installed"
    if not up_to_date(stamp, sources):
        try:
            venv.create(OWN_NODE, with_pip=True, clear=True)
        except subprocess.CalledProcessError:
            sys.exit("Node 20 or newer with npm is needed, or what makes a venv (Debian: apt install python3-venv)")
        run(OWN_NODE / "bin" / "python", "-m", "pip", "install", "-q", "-r", sources[0])
        write_stamp(stamp, sources)


def install_packages(pinned: Path, to: Path) -> None:
    """What the package-lock.json of a folder pins."""
    sources = [pinned / name for name in ("package.json", "package-lock.json")]
    stamp = to / "installed"
    if not up_to_date(stamp, sources):
        to.mkdir(parents=True, exist_ok=True)
        for path in sources:
            shutil.copy(path, to)
        run(npm(), "ci", "--no-audit", "--no-fund", "--ignore-scripts", cwd=to)
        write_stamp(stamp, sources)


def compile_go() -> bool:
    """False where there is no Go. Its own cache knows what need not be compiled again."""
    if not shutil.which("go"):
        return False
    run("go", "build", "-o", GO_PROGRAM, ".", cwd=SOURCES / "go")
    return True


def install() -> None:
    INSTALLED.mkdir(parents=True, exist_ok=True)
    install_node()
    install_packages(SOURCES / "javascript", PACKAGES)
    print(f"JavaScript: {node()}, {PACKAGES.relative_to(ROOT)}")
    print(f"Go: {GO_PROGRAM.relative_to(ROOT) if compile_go() else 'not installed, so go-redis is left out'}")


if __name__ == "__main__":
    install()
