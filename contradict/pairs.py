"""Pairs: which claims are near enough in topic to be worth judging. The vectorised core.

A pool is joined with itself tile by tile: every tile of the product is computed once, for both of its sides, and no
n × n matrix exists. A claim's list of nearest tightens as tiles are seen, so that of a tile only what could still enter
a list is touched. Tiles only find candidates, with a margin for what a product in int8 or float32 can be off: the
cosine of each is then computed again on its own, so that the pairs, their order and their similarities do not depend on
how the product was made, the size of the tiles, or the number of threads.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from contradict.candidates import Chosen, Lists, in_threads
from contradict.constraints import Constraints
from contradict.errors import OptionError, VectorError
from contradict.tiles import FloatTiles, Int8Tiles

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from contradict.tiles import Floats, Tiles

    Places = NDArray[np.integer]

ROWS, COLUMNS = 512, 1024  # of a tile: its product stays in the cache
SAMPLE = 2048  # columns, at most, against which every row is tried first, for a first bound on its nearest
INT8_FROM = 1 << 23  # products from which on int8 pays for its preparation
MEMORY = 2 << 30
PRECISIONS = ("int8", "float32")


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
    dropped
        Of the rest, not among the `top_k` most similar of either claim.
    dissimilar
        Of the rest, under the least similarity.
    """

    left: Places
    right: Places
    similarity: Floats
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
    vectors: Floats,
    others: Floats | None = None,
    *,
    min_similarity: float = -1.0,
    top_k: int | None = None,
    apart: Constraints | None = None,
    precision: str | None = None,
    block_rows: int | None = None,
    memory: int = MEMORY,
    threads: int | None = None,
) -> Pairs:
    """Find the pairs that are among either claim's `top_k` and have a similarity of at least `min_similarity`.

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
        What keeps pairs apart.
    precision
        ``"int8"`` or ``"float32"``: of the product that finds candidates. By default int8 where it pays. The result is
        the same.
    block_rows
        Rows and columns of a tile. The result does not depend on it.
    memory
        Bytes that candidates may take, beside the vectors and their copy in int8.
    threads
        By default all processors this process may use. The result does not depend on it.

    Returns
    -------
    Pairs

    Raises
    ------
    OptionError
        If an option is out of range, or the pairs do not fit into `memory`.
    VectorError
        If the arrays do not fit together.
    """
    within = others is None
    columns = vectors if others is None else others
    check_options(min_similarity, top_k, block_rows, precision)
    if vectors.ndim != 2 or columns.ndim != 2 or vectors.shape[1] != columns.shape[1]:
        message = f"vectors of shapes {vectors.shape} and {columns.shape} cannot be compared; both must be (…, d)"
        raise VectorError(message)
    apart = apart or Constraints()
    products = len(vectors) * len(columns)
    tiles: Tiles = (Int8Tiles if (precision or by_size(products)) == "int8" else FloatTiles)(vectors, columns)
    workers = threads or processors()
    new = partial(
        Lists, top_k=top_k, least=min_similarity, room=memory // (16 if others is None else 32), threads=workers
    )
    of_rows = new((vectors, columns), tiles.margins[0])
    of_columns = of_rows if within else new((columns, vectors), tiles.margins[1])
    steps = (block_rows or ROWS, block_rows or COLUMNS)
    if top_k is not None:
        bound_by_sample(of_rows, tiles, apart, top_k, (len(vectors), len(columns)), within=within)
        if not within:
            bound_by_sample(of_columns, tiles, apart, top_k, (len(columns), len(vectors)), turned=True)

    def stripe(first: int) -> None:
        block = tiles.columns(first, last := min(first + steps[1], len(columns)))
        for start, stop in spans(last if within else len(vectors), steps[0]):
            row, column, value = tiles.scan(start, stop, block, (of_rows.low, of_columns.low))
            if within and stop > first:
                above = row < column
                row, column, value = row[above], column[above], value[above]
            if apart:
                allowed = apart.allowed(row, column)
                row, column, value = row[allowed], column[allowed], value[allowed]
            of_rows.offer(row, column, value)
            if top_k is not None:
                of_columns.offer(column, row, value)

    firsts = range(0, len(columns), steps[1])
    in_threads(stripe, reversed(firsts), workers if tiles.parallel else 1)  # the longest stripes first
    left, right, similarity = joined(of_rows, of_columns, len(columns), within=within)
    keep = similarity >= min_similarity
    possible = len(vectors) * (len(vectors) - 1) // 2 if within else products
    excluded = apart.count(len(vectors), len(columns), within=within) if apart else 0
    near = len(left) if top_k is not None else possible - excluded
    return Pairs(
        left[keep],
        right[keep],
        similarity[keep],
        possible=possible,
        excluded=excluded,
        dissimilar=near - int(np.count_nonzero(keep)),
        dropped=possible - excluded - near,
    )


def check_options(min_similarity: float, top_k: int | None, block_rows: int | None, precision: str | None) -> None:
    """Refuse options out of range."""
    if not -1 <= min_similarity <= 1:
        message = f"min_similarity is {min_similarity}, expected a cosine from -1 to 1"
        raise OptionError(message)
    for name, value in (("top_k", top_k), ("block_rows", block_rows)):
        if value is not None and value < 1:
            message = f"{name} is {value}, expected at least 1, or None for no limit"
            raise OptionError(message)
    if precision not in (None, *PRECISIONS):
        message = f"precision is {precision!r}, expected one of {', '.join(PRECISIONS)}, or None"
        raise OptionError(message)


def by_size(products: int) -> str:
    """Return the precision for so many products."""
    return "int8" if products >= INT8_FROM else "float32"


def processors() -> int:
    """Return the number of processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def spans(count: int, step: int) -> Iterator[tuple[int, int]]:
    """Yield the ends of pieces of at most `step`."""
    for first in range(0, count, step):
        yield first, min(first + step, count)


def bound_by_sample(
    lists: Lists,
    tiles: Tiles,
    apart: Constraints,
    top_k: int,
    counts: tuple[int, int],
    *,
    within: bool = False,
    turned: bool = False,
) -> None:
    """Bound each claim's list from below by its nearest among some claims of the other side.

    The sample is parted into as many groups as a list is long. Of each group at least the nearest could enter the list,
    so the k-th nearest has at least the value of the farthest of these: a maximum and a minimum instead of a sort.
    """
    size = min(SAMPLE, counts[1] // 4) // top_k * top_k
    if not size:
        return
    some = np.linspace(0, counts[1] - 1, size).astype(np.intp)
    constraints = apart.turned() if turned else apart
    for start, stop in spans(counts[0], ROWS):
        value = tiles.values(slice(start, stop), some, turned=turned)
        rows = np.arange(start, stop)[:, None]
        if apart:
            value = np.where(constraints.allowed(rows, some[None, :]), value, np.float32(-2))
        if within:
            value = np.where(rows == some[None, :], np.float32(-2), value)
        lists.raise_low(slice(start, stop), value.reshape(len(value), top_k, -1).max(axis=2).min(axis=1))


def joined(of_rows: Lists, of_columns: Lists, columns: int, *, within: bool) -> tuple[Places, Places, Floats]:
    """Return the pairs that either side's lists hold, each once: left, right, similarity, in order."""
    parts = [of_rows.chosen()]
    if not within:
        theirs, mine, value = of_columns.chosen()
        parts.append(Chosen(mine, theirs, value))
    left, right, value = (np.concatenate(column) for column in zip(*parts))
    if within:
        left, right = np.minimum(left, right), np.maximum(left, right)
    _, once = np.unique(left * columns + right, return_index=True)
    once = once[np.argsort(-value[once], kind="stable")]  # they were in order of their indices
    return left[once].astype(np.int32), right[once].astype(np.int32), value[once]
