"""Whole commands as atoms, for rows in which several clients have their say."""

from __future__ import annotations

from fuzz.grammar import Arg, Atom, Compiler, Dice


def said(grammar: str) -> Atom:
    """One of the commands of a grammar."""
    emit = Compiler(grammar).emit

    def command(dice: Dice) -> tuple[Arg, ...]:
        return tuple(emit(dice))
    return command
