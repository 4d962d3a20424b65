"""Fit the ranking of pairs, and draw what a budget finds: the share of conflicts against the share of pairs judged.

    python -m benchmarks.ranking [--shared ../shared] [--write]

It is fitted on pools made of labelled training pairs: premises as queries, hypotheses of the same set and language as
documents, each query with its ten nearest documents and those labelled for it; what is labelled a contradiction is to
come first. It is measured on pools of development sets that nothing was trained on, and on the fixtures' claims as
`compare` pairs them, against the cosine alone and against the cosine plus the Hoyer sparsity of the difference, as in
SparseCL (Xu et al. 2024, arXiv:2406.10746; its own encoder is not used). Conflicts are counted twice: by gold, and as
what `compare` flags when it judges every pair.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from benchmarks.calibrate import POOLS, pool_pairs
from benchmarks.command import ROOT, finish, parser, rows_of
from benchmarks.environment import environment
from benchmarks.fixtures import gold_of
from contradict import Detector, models
from contradict.claims import read_claims
from contradict.labelled import read_labelled
from contradict.models.bundled import WEIGHTS, BundledEncoder
from contradict.ranking import Ranking, features, looked_at, word_features

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

TRAINED_ON = {
    "xnli_dev_90": ("ar", "ru", "en", "de", "fr", "es", "tr", "zh", "hi"),
    "ans_train": ("ar",),
    "ling_in_loop": ("en",),
    "snli_18k": ("en",),
    "fever_val_2of3": ("en",),
    "indonli": ("id",),
    "farstail": ("fa",),
    "inferes": ("es",),
}
QUERIES, NEAREST, SEED = 500, 10, 0
SHARES = (0.05, 0.1, 0.25, 0.5)


@dataclass(frozen=True)
class Pool:
    """Pairs of a pool: their vectors, features of words, and which are conflicts by gold and by the models."""

    left: NDArray[np.float32]
    right: NDArray[np.float32]
    words: NDArray[np.float64]
    gold: NDArray[np.bool_]
    flagged: NDArray[np.bool_] | None = None


def training_pool(path: Path, lang: str, encoder: BundledEncoder) -> Pool:
    """Return pairs of some premises with their nearest hypotheses and those labelled for them."""
    labels: dict[str, dict[str, str]] = {}
    for pair in read_labelled(path):
        if pair.languages == lang:
            labels.setdefault(pair.premise, {})[pair.hypothesis] = pair.label
    premises = sorted(labels)
    random.Random(SEED).shuffle(premises)
    premises = premises[:QUERIES]
    documents = sorted({hypothesis for premise in premises for hypothesis in labels[premise]})
    queries, vectors = (encoder.centre(encoder.encode(side)) for side in (premises, documents))
    number = {document: row for row, document in enumerate(documents)}
    rows, columns, gold = [], [], []
    for row, (premise, cosines) in enumerate(zip(premises, queries @ vectors.T)):
        near = {*np.argsort(-cosines)[:NEAREST].tolist(), *(number[h] for h in labels[premise])}
        for column in sorted(near):
            rows.append(row)
            columns.append(column)
            gold.append(labels[premise].get(documents[column]) == "contradiction")
    words = np.array([word_features(looked_at(premises[i]), looked_at(documents[j])) for i, j in zip(rows, columns)])
    return Pool(queries[rows], vectors[columns], words, np.array(gold))


def fit(pools: list[Pool], encoder: str) -> Ranking:
    """Fit the coefficients; the scaling of the features is taken into them."""
    of_pairs = np.concatenate([features(pool.left, pool.right, pool.words) for pool in pools])
    gold = np.concatenate([pool.gold for pool in pools])
    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.01, class_weight="balanced", max_iter=500))
    model.fit(of_pairs, gold)
    scaler, regression = model[0], model[1]
    return Ranking((regression.coef_[0] / scaler.scale_).astype(np.float32), encoder)


def measured_pool(rows: list[dict], encoder: BundledEncoder, detector: Detector) -> Pool:
    """Return the pairs of a development pool, with what the models say of each."""
    pairs = pool_pairs(rows, encoder)
    left, right = (encoder.centre(encoder.encode([pair[side] for pair in pairs])) for side in (0, 1))
    words = np.array([word_features(looked_at(a), looked_at(b)) for a, b, *_ in pairs])
    judged = detector.nli.predict_both([(a, b) for a, b, *_ in pairs])
    return Pool(left, right, words, np.array([pair[3] for pair in pairs]), flags(judged, (left * right).sum(axis=1)))


def flags(both: NDArray[np.float32], cosine: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Return which verdicts are conflicts at the default threshold."""
    from contradict.verdicts import Verdicts

    return models.bundled_calibration().probability(Verdicts(both[:, 0], both[:, 1]), cosine) >= 0.5


def fixture_pool(name: str, encoder: BundledEncoder, detector: Detector) -> Pool:
    """Return the pairs that `compare` judges of a fixture."""
    path = ROOT / "fixtures" / f"{name}.jsonl"
    report, gold = detector.compare(read_claims(path)), gold_of(name)
    texts = [[pair.a.text for pair in report.judged], [pair.b.text for pair in report.judged]]
    left, right = (encoder.centre(encoder.encode(side)) for side in texts)
    words = np.array([word_features(looked_at(a), looked_at(b)) for a, b in zip(*texts)])
    is_gold = [gold.get(frozenset((pair.a.id, pair.b.id))) == "conflict" for pair in report.judged]
    return Pool(left, right, words, np.array(is_gold), np.array([pair.probability >= 0.5 for pair in report.judged]))


def found(score: NDArray[np.floating], conflicts: NDArray[np.bool_]) -> dict[str, float]:
    """Return the share of the conflicts among the best so many of the pairs."""
    ranked = conflicts[np.argsort(-score, kind="stable")]
    return {str(share): round(float(ranked[: int(share * len(ranked))].sum() / ranked.sum()), 3) for share in SHARES}


def curves(pool: Pool, ranking: Ranking) -> dict[str, object]:
    """Return what each way of ranking finds."""
    cosine = (pool.left * pool.right).sum(axis=1)
    difference = pool.left - pool.right
    root = np.sqrt(difference.shape[1])
    hoyer = (root - np.abs(difference).sum(axis=1) / np.linalg.norm(difference, axis=1).clip(1e-9)) / (root - 1)
    ways = {
        "cosine": cosine,
        "cosine + Hoyer sparsity": cosine + hoyer,
        "ranking": features(pool.left, pool.right, pool.words) @ ranking.weights,
    }
    kinds = {"gold": pool.gold, "flagged": pool.flagged}
    return {
        "pairs": len(cosine),
        **{
            kind: {"conflicts": int(conflicts.sum()), **{name: found(score, conflicts) for name, score in ways.items()}}
            for kind, conflicts in kinds.items()
            if conflicts is not None and conflicts.any()
        },
    }


def main() -> None:
    """Fit, measure, and print or write."""
    options = parser(__doc__).parse_args()
    encoder, detector = BundledEncoder(), Detector()
    train = options.shared / "nli" / "train"
    pools = [
        training_pool(train / f"{name}.jsonl.gz", lang, encoder) for name, langs in TRAINED_ON.items() for lang in langs
    ]
    ranking = fit(pools, encoder.name)
    measured = {
        name: measured_pool(rows_of(options.shared / "corpora" / f"retrieval_{name}.jsonl.gz"), encoder, detector)
        for name in POOLS
    } | {name: fixture_pool(name, encoder, detector) for name in ("airstrikes", "flood")}
    result = {
        "environment": environment(),
        "fitted_on": {
            "pairs": sum(len(pool.gold) for pool in pools),
            "conflicts": int(sum(p.gold.sum() for p in pools)),
        },
        "pools": {name: curves(pool, ranking) for name, pool in measured.items()},
    }
    finish("ranking", result, write=options.write)
    if options.write:
        ranking.write(WEIGHTS / "ranking.npz")


if __name__ == "__main__":
    main()
