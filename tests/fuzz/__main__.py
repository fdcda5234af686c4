"""The command line of the fuzzer.

    PYTHONPATH=tests python3 -m fuzz --stage 02 --seconds 60
    PYTHONPATH=tests python3 -m fuzz --stage 02 --server redis-server
    PYTHONPATH=tests python3 -m fuzz --stage 00 --server './mine --port {port}'
    PYTHONPATH=tests python3 -m fuzz --stage 03 --families strings,expiry

Ends with status 0 when nothing differs, 1 when something does, and 2 when a
server cannot be started.  `make fuzz SECONDS=600 STAGE=03` calls the first.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time

from fuzz.campaign import Campaign, Settings
from fuzz.families import FAMILIES
from fuzz.grammar import Family
from fuzz.server import NoServer, builds, stage_binary
from harness.stages import core_build
from harness.terminal import run_program


def arguments() -> argparse.Namespace:
    """The options, as --help shows them."""
    parser = argparse.ArgumentParser(
        prog="python3 -m fuzz", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stage", help="number of the stage, by default the "
                        "last one that is built: says which commands it has")
    parser.add_argument("--server", default=os.environ.get("SERVER", ""), help="command that starts "
                        "the server under test; {port} stands for the port; "
                        "by default build/NN-name/server")
    parser.add_argument("--seed", type=int, help="first seed; each sequence "
                        "takes the next one")
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--sequences", type=int, default=0,
                        help="stop after so many")
    parser.add_argument("--length", type=int, default=60,
                        help="commands in a sequence")
    parser.add_argument("--findings", type=int, default=1,
                        help="stop after so many differences")
    parser.add_argument("--raw", type=float, default=0.15,
                        help="share of rounds for the raw protocol fuzzer")
    parser.add_argument("--verbose", action="store_true", help="show what "
                        "was left out because it is unstable")
    parser.add_argument("--core", action="store_true", default=core_build(),
                        help="only what the lesson answers, on the CORE "
                        "build; CORE=1 does the same")
    parser.add_argument("--counts", action="store_true", help="end with a "
                        "table: how often each command, option and error ran")
    parser.add_argument("--replicas", action="store_true", help="give each server "
                        "a replica, and compare their data after each sequence; "
                        "without the families that list or close links")
    parser.add_argument("--families", default="", help="comma separated: "
                        + ",".join(f.name for f in FAMILIES))
    return parser.parse_args()


def last_stage(core: bool) -> int:
    """The highest number among the built stages."""
    built = sorted(builds(core).glob("[0-9][0-9]-*/server"))
    return int(built[-1].parent.name[:2]) if built else 3


def chosen(names: str) -> list[Family]:
    """The families by name; all when none is named."""
    wanted = [name for name in names.split(",") if name]
    known = {family.name: family for family in FAMILIES}
    missing = [name for name in wanted if name not in known]
    if missing:
        raise SystemExit(f"no such family: {', '.join(missing)}")
    return [known[name] for name in wanted] if wanted else list(FAMILIES)


def main() -> int:
    """Runs a campaign."""
    args = arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    stage = int(args.stage) if args.stage else last_stage(args.core)
    seed = int(time.time()) * 1000 if args.seed is None else args.seed
    try:
        settings = Settings(
            stage, args.server or stage_binary(stage, args.core), seed, args.seconds,
            args.sequences, args.length, args.findings, args.raw,
            args.verbose, chosen(args.families), args.core, args.counts, args.replicas)
        campaign = Campaign(settings)
        print(f"stage {stage:02d}{' core' * args.core}: {settings.server}, "
              f"seed {seed}",
              file=sys.stderr, flush=True)
        try:
            return campaign.run()
        finally:
            campaign.close()
    except NoServer as trouble:
        print(trouble, file=sys.stderr)
        return 2


if __name__ == "__main__":
    run_program(main, cut_short=1)
