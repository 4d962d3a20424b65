"""The report as a table in a terminal."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, TextIO

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from contradict.claims import Claim
    from contradict.evaluation import Evaluation, Scores
    from contradict.report import Report

ISOLATE, END_ISOLATE = "\u2068", "\u2069"
WIDTH_OF_A_PIPE = 120


def print_report(report: Report, file: TextIO, *, limit: int | None = 20) -> None:
    """Print the summary and the first conflicts.

    Each claim stands in a row of its own, its text last: then a line has one direction to the right of the speaker's
    name, and Arabic reads well both in terminals that order it and in those that do not.

    Parameters
    ----------
    report
        What to print.
    file
        Where to; colours only if it is a terminal.
    limit
        Conflicts to print; None for all. How many were not printed is said.
    """
    console = Console(file=file, highlight=False)
    if not console.is_terminal:
        console = Console(file=file, highlight=False, width=WIDTH_OF_A_PIPE)
    shown = report[:limit]
    if shown:
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=True)
        table.add_column("#", justify="right", style="dim", no_wrap=True)
        table.add_column("p", justify="right", style="bold", no_wrap=True)
        table.add_column("who", ratio=3, style="cyan")
        table.add_column("claim", ratio=7)
        for number, conflict in enumerate(shown, start=1):
            table.add_row(str(number), f"{conflict.probability:.2f}", *cells(conflict.a, console))
            table.add_row("", "", *cells(conflict.b, console), end_section=conflict.evidence is None)
            if conflict.evidence:
                why = Text("; ".join(in_order(reason, console) for reason in conflict.reasons), "dim")
                table.add_row("", "", Text(conflict.kind or "", "dim"), why, end_section=True)
        console.print(table)
    if len(shown) < len(report):
        console.print(f"… and {len(report) - len(shown)} more; print all with --limit 0, or save them with --json FILE")
    console.print(Text(report.summary()))


def cells(claim: Claim, console: Console) -> tuple[Text, Text]:
    """Return who says it, with outlet, day and language, and what."""
    who = [claim.speaker, claim.source, claim.date and claim.date.isoformat()[:10], claim.lang]
    line = " · ".join(in_order(part, console) for part in who if part) or claim.id
    return Text(line), Text(in_order(claim.text, console))


def in_order(text: str, console: Console) -> str:
    """Drop control characters, and keep right-to-left text from moving its neighbours."""
    plain = "".join(" " if unicodedata.category(c) == "Cc" else c for c in text)
    right_to_left = any(unicodedata.bidirectional(c) in ("R", "AL") for c in plain)
    return f"{ISOLATE}{plain}{END_ISOLATE}" if right_to_left and console.is_terminal else plain


def print_evaluation(evaluation: Evaluation, file: TextIO) -> None:
    """Print an evaluation as a table: all pairs, then each language and each source, with 95 % intervals."""
    console = Console(file=file, highlight=False)
    if not console.is_terminal:
        console = Console(file=file, highlight=False, width=WIDTH_OF_A_PIPE)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("")
    for head in ("pairs", "accuracy", "precision", "recall", "F1", "AUROC", "calibration error"):
        table.add_column(head, justify="right", no_wrap=True)
    rows = evaluation.rows()
    for number, (what, name, scores) in enumerate(rows):
        last_of_kind = number + 1 < len(rows) and rows[number + 1][0] != what
        table.add_row(Text(name), *figures(scores), end_section=last_of_kind)
    console.print(table)
    console.print("Precision, recall, F1, AUROC and calibration error are of the class contradiction.")
    if evaluation.texts_split:
        console.print(f"{evaluation.texts_split:,} texts were too long to be read whole and were judged in parts.")


def figures(scores: Scores) -> list[str]:
    """Return the cells of one row of scores."""

    def cell(value: float | None, interval: str = "") -> str:
        if value is None:
            return "–"
        bounds = scores.intervals.get(interval)
        return f"{value:.3f}" + (f" ±{max(bounds[1] - value, value - bounds[0]):.3f}" if bounds else "")

    return [
        f"{scores.pairs:,}",
        cell(scores.accuracy, "accuracy"),
        cell(scores.precision["contradiction"]),
        cell(scores.recall["contradiction"]),
        cell(scores.f1["contradiction"], "contradiction_f1"),
        cell(scores.auroc, "auroc"),
        cell(scores.calibration_error, "calibration_error"),
    ]
