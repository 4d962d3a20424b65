"""Train what ranks pairs before they are judged, and write it into contradict/models/weights/ranker.npz.

    python -m benchmarks.ranker [--shared ../shared] [--pools FILE] [--write]

A pool is made of each training set, and of one set with each text in a language drawn by chance; its pairs are those
that `compare` would judge. What is learned: whether people called the pair a contradiction, or the model flags it. Each
pool weighs the same, its conflicts as much as the rest, so that nothing is learned from one pool having more of them.
The network is scikit-learn's; its weights are then rounded to whole numbers. `python -m benchmarks.budget` measures it
on sets that are not among these.

Drawing the pools and having the model read their pairs takes most of the time; ``--pools`` keeps them in a file.
"""

from __future__ import annotations

import pickle
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score
from sklearn.neural_network import MLPClassifier

from benchmarks.command import parser
from benchmarks.ranker_pools import CONFLICT, TOP_K, UNKNOWN, Pool, pools
from contradict.models.bundled import WEIGHTS, BundledEncoder, BundledNLI
from contradict.pairs import find_pairs
from contradict.ranking import (
    EXACT,
    HIDDEN_LEVELS,
    MARKS,
    Marks,
    Ranker,
    compared,
    fill,
    standing,
    sum_bounds,
    whole,
)

HIDDEN, EPOCHS, DECAY, SEED = 16, 8, 3.0, 0
FLAGGED = 0.5
UNLABELLED_WEIGHT = 2.0  # there are more of them than were drawn
ENOUGH = 150  # conflicts; a pool with fewer weighs less
# The model was trained on this set, in which every pair is a contradiction, and flags nearly all of its neighbours.
NOT_FLAGGED = ("daccord_fr_contradictions",)


def features_of(pool: Pool) -> NDArray[np.float32]:
    """Return what the network reads of each pair, in whole numbers (n, 2 d + marks)."""
    every = find_pairs(pool.vectors, min_similarity=BundledEncoder.min_similarity, top_k=TOP_K)
    number = {key: row for row, key in enumerate(zip(every.left.tolist(), every.right.tolist()))}
    rows = [number[key] for key in zip(pool.left.tolist(), pool.right.tolist())]
    claims = [
        SimpleNamespace(text=text, lang=lang, date=None) for text, lang in zip(pool.texts, pool.langs, strict=True)
    ]
    marks = Marks.of(claims)
    vectors = whole(pool.vectors)
    width = vectors.shape[1]
    features = np.empty((len(rows), 2 * width + len(MARKS)), dtype=np.float32)
    fill(features, vectors[pool.left], vectors[pool.right])
    stands = (column[rows] for column in standing(every, within=True))
    columns = (*stands, *compared(marks[pool.left], marks[pool.right]))
    features[:, 2 * width :] = np.stack([np.asarray(column, dtype=np.float32) for column in columns], axis=1)
    return features


def truth_of(pool: Pool) -> NDArray[np.bool_]:
    """Return which pairs are to come first."""
    flagged = pool.taught >= (2 if pool.name in NOT_FLAGGED else FLAGGED)
    return (pool.gold == CONFLICT) | flagged


def weights_of(pool: Pool) -> NDArray[np.float64]:
    """Return what each pair of a pool weighs: conflicts and the rest the same together."""
    weights = np.where(pool.gold == UNKNOWN, UNLABELLED_WEIGHT, 1.0)
    truth = truth_of(pool)
    share = min(1.0, weights[truth].sum() / ENOUGH)
    of_class = np.where(truth, weights[truth].sum(), weights[~truth].sum())
    return weights / of_class * share


def rounded(model: MLPClassifier, features: NDArray[np.float32], scales: NDArray[np.float32], about: str) -> Ranker:
    """Return the trained network in whole numbers, as large as its sums stay exact with.

    Parameters
    ----------
    model
        Trained on ``features * scales``.
    features
        Of the training pairs, for how far a hidden unit goes.
    scales
        Of each feature.
    about
        What it was trained on.
    """
    hidden, bias, out = model.coefs_[0] * scales[:, None], model.intercepts_[0], model.coefs_[1][:, 0]
    half = sum_bounds(np.full_like(hidden, 0.5), np.full_like(bias, 0.5))  # what rounding adds at most
    levels = (EXACT - 1 - half) / sum_bounds(hidden, bias)
    reach = np.quantile(np.maximum(features @ hidden.astype(np.float32) + bias, 0).max(axis=1), 0.999)
    of_out = (EXACT / HIDDEN_LEVELS - 1 - len(out) / 2) / np.abs(out).sum()
    return Ranker(
        np.rint(hidden * levels).astype(np.float32),
        np.rint(bias * levels).astype(np.float32),
        (HIDDEN_LEVELS / reach / levels).astype(np.float32),
        np.rint(out * of_out).astype(np.float32),
        BundledEncoder.name,
        about,
    )


def main() -> None:
    """Train, say how well the rounded network agrees with the one it was made of, and write it."""
    commands = parser(__doc__)
    commands.add_argument("--pools", type=Path, help="keep the pools in this file; if it is there, read them from it")
    options = commands.parse_args()
    if options.pools and options.pools.is_file():
        drawn: list[Pool] = pickle.loads(options.pools.read_bytes())  # our own file
    else:
        drawn = pools(options.shared / "nli" / "train", BundledEncoder(), BundledNLI(), seed=SEED)
        if options.pools:
            options.pools.write_bytes(pickle.dumps(drawn))
    features = np.concatenate([features_of(pool) for pool in drawn])
    truth = np.concatenate([truth_of(pool) for pool in drawn])
    weights = np.concatenate([weights_of(pool) for pool in drawn])
    weights *= len(weights) / weights.sum()
    scales = 1 / np.maximum(features.std(axis=0), 0.1)
    model = MLPClassifier(
        (HIDDEN,), alpha=DECAY, batch_size=512, learning_rate_init=1e-3, max_iter=EPOCHS, random_state=SEED
    )
    model.fit(features * scales, truth, sample_weight=weights)
    about = f"{len(truth)} pairs of {len(drawn)} pools of {len({pool.name for pool in drawn})} sets, seed {SEED}"
    ranker = rounded(model, features, scales, about)
    exact = model.predict_proba(features * scales)[:, 1]
    units = np.clip(np.rint((features @ ranker.hidden + ranker.bias) * ranker.scale), 0, HIDDEN_LEVELS)
    score = units @ ranker.out
    areas = [round(float(roc_auc_score(truth, one, sample_weight=weights)), 4) for one in (exact, score)]
    sys.stdout.write(f"{about}; area under the curve on them {areas[0]}, in whole numbers {areas[1]}\n")
    if options.write:
        ranker.write(WEIGHTS / "ranker.npz")


if __name__ == "__main__":
    main()
