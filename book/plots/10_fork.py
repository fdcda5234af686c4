"""The plot of chapter 10: book/data/10-fork.csv and 10-pages.csv as book/img/10-fork.svg.

    python3 book/plots/10_fork.py
"""

from __future__ import annotations

import csv
from pathlib import Path

import matplotlib

matplotlib.use("svg")

from matplotlib import pyplot as plt  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "book/data"
IMAGE = ROOT / "book/img/10-fork.svg"
# Legible on white and on black.
TEXT, GRID, GOOD, BAD = "#808080", "#80808055", "#2e86ab", "#d1495b"


def read(name: str) -> list[dict[str, float]]:
    """The rows of a table, without its comments."""
    lines = [x for x in (DATA / name).read_text().splitlines() if not x.startswith("#")]
    return [{k: float(v) for k, v in row.items()} for row in csv.DictReader(lines)]


def main() -> None:
    """Draws it."""
    plt.rcParams.update({
        "svg.hashsalt": "10-fork", "svg.fonttype": "none", "font.size": 11,
        "font.family": "sans-serif", "text.color": TEXT, "axes.labelcolor": TEXT,
        "axes.edgecolor": TEXT, "xtick.color": TEXT, "ytick.color": TEXT})
    figure, (left, right) = plt.subplots(1, 2, figsize=(8, 3.8), layout="constrained")
    for axes in (left, right):
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.minorticks_off()
    rows = read("10-fork.csv")
    for column, color, style, text in (("redis_save", BAD, ":", "SAVE, redis-server"), ("save", BAD, "-", "SAVE, this stage"),
                                       ("redis_bgsave", GOOD, ":", "BGSAVE, redis-server"),
                                       ("bgsave", GOOD, "-", "BGSAVE, this stage")):
        left.plot([row["keys"] for row in rows], [row[column] for row in rows], color=color, linestyle=style,
                  linewidth=2.4 if style == ":" else 1.6, label=text)
    left.set_xticks([10_000, 100_000, 1_000_000], ["10,000", "100,000", "1,000,000"])
    left.set_yticks([0.1, 1, 10, 100, 1_000], ["0.1", "1", "10", "100", "1,000"])
    left.set_ylim(0.1, 10_000)
    left.set_xlabel("keys")
    left.set_title("ms of processor until the reply", fontsize=11)
    rows = read("10-pages.csv")
    for column, style, text in (("redis", ":", "redis-server"), ("stage", "-", "this stage")):
        right.plot([row["writes"] for row in rows], [row[column] for row in rows], color=GOOD, linestyle=style,
                   linewidth=2.4 if style == ":" else 1.6, label=text)
    right.set_xticks([100, 1_000, 10_000, 100_000], ["100", "1,000", "10,000", "100,000"])
    right.set_yticks([1, 10, 100], ["1", "10", "100"])
    right.set_ylim(0.1, 1_000)
    right.set_xlabel("keys set while a child saves, of a million")
    right.set_title("MB of pages that were copied", fontsize=11)
    for axes in (left, right):
        axes.legend(frameon=False, loc="upper left", fontsize=9)
        axes.grid(color=GRID, linewidth=0.6)
        axes.spines[["top", "right"]].set_visible(False)
    IMAGE.parent.mkdir(exist_ok=True)
    figure.savefig(IMAGE, transparent=True, metadata={"Date": None, "Creator": None})


if __name__ == "__main__":
    main()
