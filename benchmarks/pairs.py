"""The join alone: the ten nearest of every claim in one pool, against the bare matrix product and against peers.

    python -m benchmarks.pairs [--sizes 10000 100000] [--runs 3] [--write]

The vectors are random, in clusters as claims on topics are: cosines of 0.5 within a cluster, 0 between. The bare
product is the same half of it, tile by tile, with nothing done to the tiles. Peers are called as their documentation
shows, for the ten nearest of every vector (eleven where they count a vector as its own neighbour), and search the whole
product. All in one run, in turn; ratios are taken within a round.
"""

from __future__ import annotations

import contextlib
import functools
import statistics
import sys
import time
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.command import finish, parser
from benchmarks.environment import environment
from contradict.pairs import find_pairs

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

WIDTH, TOP_K, OF_A_CLUSTER, SEED = 384, 10, 20, 0


def clustered(count: int) -> NDArray[np.float32]:
    """Return unit vectors (count, WIDTH) around one centre for every twenty."""
    chance = np.random.default_rng(SEED)
    centres = chance.normal(size=(max(1, count // OF_A_CLUSTER), WIDTH)).astype(np.float32)
    vectors = centres[chance.integers(0, len(centres), count)]
    vectors += chance.normal(size=vectors.shape).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def bare(vectors: NDArray[np.float32]) -> None:
    """Compute the tiles and do nothing with them."""
    for _ in tiles(vectors, None, TILE):
        pass


def paraphrase_mining(vectors: NDArray[np.float32]) -> object:
    """sentence-transformers."""
    import torch
    from sentence_transformers import util

    return util.paraphrase_mining_embeddings(torch.from_numpy(vectors), top_k=TOP_K, max_pairs=len(vectors) * TOP_K)


def semantic_search(vectors: NDArray[np.float32]) -> object:
    """sentence-transformers, each vector as a query."""
    import torch
    from sentence_transformers import util

    of = torch.from_numpy(vectors)
    return util.semantic_search(of, of, top_k=TOP_K + 1, score_function=util.dot_score)


def faiss_flat(vectors: NDArray[np.float32]) -> object:
    """faiss, exact."""
    import faiss

    index = faiss.IndexFlatIP(WIDTH)
    index.add(vectors)
    return index.search(vectors, TOP_K + 1)


def usearch_exact(vectors: NDArray[np.float32]) -> object:
    """usearch, exact."""
    from usearch.index import MetricKind, search

    return search(vectors, vectors, TOP_K + 1, MetricKind.IP, exact=True)


def scikit_learn(vectors: NDArray[np.float32]) -> object:
    """scikit-learn, brute force."""
    from sklearn.neighbors import NearestNeighbors

    found: Any = NearestNeighbors(n_neighbors=TOP_K, metric="cosine", algorithm="brute").fit(vectors)
    return found.kneighbors()


PEERS = (paraphrase_mining, semantic_search, faiss_flat, usearch_exact, scikit_learn)


def agreement(vectors: NDArray[np.float32], sample: int = 200) -> float:
    """Return the share of the nearest of some claims, by a plain product, that the join has."""
    pairs = find_pairs(vectors, top_k=TOP_K)
    have = {*zip(pairs.left.tolist(), pairs.right.tolist())}
    rows = np.random.default_rng(SEED).choice(len(vectors), sample, replace=False)
    product = vectors[rows] @ vectors.T
    product[np.arange(sample), rows] = -2
    nearest = np.argpartition(-product, TOP_K, axis=1)[:, :TOP_K]
    wanted = [(min(i, j), max(i, j)) for i, of in zip(rows.tolist(), nearest.tolist()) for j in of]
    return sum(pair in have for pair in wanted) / len(wanted)


def main() -> None:
    """Measure and print, or write, the result."""
    commands = parser(__doc__)
    commands.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000])
    commands.add_argument("--runs", type=int, default=3)
    options = commands.parse_args()
    few = clustered(100)
    for way in (bare, find_pairs, *PEERS):  # import, start threads
        with contextlib.suppress(ImportError):
            way(few)
    sizes = {}
    for count in options.sizes:
        vectors = clustered(count)
        ways: dict[str, Callable[[], object]] = {
            "bare half product": functools.partial(bare, vectors),
            "contradict": functools.partial(find_pairs, vectors, top_k=TOP_K),
            **{peer.__name__: functools.partial(peer, vectors) for peer in PEERS},
        }
        seconds: dict[str, list[float]] = {name: [] for name in ways}
        failed: dict[str, str] = {}
        for _ in range(options.runs):
            for name, way in ways.items():
                if name in failed:
                    continue
                start = time.perf_counter()
                try:
                    way()
                except (ImportError, MemoryError, RuntimeError) as error:  # a peer's failure is a result
                    failed[name] = f"{type(error).__name__}: {error}"
                    continue
                seconds[name].append(round(time.perf_counter() - start, 2))
                sys.stderr.write(f"{count:,} {name}: {seconds[name][-1]} s\n")
        own = seconds["contradict"]
        sizes[count] = {
            "seconds": seconds,
            "failed": failed,
            "of_the_bare_product": round(
                statistics.median(a / b for a, b in zip(own, seconds["bare half product"])), 3
            ),
            "times_faster_than": {
                peer.__name__: round(statistics.median(b / a for a, b in zip(own, seconds[peer.__name__])), 2)
                for peer in PEERS
                if seconds[peer.__name__]
            },
            "recall": agreement(vectors),
        }
    finish("pairs", {"environment": environment(), "sizes": sizes}, write=options.write)


if __name__ == "__main__":
    main()
