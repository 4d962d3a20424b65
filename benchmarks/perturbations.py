"""Pairs that the rules of `contradict.perturb` make of real texts, drawn to be read by hand.

    python -m benchmarks.perturbations --lang en --seed 2 [--rule place] [--count 100] [--mending] [--shared FOLDER]

Prints the pairs of a rule one a line, what differs as ``[premise|hypothesis]``. One pair of each text is drawn, the
sources in turn, and only texts that stand alone on at most 160 characters. A third of the texts (``--mending``) is to
mend the rules by, the rest to count on. What was counted is written by hand into results/perturbations.json: by
language and rule, how many pairs were read and how many labels a careful reader would not have given.
"""

from __future__ import annotations

import argparse
import itertools
import random
import sys
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import contradict
from benchmarks.command import ROOT, rows_of
from contradict.perturbations import RULES, Perturbation

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCES = {
    "en": ("fever_val_2of3", "nyu_base_written", "ling_in_loop", "xnli_dev_90", "snli_18k"),
    "ar": ("ans_train", "xnli_dev_90"),
}
OTHER_SOURCES = ("xnli_dev_90",)
LONGEST = 160
SHORTEST = 20


def texts(shared: Path, lang: str, *, mending: bool) -> list[str]:
    """Return the texts of a language, of each source in turn, each once."""
    columns = []
    for source in SOURCES.get(lang, OTHER_SOURCES):
        rows = [row for row in rows_of(shared / "nli" / "train" / f"{source}.jsonl.gz") if row["lang"] == lang]
        column = sorted({row[side].strip() for row in rows for side in ("premise", "hypothesis")})
        random.Random(source).shuffle(column)
        columns.append(
            [
                text
                for text in column
                if SHORTEST <= len(text) <= LONGEST and (zlib.crc32(text.encode()) % 3 == 0) == mending
            ]
        )
    turns = itertools.chain.from_iterable(itertools.zip_longest(*columns))
    return list(dict.fromkeys(text for text in turns if text))


def drawn(pool: list[str], rule: str, lang: str, *, seed: int, count: int) -> Iterator[Perturbation]:
    """Give pairs of a rule, one of each text."""
    start = random.Random(f"{seed}:{rule}").randrange(len(pool))
    of_rule = (
        pair
        for text in pool[start:] + pool[:start]
        for pair in contradict.perturb(text, lang=lang, rules=[rule], seed=seed, per_claim=1)
    )
    return itertools.islice(of_rule, count)


def shown(pair: Perturbation) -> str:
    """Return both texts in one, what differs in brackets."""
    parts, done = [], 0
    for (start, end), (other_start, other_end) in zip(pair.premise_spans, pair.hypothesis_spans):
        parts += [pair.premise[done:start], f"[{pair.premise[start:end]}|{pair.hypothesis[other_start:other_end]}]"]
        done = end
    return "".join([*parts, pair.premise[done:]])


def main() -> None:
    """Print the pairs to read."""
    command = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    command.add_argument("--shared", type=Path, default=ROOT.parent / "shared", help="folder of the data (%(default)s)")
    command.add_argument("--lang", required=True)
    command.add_argument("--rule", action="append", choices=RULES)
    command.add_argument("--seed", type=int, default=2)
    command.add_argument("--count", type=int, default=100)
    command.add_argument("--mending", action="store_true", help="draw from the texts that the rules are mended by")
    asked = command.parse_args()
    pool = texts(asked.shared, asked.lang, mending=asked.mending)
    for rule in asked.rule or RULES:
        sys.stdout.write(f"== {rule}\n")
        for number, pair in enumerate(drawn(pool, rule, asked.lang, seed=asked.seed, count=asked.count), start=1):
            sys.stdout.write(f"{number} {shown(pair)}\n")


if __name__ == "__main__":
    main()
