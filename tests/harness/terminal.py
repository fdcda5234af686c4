"""What is printed reaches any terminal: one that knows ASCII alone, and a pipe whose reader has seen enough.

Needs nothing but Python, for the tools use it without the environment of the tests.
"""

from __future__ import annotations

import codecs
import io
import os
import re
import select
import sys
from collections.abc import Callable
from typing import NoReturn

ASCII = {"…": "...", "—": "-", "–": "-", "→": "->", "×": "x", "’": "'", "“": '"', "”": '"'}
INTERRUPTED = 130

# What moves the cursor, changes colours, or turns the text around.
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


def visible(text: str) -> str:
    """The text with its control characters written as escapes; line ends and tabs stay."""

    def escape(found: re.Match[str]) -> str:
        number = ord(found[0])
        return f"\\x{number:02x}" if number < 256 else f"\\u{number:04x}"

    return CONTROL.sub(escape, text.replace("\r\n", "\n"))


def in_ascii(error: UnicodeError) -> tuple[str, int]:
    """For characters that the terminal's encoding lacks."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = error.object[error.start : error.end]
    return "".join(ASCII.get(c) or c.encode("ascii", "backslashreplace").decode() for c in text), error.end


codecs.register_error("in ascii", in_ascii)


def nobody_reads() -> bool:
    """Whether standard output is a pipe that was closed at its other end."""
    poll = select.poll()
    try:
        poll.register(sys.stdout.fileno(), 0)
        return bool(poll.poll(0))
    except (OSError, ValueError):  # there is no such descriptor
        return True


def stop_printing() -> None:
    """What is still to be written goes nowhere, so that Python's end isn't noisy either."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def run_program(main: Callable[[], int | None], cut_short: int = 0) -> NoReturn:
    """Ends the program with main's status, or `cut_short` if its reader was content before: `| head`."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="in ascii")
    try:
        try:
            status: object = main() or 0
        except SystemExit as end:
            status = end.code
        sys.stdout.flush()
    except BrokenPipeError:
        if not nobody_reads():
            raise
        stop_printing()
        status = cut_short
    except KeyboardInterrupt:
        status = INTERRUPTED
    sys.exit(status)  # type: ignore[arg-type]
