"""make diff WORK=1, on a made-up chain of stages: definition by definition."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from made_up_chain import TOOLS, Chain

sys.path.insert(0, str(TOOLS))
from compare import split

HEAD = """\
/* loop: waits. */
#include "loop.h"

enum { MANY = 3 };

static int running;
"""
OPEN = """\

/* Opens. */
int loop_open(void)
{
    return 1;
}
"""
RUN = """\

/* Runs until it is told to stop. */
void loop_run(void)
{
    int turns = 0;

    while (running)
        turns++;
}
"""
CLOSE = """\

static void close_all(int fd)
{
    close(fd);
}
"""
SERVER = "python3 my.py --port {port}"


@pytest.fixture
def mine(chain: Chain) -> Path:
    """A workspace of stage 02, equal to the course's, with a file to write into."""
    chain.path("02-two/net/loop.c").write_text(HEAD + OPEN + RUN + CLOSE)
    chain.path("02-two/Makefile").write_text("include ../stage.mk\n")
    chain.commit()
    assert chain.tool("start.py", "--stage", "02").returncode == 0
    file = chain.root / "work/02-two/net/loop.c"
    file.write_text(HEAD + OPEN + RUN + CLOSE)
    return file


def shown(chain: Chain, *arguments: str) -> str:
    done = chain.tool("diff_work.py", *arguments)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("This shows the course's solution of 02-two.\n")
    return done.stdout


def after(text: str, line: str) -> list[str]:
    """What stands behind a line, up to the next empty one."""
    assert f"\n{line}\n" in text, text
    return text.partition(f"\n{line}\n")[2].split("\n\n")[0].splitlines()


def summary(text: str, file: str = "net/loop.c") -> str:
    return next(line for line in text.splitlines() if line.startswith(f"{file}: ")).removeprefix(f"{file}: ")


def test_equal_files_are_no_difference(chain: Chain, mine: Path) -> None:
    text = shown(chain)
    assert text.endswith("lines with + are yours, in work/02-two.\n\nThere is no difference.\n")
    assert shown(chain, "--all") == text


def test_another_order_is_counted_and_not_shown(chain: Chain, mine: Path) -> None:
    mine.write_text(HEAD + RUN + CLOSE + OPEN)
    text = shown(chain)
    assert summary(text) == "4 definitions equal, 1 only in another order"
    assert "\n-" not in text and "\n+" not in text
    assert "Equal files: main.c\n" in text
    assert "-int loop_open(void)" in shown(chain, "--all")


def test_a_different_definition_is_shown_with_the_lines_of_its_files(chain: Chain, mine: Path) -> None:
    mine.write_text(HEAD + "\nint more;\n" + OPEN + RUN.replace("turns++", "turns--") + CLOSE)
    text = shown(chain)
    assert summary(text) == "4 definitions equal, 1 different, 1 only yours"
    assert after(text, "+++ work/02-two/net/loop.c:16 loop_run") == [
        "@@ -17,5 +19,5 @@",
        "     int turns = 0;",
        " ",
        "     while (running)",
        "-        turns++;",
        "+        turns--;",
        " }",
    ]
    assert "\n--- stages/02-two/net/loop.c:14 loop_run\n" in text
    assert after(text, "+++ work/02-two/net/loop.c:8 more") == ["+int more;"]


def test_comments_and_layout_are_counted_and_not_shown(chain: Chain, mine: Path) -> None:
    other = OPEN.replace("/* Opens. */\n", "").replace("(void)\n{", "(void) {").replace("    ", "\t")
    mine.write_text(HEAD + other + RUN + CLOSE)
    text = shown(chain)
    assert summary(text) == "4 definitions equal, 1 different in comments or layout only"
    assert "\n-" not in text and "\n+" not in text
    assert "-/* Opens. */" in shown(chain, "--all")
    mine.write_text((HEAD + OPEN + RUN + CLOSE).replace("\n\n", "\n\n\n"))
    assert summary(shown(chain)).endswith("4 definitions equal, 1 different in comments or layout only")
    mine.write_text(HEAD + "\n" + OPEN + RUN + CLOSE)
    assert summary(shown(chain)) == "5 definitions equal, blank lines differ"


def test_layout_does_not_hide_what_differs(chain: Chain, mine: Path) -> None:
    mine.write_text(HEAD + OPEN + RUN.replace("    ", "\t").replace("turns++", "turns += 1") + CLOSE)
    lines = after(shown(chain), "+++ work/02-two/net/loop.c:14 loop_run")
    assert [line for line in lines if line[0] in "-+"] == ["-        turns++;", "+\t\tturns += 1;"]


def test_what_one_side_lacks_is_shown_in_full(chain: Chain, mine: Path) -> None:
    mine.write_text(HEAD + OPEN + RUN + "\nint extra;\n")
    text = shown(chain)
    assert summary(text) == "4 definitions equal, 1 only yours, 1 only the course's"
    assert after(text, "--- stages/02-two/net/loop.c:23 close_all") == [
        "-static void close_all(int fd)",
        "-{",
        "-    close(fd);",
        "-}",
    ]
    assert after(text, "+++ work/02-two/net/loop.c:23 extra") == ["+int extra;"]


def test_lines_between_definitions(chain: Chain, mine: Path) -> None:
    mine.write_text(HEAD.replace('"loop.h"', '<loop.h>') + OPEN + RUN + CLOSE)
    text = shown(chain)
    assert summary(text) == "5 definitions equal, the lines between them differ"
    assert after(text, "+++ work/02-two/net/loop.c outside of definitions") == [
        "@@", '-#include "loop.h"', "+#include <loop.h>",
    ]  # fmt: skip
    mine.write_text(HEAD.replace("/* loop: waits. */", "/* mine */") + OPEN + RUN + CLOSE)
    assert summary(shown(chain)) == "5 definitions equal, comments between them differ"


def test_files_of_one_side_come_first(chain: Chain, mine: Path) -> None:
    chain.path("02-two/later.c").write_text("int later;\n")
    (mine.parents[1] / "extra.c").write_text("int extra;\n")
    (mine.parents[1] / "notes.txt").write_text("no C\n")
    mine.write_text(HEAD + OPEN + RUN)
    text = shown(chain)
    assert after(text, "Files that only the course has:")[:2] == ["  later.c (1 line)", "Files that only you have:"]
    assert after(text, "Files that only you have:")[0] == "  extra.c (1 line)"
    assert text.index("extra.c") < text.index("close_all")
    assert "int later" not in text and "int extra" not in text
    assert "-int later;" in shown(chain, "--all") and "+int extra;" in shown(chain, "--all")
    for file in ("AGENTS", "notes", "course.json", "Makefile"):  # not the course's; as `make start` wrote it
        assert file not in text + shown(chain, "--all")


def test_a_definition_may_have_moved_to_another_file(chain: Chain, mine: Path) -> None:
    mine.write_text(HEAD + RUN + CLOSE)
    main = mine.parents[1] / "main.c"
    main.write_text(main.read_text() + OPEN)
    assert summary(shown(chain)) == "4 definitions equal, 1 the same in your main.c"
    main.write_text(main.read_text().replace("return 1", "return 2"))
    text = shown(chain)
    assert summary(text) == "4 definitions equal, 1 different"
    assert "\n--- stages/02-two/net/loop.c:8 loop_open\n+++ work/02-two/main.c:6 loop_open\n" in text


def test_static_functions_of_two_files_are_not_taken_for_one(chain: Chain, mine: Path) -> None:
    mine.write_text(HEAD + OPEN + RUN)
    main = mine.parents[1] / "main.c"
    main.write_text(main.read_text() + "\nstatic void close_all(void)\n{\n}\n")
    text = shown(chain)
    assert summary(text) == "4 definitions equal, 1 only the course's"
    assert summary(text, "main.c") == "1 definition equal, 1 only yours"


@pytest.mark.parametrize(
    "broken",
    [
        HEAD + OPEN.replace("}", "") + RUN,
        "def main():\n    return \"don't\"\n",
        "} enum {;",
        "x" * 100000,
        "/* never closed",
        "\0\1",
    ],
)
def test_what_is_no_c_is_compared_line_by_line(chain: Chain, mine: Path, broken: str) -> None:
    mine.write_text(broken)
    text = shown(chain)
    assert summary(text) == "line by line, since it cannot be cut into definitions"
    assert "\n--- stages/02-two/net/loop.c\n" in text or "Binary files" in text


@pytest.mark.parametrize("nothing", ["", "\n", "/* a plan */", "#if"])
def test_a_file_without_definitions_lacks_all(chain: Chain, mine: Path, nothing: str) -> None:
    mine.write_text(nothing)
    assert "5 definitions only the course's" in summary(shown(chain))


def test_broken_c_is_seen() -> None:
    assert split("a.c", HEAD + OPEN + RUN + CLOSE)
    assert not split("a.c", HEAD + OPEN.replace("}", "") + RUN)
    assert not split("a.c", "print('hello')\n")


def test_bytes_that_are_no_text(chain: Chain, mine: Path) -> None:
    mine.write_bytes(b"/* \xff */\n" + (HEAD + OPEN + RUN + CLOSE).encode())
    assert summary(shown(chain)) == "5 definitions equal, comments between them differ"
    mine.write_bytes(b"\xff\xfe\n")
    assert "+\ufffd\ufffd" in shown(chain)


def test_a_makefile_of_ones_own_is_compared_line_by_line(chain: Chain, mine: Path) -> None:
    (mine.parents[1] / "Makefile").write_text("all:\n")
    text = shown(chain)
    assert summary(text, "Makefile") == "line by line"
    assert "\n-include ../stage.mk\n+all:\n" in text


def test_the_newest_workspace_or_that_of_a_stage(chain: Chain, mine: Path) -> None:
    assert chain.tool("start.py", "--stage", "01").returncode == 0
    text = chain.tool("diff_work.py").stdout
    assert text.startswith("This shows the course's solution of 01-one.\n")
    assert "-added by one" in text  # text that is no C
    assert shown(chain, "--stage", "2").endswith("\n\nThere is no difference.\n")


def test_what_cannot_be_compared(chain: Chain) -> None:
    assert "make start STAGE=00 begins one" in chain.tool("diff_work.py").stderr
    chain.tool("start.py", "--stage", "00", "--server", SERVER)
    assert "work/00-zero has no C source to compare" in chain.tool("diff_work.py").stderr
