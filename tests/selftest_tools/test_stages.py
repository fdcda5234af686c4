"""The table of stages, the figures of C sources, and the diff, on made-up chains."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from made_up_chain import TOOLS, Chain

sys.path.insert(0, str(TOOLS))
from csource import figures, read_source, undocumented
from reading import first_sentence, in_order
from stages import BUDGETS, LESSON_LIMIT

SOURCE = """\
/* list: what it is. */
#include "list.h"

/* Pushes. */
static void push(struct list *list, int value)
{
    /* why */
    char brace = '{'; /* "quoted" */

    add(list, value, "/* no comment */");
}

struct list *
list_new(void)
{
    return 0;
}

static void lpush_command(struct client *c)
{
    push(c, 1);
}

const struct command list_commands[] = {
    {"lpush", -3, 0, lpush_command, "Pushes."},
    {"list|size", 2, 0, lpush_command,
     "Counts."},
    {NULL, 0, 0, NULL, NULL},
};

static const struct command more_commands[] = {
    {.name = "rpush", .arity = -3, .handler = rpush_command, .keys = {1, 1, 1}},
    {
        .name = "list|help", /* {"no-row"} */
        .arity = 2,
        .handler = reply_help,
        .summary = "Prints {.name = this}.",
    },
    {.name = NULL},
};

static const struct other rows[] = {
    {"not-a-command", 1},
};
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "list.c"
    path.write_text(SOURCE)
    return path


def test_functions_are_found_with_their_length(source: Path) -> None:
    found = [(f.name, f.line, f.length) for f in read_source(source).functions]
    assert found == [("push", 5, 7), ("list_new", 13, 5), ("lpush_command", 19, 4)]


def test_lines_are_told_apart(source: Path) -> None:
    read = read_source(source)
    assert (read.lines, read.blank, read.comment, read.commented) == (44, 7, 3, 5)
    assert read.code == 34


def test_commands_are_the_rows_of_command_tables(source: Path) -> None:
    assert read_source(source).commands == ["lpush", "list|size", "rpush", "list|help"]


def test_a_row_explains_its_handler_by_a_summary_only(source: Path) -> None:
    text = source.read_text().replace("struct list *\nlist_new(", "void\nrpush_command(")
    source.write_text(text)
    assert [f.name for f in undocumented([read_source(source)])] == ["rpush_command"]
    source.write_text(text.replace(".handler = rpush_command", '.handler = rpush_command, .summary = "Pushes."'))
    assert undocumented([read_source(source)]) == []


def test_figures_of_density_and_comments(source: Path) -> None:
    found = figures([read_source(source)])
    assert found.density == round(1000 * 3 / 34)
    assert round(found.comment_percent) == round(100 * 3 / 44)


def test_a_function_may_be_explained_in_three_places(source: Path) -> None:
    header = source.with_suffix(".h")
    header.write_text("/* Pushes. */\nvoid push(struct list *list);\n")
    read = [read_source(source), read_source(header)]
    assert [f.name for f in undocumented(read)] == ["list_new"]
    header.write_text("void push(void);\n\n/* A new one. */\nstruct list *list_new(void);\n")
    read = [read_source(source), read_source(header)]
    assert undocumented(read) == []
    assert figures(read).documented_percent == 100


def grow(chain: Chain, stage: str, before: str, lines: int) -> None:
    """The stage is the one before it with as many lines more."""
    old = chain.lines(f"{before}/net/loop.c")
    new = [f"int {stage.replace('-', '_')}_{i};" for i in range(lines)]
    chain.write(f"{stage}/net/loop.c", *old, *new)


def table(chain: Chain) -> tuple[int, str]:
    done = chain.tool("stages.py")
    return done.returncode, done.stdout + done.stderr


def row(text: str, stage: str) -> list[str]:
    return next(line for line in text.splitlines() if line.startswith(stage)).split()


def test_the_table_counts_files_and_lines(chain: Chain) -> None:
    grow(chain, "01-one", "00-zero", 100)
    grow(chain, "02-two", "01-one", 200)
    chain.write("02-two/new.c", "int a;", "int b;")
    chain.path("02-two/main.c").unlink()
    status, text = table(chain)
    assert status == 0, text
    assert row(text, "00-zero")[1:6] == ["2", "0", "0", "15", "0"]
    assert row(text, "01-one")[1:6] == ["0", "1", "0", "100", "0"]
    assert row(text, "02-two")[1:7] == ["1", "1", "1", "202", "4", "2.0%"]


def test_a_stage_that_rewrites_is_past_the_limit(chain: Chain) -> None:
    grow(chain, "01-one", "00-zero", 50)
    grow(chain, "02-two", "01-one", 50)
    for i in range(3):
        chain.change("02-two/net/loop.c", f"int 01_one_{i};\n", f"long one_{i};\n")
    status, text = table(chain)
    assert status == 0, text  # 3 of 53 is 5.7%
    chain.change("02-two/net/loop.c", "int 01_one_3;\n", "long one_3;\n")
    status, text = table(chain)
    assert status != 0  # 4 of 54 is 7.4%
    assert "02-two removes 4 lines and adds 54: 7.4%" in text


def test_the_first_step_may_rewrite(chain: Chain) -> None:
    chain.write("01-one/net/loop.c", "all", "new")
    grow(chain, "02-two", "01-one", 5)
    status, text = table(chain)
    assert status == 0, text


def test_a_lesson_has_a_budget(chain: Chain) -> None:
    grow(chain, "01-one", "00-zero", 950)
    grow(chain, "02-two", "01-one", 1950)
    chain.write("02-two/store/notes.h", *["/* no code */", ""] * 50)
    status, text = table(chain)
    assert status == 0, text
    grow(chain, "01-one", "00-zero", 951)
    grow(chain, "02-two", "01-one", 10)
    status, text = table(chain)
    assert status == 1
    assert "past the limit: 01-one adds 951 lines of code, the limit is 950" in text


def test_common_has_a_limit(chain: Chain) -> None:
    (chain.root / "common").mkdir()
    common = chain.root / "common" / "buffer.c"
    common.write_text("/* a comment */\n\n" + "int x;\n" * 3500)
    status, text = table(chain)
    assert status == 0, text
    common.write_text("int x;\n" * 3501)
    status, text = table(chain)
    assert status == 1
    assert "common/ has 3,501 lines of code, the limit is 3,500" in text


def test_the_last_lesson_has_a_limit(chain: Chain) -> None:
    previous = ["int x;"] * 5
    for number in range(13):  # within each budget there is room for more than 13,000 in all
        previous += [f"int stage_{number}_{i};" for i in range(BUDGETS[f"{number:02}"])]
        chain.write(f"{number:02}-x/net/x.c", *previous[5:])
    for name in ("00-zero", "01-one", "02-two"):
        shutil.rmtree(chain.path(name))
    total = sum(BUDGETS.values())
    status, text = table(chain)
    assert total > LESSON_LIMIT
    assert status == 1
    assert f"12-x has {total:,} lines of code, the limit is 13,000" in text
    assert "adds" not in text.partition("past the limit")[2]


def test_what_more_adds_has_columns(chain: Chain) -> None:
    grow(chain, "01-one", "00-zero", 100)
    grow(chain, "02-two", "01-one", 200)
    chain.write(
        "02-two/command/list.c",
        "const struct command list_commands[] = {",
        '    {.name = "lpush", .arity = -3, .handler = lpush_command},',
        '    {.name = "list|size", .arity = 2, .handler = list_size_command},',
        "    {.name = NULL},",
        "};",
    )
    chain.write(
        "more/02-two/command/list.c",
        "/* The rest. */",
        "const struct command more_list_commands[] = {",
        '    {.name = "lpush", .arity = -3, .handler = other_command},',
        '    {.name = "rpush", .arity = -3, .handler = rpush_command},',
        "    {.name = NULL},",
        "};",
        "static const struct command_docs docs[] = {",
        '    {.name = "get", .summary = "Returns a value."},',
        "};",
    )
    status, text = table(chain)
    assert status == 0, text
    # 205 lines of code of 1,950, a command and a subcommand; more: 8 and one that is new.
    assert row(text, "02-two")[8:13] == ["(1,950)", "1+1", "8", "1", "1"]
    assert row(text, "02-two")[7] == "205"
    assert row(text, "01-one")[7:10] == ["100", "(950)", "0"]
    assert "stages/more/" in text
    assert "the lesson of 02-two" in text


def test_files_that_git_ignores_do_not_count(chain: Chain) -> None:
    grow(chain, "01-one", "00-zero", 10)
    grow(chain, "02-two", "01-one", 10)
    (chain.root / ".gitignore").write_text("scratch.c\n")
    chain.write("02-two/scratch.c", *["int x;"] * 50)
    assert row(table(chain)[1], "02-two")[1:6] == ["0", "1", "0", "10", "0"]


def test_the_diff_shows_neighbours(chain: Chain) -> None:
    done = chain.tool("diff.py", "--stage", "02")
    assert done.returncode == 0
    assert "+added by two" in done.stdout
    assert "+added by one" not in done.stdout
    done = chain.tool("diff.py", "--from", "00", "--to", "02")
    assert "+added by one" in done.stdout
    assert "b/stages/02-two/net/loop.c" in done.stdout


def test_the_diff_of_the_first_stage_says_why_there_is_none(chain: Chain) -> None:
    done = chain.tool("diff.py", "--stage", "00")
    assert done.returncode == 1
    assert "the first stage" in done.stderr


def test_the_order_of_reading() -> None:
    texts = {
        "main.c": "",
        "command/families.h": "",
        "command/list.c": '#include "store/quicklist.h"\n',
        "net/reply.c": "",
        "store/aaa.c": '#include "store/quicklist.h"\n',
        "store/quicklist.c": '#include "store/quicklist.h"\n#include "store/listpack.h"\n',
        "store/quicklist.h": '#include "store/listpack.h"\n',
        "store/listpack.c": '#include "store/aaa_changed.h"\n',
        "store/listpack.h": "",
        "store/aaa_changed.h": "",
        "net/old.c": "",
    }
    kinds = dict.fromkeys(texts, "new")
    kinds.update({"store/aaa_changed.h": "changed", "net/reply.c": "changed", "main.c": "changed"})
    kinds.update({"command/families.h": "changed", "net/old.c": "gone"})
    assert in_order(texts, kinds) == [
        "store/listpack.h", "store/listpack.c", "store/quicklist.h", "store/quicklist.c", "store/aaa.c",
        "command/list.c", "store/aaa_changed.h", "net/reply.c", "net/old.c", "command/families.h", "main.c",
    ]  # fmt: skip


def test_a_circle_does_not_stop_the_order() -> None:
    texts = {"store/a.h": '#include "store/b.h"\n', "store/b.h": '#include "store/a.h"\n'}
    assert set(in_order(texts, dict.fromkeys(texts, "new"))) == set(texts)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("/* quicklist: a list as a chain\n * of listpacks. A node is full. */\n", "A list as a chain of listpacks."),
        ("/* Finds keys.\n *\n * More. */\n#include <x.h>\n", "Finds keys."),
        ("#include <x.h>\n\n/* Not the head. */\n", ""),
        ("/* The commands:\n *   set */\n", "The commands"),
    ],
)
def test_what_a_file_says_of_itself(text: str, sentence: str) -> None:
    assert first_sentence(text) == sentence


def differing(chain: Chain) -> Chain:
    """02 brings a file, changes one, and registers it; more/ completes it."""
    chain.write("02-two/store/list.h", "/* list: values in a row.", " * Long. */", "int list;")
    chain.change("02-two/main.c", "return 0", "return list")
    chain.write("more/02-two/command/list.c", "/* The rest of the commands. */", "int rest;")
    chain.write("more/01-one/net/one.c", "int one;")
    return chain


def test_the_diff_begins_with_a_list(chain: Chain) -> None:
    text = differing(chain).tool("diff.py", "--stage", "02").stdout
    head, _, hunks = text.partition("\ndiff --git")
    assert [line.split() for line in head.splitlines() if line] == [
        "From 01-one to 02-two: 3 files (1 new, 2 changed), 5 lines added, 1 removed".split(),
        ["New", "files:"], ["store/list.h", "+3", "Values", "in", "a", "row."],
        ["Changed", "files:"], ["net/loop.c", "+1"],
        ["Registrations:"], ["main.c", "+1", "-1"],
    ]  # fmt: skip
    order = [hunks.index(f"b/stages/02-two/{path}") for path in ("store/list.h", "net/loop.c", "main.c")]
    assert order == sorted(order)
    assert "diff --git" not in chain.tool("diff.py", "--stage", "02", "--stat").stdout


def test_the_diff_of_one_file(chain: Chain) -> None:
    differing(chain)
    for only in ("net/loop.c", "loop.c", "stages/02-two/net/loop.c"):
        text = chain.tool("diff.py", "--stage", "02", "--only", only).stdout
        assert text.startswith("diff --git a/stages/01-one/net/loop.c")
        assert text.count("diff --git") == 1
    done = chain.tool("diff.py", "--stage", "02", "--only", "cellar.c")
    assert done.returncode == 1
    assert "ONLY=cellar.c: no file of that path differs. There are:\n  store/list.h\n" in done.stderr


def test_the_diff_of_more(chain: Chain) -> None:
    text = differing(chain).tool("diff.py", "--stage", "02", "--more").stdout
    assert text.startswith("What stages/more/02-two adds: 1 file (1 new), 2 lines added, 0 removed")
    assert "The rest of the commands." in text
    assert "+int rest;" in text
    assert "list.h" not in text
    assert "+int one;" in chain.tool("diff.py", "--from", "00", "--to", "02", "--more").stdout
    done = chain.tool("diff.py", "--stage", "00", "--more")
    assert done.returncode == 1
    assert "stages/more/ adds nothing with 00-zero" in done.stderr


def test_a_reader_of_the_diff_may_stop_early(chain: Chain) -> None:
    chain.write("02-two/store/long.c", *["int x;"] * 50_000)
    command = f"{sys.executable} {TOOLS / 'diff.py'} --root {chain.root} --stage 02 | head -1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)
    assert done.stdout.startswith("From 01-one to 02-two")
    assert done.stderr == ""
