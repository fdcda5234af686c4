"""The page about differences names tests that exist."""

from __future__ import annotations

import re

from harness.stages import ROOT

PAGE = ROOT / "book" / "differs.md"


def test_each_line_names_its_proof() -> None:
    lines = PAGE.read_text(encoding="utf-8").split("\n- ")[1:]
    assert lines
    for line in lines:
        proofs = re.findall(r"`(tests/[^`]+)`", line)
        assert proofs, line
        for path, _, name in (proof.partition("::") for proof in proofs):
            text = (ROOT / path).read_text(encoding="utf-8")
            assert not name or f"def {name}(" in text, f"{path}::{name}"
