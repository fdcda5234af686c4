"""Each thing that make book-check proves is seen failing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from course import WHOLE, Course, chapter_text, fence
from weave import check, outline, plots, report, steps
from weave.markdown import Unreadable


def problems(course: Course, text: str) -> list[str]:
    return [str(p) for p in check.cheap(course.synced(text)).problems]


def test_a_chapter_in_good_order(course: Course) -> None:
    assert problems(course, chapter_text(WHOLE)) == []


def test_the_whole_check(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    course.synced(chapter_text(WHOLE))
    assert check.run(["01"], course.root, fast=True) == 0
    output = capsys.readouterr().out
    assert "01-one" in output
    assert "0 faults" in output


def test_a_stale_quote(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    course.synced(chapter_text(WHOLE))
    course.write("stages/01-one/net/list.c", "int other;\n")
    assert check.run(["01"], course.root, fast=True) == 1
    output = capsys.readouterr().out
    assert "stale" in output
    assert output.rstrip().endswith("1 fault")


def test_a_stale_quote_says_which_line(course: Course) -> None:
    text = course.synced(chapter_text(WHOLE)).document.text
    changed = text.replace("list->length +=", "list->length -=")
    number = 1 + next(i for i, line in enumerate(changed.split("\n")) if "list->length -=" in line)
    (found,) = check.cheap(course.chapter(changed)).problems
    assert f"line {number} is `" in str(found)
    assert re.search(r"is `.*length -= .*`, now `.*length \+= ", str(found))


@pytest.mark.parametrize("info", ["text mesured", "text stage=01", "svgbob big", "rdeis", "bash", "python", "make"])
def test_a_fence_that_no_check_would_see(course: Course, info: str) -> None:
    (found,) = problems(course, chapter_text(WHOLE + fence(info, "x\n")))
    assert "it would do nothing" in found or "code is quoted, never typed" in found


def test_indented_code(course: Course) -> None:
    (found,) = problems(course, chapter_text(WHOLE + "\nLike this:\n\n    int typed;\n"))
    assert "indented by four columns" in found


@pytest.mark.parametrize("after", ["", "\n# A heading\n", "\n<details><summary>B</summary>\n\n</details>\n"])
def test_a_fold_that_is_not_closed(course: Course, after: str) -> None:
    text = chapter_text(WHOLE).replace("## Exercises\n", "## Exercises\n\n<details><summary>A</summary>\n" + after)
    assert sum("<details> is not closed" in found for found in problems(course, text)) == 1


def test_code_in_html(course: Course) -> None:
    (found,) = problems(course, chapter_text(WHOLE + "\n<pre>int typed;</pre>\n"))
    assert "code in HTML" in found


def test_a_quote_changed_by_hand(course: Course) -> None:
    course.synced(chapter_text(WHOLE))
    chapter = course.chapter(course.text.replace("list->length +=", "list->length -="))
    found = [str(p) for p in check.cheap(chapter).problems]
    assert len(found) == 1
    assert "stale" in found[0]


def test_a_source_that_is_not_found(course: Course) -> None:
    found = problems(course, chapter_text(WHOLE + fence("c file=net/list.c def=nope")))
    assert any("defines no nope" in text for text in found)


def test_lines_that_no_quote_shows(course: Course) -> None:
    found = problems(course, chapter_text(WHOLE.replace("net/list.c", "net/list.c def=amount")))
    assert [text.split(": ")[0] for text in found] == [
        "stages/01-one/net/list.c:1-3",
        "stages/01-one/net/list.c:12-16",
    ]


def test_a_removed_line_that_no_diff_shows(course: Course) -> None:
    course.write("stages/01-one/main.c", "\n")
    course.write("stages/00-zero/main.c", "int gone;\n\n")
    step = fence("c file=net/list.h") + fence("c file=net/list.c")
    found = problems(course, chapter_text(step))
    assert [text.split(": ")[0] for text in found] == ["stages/00-zero/main.c:1"]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (("## Try it\n", "## Try this\n"), "is no section of a chapter"),
        (("## Try it\n\nSome words.\n", ""), 'section "## Try it" is missing'),
        (("# 01 · One", "# One"), "the first heading"),
        (("## Exercises\n\nSome words.", "## Exercises\n"), 'nothing stands under "Exercises"'),
        (("Some words.", "```c\nint x;\n```\n"), "quoted, never typed"),
        (("Some words.", "```diff\n+int x;\n```\n"), "quoted, never typed"),
        (("Some words.", "```\nx\n```\n"), "without a language"),
        (("Some words.", "```svgbob\n" + "-" * 81 + "\n```\n"), "81 columns"),
        (("Some words.", "```redis twice\n> PING\nPONG\n```\n"), "redis has no mode 'twice'"),
        (("Some words.", "```redis shell\n> PING\nPONG\n```\n"), "redis has no mode 'shell'"),
        (("Some words.", "```console continued\n$ true\n```\n"), "console has no mode 'continued'"),
        (("Some words.", "See `adlist.c:listCreat`."), "Redis 7.0.15 has no function listCreat in adlist.c"),
        (("Some words.", "See `t_list.c:listCreate`."), "it stands in adlist.c"),
        (("Some words.", "| a |\n|---|\n| `adlist.c:no` |\n"), "no function no"),
        (("Some words.", "![x](img/no.svg)"), "there is no picture img/no.svg"),
        (("Some words.", "![x](https://elsewhere/x.svg)"), "another host"),
        (("Some words.", "```text measured\n3 ms\n```\n"), "begins with the command"),
        (("**It builds.**", "It builds."), "does not end with a line"),
        (("### Step 1:", "### Step 2:"), "Step 2 should be step 1"),
        (("### Step 1: All", "### All"), 'no "### Step 1: …"'),
    ],
)
def test_what_is_wrong_with_a_text(course: Course, change: tuple[str, str], why: str) -> None:
    text = chapter_text(WHOLE)
    assert change[0] in text
    found = problems(course, text.replace(*change, 1))
    assert any(why in line for line in found), found


def test_sections_in_another_order(course: Course) -> None:
    text = chapter_text(WHOLE).replace("## Try it", "## X").replace("## Exercises", "## Try it")
    found = problems(course, text.replace("## X", "## Exercises"))
    assert any('"How Redis does it" stands behind "Exercises"' in line for line in found), found


def test_a_line_number_is_that_of_the_pointer(course: Course) -> None:
    text = chapter_text(WHOLE, Try_it="one `adlist.c:listCreate`\ntwo `adlist.c:nope`\n")
    lines = text.splitlines()
    chapter = course.chapter(text)
    found = list(outline.pointers(chapter))
    assert [p.line for p in found] == [lines.index("two `adlist.c:nope`") + 1]


def test_an_open_fence(course: Course) -> None:
    with pytest.raises(Unreadable, match="not closed"):
        course.chapter("# x\n\n```c file=net/list.c\nint x;\n")


def test_a_fence_in_a_quotation(course: Course) -> None:
    with pytest.raises(Unreadable, match="quotation"):
        course.chapter("# x\n\n> ```c file=net/list.c\n> ```\n")


SCENARIO = '# It.\n#\n# level: core\n# book: 01-one, "Timers"\n\n> PING\nPONG\n'


def test_a_section_that_a_scenario_names(course: Course) -> None:
    course.write("tests/scenarios/01-one/01-a.redis", SCENARIO)
    chapter = course.chapter(chapter_text(WHOLE))
    found = list(outline.sections_of_scenarios(course.root, [chapter]))
    assert [str(p).split(": ")[0] for p in found] == ["tests/scenarios/01-one/01-a.redis:4"]
    for title in ("Timers", "Step 3: Timers"):
        chapter = course.chapter(chapter_text(WHOLE, Try_it=f"### {title}\n\nWords.\n"))
        assert list(outline.sections_of_scenarios(course.root, [chapter])) == []


def test_a_scenario_of_a_chapter_that_is_not_written(course: Course) -> None:
    course.write("tests/scenarios/01-one/01-a.redis", SCENARIO.replace("01-one", "05-five"))
    assert list(outline.sections_of_scenarios(course.root, [course.load()])) == []


def test_a_scenario_that_names_no_section(course: Course) -> None:
    course.write("tests/scenarios/01-one/01-a.redis", SCENARIO.replace(', "Timers"', ""))
    found = list(outline.sections_of_scenarios(course.root, [course.load()]))
    assert "is not of the form" in found[0].text


def test_what_is_not_proved_is_counted(course: Course) -> None:
    text = (
        fence("console not-run", "$ reboot\n")
        + fence("redis stage", "> PING\nPONG\n")
        + fence("text measured", "$ time true\n0\n")
    )
    escapes = list(outline.escapes(course.chapter(chapter_text(WHOLE, Try_it=text))))
    assert [e.text for e in escapes] == [
        "not run: $ reboot",
        "not run against redis-server: > PING",
        "measured, not run again: $ time true",
    ]


def test_words_are_counted_without_code(course: Course) -> None:
    chapter = course.chapter("# A b\n\nc `d` e\n\n```text\nf g h\n```\n\n- i\n")
    assert chapter.document.words == 6
    assert "6 words" in outline.length(chapter)


def test_ranges_of_lines() -> None:
    assert str(report.Problem("a.c", 3, "x", 5)) == "a.c:3-5: x"
    assert str(report.Problem("a.c", 3, "x", 3)) == "a.c:3: x"


# Steps


STEPS = """\
## The code, step by step

### Step 1: The header

{header}
{first}

### Step 2: The source

{source}
{second}
"""


def step_text(first: str, second: str, source: str = WHOLE) -> str:
    header = fence("c file=net/list.h head") + fence("c file=net/list.h def=list,list_push")
    rest = fence("diff file=main.c hunk=list_push")
    return "# x\n\n" + STEPS.format(
        header=header + rest, first=first, second=second, source=fence("c file=net/list.c")
    )


BUILDS, NOT_YET = "**It builds.**", "**It does not build yet**: the source comes."


def test_steps_that_say_the_truth(course: Course) -> None:
    assert steps.check(course.synced(step_text(NOT_YET, BUILDS))) == []


def test_a_step_that_does_not_link(course: Course) -> None:
    found = steps.check(course.synced(step_text(BUILDS, BUILDS)))
    assert len(found) == 1
    assert found[0].line == course.text.splitlines().index(BUILDS) + 1
    assert "undefined reference" in found[0].text


def test_a_step_that_builds_already(course: Course) -> None:
    found = steps.check(course.synced(step_text(NOT_YET, NOT_YET)))
    assert len(found) == 1
    assert "but it does" in found[0].text


def test_a_step_is_built_once(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    chapter = course.synced(step_text(NOT_YET, BUILDS))
    steps.check(chapter)
    monkeypatch.setattr(steps.Builder, "make", None)
    assert steps.check(chapter) == []


def test_what_is_remembered_wrongly_is_built_again(course: Course) -> None:
    chapter = course.synced(step_text(NOT_YET, BUILDS))
    steps.check(chapter)
    known = course.root / "build/book-steps/01-one/built.json"
    known.write_text(known.read_text().replace("true", "false"))
    assert steps.check(chapter) == []


def test_a_changed_source_is_built_again(course: Course) -> None:
    steps.check(course.synced(step_text(NOT_YET, BUILDS)))
    course.write("stages/01-one/net/list.c", '#include "net/list.h"\nint broken = ;\n')
    found = steps.check(course.synced(step_text(NOT_YET, BUILDS)))
    assert len(found) == 1
    assert "error" in found[0].text


def test_a_function_without_a_declaration_is_an_error(course: Course) -> None:
    course.write("stages/01-one/net/list.c", "int f(void)\n{\n    return g();\n}\n")
    found = steps.check(course.synced(step_text(NOT_YET, BUILDS)))
    assert "implicit declaration" in found[0].text


def test_the_stage_before_is_what_a_chapter_begins_with(course: Course) -> None:
    text = "# x\n\n## The code, step by step\n\n### Step 1: Nothing yet\n\n**It builds.**\n"
    chapter = course.chapter(text)
    assert steps.check(chapter) == []
    assert steps.tree(chapter, 1) == {"main.c": (course.root / "stages/00-zero/main.c").read_text()}


def test_a_replaced_function_loses_its_old_lines(course: Course) -> None:
    chapter = course.synced("# x\n\n" + fence("c file=main.c def=twice"))
    text = steps.tree(chapter, 99)["main.c"]
    assert "2 * n" in text
    assert "n + n" not in text
    assert "net/list.h" not in text


def test_at_the_end_the_tree_is_the_stage(course: Course) -> None:
    chapter = course.synced(chapter_text(WHOLE))
    last = len(chapter.document.lines)
    for path, text in steps.tree(chapter, last).items():
        assert text == (course.root / "stages/01-one" / path).read_text()


# Plots

PLOT = """\
from pathlib import Path
ROOT = Path(__file__).resolve().parents[2]
IMAGE = ROOT / "book/img/a.svg"
def main():
    IMAGE.parent.mkdir(exist_ok=True)
    IMAGE.write_text((ROOT / "book/data/a.csv").read_text())
"""


@pytest.fixture
def plotted(course: Course) -> Path:
    course.write("book/plots/a.py", PLOT)
    course.write("book/data/a.csv", "# make measure\nx,y\n")
    assert plots.draw(course.root / "book/plots/a.py") == course.root / "book/img/a.svg"
    return course.root


def test_a_fresh_plot(plotted: Path) -> None:
    assert list(plots.check(plotted)) == []


def test_a_plot_of_older_data(plotted: Path) -> None:
    (plotted / "book/data/a.csv").write_text("# make measure\nx,z\n")
    assert "a.svg is not what book/plots/a.py draws now" in next(plots.check(plotted)).text
    assert "x,y" in (plotted / "book/img/a.svg").read_text()  # the check writes nothing


def test_data_without_a_command(plotted: Path) -> None:
    (plotted / "book/data/b.csv").write_text("x,z\n")
    assert "comment with the command" in next(plots.check(plotted)).text


def test_a_picture_that_nothing_draws(plotted: Path) -> None:
    (plotted / "book/img/b.svg").write_text("")
    assert "no script" in next(plots.check(plotted)).text


def test_a_plot_that_breaks(plotted: Path) -> None:
    (plotted / "book/plots/a.py").write_text("IMAGE = 'x.svg'\ndef main():\n    1 / 0\n")
    assert "ZeroDivisionError" in next(plots.check(plotted)).text
