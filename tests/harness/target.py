"""What `check`, `board` and `hint` are about: a learner's workspace, a stage, or any server."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from .chapter import step_of
from .scenario import Scenario
from .server import ServerCommand, program_words, server_command, stage_command, template_command
from .stages import ROOT, Stage, all_stages, core_build, find_stage
from .suite import load
from .workspace import SETTINGS, Workspace, find_workspace, newest_workspace
from .workspace import words as command_words

WORK = ROOT / "work"


@dataclass
class Target:
    """A server, and the stage up to which it is meant to go."""

    command: ServerCommand
    stage: Stage | None = None  # None: as far as there are scenarios
    workspace: Workspace | None = None

    @property
    def core(self) -> bool:
        """Whether only the lesson is meant: a CORE build, as a workspace is without MORE=1."""
        return core_build() or builds_core(self.workspace)

    def scenarios(self, only: Iterable[str] = ()) -> list[Scenario]:
        """The scenarios up to its stage, in their order: stage by stage, core ones first.

        With CORE=1, and in a workspace without MORE=1, only the core ones.
        """
        chosen = self.of_every_level(only)
        if self.core:
            chosen = [s for s in chosen if s.level == "core"]
            if not chosen:
                why = "CORE=1 leaves out those of level more" if core_build() else "those of level more need MORE=1"
                raise SystemExit(f"no core scenario was found, and {why}")
        return chosen

    def of_every_level(self, only: Iterable[str] = ()) -> list[Scenario]:
        """The scenarios up to its stage, whatever the build."""
        upto = self.stage.number if self.stage else None
        return sorted((s for s in load(upto, only) if upto is None or s.first_stage <= upto), key=in_order)

    def left_out(self, only: Iterable[str] = ()) -> str:
        """A sentence about the scenarios that CORE=1 leaves out; empty where it leaves out none."""
        count = len(self.of_every_level(only)) - len(self.scenarios(only))
        if not count:
            return ""
        if builds_core(self.workspace) and not core_build():
            return f"{count} scenarios of level more need the rest of Redis: make check MORE=1 compiles it on top.\n"
        return f"{count} scenarios of level more were left out, since CORE=1 is about the lesson alone.\n"


def builds_core(workspace: Workspace | None) -> bool:
    """Whether a workspace is built here, and without stages/more/."""
    return bool(workspace and not workspace.server and not os.environ.get("MORE"))


def in_order(scenario: Scenario) -> tuple[int, bool, str]:
    """How scenarios are played."""
    return scenario.stage, scenario.level != "core", scenario.path.name


def urgency(scenario: Scenario) -> tuple[bool, int, int, str]:
    """Which of those that fail is the next: a core one before the rest, and in the order of the chapter's steps."""
    return scenario.level != "core", scenario.stage, step_of(scenario) or sys.maxsize, scenario.path.name


def choose(stage: str | None, server: str | None) -> Target:
    """The server that is named; else the workspace (of a stage, or the newest); else a stage."""
    found = find_stage(stage) if stage else None
    if server:
        command = server_command(server)
        return Target(replace(command, stage=found) if found and command.spec else command, found or command.stage)
    if workspace := chosen_workspace(stage):
        found = find_stage(workspace.stage)
        return Target(workspace_command(workspace, found), found, workspace)
    found = found or all_stages()[-1]
    if not found.binary.exists():
        raise SystemExit(f"{found.binary} is missing: make STAGE={found.number:02}")
    return Target(stage_command(found), found)


def chosen_workspace(stage: str | None) -> Workspace | None:
    """The workspace of a stage, or the newest."""
    return find_workspace(WORK, find_stage(stage).name) if stage else newest_workspace(WORK)


def workspace_command(workspace: Workspace, stage: Stage) -> ServerCommand:
    """How a workspace's server is started."""
    core = core_build() or builds_core(workspace)
    words = program_words(workspace.binary, 0 if core else parameters_of(workspace, stage), core)
    if workspace.server:
        own = (own_path(workspace, word) for word in words_of(workspace))
        words = template_command(shlex.join(own)).words
    return ServerCommand(workspace.label, words, stage, core=core)


def parameters_of(workspace: Workspace, stage: Stage) -> int:
    """The stage whose parameters a whole build has: the one before, until the workspace's more.c names the stage's own."""
    own = workspace.path / "more.c"
    if not own.exists():
        return stage.number
    named, wanted = (set(re.findall(r"\bmore_\w+\(", path.read_text(encoding="utf-8"))) for path in (own, stage.source / "more.c"))
    return stage.number if wanted <= named else stage.number - 1


def words_of(workspace: Workspace) -> list[str]:
    return command_words(workspace.server, f"{workspace.label}/{SETTINGS}")


def own_path(workspace: Workspace, word: str) -> str:
    """A file of the workspace may be named as if one stood in it."""
    path = workspace.path / word
    return str(path.resolve()) if path.is_file() else word


def missing_file(workspace: Workspace) -> str:
    """The first file that the server's command names and that is not there; "" if there is none."""
    for word in words_of(workspace):
        looks_like_one = re.fullmatch(r"(\./)?[\w/-]*\w\.[a-z]+|\./[\w./-]+", word)
        if looks_like_one and not (workspace.path / word).exists() and not Path(word).exists():
            return word
    return ""


def nothing_yet(workspace: Workspace) -> str:
    """Why there is nothing to start, in a workspace where nobody has written anything; else ""."""
    if not workspace.server and not any(workspace.path.rglob("*.c")):
        return f"{workspace.label} has no C source yet: there is nothing to build. It begins with a main.c."
    if not (workspace.path / "Makefile").exists() and (missing := missing_file(workspace)):
        return f"{workspace.label} has no {missing} yet; `{workspace.server}` is how its server is started."
    return ""


def prepare(target: Target) -> bool:
    """Builds a workspace, by its Makefile if it has one. False after saying why nothing can be started."""
    workspace = target.workspace
    if not workspace:
        return True
    if nothing := nothing_yet(workspace):
        print(nothing)
        return False
    if (workspace.path / "Makefile").exists() and not make(workspace.path):
        print(f"\n{workspace.label} does not build, so nothing was checked. Of the errors above the first is")
        print("the one to read: those below it often follow from it.")
        return False
    assert target.stage
    target.command = workspace_command(workspace, target.stage)  # its files are there now
    return True


def make(folder: Path) -> bool:
    """Runs make there, with the variables that the make around this one was given."""
    variables = os.environ.get("MAKEFLAGS", "").partition("-- ")[2]
    environment = {**os.environ, "MAKEFLAGS": f"-- {variables}" if variables else ""}
    sys.stdout.flush()
    command = ["make", "-s", f"-j{os.cpu_count() or 1}", "-C", str(folder)]
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode == 0
