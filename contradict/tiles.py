"""Tiles: which pairs of two blocks of vectors may be near, found by a product in int8 or in float32.

A product in int8 takes a fraction of the time of one in float32 and is a little off. How much at most is known. Unit
rows x and y are turned by a random rotation and rounded to x − r and y − s; then the product is off by x·s + y·r − r·s.
The lengths of r and s and their products with x and y themselves are measured. The part of y that is not along x points
in a random direction, because the rotation was drawn before any data were seen; so by the concentration of measure on
a sphere |y·r| is more than |x·r| + t |r| with a probability of at most 2 exp(−(d − 2) t² / 2) (Levy; see Ball 1997,
An elementary introduction to modern convex geometry, lemma 2.2). t is chosen for `CHANCE`. Whoever keeps this margin
misses nothing.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np

from contradict.workers import in_threads

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

LEVELS = 127
SEVEN_BITS = 63  # levels of one side where sixteen-bit partial sums overflow: AVX2 without VNNI
ZERO = 128  # the unsigned byte that stands for 0
CHUNK = 1 << 10  # rows rounded at a time, in the cache
SEED = 0
CHANCE = 1e-18  # of a pair beyond its margin: among a million claims, of one pair in all less than one in a million
NONE = np.full((1, 1), 2**31 - 1, dtype=np.int32)  # a bound that nothing is over


class Hits(NamedTuple):
    """Pairs of a tile that may be near: rows and columns counted in the pools, and the product's value."""

    row: NDArray[np.intp]
    column: NDArray[np.intp]
    value: Floats


class Tiles(Protocol):
    """Products of the rows of a first and a second pool.

    Attributes
    ----------
    margins
        For each row of the first and of the second pool, how far at most a value can be off.
    parallel
        Whether several threads should scan at once.
    """

    margins: tuple[Floats, Floats]
    parallel: bool

    def values(self, rows: slice, columns: NDArray[np.intp], *, turned: bool = False) -> Floats:
        """Return products of rows and columns; `turned`: rows of the second pool, columns of the first."""
        ...

    def columns(self, first: int, last: int) -> Any:
        """Prepare columns for `scan`."""
        ...

    def scan(self, start: int, stop: int, columns: Any, low: tuple[Floats, Floats]) -> Hits:
        """Return the pairs of a tile that are over the bound of their row or of their column.

        Parameters
        ----------
        start, stop
            Rows of the first pool.
        columns
            What `columns` returned.
        low
            Bounds of all rows of the first pool, and of the second.
        """
        ...


def hits_of(found: NDArray[np.bool_], product: NDArray[Any], start: int, first: int) -> Hits:
    """Return what a mask marks; values are as in the product."""
    place = np.flatnonzero(found.reshape(-1))
    row = place // product.shape[1]
    column = place - row * product.shape[1]
    return Hits(row + start, column + first, product.reshape(-1)[place])


class FloatTiles:
    """Products in float32, by the matrix product of numpy."""

    parallel = False  # numpy's product uses all processors by itself

    def __init__(self, vectors: Floats, others: Floats) -> None:
        self._sides = (vectors, others)
        # Standard bound for a sum of d products (Higham 2002, section 3.1), twice over.
        margin = np.float32(1e-6 + vectors.shape[1] * 2.0**-23)
        self.margins = (np.full(len(vectors), margin), np.full(len(others), margin))

    def values(self, rows: slice, columns: NDArray[np.intp], *, turned: bool = False) -> Floats:
        """See `Tiles`."""
        return self._sides[turned][rows] @ self._sides[not turned][columns].T

    def columns(self, first: int, last: int) -> tuple[int, int]:
        """See `Tiles`."""
        return first, last

    def scan(self, start: int, stop: int, columns: tuple[int, int], low: tuple[Floats, Floats]) -> Hits:
        """See `Tiles`."""
        first, last = columns
        product = self._sides[0][start:stop] @ self._sides[1][first:last].T
        found = product >= low[0][start:stop, None]
        found |= product >= low[1][None, first:last]
        return hits_of(found, product, start, first)


class Int8Tiles:
    """Products in int8, by ONNX Runtime.

    All rows are turned by one random rotation first, which changes no product and spreads each row evenly over its
    coordinates, so that one step of rounding suits all.
    """

    parallel = True

    def __init__(self, vectors: Floats, others: Floats, *, threads: int = 1) -> None:
        width = vectors.shape[1]
        self._levels = (LEVELS, SEVEN_BITS if saturates() else LEVELS)
        turn = np.linalg.qr(np.random.default_rng(SEED).normal(size=(width, width)))[0].astype(np.float32)
        widest = max(
            widest_of(side, turn, threads) for side in ((vectors,) if others is vectors else (vectors, others))
        )
        same = others is vectors and self._levels[0] == self._levels[1]
        self._steps = tuple(np.float32(widest / levels) for levels in self._levels)
        self._unit = float(self._steps[0]) * float(self._steps[1])
        mine, off = rounded(vectors, turn, self._steps[0], self._levels[0], threads)
        theirs, their_off = (mine, off) if same else rounded(others, turn, self._steps[1], self._levels[1], threads)
        self._sides = (mine, theirs)
        self.margins = (off + their_off.max(initial=0), their_off + off.max(initial=0))

    def values(self, rows: slice, columns: NDArray[np.intp], *, turned: bool = False) -> Floats:
        """See `Tiles`."""
        mine, theirs = self._sides[turned][rows], self._sides[not turned][columns]
        if turned and self._levels[0] != self._levels[1]:  # the side with few levels must be the signed one
            return self._run(theirs, np.ascontiguousarray(mine.T))[0].T * np.float32(self._unit)
        return self._run(mine, np.ascontiguousarray(theirs.T))[0] * np.float32(self._unit)

    def columns(self, first: int, last: int) -> tuple[int, NDArray[np.int8]]:
        """See `Tiles`."""
        return first, np.ascontiguousarray(self._sides[1][first:last].T)

    def scan(self, start: int, stop: int, columns: tuple[int, NDArray[np.int8]], low: tuple[Floats, Floats]) -> Hits:
        """See `Tiles`."""
        first, block = columns
        whole = [self._whole(low[0][start:stop])[:, None], self._whole(low[1][first : first + block.shape[1]])[None, :]]
        product, found = self._run(self._sides[0][start:stop], block, *whole)
        hits = hits_of(found, product, start, first)
        return hits._replace(value=hits.value * np.float32(self._unit))

    def _whole(self, low: Floats) -> NDArray[np.int32]:
        """Return the bounds in whole steps, rounded down."""
        return (np.floor(low.astype(np.float64) / self._unit) - 1).clip(-(2**31), 2**31 - 1).astype(np.int32)

    def _run(self, mine: NDArray[np.int8], theirs: NDArray[np.int8], *low: NDArray[np.int32]) -> list[NDArray[Any]]:
        return integer_product(mine.view(np.uint8) ^ np.uint8(ZERO), theirs, *low)


def widest_of(vectors: Floats, turn: Floats, threads: int) -> float:
    """Return the largest coordinate of turned rows, in magnitude."""

    def widest(start: int) -> float:
        return float(np.abs(vectors[start : start + CHUNK] @ turn).max())

    return max(in_threads(widest, range(0, len(vectors), CHUNK), threads), default=1.0)


def rounded(
    vectors: Floats, turn: Floats, step: np.float32, levels: int, threads: int
) -> tuple[NDArray[np.int8], Floats]:
    """Turn unit rows and round them to whole steps; also return how far that can put each row's products off."""
    result = np.empty(vectors.shape, dtype=np.int8)
    off = np.empty(len(vectors), dtype=np.float32)
    width = vectors.shape[1]
    share = min(1.0, np.sqrt(2 * np.log(2 / CHANCE) / (width - 2))) if width > 2 else 1.0

    def work(start: int) -> None:
        turned = vectors[start : start + CHUNK] @ turn
        whole = np.rint(turned / step).clip(-levels, levels)
        result[start : start + CHUNK] = whole
        rest = turned - whole * step
        length = np.linalg.norm(rest, axis=1)
        along = np.minimum(np.abs(np.einsum("nd,nd->n", rest, turned)) + share * length, length)
        # The last: both rows' rests with each other, and what float32 adds.
        off[start : start + CHUNK] = along + length * length + np.float32(1e-5)

    in_threads(work, range(0, len(vectors), CHUNK), threads)
    return result, off


@cache
def product_session() -> Any:
    """Return the graph of a tile: an int8 product, and where it is over the bound of its row or its column."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1  # each thread of a join scans tiles of its own
    graph = resources.files("contradict").joinpath("models/weights/tile.onnx").read_bytes()
    return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])


def integer_product(
    rows: NDArray[np.uint8],
    columns: NDArray[np.int8],
    row_low: NDArray[np.int32] = NONE,
    column_low: NDArray[np.int32] = NONE,
) -> list[NDArray[Any]]:
    """Return a product, int32, and where it is over the bound of its row or its column."""
    given = {"rows": rows, "columns": columns, "row_low": row_low, "column_low": column_low}
    return list(product_session().run(["product", "found"], given))


@cache
def saturates() -> bool:
    """Say whether this processor's integer product overflows at full range, as AVX2 does without VNNI."""
    mine = np.full((1, 64), 255, dtype=np.uint8)
    theirs = np.full((64, 1), LEVELS, dtype=np.int8)
    product, _ = integer_product(mine, theirs)
    return bool(product[0, 0] != (255 - ZERO) * LEVELS * 64)
