"""Neighbours: each claim's nearest by an approximate index, for pools too large to compare every pair of.

The index is faiss's inverted file: vectors are put into cells around k-means centres, a claim looks into the nearest
cells only, and there at short codes (product quantisation in 4 bits, scanned from registers: André et al. 2017,
arXiv:1704.07355). What it finds is put in order by exact cosines. It was chosen by measuring: see
``docs/benchmarks.md``.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from contradict.candidates import Chosen, cosines, ranks
from contradict.errors import OptionError
from contradict.workers import in_threads

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from contradict.constraints import Constraints

    Floats = NDArray[np.float32]

CELLS = 2.0  # times the square root of the number of vectors
PROBES = 64  # cells that a claim looks into
OF_A_CELL = 40  # vectors to train on, for each cell: faiss advises 39 and more
ROUNDS = 10  # of k-means
OVER = 6  # times as many neighbours are asked for as are wanted, as codes are coarse
MOST = 1_024  # neighbours asked for where constraints leave too few
ROWS = 1 << 12  # claims asked for at a time
WIDE = 128  # from this width on product quantisation keeps enough
SEED = 1


def library() -> Any:
    """Return faiss, or say how to get it."""
    try:
        import faiss
    except ImportError:
        message = (
            "an approximate search needs faiss; run: pip install 'contradict-claims[index]', or pass search=\"exact\""
        )
        raise OptionError(message) from None
    return faiss


@contextmanager
def faiss_threads(faiss: Any, threads: int) -> Iterator[None]:
    """Let faiss use so many threads while the block runs."""
    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(threads)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(before)


def built(vectors: Floats, faiss: Any) -> Any:
    """Return an index of vectors; the same vectors give the same index."""
    count, width = vectors.shape
    cells = max(1, min(int(CELLS * np.sqrt(count)), count // OF_A_CELL))
    codes = f"PQ{width // 4}x4fs" if width % 4 == 0 and width >= WIDE else "SQ8"
    index = faiss.index_factory(width, f"IVF{cells},{codes}", faiss.METRIC_INNER_PRODUCT)
    index.cp.niter, index.cp.seed = ROUNDS, SEED
    some = np.linspace(0, count - 1, min(count, max(cells * OF_A_CELL, 10_000))).astype(np.intp)
    index.train(np.ascontiguousarray(vectors[some]))
    for start in range(0, count, ROWS):
        index.add(np.ascontiguousarray(vectors[start : start + ROWS]))
    index.nprobe = min(PROBES, cells)
    return index


def neighbours(
    vectors: Floats, others: Floats, apart: Constraints, top_k: int, *, within: bool, threads: int
) -> Chosen:
    """Return, for each row of `vectors`, so many of its nearest in `others` as an index finds them.

    Parameters
    ----------
    vectors, others
        Unit rows, (n, d) and (m, d).
    apart
        Constraints on rows of `vectors` and of `others`. Where they leave a claim too few neighbours, more are asked
        for, up to `MOST`.
    top_k
        Neighbours of each.
    within
        Whether both are one pool, in which no claim is its own neighbour.
    threads
        Threads of faiss.
    """
    faiss = library()
    with faiss_threads(faiss, threads):
        index = built(others, faiss)
        parts = []
        for start in range(0, len(vectors), ROWS):
            rows = np.arange(start, min(start + ROWS, len(vectors)))
            wanted = top_k * OVER + within
            while len(rows):
                wanted = min(wanted, len(others))
                found = index.search(np.ascontiguousarray(vectors[rows]), wanted)[1]
                allowed = found >= 0
                if within:
                    allowed &= found != rows[:, None]
                if apart:
                    allowed &= apart.allowed(rows[:, None], np.maximum(found, 0))
                enough = (allowed.sum(axis=1) >= top_k) | (wanted >= min(MOST, len(others)))
                place, column = np.nonzero(allowed & enough[:, None])
                parts.append(nearest(vectors, rows[place], others, found[place, column], top_k, threads))
                rows, wanted = rows[~enough], wanted * OVER
    return Chosen(*(np.concatenate(column) for column in zip(*parts)))


def nearest(
    vectors: Floats, mine: NDArray[np.intp], others: Floats, theirs: NDArray[np.intp], top_k: int, threads: int
) -> Chosen:
    """Return the nearest of each claim by exact cosines, ties by index."""
    step = max(1, -(-len(mine) // threads))
    shares = (slice(start, start + step) for start in range(0, len(mine), step))
    found = in_threads(lambda share: cosines(vectors, mine[share], others, theirs[share]), shares, threads)
    value = np.concatenate(found) if found else np.empty(0, dtype=np.float32)
    order = np.lexsort((theirs, -value, mine))
    order = order[ranks(mine[order]) < top_k]
    return Chosen(mine[order], theirs[order], value[order])
