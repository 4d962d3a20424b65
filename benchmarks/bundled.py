"""Train the bundled NLI model: on pairs that people labelled, on pairs made of them, and on claims written for this.

    python -m benchmarks.bundled --out runs/i [--start bundled] [--shared ../shared]

Writes what `contradict.train` writes. A run goes on from its checkpoint. The rates stand in bundled.toml.
"""

from __future__ import annotations

import logging
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from benchmarks.command import parser
from benchmarks.switched import switched, word_list
from benchmarks.written import SOURCES, written
from contradict import perturb
from contradict.labelled import LabelledPair, read_labelled
from contradict.lexicon import languages
from contradict.training import Mixture, Recipe, train

MIXTURE = Path(__file__).with_name("bundled.toml")
SWITCHED_OF = ("ling_in_loop", "mnli_train_subset_llmsknow", "nyu_base_written", "snli_18k", "counterfactual_nli")
SWITCHED_TO = ("ar", "bg", "de", "el", "es", "fr", "hi", "hr", "ru", "sw", "tr", "ur")
SWITCHED_SHARE = 0.8
CONTRAST_OF = (
    *("xnli_dev_90", "ans_train", "ling_in_loop", "snli_18k", "nyu_base_written", "fever_val_2of3", "klue_nli_train"),
    *("ocnli", "indonli", "farstail", "inferes", "inferbr"),
)
CONTRAST_TEXTS = 4_000  # of a source and language
SIMILAR = 0.35  # centred cosine from which two texts of one source are near in topic

Texts = Mapping[str, tuple[str, str]]


def natural(shared: Path, names: Iterable[str]) -> Iterator[LabelledPair]:
    """Yield the pairs that people labelled."""
    for name in names:
        for pair in read_labelled(shared / "nli" / "train" / f"{name}.jsonl.gz"):
            yield LabelledPair(pair.premise, pair.hypothesis, pair.label, pair.lang, "", name, "", pair.group)


def across(translated: Sequence[LabelledPair], chance: random.Random) -> Iterator[LabelledPair]:
    """Yield each pair with the premise in one language and the hypothesis in another."""
    by_group: dict[str, list[LabelledPair]] = defaultdict(list)
    for pair in translated:
        by_group[pair.group].append(pair)
    for group in by_group.values():
        for of, to in zip(group, chance.sample(group, len(group))):
            if of.lang != to.lang:
                yield LabelledPair(of.premise, to.hypothesis, of.label, of.lang, to.lang, "xnli_across")


def parallel(translated: Sequence[LabelledPair]) -> dict[str, list[tuple[str, str]]]:
    """Return English sentences with their translations, by language."""
    english = {pair.group: pair for pair in translated if pair.lang == "en"}
    made: dict[str, dict[tuple[str, str], None]] = defaultdict(dict)
    for pair in translated:
        of = english.get(pair.group)
        if of and pair.lang != "en":
            made[pair.lang] |= {(of.premise, pair.premise): None, (of.hypothesis, pair.hypothesis): None}
    return {lang: list(sentences) for lang, sentences in made.items()}


def switched_pairs(
    english: Sequence[LabelledPair], translated: Sequence[LabelledPair], chance: random.Random
) -> Iterator[LabelledPair]:
    """Yield each English pair with many words of both sides in other languages, half of the time in the same one."""
    sentences = parallel(translated)
    lists = {lang: word_list(sentences[lang]) for lang in SWITCHED_TO}
    for pair in english:
        left = chance.choice(SWITCHED_TO)
        right = left if chance.random() < 0.5 else chance.choice((*SWITCHED_TO, "en"))
        premise = switched(pair.premise, lists[left], SWITCHED_SHARE, chance)
        hypothesis = switched(pair.hypothesis, lists.get(right, {}), SWITCHED_SHARE, chance)
        yield LabelledPair(premise, hypothesis, pair.label, left, right, "switched")


def contrast(pairs: Sequence[LabelledPair], chance: random.Random) -> Iterator[LabelledPair]:
    """Yield what `contradict.perturb` makes of the texts."""
    texts: dict[tuple[str, str], set[str]] = defaultdict(set)
    for pair in pairs:
        texts[pair.source, pair.lang] |= {pair.premise, pair.hypothesis}
    known = languages()
    for (_, lang), of in sorted(texts.items()):
        if lang in known:
            some = chance.sample(sorted(of), min(len(of), CONTRAST_TEXTS))
            for made in perturb(some, lang=lang, seed=chance.randrange(1 << 30), per_claim=2):
                yield LabelledPair(made.premise, made.hypothesis, made.label, lang, "", "perturbed")


def negated(pairs: Sequence[LabelledPair], chance: random.Random) -> Iterator[LabelledPair]:
    """Yield neutral pairs with the hypothesis negated, which stay neutral, and entailed ones, which contradict then."""
    known = languages()
    of = [pair for pair in pairs if pair.label != "contradiction" and pair.lang in known]
    for pair in chance.sample(of, min(len(of), 30_000)):
        for made in perturb([pair.hypothesis], lang=pair.lang, rules=["negation"], per_claim=1):
            label = "neutral" if pair.label == "neutral" else "contradiction"
            yield LabelledPair(pair.premise, made.hypothesis, label, pair.lang, "", "negated")


def beside(pairs: Sequence[LabelledPair], chance: random.Random) -> Iterator[LabelledPair]:
    """Yield two statements that follow from one premise as neutral to each other: different aspects of one event."""
    by_premise: dict[tuple[str, str], list[str]] = defaultdict(list)
    for pair in pairs:
        if pair.label == "entailment":
            by_premise[pair.lang, pair.premise].append(pair.hypothesis)
    for (lang, _), of in by_premise.items():
        if len(set(of)) > 1:
            left, right = chance.sample(sorted(set(of)), 2)
            yield LabelledPair(left, right, "neutral", lang, "", "beside")


def near_in_topic(pairs: Sequence[LabelledPair], chance: random.Random) -> Iterator[LabelledPair]:
    """Yield texts of different premises that are near in topic as neutral."""
    from contradict.models.bundled import BundledEncoder
    from contradict.pairs import find_pairs

    encoder = BundledEncoder()
    by_source: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for pair in pairs:
        by_source[pair.source, pair.lang][pair.hypothesis] = pair.group
    for (_, lang), of in sorted(by_source.items()):
        texts = chance.sample(sorted(of), min(len(of), 1_500))
        vectors = encoder.centre(encoder.encode(texts))
        found = find_pairs(vectors, min_similarity=SIMILAR, top_k=2)
        for i, j in zip(found.left, found.right):
            if of[texts[i]] != of[texts[j]]:
                left, right = chance.sample([texts[i], texts[j]], 2)
                yield LabelledPair(left, right, "neutral", lang, "", "near")


def mixture_of(shared: Path, mixture: Mixture, seed: int = 0) -> list[LabelledPair]:
    """Return all pairs, each with the source that the table of rates knows."""
    chance = random.Random(seed)
    made = {"xnli_across", "switched", "perturbed", "negated", "beside", "near", *SOURCES}
    given = list(natural(shared, sorted(set(mixture.sources) - made)))
    translated = [pair for pair in given if pair.source == "xnli_dev_90"]
    of_contrast = [pair for pair in given if pair.source in CONTRAST_OF]
    pairs = [
        *given,
        *across(translated, chance),
        *switched_pairs([pair for pair in given if pair.source in SWITCHED_OF], translated, chance),
        *contrast(of_contrast, chance),
        *negated(of_contrast, chance),
        *beside(of_contrast, chance),
        *near_in_topic(of_contrast, chance),
        *written(out=False),
    ]
    chance.shuffle(pairs)
    return pairs


def main() -> None:
    """Make the pairs and train."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    commands = parser(__doc__)
    commands.add_argument("--out", type=Path, required=True)
    commands.add_argument("--start", default="bundled", help="bundled, encoder, or a model.safetensors")
    commands.add_argument("--learning-rate", type=float, default=2e-4)
    commands.add_argument("--decay", type=float, default=0.9)
    commands.add_argument("--dropout", type=float, default=0.1)
    commands.add_argument("--passes", type=float, default=1.0)
    commands.add_argument("--seed", type=int, default=0, help="of the order of the pairs and of what is dropped")
    commands.add_argument("--version", default="0.6")
    options = commands.parse_args()
    mixture = Mixture.read(MIXTURE)
    pairs = mixture_of(options.shared, mixture)
    recipe = Recipe(
        learning_rate=options.learning_rate,
        decay=options.decay,
        dropout=options.dropout,
        passes=options.passes,
        seed=options.seed,
        longest=96,
    )
    train(
        pairs,
        options.shared / "nli" / "dev" / "xnli_dev_10.jsonl.gz",
        out=options.out,
        name="contradict-nli",
        version=options.version,
        start=options.start,
        mixture=MIXTURE,
        recipe=recipe,
        show_progress_bar=True,
    )


if __name__ == "__main__":
    main()
