"""One flat row for each conflict, as tables and data frames want it."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datasets import Dataset

    from contradict.judged import JudgedPair
    from contradict.report import Report
    from contradict.topics import Topic

NUMBERS = ("probability", "similarity", "contradiction_forward", "contradiction_backward")
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would run
SIDE = ("speaker", "source", "date", "lang", "url", "text", "id")
COLUMNS = (
    "probability",
    "similarity",
    "kind",
    "caveats",
    "topic",
    *(f"{field}_{side}" for field in SIDE for side in "ab"),
    "contradiction_forward",
    "contradiction_backward",
)


def row_of(pair: JudgedPair, topic: Topic | None = None) -> dict[str, Any]:
    """Return a judged pair as a dict with the keys `COLUMNS`."""
    row: dict[str, Any] = {
        "probability": pair.probability,
        "similarity": pair.similarity,
        "kind": pair.kind,
        "caveats": ", ".join(caveat.name for caveat in pair.caveats),
        "topic": topic.name if topic else None,
        "contradiction_forward": pair.forward.contradiction,
        "contradiction_backward": pair.backward.contradiction,
    }
    for side, claim in (("a", pair.a), ("b", pair.b)):
        row |= {f"{field}_{side}": getattr(claim, field) for field in SIDE}
    return row


def csv_of(report: Report) -> str:
    """Return the rows as CSV; a text that a spreadsheet would run as a formula gets an apostrophe before it."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for pair in report:
        row = row_of(pair, report.topic_of(pair))
        writer.writerow(
            {name: f"'{v}" if isinstance(v, str) and v.startswith(FORMULA) else v for name, v in row.items()}
        )
    return out.getvalue()


def dataset_of(report: Report) -> Dataset:
    """Return the rows as a dataset whose columns have the same types whatever is in them; dates as ISO 8601 text."""
    from datasets import Dataset, Features, Value

    rows = [row_of(pair, report.topic_of(pair)) for pair in report]
    for row in rows:
        row |= {name: row[name] and row[name].isoformat() for name in ("date_a", "date_b")}
    types = Features({name: Value("float64" if name in NUMBERS else "string") for name in COLUMNS})
    return Dataset.from_dict({name: [row[name] for row in rows] for name in COLUMNS}, features=types)
