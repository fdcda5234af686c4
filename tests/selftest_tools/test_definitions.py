"""Definitions are found in C of this project's style."""

from __future__ import annotations

import sys

import pytest
from made_up_chain import TOOLS

sys.path.insert(0, str(TOOLS))
from definitions import NotFound, Source

TEXT = """\
/* head of the file
 * with { a brace */
#ifndef A_H
#define A_H

#include <stdio.h>
struct later;

/* how many */
enum {
    MANY = 3, /* a */
    FEW
};

enum color { RED, GREEN };
#define WIDE(x) \\
    ((x) + \\
     1)
#define NARROW 2 /* a comment that
                    goes on */

struct client {
    int fd; /* } */
    void (*on_free)(struct client *c);
};

typedef void handler(struct client *c);
typedef int (*chooser)(int);
typedef struct {
    int x;
} point;

static struct client *first, *last;
/* clang-format off */
static const struct row table[] = {
    {"{", client},
};
/* clang-format on */
static void (*hooks[8])(struct client *c);
extern const char name[];
static bool parse(const char *text);
int formatted(const char *f, ...)
    __attribute__((format(printf, 1, 2)));

/* Parses
 * it. */
static bool parse(const char *text)
{
    if (text[0] == '}')
        return "}";
    return true;
}

static struct client *
client(int fd)
{
    return 0;
}

#endif
"""


@pytest.fixture
def source() -> Source:
    return Source(TEXT)


def shown(source: Source, name: str) -> tuple[str, str, str]:
    piece = source.find(name)
    return source.lines[piece.start - 1], source.lines[piece.end - 1], piece.kind


@pytest.mark.parametrize(
    ("name", "first", "last", "kind"),
    [
        ("MANY", "/* how many */", "};", "enum"),
        ("color", "enum color { RED, GREEN };", "enum color { RED, GREEN };", "enum"),
        ("RED", "enum color { RED, GREEN };", "enum color { RED, GREEN };", "enum"),
        ("WIDE", "#define WIDE(x) \\", "     1)", "macro"),
        ("NARROW", "#define NARROW 2 /* a comment that", "                    goes on */", "macro"),
        ("struct client", "struct client {", "};", "struct"),
        ("later", "struct later;", "struct later;", "forward"),
        ("handler", "typedef void handler(struct client *c);", "typedef void handler(struct client *c);", "typedef"),
        ("chooser", "typedef int (*chooser)(int);", "typedef int (*chooser)(int);", "typedef"),
        ("point", "typedef struct {", "} point;", "typedef"),
        ("last", "static struct client *first, *last;", "static struct client *first, *last;", "variable"),
        ("table", "/* clang-format off */", "};", "variable"),
        ("name", "extern const char name[];", "extern const char name[];", "variable"),
        ("parse", "/* Parses", "}", "function"),
        ("function client", "static struct client *", "}", "function"),
        ("formatted", "int formatted(const char *f, ...)", "    __attribute__((format(printf, 1, 2)));", "prototype"),
    ],
)
def test_a_definition_has_its_comment_and_its_end(
    source: Source, name: str, first: str, last: str, kind: str
) -> None:
    assert shown(source, name) == (first, last, kind)


def test_hooks_are_a_variable(source: Source) -> None:
    assert source.find("hooks").kind == "variable"


def test_the_body_hides_the_prototype(source: Source) -> None:
    assert source.find("parse").end - source.find("parse").start == 7


def test_a_name_of_two_things_is_ambiguous(source: Source) -> None:
    with pytest.raises(NotFound, match="more than once .*struct in line"):
        source.find("client")


def test_a_guard_is_no_definition(source: Source) -> None:
    with pytest.raises(NotFound):
        source.find("A_H")


def test_what_is_not_there_names_what_is_near(source: Source) -> None:
    with pytest.raises(NotFound, match="there is .*parse"):
        source.find("pars")


def test_the_head_ends_before_the_first_definition(source: Source) -> None:
    first, last = source.head()
    assert first == 1
    assert source.lines[last - 1] == "struct later;"


def test_a_head_stops_at_a_condition() -> None:
    source = Source("#include <a.h>\n\n#ifdef X\n#define Y\n#endif\nint a;\n")
    assert source.head() == (1, 1)


def test_a_head_goes_into_a_condition_around_the_file() -> None:
    source = Source("#include <a.h>\n\n#ifdef X\n\n#include <b.h>\n\nint a;\n\n#endif\n")
    assert source.head() == (1, 5)
    assert source.wrap_ends() == {2: 8}


def test_no_head() -> None:
    with pytest.raises(NotFound, match="nothing before"):
        Source("int a;\n").head()
