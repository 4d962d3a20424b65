"""Fit the bundled models' temperature and calibration, and say how well they hold on what they were not fitted on.

    python -m benchmarks.calibrate [--shared ../shared] [--write]

The temperature is fitted on the held-out tenth of XNLI dev (18 languages), all in one; whether one a language would do
better is measured on folds of its premise groups. The calibration is fitted on pools: premises of the development sets
of KLUE (Korean) and OCNLI (Chinese) as queries, all their hypotheses as documents; each query with its twelve nearest
documents and those labelled for it, of which only the ones labelled as contradicting it are conflicts; and pairs of
the claims of each event that was written and held out (see benchmarks/written/README.md), of which as many are drawn as
the other pools have together. No pair of them was trained on. Half of the queries and of the events fit, the other half
measures.
"""

from __future__ import annotations

import random
from dataclasses import asdict, replace
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from sklearn.metrics import average_precision_score
from sklearn.model_selection import GroupKFold

from benchmarks.command import dev_path, finish, parser, rows_of
from benchmarks.environment import environment
from benchmarks.written import claims_of, events
from contradict.calibration import Calibration, expected_calibration_error, temperature
from contradict.labelled import read_labelled
from contradict.models.bundled import WEIGHTS, BundledEncoder, BundledNLI, softmax
from contradict.models.export import fit_temperature
from contradict.vectors import embed
from contradict.verdicts import CONTRADICTION, LABELS, Verdicts, judge

if TYPE_CHECKING:
    from collections.abc import Sequence

    from contradict.labelled import LabelledPair

POOLS = ("klue_ko", "ocnli_zh")  # the development sets; esXNLI, the third pool there is, was trained on
WRITTEN = "written events"
QUERIES, NEAREST, SEED = 600, 12, 0
EVEN = 0.5
EVENT_PAIRS = 15_000  # about as many as the other pools have together
FOLDS = 5


class Drawn(NamedTuple):
    """A pair of a pool: two texts, their cosine, whether they conflict, the pool, and the number of query or event."""

    one: str
    other: str
    cosine: float
    conflict: bool
    pool: str
    number: int


def logits_of(nli: BundledNLI, pairs: Sequence[LabelledPair]) -> np.ndarray:
    """Return logits (n, 3) up to a constant of each row, before the temperature."""
    probabilities = judge([(pair.premise, pair.hypothesis) for pair in pairs], nli).forward
    return np.log(probabilities.clip(1e-9)) * nli.config.temperature


def one_or_many(nli: BundledNLI, pairs: Sequence[LabelledPair]) -> dict[str, float]:
    """Return the held-out calibration error of contradiction with one temperature, and with one a language."""
    logits = logits_of(nli, pairs)
    truth = np.array([LABELS.index(pair.label) for pair in pairs])
    langs = np.array([pair.lang for pair in pairs])
    held_out = {way: np.empty((len(pairs), 3)) for way in ("none", "one", "one a language")}
    for fit, test in GroupKFold(FOLDS).split(logits, groups=[pair.group for pair in pairs]):
        held_out["none"][test] = softmax(logits[test])
        held_out["one"][test] = softmax(logits[test] / temperature(logits[fit], truth[fit]))
        for lang in sorted({*langs}):
            of_fit, of_test = fit[langs[fit] == lang], test[langs[test] == lang]
            held_out["one a language"][of_test] = softmax(logits[of_test] / temperature(logits[of_fit], truth[of_fit]))
    contradicts = truth == CONTRADICTION
    return {way: expected_calibration_error(p[:, CONTRADICTION], contradicts) for way, p in held_out.items()}


def pool_pairs(name: str, rows: Sequence[dict], encoder: BundledEncoder) -> list[Drawn]:
    """Return the pairs of a pool of queries and documents."""
    documents = [row for row in rows if row["kind"] == "doc"]
    queries = [row for row in rows if row["kind"] == "query" and row["contradicts"]]
    random.Random(SEED).shuffle(queries)
    queries = queries[:QUERIES]
    of_documents, of_queries = (embed([row["text"] for row in side], encoder) for side in (documents, queries))
    place = {row["id"]: number for number, row in enumerate(documents)}
    pairs = []
    for number, (query, cosines) in enumerate(zip(queries, of_queries @ of_documents.T)):
        labelled = {place[id_] for kind in ("contradicts", "agrees", "neutral") for id_ in query[kind]}
        conflicts = {place[id_] for id_ in query["contradicts"]}
        for document in sorted(labelled | set(np.argsort(-cosines)[:NEAREST].tolist())):
            text = documents[document]["text"]
            pairs.append(Drawn(query["text"], text, float(cosines[document]), document in conflicts, name, number))
    return pairs


def event_pairs(encoder: BundledEncoder) -> list[Drawn]:
    """Return pairs of the claims of each event that was held out, but for two near-misses to one question."""
    pairs = []
    for number, event in enumerate(events(out=True)):
        claims = claims_of(event)
        vectors = embed([text.text for text, *_ in claims], encoder)
        for (i, (one, of, answer)), (j, (other, of_other, against)) in combinations(enumerate(claims), 2):
            if of != of_other or (answer, against) != (None, None):
                conflict = of == of_other and None not in (answer, against) and answer != against
                pairs.append(Drawn(one.text, other.text, float(vectors[i] @ vectors[j]), conflict, WRITTEN, number))
    return random.Random(SEED).sample(pairs, min(EVENT_PAIRS, len(pairs)))


def band(calibration: Calibration, probability: np.ndarray, truth: np.ndarray) -> dict[str, object]:
    """Return how the band of abstention holds on pairs that it was not fitted on."""
    low, high = calibration.unsure or (0.0, 1.0)
    under, over = probability < low, probability >= high
    return {
        "band": [low, high],
        "share_answered": round(float((under | over).mean()), 4),
        "conflicts_among_those_under": round(float(truth[under].mean()), 4) if under.any() else None,
        "conflicts_among_those_over": round(float(truth[over].mean()), 4) if over.any() else None,
        "share_of_conflicts_over": round(float((truth & over).sum() / truth.sum()), 4),
    }


def share(true: np.ndarray) -> float | None:
    """Return how many are true, or nothing of nothing."""
    return round(float(true.mean()), 3) if len(true) else None


def main() -> None:
    """Fit, measure, and print or write."""
    options = parser(__doc__).parse_args()
    encoder, nli = BundledEncoder(), BundledNLI()
    xnli = read_labelled(dev_path(options, "xnli_dev_10"))
    logits, truth = logits_of(nli, xnli), np.array([LABELS.index(pair.label) for pair in xnli])
    warmth = temperature(logits, truth)
    nli.config = replace(nli.config, temperature=warmth)
    temperatures = one_or_many(nli, xnli)
    pairs = [
        pair
        for name in POOLS
        for pair in pool_pairs(name, rows_of(options.shared / "corpora" / f"retrieval_{name}.jsonl.gz"), encoder)
    ]
    pairs += event_pairs(encoder)
    both = nli.predict_both([(pair.one, pair.other) for pair in pairs])
    similarity = np.array([pair.cosine for pair in pairs], dtype=np.float32)
    conflict = np.array([pair.conflict for pair in pairs])
    pool = np.array([pair.pool for pair in pairs])
    fits = np.array([pair.number % 2 == 0 for pair in pairs])
    verdicts = {half: Verdicts(both[chosen, 0], both[chosen, 1]) for half, chosen in (("fit", fits), ("test", ~fits))}
    about = f"{int(fits.sum())} pairs of {', '.join((*POOLS, WRITTEN))} (even numbers, seed {SEED})"
    calibration = Calibration.fit(
        verdicts["fit"],
        similarity[fits],
        conflict[fits],
        encoder=encoder.name,
        nli=nli.name,
        fitted_on=about,
        groups=[(pair.pool, pair.number) for pair, chosen in zip(pairs, fits) if chosen],
        seed=SEED,
    )
    probability, truth = calibration.probability(verdicts["test"], similarity[~fits]), conflict[~fits]
    plain = verdicts["test"].contradiction
    of_pool = {name: pool[~fits] == name for name in (*POOLS, WRITTEN)}
    result = {
        "environment": environment(),
        "temperature": warmth,
        "temperature_held_out_error": temperatures,
        "calibration": asdict(calibration),
        "held_out_pairs": len(truth),
        "held_out_conflicts": int(truth.sum()),
        "average_precision": {
            "mean of both directions": round(float(average_precision_score(truth, plain)), 4),
            "calibrated": round(float(average_precision_score(truth, probability)), 4),
        },
        "calibration_error": {
            "mean of both directions": expected_calibration_error(plain, truth),
            "calibrated": expected_calibration_error(probability, truth),
        },
        "by_pool": {
            name: {
                "pairs": int(chosen.sum()),
                "conflicts": int(truth[chosen].sum()),
                "average_precision": round(float(average_precision_score(truth[chosen], probability[chosen])), 4),
                "calibration_error": expected_calibration_error(probability[chosen], truth[chosen]),
                "flagged": int((probability[chosen] >= EVEN).sum()),
                "precision": share(truth[chosen & (probability >= EVEN)]),
                "recall": share(probability[chosen & truth] >= EVEN),
            }
            for name, chosen in of_pool.items()
        },
        "abstention": band(calibration, probability, truth),
        "by_threshold": {
            str(p): {
                "flagged": int((probability >= p).sum()),
                "precision": share(truth[probability >= p]),
                "recall": share(probability[truth] >= p),
            }
            for p in (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
        },
    }
    finish("calibration", result, write=options.write)
    if options.write:
        fit_temperature(WEIGHTS, xnli)
        calibration.write(WEIGHTS / "calibration.json")


if __name__ == "__main__":
    main()
