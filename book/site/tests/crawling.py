"""Reads built pages: what they link to, and what can be linked to in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

FETCHED = {("script", "src"), ("img", "src"), ("link", "href"), ("source", "src"), ("iframe", "src")}
LINKED = {("a", "href"), ("form", "action"), ("use", "href")}


@dataclass
class Page:
    path: Path
    names: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)


class Reader(HTMLParser):
    def __init__(self, page: Page):
        super().__init__()
        self.page = page

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if not value:
                continue
            if name == "id":
                assert value not in self.page.names, f"{self.page.path}: two elements are named {value}"
                self.page.names.add(value)
            elif (tag, name) in LINKED:
                self.page.links.append(value)
            elif (tag, name) in FETCHED:
                self.page.fetched.append(value)


@cache
def read_page(path: Path) -> Page:
    page = Page(path)
    Reader(page).feed(path.read_text(encoding="utf-8"))
    return page


def is_elsewhere(url: str) -> bool:
    return bool(urlsplit(url).scheme or urlsplit(url).netloc)


def fault_of(page: Page, url: str) -> str:
    """What is wrong with a link inside the site; "" when it leads somewhere."""
    parts = urlsplit(url)
    target = (page.path.parent / unquote(parts.path)).resolve() if parts.path else page.path
    if not target.is_file():
        return f"{page.path}: {url}: there is no such file"
    name = unquote(parts.fragment)
    if name in ("", "first", "last") or target.suffix != ".html":
        return ""
    if name not in read_page(target).names:
        return f"{page.path}: {url}: nothing there has this name"
    return ""


def faults(root: Path) -> list[str]:
    """Every link under a directory that leads nowhere, or fetches from elsewhere."""
    found = []
    for path in sorted(root.rglob("*.html")):
        page = read_page(path)
        for url in page.fetched:
            found.append(f"{path}: fetches {url}" if is_elsewhere(url) else fault_of(page, url))
        found += [fault_of(page, url) for url in page.links if not is_elsewhere(url)]
    return [fault for fault in found if fault]
