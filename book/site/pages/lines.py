"""Lines of code as HTML: numbered, linkable, and plain text when they are selected."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup, escape

from pages.differences import Row, Run
from pages.highlight import mark
from pages.words import Range, Ranges, changed_words

Lines = Sequence[str]  # highlighted; the first is line 1

# The number is an attribute that the style sheet shows, so it is never selected.
# The line break stands inside: each line is a block, and is copied as one line.
LINE = '<span class="row{kind}"{anchor} data-n="{number}">{code}\n</span>'
NOTE = '<a class="note" href="{target}" title="{title}" aria-label="{title}"></a>'
FILLER = '<span class="row none">\n</span>'


def line(code: str, number: int | None, kind: str = "", anchor: str = "") -> str:
    return LINE.format(
        kind=kind and f" {kind}",
        anchor=f' id="{anchor}"' if anchor else "",
        number=number,
        code=code,
    )


def code_block(rows: Sequence[str], classes: str = "") -> Markup:
    name = f"code highlight {classes}".strip()
    return Markup(f'<pre class="{name}" tabindex="0"><code>{"".join(rows)}</code></pre>')


def plain(lines: Lines, first: int, last: int, prefix: str = "n") -> Markup:
    """Lines of a file that are simply there. With a prefix each can be linked to."""
    return code_block(
        [
            line(lines[n - 1], n, anchor=f"{prefix}{n}" if prefix else "")
            for n in range(first, min(last, len(lines)) + 1)
        ]
    )


class ChangedLines:
    """Draws the runs of a hunk, in one column or in two."""

    def __init__(self, old: Lines, new: Lines, old_text: str, new_text: str, prefix: str = "n"):
        self.old, self.new = old, new
        self.old_start = self.new_start = 0  # for a piece of a file: the lines above it
        self.old_text, self.new_text = old_text.split("\n"), new_text.split("\n")
        self.prefix = prefix
        self.notes: dict[int, tuple[str, str]] = {}  # by new line: what explains it, and where

    def marks(self, run: Run) -> tuple[Ranges, Ranges]:
        """What to mark in the lines that go, and in those that come."""
        return changed_words(
            [self.old_text[row.old - 1] for row in run.removed if row.old],
            [self.new_text[row.new - 1] for row in run.added if row.new],
        )

    def old_line(self, row: Row, marks: list[Range] | None = None) -> str:
        assert row.old
        code = mark(self.old[row.old - 1], marks or [])
        return line(code, row.old + self.old_start, "gone" if row.sign == "-" else "")

    def new_line(self, row: Row, named: bool, marks: list[Range] | None = None) -> str:
        assert row.new
        code = mark(self.new[row.new - 1], marks or [])
        kind = "come" if row.sign == "+" else ""
        anchor = f"{self.prefix}{row.new}" if named and self.prefix else ""
        if row.new in self.notes:
            title, target = self.notes[row.new]
            code += NOTE.format(title=escape(title), target=escape(target))
        return line(code, row.new + self.new_start, kind, anchor)

    def gone(self, run: Run, marks: Ranges) -> list[str]:
        return [self.old_line(row, marks.get(i)) for i, row in enumerate(run.removed)]

    def come(self, run: Run, marks: Ranges, named: bool) -> list[str]:
        return [self.new_line(row, named, marks.get(i)) for i, row in enumerate(run.added)]

    def unified(self, runs: Sequence[Run]) -> Markup:
        rows: list[str] = []
        for run in runs:
            if run.is_change:
                gone, come = self.marks(run)
                rows += self.gone(run, gone) + self.come(run, come, named=True)
            else:
                rows += [self.new_line(row, named=True) for row in run.rows]
        return code_block(rows, "unified")

    def split(self, runs: Sequence[Run]) -> Markup:
        """Two columns that are scrolled and selected by themselves."""
        left: list[str] = []
        right: list[str] = []
        for run in runs:
            if run.is_change:
                gone, come = self.marks(run)
                left += self.gone(run, gone)
                right += self.come(run, come, named=False)
            else:
                left += [self.old_line(row) for row in run.rows]
                right += [self.new_line(row, named=False) for row in run.rows]
            length = max(len(left), len(right))
            left += [FILLER] * (length - len(left))
            right += [FILLER] * (length - len(right))
        columns = code_block(left, "old") + code_block(right, "new")
        return Markup('<div class="split">{}</div>').format(columns)
