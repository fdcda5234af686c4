"""Draws what was measured: build/bench/*.json as build/bench/*.svg, book/data/bench-*.json as book/img/bench-*.svg.

    PYTHONPATH=tests python3 -m bench.chart     what is in build/bench/

Needs matplotlib, of book/requirements.txt.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("svg")

from matplotlib import pyplot as plt  # noqa: E402
from matplotlib.axes import Axes  # noqa: E402
from matplotlib.figure import Figure  # noqa: E402

from bench.kept import BENCH  # noqa: E402
from bench.report import BASE  # noqa: E402

# Legible on white and on black.
TEXT, GRID, GOOD, BAD, THIRD = "#808080", "#80808055", "#2e86ab", "#d1495b", "#edae49"
WIDTH = 8.0
FAR = 1.6
Data = dict[str, Any]


def style(salt: str) -> None:
    """What all charts have in common."""
    plt.rcParams.update({
        "svg.hashsalt": salt, "svg.fonttype": "none", "font.size": 11,
        "font.family": "sans-serif", "text.color": TEXT, "axes.labelcolor": TEXT,
        "axes.edgecolor": TEXT, "xtick.color": TEXT, "ytick.color": TEXT})


def plain(axes: Axes, title: str) -> None:
    """A grid, a title, and no box."""
    axes.set_title(title, fontsize=11)
    axes.grid(color=GRID, linewidth=0.6)
    axes.spines[["top", "right"]].set_visible(False)


def write(figure: Figure, image: Path) -> None:
    """Writes a chart that depends on its data alone."""
    image.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(image, transparent=True, metadata={"Date": None, "Creator": None})
    plt.close(figure)


def others(data: Data) -> list[str]:
    """The stage, then Valkey and whatever else was measured beside redis-server."""
    return list(data["rows"][0]["ratio"])


def draw_rows(data: Data, image: Path) -> None:
    """A line for each row that has a target: the ratios as points, the target
    as a mark. What is further than FAR is drawn there."""
    style("bench-rows")
    rows = [row for row in reversed(data["rows"]) if row["target"] is not None]
    most = min(FAR, max(1.2, *(ratio for row in rows for ratio in row["ratio"].values())))
    figure, axes = plt.subplots(figsize=(WIDTH, 1.2 + 0.24 * len(rows)), layout="constrained")
    places = range(len(rows))
    axes.scatter([row["target"] for row in rows], places, marker="|", s=120, color=TEXT, label="target")
    for name, color, size in zip(others(data), (GOOD, THIRD, BAD), (36, 20, 20), strict=False):
        axes.scatter([min(row["ratio"][name], most) for row in rows], places, s=size, color=color, label=name,
                     clip_on=False)
    axes.axvline(1, color=BAD, linewidth=1, linestyle=":", label=BASE)
    axes.set_yticks(list(places), [row["name"] for row in rows], fontsize=9)
    axes.set_xlim(0, most)
    axes.set_ylim(-0.7, len(rows) - 0.3)
    plain(axes, f"ratio to {BASE}; less is better")
    axes.legend(frameon=False, fontsize=9, ncols=4, loc="upper center", bbox_to_anchor=(0.5, -0.04))
    write(figure, image)


def draw_stages(data: Data, image: Path) -> None:
    """Ratios by stage: processor time on the left, memory on the right."""
    style("bench-stages")
    figure, panels = plt.subplots(1, 2, figsize=(WIDTH, 4.2), layout="constrained")
    names = list(dict.fromkeys(name for row in data["rows"] for name in row["ratio"]))
    for axes, unit, title in ((panels[0], "us/cmd", "µs of processor for a command"),
                              (panels[1], "bytes", "resident memory")):
        chosen = [row for row in data["rows"] if row["unit"] == unit]
        for index, row in enumerate(chosen):
            have = [name for name in names if name in row["ratio"]]
            axes.plot([int(name[:2]) for name in have], [row["ratio"][name] for name in have], marker=".",
                      color=(GOOD, BAD, THIRD)[index % 3], linestyle=("-", "--", ":")[index // 3 % 3],
                      label=row["name"])
        axes.set_xticks(range(1, int(names[-1][:2]) + 1))
        axes.set_xlabel("stage")
        axes.set_ylim(0, None)
        plain(axes, f"{title}, as a ratio to {BASE}")
        axes.title.set_fontsize(9)
        axes.legend(frameon=False, fontsize=8, loc="upper center", bbox_to_anchor=(0.5, -0.18), ncols=2)
    write(figure, image)


def draw_growth(data: Data, image: Path) -> None:
    """A panel for each thing that is measured, a line for each server."""
    style("bench-growth")
    rows = data["rows"]
    figure, panels = plt.subplots((len(rows) + 1) // 2, 2, figsize=(WIDTH, 2.7 * ((len(rows) + 1) // 2)),
                                  layout="constrained")
    places = panels.flat
    for row, axes in zip(rows, places, strict=False):
        for (name, values), color in zip(row["value"].items(), (BAD, GOOD, THIRD, TEXT), strict=False):
            axes.plot(row["at"], values, marker=".", color=color, label=name,
                      linestyle=":" if name == BASE else "-", linewidth=2.4 if name == BASE else 1.6)
        axes.set_xscale("log")
        axes.minorticks_off()
        axes.set_xticks(row["at"], [f"{size:,}" for size in row["at"]], fontsize=8)
        axes.set_ylim(0, None)
        axes.set_xlabel(row["by"])
        unit = {"us/cmd": "µs of processor", "ms": "ms", "bytes": "bytes"}[row["unit"]]
        plain(axes, f"{row['name']}, {unit}")
    for empty in places:
        empty.axis("off")
        empty.legend(*panels.flat[0].get_legend_handles_labels(), frameon=False, loc="center")
    write(figure, image)


CHARTS: dict[str, Callable[[Data, Path], None]] = {
    "rows": draw_rows, "stages": draw_stages, "growth": draw_growth}


def draw(name: str, source: Path, image: Path) -> None:
    """Draws one of the files."""
    CHARTS[name](json.loads(source.read_text(encoding="utf-8")), image)


def main() -> None:
    """Draws all files that are there."""
    for name in CHARTS:
        source = BENCH / f"{name}.json"
        if source.is_file():
            draw(name, source, source.with_suffix(".svg"))
            print(source.with_suffix(".svg"))


if __name__ == "__main__":
    main()
