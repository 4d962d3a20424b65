"""One flat row for each conflict, as tables and data frames want it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from contradict.judged import JudgedPair

SIDE = ("speaker", "source", "date", "lang", "url", "text", "id")
COLUMNS = (
    "probability",
    "similarity",
    "kind",
    "caveats",
    *(f"{field}_{side}" for field in SIDE for side in "ab"),
    "contradiction_forward",
    "contradiction_backward",
)


def row_of(pair: JudgedPair) -> dict[str, Any]:
    """Return a judged pair as a dict with the keys `COLUMNS`."""
    row: dict[str, Any] = {
        "probability": pair.probability,
        "similarity": pair.similarity,
        "kind": pair.kind,
        "caveats": ", ".join(caveat.name for caveat in pair.caveats),
        "contradiction_forward": pair.forward.contradiction,
        "contradiction_backward": pair.backward.contradiction,
    }
    for side, claim in (("a", pair.a), ("b", pair.b)):
        row |= {f"{field}_{side}": getattr(claim, field) for field in SIDE}
    return row
