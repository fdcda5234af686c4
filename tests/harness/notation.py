"""Replies as text, in the notation of redis-cli, and back without a loss.

    OK                  a simple string          (error) ERR …     an error
    "OK"                a bulk string            (integer) 3       an integer
    (nil)               the null bulk $-1        (nil array)       the null array *-1
    1) "a"              an array                 (empty array)
    1~ "a"              a set                    (empty set)
    1# "a" => "b"       a map                    (empty hash)
    1> "a"              a push                   (empty push)
    1| "a" => "b"       an attribute
    (null)              RESP3's null             (double) 3.14     a double
    (true) (false)      booleans                 (big number) 12   a big number
    (verbatim) "txt:…"  a verbatim string        (bulk error) "…"  an error with a length

Where redis-cli prints two different replies alike, the names in parentheses keep
them apart. A simple string that could be taken for something else is written as
(simple) "…", such an error as (error) "…".
"""

from __future__ import annotations

import re

from .quoting import BadQuoting, quote, unquote
from .resp import LINE_TEXT, PAIRED, Reply

MARKS = {"array": ")", "set": "~", "map": "#", "push": ">", "attribute": "|"}
KIND_OF_MARK = {mark: kind for kind, mark in MARKS.items()}
EMPTY = {
    "array": "(empty array)",
    "set": "(empty set)",
    "map": "(empty hash)",
    "push": "(empty push)",
    "attribute": "(empty attribute)",
}
KIND_OF_EMPTY = {text: kind for kind, text in EMPTY.items()}
FIXED = {
    "(nil)": Reply("nil"),
    "(nil array)": Reply("nilarray"),
    "(null)": Reply("null"),
    "(true)": Reply("boolean", b"t"),
    "(false)": Reply("boolean", b"f"),
}
TEXT_OF_FIXED = {reply: text for text, reply in FIXED.items()}
NAMED = {"integer": "integer", "double": "double", "bignum": "big number"}
KIND_OF_NAME = {name: kind for kind, name in NAMED.items()}
QUOTED = {"simple": "simple", "verbatim": "verbatim", "bulkerror": "bulk error", "error": "error"}
KIND_OF_QUOTED = {name: kind for kind, name in QUOTED.items()}

# A simple string that can stand as it is: nothing else in a scenario begins so.
PLAIN = re.compile(r"(?![a-z][a-z0-9-]*[<>])(?![0-9]+[)~#>|])[A-Za-z0-9_*+.|-]([ -~]*[!-~])?")
PLAIN_ERROR = re.compile(r"[A-Za-z0-9_*+.'-]([ -~]*[!-~])?")
MARK = re.compile(r" *([0-9]+)([)~#>|]) ")
NAME = re.compile(r"\(([a-z ]+)\) (.*)")
QUOTED_ATOM = re.compile(r"""(\([a-z ]+\) )?("(?:[^"\\]|\\.)*"|\$\(("(?:[^"\\]|\\.)*"|\w+)\*[0-9]+\))+""")


class BadNotation(ValueError):
    """Text that is no reply in this notation."""


def format_reply(reply: Reply, prefix: str = "") -> list[str]:
    """The lines of a reply. The first one lacks the prefix, as in redis-cli."""
    if reply.items:
        return format_aggregate(reply, prefix)
    return [format_atom(reply)]


def format_aggregate(reply: Reply, prefix: str) -> list[str]:
    paired = reply.kind in PAIRED
    items = reply.items
    groups = [items[i : i + 2] for i in range(0, len(items), 2)] if paired else [(i,) for i in items]
    width = len(str(len(groups)))
    inner = prefix + " " * (width + 2)
    lines: list[str] = []
    for number, group in enumerate(groups, 1):
        head = f"{number:>{width}}{MARKS[reply.kind]} "
        first = format_reply(group[0], inner)
        if paired:
            value = format_reply(group[1], inner)
            first = [*first[:-1], f"{first[-1]} => {value[0]}", *value[1:]]
        lines.append((prefix if lines else "") + head + first[0])
        lines.extend(first[1:])
    return lines


def format_atom(reply: Reply) -> str:
    kind = reply.kind
    if reply in TEXT_OF_FIXED:
        return TEXT_OF_FIXED[reply]
    if kind in EMPTY:
        return EMPTY[kind]
    if kind == "bulk":
        return quote(reply.text)
    if kind in NAMED:
        return f"({NAMED[kind]}) {reply.text.decode('latin-1')}"
    text = reply.text.decode("latin-1")
    if kind == "simple" and PLAIN.fullmatch(text) and "=>" not in text:
        return text
    if kind == "error" and PLAIN_ERROR.fullmatch(text) and "=>" not in text:
        return f"(error) {text}"
    return f"({QUOTED[kind]}) {quote(reply.text)}"


def format_replies(replies: list[Reply]) -> list[str]:
    """The lines of several replies, one after the other."""
    return [line for reply in replies for line in format_reply(reply)]


class Parser:
    """Reads replies from lines; `row` is the line it is at."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.row = 0

    def replies(self) -> list[Reply]:
        found = []
        while self.row < len(self.lines):
            found.append(self.value(0, 0))
            self.row += 1
        return found

    def value(self, first: int, column: int) -> Reply:
        """The reply at column `first` of this row; its other lines begin at `column`.

        Leaves `row` at the last line of the reply."""
        line = self.lines[self.row]
        mark = MARK.match(line, first)
        if mark and mark[1] == "1":
            return self.aggregate(mark, first, column)
        return parse_atom(line[first:])

    def aggregate(self, mark: re.Match[str], first: int, column: int) -> Reply:
        kind = KIND_OF_MARK[mark[2]]
        inner = column + mark.end() - first
        items: list[Reply] = []
        number = 1
        while True:
            start = mark.end()
            if kind in PAIRED:
                key, start = self.key(start, inner)
                items.append(key)
            items.append(self.value(start, inner))
            number += 1
            following = self.next_item(column, number, mark[2])
            if not following:
                return Reply(kind, b"", tuple(items))
            self.row += 1
            mark = following

    def key(self, start: int, inner: int) -> tuple[Reply, int]:
        """The key of a pair, and the column at which its value begins."""
        line = self.lines[self.row]
        mark = MARK.match(line, start)
        if mark and mark[1] == "1":
            raise BadNotation(f"a key that is no simple value: {line}")
        quoted = QUOTED_ATOM.match(line, start)
        arrow = line.find(" => ", quoted.end() if quoted else start)
        if arrow < 0:
            raise BadNotation(f"a pair without =>: {line}")
        return parse_atom(line[start:arrow]), arrow + 4

    def next_item(self, column: int, number: int, sign: str) -> re.Match[str] | None:
        if self.row + 1 >= len(self.lines):
            return None
        line = self.lines[self.row + 1]
        if line[:column].strip():
            return None
        mark = MARK.match(line, column)
        return mark if mark and mark[2] == sign and mark[1] == str(number) else None


def parse_atom(text: str) -> Reply:
    """A reply that is no aggregate, or an empty one."""
    if text in FIXED:
        return FIXED[text]
    if text in KIND_OF_EMPTY:
        return Reply(KIND_OF_EMPTY[text])
    try:
        return parse_text(text)
    except BadQuoting as error:
        raise BadNotation(str(error)) from error


def parse_text(text: str) -> Reply:
    if text.startswith(('"', "$(")):
        return Reply("bulk", unquote(text))
    named = NAME.fullmatch(text)
    if not named:
        if not PLAIN.fullmatch(text):
            raise BadNotation(f"this is no reply: {text!r}")
        return Reply("simple", text.encode())
    name, rest = named[1], named[2]
    if name in KIND_OF_NAME:
        kind = KIND_OF_NAME[name]
        if not LINE_TEXT[kind].fullmatch(rest.encode()):
            raise BadNotation(f"{rest!r} is no {name}")
        return Reply(kind, rest.encode())
    if name in KIND_OF_QUOTED:
        quoted = rest.startswith(('"', "$("))
        if not quoted and name != "error":
            raise BadNotation(f"({name}) needs quotes: {text}")
        return Reply(KIND_OF_QUOTED[name], unquote(rest) if quoted else rest.encode())
    raise BadNotation(f"({name}) is no kind of reply")


def parse_replies(lines: list[str]) -> list[Reply]:
    """The replies that these lines stand for."""
    return Parser(lines).replies()
