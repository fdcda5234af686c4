"""`make book-record`: writes into the transcripts what the stage answers.

Only what differs is written. Where the real server answers otherwise, the
check says so afterwards: a transcript is never fitted to one of the two.
"""

from __future__ import annotations

from pathlib import Path

from . import chapters, played, sync, transcripts
from .chapters import Chapter
from .transcripts import Finding


def usable(finding: Finding) -> bool:
    return finding.lines is not None


def rewrite(chapter: Chapter, found: list[Finding]) -> int:
    """Replaces the lines of each finding. Returns how many were."""
    lines = list(chapter.document.lines)
    places = sorted(
        (f for f in found if usable(f)),
        key=lambda f: (f.transcript.line, f.first),
        reverse=True,
    )
    for finding in places:
        start = finding.transcript.line  # index of the body's first line
        indent = finding.transcript.fence.indent
        body = [f"{indent}{line}" if line else "" for line in finding.lines or []]
        lines[start + finding.first : start + finding.end] = body
    if places:
        chapter.path.write_text("\n".join(lines), encoding="utf-8")
    return len(places)


def run(numbers: list[str], root: Path) -> int:
    """Records all transcripts of the chapters."""
    for number in numbers:
        chapter = chapters.load(number, root)
        found = transcripts.findings(chapter, only_stage=True)
        written = rewrite(chapter, found)
        print(f"{chapter.name}: {written} replies written")
        played.record(chapters.load(number, root))
        sync.write(chapters.load(number, root))
        for finding in found:
            if not usable(finding):
                print(transcripts.problem(chapter, finding))
    return 0
