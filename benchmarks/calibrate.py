"""Fit the bundled models' temperature and calibration, and say how well they hold on what they were not fitted on.

    python -m benchmarks.calibrate [--shared ../shared] [--write]

The temperature is fitted on the held-out tenth of XNLI dev (18 languages). The calibration is fitted on pools:
premises of the development sets of KLUE (Korean) and OCNLI (Chinese) as queries, all their hypotheses as documents;
each query with its twelve nearest documents and those labelled for it, of which only the ones labelled as
contradicting it are conflicts. No pair of them was trained on. Half of the queries fit, the other half measures.
"""

from __future__ import annotations

import json
import random
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import minimize_scalar
from sklearn.metrics import average_precision_score

from benchmarks.command import finish, parser, rows_of
from benchmarks.environment import environment
from contradict.calibration import Calibration
from contradict.models.bundled import WEIGHTS, BundledEncoder, BundledNLI
from contradict.verdicts import LABELS, Verdicts

if TYPE_CHECKING:
    from collections.abc import Sequence

POOLS = ("klue_ko", "ocnli_zh")  # the development sets; esXNLI, the third pool there is, was trained on
QUERIES, NEAREST, SEED = 600, 12, 0
BINS = 10


def temperature(nli: BundledNLI, rows: Sequence[dict]) -> float:
    """Return the temperature that makes the labels of the rows most likely (Guo et al. 2017)."""
    probabilities = nli.predict([(row["premise"], row["hypothesis"]) for row in rows])
    logits = np.log(probabilities.clip(1e-9)) * nli.config.temperature
    truth = np.array([LABELS.index(row["label"]) for row in rows])

    def loss(value: float) -> float:
        scaled = logits / value
        return float((np.log(np.exp(scaled).sum(axis=1)) - scaled[np.arange(len(truth)), truth]).mean())

    return round(float(minimize_scalar(loss, bounds=(0.3, 5.0), method="bounded").x), 3)


def calibration_error(probability: np.ndarray, truth: np.ndarray) -> float:
    """Return the expected calibration error over ten equal bins (Naeini et al. 2015)."""
    bins = np.minimum((probability * BINS).astype(int), BINS - 1)
    gaps = [
        abs(float(probability[bins == b].mean() - truth[bins == b].mean())) * float((bins == b).mean())
        for b in range(BINS)
        if (bins == b).any()
    ]
    return round(sum(gaps), 4)


def pool_pairs(rows: Sequence[dict], encoder: BundledEncoder) -> list[tuple[str, str, float, bool, int]]:
    """Return (query, document, cosine, conflict, number of the query) of a pool."""
    documents = [row for row in rows if row["kind"] == "doc"]
    queries = [row for row in rows if row["kind"] == "query" and row["contradicts"]]
    random.Random(SEED).shuffle(queries)
    queries = queries[:QUERIES]
    of_documents, of_queries = (
        encoder.centre(encoder.encode([row["text"] for row in side])) for side in (documents, queries)
    )
    place = {row["id"]: number for number, row in enumerate(documents)}
    pairs = []
    for number, (query, cosines) in enumerate(zip(queries, of_queries @ of_documents.T)):
        labelled = {place[id_] for kind in ("contradicts", "agrees", "neutral") for id_ in query[kind]}
        conflicts = {place[id_] for id_ in query["contradicts"]}
        for document in sorted(labelled | set(np.argsort(-cosines)[:NEAREST].tolist())):
            text = documents[document]["text"]
            pairs.append((query["text"], text, float(cosines[document]), document in conflicts, number))
    return pairs


def main() -> None:
    """Fit, measure, and print or write."""
    options = parser(__doc__).parse_args()
    encoder, nli = BundledEncoder(), BundledNLI()
    warmth = temperature(nli, rows_of(options.shared / "nli" / "dev" / "xnli_dev_10.jsonl.gz"))
    nli.config = replace(nli.config, temperature=warmth)
    pairs = [
        pair
        for name in POOLS
        for pair in pool_pairs(rows_of(options.shared / "corpora" / f"retrieval_{name}.jsonl.gz"), encoder)
    ]
    both = nli.predict_both([(query, text) for query, text, *_ in pairs])
    similarity = np.array([pair[2] for pair in pairs], dtype=np.float32)
    conflict = np.array([pair[3] for pair in pairs])
    fits = np.array([pair[4] % 2 == 0 for pair in pairs])
    verdicts = {half: Verdicts(both[chosen, 0], both[chosen, 1]) for half, chosen in (("fit", fits), ("test", ~fits))}
    about = f"{int(fits.sum())} pairs of {', '.join(POOLS)} (queries with even numbers, seed {SEED})"
    calibration = Calibration.fit(
        verdicts["fit"], similarity[fits], conflict[fits], encoder=encoder.name, nli=nli.name, fitted_on=about
    )
    probability, truth = calibration.probability(verdicts["test"], similarity[~fits]), conflict[~fits]
    plain = verdicts["test"].contradiction
    result = {
        "environment": environment(),
        "temperature": warmth,
        "calibration": asdict(calibration),
        "held_out_pairs": len(truth),
        "held_out_conflicts": int(truth.sum()),
        "average_precision": {
            "mean of both directions": round(float(average_precision_score(truth, plain)), 4),
            "calibrated": round(float(average_precision_score(truth, probability)), 4),
        },
        "calibration_error": {
            "mean of both directions": calibration_error(plain, truth),
            "calibrated": calibration_error(probability, truth),
        },
        "by_threshold": {
            str(p): {
                "flagged": int((probability >= p).sum()),
                "precision": round(float(truth[probability >= p].mean()), 3) if (probability >= p).any() else None,
                "recall": round(float(truth[probability >= p].sum() / truth.sum()), 3),
            }
            for p in (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
        },
    }
    finish("calibration", result, write=options.write)
    if options.write:
        path = WEIGHTS / "nli.json"
        fields = json.loads(path.read_text(encoding="utf-8")) | {"temperature": warmth}
        path.write_text(json.dumps(fields, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        calibration.write(WEIGHTS / "calibration.json")


if __name__ == "__main__":
    main()
