"""The rules of rooms and the limits of style find what breaks them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from made_up_chain import TOOLS

sys.path.insert(0, str(TOOLS))
sys.path.insert(0, str(TOOLS.parent / "lint"))
from csource import read_source
from rooms import check_common, check_text, compile_header
from style import faults_of


def include(path: str) -> str:
    return f'#include "{path}"\n'


@pytest.mark.parametrize(
    ("room", "header"),
    [
        ("net", "command/command.h"),
        ("net", "store/dict.h"),
        ("command", "persist/rdb.h"),
        ("command", "repl/primary.h"),
        ("store", "net/client.h"),
        ("store", "command/command.h"),
        ("persist", "net/client.h"),
        ("repl", "store/dict.h"),
        ("net", "housekeeping.h"),
        ("net", "client.h"),
        ("net", "../net/client.h"),
        ("", "cellar/x.h"),
    ],
)
def test_what_a_room_must_not_know(room: str, header: str) -> None:
    faults = check_text(room, "x.c", "\n" + include(header))
    assert len(faults) == 1
    assert faults[0].startswith(f"x.c:2: includes {header}")


@pytest.mark.parametrize(
    ("room", "header"),
    [
        ("net", "net/client.h"),
        ("net", "common/buffer.h"),
        ("net", "config.h"),
        ("command", "net/reply.h"),
        ("command", "store/dict.h"),
        ("persist", "store/dict.h"),
        ("persist", "command/command.h"),
        ("repl", "net/client.h"),
        ("repl", "persist/rdb.h"),
        ("", "housekeeping.h"),
        ("", "repl/primary.h"),
    ],
)
def test_what_a_room_may_know(room: str, header: str) -> None:
    assert check_text(room, "x.c", include(header)) == []


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


@pytest.mark.parametrize("text", ["/* as in stage 3 */", "/* since 2024 */", '"stages/03"'])
def test_sources_hold_no_stage_number_and_no_year(text: str) -> None:
    assert len(check_text("", "x.c", text)) == 1


def test_numbers_that_are_no_years() -> None:
    assert check_text("", "x.c", "int x = 2048; /* 4096, 1024, 20000 */") == []


def test_common_knows_no_stage() -> None:
    assert check_common("x.c", include("net/client.h")) != []
    assert check_common("x.c", include("buffer.h") + include("common/slice.h")) == []


def test_headers_compile_alone(tmp_path: Path) -> None:
    header = tmp_path / "x.h"
    header.write_text("size_t f(void);\n")
    text = compile_header(tmp_path, header)
    assert text and "does not compile alone" in text
    header.write_text("#include <stddef.h>\nsize_t f(void);\n")
    assert compile_header(tmp_path, header) is None


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
