"""The first plot of chapter 05: book/data/05-fields.csv as book/img/05-fields.svg.

    python3 book/plots/05_fields.py
"""

from __future__ import annotations

import csv
from pathlib import Path

import matplotlib

matplotlib.use("svg")

from matplotlib import pyplot as plt  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "book/data/05-fields.csv"
IMAGE = ROOT / "book/img/05-fields.svg"
# Legible on white and on black.
TEXT, GRID, PACKED, HASHED = "#808080", "#80808055", "#2e86ab", "#d1495b"


def read() -> list[dict[str, float]]:
    """The rows of the table, without its comments."""
    lines = [x for x in DATA.read_text().splitlines() if not x.startswith("#")]
    return [{k: float(v) for k, v in row.items()} for row in csv.DictReader(lines)]


def main() -> None:
    """Draws it."""
    plt.rcParams.update({
        "svg.hashsalt": "05-fields", "svg.fonttype": "none", "font.size": 11,
        "font.family": "sans-serif", "text.color": TEXT, "axes.labelcolor": TEXT,
        "axes.edgecolor": TEXT, "xtick.color": TEXT, "ytick.color": TEXT})
    rows = read()
    fields = [row["fields"] for row in rows]
    figure, (left, right) = plt.subplots(1, 2, figsize=(8, 3.8), layout="constrained")
    for axes, unit, scale in ((left, "bytes", 1), (right, "ns", 1000)):
        for name, color, style, label in (
            ("redis_hashed", HASHED, ":", "redis-server, hashed"),
            ("stage_hashed", HASHED, "-", "this stage, hashed"),
            ("redis_packed", PACKED, ":", "redis-server, packed"),
            ("stage_packed", PACKED, "-", "this stage, packed"),
        ):
            axes.plot(fields, [row[f"{name}_{unit}"] / scale for row in rows], color=color, linestyle=style,
                      linewidth=2.4 if style == ":" else 1.6, label=label)
        axes.axvline(512, color=TEXT, linewidth=0.8, linestyle="--")
        axes.set_xscale("log", base=2)
        axes.set_xticks([8, 32, 128, 512, 2048], ["8", "32", "128", "512", "2,048"])
        axes.minorticks_off()
        axes.set_xlabel("fields of a hash")
        axes.grid(color=GRID, linewidth=0.6)
        axes.spines[["top", "right"]].set_visible(False)
    left.set_ylim(0, 115)
    left.set_title("bytes of a field", fontsize=11)
    right.set_yscale("log")
    right.set_yticks([0.5, 1, 2, 5, 10, 20, 50], ["0.5", "1", "2", "5", "10", "20", "50"])
    right.minorticks_off()
    right.set_title("µs of processor for an HGET", fontsize=11)
    left.legend(frameon=False, loc="upper right", fontsize=9)
    IMAGE.parent.mkdir(exist_ok=True)
    figure.savefig(IMAGE, transparent=True, metadata={"Date": None, "Creator": None})


if __name__ == "__main__":
    main()
