"""The site in a real browser."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from pages.course import read_course

COURSE = read_course()
FILE_PAGE = "diff/01-event-loop/net/client.c.html"
LONG_PAGE = "diff/01-event-loop/net/connection.c.html"  # of many parts
NEW_FILE = "diff/00-resp/net/resp.c.html"
PAGES = [
    "index.html",
    *(f"{step.name}.html" for step in COURSE.steps if step.chapter),
    "search.html?q=backlog",
    "diff/01-event-loop/index.html",
    FILE_PAGE,
    NEW_FILE,
    "history/index.html",
    "history/net/resp.c.html",
]
ENOUGH = 4.5  # WCAG's contrast for text

# The contrast of what each node is drawn in with what is behind it.
CONTRAST = """
(nodes) => nodes.slice(0, 200).map((node) => {
  const parse = (text) => {
    const [r, g, b, a] = text.match(/[\\d.]+/g).map(Number);
    return { rgb: [r, g, b], alpha: a === undefined ? 1 : a };
  };
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((c) => (c / 255 <= 0.03928 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  let behind = [255, 255, 255];
  for (let at = node; at; at = at.parentElement) {
    const colour = parse(getComputedStyle(at).backgroundColor);
    if (colour.alpha > 0.5) { behind = colour.rgb; break; }
  }
  const style = getComputedStyle(node);
  const name = node instanceof SVGElement ? (node.tagName === "text" ? style.fill : style.stroke) : style.color;
  const [a, b] = [light(parse(name).rgb), light(behind)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
})
"""


def contrasts(page: Page, selector: str) -> list[float]:
    return [float(one) for one in page.locator(selector).evaluate_all(CONTRAST)]


@pytest.mark.parametrize("name", PAGES)
def test_nothing_comes_from_another_host(page: Page, root: str, name: str) -> None:
    """Checked where the window closes; here the page only has to be there."""
    page.goto(root + name)
    assert page.locator("h1, #search-results h2").count() > 0


# Search


def found_pages(page: Page, root: str, words: str) -> list[str]:
    page.goto(f"{root}index.html")
    page.keyboard.press("/")
    page.keyboard.type(words)
    page.keyboard.press("Enter")
    # The pages come into the list one by one.
    page.wait_for_function("document.querySelector('#search-results .search-summary')?.innerText.includes('finished')")
    links = page.locator("#search-results ul.search > li > a").all()
    return [str(link.get_attribute("href")) for link in links]


def test_search_finds_backlog(page: Page, root: str) -> None:
    found = found_pages(page, root, "backlog")
    assert any("history/net/listener.c.html" in link for link in found)
    assert any("00-resp.html" in link for link in found)
    said = page.locator("#search-results .places .said").all_text_contents()
    assert any("backlog" in text.lower() for text in said)


def test_search_finds_prose_and_leads_to_its_section(page: Page, root: str) -> None:
    assert "01-event-loop.html" in found_pages(page, root, "readiness completion")
    hit = page.locator("#search-results ul.search > li:has(> a[href$='01-event-loop.html'])")
    hit.locator(".places a").first.click()
    page.wait_for_url(re.compile(r"01-event-loop\.html#.+"))
    assert page.locator(":target").count() == 1


def test_search_finds_a_function_by_its_name(page: Page, root: str) -> None:
    found = found_pages(page, root, "read_bulk_len")
    assert any("history/net/resp.c.html" in link for link in found)


def test_search_from_a_difference_page(page: Page, root: str) -> None:
    page.goto(root + FILE_PAGE)
    page.keyboard.press("/")
    page.keyboard.type("backlog")
    page.keyboard.press("Enter")
    page.wait_for_selector("#search-results ul.search > li")


# Light and dark


def theme_of(page: Page) -> str:
    return str(page.evaluate("document.body.dataset.theme"))


def paper(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))


def test_the_colours_are_chosen_once_for_all_pages(page: Page, root: str) -> None:
    page.goto(f"{root}index.html")
    white = paper(page)
    for _ in range(3):
        page.locator(".theme-toggle-content .theme-toggle").click()
        if theme_of(page) == "dark":
            break
    dark = paper(page)
    assert theme_of(page) == "dark" and dark != white
    page.goto(root + FILE_PAGE)
    assert theme_of(page) == "dark" and paper(page) == dark
    while theme_of(page) != "light":
        page.click("button.theme")
    assert paper(page) == white
    page.goto(f"{root}index.html")
    assert theme_of(page) == "light" and paper(page) == white


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("chosen", ["auto", "light", "dark"])
def test_drawings_and_code_are_legible(browser: Browser, at_home: str, scheme: str, chosen: str) -> None:
    context = browser.new_context(color_scheme="dark" if scheme == "dark" else "light")
    context.add_init_script(f"localStorage.setItem('theme', '{chosen}')")
    page = context.new_page()
    page.goto(f"{at_home}01-event-loop.html")
    is_dark = chosen == "dark" or (chosen == "auto" and scheme == "dark")
    assert (sum(map(int, re.findall(r"\d+", paper(page))[:3])) < 200) == is_dark
    for selector in ("figure.drawing text", "figure.drawing line", ".highlight span", ".difference .row span", ".quote-head span", "article p"):
        found = contrasts(page, selector)
        assert found and min(found) >= ENOUGH, (selector, min(found, default=0))
    page.goto(at_home + FILE_PAGE)
    for selector in (".row", ".row span", ".part-head a", "nav.files a", ".row mark"):
        found = contrasts(page, selector)
        assert found and min(found) >= ENOUGH, (selector, min(found, default=0))
    context.close()


# A phone


@pytest.mark.parametrize("name", PAGES)
def test_no_page_is_wider_than_a_phone(phone: Page, at_home: str, name: str) -> None:
    phone.goto(at_home + name)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_difference_on_a_phone(phone: Page, at_home: str) -> None:
    phone.goto(at_home + FILE_PAGE)
    assert phone.locator("pre.unified").first.is_visible()
    assert not phone.locator(".split").first.is_visible()
    tree = phone.locator("nav.files")
    assert not tree.is_visible()
    phone.tap(".files-button")
    assert tree.is_visible()
    phone.tap(".files-button")
    assert not tree.is_visible()
    phone.tap(".view button[data-view=split]")
    assert phone.locator(".split").first.is_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    wide = "[...document.querySelectorAll('pre.code')].some((box) => box.scrollWidth > box.clientWidth)"
    assert phone.evaluate(wide), "only the boxes of code scroll sideways"


# The keyboard


def current(page: Page) -> str | None:
    found = page.evaluate("document.querySelector('.part.current')?.id ?? ''")
    return str(found) or None


@pytest.mark.parametrize(("down", "up"), [("j", "k"), ("n", "p")])
def test_from_hunk_to_hunk_by_key(page: Page, at_home: str, down: str, up: str) -> None:
    page.goto(at_home + LONG_PAGE)
    count = page.locator(".part").count()
    assert count > 2
    for number in (1, 2, 3):
        page.keyboard.press(down)
        assert current(page) == f"h{number}"
    box = page.locator("#h3").bounding_box()
    assert box and 0 <= box["y"] < 200
    page.keyboard.press(up)
    assert current(page) == "h2"
    for _ in range(count - 1):
        page.keyboard.press(down)
    page.wait_for_url(re.compile(r"/diff/01-event-loop/.*#first"))
    assert LONG_PAGE not in page.url and current(page) == "h1"
    page.keyboard.press(up)
    page.wait_for_url(re.compile(LONG_PAGE + "#last"))
    assert current(page) == f"h{count}"


def test_keys_that_are_typed_are_not_taken(page: Page, at_home: str) -> None:
    page.goto(at_home + FILE_PAGE)
    page.keyboard.press("/")
    page.keyboard.type("jsnp")
    assert page.locator(".find input").input_value() == "jsnp"
    assert current(page) is None
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    assert current(page) == "h1"


def test_one_column_or_two(page: Page, at_home: str) -> None:
    page.goto(at_home + FILE_PAGE)
    assert page.locator("pre.unified").first.is_visible()
    page.keyboard.press("s")
    assert page.locator(".split").first.is_visible() and not page.locator("pre.unified").first.is_visible()
    page.reload()
    assert page.locator(".split").first.is_visible()
    page.click(".view button[data-view=unified]")
    assert page.locator("pre.unified").first.is_visible()


def test_tab_and_enter_are_enough(page: Page, at_home: str) -> None:
    page.goto(at_home + FILE_PAGE)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('nav.files li') !== null"):
            break
    target = str(page.evaluate("document.activeElement.href"))
    page.keyboard.press("Enter")
    page.wait_for_url(target)


# What is read, copied, printed


@pytest.mark.parametrize("name", ["net/resp.c", "net/resp.h", "main.c"])
def test_a_file_is_copied_as_it_is(page: Page, at_home: str, name: str) -> None:
    page.goto(f"{at_home}diff/00-resp/{name}.html")
    copied = ""
    for number in range(page.locator("pre.code").count()):
        copied += str(
            page.evaluate(
                """(number) => {
                  const range = document.createRange();
                  range.selectNodeContents(document.querySelectorAll("pre.code > code")[number]);
                  getSelection().removeAllRanges();
                  getSelection().addRange(range);
                  return getSelection().toString().replace(/\\n*$/, "\\n");
                }""",
                number,
            )
        )
    text = COURSE.step("00").files[name]
    assert [x for x in copied.split("\n") if x] == [x for x in text.split("\n") if x]


def test_a_quoted_difference_is_in_colours(page: Page, at_home: str) -> None:
    page.goto(f"{at_home}01-event-loop.html")
    assert page.locator(".difference .row.come .kt").count() > 0
    come = page.locator(".difference .row.come").first
    assert come.evaluate("row => getComputedStyle(row, '::before').content") == '"+"'
    assert not str(come.text_content()).startswith("+")


def test_both_columns_stand_beside_each_other(page: Page, at_home: str) -> None:
    page.goto(at_home + FILE_PAGE)
    page.keyboard.press("s")
    heights = page.evaluate(
        "[...document.querySelectorAll('.split')].map((one) => [...one.querySelectorAll('code')].map((c) => c.offsetHeight))"
    )
    assert heights and all(left == right for left, right in heights)


def test_paper_shows_what_is_folded(page: Page, at_home: str) -> None:
    page.goto(f"{at_home}01-event-loop.html")
    folded = page.query_selector("article details:not([open]) pre")
    assert folded and not folded.is_visible()
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert folded.is_visible()
    assert not page.locator(".sidebar-drawer").is_visible()


def test_a_difference_is_read_without_scripts(browser: Browser, site: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((site / FILE_PAGE).as_uri())
    assert page.locator("pre.unified").first.is_visible()
    assert not page.locator(".split").first.is_visible()
    context.close()
