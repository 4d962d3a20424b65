"""`compare` as a function, over one detector with the bundled models that is made when first needed."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from contradict.detector import Detector

if TYPE_CHECKING:
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
        ``same_speaker``, ``columns``, ``skip_empty``, ``show_progress_bar``.

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
