"""A real browser, and the built site from a file and from a server."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request, sync_playwright

from pages.build import HTML, find_browser

NO_BROWSER = "no Chromium was found: install one (Debian: apt install chromium), or name it: CHROMIUM=/path"


@pytest.fixture(scope="session")
def site() -> Path:
    assert (HTML / "index.html").is_file(), "the site is not built: make book"
    return HTML


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium. Where everything is proved, it may not be missing."""
    path = find_browser()
    if not path:
        if os.environ.get("CI") == "true":
            pytest.fail(NO_BROWSER)
        pytest.skip(NO_BROWSER)
    return path


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    # Chromium's sandbox does not work for root.
    options = ["--disable-dev-shm-usage", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=options)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def served() -> Iterator[str]:
    """The address of `make book-serve`."""
    command = [sys.executable, "-m", "pages.build", "serve", "--as-it-is", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        address = server.stdout.readline().strip()
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/", address), address
        yield address
        server.terminate()


@pytest.fixture(params=["file", "http"])
def root(request: pytest.FixtureRequest, site: Path) -> str:
    """Where the site begins: on the disk, and on a server."""
    if request.param == "file":
        return site.as_uri() + "/"
    return str(request.getfixturevalue("served"))


@pytest.fixture
def at_home(site: Path) -> str:
    """The site on the disk, for what is the same on a server."""
    return site.as_uri() + "/"


class Watch:
    """What a page asks for and complains of."""

    def __init__(self) -> None:
        self.elsewhere: list[str] = []
        self.faults: list[str] = []

    def asked(self, request: Request) -> None:
        if not request.url.startswith(("file:", "data:", "http://127.0.0.1:")):
            self.elsewhere.append(request.url)


def watched(page: Page) -> Watch:
    watch = Watch()
    page.on("request", watch.asked)
    page.on("requestfailed", lambda request: watch.faults.append(f"failed: {request.url}"))
    page.on("pageerror", lambda error: watch.faults.append(str(error)))
    return watch


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A desk's window. No page may fetch from another host, or have an error."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    watch = watched(page)
    yield page
    context.close()
    assert watch.elsewhere == []
    assert watch.faults == []


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    yield context.new_page()
    context.close()
