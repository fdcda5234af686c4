"""make exercise and make solutions, on a made-up stage of one file: each thing that can be wrong is found."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from harness.exercises import all_exercises, find_exercise
from harness.solutions import Verdict, Workshop, clang_format, prove, prove_all, table
from harness.stages import ROOT

SERVER = r"""#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const char *answer(const char *line)
{
    if (strstr(line, "PING"))
        return "+PONG\r\n";
    return "-ERR unknown\r\n";
}

int main(int argc, char **argv)
{
    struct sockaddr_in at = {.sin_family = AF_INET};
    for (int i = 1; i + 1 < argc; i++) {
        if (strcmp(argv[i], "--port") == 0)
            at.sin_port = htons((unsigned short)atoi(argv[i + 1]));
    }
    int on = 1, listening = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(listening, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listening, (struct sockaddr *)&at, sizeof at) ||
        listen(listening, 10))
        return 1;
    for (;;) {
        char line[1000] = "";
        int client = accept(listening, NULL, NULL);
        while (read(client, line, sizeof line - 1) > 0) {
            const char *text = answer(line);
            if (write(client, text, strlen(text)) < 0)
                break;
            memset(line, 0, sizeof line);
        }
        close(client);
    }
}
"""
MORE = '#include "more.h"\n\nvoid more_open(void)\n{\n}\n'
SCENARIO = '# PING is answered.\n#\n# level: core\n# book: 00-resp, "One"\n\n> PING\nPONG\n'
TEST = '# So is HELLO.\n#\n# level: core\n# book: 00-resp, "Exercise 00.1: Hello"\n\n> HELLO\nHI\n'
PATCH = r"""Exercise: 00.1
How: one line.

--- a/stages/00-resp/main.c
+++ b/stages/00-resp/main.c
@@ -8,5 +8,7 @@
 {
     if (strstr(line, "PING"))
         return "+PONG\r\n";
+    if (strstr(line, "HELLO"))
+        return "+HI\r\n";
     return "-ERR unknown\r\n";
 }
"""
HINT = "<details>\n<summary>Hint</summary>\n\nText.\n\n</details>\n\n"
CHAPTER = f"# 00\n\n## Exercises\n\n### Exercise 00.1: Hello\n\nSay it.\n\n{HINT * 3}### Exercise 00.2: More\n\n{HINT}"


class Tree:
    """A course of one stage and one exercise, whose files a test changes before it looks at the verdict.

    The stage is called as a real one is: the fixtures of Python tests know no other.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.write("stages/00-resp/main.c", SERVER)
        self.write("stages/00-resp/Makefile", "include ../stage.mk\n")
        shutil.copy(ROOT / "stages" / "stage.mk", root / "stages")
        shutil.copy(ROOT / "stages" / "core.c", root / "stages")
        self.write("stages/00-resp/more.c", MORE)
        self.write("stages/00-resp/more.h", "void more_open(void);\n")
        self.write("common/README", "")
        self.write("tests/scenarios/00-resp/01-ping.redis", SCENARIO)
        self.write("solutions/00-resp/1-hello.redis", TEST)
        self.write("solutions/00-resp/1-hello.patch", PATCH)
        self.write("book/00-resp.md", CHAPTER)

    def write(self, name: str, text: str) -> None:
        (self.root / name).parent.mkdir(parents=True, exist_ok=True)
        (self.root / name).write_text(text)

    def patch(self, old: str, new: str) -> None:
        assert old in PATCH
        self.write("solutions/00-resp/1-hello.patch", PATCH.replace(old, new))

    def verdict(self) -> Verdict:
        return prove(find_exercise("00.1", self.root), Workshop(self.root, self.root / "built"))

    def troubles(self) -> dict[str, str]:
        return {question: trouble for question, trouble in self.verdict().found.items() if trouble}


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    if not clang_format(tmp_path):
        pytest.skip("clang-format 14 is missing: make lint-format says where it comes from")
    return Tree(tmp_path)


def test_a_solution_that_holds(tree: Tree) -> None:
    verdict = tree.verdict()
    assert verdict.holds, table([verdict])
    assert "00.1" in table([verdict]) and "1 of 1 hold" in table([verdict])


def test_what_belongs_to_an_exercise(tree: Tree) -> None:
    tree.write("solutions/00-resp/1-hello-twice.redis", TEST)
    tree.write("solutions/00-resp/1-hello_test.py", "")
    tree.write("solutions/00-resp/2-more.patch", PATCH)
    first, second = all_exercises(tree.root)
    assert (first.title, first.hints, second.title, second.hints) == ("Hello", 3, "More", 1)
    assert [t.name for t in first.tests] == ["1-hello-twice.redis", "1-hello.redis", "1-hello_test.py"]
    with pytest.raises(SystemExit, match=r"EX=00.9: .*00.1, 00.2"):
        find_exercise("00.9", tree.root)


def test_a_chapter_without_the_exercise(tree: Tree) -> None:
    tree.write("book/00-resp.md", CHAPTER.replace("Exercise 00.1", "Exercise 00.7"))
    assert "no heading" in tree.troubles()["stated"]


def test_a_hint_too_few(tree: Tree) -> None:
    tree.write("book/00-resp.md", CHAPTER.replace(HINT, "", 1))
    assert tree.troubles() == {"stated": "2 hints in <details>, where 3 are wanted"}


def test_a_solution_without_a_test(tree: Tree) -> None:
    (tree.root / "solutions/00-resp/1-hello.redis").unlink()
    assert "no test" in tree.troubles()["stated"]


def test_a_stage_that_has_moved_on(tree: Tree) -> None:
    tree.write("stages/00-resp/main.c", SERVER.replace("+PONG", "+PONG!"))
    assert list(tree.troubles()) == ["applies"]


def test_a_warning(tree: Tree) -> None:
    tree.patch('"HELLO"))', '"HELLO") == 1)')
    assert list(tree.troubles()) == ["no warning"]


def test_a_line_that_is_not_formatted(tree: Tree) -> None:
    tree.patch('+        return "+HI', '+       return "+HI')
    assert list(tree.troubles()) == ["formatted"]


def test_a_test_that_passes_before(tree: Tree) -> None:
    tree.write("solutions/00-resp/1-hello.redis", TEST.replace("> HELLO\nHI\n", "> PING\nPONG\n"))
    assert tree.troubles() == {"fails before": "its test passes on the bare stage"}


def test_a_solution_that_does_not_pass(tree: Tree) -> None:
    tree.patch('"+HI', '"+HO')
    trouble = tree.troubles()
    assert list(trouble) == ["passes"]
    assert "EX=00.1" in trouble["passes"] and "make check" not in trouble["passes"]


def test_a_solution_that_breaks_the_stage(tree: Tree) -> None:
    tree.patch('     if (strstr(line, "PING"))\n', '-    if (strstr(line, "PING"))\n+    if (strstr(line, "PINGPONG"))\n')
    assert tree.troubles() == {"suite passes": "1 scenarios fail: 00-resp/01-ping.redis"}


SECOND = r"""Exercise: 00.2
How: one line.

--- a/stages/00-resp/main.c
+++ b/stages/00-resp/main.c
@@ -6,4 +6,6 @@
 static const char *answer(const char *line)
 {
+    if (strstr(line, "MORE"))
+        return "+MORE\r\n";
     if (strstr(line, "PING"))
         return "+PONG\r\n";
"""


@pytest.mark.parametrize("breaks", [False, True])
def test_solutions_that_go_together_are_played_together(tree: Tree, breaks: bool) -> None:
    """Where the stage's tests fail then, each is asked alone, and only the one that breaks them is blamed."""
    tree.write("solutions/00-resp/2-more.redis", TEST.replace("HELLO", "MORE").replace("HI", "MORE").replace("00.1", "00.2"))
    tree.write("solutions/00-resp/2-more.patch", SECOND.replace('"MORE"', 'strstr(line, "P") ? "P" : "MORE"') if breaks else SECOND)
    workshop = Workshop(tree.root, tree.root / "built")
    first, second = prove_all(all_exercises(tree.root), workshop)
    assert (tree.root / "built" / "00.1+").is_dir() and not (tree.root / "built" / "00.2+").exists()
    assert first.found["suite passes"] == ""
    assert second.found["suite passes"] == ("1 scenarios fail: 00-resp/01-ping.redis" if breaks else "")


def test_what_fails_on_the_whole_build_alone_is_found(tree: Tree) -> None:
    """By itself a solution is compiled as the lesson alone; the rest of Redis may yet be in its way."""
    tree.write("stages/00-resp/more.c", MORE + "\nint loud;\n")
    patch = PATCH.replace("+    if (strstr(line", "+    extern int loud __attribute__((weak));\n+    if (!&loud && strstr(line")
    tree.write("solutions/00-resp/1-hello.patch", patch.replace("+8,7", "+8,8"))
    (verdict,) = prove_all(all_exercises(tree.root), Workshop(tree.root, tree.root / "built"))
    assert "passes" in verdict.found and "ERR unknown" in verdict.found["passes"]
    assert not verdict.found["passes"].startswith("on the CORE build")


def test_what_only_clang_says_is_heard_where_solutions_go_together(tree: Tree) -> None:
    if not shutil.which("clang"):
        pytest.skip("clang is not installed (Debian: apt install clang)")
    tree.write("solutions/00-resp/2-more.redis", TEST.replace("HELLO", "MORE").replace("HI", "MORE").replace("00.1", "00.2"))
    tree.write("solutions/00-resp/2-more.patch", SECOND.replace("        return", "        return line = line,"))
    first, second = prove_all(all_exercises(tree.root), Workshop(tree.root, tree.root / "built"))
    assert first.found["no warning"] == ""
    assert second.found["no warning"].startswith("clang:\n") and "-Wself-assign" in second.found["no warning"]


def test_what_is_built_already_is_taken_over(tree: Tree) -> None:
    """With the flags that it was built with, and only what is newer is compiled again."""
    words = ["make", "-s", "-C", str(tree.root / "stages" / "00-resp"), "MAKEFLAGS="]
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
    place = Path("build", "00-resp", "main.o")
    built = (tree.root / place).stat().st_mtime_ns
    workshop = Workshop(tree.root, tree.root / "built")
    assert (workshop.bare("00-resp") / place).stat().st_mtime_ns == built
    exercise = find_exercise("00.1", tree.root)
    assert prove(exercise, workshop).found["passes"] == ""
    assert (tree.root / "built" / "00.1" / place).stat().st_mtime_ns > built


def test_a_patch_beyond_the_lesson(tree: Tree) -> None:
    tree.write("common/words.h", "#define HI 1\n")
    more = "--- a/common/words.h\n+++ b/common/words.h\n@@ -1 +1 @@\n-#define HI 1\n+#define HI 2\n"
    tree.write("solutions/00-resp/1-hello.patch", PATCH + more)
    assert tree.troubles() == {"lesson only": "it changes common/words.h"}


def test_a_solution_that_needs_the_rest_of_redis(tree: Tree) -> None:
    """It answers with a word that only more.c knows, which a CORE build leaves out."""
    tree.write("stages/00-resp/more.h", "void more_open(void);\nconst char *word(void);\n")
    for name, word in (("00-resp/more.c", "+HI"), ("core.c", "-ERR none")):
        tree.write(f"stages/{name}", f'{MORE}\nconst char *word(void)\n{{\n    return "{word}\\r\\n";\n}}\n')
    tree.write("stages/00-resp/main.c", '#include "more.h"\n\n' + SERVER)
    tree.patch('return "+HI\\r\\n"', "return word()")
    trouble = tree.troubles()
    assert list(trouble) == ["passes"]
    assert trouble["passes"].startswith("on the CORE build: ")
    assert "(error) ERR none" in trouble["passes"]


def test_python_tests_run_too(tree: Tree) -> None:
    """Beside a scenario that passes, a Python test that fails."""
    tree.write("solutions/00-resp/1-hello_test.py", "def test_never() -> None:\n    raise AssertionError('never')\n")
    assert "never" in tree.troubles()["passes"]


def test_a_python_test_that_fails_is_reported_as_a_scenario_is(tree: Tree) -> None:
    tree.write(
        "solutions/00-resp/1-hello_test.py",
        '"""Exercise 00.1: HELLO is answered."""\n\nfrom harness.wire import Wire\n\n\n'
        'def test_hello(server) -> None:\n    """It says HI."""\n'
        '    with Wire(server) as wire:\n        assert wire.text("HELLO") == "HO"\n',
    )
    text = tree.troubles()["passes"]
    assert "1-hello_test.py, line 9, server: 00-resp\ntest_hello: It says HI.\n" in text
    assert "What it teaches\n    Exercise 00.1: HELLO is answered.\n" in text
    assert '>>>         assert wire.text("HELLO") == "HO"\n' in text
    assert "What went wrong\n    AssertionError" in text  # the values are left out where solutions are proved
    assert "The server\n    still running\n" in text
    assert "By hand\nmake exercise EX=00.1\n" in text
    assert "FAILED" not in text


def test_a_solution_is_shown_and_built(tmp_path: Path) -> None:
    done = subprocess.run(["make", "-s", "solution", "EX=00.1"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    patch = next((ROOT / "solutions" / "00-resp").glob("1-*.patch")).read_text()
    assert patch in done.stdout
    assert "suite passes" not in done.stdout
    server = done.stdout.splitlines()[-1].removeprefix("The server:").split()[0]
    assert (ROOT / server).exists()


@pytest.mark.parametrize(("number", "said"), [("", "EX=01.2 says which exercise."), ("9", "EX=9: there is no such exercise.")])
def test_an_exercise_that_is_not_named_or_is_none(number: str, said: str) -> None:
    with pytest.raises(SystemExit, match=f"{said} There are: 00.1, "):
        find_exercise(number)


def test_a_capstone_is_done_on_the_last_stage(tree: Tree) -> None:
    tree.write("stages/01-next/main.c", "")
    tree.write("book/capstones.md", CHAPTER.replace("00.1", "C.1").replace("### Exercise 00.2", "### Another"))
    tree.write("solutions/capstones/1-large.patch", PATCH)
    tree.write("solutions/capstones/1-large_test.py", "")
    last = all_exercises(tree.root)[-1]
    assert (last.number, last.title, last.stage.name, last.page) == ("C.1", "Hello", "01-next", "book/capstones.md")
    assert (len(last.tests), last.hints) == (1, 3)
    assert find_exercise("C.1", tree.root) == last
