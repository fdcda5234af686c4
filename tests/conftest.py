"""Makes tests of scenarios, and runs Python tests once for each stage that they are played on."""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest
from _pytest.compat import NOTSET

from harness.of_python import report_of_python
from harness.player import play
from harness.process import sanitized
from harness.report import report
from harness.scenario import Scenario, read_scenario
from harness.server import Server, ServerCommand, end_on_signals, server_command, stage_command
from harness.stages import Stage, all_stages, core_build, find_stage, left_to_core, left_to_the_book, tested

# What the marker `needs` may name, and the Debian package that has it.
PACKAGES = {"redis-cli": "redis-tools", "redis-benchmark": "redis-tools", "redis-server": "redis-server", "go": "golang-go"}


# The scenarios and Python tests of level more that a run about CORE builds leaves out.
SCENARIOS = pytest.StashKey[set[str]]()
PYTHON_TESTS = pytest.StashKey[set[str]]()
CHOSEN = pytest.StashKey[list[Stage]]()


class NO_PARAMETERS:
    params: ClassVar[dict[str, object]] = {}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--stage", default=os.environ.get("STAGE") or None, help="only this stage")
    parser.addoption("--server", default=os.environ.get("SERVER") or None, help="instead of a stage")
    parser.addoption("--tally", type=Path, help="write what passed, failed and was skipped to this file")
    parser.addoption("--left-out", type=Path, help="write how many of level more were left out to this file")
    parser.addoption("--report-to", type=Path, help="write the report of what failed to this file, as one of a scenario")
    parser.addoption("--again", type=Path, help="only the tests that this file names")
    parser.addoption("--without-alone", type=Path, help="leave out what is marked alone, and name it in this file")


def pytest_configure(config: pytest.Config) -> None:
    end_on_signals()
    config.stash[SCENARIOS], config.stash[PYTHON_TESTS] = set(), set()
    missing = [s for s in chosen_stages(config) if not s.binary.exists()]
    if missing and not config.getoption("--server"):
        build = f"make STAGE={missing[0].number:02}" + (" CORE=1" if core_build() else "")
        raise pytest.UsageError(f"{missing[0].binary} is missing: {build}")


def chosen_stages(config: pytest.Config) -> list[Stage]:
    """Looked for once: each file of tests asks for them."""
    if CHOSEN not in config.stash:
        stage = config.getoption("--stage")
        config.stash[CHOSEN] = [find_stage(stage)] if stage else all_stages()
    return config.stash[CHOSEN]


def commands(config: pytest.Config, first: int, last: int = 99) -> list[ServerCommand]:
    """The servers that a test for the stages from first to last runs against."""
    server = config.getoption("--server")
    if server:
        stage = config.getoption("--stage")
        return [server_command(server)] if not stage or first <= find_stage(stage).number else []
    stages = [s for s in chosen_stages(config) if first <= s.number <= last]
    return [stage_command(stage) for stage in tested(stages)]


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    if file_path.suffix == ".redis":
        return ScenarioFile.from_parent(parent, path=file_path)
    return None


class ScenarioFile(pytest.File):
    """A .redis file: an item for each server it is played against. CORE builds play the core ones alone."""

    def collect(self) -> Iterator[pytest.Item]:
        scenario = read_scenario(self.path)
        for command in commands(self.config, scenario.first_stage):
            if core_build() and scenario.level != "core":
                self.config.stash[SCENARIOS].add(scenario.name)
                continue
            name = f"{command.label}::{scenario.name}"
            yield ScenarioItem.from_parent(self, name=name, command=command, scenario=scenario)


class WrongReply(Exception):
    """A scenario failed; the report is the message."""


class ScenarioItem(pytest.Item):
    """One scenario against one server."""

    def __init__(self, *, command: ServerCommand, scenario: Scenario, **kwargs: object) -> None:
        super().__init__(**kwargs)  # type: ignore[arg-type]
        self.command = command
        self.scenario = scenario

    def runtest(self) -> None:
        result = play(self.scenario, self.command, graceful=sanitized())
        if not result.passed:
            raise WrongReply(report(result))

    def repr_failure(
        self, excinfo: pytest.ExceptionInfo[BaseException], style: object = None
    ) -> str:
        if isinstance(excinfo.value, WrongReply):
            return str(excinfo.value)
        return str(super().repr_failure(excinfo))

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, 0, self.name


def marked_stage(definition: pytest.Function, name: str, default: int) -> int:
    marker = definition.get_closest_marker(name)
    return int(marker.args[0]) if marker else default


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that takes `command` or `server` runs once for each stage that it is played on."""
    if "command" not in metafunc.fixturenames:
        return
    first = marked_stage(metafunc.definition, "since", 0)
    last = marked_stage(metafunc.definition, "until", 99)
    chosen = commands(metafunc.config, first, last)
    if metafunc.definition.get_closest_marker("not_real"):
        chosen = [command for command in chosen if not command.real]
    stages = [command.stage for command in chosen if command.stage]
    more = metafunc.definition.get_closest_marker("more") is not None
    left = left_to_the_book(stages) + left_to_core(stages, more)
    chosen = [command for command in chosen if command.stage not in left]
    metafunc.parametrize("command", chosen, ids=[c.label.split()[0] for c in chosen])


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A test that is for none of the chosen stages is no test here, and not a skipped one either."""
    items[:] = [i for i in items if NOTSET not in getattr(i, "callspec", NO_PARAMETERS).params.values()]
    if core_build():
        more = [item for item in items if item.get_closest_marker("more")]
        items[:] = [item for item in items if item not in more]
        config.stash[PYTHON_TESTS] |= {item.nodeid.partition("[")[0] for item in more}
    if file := config.getoption("--left-out"):
        names = {"scenarios": config.stash[SCENARIOS], "Python tests": config.stash[PYTHON_TESTS]}
        file.write_text(json.dumps({what: len(left) for what, left in names.items()}))
    if again := config.getoption("--again"):
        named = set(again.read_text().splitlines())
        items[:] = [item for item in items if item.nodeid in named]
    if file := config.getoption("--without-alone"):
        # With sanitizers no test is about time.
        alone = [item for item in items if item.get_closest_marker("alone") and not sanitized()]
        items[:] = [item for item in items if item not in alone]
        file.write_text("\n".join(item.nodeid for item in alone))


def pytest_sessionstart(session: pytest.Session) -> None:
    """Nothing is said about the processes that the tests are spread over."""
    if reporter := session.config.pluginmanager.get_plugin("terminaldistreporter"):
        reporter.setstatus = reporter.ensure_show_status = lambda *_, **__: None


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Notes what came of the tests (only the process that collects the reports does)."""
    file = terminalreporter.config.getoption("--tally")
    if not file:
        return
    failed = [*terminalreporter.getreports("failed"), *terminalreporter.getreports("error")]
    skipped = [report.longrepr for report in terminalreporter.getreports("skipped")]
    reasons = [str(why[-1]).removeprefix("Skipped: ") if isinstance(why, tuple) else str(why) for why in skipped]
    tally = {
        "passed": len(terminalreporter.getreports("passed")),
        "failed": sorted({report.nodeid for report in failed}),
        "skipped": Counter(reasons),
    }
    file.write_text(json.dumps(tally))


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A machine may lack the programs of Redis, and yet learn how its stage stands."""
    Server.last = None
    for marker in item.iter_markers("needs"):
        if missing := [program for program in marker.args if not shutil.which(program)]:
            pytest.skip(f"{missing[0]} is not installed (Debian: apt install {PACKAGES[missing[0]]})")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """With CI set nothing may be skipped: what a test needs must be there."""
    outcome = yield
    report: Any = outcome.get_result()  # type: ignore[attr-defined]
    if report.failed and isinstance(item, pytest.Function) and (file := item.config.getoption("--report-to")):
        file.write_text(report_of_python(item, call.excinfo, report.longreprtext), encoding="utf-8")
    if os.environ.get("CI") and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{item.name} was skipped, which it may not be here: {report.longrepr}"


@pytest.fixture
def server(command: ServerCommand) -> Iterator[Server]:
    """A running server without flags, to which nobody is connected."""
    with Server(command) as started:
        started.drop_probe()
        yield started
