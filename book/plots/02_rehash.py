"""The plot of chapter 02: book/data/02-rehash.csv as book/img/02-rehash.svg.

    python3 book/plots/02_rehash.py
"""

from __future__ import annotations

import csv
from pathlib import Path

import matplotlib

matplotlib.use("svg")

from matplotlib import pyplot as plt  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "book/data/02-rehash.csv"
IMAGE = ROOT / "book/img/02-rehash.svg"
# Legible on white and on black.
TEXT, GRID, CALM, STALL = "#7d8590", "#7d859055", "#2a9d74", "#e0663f"


def read() -> list[dict[str, float]]:
    """The rows of the table, without its comments."""
    lines = [x for x in DATA.read_text().splitlines() if not x.startswith("#")]
    return [{k: float(v) for k, v in row.items()} for row in csv.DictReader(lines)]


def main() -> None:
    """Draws it."""
    plt.rcParams.update({
        "svg.hashsalt": "02-rehash", "svg.fonttype": "none", "font.size": 11,
        "font.family": "sans-serif", "text.color": TEXT, "axes.labelcolor": TEXT,
        "axes.edgecolor": TEXT, "xtick.color": TEXT, "ytick.color": TEXT})
    rows = read()
    keys = [row["keys"] for row in rows]
    figure, axes = plt.subplots(figsize=(8, 4.2), layout="constrained")
    axes.plot(keys, [row["at_once_us"] / 1000 for row in rows], color=STALL,
              linewidth=1.4, label="all nodes moved at once")
    axes.plot(keys, [row["bit_by_bit_us"] / 1000 for row in rows], color=CALM,
              linewidth=1.8, label="one bucket with each operation")
    axes.set_xscale("log", base=2)
    axes.set_yscale("log")
    axes.set_xticks([2**n for n in range(10, 23, 2)],
                    ["1,024", "4,096", "16,384", "65,536", "262,144", "1,048,576", "4,194,304"])
    axes.set_yticks([0.1, 1, 10, 100, 1000],
                    ["0.1 ms", "1 ms", "10 ms", "100 ms", "1 s"])
    axes.minorticks_off()
    axes.set_xlabel("keys in the table")
    axes.set_ylabel("slowest batch of 16 SETs")
    axes.grid(color=GRID, linewidth=0.6)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, loc="upper left")
    IMAGE.parent.mkdir(exist_ok=True)
    figure.savefig(IMAGE, transparent=True, metadata={"Date": None, "Creator": None})


if __name__ == "__main__":
    main()
