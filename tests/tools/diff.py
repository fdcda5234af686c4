"""make diff: two stages side by side, as a unified diff (in colour on a terminal)."""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from chain import ROOT, all_stages, fail, position

# What `make stages` counts is what a reader of the diff sees.
DIFF = ["git", "diff", "--no-index", "--histogram", "--indent-heuristic", "--no-renames"]


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Shows what one stage has and another has not.")
    parser.add_argument("--stage", help="this stage against the one before it")
    parser.add_argument("--from", dest="first", help="the earlier stage")
    parser.add_argument("--to", dest="last", help="the later stage (the one after --from)")
    parser.add_argument("--stat", action="store_true", help="only which files, and how much")
    parser.add_argument("--root", type=Path, default=ROOT)
    return parser.parse_args()


def main() -> int:
    arguments = parse_arguments()
    root = arguments.root.resolve()
    stages = all_stages(root)
    if arguments.first:
        first = position(stages, arguments.first)
        last = position(stages, arguments.last) if arguments.last else first + 1
    else:
        last = position(stages, arguments.stage or arguments.last or stages[-1].name)
        first = last - 1
    if first < 0:
        fail(f"{stages[0].name} is the first stage: there is nothing before it")
    if last >= len(stages):
        fail(f"{stages[-1].name} is the last stage: there is nothing after it")
    command = [*DIFF, *(["--stat"] if arguments.stat else [])]
    names = [f"stages/{stages[i].name}" for i in (first, last)]
    done = subprocess.run([*command, *names], cwd=root, check=False)
    # git says 1 when there are differences, which is what was asked for; it
    # dies of a signal when the reader (head, a pager) has seen enough.
    return 0 if done.returncode <= 1 else done.returncode


if __name__ == "__main__":
    sys.exit(main())
