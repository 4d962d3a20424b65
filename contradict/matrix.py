"""The matrix: how often each two speakers contradict each other, agree, or speak of the same thing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contradict.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from contradict.judged import JudgedPair
    from contradict.report import Report

TABLES = ("conflicts", "agreements", "judged", "conflict_rate", "agreement_rate")


def matrix_of(report: Report, of: str) -> pd.DataFrame:
    """Return a symmetric table with a row and a column for each speaker: see `contradict.Report.matrix`."""
    import numpy as np
    import pandas as pd

    if of not in TABLES:
        message = f"matrix of {of!r}; there are {', '.join(TABLES)}"
        raise OptionError(message)
    what = {"conflict_rate": "conflicts", "agreement_rate": "agreements"}.get(of, of)
    names = sorted({claim.asserter for pair in report.judged for claim in (pair.a, pair.b) if claim.asserter})

    def count(pairs: Sequence[JudgedPair]) -> pd.DataFrame:
        place = {name: number for number, name in enumerate(names)}
        table = np.zeros((len(names), len(names)), dtype=int)
        for pair in pairs:
            if pair.a.asserter and pair.b.asserter:
                one, other = place[pair.a.asserter], place[pair.b.asserter]
                table[one, other] += 1
                table[other, one] += one != other
        return pd.DataFrame(table, index=names, columns=names)

    counted = count(getattr(report, what))
    return counted if of == what else counted / count(report.judged).replace(0, float("nan"))
