"""Colours a transcript in the notation of the tests' scenarios."""

from __future__ import annotations

from typing import Any, ClassVar

from pygments.lexer import RegexLexer, bygroups
from pygments.token import (
    Comment,
    Generic,
    Keyword,
    Name,
    Number,
    String,
    Text,
    Whitespace,
)


class RedisLexer(RegexLexer):
    """Prompts and commands, and below them replies of each type."""

    name = "Redis transcript"
    aliases: ClassVar[list[str]] = ["redis"]

    tokens: ClassVar[dict[str, list[Any]]] = {
        "root": [
            (r"^#.*\n", Comment),
            (r"^(raw\w*>)( )", bygroups(Generic.Prompt, Whitespace), "command"),
            (r"^(\w*>)( )(\S+)", bygroups(Generic.Prompt, Whitespace, Name.Tag), "command"),
            (r"^(\w+<)(\s*)", bygroups(Generic.Prompt, Whitespace)),
            (r"^[~!] .*\n", Comment.Special),
            (r"^@\w+.*\n", Comment),
            (r"\(error\)[^\n]*", Generic.Error),
            (r"(\(integer\)|\(double\))( )(\S+)", bygroups(Keyword.Type, Whitespace, Number)),
            (r"\((?:nil|nil array|null|true|false|no reply|closed|empty \w+)\)", Keyword.Constant),
            (r"\([\w ]+\)", Keyword.Type),
            (r"\d+[)~#>|] ", Generic.Prompt),
            (r'"(?:\\.|[^"\\\n])*"', String),
            (r"\.\.\.", Comment),
            (r"\s+", Whitespace),
            (r"[^\s]+", Text),
        ],
        "command": [
            (r"\n", Whitespace, "#pop"),
            (r'"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'', String),
            (r"\\[rn]|\\x[0-9a-fA-F]{2}", String.Escape),
            (r"\$\([^)\n]*\)", Comment.Special),
            (r"-?\d+(?=\s)", Number),
            (r"[^\s\"'\\$]+|[\\$\"']", Text),
            (r"[^\S\n]+", Whitespace),
        ],
    }
