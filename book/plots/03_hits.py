"""The second plot of chapter 03: book/data/03-hits.csv as book/img/03-hits.svg.

    python3 book/plots/03_hits.py
"""

from __future__ import annotations

import csv
from pathlib import Path

import matplotlib

matplotlib.use("svg")

from matplotlib import pyplot as plt  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "book/data/03-hits.csv"
IMAGE = ROOT / "book/img/03-hits.svg"
# Legible on white and on black.
TEXT, GRID = "#808080", "#80808055"
COLORS = {"lfu": "#2e86ab", "lru": "#e08e1b", "random": "#d1495b"}
WINDOW = 3  # seconds, for each point


def read() -> list[dict[str, float]]:
    """The rows of the table, without its comments."""
    lines = [x for x in DATA.read_text().splitlines() if not x.startswith("#")]
    return [{k: float(v) for k, v in row.items()} for row in csv.DictReader(lines)]


def main() -> None:
    """Draws it."""
    plt.rcParams.update({
        "svg.hashsalt": "03-hits", "svg.fonttype": "none", "font.size": 11,
        "font.family": "sans-serif", "text.color": TEXT, "axes.labelcolor": TEXT,
        "axes.edgecolor": TEXT, "xtick.color": TEXT, "ytick.color": TEXT})
    rows = read()
    ends = range(WINDOW, len(rows) + 1, WINDOW)
    figure, axes = plt.subplots(figsize=(8, 4.2), layout="constrained")
    for policy, color in COLORS.items():
        for server, style, label in (("stage", "-", "this stage"), ("redis", ":", "redis-server")):
            name = f"{server}_{policy}"
            means = [sum(row[name] for row in rows[end - WINDOW : end]) / WINDOW for end in ends]
            axes.plot(list(ends), means, color=color, linestyle=style, linewidth=2.4 if style == ":" else 1.6,
                      label=f"{policy.upper() if policy != 'random' else policy}, {label}")
    for second in (len(rows) / 3, 2 * len(rows) / 3):
        axes.axvline(second, color=TEXT, linestyle=":", linewidth=1)
    axes.set_ylim(bottom=49)
    axes.set_xlabel("seconds")
    axes.set_ylabel("percent of reads that hit")
    axes.grid(color=GRID, linewidth=0.6)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, loc="lower right", ncols=3, fontsize=9)
    IMAGE.parent.mkdir(exist_ok=True)
    figure.savefig(IMAGE, transparent=True, metadata={"Date": None, "Creator": None})


if __name__ == "__main__":
    main()
