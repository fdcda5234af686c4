"""The figures of STYLE, printed for each stage, and those that are limits enforced.

With --undocumented it lists the functions that say nowhere what they are for.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tools"))
from chain import ROOT, all_stages
from csource import Source, figures, read_sources, undocumented

FUNCTION_LIMIT = 60
FILE_LIMIT = 700
WIDTH_LIMIT = 100
# What is aimed at: shown with a mark when missed, but no fault.
MEDIAN_AIM = 12
NINTH_DECILE_AIM = 35
COMMENT_AIM = (15, 25)
DOCUMENTED_AIM = 90


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


def print_row(name: str, sources: list[Source]) -> None:
    f = figures(sources)
    low, high = COMMENT_AIM
    print(
        f"{name:20}{f.functions:7}"
        f"{mark(f.median, f.median <= MEDIAN_AIM):>9}"
        f"{mark(f.ninth_decile, f.ninth_decile <= NINTH_DECILE_AIM):>7}"
        f"{mark(f.longest, f.longest <= FUNCTION_LIMIT):>7}"
        f"{mark(f.largest_file, f.largest_file <= FILE_LIMIT):>9}"
        f"{mark(f.widest, f.widest <= 80):>8}"
        f"{mark(f.comment_percent, low <= f.comment_percent <= high, '%'):>11}"
        f"{mark(f.documented_percent, f.documented_percent >= DOCUMENTED_AIM, '%'):>12}"
    )


def main() -> int:
    rooms = [(stage.name, stage.path.rglob("*.[ch]")) for stage in all_stages(ROOT)]
    rooms.append(("common", (ROOT / "common").glob("*.[ch]")))
    print("                  functions  median    90%    max  largest  widest   comments  documented")
    print("limit or aim                      12     35     60      700      80     15-25%         90%")
    faults: list[str] = []
    for name, paths in rooms:
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
    sys.exit(main())
