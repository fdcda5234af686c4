"""Proves that a scenario tells a stage from the one before.

It must fail on the stage before its own, and pass on its own and on every later one.
Before the first stage stands a server that hangs up on everybody.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from .player import play
from .scenario import Scenario
from .server import ServerCommand, stage_command
from .stages import TESTS, Stage, all_stages
from .suite import in_parallel


@dataclass
class Proof:
    """What one scenario did on the stage before, and on which stages from its own on it failed."""

    scenario: Scenario
    fails_before: bool
    fails_after: list[str]

    @property
    def holds(self) -> bool:
        return self.fails_before and not self.fails_after


def nothing() -> ServerCommand:
    """The server before the first stage."""
    script = TESTS / "examples" / "no_server.py"
    return ServerCommand("nothing", (sys.executable, str(script), "--port", "{port}", "{args}"))


def prove(scenario: Scenario) -> Proof:
    stages = all_stages()
    before = [stage for stage in stages if stage.number < scenario.first_stage]
    own = [stage for stage in stages if stage.number >= scenario.first_stage]
    command = stage_command(before[-1]) if before else nothing()
    return Proof(
        scenario,
        fails_before=not play(scenario, command).passed,
        fails_after=[stage.name for stage in own if not play(scenario, stage_command(stage)).passed],
    )


def prove_all(scenarios: list[Scenario]) -> list[Proof]:
    built = {stage.number for stage in all_stages() if stage.binary.exists()}
    missing = {s.number for s in all_stages()} - built
    if missing:
        raise SystemExit(f"not built: {', '.join(f'{n:02}' for n in sorted(missing))} (make all)")
    return list(in_parallel(prove, scenarios))


def table(proofs: list[Proof]) -> str:
    """What the proofs say, a row a stage, and every scenario that proves nothing."""
    stages: dict[str, list[Proof]] = {}
    for proof in proofs:
        stages.setdefault(proof.scenario.stage_name, []).append(proof)
    out = ["stage                scenarios  fail before  pass since\n"]
    for name, own in stages.items():
        before = sum(proof.fails_before for proof in own)
        after = sum(not proof.fails_after for proof in own)
        out.append(f"{name:20} {len(own):9}  {before:11}  {after:10}\n")
    for proof in proofs:
        if not proof.fails_before:
            out.append(f"{proof.scenario.name}: passes on the stage before, so it proves nothing\n")
        if proof.fails_after:
            out.append(f"{proof.scenario.name}: fails on {', '.join(proof.fails_after)}\n")
    return "".join(out)


__all__ = ["Path", "Proof", "Stage", "nothing", "prove", "prove_all", "table"]
