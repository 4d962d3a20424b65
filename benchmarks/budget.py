"""How many of the conflicts are found when only a share of the pairs is judged, by what puts the pairs in order.

    python -m benchmarks.budget [--shared ../shared] [--queries 300] [--write]

Pools: hypotheses against premises of KLUE, OCNLI and esXNLI, with all pairs that `compare` would judge, and the
fixtures. The ranker saw no text of them (`python -m benchmarks.ranker`); the bundled NLI model was trained on esXNLI.
Conflicts are those that people labelled; those that the model flags when it judges everything; and those that are both:
what a run over everything gets right. Run it again when the NLI model is another.

Beside the ranker: the cosine alone, and the cosine with the Hoyer sparsity of the difference (SparseCL, Xu et al.
2025), here on vectors that were not trained for it, with the weight of the sparsity that does best on these very pools.
"""

from __future__ import annotations

import random
import sys
from typing import TYPE_CHECKING, Any

import numpy as np

import contradict
from benchmarks.command import ROOT, finish, parser, rows_of
from benchmarks.environment import environment
from benchmarks.fixtures import gold_of
from contradict.vectors import embed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from contradict.judged import JudgedPair

POOLS = ("klue_ko", "ocnli_zh", "esxnli_es")
FIXTURES = ("airstrikes", "flood")
SHARES = (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.75, 0.9, 1.0)
QUARTER = 0.25
SPARSITY = (0.25, 0.5, 1.0, 2.0, 5.0)
RANKER, COSINE, SPARSE = "learned", "cosine", "cosine + Hoyer sparsity"
TRUTHS = ("labelled", "flagged", "both")
SEED = 0


def pool(rows: list[dict[str, Any]], queries: int) -> tuple[list[dict], list[dict], set[frozenset[str]]]:
    """Return queries and documents as claims, and the pairs of ids that people labelled contradictions."""
    documents = [{"id": row["id"], "text": row["text"], "lang": row["lang"]} for row in rows if row["kind"] == "doc"]
    chosen = [row for row in rows if row["kind"] == "query" and row["contradicts"]]
    random.Random(SEED).shuffle(chosen)
    chosen = chosen[:queries]
    first = {}  # of several documents with one text, compare judges one
    of_text = {document["id"]: document["text"] for document in documents}
    for document in documents:
        first.setdefault(document["text"], document["id"])
    labelled = {frozenset((row["id"], first[of_text[id_]])) for row in chosen for id_ in row["contradicts"]}
    unique = [document for document in documents if first[document["text"]] == document["id"]]
    return [{"id": row["id"], "text": row["text"], "lang": row["lang"]} for row in chosen], unique, labelled


def hoyer(pairs: Sequence[JudgedPair], encoder: contradict.Encoder) -> np.ndarray:
    """Return the Hoyer sparsity of the difference of each pair's vectors, 0 to 1."""
    texts = sorted({claim.text for pair in pairs for claim in (pair.a, pair.b)})
    place = {text: row for row, text in enumerate(texts)}
    vectors = embed(texts, encoder)
    left, right = ([place[getattr(pair, side).text] for pair in pairs] for side in ("a", "b"))
    difference = np.abs(vectors[left] - vectors[right])
    root = np.sqrt(vectors.shape[1])
    length = np.maximum(np.sqrt((difference**2).sum(axis=1)), 1e-9)
    return (root - difference.sum(axis=1) / length) / (root - 1)


def curve(found: np.ndarray, order: np.ndarray) -> list[float]:
    """Return the share of the conflicts among the first pairs of an order, for each of `SHARES`."""
    ends = np.cumsum(found[order])
    return [round(float(ends[max(1, round(share * len(order))) - 1] / found.sum()), 4) for share in SHARES]


def measured(name: str, judged: Sequence[JudgedPair], labelled: set[frozenset[str]], encoder: Any) -> dict[str, Any]:
    """Return the curves of one pool; `judged` is in the order of the ranker."""
    people = np.array([frozenset((pair.a.id, pair.b.id)) in labelled for pair in judged])
    flagged = np.array([pair.is_conflict(0.5) for pair in judged])
    truths = dict(zip(TRUTHS, (people, flagged, people & flagged)))
    similarity = np.array([pair.similarity for pair in judged])
    sparsity = hoyer(judged, encoder)
    orders = {RANKER: np.arange(len(judged)), COSINE: np.argsort(-similarity, kind="stable")}
    orders |= {f"{SPARSE}, {a:g}": np.argsort(-(similarity + a * sparsity), kind="stable") for a in SPARSITY}
    sys.stderr.write(f"{name}: {len(judged)} pairs\n")
    return {
        "pairs": len(judged),
        "labelled_conflicts": len(labelled),
        "conflicts": {truth: int(found.sum()) for truth, found in truths.items()},
        "curves": {
            how: {truth: curve(found, order) for truth, found in truths.items() if found.any()}
            for how, order in orders.items()
        },
    }


def with_best_sparsity(pools: dict[str, dict[str, Any]]) -> float:
    """Keep of the weights of sparsity the one that finds most at a quarter, and return it."""
    at = SHARES.index(QUARTER)

    def mean(weight: float) -> float:
        curves = [of["curves"][f"{SPARSE}, {weight:g}"] for of in pools.values()]
        return float(np.mean([values[at] for of in curves for values in of.values()]))

    best = max(SPARSITY, key=mean)
    for of in pools.values():
        kept = of["curves"][f"{SPARSE}, {best:g}"]
        of["curves"] = {how: of["curves"][how] for how in (RANKER, COSINE)} | {SPARSE: kept}
    return best


def draw(of: dict[str, Any], path: Path) -> None:
    """Draw the curves as SVG: one panel a pool, the conflicts that are found of those that a whole run gets right."""
    import matplotlib as mpl

    mpl.use("svg")
    from matplotlib import pyplot

    with mpl.rc_context({"svg.hashsalt": "contradict", "font.size": 9, "svg.fonttype": "none"}):
        figure, panels = pyplot.subplots(1, len(of["pools"]), figsize=(13, 3.6), sharey=True, layout="constrained")
        for panel, (name, found) in zip(panels, of["pools"].items()):
            for how, colour in ((SPARSE, "#8d96a3"), (COSINE, "#d1495b"), (RANKER, "#1b6ca8")):
                for truth, line in (("both", "-"), ("labelled", ":")):
                    values = found["curves"][how].get(truth)
                    if values:
                        label = f"{how}, {'right in a whole run' if truth == 'both' else 'all labelled'}"
                        panel.plot([0, *SHARES], [0, *values], line, color=colour, label=label, linewidth=1.5)
            panel.axvline(QUARTER, color="#cccccc", linewidth=0.8, zorder=0)
            panel.set(title=f"{name}: {found['pairs']:,} pairs", xlabel="share of the pairs judged", xlim=(0, 1))
        panels[0].set(ylabel="share of the conflicts found", ylim=(0, 1.02))
        figure.legend(*panels[0].get_legend_handles_labels(), loc="outside lower center", ncols=3, fontsize=8)
        figure.savefig(path, metadata={"Date": None, "Creator": None})
        pyplot.close(figure)


def main() -> None:
    """Measure and print, or write, the result."""
    commands = parser(__doc__)
    commands.add_argument("--queries", type=int, default=300, help="of each set (%(default)s)")
    options = commands.parse_args()
    detector = contradict.Detector()
    pools: dict[str, dict[str, Any]] = {}
    for name in POOLS:
        rows = rows_of(options.shared / "corpora" / f"retrieval_{name}.jsonl.gz")
        queries, documents, labelled = pool(rows, options.queries)
        judged: list[JudgedPair] = []
        detector.compare(queries, documents, max_pairs=None, on_judged=judged.append)
        pools[name] = measured(name, judged, labelled, detector.encoder)
    for name in FIXTURES:
        judged = []
        detector.compare(ROOT / "fixtures" / f"{name}.jsonl", max_pairs=None, on_judged=judged.append)
        labelled = {pair for pair, relation in gold_of(name).items() if relation == "conflict"}
        pools[name] = measured(name, judged, labelled, detector.encoder)
    best = with_best_sparsity(pools)
    ranker = detector.ranker
    result = {
        "environment": environment(),
        "nli": detector.nli.name,
        "ranker": ranker.trained_on if ranker else None,
        "weight_of_sparsity": best,
        "shares": list(SHARES),
        "pools": pools,
    }
    finish("budget", result, write=options.write)


if __name__ == "__main__":
    main()
