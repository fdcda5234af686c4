"""For each stage a page with its tests: what each scenario teaches, the step that turns it green, and the transcript."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile

from markupsafe import Markup
from pygments import highlight
from pygments.formatters import HtmlFormatter

from chain import ROOT
from harness.scenario import read_scenario
from pages.course import Course, Step
from pages.transcripts import RedisLexer
from pages.writing import Site
from weave import chapters, steptable
from weave.markdown import Heading, Unreadable

FUNCTION = re.compile(r"^def (test_\w+)", re.MULTILINE)
SENTENCE = re.compile(r".+?[.?!](?=\s|$)")
PARAMETERS = re.compile(r"\[.*")


@dataclass(frozen=True)
class Told:
    """A step of a chapter, and what turns green with it."""

    heading: Heading
    number: int
    greens: tuple[str, ...]
    page: str

    @property
    def target(self) -> str:
        """The page and the heading, from the site's root."""
        return f"{self.page}#{self.heading.slug}"


@dataclass(frozen=True)
class Test:
    """A scenario, or a function of tests/python/."""

    name: str  # as the chapter names it, without parameters
    says: str
    core: bool
    steps: tuple[Told, ...]  # with some of its parameters it may turn green later
    body: Markup | None = None  # of a scenario
    source: str = ""  # of a function: its file


@lru_cache
def told_steps(number: str) -> tuple[Told, ...]:
    """The steps of the chapter of this number; none while it is not in steps that are typed."""
    if number not in chapters.numbers():
        return ()
    try:
        chapter = chapters.load(number)
    except Unreadable:
        return ()
    greens = steptable.read(chapter.table)
    page = f"{chapter.path.stem}.html"
    steps = chapter.steps if chapter.table else []
    return tuple(Told(s.heading, s.number, tuple(greens.by_step.get(s.number, ())), page) for s in steps)


@lru_cache
def target_of(number: str, stage: str, name: str) -> str:
    """Where a test that a chapter names is shown; "" when there is none of this name."""
    bare = PARAMETERS.sub("", name)
    return f"tests/{stage}/index.html#{bare}" if bare in names_of(number, stage) else ""


@lru_cache
def names_of(number: str, stage: str) -> frozenset[str]:
    return frozenset(path.stem for path in scenarios_of(stage)) | frozenset(functions_of(number))


def scenarios_of(stage: str) -> list:  # type: ignore[type-arg]
    return sorted((ROOT / "tests/scenarios" / stage).glob("*.redis"))


@lru_cache
def functions_of(number: str) -> dict[str, str]:
    """The functions of a stage's Python tests, and the file of each from the repository's root."""
    found: dict[str, str] = {}
    for path in sorted((ROOT / "tests/python").glob(f"test_{number}_*.py")):
        for name in FUNCTION.findall(path.read_text(encoding="utf-8")):
            found.setdefault(name, path.relative_to(ROOT).as_posix())
    return found


def said(lines: list[str]) -> str:
    """The first sentence of a scenario's head."""
    head = " ".join(line[1:].strip() for line in takewhile(lambda line: line.startswith("# "), lines))
    sentence = SENTENCE.match(head)
    return sentence[0] if sentence else head


class TestPages:
    """The page of one stage."""

    def __init__(self, course: Course, step: Step):
        self.course, self.step = course, step

    def steps_of(self, name: str) -> tuple[Told, ...]:
        """Those that turn it green."""
        return tuple(
            told for told in told_steps(self.step.number) if name in {PARAMETERS.sub("", green) for green in told.greens}
        )

    def scenarios(self) -> list[Test]:
        found = []
        for path in scenarios_of(self.step.name):
            scenario = read_scenario(path)
            body = Markup(highlight("\n".join(scenario.lines) + "\n", RedisLexer(), HtmlFormatter(nowrap=True)))
            found.append(Test(path.stem, said(list(scenario.lines)), scenario.level == "core", self.steps_of(path.stem), body))
        return found

    def functions(self) -> list[Test]:
        return [
            Test(name, "", True, self.steps_of(name), source=file)
            for name, file in functions_of(self.step.number).items()
        ]

    def write(self, site: Site) -> None:
        scenarios = self.scenarios()
        site.page(
            f"tests/{self.step.name}/index.html",
            "tests.html",
            course=self.course,
            step=self.step,
            groups=[
                ("core", "The lesson's scenarios", [test for test in scenarios if test.core]),
                ("more", "Scenarios of the rest of Redis", [test for test in scenarios if not test.core]),
            ],
            functions=self.functions(),
            linked=self.step.chapter is not None,
        )
