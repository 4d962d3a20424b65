"""Real input: titles and first sentences of 804 articles of 15 outlets on the war in Syria (FA-KES), all in one pool.

    python -m benchmarks.news [--shared ../shared] [--best 20] [--write]

There is no gold; the best conflicts are printed for a reader to judge, and what was judged stands in
docs/measurements.md.
"""

from __future__ import annotations

import argparse
import gzip
import json
import resource
import sys
import time
from pathlib import Path

from sentencex import segment

import contradict
from benchmarks.environment import environment

ROOT = Path(__file__).parent.parent
FILE = "corpora/news_syria_outlets_en.jsonl.gz"


def claims_of(path: Path) -> list[dict[str, str]]:
    """Return one claim an article: its title and the first sentence that is more than a date line."""
    if not path.is_file():
        sys.exit(f"{path} is not there; give the folder that holds {FILE} as --shared")
    claims = []
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for article in map(json.loads, file):
            title = article["title"].strip()
            body = article["text"].partition(title)[2] or article["text"]
            first = next((s.strip() for s in segment("en", body) if len(s.split()) > 5), "")
            text = f"{title}. {first}".strip()
            claims.append({"article": article["id"], "text": text, "source": article["source_outlet"], "lang": "en"})
    return claims


def main() -> None:
    """Compare them and print, or write, what it took and what was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--best", type=int, default=20)
    parser.add_argument("--write", action="store_true", help="write benchmarks/results/news.json")
    options = parser.parse_args()
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
    text = json.dumps(result, indent=2) + "\n"
    print(text)
    if options.write:
        (ROOT / "benchmarks" / "results" / "news.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
