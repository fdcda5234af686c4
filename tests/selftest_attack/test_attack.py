"""The attack's own tests: cases, their files, and servers that do not bear them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from attack.cases import LEFT_OUT, Case, Maker, Step, read_case
from attack.play import Bounds, Target
from harness.lesson import commands_of
from harness.server import template_command
from harness.stages import find_stage

HERE = Path(__file__).parent
NAN = Case("numbers-0", (Step(0, b"*2\r\n$4\r\nECHO\r\n$3\r\nnan\r\n"), Step(1, b"PING\r\n", times=3, cut=1)))


@pytest.fixture(scope="module")
def maker() -> Maker:
    return Maker(3, None)


@pytest.mark.parametrize("kind", ["bytes", "numbers", "many", "deaf"])
def test_a_seed_always_makes_the_same_case(
    maker: Maker, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """But for the times that keys expire at, which are counted from now."""
    monkeypatch.setattr("fuzz.generate.time.time", lambda: 1_800_000_000.0)
    case = maker.case(kind, 7)
    assert case == maker.case(kind, 7) == Maker(3, None).case(kind, 7)
    assert case.steps
    case.write(tmp_path / "case.json")
    assert read_case(tmp_path / "case.json") == case


def test_what_would_stop_the_server_is_left_out(maker: Maker) -> None:
    for seed in range(50):
        for step in maker.case("numbers", seed).steps:
            words = step.data.split(b"\r\n")
            assert (words[2].upper(),) not in LEFT_OUT


def test_core_sends_commands_of_the_lesson() -> None:
    commands = commands_of(find_stage("03"))
    maker = Maker(3, commands)
    sent = {step.data.split(b"\r\n")[2].upper() for seed in range(30) for step in maker.case("numbers", seed).steps}
    assert b"SET" in sent
    assert not sent & {b"LCS", b"DEBUG", b"ACL", b"SETRANGE"}


def verdict(way: str, bounds: Bounds) -> str:
    target = Target(template_command(f"{sys.executable} {HERE / 'dying_server.py'} {way} {{port}} -- {{args}}"), bounds)
    try:
        return target.play(NAN)
    finally:
        if target.server:
            target.server.close()


def test_what_goes_wrong_is_said() -> None:
    assert "exit code 3" in verdict("dies", Bounds())
    assert "runtime error" in verdict("reports", Bounds())
    assert verdict("lives", Bounds()) == ""
    assert "allowed" in verdict("lives", Bounds(silence=-1))
    assert "allowed" in verdict("lives", Bounds(seconds=-1, seconds_per_mb=0))
