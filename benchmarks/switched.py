"""Code switching: English pairs with many words in another language, so that what is learned in English carries over.

The idea is CoSDA-ML's (Qin et al. 2020, arXiv:2006.06402). The word list comes from translations of one set of
sentences, by IBM model 1 (Brown et al. 1993) both ways; a word is replaced only where the two ways agree.
"""

from __future__ import annotations

import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

WORD = re.compile(r"[^\s.,;:!?\"“”«»()\[\]/।،؛؟…–—-]+")  # vowel signs are no word characters to \w
ROUNDS = 5
LEAST, LEAST_BACK, SEEN = 0.25, 0.1, 2  # probability of the word, and of the way back; sentences it was seen in
NULL = ""

Lexicon = Mapping[str, Sequence[tuple[str, float]]]


def words(text: str) -> list[str]:
    """Return the words of a text, in lower case."""
    return [match.lower() for match in WORD.findall(text)]


def word_translations(sentences: Sequence[tuple[list[str], list[str]]]) -> dict[str, dict[str, float]]:
    """Return by word of the first side how likely each word of the second translates it, by IBM model 1."""
    table: dict[str, dict[str, float]] = {}
    for _ in range(ROUNDS):
        counts: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        for of, to in sentences:
            for target in to:
                weights = [(source, table[source].get(target, 0.0) if table else 1.0) for source in (NULL, *of)]
                total = sum(weight for _, weight in weights)
                for source, weight in weights if total else ():
                    counts[source][target] += weight / total
        table = {
            source: {target: count / total for target, count in row.items() if count / total > 1e-4}
            for source, row in counts.items()
            if (total := sum(row.values()))
        }
    return table


def word_list(sentences: Iterable[tuple[str, str]]) -> Lexicon:
    """Return for words of the first language their surest translations, with weights."""
    split = [(words(of), words(to)) for of, to in sentences]
    there, back = word_translations(split), word_translations([(to, of) for of, to in split])
    seen = Counter(word for of, _ in split for word in set(of))
    made: dict[str, list[tuple[str, float]]] = {}
    for word, row in there.items():
        sure = [
            (target, p) for target, p in row.items() if p >= LEAST and back.get(target, {}).get(word, 0.0) >= LEAST_BACK
        ]
        if word and seen[word] >= SEEN and sure:
            made[word] = sure
    return made


def switched(text: str, lexicon: Lexicon, share: float, chance: random.Random) -> str:
    """Return the text with about `share` of the words that the list knows replaced."""

    def other(match: re.Match[str]) -> str:
        known = lexicon.get(match[0].lower())
        if known is None or chance.random() > share:
            return match[0]
        return chance.choices([word for word, _ in known], [weight for _, weight in known])[0]

    return WORD.sub(other, text)
