"""weave: what ties the chapters of the book to the code.

The interface that other tools use (the site among them):

    from weave import chapters, coverage

    chapters.numbers()            ["00", "01", "02"]: the chapters that exist
    chapter = chapters.load("01") a Chapter, all its quotes resolved
        .number .path .title      "01", Path of the Markdown, text of the h1
        .stage                    changes.Stage: the stage beside the one before
        .headings                 Heading(level, title, slug, line)
        .fences                   every fence: Fence(line, info, words, body, ...)
        .quotes                   Quote(line, info, file, kind, heading, anchor,
                                  new_lines, old_lines, wanted, error, counts)
        .transcripts              Transcript(line, kind, modes, body, heading)
        .steps                    Step(heading, number, claim, claim_line, last_line)
        .pointers                 Pointer(line, file, function)
        .figures                  the fences `text stages=NN`, `text more`,
                                  `text measured` and `text steps`
        .table                    the last of these, or None: a chapter that
                                  has it is typed
    typed.type_all(chapter)       Typed(steps, rest, start, problems): the files
                                  after each step, and where each fence went
    coverage.of(chapter)          Coverage(missing, removed, wanted, shown)

Lines count from 1 everywhere. `kind` of a quote is "c" or "diff" (or another
language, of a file that is not C). Its `new_lines` are the lines of the
stage's file that the reader sees in it, context included, and `old_lines` the
lines of the stage before that it shows as removed. A quote of common/ has
counts=False. `heading` is the one it stands under, and `anchor` is unique in
its chapter and stays as long as the order of quotes of that file does:
`q-net-resp-c-3`. Slugs are those of a code host: "Try it" is `try-it`.

`changes.Stage.files[path]` has `rows`, the whole diff of a file line by line
(tag, old, new, text), and `hunks()`, by which a diff page can be drawn.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BOOK = ROOT / "book"

# The tools beside the tests know the chain of stages, and how C is counted.
sys.path.insert(0, str(ROOT / "tests" / "tools"))
