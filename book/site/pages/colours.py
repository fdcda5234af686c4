"""The colours of code, light and dark. Comments are to be read, so they are not faint."""

from __future__ import annotations

from typing import ClassVar

from pygments.formatters import HtmlFormatter
from pygments.style import Style
from pygments.token import (
    Comment,
    Error,
    Generic,
    Keyword,
    Name,
    Number,
    Operator,
    Punctuation,
    String,
    Token,
    _TokenType,
)


def styles(text: str, **colour: str) -> dict[_TokenType, str]:
    return {
        Token: text,
        Comment: colour["comment"],
        Comment.Preproc: colour["directive"],
        Comment.PreprocFile: colour["string"],
        Comment.Special: colour["directive"],
        Keyword: colour["keyword"],
        Keyword.Type: colour["type"],
        Keyword.Constant: colour["number"],
        Name: text,
        Name.Function: f"bold {text}",
        Name.Builtin: text,
        Name.Label: colour["keyword"],
        Name.Decorator: colour["directive"],
        Name.Tag: f"bold {text}",
        String: colour["string"],
        String.Escape: f"bold {colour['string']}",
        Number: colour["number"],
        Operator: text,
        Punctuation: text,
        Error: text,
        Generic.Prompt: colour["prompt"],
        Generic.Output: text,
        Generic.Error: colour["error"],
        Generic.Inserted: colour["inserted"],
        Generic.Deleted: colour["error"],
        Generic.Heading: colour["type"],
        Generic.Subheading: colour["type"],
        Generic.Emph: colour["comment"],
    }


class Light(Style):
    name = "course-light"
    background_color = "#f6f7f9"
    styles: ClassVar[dict[_TokenType, str]] = styles(
        "#1f2328",
        comment="#3d6a4d",
        directive="#7a4d00",
        keyword="#7b2a86",
        type="#0a559e",
        string="#9a3b12",
        number="#5b3fa8",
        prompt="#6a7280",
        error="#a8201a",
        inserted="#1b6b34",
    )


class Dark(Style):
    name = "course-dark"
    background_color = "#1a1d22"
    styles: ClassVar[dict[_TokenType, str]] = styles(
        "#d7dce2",
        comment="#8db897",
        directive="#dcb877",
        keyword="#d3a4e6",
        type="#82bff5",
        string="#eba98a",
        number="#bfaaf5",
        prompt="#8d96a3",
        error="#f5918a",
        inserted="#83cf97",
    )


def rules(style: type[Style], prefix: str) -> list[str]:
    text = HtmlFormatter(style=style).get_style_defs(f"{prefix}.highlight")
    return [line for line in text.splitlines() if line.startswith(f"{prefix}.highlight .")]


def style_sheet() -> str:
    """Both, for the pages that Sphinx does not write."""
    dark = rules(Dark, 'body[data-theme="dark"] ')
    auto = rules(Dark, 'body:not([data-theme="light"]) ')
    return "\n".join(
        [
            *rules(Light, ""),
            "@media not print {",
            *dark,
            "@media (prefers-color-scheme: dark) {",
            *auto,
            "}",
            "}",
            "",
        ]
    )
