"""What evidence adds: precision and recall with and without it, and the share of near misses with the right caveat.

    python -m benchmarks.evidence [--write]

Flagged without caveat is what a reader would take at its word.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterable

import contradict
from benchmarks.command import ROOT, finish, parser
from benchmarks.environment import environment
from benchmarks.fixtures import NAMES, copies_of, figures, gold_of, rate
from contradict.evidence import evidence, opposites
from contradict.evidence.reading import read
from contradict.judged import JudgedPair

IDLE = {"reported_by_same_source", "low_confidence"}  # they say nothing of what the texts differ in


def measure(name: str, detector: contradict.Detector) -> dict[str, object]:
    """Hold one fixture's report against its gold, with and without evidence."""
    conflicts = {pair for pair, relation in gold_of(name).items() if relation == "conflict"}

    def ids(pairs: Iterable[JudgedPair]) -> set[frozenset[str]]:
        return {ids for pair in pairs for ids in copies_of(report, pair)}

    started = time.perf_counter()
    report = detector.compare(ROOT / "fixtures" / f"{name}.jsonl")
    of_run = time.perf_counter() - started
    raised = [pair for pair in report if pair.probability < report.threshold]
    plain = [pair for pair in report if {caveat.name for caveat in pair.caveats} <= IDLE]
    for cache in (read, opposites):
        cache.cache_clear()
    started = time.perf_counter()
    for pair in report.judged:
        evidence(pair.a, pair.b)
    of_evidence = time.perf_counter() - started
    return {
        "without": figures(ids(pair for pair in report.judged if pair.probability >= report.threshold), conflicts),
        "with": figures(ids(report), conflicts),
        "without_caveat": figures(ids(plain), conflicts),
        "raised_by_numbers": figures(ids(raised), conflicts),
        "set_aside": figures(ids(report.set_aside), conflicts),
        "milliseconds_a_pair": round(1000 * of_evidence / len(report.judged), 3),
        "share_of_the_run": round(of_evidence / of_run, 3),
    }


def near_misses() -> dict[str, object]:
    """Return for each caveat, of how many near misses that call for it, it was given."""
    asked: Counter[str] = Counter()
    given: Counter[str] = Counter()
    missed = []
    for line in (ROOT / "fixtures" / "near_misses.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        found = evidence(*(contradict.Claim.from_dict(row[side]) for side in ("a", "b")))
        what = {difference.what for difference in found.differences}
        fits = row["caveat"] == "numbers_fit" and "number_fits" in what and "number" not in what
        right = fits or row["caveat"] in {caveat.name for caveat in found.caveats}
        asked[row["caveat"]] += 1
        given[row["caveat"]] += right
        missed += [] if right else [row["id"]]
    shares = {caveat: [given[caveat], asked[caveat]] for caveat in sorted(asked)}
    return {"share": rate(given.total(), asked.total()), "by_caveat": shares, "missed": missed}


def main() -> None:
    """Measure and print, or write, the result."""
    write = parser(__doc__).parse_args().write
    detector = contradict.Detector()
    detector.compare("The models are loaded.", "The models are not loaded.")
    result: dict[str, object] = {"environment": environment(), "near_misses": near_misses()}
    finish("evidence", result | {name: measure(name, detector) for name in NAMES}, write=write)


if __name__ == "__main__":
    main()
