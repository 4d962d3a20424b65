"""How well the cosine tells claims that contradict each other from claims about different things.

    python -m benchmarks.similarity [--shared ../shared] [--write]

Pairs labelled contradiction are the positives; the premises of the same set with the hypotheses of other pairs are the
negatives. Raw e5 vectors against vectors with the languages' means taken out (`BundledEncoder.centre`).
"""

from __future__ import annotations

import random
from itertools import combinations_with_replacement
from pathlib import Path

import numpy as np
from sklearn.metrics import roc_auc_score

from benchmarks.command import finish, parser, rows_of
from benchmarks.environment import environment
from contradict.models.bundled import BundledEncoder

NEWS = ("ans_dev", "emergent_dev", "klue_nli_dev", "persian_headlines_dev", "stance_syria_rationale_dev_ar")
LANGUAGES = ("ar", "en", "fr", "hi", "ru", "zh")
PAIRS, NEGATIVES = 250, 3_000


def contradictions(path: Path) -> list[dict[str, str]]:
    """Return the rows labelled contradiction, in random order."""
    rows = [row for row in rows_of(path) if row["label"] == "contradiction"]
    random.Random(0).shuffle(rows)
    return rows


def sets_of(folder: Path) -> dict[str, list[tuple[str, str]]]:
    """Return premises with hypotheses, by set; XNLI also across languages."""
    sets = {
        name: [(r["premise"], r["hypothesis"]) for r in contradictions(folder / f"{name}.jsonl.gz")] for name in NEWS
    }
    by_index: dict[int, dict[str, dict[str, str]]] = {}
    for row in contradictions(folder / "xnli_dev_10.jsonl.gz"):
        by_index.setdefault(int(row["idx"]), {})[row["lang"]] = row
    for a, b in combinations_with_replacement(LANGUAGES, 2):
        both = [rows for rows in by_index.values() if a in rows and b in rows]
        sets[f"xnli {a}–{b}"] = [(rows[a]["premise"], rows[b]["hypothesis"]) for rows in both]
    return {name: pairs[:PAIRS] for name, pairs in sets.items()}


def figures(left: np.ndarray, right: np.ndarray) -> tuple[dict[str, float], np.ndarray, np.ndarray]:
    """Return what is reported of one set, and its cosines."""
    cosine = left @ right.T
    positives = np.diag(cosine)
    others = cosine[~np.eye(len(cosine), dtype=bool)]
    negatives = np.random.default_rng(0).choice(others, min(NEGATIVES, len(others)), replace=False)
    return summary(positives, negatives), positives, negatives


def summary(positives: np.ndarray, negatives: np.ndarray) -> dict[str, float]:
    """Return area under the curve and quantiles."""
    truth = np.r_[np.ones(len(positives)), np.zeros(len(negatives))]
    return {
        "auroc": round(float(roc_auc_score(truth, np.r_[positives, negatives])), 4),
        "contradictions_p5": round(float(np.quantile(positives, 0.05)), 3),
        "contradictions_p50": round(float(np.quantile(positives, 0.5)), 3),
        "others_p50": round(float(np.quantile(negatives, 0.5)), 3),
        "others_p95": round(float(np.quantile(negatives, 0.95)), 3),
    }


def main() -> None:
    """Measure and print, or write, the result."""
    options = parser(__doc__).parse_args()
    encoder = BundledEncoder()
    result: dict[str, object] = {"environment": environment(), "min_similarity": encoder.min_similarity}
    raw = {
        name: tuple(encoder.encode(list(side)) for side in zip(*pairs))
        for name, pairs in sets_of(options.shared / "nli" / "dev").items()
    }
    for how in ("raw", "centred"):
        of_sets, all_positives, all_negatives = {}, [], []
        for name, sides in raw.items():
            left, right = (encoder.centre(side) if how == "centred" else side for side in sides)
            of_sets[name], positives, negatives = figures(left, right)
            all_positives.append(positives)
            all_negatives.append(negatives)
        pooled = summary(np.concatenate(all_positives), np.concatenate(all_negatives))
        if how == "centred":
            limit = encoder.min_similarity
            pooled["contradictions_kept"] = round(float((np.concatenate(all_positives) >= limit).mean()), 3)
            pooled["others_kept"] = round(float((np.concatenate(all_negatives) >= limit).mean()), 3)
            news = np.concatenate([all_positives[list(raw).index(name)] for name in NEWS])
            pooled["contradictions_kept_news"] = round(float((news >= limit).mean()), 3)
        result[how] = {"all": pooled, **of_sets}
    finish("similarity", result, write=options.write)


if __name__ == "__main__":
    main()
