"""The plot of chapter 11: book/data/11-fsync.csv as book/img/11-fsync.svg.

    python3 book/plots/11_fsync.py
"""

from __future__ import annotations

import csv
from pathlib import Path

import matplotlib

matplotlib.use("svg")

from matplotlib import pyplot as plt  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "book/data/11-fsync.csv"
IMAGE = ROOT / "book/img/11-fsync.svg"
# Legible on white and on black.
TEXT, GRID, GOOD, BAD = "#808080", "#80808055", "#2e86ab", "#d1495b"
LINES = (("off", TEXT, ":", "without a log"), ("no", GOOD, "--", "no"), ("everysec", GOOD, "-", "everysec"),
         ("always", BAD, "-", "always"), ("redis_always", BAD, ":", "always, redis-server"))


def read() -> list[dict[str, float]]:
    """The rows of the table, without its comments."""
    lines = [x for x in DATA.read_text().splitlines() if not x.startswith("#")]
    return [{k: float(v) for k, v in row.items()} for row in csv.DictReader(lines)]


def main() -> None:
    """Draws it."""
    plt.rcParams.update({
        "svg.hashsalt": "11-fsync", "svg.fonttype": "none", "font.size": 11,
        "font.family": "sans-serif", "text.color": TEXT, "axes.labelcolor": TEXT,
        "axes.edgecolor": TEXT, "xtick.color": TEXT, "ytick.color": TEXT})
    rows = read()
    clients = [row["clients"] for row in rows]
    figure, axes = plt.subplots(figsize=(8, 4.2), layout="constrained")
    for column, color, style, text in LINES:
        axes.plot(clients, [row[column] / 1000 for row in rows], color=color, linestyle=style, linewidth=1.8, label=text)
    axes.set_xscale("log", base=2)
    axes.set_yscale("log")
    axes.minorticks_off()
    axes.set_xticks(clients, [f"{value:.0f}" for value in clients])
    axes.set_yticks([0.3, 1, 3, 10, 30, 100], ["300", "1,000", "3,000", "10,000", "30,000", "100,000"])
    axes.set_xlabel("clients, each of which waits for its reply")
    axes.set_ylabel("SETs per second")
    axes.legend(frameon=False, fontsize=9)
    axes.grid(color=GRID, linewidth=0.6)
    axes.spines[["top", "right"]].set_visible(False)
    IMAGE.parent.mkdir(exist_ok=True)
    figure.savefig(IMAGE, transparent=True, metadata={"Date": None, "Creator": None})


if __name__ == "__main__":
    main()
