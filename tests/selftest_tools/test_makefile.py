"""make help and compile_commands.json: what they list."""

from __future__ import annotations

import json
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from made_up_chain import ENVIRONMENT, TOOLS, Chain

ROOT = TOOLS.parents[1]
GROUPS = ("Learn:", "Read:", "Maintain:")


def help_text() -> str:
    done = subprocess.run(
        ["make", "--no-print-directory", "help"], cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_help_lists_each_target_in_one_group() -> None:
    text = help_text()
    listed = re.findall(r"(?m)^  make ([a-z_-]+)", text)
    explained = re.findall(r"(?m)^([a-z_-]+):.*## ", (ROOT / "Makefile").read_text())
    assert sorted([*listed, "help"]) == sorted(explained)
    assert len(set(listed)) == len(listed)
    places = [text.index(f"{group} ") for group in GROUPS]
    assert places == sorted(places)
    learn, read = text[: places[1]], text[places[1] : places[2]]
    for name in ("start", "check", "hint", "exercise", "run"):
        assert f"  make {name} " in learn
    for name in ("diff", "stages", "book"):
        assert f"  make {name} " in read
    for name in ("lint", "prove", "propagate", "book-check"):
        assert f"  make {name} " in text[places[2] :]


def test_help_fits_a_terminal() -> None:
    assert max(len(line) for line in help_text().splitlines()) <= 100


def test_each_source_has_an_entry_for_editors(chain: Chain) -> None:
    for name in ("stage.mk", "core.c"):
        chain.path(name).write_text((ROOT / "stages" / name).read_text())
    for stage in ("00-zero", "01-one", "02-two"):
        chain.write(f"{stage}/Makefile", "include ../stage.mk")
    chain.write("more/01-one/command/extra.c", "int extra;")
    for folder in ("common", "tests/observe"):
        (chain.root / folder).mkdir(parents=True)
        (chain.root / folder / "x.c").write_text("int x;\n")
    done = chain.tool("compile_commands.py")
    assert done.returncode == 0, done.stderr
    entries = json.loads((chain.root / "compile_commands.json").read_text())
    folders: dict[str, list[str]] = {}
    for entry in entries:
        inside = Path(entry["file"]).relative_to(chain.root).as_posix()
        folders.setdefault(inside, []).append(Path(entry["directory"]).name)
        assert {"-I.", "-I../..", "-I../../stages"} <= set(entry["arguments"])
    last = ["02-two"]
    for name in ("stages/more/01-one/command/extra.c", "stages/core.c", "tests/observe/x.c"):
        assert folders[name] == last
    assert folders["common/x.c"] == ["00-zero"]
    assert folders["stages/01-one/net/loop.c"] == ["01-one"]


# Where nothing but these is installed, each target says what is missing.
PROGRAMS = ("make", "sh", "ls", "awk", "sed", "grep", "cat", "mkdir", "uname", "tr", "getconf", "cksum", "dirname", "rm", "tail")


def poor(tmp_path: Path, *programs: str) -> dict[str, str]:
    """An environment with a few programs only."""
    for name in [*PROGRAMS, *programs]:
        if found := shutil.which(name):
            (tmp_path / name).symlink_to(found)
    return {"PATH": str(tmp_path), "LC_ALL": "C"}


@pytest.mark.parametrize(
    "words", [["start", "STAGE=00"], ["stages"], ["diff", "STAGE=01"], ["compile_commands"], ["lint-style"]]
)
def test_without_python_a_target_says_what_to_install(tmp_path: Path, words: list[str]) -> None:
    done = subprocess.run(
        ["make", "-C", str(ROOT), *words], env=poor(tmp_path), capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "Python 3.10 or newer" in done.stderr
    assert re.search(r"Debian, Ubuntu +apt install python3", done.stderr)
    assert "not found" not in done.stderr and "No such file" not in done.stderr


def test_without_a_compiler_a_build_says_what_to_install() -> None:
    for words in (["STAGE=00"], ["run", "STAGE=00"], ["check", "STAGE=00"], ["all"], ["unit"]):
        done = subprocess.run(
            ["make", "-C", str(ROOT), *words, "CC=no-such-cc"],
            capture_output=True, text=True, check=False,
        )
        assert done.returncode == 2
        assert "There is no C compiler no-such-cc. Debian, Ubuntu: apt install gcc" in done.stderr


def test_a_port_that_is_taken_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = subprocess.run(
            ["make", "-s", "run", "STAGE=00", f"PORT={port}"], cwd=ROOT, env=ENVIRONMENT | {"ARGS": "", "MAKEFLAGS": ""},
            capture_output=True, text=True, check=False,
        )
    assert "Address already in use" in done.stdout + done.stderr
    assert f"If port {port} is taken, PORT=7000 takes another: make run PORT=7000" in done.stderr


def test_the_python_that_is_named_is_used_even_without_xdist(tmp_path: Path) -> None:
    """Debian's python3-pytest comes without: who names a Python wants that one."""
    own = tmp_path / "python3"
    own.write_text(f'#!/bin/sh\ncase "$*" in *xdist*) exit 1 ;; esac\nexec {sys.executable} "$@"\n')
    own.chmod(0o755)
    done = subprocess.run(
        ["sh", str(TOOLS / "python_env.sh")], env={**ENVIRONMENT, "PYTHON": str(own)}, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == str(own)
