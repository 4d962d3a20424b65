"""Ranking: which pairs to judge first, from what is known of them before: their vectors and a look at their words.

Of two claims on one topic most neither contradict nor agree. How near they lie says little of that; in which directions
they differ, and whether their numbers do, says more. A logistic regression on ``|u - v|``, ``u * v``, cosine and a few
features of the words (after the pair features of InferSent, Conneau et al. 2017) ranks pairs, so that a budget finds
most of the conflicts early. It decides nothing else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from contradict.errors import ModelFilesError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

WORD = re.compile(r"\w+")
NUMBER = re.compile(r"\d+")
OF_WORDS = 5  # features of words
AT_ONCE = 8_192


@dataclass(frozen=True)
class Ranking:
    """The coefficients of the score, for the vectors of one encoder.

    Attributes
    ----------
    weights
        Of ``|u - v|`` (d), ``u * v`` (d), cosine and the features of `word_features`, float32, (2 d + 6,).
    encoder
        Name of the encoder that it was fitted for.
    """

    weights: NDArray[np.float32]
    encoder: str

    @classmethod
    def read(cls, path: Path) -> Ranking:
        """Read what `write` wrote.

        Raises
        ------
        ModelFilesError
            If the file is missing or is something else.
        """
        try:
            with np.load(path, allow_pickle=False) as stored:
                return cls(stored["weights"], str(stored["encoder"]))
        except (OSError, ValueError, KeyError) as error:
            message = f"{path} is not a ranking ({error}); reinstall contradict-claims, or fit one again"
            raise ModelFilesError(message) from error

    def write(self, path: Path) -> None:
        """Write as npz."""
        np.savez(path, weights=self.weights, encoder=np.array(self.encoder))

    def scores(
        self,
        left: NDArray[np.float32],
        right: NDArray[np.float32],
        pairs: tuple[NDArray[np.integer], NDArray[np.integer]],
        texts: tuple[Sequence[str], Sequence[str]],
    ) -> NDArray[np.float32]:
        """Return a score of each pair, higher for those to judge first; the same to the bit however many there are.

        Parameters
        ----------
        left, right
            Unit rows of both sides, (n, d) and (m, d).
        pairs
            Indices into both, (p,) each.
        texts
            Of both sides.

        Returns
        -------
        ndarray
            float32, (p,): log-odds of a contradiction among pairs like those it was fitted on.
        """
        rows, columns = pairs
        found = np.empty(len(rows), dtype=np.float32)
        seen = [[looked_at(text) for text in side] for side in texts]
        for start in range(0, len(rows), AT_ONCE):
            some = slice(start, start + AT_ONCE)
            u, v = left[rows[some]], right[columns[some]]
            words = np.array([word_features(seen[0][i], seen[1][j]) for i, j in zip(rows[some], columns[some])])
            of_pairs = features(u, v, words.reshape(-1, OF_WORDS))
            found[some] = (of_pairs.astype(np.float64) * self.weights).sum(axis=1)
        return found


def features(u: NDArray[np.float32], v: NDArray[np.float32], words: NDArray[np.floating]) -> NDArray[np.float32]:
    """Return the features (p, 2 d + 6) of pairs of unit rows, symmetric in u and v."""
    product = u * v
    return np.concatenate([np.abs(u - v), product, product.sum(axis=1, keepdims=True), words], axis=1, dtype=np.float32)


def looked_at(text: str) -> tuple[frozenset[str], frozenset[int]]:
    """Return the words of a text and the numbers in digits of any script."""
    folded = text.casefold()
    return frozenset(WORD.findall(folded)), frozenset(int(number) for number in NUMBER.findall(folded)[:50])


def word_features(
    left: tuple[frozenset[str], frozenset[int]], right: tuple[frozenset[str], frozenset[int]]
) -> tuple[float, ...]:
    """Return what words and numbers of a pair say: shares of common words, of lengths, and how the numbers differ."""
    (words, numbers), (other_words, other_numbers) = left, right
    shorter, longer = sorted((len(words), len(other_words)))
    common = len(words & other_words)
    both = bool(numbers) and bool(other_numbers)
    return (
        common / max(1, longer),
        common / max(1, shorter),
        shorter / max(1, longer),
        float(both and numbers != other_numbers and not numbers & other_numbers),
        float(both and numbers == other_numbers),
    )
