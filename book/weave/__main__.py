"""The book's tool: `python -m weave sync`, `check`, `record`, `plots`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from . import ROOT, chapters, check, coverage, page, plots, record, sync
from .markdown import Unreadable


def chosen(asked: str | None, root: Path) -> list[str]:
    """The chapters that are meant."""
    known = chapters.numbers(root)
    if not asked:
        return known
    number = asked[:2].zfill(2)
    if number not in known:
        raise SystemExit(f"CHAPTER={asked}: there is no such chapter. There are: {', '.join(known)}")
    return [number]


def run_sync(numbers: list[str], root: Path) -> int:
    """Fills all fences that can be filled, and says which cannot."""
    faults = 0
    for number in numbers:
        name = chapters.paths(root)[number].relative_to(root)
        try:
            chapter = chapters.load(number, root)
            outcome = sync.write(chapter)
        except Unreadable as error:
            print(f"{name}:{error.line}: {error}")
            faults += 1
            continue
        for line, why in outcome.faults:
            print(f"{chapter.name}:{line}: {why}")
        faults += len(outcome.faults)
        covered = coverage.of(chapter)
        print(
            f"{chapter.name}: {outcome.filled} fences filled, {outcome.changed} of them changed; "
            f"{covered.shown} of {covered.wanted} new lines quoted"
        )
    for path in page.there(root) if numbers == chapters.numbers(root) else []:
        outcome = page.write(root, path)
        for line, why in outcome.faults:
            print(f"{path}:{line}: {why}")
        faults += len(outcome.faults)
        print(f"{path}: {outcome.filled} fences filled, {outcome.changed} of them changed")
    return 1 if faults else 0


def run_plots(root: Path) -> int:
    """Draws all plots."""
    for script in plots.scripts(root):
        print(plots.draw(script).relative_to(root))
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="weave", description="Ties the chapters to the code.")
    parser.add_argument("--root", type=Path, default=ROOT)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, what in (
        ("sync", "fill the fences"),
        ("check", "prove what can be proved"),
        ("record", "write into transcripts what the servers answer"),
    ):
        one = commands.add_parser(name, help=what)
        one.add_argument("--chapter", help="only this one")
        if name == "check":
            one.add_argument("--fast", action="store_true", help="run no server, build no step")
    commands.add_parser("plots", help="draw the plots")
    arguments = parser.parse_args()
    root = arguments.root.resolve()
    if arguments.command == "plots":
        return run_plots(root)
    numbers = chosen(arguments.chapter, root)
    if arguments.command == "check":
        return check.run(numbers, root, arguments.fast)
    run = {"sync": run_sync, "record": record.run}[arguments.command]
    return run(numbers, root)


if __name__ == "__main__":
    sys.exit(main())
