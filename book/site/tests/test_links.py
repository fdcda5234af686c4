"""No link leads nowhere; code and the prose that explains it lead to each other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from crawling import faults, read_page
from playwright.sync_api import Page

from pages.build import SINGLE
from pages.course import Step, read_course
from pages.differences import Hunk, compare
from pages.diffpages import FilePage, Part
from pages.places import Places, read_places
from pages.testpages import target_of, told_steps

COURSE = read_course()
TOLD = [step for step in COURSE.steps if step.chapter]


def test_no_link_of_the_site_is_broken(site: Path) -> None:
    assert faults(site) == []


def test_no_link_of_the_one_page_book_is_broken() -> None:
    assert faults(SINGLE) == []


def test_a_broken_link_would_be_found(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text('<a href="b.html#there"></a><a href="b.html#gone"></a><a href="c.html"></a>')
    (tmp_path / "b.html").write_text('<p id="there"></p><script src="https://example.org/x.js"></script>')
    found = "\n".join(faults(tmp_path))
    assert "b.html#gone" in found and "c.html" in found and "example.org" in found
    assert "b.html#there" not in found


@pytest.mark.parametrize("step", TOLD, ids=lambda step: step.name)
def test_each_quote_has_its_place_in_the_difference(site: Path, step: Step) -> None:
    touched = {file.path for file in compare(step) if file.kind != "same"}
    chapter = read_page(site / f"{step.name}.html")
    for place in read_places(step).places:
        assert place.anchor in chapter.names, f"{place.path}: {place.label}"
        assert place.reason in chapter.names, f"{place.path}: {place.label}"
        if place.path in touched and place.new_lines:
            page = read_page(site / "diff" / step.name / f"{place.path}.html")
            assert place.anchor in page.names, f"{place.path}: {place.label}"


def hunks_and_parts(step: Step, places: Places) -> Iterator[tuple[str, Hunk, Part]]:
    """Each hunk of a changed file, with the piece of the page that shows it."""
    for file in compare(step):
        if file.kind == "changed":
            parts = FilePage(step, file, places).parts()
            shown = [part for part in parts if part.kind == "hunk"]
            yield from ((file.path, h, part) for h, part in zip(file.hunks, shown, strict=True))


@pytest.mark.parametrize("step", TOLD, ids=lambda step: step.name)
def test_each_hunk_leads_to_what_explains_it(step: Step) -> None:
    places = read_places(step)
    by_target = {place.target: place for place in places.places}
    for path, hunk, part in hunks_and_parts(step, places):
        come = {row.new for row in hunk.rows if row.sign == "+"}
        gone = {row.old for row in hunk.rows if row.sign == "-"}
        quoted = [p for p in places.places if p.path == path and (come & p.new_lines or gone & p.old_lines)]
        assert bool(part.reasons) == bool(quoted), (path, part.title)
        for _, target in part.reasons:
            place = by_target[target]
            assert place.path == path and (come & place.new_lines or gone & place.old_lines)


@pytest.mark.parametrize("step", TOLD, ids=lambda step: step.name)
def test_the_built_pages_have_these_links(site: Path, step: Step) -> None:
    places = read_places(step)
    for file in compare(step):
        if file.kind == "same":
            continue
        targets = {target for part in FilePage(step, file, places).parts() for _, target in part.reasons}
        page = read_page(site / "diff" / step.name / f"{file.path}.html")
        assert targets <= {re.sub(r"^(\.\./)+", "", link) for link in page.links}, file.path


@pytest.mark.parametrize("step", TOLD, ids=lambda step: step.name)
def test_each_line_of_a_new_file_leads_to_what_explains_it(step: Step) -> None:
    places = read_places(step)
    by_target = {place.target: place for place in places.places}
    for file in compare(step):
        if file.kind != "new":
            continue
        led = set()
        for part in FilePage(step, file, places).parts():
            lines = set(map(int, re.findall(r'data-n="(\d+)"', part.code)))
            for _, target in part.reasons:
                assert lines & by_target[target].new_lines, (file.path, part.title)
                led |= lines
        quoted = {n for place in places.by_path.get(file.path, []) for n in place.new_lines}
        text = step.files[file.path].split("\n")
        assert {n for n in quoted if text[n - 1].strip()} <= led, file.path


@pytest.mark.parametrize("step", [s for s in TOLD if told_steps(s.number)], ids=lambda step: step.name)
def test_what_turns_green_leads_to_the_test_and_back(site: Path, step: Step) -> None:
    chapter, tests = read_page(site / f"{step.name}.html"), read_page(site / "tests" / step.name / "index.html")
    back = {re.sub(r"^(\.\./)+", "", link) for link in tests.links}
    for told in told_steps(step.number):
        targets = [target_of(step.number, step.name, name) for name in told.greens]
        assert all(target.partition("#")[2] in tests.names for target in targets)
        assert targets[:1] == [target for target in targets[:1] if target in chapter.links]
        assert not told.greens or told.target in back, told.heading.title


def test_a_linked_test_shows_its_transcript(page: Page, at_home: str) -> None:
    page.goto(f"{at_home}tests/00-resp/index.html#01-ping")
    assert page.locator("details[id='01-ping']").get_attribute("open") is not None
    assert "PONG" in str(page.locator("details[id='01-ping'] pre").text_content())


@pytest.mark.parametrize("step", [s for s in COURSE.steps if s.more], ids=lambda step: step.name)
def test_the_rest_of_redis_is_one_page(site: Path, step: Step) -> None:
    page = read_page(site / "diff" / step.name / "more" / "index.html")
    assert set(step.more) <= page.names


def first_quote(page: Page, root: str) -> tuple[str, str, str]:
    """A quote in the text that has a place in a difference: its chapter, anchor and code."""
    for step in TOLD:
        page.goto(f"{root}{step.name}.html")
        found = page.locator(".quote:has(.links a:text-is('in the diff')) >> nth=1")
        if page.locator(".quote .links a:text-is('in the diff')").count() > 1:
            return step.name, str(found.get_attribute("id")), str(found.locator("pre").text_content())
    pytest.skip("no chapter quotes anything yet")


def test_from_a_quote_to_the_code_and_back(page: Page, at_home: str) -> None:
    chapter, anchor, code = first_quote(page, at_home)
    page.click(f"#{anchor} .links a:text-is('in the diff')")
    page.wait_for_url(re.compile(r"/diff/.*\.html#"))
    aimed = page.locator(".row.aimed")
    assert aimed.count() == 1
    first = next(line for line in code.split("\n") if line.strip())
    assert str(aimed.text_content()).strip() == first.strip()
    assert aimed.evaluate("row => { const box = row.getBoundingClientRect(); return box.top > 0 && box.bottom < innerHeight }")
    page.locator(".part.current .why").first.click()
    page.wait_for_url(re.compile(rf"/{chapter}\.html#why-"))
    target = page.evaluate("document.getElementById(decodeURIComponent(location.hash.slice(1))).getBoundingClientRect().top")
    assert -5 <= target < 800


def test_a_function_leads_to_its_history(page: Page, at_home: str) -> None:
    page.goto(f"{at_home}diff/00-resp/net/resp.c.html")
    page.click(".outline summary")
    page.click(".outline a.past >> nth=0")
    page.wait_for_url(re.compile(r"/history/net/resp\.c\.html#"))
    assert page.locator(".life.current .scene").count() >= 1


def test_a_function_that_changes_shows_each_change(page: Page, at_home: str) -> None:
    page.goto(f"{at_home}history/main.c.html#main")
    stages = page.locator("#main .scene .where, section#main .scene .where").all_text_contents()
    assert stages[0] == "00-resp" and "01-event-loop" in stages
    assert page.locator(".life .row.come").count() > 0
