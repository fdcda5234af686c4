"""The epilogue and the capstones name files and functions that exist: the last stage's with their folder, else Redis's."""

from __future__ import annotations

import re

import pytest

from harness.stages import ROOT, all_stages

PAGES = ("epilogue.md", "capstones.md")
FILE = re.compile(r'[`"]((?:\w+/)?[\w-]+\.c)(?::(\w+))?[`"]')
OF_THE_ROOT = ("main.c", "cron.c", "more.c")
NEW = ("store/bits.c", "command/bitmap.c", "store/hyperloglog.c")  # what the capstones' hints propose
WORDS = range(1800, 3001)


def of_redis() -> dict[str, list[str]]:
    known: dict[str, list[str]] = {}
    for line in (ROOT / "book/redis-functions.tsv").read_text(encoding="utf-8").splitlines():
        file, function, *_ = line.split("\t")
        known.setdefault(file, []).append(function)
    return known


def exists_here(name: str) -> bool:
    folders = [all_stages()[-1].source, *(ROOT / "stages" / "more").glob("*/")]
    places = [ROOT] if name.startswith("common/") else folders
    return any((place / name).is_file() for place in places)


@pytest.mark.parametrize("page", PAGES)
def test_each_file_exists(page: str) -> None:
    known = of_redis()
    found = FILE.findall((ROOT / "book" / page).read_text(encoding="utf-8"))
    assert found
    for name, function in found:
        if "/" in name or name in OF_THE_ROOT:
            assert exists_here(name) or name in NEW, f"{name} is in no stage"
        else:
            assert name in known, f"Redis has no file {name}; one of a stage is written with its folder"
            assert not function or function in known[name], f"Redis has no {function} in {name}"


def test_what_is_counted() -> None:
    known = of_redis()
    text = (ROOT / "book" / "epilogue.md").read_text(encoding="utf-8")
    total = sum(map(len, known.values()))
    map_of_both = text.partition("## The map")[2].partition("## What else")[0]
    named = {name for name, _ in FILE.findall(map_of_both)}
    without = sum(len(functions) for name, functions in known.items() if name not in named)
    assert f"{total:,} functions in {len(known)} files" in text
    assert f"{without:,} of {total:,}, are in files without a row" in text
    assert f"of {len(known['networking.c'])} functions" in text
    assert f"with {len(known['module.c'])} functions" in text
    assert len(text.split()) in WORDS
