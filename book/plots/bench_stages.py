"""A chart of measured.md: book/data/bench-stages.json as book/img/bench-stages.svg, drawn as `make bench` draws it."""

from __future__ import annotations

from pathlib import Path

from bench import chart

ROOT = Path(__file__).resolve().parents[2]
IMAGE = ROOT / "book/img/bench-stages.svg"


def main() -> None:
    """Draws it."""
    chart.draw("stages", ROOT / "book/data/bench-stages.json", IMAGE)


if __name__ == "__main__":
    main()
