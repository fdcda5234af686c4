"""A disk of its own for a server, so that it can be full."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from .server import Server, ServerCommand


def in_a_small_disk(command: ServerCommand, megabytes: int) -> ServerCommand:
    """The command, with a disk of that size for its directory: one that no other process sees, and that is gone with it."""
    alone = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--map-root-user", "--mount"]
    tried = shutil.which("unshare") and subprocess.run([*alone, "mount", "-t", "tmpfs", "tmpfs", "/mnt"], check=False).returncode
    if tried != 0:
        pytest.skip("a disk can't be mounted here: run as root, or allow user namespaces")
    mount = f'mount -t tmpfs -o size={megabytes}m tmpfs "$1" && shift && exec "$@"'
    return replace(command, words=(*alone, "sh", "-c", mount, "sh", "{dir}", *command.words))


def disk_of(server: Server) -> Path:
    """Where that disk is seen from outside."""
    return Path(f"/proc/{server.pid}/root{server.dir}")
