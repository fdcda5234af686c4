"""make propagate FROM=01: carries a fix made in one stage through all later ones.

For each stage k after FROM, in turn, every file is merged three ways:

    base    the file as stage k-1 had it when stage k last took it over: as it
            was merged the last time, else as it was in the commit that last
            changed stage k's (BASE= names another), else as in HEAD
    theirs  the file as it is now in stage k-1
    ours    the file as it is now in stage k

stages/more/ and common/ are built into every stage as they are: they have one
copy, and nothing in them has to be carried.

What was merged is remembered in .git/propagate.json: by that a second call
repeats nothing, and a call after a solved conflict goes on behind it. A merge
that was undone since (stage k's file is again what it was) is forgotten.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from chain import ROOT, Stage, all_stages, fail, files_of, git, position, run_tool

MARKERS = (b"<<<<<<< ", b">>>>>>> ")
Entry = dict[str, str | None]


def blob_id(content: bytes | None) -> str | None:
    """The name that git would give to this content; None for no file."""
    if content is None:
        return None
    return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()


def read(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def has_markers(content: bytes | None) -> bool:
    lines = (content or b"").splitlines()
    return all(any(line.startswith(marker) for line in lines) for marker in MARKERS)


class Memory:
    """What each stage has taken over from the one before, file by file.

    An entry holds the contents (as git's names for them) of the file in the
    earlier stage that was merged (`merged`), and of the later stage's file
    before and after that. `conflict` is set until the markers are gone.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        where = git(root, "rev-parse", "--git-path", "propagate.json").decode().strip()
        self.path = root / where
        self.entries: dict[str, Entry] = {}
        if self.path.exists():
            self.entries = json.loads(self.path.read_text())

    def get(self, file: Path) -> Entry | None:
        return self.entries.get(str(file.relative_to(self.root)))

    def set(self, file: Path, entry: Entry) -> None:
        self.entries[str(file.relative_to(self.root))] = entry
        self.path.write_text(json.dumps(self.entries, indent=1, sort_keys=True) + "\n")

    def drop(self, file: Path) -> None:
        self.entries.pop(str(file.relative_to(self.root)), None)

    def keep(self, content: bytes | None) -> str | None:
        """Stores the content in git's own database, so that it can be a base."""
        if content is None:
            return None
        command = ["git", "hash-object", "-w", "--no-filters", "--stdin"]
        done = subprocess.run(
            command, cwd=self.root, input=content, capture_output=True, check=True
        )
        return done.stdout.decode().strip()

    def recall(self, name: str | None) -> bytes | None:
        return None if name is None else git(self.root, "cat-file", "blob", name)

    def forget(self) -> None:
        self.entries.clear()
        self.path.unlink(missing_ok=True)


@dataclass
class Outcome:
    """What became of one file."""

    path: str
    what: str  # "merged", "added", "deleted", "conflict", "note"
    text: str = ""


class Step:
    """One pair of neighbours: brings what changed in `earlier` to `later`."""

    def __init__(self, root: Path, earlier: Stage, later: Stage, base: str | None, memory: Memory,
                 history: History) -> None:  # fmt: skip
        self.root = root
        self.earlier = earlier
        self.later = later
        self.given_base = base
        self.memory = memory
        self.history = history
        self.committed = self.list_committed(base or "HEAD")

    def list_committed(self, revision: str) -> dict[str, str]:
        prefix = f"stages/{self.earlier.name}/"
        listed = git(self.root, "ls-tree", "-r", "-z", revision, "--", prefix).decode()
        rows = (row.split("\t", 1) for row in listed.split("\0") if row)
        return {path.removeprefix(prefix): head.split()[2] for head, path in rows}

    def run(self) -> list[Outcome]:
        now = files_of(self.root, self.earlier)
        known = set(now) | set(self.committed)
        for key in self.memory.entries:
            prefix = f"stages/{self.later.name}/"
            if key.startswith(prefix):
                known.add(key.removeprefix(prefix))
        outcomes = [self.bring(path) for path in sorted(known)]
        return [outcome for outcome in outcomes if outcome]

    def bring(self, path: str) -> Outcome | None:
        """Decides what one file needs, does it, and remembers it."""
        target = self.later.path / path
        theirs, ours = read(self.earlier.path / path), read(target)
        entry = self.valid_entry(target, ours)
        if entry and entry.get("conflict"):
            if has_markers(ours):
                return Outcome(path, "conflict", "its conflict is not solved yet")
            as_before = entry["before"] == blob_id(ours) != entry["after"]
            entry = {"merged": entry["merged"], "before": None, "after": None}
            self.memory.set(target, entry)
            if as_before:
                text = "solved by leaving it as it was (to merge it anew: FORGET=1)"
                return Outcome(path, "note", text)
        if entry and entry["merged"] == blob_id(theirs):
            return None
        if entry and not self.given_base:
            base = self.memory.recall(entry["merged"])
        else:
            base = self.committed_base(path)
        if base == theirs:
            return None
        if has_markers(theirs):
            return Outcome(path, "conflict", f"{self.earlier.name} has conflict markers in it")
        outcome = self.merge(path, base, theirs, ours)
        self.memory.set(
            target,
            {
                "merged": self.memory.keep(theirs),
                "before": blob_id(ours),
                "after": blob_id(read(target)),
                **({"conflict": "yes"} if outcome and outcome.what == "conflict" else {}),
            },
        )
        return outcome

    def committed_base(self, path: str) -> bytes | None:
        """The earlier stage's file in the commit that the two agreed on, as far as one knows."""
        name = f"stages/{self.earlier.name}/{path}"
        agreed = self.history.older(f"stages/{self.later.name}/{path}", than=name)
        if agreed and not self.given_base:
            content = self.history.content(agreed, name)
            if content is not None:
                return content
        return self.memory.recall(self.committed.get(path))

    def valid_entry(self, target: Path, ours: bytes | None) -> Entry | None:
        """What is remembered of a file, unless the merge was undone since."""
        entry = self.memory.get(target)
        if not entry or entry.get("conflict"):
            return entry
        if entry["before"] != entry["after"] and entry["before"] == blob_id(ours):
            self.memory.drop(target)
            return None
        return entry

    def merge(
        self, path: str, base: bytes | None, theirs: bytes | None, ours: bytes | None
    ) -> Outcome | None:
        target = self.later.path / path
        if ours == theirs:
            return None
        if theirs is None:
            return self.delete(path, base, ours)
        if ours is None:
            if base is not None:
                return Outcome(path, "note", f"changed, but {self.later.name} has no such file")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(theirs)
            target.chmod((self.earlier.path / path).stat().st_mode)
            return Outcome(path, "added")
        return self.merge_contents(path, base or b"", theirs, ours)

    def delete(self, path: str, base: bytes | None, ours: bytes | None) -> Outcome | None:
        target = self.later.path / path
        if ours is None:
            return None
        if ours != base:
            text = f"deleted in {self.earlier.name}, but {self.later.name} changes it: "
            return Outcome(path, "conflict", text + "delete it, or leave it as it is")
        target.unlink()
        return Outcome(path, "deleted")

    def merge_contents(
        self, path: str, base: bytes, theirs: bytes, ours: bytes
    ) -> Outcome | None:
        merged, conflicts = merge_three(
            base, theirs, ours, [self.later.name, "base", self.earlier.name]
        )
        if merged is None:
            return Outcome(path, "conflict", "not text: make it right by hand")
        if merged == ours:
            return None
        (self.later.path / path).write_bytes(merged)
        if conflicts:
            plural = "s" if conflicts > 1 else ""
            return Outcome(path, "conflict", f"{conflicts} place{plural} to solve")
        return Outcome(path, "merged")


def merge_three(
    base: bytes, theirs: bytes, ours: bytes, labels: list[str]
) -> tuple[bytes | None, int]:
    """git's three-way merge: the text (None if it is no text), and how many conflicts."""
    with tempfile.TemporaryDirectory() as scratch:
        paths = []
        for name, content in (("ours", ours), ("base", base), ("theirs", theirs)):
            path = Path(scratch) / name
            path.write_bytes(content)
            paths.append(str(path))
        options = [part for label in labels for part in ("-L", label)]
        done = subprocess.run(
            ["git", "merge-file", "-p", *options, *paths], capture_output=True, check=False
        )
    if done.returncode > 127:
        return None, 1
    return done.stdout, done.returncode


class History:
    """When each file of stages/ was committed last."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.latest: dict[str, tuple[int, str]] = {}  # age in commits, and the commit
        log = git(root, "log", "--format=%x00%H", "--name-only", "--no-renames", "--", "stages")
        for age, block in enumerate(log.decode().split("\0")[1:]):
            commit, *paths = (line for line in block.splitlines() if line)
            for path in paths:
                self.latest.setdefault(path, (age, commit))

    def older(self, path: str, than: str) -> str | None:
        """The commit that changed `path` last, if the other file changed after it."""
        here, there = self.latest.get(path), self.latest.get(than)
        return here[1] if here and there and here[0] > there[0] else None

    def content(self, commit: str, path: str) -> bytes | None:
        done = subprocess.run(
            ["git", "cat-file", "blob", f"{commit}:{path}"],
            cwd=self.root, capture_output=True, check=False,
        )  # fmt: skip
        return done.stdout if done.returncode == 0 else None


def never_brought(root: Path, earlier: Stage, later: Stage, history: History) -> list[str]:
    """Committed files that the later stage has not, and never had: forgotten, or left out
    when it began. Only who wrote it knows."""
    found = []
    for path in files_of(root, earlier):
        name, twin = f"stages/{earlier.name}/{path}", f"stages/{later.name}/{path}"
        if name in history.latest and twin not in history.latest and not (root / twin).exists():
            found.append(f"{name} was never brought to {later.name}: copy it if it should be")
    return found


def describe(step: Step, outcomes: list[Outcome]) -> None:
    print(f"{step.earlier.name} -> {step.later.name}:", end=" ")
    if not outcomes:
        print("nothing to do")
        return
    print()
    for outcome in outcomes:
        text = f" ({outcome.text})" if outcome.text else ""
        print(f"  {outcome.what:9}stages/{step.later.name}/{outcome.path}{text}")


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Carries a fix through all later stages.")
    parser.add_argument("--from", dest="first", required=True, help="the stage that was fixed")
    parser.add_argument("--to", dest="last", help="the last stage to bring it to")
    parser.add_argument("--base", help="the commit before the fix (HEAD)")
    parser.add_argument("--forget", action="store_true", help="forget what was merged before")
    parser.add_argument("--root", type=Path, default=ROOT)
    return parser.parse_args()


def one_copy(named: str) -> bool:
    """Whether somebody names what no stage has a copy of."""
    return named.removeprefix("stages/").split("/")[0] in ("more", "common", "core.c", "stage.mk")


def main() -> int:
    arguments = parse_arguments()
    root = arguments.root.resolve()
    stages = all_stages(root)
    for named in (arguments.first, arguments.last or ""):
        if one_copy(named):
            fail(f"{named} has one copy, which every stage is built with: mend it there, nothing has to be carried")
    first = position(stages, arguments.first)
    last = position(stages, arguments.last) if arguments.last else len(stages) - 1
    if first >= last:
        fail(f"no stage after {stages[first].name} to bring anything to")
    pairs = list(zip(stages[first:last], stages[first + 1 : last + 1], strict=True))
    memory = Memory(root)
    if arguments.forget:
        memory.forget()
    history = History(root)
    for earlier, later in pairs:
        step = Step(root, earlier, later, arguments.base, memory, history)
        outcomes = step.run()
        describe(step, outcomes)
        if any(outcome.what == "conflict" for outcome in outcomes):
            print(
                f"\nSolve what is marked as conflict (<<<<<<< is {later.name}, >>>>>>> is "
                f"{earlier.name}),\nsee that it builds (make STAGE={later.number}), "
                "and call the same command again: it goes on from here."
            )
            return 1
    for earlier, later in pairs:
        for text in never_brought(root, earlier, later, history):
            print(f"note: {text}")
    return 0


if __name__ == "__main__":
    run_tool(main, cut_short=1)
