"""make diff WORK=1: the course's sources of a stage, and what a workspace has instead.

C is compared definition by definition, so that what stands in another order is
no difference. What cannot be cut into definitions, and all with ALL=1, is
compared line by line.
"""

from __future__ import annotations

import argparse
import difflib
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from chain import ROOT, all_stages, fail, files_of, position, run_tool
from compare import CFile, Comparison, Definition, compare, split
from diff import DIFF
from pager import painted, show
from start import MAKEFILE

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness.workspace import Workspace, find_workspace, newest_workspace

HEADING = """\
This shows the course's solution of {stage}.
Lines with - are the course's, lines with + are yours, in {yours}.
"""
SHORT = """\
Order, comments and layout are not compared: ALL=1 shows every line that differs.
"""
NO_DIFFERENCE = "There is no difference.\n"
CONTEXT = 3
SUFFIXES = (".c", ".h")


@dataclass(frozen=True)
class Side:
    """The files of the course's stage, or those of the workspace."""

    label: str
    files: dict[str, Path]  # by the path inside the stage

    def text(self, name: str) -> str:
        return self.files[name].read_text(encoding="utf-8", errors="replace")

    def place(self, one: Definition) -> str:
        return f"{self.label}/{one.file}:{one.line} {one.name}"


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Compares a workspace with the course's stage.")
    parser.add_argument("--stage", help="the workspace of this stage, not the newest")
    parser.add_argument("--all", action="store_true", help="line by line")
    parser.add_argument("--root", type=Path, default=ROOT)
    return parser.parse_args()


def chosen(root: Path, stage: str | None) -> Workspace:
    """The workspace that is compared."""
    work = root / "work"
    name = all_stages(root)[position(all_stages(root), stage)].name if stage else ""
    workspace = find_workspace(work, name) if name else newest_workspace(work)
    if not workspace:
        fail(f"there is no work/{name or '…'} to compare: make start STAGE={stage or '00'} begins one")
    return workspace


def sides(root: Path, workspace: Workspace) -> tuple[Side, Side]:
    """The course's files, and the workspace's: C, and what else the course has."""
    stage = next(s for s in all_stages(root) if s.name == workspace.stage)
    course = files_of(root, stage)
    own = {str(p.relative_to(workspace.path)): p for p in sorted(workspace.path.rglob("*.[ch]")) if p.is_file()}
    if not own:
        fail(f"{workspace.label} has no C source to compare: the course's is in stages/{stage.name}")
    own.update({name: path for name in course if (path := workspace.path / name).is_file()})
    if "Makefile" in own and own["Makefile"].read_text(errors="replace") == MAKEFILE:
        del own["Makefile"]  # as `make start` wrote it
        course.pop("Makefile", None)
    return Side(f"stages/{stage.name}", course), Side(workspace.label, own)


def line_by_line(course: Side, own: Side, names: Iterable[str]) -> str:
    """The plain diff of some files, wherever they lie."""
    with tempfile.TemporaryDirectory() as folder:
        for side in (course, own):
            (Path(folder) / side.label).mkdir(parents=True)
            for name in names:
                copy = Path(folder) / side.label / name
                copy.parent.mkdir(parents=True, exist_ok=True)
                if name in side.files:
                    shutil.copy(side.files[name], copy)
        command = [*DIFF, "--no-color", "--no-prefix", course.label, own.label]
        done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    if done.returncode not in (0, 1):
        fail(done.stderr.decode(errors="replace").strip())
    return done.stdout.decode(errors="replace")


def unified(old: tuple[str, ...], new: tuple[str, ...], at: tuple[int, int] | None = None) -> Iterator[str]:
    """The hunks between two texts, which begin `at` these lines of their files; white space does not count."""
    before, after = ([" ".join(line.split()) for line in text] for text in (old, new))
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for group in matcher.get_grouped_opcodes(CONTEXT):
        first, last = group[0], group[-1]
        if at:
            yield f"@@ -{at[0] + first[1]},{last[2] - first[1]} +{at[1] + first[3]},{last[4] - first[3]} @@"
        for tag, i, j, k, m in group:
            if tag == "equal":
                yield from (f" {line}" for line in new[k:m])
            else:
                yield from (f"-{line}" for line in old[i:j])
                yield from (f"+{line}" for line in new[k:m])


def counted(found: Comparison) -> list[str]:
    """How many definitions of a file are what: "23 definitions equal", "1 different"."""
    files = sorted({other.file for _, other in found.elsewhere})
    counts = [
        (len(found.equal), "equal"),
        (len(found.reordered), "only in another order"),
        (len(found.elsewhere), f"the same in your {' and '.join(files)}"),
        (len(found.reworded), "different in comments or layout only"),
        (len(found.different), "different"),
        (len(found.only_new), "only yours"),
        (len(found.only_old), "only the course's"),
    ]
    parts = [(count, text) for count, text in counts if count]
    noun = "definition" if parts and parts[0][0] == 1 else "definitions"
    return [f"{count} {text}" if i else f"{count} {noun} {text}" for i, (count, text) in enumerate(parts)]


def rest(old: CFile | None, new: CFile | None) -> str:
    """How the lines outside of definitions differ, in words."""
    if not old or not new or old.between == new.between:
        return ""
    if old.directives == new.directives:
        return "comments between them differ"
    if sorted(old.directives) == sorted(new.directives):
        return "the lines between them in another order"
    return "the lines between them differ"


def body(course: Side, own: Side, found: Comparison, old: CFile | None, new: CFile | None) -> Iterator[str]:
    """What differs in a file, in full."""
    if old and new and sorted(old.directives) != sorted(new.directives):
        yield f"\n--- {course.label}/{old.name} outside of definitions"
        yield f"+++ {own.label}/{new.name} outside of definitions"
        yield "@@"
        yield from unified(old.directives, new.directives)
    for one, other in found.different:
        yield f"\n--- {course.place(one)}"
        yield f"+++ {own.place(other)}"
        yield from unified(one.text, other.text, (one.line, other.line))
    for one in found.only_old:
        yield f"\n--- {course.place(one)}"
        yield from (f"-{line}" for line in one.text)
    for one in found.only_new:
        yield f"\n+++ {own.place(one)}"
        yield from (f"+{line}" for line in one.text)


def cut(side: Side) -> dict[str, CFile]:
    """The files of a side that can be cut into definitions."""
    files = {name: split(name, side.text(name)) for name in side.files if name.endswith(SUFFIXES)}
    return {name: file for name, file in files.items() if file}


def listed(title: str, side: Side, names: Iterable[str]) -> str:
    """Files by name, and how long they are."""
    lengths = {name: len(side.text(name).splitlines()) for name in names}
    rows = [f"  {name} ({n} line{'' if n == 1 else 's'})\n" for name, n in lengths.items()]
    return f"{title}:\n{''.join(rows)}" if rows else ""


def section(course: Side, own: Side, found: Comparison, old: CFile | None, new: CFile | None) -> str:
    """What is to be said of one file."""
    whole = old or new
    told_nothing = whole and len(found.only_old + found.only_new) == len(whole.definitions)
    if not whole or not (old and new) and told_nothing:
        return ""  # one side lacks the file, and nothing of it stands elsewhere: naming it was enough
    parts = counted(found)
    parts += [words] if (words := rest(old, new)) else []
    if len(parts) == 1 and found.equal:
        parts.append("blank lines differ")
    lines = body(course, own, found, old, new)
    return f"\n{whole.name}: {', '.join(parts)}\n" + "".join(f"{line}\n" for line in lines)


def plainly(course: Side, own: Side, name: str) -> str:
    """What is to be said of a file that has no definitions, or no whole ones."""
    why = ", since it cannot be cut into definitions" if name.endswith(SUFFIXES) else ""
    return f"\n{name}: line by line{why}\n{line_by_line(course, own, [name])}"


def definition_by_definition(course: Side, own: Side) -> str:
    """The whole text below the heading."""
    both = [name for name in course.files if name in own.files]
    same = [name for name in both if course.files[name].read_bytes() == own.files[name].read_bytes()]
    if len(same) == len(course.files) == len(own.files):
        return ""
    old, new = cut(course), cut(own)
    plain = [name for name in both if name not in same and not (name in old and name in new)]
    old, new = ({name: file for name, file in side.items() if name not in plain} for side in (old, new))
    found = compare(list(old.values()), list(new.values()))
    text = [
        listed("Files that only the course has", course, [name for name in course.files if name not in both]),
        listed("Files that only you have", own, [name for name in own.files if name not in both]),
        f"Equal files: {', '.join(same)}\n" if same else "",
    ]
    text += [section(course, own, found[name], old.get(name), new.get(name)) for name in found if name not in same]
    text += [plainly(course, own, name) for name in plain]
    return "".join(text)


def main() -> None:
    arguments = parse_arguments()
    root = arguments.root.resolve()
    workspace = chosen(root, arguments.stage)
    course, own = sides(root, workspace)
    if arguments.all:
        text = line_by_line(course, own, {**course.files, **own.files})
    else:
        text = definition_by_definition(course, own)
    heading = HEADING.format(stage=workspace.stage, yours=workspace.label)
    heading += SHORT if text and not arguments.all else ""
    show(f"{heading}\n{text or NO_DIFFERENCE}", painted)


if __name__ == "__main__":
    run_tool(main)
