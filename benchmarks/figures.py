"""Figures of the measured results, as SVG in docs/figures/."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from benchmarks.budget import draw as draw_budget
from benchmarks.command import RESULTS, ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

FIGURES = ROOT / "docs" / "figures"
SIZE = (6.4, 4.0)


def pairs(axes: Any, of: dict[str, Any]) -> None:
    """Draw the seconds of each way of joining, by the number of claims."""
    sizes = of["data"].get("clusters") or next(iter(of["data"].values()))
    for way in next(iter(sizes.values()))["seconds"]:
        points = [
            (int(count), min(seconds))
            for count, found in sizes.items()
            if (seconds := [one for one in found["seconds"].get(way, ()) if one is not None])
        ]
        if not points:
            continue
        ours = way.startswith("contradict")
        axes.loglog(
            *zip(*points), marker="o", linewidth=2 if ours else 1, label=way.replace("_", " "), zorder=3 if ours else 2
        )
    axes.set(xlabel="claims", ylabel="seconds")


def growth(axes: Any, of: dict[str, Any]) -> None:
    """Draw seconds and memory of `compare` by the number of claims."""
    ended = [(int(count), found) for count, found in of["sizes"].items() if "failed" not in found]
    counts = [count for count, _ in ended]
    axes.loglog(counts, [found["seconds"] for _, found in ended], marker="o", label="seconds")
    axes.loglog(counts, [found["peak_memory_mb"] for _, found in ended], marker="s", label="peak memory, MB")
    axes.set(xlabel="claims")


DRAWN: dict[str, Callable[[Any, dict[str, Any]], None]] = {"pairs": pairs, "growth": growth}


def draw() -> None:
    """Draw the figures of all results that are stored; the same results give the same files."""
    try:
        import matplotlib as mpl
    except ImportError:
        sys.stderr.write('figures not drawn: they need matplotlib; run: pip install ".[bench]"\n')
        return
    mpl.use("svg")
    from matplotlib import pyplot as plt

    FIGURES.mkdir(exist_ok=True)
    with plt.rc_context({"svg.hashsalt": "contradict", "svg.fonttype": "none", "axes.grid": True, "grid.alpha": 0.3}):
        for name, way in DRAWN.items():
            if not (RESULTS / f"{name}.json").is_file():
                continue
            figure, axes = plt.subplots(figsize=SIZE, layout="constrained")
            way(axes, json.loads((RESULTS / f"{name}.json").read_text(encoding="utf-8")))
            axes.legend(fontsize="small")
            figure.savefig(FIGURES / f"{name}.svg", metadata={"Date": None})
            plt.close(figure)
    if (RESULTS / "budget.json").is_file():
        draw_budget(json.loads((RESULTS / "budget.json").read_text(encoding="utf-8")), FIGURES / "budget.svg")
