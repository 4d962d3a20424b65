"""Judged pairs: two claims, the verdict on them, and what it is worth."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, NamedTuple

from contradict.evidence import Evidence

if TYPE_CHECKING:
    from collections.abc import Mapping

    from contradict.claims import Claim
    from contradict.evidence import Caveat


class Probabilities(NamedTuple):
    """What the NLI model gives each label; the three add up to 1."""

    entailment: float
    neutral: float
    contradiction: float


@dataclass(frozen=True)
class JudgedPair:
    """Two claims and the verdict on them.

    Attributes
    ----------
    a, b
        The claims. With two pools `a` is from the first.
    probability
        Probability that they contradict each other, 0 to 1: calibrated for the models where a calibration is known,
        else the mean of both directions, contradiction being symmetric.
    forward, backward
        Probabilities with `a` as the premise, and with `b`.
    similarity
        Cosine of their vectors.
    parts
        Where a claim was too long to be read whole: the part of each of the two claims that decided. Else None.
    evidence
        What differs between the two texts, and what speaks against a conflict; None where it was not looked for.
    """

    a: Claim
    b: Claim
    probability: float
    forward: Probabilities
    backward: Probabilities
    similarity: float
    parts: tuple[str, str] | None = None
    evidence: Evidence | None = None

    @property
    def kind(self) -> str | None:
        """What would have to change for a conflict to go away: see `contradict.evidence.KINDS`."""
        return self.evidence.kind if self.evidence else None

    @property
    def caveats(self) -> tuple[Caveat, ...]:
        """What speaks against a conflict, each with its reason."""
        return self.evidence.caveats if self.evidence else ()

    @property
    def reasons(self) -> tuple[str, ...]:
        """What differs first, and what speaks against a conflict, in words."""
        first = [one.reason for one in self.evidence.differences[:1]] if self.evidence else []
        against = [f"{caveat.name.replace('_', ' ')}: {caveat.reason}" for caveat in self.caveats]
        return (*first, *against)

    def is_conflict(self, threshold: float) -> bool:
        """Say whether the pair counts as a conflict.

        That is so if its probability reaches the threshold, unless all that differs are numbers that can both hold
        (``evidence.harmless`` says which). Where numbers of the same thing exclude each other (``evidence.decisive``),
        a share of the threshold is enough (``evidence.share``): a model of language is weak at numbers.
        """
        if self.evidence and self.evidence.decisive:
            return self.probability >= threshold * self.evidence.share
        return self.probability >= threshold and not (self.evidence and self.evidence.harmless)

    @property
    def entailment(self) -> float:
        """Probability that one claim follows from the other, 0 to 1: the larger of both directions."""
        return max(self.forward.entailment, self.backward.entailment)

    def to_dict(self) -> dict[str, Any]:
        """Return plain data; the claims by their ids."""
        return {
            "a": self.a.id,
            "b": self.b.id,
            "probability": self.probability,
            "forward": self.forward._asdict(),
            "backward": self.backward._asdict(),
            "similarity": self.similarity,
            "parts": None if self.parts is None else list(self.parts),
            "evidence": self.evidence and self.evidence.to_dict(),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], claims: Mapping[str, Claim]) -> JudgedPair:
        """Return what `to_dict` wrote, given the claims by their ids."""
        return cls(
            claims[data["a"]],
            claims[data["b"]],
            data["probability"],
            Probabilities(**data["forward"]),
            Probabilities(**data["backward"]),
            data["similarity"],
            None if data["parts"] is None else (data["parts"][0], data["parts"][1]),
            data["evidence"] and Evidence.from_dict(data["evidence"]),
        )


class Conflict(JudgedPair):
    """Two claims that contradict each other."""


class Agreement(JudgedPair):
    """Two claims of which one follows from the other."""


def as_kind(kind: type[Any], pair: JudgedPair) -> Any:
    """Return the pair as a `Conflict` or `Agreement`."""
    return kind(*(getattr(pair, field.name) for field in fields(JudgedPair)))
