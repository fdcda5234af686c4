"""Transcripts of what a server propagates: a command, and below it its effects, one a line.

    > SET session open EX 10
    SET session open PXAT {now+10000}
    > GET session
    (nothing)

An effect is a command, too. A word of it stands as it is where redis-cli would read it so, and
quoted otherwise. {now+10000} is a Unix time in ms, counted from when the command was sent.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from .quoting import LONG, BadQuoting, quote, split_args
from .scenario import Reader, Scenario, Step

NOTHING = "(nothing)"
ANNOTATIONS = ("unordered", "from", "waits")
KINDS = ("command", "pause", "action")
# What the real server puts around the effects of one command, when they are several. The stage
# that writes a log is the first to do so.
GROUP = ("MULTI", "EXEC")
GROUPS_FROM = 9

BARE = re.compile(rb"[A-Za-z0-9_.:*+/=,-]+")
WORD = re.compile(r'(?:"(?:[^"\\]|\\.)*"|\$\((?:"(?:[^"\\]|\\.)*"|[^"()])*\)|[^\s"$])+')
NOW = re.compile(r"\{now([+-][0-9]+)\}")
TIME = re.compile(rb"[0-9]{13}")
NEAR_MS = 10 * 24 * 3600 * 1000  # a number this near to now is taken for a time
ROUND_MS = (1000, 100, 10)  # a time is recorded in the largest of these steps that it allows
SLACK_MS = 50  # a server may have looked at the clock before it read the command


def now_ms() -> int:
    return time.time_ns() // 1_000_000


@dataclass(frozen=True)
class Moment:
    """When a command was done: the Unix time before it was sent, and after its reply had come."""

    before_ms: int
    after_ms: int

    def holds(self, time_ms: int, offset_ms: int) -> bool:
        """Whether a time is this much later than the moment."""
        return self.before_ms - SLACK_MS <= time_ms - offset_ms <= self.after_ms + SLACK_MS

    def offset(self, time_ms: int) -> int:
        """How much later a time is: the roundest number that may be meant."""
        least, most = time_ms - self.after_ms, time_ms - self.before_ms
        rounded = (most // unit * unit for unit in ROUND_MS)
        return next((offset for offset in rounded if offset >= least), most)


Effect = list[bytes]


def plain_text(word: bytes) -> str:
    return word.decode() if BARE.fullmatch(word) and len(word) < LONG else quote(word)


def word_text(word: bytes, moment: Moment) -> str:
    """A word of an effect, as it is recorded."""
    if TIME.fullmatch(word) and abs(int(word) - moment.before_ms) < NEAR_MS:
        return f"{{now{moment.offset(int(word)):+}}}"
    return plain_text(word)


def effect_text(effect: Effect, moment: Moment) -> str:
    """The line of an effect."""
    return " ".join(word_text(word, moment) for word in effect)


def same_word(expected: str, word: bytes, moment: Moment) -> bool:
    if offset := NOW.fullmatch(expected):
        return bool(TIME.fullmatch(word)) and moment.holds(int(word), int(offset[1]))
    return expected == plain_text(word)


def same_effect(line: str, effect: Effect, moment: Moment) -> bool:
    words = WORD.findall(line)
    return len(words) == len(effect) and all(same_word(w, g, moment) for w, g in zip(words, effect, strict=True))


def expected_effects(step: Step, stage: int | None) -> list[str]:
    """The lines of a step's effects, as far as a stage propagates them; None is the real server."""
    lines = [line for line in step.reply_lines if line != NOTHING]
    if stage is not None and stage < GROUPS_FROM:
        lines = [line for line in lines if line not in GROUP]
    return lines


def same_effects(step: Step, effects: Iterable[Effect], moment: Moment, stage: int | None = None) -> bool:
    """Whether these are the effects that a step has."""
    lines = expected_effects(step, stage)
    got = list(effects)
    if len(lines) != len(got):
        return False
    if not step.annotation("unordered"):
        return all(same_effect(line, effect, moment) for line, effect in zip(lines, got, strict=True))
    for line in lines:
        found = next((effect for effect in got if same_effect(line, effect, moment)), None)
        if found is None:
            return False
        got.remove(found)
    return True


class EffectsReader(Reader):
    """Reads a transcript. It is written as a scenario is, but for what stands below a command."""

    required = ("level",)

    def check(self, step: Step) -> None:
        try:
            if step.kind not in KINDS:
                raise BadQuoting(f"a transcript of effects has no {step.kind} step")
            if step.kind == "command" and not split_args(step.text):
                raise BadQuoting("an empty command")
            if step.kind == "action" and step.reply_lines:
                raise BadQuoting("effects stand below a command or a pause")
            for annotation in step.annotations:
                if annotation.name not in ANNOTATIONS:
                    raise BadQuoting(f"@{annotation.name} is not for effects")
            for line in step.reply_lines:
                self.check_line(step, line)
        except (BadQuoting, ValueError) as error:
            raise self.fail(step.line, str(error)) from error

    def check_line(self, step: Step, line: str) -> None:
        if line == NOTHING and len(step.reply_lines) > 1:
            raise BadQuoting("(nothing) stands alone")
        if line != NOTHING and " ".join(WORD.findall(line)) != line:
            raise BadQuoting(f"this is no effect: {line}")


def read_transcript(path: Path) -> Scenario:
    """The transcript in a file."""
    return EffectsReader(path, path.read_text(encoding="utf-8")).read()


def read_transcript_text(text: str, name: str = "00-none/none.effects") -> Scenario:
    """The transcript in a string, for the tests of the harness."""
    return EffectsReader(Path(name), text).read()


def faults(transcript: Scenario) -> list[str]:
    """Why a transcript proves nothing, or not all that it seems to."""
    found = [
        f"{transcript.name}:{step.line}: not recorded: {step.source}"
        for step in transcript.steps
        if not step.reply_lines and step.kind != "action"
    ]
    if all(not expected_effects(step, None) for step in transcript.steps):
        found.append(f"{transcript.name}: no step has an effect, so a server that propagates nothing would pass")
    return found

