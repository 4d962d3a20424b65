"""Put the measured results into the documentation.

    python -m benchmarks.report [--check]

Between ``<!-- made:NAME -->`` and ``<!-- /made -->`` in the README and in docs/ stands what this makes of the JSON
files in results/; everything else is written by hand. The figures in docs/figures/ are drawn of them too (needs
matplotlib, of ``pip install ".[bench]"``).
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks import report_peers
from benchmarks.command import RESULTS, ROOT
from benchmarks.figures import draw
from benchmarks.tables import measured_on, result, table

if TYPE_CHECKING:
    from collections.abc import Callable

BLOCK = re.compile(r"(<!-- made:([\w-]+) -->\n).*?(<!-- /made -->)", re.DOTALL)


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
    rows = [("sentence-transformers, float32", ", ".join(map(str, of["seconds_sentence_transformers"])), "1")]
    for what, name in (("`contradict compare`", "contradict"), ("the same with `--json`", "contradict_json")):
        median, least = of[f"ratio_{name}"]
        rows.append((what, ", ".join(map(str, of[f"seconds_{name}"])), f"{median} (least {least})"))
    what = f"{of['claims']} claims, {of['pairs_judged']} pairs both ways, seconds of each run.\n\n"
    return what + table(("", "seconds", "times as fast, median"), rows) + measured_on(of)


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
        f"`logit(p) = {fit['intercept']} + {fit['contradiction']} · c + {fit['entailment']} · e + "
        f"{fit['similarity']} · s + {fit['product']} · c · s`, with c and e the logits of contradiction and of "
        "entailment, each the mean of both directions, and s the cosine; "
        f"fitted on {fit['fitted_on']}; temperature {of['temperature']}. On {of['held_out_pairs']} held-out pairs with "
        f"{of['held_out_conflicts']} conflicts:\n\n"
    )
    plain, calibrated = "mean of both directions", "calibrated"
    rows = [
        ("average precision", of["average_precision"][plain], of["average_precision"][calibrated]),
        ("expected calibration error", of["calibration_error"][plain], of["calibration_error"][calibrated]),
    ]
    thresholds = [(p, f["flagged"], f["precision"], f["recall"]) for p, f in of["by_threshold"].items()]
    by_pool = [(name, *found.values()) for name, found in of["by_pool"].items()]
    measures = ("average precision", "calibration error", "flagged from 0.5", "precision", "recall")
    return (
        formula
        + table(("", plain, calibrated), rows)
        + "\n"
        + table(("pool", "pairs", "conflicts", *measures), by_pool)
        + "\n"
        + table(("from probability", "flagged", "precision", "recall"), thresholds)
    )


def with_interval(scores: dict[str, Any], measure: str) -> str:
    """Return a figure with half the width of its 95 % interval, the wider side."""
    value = {"contradiction_f1": scores["f1"]["contradiction"]}.get(measure, scores.get(measure))
    low, high = scores["intervals"][measure]
    return f"{value:.3f} ±{max(high - value, value - low):.3f}"


MEASURES = {"accuracy": "accuracy", "contradiction_f1": "contradiction F1", "auroc": "AUROC"}


def nli() -> str:
    """Return the NLI model's scores by set."""
    of = result("nli")
    measures = {**MEASURES, "calibration_error": "calibration error"}
    rows = [
        (name, found["overall"]["pairs"], *(with_interval(found["overall"], measure) for measure in measures))
        for name, found in of["sets"].items()
    ]
    mean = of["xnli_mean_of_15"]
    said = (
        f"\n`{of['model']}`, with 95 % bootstrap intervals (pairs of one premise resampled together). Mean of XNLI's "
        f"15 languages: accuracy {mean['accuracy']}, F1 {mean['contradiction_f1']}, AUROC {mean['auroc']}.\n"
    )
    return table(("set", "pairs", *measures.values()), rows) + said + measured_on(of)


def nli_languages() -> str:
    """Return the NLI model's scores by language."""
    of = result("nli")["sets"]["xnli_dev_10"]["by_language"]
    rows = [(lang, *(with_interval(scores, measure) for measure in MEASURES)) for lang, scores in of.items()]
    return table(("language", *MEASURES.values()), rows)


def quantisation() -> str:
    """Return what rounding to int8 costs."""
    of = result("quantisation")
    rows = [
        (name, f["pairs"], f["float32"], f["int8"], f["points"], f["mean_difference_of_p"])
        for name, f in of["sets"].items()
    ]
    head = ("set", "pairs", "float32", "int8", "points", "mean difference of p(contradiction)")
    everything = f"\nOver all {of['all']['pairs']:,} pairs: {of['all']['points']:+} points.\n"
    return table(head, rows) + everything + measured_on(of)


def attribution() -> str:
    """Return how well statements and speakers are found."""
    of = result("attribution")
    names = ("gold", "precision", "recall", "f1", "exact_f1", "speaker", "resolved", "stance")
    rows = [
        (name if kind == "all" else f"– {kind}", *(figures[column] for column in names))
        for name, kinds in of["sets"].items()
        for kind, figures in kinds.items()
    ]
    speed = f"\n{of['sentences_per_second']:,} sentences a second on PolNeAR, one thread.\n"
    head = ("", "statements", "precision", "recall", "F1", "exact F1", "speaker", "full name", "stance")
    return table(head, rows) + speed + measured_on(of)


def stored(name: str, make: Callable[[dict[str, Any]], str]) -> str:
    """Return what is made of a result, or that there is none."""
    return make(result(name)) if (RESULTS / f"{name}.json").is_file() else "No run of it is stored.\n"


WAYS = {
    "bare_half_product": "bare half product, float32",
    "contradict": "contradict",
    "contradict_float32": "contradict, float32",
    "contradict_approximate": "contradict, approximate",
}


def joins(of: dict[str, Any]) -> str:
    """Return the join alone against its peers, by data and size."""
    parts = []
    for data, sizes in of["data"].items():
        rows = []
        for count, found in sizes.items():
            for way, seconds in found["seconds"].items():
                shown = ", ".join(f"{one:.1f}" for one in seconds if one is not None)
                failed = found["failed"].get(way)
                memory = found["peak_memory_mb"][way]
                rows.append(
                    (f"{int(count):,}", WAYS.get(way, way.replace("_", " ")), failed or shown,
                     found["of_the_bare_product"].get(way), found["times_faster_than"].get(way),
                     found["recall"].get(way), None if failed else f"{memory:,}")
                )  # fmt: skip
        head = ("claims", "", "seconds", "of the bare product's time", "times that contradict is faster", "recall",
                "peak memory, MB")  # fmt: skip
        parts.append(f"Data: {data}.\n\n{table(head, rows)}")
    return "\n".join(parts) + measured_on(of)


def segmenters() -> str:
    """Return how well two segmenters find the ends of sentences."""
    of = result("segmenters")
    rows = [
        (lang, name, figures["ends"], figures["precision"], figures["recall"], figures["f1"])
        for lang, by_name in of["languages"].items()
        for name, figures in by_name.items()
    ]
    speeds = [by_name["sentencex"]["sentences_per_second"] / by_name["pysbd"]["sentences_per_second"]
              for by_name in of["languages"].values()]  # fmt: skip
    times = f"\nIn this run sentencex was {min(speeds):.0f} to {max(speeds):.0f} times as fast.\n"
    return table(("", "", "ends of sentences", "precision", "recall", "F1"), rows) + times + measured_on(of)


def pairs() -> str:
    """Return the join alone against its peers."""
    return stored("pairs", joins)


def pairs_million() -> str:
    """Return the join of a million claims."""
    return stored("pairs_million", joins)


def pairs_indexes() -> str:
    """Return the join by indexes."""
    return stored("pairs_indexes", joins)


def growth() -> str:
    """Return time and memory of `compare` by the number of claims."""

    def make(of: dict[str, Any]) -> str:
        rows = [
            (f"{int(count):,}", found["failed"], None, None, None)
            if "failed" in found
            else (f"{int(count):,}", found["seconds"], found["processor_seconds"], f"{found['peak_memory_mb']:,}",
                  f"{found['pairs_judged']:,}")
            for count, found in of["sizes"].items()
        ]  # fmt: skip
        said = f"\nExponent of the seconds: {of['exponent']['seconds']}; of the processor's: "
        said += f"{of['exponent']['processor_seconds']}.\n"
        head = ("claims", "seconds", "processor seconds", "peak memory, MB", "pairs judged")
        return table(head, rows) + said + measured_on(of)

    return stored("growth", make)


def pair_cost() -> str:
    """Return what a pair costs both ways."""
    of = result("pair_cost")
    rows = [
        (name, ", ".join(map(str, values)), of["share_of_cost"][name])
        for name, values in of["milliseconds_a_pair"].items()
    ]
    head = ("", "milliseconds a pair, both ways, each round", "cost of late join as a share of this, median of rounds")
    return f"{of['pairs']} pairs, ten a claim.\n\n" + table(head, rows) + measured_on(of)


def abstention() -> str:
    """Return how the band of abstention holds on held-out pairs, and what one temperature a language would do."""
    of = result("calibration")
    found = of["abstention"]
    low, high = found["band"]
    errors = ", ".join(f"{way} {error}" for way, error in of["temperature_held_out_error"].items())
    return (
        f"Band {low}–{high}, of version {of['calibration']['nli']}. On held-out pairs it answers "
        f"{found['share_answered']:.1%} of the pairs: under the band {found['conflicts_among_those_under'] or 0:.1%} "
        f"conflict, from its end on {found['conflicts_among_those_over'] or 0:.1%}; these are "
        f"{found['share_of_conflicts_over']:.1%} of all conflicts.\n\n"
        f"Calibration error of contradiction on `xnli_dev_10`, held out by premise, by number of temperatures: "
        f"{errors}.\n"
    )


def splits() -> str:
    """Return accuracy and cost by the number of layers that read a text alone."""
    of = result("splits")
    names = list(next(iter(of["splits"].values()))["contradiction_f1"])
    rows = [
        (int(split), found["milliseconds_a_pair"], found["xnli_mean_of_15"], *found["contradiction_f1"].values())
        for split, found in sorted(of["splits"].items(), key=lambda item: int(item[0]))
    ]
    head = ("layers a text alone", "milliseconds a pair", "XNLI accuracy", *(f"{name} F1" for name in names))
    return table(head, rows) + f"\n{of['pairs']:,} pairs from `{of['start']}`, seed {of['seed']}.\n" + measured_on(of)


def news() -> str:
    """Return what the run on real articles took."""
    of = result("news")
    counts = of["counts"]
    rows = [
        ("seconds", of["seconds"]),
        ("peak memory, MB", of["peak_memory_mb"]),
        *((name.replace("_", " "), f"{value:,}") for name, value in counts.items() if name != "excluded_by"),
        *((f"conflicts from {p}", n) for p, n in of["conflicts"].items()),
    ]
    return table(("", ""), rows) + measured_on(of)


def evidence() -> str:
    """Return what evidence adds on the fixtures, and the near misses with the right caveat."""
    of = result("evidence")
    named = {
        "without": "without evidence", "with": "with evidence", "without_caveat": "flagged without a caveat",
        "raised_by_numbers": "of them raised by numbers", "set_aside": "set aside",
    }  # fmt: skip
    rows = [
        (fixture, said, f["flagged"], f["right"], f["gold"], f["precision"], f["recall"])
        for fixture in ("airstrikes", "flood")
        for name, said in named.items()
        for f in [of[fixture][name]]
    ]
    head = ("fixture", "", "pairs", "right", "gold conflicts", "precision", "recall")
    caveats = "; ".join(f"{name} {given} of {asked}" for name, (given, asked) in of["near_misses"]["by_caveat"].items())
    shares = " and ".join(f"{of[fixture]['share_of_the_run']:.1%}" for fixture in ("airstrikes", "flood"))
    said = f"\nNear misses with the right caveat: {of['near_misses']['share']:.1%} ({caveats}). "
    return table(head, rows).replace("| --- | ---: |", "| --- | --- |", 1) + (
        said + f"Evidence takes {shares} of the run's time.\n" + measured_on(of)
    )


def counts() -> str:
    """Return how casualty counts that differ between outlets are found."""
    of = result("counts")
    named = {
        "differs": "two counts of the same differ somewhere", "decisive": "... of one event for sure or likely",
        "reported": "`compare` reports a number conflict", "any_kind": "`compare` reports any conflict",
    }  # fmt: skip
    rows = [
        (said, f["flagged"], f["right"], f["gold"], f["precision"], f["recall"])
        for name, said in named.items()
        for f in [of[name]]
    ]
    head = (f"{of['pairs']} pairs of articles", "flagged", "labelled so", "labelled conflicts", "precision", "recall")
    return table(head, rows) + measured_on(of)


def page() -> str:
    """Return how heavy the page of a large report is."""
    of = result("page")
    names = ("claims", "conflicts", "megabytes", "seconds_to_make", "seconds_to_open", "seconds_for_an_empty_page")
    return table(("", ""), [(name.replace("_", " "), of[name]) for name in names]) + measured_on(of)


def perturbations() -> str:
    """Return how many labels of the pairs made by rule were wrong, of how many read."""
    counts = result("perturbations")["counts"]
    langs = {"en": "English", "ar": "Arabic", "ru": "Russian", "de": "German"}

    def shown(read: int, wrong: int, mended: str = "") -> str:
        return f"{wrong} of {read}" + ("\\*" if mended else "")

    rows = [(f"`{rule}`", *(shown(*of[lang]) if lang in of else None for lang in langs)) for rule, of in counts.items()]
    sums = []
    for lang in langs:
        found = [of[lang] for of in counts.values() if lang in of]
        read, wrong = sum(row[0] for row in found), sum(row[1] for row in found)
        sums.append(f"{wrong} of {read} ({wrong / read:.1%})")
    return table(("rule", *langs.values()), [*rows, ("all", *sums)])


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
    "quantisation": quantisation,
    "pair-cost": pair_cost,
    "pairs": pairs,
    "pairs-million": pairs_million,
    "pairs-indexes": pairs_indexes,
    "growth": growth,
    "attribution": attribution,
    "segmenters": segmenters,
    "abstention": abstention,
    "splits": splits,
    "news": news,
    "evidence": evidence,
    "counts": counts,
    "page": page,
    "perturbations": perturbations,
    **report_peers.BLOCKS,
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
    draw()


if __name__ == "__main__":
    main()
