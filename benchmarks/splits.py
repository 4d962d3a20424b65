"""Where two texts should meet: accuracy and cost of models that differ only in how many layers read a text alone.

    python -m benchmarks.splits [--pairs 19200] [--splits 0 4 6 8 10] [--out runs/splits] [--shared ../shared] [--write]

Each goes on from the warm start on the same pairs in the same order: three quarters labelled by people (nine tenths of
XNLI dev, ANS, ling-in-loop, SNLI), one quarter made by `contradict.perturb` from their texts. Then it is exported to
int8 and measured, accuracy and cost alike. A run goes on from its checkpoint. The warm start was trained at a split of
8, which the others have to make up for. ``--start encoder`` would be even for all, but in 19,200 pairs a split of 0 or
6 learned nothing from there yet.
"""

from __future__ import annotations

import random
import time
from pathlib import Path

from benchmarks.command import ROOT, dev_path, finish, parser
from benchmarks.environment import environment
from benchmarks.nli import PUBLISHED
from benchmarks.pair_cost import pairs_of_claims
from contradict import evaluate, perturb
from contradict.labelled import LabelledPair, read_labelled
from contradict.models.bundled import BundledNLI
from contradict.training import Recipe, train

SOURCES = {"xnli_dev_90": 0.4, "ling_in_loop": 0.2, "ans_train": 0.05, "snli_18k": 0.1}
MADE_OF = {"ar": "ans_train", "en": "snli_18k", "ru": "xnli_dev_90", "de": "xnli_dev_90", "zh": "xnli_dev_90"}
SETS = ("ans_dev", "breaking_nli_dev", "emergent_dev", "negation_dev")
ROUNDS = 5
LEARNING_RATE, WARMUP = 1e-4, 0.06
WARM_START = "models/nli_latejoin_8_4_warm.safetensors"


def training_pairs(shared: Path, count: int, seed: int) -> list[LabelledPair]:
    """Return the pairs that every model learns from."""
    chance = random.Random(seed)
    of_source = {name: read_labelled(shared / "nli" / "train" / f"{name}.jsonl.gz") for name in SOURCES}
    drawn = [pair for name, share in SOURCES.items() for pair in chance.sample(of_source[name], int(share * count))]
    made = []
    for lang, name in MADE_OF.items():
        texts = sorted({pair.hypothesis for pair in of_source[name] if pair.lang == lang})
        some = chance.sample(texts, min(len(texts), count // 5))
        made += [
            LabelledPair(pair.premise, pair.hypothesis, pair.label, lang, source="perturbed")
            for pair in perturb(some, lang=lang, seed=seed)
        ]
    return drawn + chance.sample(made, count - len(drawn))


def milliseconds_a_pair(nli: BundledNLI) -> float:
    """Return the least time of a pair both ways, ten pairs a claim."""
    pairs = pairs_of_claims()
    rounds = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        nli.predict_both(pairs)
        rounds.append(time.perf_counter() - start)
    return round(min(rounds) / len(pairs) * 1_000, 3)


def main() -> None:
    """Train, measure, and print or write."""
    commands = parser(__doc__)
    commands.add_argument("--pairs", type=int, default=19_200)
    commands.add_argument("--splits", type=int, nargs="+", default=[0, 4, 6, 8, 10])
    commands.add_argument("--out", type=Path, default=ROOT / "runs" / "splits")
    commands.add_argument(
        "--start", help="encoder, bundled, or a model.safetensors (the warm start of the shared data)"
    )
    commands.add_argument("--seed", type=int, default=0)
    options = commands.parse_args()
    pairs = training_pairs(options.shared, options.pairs, options.seed)
    curve = {}
    for split in options.splits:
        folder = options.out / f"{options.pairs}-{split}"
        recipe = Recipe(split=split, learning_rate=LEARNING_RATE, warmup=WARMUP, seed=options.seed)
        start = options.start or options.shared / WARM_START
        trained = train(pairs, out=folder, name=f"split-{split}", start=start, recipe=recipe)
        nli = BundledNLI(folder)
        xnli = evaluate(read_labelled(dev_path(options, "xnli_dev_10")), nli=nli, resamples=0)
        curve[split] = {
            "hours": trained.hours,
            "milliseconds_a_pair": milliseconds_a_pair(nli),
            "xnli_mean_of_15": round(xnli.mean_of(PUBLISHED), 4),
            "contradiction_f1": {
                "xnli_dev_10": xnli.overall.f1["contradiction"],
                **{
                    name: evaluate(dev_path(options, name), nli=nli, resamples=0).overall.f1["contradiction"]
                    for name in SETS
                },
            },
        }
    result = {
        "environment": environment(),
        "start": Path(options.start or WARM_START).name,
        "pairs": len(pairs),
        "seed": options.seed,
        "splits": curve,
    }
    finish("splits", result, write=options.write)


if __name__ == "__main__":
    main()
