"""The Sphinx extension: reads the chapters' notation, and ties it to the other pages."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from functools import lru_cache, cache
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective

from pages import searching, trying
from pages.chapternodes import add_nodes, difference, drawing, pointer, quote, transcript
from pages.course import BOOK, Course, Step, read_course
from pages.history import FileHistory, histories
from pages.places import Places, read_places, reason_of
from pages.sources import Sources
from pages.transcripts import RedisLexer
from pages.testpages import target_of
from pages.writing import Site
from weave import markdown
from weave.typed import CAPTION

# Fences whose info string says more than the language.
FENCES = ("c", "diff", "make", "makefile", "redis", "console", "text")
POINTER = re.compile(r"([\w.-]+\.[ch]):([A-Za-z_]\w*)(?:\(\))?")
FILE_LINK = re.compile(r"(?<!!)(\[[^\]\n]*\])\((?![a-z]+:|#|/)([^)\s#]+)(?:#[^)\s]*)?\)")
LINK = "repository:"
PAGE = "page:"  # a page of the site that Sphinx does not make
UNTOLD = (quote, transcript, nodes.literal_block, drawing, nodes.raw, nodes.comment)


class Shelf:
    """What the chapters are joined to, read once."""

    def __init__(self) -> None:
        self.course: Course = read_course()
        self.histories: dict[str, FileHistory] = histories(self.course)
        self.places: dict[str, Places] = {s.name: read_places(s) for s in self.course.steps}
        self.sources = Sources(self.course)

    def step(self, docname: str) -> Step | None:
        return next((step for step in self.course.steps if step.name == docname), None)

    def links(self, step: Step, file: str, names: list[str], anchor: str) -> list[tuple[str, str]]:
        """From a quote: to its place in the difference, and to what became of it."""
        if file not in step.files:
            return [("source", self.sources.page_of(file))]
        page = self.sources.page_of(f"stages/{step.name}/{file}")
        found = []
        if page.startswith("diff/"):
            found.append(("in the diff", f"{page}#{anchor}" if anchor else page))
        known = self.histories[file].lives
        past = next((f"#{name}" for name in names if name in known), "")
        return [*found, ("history", f"history/{file}.html{past}")]


@lru_cache(maxsize=1)
def shelf() -> Shelf:
    return Shelf()


@lru_cache(maxsize=1)
def redis_functions() -> dict[tuple[str, str], str]:
    """Where each function of Redis stands, from the table beside the chapters."""
    rows = (BOOK / "redis-functions.tsv").read_text(encoding="utf-8").splitlines()
    return {(f, name): line for f, name, line in (row.split("\t")[:3] for row in rows)}


def words_of(language: str, argument: str) -> dict[str, str | None]:
    """The words behind a fence's language: `def=x` is "def": "x"."""
    info = f"{language} {argument}"
    return dict(markdown.Fence(0, 0, "", info, (), None).words)


class Fence(SphinxDirective):
    """A fence with a language, and perhaps a source."""

    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar[dict[str, Any]] = {}  # a line that begins with a colon is code

    def run(self) -> list[nodes.Node]:
        language = {"makefile": "make"}.get(self.name, self.name)
        text = "\n".join(self.content)
        code = nodes.literal_block(text, text, language=language, force=True)
        code["classes"].append(f"is-{self.name}")
        self.set_source_info(code)
        words = words_of(self.name, self.arguments[0] if self.arguments else "")
        file = words.get("file")
        if file and self.name == "diff":
            code = difference(text, text, file=file)
        if file:
            return [self.quoted(file, words, code)]
        step = shelf().step(self.env.docname)
        shell = self.name == "console" and "shell" not in words and trying.is_playable(text)
        return [self.tried(step, words, code)] if step and (self.name == "redis" or shell) else [code]

    def tried(self, step: Step, words: dict[str, str | None], code: nodes.Node) -> transcript:
        kept: dict[str, str] = {name: words[name] or "" for name in ("continue", "flags") if name in words}
        if self.name == "console":
            kept["shell"] = ""
        return transcript("", code, words={"stage": step.number, "before": step.before_name[:2], **kept})

    def quoted(self, file: str, words: dict[str, str | None], code: nodes.Node) -> quote:
        step = shelf().step(self.env.docname)
        place = shelf().places[step.name].by_line.get(self.lineno) if step else None
        anchor = place.anchor if place else f"q-line-{self.lineno}"
        in_code = anchor if place and place.new_lines else ""
        names = [name.split()[-1] for name in (words.get("def") or "").split(",") if name.split()]
        return quote(
            "",
            code,
            file=file,
            label=place.label if place else "",
            anchor=anchor,
            folded="rest" in words,
            lines=len(self.content) if "rest" in words else 0,
            links=shelf().links(step, file, names, in_code) if step else [("source", shelf().sources.page_of(file))],
        )


class Drawing(SphinxDirective):
    has_content = True
    option_spec: ClassVar[dict[str, Any]] = {}

    def run(self) -> list[nodes.Node]:
        number = self.env.new_serialno("drawing") + 1
        return [drawing("", text="\n".join(self.content) + "\n", anchor=f"drawing-{number}")]


class Reasons(SphinxTransform):
    """Names the paragraph above each quote, so that code can be led back to it."""

    default_priority = 400

    def apply(self, **_: Any) -> None:
        for node in list(self.document.findall(quote)):
            above = self.above(node)
            target = above if above is not None else node
            target["ids"].append(reason_of(node["anchor"]))

    def above(self, node: nodes.Element) -> nodes.Element | None:
        siblings = node.parent.children
        for sibling in reversed(siblings[: siblings.index(node)]):
            if isinstance(sibling, (nodes.title, nodes.section)):
                return None
            if isinstance(sibling, nodes.Element) and not isinstance(sibling, UNTOLD) and not self.is_place(sibling):
                return sibling
        return None

    def is_place(self, node: nodes.Element) -> bool:
        """Whether it only says where the code goes."""
        return isinstance(node, nodes.paragraph) and CAPTION.fullmatch(node.rawsource.strip()) is not None


class OnePage(SphinxTransform):
    """On one page with the other chapters, every name begins with the chapter's: all have
    the same headings, and quote the same files."""

    default_priority = 870  # before Sphinx notes the headings

    def apply(self, **_: Any) -> None:
        if self.app.builder.name != "singlehtml":
            return
        self.move_chapters()
        prefix = f"{self.env.docname}--"
        local = set(self.document.ids)
        for node in self.document.findall(nodes.Element):
            node["ids"] = [prefix + name for name in node["ids"]]
            if node.get("refid") in local:
                node["refid"] = prefix + node["refid"]
            if isinstance(node, (quote, drawing)):
                node["anchor"] = prefix + node["anchor"]
        named = self.document.nameids
        for name, target in named.items():
            named[name] = target and prefix + target
        slugs = self.env.metadata[self.env.docname].get("myst_slugs", {})
        for slug, (line, target, title) in slugs.items():
            slugs[slug] = (line, prefix + target, title)

    def move_chapters(self) -> None:
        """The chapters come behind all of the landing page, as sections beside its own."""
        page = next(iter(self.document.findall(nodes.section)), None)
        for node in list(self.document.findall(addnodes.toctree)):
            wrapper = node.parent
            wrapper.parent.remove(wrapper)
            if page is not None:
                page += wrapper


class Pointers(SphinxTransform):
    """`file.c:function` in the text is a function of Redis."""

    default_priority = 400

    def apply(self, **_: Any) -> None:
        for node in list(self.document.findall(nodes.literal)):
            match = POINTER.fullmatch(node.astext())
            if not match:
                continue
            file, function = match.groups()
            line = redis_functions().get((file, function))
            title = f"Redis 7.0.15, src/{file}" + (f", line {line}" if line else "")
            text = nodes.Text(node.astext())
            node.replace_self(pointer("", text, file=file, function=function, title=title))


class CodeLinks(SphinxPostTransform):
    """On the site, a file or a function of the stage that is named in the text leads to it."""

    default_priority = 200
    builders = ("html",)

    def run(self, **_: Any) -> None:
        step = shelf().step(self.env.docname)
        if not step:
            return
        for node in list(self.document.findall(nodes.literal)):
            inside = node.parent
            if isinstance(inside, (nodes.reference, nodes.title)):
                continue
            target = self.target(step, node.astext().removesuffix("()"))
            if target:
                link = nodes.reference("", "", refuri=target, internal=True, classes=["to-code"])
                node.replace_self(link)
                link += node

    def target(self, step: Step, name: str) -> str:
        if name in step.files and "/" in name:
            return shelf().sources.page_of(f"stages/{step.name}/{name}")
        if test := target_of(step.number, step.name, name):
            return test
        return functions_of(step.name).get(name, "")


@cache
def functions_of(stage: str) -> dict[str, str]:
    """Functions of a stage whose name tells the file too, with their page."""
    found: dict[str, list[str]] = {}
    for path, history in shelf().histories.items():
        if stage in history.stages:
            for life in history.lives.values():
                if life.kind == "function":
                    found.setdefault(life.name, []).append(f"history/{path}.html#{life.name}")
    return {name: targets[0] for name, targets in found.items() if len(targets) == 1}


class PageLinks(SphinxPostTransform):
    """Links to files of the repository and to pages that only the site has: they lead
    there, or become plain text."""

    default_priority = 210

    def run(self, **_: Any) -> None:
        for node in list(self.document.findall(nodes.reference)):
            uri = node.get("refuri", "")
            if not uri.startswith((LINK, PAGE)):
                continue
            target = self.target(uri) if self.app.builder.name == "html" else ""
            if target:
                node["refuri"] = target
                node["internal"] = True
            else:
                node.replace_self(node.children)

    def target(self, uri: str) -> str:
        if uri.startswith(PAGE):
            return str(uri[len(PAGE) :])
        return shelf().sources.page_of(uri[len(LINK) :])


def name_repository_links(app: Sphinx, docname: str, source: list[str]) -> None:
    """Gives links to files of the repository a scheme: Sphinx knows only the chapters."""

    def named(match: re.Match[str]) -> str:
        text, target = match.groups()
        path = posixpath.normpath(posixpath.join("book", target))
        if Path(app.srcdir, target).is_file():
            return match.group()
        return f"{text}({LINK}{path})"

    source[0] = FILE_LINK.sub(named, source[0])


def add_context(app: Sphinx, page: str, template: str, context: dict[str, Any], tree: Any) -> None:
    if app.builder.name == "singlehtml":
        context["hasdoc"] = lambda name: False  # there is no page but this one
    step = shelf().step(page)
    if step and app.builder.name == "html" and trying.offers(Path(app.outdir), step.number):
        app.add_js_file("try.js")
        app.add_css_file("try.css")
    context["differences"] = [(step.number, step.name) for step in shelf().course.steps]


def collect_pages(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Nothing for Sphinx to write; but now the search index takes what it did not see."""
    builder: Any = app.builder
    if getattr(builder, "indexer", None) and builder.name == "html":
        searching.feed(app, shelf().histories)
    yield from ()


def finish(app: Sphinx, error: Exception | None) -> None:
    if not error and app.builder.name == "html":
        root = Path(app.outdir)
        shelf().sources.write(Site(root))
        searching.write_texts(app, shelf().histories, root)


def setup(app: Sphinx) -> dict[str, Any]:
    add_nodes(app)
    for name in FENCES:
        app.add_directive(name, Fence)
    app.add_directive("svgbob", Drawing)
    app.add_lexer("redis", RedisLexer)
    app.add_transform(Reasons)
    app.add_transform(Pointers)
    app.add_transform(OnePage)
    app.add_post_transform(CodeLinks)
    app.add_post_transform(PageLinks)
    app.connect("source-read", name_repository_links)
    app.connect("html-page-context", add_context)
    app.connect("html-collect-pages", collect_pages)
    app.connect("build-finished", finish)
    return {"version": "1", "parallel_read_safe": False, "parallel_write_safe": False}
