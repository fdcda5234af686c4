"""A chart of measured.md: book/data/bench-rows.json as book/img/bench-rows.svg, drawn as `make bench` draws it."""

from __future__ import annotations

from pathlib import Path

from bench import chart

ROOT = Path(__file__).resolve().parents[2]
IMAGE = ROOT / "book/img/bench-rows.svg"


def main() -> None:
    """Draws it."""
    chart.draw("rows", ROOT / "book/data/bench-rows.json", IMAGE)


if __name__ == "__main__":
    main()
