"""A chapter that is typed: places, scaffold, the table, and what is wrong with a step."""

from __future__ import annotations

import steps as laying
from course import HEADER, Course, fence
from weave import check, played, sync, typed
from weave.outline import SECTIONS
from weave.typed import Typed

WHY = "It must be so because a list holds as many numbers as a caller pushes, and no caller knows how many. " * 4
ENOUGH = f"{WHY}\n\n"
MARK = "**Green:** nothing new; 0 of 0 tests."
STANDS = """\
/* How much is pushed. */
static int amount(void)
{
    return 2;
}
"""
STEP_1 = (
    ENOUGH
    + fence("c file=net/list.h new")
    + "\nThe source has a part that stands for a while:\n\n"
    + fence("c file=net/list.c head new")
    + "\nIt is this one, and it is crude.\n\n"
    + fence("c scaffold=01-01/net/list.c end")
    + "\nThe function that callers know comes last:\n\n"
    + fence("c file=net/list.c def=list_push end")
)
STEP_2 = (
    ENOUGH
    + fence("c file=net/list.c def=STEP,amount replaces=amount")
    + "\nAnd the program calls it, as the marks say:\n\n"
    + fence("diff file=main.c hunk=all")
)


def chapter(*steps: str) -> str:
    parts = ["# 01 · One\n"]
    for title in SECTIONS:
        text = "Some words.\n"
        if title.startswith("The code"):
            text = fence("text steps") + "".join(
                f"\n### Step {n}: Part {n}\n\n{step}\n" for n, step in enumerate(steps, 1)
            )
        parts.append(f"## {title}\n\n{text}")
    return "\n".join(parts)


def typed_of(course: Course, *steps: str) -> Typed:
    course.write("book/scaffold/01/01-01/net/list.c", STANDS)
    done = sync.typed_of(course.synced(chapter(*steps)))
    assert done
    return done


def problems(course: Course, *steps: str) -> list[str]:
    course.write("book/scaffold/01/01-01/net/list.c", STANDS)
    course.synced(chapter(*steps))
    return [str(p) for p in check.cheap(course.synced()).problems if "the first test turns green" not in str(p)]


def test_a_chapter_is_typed_to_its_end(course: Course) -> None:
    done = typed_of(course, STEP_1, STEP_2)
    assert done.problems == []
    first, second = done.steps
    assert first.files["net/list.h"] == HEADER
    assert "return 2;" in first.files["net/list.c"]
    assert first.files["main.c"] == (course.root / "stages/00-zero/main.c").read_text()
    for path in ("main.c", "net/list.c", "net/list.h"):
        assert second.files[path] == (course.root / "stages/01-one" / path).read_text()
    assert [(s.places, s.changed) for s in done.steps] == [
        (2, {"net/list.c", "net/list.h"}),
        (2, {"main.c", "net/list.c"}),
    ]


def test_the_place_is_said_above_each_fence(course: Course) -> None:
    typed_of(course, STEP_1, STEP_2)
    text = course.text
    for words in (
        "*`net/list.h`, a new file:*\n\n```c file=net/list.h new",
        "*`net/list.c`, at the end (scaffold, until step 2):*\n\n```c scaffold",
        "*`net/list.c`, instead of `amount`:*\n\n```c file",
        "*`main.c`, changed:*\n\n```diff",
    ):
        assert words in text
    assert text.count(MARK) == 2
    course.synced()
    assert course.text == text


def test_a_diff_that_shows_lines_of_an_earlier_fence_says_so(course: Course) -> None:
    first = fence('c file=main.c from="struct list list" before=printf')
    both = ENOUGH + fence("diff file=main.c hunk=all")
    assert typed_of(course, STEP_1, STEP_2.replace(fence("diff file=main.c hunk=all"), first), both).problems == []
    assert "*`main.c`, changed; some of these lines you have already:*\n\n```diff file=main.c hunk=all" in course.text


def test_a_place_that_is_not_said_is_filled_in(course: Course) -> None:
    typed_of(course, STEP_1.replace(" new\n", "\n"), STEP_2.replace(" replaces=amount", ""))
    assert "```c file=net/list.h new\n" in course.text
    assert "```c file=net/list.c def=STEP,amount replaces=amount\n" in course.text


def test_the_patches_make_the_trees(course: Course) -> None:
    done = typed_of(course, STEP_1, STEP_2)
    tree = dict(done.start)
    for number, step in enumerate(done.steps, 1):
        patch = (course.root / f"book/steps/01/{number:02}.patch").read_text()
        assert patch.startswith(f"Step {number}: Part {number}\n\n--- ")
        tree = laying.apply(tree, patch)
        assert tree == step.files
    course.write("book/steps/01/01.patch", "")
    assert "01.patch:1: it is not what book/01-one.md types" in "\n".join(map(str, check.cheap(course.load()).problems))


def test_a_chapter_in_good_form(course: Course) -> None:
    assert problems(course, STEP_1, STEP_2) == []


def test_what_is_wrong_is_said(course: Course) -> None:
    """Each change of a good chapter, and what the check says of it."""
    for old, new, why in (
        ("def=list_push end", "def=list_push before=amount", "comes before"),
        ("def=list_push end", "def=list_push after=nothing", "neither defines nothing nor holds"),
        ("file=net/list.h new", "file=net/list.h end", "there is no net/list.h yet: it is `new`"),
        ("head new", "head new end", "a fence has one place"),
        ("head new", "head after", "after= names what stands there"),
        (WHY, "", "step 1 has "),
        ("\nIt is this one, and it is crude.\n", "\nCrude.\n", "a fence right behind a fence"),
        ("def=list_push end", "rest end", "`rest` leaves lines unexplained"),
        (fence("c file=net/list.c def=list_push end"), "", "the lesson it is `void list_push"),
        ("def=list_push end", 'def=list_push from="(void)" to=} end', "in the lesson it is `"),
        ("scaffold=01-01/net/list.c end", "scaffold=01-01/net/list.c from=static end", "a scaffold is a whole definition"),
    ):
        assert old in STEP_1
        assert why in "\n".join(problems(course, STEP_1.replace(old, new, 1), STEP_2)), (new, why)


def test_scaffold_goes_when_its_time_is_over(course: Course) -> None:
    left = STEP_2.replace(fence("c file=net/list.c def=STEP,amount replaces=amount"), fence("c file=net/list.c def=STEP after=list_push"))
    assert any("scaffold" in text or "in the lesson" in text for text in problems(course, STEP_1, left))


def test_scaffold_that_no_fence_types(course: Course) -> None:
    course.write("book/scaffold/01/01-02/main.c", "int other;\n")
    assert any("no fence of book/01-one.md types this" in text for text in problems(course, STEP_1, STEP_2))


def test_every_step_is_built(course: Course) -> None:
    """It has no tests here: what is wrong with the build comes before."""
    bad = STANDS.replace("return 2;", "return two;")
    typed_of(course, STEP_1, STEP_2)
    course.write("book/scaffold/01/01-01/net/list.c", bad)
    done = sync.typed_of(course.synced())
    assert done
    played.ready(done)
    _, error = played.Player(done).build(done.steps[0])
    assert "two" in error
    _, error = played.Player(done).build(done.steps[1])
    assert not error


def test_a_file_that_is_replaced_keeps_its_includes(course: Course) -> None:
    """include= names lines that the old file had as well, and what follows them is no place of its own."""
    crude = '#include "net/list.h"\n\n/* Puts one more at the end. */\nvoid list_push(struct list *list, int value)\n{\n    list->length += value;\n}\n'
    course.write("book/scaffold/01/01-01/net/list.c", crude)
    first = ENOUGH + fence("c file=net/list.h new") + "\nThis is crude and stands for a while:\n\n" + fence("c scaffold=01-01/net/list.c new")
    second = (
        ENOUGH
        + fence('c file=net/list.c def=STEP replaces include="net/list.h"')
        + "\nThe rest follows where that ended:\n\n"
        + fence("c file=net/list.c def=amount,list_push end")
        + "\nAnd the program calls it, as the marks say:\n\n"
        + fence("diff file=main.c hunk=all")
    )
    done = sync.typed_of(course.synced(chapter(first, second)))
    assert done
    assert done.problems == []
    assert done.steps[1].places == 2


def test_the_words_of_a_place() -> None:
    assert typed.said({"after": "int x;", "include": "a.h"}) == 'after="int x;"'
    assert typed.said({"replaces": None}) == "replaces"
