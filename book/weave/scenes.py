"""Plays scenarios on the server of one step, several at once: `python -m weave.scenes builds 03 [tests/….redis …]`.

By itself pytest would take longer to begin than most steps take to play. Prints a line for each core scenario, as
`pytest -rpf` does. HARNESS_TIMEOUT says how long a reply may take.
"""

from __future__ import annotations

import sys
from pathlib import Path

from harness.player import play
from harness.scenario import read_scenario
from harness.server import end_on_signals, stage_command
from harness.stages import ROOT, find_stage
from harness.suite import in_parallel

AT_ONCE = 8


def main() -> None:
    builds, number, *files = sys.argv[1:]
    end_on_signals()
    command = stage_command(find_stage(number), Path(builds))
    core = [one for one in map(read_scenario, map(Path, files)) if one.level == "core"]
    for result in in_parallel(lambda scenario: play(scenario, command), core, AT_ONCE):
        path = Path(result.scenario.path).resolve().relative_to(ROOT)
        print(f"{'PASSED' if result.passed else 'FAILED'} {path}::{number}", flush=True)


if __name__ == "__main__":
    main()
