"""The little language in which families of commands are written down.

A row of a family is a command with its options, the way documentation writes
it, and how its reply is compared:

    Row("SET <key> <value> (NX|XX|GET|KEEPTTL)*", weight=20)

    WORD          is sent as it stands      [x]    x or nothing
    <name>        an atom: see `atoms`      (x|y)  one of them
    x*            none to three times       x+     one to three times
    'x*'          a word with signs that mean something here
    x ; y         two commands sent as one step, their replies read together
    @ann x        in a row that walks as a crowd: x comes from a client of that
                  name, which speaks RESP3 if it ends with 3; @ann alone waits
                  until something reaches her

Atoms are a tuple of values to choose from, or a function of the Dice, whose
value may also be a tuple: several arguments that fit together.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Ref:
    """An argument that only the connection knows: its `id`, `addr` or `laddr`."""

    what: str
    link: str


Arg = bytes | Ref
BREAK = Ref("break", "")


@dataclass(frozen=True)
class Row:
    """One way to call a command.

    reply: the name of the comparison in fuzz.compare or the family's own.
    walk: the name of a conversation (fuzz.walks) in place of one exchange.
    since: the first stage that knows it, when later than its family's.
    pause: seconds to wait afterwards.
    strict: never mutate the arguments, they are dangerous.
    more: it has an option that only stages/more/ knows.
    core_until: the last stage whose CORE build answers all that comes after
        it as the real server does.
    """

    grammar: str
    weight: float = 10
    reply: str = "exact"
    walk: str = ""
    since: int = 0
    pause: float = 0.0
    strict: bool = False
    more: bool = False
    core_until: int = 99


@dataclass(frozen=True)
class Family:
    """Commands that belong together, and what undoes their lasting effects.

    reset: commands that bring both servers back to where a sequence begins.
    prepare: commands run once after a server has started.
    more: all of it needs stages/more/.
    core_compare: what takes the place of `compare` on a CORE build.
    """

    name: str
    since: int
    rows: tuple[Row, ...]
    atoms: Mapping[str, Atom] = field(default_factory=dict)
    compare: Mapping[str, Compare] = field(default_factory=dict)
    reset: tuple[str, ...] = ()
    prepare: tuple[str, ...] = ()
    more: bool = False
    core_compare: Mapping[str, Compare] = field(default_factory=dict)


@dataclass
class Dice:
    """All that a generator may look at while it chooses.

    hot: the few keys that this plan is mostly about.
    """

    rng: random.Random
    stage: int
    now_ms: int
    atoms: Mapping[str, Atom]
    params: Sequence[bytes] = ()
    hot: Sequence[bytes] = ()

    def pick(self, name: str) -> list[Arg]:
        """A value of the atom `name`: mostly one argument."""
        atom = self.atoms[name]
        value = atom(self) if callable(atom) else self.rng.choice(atom)
        return list(value) if isinstance(value, tuple) else [value]


Atom = Sequence[bytes] | Callable[[Dice], Arg | tuple[Arg, ...]]
Compare = Callable[[bytes, bytes], bool]
Emit = Callable[[Dice], list[Arg]]
TOKEN = re.compile(r"'[^']*'|<[^>]+>|[\[\]()|*+;]|[^\s\[\]()|*+;<>]+")


class Compiler:
    """Turns a row's grammar into a function that emits arguments."""

    def __init__(self, text: str) -> None:
        self.tokens = TOKEN.findall(text)
        self.words = {t.encode() for t in self.tokens if t[0].isalnum()}
        self.names = {t[1:-1] for t in self.tokens if t[0] == "<"}
        self.at = 0
        self.emit = self._choice()
        if self.at != len(self.tokens):
            raise ValueError(f"unbalanced grammar: {text}")

    def _peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def _next(self) -> str:
        self.at += 1
        return str(self.tokens[self.at - 1])

    def _choice(self) -> Emit:
        ways = [self._series()]
        while self._peek() == "|":
            self._next()
            ways.append(self._series())
        return ways[0] if len(ways) == 1 else lambda d: d.rng.choice(ways)(d)

    def _series(self) -> Emit:
        parts: list[Emit] = []
        while self._peek() not in ("", "|", ")", "]"):
            parts.append(self._repeated(self._item()))
        return lambda d: [arg for part in parts for arg in part(d)]

    def _item(self) -> Emit:
        token = self._next()
        if token in "([":
            inside = self._choice()
            self._next()
            if token == "(":
                return inside
            return lambda d: inside(d) if d.rng.random() < 0.5 else []
        if token[0] == "<":
            name = token[1:-1]
            return lambda d: d.pick(name)
        literal: Arg = BREAK if token == ";" else token.strip("'").encode()
        return lambda d: [literal]

    def _repeated(self, part: Emit) -> Emit:
        if self._peek() not in ("*", "+"):
            return part
        least = 1 if self._next() == "+" else 0

        def several(dice: Dice) -> list[Arg]:
            count = dice.rng.choice((least, 1, 1, 2, 3))
            return [arg for _ in range(count) for arg in part(dice)]
        return several
