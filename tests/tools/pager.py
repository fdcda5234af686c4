"""Text on a terminal, as git shows a diff: in colour, and in the pager if it does not fit."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable

COLOURS = {"--- ": "1", "+++ ": "1", "@@": "36", "-": "31", "+": "32"}


def painted(line: str) -> str:
    """A line of a diff in its colour."""
    colour = next((code for prefix, code in COLOURS.items() if line.startswith(prefix)), "")
    return f"\033[{colour}m{line}\033[m" if colour else line


def show(text: str, paint: Callable[[str], str] | None = None) -> None:
    """Prints the text; on a terminal each line as `paint` has it, and in the pager."""
    pager = os.environ.get("GIT_PAGER") or os.environ.get("PAGER") or "less"
    if not sys.stdout.isatty():
        write(text)
        return
    if paint:
        text = "".join(f"{paint(line)}\n" for line in text.splitlines())
    if not shutil.which(pager.split()[0]):
        print(text, end="")
        return
    environment = {"LESS": "FRX", **os.environ}
    subprocess.run(pager, shell=True, input=text, text=True, env=environment, check=False)


def write(text: str) -> None:
    """Writes to what is no terminal; a reader that has seen enough (head) is no error."""
    try:
        sys.stdout.buffer.write(text.encode())
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
