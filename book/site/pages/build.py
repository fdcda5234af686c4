"""Builds the book: `python -m pages.build`; serves it, or opens a difference: `... diff 02`."""

from __future__ import annotations

import argparse
import functools
import os
import re
import shutil
import subprocess
import sys
import webbrowser
from concurrent.futures import ThreadPoolExecutor
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from chain import ROOT
from pages import trying
from pages.course import BOOK, SITE, Course, Step, read_course
from pages.diffpages import StagePages
from pages.history import histories
from pages.historypages import write_histories
from pages.testpages import TestPages
from pages.writing import Site, write

OUT = ROOT / "build" / "book"
SOURCE = OUT / "source"
HTML = OUT / "html"
SINGLE = OUT / "single"
EPUB = OUT / "epub"
PDF = OUT / "redis-rebuilt.pdf"
PAGES = ("capstones.md", "epilogue.md", "common.md", "any-language.md", "features.md", "differs.md", "measured.md")  # beside the chapters
LINES_AN_HOUR = 100  # typed, with the reading that goes with them
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
DOCTYPE = re.compile(r"<!DOCTYPE[^>]*>\s*")


# What Sphinx reads: the chapters as they are, and the landing page.


def stage_row(step: Step) -> str:
    chapter = f"[{step.name}]({step.name}.md)" if step.chapter else step.name
    size = f"[{step.typed:,}](page:diff/{step.name}/index.html)"
    return f"| {chapter} | {step.concept} | {size} | {round(step.typed / LINES_AN_HOUR)} |"


def stage_table(course: Course) -> str:
    rows = [stage_row(step) for step in course.steps]
    return "\n".join(["| stage | the one concept | lines | hours |", "|---|---|--:|--:|", *rows])


def landing_page(course: Course) -> str:
    chapters = [step.name for step in course.steps if step.chapter]
    text = (SITE / "index.md").read_text(encoding="utf-8")
    text = text.replace("<!-- stages -->", stage_table(course))
    text = text.replace("<!-- pages -->", "\n".join(name.removesuffix(".md") for name in PAGES))
    return text.replace("<!-- chapters -->", "\n".join(chapters))


def lay_sources(course: Course) -> None:
    SOURCE.mkdir(parents=True, exist_ok=True)
    wanted = {step.chapter.name: step.chapter for step in course.steps if step.chapter}
    wanted |= {name: BOOK / name for name in PAGES}
    for old in SOURCE.glob("*.md"):
        if old.name not in wanted:
            old.unlink()
    for name, path in wanted.items():
        write(SOURCE / name, path.read_text(encoding="utf-8"))
    write(SOURCE / "index.md", landing_page(course))
    for image in BOOK.glob("img/*.svg"):
        # A document type would have readers of the EPUB ask another host for it.
        write(SOURCE / "img" / image.name, DOCTYPE.sub("", image.read_text(encoding="utf-8")))


def sphinx(builder: str, out: Path, strict: bool = True) -> None:
    """What Sphinx warns of is an error, unless somebody only wants to look."""
    command = [sys.executable, "-m", "sphinx", "-q", "-E", "-b", builder, "-c", str(SITE)]
    command += ["-W", "--keep-going"] if strict else []
    doctrees = str(OUT / "doctrees" / builder)
    done = subprocess.run([*command, "-d", doctrees, str(SOURCE), str(out)], check=False)
    if done.returncode != 0:
        sys.exit(f"error: Sphinx could not make {out.relative_to(ROOT)}")


# The pages that are not Sphinx's.


def write_pages(course: Course) -> None:
    past = histories(course)
    site = Site(HTML)
    site.static()
    for step in course.steps:
        StagePages(course, step, past).write(site)
        TestPages(course, step).write(site)
    write_histories(course, past, site)
    for directory in ("diff", "history", "tests"):
        site.forget(directory)


def build_html(course: Course, strict: bool = True) -> None:
    lay_sources(course)
    sphinx("html", HTML, strict)
    write_pages(course)


def chapters_are_fresh() -> bool:
    """Whether Sphinx has nothing to do since it last made the site."""
    made = HTML / "searchindex.js"
    if not made.is_file():
        return False
    time = made.stat().st_mtime
    read = [ROOT / "README.md", *BOOK.glob("*.*"), *BOOK.glob("weave/*.py"), *BOOK.glob("img/*")]
    read += [path for path in SITE.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    read += [path for path in (ROOT / "stages").rglob("*.[ch]")]
    return all(path.stat().st_mtime < time for path in read)


def find_browser() -> str:
    asked = os.environ.get("CHROMIUM", "")
    return next((found for name in (asked, *BROWSERS) if name and (found := shutil.which(name))), "")


def print_pdf() -> str:
    """The one-page book on paper; what is said when that cannot be."""
    browser = find_browser()
    if not browser:
        PDF.unlink(missing_ok=True)
        return "no PDF: there is no Chromium to print with (CHROMIUM=/path names one)"
    page = (SINGLE / "index.html").as_uri()
    flags = ["--headless", "--disable-gpu", "--disable-dev-shm-usage", "--no-pdf-header-footer", f"--print-to-pdf={PDF}"]
    if os.geteuid() == 0:
        flags.append("--no-sandbox")
    done = subprocess.run([browser, *flags, page], capture_output=True, timeout=300, check=False)
    if done.returncode != 0 or not PDF.is_file():
        sys.exit(f"error: {browser} could not print {page}:\n{done.stderr.decode(errors='replace')}")
    return f"{PDF.relative_to(ROOT)}"


def build_others() -> str:
    """What is no site: one page, the EPUB, and a PDF; what became of the PDF."""
    sphinx("singlehtml", SINGLE)
    sphinx("epub", EPUB)
    return print_pdf()


def build_all() -> None:
    """The site, and beside it the others, which read the same sources and write elsewhere."""
    course = read_course()
    lay_sources(course)
    tried = trying.build(HTML)
    with ThreadPoolExecutor(1) as pool:
        others = pool.submit(build_others)
        sphinx("html", HTML)
        write_pages(course)
        printed = others.result()
    book = next(EPUB.glob("*.epub"))
    for made in (HTML / "index.html", SINGLE / "index.html", book):
        print(made.relative_to(ROOT))
    print(printed)
    print(tried)


def show_difference(number: str) -> None:
    """Builds the site when that is needed, and opens the difference of a stage."""
    course = read_course()
    step = course.step(number)
    if not chapters_are_fresh():
        build_html(course, strict=False)
    page = (HTML / "diff" / step.name / "index.html").as_uri()
    print(page)
    if has_display():
        webbrowser.open(page)


def serve(port: int, as_it_is: bool) -> None:
    """Serves the site on the loopback address, until it is interrupted."""
    handler = functools.partial(QuietHandler, directory=str(HTML))
    try:
        server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    except (OSError, OverflowError) as error:
        sys.exit(f"error: port {port}: {getattr(error, 'strerror', None) or error}; PORT=8001 takes another")
    with server:
        if not as_it_is:
            build_html(read_course(), strict=False)
        print(f"http://127.0.0.1:{server.server_port}/", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print()


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *arguments: object) -> None:
        """Says nothing of requests."""


def has_display() -> bool:
    if not sys.stdout.isatty():
        return False
    return sys.platform == "darwin" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def main() -> None:
    parser = argparse.ArgumentParser(prog="pages.build", description="Builds the book.")
    parser.add_argument("what", nargs="?", choices=["all", "html", "diff", "serve"], default="all")
    parser.add_argument("stage", nargs="?", help="for diff: the stage")
    parser.add_argument("--port", type=int, default=8000, help="for serve; 0 takes a free one")
    parser.add_argument("--as-it-is", action="store_true", help="for serve: without building first")
    arguments = parser.parse_args()
    if arguments.what == "diff":
        show_difference(arguments.stage or "00")
    elif arguments.what == "serve":
        serve(arguments.port, arguments.as_it_is)
    elif arguments.what == "html":
        build_html(read_course())
    else:
        build_all()


if __name__ == "__main__":
    main()
