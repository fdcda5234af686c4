"""How Sphinx makes the book.

Sphinx, because one tool gives all that a reader may want: a site that works
from file:// (its search index is a script, not something to be fetched), an EPUB, and
the whole on one page. MyST reads the chapters' Markdown as it is; Furo has light
and dark, and works on a phone and without any other host.
"""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
for where in (ROOT / "tests" / "tools", ROOT / "book", HERE):
    if str(where) not in sys.path:
        sys.path.insert(0, str(where))

project = "Redis, rebuilt"
author = "the course"
version = "1"
language = "en"
copyright = "MIT licence"
html_title = "Redis, rebuilt"

extensions = ["myst_parser", "pages.chapters"]
myst_fence_as_directive = {"c", "diff", "make", "makefile", "redis", "console", "text", "svgbob"}
myst_heading_anchors = 4
myst_url_schemes = ["http", "https", "mailto", "repository", "page"]
exclude_patterns: list[str] = []
# Names of files in the text are code, and `...` stands for three dots.
smartquotes = False

html_theme = "furo"
pygments_style = "pages.colours.Light"
pygments_dark_style = "pages.colours.Dark"
html_static_path = ["static"]
html_css_files = ["course.css", "chapters.css"]
html_js_files = ["chapters.js"]
templates_path = ["templates/sphinx"]
html_search_scorer = str(HERE / "static" / "scorer.js")
html_show_search_summary = False  # found.js shows more, and also from file://
html_copy_source = False
html_show_sphinx = False
html_show_copyright = False
html_permalinks_icon = "#"
html_use_index = False
html_theme_options: dict[str, object] = {"top_of_page_buttons": []}
html_sidebars = {
    "**": [
        "sidebar/brand.html",
        "sidebar/search.html",
        "sidebar/scroll-start.html",
        "sidebar/navigation.html",
        "sidebar/differences.html",
        "sidebar/scroll-end.html",
    ]
}

epub_title = "Redis, rebuilt in thirteen stages"
epub_author = author
epub_publisher = author
epub_contributor = author
epub_copyright = copyright
epub_description = "A course in C: Redis, rebuilt in thirteen stages."
epub_identifier = "redis-rebuilt"
epub_uid = "redis-rebuilt"
epub_scheme = "other"
epub_basename = "redis-rebuilt"
epub_show_urls = "no"
epub_css_files = ["epub.css"]
# What belongs to the site alone.
epub_exclude_files = [
    "search.html",
    *(f"_static/{path.name}" for path in (HERE / "static").iterdir() if path.name != "epub.css"),
]
suppress_warnings = ["epub.unknown_project_files", "myst.header"]
