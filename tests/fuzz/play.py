"""Plays a plan on two servers at once and finds the first difference."""

from __future__ import annotations

import shlex
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from fuzz import state, wire
from fuzz.compare import agree
from fuzz.counts import Counts
from fuzz.generate import Plan, Step
from fuzz.grammar import BREAK, Arg, Compare, Ref, Row
from fuzz.link import Link
from fuzz.reader import converse
from fuzz.server import Server
from fuzz.walks import SEPARATOR, WALKS, Walk, copied

# A command that nobody knows is answered in every state of a connection.
MARK = b"the-end-of-this-step"
LONG = 10_000
# Commands whose effects outlive the data, and are undone with more effort.
LASTING = frozenset((b"CONFIG", b"ACL"))
PASSWORDS = (b"", b"pw1", b"pw2")
COPIED = Step((b"DEBUG", b"DIGEST"), Row("", walk="copied", strict=True))


class LockedOut(OSError):
    """A plan has set a password that nobody knows, as a mutated one can."""


@dataclass(frozen=True)
class Difference:
    """Where two servers part: the step, and what each one answered.

    `plan` ends with the step that shows it.  `crash` says how a server ended.
    """

    plan: Plan
    real: bytes
    other: bytes
    crash: str = ""

    @property
    def step(self) -> Step:
        """The step that shows the difference."""
        return self.plan.steps[-1]


class Side:
    """One of the two servers, its connections, and how it is reset."""

    def __init__(self, server: Server, stage: int, resets: Sequence[str],
                 params: Sequence[bytes], has_replica: bool = False) -> None:
        self.server = server
        self.replica = (Server(f"replica of {server.name}", server.command, core=server.core, wakes=server.wakes)
                        if has_replica else None)
        self.stage = stage
        self.resets = [[word.encode() for word in shlex.split(line)]
                       for line in resets]
        self.params = params
        self.defaults: dict[bytes, bytes] = {}
        self.links: dict[str, Link] = {}
        self.admin: Link | None = None

    def restart(self) -> None:
        """A fresh server, with its configuration noted."""
        self.drop()
        self.server.restart()
        if self.replica:
            self.control(b"CONFIG", b"SET", b"repl-diskless-sync", b"no")
            self.replica.extra = ("--replicaof", "127.0.0.1", str(self.server.port))
            self.replica.restart()
        if self.stage >= 2:
            for name in self.params:
                reply = wire.decode(self.control(b"CONFIG", b"GET", name))
                if len(reply.items) == 2:
                    self.defaults[name] = reply.items[1].text

    def control(self, *argv: bytes) -> bytes:
        """A command on the connection that no plan uses."""
        return self.control_all([argv])[0]

    def control_all(self, commands: Sequence[Sequence[bytes]]) -> list[bytes]:
        """Several of them, in one write."""
        if self.admin is None or not self.admin.open:
            self.admin = self._let_in()
        self.admin.send(b"".join(map(wire.request, commands)))
        return [self.admin.reply() for _ in commands]

    def _let_in(self) -> Link:
        for password in PASSWORDS:
            link = Link(self.server.port)
            if password:
                link.ask(b"AUTH", password)
            if link.ask(b"PING") == b"+PONG\r\n":
                return link
            link.finish()
        raise LockedOut

    def reset(self, touched: frozenset[bytes]) -> None:
        """Brings the server back to where every plan begins; `touched` are
        the words of the last one that need more than the usual."""
        if self.stage == 0:
            return
        try:
            self._put_back(touched)
        except LockedOut:
            self.restart()

    def _put_back(self, touched: frozenset[bytes]) -> None:
        """Undoes what a plan has done to the whole server."""
        self.control(b"PING")
        commands = [list(argv) for argv in self.resets]
        if b"CONFIG" in touched:
            commands += [[b"CONFIG", b"SET", name, value]
                         for name, value in self.defaults.items()]
        if b"ACL" in touched and self.stage >= 2:
            users = wire.decode(self.control(b"ACL", b"USERS")).items
            commands += [[b"ACL", b"DELUSER", user.text] for user in users
                         if user.text != b"default"]
        self.control_all(commands)

    def connect(self, protocol: int) -> None:
        """Opens the plan's connections, in the same order on both sides."""
        for name in ("a", "b") if self.stage >= 1 else ("a",):
            self.open(name)
            if protocol == 3:
                self.links[name].ask(b"HELLO", b"3")

    def open(self, name: str) -> None:
        """Opens one connection and learns the id that it was given."""
        link = self.links[name] = Link(self.server.port)
        if self.stage >= 1:
            raw = link.ask(b"CLIENT", b"ID")
            link.ident = raw[1:-2] if raw[:1] == b":" else b"0"

    def drop(self) -> None:
        """Closes all connections, also the one for control."""
        self.disconnect()
        if self.admin:
            self.admin.finish()
            self.admin = None

    def close(self) -> None:
        """Stops the server, and its replica."""
        self.drop()
        self.server.close()
        if self.replica:
            self.replica.close()

    def disconnect(self) -> None:
        """Closes the plan's connections."""
        for link in self.links.values():
            link.finish()
        self.links.clear()

    def sick(self) -> bool:
        """True when only a restart makes it usable again."""
        links = [*self.links.values(), *([self.admin] if self.admin else [])]
        ended = not self.server.alive() or (self.replica and not self.replica.alive())
        return bool(ended) or any(x.broken for x in links)

    def real_argv(self, argv: Sequence[Arg]) -> list[bytes]:
        """Arguments with what only the connection knows filled in."""
        return [self._known(a) if isinstance(a, Ref) else a for a in argv]

    def _known(self, ref: Ref) -> bytes:
        link = self.links.get(ref.link) or self.links["a"]
        if ref == BREAK:
            return SEPARATOR
        if ref.what == "laddr":
            return b"127.0.0.1:%d" % self.server.port
        if ref.what == "id" or not link.open:
            return link.ident
        return link.address

    def unnamed(self, step: Step, raw: bytes) -> bytes:
        """An error without the ids and addresses that were sent."""
        for arg in step.argv:
            if raw[:1] == b"-" and isinstance(arg, Ref) and arg != BREAK:
                raw = raw.replace(self._known(arg), b"(known)")
        return raw

    def send(self, steps: Sequence[Step]) -> None:
        """Writes the steps of one pipeline at once."""
        out = []
        for step in steps:
            commands = [self.real_argv(c) for c in step.commands()]
            if len(commands) > 1:
                commands.append([MARK])
            out += [wire.request(argv) for argv in commands]
        self.links[steps[0].link].send(b"".join(out))

    def receive(self, step: Step) -> bytes:
        """The reply to a step that was sent."""
        link = self.links[step.link]
        if len(step.commands()) > 1:
            return link.until(MARK)
        return link.reply()


class Duel:
    """The real server and the one under test, played in step."""

    def __init__(self, real: Server, other: Server, stage: int,
                 resets: Sequence[str], compare: Mapping[str, Compare],
                 params: Sequence[bytes], has_replicas: bool = False) -> None:
        self.has_replicas = has_replicas
        self.counts = Counts()  # those of a campaign know what to count
        self.sides = tuple(Side(s, stage, resets, params, has_replicas)
                           for s in (real, other))
        self.stage = stage
        self.compare = compare
        self.touched: frozenset[bytes] = frozenset()
        self.commands = 0
        self.silences = 0

    def restart(self) -> None:
        """Fresh servers on both sides."""
        for side in self.sides:
            side.restart()

    def close(self) -> None:
        """Stops both servers."""
        for side in self.sides:
            side.close()

    def play(self, plan: Plan, check: bool = True) -> Difference | None:
        """Plays a plan from a clean state.  None when all replies, and then
        (with `check`) the data of both servers, agree."""
        self._prepare(plan)
        difference = self._steps(plan)
        sick = any(side.sick() for side in self.sides)
        if difference is None and check and self.stage >= 2 and not sick:
            difference = self._state(plan)
        if any(side.sick() for side in self.sides):
            self.silences += 1
        crash = self._crash(difference is not None
                            and difference.other.startswith(wire.CLOSED))
        if crash and difference is None:
            difference = Difference(plan, b"", b"", crash)
        elif difference is not None:
            difference = replace(difference, crash=crash)
        for side in self.sides:
            if not side.sick():
                side.disconnect()
        return difference

    def _prepare(self, plan: Plan) -> None:
        if any(side.sick() for side in self.sides):
            self.restart()
        for attempt in (1, 2):
            try:
                for side in self.sides:
                    side.disconnect()
                    side.reset(self.touched)
                    side.connect(plan.protocol)
                break
            except OSError:
                if attempt == 2:
                    raise
                self.restart()
        words = (a.upper() for s in plan.steps for a in s.argv
                 if isinstance(a, bytes))
        self.touched = LASTING & frozenset(words)

    def _steps(self, plan: Plan) -> Difference | None:
        done = 0
        for batch in batches(plan.steps):
            for side in self.sides:
                if not side.links[batch[0].link].open:
                    side.open(batch[0].link)
            found = self._exchange(batch)
            if found is not None:
                at, real, other = found
                steps = plan.steps[:done + at + 1]
                return Difference(replace(plan, steps=steps), real, other)
            done += len(batch)
            if any(side.sick() for side in self.sides):
                break
        return None

    def _exchange(self, batch: list[Step]) -> tuple[int, bytes, bytes] | None:
        """Sends a pipeline to both and compares each pair of replies."""
        self.commands += len(batch)
        walk = WALKS.get(batch[0].row.walk)
        if not walk:
            for side in self.sides:
                side.send(batch)
        for at, step in enumerate(batch):
            got = [side.unnamed(step, raw) for side, raw in
                   zip(self.sides, self._replies(walk, step), strict=True)]
            for argv in step.commands():
                self.counts.command(argv)
            self.counts.reply(got[0], walk is WALKS["crowd"])
            if not agree(self.compare[step.comparison], *got):
                return at, got[0], got[1]
            if got[0] == wire.CLOSED or any(
                    s.links[step.link].broken for s in self.sides):
                break
        if batch[-1].row.pause:
            time.sleep(batch[-1].row.pause)
        return None

    def _replies(self, walk: Walk | None, step: Step) -> list[bytes]:
        """What each side replies to a step.  A walk that waits for something
        in the server does so on both at the same time."""
        def ask(side: Side) -> bytes:
            return (walk(side.links[step.link], side.real_argv(step.argv))
                    if walk else side.receive(step))
        if walk is not WALKS["log"]:
            return [ask(side) for side in self.sides]
        with ThreadPoolExecutor(len(self.sides)) as pool:
            return list(pool.map(ask, self.sides))

    def _state(self, plan: Plan) -> Difference | None:
        """Compares the data sets; a difference becomes a step of the plan.
        Plans that lock everybody out leave nothing to compare."""
        try:
            for side in self.sides:
                side.control(b"PING")
                side.control(b"PING")
        except OSError:
            return None
        real, other = (side.control_all for side in self.sides)
        for select, step, left, right in state.differences(
                real, other, self.stage):
            if agree(self.compare[step.row.reply], left, right):
                continue
            sweep = (state.SWEEP,) if self.stage >= 3 else ()
            steps = (*plan.steps, select, *sweep, step)
            return Difference(replace(plan, steps=steps), left, right)
        return self._copies(plan) if self.has_replicas else None

    def _copies(self, plan: Plan) -> Difference | None:
        """Whether the replicas have the data of their primaries, as a step."""
        left, right = (copied(side.admin, []) if side.admin else b""
                       for side in self.sides)
        if left == right:
            return None
        steps = (*plan.steps, COPIED)
        return Difference(replace(plan, steps=steps), left, right)

    def transcript(self, plan: Plan) -> list[bytes]:
        """The real server's reply to each step of the plan."""
        self._prepare(plan)
        side, replies = self.sides[0], []
        for batch in batches(plan.steps):
            if not side.links[batch[0].link].open:
                side.open(batch[0].link)
            walk = WALKS.get(batch[0].row.walk)
            if not walk:
                side.send(batch)
            for step in batch:
                argv = side.real_argv(step.argv)
                replies.append(walk(side.links[step.link], argv) if walk
                               else side.receive(step))
            time.sleep(batch[-1].row.pause)
        return replies

    def raw(self, pieces: Sequence[bytes]) -> tuple[bytes, bytes]:
        """What both servers answer to raw bytes, from a clean state."""
        if any(side.sick() for side in self.sides):
            self.restart()
        answers = []
        for side in self.sides:
            side.disconnect()
            side.reset(self.touched)
            answers.append(converse(side.server.port, pieces))
        whole = b"".join(pieces).upper()
        self.touched = frozenset(w for w in LASTING if w in whole)
        return answers[0], answers[1]

    def _crash(self, closed: bool) -> str:
        """How a server ended.  One that closed a connection may be about to
        end: it is given a moment."""
        for _ in range(50 if closed else 0):
            if not all(side.server.alive() for side in self.sides):
                break
            time.sleep(0.01)
        for side in self.sides:
            if not side.server.alive():
                return side.server.end() + "\n" + side.server.last_words()
        return ""


def alone(step: Step) -> bool:
    """True for a step that is no part of a pipeline: a conversation, one
    that is followed by a pause, and one with so long a reply that a close
    right behind it could cut it off."""
    return bool(step.row.walk or step.row.pause) or any(
        isinstance(arg, bytes) and len(arg) > LONG for arg in step.argv)


def batches(steps: Sequence[Step]) -> Iterator[list[Step]]:
    """Groups steps that travel in one write."""
    batch: list[Step] = []
    for step in steps:
        apart = alone(step) or (batch and alone(batch[-1]))
        if batch and (apart or not step.joined or step.link != batch[0].link):
            yield batch
            batch = []
        batch.append(step)
    if batch:
        yield batch
