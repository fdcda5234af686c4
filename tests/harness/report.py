"""What a learner reads when a scenario fails."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass

from .byhand import by_hand
from .matching import vary
from .notation import format_replies
from .player import Done, Failure, Result
from .quoting import raw_text
from .scenario import CLOSED, NO_REPLY, Step, Want
from .session import Outcome, raw_line, split_lines

WIDTH = 92
LOG_LINES = 12
CRASH_LINES = 40
HISTORY = 12
LINES_AROUND = 12
BYTES_BEFORE = 32
BYTES_SHOWN = 72
VARY_LOOK = 1000


@dataclass
class Pair:
    """Expected and received, as lines, and as bytes where these say more."""

    expected: list[str]
    received: list[str]


def heading(text: str) -> str:
    return f"\n{text}\n"


def indent(lines: list[str], by: str = "    ") -> str:
    return "".join(f"{by}{shorten(line)}\n" for line in lines)


def shorten(line: str) -> str:
    return line if len(line) <= 240 else line[:200] + f" … ({len(line)} characters)"


def report(result: Result) -> str:
    """The report of a scenario that failed."""
    failure = result.failure
    assert failure
    scenario = result.scenario
    line = f", line {failure.step.line}" if failure.step else ""
    out = ["=" * WIDTH + "\n"]
    out.append(f"{scenario.name}{line} ({scenario.level}), server: {result.command.label}\n")
    out.append(f"{failure.why}\n")
    out.append(heading("What it teaches"))
    out.append(indent(textwrap.dedent("\n".join(scenario.prose)).strip().splitlines()))
    if scenario.changes:
        out.append(indent([f"Changes later: {text}" for text in scenario.changes]))
    if result.done or failure.step:
        out.append(heading("What was done"))
        out.append(history(result.done, failure.step))
    out.append(comparison(failure))
    out.append(server_part(result.status, result.crash, result.log))
    out.append(heading("Where the book explains it"))
    out.append(indent([scenario.book]))
    out.append(heading("By hand"))
    out.append("".join(f"{line}\n" for line in by_hand(result)))  # not indented: it is to be pasted
    out.append("=" * WIDTH + "\n")
    return "".join(out)


def history(done: list[Done], wrong: Step | None) -> str:
    """The steps so far with their replies; the wrong one is marked."""
    out = []
    if len(done) > HISTORY:
        out.append(f"    … {len(done) - HISTORY} steps before\n")
    for item in done[-HISTORY:]:
        mark = ">>> " if item.step is wrong else "    "
        out.append(f"{mark}{shorten(item.step.source)}\n")
        lines = item.outcome.notation(item.step) if item.step.recorded and item.step.kind != "pause" else []
        if item.step.kind != "action" or lines:
            shown = lines if len(lines) <= 12 else [*lines[:10], f"… {len(lines) - 10} more lines"]
            out.append(indent(shown, "      "))
    if wrong and all(item.step is not wrong for item in done):
        out.append(f">>> {shorten(wrong.source)}\n")
    return "".join(out)


def comparison(failure: Failure) -> str:
    """Expected and received, decoded and as bytes."""
    step, want, outcome = failure.step, failure.want, failure.outcome
    if not step or want is None or outcome is None:
        return ""
    if step.kind == "server":
        pair = Pair(step.reply_lines, outcome.lines or outcome.output.splitlines()[-LOG_LINES:])
        return side_by_side(step, pair)
    if not (step.reply_lines or outcome.data or outcome.closed):
        return ""
    if step.raw:
        return raw_comparison(want, outcome)
    out = side_by_side(step, decoded(step, want, outcome))
    if not step.annotation("like"):
        expected = b"".join(reply.encode() for reply in want.replies)
        if expected != outcome.data:  # else it is about the end of the connection
            out += bytes_part(expected, outcome.data, caret=step.exact or expected[:1] != outcome.data[:1])
    return out


def decoded(step: Step, want: Want, outcome: Outcome) -> Pair:
    expected = step.reply_lines
    received = format_replies(outcome.replies)
    shown = b"".join(reply.encode() for reply in outcome.replies)
    if outcome.data[len(shown) :]:
        received.append(f"(and then the bytes {raw_text(outcome.data[len(shown):][:200])})")
    if outcome.closed:
        received.append(CLOSED)
    return Pair(expected or [NO_REPLY], received or [NO_REPLY])


def side_by_side(step: Step, pair: Pair) -> str:
    """Both decoded, with a caret under the first difference of the first line that differs."""
    row = next(
        (i for i, (a, b) in enumerate(zip(pair.expected, pair.received, strict=False)) if differ(step, a, b)),
        min(len(pair.expected), len(pair.received)),
    )
    # Where elements may come in any order, or a pattern is looked for, no one place is wrong.
    pointed = not step.annotation("unordered") and not step.annotation("like")
    begin = max(0, row - LINES_AROUND)
    end = row + LINES_AROUND
    notes = [f"@{a.name} {a.value}".rstrip() for a in step.annotations]
    out = [heading("Expected"), indent(notes)]
    out.append(indent(window(pair.expected, begin, end)))
    out.append(heading("Received"))
    for number, line in enumerate(window(pair.received, begin, end), begin - (begin > 0)):
        text, column = line, 0
        if number == row and row < len(pair.expected):
            column = first_wrong(step, pair.expected[row], line)
        if column > 120:
            text, column = "… " + line[column - 60 :], 62
        out.append(f"    {shorten(text)}\n")
        if number == row and pointed:
            out.append(" " * (4 + column) + "^\n")
    if row >= len(pair.received) and pointed:
        out.append("    ^ here the reply ends\n")
    return "".join(out)


def window(lines: list[str], begin: int, end: int) -> list[str]:
    """The lines from begin to end, and how many there are around them."""
    before = [f"… {begin} lines before"] if begin else []
    after = [f"… {len(lines) - end} more lines"] if len(lines) > end else []
    return [*before, *lines[begin:end], *after]


def differ(step: Step, expected: str, received: str) -> bool:
    """Whether two lines differ in what an annotation does not excuse."""
    patterns = step.annotation("vary")
    if vary(expected, patterns) == vary(received, patterns):
        return False
    numbers = [re.search(r"-?[0-9.]+", line) for line in (expected, received)]
    for tolerance in step.annotation("within"):
        if numbers[0] and numbers[1]:
            return abs(float(numbers[0][0]) - float(numbers[1][0])) > float(tolerance)
    return True


def first_wrong(step: Step, expected: str, received: str) -> int:
    """The column of the first difference that no annotation excuses."""
    if NO_REPLY in (expected, received):
        return 0
    patterns = step.annotation("vary")
    if not patterns:
        return first_difference(expected, received)
    expected, received = expected[:VARY_LOOK], received[:VARY_LOOK]
    same = vary(received, patterns)[: first_difference(vary(expected, patterns), vary(received, patterns))]
    # What was put out of sight is longer or shorter: find the end of the same text in the line as it is.
    return next((i for i in range(len(received), 0, -1) if vary(received[:i], patterns) == same), 0)


def first_difference(a: str | bytes, b: str | bytes) -> int:
    limit = min(len(a), len(b))
    return next((i for i in range(limit) if a[i] != b[i]), limit)


def bytes_part(expected: bytes, received: bytes, caret: bool) -> str:
    """Both as bytes, around the first difference."""
    out = [heading("As bytes")]
    at = first_difference(expected, received)
    begin = max(0, at - BYTES_BEFORE)
    dots = "… " if begin else ""
    for name, data in (("expected", expected), ("received", received)):
        tail = " …" if len(data) > begin + BYTES_SHOWN else ""
        text = dots + raw_text(data[begin : begin + BYTES_SHOWN]) + tail
        out.append(f"    {name}  {text if data else '(nothing)'}\n")
    if caret and expected != received:
        shown = received[begin : begin + BYTES_SHOWN]
        # How a byte is written depends on what comes after it, so the text up to here is what is left of all.
        column = len(dots) + len(raw_text(shown)) - len(raw_text(shown[at - begin :]))
        out.append(" " * (14 + column) + f"^ byte {at}\n")
    return "".join(out)


def raw_comparison(want: Want, outcome: Outcome) -> str:
    """A raw connection shows its bytes, cut behind each CRLF."""
    out = []
    for name, data, closed in (
        ("Expected", want.data, want.closed),
        ("Received", outcome.data, outcome.closed),
    ):
        lines = [raw_line(line) for line in split_lines(data)] + ([CLOSED] if closed else [])
        out.append(heading(name) + indent(lines or [NO_REPLY]))
    if want.data != outcome.data:
        out.append(bytes_part(want.data, outcome.data, caret=True))
    return "".join(out)


def server_part(status: str, crash: tuple[str, str], log: str) -> str:
    """Whether the server lives, what it said when it failed, the end of its log."""
    out = [heading("The server")]
    out.append(indent([status]))
    title, said = crash
    when = ""
    if said:
        out.append(heading(title))
        out.append(indent(said.expandtabs(4).splitlines()[:CRASH_LINES]))
        if log.endswith(said) and len(said.splitlines()) <= CRASH_LINES:  # it need not be read twice
            log, when = log.removesuffix(said), " before that"
    lines = log.expandtabs(4).splitlines()
    out.append(heading(f"The end of its output{when} ({len(lines)} lines)"))
    out.append(indent(lines[-LOG_LINES:] or ["(nothing)"]))
    return "".join(out)
