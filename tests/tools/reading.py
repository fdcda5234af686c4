"""In which order the files of a stage are best read, and what each says of itself.

New files come before changed ones: what stands alone first, then what builds on
it, so layer by layer and, in a layer, a file after those that it includes. Files
that only name what the others bring come last.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

LAYERS = ("store", "net", "command", "persist", "repl", "")  # "" is the root
REGISTRATIONS = ("command/families.h", "main.c", "more.h", "more.c", "Makefile")
KINDS = ("new", "changed", "gone", "same")

INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.MULTILINE)
FIRST_COMMENT = re.compile(r"\s*/\*(.*?)\*/", re.DOTALL)
SENTENCE = re.compile(r"(.+?[.?!:])(?:\s|$)", re.DOTALL)


def unit(path: str) -> str:
    """file.c and file.h are read together."""
    return path.removesuffix(".c").removesuffix(".h")


def depths(texts: Mapping[str, str]) -> dict[str, int]:
    """How many of the files of its layer stand below each unit. In a circle, those begun above do not count."""
    known: dict[str, set[str]] = {}
    for path, text in texts.items():
        layer = path.rpartition("/")[0]
        inside = {unit(target) for target in INCLUDE.findall(text) if target.rpartition("/")[0] == layer}
        known.setdefault(unit(path), set()).update(inside - {unit(path)})
    found: dict[str, int] = {}

    def depth(name: str, above: frozenset[str]) -> int:
        if name not in found:
            below = [one for one in known[name] if one in known and one not in above]
            found[name] = 1 + max((depth(one, above | {name}) for one in sorted(below)), default=-1)
        return found[name]

    for name in sorted(known):
        depth(name, frozenset())
    return found


def in_order(texts: Mapping[str, str], kinds: Mapping[str, str]) -> list[str]:
    """The paths of `kinds` ("new", "changed", "gone" or "same") in the order of reading."""
    deep = {
        kind: depths({path: text for path, text in texts.items() if kinds.get(path) == kind})
        for kind in KINDS
    }

    def place(path: str) -> tuple[object, ...]:
        if path in REGISTRATIONS:
            return (1, REGISTRATIONS.index(path))
        layer, kind = path.rpartition("/")[0], kinds[path]
        at = LAYERS.index(layer) if layer in LAYERS else len(LAYERS)
        depth = deep[kind].get(unit(path), 0)
        return (0, KINDS.index(kind), at, layer, depth, unit(path), not path.endswith(".h"))

    return sorted(kinds, key=place)


def first_sentence(text: str) -> str:
    """The first sentence of the comment that heads a file, without the file's name before it; "" for none."""
    match = FIRST_COMMENT.match(text)
    if not match:
        return ""
    words = " ".join(line.strip().removeprefix("*").strip() for line in match.group(1).splitlines())
    words = re.sub(r"^\w+: +", "", " ".join(words.split()))
    sentence = SENTENCE.match(words)
    found = (sentence.group(1) if sentence else words).rstrip(":")
    return found[:1].upper() + found[1:]
