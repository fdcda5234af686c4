"""The figures of the style, printed for each stage, and those that are limits enforced.

A stage has a row, and so has what it adds in stages/more/. With --undocumented
it lists the functions that say nowhere what they are for.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tools"))
from chain import ROOT, all_stages, c_files, more_folders, run_tool
from csource import Source, comment_percent, figures, read_sources, undocumented

FUNCTION_LIMIT = 60
FILE_LIMIT = 700
WIDTH_LIMIT = 100
# What is aimed at: shown with a mark when missed, but no fault.
MEDIAN_AIM = (9, 13)
NINTH_DECILE_AIM = 30
DENSITY_AIM = (55, 75)  # functions in 1,000 lines of code: about 65
COMMENT_AIM = (15, 25)  # in the .c files of the layers that have invariants
DOCUMENTED_AIM = 90
COMMENTED_LAYERS = {"net", "store", "persist", "repl", "common"}


def faults_of(source: Source) -> list[str]:
    """Every limit that one file breaks, as `file:line: what`."""
    name = source.path.relative_to(ROOT) if source.path.is_relative_to(ROOT) else source.path
    found = [
        f"{name}:{f.line}: {f.name} has {f.length} lines, the limit is {FUNCTION_LIMIT}"
        for f in source.functions
        if f.length > FUNCTION_LIMIT
    ]
    if source.lines > FILE_LIMIT:
        found.append(f"{name}: {source.lines} lines, the limit is {FILE_LIMIT}")
    if source.widest > WIDTH_LIMIT:
        text = f"{source.widest} columns, the limit is {WIDTH_LIMIT}"
        found.append(f"{name}:{source.widest_line}: {text}")
    return found


def mark(value: float, good: bool, unit: str = "") -> str:
    return f"{value:.0f}{unit}{' ' if good else '*'}"


def within(value: float, aim: tuple[int, int]) -> bool:
    return aim[0] <= round(value) <= aim[1]


def comments_text(sources: list[Source]) -> str:
    """The comment lines of the layers where the invariants are."""
    chosen = [s for s in sources if s.path.suffix == ".c" and s.path.parent.name in COMMENTED_LAYERS]
    percent = comment_percent(chosen)
    return mark(percent, within(percent, COMMENT_AIM), "%") if chosen else "  "


HEAD = """\
                    functions              of them in           longest          comment lines
                    in all  median    90%   max  1,000 lines     file   widest   in .c   documented
limit or aim                  9-13     30    60        55-75      700       80   15-25%         90%"""


def print_row(name: str, sources: list[Source]) -> None:
    f = figures(sources)
    print(
        f"{name:20}{f.functions:6}"
        f"{mark(f.median, within(f.median, MEDIAN_AIM)):>9}"
        f"{mark(f.ninth_decile, f.ninth_decile <= NINTH_DECILE_AIM):>7}"
        f"{mark(f.longest, f.longest <= FUNCTION_LIMIT):>6}"
        f"{mark(f.density, within(f.density, DENSITY_AIM)):>13}"
        f"{mark(f.largest_file, f.largest_file <= FILE_LIMIT):>9}"
        f"{mark(f.widest, f.widest <= 80):>9}"
        f"{comments_text(sources):>9}"
        f"{mark(f.documented_percent, f.documented_percent >= DOCUMENTED_AIM, '%'):>13}"
    )


def parts(root: Path) -> list[tuple[str, Iterable[Path]]]:
    """What has a row of its own, with its files."""
    found = [(stage.name, c_files(stage.path)) for stage in all_stages(root)]
    found += [(f"more/{folder.number}", c_files(folder.path)) for folder in more_folders(root)]
    found.append(("common", sorted((root / "common").glob("*.[ch]"))))
    observe = sorted((root / "tests" / "observe").glob("*.[ch]"))
    console = sorted((root / "book" / "console").rglob("*.[ch]"))
    return [*found, *((name, paths) for name, paths in (("tests/observe", observe), ("book/console", console)) if paths)]


def main() -> int:
    print(HEAD)
    faults: list[str] = []
    for name, paths in parts(ROOT):
        sources = read_sources(paths)
        print_row(name, sources)
        faults += [text for source in sources for text in faults_of(source)]
        for f in undocumented(sources) if "--undocumented" in sys.argv else []:
            print(f"  {f.path.relative_to(ROOT)}:{f.line}: {f.name}")
    for text in faults:
        print(text, file=sys.stderr)
    print(f"* misses what is aimed at. Limits broken: {len(faults)}")
    return 1 if faults else 0


if __name__ == "__main__":
    run_tool(main, cut_short=1)
