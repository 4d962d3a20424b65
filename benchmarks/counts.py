"""Casualty counts that differ between two outlets on one day and place (FA-KES), found from the texts.

    python -m benchmarks.counts [--shared ../shared] [--sentences 3] [--write]

The labels are not a reader's: they compare the number of civilians that FA-KES took from anywhere in either article,
and call it a conflict if neither is zero and the smaller is under three quarters of the larger. An article is
represented by its title and first sentences, dated with the day of the event as FA-KES gives it.
"""

from __future__ import annotations

from sentencex import segment

import contradict
from benchmarks.command import finish, parser, rows_of
from benchmarks.environment import environment
from benchmarks.fixtures import figures
from contradict.evidence import evidence

PAIRS = "corpora/news_syria_outlet_pairs_dev_en.jsonl.gz"
ARTICLES = "corpora/news_syria_outlets_en.jsonl.gz"


def lead(article: dict[str, str], sentences: int) -> list[contradict.Claim]:
    """Return the first sentences of an article that are more than a date line, as claims of its outlet."""
    said = [one.strip() for one in segment("en", article["text"]) if len(one.split()) > 5]
    month, day_of_month, year = map(int, article["event_date"].split("/"))
    day = f"{2000 + year % 100}-{month:02}-{day_of_month:02}"
    texts = dict.fromkeys([article["title"].strip(), *said[:sentences]])
    return [contradict.Claim(text, source=article["source_outlet"], date=day, lang="en") for text in texts if text]


def main() -> None:
    """Measure and print, or write, the result."""
    arguments = parser(__doc__)
    arguments.add_argument("--sentences", type=int, default=3)
    options = arguments.parse_args()
    articles = {article["id"]: article for article in rows_of(options.shared / ARTICLES)}
    rows = rows_of(options.shared / PAIRS)
    detector = contradict.Detector()
    gold: set[frozenset[str]] = set()
    found: dict[str, set[frozenset[str]]] = {name: set() for name in ("differs", "decisive", "reported", "any_kind")}
    for row in rows:
        pair = frozenset((row["a"], row["b"]))
        if row["civilian_count_conflict"]:
            gold.add(pair)
        ours, theirs = (lead(articles[row[side]], options.sentences) for side in ("a", "b"))
        looked_at = [evidence(one, other) for one in ours for other in theirs]
        report = detector.compare(ours, theirs, top_k=None)
        for name, there in {
            "differs": any(difference.what == "number" for one in looked_at for difference in one.differences),
            "decisive": any(one.decisive for one in looked_at),
            "reported": any(conflict.kind == "number" for conflict in report),
            "any_kind": len(report) > 0,
        }.items():
            if there:
                found[name].add(pair)
    result = {
        "environment": environment(),
        "pairs": len(rows),
        "sentences": options.sentences,
        **{name: figures(pairs, gold) for name, pairs in found.items()},
    }
    finish("counts", result, write=options.write)


if __name__ == "__main__":
    main()
