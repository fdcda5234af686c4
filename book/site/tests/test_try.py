"""A stage answers in the page: below each transcript, and on the pages of differences."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from pages import trying
from pages.course import read_course
from test_browser import ENOUGH, contrasts

COURSE = read_course()
CHAPTERS = [step.name for step in COURSE.steps if step.chapter]
WAIT_MS = 60000  # for a stage to load, and to play what the chapter shows
# Transcripts whose replies a page cannot have, by chapter and place: the reason.
EXCEPTIONS: dict[tuple[str, int], str] = {}


@pytest.fixture(autouse=True)
def built(site: Path) -> None:
    if not trying.offers(site, "00"):
        why = "no stage was compiled for the page: make console says what is missing"
        if os.environ.get("CI") == "true":
            pytest.fail(why)
        pytest.skip(why)


def opened(page: Page, at: int = 0) -> None:
    page.locator(".try-open").nth(at).click()
    expect(page.locator(".try")).not_to_have_attribute("aria-busy", "true", timeout=WAIT_MS)
    expect(page.locator(".try-status")).to_contain_text("listening", timeout=WAIT_MS)


def typed(page: Page, text: str) -> None:
    box = page.locator(".try-pane input").first
    box.fill(text)
    box.press("Enter")


@pytest.mark.parametrize("name", CHAPTERS)
def test_each_transcript_gives_the_chapters_replies(page: Page, at_home: str, name: str) -> None:
    page.goto(f"{at_home}{name}.html")
    page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
    count = page.locator(".transcript").count()
    assert count > 0
    differing = []
    for i in range(count):
        # The button that was used is hidden until its console is closed.
        place = page.locator(".transcript").nth(i)
        place.locator(".try-open").click()
        expect(place.locator(".try-status")).to_contain_text("listening", timeout=WAIT_MS)
        said = place.locator(".try-status").inner_text()
        if "with the chapter's replies" not in said and (name, i) not in EXCEPTIONS:
            differing.append(f"{i}: {said}")
        place.get_by_role("button", name="Close").click()
    assert differing == []


def test_nothing_is_loaded_before_it_is_asked_for(page: Page, root: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{root}03-expiry-eviction.html")
    assert not [url for url in asked if "/console/" in url]
    opened(page)
    loaded = {url.rpartition("/")[2] for url in asked if "/console/" in url}
    assert loaded == {path.name for path in trying.PARTS} | {"03.js"}


def test_the_reader_goes_on_with_the_keyboard(page: Page, at_home: str) -> None:
    page.goto(f"{at_home}03-expiry-eviction.html")
    page.locator(".try-open").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".try-status")).to_contain_text("listening", timeout=WAIT_MS)
    expect(page.locator(".try-pane input").first).to_be_focused()
    page.keyboard.type("CONFIG SET maxmemory 0")  # the transcript has limited it
    page.keyboard.press("Enter")
    page.keyboard.type("SET k 'a b' EX 10")
    page.keyboard.press("Enter")
    output = page.locator(".try-output").first
    page.keyboard.type("GET k")
    page.keyboard.press("Enter")
    expect(output.locator(".came .as-text").last).to_have_text('"a b"')
    page.get_by_label("Clock").select_option("60000")
    page.get_by_role("button", name="Move forward").click()
    page.locator(".try-pane input").first.focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(output.locator(".came .as-text").last).to_have_text("(nil)")
    page.keyboard.press("Escape")
    expect(page.locator(".try")).to_have_count(0)
    expect(page.locator(".try-open").first).to_be_focused()


def test_replies_are_shown_as_bytes_with_their_place(page: Page, at_home: str) -> None:
    page.goto(f"{at_home}03-expiry-eviction.html")
    opened(page)
    page.get_by_label("Bytes").check()
    typed(page, "PING")
    shown = page.locator(".try-output .came .as-bytes").last
    expect(shown).to_be_visible()
    expect(shown).to_contain_text("+PONG\\r\\n")
    expect(page.locator(".try-output .came .as-text").last).to_be_hidden()


def test_the_stage_before_answers_beside_it(page: Page, at_home: str) -> None:
    page.goto(f"{at_home}diff/04-lists/index.html")
    page.get_by_role("button", name="Try both stages").click()
    expect(page.locator(".try-status")).to_contain_text("listening", timeout=WAIT_MS)
    page.get_by_role("button", name="LPUSH", exact=True).click()
    box = page.locator(".try-pane input")
    expect(box).to_be_focused()
    expect(box).to_have_value("LPUSH ")
    page.keyboard.type("l a")
    page.keyboard.press("Enter")
    expect(page.locator(".try-output[data-stage='04'] .came .as-text").last).to_have_text("(integer) 1")
    expect(page.locator(".try-output[data-stage='03'] .error .as-text").last).to_contain_text("unknown command")


def test_a_transcript_with_several_connections_has_a_pane_for_each(page: Page, at_home: str) -> None:
    page.goto(f"{at_home}08-blocking-pubsub.html")
    opened(page)
    names = page.locator(".try-pane").evaluate_all("(all) => all.map((one) => one.getAttribute('aria-label'))")
    assert {"Connection ann", "Connection bob", "Connection cid"} <= set(names)


def test_the_lesson_alone_and_resp3(page: Page, at_home: str) -> None:
    page.goto(f"{at_home}05-hashes-sets.html")
    opened(page)
    page.get_by_label("Build").select_option("-core")
    expect(page.locator(".try-status")).to_contain_text("Loading")
    expect(page.locator(".try-status")).to_contain_text("with the chapter's replies", timeout=WAIT_MS)
    page.get_by_label("Build").select_option("")
    expect(page.locator(".try-status")).to_contain_text("Loading")
    expect(page.locator(".try-status")).to_contain_text("listening", timeout=WAIT_MS)
    page.get_by_label("Protocol").select_option("3")
    typed(page, "GET nothing-here")
    expect(page.locator(".try-output .came .as-text").last).to_have_text("(null)")


def test_bytes_that_are_typed_are_sent_as_they_are(page: Page, at_home: str) -> None:
    page.goto(f"{at_home}01-event-loop.html")
    opened(page)
    page.get_by_role("button", name="Raw connection").click()
    said = page.get_by_label("Connection raw2").locator(".try-output .came .as-text")
    for part in (r"*1\r\n$4\r\nPI", r"NG\r\n"):
        expect(said).to_have_count(0)
        page.keyboard.type(part)
        page.keyboard.press("Enter")
    expect(said).to_have_text(r"+PONG\r\n")


def test_the_files_of_a_stage_are_told_byte_by_byte(page: Page, at_home: str) -> None:
    page.goto(f"{at_home}10-rdb.html")
    opened(page)
    files = page.locator(".try-files")
    files.locator("summary").click()
    typed(page, "FLUSHALL")
    typed(page, "SET hello world")
    typed(page, "SAVE")
    button = files.get_by_role("button", name="dump.rdb")
    button.press("Enter")
    expect(button).to_be_focused()
    expect(button).to_have_attribute("aria-expanded", "true")
    rows = files.locator("tbody tr")
    expect(rows.filter(has_text='key: "hello"').locator("td")).to_have_text([re.compile(r"^\d+$"), "68 65 6c 6c 6f", 'key: "hello"'])
    expect(rows.last).to_contain_text("a checksum of all that is before it (CRC-64)")
    typed(page, "SET again and")
    typed(page, "SAVE")
    expect(rows.filter(has_text='key: "again"')).to_have_count(1)


@pytest.fixture
def linked(page: Page, at_home: str) -> Page:
    """Stage 12 with a replica that has reached it."""
    page.goto(f"{at_home}12-replication.html")
    page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
    page.locator(".transcript:not([data-shell]) .try-open").first.click()
    expect(page.locator(".try-status")).to_contain_text("Stage 12 is listening", timeout=WAIT_MS)
    page.get_by_label("With a replica").check()
    expect(page.locator(".try-status")).to_contain_text("Primary and replica are listening", timeout=WAIT_MS)
    expect(page.locator(".try-link .try-output")).to_contain_text("REPLCONF ACK 0", timeout=WAIT_MS)
    return page


def asked(page: Page, name: str, text: str) -> str:
    """What the primary or the replica replies."""
    pane = page.locator(".try-pane", has=page.get_by_label(f"Command of connection {name}"))
    said = pane.locator(".try-output .came .as-text")
    before = said.count()
    pane.locator("input").fill(text)
    pane.locator("input").press("Enter")
    expect(said).to_have_count(before + 1)
    return said.last.inner_text()


def test_a_replica_follows_its_primary_and_the_link_can_be_cut(linked: Page) -> None:
    page = linked
    link = page.locator(".try-link .try-output")
    assert asked(page, "primary", "SET k 1") == "OK"
    expect(link).to_contain_text(re.compile(r"primary +\d+ +SET k 1"))
    expect(link).to_contain_text("PSYNC ? -1")
    assert asked(page, "primary", "WAIT 1 5000") == "(integer) 1"
    assert asked(page, "replica", "GET k") == '"1"'
    assert "READONLY" in asked(page, "replica", "SET k 2")
    link.locator("summary").click()
    expect(link.locator("tbody tr").last).to_contain_text("a checksum")
    page.get_by_role("button", name="Cut the link").click()
    assert asked(page, "primary", "SET k 2") == "OK"
    assert asked(page, "replica", "GET k") == '"1"'
    page.get_by_role("button", name="Mend the link").click()
    expect(link).to_contain_text("+CONTINUE", timeout=WAIT_MS)
    expect(link).to_contain_text(re.compile(r"primary +\d+ +SET k 2"))
    assert asked(page, "replica", "GET k") == '"2"'
    page.get_by_label("With a replica").uncheck()
    expect(page.locator(".try-link")).to_have_count(0)
    expect(page.locator(".try-status")).to_contain_text("Stage 12 is listening", timeout=WAIT_MS)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_can_be_read_in_both_themes(page: Page, at_home: str, theme: str) -> None:
    page.goto(f"{at_home}03-expiry-eviction.html")
    page.evaluate("(theme) => (document.body.dataset.theme = theme)", theme)
    opened(page)
    for selector in (".try-output pre", ".try button", ".try-status", ".try label", ".try-prompt"):
        assert min(contrasts(page, f"{selector}:visible")) >= ENOUGH, selector


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_files_and_link_can_be_read_in_both_themes(linked: Page, theme: str) -> None:
    page = linked
    page.evaluate("(theme) => (document.body.dataset.theme = theme)", theme)
    page.get_by_role("button", name="Cut the link").click()
    page.locator(".try-files > summary").click()
    page.locator(".try-files button").first.click()
    for selector in (".try-link pre", ".try-hint", ".try-parts td", ".try-parts th", ".try-files button", "details summary"):
        assert min(contrasts(page, f".try {selector}:visible")) >= ENOUGH, selector


def test_it_fits_a_phone(phone: Page, at_home: str) -> None:
    phone.goto(f"{at_home}diff/03-expiry-eviction/index.html")
    opened(phone)
    assert phone.locator(".try").evaluate("(one) => one.scrollWidth <= one.clientWidth")
    assert phone.locator(".try").bounding_box()["width"] <= 390  # type: ignore[index]


def test_files_and_link_fit_a_phone(phone: Page, at_home: str) -> None:
    phone.goto(f"{at_home}12-replication.html")
    opened(phone)
    phone.get_by_label("With a replica").check()
    expect(phone.locator(".try-link .try-output")).to_contain_text("REPLCONF ACK 0", timeout=WAIT_MS)
    phone.locator(".try-files > summary").click()
    phone.locator(".try-files button").first.click()
    assert phone.locator(".try").evaluate("(one) => one.scrollWidth <= one.clientWidth")


@pytest.fixture
def without_scripts(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(java_script_enabled=False)
    yield context.new_page()
    context.close()


def test_without_scripts_the_transcript_is_as_it_was(without_scripts: Page, at_home: str) -> None:
    without_scripts.goto(f"{at_home}03-expiry-eviction.html")
    assert without_scripts.locator(".transcript pre").first.is_visible()
    assert without_scripts.locator(".try-open").count() == 0
