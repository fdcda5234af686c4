"""The first plot of chapter 03: book/data/03-lazy.csv as book/img/03-lazy.svg.

    python3 book/plots/03_lazy.py
"""

from __future__ import annotations

import csv
from pathlib import Path

import matplotlib

matplotlib.use("svg")

from matplotlib import pyplot as plt  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "book/data/03-lazy.csv"
IMAGE = ROOT / "book/img/03-lazy.svg"
# Legible on white and on black.
TEXT, GRID, LAZY, CYCLE, ALIVE = "#808080", "#80808055", "#d1495b", "#2e86ab", "#8a8a8a"


def read() -> list[dict[str, float]]:
    """The rows of the table, without its comments."""
    lines = [x for x in DATA.read_text().splitlines() if not x.startswith("#")]
    return [{k: float(v) for k, v in row.items()} for row in csv.DictReader(lines)]


def main() -> None:
    """Draws it."""
    plt.rcParams.update({
        "svg.hashsalt": "03-lazy", "svg.fonttype": "none", "font.size": 11,
        "font.family": "sans-serif", "text.color": TEXT, "axes.labelcolor": TEXT,
        "axes.edgecolor": TEXT, "xtick.color": TEXT, "ytick.color": TEXT})
    rows = read()
    seconds = [row["second"] for row in rows]
    figure, axes = plt.subplots(figsize=(8, 4.2), layout="constrained")
    for name, color, style, label in (
        ("stage_lazy", LAZY, "-", "this stage, lazy expiry alone"),
        ("redis_lazy", LAZY, ":", "redis-server, lazy expiry alone"),
        ("stage_cycle", CYCLE, "-", "this stage, with the cycle"),
        ("redis_cycle", CYCLE, ":", "redis-server, with the cycle"),
        ("alive", ALIVE, "--", "keys that are alive"),
    ):
        axes.plot(seconds, [row[name] / 1000 for row in rows], color=color, linestyle=style,
                  linewidth=2.4 if style == ":" else 1.6, label=label)
    axes.set_xlabel("seconds")
    axes.set_ylabel("thousand keys held")
    axes.set_ylim(bottom=0)
    axes.grid(color=GRID, linewidth=0.6)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, loc="lower left")
    IMAGE.parent.mkdir(exist_ok=True)
    figure.savefig(IMAGE, transparent=True, metadata={"Date": None, "Creator": None})


if __name__ == "__main__":
    main()
