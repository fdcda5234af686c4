"""What is made besides the site: the EPUB, the one page, and `make diff HTML=1`."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import zipfile
from xml.etree import ElementTree

import pytest

from pages.build import EPUB, HTML, PDF, SINGLE
from pages.course import read_course

COURSE = read_course()
CHAPTERS = [step for step in COURSE.steps if step.chapter]
OPF = {"opf": "http://www.idpf.org/2007/opf"}
XHTML = "{http://www.w3.org/1999/xhtml}"


def epub() -> zipfile.ZipFile:
    (path,) = EPUB.glob("*.epub")
    return zipfile.ZipFile(path)


def test_the_epub_is_one() -> None:
    with epub() as book:
        assert book.testzip() is None
        first = book.infolist()[0]
        assert first.filename == "mimetype" and first.compress_type == zipfile.ZIP_STORED
        assert book.read("mimetype") == b"application/epub+zip"
        container = ElementTree.fromstring(book.read("META-INF/container.xml"))
        (package,) = (node.attrib["full-path"] for node in container.iter() if "full-path" in node.attrib)
        items = ElementTree.fromstring(book.read(package)).findall("opf:manifest/opf:item", OPF)
        listed = {item.attrib["href"] for item in items}
        held = set(book.namelist()) - {"mimetype", "META-INF/container.xml", package}
        assert listed == held


@pytest.mark.parametrize("step", CHAPTERS, ids=lambda step: step.name)
def test_the_epub_has_the_chapter(step: object) -> None:
    name = getattr(step, "name", "")
    with epub() as book:
        page = ElementTree.fromstring(book.read(f"{name}.xhtml"))
        names = set(book.namelist())
    assert page.find(f".//{XHTML}h1") is not None
    for image in page.iter(f"{XHTML}img"):
        assert image.attrib["src"] in names
    for link in page.iter(f"{XHTML}a"):
        target = link.attrib.get("href", "#").split("#")[0]
        assert not target or target in names or target.startswith("http"), target


def test_one_page_holds_all_chapters() -> None:
    text = (SINGLE / "index.html").read_text(encoding="utf-8")
    for step in CHAPTERS:
        title = step.title.split(" · ")[1].split(":")[0]
        assert re.search(rf"<h2>[^\n]*{re.escape(title)}", text), step.title
        separate = (HTML / f"{step.name}.html").read_text(encoding="utf-8")
        anchors = set(re.findall(r'<div class="quote" id="([^"]+)"', separate))
        assert len(re.findall(r'<div class="quote"', text)) >= len(anchors)


def test_a_pdf_where_there_is_a_browser(chromium: str) -> None:
    assert PDF.read_bytes().startswith(b"%PDF-") and PDF.stat().st_size > 100_000


def test_a_port_that_is_taken_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        command = [sys.executable, "-m", "pages.build", "serve", "--port", str(port)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=5, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith(f"error: port {port}: ") and done.stderr.count("\n") == 1


def test_make_diff_prints_where_the_page_is() -> None:
    environment = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    command = [sys.executable, "-m", "pages.build", "diff", "01"]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == (HTML / "diff" / "01-event-loop" / "index.html").as_uri()
