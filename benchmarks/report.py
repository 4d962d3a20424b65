"""Put the measured results into the documentation.

    python -m benchmarks.report [--check]

Between ``<!-- made:NAME -->`` and ``<!-- /made -->`` in the README and in docs/ stands what this makes of the JSON
files in results/; everything else is written by hand.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.command import RESULTS, ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

BLOCK = re.compile(r"(<!-- made:([\w-]+) -->\n).*?(<!-- /made -->)", re.DOTALL)


def result(name: str) -> dict[str, Any]:
    """Return a stored result."""
    loaded: dict[str, Any] = json.loads((RESULTS / f"{name}.json").read_text(encoding="utf-8"))
    return loaded


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a Markdown table; the first column left, the others right."""
    lines = [
        list(head),
        ["---", *["---:"] * (len(head) - 1)],
        *(["–" if c is None else str(c) for c in r] for r in rows),
    ]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def measured_on(of: dict[str, Any]) -> str:
    """Return one line on machine, date and commit."""
    where = of["environment"]
    return f"\nMeasured {where['date']} on {where['processors']} × {where['processor']}, commit {where['commit']}.\n"


def shown() -> str:
    """Return what the README's first command prints, cut after the first conflicts."""
    return f"```text\n{result('fixtures')['shown']}\n```\n"


def fixtures() -> str:
    """Return precision and recall on both fixtures, by threshold."""
    of = result("fixtures")
    rows = [
        (name, p, f["flagged"], f["right"], f["gold"], f["precision"], f["recall"])
        for name in ("airstrikes", "flood")
        for p, f in of[name]["by_threshold"].items()
    ]
    head = ("fixture", "from probability", "flagged", "right", "gold conflicts", "precision", "recall")
    return table(head, rows) + measured_on(of)


def languages() -> str:
    """Return precision and recall on the air strikes by pair of languages."""
    of = result("fixtures")["airstrikes"]
    rows = [
        (names, f["flagged"], f["right"], f["gold"], f["precision"], f["recall"])
        for names, f in of["by_language_pair"].items()
    ]
    return table(("languages", "flagged", "right", "gold conflicts", "precision", "recall"), rows)


def ranking() -> str:
    """Return what the ranking and the pairing are worth on the fixtures."""
    of = result("fixtures")
    rows = [
        (name, of[name]["claims"], of[name]["counts"]["pairs_judged"], of[name]["judged_recall"],
         of[name]["average_precision"], *of[name]["false_alarms_by_relation"].values())
        for name in ("airstrikes", "flood")
    ]  # fmt: skip
    head = (
        "fixture", "claims", "pairs judged", "share of conflicts judged", "average precision",
        "false alarms: near-miss", "agreement", "unrelated",
    )  # fmt: skip
    return table(head, rows)


def first_light() -> str:
    """Return the comparison of whole processes."""
    of = result("first_light")
    rows = [
        ("`contradict compare`", ", ".join(map(str, of["seconds_contradict"])), "1"),
        ("sentence-transformers, float32", ", ".join(map(str, of["seconds_sentence_transformers"])),
         f"{of['ratio_median']} (least {of['ratio_least']})"),
    ]  # fmt: skip
    what = f"{of['claims']} claims, {of['pairs_judged']} pairs both ways, seconds of each run.\n\n"
    return what + table(("", "seconds", "ratio, median"), rows) + measured_on(of)


def similarity() -> str:
    """Return how well cosines tell topics apart, raw and centred."""
    of = result("similarity")
    rows = [
        (name, of["raw"][name]["auroc"], of["centred"][name]["auroc"], of["centred"][name]["contradictions_p5"],
         of["centred"][name]["others_p95"])
        for name in of["raw"]
    ]  # fmt: skip
    kept = of["centred"]["all"]
    said = (
        f"\nAt `min_similarity` {of['min_similarity']}: {kept['contradictions_kept_news']:.1%} of the contradicting "
        f"pairs of the five news-like sets are kept, {kept['contradictions_kept']:.1%} of all, and "
        f"{kept['others_kept']:.1%} of the pairs about different things.\n"
    )
    head = ("pairs", "AUROC raw", "AUROC centred", "centred: 5 % of contradictions below", "95 % of others below")
    return table(head, rows) + said + measured_on(of)


def calibration() -> str:
    """Return the calibration and how it holds on the other half of the queries."""
    of = result("calibration")
    fit = of["calibration"]
    formula = (
        f"`logit(p) = {fit['intercept']} + {fit['contradiction']} · mean logit + {fit['similarity']} · cosine`, "
        f"fitted on {fit['fitted_on']}; temperature {of['temperature']}. On {of['held_out_pairs']} held-out pairs with "
        f"{of['held_out_conflicts']} conflicts:\n\n"
    )
    plain, calibrated = "mean of both directions", "calibrated"
    rows = [
        ("average precision", of["average_precision"][plain], of["average_precision"][calibrated]),
        ("expected calibration error", of["calibration_error"][plain], of["calibration_error"][calibrated]),
    ]
    thresholds = [(p, f["flagged"], f["precision"], f["recall"]) for p, f in of["by_threshold"].items()]
    return (
        formula
        + table(("", plain, calibrated), rows)
        + "\n"
        + table(("from probability", "flagged", "precision", "recall"), thresholds)
    )


def nli() -> str:
    """Return the NLI model's scores by set."""
    of = result("nli")
    mean = of["xnli_mean_of_15"]
    rows = [
        (name, f["pairs"], f["accuracy"], f["contradiction_f1"], f["contradiction_auroc"], f["calibration_error"])
        for name, f in of["sets"].items()
    ]
    head = ("set", "pairs", "accuracy", "contradiction F1", "AUROC", "calibration error")
    said = (
        f"\n`{of['model']}`; mean of XNLI's 15 languages: accuracy {mean['accuracy']}, F1 {mean['contradiction_f1']}.\n"
    )
    return table(head, rows) + said + measured_on(of)


def nli_languages() -> str:
    """Return the NLI model's scores by language."""
    of = result("nli")["xnli_by_language"]
    rows = [(lang, f["accuracy"], f["contradiction_f1"], f["contradiction_auroc"]) for lang, f in of.items()]
    return table(("language", "accuracy", "contradiction F1", "AUROC"), rows)


def news() -> str:
    """Return what the run on real articles took."""
    of = result("news")
    counts = of["counts"]
    rows = [
        ("seconds", of["seconds"]),
        ("peak memory, MB", of["peak_memory_mb"]),
        *((name.replace("_", " "), f"{value:,}") for name, value in counts.items()),
        *((f"conflicts from {p}", n) for p, n in of["conflicts"].items()),
    ]
    return table(("", ""), rows) + measured_on(of)


BLOCKS: dict[str, Callable[[], str]] = {
    "shown": shown,
    "fixtures": fixtures,
    "languages": languages,
    "ranking": ranking,
    "first-light": first_light,
    "similarity": similarity,
    "calibration": calibration,
    "nli": nli,
    "nli-languages": nli_languages,
    "news": news,
}


def made(text: str) -> str:
    """Return a document with its blocks made anew."""
    return BLOCK.sub(lambda match: match[1] + BLOCKS[match[2]]() + match[3], text)


def documents() -> list[Path]:
    """Return the documents that may hold blocks."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def main() -> None:
    """Write the documents, or with ``--check`` say which are out of date."""
    stale = [path for path in documents() if made(path.read_text(encoding="utf-8")) != path.read_text(encoding="utf-8")]
    if "--check" in sys.argv[1:]:
        sys.exit(f"out of date, run python -m benchmarks.report: {', '.join(map(str, stale))}" if stale else 0)
    for path in stale:
        path.write_text(made(path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
