"""Batches: labelled pairs as token ids, drawn by a mixture and cut so that little is padded."""

from __future__ import annotations

import random
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from contradict.verdicts import LABELS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from contradict.labelled import LabelledPair
    from contradict.models.tokenizer import Tokenizer
    from contradict.training.recipe import Mixture, Recipe

TOGETHER = 4  # examples of one premise in a batch at most, so that a batch is of many premises


@dataclass(frozen=True, slots=True)
class Example:
    """A labelled pair as token ids.

    Attributes
    ----------
    premise, hypothesis
        Token ids.
    label
        Its place in `contradict.verdicts.LABELS`.
    rate
        How often it is expected in a pass.
    source
        Where it is from.
    """

    premise: tuple[int, ...]
    hypothesis: tuple[int, ...]
    label: int
    rate: float = 1.0
    source: str = ""

    @property
    def tokens(self) -> int:
        """Both sides together."""
        return len(self.premise) + len(self.hypothesis)


def examples(
    pairs: Iterable[LabelledPair], tokenizer: Tokenizer, mixture: Mixture, longest: int
) -> tuple[list[Example], int]:
    """Return the pairs as token ids, and how many were left out for a side longer than `longest`."""
    made, left_out = [], 0
    for pair in pairs:
        premise, hypothesis = tokenizer.encode(pair.premise), tokenizer.encode(pair.hypothesis)
        if max(len(premise), len(hypothesis)) > longest:
            left_out += 1
            continue
        label = LABELS.index(pair.label)
        made.append(Example(tuple(premise), tuple(hypothesis), label, mixture.rate(pair), pair.source))
    return made, left_out


def draw(of: Sequence[Example], seed: int) -> list[Example]:
    """Draw one pass: each example about as often as its rate says, in random order, those of one premise together."""
    chance = random.Random(seed)
    by_premise: dict[tuple[int, ...], list[Example]] = {}
    for example in of:
        times = int(example.rate) + (chance.random() < example.rate % 1)
        by_premise.setdefault(example.premise, []).extend([example] * times)
    groups: list[list[Example]] = []
    for together in by_premise.values():
        chance.shuffle(together)
        groups += [together[start : start + TOGETHER] for start in range(0, len(together), TOGETHER)]
    chance.shuffle(groups)
    return [example for group in groups for example in group]


def batches(drawn: Sequence[Example], recipe: Recipe, seed: int) -> list[list[Example]]:
    """Cut examples into batches of similar length: chunks are sorted by tokens, cut, and the batches shuffled.

    Examples of one premise that were drawn together stay so: the premise is then read once for them all.
    """
    chance = random.Random(seed)
    made: list[list[Example]] = []
    chunk = 50 * recipe.batch_pairs
    for start in range(0, len(drawn), chunk):
        groups = [
            list(group) for _, group in groupby(drawn[start : start + chunk], key=lambda example: example.premise)
        ]
        groups.sort(key=lambda group: max(example.tokens for example in group))
        batch: list[Example] = []
        longest = 0
        for example in (example for group in groups for example in group):
            longest = max(longest, example.tokens)
            full = len(batch) == recipe.batch_pairs or (len(batch) + 1) * longest > recipe.batch_tokens
            if batch and full:
                made.append(batch)
                batch, longest = [], example.tokens
            batch.append(example)
        made.append(batch)
    chance.shuffle(made)
    return made
