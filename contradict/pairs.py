"""Pairs: which claims are near enough in topic to be worth judging. The vectorised core.

A pool is joined with itself tile by tile: every tile of the product is computed once, for both of its sides, and no
n × n matrix exists. A claim's list of nearest tightens as tiles are seen, so that of a tile only what could still enter
a list is touched. Tiles only find candidates, with a margin for what a product in int8 or float32 can be off: the
cosine of each is then computed again on its own, so that the pairs, their order and their similarities do not depend on
how the product was made, the size of the tiles, or the number of threads.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from contradict.candidates import Chosen, Crowded, Lists
from contradict.constraints import Constraints
from contradict.errors import OptionError, VectorError, did_you_mean
from contradict.neighbours import neighbours
from contradict.tiles import FloatTiles, Int8Tiles
from contradict.workers import in_threads, processors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from contradict.tiles import Floats, Tiles

    Places = NDArray[np.integer]

ROWS, COLUMNS = 512, 1024  # of a tile: its product stays in the cache
SAMPLE = (2048, 8192)  # columns, at most, against which every row is tried first, for a first bound on its nearest
SAMPLED_OF = 64  # one in so many, within these
INT8_FROM = 1 << 23  # products from which on int8 pays for its preparation
MEMORY = 2 << 30
PRECISIONS = ("int8", "float32")
SEARCHES = ("exact", "approximate")
APPROXIMATE_FROM = 1 << 40  # products from which on an approximate index is used: a pool of a million within itself
PATIENCE = 2  # times that int8 may leave too many candidates before float32 takes over
SAMPLED = 256  # claims by which the recall of an approximate search is measured
SEED = 0


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
    search
        ``"exact"`` or ``"approximate"``.
    recall
        Of an approximate search, the share of the pairs of some claims that was found; 1 of an exact one.
    exactly
        After an approximate search, what finds the pairs of some claims exactly, for `recall_against_exact`; it holds
        the vectors.
    """

    left: Places
    right: Places
    similarity: Floats
    possible: int
    excluded: int
    dissimilar: int
    dropped: int
    search: str = "exact"
    recall: float = 1.0
    exactly: Callable[[int, int], tuple[Places, Places]] | None = field(default=None, repr=False, compare=False)

    def __len__(self) -> int:
        """Return the number of pairs."""
        return len(self.left)

    def __repr__(self) -> str:
        """Tell how many pairs of how many."""
        found = "" if self.search == "exact" else f", recall {self.recall:.3f}"
        return f"<Pairs: {len(self):,} of {self.possible:,} possible{found}>"

    def recall_against_exact(self, sample: int = 1_000, *, seed: int = SEED) -> float:
        """Return the share of the pairs that an exact search keeps for some claims that is among these, 0 to 1.

        Parameters
        ----------
        sample
            Claims of the first pool, drawn at random, whose nearest are found one by one. It takes a product of so many
            rows with the whole pool.
        seed
            Of the draw.
        """
        if self.exactly is None:
            return 1.0
        left, right = self.exactly(sample, seed)
        wanted = np.unique(left.astype(np.int64) << 32 | right)
        have = self.left.astype(np.int64) << 32 | self.right
        return float(np.isin(wanted, have).mean()) if len(wanted) else 1.0


def find_pairs(
    vectors: Floats,
    others: Floats | None = None,
    *,
    min_similarity: float = -1.0,
    top_k: int | None = None,
    apart: Constraints | None = None,
    search: str | None = None,
    precision: str | None = None,
    block_rows: int | None = None,
    memory: int = MEMORY,
    threads: int | None = None,
    progress: Callable[[int], object] | None = None,
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
        What keeps pairs apart. Where it keeps all pairs of a tile apart, the tile is skipped; so a window of days saves
        time where vectors come in order of days.
    search
        ``"exact"``, or ``"approximate"`` by an index (see `contradict.neighbours`; needs faiss and a `top_k`), whose
        recall stands in the result. By default exact up to a million claims, where it takes minutes.
    precision
        ``"int8"`` or ``"float32"``: of the product that finds candidates. By default int8 where it pays. The result is
        the same.
    block_rows
        Rows and columns of a tile. The result does not depend on it.
    memory
        Bytes that candidates may take, beside the vectors and their copy in int8.
    threads
        By default all processors this process may use. The result does not depend on it.
    progress
        Called with the number of pairs seen since the last call, of an exact search.

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
    check_options(min_similarity, top_k, block_rows, precision, search)
    if vectors.ndim != 2 or columns.ndim != 2 or vectors.shape[1] != columns.shape[1]:
        message = f"vectors of shapes {vectors.shape} and {columns.shape} cannot be compared; both must be (…, d)"
        raise VectorError(message)
    apart = apart or Constraints()
    workers = threads or processors()
    products = len(vectors) * len(columns)
    if search is None:
        search = "approximate" if products > APPROXIMATE_FROM and top_k is not None else "exact"
    if search == "approximate" and products:
        assert top_k is not None
        sides = [neighbours(vectors, columns, apart, top_k, within=within, threads=workers)]
        if not within:
            sides.append(neighbours(columns, vectors, apart.turned(), top_k, within=False, threads=workers))
    else:
        join = partial(
            exact_lists,
            vectors,
            columns,
            apart,
            min_similarity=min_similarity,
            top_k=top_k,
            within=within,
            steps=(block_rows or ROWS, block_rows or COLUMNS),
            room=memory // (16 if within else 32),
            workers=workers,
            progress=progress,
        )
        try:
            sides = join(precision or by_size(products), patience=PATIENCE if precision is None else None)
        except Crowded:  # a pool of near-copies: int8 cannot tell enough of them apart
            sides = join("float32", patience=None)
    left, right, similarity = joined(sides, len(columns), within=within)
    keep = similarity >= min_similarity
    possible = len(vectors) * (len(vectors) - 1) // 2 if within else products
    excluded = apart.count(len(vectors), len(columns), within=within) if apart else 0
    near = len(left) if top_k is not None else possible - excluded
    pairs = Pairs(
        left[keep],
        right[keep],
        similarity[keep],
        possible=possible,
        excluded=excluded,
        dissimilar=near - int(np.count_nonzero(keep)),
        dropped=possible - excluded - near,
    )
    if search == "exact" or not products or top_k is None:
        return pairs
    exactly = partial(nearest_of_some, vectors, columns, apart, top_k, min_similarity, within=within)
    pairs = replace(pairs, search=search, exactly=exactly)
    return replace(pairs, recall=pairs.recall_against_exact(SAMPLED))


def exact_lists(
    vectors: Floats,
    columns: Floats,
    apart: Constraints,
    precision: str,
    *,
    min_similarity: float,
    top_k: int | None,
    within: bool,
    steps: tuple[int, int],
    room: int,
    workers: int,
    patience: int | None,
    progress: Callable[[int], object] | None,
) -> list[Chosen]:
    """Return what the lists of the rows hold, and of two pools those of the columns: see `find_pairs`."""
    made = partial(Int8Tiles, threads=workers) if precision == "int8" else FloatTiles
    tiles: Tiles = made(vectors, columns)
    new = partial(Lists, top_k=top_k, least=min_similarity, room=room, threads=workers, patience=patience)
    lists = [new((vectors, columns), tiles.margins[0])]
    if not within and top_k is not None:
        lists.append(new((columns, vectors), tiles.margins[1]))
    if top_k is not None:
        bound_by_sample(lists[0], tiles, apart, top_k, (len(vectors), len(columns)), workers, within=within)
        if not within:
            bound_by_sample(lists[1], tiles, apart, top_k, (len(columns), len(vectors)), workers, turned=True)
    scan(tiles, (lists[0], lists[-1]), apart, within=within, steps=steps, workers=workers, progress=progress)
    return [one.chosen() for one in lists]


def scan(
    tiles: Tiles,
    lists: tuple[Lists, Lists],
    apart: Constraints,
    *,
    within: bool,
    steps: tuple[int, int],
    workers: int,
    progress: Callable[[int], object] | None = None,
) -> None:
    """Offer to the lists of both sides what of each tile could enter them.

    Within one pool, and where only the rows have lists, both lists are the same.
    """
    of_rows, of_columns = lists
    rows, columns = (len(margin) for margin in tiles.margins)
    one_sided = of_rows is of_columns and not within
    low = (of_rows.low, np.full(columns, 3, dtype=np.float32) if one_sided else of_columns.low)

    def stripe(first: int) -> None:
        block = tiles.columns(first, last := min(first + steps[1], columns))
        for start, stop in spans(last if within else rows, steps[0]):
            if apart and apart.none_meet(slice(start, stop), slice(first, last)):
                continue
            row, column, value = tiles.scan(start, stop, block, low)
            if within and stop > first:
                above = row < column
                row, column, value = row[above], column[above], value[above]
            if apart:
                allowed = apart.allowed(row, column)
                row, column, value = row[allowed], column[allowed], value[allowed]
            of_rows.offer(row, column, value)
            if not one_sided and of_rows.top_k is not None:
                of_columns.offer(column, row, value)
        if progress:
            progress(last * (last - 1) // 2 - first * (first - 1) // 2 if within else (last - first) * rows)

    firsts = reversed(range(0, columns, steps[1]))  # the longest stripes first
    in_threads(stripe, firsts, workers if tiles.parallel else 1)


def nearest_of_some(
    vectors: Floats,
    columns: Floats,
    apart: Constraints,
    top_k: int,
    least: float,
    sample: int,
    seed: int,
    *,
    within: bool,
) -> tuple[Places, Places]:
    """Return the pairs that some claims' exact lists keep: left and right."""
    rows = np.random.default_rng(seed).choice(len(vectors), min(sample, len(vectors)), replace=False)
    apart = apart.of(rows)
    if within:  # a claim is not its own neighbour
        apart = replace(apart, equal=[*apart.equal, (rows, np.arange(len(columns)))])
    some = np.ascontiguousarray(vectors[rows])
    tiles = FloatTiles(some, columns)
    room = MEMORY // 16
    lists = Lists((some, columns), tiles.margins[0], top_k=top_k, least=least, room=room, threads=1)
    scan(tiles, (lists, lists), apart, within=False, steps=(ROWS, COLUMNS), workers=1)
    mine, theirs, value = lists.chosen()
    left, right = rows[mine[value >= least]], theirs[value >= least]
    return (np.minimum(left, right), np.maximum(left, right)) if within else (left, right)


def check_options(
    min_similarity: float, top_k: int | None, block_rows: int | None, precision: str | None, search: str | None
) -> None:
    """Refuse options out of range."""
    if not -1 <= min_similarity <= 1:
        message = f"min_similarity is {min_similarity}, expected a cosine from -1 to 1"
        raise OptionError(message)
    for name, value in (("top_k", top_k), ("block_rows", block_rows)):
        if value is not None and value < 1:
            message = f"{name} is {value}, expected at least 1, or None for no limit"
            raise OptionError(message)
    for name, given, known in (("precision", precision, PRECISIONS), ("search", search, SEARCHES)):
        if given not in (None, *known):
            message = f"{name} is {given!r}, expected one of {', '.join(known)}, or None{did_you_mean(given, known)}"
            raise OptionError(message)
    if search == "approximate" and top_k is None:
        message = "an approximate search finds each claim's nearest; give it a top_k"
        raise OptionError(message)


def by_size(products: int) -> str:
    """Return the precision for so many products."""
    return "int8" if products >= INT8_FROM else "float32"


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
    workers: int,
    *,
    within: bool = False,
    turned: bool = False,
) -> None:
    """Bound each claim's list from below by its nearest among some claims of the other side.

    The sample is parted into as many groups as a list is long. Of each group at least the nearest could enter the list,
    so the k-th nearest has at least the value of the farthest of these: a maximum and a minimum instead of a sort.
    """
    size = min(max(counts[1] // SAMPLED_OF, SAMPLE[0]), SAMPLE[1], counts[1] // 4) // top_k * top_k
    if not size:
        return
    some = np.linspace(0, counts[1] - 1, size).astype(np.intp)
    step = 4 * ROWS
    constraints = apart.turned() if turned else apart

    def bound(start: int) -> None:
        stop = min(start + step, counts[0])
        value = tiles.values(slice(start, stop), some, turned=turned)
        rows = np.arange(start, stop)[:, None]
        if apart:
            value = np.where(constraints.allowed(rows, some[None, :]), value, np.float32(-2))
        if within:
            value = np.where(rows == some[None, :], np.float32(-2), value)
        lists.raise_low(slice(start, stop), value.reshape(len(value), top_k, -1).max(axis=2).min(axis=1))

    in_threads(bound, range(0, counts[0], step), workers if tiles.parallel else 1)


def joined(sides: Sequence[Chosen], columns: int, *, within: bool) -> tuple[Places, Places, Floats]:
    """Return the pairs that either side's lists hold, each once: left, right, similarity, in order."""
    turned = [Chosen(of.theirs, of.mine, of.value) for of in sides[1:]]
    left, right, value = (np.concatenate(column) for column in zip(*sides[:1], *turned))
    if within:
        left, right = np.minimum(left, right), np.maximum(left, right)
    _, once = np.unique(left * columns + right, return_index=True)
    once = once[np.argsort(-value[once], kind="stable")]  # they were in order of their indices
    return left[once].astype(np.int32), right[once].astype(np.int32), value[once]
