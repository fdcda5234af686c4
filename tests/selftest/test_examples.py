"""The servers in other languages pass the whole first stage."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from harness.player import play
from harness.report import report
from harness.server import template_command
from harness.stages import TESTS, all_stages
from harness.scenario import read_scenario
from harness.suite import in_parallel

EXAMPLES = {
    "python": "python3 {folder}/python/server.py --port {{port}}",
    "javascript": "node {folder}/javascript/server.js --port {{port}}",
}


@pytest.mark.parametrize("language", EXAMPLES)
def test_an_example_passes_stage_00(language: str) -> None:
    template = EXAMPLES[language].format(folder=TESTS / "examples")
    program = template.split()[0]
    if not shutil.which(program):
        pytest.skip(f"{program} is not installed (Debian: apt install nodejs)")
    command = template_command(template)
    scenarios = [read_scenario(path) for path in all_stages()[0].scenarios]
    wrong = [r for r in in_parallel(lambda s: play(s, command), scenarios, 4) if not r.passed]
    assert len(scenarios) > 20
    assert not wrong, report(wrong[0])


def test_the_page_about_any_language_names_both() -> None:
    text = (TESTS.parent / "book" / "any-language.md").read_text(encoding="utf-8")
    for language in EXAMPLES:
        found = next(Path(TESTS, "examples", language).iterdir())
        assert f"tests/examples/{language}/{found.name}" in text
