"""The pages of the book that are no chapters and have fences that a tool fills.

common.md, about what all stages share: its quotes name files of common/ (`c file=common/zmalloc.c def=zmalloc`), and
`text common` is the table of these files. measured.md: `text bench=rows` and its like are tables of what `make bench`
measured. `make book-sync` fills all of them, and `make book-check` proves that they are fresh.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from functools import lru_cache
from itertools import zip_longest
from pathlib import Path

from chain import all_stages, c_files, more_folders
from definitions import Source

from . import figures, markdown, measured
from .quotes import BadQuote, is_quote, selector, show_code
from .report import Problem
from .sync import Outcome, Wanted

PAGE = "book/common.md"
PAGES = (PAGE, measured.PAGE)
HEAD = ("files", "lines", "first used by", "what it is")
WIDTH = 92
USER_WIDTH = 34
INCLUDE = re.compile(r'^#include "(?:common/)?([\w/]+)\.h"', re.MULTILINE)
DRAWING_WIDTH = 80


@lru_cache
def table(root: Path) -> tuple[str, ...]:
    """A row for each unit of common/: its files, their lines, what is the first to include it, and its first sentence."""
    units: dict[str, list[Path]] = {}
    for path in c_files(root / "common"):
        units.setdefault(path.stem, []).append(path)
    users = first_users(root, set(units))
    rows = []
    for name, files in units.items():
        ends = ", ".join(path.suffix for path in sorted(files, key=lambda p: p.suffix != ".h"))
        lines = sum(len(path.read_text(encoding="utf-8").splitlines()) for path in files)
        backend = re.fullmatch(r"event_(\w+)", name) if len(files) == 1 and files[0].suffix == ".c" else None
        user = f"EVENT_BACKEND={backend[1]}" if backend else users.get(name, "")
        if not user:
            raise ValueError(f"common/{name} is used by no stage")
        header = next((path for path in files if path.suffix == ".h"), files[0])
        what = figures.described(header).rstrip(".")
        if not what:
            raise ValueError(f"{header.relative_to(root)} begins with no comment that says what it is")
        rows.append((name + ends.replace(", ", " "), str(lines), user, what))
    return columns([HEAD, *sorted(rows, key=lambda row: order(row[2]))])


def order(user: str) -> tuple[bool, str]:
    """Stages first, in their order."""
    return not user[:2].isdigit(), user[:2] if user[:2].isdigit() else ""


def first_users(root: Path, units: set[str]) -> dict[str, str]:
    """By unit: the first file that includes it, of the lessons, else of stages/more/, else of common/."""
    found: dict[str, str] = {}
    folders = [(f"{stage.number}: ", stage.path) for stage in all_stages(root)]
    folders += [(f"more/{stage.number}: ", stage.path) for stage in more_folders(root)]
    folders.append(("common/", root / "common"))
    for name, folder in folders:
        new: dict[str, str] = {}
        for path in c_files(folder):
            for unit in INCLUDE.findall(path.read_text(encoding="utf-8")):
                if unit in units and unit != path.stem and unit not in found:
                    new.setdefault(unit, f"{name}{path.relative_to(folder).as_posix()}")
        found |= new
    return found


def columns(rows: list[tuple[str, str, str, str]]) -> tuple[str, ...]:
    """Rows in columns; the last one is wrapped."""
    first, user = max(len(row[0]) for row in rows), min(USER_WIDTH, max(len(row[2]) for row in rows))
    lines = []
    for files, size, used_by, what in rows:
        cells = textwrap.wrap(what, WIDTH - first - user - 11, break_on_hyphens=False)
        for row in zip_longest([files], [size], [used_by], cells, fillvalue=""):
            lines.append(f"{row[0]:{first}}  {row[1]:>5}  {row[2]:{user}}  {row[3]}".rstrip())
    return tuple(lines)


def there(root: Path) -> list[str]:
    """The pages that exist."""
    return [page for page in PAGES if (root / page).is_file()]


def wanted(root: Path, page: str = PAGE) -> tuple[list[Wanted], list[tuple[int, str]]]:
    """Every fence that a tool writes, with its body; and the line and reason of those that cannot be filled."""
    document = markdown.read((root / page).read_text(encoding="utf-8"))
    found: list[Wanted] = []
    faults: list[tuple[int, str]] = []
    for fence in document.fences:
        try:
            if is_quote(fence):
                found.append(Wanted(fence, quoted(root, fence)))
            elif fence.language == "text" and fence.has("common"):
                found.append(Wanted(fence, table(root)))
            elif fence.language == "text" and (what := dict(fence.words).get("bench")):
                found.append(Wanted(fence, measured.table(root, what)))
            elif fence.language == "svgbob":
                too_wide = next((line for line in fence.body if len(line) > DRAWING_WIDTH), "")
                if too_wide:
                    faults.append((fence.line, f"a drawing of {len(too_wide)} columns; {DRAWING_WIDTH} is the limit"))
            elif fence.language != "text":
                faults.append((fence.line, "code is quoted, never typed: name its source (file=common/…)"))
        except (BadQuote, ValueError) as error:
            faults.append((fence.line, str(error)))
    return found, faults


def quoted(root: Path, fence: markdown.Fence) -> tuple[str, ...]:
    chosen = selector(fence)
    file = chosen.get("file") or ""
    path = root / file
    if not file.startswith("common/") or not path.is_file():
        raise BadQuote(f"{file}: this page quotes files of common/")
    return tuple(show_code(Source(path.read_text(encoding="utf-8")), file, chosen).texts)


def write(root: Path, page: str = PAGE) -> Outcome:
    """Fills the fences of a page."""
    bodies, faults = wanted(root, page)
    path = root / page
    lines = path.read_text(encoding="utf-8").split("\n")
    for one in sorted(bodies, key=lambda body: -body.fence.line):
        lines[one.fence.line : one.fence.end - 1] = one.body
    path.write_text("\n".join(lines), encoding="utf-8")
    return Outcome(len(bodies), sum(one.stale for one in bodies), faults)


def check(root: Path, page: str = PAGE) -> Iterator[Problem]:
    """What is stale or cannot be filled."""
    bodies, faults = wanted(root, page)
    for line, why in faults:
        yield Problem(page, line, why)
    for one in bodies:
        if one.stale:
            yield Problem(page, one.fence.line, f"stale: it is not what its source is now ({one.fence.info}); make book-sync")
    if page == measured.PAGE:
        yield from measured.unexplained(root)
