"""The commands of the harness. `python3 -m harness --help` lists them."""

from __future__ import annotations

import argparse
import os
import sys

from . import observe, recorder, terminal
from .check import check, hint, run, server_of_workspace, show_board
from .exercises import run_exercise
from .failover import failover as run_failover
from .mutants import run_mutants
from .prove import prove_all, table
from .report import report
from .run_tests import run_tests
from .scenario import Scenario
from .server import ServerCommand, end_on_signals, server_command
from .solutions import run_solution, run_solutions
from .stages import find_stage
from .suite import in_parallel, load, scenario_files


def stage_number(text: str | None) -> int | None:
    return find_stage(text).number if text else None


def record(args: argparse.Namespace) -> int:
    """The scenarios, and what the real server propagates; a name may be one of either."""
    command = server_command(args.server or "redis-server")
    stage = stage_number(args.stage)
    transcripts = observe.load(stage, args.only) if command.real else []
    failed = 0
    names = [name for name in args.only if not name.endswith(".effects")]
    if not transcripts or not args.only or (names and scenario_files(stage, names)):
        scenarios = load(stage, names or args.only)
        failed = check_recorded(scenarios, command) if args.check else write_recorded(scenarios, command)
    if transcripts:
        write_or_check = observe.check_recorded if args.check else observe.write_recorded
        failed += write_or_check(transcripts, command)
    return 1 if failed else 0


def check_recorded(scenarios: list[Scenario], command: ServerCommand) -> int:
    failed = 0
    for scenario in scenarios:
        for step in scenario.steps:
            if not step.recorded:
                print(f"{scenario.name}:{step.line}: not recorded: {step.source}")
                failed += 1
    for result in in_parallel(lambda s: recorder.check(s, command), scenarios):
        if not result.passed:
            failed += 1
            print(report(result))
    replies = sum(s.replies for s in scenarios)
    print(f"{len(scenarios)} scenarios, {replies} recorded replies, {failed} wrong")
    return 1 if failed else 0


def write_recorded(scenarios: list[Scenario], command: ServerCommand) -> int:
    trouble = 0
    for recording in in_parallel(lambda s: recorder.record(s, command), scenarios):
        if recording.changed:
            print(recording.diff())
        for problem in recorder.write(recording):
            print(f"{recording.scenario.name}: {problem}")
            trouble += 1
    replies = sum(s.replies for s in scenarios)
    print(f"{len(scenarios)} scenarios, {replies} replies before; {trouble} problems")
    return 1 if trouble else 0


def prove(args: argparse.Namespace) -> int:
    proofs = prove_all(load(stage_number(args.stage), args.only))
    print(table(proofs), end="")
    return 0 if all(proof.holds for proof in proofs) else 1


def mutants(args: argparse.Namespace) -> int:
    return run_mutants(args.only, args.update)


def test(args: argparse.Namespace) -> int:
    if args.work:
        chosen = server_of_workspace(args.stage)
        return run_tests(*chosen, args.pytest) if chosen else 1
    return run_tests(args.stage, args.server, args.pytest)


def failover(args: argparse.Namespace) -> int:
    return run_failover(args.stage, args.server)


RUN = {
    "check": check,
    "board": show_board,
    "hint": hint,
    "run": run,
    "record": record,
    "observe": observe.run,
    "prove": prove,
    "mutants": mutants,
    "exercise": run_exercise,
    "solution": run_solution,
    "solutions": run_solutions,
    "test": test,
    "failover": failover,
}


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="python3 -m harness", description=__doc__)
    commands = top.add_subparsers(dest="command", required=True)

    def command(name: str, text: str, *, files: bool = True) -> argparse.ArgumentParser:
        one = commands.add_parser(name, help=text, description=text)
        one.add_argument("--stage", default=os.environ.get("STAGE") or None)
        one.add_argument("--server", default=os.environ.get("SERVER") or None)
        if files:
            one.add_argument("only", nargs="*", help="scenarios; a part of the path will do")
        one.set_defaults(run=RUN[name])
        return one

    command("check", "play the scenarios up to a stage; explain the first that fails; the board").add_argument(
        "--next", action="store_true", help="stop at the first that fails, and explain that one alone"
    )
    command("board", "the board alone", files=False)
    command("hint", "a hint for the next scenario; a clearer one each time")
    start = command("run", "become the server of a workspace", files=False)
    start.add_argument("--port", type=int, default=6379)
    start.add_argument("flags", nargs=argparse.REMAINDER, help="flags for it, after --")
    command("record", "write the real server's replies into scenarios").add_argument(
        "--check", action="store_true", help="only compare"
    )
    observed = command("observe", "compare what the stages propagate with what the real server does")
    observed.add_argument("--record", action="store_true", help="write what the real server propagates")
    observed.add_argument("--check", action="store_true", help="with --record: only compare")
    command("prove", "each scenario fails on the stage before and passes from its own on")
    command("mutants", "each patch in tests/mutants must be killed by its test").add_argument(
        "--update", action="store_true", help="rewrite the golden reports"
    )
    exercise = command("exercise", "check what you made of an exercise", files=False)
    exercise.add_argument("ex", help="which: 01.2")
    exercise.add_argument("--start", action="store_true", help="lay a copy of the stage to do it in")
    command("solution", "build one solution of an exercise, and prove it", files=False).add_argument("ex")
    solutions = command("solutions", "each solution in solutions/ must hold", files=False)
    solutions.add_argument("ex", nargs="*", help="those whose number begins so")
    solutions.add_argument("--sanitize", action="store_true", help="build with sanitizers")
    command("failover", "a primary, two replicas and three Sentinels, until Ctrl-C", files=False)
    tests = command("test", "everything, with pytest", files=False)
    tests.add_argument("--work", action="store_true", help="of a workspace: up to its stage, against its server")
    tests.add_argument("pytest", nargs=argparse.REMAINDER, help="arguments for pytest, after --")
    return top


def main() -> int:
    end_on_signals()
    args = parser().parse_args()
    result: int = args.run(args)
    return result


if __name__ == "__main__":
    # A check that was cut short has not passed.
    terminal.run_program(main, cut_short=0 if sys.argv[1:2] in (["board"], ["hint"]) else 1)
