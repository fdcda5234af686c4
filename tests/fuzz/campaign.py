"""A run of the fuzzer: sequence after sequence until the time is over."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from fuzz import reader, report, wire
from fuzz.families.configuration import IN_PART, PRIVATE, SETTABLE
from fuzz.generate import Generator, Plan
from fuzz.grammar import Family
from fuzz.link import Link
from fuzz.play import Difference, Duel
from fuzz.server import REAL, Server
from fuzz.shrink import Shrinker
from harness.lesson import commands_of
from harness.stages import find_stage

PROGRESS_SECONDS = 5
SETTLE = 2
LONGEST_LINE = 64 * 1024
UNKNOWN = re.compile(rb"unknown command '([^']+)'")
Signature = tuple[object, ...]
OF_LINKS = ("client", "replication")  # these families list the links of replicas, or close them


@dataclass
class Tally:
    """What a run did."""

    sequences: int = 0
    streams: int = 0
    unstable: int = 0
    unrepeated: int = 0
    repeated: int = 0
    known: int = 0
    findings: int = 0
    missing: int = 0


@dataclass(frozen=True)
class Settings:
    """What the command line asked for."""

    stage: int
    server: str
    seed: int
    seconds: float
    sequences: int
    length: int
    findings: int
    raw: float
    verbose: bool
    families: Sequence[Family]
    core: bool = False
    counts: bool = False
    replicas: bool = False


def gist(raw: bytes) -> bytes:
    """The type of a reply, or the beginning of an error."""
    if raw[:1] != b"-":
        return raw[:1]
    text = re.sub(rb"'[^']*'|[0-9]+|\\x..", b"#", raw)
    return b" ".join(text.split()[:6])


def one_by_one(plan: Plan) -> Plan:
    """The plan without pipelines, where a reply that is missing is missing
    from the command that is to blame."""
    steps = tuple(replace(step, joined=False) for step in plan.steps)
    return replace(plan, steps=steps)


class Campaign:
    """Owns the servers of a run, counts, and prints what it finds."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.tally = Tally()
        self.stage = settings.stage
        commands = commands_of(find_stage(f"{self.stage:02d}"))
        families = [f for f in settings.families
                    if not (settings.replicas and f.name in OF_LINKS)]
        self.generator = Generator(self.stage, families,
                                   core=commands if settings.core else None)
        self.counts = self.generator.counts(
            sorted(commands.lesson | commands.more))
        self.duel = self._duel(settings.server)
        self.twin: Duel | None = None
        self.signatures: set[Signature] = set()
        self.started = time.monotonic()

    def _duel(self, command: str) -> Duel:
        name = f"stage {self.stage:02d}"
        core = self.settings.core and command != REAL
        wakes = not self.settings.core
        return Duel(Server("redis-server", REAL, wakes=wakes),
                    Server(name, command, core=core, wakes=wakes), self.stage,
                    self.generator.resets(), self.generator.compare,
                    list(SETTABLE), self.settings.replicas)

    def close(self) -> None:
        """Stops all servers."""
        self.duel.close()
        if self.twin:
            self.twin.close()

    def run(self) -> int:
        """Fuzzes until the time is over or enough was found."""
        self.duel.counts = self.counts
        self.duel.restart()
        self._learn_parameters()
        self._find_missing()
        seed, shown = self.settings.seed, time.monotonic()
        while not self._done():
            self._round(seed)
            seed += 1
            if time.monotonic() - shown > PROGRESS_SECONDS:
                shown = time.monotonic()
                self._progress()
        self._progress()
        if self.settings.counts and not self.tally.findings:
            seconds = time.monotonic() - self.started
            print(self.counts.table(seconds), flush=True)
        return 1 if self.tally.findings or self.tally.missing else 0

    def _done(self) -> bool:
        played = self.tally.sequences + self.tally.streams
        return (self.tally.findings >= self.settings.findings
                or time.monotonic() - self.started > self.settings.seconds
                or 0 < self.settings.sequences <= played)

    def _learn_parameters(self) -> None:
        """The parameters that both servers have, from CONFIG GET."""
        if self.stage < 2:
            return
        known = []
        for side in self.duel.sides:
            reply = wire.decode(side.control(b"CONFIG", b"GET", b"*"))
            known.append({item.text for item in reply.items[::2]})
        both = known[0] & known[1] - PRIVATE
        if self.settings.core:
            both -= IN_PART
        self.generator.params = tuple(sorted(both))

    def _find_missing(self) -> None:
        """Commands that the stage does not know at all are one finding, and
        are not sent any more."""
        missing = []
        for name in self.generator.names():
            probe = Link(self.duel.sides[1].server.port)
            if probe.ask(name, *[b"x"] * 12).startswith(b"-ERR unknown comm"):
                missing.append(name)
            probe.finish()
        if missing:
            self.tally.missing = len(missing)
            print("# commands that the stage does not know: "
                  + b" ".join(missing).decode(), flush=True)
            self.generator.forget(missing)
        self.duel.restart()

    def _round(self, seed: int) -> None:
        """One sequence or one raw stream, as the seed has it."""
        if seed % 100 < self.settings.raw * 100:
            self.tally.streams += 1
            self._raw(seed)
            return
        self.tally.sequences += 1
        plan = self.generator.sequence(seed, self.settings.length)
        found = self.duel.play(plan)
        if found is None:
            return
        if self._seen_before(self._sign(found, b"long")):
            return
        if self._unstable(found.plan):
            self._noise(seed, found.plan.steps[-1].argv, found.real,
                        found.other)
            return
        self._found(seed, plan, found)

    def _unstable(self, plan: Plan) -> bool:
        """True when the real server does not agree with itself on it."""
        twin = self._twin()
        return any(twin.play(plan) for _ in range(SETTLE))

    def _sign(self, found: Difference, form: bytes) -> Signature:
        """What makes two differences look like the same one: the words of
        the command, and the replies but for their numbers."""
        words = tuple(a.upper() for a in found.step.argv[:2]
                      if isinstance(a, bytes)
                      and a.upper() in self.generator.words)
        return form, words, gist(found.real), gist(found.other)

    def _seen_before(self, sign: Signature) -> bool:
        """True for what looks like a difference that was shown."""
        if sign in self.signatures:
            self.tally.repeated += 1
            return True
        self.signatures.add(sign)
        return False

    def _noise(self, seed: int, said: Sequence[object], real: bytes,
               other: bytes) -> None:
        """Counts what even two real servers do not agree on."""
        self.tally.unstable += 1
        if self.settings.verbose:
            print(f"unstable, seed {seed}: {said}\n  {real[:300]!r}\n  "
                  f"{other[:300]!r}", file=sys.stderr)

    def _twin(self) -> Duel:
        if self.twin is None:
            self.twin = self._duel(REAL)
            self.twin.restart()
        return self.twin

    def _found(self, seed: int, plan: Plan, found: Difference) -> None:
        print(f"seed {seed}: a difference after {len(found.plan.steps)} "
              "commands, shrinking", file=sys.stderr, flush=True)
        again = self._repeated(one_by_one(plan)) or self._repeated(found.plan)
        if again is None and not found.crash:
            self.tally.unrepeated += 1
            print("# could not be repeated, and is not counted")
        elif again is None:
            self.tally.findings += 1
            print("# a crash that could not be repeated")
        else:
            found = Shrinker(self._attempt, again).run()
            if self._seen_before(self._sign(found, b"short")):
                return
            self.tally.findings += 1
        print(report.scenario(found, self._replies(found.plan), seed,
                              self.stage))
        print(self._repeat(seed), flush=True)

    def _repeated(self, plan: Plan) -> Difference | None:
        """The same difference once more, on fresh servers."""
        self.duel.restart()
        for _ in range(1 + SETTLE):
            again = self.duel.play(plan)
            if again is not None:
                return again
        return None

    def _attempt(self, plan: Plan) -> Difference | None:
        """Plays a smaller plan; twice when it differs, to be sure."""
        found = self.duel.play(plan, check=False)
        return found and self.duel.play(plan, check=False)

    def _replies(self, plan: Plan) -> list[bytes]:
        """The real server's replies, for the report."""
        return self._twin().transcript(plan)

    def _raw(self, seed: int) -> None:
        stream = reader.stream(self.generator, seed)
        found = self._compare_raw(stream)
        if found is None:
            return
        if self._excused(found):
            self.tally.known += 1
            return
        if not all(self._compare_raw(stream) for _ in range(SETTLE)):
            self.tally.unrepeated += 1
            return
        if any(self._twin().raw(found.stream.pieces)[0] != found.real
               for _ in range(SETTLE)):
            self._noise(seed, found.stream.pieces, found.real, found.other)
            return
        if self._seen_before((gist(found.real), gist(found.other))):
            return
        small = reader.shrink(self._compare_raw, found)
        if self._excused(small):  # the whole held more than one difference
            self.tally.known += 1
            return
        self.tally.findings += 1
        print(reader.report(small, seed, self.stage))
        print(self._repeat(seed), flush=True)

    def _excused(self, found: reader.RawDifference) -> bool:
        """True for what is gone without NUL bytes; where mutation made a
        command that the stage does not have; and where it depends on how
        much one read brings whether a line is too long or wrong."""
        whole = found.stream.whole
        if len(whole) > LONGEST_LINE and (
                all(b"Protocol error" in x for x in (found.real, found.other))
                or reader.agree_before_long_line(found.real, found.other)):
            return True
        if b"\0" in whole:
            printable = self._compare_raw(found.stream.printable())
            if printable is None or self._excused(printable):
                return True
        here = self.generator.names()
        return any(name.upper() not in here and b"'" + name not in found.real
                   for name in UNKNOWN.findall(found.other))

    def _compare_raw(self, stream: reader.Stream
                     ) -> reader.RawDifference | None:
        real, other = self.duel.raw(stream.pieces)
        if real == other:
            return None
        return reader.RawDifference(stream, real, other)

    def _repeat(self, seed: int) -> str:
        names = ",".join(f.name for f in self.settings.families)
        return ("# again: PYTHONPATH=tests python3 -m fuzz --stage "
                f"{self.stage:02d} --server '{self.settings.server}' --seed "
                f"{seed} --sequences 1 --length {self.settings.length}"
                f"{' --core' * self.settings.core}{' --replicas' * self.settings.replicas} "
                f"--families {names}\n")

    def _progress(self) -> None:
        seconds = time.monotonic() - self.started
        tally = self.tally
        print(f"{seconds:6.0f} s  {tally.sequences} sequences "
              f"({tally.sequences / seconds:.0f}/s), {self.duel.commands} "
              f"commands ({self.duel.commands / seconds:.0f}/s), "
              f"{tally.streams} raw streams, {tally.findings} differences "
              f"(and {tally.repeated} alike), "
              f"{tally.unstable} unstable, {tally.unrepeated} unrepeated, {tally.known} known, "
              f"{self.duel.silences} silences", file=sys.stderr, flush=True)
