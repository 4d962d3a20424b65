"""Calibration: from a verdict and a similarity to the probability that two claims of a pool conflict.

An NLI model learned from pairs that are about the same thing. In a pool most neighbours are not, and a model may take a
negation on one side for a contradiction. How near the claims lie tells much of the rest. A logistic regression on both
(Platt 1999) gives a probability that holds in pools like those it was fitted on.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import numpy as np

from contradict.errors import ModelFilesError
from contradict.verdicts import CONTRADICTION

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from contradict.verdicts import Verdicts

LEAST = 1e-4  # probabilities nearer to 0 or 1 count as this, so that a logit is finite


@dataclass(frozen=True)
class Calibration:
    """``logit(probability) = intercept + contradiction · mean logit of both directions + similarity · cosine``.

    Attributes
    ----------
    contradiction, similarity, intercept
        The coefficients.
    encoder, nli
        Names of the models that it was fitted for; it says nothing of others.
    fitted_on
        Data, number of pairs and seed.
    """

    contradiction: float
    similarity: float
    intercept: float
    encoder: str
    nli: str
    fitted_on: str

    @classmethod
    def read(cls, path: Path) -> Calibration:
        """Read what `write` wrote.

        Raises
        ------
        ModelFilesError
            If the file is missing or is no calibration.
        """
        try:
            return cls(**json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError) as error:
            message = f"{path} is not a calibration ({error}); reinstall contradict-claims, or fit one again"
            raise ModelFilesError(message) from error

    @classmethod
    def fit(
        cls,
        verdicts: Verdicts,
        similarity: NDArray[np.floating],
        conflicts: NDArray[np.bool_],
        *,
        encoder: str,
        nli: str,
        fitted_on: str,
    ) -> Calibration:
        """Fit the coefficients on pairs drawn as `compare` draws them from pools.

        Parameters
        ----------
        verdicts
            Of n pairs.
        similarity
            Their cosines, (n,).
        conflicts
            Which of them conflict, (n,).
        encoder, nli, fitted_on
            See the class.
        """
        from sklearn.linear_model import LogisticRegression

        features = np.stack([mean_logit(verdicts), similarity], axis=1)
        model = LogisticRegression(C=10.0).fit(features, conflicts)
        contradiction, cosine = (round(float(weight), 4) for weight in model.coef_[0])
        return cls(contradiction, cosine, round(float(model.intercept_[0]), 4), encoder, nli, fitted_on)

    def write(self, path: Path) -> None:
        """Write as JSON."""
        path.write_text(json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")

    def probability(self, verdicts: Verdicts, similarity: NDArray[np.floating]) -> NDArray[np.floating]:
        """Return the probability of conflict of n pairs, (n,)."""
        logit = self.intercept + self.contradiction * mean_logit(verdicts) + self.similarity * similarity
        return 1 / (1 + np.exp(-logit))


def mean_logit(verdicts: Verdicts) -> NDArray[np.floating]:
    """Return the mean of both directions' logits of contradiction, (n,)."""
    both = np.stack([verdicts.forward[:, CONTRADICTION], verdicts.backward[:, CONTRADICTION]])
    both = both.astype(np.float64).clip(LEAST, 1 - LEAST)
    logits: NDArray[np.floating] = np.log(both / (1 - both)).mean(axis=0)
    return logits
