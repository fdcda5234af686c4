"""What the README and the page about other languages say that `make check` prints is what it prints,
and the lists of stages and chapters name those that there are.

UPDATE=1 in the environment writes it anew.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from harness.stages import ROOT, TESTS

README = TESTS / "README.md"
ANY_LANGUAGE = ROOT / "book" / "any-language.md"
PING = "python3 tests/examples/ping_server.py --port {port}"
OLDER = "build/01-event-loop/server --port {port}"
CASES = {
    "ping": ["--stage", "00", "--server", PING],
    "older": ["--stage", "02", "--server", OLDER, "02-keyspace/01-set-and-get"],
    "real": ["--stage", "00", "--server", "redis-server"],
}
NEEDED = {"real": pytest.mark.needs("redis-server")}
LANGUAGES = {
    "python": "python3 tests/examples/python/server.py --port {port}",
    "javascript": "node tests/examples/javascript/server.js --port {port}",
}


def printed(arguments: list[str]) -> str:
    words = [sys.executable, "-m", "harness", "check", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(TESTS)}
    done = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    text = re.sub(r"\b[0-9]+:M [0-9]{2} \w{3} [0-9]{4} [0-9:.]+", "1234:M 20 Nov 2026 12:00:00.000", done.stdout)
    text = re.sub(r"(?m)^(\d+ failed: .*?),.*…$", r"\1 …", text)
    return f"```\n{text}```\n"


def held(page: Path, name: str, now: str) -> None:
    """The block of that name on a page is this text."""
    text = page.read_text(encoding="utf-8")
    found = re.search(rf"<!-- {name} -->\n(.*?)<!-- end -->", text, re.DOTALL)
    assert found
    if os.environ.get("UPDATE"):
        page.write_text(text.replace(found[0], f"<!-- {name} -->\n{now}<!-- end -->"), encoding="utf-8")
    else:
        assert found[1] == now


@pytest.mark.parametrize("name", [pytest.param(n, marks=NEEDED.get(n, [])) for n in CASES])
def test_examples(name: str) -> None:
    held(README, name, printed(CASES[name]))


@pytest.mark.parametrize("name", LANGUAGES)
def test_servers_in_other_languages(name: str) -> None:
    server = LANGUAGES[name]
    program = server.split()[0]
    if not shutil.which(program):
        pytest.skip(f"{program} is not installed (Debian: apt install nodejs)")
    now = printed(["--stage", "00", "--server", server])
    held(ANY_LANGUAGE, name, now.replace("```\n", f"```\n$ make check STAGE=00 SERVER='{server}'\n", 1))


def links(page: Path, target: str) -> list[str]:
    """What a page links, of one form, in its order."""
    return re.findall(rf"\]\(({target})\)", page.read_text(encoding="utf-8"))


def test_the_readme_links_each_stage_and_its_chapter() -> None:
    stages = sorted(f"stages/{path.name}" for path in (ROOT / "stages").glob("[0-9][0-9]-*/"))
    chapters = sorted(f"book/{path.name}" for path in (ROOT / "book").glob("[0-9][0-9]-*.md"))
    assert links(ROOT / "README.md", "stages/[^)]+") == stages
    assert links(ROOT / "README.md", "book/[0-9][^)]+") == chapters


def test_the_book_begins_with_a_list_of_its_chapters() -> None:
    book = ROOT / "book"
    chapters = sorted(path.name for path in book.glob("[0-9][0-9]-*.md"))
    assert links(book / "README.md", "[0-9][^)]+") == chapters
    text = (book / "README.md").read_text(encoding="utf-8").partition("# Writing a chapter")[0]
    for name in chapters:
        title = (book / name).read_text(encoding="utf-8").splitlines()[0].removeprefix("# ")
        assert f"| [{title}]({name}) |" in text


def test_the_readme_tells_about_how_many_lines_each_chapter_has_one_type() -> None:
    table = re.findall(r"^\| \[(\d\d-[a-z-]+)\].* \| ([\d,]+) \| (\d+) \| \[chapter", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert len(table) == len(list((ROOT / "book").glob("[0-9][0-9]-*.md")))
    for name, lines, hours in table:
        steps = re.search(r"^    in all +(\d+)  ", (ROOT / "book" / f"{name}.md").read_text(encoding="utf-8"), re.MULTILINE)
        assert steps
        assert abs(int(steps[1]) - int(lines.replace(",", ""))) < 50, name
        assert abs(int(steps[1]) / 100 - int(hours)) < 1, name
