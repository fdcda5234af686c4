"""The runner of mutants, tried on a made-up stage of one file."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from harness.mutants import read_mutant, try_mutant
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


def mutant(tree: Path, text: str) -> str:
    path = tree / "mutants" / "00-word.patch"
    path.write_text(text)
    return try_mutant(read_mutant(path), tree, update=True).trouble


def test_killed_with_a_golden_report(tree: Path) -> None:
    assert mutant(tree, PATCH) == ""
    golden = tree / "mutants" / "golden" / "00-word.txt"
    assert "PANG" in golden.read_text()
    assert "build/00-tiny/server --port 7777" in golden.read_text()
    again = try_mutant(read_mutant(tree / "mutants" / "00-word.patch"), tree)
    assert again.trouble == ""
    golden.write_text(golden.read_text().replace("PANG", "PING"))
    changed = try_mutant(read_mutant(tree / "mutants" / "00-word.patch"), tree)
    assert "the report has changed" in changed.trouble


def test_survivor(tree: Path) -> None:
    harmless = PATCH.replace("+PANG", "+PONG").replace("+static const char", "+static  const char")
    assert mutant(tree, harmless) == "it survived"


def test_patch_that_does_not_fit(tree: Path) -> None:
    assert "does not apply" in mutant(tree, PATCH.replace("-static const", "-extern const"))


def test_patch_that_does_not_compile(tree: Path) -> None:
    assert "does not compile" in mutant(tree, PATCH.replace('+static const char *answer = "+PANG\\r\\n";', "+oops"))


def test_scenario_that_does_not_exist(tree: Path) -> None:
    assert "names 0 scenarios" in mutant(tree, PATCH.replace("01-ping", "99-nothing"))
