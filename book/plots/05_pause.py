"""The second plot of chapter 05: book/data/05-pause.csv as book/img/05-pause.svg.

    python3 book/plots/05_pause.py
"""

from __future__ import annotations

import csv
from pathlib import Path

import matplotlib

matplotlib.use("svg")

from matplotlib import pyplot as plt  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "book/data/05-pause.csv"
IMAGE = ROOT / "book/img/05-pause.svg"
# Legible on white and on black.
TEXT, GRID, STALL, CALM = "#808080", "#80808055", "#d1495b", "#2e86ab"


def read() -> list[dict[str, float]]:
    """The rows of the table, without its comments."""
    lines = [x for x in DATA.read_text().splitlines() if not x.startswith("#")]
    return [{k: float(v) for k, v in row.items()} for row in csv.DictReader(lines)]


def main() -> None:
    """Draws it."""
    plt.rcParams.update({
        "svg.hashsalt": "05-pause", "svg.fonttype": "none", "font.size": 11,
        "font.family": "sans-serif", "text.color": TEXT, "axes.labelcolor": TEXT,
        "axes.edgecolor": TEXT, "xtick.color": TEXT, "ytick.color": TEXT})
    rows = read()
    fields = [row["fields"] for row in rows]
    figure, axes = plt.subplots(figsize=(8, 4.2), layout="constrained")
    for name, color, style, label in (
        ("redis_del_us", STALL, ":", "redis-server, DEL"),
        ("stage_del_us", STALL, "-", "this stage, DEL"),
        ("redis_unlink_us", CALM, ":", "redis-server, UNLINK"),
        ("stage_unlink_us", CALM, "-", "this stage, UNLINK"),
    ):
        axes.plot(fields, [row[name] / 1000 for row in rows], color=color, linestyle=style,
                  linewidth=2.4 if style == ":" else 1.6, marker="o", markersize=3.5, label=label)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xticks([10**n for n in range(3, 7)], ["1,000", "10,000", "100,000", "1,000,000"])
    axes.set_yticks([0.1, 1, 10, 100, 1000], ["0.1 ms", "1 ms", "10 ms", "100 ms", "1 s"])
    axes.minorticks_off()
    axes.set_xlabel("fields of the hash that is deleted")
    axes.set_ylabel("longest PING of another client")
    axes.grid(color=GRID, linewidth=0.6)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, loc="upper left")
    IMAGE.parent.mkdir(exist_ok=True)
    figure.savefig(IMAGE, transparent=True, metadata={"Date": None, "Creator": None})


if __name__ == "__main__":
    main()
