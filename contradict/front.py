"""`compare` and `calibrate` as functions, over one detector with the bundled models that is made when first needed."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from contradict.detector import Detector

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from contradict.calibration import Calibration
    from contradict.report import Report


@cache
def bundled_detector() -> Detector:
    """Return the process's detector with the bundled models."""
    return Detector()


def compare(claims: object, others: object = None, *, detector: Detector | None = None, **options: Any) -> Report:
    """Find the claims that contradict each other.

    Parameters
    ----------
    claims
        One string, dict or `Claim`, an iterable of them, a pandas or polars frame, a ``datasets.Dataset``, or a
        ``pathlib.Path`` of a JSONL, JSON, CSV or Parquet file.
    others
        A second pool: then only pairs across the two are compared. By default all pairs within `claims`.
    detector
        Models to use; by default the bundled ones, loaded once and kept.
    **options
        Those of `Detector.compare`: ``min_probability``, ``min_similarity``, ``top_k``, ``max_pairs``,
        ``same_speaker``, ``same_article``, ``columns``, ``skip_empty``, ``checkpoint``, ``show_progress_bar``.

    Returns
    -------
    Report
        The conflicts, most probable first.

    Examples
    --------
    >>> import contradict
    >>> report = contradict.compare(
    ...     {"text": "The strikes of 30 September hit Islamic State.", "speaker": "Ministry of Defence"},
    ...     {"text": "Удары 30 сентября не затронули «Исламское государство».", "speaker": "NATO"},
    ... )
    >>> report[0].b.speaker
    'NATO'
    """
    return (detector or bundled_detector()).compare(claims, others, **options)


def calibrate(
    pairs: Iterable[tuple[object, object]],
    labels: Iterable[object],
    *,
    groups: Sequence[object] | None = None,
    seed: int = 0,
    detector: Detector | None = None,
) -> Calibration:
    """Fit probabilities to your own data: a logistic regression on verdict and similarity (Platt 1999).

    Label pairs as `compare` finds them (``report.judged`` or ``report.least_sure()``), not only clear cases: the
    probabilities hold for pairs like those they were fitted on.

    Parameters
    ----------
    pairs
        Pairs of claims: strings, dicts or `Claim`s.
    labels
        One a pair: True where the two conflict, else False; or the names of the three labels.
    groups
        One a pair: pairs of one group (one article, one query) are never in two folds of the cross-validation by which
        the band of abstention and the calibration error are found.
    seed
        Of the folds.
    detector
        Models to calibrate; by default the bundled ones.

    Returns
    -------
    Calibration
        To be given to ``Detector(calibration=…)``; ``write(path)`` keeps it.

    Raises
    ------
    OptionError
        With fewer than twenty conflicts or twenty pairs that are none, or a label that cannot be read.

    Examples
    --------
    >>> import contradict
    >>> claims = [f"The strike killed {n} people." for n in range(41)]
    >>> pairs = [*zip(claims, claims[1:]), *zip(claims, claims)]
    >>> calibration = contradict.calibrate(pairs, [a != b for a, b in pairs])
    >>> detector = contradict.Detector(calibration=calibration)
    """
    return (detector or bundled_detector()).calibrate(pairs, labels, groups=groups, seed=seed)
