"""Gives every test here a made-up chain of stages."""

from made_up_chain import chain

__all__ = ["chain"]
