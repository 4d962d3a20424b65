"""Vectors for the benchmarks of pairing: made by rule, and those of real texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from benchmarks.command import ROOT, rows_of

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

WIDTH, OF_A_CLUSTER, SEED = 384, 20, 0
NOISE = (0.3, 1.0)  # length of what is added to a vector of length 1: cosines of 0.5 to 0.92 between two copies
AT_ONCE = 1 << 15


def unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Bring rows to length 1, in place."""
    for start in range(0, len(vectors), AT_ONCE):
        rows = vectors[start : start + AT_ONCE]
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return vectors


def clustered(count: int) -> NDArray[np.float32]:
    """Return unit vectors (count, WIDTH) around one centre for every twenty: cosines of 0.5 within, 0 between."""
    chance = np.random.default_rng(SEED)
    centres = chance.standard_normal((max(1, count // OF_A_CLUSTER), WIDTH), dtype=np.float32)
    of = chance.integers(0, len(centres), count)
    vectors = chance.standard_normal((count, WIDTH), dtype=np.float32)
    for start in range(0, count, AT_ONCE):
        vectors[start : start + AT_ONCE] += centres[of[start : start + AT_ONCE]]
    return unit(vectors)


def of_texts(shared: Path, count: int) -> NDArray[np.float32]:
    """Return unit vectors of the texts of the development sets, and where there are too few, copies with noise.

    The vectors are those of the bundled encoder, centred as `compare` does. They are kept in runs/ for the next time.
    """
    kept = ROOT / "runs" / "vectors.npy"
    if not kept.is_file():
        from contradict.models.bundled import BundledEncoder
        from contradict.vectors import embed

        texts = {
            row[side]
            for path in sorted((shared / "nli" / "dev").glob("*.jsonl.gz"))
            for row in rows_of(path)
            for side in ("premise", "hypothesis")
        }
        kept.parent.mkdir(exist_ok=True)
        np.save(kept, embed(sorted(texts), BundledEncoder()))
    texts_of = np.load(kept)
    chance = np.random.default_rng(SEED)
    order = chance.permutation(len(texts_of))
    vectors = np.empty((count, texts_of.shape[1]), dtype=np.float32)
    for start in range(0, count, AT_ONCE):
        place = np.arange(start, min(start + AT_ONCE, count))
        noise = chance.standard_normal((len(place), vectors.shape[1]), dtype=np.float32)
        noise *= chance.uniform(*NOISE, (len(place), 1)).astype(np.float32) / np.sqrt(np.float32(vectors.shape[1]))
        noise[place < len(texts_of)] = 0  # the texts themselves come first
        vectors[place] = texts_of[order[place % len(texts_of)]] + noise
    return unit(vectors)
