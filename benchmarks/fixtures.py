"""How many of the flagged conflicts are right, and how many are found, on the fixtures' gold, by pair of languages.

    python -m benchmarks.fixtures [--write]

The gold is written by hand (see fixtures/README.md): every pair of different speakers that is not listed as a conflict
is none. It is no blind test: docs/measurements.md says why.
"""

from __future__ import annotations

import io
import json
from collections import defaultdict

import numpy as np
from sklearn.metrics import average_precision_score

import contradict
from benchmarks.command import ROOT, finish, parser
from benchmarks.environment import environment
from contradict.judged import JudgedPair
from contradict.render.terminal import print_report

NAMES = ("airstrikes", "flood")
THRESHOLDS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95)


def gold_of(name: str) -> dict[frozenset[str], str]:
    """Return the relation of each listed pair of ids."""
    rows = map(json.loads, (ROOT / "fixtures" / f"{name}.gold.jsonl").read_text(encoding="utf-8").splitlines())
    return {frozenset((row["a"], row["b"])): row["relation"] for row in rows}


def rate(found: int, of: int) -> float | None:
    """Return a share, or nothing of nothing."""
    return round(found / of, 3) if of else None


def copies_of(report: contradict.Report, pair: JudgedPair) -> set[frozenset[str]]:
    """Return the ids of a pair, and of the pairs of its claims' further copies, for which it stands."""
    sides = [(claim.id, *report.reprints.get(claim.id, ())) for claim in (pair.a, pair.b)]
    return {frozenset((one, other)) for one in sides[0] for other in sides[1]}


def figures(flagged: set[frozenset[str]], conflicts: set[frozenset[str]]) -> dict[str, float | int | None]:
    """Return precision and recall with the numbers they are made of."""
    right = len(flagged & conflicts)
    return {
        "flagged": len(flagged),
        "right": right,
        "gold": len(conflicts),
        "precision": rate(right, len(flagged)),
        "recall": rate(right, len(conflicts)),
    }


def measure(name: str, detector: contradict.Detector) -> dict[str, object]:
    """Compare the claims of one fixture and hold the report against its gold."""
    gold = gold_of(name)
    conflicts = {pair for pair, relation in gold.items() if relation == "conflict"}
    report = detector.compare(ROOT / "fixtures" / f"{name}.jsonl")
    probability = {ids: pair.probability for pair in report.judged for ids in copies_of(report, pair)}
    flagged = {ids for conflict in report for ids in copies_of(report, conflict)}
    langs = {claim.id: claim.lang or "?" for claim in report.claims}
    by_language: dict[str, tuple[set[frozenset[str]], set[frozenset[str]]]] = defaultdict(lambda: (set(), set()))
    for which, pairs in enumerate((flagged, conflicts)):
        for pair in pairs:
            by_language["–".join(sorted(langs[claim] for claim in pair))][which].add(pair)
    everything = sorted(set(probability) | conflicts, key=sorted)
    truth = np.array([pair in conflicts for pair in everything])
    scores = np.array([probability.get(pair, 0.0) for pair in everything])
    return {
        "claims": report.counts.claims,
        "counts": report.to_dict()["counts"],
        "threshold": report.threshold,
        "all": figures(flagged, conflicts),
        "average_precision": round(float(average_precision_score(truth, scores)), 3),
        "judged_recall": rate(len(conflicts & set(probability)), len(conflicts)),
        "false_alarms_by_relation": {
            relation: sum(gold.get(pair, "unrelated") == relation for pair in flagged - conflicts)
            for relation in ("near_miss", "agreement", "unrelated")
        },
        "by_language_pair": {names: figures(*pairs) for names, pairs in sorted(by_language.items())},
        "by_threshold": {
            str(threshold): figures({pair for pair, p in probability.items() if p >= threshold}, conflicts)
            for threshold in THRESHOLDS
        },
    }


def shown(detector: contradict.Detector) -> str:
    """Return the first lines that the README's command prints."""
    out = io.StringIO()
    print_report(detector.compare(ROOT / "fixtures" / "airstrikes.jsonl"), out, limit=4)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()).strip("\n")


def main() -> None:
    """Measure both fixtures and print, or write, the result."""
    write = parser(__doc__).parse_args().write
    detector = contradict.Detector()
    result: dict[str, object] = {"environment": environment(), "shown": shown(detector)}
    result |= {name: measure(name, detector) for name in NAMES}
    finish("fixtures", result, write=write)


if __name__ == "__main__":
    main()
