"""The command line of the attack.

    PYTHONPATH=tests python3 -m attack --seconds 60
    PYTHONPATH=tests python3 -m attack --replay build/attack/numbers-7.json
    PYTHONPATH=tests python3 -m attack --fuzz rdb --seconds 600

Ends with status 0 when the server bore everything, 1 when it did not: then the
case is in a file of build/attack/. `make attack` calls it, after it has built
the last stage with sanitizers, whole and CORE.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from attack import build, properties
from attack.cases import Case, Maker, read_case
from attack.play import MB, Bounds, Target
from harness.lesson import commands_of
from harness.server import ServerCommand, end_on_signals, stage_command, template_command
from harness.stages import Stage, find_stage

CASES_PER_SERVER = 20
ORDER = ("numbers", "bytes", "numbers", "deaf", "numbers", "bytes", "many")
FUZZ_SHARE = 0.1  # of the seconds, for each libFuzzer target


def arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python3 -m attack", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--stage", default="03", help="whose sanitized build is attacked")
    parser.add_argument("--server", default="", help="attack this instead; {port} stands for the port")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1, help="the first seed; each case takes the next one")
    parser.add_argument("--replay", type=Path, help="play the case of this file again")
    parser.add_argument("--fuzz", choices=[*build.TARGETS], help="only this libFuzzer target, for all of the seconds")
    parser.add_argument("--keep", action="store_true", help="with --fuzz: what was found goes into the corpus")
    parser.add_argument("--core", action="store_true", help="with --replay and --server: commands of the lesson only")
    return parser.parse_args(argv)


def commands(args: argparse.Namespace, stage: Stage) -> list[tuple[str, ServerCommand, bool]]:
    """The servers to attack: what they are called, how they are started, whether they are CORE builds."""
    if args.server:
        return [("server", template_command(args.server), args.core)]
    built = [("whole", build.ROOT / "build-sanitize", False), ("core", build.ROOT / "build-core-sanitize", True)]
    return [(label, stage_command(stage, folder), core) for label, folder, core in built if core or not args.core]


def keep(case: Case, label: str, why: str) -> None:
    """Writes the case that broke something, and says how to play it again."""
    build.OUT.mkdir(parents=True, exist_ok=True)
    path = build.OUT / f"{case.name}.json"
    case.write(path)
    core = " CORE=1" if label == "core" else ""
    print(f"{label}: {case.name}: {why}\n  again: make attack REPLAY={path.relative_to(build.ROOT)}{core}")


def attack(label: str, target: Target, maker: Maker, seed: int, seconds: float) -> int:
    """Plays cases until the time is over or one breaks something. Returns the number of faults."""
    deadline = time.monotonic() + seconds
    played: list[Case] = []
    for number in itertools.count():
        if time.monotonic() >= deadline:
            break
        case = maker.case(ORDER[number % len(ORDER)], seed + number)
        played.append(case)
        why = target.play(case)
        if not why and len(played) % CASES_PER_SERVER == 0:
            why = target.stop()
        if why:
            keep(case, label, why)
            target.stop()
            return 1
    if why := target.stop():
        keep(played[-1], label, why)
        return 1
    return 0


def report(label: str, target: Target) -> None:
    figures = target.figures
    kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(figures.kinds.items()))
    print(
        f"{label}: {figures.cases} cases ({kinds}), {figures.sent / MB:.0f} MB sent; at most {figures.grown // MB} MB grown, "
        f"{figures.silence:.2f} s silent, {figures.per_mb:.3f} s a MB"
    )


def replay(args: argparse.Namespace, stage: Stage) -> int:
    """Plays a file again: a case, or the input of a libFuzzer target."""
    if args.replay.suffix != ".json":
        name = args.replay.name.partition("-")[0]
        why = build.replay(name, build.build(name, stage.source), args.replay)
    else:
        label, command, _ = commands(args, stage)[0]
        target = Target(command, Bounds())
        why = target.play(read_case(args.replay)) or target.stop()
        report(label, target)
        target.stop()
    print(why or f"{args.replay}: nothing is wrong")
    return 1 if why else 0


def fuzz_targets(stage: Stage, names: list[str], seconds: float, seed: int) -> int:
    """libFuzzer on the reader, the configuration, and snapshots. Returns the number of faults."""
    faults = 0
    for name in names:
        why = build.run(name, build.build(name, stage.source), max(1, int(seconds)), seed)
        if why:
            print(f"fuzz_{name}: {why}\n  again: make attack REPLAY=build/attack/{name}-crash-...")
            faults += 1
    return faults


def main(argv: Sequence[str] | None = None) -> int:
    args = arguments(argv)
    end_on_signals()
    stage = find_stage(args.stage)
    if args.replay:
        return replay(args, stage)
    if args.fuzz:
        faults = fuzz_targets(stage, [args.fuzz], args.seconds, args.seed)
        if args.keep and not faults:
            print(f"{build.keep(args.fuzz, build.OUT / f'fuzz_{args.fuzz}')} inputs in the archive of the corpus")
        return faults
    names = [] if args.server else build.targets(stage.source)
    faults = fuzz_targets(stage, names, args.seconds * FUZZ_SHARE, args.seed)
    chosen = commands(args, stage)
    share = args.seconds * (1 - FUZZ_SHARE * len(names)) / len(chosen)
    for label, command, core in chosen:
        if why := properties.run(command, args.seed, max(20, int(args.seconds))):
            print(f"{label}: a property does not hold: {why}")
            faults += 1
        target = Target(command, Bounds())
        maker = Maker(stage.number, commands_of(stage) if core else None)
        faults += attack(label, target, maker, args.seed, share)
        report(label, target)
    print(f"{faults} faults, seed {args.seed}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
