"""What it costs to find a place in order: a ZADD and a ZRANK in a listpack, a walked list and a skip list.

    PYTHONPATH=tests python3 book/measure/06_place.py

A sorted set of a certain size is filled with random scores. A ZADD gives a random member a random score, a ZRANK asks
for the rank of a random member; time is what the process uses for one of them. Four servers are measured: the CORE
build of stage 06, packed (zset-max-listpack-entries is high) and not; redis-server, not packed; and what steps of the
chapter leave behind, for the list that is walked: a ZADD after step 19, before nodes have levels, and a ZRANK after step
20, before links have spans. Writes book/data/06-place.csv.
"""

from __future__ import annotations

import argparse
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.asker import Asker
from bench.process import Server, prefer
from harness.wire import command

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/tools"))

from steps import apply  # noqa: E402

OUT = ROOT / "book/data/06-place.csv"
COMMAND = "make book-measure PLOT=06-place"
SIZES = [2**n for n in range(4, 18)]
PACKED_MOST, WALKED_MOST = 2**14, 2**16  # elements; to fill one takes time with the square of that
SCORES = 1_000_000
BATCH = 256
FIRST, MOST = 256, 65_536  # commands of a round, whose time decides how many the next has
ENOUGH = 0.25  # seconds of a round


def arguments() -> argparse.Namespace:
    """The options, as --help shows them."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3, help="the best one counts")
    parser.add_argument("--out", type=Path, default=OUT)
    return parser.parse_args()


def build(work: Path) -> dict[str, Path]:
    """Builds the stage, and what the chapter's steps 19 and 20 leave behind."""
    stages = work / "stages"
    shutil.copytree(ROOT / "stages/06-sorted-sets", stages / "06-sorted-sets")
    shutil.copytree(ROOT / "common", work / "common")
    for name in ("stage.mk", "core.c"):
        shutil.copy(ROOT / "stages" / name, stages)
    before = ROOT / "stages/05-hashes-sets"
    tree = {str(p.relative_to(before)): p.read_text() for p in before.rglob("*") if p.is_file()}
    for number in range(1, 21):
        tree = apply(tree, (ROOT / f"book/steps/06/{number:02}.patch").read_text())
        if number >= 19:
            for path, text in tree.items():
                target = stages / f"06-step-{number}" / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(text)
    found = {}
    for name in ("06-sorted-sets", "06-step-19", "06-step-20"):
        subprocess.run(["make", "-s", "-C", str(stages / name), "CORE=1"], check=True, stdout=subprocess.DEVNULL)
        found[name] = work / f"build-core/{name}/server"
    return found


def fill(asker: Asker, size: int) -> None:
    """Adds members with random scores in no order: neighbours in the list are no neighbours in memory."""
    draw = random.Random(size)
    pairs = [word for n in range(size) for word in (draw.randrange(SCORES), f"m{n:07}")]
    for at in range(0, len(pairs), 2 * BATCH):
        asker.ask([command("ZADD", "z", *pairs[at : at + 2 * BATCH])])


def one(server: Server, asker: Asker, name: str, size: int, rounds: int) -> float:
    """Microseconds of a command."""
    draw = random.Random(6)
    best, count = 1e9, FIRST
    while rounds > 0:
        members = [f"m{draw.randrange(size):07}" for _ in range(count)]
        asked = [command("ZADD", "z", draw.randrange(SCORES), m) if name == "zadd" else command("ZRANK", "z", m) for m in members]
        began = server.cpu_seconds()
        for at in range(0, count, BATCH):
            if any(reply[:1] != b":" for reply in asker.ask(asked[at : at + BATCH])):
                raise SystemExit(f"{server.name}: a reply that is no integer")
        took = server.cpu_seconds() - began
        if took < ENOUGH and count < MOST:
            count *= 4
            continue
        best = min(best, took / count * 1e6)
        rounds -= 1
    return best


def measure(server: Server, size: int, limit: int, names: tuple[str, ...], rounds: int) -> list[float]:
    """The commands of that name, in a sorted set of that size."""
    server.start()
    prefer(server.pid)
    asker = Asker(server.port)
    asker.ask([command("CONFIG", "SET", "zset-max-listpack-entries", limit)])
    fill(asker, size)
    found = [one(server, asker, name, size, rounds) for name in names]
    server.stop()
    return found


def main() -> None:
    """Measures and writes the table."""
    args = arguments()
    with tempfile.TemporaryDirectory() as work:
        built = build(Path(work))
        stage = Server("stage", str(built["06-sorted-sets"]))
        walked = Server("walked", str(built["06-step-19"]))
        counted = Server("counted", str(built["06-step-20"]))
        redis = Server("redis", "redis-server")
        rows = []
        for size in SIZES:
            both = ("zadd", "zrank")
            packed = measure(stage, size, 1_000_000, both, args.rounds) if size <= PACKED_MOST else [0.0, 0.0]
            walk = [0.0, 0.0]
            if size <= WALKED_MOST:
                walk = [measure(walked, size, 0, ("zadd",), args.rounds)[0], measure(counted, size, 0, ("zrank",), args.rounds)[0]]
            skip = measure(stage, size, 0, both, args.rounds)
            real = measure(redis, size, 0, both, args.rounds)
            rows.append([size, *packed, *walk, *skip, *real])
            print(f"{size} elements: {' '.join(f'{n:.2f}' for n in rows[-1][1:])}", flush=True)
        for server in (stage, walked, counted, redis):
            server.close()
    names = [f"{kind}_{name}" for kind in ("packed", "walked", "skip", "redis") for name in ("zadd", "zrank")]
    with args.out.open("w") as out:
        out.write(f"# {COMMAND}\n")
        out.write("# microseconds of a command; 0: not measured\n")
        out.write("elements," + ",".join(names) + "\n")
        for row in rows:
            out.write(f"{row[0]:.0f}," + ",".join(f"{n:.2f}" for n in row[1:]) + "\n")


if __name__ == "__main__":
    main()
