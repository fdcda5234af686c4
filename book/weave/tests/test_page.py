"""The page about common/: its table and quotes are filled, and what is stale or out of place is said."""

from __future__ import annotations

from course import Course
from weave import page

SHARED = "/* shared: adds.\n *\n * More of it. */\nint add(int a, int b);\n"
SOURCE = '#include "shared.h"\n\nint add(int a, int b)\n{\n    return a + b;\n}\n'
TEXT = "# Shared\n\n```text common\n```\n\nIt adds:\n\n```c file=common/shared.c def=add\nold\n```\n"


def lay(course: Course, text: str) -> None:
    (course.root / "common/nothing.c").unlink()
    course.write("common/shared.h", SHARED)
    course.write("common/shared.c", SOURCE)
    course.write("common/event_poll.c", "/* event_poll: waits. */\n")
    course.write("stages/01-one/net/sum.c", '#include "common/shared.h"\n')
    course.write(page.PAGE, text)
    page.table.cache_clear()


def test_the_table_and_the_quotes_are_filled(course: Course) -> None:
    lay(course, TEXT)
    assert len(list(page.check(course.root))) == 2
    outcome = page.write(course.root)
    assert (outcome.filled, outcome.changed, outcome.faults) == (2, 2, [])
    written = (course.root / page.PAGE).read_text(encoding="utf-8")
    assert "\nshared.h .c      10  01: net/sum.c       Adds\n" in written
    assert "\nevent_poll.c      1  EVENT_BACKEND=poll  Waits\n" in written
    assert "```c file=common/shared.c def=add\nint add(int a, int b)\n{\n    return a + b;\n}\n```" in written
    assert list(page.check(course.root)) == []


def test_what_no_stage_uses_is_said(course: Course) -> None:
    lay(course, TEXT)
    course.write("common/unused.h", "/* unused: nothing. */\n")
    assert "common/unused is used by no stage" in str(page.wanted(course.root)[1])


def test_code_of_a_stage_and_typed_code_are_refused(course: Course) -> None:
    lay(course, "# Shared\n\n```c file=main.c def=main\n```\n\n```c\nint x;\n```\n")
    first, second = page.check(course.root)
    assert "this page quotes files of common/" in first.text
    assert "never typed" in second.text
