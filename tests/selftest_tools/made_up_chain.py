"""Made-up chains of stages for the tests of the tools."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

TOOLS = Path(__file__).resolve().parents[1] / "tools"

ENVIRONMENT = {
    **{k: v for k, v in os.environ.items() if not k.startswith("GIT_")},
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "test",
    "GIT_AUTHOR_EMAIL": "test@localhost",
    "GIT_COMMITTER_NAME": "test",
    "GIT_COMMITTER_EMAIL": "test@localhost",
}


class Chain:
    """A repository with stages/, whose files are written and read by short names."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.git("init", "-q", "-b", "main")

    def git(self, *arguments: str) -> str:
        done = subprocess.run(
            ["git", *arguments], cwd=self.root, env=ENVIRONMENT,
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        return done.stdout.strip()

    def commit(self) -> str:
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "a step")
        return self.git("rev-parse", "HEAD")

    def path(self, name: str) -> Path:
        return self.root / "stages" / name

    def write(self, name: str, *lines: str) -> None:
        self.path(name).parent.mkdir(parents=True, exist_ok=True)
        self.path(name).write_text("".join(line + "\n" for line in lines))

    def lines(self, name: str) -> list[str]:
        return self.path(name).read_text().splitlines()

    def change(self, name: str, old: str, new: str) -> None:
        text = self.path(name).read_text()
        assert old in text
        self.path(name).write_text(text.replace(old, new))

    def tool(self, name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, str(TOOLS / name), "--root", str(self.root), *arguments]
        return subprocess.run(
            command, env=ENVIRONMENT, capture_output=True, text=True, check=False, timeout=60
        )


@pytest.fixture
def chain(tmp_path: Path) -> Chain:
    """Three committed stages; each adds a line to the file of the one before."""
    made = Chain(tmp_path)
    lines = [f"line {i}" for i in range(1, 12)]
    made.write("00-zero/net/loop.c", *lines)
    made.write("01-one/net/loop.c", *lines, "added by one")
    made.write("02-two/net/loop.c", *lines, "added by one", "added by two")
    for stage in ("00-zero", "01-one", "02-two"):
        made.write(f"{stage}/main.c", "int main(void)", "{", "    return 0;", "}")
    made.commit()
    return made
