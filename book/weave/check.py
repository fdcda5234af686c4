"""`make book-check`: everything that can be proved of the chapters."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path

from . import chapters, coverage, form, outline, page, played, plots, steps, sync, transcripts
from .changes import runs
from .chapters import Chapter
from .markdown import Unreadable
from .report import Problem, cut, table
from .typed import LAID, Typed


def stale(chapter: Chapter, typed: Typed | None) -> Iterator[Problem]:
    """Quotes that are not what their source is now."""
    bodies, faults = sync.wanted(chapter, typed)
    for line, why in faults:
        yield Problem(chapter.name, line, why)
    for one in bodies:
        if one.stale:
            text = f"stale: it is not what its source is now ({one.fence.info}): {difference(one)}; make book-sync"
            yield Problem(chapter.name, one.fence.line, text)


def difference(quote: sync.Wanted) -> str:
    """The first line that is otherwise."""
    pairs = enumerate(zip_longest(quote.fence.body, quote.body, fillvalue=None), quote.fence.line + 1)
    number, (here, there) = next((n, pair) for n, pair in pairs if pair[0] != pair[1])
    if here is None:
        return f"behind it comes `{cut(there or '')}`"
    return f"line {number} is `{cut(here)}`, " + ("no more" if there is None else f"now `{cut(there)}`")


def uncovered(chapter: Chapter, covered: coverage.Coverage) -> Iterator[Problem]:
    """Lines of the stage that the chapter quotes nowhere."""
    stage = chapter.stage
    for path, missing in sorted(covered.missing.items()):
        if chapter.table and path == LAID:
            continue
        file = stage.files[path]
        blank = {row.new for row in file.rows if row.plain and row.new}
        name = f"stages/{stage.name}/{path}"
        for first, behind in runs(bridge(missing, blank)):
            text = f"added by the stage and quoted nowhere in {chapter.name}"
            yield Problem(name, first, text, behind - 1)
    for path, lines in sorted(covered.removed.items()):
        for first, behind in runs(lines):
            text = f"removed by {stage.name}, and no ```diff in {chapter.name} shows it"
            yield Problem(f"stages/{stage.before}/{path}", first, text, behind - 1)


def bridge(numbers: set[int], blank: set[int]) -> set[int]:
    """The numbers, with blank lines between two of them."""
    whole = set(numbers)
    for first, behind in runs(blank):
        if first - 1 in numbers and behind in numbers:
            whole |= set(range(first, behind))
    return whole


@dataclass
class Checked:
    """A chapter and what was found in it."""

    chapter: Chapter
    covered: coverage.Coverage
    typed: Typed | None = None
    problems: list[Problem] = field(default_factory=list)

    def row(self) -> tuple[str, ...]:
        chapter = self.chapter
        return (
            chapter.path.stem,
            str(len(chapter.quotes)),
            f"{self.covered.shown}/{self.covered.wanted}",
            str(len(chapter.transcripts)),
            str(len(chapter.pointers)),
            str(len(chapter.steps)),
            str(outline.words(chapter)),
        )


def cheap(chapter: Chapter) -> Checked:
    """What needs neither a server nor a compiler."""
    typed = sync.typed_of(chapter)
    checked = Checked(chapter, coverage.of(chapter), typed)
    checked.problems += stale(chapter, typed)
    checked.problems += outline.check(chapter)
    checked.problems += form.check(typed) if typed else steps.numbering(chapter)
    checked.problems += uncovered(chapter, checked.covered)
    return checked


def thorough(done: list[Checked]) -> list[Problem]:
    """Servers are run and steps are built, side by side."""
    found: list[Problem] = []
    with ThreadPoolExecutor(2) as pool:
        waiting: list[Future[list[Problem]]] = [
            pool.submit(played.check, c.typed) if c.typed else pool.submit(steps.check, c.chapter) for c in done
        ]
        waiting += [pool.submit(transcripts.check, c.chapter) for c in done]
        for future in waiting:
            found += future.result()
    return found


def show(problems: list[Problem]) -> int:
    for problem in sorted(problems, key=lambda p: (p.file, p.line)):
        print(problem, flush=True)
    return len(problems)


def run(numbers: list[str], root: Path, fast: bool) -> int:
    """Checks the chapters and prints what is wrong, cheap things first. 1 when anything is."""
    done: list[Checked] = []
    count = 0
    for number in numbers:
        try:
            done.append(cheap(chapters.load(number, root)))
        except Unreadable as error:
            name = str(chapters.paths(root)[number].relative_to(root))
            count += show([Problem(name, error.line, str(error))])
    loaded = [one.chapter for one in done]
    count += show([problem for one in done for problem in one.problems])
    count += show(list(outline.sections_of_scenarios(root, loaded)))
    for name in page.there(root) if numbers == chapters.numbers(root) else []:
        count += show(list(page.check(root, name)))
    if not fast:
        count += show(thorough(done))
        count += show(list(plots.check(root)))
    summary(done, fast)
    print(f"{count} {'fault' if count == 1 else 'faults'}")
    return 1 if count else 0


def summary(done: list[Checked], fast: bool) -> None:
    """The table, and what nobody proves."""
    print()
    print(table(one.row() for one in done))
    escapes = [escape for one in done for escape in outline.escapes(one.chapter)]
    print(f"\nNot proved: {len(escapes)}")
    for escape in escapes:
        print(f"  {escape.file}:{escape.line}: {escape.text}")
    if fast:
        print("FAST=1: no transcript was run, no step built, no plot drawn")
    for one in done:
        if text := outline.length(one.chapter):
            print(f"note: {text}")
        for text in form.notes(one.typed) if one.typed else ():
            print(f"note: {text}")
