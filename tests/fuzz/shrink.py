"""Makes a plan that shows a difference as small as it can be made."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from fuzz.generate import Plan, Step, last_command
from fuzz.grammar import Arg
from fuzz.play import Difference

Try = Callable[[Plan], Difference | None]
MOST_TRIES = 3000
MOST_SECONDS = 25.0


class Shrinker:
    """Tries smaller plans, and keeps each one that still differs.

    A smaller plan counts only when it ends with the same command as the
    first one did: another difference is another finding, and another
    subcommand would be compared in another way.
    """

    def __init__(self, attempt: Try, found: Difference) -> None:
        self.attempt = attempt
        self.best = found
        self.name = _names(found.step)
        self.tries = 0
        self.deadline = time.monotonic() + MOST_SECONDS

    def run(self) -> Difference:
        """The smallest difference found."""
        size = -1
        while size != self._size() and not self._spent():
            size = self._size()
            self._drop_steps()
            self._simplify_plan()
            self._simplify_steps()
        return self.best

    def _spent(self) -> bool:
        return self.tries >= MOST_TRIES or time.monotonic() > self.deadline

    def _size(self) -> int:
        steps = self.best.plan.steps
        return len(steps) + sum(_weight(step) for step in steps)

    def _accept(self, plan: Plan) -> bool:
        if self._spent():
            return False
        self.tries += 1
        found = self.attempt(plan)
        if found is None or _names(found.step) != self.name:
            return False
        self.best = found
        return True

    def _drop_steps(self) -> None:
        """Delta debugging: leaves out ever smaller runs of steps."""
        chunk = max(len(self.best.plan.steps) // 2, 1)
        while chunk >= 1:
            at = 0
            while at < len(self.best.plan.steps) - 1:
                steps = self.best.plan.steps
                kept = (*steps[:at], *steps[at + chunk:])
                if at + chunk >= len(steps):
                    kept = (*steps[:at], steps[-1])
                if not self._accept(replace(self.best.plan, steps=kept)):
                    at += chunk
            chunk //= 2

    def _simplify_plan(self) -> None:
        plan = self.best.plan
        if plan.protocol == 3:
            self._accept(replace(plan, protocol=2))
        alone = tuple(replace(s, joined=False) for s in self.best.plan.steps)
        if alone != self.best.plan.steps:
            self._accept(replace(self.best.plan, steps=alone))

    def _simplify_steps(self) -> None:
        at = 0
        while at < len(self.best.plan.steps):
            steps = self.best.plan.steps
            for step in simpler(steps[at]):
                new = (*steps[:at], step, *steps[at + 1:])
                if self._accept(replace(self.best.plan, steps=new)):
                    break
            else:
                at += 1


def _names(step: Step) -> tuple[Arg, ...]:
    """The command, and the subcommand where the row has one."""
    literal = step.row.grammar.split()[1:2]
    count = 2 if literal and literal[0].isupper() else 1
    names = tuple(a.upper() if isinstance(a, bytes) else a
                  for a in step.argv[:count])
    return (*names, b"more") if len(step.argv) > 1 else names


def _weight(step: Step) -> int:
    """How much there is to read in a step."""
    return sum(1 + 2 * len(a) if isinstance(a, bytes) else 3
               for a in step.argv) + (step.link != "a")


def simpler(step: Step) -> Iterator[Step]:
    """Steps that are a little simpler than this one, simplest first."""
    if step.link != "a":
        yield replace(step, link="a")
    if step.row.pause:
        yield replace(step, row=replace(step.row, pause=0.0))
    last = last_command(step.argv)
    for at in range(len(step.argv) - 1, last, -1):
        yield replace(step, argv=step.argv[:at] + step.argv[at + 1:])
    for at in range(last, len(step.argv)):
        for arg in _simpler_arg(step.argv[at], at - last):
            yield replace(step, argv=(*step.argv[:at], arg,
                                      *step.argv[at + 1:]))


def _simpler_arg(arg: Arg, at: int) -> Sequence[Arg]:
    if not isinstance(arg, bytes):
        return ()
    # Upper case is the plainest spelling of a word, and ends the search.
    out: list[Arg] = []
    if arg.upper() != arg and (at == 0 or not arg.islower()):
        out.append(arg.upper())
    if at == 0:
        return out
    plain = (b"a", b"0", b"1")
    if arg not in plain:
        out += [p for p in plain if len(p) < len(arg) or len(arg) > 1]
    size = len(arg)
    if size > 1:
        out += [arg[:size // 2], arg[size // 2:], arg[:-1], arg[1:]]
    return [a for a in out if a != arg]
