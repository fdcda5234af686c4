"""Made-up courses of two stages, for the tests of the book's tool."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from weave import ROOT, chapters, sync
from weave.chapters import Chapter
from weave.outline import SECTIONS

ENVIRONMENT = {
    **{k: v for k, v in os.environ.items() if not k.startswith("GIT_")},
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
}

OLD_MAIN = """\
/* main: the beginning. */
#include <stdio.h>

static int twice(int n)
{
    return n + n;
}

int main(void)
{
    printf("%d\\n", twice(2));
    return 0;
}
"""
NEW_MAIN = """\
/* main: the beginning. */
#include <stdio.h>

#include "net/list.h"

static int twice(int n)
{
    return 2 * n;
}

int main(void)
{
    struct list list = {0};
    list_push(&list, twice(2));
    printf("%d\\n", list.length);
    return 0;
}
"""
HEADER = """\
/* list: what it is. */
#ifndef NET_LIST_H
#define NET_LIST_H

struct list {
    int length; /* of it */
};

/* Puts one more at the end. */
void list_push(struct list *list, int value);

#endif
"""
SOURCE = """\
#include "net/list.h"

#define STEP 1

/* How much is pushed
 * at a time. */
static int amount(void)
{
    return STEP;
}

void list_push(struct list *list, int value)
{
    (void)value;
    list->length += amount();
}
"""
# A chapter's step that shows all of the second stage.
WHOLE = """\
```c file=net/list.h
```
```c file=net/list.c
```
```diff file=main.c hunk=all
```
"""


def fence(info: str, body: str = "") -> str:
    return f"```{info}\n{body}```\n"


def chapter_text(step: str, **sections: str) -> str:
    """A chapter in good order; `Try_it="…"` puts text into a section."""
    parts = ["# 01 · One\n"]
    for title in SECTIONS:
        text = sections.get(title.replace(" ", "_").replace(",", ""), "Some words.\n")
        if title.startswith("The code"):
            text = f"### Step 1: All of it\n\n{step}\n**It builds.**\n"
        parts.append(f"## {title}\n\n{text}")
    return "\n".join(parts)


class Course:
    """A repository with two stages and one chapter, the second's."""

    def __init__(self, root: Path) -> None:
        self.root = root
        subprocess.run(["git", "init", "-q", str(root)], env=ENVIRONMENT, check=True)
        for name in ("stage.mk", "core.c"):
            self.write(f"stages/{name}", (ROOT / "stages" / name).read_text())
        self.write("common/nothing.c", "extern int nothing;\nint nothing;\n")
        self.write("stages/00-zero/main.c", OLD_MAIN)
        self.write("stages/01-one/main.c", NEW_MAIN)
        self.write("stages/01-one/net/list.h", HEADER)
        self.write("stages/01-one/net/list.c", SOURCE)
        self.write("book/redis-functions.tsv", "adlist.c\tlistCreate\t40\nt_list.c\tpushCommand\t7\n")
        self.write("book/01-one.md", chapter_text(WHOLE))

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def remove(self, name: str) -> None:
        path = self.root / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()

    @property
    def text(self) -> str:
        return (self.root / "book/01-one.md").read_text(encoding="utf-8")

    def load(self) -> Chapter:
        return chapters.load("01", self.root)

    def chapter(self, text: str) -> Chapter:
        """The chapter with this text, as it is."""
        self.write("book/01-one.md", text)
        return self.load()

    def synced(self, text: str | None = None) -> Chapter:
        """The chapter, its fences filled."""
        if text is not None:
            self.write("book/01-one.md", text)
        sync.write(self.load())
        return self.load()

    def shows(self, info: str) -> list[str]:
        """The body that a fence gets."""
        return list(self.synced(f"# x\n\n{fence(info)}").fences[0].body)

    def fault(self, info: str) -> str:
        """Why a fence cannot be filled."""
        return self.chapter(f"# x\n\n{fence(info)}").quotes[0].error
