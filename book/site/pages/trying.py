"""The stages that answer in the site's pages: book/console/ compiles them, try.js talks to them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from chain import ROOT
from pages.course import BOOK, SITE

MODULES = ROOT / "build" / "console"
PARTS = (
    *(BOOK / "console" / f"{name}.js" for name in ("disk", "system", "stage", "annotate")),
    *(SITE / "static" / f"{name}.js" for name in ("notation", "inside")),
)
PLAIN = re.compile(r"redis-cli( -p \d+)? [^|;&<>$`()]+(>\s*\S+)?|for \w+ in [\w ]+; do redis-cli [^|;&<>`()]+(>\s*\S+)?; done")
ELSEWHERE = re.compile(r"\b(nc|redis-benchmark|python3|printf)\b|redis-cli(?! CONFIG GET dir| -p \d+ ROLE)")


def folder(html: Path) -> Path:
    return html / "_static" / "console"


def offers(html: Path, number: str) -> bool:
    """Whether this stage answers on the site."""
    return (folder(html) / f"{number}.js").is_file()


def is_playable(transcript: str) -> bool:
    """Whether all that a transcript of a shell asks of a server is asked by redis-cli, and by nothing else."""
    said = re.sub(r"\\\n> ", "", transcript).splitlines()
    commands = [line[2:].strip() for line in said if line.startswith("$ ")]
    plain = [line for line in commands if PLAIN.fullmatch(line)]
    return bool(plain) and not any(ELSEWHERE.search(line) for line in commands if line not in plain)


def build(html: Path) -> str:
    """Compiles the stages and lays them on the site; what became of that. Without them pages are as they are without JavaScript."""
    place = folder(html)
    quiet = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL")}
    command = ["make", "-s", f"-j{os.cpu_count() or 1}", "-C", str(BOOK / "console")]
    done = subprocess.run(command, capture_output=True, text=True, env=quiet, check=False)
    shutil.rmtree(place, ignore_errors=True)
    if done.returncode != 0:
        why = done.stderr.strip() or "make console failed"
        if os.environ.get("CI") == "true":
            sys.exit(f"error: the stages could not be compiled for the page:\n{why}")
        return f"no stage can be tried in the pages. {why.splitlines()[0]}"
    place.mkdir(parents=True)
    modules = sorted(MODULES.glob("[0-9][0-9]*.js"))
    for path in [*PARTS, *modules]:
        shutil.copyfile(path, place / path.name)
    return f"{len(modules)} builds of stages to try in the pages"
