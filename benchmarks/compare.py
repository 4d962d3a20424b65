"""`compare` of 2,000 claims, end to end, against encode, `paraphrase_mining` and a cross-encoder both ways.

    python -m benchmarks.compare [--claims 2000] [--runs 2] [--sample 1000] [--shared ../shared] [--write]

The claims are sentences of news of 15 outlets on one war (FA-KES), compared across outlets. The other side is
sentence-transformers as its documentation shows, in float32 on torch, with models of the same size (twelve layers,
width 384; the same encoder): `SentenceTransformer` and `util.paraphrase_mining` with the same `top_k`, then
`CrossEncoder.predict` both ways on as many of its pairs across outlets as `compare` judges when it judges all of its
own, the most similar first. Of these a random sample is timed, and the time taken as proportional: all would take a
quarter of an hour.

Its classifier is not trained, so it finds no conflicts to count. Whether its pairs hold the same conflicts is measured
by our NLI model on them (not timed): a pair counts as one from a calibrated probability of 0.5. Left out are pairs of
two copies of one statement (a wire report that several outlets print with small changes), which `compare` folds into
one and never holds against each other; a conflict with a folded copy counts for each of its copies.
"""

from __future__ import annotations

import random
import statistics
import sys
from typing import TYPE_CHECKING

import numpy as np
from sentencex import segment

from benchmarks.command import finish, parser, rows_of
from benchmarks.environment import environment
from benchmarks.news import FILE
from benchmarks.peers import Side, add_models, models_in
from contradict import Detector, models
from contradict.budget import AUTO_NEAREST
from contradict.vectors import embed
from contradict.verdicts import judge

if TYPE_CHECKING:
    from pathlib import Path

Claim = dict[str, str]
SEED, CONFLICT = 0, 0.5


def sentences(path: Path, count: int) -> list[Claim]:
    """Return so many distinct sentences: the first of each article, then the second of each, and so on."""
    of_articles = [
        [sentence.strip() for sentence in segment("en", article["text"]) if 6 <= len(sentence.split()) <= 60]
        for article in rows_of(path)
    ]
    outlets = [article["source_outlet"] for article in rows_of(path)]
    found: dict[str, Claim] = {}
    for number in range(max(map(len, of_articles))):
        for outlet, of_article in zip(outlets, of_articles):
            if number < len(of_article) and len(found) < count:
                text = of_article[number]
                found.setdefault(text, {"id": f"c{len(found)}", "text": text, "source": outlet, "lang": "en"})
    if len(found) < count:
        sys.exit(f"{path} has only {len(found)} sentences")
    return list(found.values())


def conflicts_among(claims: list[Claim], pairs: list[tuple[int, int]]) -> set[tuple[int, int]]:
    """Return the pairs that our NLI model and calibration hold for conflicts."""
    detector = Detector()
    vectors = embed([claim["text"] for claim in claims], detector.encoder)
    left, right = np.array(pairs).T
    verdicts = judge([(claims[i]["text"], claims[j]["text"]) for i, j in pairs], detector.nli)
    probability = models.bundled_calibration().probability(
        verdicts, np.einsum("nd,nd->n", vectors[left], vectors[right])
    )
    return {pair for pair, p in zip(pairs, probability.tolist()) if p >= CONFLICT}


def across(claims: list[Claim], mined: list[list[int]]) -> list[tuple[int, int]]:
    """Return the pairs of different outlets."""
    return [(min(i, j), max(i, j)) for i, j in mined if claims[i]["source"] != claims[j]["source"]]


def main() -> None:
    """Measure and print, or write, the result."""
    commands = parser(__doc__)
    add_models(commands)
    commands.add_argument("--claims", type=int, default=2_000)
    commands.add_argument("--runs", type=int, default=2)
    commands.add_argument("--sample", type=int, default=1_000, help="pairs that the cross-encoder is timed on")
    options = commands.parse_args()
    claims = sentences(options.shared / FILE, options.claims)
    texts = [claim["text"] for claim in claims]
    few = {"claims": claims[:20], "texts": texts[:20], "top_k": 5}
    folder = models_in(options.models)
    seconds: dict[str, list[float]] = {name: [] for name in ("default", "all pairs", "encode and mine", "sample")}
    judged: dict[str, int] = {}
    ours: dict[str, list[list[str]]] = {}
    with Side("contradict_compare", folder, few) as own, Side("pipeline", folder, few) as peer:
        for _ in range(options.runs):
            for name, budget in (("default", "auto"), ("all pairs", None)):
                took, found = own.run({"claims": claims, "options": {"max_pairs": budget}})
                seconds[name].append(took)
                judged[name], ours[name], copies = found["judged"], found["likely"], found["copies"]
            took, mined = peer.run({"texts": texts, "top_k": AUTO_NEAREST})
            seconds["encode and mine"].append(took)
            pairs = across(claims, mined)[: judged["all pairs"]]
            sample = random.Random(SEED).sample(pairs, min(options.sample, len(pairs)))
            took, _ = peer.run({"pairs": [(texts[i], texts[j]) for i, j in sample]})
            seconds["sample"].append(took)
    share = len(pairs) / len(sample)
    whole = [mine + some * share for mine, some in zip(seconds["encode and mine"], seconds["sample"])]
    number = {claim["id"]: row for row, claim in enumerate(claims)}
    first = {number[id_]: of[0] for of in sorted(copies, key=len) for id_ in of}  # a copy has a list of its own too
    held = conflicts_among(claims, pairs)
    theirs = {(i, j) for i, j in held if first[i] != first[j]}
    found_by = {name: {*across(claims, [[number[a], number[b]] for a, b in of])} for name, of in ours.items()}
    whole_run = found_by["all pairs"]
    result = {
        "environment": environment(),
        "claims": len(claims),
        "pairs": judged | {"sentence-transformers": len(pairs), "sample": len(sample)},
        "seconds": {name: [round(value, 2) for value in values] for name, values in seconds.items()},
        "seconds_sentence_transformers": [round(value, 1) for value in whole],
        "times_faster": {
            name: [round(pick(b / a for a, b in zip(seconds[name], whole)), 2) for pick in (statistics.median, min)]
            for name in ("default", "all pairs")
        },
        "conflicts": {name: len(of) for name, of in found_by.items()} | {"among the pairs of the peer": len(theirs)},
        "between_copies": len(held) - len(theirs),
        "of_the_peers_conflicts": {
            name: round(len(of & theirs) / len(theirs), 4) if theirs else None for name, of in found_by.items()
        },
        "of_a_whole_run": round(len(found_by["default"]) / len(whole_run), 4) if whole_run else None,
    }
    finish("compare", result, write=options.write)


if __name__ == "__main__":
    main()
