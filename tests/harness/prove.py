"""Proves that a scenario tells a stage from the one before.

It must fail on the stage before its own, and pass on its own and on every later one (without FULL=1 the last stands for
these): on the whole builds, and one of level core on the CORE builds as well. Before the first stage there is a server that
hangs up on every client. A core scenario may send core commands only. With BEFORE=1 only the stage before is asked, and
what a scenario sends is read: the rest is what `make test` plays, and `make test CORE=1`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from .lesson import commands_of, more_commands
from .player import play
from .scenario import Scenario
from .server import ServerCommand, stage_command
from .stages import TESTS, Stage, all_stages, build_dir, core_build, sibling, tested
from .suite import in_parallel

Plays = Callable[[Scenario, ServerCommand], bool]


@dataclass
class Proof:
    """What one scenario did: where it passed too early, where it failed, what it sends that is of stages/more/."""

    scenario: Scenario
    passes_before: list[str] = field(default_factory=list)  # builds of the stage before
    fails: list[str] = field(default_factory=list)  # whole builds, from its own stage on
    fails_core: list[str] = field(default_factory=list)  # CORE builds, from its own stage on
    sends: list[str] = field(default_factory=list)

    @property
    def core(self) -> bool:
        return self.scenario.level == "core"

    @property
    def holds(self) -> bool:
        return not (self.passes_before or self.fails or self.fails_core or self.sends)


def nothing() -> ServerCommand:
    """The server before the first stage."""
    script = TESTS / "examples" / "no_server.py"
    return ServerCommand("nothing", (sys.executable, str(script), "--port", "{port}", "{args}"))


def passes(scenario: Scenario, command: ServerCommand) -> bool:
    return play(scenario, command).passed


def name_of(command: ServerCommand) -> str:
    return f"{command.label} with CORE=1" if command.core else command.label


def builds() -> list[bool]:
    """Whether CORE builds are meant, for each kind of build that is looked at: with CORE=1 they alone."""
    return [True] if core_build() else [False, True]


def before_alone() -> bool:
    """Whether BEFORE=1 asks for the stage before and no other."""
    return bool(os.environ.get("BEFORE"))


def prove(scenario: Scenario, stages: list[Stage] | None = None, plays: Plays = passes) -> Proof:
    """Plays a scenario on the stage before, on its own, and on the last, or with FULL=1 on all from its own on."""
    stages = all_stages() if stages is None else stages
    before = [stage for stage in stages if stage.number < scenario.first_stage]
    own = tested([stage for stage in stages if stage.number >= scenario.first_stage])
    proof = Proof(scenario)
    if proof.core and own:
        proof.sends = more_commands(scenario, commands_of(own[0]))
    kinds = [core for core in builds() if proof.core or not core]
    if before_alone():
        own = []
    if not before and plays(scenario, nothing()):
        proof.passes_before.append("a server that hangs up")
    for core in kinds:
        folder = sibling(build_dir(), core)
        if before and plays(scenario, command := stage_command(before[-1], folder)):
            proof.passes_before.append(name_of(command))
        failed = proof.fails_core if core else proof.fails
        failed += [stage.name for stage in own if not plays(scenario, stage_command(stage, folder))]
    return proof


def prove_all(scenarios: list[Scenario]) -> list[Proof]:
    for core in builds():
        folder = sibling(build_dir(), core)
        missing = [s.name for s in all_stages() if not (folder / s.name / "server").exists()]
        if missing:
            raise SystemExit(f"not in {os.path.relpath(folder)}: {', '.join(missing)} (make all{' CORE=1' * core})")
    if core_build():
        scenarios = [scenario for scenario in scenarios if scenario.level == "core"]
    return list(in_parallel(prove, scenarios))


def count(proofs: Iterable[Proof], holds: Callable[[Proof], bool]) -> int:
    return sum(holds(proof) for proof in proofs)


def table(proofs: list[Proof]) -> str:
    """What the proofs say, a row a stage, and every scenario that proves nothing."""
    stages: dict[str, list[Proof]] = {}
    for proof in proofs:
        stages.setdefault(proof.scenario.stage_name, []).append(proof)
    out = ["stage                scenarios  fail before  pass since    core  pass on CORE builds\n"]
    for name, own in stages.items():
        core = [proof for proof in own if proof.core]
        before, after = count(own, lambda p: not p.passes_before), count(own, lambda p: not p.fails)
        on_core = count(core, lambda p: not p.fails_core and not p.sends)
        since = "-" if core_build() or before_alone() else str(after)
        last = "-" if before_alone() else str(on_core)
        out.append(f"{name:20} {len(own):9}  {before:11}  {since:>10}  {len(core):6}  {last:19}".rstrip() + "\n")
    for proof in proofs:
        name = proof.scenario.name
        if proof.passes_before:
            out.append(f"{name}: passes on {', '.join(proof.passes_before)} (the stage before), so it proves nothing\n")
        if proof.fails:
            out.append(f"{name}: fails on {', '.join(proof.fails)}\n")
        if proof.sends:
            out.append(f"{name}: is core, but sends what only stages/more/ has: {', '.join(proof.sends)}\n")
        if proof.fails_core:
            out.append(f"{name}: is core, but fails on the CORE build of {', '.join(proof.fails_core)}\n")
    return "".join(out)


__all__ = ["Proof", "nothing", "prove", "prove_all", "table"]
