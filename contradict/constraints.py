"""Constraints: which pairs are not to be compared, as masks over whole blocks, and how many they are."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    Numbers = NDArray[np.integer]
    Sides = tuple[Numbers, Numbers]

NOBODY = -1  # a code that is equal to no other, itself included; a day that is not known
BLOCKED = 1 << 20  # blocked pairs that are counted at a time


@dataclass(frozen=True)
class Constraints:
    """What keeps pairs apart. Each constraint holds numbers for the rows and for the columns of the join.

    Within one pool both are the same.

    Attributes
    ----------
    equal
        Codes, each (n,) and (m,): pairs with equal codes are left out, except for the code −1, which is equal to none.
        What keeps two kinds of claims of one pool apart has other codes for columns than for rows, and is given twice,
        once in either order.
    days, max_days
        Days, (n,) and (m,): pairs more than `max_days` apart are left out. A day of −1 is not known and keeps nothing
        apart.
    kinds, meet
        Numbers from 0 on, (n,) and (m,): only pairs whose kinds may meet by the table `meet`, boolean and symmetric,
        (kinds, kinds), are compared.
    blocked
        Groups, (n, g) and (m, g), filled up with −1: pairs that have a group in common are left out.
    """

    equal: Sequence[Sides] = ()
    days: Sides | None = None
    max_days: int = 0
    kinds: Sides | None = None
    meet: NDArray[np.bool_] | None = None
    blocked: Sides | None = None

    def __bool__(self) -> bool:
        """Say whether there is any constraint."""
        return bool(self.equal) or any(one is not None for one in (self.days, self.kinds, self.blocked))

    def turned(self) -> Constraints:
        """Return the constraints with rows and columns changed over."""

        def over(sides: Sides | None) -> Sides | None:
            return None if sides is None else (sides[1], sides[0])

        return Constraints(
            [(theirs, mine) for mine, theirs in self.equal],
            over(self.days),
            self.max_days,
            over(self.kinds),
            self.meet,
            over(self.blocked),
        )

    def of(self, rows: NDArray[np.intp]) -> Constraints:
        """Return the constraints on some of the rows."""

        def some(sides: Sides | None) -> Sides | None:
            return None if sides is None else (sides[0][rows], sides[1])

        equal = [(mine[rows], theirs) for mine, theirs in self.equal]
        return Constraints(equal, some(self.days), self.max_days, some(self.kinds), self.meet, some(self.blocked))

    def allowed(self, row: NDArray[np.intp], column: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Say of each pair whether it may be compared; rows and columns are broadcast, a block is ``r[:, None], c``."""
        result = self._base(row, column)
        if self.blocked is not None:
            for mine, theirs in itertools.product(self.blocked[0].T, self.blocked[1].T):
                result &= unequal((mine, theirs), row, column)
        return result

    def none_meet(self, rows: slice, columns: slice) -> bool:
        """Say whether it is plain at once that no pair of a block may be compared, so that it need not be looked at.

        So it is of blocks too far apart in time, if claims come in order of time. Neither side of the block is empty.
        """
        if self.days is not None:
            mine, theirs = self.days[0][rows], self.days[1][columns]
            gap = max(int(mine.min()) - int(theirs.max()), int(theirs.min()) - int(mine.max()))
            if gap > self.max_days and NOBODY not in mine and NOBODY not in theirs:
                return True
        if self.kinds is not None and self.meet is not None:
            mine, theirs = np.unique(self.kinds[0][rows]), np.unique(self.kinds[1][columns])
            if not self.meet[np.ix_(mine, theirs)].any():
                return True
        for of_rows, of_columns in self.equal:
            mine, theirs = of_rows[rows], of_columns[columns]
            if mine[0] != NOBODY and (mine == mine[0]).all() and (theirs == mine[0]).all():
                return True
        return False

    def _base(self, row: NDArray[np.intp], column: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Apply all but `blocked`."""
        result = np.ones(np.broadcast_shapes(row.shape, column.shape), dtype=bool)
        for codes in self.equal:
            result &= unequal(codes, row, column)
        if self.days is not None:
            mine, theirs = self.days[0][row], self.days[1][column]
            result &= (np.abs(mine - theirs) <= self.max_days) | (mine == NOBODY) | (theirs == NOBODY)
        if self.kinds is not None and self.meet is not None:
            result &= self.meet[self.kinds[0][row], self.kinds[1][column]]
        return result

    def count(self, rows: int, columns: int, *, within: bool) -> int:
        """Return how many pairs are left out: of two pools, or within one of so many rows (= columns)."""
        allowed = 0
        for size in range(len(self.equal) + 1):  # by inclusion and exclusion over the codes
            for codes in itertools.combinations(self.equal, size):
                allowed += (-1) ** size * self._meeting(codes, rows, columns)
        if within:  # less a claim with itself
            lone = np.ones(rows, dtype=bool)
            for mine, theirs in self.equal:
                lone &= (mine != theirs) | (mine == NOBODY)
            if self.kinds is not None and self.meet is not None:
                lone &= self.meet[self.kinds[0], self.kinds[0]]
            allowed = (allowed - int(lone.sum())) // 2
        possible = rows * (rows - 1) // 2 if within else rows * columns
        return possible - allowed + self._blocked(within=within)

    def _meeting(self, codes: Sequence[Sides], rows: int, columns: int) -> int:
        """Count the ordered pairs with equal codes, of kinds that may meet, and near enough in time."""
        sides = [np.stack([of[side] for of in codes], axis=1) if codes else None for side in (0, 1)]
        known = [
            np.flatnonzero((side != NOBODY).all(axis=1)) if side is not None else np.arange(count)
            for side, count in zip(sides, (rows, columns))
        ]
        if not len(known[0]) or not len(known[1]):
            return 0
        group: list[Numbers] = [np.zeros(len(of), dtype=np.int64) for of in known]
        if codes:
            stacked = np.concatenate([side[of] for side, of in zip(sides, known) if side is not None])
            number = np.zeros(len(stacked), dtype=np.int64)
            for column in stacked.T:  # numbered anew each time, so that the product cannot overflow
                number = np.unique(number * (int(column.max()) + 1) + column, return_inverse=True)[1].ravel()
            group = [number[: len(known[0])], number[len(known[0]) :]]
        kinds: list[Numbers] = [np.zeros(len(of), dtype=np.int64) for of in known]
        meet = np.ones((1, 1), dtype=bool)
        if self.kinds is not None and self.meet is not None:
            kinds, meet = [self.kinds[side][of] for side, of in enumerate(known)], self.meet
        days: list[Numbers] = [np.full(len(of), NOBODY) for of in known]
        if self.days is not None:
            days = [self.days[side][of] for side, of in enumerate(known)]
        # All pairs of a group; less the pairs of known days; and again those of them that are near.
        total = in_common(group, kinds, meet)
        dated = [of != NOBODY for of in days]
        if self.days is None or not dated[0].any() or not dated[1].any():
            return total
        group, kinds, days = ([side[of] for side, of in zip(pair, dated)] for pair in (group, kinds, days))
        return total - in_common(group, kinds, meet) + in_common(group, kinds, meet, days, self.max_days)

    def _blocked(self, *, within: bool) -> int:
        """Count the pairs that are left out because they are blocked, and for no other reason."""
        if self.blocked is None or not self.blocked[0].size or not self.blocked[1].size:
            return 0
        from scipy.sparse import csr_matrix

        groups = int(max(self.blocked[0].max(), self.blocked[1].max())) + 1
        member = []
        for side in self.blocked:
            place, column = np.nonzero(side != NOBODY)
            ones = np.ones(len(place), dtype=np.int32)
            member.append(csr_matrix((ones, (place, side[place, column])), shape=(len(side), groups)))
        sizes = member[0] @ np.asarray(member[1].sum(axis=0)).ravel()  # pairs of each row, or more
        ends = np.searchsorted(np.cumsum(sizes), np.arange(BLOCKED, sizes.sum() + BLOCKED, BLOCKED), side="left")
        found, start = 0, 0
        for stop in sorted({*(min(int(end) + 1, len(sizes)) for end in ends), len(sizes)}):
            row, column = (member[0][start:stop] @ member[1].T).nonzero()
            row = row.astype(np.intp) + start
            keep = row < column if within else np.ones(len(row), dtype=bool)
            found += int(np.count_nonzero(self._base(row[keep], column[keep].astype(np.intp))))
            start = stop
        return found


def unequal(codes: Sides, row: NDArray[np.intp], column: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Say of each pair whether its codes differ, or are none."""
    mine = codes[0][row]
    return (mine != codes[1][column]) | (mine == NOBODY)


def in_common(
    group: Sequence[Numbers],
    kinds: Sequence[Numbers],
    meet: NDArray[np.bool_],
    days: Sequence[Numbers] | None = None,
    max_days: int = 0,
) -> int:
    """Count the pairs of one group whose kinds may meet, and with `days` those of them at most so many days apart."""
    found = 0
    for one, other in kinds_that_meet(meet):
        mine, theirs = kinds[0] == one, kinds[1] == other
        if days is None:
            numbers, counts = np.unique(group[1][theirs], return_counts=True)
            place = np.searchsorted(numbers, group[0][mine])
            place[place == len(numbers)] = 0
            hit = numbers[place] == group[0][mine] if len(numbers) else np.zeros(0, dtype=bool)
            found += int(counts[place[hit]].sum()) if hit.any() else 0
            continue
        width = int(max(side.max() for side in days)) + 2 * max_days + 2  # groups lie so far apart on one line
        line = np.sort(group[1][theirs].astype(np.int64) * width + days[1][theirs])
        at = group[0][mine].astype(np.int64) * width
        low = np.searchsorted(line, at + np.maximum(days[0][mine] - max_days, 0), side="left")
        high = np.searchsorted(line, at + np.minimum(days[0][mine] + max_days, width - 1), side="right")
        found += int((high - low).sum())
    return found


def kinds_that_meet(meet: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """Yield the ordered pairs of kinds that may meet."""
    yield from zip(*(side.tolist() for side in np.nonzero(meet)))
