"""Builds the libFuzzer targets, and lets them run for a while."""

from __future__ import annotations

import os
import shutil
import subprocess
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HERE = ROOT / "tests" / "attack"
CORPUS = HERE / "corpus"
OUT = ROOT / "build" / "attack"
FLAGS = ["-g", "-O1", "-std=c11", "-D_GNU_SOURCE", "-pthread", "-fsanitize=fuzzer,address,undefined",
         "-fno-sanitize-recover=all"]  # fmt: skip
BACKENDS = ("event_kqueue.c", "event_poll.c")  # they stand in for a file of the stages
MORE = "../more/10-rdb"
# The sources of a stage that a target is about. A stage without them has nothing to attack there.
TARGETS: dict[str, tuple[str, ...]] = {
    "resp": ("net/resp.c",),
    "config": (),
    "rdb": (
        *("store/*.c", "persist/rdb*.c", f"{MORE}/store/*.c"),
        *(f"{MORE}/persist/{name}.c" for name in ("extension", "old_formats", "short", "ziplist")),
    ),
}


def targets(stage: Path) -> list[str]:
    return [name for name, sources in TARGETS.items() if all(any(stage.glob(source)) for source in sources)]


def build(target: str, stage: Path) -> Path:
    """The program of a target; `stage` is the folder of the sources that it reads."""
    OUT.mkdir(parents=True, exist_ok=True)
    program = OUT / f"fuzz_{target}"
    common = [path for path in sorted((ROOT / "common").glob("*.c")) if path.name not in BACKENDS]
    own = [path for name in TARGETS[target] for path in sorted(stage.glob(name))]
    sources = [HERE / f"fuzz_{target}.c", *own, *common]
    subprocess.run(
        ["clang", *FLAGS, "-I", str(ROOT), "-I", str(stage), "-I", str(ROOT / "stages"), "-o", str(program)]
        + [*map(str, sources), "-lm"],
        check=True,
    )
    return program


def corpus(target: str) -> list[Path]:
    """The folders to begin with: what was written for a purpose, and what earlier runs have found."""
    kept, archive = OUT / f"{target}-kept", CORPUS / f"{target}.zip"
    shutil.rmtree(kept, ignore_errors=True)
    kept.mkdir()
    if archive.exists():
        shutil.unpack_archive(archive, kept)
    return [CORPUS / target, kept]


def keep(target: str, program: Path) -> int:
    """Puts those of the inputs that were found into the archive that reach code which the others do not. Returns how many
    there are then."""
    folders = corpus(target)
    merged = OUT / f"{target}-merged"
    shutil.rmtree(merged, ignore_errors=True)
    merged.mkdir()
    reached = [str(program), "-merge=1", "-use_counters=0", "-max_len=4096", str(merged), str(folders[0])]
    subprocess.run(reached, capture_output=True, check=True)  # these stay where they are
    own = {path.name for path in merged.iterdir()}
    subprocess.run([*reached, str(folders[1]), str(OUT / f"{target}-found")], capture_output=True, check=True)
    chosen = sorted(path for path in merged.iterdir() if path.name not in own)
    with zipfile.ZipFile(CORPUS / f"{target}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for path in chosen:
            archive.writestr(zipfile.ZipInfo(path.name), path.read_bytes(), zipfile.ZIP_DEFLATED)
    return len(chosen)


def run(target: str, program: Path, seconds: int, seed: int) -> str | None:
    """Feeds the target for a while, from its corpus on. Returns what went wrong, if something did."""
    found = OUT / f"{target}-found"
    shutil.rmtree(found, ignore_errors=True)
    found.mkdir()
    argv = [str(program), str(found), *map(str, corpus(target)), f"-max_total_time={seconds}", f"-seed={seed % 2**32 or 1}",
            "-max_len=4096", "-timeout=5", "-rss_limit_mb=1024", "-print_final_stats=1",
            f"-artifact_prefix={OUT}/{target}-"]  # fmt: skip
    done = subprocess.run(argv, capture_output=True, text=True, errors="replace", check=False, env={**os.environ})
    runs = [line for line in done.stderr.splitlines() if "number_of_executed_units" in line]
    print(f"fuzz_{target}: {runs[0].split()[-1] if runs else 'no'} inputs in {seconds} s")
    return None if done.returncode == 0 else done.stderr[-4000:]


def replay(target: str, program: Path, path: Path) -> str | None:
    """Gives one input to the target."""
    done = subprocess.run([str(program), str(path)], capture_output=True, text=True, errors="replace", check=False)
    return None if done.returncode == 0 else done.stderr[-4000:]
