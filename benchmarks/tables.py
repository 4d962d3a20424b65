"""Stored results, and the tables that are made of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from benchmarks.command import RESULTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def result(name: str) -> dict[str, Any]:
    """Return a stored result."""
    loaded: dict[str, Any] = json.loads((RESULTS / f"{name}.json").read_text(encoding="utf-8"))
    return loaded


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a Markdown table; the first column left, the others right."""
    lines = [
        list(head),
        ["---", *["---:"] * (len(head) - 1)],
        *(["–" if c is None else str(c) for c in r] for r in rows),
    ]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def measured_on(of: dict[str, Any]) -> str:
    """Return one line on machine, date and commit."""
    where = of["environment"]
    return f"\nMeasured {where['date']} on {where['processors']} × {where['processor']}, commit {where['commit']}.\n"
