"""Figures of a report, with matplotlib (the extra ``figures``).

Arabic is shaped and ordered by matplotlib itself, from 3.11 on; an older one would write it letter by letter from left
to right, and is refused.
"""

from __future__ import annotations

import textwrap
from functools import cache
from typing import TYPE_CHECKING, Any

from contradict.errors import FigureError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from contradict.claims import Claim
    from contradict.disputes import Dispute
    from contradict.report import Report

LEAST = (3, 11)
HINT = 'pip install "contradict-claims[figures]"'
SCRIPTS = (
    "Noto Sans",
    "Noto Sans Arabic",
    "Noto Naskh Arabic",
    "Noto Sans CJK SC",
    "Noto Sans Devanagari",
    "Noto Sans Thai",
)
NAME, TEXT = 28, 46  # characters of a line of a speaker's name, of a claim
LINES = 3  # of a claim; what is longer ends in "…"
RED = "#b3261e"


def matplotlib_module() -> Any:
    """Return matplotlib, or say how to get one that can write every script."""
    try:
        import matplotlib as found
    except ImportError:
        message = f"figures need matplotlib, which is not installed; {HINT}"
        raise FigureError(message) from None
    if tuple(map(int, found.__version__.split(".")[:2])) < LEAST:
        message = (
            f"figures need matplotlib 3.11, which writes Arabic as it is read; {found.__version__} is here; {HINT}"
        )
        raise FigureError(message)
    return found


@cache
def fonts() -> list[str]:
    """Return the fonts to look for a letter in, one after the other."""
    from matplotlib.font_manager import get_font_names

    return ["DejaVu Sans", *(name for name in SCRIPTS if name in set(get_font_names()))]


def matrix_figure(report: Report, of: str = "conflict_rate", limit: int = 25) -> Figure:
    """Return the matrix of the speakers as a heat map.

    Parameters
    ----------
    report
        Whose `matrix` it is.
    of
        What of: see `contradict.Report.matrix`.
    limit
        Speakers to show, those with most conflicts first; how many are not shown is said below.

    Raises
    ------
    FigureError
        If there is no matplotlib, or no speaker.
    OptionError
        If `of` is something else.
    """
    matplotlib_module()
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    table, conflicts = report.matrix(of), report.matrix().sum()
    names = sorted(table.index, key=lambda name: (-conflicts[name], name))
    shown = names[:limit]
    if not shown:
        message = "no pair of known speakers was judged, so there is no matrix to draw; give the claims a speaker"
        raise FigureError(message)
    values = table.loc[shown, shown]
    size = 2.8 + 0.42 * len(shown)
    figure = Figure(figsize=(size + 0.8, size), layout="constrained")
    axes = figure.add_subplot()
    image = axes.imshow(values.to_numpy(dtype=float), cmap="Reds", vmin=0, vmax=1 if of.endswith("_rate") else None)
    labels = [wrapped(name, NAME) for name in shown]
    axes.set_xticks(range(len(shown)), labels, rotation=90, fontfamily=fonts())
    axes.set_yticks(range(len(shown)), labels, fontfamily=fonts())
    axes.tick_params(length=0, labelsize=8)
    axes.spines[:].set_visible(False)
    whole = None if of.endswith("_rate") else MaxNLocator(integer=True)
    figure.colorbar(image, ax=axes, shrink=0.6, label=of.replace("_", " "), ticks=whole)
    if len(shown) < len(names):
        axes.set_xlabel(f"{len(names) - len(shown)} more speakers are not shown", fontsize=8)
    return figure


def timeline_figure(dispute: Dispute) -> Figure:
    """Return who said what when in a dispute: a row for each camp, a column for each day that something was said on.

    Claims without a date stand in a last column. Days are as wide as what was said on them, and are not to scale.

    Raises
    ------
    FigureError
        If there is no matplotlib.
    """
    matplotlib_module()
    from matplotlib.figure import Figure

    days = list(dict.fromkeys(day_of(claim) for claim in dispute.claims))
    cells = [[[c for c in camp.claims if day_of(c) == day] for day in days] for camp in dispute.camps]
    heights = [max(1, *(sum(map(lines_of, cell)) for cell in row)) for row in cells]
    figure = Figure(figsize=(1 + 3.4 * len(days), 0.6 + 0.17 * sum(heights) + 0.3 * len(heights)), layout="constrained")
    grid = figure.subplots(len(cells), len(days), squeeze=False, gridspec_kw={"height_ratios": heights})
    for row, (of_camp, height) in enumerate(zip(cells, heights)):
        for column, cell in enumerate(of_camp):
            axes = grid[row, column]
            axes.set(xticks=[], yticks=[], xlim=(0, 1), ylim=(height, 0))
            axes.spines[["right", "bottom", "left"]].set_visible(False)
            axes.spines["top"].set_color(RED if row == 0 else "#62676e")
            if row == 0:
                axes.set_title(days[column], fontsize=9, loc="left")
            at = 0
            for claim in cell:
                right = "rtl" if is_right_to_left(claim.text) else "ltr"
                axes.text(
                    0, at + 0.25, claim.asserter or claim.id, fontsize=7, weight="bold", va="top", fontfamily=fonts()
                )
                place, side = (1, "right") if right == "rtl" else (0, "left")
                axes.text(
                    place, at + 1.2, wrapped(claim.text, TEXT, LINES), fontsize=7, va="top", ha=side, fontfamily=fonts()
                )
                at += lines_of(claim)
    return figure


def day_of(claim: Claim) -> str:
    """Return the day of a claim as a heading."""
    return claim.date.isoformat()[:10] if claim.date else "no date"


def wrapped(text: str, width: int, lines: int | None = None) -> str:
    """Return a text on several lines, the last with "…" if there is more."""
    return "\n".join(textwrap.wrap(text, width, max_lines=lines, placeholder=" …"))


def lines_of(claim: Claim) -> int:
    """Return how many lines a claim takes with its speaker, and the gap below."""
    return 2 + len(wrapped(claim.text, TEXT, LINES).splitlines())


def is_right_to_left(text: str) -> bool:
    """Say whether a text starts in a script that is written from the right."""
    import unicodedata

    strong = (way for letter in text if (way := unicodedata.bidirectional(letter)) in ("L", "R", "AL"))
    return next(strong, "L") != "L"
