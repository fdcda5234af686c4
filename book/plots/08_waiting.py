"""The plot of chapter 08: book/data/08-waiting.csv and 08-publish.csv as book/img/08-waiting.svg.

    python3 book/plots/08_waiting.py
"""

from __future__ import annotations

import csv
from pathlib import Path

import matplotlib

matplotlib.use("svg")

from matplotlib import pyplot as plt  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "book/data"
IMAGE = ROOT / "book/img/08-waiting.svg"
# Legible on white and on black.
TEXT, GRID, GOOD, BAD = "#808080", "#80808055", "#2e86ab", "#d1495b"


def read(name: str) -> list[dict[str, float]]:
    """The rows of a table, without its comments."""
    lines = [x for x in (DATA / name).read_text().splitlines() if not x.startswith("#")]
    return [{k: float(v) for k, v in row.items()} for row in csv.DictReader(lines)]


def main() -> None:
    """Draws it."""
    plt.rcParams.update({
        "svg.hashsalt": "08-waiting", "svg.fonttype": "none", "font.size": 11,
        "font.family": "sans-serif", "text.color": TEXT, "axes.labelcolor": TEXT,
        "axes.edgecolor": TEXT, "xtick.color": TEXT, "ytick.color": TEXT})
    figure, (left, right) = plt.subplots(1, 2, figsize=(8, 3.8), layout="constrained")
    for axes, name, slow, label in ((left, "08-waiting.csv", "asked", "step 7, asking each client"),
                                    (right, "08-publish.csv", "each", "step 15, formatted for each")):
        rows = [row for row in read(name) if row["clients"] > 0]
        for column, color, style, text in ((slow, BAD, "-", label), ("redis", GOOD, ":", "redis-server"),
                                           ("stage", GOOD, "-", "this stage")):
            axes.plot([row["clients"] for row in rows], [row[column] for row in rows], color=color, linestyle=style,
                      linewidth=2.4 if style == ":" else 1.6, label=text)
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.minorticks_off()
        axes.set_xticks([1, 10, 100, 1_000], ["1", "10", "100", "1,000"])
        axes.set_yticks([1, 10, 100, 1_000], ["1", "10", "100", "1,000"])
        axes.set_ylim(0.2, 1_000)
        axes.legend(frameon=False, loc="upper left", fontsize=9)
        axes.grid(color=GRID, linewidth=0.6)
        axes.spines[["top", "right"]].set_visible(False)
    left.set_xlabel("clients that wait for other keys")
    left.set_title("µs of processor for a SET", fontsize=11)
    right.set_xlabel("subscribers")
    right.set_title("µs of processor for a PUBLISH", fontsize=11)
    IMAGE.parent.mkdir(exist_ok=True)
    figure.savefig(IMAGE, transparent=True, metadata={"Date": None, "Creator": None})


if __name__ == "__main__":
    main()
