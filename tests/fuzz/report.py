"""A difference as a scenario that one can read, paste and record."""

from __future__ import annotations

from fuzz import wire
from fuzz.grammar import Ref
from fuzz.play import Difference

WIDTH = 1200


def scenario(found: Difference, real: list[bytes], seed: int,
             stage: int) -> str:
    """The plan in the notation of tests/scenarios, with the real server's
    replies, and at its end what was received in place of the last one."""
    lines = [f"# Found by the fuzzer: stage {stage:02d}, seed {seed}."]
    plan = found.plan
    names = sorted({step.link for step in plan.steps})
    several = len(names) > 1
    if plan.protocol == 3:
        for name in names:
            lines.append(prefix(name, several) + "> HELLO 3")
    for index, step in enumerate(plan.steps):
        last = index == len(plan.steps) - 1
        before = plan.steps[index - 1]
        if step.joined and index and before.link == step.link:
            lines.append("# in one write with the command before:")
        for argv in step.commands():
            words = [f"<the {a.what} of {a.link}>" if isinstance(a, Ref)
                     else _word(a) for a in argv]
            who = prefix(step.link, several)
            if words and words[0].startswith("@"):
                who = words.pop(0)[1:]
            lines.append(f"{who}> " + " ".join(words) if words else f"{who}<")
        if last:
            lines.append(_text(found.real))
        elif index < len(real):
            lines.append(_text(real[index]))
        if step.row.pause and not last:
            lines.append(f"# pause {step.row.pause} s")
    lines.append("# received in place of the last reply:")
    lines += ["#   " + line for line in _text(found.other).split("\n")]
    lines.append("#   real bytes:     " + wire.quote(found.real[:WIDTH]))
    lines.append("#   received bytes: " + wire.quote(found.other[:WIDTH]))
    lines += ["# " + line for line in found.crash.split("\n") if line]
    return "\n".join(lines) + "\n"


def prefix(name: str, several: bool) -> str:
    """The name of the connection, where there is more than one."""
    return name if several else ""


def _word(arg: bytes) -> str:
    if len(arg) <= WIDTH:
        return wire.word(arg)
    return f"{wire.word(arg[:20])}...({len(arg)} bytes)"


def _text(raw: bytes) -> str:
    text = wire.notation(raw)
    return text if len(text) <= WIDTH else text[:WIDTH] + " ..."
