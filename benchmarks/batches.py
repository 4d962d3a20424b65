"""How many tokens a batch should hold: a judged pair's time on one processor, by tokens a batch.

    python -m benchmarks.batches [--runs 3] [--write]

Pairs are those of `benchmarks.pair_cost`, ten a claim. The sizes are gone through in turn, so that a disturbance meets
all of them. Then the same pairs on all processors, a batch a thread, as the library runs them.
"""

from __future__ import annotations

import statistics
import time

from benchmarks.command import finish, parser
from benchmarks.environment import environment
from benchmarks.pair_cost import pairs_of_claims
from contradict.models import bundled
from contradict.models.sessions import batch_tokens, second_level_cache
from contradict.workers import processors

SIZES = (64, 128, 256, 384, 512, 768, 1_024, 2_048, 4_096)


def main() -> None:
    """Measure and print, or write, the result."""
    commands = parser(__doc__)
    commands.add_argument("--runs", type=int, default=3)
    options = commands.parse_args()
    pairs = pairs_of_claims()
    chosen = batch_tokens()
    milliseconds: dict[str, dict[int, list[float]]] = {}
    for name, threads in (("one", 1), ("all", processors())):
        nli = bundled.BundledNLI(threads=threads)
        nli.predict_both(pairs)
        milliseconds[name] = {size: [] for size in SIZES}
        for _ in range(options.runs):
            for size in SIZES:
                bundled.batch_tokens = lambda size=size: size
                start = time.perf_counter()
                nli.predict_both(pairs)
                milliseconds[name][size].append(round((time.perf_counter() - start) / len(pairs) * 1_000, 3))
    result = {
        "environment": environment(),
        "pairs": len(pairs),
        "second_level_cache": second_level_cache(),
        "chosen": chosen,
        "milliseconds_a_pair": milliseconds,
        "medians": {
            name: {size: statistics.median(values) for size, values in of.items()} for name, of in milliseconds.items()
        },
    }
    finish("batches", result, write=options.write)


if __name__ == "__main__":
    main()
