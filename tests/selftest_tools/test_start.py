"""make start, on a made-up chain of stages."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from made_up_chain import ENVIRONMENT, TOOLS, Chain

sys.path.insert(0, str(TOOLS))
from start import MAKEFILE

MY = "python3 my.py --port {port}"


def start(chain: Chain, *arguments: str) -> str:
    done = chain.tool("start.py", *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


def refused(chain: Chain, *arguments: str) -> str:
    done = chain.tool("start.py", *arguments)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    return done.stderr


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def settings(chain: Chain, stage: str) -> dict[str, str]:
    values: dict[str, str] = json.loads((chain.root / "work" / stage / "course.json").read_text())
    return values


def test_a_workspace_begins_with_the_stage_before(chain: Chain) -> None:
    text = start(chain, "--stage", "02")
    mine = chain.root / "work" / "02-two"
    assert files(mine) == {"AGENTS.md", "Makefile", "course.json", "main.c", "net/loop.c"}
    assert (mine / "net/loop.c").read_text() == chain.path("01-one/net/loop.c").read_text()
    assert "BUILD := ../build" in (mine / "Makefile").read_text()
    assert settings(chain, "02-two") == {"stage": "02-two"}
    assert text.startswith("work/02-two is yours: the sources of 01-one, to be extended.\n")
    for command in ("make check", "make check NEXT=1", "make hint", "make board"):
        assert re.search(rf"(?m)^  {command} ", text)
    assert "STAGE" not in text  # the short commands do


def test_it_names_the_chapter_and_the_first_scenarios(chain: Chain) -> None:
    scenarios = chain.root / "tests/scenarios/02-two"
    scenarios.mkdir(parents=True)
    for name in ("01-a", "02-b", "03-c", "04-d"):
        (scenarios / f"{name}.redis").touch()
    (chain.root / "book").mkdir()
    (chain.root / "book/02-two.md").touch()
    text = start(chain, "--stage", "02")
    assert "  book/02-two.md " in text
    assert "01-a.redis\n    02-b.redis\n    03-c.redis\n\n" in text
    assert "book/" not in start(chain, "--stage", "01")  # a chapter that is not written


def test_nothing_is_ever_overwritten(chain: Chain) -> None:
    start(chain, "--stage", "01")
    mine = chain.root / "work/01-one/main.c"
    mine.write_text("mine\n")
    said = refused(chain, "--stage", "01", "--with", "empty")
    assert "work/01-one is there already, and nothing in it was touched." in said
    assert mine.read_text() == "mine\n"


def test_empty_means_a_makefile_and_the_advice(chain: Chain) -> None:
    text = start(chain, "--stage", "02", "--with", "empty")
    assert files(chain.root / "work/02-two") == {"AGENTS.md", "Makefile", "course.json"}
    assert "empty: write a main.c" in text
    start(chain, "--stage", "00")  # nothing stands before the first
    assert files(chain.root / "work/00-zero") == {"AGENTS.md", "Makefile", "course.json"}


def test_a_server_of_another_language_is_remembered(chain: Chain) -> None:
    text = start(chain, "--stage", "00", "--server", MY)
    assert files(chain.root / "work/00-zero") == {"AGENTS.md", "course.json"}
    assert settings(chain, "00-zero") == {"stage": "00-zero", "server": MY}
    assert f"Its server is started by: {MY}\n" in text
    assert "builds it" not in text

    # The next stage goes on with it, unless something else is asked for.
    (chain.root / "work/00-zero/my.py").write_text("mine\n")
    text = start(chain, "--stage", "01")
    assert "a copy of your work/00-zero" in text
    assert (chain.root / "work/01-one/my.py").read_text() == "mine\n"
    assert settings(chain, "01-one") == {"stage": "01-one", "server": MY}
    start(chain, "--stage", "02", "--with", "reference")
    assert settings(chain, "02-two") == {"stage": "02-two"}


def test_going_on_with_ones_own(chain: Chain) -> None:
    assert "there is no work/00-zero to go on with" in refused(chain, "--stage", "01", "--with", "mine")
    assert not (chain.root / "work").exists()
    start(chain, "--stage", "01")
    (chain.root / "work/01-one/own.c").write_text("mine\n")
    text = start(chain, "--stage", "02", "--with", "mine")
    assert "a copy of your work/01-one" in text
    assert files(chain.root / "work/02-two") == files(chain.root / "work/01-one")
    assert settings(chain, "02-two") == {"stage": "02-two"}
    assert "02-two" in (chain.root / "work/02-two/AGENTS.md").read_text()


def test_it_says_that_ones_own_could_be_gone_on_with(chain: Chain) -> None:
    start(chain, "--stage", "01")
    text = start(chain, "--stage", "02")
    assert text.endswith(
        "To go on with your own work/01-one instead: rm -r work/02-two\nand make start STAGE=02 START=mine\n"
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "no stage was named. `make start STAGE=00` begins the next one."),
        (["--stage", "07"], "there is no stage 07"),
        (["--stage", "01", "--with", "full"], "START=full: it is reference, mine or empty"),
        (["--stage", "00", "--server", "./x"], "SERVER must say where the port goes"),
    ],
)
def test_what_it_does_not_understand(chain: Chain, arguments: list[str], message: str) -> None:
    assert message in refused(chain, *arguments)
    assert not (chain.root / "work").exists()


def test_without_a_stage_it_says_which_is_next(chain: Chain) -> None:
    start(chain, "--stage", "01")
    said = refused(chain)
    assert "work/01-one is not done yet: `make check` goes on with it." in said
    assert "`make start STAGE=02` begins the next one." in said


def test_the_advice_is_about_this_stage(chain: Chain) -> None:
    start(chain, "--stage", "01")
    text = (chain.root / "work/01-one/AGENTS.md").read_text()
    assert "Teach, do not solve" in text
    assert "`stages/01-one` and every later folder" in text
    assert "this folder, `stages/00-zero` and `common/`" in text
    assert "book/01-one.md" in text
    assert "What belongs to that client alone" in text  # the questions of stage 01
    assert not re.search(r"\{[a-z_]+\}", text)
    assert len(text.split()) < 650


def test_every_stage_has_questions_about_its_design() -> None:
    stages = [path.name[:2] for path in (TOOLS.parents[1] / "stages").glob("[0-9][0-9]-*/")]
    assert stages
    for number in stages:
        text = (TOOLS / "agents" / f"{number}.md").read_text()
        assert len(re.findall(r"(?m)^   - .*\?$", text)) >= 3


def test_a_workspace_is_built_as_the_lesson_alone(chain: Chain) -> None:
    start(chain, "--stage", "02")
    assert (chain.root / "work/02-two/Makefile").read_text() == MAKEFILE


PATCHES = (
    "Step 1: A file\n\n--- /dev/null\n+++ b/net/new.c\n@@ -0,0 +1,2 @@\n+int x;\n+int z;\n",
    "Step 2: A change\n\n--- a/net/new.c\n+++ b/net/new.c\n@@ -1,2 +1,2 @@\n-int x;\n+int y;\n int z;\n",
)


def test_a_step_of_the_chapter(chain: Chain) -> None:
    folder = chain.root / "book/steps/02"
    folder.mkdir(parents=True)
    for number, text in enumerate(PATCHES, 1):
        (folder / f"{number:02}.patch").write_text(text)
    said = start(chain, "--stage", "02", "--step", "2")
    assert "work/02-two is yours, as it is after Step 2: A change (of 2). It was the last one." in said
    mine = chain.root / "work/02-two"
    assert (mine / "net/new.c").read_text() == "int y;\nint z;\n"
    assert files(mine) >= files(chain.path("01-one")) - {"Makefile"}
    shutil.rmtree(mine)
    assert "The next is Step 2: A change." in start(chain, "--stage", "02", "--step", "1")


def test_steps_are_those_of_the_newest_workspace(chain: Chain) -> None:
    folder = chain.root / "book/steps/02"
    folder.mkdir(parents=True)
    for number, text in enumerate(PATCHES, 1):
        (folder / f"{number:02}.patch").write_text(text)
    nothing = chain.tool("steps.py")
    assert nothing.returncode == 1
    assert "STAGE=00 names it" in nothing.stderr
    start(chain, "--stage", "02")
    listed = chain.tool("steps.py").stdout.splitlines()
    assert listed == ["02-two: STEP= prints one of these", "Step 1: A file", "Step 2: A change"]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--step", "3"], "STEP=3: 02-two has the steps 1 to 2"),
        (["--step", "1", "--with", "empty"], "STEP= lays the course's own files"),
    ],
)
def test_a_step_that_cannot_be_laid(chain: Chain, words: list[str], why: str) -> None:
    folder = chain.root / "book/steps/02"
    folder.mkdir(parents=True)
    for number, text in enumerate(PATCHES, 1):
        (folder / f"{number:02}.patch").write_text(text)
    assert why in refused(chain, "--stage", "02", *words)


def test_a_chapter_without_steps(chain: Chain) -> None:
    assert "the chapter of 02-two is not kept in steps yet" in refused(chain, "--stage", "02", "--step", "1")


def built_of(chain: Chain, folder: Path, *words: str) -> set[str]:
    """What stage.mk would compile of stages/more/ in a folder."""
    done = subprocess.run(
        ["make", "-n", "-C", str(folder), *words], env=ENVIRONMENT, capture_output=True, text=True, check=True
    )
    return set(re.findall(r"stages/more/([\w./-]+\.c)", done.stdout))


def test_a_workspace_takes_the_rest_when_it_is_asked_to(chain: Chain) -> None:
    for name in ("stage.mk", "core.c"):
        chain.path(name).write_text((TOOLS.parents[1] / "stages" / name).read_text())
    for stage in ("00-zero", "01-one", "02-two"):
        chain.write(f"{stage}/more.c", "int x;")
        chain.write(f"{stage}/more.h", "int x;")
        chain.write(f"{stage}/Makefile", "include ../stage.mk")
        chain.write(f"more/{stage}/more.c", "int y;")
    start(chain, "--stage", "02")
    mine = chain.root / "work/02-two"
    assert built_of(chain, mine) == set()
    whole = built_of(chain, chain.path("02-two"))
    assert whole == {"00-zero/more.c", "01-one/more.c", "02-two/more.c"}
    assert built_of(chain, mine, "MORE=1") == whole
    (mine / "more.c").unlink()
    assert built_of(chain, mine, "MORE=1") == whole
