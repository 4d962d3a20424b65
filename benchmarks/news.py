"""Real input: titles and first sentences of 804 articles of 15 outlets on the war in Syria (FA-KES), all in one pool.

    python -m benchmarks.news [--shared ../shared] [--best 20] [--write]

There is no gold; the best conflicts are printed for a reader to judge, and what was judged stands in
docs/measurements.md.
"""

from __future__ import annotations

import resource
import time
from pathlib import Path

from sentencex import segment

import contradict
from benchmarks.command import finish, parser, rows_of
from benchmarks.environment import environment

FILE = "corpora/news_syria_outlets_en.jsonl.gz"


def claims_of(path: Path) -> list[dict[str, str]]:
    """Return one claim an article: its title and the first sentence that is more than a date line."""
    claims = []
    for article in rows_of(path):
        title = article["title"].strip()
        body = article["text"].partition(title)[2] or article["text"]
        first = next((s.strip() for s in segment("en", body) if len(s.split()) > 5), "")
        text = f"{title}. {first}".strip()
        claims.append({"article": article["id"], "text": text, "source": article["source_outlet"], "lang": "en"})
    return claims


def main() -> None:
    """Compare them and print, or write, what it took and what was found."""
    arguments = parser(__doc__)
    arguments.add_argument("--best", type=int, default=20)
    options = arguments.parse_args()
    claims = claims_of(options.shared / FILE)
    start = time.perf_counter()
    report = contradict.compare(claims)
    seconds = time.perf_counter() - start
    for conflict in report[: options.best]:
        print(f"{conflict.probability:.2f}  {conflict.a.source}: {conflict.a.text}")
        print(f"      {conflict.b.source}: {conflict.b.text}\n")
    result = {
        "environment": environment(),
        "seconds": round(seconds, 1),
        "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "counts": report.to_dict()["counts"],
        "conflicts": {str(p): len(report.at(p)) for p in (0.5, 0.7, 0.8, 0.9, 0.95)},
    }
    finish("news", result, write=options.write)


if __name__ == "__main__":
    main()
