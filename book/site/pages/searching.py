"""What is searched besides the chapters, and the words shown below each hit.

Sphinx's index knows pages. The code of every file is added to it, as its history
page; and a second script holds the text of each section, so that a hit can be shown
with its place. Both are scripts, not data: they work where nothing is served.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.utils import new_document

from pages.chapternodes import drawing
from pages.history import FileHistory, Life
from pages.writing import write

Section = tuple[str, str, str, str]  # its anchor, its heading, its prose, its code


def page_of(path: str) -> str:
    return f"history/{path}"


def life_text(life: Life) -> str:
    return life.versions[-1].text


def as_document(path: str, history: FileHistory) -> nodes.document:
    document = new_document(path)
    document += nodes.section("", nodes.title("", path), ids=["the-page"])  # the first names the page
    for life in history.lives.values():
        section = nodes.section("", nodes.title("", life.name), ids=[life.anchor])
        text = life_text(life)
        section += nodes.literal_block(text, text)
        document += section
    rest = history.texts[history.stages[-1]]
    document += nodes.literal_block(rest, rest)
    return document


def feed(app: Any, histories: dict[str, FileHistory]) -> None:
    """Adds every file to Sphinx's index, which would drop pages that Sphinx did not
    write; but each build indexes all there is, so there is nothing to drop."""
    app.builder.indexer.prune = lambda names: None
    for path, history in histories.items():
        name = page_of(path)
        app.builder.indexer.feed(name, f"{name}.html", path, as_document(path, history))


def own_text(section: nodes.Element) -> tuple[str, str]:
    """The prose and the code of a section, without that of the sections in it."""
    prose: list[str] = []
    code: list[str] = []
    for child in section.children:
        if isinstance(child, (nodes.section, nodes.title, nodes.comment)):
            continue
        blocks = list(child.findall(nodes.literal_block))
        code += [block.astext() for block in blocks]
        if not blocks and not isinstance(child, (nodes.raw, drawing)):
            prose.append(child.astext())
    return "\n".join(prose), "\n".join(code)


def sections_of(document: nodes.document) -> Iterator[Section]:
    for section in document.findall(nodes.section):
        title = next(iter(section.findall(nodes.title)), None)
        yield section["ids"][0], title.astext() if title else "", *own_text(section)


def write_texts(app: Any, histories: dict[str, FileHistory], root: Path) -> None:
    texts: dict[str, list[Section]] = {
        name: list(sections_of(app.env.get_doctree(name))) for name in sorted(app.env.found_docs)
    }
    for path, history in histories.items():
        texts[page_of(path)] = [
            (life.anchor, life.name, "", life_text(life)) for life in history.lives.values()
        ]
    script = f"const SEARCHED = {json.dumps(texts, ensure_ascii=False, separators=(',', ':'))};\n"
    write(root / "_static" / "searched.js", script)
