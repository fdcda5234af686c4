"""Circles of includes: units that cannot be read one after the other.

A unit is file.c with file.h. It knows the units whose headers it includes.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Mapping
from pathlib import Path

from chain import Stage, built_in, c_files
from csource import without_comments

INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.MULTILINE)
Graph = Mapping[str, set[str]]


def unit(path: str) -> str:
    return path.removesuffix(".c").removesuffix(".h")


def units_of(root: Path, stage: Stage) -> dict[str, set[str]]:
    """Each unit of a stage with common/ and what is built in of more/, and those that it knows."""
    parts = [(stage.path, ""), (root / "common", "common/")]
    parts += [(folder.path, f"more/{folder.name}/") for folder in built_in(root, stage)]
    graph: dict[str, set[str]] = {}
    for folder, prefix in parts:
        for path in c_files(folder):
            name = unit(prefix + path.relative_to(folder).as_posix())
            known = graph.setdefault(name, set())
            for target in INCLUDE.findall(without_comments(path.read_text())):
                beside = prefix == "common/" and "/" not in target
                known.add(unit(prefix + target if beside else target))
            known.discard(name)
    return {name: {other for other in known if other in graph} for name, known in graph.items()}


def way_back(graph: Graph, start: str) -> list[str]:
    """The shortest way from a unit to itself; empty if there is none."""
    before: dict[str, str] = {}
    waiting = deque([start])
    while waiting:
        at = waiting.popleft()
        for known in sorted(graph[at]):
            if known == start:
                way = [at]
                while way[-1] != start:
                    way.append(before[way[-1]])
                return way[::-1]
            if known not in before:
                before[known] = at
                waiting.append(known)
    return []


def circles(graph: Graph) -> list[list[str]]:
    """For each unit that is in a circle its shortest; every circle once, begun at its first name."""
    found: dict[tuple[str, ...], None] = {}
    for name in sorted(graph):
        way = way_back(graph, name)
        if way:
            first = way.index(min(way))
            found[tuple(way[first:] + way[:first])] = None
    return [list(way) for way in found]


def circles_of(root: Path, stage: Stage) -> list[str]:
    """The circles of a stage, each as a path."""
    return [" -> ".join([*way, way[0]]) for way in circles(units_of(root, stage))]
