"""Proves that book/features.md names what there is, and prints what `make features` plays on the last stage.

Each row has a feature, the files that have it, and what proves it:

    | Lists: `LLEN` | `stages/04-lists/store/list.c` | `04-lists/06-llen`, `tests/python/test_04_memory.py::test_x` |

A file of a stage is one that the stage begins or changes, and that the last stage still has. A command that a feature
names, as `LLEN`, is sent by one of the row's proofs. Tests of the tools are named but not played: make test-tools does.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from pathlib import Path

from chain import ROOT, all_stages, run_tool

PAGE = "book/features.md"
ROW = re.compile(r"^\| (?!feature \|)(.+?) \| (.+?) \| (.+?) \|$", re.MULTILINE)
QUOTED = re.compile(r"`([^`]+)`")
COMMAND = re.compile(r"[A-Z]{2,}")
STAGE_FILE = re.compile(r"stages/(\d\d-[a-z-]+)/(.+)")
PLAYED = ("tests/scenarios/", "tests/python/")


@dataclass(frozen=True)
class Row:
    feature: str
    code: list[str]
    proofs: list[str]

    @property
    def commands(self) -> list[str]:
        return [word for word in QUOTED.findall(self.feature) if COMMAND.fullmatch(word)]


def read_rows(text: str) -> list[Row]:
    return [Row(feature, QUOTED.findall(code), QUOTED.findall(proofs)) for feature, code, proofs in ROW.findall(text)]


def path_of(proof: str) -> str:
    """The file of a proof: a scenario is named by its stage and its name alone."""
    path = proof.partition("::")[0]
    return path if path.startswith("tests/") else f"tests/scenarios/{path}.redis"


def faults_of(row: Row, root: Path) -> list[str]:
    """What a row names and what there is not."""
    found = [f"{path}: there is no such file" for path in [*row.code, *map(path_of, row.proofs)] if not (root / path).is_file()]
    if not row.code or not row.proofs:
        found.append("it names no code, or no proof")
    if found:
        return found
    last = all_stages(root)[-1]
    for path in row.code:
        if (of_stage := STAGE_FILE.fullmatch(path)) and not (last.path / of_stage[2]).is_file():
            found.append(f"{path}: the last stage has no {of_stage[2]}")
    texts = {proof: (root / path_of(proof)).read_text(encoding="utf-8") for proof in row.proofs}
    for proof, text in texts.items():
        name = proof.partition("::")[2]
        if name and f"def {name}(" not in text:
            found.append(f"{proof}: there is no such test")
    for command in row.commands:
        if not any(re.search(rf"\b{command}\b", text, re.IGNORECASE) for text in texts.values()):
            found.append(f"no proof sends {command}")
    return found


def played(row: Row) -> list[str]:
    """What pytest is told to play."""
    tests = [path_of(proof) + "".join(proof.partition("::")[1:]) for proof in row.proofs]
    return [test for test in tests if test.startswith(PLAYED)]


def main() -> int:
    rows = read_rows((ROOT / PAGE).read_text(encoding="utf-8"))
    faults = [f"{PAGE}: {row.feature}: {fault}" for row in rows for fault in faults_of(row, ROOT)]
    if faults or not rows:
        print("\n".join(faults) or f"{PAGE} has no rows", file=sys.stderr)
        return 1
    print("\n".join(sorted({test for row in rows for test in played(row)})))
    return 0


if __name__ == "__main__":
    run_tool(main)
