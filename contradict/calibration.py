"""Calibration: from a verdict and a similarity to the probability that two claims of a pool conflict.

An NLI model learned from pairs that are about the same thing. In a pool most neighbours are not, and a model may take a
negation on one side for a contradiction. How near the claims lie tells much of the rest, and so does what the model
gives entailment: of two claims about one thing it is unsure whether they agree or conflict, of others it is sure that
they do neither. A logistic regression on all three (Platt 1999) gives a probability that holds in pools like those it
was fitted on. The nearer two claims lie, the more a verdict of contradiction counts: hence the product.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import numpy as np

from contradict.errors import ModelFilesError, OptionError
from contradict.verdicts import CONTRADICTION, ENTAILMENT

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from contradict.verdicts import Verdicts

LEAST = 1e-4  # probabilities nearer to 0 or 1 count as this, so that a logit is finite
FOLDS = 5
FEWEST = 20  # conflicts, and pairs that are none: with fewer a fit tells nothing
WRONG = 0.1  # share of wrong answers that is borne outside the band of abstention
BINS = 10


@dataclass(frozen=True)
class Calibration:
    """``logit(probability) = intercept + contradiction · c + entailment · e + similarity · s + product · c · s``.

    c and e are the logits of contradiction and of entailment, each the mean of both directions; s is the cosine.

    Attributes
    ----------
    contradiction, entailment, similarity, product, intercept
        The coefficients.
    encoder, nli
        Names of the models that it was fitted for; it says nothing of others.
    fitted_on
        Data, number of pairs and seed.
    unsure
        The band of abstention: at a probability under it at most a tenth of the pairs conflict, at one over it at least
        nine tenths; between, neither can be said. Found on folds that the coefficients were not fitted on. None where
        not known.
    expected_error
        Expected calibration error on those folds, 0 to 1.
    """

    contradiction: float
    entailment: float
    similarity: float
    product: float
    intercept: float
    encoder: str
    nli: str
    fitted_on: str
    unsure: tuple[float, float] | None = None
    expected_error: float | None = None

    @classmethod
    def read(cls, path: Path) -> Calibration:
        """Read what `write` wrote.

        Raises
        ------
        ModelFilesError
            If the file is missing or is no calibration.
        """
        try:
            fields = json.loads(path.read_text(encoding="utf-8"))
            return cls(**fields | {"unsure": fields.get("unsure") and tuple(fields["unsure"])})
        except (OSError, ValueError, TypeError, AttributeError) as error:
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
        groups: Sequence[Hashable] | None = None,
        seed: int = 0,
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
        groups
            Pairs that are not independent of each other (of one query, one article) have the same group, (n,); a group
            is never in two folds.
        seed
            Of the folds.

        Raises
        ------
        OptionError
            With fewer than twenty conflicts or twenty pairs that are none.
        """
        from sklearn.linear_model import LogisticRegression
        from sklearn.model_selection import StratifiedGroupKFold, cross_val_predict

        conflicts = np.asarray(conflicts, dtype=bool)
        fewest = min(int(conflicts.sum()), int((~conflicts).sum()))
        if fewest < FEWEST:
            message = (
                f"{int(conflicts.sum())} conflicts among {len(conflicts)} pairs are too few to calibrate on; "
                f"label at least {FEWEST} conflicts and {FEWEST} pairs that are none"
            )
            raise OptionError(message)
        features = terms(verdicts, similarity)
        model = LogisticRegression(C=10.0)
        folds = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=seed)
        number: dict[Hashable, int] = {}
        of_groups = [
            number.setdefault(one, len(number)) for one in (range(len(conflicts)) if groups is None else groups)
        ]
        held_out = cross_val_predict(model, features, conflicts, groups=of_groups, cv=folds, method="predict_proba")
        model.fit(features, conflicts)
        contradiction, entailment, cosine, product = (round(float(weight), 4) for weight in model.coef_[0])
        return cls(
            contradiction,
            entailment,
            cosine,
            product,
            round(float(model.intercept_[0]), 4),
            encoder,
            nli,
            fitted_on,
            unsure=abstention(held_out[:, 1], conflicts),
            expected_error=expected_calibration_error(held_out[:, 1], conflicts),
        )

    def write(self, path: Path) -> None:
        """Write as JSON."""
        path.write_text(json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")

    def probability(self, verdicts: Verdicts, similarity: NDArray[np.floating]) -> NDArray[np.floating]:
        """Return the probability of conflict of n pairs, (n,)."""
        weights = np.array([self.contradiction, self.entailment, self.similarity, self.product])
        logit = self.intercept + terms(verdicts, similarity) @ weights
        return 1 / (1 + np.exp(-logit))


def terms(verdicts: Verdicts, similarity: NDArray[np.floating]) -> NDArray[np.floating]:
    """Return what the coefficients weigh, (n, 4): logits of contradiction and entailment, cosine, and the product."""
    both = np.stack([verdicts.forward, verdicts.backward])[:, :, [CONTRADICTION, ENTAILMENT]]
    both = both.astype(np.float64).clip(LEAST, 1 - LEAST)
    contradiction, entailment = np.log(both / (1 - both)).mean(axis=0).T
    return np.stack([contradiction, entailment, similarity, contradiction * similarity], axis=1)


def abstention(
    probability: NDArray[np.floating], conflicts: NDArray[np.bool_], *, wrong: float = WRONG
) -> tuple[float, float]:
    """Return the band of probabilities at which neither answer is right often enough.

    The share of conflicts at a probability is the isotonic regression of what was seen (Zadrozny and Elkan 2002).

    Parameters
    ----------
    probability
        Of n pairs, not fitted on them.
    conflicts
        Which of them conflict, (n,).
    wrong
        Share of wrong answers that is borne at any probability, 0 to 1.

    Returns
    -------
    tuple of float
        Under the first at most a share `wrong` conflicts, from the second on at least ``1 - wrong``. They are 0 and 1
        where that is so of no probability.
    """
    from sklearn.isotonic import IsotonicRegression

    share = IsotonicRegression().fit_transform(probability, np.asarray(conflicts, dtype=float))
    few, many = probability[share <= wrong], probability[share >= 1 - wrong]
    low = float(few.max()) if len(few) else 0.0
    high = float(many.min()) if len(many) else 1.0
    return round(low, 4), round(high, 4)


def expected_calibration_error(
    probability: NDArray[np.floating], truth: NDArray[np.bool_], *, bins: int = BINS
) -> float:
    """Return the mean gap between probability and frequency over equal bins, 0 to 1 (Naeini et al. 2015).

    Parameters
    ----------
    probability
        Of n pairs.
    truth
        Which of them conflict, (n,).
    bins
        Number of bins of equal width.
    """
    of_bin = np.minimum((probability * bins).astype(int), bins - 1)
    gaps = np.bincount(of_bin, probability - truth, minlength=bins)
    return round(float(np.abs(gaps).sum() / len(truth)), 4)


def temperature(logits: NDArray[np.floating], truth: NDArray[np.integer]) -> float:
    """Return the number to divide logits by that makes the right labels most likely (Guo et al. 2017).

    Parameters
    ----------
    logits
        (n, labels).
    truth
        Number of the right label, (n,).
    """
    from scipy.optimize import minimize_scalar
    from sklearn.metrics import log_loss

    def loss(value: float) -> float:
        powers = np.exp((logits - logits.max(axis=1, keepdims=True)) / value)
        return float(log_loss(truth, powers / powers.sum(axis=1, keepdims=True), labels=range(logits.shape[1])))

    return round(float(minimize_scalar(loss, bounds=(0.3, 5.0), method="bounded").x), 3)
