"""The parts that pages are made of, each by itself."""

from __future__ import annotations

import re

from pygments.token import Generic, Keyword, Name

from pages.chapternodes import difference_rows
from pages.course import Course, Step
from pages.differences import compare, compare_texts
from pages.diffpages import FilePage
from pages.drawings import draw
from pages.highlight import highlighted_lines, mark
from pages.history import histories
from pages.places import Place, Places
from pages.transcripts import RedisLexer
from pages.words import changed_words

OLD = {
    "same.c": "int same;\n",
    "gone.c": "int gone;\n",
    "main.c": "int a(void)\n{\n    return 1;\n}\n\nint b(void)\n{\n    return 1;\n}\n",
}
NEW = {
    "same.c": "int same;\n",
    "new.c": "/* Two\n * lines. */\nint new(void)\n{\n    return 0;\n}\n",
    "main.c": "int a(void)\n{\n    return 2;\n}\n\nint c(void)\n{\n    return 3;\n}\n",
}
FIRST = Step("00-one", "", OLD, {}, "")
SECOND = Step("01-two", "", NEW, OLD, "00-one")
NOWHERE = Places([])


def place(path: str, new: set[int], old: set[int], anchor: str = "q-1", is_rest: bool = False) -> Place:
    return Place(int(anchor[2:]), path, frozenset(new), frozenset(old), "Step 1", "", 1, anchor, is_rest, "01-two")


def shown(html: str) -> str:
    """The text of HTML, as a browser shows it."""
    text = re.sub(r"<[^>]*>", "", html)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&#39;", "'").replace("&amp;", "&")


def test_what_a_stage_does_to_its_files() -> None:
    kinds = {file.path: (file.kind, file.added, file.removed) for file in compare(SECOND)}
    assert kinds["same.c"] == ("same", 0, 0)
    assert kinds["new.c"] == ("new", 6, 0)
    assert kinds["gone.c"] == ("gone", 0, 1)
    assert kinds["main.c"] == ("changed", 3, 3)


def test_the_first_stage_is_all_new() -> None:
    assert {file.kind for file in compare(FIRST)} == {"new"}


def test_every_page_shows_its_file_whole() -> None:
    for file in compare(SECOND):
        if file.kind == "gone":
            (part,) = FilePage(SECOND, file, NOWHERE).parts()
            assert "int gone;" in shown(part.code)
        elif file.kind != "same":
            codes = [re.split('<div class="split">', part.code)[0] for part in FilePage(SECOND, file, NOWHERE).parts()]
            kept = [re.sub(r'<span class="row gone".*?\n</span>', "", code, flags=re.DOTALL) for code in codes]
            assert shown("".join(kept)) == NEW[file.path]


def test_a_new_file_is_cut_where_another_quote_explains_it() -> None:
    (file,) = (file for file in compare(SECOND) if file.path == "new.c")
    places = Places([place("new.c", {1, 2}, set(), "q-1"), place("new.c", {3, 4, 5, 6}, set(), "q-2")])
    parts = FilePage(SECOND, file, places).parts()
    assert [part.title for part in parts] == ["lines 1 to 2", "lines 3 to 6"]
    assert [part.names for part in parts] == [[("q-1", 1)], [("q-2", 3)]]


def test_what_is_told_comes_before_the_rest() -> None:
    told, rest = place("a.c", {1}, set(), "q-1"), place("a.c", {1}, set(), "q-2", is_rest=True)
    assert Places([rest, told]).of_line("a.c", 1) == told


def test_a_removal_is_explained_by_the_quote_that_shows_it() -> None:
    (hunk,) = compare_texts("a\nb\n", "a\n")
    assert Places([place("a.c", {1}, {2})]).of_hunk("a.c", hunk) != []
    assert Places([place("a.c", {1}, set())]).of_hunk("a.c", hunk) == []


def test_a_comment_over_lines_is_one_in_each() -> None:
    lines = highlighted_lines("x.c", "/* one\n * two */\nint x;\n")
    assert all('class="cm"' in line for line in lines[:2]) and "cm" not in lines[2]
    assert len(highlighted_lines("x.c", "\n\nint x;\n\n")) == 4


def test_a_mark_does_not_cross_a_tag() -> None:
    html = '<span class="k">if</span> (a &lt; b)'
    assert mark(html, [(0, 4)]) == '<span class="k"><mark>if</mark></span><mark> (</mark>a &lt; b)'
    assert mark(html, [(6, 7)]) == '<span class="k">if</span> (a <mark>&lt;</mark> b)'


def test_which_words_differ() -> None:
    gone, come = changed_words(["int count = 1;"], ["int count = 2;"])
    assert (gone, come) == ({0: [(12, 13)]}, {0: [(12, 13)]})
    assert changed_words(["int a;"], ["return strlen(name) + 1;"]) == ({}, {})


def test_the_life_of_a_function() -> None:
    lives = histories(Course([FIRST, SECOND]))["main.c"].lives
    assert [version.stage for version in lives["a"].versions] == ["00-one", "01-two"]
    assert lives["b"].gone_in == "01-two" and lives["c"].versions[0].stage == "01-two"
    assert "return 2" in lives["a"].versions[1].text


def test_a_function_behind_either_of_two_conditions() -> None:
    text = "#ifdef A\nint f(void)\n{\n    return 1;\n}\n#else\nint f(void)\n{\n    return 2;\n}\n#endif\n"
    lives = histories(Course([Step("00-one", "", {"x.c": text}, {}, "")]))["x.c"].lives
    assert list(lives) == ["f", "f-2"]


def test_a_quoted_difference() -> None:
    rows = difference_rows("@@ main\n int a;\n-/* old\n+int b;", "x.c")
    assert shown(rows) == "main\nint a;\n/* old\nint b;\n"
    assert 'class="row come" data-sign="+"><span class="kt">int</span>' in rows


def test_a_drawing_is_as_wide_as_its_words() -> None:
    svg = draw('+---+  "a long text in quotes that is not counted"\n+---+\n', "d")
    match = re.search(r'width="(\d+)"', svg)
    assert match and int(match[1]) >= 50 * 8
    assert "<style" not in svg and "black" not in svg


def test_names_in_a_drawing_are_its_own() -> None:
    arrow = "o---*\n"
    assert set(re.findall(r'id="([^"]+)"', draw(arrow, "d1"))).isdisjoint(re.findall(r'id="([^"]+)"', draw(arrow, "d2")))
    for name in re.findall(r"url\(#([^)]+)\)", draw(arrow, "d1")):
        assert f'id="{name}"' in draw(arrow, "d1")


def test_a_transcript_in_colours() -> None:
    tokens = list(RedisLexer().get_tokens('bob> SET a "x y"\nOK\n> INCR a\n(integer) 2\n(error) ERR no\n(nil)\n'))
    assert (Generic.Prompt, "bob>") in tokens and (Name.Tag, "SET") in tokens
    assert (Keyword.Type, "(integer)") in tokens and (Generic.Error, "(error) ERR no") in tokens
    assert (Keyword.Constant, "(nil)") in tokens
