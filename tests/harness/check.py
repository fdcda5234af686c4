"""`check`, `board` and `hint`: what a learner asks, again and again."""

from __future__ import annotations

import argparse
import os
import shlex
import shutil
import signal
import socket
import textwrap
import threading
from collections.abc import Iterable
from datetime import date

from . import board
from .chapter import step_of
from .hints import hints_for
from .player import Result, play, server_args
from .report import report
from .scenario import Scenario
from .server import HOST
from .stages import ROOT, all_stages
from .suite import in_parallel
from .target import WORK, Target, builds_core, choose, chosen_workspace, nothing_yet, prepare, urgency
from .workspace import Progress, read_progress

MANY = 6  # after so many that waited in vain, more than passed, a check has seen enough
BEGIN = "work/ holds no workspace{of}: `make start STAGE={stage}` begins one."


def play_all(scenarios: list[Scenario], target: Target) -> dict[str, Result]:
    """Plays scenarios until all are done, or the server is beyond hope."""
    results: dict[str, Result] = {}
    slow = passed = 0
    for result in in_parallel(lambda s: play(s, target.command), scenarios):
        results[result.scenario.name] = result
        if result.passed:
            passed += 1
            continue
        slow += result.seconds > 2
        plain = not server_args(result.scenario, target.command) and not result.scenario.config
        if (plain and not result.started) or slow >= max(MANY, passed):
            break
    return results


def play_until_one_fails(scenarios: list[Scenario], target: Target) -> dict[str, Result]:
    """Plays scenarios in the order in which they are to pass, up to the first that does not."""
    results: dict[str, Result] = {}
    enough = threading.Event()  # one failed: of those that have not begun, none is asked for

    def one(scenario: Scenario) -> Result | None:
        result = None if enough.is_set() else play(scenario, target.command)
        if result and not result.passed:
            enough.set()
        return result

    for result in in_parallel(one, sorted(scenarios, key=urgency)):
        if not result:
            break
        results[result.scenario.name] = result
        if not result.passed:
            break
    return results


def failures(results: dict[str, Result]) -> list[Result]:
    """Those that failed, as they were played."""
    return [result for result in results.values() if not result.passed]


def next_of(results: dict[str, Result]) -> Result | None:
    """The one to make pass next."""
    return min(failures(results), key=lambda r: urgency(r.scenario), default=None)


def note(target: Target, scenarios: list[Scenario], results: dict[str, Result]) -> Progress:
    """Remembers what the results say: which hints are needed no more, which stage is passed."""
    progress = read_progress(WORK)
    before = (dict(progress.hints), dict(progress.passed))
    for name, result in results.items():
        if result.passed:
            progress.hints.pop(name, None)
    core = [s for s in scenarios if s.level == "core"]
    own = target.workspace.stage if target.workspace else ""
    whole = len(scenarios) == len(target.scenarios()) and any(s.stage_name == own for s in core)
    if whole and all(s.name in results and results[s.name].passed for s in core):
        progress.passed.setdefault(own, date.today().isoformat())
    if before != (progress.hints, progress.passed):
        progress.save()
    return progress


def check(args: argparse.Namespace) -> int:
    target = choose(args.stage, args.server)
    if not prepare(target):
        return 1
    scenarios = target.scenarios(args.only)
    if args.next:
        return check_next(target, scenarios)
    results = play_all(scenarios, target)
    first = next_of(results)
    if first:
        print(report(first))
    progress = note(target, scenarios, results)
    print(draw_board(target, scenarios, results, progress), end="")
    failed = failures(results)
    if failed:
        print(f"\n{len(failed)} failed: " + ", ".join(r.scenario.name for r in failed[:8])
              + (" …" if len(failed) > 8 else ""))
    if len(results) < len(scenarios):
        why = "too many had waited in vain" if any(r.started for r in failed) else "the server does not start"
        print(f"{len(scenarios) - len(results)} were not run, since {why}.")
    if left_out := target.left_out(args.only):
        print(f"\n{left_out}", end="")
    if target.workspace and not args.only:
        print(f"\n{advice(target, scenarios, results)}", end="")
    elif target.stage and not (args.server or args.only):
        of = " of it" if args.stage else ""
        begin = BEGIN.format(of=of, stage=f"{target.stage.number:02}" if args.stage else first_stage())
        print(f"\nThis was stages/{target.stage.name}, the course's own.\n{begin}")
    return 1 if failed or len(results) < len(scenarios) else 0


def first_stage() -> str:
    return f"{all_stages()[0].number:02}"


def check_next(target: Target, scenarios: list[Scenario]) -> int:
    """Explains the next scenario to make pass, and nothing else."""
    results = play_until_one_fails(scenarios, target)
    note(target, scenarios, results)
    failed = next_of(results)
    if not failed:
        print(f"All {len(results)} scenarios pass. {afterwards(target)}")
        return 0
    print(report(failed), end="")
    step = turns_green(failed.scenario) if target.workspace and not target.workspace.server else ""
    print(f"{len(results) - 1} of {len(scenarios)} pass before it. {step}`make hint` gives a hint.")
    return 1


def turns_green(scenario: Scenario) -> str:
    """Which step of the chapter makes a scenario pass; empty where the chapter has no table that says it."""
    step = step_of(scenario)
    return f"Step {step} of the chapter makes it pass. " if step else ""


def afterwards(target: Target) -> str:
    """What to do when a workspace has reached its stage."""
    if not target.workspace or not target.stage:
        return ""
    number = target.stage.number
    compare = "" if target.workspace.server else f"`make diff WORK=1` compares {target.command.label} with the course's. "
    after = next((s for s in all_stages() if s.number > number), None)
    return compare + (f"`make start STAGE={after.number:02}` goes on." if after else "It was the last stage.")


def advice(target: Target, scenarios: list[Scenario], results: dict[str, Result]) -> str:
    """Where a workspace stands, and what to do now."""
    assert target.stage
    name = target.stage.name
    own = [s for s in scenarios if s.stage_name == name]
    passed = [s for s in own if s.name in results and results[s.name].passed]
    earlier = [r for r in failures(results) if r.scenario.stage_name != name]
    core = [s for s in own if s.level == "core" and s not in passed]
    if len(passed) == len(own) and not earlier and target.left_out():
        text = f"{name} is passed: all core scenarios are. `make check MORE=1` goes on with the rest of Redis. {afterwards(target)}"
    elif len(passed) == len(own) and not earlier:
        text = f"{name} is done: every scenario passes. {afterwards(target)}"
    elif earlier:
        text = f"Earlier stages must go on working, and {len(earlier)} of these failures are theirs."
        text += " `make check NEXT=1` explains the next one alone."
    elif not passed:
        before = "All that the stage before can do passes, and" if len(own) < len(scenarios) else "Of"
        text = f"{before} nothing of {name} does yet." if before != "Of" else f"Of {name} nothing passes yet."
        text += " This red is the task. `make check NEXT=1` explains the next one alone, `make hint` gives a hint for it."
    elif not core:
        left = len(own) - len(passed)
        text = f"{name} is passed: all core scenarios are. {left} of the others go further. {afterwards(target)}"
    else:
        text = "`make check NEXT=1` explains the next one alone, `make hint` gives a hint for it."
    return textwrap.fill(text, 92) + "\n"


def draw_board(
    target: Target, scenarios: Iterable[Scenario], results: dict[str, Result], progress: Progress
) -> str:
    """The board, with what the learner has passed when it is about a workspace."""
    rows = board.rows(scenarios, results)
    if target.workspace:
        mine = target.workspace.stage
        for row in rows:
            row.yours = progress.passed.get(row.name) or ("at work" if row.name == mine else "-")
            if row.name > mine:
                row.next, row.not_run = "later", 0
    return board.draw(rows)


def show_board(args: argparse.Namespace) -> int:
    target = choose(args.stage, args.server)
    if not prepare(target):
        return 1
    scenarios = target.scenarios()
    results = {}
    for result in in_parallel(lambda s: play(s, target.command), scenarios):
        results[result.scenario.name] = result
    progress = note(target, scenarios, results)
    if target.workspace:  # the stages to come are shown, and not played
        print(f"{target.workspace.label}\n")
        scenarios = Target(target.command, workspace=target.workspace).scenarios()
    print(draw_board(target, scenarios, results, progress), end="")
    if left_out := target.left_out():
        print(f"\n{left_out}", end="")
    return 0


def hint(args: argparse.Namespace) -> int:
    if not args.server and not chosen_workspace(args.stage):
        of = f" of stage {args.stage}" if args.stage else ""
        raise SystemExit(BEGIN.format(of=of, stage=args.stage or first_stage()))
    target = choose(args.stage, args.server)
    scenarios = target.scenarios(args.only)
    if target.workspace and (nothing := nothing_yet(target.workspace)):
        print(f"{nothing}\n\n{give_hint(min(scenarios, key=urgency), read_progress(WORK))}", end="")
        return 0
    if not prepare(target):
        return 1
    results = play_until_one_fails(scenarios, target)
    progress = note(target, scenarios, results)
    failed = next_of(results)
    if not failed:
        print(f"All {len(results)} scenarios pass: there is nothing to give a hint for. {afterwards(target)}")
        return 0
    print(give_hint(failed.scenario, progress), end="")
    return 0


def workspace_target(stage: str | None) -> Target | None:
    """A workspace, built; None after saying why it can't be started."""
    if not chosen_workspace(stage):
        raise SystemExit(BEGIN.format(of="", stage=stage or first_stage()))
    target = choose(stage, None)
    return target if prepare(target) else None


def server_of_workspace(stage: str | None) -> tuple[str, str] | None:
    """The stage of a workspace and its server, as STAGE= and SERVER= name them. Chooses the core tests for a CORE build."""
    target = workspace_target(stage)
    if not target or not target.workspace or not target.stage:
        return None
    if builds_core(target.workspace):
        os.environ["CORE"] = "1"
    words = shlex.join(target.command.words) if target.workspace.server else f"{target.workspace.binary} --port {{port}}"
    return f"{target.stage.number:02}", words


def run(args: argparse.Namespace) -> int:
    """Becomes the server of a workspace."""
    target = workspace_target(args.stage)
    if not target or not target.workspace:
        return 1
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, args.port))
        except OSError as error:
            other = 7001 if args.port == 7000 else 7000
            reason = f"{error.strerror}. `make run WORK=1 PORT={other}` takes another"
            raise SystemExit(f"Port {args.port}: {reason}.") from error
    data = WORK / "build" / target.workspace.stage / "data"
    data.mkdir(parents=True, exist_ok=True)
    words = target.command.argv(args.port, data, [word for word in args.flags if word != "--"])
    talk = f"redis-cli -p {args.port}" if shutil.which("redis-cli") else "README.md says how to talk to it"
    print(f"{target.workspace.label} on port {args.port}: {talk}. Ctrl-C ends it.", flush=True)
    before = signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # Python ignores it, and the server would inherit that
    try:
        os.execvp(words[0], words)
    except OSError as error:
        raise SystemExit(f"{words[0]} cannot be run: {error.strerror}") from error
    finally:  # the server isn't there: this process goes on as it was
        signal.signal(signal.SIGPIPE, before)


def give_hint(scenario: Scenario, progress: Progress) -> str:
    """The next hint of a scenario; after the last one, the last one and where the book explains it."""
    hints = hints_for(scenario)
    given = progress.hints.get(scenario.name, 0)
    level = min(given + 1, len(hints))
    prose = textwrap.dedent("\n".join(scenario.prose)).strip()
    out = [f"Next: {scenario.name} ({scenario.level})", textwrap.indent(prose, "    "), ""]
    if hints:
        progress.hints[scenario.name] = level
        progress.save()
        out += [f"Hint {level} of {len(hints)}", textwrap.indent(hints[level - 1], "    "), ""]
    else:
        out += ["No hints are written for it: what it teaches stands above, what it sends and expects in", f"    {path_of(scenario)}", ""]
    if level < len(hints):
        out += ["`make hint` once more gives the next one."]
    else:
        last = "This is the last hint. " if hints else ""
        out += [f"{last}The book explains it: {book_of(scenario)}"]
    return "\n".join(out) + "\n"


def path_of(scenario: Scenario) -> str:
    return str(scenario.path.relative_to(ROOT)) if scenario.path.is_relative_to(ROOT) else str(scenario.path)


def book_of(scenario: Scenario) -> str:
    """The chapter's file, and the section."""
    chapter, _, section = scenario.book.partition(", ")
    return f"book/{chapter}.md, {section}" if section else scenario.book
