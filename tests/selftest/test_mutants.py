"""The runner of mutants, tried on a made-up stage of one file."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from harness.mutants import Verdict, read_mutant, try_mutant
from harness.stages import ROOT

SERVER = r"""
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const char *answer = "+PONG\r\n";

int main(int argc, char **argv)
{
    int port = 0;
    for (int i = 1; i + 1 < argc; i++)
        if (strcmp(argv[i], "--port") == 0)
            port = atoi(argv[i + 1]);
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int on = 1, listening = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(listening, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listening, (struct sockaddr *)&at, sizeof at) || listen(listening, 10))
        return 1;
    for (;;) {
        char buffer[1000];
        int client = accept(listening, NULL, NULL);
        while (read(client, buffer, sizeof buffer) > 0)
            if (write(client, answer, strlen(answer)) < 0)
                break;
        close(client);
    }
}
"""
SCENARIO = '# PING is answered.\n#\n# level: core\n# book: 00-tiny, "One"\n\n> PING\nPONG\n'
PATCH = r"""Stage: 00
Killed-by: 00-tiny/01-ping
What: the wrong word is answered.

--- a/stages/00-tiny/main.c
+++ b/stages/00-tiny/main.c
@@ -7,4 +7,4 @@
~
-static const char *answer = "+PONG\r\n";
+static const char *answer = "+PANG\r\n";
~
 int main(int argc, char **argv)
""".replace("\n~\n", "\n \n")


# The word is in stages/more/ here: main.c asks more.c for it, and a CORE build has another.
WITH_MORE = SERVER.replace('static const char *answer = "+PONG\\r\\n";', "extern const char *answer;")
MORE = '#include <stddef.h>\n\nconst char *answer = "+PONG\\r\\n";\n'
IN_MORE = r"""Stage: 00
Killed-by: 00-tiny/01-ping
What: the wrong word is answered.

--- a/stages/more/00-tiny/word.c
+++ b/stages/more/00-tiny/word.c
@@ -1,3 +1,3 @@
 #include <stddef.h>
~
-const char *answer = "+PONG\r\n";
+const char *answer = "+PANG\r\n";
""".replace("\n~\n", "\n \n")


# With OBSERVE=1 the server has a function to tell what it propagates.
TELLS = SERVER.replace("static const char *answer", "int observed(const char *text) __attribute__((weak));\nstatic const char *answer")
TELLS = TELLS.replace("sizeof buffer) > 0)", "sizeof buffer) > 0 && (!observed || observed(answer)))")
OBSERVER = r"""
#include <stdio.h>

int observed(const char *text);

int observed(const char *text)
{
    FILE *file = fopen("observed.aof", "ab");
    fprintf(file, "*1\r\n$4\r\n%.4s\r\n", text + 1);
    return fclose(file) == 0;
}
"""
TRANSCRIPT = "# PING is propagated as what it is answered.\n#\n# level: core\n\n> PING\nPONG\n"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    stage = tmp_path / "stages" / "00-tiny"
    stage.mkdir(parents=True)
    shutil.copy(ROOT / "stages" / "stage.mk", tmp_path / "stages")
    (stage / "Makefile").write_text("include ../stage.mk\n")
    (stage / "main.c").write_text(SERVER)
    (tmp_path / "common").mkdir()
    scenarios = tmp_path / "tests" / "scenarios" / "00-tiny"
    scenarios.mkdir(parents=True)
    (scenarios / "01-ping.redis").write_text(SCENARIO)
    (tmp_path / "mutants").mkdir()
    return tmp_path


@pytest.fixture
def tree_with_more(tree: Path) -> Path:
    stages = tree / "stages"
    (stages / "more" / "00-tiny").mkdir(parents=True)
    (stages / "more" / "00-tiny" / "word.c").write_text(MORE)
    (stages / "00-tiny" / "main.c").write_text(WITH_MORE)
    (stages / "00-tiny" / "more.h").write_text("void more_open(void);\n")
    (stages / "00-tiny" / "more.c").write_text('#include "more.h"\n\nvoid more_open(void)\n{\n}\n')
    (stages / "core.c").write_text(MORE)
    return tree


def tried(tree: Path, text: str, core: bool = False) -> Verdict:
    path = tree / "mutants" / "00-word.patch"
    path.write_text(text)
    return try_mutant(read_mutant(path), tree, update=True, core=core)


def mutant(tree: Path, text: str) -> str:
    return tried(tree, text).trouble


def golden(tree: Path) -> Path:
    return tree / "mutants" / "golden" / "00-word.txt"


def test_killed_with_a_golden_report(tree: Path) -> None:
    assert mutant(tree, PATCH) == ""
    kept = golden(tree)
    assert "PANG" in kept.read_text()
    assert "build/00-tiny/server --port 7777" in kept.read_text()
    again = try_mutant(read_mutant(tree / "mutants" / "00-word.patch"), tree)
    assert again.trouble == ""
    kept.write_text(kept.read_text().replace("PANG", "PING"))
    changed = try_mutant(read_mutant(tree / "mutants" / "00-word.patch"), tree)
    assert "the report has changed" in changed.trouble


def test_a_mutant_of_the_rest_of_redis(tree_with_more: Path) -> None:
    assert mutant(tree_with_more, IN_MORE) == ""
    assert "PANG" in golden(tree_with_more).read_text()
    assert tried(tree_with_more, IN_MORE, core=True).left_out
    core = IN_MORE.replace("What:", "Build: core\nWhat:")
    assert "stages/more/00-tiny/word.c, which a CORE build leaves out" in mutant(tree_with_more, core)


def test_a_mutant_that_is_built_core(tree_with_more: Path) -> None:
    """With the lesson alone main.c has the word of core.c."""
    patch = PATCH.split("--- a")[0] + "--- a" + IN_MORE.split("--- a")[1].replace("more/00-tiny/word.c", "00-tiny/word.c")
    shutil.move(tree_with_more / "stages" / "more" / "00-tiny" / "word.c", tree_with_more / "stages" / "00-tiny")
    (tree_with_more / "stages" / "core.c").write_text("void more_open(void);\nvoid more_open(void)\n{\n}\n")
    assert mutant(tree_with_more, patch) == ""
    assert "build/00-tiny/server" in golden(tree_with_more).read_text()
    whole = golden(tree_with_more).read_text()
    assert tried(tree_with_more, patch, core=True).trouble == ""
    assert golden(tree_with_more).read_text() == whole  # the head says which build the report is of
    assert mutant(tree_with_more, patch.replace("What:", "Build: core\nWhat:")) == ""
    assert "build-core/00-tiny/server" in golden(tree_with_more).read_text()
    assert "make check CORE=1 STAGE=00" in golden(tree_with_more).read_text()


def test_a_core_build_needs_a_core_scenario(tree: Path) -> None:
    scenario = tree / "tests" / "scenarios" / "00-tiny" / "01-ping.redis"
    scenario.write_text(SCENARIO.replace("level: core", "level: more"))
    assert mutant(tree, PATCH.replace("What:", "Build: core\nWhat:")).endswith("01-ping.redis is of level more")
    assert tried(tree, PATCH, core=True).left_out


def test_a_mutant_that_propagates_something_else(tree: Path) -> None:
    observe = tree / "tests" / "observe"
    (observe / "00-tiny").mkdir(parents=True)
    (observe / "observe.c").write_text(OBSERVER)
    (observe / "00-tiny" / "ping.effects").write_text(TRANSCRIPT)
    (tree / "stages" / "00-tiny" / "main.c").write_text(TELLS)
    (tree / "stages" / "00-tiny" / "command").mkdir()
    (tree / "stages" / "00-tiny" / "command" / "call.h").touch()  # a stage without it is not observed
    patch = PATCH.replace("00-tiny/01-ping", "observe/00-tiny/ping").replace("@@ -7,4 +7,4 @@", "@@ -8,4 +8,4 @@")
    patch = patch.replace("\n \n-static", "\n int observed(const char *text) __attribute__((weak));\n-static")
    assert mutant(tree, patch) == ""
    assert tried(tree, patch, core=True).trouble == ""
    assert not golden(tree).exists()
    assert mutant(tree, patch.replace("+PANG", "+PONG").replace("+static const char", "+static  const char")) == "it survived"
    assert "names 0 transcripts" in mutant(tree, patch.replace("tiny/ping", "tiny/pong"))


def test_a_patch_of_what_is_not_built(tree: Path) -> None:
    wrong = mutant(tree, PATCH.replace("Stage: 00", "Stage: 01"))
    assert wrong == "it changes stages/00-tiny/main.c, which stage 01 is not built from"
    with pytest.raises(SystemExit, match="Build: half: it must be whole or core"):
        mutant(tree, PATCH.replace("What:", "Build: half\nWhat:"))


def test_survivor(tree: Path) -> None:
    harmless = PATCH.replace("+PANG", "+PONG").replace("+static const char", "+static  const char")
    assert mutant(tree, harmless) == "it survived"


def test_patch_that_does_not_fit(tree: Path) -> None:
    assert "does not apply" in mutant(tree, PATCH.replace("-static const", "-extern const"))


def test_patch_that_does_not_compile(tree: Path) -> None:
    assert "does not compile" in mutant(tree, PATCH.replace('+static const char *answer = "+PANG\\r\\n";', "+oops"))


def test_scenario_that_does_not_exist(tree: Path) -> None:
    assert "names 0 scenarios" in mutant(tree, PATCH.replace("01-ping", "99-nothing"))
