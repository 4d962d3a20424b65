"""Ends of sentences by sentencex and by pysbd, on real sentences that are put together again, five at a time.

pip install pysbd
python -m benchmarks.segmenters [--shared ../shared] [--write]
"""

from __future__ import annotations

import random
import sys
import time
import warnings
from typing import TYPE_CHECKING

from benchmarks.command import finish, parser, rows_of
from benchmarks.environment import environment

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence

TOGETHER = 5  # sentences
TEXTS = 200
SEED = 0
ENDS = tuple('.؟!?…"”»')
SHORTEST = 20  # characters; what is shorter or ends without a mark is a heading or furniture of the page


def main() -> None:
    """Measure and print, or write, the result."""
    options = parser(__doc__).parse_args()
    found = {
        lang: {name: measured(texts, lang, ends) for name, ends in (("sentencex", by_sentencex), ("pysbd", by_pysbd))}
        for lang, texts in texts_of(options).items()
    }
    result = {"environment": environment(), "texts": TEXTS, "together": TOGETHER, "seed": SEED, "languages": found}
    finish("segmenters", result, write=options.write)


def texts_of(options: argparse.Namespace) -> dict[str, list[list[str]]]:
    """Return texts as lists of sentences: Russian of ADAQ drawn together, Arabic of news articles as they follow."""
    chance = random.Random(SEED)
    corpora = options.shared / "corpora"
    russian = [
        row["text"].strip()
        for row in rows_of(corpora / "attribution_adaq_dev_ru_cs.jsonl.gz")
        if row["lang"] == "ru" and row["text"].strip().endswith(ENDS)
    ]
    arabic = []
    for row in rows_of(corpora / "stance_syria_dev_ar.jsonl.gz"):
        for article in row["articles"]:
            real = [text.strip() for text in article["sentences"]]
            real = [text for text in real if text.endswith(ENDS) and len(text) > SHORTEST]
            arabic += [real[start : start + TOGETHER] for start in range(0, len(real) - TOGETHER + 1, TOGETHER)]
    return {
        "ru": [chance.sample(russian, TOGETHER) for _ in range(TEXTS)],
        "ar": chance.sample(arabic, TEXTS),
    }


def measured(texts: Sequence[Sequence[str]], lang: str, ends: Callable[[str, str], set[int]]) -> dict[str, float]:
    """Return precision, recall and F1 of the ends of sentences within texts, and sentences a second."""
    right = wrong = missed = 0
    ends(" ".join(texts[0]), lang)  # warm
    start = time.perf_counter()
    for sentences in texts:
        text = " ".join(sentences)
        marked = {len(" ".join(sentences[:number])) for number in range(1, len(sentences))}
        mine = ends(text, lang) - {len(text)}
        right, wrong, missed = right + len(mine & marked), wrong + len(mine - marked), missed + len(marked - mine)
    seconds = time.perf_counter() - start
    return {
        "ends": right + missed,
        "precision": round(right / (right + wrong), 4),
        "recall": round(right / (right + missed), 4),
        "f1": round(2 * right / (2 * right + wrong + missed), 4),
        "sentences_per_second": round(TOGETHER * len(texts) / seconds),
    }


def by_sentencex(text: str, lang: str) -> set[int]:
    """Return the ends of sentences."""
    from sentencex import segment

    found, place = set(), 0
    for sentence in segment(lang, text):
        place += len(sentence)
        found.add(len(text[:place].rstrip()))
    return found


def by_pysbd(text: str, lang: str) -> set[int]:
    """Return the ends of sentences."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # invalid escapes in its source
        try:
            import pysbd
        except ImportError:
            sys.exit("pysbd is not there; run: pip install pysbd")
    spans = pysbd.Segmenter(language=lang, clean=False, char_span=True).segment(text)
    return {len(text[: span.end].rstrip()) for span in spans}


if __name__ == "__main__":
    main()
