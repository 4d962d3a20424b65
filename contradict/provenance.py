"""Provenance: what made a report, and what became of every possible pair."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Counts:
    """What became of every possible pair, and every cap that was hit.

    Attributes
    ----------
    claims
        Claims that were read.
    reprints
        Of them, further copies of a text, word for word or rewritten; the earliest stands for all.
    pairs_possible
        Pairs of the remaining claims.
    pairs_excluded
        Of them, left out by a rule: same speaker (or same document, where nobody is quoted), or the same text, or a
        rule that was asked for.
    excluded_by
        How many each of these left out that those before it did not: ``same_text``, ``same_speaker``,
        ``same_article``, ``same_source``, ``days_apart``, ``languages``, ``blocklist``.
    pairs_dropped
        Of the rest, not among the `top_k` nearest of either claim.
    pairs_dissimilar
        Of the rest, about different things (similarity under `min_similarity`).
    pairs_over_budget
        Of the rest, beyond `max_pairs`.
    pairs_interrupted
        Of the rest, not judged because the run was interrupted from the keyboard.
    pairs_judged
        What remained and was judged.
    texts_split
        Texts too long for the NLI model to read whole, judged in parts.
    """

    claims: int = 0
    reprints: int = 0
    pairs_possible: int = 0
    pairs_excluded: int = 0
    pairs_dissimilar: int = 0
    pairs_dropped: int = 0
    pairs_over_budget: int = 0
    pairs_interrupted: int = 0
    pairs_judged: int = 0
    texts_split: int = 0
    excluded_by: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Provenance:
    """What made the report.

    Attributes
    ----------
    version
        Version of this library.
    encoder, nli
        Names of the models.
    options
        The options of the call, defaults included.
    calibration
        What the probabilities were fitted on; None where they are the NLI model's own.
    unsure
        Where the calibration abstains: see `contradict.Calibration`.
    recall
        Of the pairs that an exact search keeps, the share that was found, measured on some claims; 1 if it was exact.
    """

    version: str
    encoder: str
    nli: str
    options: dict[str, Any] = field(default_factory=dict)
    calibration: str | None = None
    unsure: tuple[float, float] | None = None
    recall: float = 1.0
