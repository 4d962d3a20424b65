"""How well statements and their speakers are found.

python -m benchmarks.attribution [--shared ../shared] [--write]
"""

from __future__ import annotations

import time
from dataclasses import asdict

from benchmarks.command import ROOT, finish, parser, rows_of
from benchmarks.environment import environment
from contradict.articles.evaluation import evaluate_attribution
from contradict.articles.packs import pack
from contradict.articles.statements import read, statements

GOLD = {f"own gold, {lang}": ROOT / "fixtures" / f"attribution_{lang}.jsonl" for lang in ("ar", "ru", "en")}
CORPORA = {"PolNeAR, en": ("polnear_dev_en", "en"), "ADAQ, ru": ("adaq_dev_ru_cs", "ru")}


def main() -> None:
    """Measure and print, or write, the result."""
    options = parser(__doc__).parse_args()
    corpora = {name: options.shared / "corpora" / f"attribution_{file}.jsonl.gz" for name, (file, _) in CORPORA.items()}
    sets = {}
    for name, path in (GOLD | corpora).items():
        found = evaluate_attribution([path])
        sets[name] = {kind: asdict(of) for kind, of in found[name.rpartition(" ")[2]].items()}
    texts = [row["text"] for row in rows_of(corpora["PolNeAR, en"])]
    sentences = sum(len(paragraph.sentences) for text in texts for _, paragraph in read(text, pack("en")))
    start = time.perf_counter()
    for text in texts:
        statements(text, pack("en"))
    speed = round(sentences / (time.perf_counter() - start))
    result = {"environment": environment(), "sets": sets, "sentences_per_second": speed}
    finish("attribution", result, write=options.write)


if __name__ == "__main__":
    main()
