"""The plot of chapter 07: book/data/07-range.csv and 07-nodes.csv as book/img/07-range.svg.

    python3 book/plots/07_range.py
"""

from __future__ import annotations

import csv
from pathlib import Path

import matplotlib

matplotlib.use("svg")

from matplotlib import pyplot as plt  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "book/data"
IMAGE = ROOT / "book/img/07-range.svg"
# Legible on white and on black.
TEXT, GRID, NODES, ONE = "#808080", "#80808055", "#2e86ab", "#d1495b"


def read(name: str) -> list[dict[str, float]]:
    """The rows of a table, without its comments."""
    lines = [x for x in (DATA / name).read_text().splitlines() if not x.startswith("#")]
    return [{k: float(v) for k, v in row.items()} for row in csv.DictReader(lines)]


def main() -> None:
    """Draws it."""
    plt.rcParams.update({
        "svg.hashsalt": "07-range", "svg.fonttype": "none", "font.size": 11,
        "font.family": "sans-serif", "text.color": TEXT, "axes.labelcolor": TEXT,
        "axes.edgecolor": TEXT, "xtick.color": TEXT, "ytick.color": TEXT})
    times, nodes = read("07-range.csv"), read("07-nodes.csv")
    figure, (left, right) = plt.subplots(1, 2, figsize=(8, 3.8), layout="constrained")
    for name, color, style, label in (
        ("redis_one", ONE, ":", "redis-server, one listpack"),
        ("stage_one", ONE, "-", "this stage, one listpack"),
        ("redis_nodes", NODES, ":", "redis-server, nodes"),
        ("stage_nodes", NODES, "-", "this stage, nodes"),
    ):
        left.plot([row["length"] for row in times], [row[name] for row in times], color=color, linestyle=style,
                  linewidth=2.4 if style == ":" else 1.6, label=label)
    left.set_yscale("log")
    left.set_xticks([100, 1_000, 10_000, 100_000, 1_000_000], ["100", "1,000", "10,000", "100,000", "1M"])
    left.set_yticks([1, 10, 100, 1_000, 10_000], ["1", "10", "100", "1,000", "10,000"])
    left.set_xlabel("entries of the stream")
    left.set_title("µs of processor for an XRANGE of ten", fontsize=11)
    left.legend(frameon=False, loc="upper left", fontsize=9)
    for name, style, label in (("redis", ":", "redis-server"), ("stage", "-", "this stage")):
        right.plot([row["entries"] for row in nodes], [row[f"{name}_bytes"] for row in nodes], color=NODES, linestyle=style,
                   linewidth=2.4 if style == ":" else 1.6, label=label)
    right.axvline(100, color=TEXT, linewidth=0.8, linestyle="--")
    right.set_ylim(0, None)
    right.set_xticks([1, 10, 100, 1_000], ["1", "10", "100", "1,000"])
    right.set_xlabel("entries of a node")
    right.set_title("bytes of an entry", fontsize=11)
    right.legend(frameon=False, loc="upper right", fontsize=9)
    for axes in (left, right):
        axes.set_xscale("log")
        axes.minorticks_off()
        axes.grid(color=GRID, linewidth=0.6)
        axes.spines[["top", "right"]].set_visible(False)
    left.set_xticks([100, 1_000, 10_000, 100_000, 1_000_000], ["100", "1,000", "10,000", "100,000", "1M"])
    right.set_xticks([1, 10, 100, 1_000], ["1", "10", "100", "1,000"])
    IMAGE.parent.mkdir(exist_ok=True)
    figure.savefig(IMAGE, transparent=True, metadata={"Date": None, "Creator": None})


if __name__ == "__main__":
    main()
