"""make start STAGE=02: begins a stage of your own, with the stage before it, in work/."""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from chain import ROOT, all_stages, fail, files_of, position

MAKEFILE = """\
# Built by the rules of the course, beside its own builds.
BUILD := ../build
include ../../stages/stage.mk
"""


def main() -> None:
    parser = argparse.ArgumentParser(description="Begins a stage of your own in work/.")
    parser.add_argument("--stage", required=True, help="the stage that you want to write")
    parser.add_argument("--root", type=Path, default=ROOT)
    arguments = parser.parse_args()
    root = arguments.root.resolve()
    stages = all_stages(root)
    place = position(stages, arguments.stage)
    stage = stages[place]
    mine = root / "work" / stage.name
    if mine.exists():
        fail(f"work/{stage.name} is there already: remove it, or give it another name")
    mine.mkdir(parents=True)
    if place > 0:
        before = stages[place - 1]
        for inside, path in files_of(root, before).items():
            target = mine / inside
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)
        print(f"work/{stage.name} holds a copy of {before.name}: extend it.")
    else:
        print(f"work/{stage.name} is empty, as every beginning: put a main.c into it.")
    (mine / "Makefile").write_text(MAKEFILE)
    print(f"  make -C work/{stage.name}")
    print(
        f"  make check STAGE={stage.number} SERVER='work/build/{stage.name}/server --port {{port}}'"
    )


if __name__ == "__main__":
    main()
