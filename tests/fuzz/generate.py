"""Makes sequences of commands from the families' rows, and spoils some."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from fuzz import values
from fuzz.compare import COMPARE
from fuzz.counts import Counts, options_in
from fuzz.grammar import (BREAK, Arg, Atom, Compare, Compiler, Dice, Emit,
                          Family, Row)
from fuzz.lesson import in_lesson, named
from harness.lesson import Commands

ENDLESS = re.compile(rb"-\d{7,}")  # so many elements are drawn one by one
KEYS = 2  # the stage from which on there are keys, and FLUSHALL
EXPIRY = 3  # the stage from which on keys expire
# Weights say what matters most, and yet no row may be rare: they are levelled.
LEAST = 2.5
SPOIL = 0.10
TWIDDLE = 0.15
SECOND_LINK = 0.08
JOINED = 0.85


def split(argv: Sequence[Arg]) -> list[tuple[Arg, ...]]:
    """The commands of a row that may be several."""
    out: list[list[Arg]] = [[]]
    for arg in argv:
        if arg == BREAK:
            out.append([])
        else:
            out[-1].append(arg)
    return [tuple(command) for command in out]


def last_command(argv: Sequence[Arg]) -> int:
    """Where the last command of a row begins."""
    return len(argv) - len(split(argv)[-1])


@dataclass(frozen=True)
class Step:
    """One command (or several, sent as one) on one connection.

    joined: sent in one write with the step before it, as a pipeline.
    spoiled: it may have become another command than its row's, so that
    only the type of the reply is compared.
    """

    argv: tuple[Arg, ...]
    row: Row
    link: str = "a"
    joined: bool = False
    spoiled: bool = False

    @property
    def comparison(self) -> str:
        """The name of the comparison of its replies."""
        if self.argv[1:] and self.argv[1] in (b"HELP", b"help", b"Help"):
            return "opening"
        return "kind" if self.spoiled else self.row.reply

    def commands(self) -> list[tuple[Arg, ...]]:
        """The commands of this step, mostly one."""
        return split(self.argv)


@dataclass(frozen=True)
class Plan:
    """The steps, and the protocol that each connection speaks."""

    steps: tuple[Step, ...]
    protocol: int = 2


class Generator:
    """Everything that can be said to a stage by the chosen families.

    core: the commands by which it is known what a CORE build can answer;
    without them the whole build is meant.
    """

    def __init__(self, stage: int, families: Sequence[Family],
                 params: Sequence[bytes] = (),
                 core: Commands | None = None) -> None:
        self.stage = stage
        self.core = core
        self.families = [f for f in families if f.since <= stage
                         and not (f.more and core)]
        self.params = tuple(params)
        self.atoms: dict[str, Atom] = dict(values.ATOMS)
        self.compare: dict[str, Compare] = dict(COMPARE)
        self.rows: list[Row] = []
        self.emits: list[Emit] = []
        words: set[bytes] = set()
        for family in self.families:
            self.atoms.update(family.atoms)
            self.compare.update(family.compare)
            if core:
                self.compare.update(family.core_compare)
        for family in self.families:
            for row in family.rows:
                if row.since <= stage and (core is None or (
                        stage <= row.core_until and in_lesson(row, core))):
                    words |= self._add(self._swept(row))
        self.words = sorted(words)
        self.weights = [max(row.weight, LEAST) ** 0.5 for row in self.rows]

    def _swept(self, row: Row) -> Row:
        """DBSIZE also counts what has expired, which a SCAN from another
        cursor than 0 may have met on one server only, and which a CORE build
        removes in the background: these keys go before it is asked."""
        counts = self.stage >= EXPIRY and row.grammar == "DBSIZE"
        return replace(row, walk="swept") if counts else row

    def resets(self) -> list[str]:
        """What undoes the lasting effects of the families' rows, and what they stored."""
        lines = [line for family in self.families for line in family.reset]
        lines += ["FLUSHALL"] * (self.stage >= KEYS)
        return [line for line in lines if self.core is None
                or in_lesson(Row(line), self.core)]

    def counts(self, subcommands: Sequence[str]) -> Counts:
        """Counts of nothing yet, which know what may be counted."""
        pairs = [name.upper().encode().split(b"|") for name in subcommands]
        containers = frozenset(pair[0] for pair in pairs if len(pair) > 1)
        known = {b" ".join(pair) for pair in pairs} - containers
        options: dict[bytes, frozenset[bytes]] = {}
        for row in self.rows:
            called = list(named(row.grammar))
            words = options_in(Compiler(row.grammar).words)
            if ";" in row.grammar:  # whose options are they?
                words = frozenset()
            for command, _ in called:
                words -= {command.upper().encode()}
            for command, second in called:
                first = command.upper().encode()
                subs = [sub.upper().encode() for sub in second]
                if first not in containers:
                    options[first] = options.get(first, frozenset()) | words
                    continue
                for name in [b" ".join((first, sub)) for sub in subs] or [first]:
                    if name in known or name == first:
                        mine = words - {*subs}
                        options[name] = options.get(name, frozenset()) | mine
        return Counts(containers, options)

    def _add(self, row: Row) -> set[bytes]:
        compiled = Compiler(row.grammar)
        unknown = compiled.names - set(self.atoms)
        if unknown or row.reply not in self.compare:
            raise ValueError(f"{row.grammar}: no {unknown or row.reply}")
        self.rows.append(row)
        self.emits.append(compiled.emit)
        return compiled.words

    def names(self) -> list[bytes]:
        """The commands that the rows name in so many words."""
        words = {row.grammar.split()[0].encode() for row in self.rows}
        if any(row.walk == "monitor" for row in self.rows):
            words.add(b"MONITOR")
        return sorted(w for w in words if w in self.words or w == b"MONITOR")

    def forget(self, names: Sequence[bytes]) -> None:
        """Leaves out the rows of these commands."""
        for at, row in enumerate(self.rows):
            commands = [part.split()[0] for part in row.grammar.split(";")]
            commands.append(row.walk.upper())
            if any(name.encode() in names for name in commands):
                self.weights[at] = 0
        self.words = [word for word in self.words if word not in names]

    def sequence(self, seed: int, length: int) -> Plan:
        """The sequence of a seed: always the same for the same stage."""
        rng = random.Random(seed)
        now_ms = int(time.time()) * 1000
        dice = Dice(rng, self.stage, now_ms, self.atoms, self.params,
                    rng.sample(values.KEYS, 3))
        # A few rows are preferred in each sequence, so that commands that
        # belong together meet more often than pure chance would have them.
        favoured = [w * rng.choice((0.2, 1, 1, 3)) for w in self.weights]
        indexes = rng.choices(range(len(self.rows)), favoured, k=length)
        steps = tuple(self._step(dice, index) for index in indexes)
        protocol = 3 if rng.random() < 0.4 else 2
        return Plan(steps, protocol)

    def _step(self, dice: Dice, index: int) -> Step:
        rng, row, wrong = dice.rng, self.rows[index], False
        argv = self.emits[index](dice)
        begins = last_command(argv)
        last = argv[begins:]
        whole = all(isinstance(arg, bytes) for arg in last)
        spoils = whole and not row.strict and row.walk not in ("crowd", "followed")
        if spoils and rng.random() < SPOIL:
            spoiled = self._spoil(dice, list(last))
            if spoiled and not dangerous(spoiled):
                wrong = row.reply != "exact" or spoiled[:2] != last[:2]
                argv = [*argv[:begins], *spoiled]
        if rng.random() < TWIDDLE:
            argv = [self._twiddle(rng, arg) for arg in argv]
        second = self.stage >= 1 and rng.random() < SECOND_LINK
        joined = rng.random() < JOINED
        return Step(tuple(argv), row, "b" if second else "a", joined, wrong)

    def _twiddle(self, rng: random.Random, arg: Arg) -> Arg:
        if not isinstance(arg, bytes) or arg not in self.words:
            return arg
        return rng.choice((arg.lower(), arg.title(), arg.swapcase(), arg))

    def _spoil(self, dice: Dice, argv: list[Arg]) -> list[Arg]:
        """Makes a command wrong in a way that clients make it wrong."""
        rng = dice.rng
        at = rng.randrange(1, len(argv)) if len(argv) > 1 else 0
        way = rng.randrange(8)
        if way == 0:
            argv.append(self._odd(dice))
        elif at == 0:
            return argv * 2 if way == 1 else argv
        elif way == 1:
            del argv[at]
        elif way == 2:
            argv.insert(at, argv[at])
        elif way == 3:
            other = rng.randrange(1, len(argv))
            argv[at], argv[other] = argv[other], argv[at]
        elif way == 4:
            del argv[at:]
        else:
            argv[at] = self._odd(dice)
        return argv

    def _odd(self, dice: Dice) -> Arg:
        if dice.rng.random() < 0.5:
            return dice.rng.choice(self.words)
        return dice.pick("odd")[0]

    def requests(self, seed: int, count: int) -> list[tuple[bytes, ...]]:
        """Commands with one exact reply each, for the raw fuzzer."""
        rng = random.Random(seed)
        dice = Dice(rng, self.stage, 0, self.atoms, self.params)
        plain = [i for i, row in enumerate(self.rows)
                 if row.reply == "exact" and not row.walk and not row.strict
                 and not row.grammar.startswith("ACL SETUSER")]
        if not plain:  # of the chosen families
            return [(b"PING",)] * count
        weights = [self.weights[i] for i in plain]
        out: list[tuple[bytes, ...]] = []
        for index in rng.choices(plain, weights, k=count):
            argv = self.emits[index](dice)
            for command in split(argv):
                out.append(tuple(a for a in command if isinstance(a, bytes)))
        return out


def dangerous(argv: Sequence[Arg]) -> bool:
    """True for what a spoiled command must not become: it would stop or
    stall a server, silence a connection, or be an ACL rule that no stage
    has."""
    words = [a.upper() for a in argv if isinstance(a, bytes)]
    name, sub = (words + [b"", b""])[:2]
    if name in (b"SHUTDOWN", b"DEBUG", b"MONITOR"):
        return True
    if name.endswith(b"RAND" + (b"FIELD" if name[:1] == b"H" else b"MEMBER")) and len(words) > 2:
        return bool(ENDLESS.fullmatch(words[2]))
    if name in (b"XREAD", b"XREADGROUP") and b"BLOCK" in words:
        return True
    if name == b"ACL":
        return sub in (b"SAVE", b"LOAD", b"LOG") or any(
            word[:1] in b"+-" and word[1:] != b"@ALL" for word in words[3:])
    return name == b"CLIENT" and sub in (b"PAUSE", b"REPLY")
