"""What a pair costs, judged both ways, with ten pairs a claim: late join against full cross-encoders of the same size.

    python -m benchmarks.pair_cost [--write]

Claims are those of both fixtures. The full cross-encoders have the same twelve layers of width 384: one in int8 on the
same engine (its claims are joined before the first layer), and the one of sentence-transformers in float32 on torch.
Each reads every pair twice, once a direction; the late-join model reads it once for both. The order of the three
changes from round to round, and ratios are taken within a round.
"""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from sentence_transformers import CrossEncoder

from benchmarks.command import ROOT, finish, parser
from benchmarks.environment import environment
from benchmarks.first_light import make_models
from contradict.claims import read_claims
from contradict.models.bundled import BundledNLI
from contradict.models.e5 import E5File
from contradict.models.export import export_nli, float_encoder

if TYPE_CHECKING:
    from collections.abc import Callable

ROUNDS, PAIRS_A_CLAIM = 3, 10


def pairs_of_claims() -> list[tuple[str, str]]:
    """Return every claim of the fixtures with the next ones, in a random order, so that each is in ten pairs."""
    pairs = []
    for name in ("airstrikes", "flood"):
        texts = sorted({claim.text for claim in read_claims(ROOT / "fixtures" / f"{name}.jsonl")})
        random.Random(0).shuffle(texts)
        pairs += [
            (text, texts[(row + step) % len(texts)])
            for row, text in enumerate(texts)
            for step in range(1, PAIRS_A_CLAIM // 2 + 1)
        ]
    return pairs


def full_join(folder: Path, pairs: list[tuple[str, str]]) -> BundledNLI:
    """Return a full cross-encoder in int8: the encoder's layers, all of them joint. What it answers does not count."""
    file = E5File()
    model = float_encoder(file)
    about = {"name": "full-join", "version": "0", "whole_tokens": 128, "training": {}}
    export_nli(model, file, pairs[:50], folder, about)
    return BundledNLI(folder)


def main() -> None:
    """Measure and print, or write, the result."""
    options = parser(__doc__).parse_args()
    torch.set_num_threads(2)
    pairs = pairs_of_claims()
    swapped = [(b, a) for a, b in pairs]
    late = BundledNLI()
    with tempfile.TemporaryDirectory() as folder:
        full = full_join(Path(folder), pairs)
        make_models(Path(folder))
        cross = CrossEncoder(f"{folder}/nli", device="cpu", local_files_only=True)

        def both_ways(predict: Callable[[list[tuple[str, str]]], object]) -> None:
            predict(pairs)
            predict(swapped)

        ways: dict[str, Callable[[], object]] = {
            "late join, int8": lambda: late.predict_both(pairs),
            "full cross-encoder, int8, same engine": lambda: both_ways(full.predict_both),
            "full cross-encoder, float32, sentence-transformers": lambda: both_ways(
                lambda some: cross.predict(some, batch_size=32, show_progress_bar=False)
            ),
        }
        for way in ways.values():
            way()
        seconds: dict[str, list[float]] = {name: [] for name in ways}
        names = list(ways)
        for number in range(ROUNDS):
            for name in names[number % 3 :] + names[: number % 3]:
                start = time.perf_counter()
                ways[name]()
                seconds[name].append(time.perf_counter() - start)
    own = seconds["late join, int8"]
    result = {
        "environment": environment(),
        "pairs": len(pairs),
        "milliseconds_a_pair": {
            name: [round(value / len(pairs) * 1_000, 2) for value in values] for name, values in seconds.items()
        },
        "share_of_cost": {
            name: round(statistics.median(mine / other for mine, other in zip(own, values)), 3)
            for name, values in seconds.items()
        },
    }
    finish("pair_cost", result, write=options.write)


if __name__ == "__main__":
    main()
