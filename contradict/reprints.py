"""Reprints: the copies of one report, word for word or rewritten, of which the first stands for all."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from contradict.apart import folded
from contradict.evidence import one_report
from contradict.pairs import find_pairs

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from contradict.claims import Claim

NEAR = 0.8  # cosine from which on two texts may be one report
NEAREST = 20  # texts that each is tried against; of a report with more copies than that, more than one may stay


def group_reprints(pool: Sequence[Claim]) -> list[list[Claim]]:
    """Group the copies of one text by one speaker, earliest first; the groups in an order that is not that of the pool.

    The canonical order is what makes every later stage independent of the order in which claims are given.
    """
    groups: dict[tuple[str, str], list[Claim]] = defaultdict(list)
    for claim in pool:
        groups[folded(claim.text), folded(claim.speaker or "")].append(claim)
    in_time = [sorted(group, key=lambda claim: (str(claim.date or "~"), claim.id)) for group in groups.values()]
    return sorted(in_time, key=lambda group: (group[0].text, group[0].asserter or "", group[0].id))


def fold_rewrites(
    groups: Sequence[list[Claim]],
    vectors: NDArray[np.float32],
    *,
    search: str | None = None,
    threads: int | None = None,
) -> tuple[list[list[Claim]], NDArray[np.float32]]:
    """Put the rewritten copies of a report into the group of the earliest.

    A copy says what the other says in nearly the same words, and differs in no number, negation, place, name or day
    (see `contradict.evidence.one_report`). Named speakers are kept apart: two who say the same agree.

    Parameters
    ----------
    groups
        Copies of one text by one speaker, the earliest first.
    vectors
        Those of the first of each group, unit rows (n, d).
    search, threads
        See `contradict.pairs.find_pairs`.

    Returns
    -------
    tuple
        The groups that remain, in their order, and their vectors. No result depends on the order of the groups.
    """
    found = find_pairs(vectors, min_similarity=NEAR, top_k=NEAREST, search=search, threads=threads)
    beside: dict[int, set[int]] = {}
    for i, j in zip(found.left.tolist(), found.right.tolist()):
        a, b = groups[i][0], groups[j][0]
        if (a.speaker or "").casefold() == (b.speaker or "").casefold() and one_report(a, b):
            beside.setdefault(i, set()).add(j)
            beside.setdefault(j, set()).add(i)

    def when(place: int) -> tuple[str, str]:
        first = groups[place][0]
        return (str(first.date or "~"), first.id)

    taken: dict[int, int] = {}  # a copy, and what it is a copy of
    for place in sorted(beside, key=when):
        if place not in taken:
            taken |= {other: place for other in beside[place] if other not in taken and when(other) > when(place)}
    whole = {place: [*group] for place, group in enumerate(groups) if place not in taken}
    for copy, first in taken.items():
        whole[first] += groups[copy]
    kept = sorted(whole)
    in_time = [[whole[place][0], *sorted(whole[place][1:], key=lambda c: (str(c.date or "~"), c.id))] for place in kept]
    return in_time, vectors[kept]
