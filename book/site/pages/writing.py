"""Writes pages from templates, and only those that differ from what is there."""

from __future__ import annotations

import shutil
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pages.colours import style_sheet
from pages.course import SITE

# What pages that Sphinx does not make need, where Sphinx puts the same files.
STATIC = ("course.css", "pages.css", "pages.js")


@lru_cache(maxsize=1)
def environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(SITE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def write(path: Path, text: str) -> None:
    """A file that is as it should be keeps its time."""
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


class Site:
    """The directory that the pages go to."""

    def __init__(self, root: Path):
        self.root = root
        self.written: set[str] = set()

    def page(self, path: str, template: str, **values: Any) -> None:
        """Renders a page; `root` is how it reaches the top of the site."""
        up = "../" * path.count("/")
        text = environment().get_template(template).render(root=up, path=path, **values)
        write(self.root / path, text)
        self.written.add(path)

    def static(self) -> None:
        directory = self.root / "_static"
        directory.mkdir(parents=True, exist_ok=True)
        for name in STATIC:
            shutil.copyfile(SITE / "static" / name, directory / name)
        write(directory / "code.css", style_sheet())

    def forget(self, directory: str) -> None:
        """Removes the pages of an earlier run that no longer belong to it."""
        for path in (self.root / directory).rglob("*.html"):
            if path.relative_to(self.root).as_posix() not in self.written:
                path.unlink()
