"""The rules of layers, the gate of the unused and the limits of style find what breaks them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from made_up_chain import TOOLS, Chain

sys.path.insert(0, str(TOOLS))
sys.path.insert(0, str(TOOLS.parent / "lint"))
import layers
import tidy
import unused
from circles import circles, circles_of
from csource import read_source
from layers import Check, check_belongs, check_common, check_inline, check_text, compile_header
from style import faults_of, parts


def include(path: str) -> str:
    return f'#include "{path}"\n'


@pytest.mark.parametrize(
    ("layer", "header"),
    [
        ("net", "command/command.h"),
        ("net", "store/dict.h"),
        ("command", "persist/rdb.h"),
        ("command", "repl/primary.h"),
        ("store", "net/client.h"),
        ("store", "command/command.h"),
        ("persist", "repl/primary.h"),
        ("command", "more.h"),
        ("command", "more/02-two/command/acl.h"),
        ("", "more/more.h"),
        ("net", "housekeeping.h"),
        ("net", "client.h"),
        ("net", "../net/client.h"),
        ("", "cellar/x.h"),
    ],
)
def test_what_a_layer_must_not_know(layer: str, header: str) -> None:
    faults = check_text(layer, "x.c", "\n" + include(header))
    assert len(faults) == 1
    assert faults[0].startswith(f"x.c:2: includes {header}")


@pytest.mark.parametrize(
    ("layer", "header"),
    [
        ("net", "net/client.h"),
        ("net", "common/buffer.h"),
        ("net", "config.h"),
        ("command", "net/reply.h"),
        ("command", "store/dict.h"),
        ("persist", "store/dict.h"),
        ("persist", "command/command.h"),
        ("persist", "net/client.h"),
        ("repl", "net/client.h"),
        ("repl", "persist/rdb.h"),
        ("repl", "store/dict.h"),
        ("repl", "command/command.h"),
        ("", "housekeeping.h"),
        ("", "repl/primary.h"),
        ("", "more.h"),
    ],
)
def test_what_a_layer_may_know(layer: str, header: str) -> None:
    assert check_text(layer, "x.c", include(header)) == []


def test_more_c_alone_names_what_stands_in_more() -> None:
    text = include("more/more.h")
    assert check_text("", "stages/01-one/more.c", text) == []
    assert len(check_text("", "stages/01-one/main.c", text)) == 1
    assert len(check_text("command", "stages/01-one/command/more.c", text)) == 1
    assert len(check_text("", "stages/01-one/more.c", include("more/01-one/net/x.h"))) == 1
    assert check_text("net", "x.h", "int x;\n/* see more/net */\n") == ["x.h:2: names more/, which more.c alone may"]


@pytest.mark.parametrize(
    ("layer", "header", "why"),
    [
        ("store", "more/02-two/command/acl.h", "store/ may know"),
        ("net", "more/01-one/store/x.h", "net/ may know"),
        ("command", "more/03-three/command/x.h", "comes later than more/02"),
        ("command", "more/more.h", "for the root"),
        ("command", "more/02-two/more.h", "a header of the root"),
        ("command", "more/02-two/cellar/x.h", "there is no layer cellar"),
        ("command", "more/acl.h", "of more/, only more/NN-name/layer/file.h"),
        ("store", "net/client.h", "store/ may know"),
        ("command", "more.h", "a header of the root"),
    ],
)
def test_what_more_must_not_know(layer: str, header: str, why: str) -> None:
    faults = check_text(layer, "x.c", "\n" + include(header), more="02")
    assert len(faults) == 1
    assert faults[0].startswith(f"x.c:2: includes {header}: {why}")


@pytest.mark.parametrize(
    ("layer", "header"),
    [
        ("command", "more/02-two/command/acl.h"),
        ("command", "more/01-one/net/x.h"),
        ("command", "more/00-zero/store/x.h"),
        ("command", "net/client.h"),
        ("store", "more/01-one/store/x.h"),
        ("net", "common/buffer.h"),
        ("", "more/more.h"),
        ("", "more/02-two/command/acl.h"),
        ("", "command/command.h"),
    ],
)
def test_what_more_may_know(layer: str, header: str) -> None:
    assert check_text(layer, "x.c", include(header), more="02") == []


def test_more_has_the_calls_of_its_layer_only() -> None:
    assert len(check_text("command", "x.c", "void f(void)\n{\n    fopen(a, b);\n}\n", more="02")) == 1


def test_functions_in_headers_are_for_hot_paths(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "/* static inline int a(void) */\nstatic inline int f(void)\n{\n    return 0;\n}\n"
    (fault,) = check_inline("net/x.h", "stages/00-zero/net/x.h", text)
    assert fault.startswith("stages/00-zero/net/x.h:2: static inline f")
    monkeypatch.setattr(layers, "INLINE_ALLOWED", {"net/x.h": {"f"}})
    assert check_inline("net/x.h", "x.h", text) == []


def test_common_is_no_place_for_a_lesson() -> None:
    for name in ("common/buffer.c", "common/config_change.h", "common/socket_address.h", "common/event_poll.c"):
        assert check_belongs(name) == []
    assert len(check_belongs("common/skiplist.c")) == 1


def test_circles_are_found() -> None:
    graph = {"a": {"b"}, "b": {"c"}, "c": {"a", "d"}, "d": set(), "e": {"a"}}
    assert circles(graph) == [["a", "b", "c"]]
    assert circles({"a": {"b"}, "b": set()}) == []


def layered(chain: Chain) -> Chain:
    """Three stages with headers, and more/ for the second."""
    for stage in ("00-zero", "01-one", "02-two"):
        chain.write(f"{stage}/net/loop.c", '#include "net/loop.h"', "int loop;")
        chain.write(f"{stage}/net/loop.h", "extern int loop;")
        chain.write(f"{stage}/more.c", '#include "more/more.h"')
        chain.write(f"{stage}/more.h", "void more_open(void);")
    chain.write("more/more.h", "void more_one(void);")
    chain.write("more/01-one/more.c", '#include "more/more.h"', '#include "more/01-one/net/extra.h"')
    chain.write("more/01-one/net/extra.c", '#include "more/01-one/net/extra.h"', '#include "net/loop.h"')
    chain.write("more/01-one/net/extra.h", "extern int extra;")
    return chain


def found(chain: Chain) -> list[str]:
    check = Check(chain.root)
    check.run()
    return check.faults


def test_a_whole_tree_is_checked(chain: Chain) -> None:
    layered(chain)
    assert found(chain) == []
    chain.write("more/01-one/net/extra.h", "extern int extra;", "extern size_t other;")
    text = "\n".join(found(chain))
    assert text.count("does not compile alone") == 2  # in 01, and in the last
    assert "does not compile alone in 01-one" in text
    assert "does not compile alone in 02-two" in text
    chain.write("more/01-one/net/extra.h", '#include "net/new.h"')
    chain.write("02-two/net/new.h", "extern int new;")
    (only,) = found(chain)
    assert "does not compile alone in 01-one" in only
    chain.write("more/07-seven/cellar/x.c", "int x;")
    assert "stages/more/07-seven/cellar/x.c: there is no layer cellar" in found(chain)


def test_a_circle_may_lead_through_more(chain: Chain) -> None:
    layered(chain)
    assert circles_of(chain.root, Check(chain.root).stages[2]) == []
    chain.write("02-two/net/loop.c", '#include "net/loop.h"', '#include "net/other.h"')
    chain.write("02-two/net/other.h", '#include "net/loop.h"')
    assert circles_of(chain.root, Check(chain.root).stages[1]) == []
    assert circles_of(chain.root, Check(chain.root).stages[2]) == ["net/loop -> net/other -> net/loop"]
    chain.write("more/01-one/net/extra.h", '#include "more/01-one/net/twin.h"')
    chain.write("more/01-one/net/twin.c", '#include "more/01-one/net/extra.h"')
    chain.write("more/01-one/net/twin.h", "extern int twin;")
    assert Check(chain.root).circles() == [
        "01-one: a circle: more/01-one/net/extra -> more/01-one/net/twin -> more/01-one/net/extra",
        "02-two: a circle: net/loop -> net/other -> net/loop",
    ]


def test_tidy_and_style_see_what_has_one_copy(chain: Chain, tmp_path: Path) -> None:
    layered(chain)
    chain.write("core.c", "int core;")
    (chain.root / "tests/observe").mkdir(parents=True)
    (chain.root / "tests/observe/observe.c").write_text("int x;\n")
    seen = {(path.relative_to(chain.root).as_posix(), folder.name) for folder, path in tidy.sources(chain.root)}
    assert {
        ("stages/core.c", "02-two"),
        ("tests/observe/observe.c", "02-two"),
        ("stages/more/01-one/net/extra.c", "02-two"),
    } <= seen
    assert ("stages/02-two/net/loop.c", "02-two") not in seen  # the same as in the stage before
    assert [name for name, _ in parts(chain.root)] == ["00-zero", "01-one", "02-two", "more/01", "common", "tests/observe"]


def test_commented_includes_do_not_count() -> None:
    assert check_text("net", "x.c", '/* \n#include "store/dict.h"\n*/') == []


@pytest.mark.parametrize("call", ["write(fd, p, 1)", "fopen(path, mode)", "send(fd, p, 1, 0)"])
def test_command_touches_no_socket_and_no_file(call: str) -> None:
    text = f"void f(void)\n{{\n    {call};\n}}\n"
    faults = check_text("command", "x.c", text)
    assert len(faults) == 1
    assert faults[0].startswith("x.c:3: command/ uses no")
    assert check_text("net", "x.c", text) == []


def test_names_that_only_contain_a_call() -> None:
    text = 'reply_write(c); c->write(c); o.send(1); f("write(fd)"); /* open(x) */ rewrite(2);'
    assert check_text("command", "x.c", text) == []


def test_store_knows_no_client() -> None:
    assert check_text("store", "x.c", "void f(struct client *c);") != []
    assert check_text("store", "x.c", "reply_ok(c);") != []
    assert check_text("store", "x.c", "struct dict *clients;") == []


@pytest.mark.parametrize(
    "text", ["/* as in stage 3 */", "/* since 2024 */", '"stages/03"', "/* as Redis 7.0 does */", '"7.0.15"']
)
def test_sources_hold_no_stage_number_no_year_and_no_version(text: str) -> None:
    assert len(check_text("", "x.c", text)) == 1


def test_addresses_are_no_versions() -> None:
    assert check_text("", "x.c", '"127.0.0.1"; /* section 4.1 */ x = 0.5;') == []


def test_since_when_a_command_is_there() -> None:
    assert check_text("", "x.c", '{.name = "get", .since = "1.0.0", .deprecated_since = "6.2.0"},') == []


def test_numbers_that_are_no_years() -> None:
    assert check_text("", "x.c", "int x = 2048; /* 4096, 1024, 20000 */") == []


def test_common_knows_no_stage() -> None:
    assert check_common("x.c", include("net/client.h")) != []
    assert check_common("x.c", include("buffer.h") + include("common/slice.h")) == []


def test_headers_compile_alone(tmp_path: Path) -> None:
    header = tmp_path / "x.h"
    header.write_text("size_t f(void);\n")
    text = compile_header(tmp_path, tmp_path, header)
    assert text and "does not compile alone" in text
    header.write_text("#include <stddef.h>\nsize_t f(void);\n")
    assert compile_header(tmp_path, tmp_path, header) is None


MAIN = """\
#include "more.h"
#include "net/loop.h"
int main(void)
{
    more_open();
    return used();
}
"""
LOOP = """\
#include "net/loop.h"
static int helper(void)
{
    return 0;
}
int used(void)
{
    return 0;
}
int registration(int (*fn)(void))
{
    return fn() + helper();
}
"""
COMMAND = """\
struct client;
struct command {
    const char *name; /* lower case; "x|y" */
    int arity;
    void (*handler)(struct client *c);
    int first, last;
};
"""


def buildable(chain: Chain) -> Chain:
    """Stages that the rules of the course build, each with a function that nothing calls."""
    for name in ("stage.mk", "core.c"):
        chain.path(name).write_text((TOOLS.parents[1] / "stages" / name).read_text())
    (chain.root / "common").mkdir()
    for stage in ("00-zero", "01-one", "02-two"):
        chain.path(f"{stage}/main.c").write_text(MAIN)
        chain.path(f"{stage}/net/loop.c").write_text(LOOP)
        chain.write(f"{stage}/net/loop.h", "int used(void);", "int registration(int (*fn)(void));")
        chain.write(f"{stage}/more.h", "void more_open(void);")
        chain.write(f"{stage}/more.c", '#include "more.h"', "void more_open(void)", "{", "}")
        chain.write(f"{stage}/Makefile", "include ../stage.mk")
    return chain


def test_what_main_does_not_reach_is_unused(chain: Chain) -> None:
    buildable(chain)
    stage = Check(chain.root).stages[1]
    found = unused.parse(unused.link(chain.root, stage), stage)
    assert [(one.file, one.name) for one in found] == [("net/loop.c", "helper"), ("net/loop.c", "registration")]
    again = unused.parse(unused.link(chain.root, stage), stage)  # nothing to compile
    assert again == found
    chain.write("01-one/net/loop.c", '#include "net/loop.h"', "int used(void)", "{", "    return 0;", "}")
    assert unused.parse(unused.link(chain.root, stage), stage) == []


def test_a_lesson_that_does_not_build_alone_is_a_fault(chain: Chain) -> None:
    buildable(chain)
    chain.change("01-one/main.c", "return used();", "return missing();")
    first, *_ = unused.check(chain.root, {"registration": (), "helper": ()}, show=False)
    assert first.startswith("stages/00-zero/net/loop.c: helper: born before")
    (broken,) = [text for text in unused.check(chain.root, {}, show=False) if "does not build alone" in text]
    assert broken.startswith("stages/01-one does not build alone (make CORE=1 STAGE=01):")
    assert "missing" in broken
    assert "removing unused" not in broken


def test_a_registration_needs_a_user(chain: Chain) -> None:
    buildable(chain)
    user = "stages/more/01-one/more.c"
    chain.write("more/01-one/more.c", "/* registration */")
    known = {"registration": (user,), "helper": ("tests/observe/observe.c",)}
    (chain.root / "tests/observe").mkdir(parents=True)
    (chain.root / "tests/observe/observe.c").write_text("int x = helper();\n")
    faults = unused.check(chain.root, known, show=False)
    assert faults == [
        f"stages/00-zero/net/loop.c: registration: born before its first user, {user}",
        f"REGISTRATIONS: registration: {user} does not name it",  # a comment is no call
    ]
    chain.write("more/01-one/more.c", "void f(void)", "{", "    registration(g);", "}")
    assert len(unused.check(chain.root, known, show=False)) == 1
    assert len(unused.check(chain.root, {**known, "gone": (user,)}, show=False)) == 3  # not found, not named
    without = unused.check(chain.root, {}, show=False)
    assert len(without) == 6
    assert "stages/02-two/net/loop.c: helper: nothing in the lesson calls it, and it is no registration" in without


def test_a_user_is_a_file_that_is_built_on_top(chain: Chain) -> None:
    known = {"f": ("stages/02-two/main.c",)}
    assert "no file of stages/more/" in unused.check_list(chain.root, {"f"}, known)[0]


def test_a_stage_has_few_registrations(chain: Chain) -> None:
    stage = Check(chain.root).stages[0]
    found = [unused.Unused("x.c", f"f{i}") for i in range(unused.MOST + 1)]
    known = {one.name: ("tests/observe/observe.c",) for one in found}
    assert len(unused.check_unused(chain.root, stage, found, known)) == 1
    assert unused.check_unused(chain.root, stage, found[1:], known) == []


def test_the_command_table_has_no_column_that_nothing_reads(chain: Chain) -> None:
    stage = Check(chain.root).stages[0]
    assert unused.check_columns(stage) == []  # it has no commands
    chain.path("00-zero/command").mkdir()
    chain.path("00-zero/command/command.h").write_text(COMMAND)
    chain.write(
        "00-zero/command/x.c",
        "static const struct command rows[] = {",
        '    {.name = "get", .arity = 2, .first = 1, .last = 1, .handler = get_command},',
        "    {.name = NULL},",
        "};",
        "void f(const struct command *c)",
        "{",
        "    if (c->name && c->first == 1)",
        "        (*c).handler(0);",
        "    x = (struct command){.arity = 1};",
        "}",
    )
    names = [fault.rpartition(".")[2] for fault in unused.check_columns(stage)]
    assert names == ["arity", "last"]


def function(lines: int) -> str:
    return "void f(void)\n{\n" + "    g();\n" * (lines - 3) + "}\n"


def test_limits_of_style(tmp_path: Path) -> None:
    path = tmp_path / "x.c"
    path.write_text(function(60))
    assert faults_of(read_source(path)) == []
    path.write_text("\n" + function(61))
    assert faults_of(read_source(path)) == [f"{path}:2: f has 61 lines, the limit is 60"]
    path.write_text("int x;\n" * 700)
    assert faults_of(read_source(path)) == []
    path.write_text("int x;\n" * 701)
    assert faults_of(read_source(path)) == [f"{path}: 701 lines, the limit is 700"]
    path.write_text("/* " + "x" * 97 + "\n*/\n")
    assert faults_of(read_source(path)) == []
    path.write_text("\n/* " + "x" * 98 + "\n*/\n")
    assert faults_of(read_source(path)) == [f"{path}:2: 101 columns, the limit is 100"]
