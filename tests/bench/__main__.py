"""The command line of the benchmark.

    PYTHONPATH=tests python3 -m bench                        the last stage
    PYTHONPATH=tests python3 -m bench --stage 03 --quick     a first look
    PYTHONPATH=tests python3 -m bench --rows SET,memory --rounds 5
    PYTHONPATH=tests python3 -m bench --with 'mine=./server --port {port}'
    PYTHONPATH=tests python3 -m bench --stages               the price of each concept
    PYTHONPATH=tests python3 -m bench --growth               more keys, more clients
    PYTHONPATH=tests python3 -m bench --builds               building and testing

The stage must be built (`make STAGE=03`); `make bench` does that and calls
the first.  CORE=1 measures the CORE build.  BENCH_WITH in the environment is
one more --with.  Valkey is measured too where tests/requirements-bench.txt is
installed; the targets are about redis-server.  The servers are started with
equal settings on free ports and measured in turn.  What is compared is the CPU time that the operating system counted for
the server process, so that other load on the machine matters little; memory
is its resident set; delays are seen by a client in a process of its own.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from bench import builds, each, growth, kept, report, valkey
from bench.measure import Values, measure
from bench.process import NoServer, Server, raise_file_limit
from bench.rows import PRICED, ROWS, Row
from harness.stages import build_dir, core_build
from harness.terminal import run_program

BUILD = build_dir()
ROOT = Path(__file__).resolve().parents[2]
QUICK = 0.1


def arguments() -> argparse.Namespace:
    """The options, as --help shows them."""
    parser = argparse.ArgumentParser(
        prog="python3 -m bench", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stage", help="number of the stage, by default the "
                        "last one that is built")
    parser.add_argument("--server", default="", help="measure this command "
                        "in place of the stage's server")
    parser.add_argument("--with", dest="others", action="append", default=[],
                        metavar="NAME=COMMAND", help="measure one more")
    parser.add_argument("--no-valkey", action="store_true",
                        help="leave Valkey out, even if it is installed")
    parser.add_argument("--rows", default="", help="only rows whose names "
                        "contain one of these, comma separated")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--quick", action="store_true",
                        help="one round of a tenth of the work")
    parser.add_argument("--list", action="store_true",
                        help="list the rows and end")
    what = parser.add_mutually_exclusive_group()
    for name, text in (("stages", "measure the same rows on every stage that is built"),
                       ("growth", "measure with more and more keys and clients"),
                       ("builds", "measure how long building and testing take")):
        what.add_argument(f"--{name}", dest="what", action="store_const", const=name, help=text)
    parser.set_defaults(what="rows")
    parser.add_argument("--json", type=Path, help="where the data goes, by default into build/bench/")
    return parser.parse_args()


def stage_number(asked: str | None) -> int:
    """The stage that is meant."""
    if asked:
        return int(asked.split("-")[0])
    built = sorted(BUILD.glob("[0-9][0-9]-*/server"))
    if not built:
        raise NoServer("no stage is built: make")
    return int(built[-1].parent.name[:2])


def servers(args: argparse.Namespace, stage: int) -> list[Server]:
    """The real one first, then the stage, then the others."""
    found = sorted(BUILD.glob(f"{stage:02d}-*/server"))
    if not found and not args.server:
        raise NoServer(f"stage {stage:02d} is not built: make "
                       f"STAGE={stage:02d}{' CORE=1' * core_build()}")
    out = [Server(report.BASE, report.BASE),
           Server(f"stage {stage:02d}{' core' * core_build()}",
                  args.server or str(found[0]))]
    if not args.no_valkey and (binary := valkey.find()):
        out.append(Server(valkey.name(binary), binary))
    elif not args.no_valkey:
        print(f"Valkey is not installed: {valkey.HOW}.", file=sys.stderr)
    lines = os.environ.get("BENCH_WITH", "").splitlines()
    for text in [*lines, *args.others]:
        name, equals, command = text.partition("=")
        if not equals:
            raise NoServer(f"--with '{text}': it must be name=command")
        out.append(Server(name.strip(), command))
    return out


def chosen(stage: int, names: str) -> list[Row]:
    """The rows that the stage has, and that were asked for."""
    wanted = [name.strip().lower() for name in names.split(",") if name]
    return [row for row in ROWS if row.since <= stage and (
        not wanted or any(name in row.name.lower() for name in wanted))]


def table(args: argparse.Namespace, group: list[Server], rows: list[Row]) -> list[report.Result]:
    """Measures all rows, each server in turn, and prints as it goes."""
    names = [server.name for server in group[1:]]
    results = []
    print(report.heading(names), flush=True)
    for server in group:
        server.start()
    for row in rows:
        seen: dict[str, list[Values]] = {server.name: [] for server in group}
        least = 1 if args.quick else getattr(row, "rounds", 1)
        for _ in range(max(args.rounds, least)):
            for server in group:
                seen[server.name].append(measure(row, server, args.scale))
        for result in report.parts(row, seen):
            results.append(result)
            print(report.line(result, names))
            if report.extras(result):
                print(report.extras(result), flush=True)
    return results


def summary(results: list[report.Result], group: list[Server]) -> None:
    """How many rows miss their target, and in which another server is better."""
    missed = sum(r.passed(group[1].name) is False for r in results)
    print(f"{len(results)} rows, {missed} miss their target")
    for other in group[2:]:
        slower = report.worse(results, group[1].name, other.name)
        if other.name.startswith("valkey") and slower:
            print(f"worse than {other.name}: {', '.join(slower)}")


def printed(rows: Iterable[dict[str, object]]) -> Iterator[dict[str, object]]:
    """The rows, each printed when it is measured."""
    for row in rows:
        print(f"{row['name']}, {row['unit']}:")
        values = row["value"]
        for name, value in values.items() if isinstance(values, dict) else [("", values)]:
            print(f"  {name:20} {kept.short(value)}", flush=True)
        yield row


def measured(args: argparse.Namespace, group: list[Server]) -> list[dict[str, object]]:
    """Measures what is asked for, with servers that it puts into the group."""
    stage = stage_number(args.stage)
    if args.what == "stages":
        numbered = each.group_of(BUILD)
        group += [server for _, server in numbered]
        rows = chosen(each.LAST, args.rows) if args.rows else [r for r in ROWS if r.name in PRICED]
        return list(printed(each.run(numbered, rows, args.rounds, args.scale)))
    if args.what == "builds":
        name = next((ROOT / "stages").glob(f"{stage:02d}-*")).name
        return list(printed(builds.run(name, args.rounds, args.quick)))
    group += servers(args, stage)
    if args.what == "growth":
        return list(printed(growth.run(group, args.rounds, args.scale)))
    results = table(args, group, chosen(stage, args.rows))
    summary(results, group)
    return [report.as_data(result) for result in results]


def main() -> int:
    """Measures, prints the table and writes the data."""
    args = arguments()
    if args.list:
        for row in ROWS:
            target = f"{row.target:.2f}" if row.target else "-"
            print(f"from {row.since:02d}  {target:>5}  {row.name}")
        return 0
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    raise_file_limit()
    args.scale = QUICK if args.quick else 1.0
    args.rounds = 1 if args.quick else args.rounds
    path = args.json or kept.BENCH / f"{args.what}.json"
    group: list[Server] = []
    try:
        rows = measured(args, group)
    except (NoServer, OSError) as trouble:
        print(trouble, file=sys.stderr)
        return 2
    finally:
        for server in group:
            server.close()
    kept.write(path, rows, {"command": command(args), "stage": stage_number(args.stage),
                            "rounds": args.rounds, "quick": args.quick, "rows": args.rows})
    print(path)
    return 0


def command(args: argparse.Namespace) -> str:
    """The command that measures this again."""
    words = ["make bench", *([] if args.what == "rows" else [f"{args.what.upper()}=1"])]
    words += ["CORE=1"] * core_build()
    return " ".join([*words, "ARGS=--quick"] if args.quick else words)


if __name__ == "__main__":
    run_program(main, cut_short=1)
