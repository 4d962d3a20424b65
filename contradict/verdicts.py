"""Verdicts: what an NLI model says of each pair, both ways round."""

from __future__ import annotations

import itertools
import logging
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import numpy as np

from contradict.checkpoint import Checkpoint
from contradict.errors import VerdictError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

logger = logging.getLogger(__name__)

LABELS = ("entailment", "neutral", "contradiction")
ENTAILMENT, NEUTRAL, CONTRADICTION = range(3)
SPELLINGS = {
    "entailment": {"entailment", "entail", "entails", "entailed"},
    "neutral": {"neutral", "neither"},
    "contradiction": {"contradiction", "contradict", "contradicts", "contradictory", "contradicted"},
}
SHARE = 8_192  # pairs asked at a time: enough for the model to find many of one length


def label_named(spelling: str) -> str | None:
    """Return the label that a spelling stands for, or None."""
    folded = spelling.strip().casefold()
    return next((label for label in LABELS if folded in SPELLINGS[label]), None)


@runtime_checkable
class NLI(Protocol):
    """Anything that says whether a premise entails, contradicts or leaves open a hypothesis.

    A model may also have

    - ``name``: what the report calls it;
    - ``predict_both(pairs)``: probabilities (n, 2, 3) of both directions at once, used where present;
    - ``drivers(pairs)``: for each pair, the words that drive the contradiction, as (side, start, end, weight);
    - ``states()``: a store that is passed to every call of ``predict_both(pairs, states=…)`` of one run, for what was
      read of each text;
    - ``parts(text)``: the text in pieces short enough to read whole, used to judge long texts piece by piece.
    """

    def predict(self, pairs: Sequence[tuple[str, str]], /) -> NDArray[np.floating]:
        """Return probabilities (len(pairs), 3): entailment, neutral, contradiction; the first text is the premise."""
        ...


@dataclass(frozen=True, repr=False)
class Verdicts:
    """Probabilities of pairs.

    Attributes
    ----------
    forward
        (n, 3), float32, the left text as premise; columns as in `LABELS`.
    backward
        The right text as premise.
    texts_split
        Texts too long to be read whole.
    parts
        For the number of a pair of which a text was judged in parts: the part of each text that decided.
    """

    forward: NDArray[np.float32]
    backward: NDArray[np.float32]
    texts_split: int = 0
    parts: Mapping[int, tuple[str, str]] = field(default_factory=dict)

    def __len__(self) -> int:
        """Return the number of pairs."""
        return len(self.forward)

    def __repr__(self) -> str:
        """Tell the size."""
        return f"<Verdicts: {len(self):,} pairs>"

    @property
    def contradiction(self) -> NDArray[np.float32]:
        """Probability of contradiction, (n,): the mean of both directions, contradiction being symmetric."""
        return (self.forward[:, CONTRADICTION] + self.backward[:, CONTRADICTION]) / np.float32(2)

    @property
    def entailment(self) -> NDArray[np.float32]:
        """Probability that either text follows from the other, (n,): the larger of both directions."""
        return np.maximum(self.forward[:, ENTAILMENT], self.backward[:, ENTAILMENT])


def judge(
    pairs: Sequence[tuple[str, str]],
    nli: NLI,
    *,
    progress: Callable[[int], object] | None = None,
    checkpoint: Path | None = None,
) -> Verdicts:
    """Ask the model about each pair, both ways; the same pair of texts is asked once.

    Texts that the model cannot read whole are judged part by part; see `recombined`. Pairs are judged in their order:
    interrupted from the keyboard, it returns the verdicts on the first of them, as far as it came.

    Parameters
    ----------
    pairs
        Pairs of texts.
    nli
        The model.
    progress
        Called with the number of pairs done since the last call.
    checkpoint
        A file for verdicts; those that are there are not asked again.

    Returns
    -------
    Verdicts
        Of all pairs, or when interrupted of the first ones.

    Raises
    ------
    VerdictError
        If the model's array has another shape or holds no probabilities.
    OptionError
        If the checkpoint is some other file.
    """
    parts = {text: parts_of(text, nli) for text in {text for pair in pairs for text in pair}}
    distinct = list(dict.fromkeys((min(pair), max(pair)) for pair in pairs))
    asked = [(a, b) for left, right in distinct for a in parts[left] for b in parts[right]]
    with Checkpoint(checkpoint, name_of(nli)) if checkpoint else nullcontext() as known:
        both = ask_all(asked, nli, progress, known)
    found: dict[tuple[str, str], NDArray[np.float32]] = {}
    deciding: dict[tuple[str, str], tuple[str, str]] = {}
    start = 0
    for left, right in distinct:
        of_parts = both[start : start + len(parts[left]) * len(parts[right])]
        if len(of_parts) < len(parts[left]) * len(parts[right]):
            break
        strongest = int(of_parts[:, :, CONTRADICTION].sum(axis=1).argmax())
        found[left, right] = recombined(of_parts.reshape(len(parts[left]), len(parts[right]), 2, 3))
        if len(of_parts) > 1:
            deciding[left, right] = asked[start + strongest]
        start += len(of_parts)
    done = list(itertools.takewhile(lambda pair: (min(pair), max(pair)) in found, pairs))
    result = np.empty((len(done), 2, 3), dtype=np.float32)
    of_pairs = {}
    for row, (left, right) in enumerate(done):
        key = (min(left, right), max(left, right))
        turned = -1 if key != (left, right) else 1
        result[row] = found[key][::turned]
        if key in deciding:
            part_left, part_right = deciding[key][::turned]
            of_pairs[row] = (part_left, part_right)
    return Verdicts(result[:, 0], result[:, 1], sum(len(pieces) > 1 for pieces in parts.values()), of_pairs)


def ask_all(
    asked: Sequence[tuple[str, str]],
    nli: NLI,
    progress: Callable[[int], object] | None,
    known: Checkpoint | None,
) -> NDArray[np.float32]:
    """Return probabilities (n, 2, 3) of pairs, share by share; of the first shares only, if interrupted."""
    both = np.empty((len(asked), 2, 3), dtype=np.float32)
    make_store = getattr(nli, "states", None)
    store = {"states": make_store()} if callable(make_store) else {}
    for start in range(0, len(asked), SHARE):
        share = asked[start : start + SHARE]
        try:
            of_share = known.recall(share) if known else np.full((len(share), 2, 3), np.nan, dtype=np.float32)
            missing = np.flatnonzero(np.isnan(of_share[:, 0, 0]))
            if len(missing):
                fresh = [share[row] for row in missing.tolist()]
                of_share[missing] = ask(fresh, nli, **store)
                if known:
                    known.keep(fresh, of_share[missing])
            both[start : start + len(share)] = of_share
            if progress:
                progress(len(share))
        except KeyboardInterrupt:
            logger.warning("interrupted after %d of %d pairs; what was judged is kept", start, len(asked))
            return both[:start]
    return both


def name_of(model: object) -> str:
    """Return what a report calls a model."""
    return str(getattr(model, "name", type(model).__name__))


def recombined(of_parts: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the probabilities (2, 3) of two texts from those of their parts (left parts, right parts, 2, 3).

    They contradict as the two parts do that contradict most. A text follows from another if each of its parts follows
    from some part of the other (after Laban et al. 2022, arXiv:2111.09525), as far as contradiction leaves room.
    """
    both = of_parts.reshape(-1, 2, 3)
    result = both[both[:, :, CONTRADICTION].sum(axis=1).argmax()].copy()
    follows = (of_parts[:, :, 0, ENTAILMENT].max(axis=0).min(), of_parts[:, :, 1, ENTAILMENT].max(axis=1).min())
    result[:, ENTAILMENT] = np.minimum(follows, 1 - result[:, CONTRADICTION])
    result[:, NEUTRAL] = 1 - result[:, ENTAILMENT] - result[:, CONTRADICTION]
    return result.clip(0, 1)


def parts_of(text: str, nli: NLI) -> list[str]:
    """Return the text in pieces that the model can read whole: mostly the text itself."""
    parts = getattr(nli, "parts", None)
    return list(parts(text)) if callable(parts) else [text]


def ask(pairs: Sequence[tuple[str, str]], nli: NLI, **kept: object) -> NDArray[np.float32]:
    """Return checked probabilities (n, 2, 3), both ways."""
    predict_both = getattr(nli, "predict_both", None)
    if callable(predict_both):
        return checked(predict_both(pairs, **kept), (len(pairs), 2, 3), nli)
    swapped = [(right, left) for left, right in pairs]
    forward, backward = (checked(nli.predict(way), (len(pairs), 3), nli) for way in (pairs, swapped))
    return np.stack([forward, backward], axis=1)


def checked(array: object, shape: tuple[int, ...], nli: NLI) -> NDArray[np.float32]:
    """Refuse what is not probabilities of the three labels."""
    name = name_of(nli)
    probabilities = np.asarray(array, dtype=np.float32)
    if probabilities.shape != shape:
        message = (
            f"NLI model {name!r} returned shape {probabilities.shape}, expected {shape}: columns {', '.join(LABELS)}"
        )
        raise VerdictError(message)
    bad = ~((probabilities >= 0).all(axis=-1) & (np.abs(probabilities.sum(axis=-1) - 1) < 1e-3))
    if bad.any():
        message = (
            f"NLI model {name!r} returned {probabilities[bad][0].tolist()}, which are no probabilities; "
            "apply softmax to its logits"
        )
        raise VerdictError(message)
    return probabilities
