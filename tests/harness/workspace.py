"""What a learner writes: the folders of work/, and what work/progress.json remembers of them.

    work/progress.json               when each workspace was started, which stages are
                                     passed, how many hints of a scenario were given
    work/01-event-loop/course.json   what this workspace is checked with

Needs nothing but Python: `make start` uses it without the environment of the tests.
"""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

SETTINGS = "course.json"


@dataclass(frozen=True)
class Workspace:
    """work/NN-name/. Without a `server` of its own it is built by its Makefile, as a stage is."""

    path: Path
    server: str = ""  # a command line with {port}

    @property
    def stage(self) -> str:
        return self.path.name

    @property
    def number(self) -> str:
        return self.stage[:2]

    @property
    def label(self) -> str:
        return f"work/{self.stage}"

    @property
    def binary(self) -> Path:
        return self.path.parent / "build" / self.stage / "server"

    def save(self) -> None:
        settings = {"stage": self.stage, **({"server": self.server} if self.server else {})}
        (self.path / SETTINGS).write_text(json.dumps(settings, indent=4) + "\n", encoding="utf-8")


@dataclass
class Progress:
    """work/progress.json."""

    path: Path
    started: dict[str, str] = field(default_factory=dict)  # workspace: time
    passed: dict[str, str] = field(default_factory=dict)  # stage: day
    hints: dict[str, int] = field(default_factory=dict)  # scenario: how many were given

    def start(self, stage: str) -> None:
        self.started[stage] = datetime.now().isoformat()
        self.save()

    def save(self) -> None:
        values = {"started": self.started, "passed": self.passed, "hints": self.hints}
        self.path.parent.mkdir(exist_ok=True)
        self.path.write_text(json.dumps(values, indent=4) + "\n", encoding="utf-8")


def read_json(path: Path) -> dict[str, object]:
    """The object in a file; nothing when there is no file."""
    try:
        value = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    except ValueError as error:
        raise SystemExit(f"{path} is no JSON any more ({error}): mend or remove it") from error
    if not isinstance(value, dict):
        raise SystemExit(f"{path} is no JSON object any more, as {{...}}: mend or remove it")
    return value


def words(command: str, where: str) -> list[str]:
    """The words of a command line; one that cannot be read ends the program. `where` says who wrote it."""
    try:
        return shlex.split(command)
    except ValueError as error:
        raise SystemExit(f"{where}: `{command}` cannot be read as a command line: {str(error).lower()}") from error


def server_of(path: Path) -> str:
    """How the workspace's server is started, as its settings say; empty for one that is built by its Makefile."""
    settings = read_json(path)
    server = settings.get("server", "")
    if "stage" not in settings or not isinstance(server, str):
        raise SystemExit(
            f"{path} must be as `make start` wrote it: "
            '{"stage": "' + path.parent.name + '"}, and "server": "a command with {port}" for a server that is not built'
        )
    if server and not any("{port}" in word for word in words(server, f"{path}, \"server\"")):
        raise SystemExit(f"{path}, \"server\": `{server}` must say where the port goes: {{port}}")
    return server


def read_progress(work: Path) -> Progress:
    path = work / "progress.json"
    values = read_json(path)
    hints = texts(values.get("hints"))
    return Progress(
        path,
        started=texts(values.get("started")),
        passed=texts(values.get("passed")),
        hints={name: int(count) for name, count in hints.items() if count.isdigit()},
    )


def texts(value: object) -> dict[str, str]:
    return {str(k): str(v) for k, v in value.items()} if isinstance(value, dict) else {}


def find_workspace(work: Path, stage: str) -> Workspace | None:
    """The workspace of a stage, by the stage's name."""
    path = work / stage
    if not (path / SETTINGS).exists():
        return None
    return Workspace(path, server_of(path / SETTINGS))


def newest_workspace(work: Path) -> Workspace | None:
    """The one that was started last."""
    started = read_progress(work).started
    names = [path.parent.name for path in work.glob(f"*/{SETTINGS}")]
    names = [name for name in names if (work.parent / "stages" / name).is_dir()]
    last = max(names, key=lambda name: (started.get(name, ""), name), default="")
    return find_workspace(work, last) if last else None
