"""The bundled NLI model, as it ships, on labelled development sets it was not trained on.

python -m benchmarks.nli [--shared ../shared] [--write]
"""

from __future__ import annotations

import time

import numpy as np
from sklearn.metrics import f1_score, roc_auc_score

from benchmarks.calibrate import calibration_error
from benchmarks.command import finish, parser, rows_of
from benchmarks.environment import environment
from contradict.models.bundled import BundledNLI
from contradict.verdicts import CONTRADICTION, LABELS, judge

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
PUBLISHED = ("ar", "bg", "de", "el", "en", "es", "fr", "hi", "ru", "sw", "th", "tr", "ur", "vi", "zh")


def figures(probabilities: np.ndarray, truth: np.ndarray) -> dict[str, float | int]:
    """Return accuracy, and F1, area under the curve and calibration error of contradiction."""
    contradicts = truth == CONTRADICTION
    called = probabilities.argmax(axis=1)
    return {
        "pairs": len(truth),
        "accuracy": round(float((called == truth).mean()), 4),
        "contradiction_f1": round(float(f1_score(contradicts, called == CONTRADICTION)), 4),
        "contradiction_auroc": round(float(roc_auc_score(contradicts, probabilities[:, CONTRADICTION])), 4),
        "calibration_error": calibration_error(probabilities[:, CONTRADICTION], contradicts),
    }


def main() -> None:
    """Measure and print, or write, the result."""
    options = parser(__doc__).parse_args()
    nli = BundledNLI()
    sets: dict[str, object] = {}
    result: dict[str, object] = {"environment": environment(), "model": nli.name, "sets": sets}
    start, judged = time.perf_counter(), 0
    for name in SETS:
        rows = rows_of(options.shared / "nli" / "dev" / f"{name}.jsonl.gz")
        probabilities = judge([(row["premise"], row["hypothesis"]) for row in rows], nli).forward
        truth = np.array([LABELS.index(row["label"]) for row in rows])
        sets[name] = figures(probabilities, truth)
        judged += len(rows)
        if name == "xnli_dev_10":
            langs = np.array([row["lang"] for row in rows])
            of_languages = {
                lang: figures(probabilities[langs == lang], truth[langs == lang]) for lang in sorted({*langs})
            }
            result["xnli_by_language"] = of_languages
            result["xnli_mean_of_15"] = {
                what: round(float(np.mean([of_languages[lang][what] for lang in PUBLISHED])), 4)
                for what in ("accuracy", "contradiction_f1")
            }
    result["pairs_per_second"] = round(judged / (time.perf_counter() - start))
    finish("nli", result, write=options.write)


if __name__ == "__main__":
    main()
