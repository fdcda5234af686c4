"""The table of stages, the figures of C sources, and the diff, on made-up chains."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from made_up_chain import TOOLS, Chain

sys.path.insert(0, str(TOOLS))
from csource import figures, read_source, undocumented

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
    assert (read.lines, read.blank, read.comment, read.commented) == (33, 6, 3, 4)
    assert read.code == 24


def test_commands_are_the_rows_of_command_tables(source: Path) -> None:
    assert read_source(source).commands == ["lpush", "list|size"]


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


def test_a_stage_has_a_size(chain: Chain) -> None:
    grow(chain, "01-one", "00-zero", 1600)
    grow(chain, "02-two", "01-one", 2400)
    assert "larger" not in table(chain)[1]
    grow(chain, "01-one", "00-zero", 2000)
    grow(chain, "02-two", "01-one", 10)
    status, text = table(chain)
    assert status == 0
    assert "01-one adds 2000 lines of code, about 1600 is its size" in text


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
