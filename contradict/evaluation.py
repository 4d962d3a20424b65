"""Evaluation: how often an NLI model is right on labelled pairs, in each language, and within what bounds."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from contradict import models
from contradict.detector import check_count
from contradict.errors import OptionError
from contradict.labelled import LabelledPair, read_labelled
from contradict.progress import bar
from contradict.verdicts import CONTRADICTION, LABELS, judge, name_of

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd
    from numpy.typing import NDArray

    from contradict.verdicts import NLI

RESAMPLES = 1_000
CONFIDENCE = 0.95
BINS = 10
AT_ONCE = 4_000_000  # cells of resampled weights held in memory at a time


@dataclass(frozen=True)
class Scores:
    """How a model did on some labelled pairs.

    Attributes
    ----------
    pairs
        Their number.
    accuracy
        Share of pairs whose most probable label is the right one, 0 to 1.
    precision, recall, f1
        By label, 0 to 1; None where nothing was called, or is, that label.
    auroc
        Chance that a contradiction gets a higher probability of contradiction than a pair that is none, 0 to 1; None
        where the pairs are all of one kind.
    calibration_error
        Expected calibration error of the probability of contradiction over ten bins, 0 to 1 (Naeini et al. 2015).
    intervals
        For ``accuracy``, ``contradiction_f1``, ``auroc`` and ``calibration_error``: bounds of the 95 % bootstrap
        interval, groups resampled whole (Efron 1979). Empty if no resamples were asked for.
    """

    pairs: int
    accuracy: float
    precision: dict[str, float | None]
    recall: dict[str, float | None]
    f1: dict[str, float | None]
    auroc: float | None
    calibration_error: float
    intervals: dict[str, tuple[float, float]] = field(default_factory=dict)


@dataclass(frozen=True, repr=False)
class Evaluation:
    """What `evaluate` found.

    Attributes
    ----------
    model
        Its name.
    overall
        Over all pairs.
    by_language
        By language, or pair of languages such as ``ar-en`` (premise first), where the data tells.
    by_source
        By dataset or file.
    confusion
        Pairs by true label (rows) and called label (columns), in the order of `contradict.verdicts.LABELS`.
    texts_split
        Texts too long to be read whole, judged in parts.
    resamples, seed
        Of the bootstrap.
    """

    model: str
    overall: Scores
    by_language: dict[str, Scores]
    by_source: dict[str, Scores]
    confusion: list[list[int]]
    texts_split: int
    resamples: int
    seed: int

    def __repr__(self) -> str:
        """Tell the model, the size and the first figures."""
        scores = self.overall
        return (
            f"<Evaluation of {self.model}: {scores.pairs:,} pairs, accuracy {scores.accuracy:.3f}, "
            f"contradiction F1 {scores.f1['contradiction'] or 0:.3f}>"
        )

    def mean_of(self, languages: Sequence[str], measure: str = "accuracy") -> float:
        """Return the mean over languages of ``accuracy``, ``contradiction_f1``, ``auroc`` or ``calibration_error``.

        Raises
        ------
        OptionError
            If there is no such measure, or no pair in one of the languages.
        """
        missing = [lang for lang in languages if lang not in self.by_language]
        if missing or not languages:
            message = f"no pairs in {', '.join(missing) or 'no language'}; there are {', '.join(self.by_language)}"
            raise OptionError(message)
        values = [measures(self.by_language[lang]).get(measure) for lang in languages]
        if any(value is None for value in values):
            message = (
                f"measure is {measure!r}, expected one of {', '.join(measures(self.overall))}, known in each language"
            )
            raise OptionError(message)
        return float(np.mean([value for value in values if value is not None]))

    def to_dict(self) -> dict[str, Any]:
        """Return plain data."""
        return asdict(self)

    def to_json(self, *, indent: int | None = 2) -> str:
        """Return `to_dict` as JSON text."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=indent)

    def to_frame(self) -> pd.DataFrame:
        """Return a pandas DataFrame: a row for all pairs, for each language and for each source."""
        import pandas as pd

        return pd.DataFrame([{"of": name, "what": what, **flat(scores)} for what, name, scores in self.rows()])

    def rows(self) -> list[tuple[str, str, Scores]]:
        """Return what each group of scores is of, its name, and the scores."""
        return [
            ("all", "all", self.overall),
            *(("language", name, scores) for name, scores in self.by_language.items()),
            *(("source", name, scores) for name, scores in self.by_source.items()),
        ]


def evaluate(
    data: object,
    *,
    nli: str | Path | NLI = "bundled",
    labels: Sequence[str] | None = None,
    lang: Sequence[str] | str = (),
    split: str = "test",
    resamples: int = RESAMPLES,
    seed: int = 0,
    local_files_only: bool = False,
    show_progress_bar: bool = False,
) -> Evaluation:
    """Measure an NLI model on labelled pairs.

    Parameters
    ----------
    data
        Labelled pairs: rows with a premise, a hypothesis and a label, and optionally their language. A
        ``pathlib.Path`` or several, a DataFrame, a ``datasets.Dataset``, an iterable of mappings; or, as a string, the
        name of a dataset on the Hugging Face hub, such as ``"xnli"``, which is then fetched.
    nli
        ``"bundled"``, a folder that `contradict.train` wrote, the name or path of a cross-encoder, or any object with
        ``predict(pairs)``.
    labels
        The meaning of labels that are numbers, in their order, where the data does not tell.
    lang, split
        Configurations and split of a dataset on a hub: ``evaluate("xnli", lang=["ar", "ru", "en"])``.
    resamples
        Of the bootstrap; 0 for no intervals.
    seed
        Of the bootstrap.
    local_files_only
        Never fetch a model that was named but is not on disk.
    show_progress_bar
        Show progress (on stderr, only if that is a terminal).

    Returns
    -------
    Evaluation

    Raises
    ------
    PairError
        If a pair cannot be used.
    ModelError
        If the model cannot be used.

    Examples
    --------
    >>> from contradict import evaluate
    >>> evaluate(
    ...     [
    ...         {"premise": "The bridge is closed.", "hypothesis": "The bridge is open.", "label": "contradiction"},
    ...         {"premise": "Мост закрыт.", "hypothesis": "Мост закрыт.", "label": "entailment"},
    ...     ]
    ... ).overall.accuracy
    1.0
    """
    check_count("resamples", resamples)
    pairs = read_labelled(data, labels=labels, lang=lang, split=split)
    model = models.load_nli(nli, models.LoadOptions(local_files_only=local_files_only))
    with bar("judging", len(pairs), show=show_progress_bar) as progress:
        verdicts = judge([(pair.premise, pair.hypothesis) for pair in pairs], model, progress=progress)
    outcomes = Outcomes.of(pairs, verdicts.forward)

    def scored(names: Sequence[str]) -> dict[str, Scores]:
        members: dict[str, list[int]] = defaultdict(list)
        for row, name in enumerate(names):
            members[name].append(row)
        return {name: scores_of(outcomes.only(rows), resamples, seed) for name, rows in sorted(members.items()) if name}

    confusion = np.zeros((len(LABELS), len(LABELS)), dtype=int)
    np.add.at(confusion, (outcomes.truth, outcomes.called), 1)
    return Evaluation(
        name_of(model),
        scores_of(outcomes, resamples, seed),
        scored([pair.languages for pair in pairs]),
        scored([pair.source for pair in pairs]),
        confusion.tolist(),
        verdicts.texts_split,
        resamples,
        seed,
    )


@dataclass(frozen=True)
class Outcomes:
    """True label, called label, probability of contradiction and group of n pairs, each (n,)."""

    truth: NDArray[np.intp]
    called: NDArray[np.intp]
    probability: NDArray[np.float64]
    group: NDArray[np.intp]

    @classmethod
    def of(cls, pairs: Sequence[LabelledPair], probabilities: NDArray[np.floating]) -> Outcomes:
        """Join labelled pairs and probabilities (n, 3)."""
        truth = np.array([LABELS.index(pair.label) for pair in pairs])
        numbers: dict[str, int] = {}
        group = np.array([numbers.setdefault(pair.group or pair.premise, len(numbers)) for pair in pairs])
        return cls(truth, probabilities.argmax(axis=1), probabilities[:, CONTRADICTION].astype(np.float64), group)

    def only(self, rows: Sequence[int]) -> Outcomes:
        """Return some of the pairs, their groups numbered anew."""
        chosen = np.asarray(rows)
        group = np.unique(self.group[chosen], return_inverse=True)[1]
        return Outcomes(self.truth[chosen], self.called[chosen], self.probability[chosen], group)


def scores_of(outcomes: Outcomes, resamples: int = 0, seed: int = 0) -> Scores:
    """Return the scores of some pairs, with bootstrap intervals if `resamples` is not 0."""
    once = weighted(outcomes, np.ones((1, len(outcomes.truth))))
    found = {name: None if np.isnan(values[0]) else round(float(values[0]), 4) for name, values in once.items()}
    groups = int(outcomes.group.max()) + 1
    chance = np.random.default_rng(seed)
    drawn: dict[str, list[NDArray[np.float64]]] = defaultdict(list)
    share = max(1, AT_ONCE // len(outcomes.truth))
    for start in range(0, resamples, share):
        counts = chance.multinomial(groups, np.full(groups, 1 / groups), size=min(share, resamples - start))
        for name, values in weighted(outcomes, counts[:, outcomes.group].astype(np.float64)).items():
            drawn[name].append(values)
    intervals = {}
    for name in ("accuracy", "contradiction_f1", "auroc", "calibration_error"):
        values = np.concatenate(drawn[name]) if drawn else np.empty(0)
        values = values[~np.isnan(values)]
        if len(values):
            low, high = np.quantile(values, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
            intervals[name] = (round(float(low), 4), round(float(high), 4))
    by_label = {what: {label: found[f"{label}_{what}"] for label in LABELS} for what in ("precision", "recall", "f1")}
    return Scores(
        len(outcomes.truth),
        found["accuracy"] or 0.0,
        by_label["precision"],
        by_label["recall"],
        by_label["f1"],
        found["auroc"],
        found["calibration_error"] or 0.0,
        intervals,
    )


def weighted(outcomes: Outcomes, weights: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
    """Return each measure (r,) under r weightings of the pairs, `weights` (r, n); NaN where it is not defined."""
    truth, called = outcomes.truth, outcomes.called
    total = weights.sum(axis=1)
    measures = {"accuracy": weights @ (truth == called) / total}
    with np.errstate(invalid="ignore", divide="ignore"):
        for number, label in enumerate(LABELS):
            both = weights @ ((truth == number) & (called == number))
            of_called, of_truth = weights @ (called == number), weights @ (truth == number)
            measures[f"{label}_precision"] = both / of_called
            measures[f"{label}_recall"] = both / of_truth
            measures[f"{label}_f1"] = 2 * both / (of_called + of_truth)
        contradicts = truth == CONTRADICTION
        measures["auroc"] = area(outcomes.probability, contradicts, weights)
    of_bin = np.minimum((outcomes.probability * BINS).astype(int), BINS - 1)
    gaps = [weights @ ((of_bin == b) * (outcomes.probability - contradicts)) for b in range(BINS)]
    measures["calibration_error"] = np.abs(gaps).sum(axis=0) / total
    return measures


def area(
    probability: NDArray[np.float64], positive: NDArray[np.bool_], weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the area under the ROC curve (r,) under r weightings (r, n); equal probabilities count half."""
    order = np.argsort(probability, kind="stable")
    starts = np.flatnonzero(np.r_[True, np.diff(probability[order]) > 0])
    of_positive = np.add.reduceat(weights[:, order] * positive[order], starts, axis=1)
    of_negative = np.add.reduceat(weights[:, order] * ~positive[order], starts, axis=1)
    below = np.cumsum(of_negative, axis=1) - of_negative / 2
    result: NDArray[np.float64] = (of_positive * below).sum(axis=1) / (
        of_positive.sum(axis=1) * of_negative.sum(axis=1)
    )
    return result


def measures(scores: Scores) -> dict[str, float | None]:
    """Return the four measures that have intervals, by name."""
    return {
        "accuracy": scores.accuracy,
        "contradiction_f1": scores.f1["contradiction"],
        "auroc": scores.auroc,
        "calibration_error": scores.calibration_error,
    }


def flat(scores: Scores) -> dict[str, Any]:
    """Return scores as one row."""
    row: dict[str, Any] = {"pairs": scores.pairs, **measures(scores)}
    for what in ("precision", "recall", "f1"):
        row |= {f"{label}_{what}": value for label, value in getattr(scores, what).items()}
    for name, (low, high) in scores.intervals.items():
        row |= {f"{name}_low": low, f"{name}_high": high}
    return row
