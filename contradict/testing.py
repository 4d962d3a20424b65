"""Models for tests: instant, deterministic, with no weights. For your tests and ours."""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

NEGATIONS = frozenset({"not", "no", "never", "не", "لم", "لا"})


def words(text: str) -> list[str]:
    """Return the words of a text in lower case."""
    return re.findall(r"\w+", text.casefold())


class FakeEncoder:
    """Texts with the same words have the same vector: a bag of hashed words.

    Parameters
    ----------
    dimensions
        Of the vectors.
    """

    name = "fake-encoder"

    def __init__(self, dimensions: int = 64) -> None:
        self.dimensions = dimensions

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return unit vectors (len(texts), dimensions)."""
        vectors = np.full((len(texts), self.dimensions), 1e-3, dtype=np.float32)
        for row, text in zip(vectors, texts):
            for word in words(text):
                row[zlib.crc32(word.encode()) % self.dimensions] += 1
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


class FakeNLI:
    """Contradiction if only one side has a negation, entailment if no word of the hypothesis is new, else neutral.

    The label has probability 0.9 and the others 0.05 each.
    """

    name = "fake-nli"

    def predict(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        """Return probabilities (len(pairs), 3): entailment, neutral, contradiction."""
        probabilities = np.full((len(pairs), 3), 0.05, dtype=np.float32)
        for row, (premise, hypothesis) in zip(probabilities, pairs):
            of_premise, of_hypothesis = set(words(premise)), set(words(hypothesis))
            if bool(of_premise & NEGATIONS) != bool(of_hypothesis & NEGATIONS):
                row[2] = 0.9
            else:
                row[0 if of_hypothesis <= of_premise else 1] = 0.9
        return probabilities
