"""Whether what came back is what was expected, annotations considered."""

from __future__ import annotations

import re

from .notation import format_replies
from .resp import PAIRED, Reply
from .scenario import Annotation, Step

NUMBER = re.compile(rb"-?[0-9]+(\.[0-9]+)?")
AGGREGATES = ("array", "set", "push", "map", "attribute")
VARIES = "…"


def normalise(reply: Reply) -> Reply:
    """The reply with the elements of every aggregate in one order."""
    if reply.kind not in AGGREGATES:
        return reply
    items = [normalise(item) for item in reply.items]
    if reply.kind in PAIRED:
        pairs = sorted(
            zip(items[::2], items[1::2], strict=True), key=lambda p: p[0].encode() + p[1].encode()
        )
        return Reply(reply.kind, reply.text, tuple(item for pair in pairs for item in pair))
    return Reply(reply.kind, reply.text, tuple(sorted(items, key=Reply.encode)))


def close_enough(wanted: Reply, got: Reply, tolerance: float) -> bool:
    """Equal but for numbers, which may differ by tolerance."""
    if wanted == got:
        return True
    if wanted.kind != got.kind or len(wanted.items) != len(got.items):
        return False
    if wanted.items:
        pairs = zip(wanted.items, got.items, strict=True)
        return all(close_enough(w, g, tolerance) for w, g in pairs)
    if NUMBER.fullmatch(wanted.text) and NUMBER.fullmatch(got.text):
        return abs(float(wanted.text) - float(got.text)) <= tolerance
    return False


def vary(text: str, patterns: list[str]) -> str:
    """The text with everything that may vary put out of sight."""
    for pattern in patterns:
        text = re.sub(pattern, VARIES, text, flags=re.MULTILINE)
    return text


def kind_of(line: str) -> str:
    """What a line of notation says of the type of the reply."""
    if line.startswith(('"', "$(")):
        return '"'
    match = re.match(r"\([a-z ]+\)| *1[)~#>|] ", line)
    return match[0].strip() if match else "simple"


def matches_like(patterns: list[str], example: list[str], text: str) -> bool:
    """Every pattern is found in the notation, and the type is that of the example."""
    if example and kind_of(example[0]) != kind_of(text):
        return False
    return all(re.search(pattern, text, re.MULTILINE) for pattern in patterns)


def applies(annotations: list[Annotation], stage: int | None) -> bool:
    """False when the reply of a step is only right from a later stage on."""
    since = [int(a.value.split()[0]) for a in annotations if a.name == "from"]
    return stage is None or not since or stage >= since[0]


def same(step: Step, wanted: list[Reply], got: list[Reply]) -> bool:
    """Whether the replies `got` are right for this step."""
    like = step.annotation("like")
    text = "\n".join(format_replies(got))
    if like:
        return matches_like(like, step.reply_lines, text)
    if len(wanted) != len(got):
        return False
    if step.annotation("unordered"):
        wanted, got = [normalise(r) for r in wanted], [normalise(r) for r in got]
    for tolerance in step.annotation("within"):
        return all(close_enough(w, g, float(tolerance)) for w, g in zip(wanted, got, strict=True))
    patterns = step.annotation("vary")
    if patterns:
        return vary("\n".join(format_replies(wanted)), patterns) == vary(
            "\n".join(format_replies(got)), patterns
        )
    return wanted == got
