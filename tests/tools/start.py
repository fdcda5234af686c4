"""make start STAGE=02: begins a stage of your own in work/, where git does not look."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from pathlib import Path

import steps
from chain import ROOT, Stage, all_stages, fail, files_of, position, run_tool

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness.workspace import Workspace, find_workspace, newest_workspace, read_progress, words

MAKEFILE = """\
# Built by the rules of the course, beside its own builds. This is a CORE build, your code
# alone; MORE=1 compiles the rest of Redis, stages/more/, on top.
BUILD := ../build
CORE := $(if $(MORE),,1)
include ../../stages/stage.mk
"""
ADVICE = Path(__file__).resolve().parent / "agents"
BEGINNINGS = ("reference", "mine", "empty")
SCENARIOS_NAMED = 3


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Begins a stage of your own in work/.")
    parser.add_argument("--stage", help="the stage that you want to write")
    parser.add_argument("--with", dest="beginning", help=", ".join(BEGINNINGS))
    parser.add_argument("--step", type=int, help="begin with the tree as it is after this step of the chapter")
    parser.add_argument("--server", default=os.environ.get("SERVER", ""), help="how it is started, when it is not built here")
    parser.add_argument("--root", type=Path, default=ROOT)
    return parser.parse_args()


def main() -> None:
    arguments = parse_arguments()
    root = arguments.root.resolve()
    stages = all_stages(root)
    if not arguments.stage:
        fail(f"no stage was named. {suggestion(root / 'work', stages)}")
    place = position(stages, arguments.stage)
    if arguments.beginning and arguments.beginning not in BEGINNINGS:
        fail(f"START={arguments.beginning}: it is {', '.join(BEGINNINGS[:-1])} or {BEGINNINGS[-1]}")
    if arguments.server:
        words(arguments.server, "SERVER")
        if "{port}" not in arguments.server:
            fail("SERVER must say where the port goes: SERVER='python3 my.py --port {port}'")
    stage = stages[place]
    if arguments.step is not None:
        if arguments.server or arguments.beginning not in (None, "reference"):
            fail("STEP= lays the course's own files: it goes with neither SERVER= nor START=")
        steps.chosen(root, stage, arguments.step)
    if (root / "work" / stage.name).exists():
        fail(
            f"work/{stage.name} is there already, and nothing in it was touched.\n"
            + columns([
                (f"make check STAGE={stage.number}", "goes on with it"),
                (f"mv work/{stage.name} work/old-{stage.number}", "puts it aside, to begin again"),
            ]).rstrip()
        )
    before = stages[place - 1] if place else None
    own = find_workspace(root / "work", before.name) if before else None
    beginning = arguments.beginning or default_beginning(arguments.server, before, own)
    workspace = Workspace(root / "work" / stage.name, arguments.server)
    if beginning == "mine":
        if not own or not before:
            fail(f"START=mine: there is no work/{before.name if before else '…'} to go on with")
        workspace = Workspace(workspace.path, arguments.server or own.server)
    if arguments.step is not None:
        beginning = "reference" if before else "empty"
    said = lay(root, workspace, before, beginning)
    if arguments.step is not None:
        said = lay_step(root, workspace, stage, before, arguments.step)
    (workspace.path / "AGENTS.md").write_text(agents(root, stages, stage), encoding="utf-8")
    workspace.save()
    read_progress(root / "work").start(stage.name)
    print(said)
    print(what_to_do(root, stage, workspace, arguments.step or 0))
    if own and beginning == "reference":
        print(f"To go on with your own {own.label} instead: rm -r {workspace.label}")
        print(f"and make start STAGE={stage.number} START=mine")


def suggestion(work: Path, stages: list[Stage]) -> str:
    """What to answer somebody who named no stage."""
    newest = newest_workspace(work)
    names = [stage.name for stage in stages]
    place = names.index(newest.stage) if newest and newest.stage in names else -1
    begun = newest is not None and newest.stage not in read_progress(work).passed
    on = f"work/{names[place]} is not done yet: `make check` goes on with it. " if begun else ""
    if place + 1 == len(stages):
        return on or "You have done the last one."
    return f"{on}`make start STAGE={stages[place + 1].number}` begins the next one."


def default_beginning(server: str, before: Stage | None, own: Workspace | None) -> str:
    """The stage before, in C; for a server in another language the learner's own, or nothing."""
    if own and own.server and not server:
        return "mine"
    return "empty" if server or not before else "reference"


def lay(root: Path, workspace: Workspace, before: Stage | None, beginning: str) -> str:
    """Fills the folder of a new workspace. What was done, in a sentence."""
    mine = workspace.path
    mine.mkdir(parents=True)
    if beginning == "mine" and before:
        shutil.copytree(root / "work" / before.name, mine, dirs_exist_ok=True)
        said = f"{workspace.label} is yours: a copy of your work/{before.name}, to be extended."
    elif beginning == "reference" and before:
        for inside, path in files_of(root, before).items():
            (mine / inside).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, mine / inside)
        said = f"{workspace.label} is yours: the sources of {before.name}, to be extended."
    else:
        said = f"{workspace.label} is yours, and empty: write a main.c into it."
    if workspace.server:
        said = said.replace(": write a main.c into it", "")
        return f"{said}\nIts server is started by: {workspace.server}"
    if not (mine / "Makefile").exists() or beginning == "reference":
        (mine / "Makefile").write_text(MAKEFILE, encoding="utf-8")
    return said


def lay_step(root: Path, workspace: Workspace, stage: Stage, before: Stage | None, number: int) -> str:
    """Makes the workspace hold what it holds after a step of the chapter."""
    mine = workspace.path
    files = {path: where.read_text(encoding="utf-8") for path, where in files_of(root, before).items()} if before else {}
    files.pop("Makefile", None)
    tree = steps.after_step(root, stage, number, files)
    for path in set(files) - set(tree):
        (mine / path).unlink()
    for path, text in tree.items():
        (mine / path).parent.mkdir(parents=True, exist_ok=True)
        (mine / path).write_text(text, encoding="utf-8")
    patches = steps.patches(root, stage)
    done = steps.title_of(patches[number - 1])
    after = f"The next is {steps.title_of(patches[number])}." if patches[number:] else "It was the last one."
    return f"{workspace.label} is yours, as it is after {done} (of {len(patches)}). {after}"


def what_to_do(root: Path, stage: Stage, workspace: Workspace, done: int) -> str:
    """What to read, and what to run next, when so many steps of the chapter are done."""
    chapter = f"book/{stage.name}.md"
    rows = [(chapter, "the chapter, step by step")] if (root / chapter).exists() else []
    if workspace.server:
        rows.append(("book/any-language.md", "what a server in any language needs"))
    rows.append((f"{workspace.label}/AGENTS.md", "for a coding assistant, if you use one"))
    folder = f"tests/scenarios/{stage.name}/"
    rows.append((folder, "what your server must reply. The first of them:"))
    first = sorted((root / folder).glob("*.redis"))[:SCENARIOS_NAMED]
    rows += [(f"  {path.name}", "") for path in first]
    builds = "" if workspace.server else "builds it, and "
    commands = [] if workspace.server else [(f"make -C {workspace.label}", "builds what you have typed")]
    if len(steps.patches(root, stage)) > done and not workspace.server:
        commands.append((f"make step STAGE={stage.number} STEP={done + 1}", "shows what the next step of the chapter changes"))
    commands += [
        ("make check", f"{builds}plays the scenarios: those of {stage.number} fail, and this red is the task"),
        ("make check NEXT=1", "explains the next scenario to make pass"),
        ("make hint", "a hint for it; a clearer one each time"),
        ("make board", "how far you are"),
        ("make test WORK=1", "plays the Python tests too, whose names begin with test_; ARGS='-k name' picks some"),
        ("make run WORK=1", "starts your server on port 6379, to try it by hand"),
    ]
    if not workspace.server:
        commands.append(("make check MORE=1", "when it is done: builds the rest of Redis on top, and plays its scenarios"))
    return f"\nRead\n{columns(rows)}\nRun\n{columns(commands)}"


def columns(rows: list[tuple[str, str]]) -> str:
    width = max(len(left) for left, _ in rows)
    return "".join(f"  {left:{width}}  {right}".rstrip() + "\n" for left, right in rows)


def agents(root: Path, stages: list[Stage], stage: Stage) -> str:
    """AGENTS.md: what a coding assistant is to do and to leave, in this stage."""
    earlier = [f"`stages/{s.name}`" for s in stages if s.name < stage.name]
    questions = ADVICE / f"{stage.number}.md"
    values = {
        "stage": stage.name,
        "number": stage.number,
        "may_read": f"{earlier[-1]} and those before it, and " if len(earlier) > 1 else "".join(f"{e} and " for e in earlier),
        "questions": questions.read_text(encoding="utf-8").rstrip() if questions.exists() else "",
    }
    text = (ADVICE / "template.md").read_text(encoding="utf-8")
    for name, value in values.items():
        text = text.replace("{" + name + "}", value)
    return text


if __name__ == "__main__":
    run_tool(main)
