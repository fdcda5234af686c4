"""What each kind of fence shows, and which cannot be filled."""

from __future__ import annotations

import pytest
from course import HEADER, SOURCE, WHOLE, Course, chapter_text, fence
from weave import coverage, sync

LIST_C = SOURCE.splitlines()


def test_a_definition_with_its_comment(course: Course) -> None:
    assert course.shows("c file=net/list.c def=amount") == LIST_C[4:10]


def test_several_definitions_in_the_order_asked_for(course: Course) -> None:
    shown = course.shows("c file=net/list.c def=list_push,STEP")
    assert shown == [*LIST_C[11:16], "", "#define STEP 1"]


def test_a_range_in_a_definition(course: Course) -> None:
    shown = course.shows('c file=net/list.c def=list_push from="(void)" to="}"')
    assert shown == LIST_C[13:16]


@pytest.mark.parametrize("word", ["from", "part"])
def test_a_range_without_an_end_is_a_line(course: Course, word: str) -> None:
    assert course.shows(f'c file=net/list.c {word}="return STEP"') == ["    return STEP;"]


def test_a_range_may_end_where_it_begins(course: Course) -> None:
    assert course.shows("c file=net/list.c from=(void)value to=;") == ["    (void)value;"]


def test_quotation_marks_in_a_value(course: Course) -> None:
    shown = course.shows('c file=net/list.c from="include \\"net"')
    assert shown == ['#include "net/list.h"']


def test_the_head_counts_for_the_end_of_the_guard(course: Course) -> None:
    chapter = course.synced(f"# x\n\n{fence('c file=net/list.h head')}")
    assert list(chapter.fences[0].body) == HEADER.splitlines()[:3]
    assert chapter.quotes[0].new_lines == {1, 2, 3, 12}


def test_a_whole_file(course: Course) -> None:
    assert course.shows("c file=net/list.c") == LIST_C


def test_lines_for_the_formatter_are_not_shown(course: Course) -> None:
    course.write("stages/01-one/a.c", "/* clang-format off */\nint a[] = {\n    1,\n};\n/* clang-format on */\n")
    assert course.shows("c file=a.c") == ["int a[] = {", "    1,", "};"]
    assert course.shows("c file=a.c def=a") == ["int a[] = {", "    1,", "};"]


def test_a_hunk(course: Course) -> None:
    course.write("stages/00-zero/main.c", "a\n" * 3 + "x\n" + "b\n" * 10 + "y\n")
    course.write("stages/01-one/main.c", "a\n" * 3 + "X\n" + "b\n" * 10 + "Y\n")
    shown = course.shows("diff file=main.c hunk=X")
    assert shown == ["@@", " a", " a", " a", "-x", "+X", " b", " b", " b"]
    assert len([x for x in course.shows("diff file=main.c hunk=all") if x.startswith("@@")]) == 2
    assert "2 hunks of main.c hold" in course.fault('diff file=main.c hunk="b"')
    assert "no hunk of main.c holds" in course.fault("diff file=main.c hunk=Q")


def test_a_definition_with_its_changes(course: Course) -> None:
    shown = course.shows("diff file=main.c def=twice")
    assert shown == [" static int twice(int n)", " {", "-    return n + n;", "+    return 2 * n;", " }"]
    quote = course.load().quotes[0]
    assert quote.new_lines == {6, 7, 8, 9}
    assert quote.old_lines == {6}


def test_blank_lines_of_a_diff_end_without_a_space(course: Course) -> None:
    assert "" in course.shows("diff file=main.c hunk=all")


def test_the_rest_of_a_new_file(course: Course) -> None:
    text = "# x\n\n" + fence("c file=net/list.c def=amount") + fence("c file=net/list.c rest")
    body = course.synced(text).fences[1].body
    assert list(body) == [*LIST_C[:3], "", "/* ... */", "", *LIST_C[11:]]


def test_the_rest_of_a_changed_file(course: Course) -> None:
    text = "# x\n\n" + fence("diff file=main.c def=twice") + fence("diff file=main.c rest")
    body = list(course.synced(text).fences[1].body)
    assert '+#include "net/list.h"' in body
    assert "+    list_push(&list, twice(2));" in body
    assert "+    return 2 * n;" not in body
    assert "-    return n + n;" not in body


def test_rest_knows_quotes_that_come_later(course: Course) -> None:
    rest, other = fence("c file=net/list.c rest"), fence("c file=net/list.c def=list_push")
    body = course.synced(f"# x\n\n{rest}{other}").fences[0].body
    assert "void list_push(struct list *list, int value)" not in body


@pytest.mark.parametrize(
    ("info", "why"),
    [
        ("c file=no.c def=a", "has no file no.c"),
        ("c file=net/list.c def=nope", "defines no nope"),
        ('c file=net/list.c from="nope"', 'no line holds "nope" in net/list.c'),
        ("c file=net/list.c def=amount from=value", 'no line holds "value" in amount'),
        ("c file=net/list.c from=amount to=nope", "from line 7 on"),
        ("c file=net/list.c to=x", "to= needs from="),
        ("c file=net/list.c head def=amount", "stands by itself"),
        ("c file=net/list.c head rest", "stands by itself"),
        ("c file=net/list.c def=", "def= has no value"),
        ("c file=net/list.c defn=amount", "unknown word 'defn'"),
        ("c file=net/list.c def=amount def=STEP", "stands twice"),
        ("c file=net/list.c def=amount,STEP from=x", "inside one definition"),
        ("c file=net/list.c from=x part=y", "the same thing"),
        ("c file=main.c hunk=all", "```diff fence"),
        ("c file=main.c rest", "its rest is a ```diff fence"),
        ("diff file=net/list.c rest", "its rest is a ```c fence"),
        ("diff file=net/list.c hunk=all", "new in this stage"),
        ("diff file=main.c", "which part of the diff"),
        ('diff file=main.c from="#include <stdio.h>"', "nothing in it is changed"),
        ("diff file=common/nothing.c hunk=all", "no stage before it"),
        ("c file=common/no.c", "there is no common/no.c"),
    ],
)
def test_what_cannot_be_filled(course: Course, info: str, why: str) -> None:
    assert why in course.fault(info)


def test_two_rests_of_a_file(course: Course) -> None:
    chapter = course.chapter("# x\n\n" + 2 * fence("c file=net/list.c rest"))
    assert "two fences show the rest" in chapter.quotes[0].error


def test_a_rest_of_nothing(course: Course) -> None:
    chapter = course.chapter("# x\n\n" + fence("c file=net/list.c") + fence("c file=net/list.c rest"))
    assert "nothing of net/list.c is left" in chapter.quotes[1].error


def test_sync_fills_what_it_can_and_leaves_the_rest_alone(course: Course) -> None:
    text = "# x\n\n" + fence("c file=net/list.c def=nope", "kept\n") + fence("c file=net/list.c def=STEP", "old\n")
    outcome = sync.write(course.chapter(text))
    assert (outcome.filled, outcome.changed) == (1, 1)
    assert [line for line, _ in outcome.faults] == [3]
    assert course.text == text.replace("old", "#define STEP 1")


def test_sync_twice_is_sync_once(course: Course) -> None:
    course.synced()
    before = course.text
    assert sync.write(course.load()).changed == 0
    assert course.text == before


def test_a_fence_in_a_list_keeps_its_indent(course: Course) -> None:
    course.synced("# x\n\n- item\n\n  ```c file=net/list.c def=amount\n  ```\n")
    assert "\n  static int amount(void)\n  {\n" in course.text
    assert sync.write(course.load()).changed == 0


def test_figures_of_a_stage(course: Course) -> None:
    shown = course.shows("text stages=01")
    assert shown[0].startswith("stage ")
    assert [line for line in shown if line.startswith("0")] == [shown[2]]
    assert shown[2].startswith("01-one ")


MORE = """\
/* What hangs in. Where. */
void more_one(void)
{
    commands_add(sums);
    dispatch_check(CHECK_FIRST, check_sum);
}
"""
SUMS = """\
#include "more/01-one/net/sum.h"

bool check_sum(void)
{
    return true;
}

const struct command sums[] = {
    {.name = "sum|up", .arity = 2},
    {.name = NULL},
};
"""


def test_the_rest_of_redis(course: Course) -> None:
    assert "stages/more/01-one has no sources" in str(sync.wanted(course.chapter("# x\n\n" + fence("text more")))[1])
    course.write("stages/more/01-one/more.c", MORE)
    course.write("stages/more/01-one/net/sum.c", SUMS)
    course.write("stages/more/01-one/net/sum.h", f"/* sum: adds {'up ' * 40}numbers. */\n")
    course.write("stages/more/00-zero/main.c", "/* Another stage's. */\n")
    head, first, second, *others = course.shows("text more")
    assert head.split() == ["file", "commands", "hangs", "in", "by", "what", "it", "does"]
    assert first.startswith("net/sum.c  SUM UP    commands_add,             Adds up up ")
    assert second.startswith(f"{' ' * 21}dispatch_check            up up ")
    assert others[-2].endswith(" numbers.")
    assert others[-1] == f"more.c{' ' * 41}What hangs in."


def test_a_text_at_the_beginning_of_a_line(course: Course) -> None:
    shown = course.shows('c file=net/list.c from="static int amount" to="^}"')
    assert shown == ["static int amount(void)", "{", "    return STEP;", "}"]
    assert 'no line holds "^amount"' in course.fault('c file=net/list.c from="^amount"')


def test_anchors_and_headings(course: Course) -> None:
    one, two = fence("c file=net/list.c def=STEP"), fence("c file=net/list.c def=amount")
    chapter = course.synced(f"# x\n\n## Try it\n\n{one}\n## Try it\n\n{two}")
    assert [q.anchor for q in chapter.quotes] == ["q-net-list-c-1", "q-net-list-c-2"]
    assert [q.heading.slug for q in chapter.quotes if q.heading] == ["try-it", "try-it-1"]


def test_coverage(course: Course) -> None:
    covered = coverage.of(course.synced(chapter_text(WHOLE)))
    assert (covered.missing, covered.removed) == ({}, {})
    assert covered.shown == covered.wanted > 20


def test_a_line_that_is_quoted_nowhere(course: Course) -> None:
    step = WHOLE.replace("c file=net/list.c", "c file=net/list.c def=amount")
    covered = coverage.of(course.synced(chapter_text(step)))
    assert covered.missing == {"net/list.c": {1, 3, 12, 13, 14, 15, 16}}


def test_a_removed_line_needs_a_diff(course: Course) -> None:
    course.write("stages/00-zero/main.c", NEW_WITH_MORE)
    course.write("stages/01-one/main.c", NEW_WITH_MORE.replace("int gone;\n", ""))
    step = "".join(fence(f"c file={x}") for x in ("net/list.h", "net/list.c", "main.c"))
    assert coverage.of(course.synced(chapter_text(step))).removed == {"main.c": {2}}
    step += fence("diff file=main.c hunk=all")
    assert coverage.of(course.synced(chapter_text(step))).removed == {}


NEW_WITH_MORE = "int kept;\nint gone;\nint also_kept;\n"


def test_common_counts_for_nothing(course: Course) -> None:
    chapter = course.synced("# x\n\n" + fence("c file=common/nothing.c def=nothing"))
    assert list(chapter.fences[0].body) == ["int nothing;"]
    assert not chapter.quotes[0].counts
    assert coverage.of(chapter).shown == 0


def test_the_rest_of_redis_counts_for_nothing(course: Course) -> None:
    course.write("stages/more/01-one/nothing.c", "extern int nothing;\nint nothing;\n")
    chapter = course.synced("# x\n\n" + fence("c file=stages/more/01-one/nothing.c def=nothing"))
    assert list(chapter.fences[0].body) == ["int nothing;"]
    assert not chapter.quotes[0].counts
    assert coverage.of(chapter).shown == 0
