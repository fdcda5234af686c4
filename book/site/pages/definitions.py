"""Definitions in a C source, found as the chapters' quotes find them."""

from __future__ import annotations

from dataclasses import dataclass

from definitions import DEFINED, Source

KINDS = ("function", "struct", "enum", "union", "typedef", "variable", "macro")


@dataclass(frozen=True)
class Definition:
    name: str
    kind: str
    first: int  # the comment above it is a part of it
    last: int


def definitions(path: str, text: str) -> list[Definition]:
    """What a file defines, in its order. A piece with several names goes by its first."""
    if not path.endswith((".c", ".h")):
        return []
    found = []
    for piece in Source(text).pieces:
        names = [name for name, rank in piece.names if rank == DEFINED]
        if piece.kind in KINDS and names:
            found.append(Definition(names[0], piece.kind, piece.start, piece.end))
    return found
