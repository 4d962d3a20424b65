"""Pairs: which claims are near enough in topic to be worth judging. The vectorised core.

A pool is joined with itself tile by tile: every tile of the product is computed once, for both of its sides, and no
n × n matrix exists. A claim's list of nearest tightens as tiles are seen, so that of a tile only what could still enter
a list is touched. Tiles only find candidates: the similarity of each is then computed again on its own, so that the
pairs, their order and their similarities do not depend on the size of the tiles.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from contradict.errors import OptionError, VectorError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    Codes = Sequence[tuple[NDArray[np.integer], NDArray[np.integer]]]

TILE = 1024  # rows and columns of a tile: its product stays in the cache
SAMPLE = 1024  # columns, at most, against which every row is tried first, for a first bound on its nearest
PENDING = 1 << 21  # candidates that are gathered before the lists are made anew
MARGIN = 1e-5  # more than a float32 product of unit vectors can be off, twice over
NOBODY = -1  # a code that is equal to no other, itself included
AT_ONCE = 1 << 11  # pairs whose exact cosines are computed at a time, in the cache


@dataclass(frozen=True, repr=False)
class Pairs:
    """Pairs of claims, by similarity, highest first; equal ones by index.

    Attributes
    ----------
    left, right
        Indices, int32. Within one pool ``left < right``; across two pools `left` counts in the first, `right` in the
        second.
    similarity
        Cosine, float32.
    possible
        All pairs there are.
    excluded
        Of them, left out by a constraint (same speaker, …).
    dissimilar
        Of the rest, under the least similarity.
    dropped
        Of the rest, not among the `top_k` most similar of either claim.
    """

    left: NDArray[np.int32]
    right: NDArray[np.int32]
    similarity: NDArray[np.float32]
    possible: int
    excluded: int
    dissimilar: int
    dropped: int

    def __len__(self) -> int:
        """Return the number of pairs."""
        return len(self.left)

    def __repr__(self) -> str:
        """Tell how many pairs of how many."""
        return f"<Pairs: {len(self):,} of {self.possible:,} possible>"


def find_pairs(
    vectors: NDArray[np.float32],
    others: NDArray[np.float32] | None = None,
    *,
    min_similarity: float = -1.0,
    top_k: int | None = None,
    apart: Codes = (),
    block_rows: int | None = None,
) -> Pairs:
    """Find the pairs with a similarity of at least `min_similarity` that are among either claim's `top_k`.

    Parameters
    ----------
    vectors
        Unit rows, float32, (n, d).
    others
        Unit rows (m, d) of a second pool: then only pairs across are found. By default pairs within `vectors`.
    min_similarity
        Least cosine, −1 to 1.
    top_k
        Pairs kept for each claim, the most similar first, ties by index; a pair is kept if either claim keeps it. None
        keeps all.
    apart
        Constraints, each a code for every row of `vectors` and for every row of `others` (of `vectors` again within
        one pool): pairs with equal codes are left out, except for the code −1, which is equal to none. Within one pool
        the first code counts for the row that stands first, so that a constraint between two kinds of rows is given
        twice, once in either order.
    block_rows
        Rows and columns of a tile. The result does not depend on it.

    Returns
    -------
    Pairs

    Raises
    ------
    OptionError
        If an option is out of range.
    VectorError
        If the arrays do not fit together.
    """
    check_options(min_similarity, top_k, block_rows)
    columns = vectors if others is None else others
    if vectors.ndim != 2 or columns.ndim != 2 or vectors.shape[1] != columns.shape[1]:
        message = f"vectors of shapes {vectors.shape} and {columns.shape} cannot be compared; both must be (…, d)"
        raise VectorError(message)
    tile = block_rows or TILE
    possible = len(vectors) * (len(vectors) - 1) // 2 if others is None else len(vectors) * len(columns)
    excluded, similar_apart = count_apart(vectors, others, min_similarity, apart, tile)
    lists = (of_rows := Lists(len(vectors), top_k, min_similarity), of_rows)
    if others is not None:
        lists = (of_rows, Lists(len(others), top_k, min_similarity))
    if top_k is not None:
        bound_by_sample(lists[0], vectors, columns, apart, top_k, tile, within=others is None)
        if others is not None:
            turned = [(theirs, mine) for mine, theirs in apart]
            bound_by_sample(lists[1], others, vectors, turned, top_k, tile, within=False)
    similar = 0
    for start, first, product in tiles(vectors, others, tile):
        similar += similar_in(product, vectors[start:], columns[first:], min_similarity)
        gather(product, start, first, lists, apart)
    left, right, similarity = nearest(lists, vectors, others, min_similarity, top_k)
    similar -= similar_apart
    return Pairs(
        left,
        right,
        similarity,
        possible=possible,
        excluded=excluded,
        dissimilar=possible - excluded - similar,
        dropped=similar - len(left),
    )


def check_options(min_similarity: float, top_k: int | None, block_rows: int | None) -> None:
    """Refuse options out of range."""
    if not -1 <= min_similarity <= 1:
        message = f"min_similarity is {min_similarity}, expected a cosine from -1 to 1"
        raise OptionError(message)
    for name, value in (("top_k", top_k), ("block_rows", block_rows)):
        if value is not None and value < 1:
            message = f"{name} is {value}, expected at least 1, or None for no limit"
            raise OptionError(message)


class Lists:
    """For each claim of one side the candidates for its nearest, and a bound under which none can enter any more.

    Parameters
    ----------
    count
        Claims.
    top_k
        Length of a list; None for no end.
    least
        Least similarity.
    """

    def __init__(self, count: int, top_k: int | None, least: float) -> None:
        self.top_k = top_k
        self.bound = np.full(count, least - MARGIN, dtype=np.float32)
        self._found: list[tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float32]]] = []
        self._pending = 0

    def raise_bound(self, claims: slice | NDArray[np.intp], kth: NDArray[np.floating]) -> None:
        """Take note of so many claims' k-th nearest as seen so far."""
        self.bound[claims] = np.maximum(self.bound[claims], kth - np.float32(MARGIN))

    def offer(self, mine: NDArray[np.intp], theirs: NDArray[np.intp], value: NDArray[np.float32]) -> None:
        """Add candidates: claims of this side, of the other, and their similarity in a tile."""
        self._found.append((mine, theirs, value))
        self._pending += len(mine)
        if self.top_k is not None and self._pending > max(PENDING, len(self.bound) * self.top_k):
            self._settle()

    def _settle(self) -> None:
        """Drop the candidates that are no longer among the nearest, and raise the bounds."""
        assert self.top_k is not None
        mine, theirs, value = self._joined()
        # One integer to sort by: the claim, then falling similarity, finer than MARGIN.
        key = (mine.astype(np.uint64) << np.uint64(32)) | ((np.float64(1.5) - value) * 2**30).astype(np.uint64)
        order = np.argsort(key)
        mine, theirs, value = mine[order], theirs[order], value[order]
        kth = ranks(mine) == self.top_k - 1
        self.raise_bound(mine[kth], value[kth])
        keep = value >= self.bound[mine]
        self._found = [(mine[keep], theirs[keep], value[keep])]
        self._pending = 0

    def candidates(self) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float32]]:
        """Return the candidates that are left: claims of this side, of the other, similarity."""
        if self.top_k is not None:
            self._settle()
        return self._joined()

    def _joined(self) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float32]]:
        if not self._found:
            return np.empty(0, np.intp), np.empty(0, np.intp), np.empty(0, np.float32)
        mine, theirs, value = (np.concatenate(part) for part in zip(*self._found))
        return mine, theirs, value


def spans(count: int, step: int, start: int = 0) -> Iterator[tuple[int, int]]:
    """Yield the ends of pieces of at most `step`."""
    for first in range(start, count, step):
        yield first, min(first + step, count)


def tiles(
    rows: NDArray[np.float32], others: NDArray[np.float32] | None, tile: int
) -> Iterator[tuple[int, int, NDArray[np.float32]]]:
    """Yield first row, first column and product of every tile; within one pool −2 on and under the diagonal."""
    columns = rows if others is None else others
    for start, stop in spans(len(rows), tile):
        for first, last in spans(len(columns), tile, start if others is None else 0):
            product = rows[start:stop] @ columns[first:last].T
            if others is None and first == start:
                product[np.tri(len(product)) > 0] = -2
            yield start, first, product


def similar_in(
    product: NDArray[np.float32], rows: NDArray[np.float32], columns: NDArray[np.float32], least: float
) -> int:
    """Count the pairs of a tile that are similar enough; exact values are computed only near the border."""
    low, high = np.float32(least - MARGIN), np.float32(least + MARGIN)
    surely = int(np.count_nonzero(product > high))
    if np.count_nonzero(product >= low) == surely:
        return surely
    row, column = np.nonzero((product >= low) & (product <= high))
    return surely + int(np.count_nonzero(cosines(rows, row, columns, column) >= least))


def count_apart(
    vectors: NDArray[np.float32], others: NDArray[np.float32] | None, least: float, apart: Codes, tile: int
) -> tuple[int, int]:
    """Return how many pairs the constraints keep apart, and how many of them would be similar enough.

    By inclusion and exclusion; the pairs of one code are those of the join of its group.
    """
    excluded = similar = 0
    for size in range(1, len(apart) + 1):
        for constraints in itertools.combinations(apart, size):
            sign = 1 if size % 2 else -1
            for mine, theirs in groups(constraints):
                if others is None and not np.array_equal(mine, theirs):
                    of_group = ordered_in(vectors, mine, theirs, least, tile)
                else:
                    rows, columns = vectors[mine], None if others is None else others[theirs]
                    all_pairs = len(mine) * (len(mine) - 1) // 2 if others is None else len(mine) * len(theirs)
                    of_group = (
                        all_pairs,
                        sum(
                            similar_in(product, rows[start:], (rows if columns is None else columns)[first:], least)
                            for start, first, product in tiles(rows, columns, tile)
                        ),
                    )
                excluded += sign * of_group[0]
                similar += sign * of_group[1]
    return excluded, similar


def ordered_in(
    vectors: NDArray[np.float32], mine: NDArray[np.intp], theirs: NDArray[np.intp], least: float, tile: int
) -> tuple[int, int]:
    """Return how many pairs of one pool have their first row in `mine` and their second in `theirs`, and how similar.

    Both are in rising order.
    """
    count = similar = 0
    for start, first, product in tiles(vectors[mine], vectors[theirs], tile):
        rows, columns = mine[start : start + len(product)], theirs[first : first + product.shape[1]]
        turned = rows[:, None] >= columns
        product[turned] = -2
        count += turned.size - int(np.count_nonzero(turned))
        similar += similar_in(product, vectors[rows], vectors[columns], least)
    return count, similar


def groups(constraints: Codes) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Yield rows and columns that have equal codes in each of the constraints."""
    sides = [np.stack(codes, axis=1) for codes in zip(*constraints)]
    known = [np.flatnonzero((codes != NOBODY).all(axis=1)) for codes in sides]
    stacked = np.concatenate([codes[rows] for codes, rows in zip(sides, known)])
    if not len(stacked):
        return
    number = np.unique(stacked, axis=0, return_inverse=True)[1].ravel()
    mine, theirs = number[: len(known[0])], number[len(known[0]) :]
    by_mine, by_theirs = np.argsort(mine, kind="stable"), np.argsort(theirs, kind="stable")
    common = np.intersect1d(mine, theirs)
    ends = [
        np.searchsorted(of[by], common, side=side)
        for of, by in ((mine, by_mine), (theirs, by_theirs))
        for side in ("left", "right")
    ]
    for start, stop, first, last in zip(*ends):
        yield known[0][by_mine[start:stop]], known[1][by_theirs[first:last]]


def bound_by_sample(
    lists: Lists,
    rows: NDArray[np.float32],
    columns: NDArray[np.float32],
    apart: Codes,
    top_k: int,
    tile: int,
    *,
    within: bool,
) -> None:
    """Bound each row's list from below by its nearest among some of the columns."""
    size = min(SAMPLE, len(columns) // 4)
    if size < top_k:
        return
    some = np.linspace(0, len(columns) - 1, size).astype(np.intp)
    sample = columns[some]
    for start, stop in spans(len(rows), tile):
        product = rows[start:stop] @ sample.T
        for codes, column_codes in apart:
            mine = codes[start:stop, None]
            product[(mine == column_codes[None, some]) & (mine != NOBODY)] = -2
        if within:
            product[np.arange(start, stop)[:, None] == some[None, :]] = -2
        lists.raise_bound(slice(start, stop), np.partition(product, size - top_k, axis=1)[:, size - top_k])


def gather(product: NDArray[np.float32], start: int, first: int, lists: tuple[Lists, Lists], apart: Codes) -> None:
    """Offer to the lists of both sides what of a tile could enter them."""
    hit = product >= lists[0].bound[start : start + product.shape[0], None]
    hit |= product >= lists[1].bound[None, first : first + product.shape[1]]
    found = np.flatnonzero(hit)
    value = product.ravel()[found]
    row, column = np.divmod(found, product.shape[1])
    row, column = row + start, column + first
    keep = value > -2
    for codes, column_codes in apart:
        keep &= (codes[row] != column_codes[column]) | (codes[row] == NOBODY)
    row, column, value = row[keep], column[keep], value[keep]
    for of, mine, theirs in ((lists[0], row, column), (lists[1], column, row)):
        enters = value >= of.bound[mine]
        of.offer(mine[enters], theirs[enters], value[enters])


def nearest(
    lists: tuple[Lists, Lists],
    vectors: NDArray[np.float32],
    others: NDArray[np.float32] | None,
    least: float,
    top_k: int | None,
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float32]]:
    """Return the pairs that either side's list keeps by exact similarity: left, right, similarity, in order."""
    columns = vectors if others is None else others
    kept = []
    for side in (0,) if others is None else (0, 1):
        mine, theirs, _ = lists[side].candidates()
        left, right = (mine, theirs) if side == 0 else (theirs, mine)
        value = cosines(vectors, left, columns, right)
        if top_k is not None:
            order = np.lexsort((theirs, -value, mine))
            order = order[ranks(mine[order]) < top_k]
            left, right, value = left[order], right[order], value[order]
        kept.append((left, right, value))
    left, right, value = (np.concatenate(part) for part in zip(*kept))
    if others is None:
        left, right = np.minimum(left, right), np.maximum(left, right)
    _, once = np.unique(left.astype(np.int64) * len(columns) + right, return_index=True)
    left, right, value = left[once], right[once], value[once]
    order = np.lexsort((right, left, -value))
    order = order[value[order] >= least]
    return left[order].astype(np.int32), right[order].astype(np.int32), value[order]


def ranks(of: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return each item's place among its equals, from 0 on; equal items stand together."""
    _, first, counts = np.unique(of, return_index=True, return_counts=True)
    result: NDArray[np.intp] = np.arange(len(of)) - np.repeat(first, counts)
    return result


def cosines(
    rows: NDArray[np.float32], row: NDArray[np.intp], columns: NDArray[np.float32], column: NDArray[np.intp]
) -> NDArray[np.float32]:
    """Return the cosines of pairs of unit rows, the same to the bit however many there are."""
    result = np.empty(len(row), dtype=np.float32)
    for start, stop in spans(len(row), AT_ONCE):
        products = rows[row[start:stop]].astype(np.float64) * columns[column[start:stop]]
        result[start:stop] = products.sum(axis=1).clip(-1, 1)
    return result
