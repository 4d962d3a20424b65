"""The join alone: the ten nearest of every claim in one pool, against the bare matrix product and against peers.

    python -m benchmarks.pairs [--sizes 10000 100000] [--data clusters texts] [--runs 1] [--ways ...] [--write]

Data: ``clusters`` are random vectors, twenty around a centre; ``texts`` are the bundled encoder's vectors of the
development sets' texts, with noisy copies up to the size (see `benchmarks.vectors`). The bare product is the same half
of it in float32, tile by tile, by numpy, with nothing done to the tiles. Peers are called as their documentation shows,
for the ten nearest of every vector (eleven where they count a vector as its own neighbour), and search the whole
product. Each way runs in a process of its own, in turn; reading the vectors and importing is not timed, building an
index is. A way that takes longer than ``--seconds`` is ended, and that is its result; so is that it would, by its time
at the size before and the square of the sizes. Memory is the peak of the whole
process, vectors included. Recall is the share of the ten nearest of 1,000 claims, found one by one, that a way has.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.command import ROOT, finish, parser
from benchmarks.environment import environment
from benchmarks.vectors import SEED, clustered, of_texts
from contradict.pairs import COLUMNS, ROWS, find_pairs, spans

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Found = tuple[NDArray[np.integer], NDArray[np.integer]] | None

TOP_K, SAMPLE = 10, 1_000


def bare(vectors: Floats) -> None:
    """Compute the half product tile by tile and do nothing with it."""
    for first, last in spans(len(vectors), COLUMNS):
        for start, stop in spans(last, ROWS):
            vectors[start:stop] @ vectors[first:last].T


def contradict(vectors: Floats, **options: Any) -> Found:
    """Ours."""
    pairs = find_pairs(vectors, top_k=TOP_K, **options)
    return pairs.left, pairs.right


def flat(neighbours: NDArray[np.integer]) -> Found:
    """Turn lists of neighbours, (n, k), into pairs."""
    rows = np.repeat(np.arange(len(neighbours)), neighbours.shape[1])
    return rows, neighbours.reshape(-1)


def paraphrase_mining(vectors: Floats) -> Found:
    """sentence-transformers."""
    import torch
    from sentence_transformers import util

    of = torch.from_numpy(vectors)
    found = util.paraphrase_mining_embeddings(of, top_k=TOP_K, max_pairs=len(vectors) * TOP_K)
    _, left, right = zip(*found)
    return np.array(left), np.array(right)


def semantic_search(vectors: Floats) -> Found:
    """sentence-transformers, each vector as a query."""
    import torch
    from sentence_transformers import util

    of = torch.from_numpy(vectors)
    found = util.semantic_search(of, of, top_k=TOP_K + 1, score_function=util.dot_score)
    return flat(np.array([[hit["corpus_id"] for hit in hits] for hits in found]))


def faiss_flat(vectors: Floats) -> Found:
    """faiss, exact."""
    import faiss

    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    return flat(index.search(vectors, TOP_K + 1)[1])


def usearch_exact(vectors: Floats) -> Found:
    """usearch, exact."""
    from usearch.index import MetricKind, search

    return flat(search(vectors, vectors, TOP_K + 1, MetricKind.IP, exact=True).keys)


def scikit_learn(vectors: Floats) -> Found:
    """scikit-learn, brute force."""
    from sklearn.neighbors import NearestNeighbors

    found: Any = NearestNeighbors(n_neighbors=TOP_K, metric="cosine", algorithm="brute").fit(vectors)
    return flat(found.kneighbors(return_distance=False))


def usearch_hnsw(vectors: Floats) -> Found:
    """usearch, its index of int8 vectors, as it comes."""
    from usearch.index import Index

    index = Index(ndim=vectors.shape[1], metric="ip", dtype="i8")
    index.add(np.arange(len(vectors)), vectors)
    return flat(index.search(vectors, TOP_K + 1).keys)


def faiss_hnsw(vectors: Floats) -> Found:
    """faiss, its graph over 8-bit codes, 32 links a vector as its documentation advises."""
    import faiss

    index = faiss.index_factory(vectors.shape[1], "HNSW32_SQ8", faiss.METRIC_INNER_PRODUCT)
    index.train(vectors[:: max(1, len(vectors) // 50_000)])
    index.add(vectors)
    faiss.ParameterSpace().set_index_parameter(index, "efSearch", 64)
    return flat(index.search(vectors, TOP_K + 1)[1])


OURS: dict[str, Callable[[Floats], Found]] = {
    "contradict": contradict,
    "contradict_float32": partial(contradict, precision="float32"),
    "contradict_approximate": partial(contradict, search="approximate"),
}
PEERS = (paraphrase_mining, semantic_search, faiss_flat, usearch_exact, scikit_learn)
INDEXES = (faiss_hnsw, usearch_hnsw)
WAYS: dict[str, Callable[[Floats], Found]] = {
    "bare_half_product": bare,
    **OURS,
    **{way.__name__: way for way in (*PEERS, *INDEXES)},
}
USUAL = ("bare_half_product", "contradict", "contradict_float32", *(peer.__name__ for peer in PEERS))


def recall(vectors: Floats, found: Found) -> float:
    """Return the share of the nearest of some claims, by a plain product, that a way has."""
    rows = np.sort(np.random.default_rng(SEED).choice(len(vectors), min(SAMPLE, len(vectors)), replace=False))
    wanted: list[int] = []
    for start, stop in spans(len(rows), 50):
        some = rows[start:stop]
        product = vectors[some] @ vectors.T
        product[np.arange(len(some)), some] = -2
        nearest = np.argpartition(-product, TOP_K, axis=1)[:, :TOP_K]
        mine = np.repeat(some, TOP_K)
        theirs = nearest.reshape(-1)
        wanted += (np.minimum(mine, theirs) * len(vectors) + np.maximum(mine, theirs)).tolist()
    left, right = (np.asarray(side).astype(np.int64) for side in found or ((), ()))
    sampled = np.isin(left, rows) | np.isin(right, rows)
    left, right = left[sampled], right[sampled]
    have = np.minimum(left, right) * len(vectors) + np.maximum(left, right)
    return float(np.isin(np.array(wanted), have).mean())


def one(way: str, file: Path) -> dict[str, Any]:
    """Measure one way in this process."""
    vectors = np.load(file)
    WAYS[way](clustered(4_000)[:, : vectors.shape[1]].copy())  # import, start threads
    start, start_of_all = time.perf_counter(), time.process_time()
    found = WAYS[way](vectors)
    seconds, processor = time.perf_counter() - start, time.process_time() - start_of_all
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    result: dict[str, Any] = {"seconds": round(seconds, 3), "processor_seconds": round(processor, 3)}
    result["peak_memory_mb"] = peak
    if found is not None:
        result["recall"] = round(recall(vectors, found), 4)
    return result


def measured(way: str, file: Path, seconds: float) -> dict[str, Any]:
    """Measure one way in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.pairs", "--one", way, "--vectors", str(file)]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=seconds, check=True)
    except subprocess.TimeoutExpired:
        return {"failed": f"over {seconds:g} s"}
    except subprocess.CalledProcessError as error:  # a peer's failure is a result
        return {"failed": (error.stderr.strip().splitlines() or [f"ended with {error.returncode}"])[-1]}
    loaded: dict[str, Any] = json.loads(done.stdout)
    return loaded


def foreseen(way: str, count: int, before: dict[int, Any], seconds: float) -> list[dict[str, Any]]:
    """Return the failure of a peer that would take too long by its time at the size before; else nothing."""
    if not before or way in OURS or way == "bare_half_product":
        return []
    size = max(before)
    took = [one for one in before[size]["seconds"][way] if one is not None]
    expected = min(took) * (count / size) ** 2 if took else None
    if expected is None or expected <= seconds:
        return [{"failed": before[size]["failed"][way]}] if expected is None else []
    return [{"failed": f"not run: about {expected:.0f} s expected, over {seconds:g} s"}]


def summary(rounds: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """Return the seconds of each way and its ratios, taken within a round."""

    def ratio(mine: str, theirs: str) -> float | None:
        both = [(a["seconds"], b["seconds"]) for a, b in zip(rounds[mine], rounds[theirs]) if "failed" not in {*a, *b}]
        return round(statistics.median(a / b for a, b in both), 3) if both else None

    ours = [way for way in OURS if way in rounds]
    return {
        "seconds": {way: [one.get("seconds") for one in found] for way, found in rounds.items()},
        "processor_seconds": {way: [one.get("processor_seconds") for one in found] for way, found in rounds.items()},
        "peak_memory_mb": {way: max(one.get("peak_memory_mb", 0) for one in found) for way, found in rounds.items()},
        "recall": {way: found[0]["recall"] for way, found in rounds.items() if "recall" in found[0]},
        "failed": {way: found[0]["failed"] for way, found in rounds.items() if "failed" in found[0]},
        "of_the_bare_product": {way: ratio(way, "bare_half_product") for way in ours if "bare_half_product" in rounds},
        "times_faster_than": {
            way: ratio(way, "contradict")
            for way in rounds
            if way not in (*OURS, "bare_half_product") and "contradict" in rounds
        },
    }


def add_options(commands: argparse.ArgumentParser) -> None:
    """Describe the options."""
    add = commands.add_argument
    add("--sizes", type=int, nargs="+", default=[10_000, 100_000])
    add("--data", nargs="+", choices=("clusters", "texts"), default=["clusters"])
    add("--ways", nargs="+", choices=tuple(WAYS), default=USUAL, metavar="WAY", help=f"of {', '.join(WAYS)}")
    add("--runs", type=int, default=1)
    add("--seconds", type=float, default=100, help="most that a way may take (%(default)s)")
    add("--name", default="pairs", help="of the file in benchmarks/results/ (%(default)s)")
    add("--one", choices=tuple(WAYS), help=argparse.SUPPRESS)
    add("--vectors", type=Path, help=argparse.SUPPRESS)


def main() -> None:
    """Measure and print, or write, the result."""
    commands = parser(__doc__)
    add_options(commands)
    options = commands.parse_args()
    if options.one:
        sys.stdout.write(json.dumps(one(options.one, options.vectors)))
        return
    sizes: dict[str, dict[int, Any]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for data in options.data:
            for count in sorted(options.sizes):
                file = Path(folder) / "vectors.npy"
                np.save(file, clustered(count) if data == "clusters" else of_texts(options.shared, count))
                rounds: dict[str, list[dict[str, Any]]] = {way: [] for way in options.ways}
                for way in rounds:
                    rounds[way] = foreseen(way, count, sizes.get(data, {}), options.seconds)
                for _ in range(options.runs):
                    for way, done in rounds.items():
                        if done and "failed" in done[-1]:
                            continue
                        done.append(measured(way, file, options.seconds))
                        sys.stderr.write(f"{data}, {count:,}, {way}: {done[-1]}\n")
                sizes.setdefault(data, {})[count] = summary(rounds)
    result = {"environment": environment(), "top_k": TOP_K, "seed": SEED, "data": sizes}
    finish(options.name, result, write=options.write)


if __name__ == "__main__":
    main()
