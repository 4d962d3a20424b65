"""The bundled NLI model, as it ships, on labelled sets it was not trained on.

    python -m benchmarks.nli [--shared ../shared] [--write]

The last three are the claims that were written and held out (benchmarks/written/README.md), of the events those pairs
that are about one question.
"""

from __future__ import annotations

import time

from benchmarks.command import dev_path, finish, parser
from benchmarks.environment import environment
from benchmarks.written import OF_ONE_QUESTION, written
from contradict import evaluate
from contradict.labelled import read_labelled
from contradict.models.bundled import BundledNLI

SETS = (
    "xnli_dev_10",
    "ans_dev",
    "breaking_nli_dev",
    "emergent_dev",
    "persian_headlines_dev",
    "healthver_dev",
    "negation_dev",
    "stance_syria_rationale_dev_ar",
    "anli_half_dev",
    "klue_nli_dev",
    "ocnli_dev",
    "snli_1500",
)
WRITTEN = {
    "written_events": OF_ONE_QUESTION,
    "written_headlines": ("headlines",),
    "written_pairs": ("pairs",),
}
PUBLISHED = ("ar", "bg", "de", "el", "en", "es", "fr", "hi", "ru", "sw", "th", "tr", "ur", "vi", "zh")


def main() -> None:
    """Measure and print, or write, the result."""
    options = parser(__doc__).parse_args()
    nli = BundledNLI()
    given = {name: read_labelled(dev_path(options, name)) for name in SETS}
    held_out = written(out=True)
    given |= {name: [pair for pair in held_out if pair.source in sources] for name, sources in WRITTEN.items()}
    start, judged, sets = time.perf_counter(), 0, {}
    for name, pairs in given.items():
        found = evaluate(pairs, nli=nli)
        sets[name] = found.to_dict() | {"by_source": {}}
        judged += found.overall.pairs
        if name == "xnli_dev_10":
            mean = {
                what: round(found.mean_of(PUBLISHED, what), 4)
                for what in ("accuracy", "contradiction_f1", "auroc", "calibration_error")
            }
    result = {
        "environment": environment(),
        "model": nli.name,
        "pairs_per_second": round(judged / (time.perf_counter() - start)),
        "xnli_mean_of_15": mean,
        "sets": sets,
    }
    finish("nli", result, write=options.write)


if __name__ == "__main__":
    main()
