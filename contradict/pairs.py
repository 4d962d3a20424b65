"""Pairs: which claims are near enough in topic to be worth judging. The vectorised core.

Similarities are computed block by block, so that memory is bounded and no n × n matrix exists; constraints are applied
to whole blocks. A block's product is only used to find candidates: the similarity of each is then computed again on its
own, so that the pairs, their order and their similarities do not depend on the size of the blocks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from contradict.errors import OptionError, VectorError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

BLOCK_BYTES = 64 << 20
MARGIN = 1e-5  # more than a float32 product of unit vectors can be off
NOBODY = -1  # a code that is equal to no other, itself included


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
    apart: Sequence[tuple[NDArray[np.integer], NDArray[np.integer]]] = (),
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
        one pool): pairs with equal codes are left out, except for the code −1, which is equal to none.
    block_rows
        Rows of a block; by default as many as fit in 64 MB. The result does not depend on it.

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
    within = others is None
    columns = vectors if others is None else others
    check_options(min_similarity, top_k, block_rows)
    if vectors.ndim != 2 or columns.ndim != 2 or vectors.shape[1] != columns.shape[1]:
        message = f"vectors of shapes {vectors.shape} and {columns.shape} cannot be compared; both must be (…, d)"
        raise VectorError(message)
    rows_found = neighbours(vectors, columns, within, min_similarity, top_k, apart, block_rows)
    found = [rows_found]
    if not within and top_k is not None:
        swapped = [(theirs, ours) for ours, theirs in apart]
        by_column = neighbours(columns, vectors, within, min_similarity, top_k, swapped, block_rows)
        found.append(Neighbours(by_column.column, by_column.row, by_column.similarity, 0, 0))
    left = np.concatenate([part.row for part in found])
    right = np.concatenate([part.column for part in found])
    if within:
        left, right = np.minimum(left, right), np.maximum(left, right)
    similarity = np.concatenate([part.similarity for part in found])
    _, first = np.unique(left.astype(np.int64) * len(columns) + right, return_index=True)
    left, right, similarity = left[first], right[first], similarity[first]
    order = np.lexsort((right, left, -similarity))
    sides = 2 if within else 1  # within a pool every pair was met from both of its claims
    possible = len(vectors) * (len(vectors) - 1) // 2 if within else len(vectors) * len(columns)
    allowed, similar = rows_found.allowed // sides, rows_found.similar // sides
    return Pairs(
        left[order].astype(np.int32),
        right[order].astype(np.int32),
        similarity[order],
        possible=possible,
        excluded=possible - allowed,
        dissimilar=allowed - similar,
        dropped=similar - len(order),
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


@dataclass(frozen=True)
class Neighbours:
    """For each row its neighbours among the columns, and how many pairs were allowed and similar enough."""

    row: NDArray[np.intp]
    column: NDArray[np.intp]
    similarity: NDArray[np.float32]
    allowed: int
    similar: int


def neighbours(
    vectors: NDArray[np.float32],
    columns: NDArray[np.float32],
    within: bool,  # noqa: FBT001
    min_similarity: float,
    top_k: int | None,
    apart: Sequence[tuple[NDArray[np.integer], NDArray[np.integer]]],
    block_rows: int | None,
) -> Neighbours:
    """Return each row's `top_k` nearest columns among those allowed and similar enough."""
    step = block_rows or max(1, BLOCK_BYTES // (4 * max(1, len(columns))))
    found: list[tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float32]]] = []
    allowed = similar = 0
    for start in range(0, len(vectors), step):
        rows = np.arange(start, min(start + step, len(vectors)))
        block = vectors[rows] @ columns.T
        kept_apart = np.zeros(block.shape, dtype=bool)
        for codes, column_codes in apart:
            mine = codes[rows, None]
            kept_apart |= (mine == column_codes[None, :]) & (mine != NOBODY)
        if within:
            kept_apart[rows - start, rows] = True
        allowed += block.size - int(kept_apart.sum())
        block[kept_apart] = -np.inf
        # Counting what is similar needs exact values only at the border.
        near, column = np.nonzero(np.abs(block - min_similarity) <= MARGIN)
        exact = cosine(vectors[rows[near]], columns[column])
        similar += int((block > min_similarity + MARGIN).sum()) + int((exact >= min_similarity).sum())
        least = np.full(len(rows), min_similarity - MARGIN, dtype=np.float64)
        if top_k is not None and top_k < block.shape[1]:
            kth = np.partition(block, block.shape[1] - top_k, axis=1)[:, block.shape[1] - top_k]
            least = np.maximum(least, kth.astype(np.float64) - MARGIN)
        near, column = np.nonzero(block >= least[:, None])
        exact = cosine(vectors[rows[near]], columns[column])
        keep = exact >= min_similarity
        row, column, exact = rows[near[keep]], column[keep], exact[keep]
        if top_k is not None:
            order = np.lexsort((column, -exact, row))
            row, column, exact = row[order], column[order], exact[order]
            _, first, counts = np.unique(row, return_index=True, return_counts=True)
            rank = np.arange(len(row)) - np.repeat(first, counts)
            row, column, exact = row[rank < top_k], column[rank < top_k], exact[rank < top_k]
        found.append((row, column, exact))
    row, column, exact = (np.concatenate(part) for part in zip(*found)) if found else (np.empty(0, int),) * 3
    return Neighbours(row, column, exact.astype(np.float32), allowed, similar)


def cosine(left: NDArray[np.float32], right: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the cosine of each pair of unit rows, the same to the bit however many there are."""
    return (left.astype(np.float64) * right).sum(axis=1).astype(np.float32)
