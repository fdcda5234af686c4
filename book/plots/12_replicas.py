"""The plot of chapter 12: book/data/12-replicas.csv as book/img/12-replicas.svg.

    python3 book/plots/12_replicas.py
"""

from __future__ import annotations

import csv
from pathlib import Path

import matplotlib

matplotlib.use("svg")

from matplotlib import pyplot as plt  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "book/data/12-replicas.csv"
IMAGE = ROOT / "book/img/12-replicas.svg"
# Legible on white and on black.
TEXT, GRID, GOOD, BAD = "#808080", "#80808055", "#2e86ab", "#d1495b"
PANELS = (("us", "microseconds of processor for a SET"), ("mb", "MB more after 32 MB of writes,\nwhich no replica has read"))
SERVERS = (("redis_", BAD, "--", "redis-server"), ("", GOOD, "-", "this chapter"))


def read() -> list[dict[str, float]]:
    """The rows of the table, without its comments."""
    lines = [x for x in DATA.read_text().splitlines() if not x.startswith("#")]
    return [{k: float(v) for k, v in row.items()} for row in csv.DictReader(lines)]


def main() -> None:
    """Draws it."""
    plt.rcParams.update({
        "svg.hashsalt": "12-replicas", "svg.fonttype": "none", "font.size": 11,
        "font.family": "sans-serif", "text.color": TEXT, "axes.labelcolor": TEXT,
        "axes.edgecolor": TEXT, "xtick.color": TEXT, "ytick.color": TEXT})
    rows = read()
    counts = [row["replicas"] for row in rows]
    figure, both = plt.subplots(1, 2, figsize=(8, 3.6), layout="constrained")
    for axes, (column, label) in zip(both, PANELS, strict=True):
        for prefix, color, style, text in SERVERS:
            axes.plot(counts, [row[prefix + column] for row in rows], color=color, linestyle=style, linewidth=1.8, marker="o",
                      markersize=4, label=text)
        axes.set_xticks(counts)
        axes.set_ylim(0, max(row[prefix + column] for row in rows for prefix, *_ in SERVERS) * 1.1)
        axes.set_xlabel("replicas")
        axes.set_ylabel(label)
        axes.grid(color=GRID, linewidth=0.6)
        axes.spines[["top", "right"]].set_visible(False)
    both[0].legend(frameon=False, fontsize=9)
    IMAGE.parent.mkdir(exist_ok=True)
    figure.savefig(IMAGE, transparent=True, metadata={"Date": None, "Creator": None})


if __name__ == "__main__":
    main()
