"""What chapters have besides prose: quotes, drawings, pointers into Redis. As HTML."""

from __future__ import annotations

import html
from pathlib import Path
from typing import Any

from docutils import nodes

from pages.highlight import highlighted_lines
from pages.drawings import draw, standalone

class quote(nodes.General, nodes.Element):
    """Code with the name of its source above."""


class difference(nodes.literal_block):
    """Lines that come and go, in the language of their file."""


class transcript(nodes.General, nodes.Element):
    """What is said to a stage and what it replies; the site lets the reader go on with it."""


class drawing(nodes.General, nodes.Element):
    """An ASCII drawing."""


class pointer(nodes.Inline, nodes.TextElement):
    """A function of Redis."""


def caption(node: quote, with_links: bool) -> str:
    parts = [f'<span class="source">{html.escape(node["file"])}</span>']
    if node["label"]:
        parts.append(f'<span class="what">{html.escape(node["label"])}</span>')
    if node["lines"]:
        parts.append(f'<span class="count">{node["lines"]} lines</span>')
    if with_links:
        links = [
            f'<a href="{html.escape(target)}">{name}</a>' for name, target in node["links"] if target
        ]
        parts.append(f'<span class="links">{" ".join(links)}</span>')
    return " ".join(parts)


def is_site(translator: Any) -> bool:
    return bool(translator.builder.name == "html")


def visit_quote(self: Any, node: quote) -> None:
    head = caption(node, is_site(self))
    self.body.append(f'<div class="quote" id="{node["anchor"]}">')
    self.body += [f'<span id="{name}"></span>' for name in node["ids"]]
    if node["folded"]:
        self.body.append(f'<details class="rest"><summary class="quote-head">{head}</summary>')
    else:
        self.body.append(f'<p class="quote-head">{head}</p>')


def depart_quote(self: Any, node: quote) -> None:
    self.body.append("</details></div>\n" if node["folded"] else "</div>\n")


KINDS = {"+": "come", "-": "gone", " ": ""}


def sides_of(lines: list[str], file: str) -> tuple[list[str], list[str]]:
    """Both sides of a difference, highlighted each by itself: what goes may not be
    taken for the beginning of what comes."""
    old = [line[1:] for line in lines if line[:1] in ("-", " ")]
    new = [line[1:] for line in lines if line[:1] in ("+", " ")]
    found = [highlighted_lines(file, "\n".join(side) + "\n") for side in (old, new)]
    return list(found[0]), list(found[1])


def difference_rows(text: str, file: str) -> str:
    # An empty line of the context may have lost its blank.
    lines = [line or " " for line in text.split("\n")]
    old, new = sides_of(lines, file)
    rows = []
    for line in lines:
        sign = line[0]
        if sign not in KINDS:
            code = html.escape(line.removeprefix("@@").strip()) or "…"
            rows.append(f'<span class="row cut">{code}\n</span>')
            continue
        code = old.pop(0) if sign in "- " else ""
        code = new.pop(0) if sign in "+ " else code
        rows.append(f'<span class="row {KINDS[sign]}" data-sign="{sign}">{code}\n</span>')
    return "".join(rows)


def visit_difference(self: Any, node: difference) -> None:
    rows = difference_rows(node.astext(), node["file"])
    self.body.append(f'<div class="difference highlight"><pre><code>{rows}</code></pre></div>\n')
    raise nodes.SkipNode


def visit_transcript(self: Any, node: transcript) -> None:
    if is_site(self):
        words = "".join(f' data-{name}="{html.escape(value)}"' for name, value in node["words"].items())
        self.body.append(f'<div class="transcript"{words}>')


def depart_transcript(self: Any, node: transcript) -> None:
    if is_site(self):
        self.body.append("</div>\n")


def visit_drawing(self: Any, node: drawing) -> None:
    svg = draw(node["text"], node["anchor"])
    if self.builder.name == "epub":
        directory = Path(self.builder.outdir, "_images")
        directory.mkdir(parents=True, exist_ok=True)
        file = f"{self.builder.current_docname}-{node['anchor']}.svg"
        (directory / file).write_text(standalone(svg), encoding="utf-8")
        alt = html.escape(node["text"], quote=True)
        self.body.append(f'<p class="drawing"><img src="_images/{file}" alt="{alt}"/></p>')
    else:
        self.body.append(f'<figure class="drawing" role="img" aria-label="Drawing">{svg}</figure>')
    raise nodes.SkipNode


def visit_pointer(self: Any, node: pointer) -> None:
    title = html.escape(node["title"])
    self.body.append(f'<span class="pointer" title="{title}">')
    self.body.append(f'<span class="pointer-file">{html.escape(node["file"])}:</span><wbr/>')
    self.body.append(f'<code>{html.escape(node["function"])}</code></span>')
    raise nodes.SkipNode


def nothing(self: Any, node: nodes.Node) -> None:
    """What a node that was drawn as a whole ends with."""


def add_nodes(app: Any) -> None:
    app.add_node(quote, html=(visit_quote, depart_quote))
    app.add_node(difference, html=(visit_difference, nothing))
    app.add_node(transcript, html=(visit_transcript, depart_transcript))
    app.add_node(drawing, html=(visit_drawing, nothing))
    app.add_node(pointer, html=(visit_pointer, nothing))
