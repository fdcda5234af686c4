"""C in colours, line by line.

A file is highlighted as a whole and cut into lines afterwards, so that a comment
over several lines is one in each of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_for_filename
from pygments.util import ClassNotFound

# Tokens in the colour of plain text: half of the page, were they all tagged.
COLOURLESS = re.compile(r'<span class="(?:n|p|w|o|nb)">([^<]*)</span>')
PIECE = re.compile(r"<[^>]*>|&[^;]*;|[^<&]", re.DOTALL)


@cache
def highlighted_lines(path: str, text: str) -> tuple[str, ...]:
    """The lines of a file as HTML; each closes the tags that it opens."""
    try:
        lexer = get_lexer_for_filename(path, stripnl=False)
    except ClassNotFound:
        lexer = get_lexer_for_filename("plain.txt", stripnl=False)
    html = COLOURLESS.sub(r"\1", highlight(text, lexer, HtmlFormatter(nowrap=True)))
    return tuple(html.removesuffix("\n").split("\n"))


def mark(html: str, ranges: Iterable[tuple[int, int]]) -> str:
    """Puts <mark> around ranges of characters of a highlighted line. Tags inside a
    range are kept: the mark is closed before each and opened again behind it."""
    inside = {i for start, end in ranges for i in range(start, end)}
    return "".join(_marked(html, inside))


def _marked(html: str, inside: set[int]) -> Iterator[str]:
    position, is_open = 0, False
    for piece in PIECE.findall(html):
        wanted = not piece.startswith("<") and position in inside
        if is_open and not wanted:
            yield "</mark>"
        if wanted and not is_open:
            yield "<mark>"
        is_open = wanted
        position += not piece.startswith("<")
        yield piece
    if is_open:
        yield "</mark>"
