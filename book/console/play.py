"""Plays the harness against the stages as the page has them: each module runs behind bridge.js.

    python book/console/play.py 03 12-core -- -k expire

absent.txt names the tests that are left out, with the reason for each. Scenarios alone are played, unless tests are
named after `--`, or FULL=1 asks for the Python tests too.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
ABSENT = HERE / "absent.txt"


def absent() -> dict[str, str]:
    """The tests that are left out -> why."""
    found = {}
    for line in ABSENT.read_text().splitlines():
        if line and not line.startswith("#"):
            test, _, reason = line.partition("  ")
            found[test] = reason.strip()
    return found


def faults() -> list[str]:
    """Lines of the list that have no reason, or whose test is gone."""
    wrong = []
    for test, reason in absent().items():
        file, _, function = test.partition("::")
        if not reason:
            wrong.append(f"{test}: no reason is given")
        elif function and function.split("[")[0] not in (ROOT / file).read_text():
            wrong.append(f"{test}: there is no such test")
        elif not function and not list((ROOT / file).parent.glob(f"{Path(file).name}*")):
            wrong.append(f"{test}: there is no such scenario")
    return wrong


def server(name: str) -> str:
    """The command line of a stage ("03", "03-core"), which allows what the harness allows the real one."""
    words = f"node {HERE / 'bridge.js'} {name} {{args}} --port {{port}}"
    number = int(name.partition("-")[0])
    if number >= 2 and not name.endswith("-core"):
        words += " --enable-debug-command yes"
    return words + (" --save ''" if number >= 10 else "")


def play(name: str, extra: list[str]) -> int:
    number, _, build = name.partition("-")
    environment = {**os.environ, "SERVER": server(name), "PYTHONPATH": str(ROOT / "tests")}
    environment.pop("CI", None)  # tests about the course's own sources are skipped with SERVER
    if build:
        environment["CORE"] = "1"
    tests = [] if any(word.startswith("tests/") for word in extra) or os.environ.get("FULL") else ["tests/scenarios"]
    left_out = [word for test in absent() for word in ("--deselect", test)]
    command = [sys.executable, "-m", "harness", "test", "--stage", number, "--", *tests, *extra, *left_out]
    print(f"{name}:", flush=True)
    return subprocess.run(command, cwd=ROOT, env=environment).returncode


def main() -> int:
    words = sys.argv[1:]
    at = words.index("--") if "--" in words else len(words)
    names, extra = words[:at], words[at + 1 :]
    for fault in faults():
        print(f"{ABSENT.relative_to(ROOT)}: {fault}", file=sys.stderr)
    failed = [name for name in names if play(name, extra)]
    return 1 if failed or faults() else 0


if __name__ == "__main__":
    sys.exit(main())
