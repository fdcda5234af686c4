"""The plot of chapter 06: book/data/06-place.csv as book/img/06-place.svg.

    python3 book/plots/06_place.py
"""

from __future__ import annotations

import csv
from pathlib import Path

import matplotlib

matplotlib.use("svg")

from matplotlib import pyplot as plt  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "book/data/06-place.csv"
IMAGE = ROOT / "book/img/06-place.svg"
# Legible on white and on black.
TEXT, GRID, PACKED, WALKED, SKIP = "#808080", "#80808055", "#2e86ab", "#e09f3e", "#d1495b"


def read() -> list[dict[str, float]]:
    """The rows of the table, without its comments."""
    lines = [x for x in DATA.read_text().splitlines() if not x.startswith("#")]
    return [{k: float(v) for k, v in row.items()} for row in csv.DictReader(lines)]


def main() -> None:
    """Draws it."""
    plt.rcParams.update({
        "svg.hashsalt": "06-place", "svg.fonttype": "none", "font.size": 11,
        "font.family": "sans-serif", "text.color": TEXT, "axes.labelcolor": TEXT,
        "axes.edgecolor": TEXT, "xtick.color": TEXT, "ytick.color": TEXT})
    rows = read()
    figure, both = plt.subplots(1, 2, figsize=(8, 3.8), layout="constrained", sharey=True)
    for axes, command in zip(both, ("zadd", "zrank"), strict=True):
        for name, color, style, label in (
            ("packed", PACKED, "-", "listpack"),
            ("walked", WALKED, "-", "walked list"),
            ("redis", SKIP, ":", "redis-server"),
            ("skip", SKIP, "-", "skip list"),
        ):
            found = [row for row in rows if row[f"{name}_{command}"] > 0]
            axes.plot([row["elements"] for row in found], [row[f"{name}_{command}"] for row in found], color=color,
                      linestyle=style, linewidth=2.4 if style == ":" else 1.6, label=label)
        axes.axvline(128, color=TEXT, linewidth=0.8, linestyle="--")
        axes.set_xscale("log", base=2)
        axes.set_yscale("log")
        axes.set_xticks([16, 128, 1024, 8192, 65536], ["16", "128", "1,024", "8,192", "65,536"])
        axes.set_yticks([1, 10, 100, 1000], ["1", "10", "100", "1,000"])
        axes.minorticks_off()
        axes.set_xlabel("elements of a sorted set")
        axes.grid(color=GRID, linewidth=0.6)
        axes.spines[["top", "right"]].set_visible(False)
        axes.set_title(f"µs of processor for a {command.upper()}", fontsize=11)
    both[0].legend(frameon=False, loc="upper left", fontsize=9)
    IMAGE.parent.mkdir(exist_ok=True)
    figure.savefig(IMAGE, transparent=True, metadata={"Date": None, "Creator": None})


if __name__ == "__main__":
    main()
