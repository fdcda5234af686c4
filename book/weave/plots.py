"""`make book-plots`: each book/plots/*.py draws one book/img/*.svg from data in book/data/.

A plot is a module with a path `IMAGE` and a function `main` that writes it;
the check lets it write elsewhere, and compares.
"""

from __future__ import annotations

import importlib.util
import tempfile
from collections.abc import Iterator
from pathlib import Path

from .report import Problem

COMMENT = "# "


def scripts(root: Path) -> list[Path]:
    return sorted((root / "book/plots").glob("*.py"))


def draw(script: Path, into: Path | None = None) -> Path:
    """Runs a plot. Returns the path of the image that it is for."""
    spec = importlib.util.spec_from_file_location(f"plot_{script.stem}", script)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    image = Path(vars(module)["IMAGE"])
    if into:
        vars(module)["IMAGE"] = into / image.name
    module.main()
    return image


def check(root: Path) -> Iterator[Problem]:
    """Every picture is what its script draws now, and every table says how it was measured."""
    drawn = set()
    for script in scripts(root):
        name = str(script.relative_to(root))
        with tempfile.TemporaryDirectory(prefix="weave-") as folder:
            try:
                image = draw(script, Path(folder))
                fresh = (Path(folder) / image.name).read_bytes()
            except Exception as error:  # whatever a plot does wrong is a finding
                yield Problem(name, 1, f"does not draw: {error!r}")
                continue
        drawn.add(image.name)
        if not image.is_file() or image.read_bytes() != fresh:
            text = f"{image.name} is not what {name} draws now; make book-plots writes it"
            yield Problem(f"book/img/{image.name}", 1, text)
    yield from unmade(root, drawn)


def unmade(root: Path, drawn: set[str]) -> Iterator[Problem]:
    for image in sorted((root / "book/img").glob("*.svg")):
        if image.name not in drawn:
            yield Problem(str(image.relative_to(root)), 1, "no script in book/plots/ draws it")
    for data in sorted((root / "book/data").glob("*.csv")):
        if not data.read_text(encoding="utf-8").startswith(COMMENT):
            text = "the first line is a comment with the command that measured this"
            yield Problem(str(data.relative_to(root)), 1, text)
