"""Verdicts: what an NLI model says of each pair, both ways round."""

from __future__ import annotations

import itertools
import logging
from collections import Counter
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import numpy as np

from contradict.checkpoint import Checkpoint
from contradict.errors import VerdictError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
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
FIRST_SHARE = 256  # pairs asked at first, so that verdicts come soon
SHARE = 2_048  # and at most: enough for the model to find many of one length, few enough to lose when interrupted


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
    """Ask the model about each pair, both ways; see `judge_in_shares`, which yields the same bit by bit.

    Interrupted from the keyboard, it returns the verdicts on the first of the pairs, as far as it came.

    Parameters
    ----------
    pairs, nli, progress, checkpoint
        See `judge_in_shares`.

    Returns
    -------
    Verdicts
        Of all pairs, or when interrupted of the first ones.
    """
    done: list[Verdicts] = []
    try:
        done.extend(judge_in_shares(pairs, nli, progress=progress, checkpoint=checkpoint))
    except KeyboardInterrupt:
        logger.warning("interrupted after %d of %d pairs; what was judged is kept", sum(map(len, done)), len(pairs))
    nothing = np.empty((0, 3), dtype=np.float32)
    starts = itertools.accumulate(map(len, done), initial=0)
    return Verdicts(
        np.concatenate([nothing, *(share.forward for share in done)]),
        np.concatenate([nothing, *(share.backward for share in done)]),
        sum(share.texts_split for share in done),
        {start + row: parts for start, share in zip(starts, done) for row, parts in share.parts.items()},
    )


def judge_in_shares(
    pairs: Sequence[tuple[str, str]],
    nli: NLI,
    *,
    progress: Callable[[int], object] | None = None,
    checkpoint: Path | None = None,
) -> Iterator[Verdicts]:
    """Ask the model about each pair, both ways, and yield the verdicts in the order of the pairs, a share at a time.

    The first share is small, so that the first verdicts come soon. The same pair of texts is asked once, and what the
    model reads of a text by itself is kept for the whole run. Texts that the model cannot read whole are judged part by
    part; see `recombined`. Verdicts do not depend on the size of the shares.

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

    Yields
    ------
    Verdicts
        On the next pairs; `texts_split` counts the texts that were not met before.

    Raises
    ------
    VerdictError
        If the model's array has another shape or holds no probabilities.
    OptionError
        If the checkpoint is some other file.
    """
    make_store = getattr(nli, "states", None)
    kept = {"states": make_store()} if callable(make_store) else {}
    parts: dict[str, list[str]] = {}
    found: dict[tuple[str, str], tuple[NDArray[np.float32], tuple[str, str] | None]] = {}
    repeated = {key for key, times in Counter(map(canonical, pairs)).items() if times > 1}
    with Checkpoint(checkpoint, name_of(nli)) if checkpoint else nullcontext() as known:
        for start, stop in shares(len(pairs)):
            share = pairs[start:stop]
            fresh = [key for key in dict.fromkeys(map(canonical, share)) if key not in found]
            new = {text: parts_of(text, nli) for text in {text for key in fresh for text in key} if text not in parts}
            parts |= new
            asked = [(a, b) for left, right in fresh for a in parts[left] for b in parts[right]]
            both = recalled(asked, nli, known, kept)
            at = 0
            for left, right in fresh:
                shape = (len(parts[left]), len(parts[right]), 2, 3)
                of_parts = both[at : at + shape[0] * shape[1]]
                strongest = int(of_parts[:, :, CONTRADICTION].sum(axis=1).argmax())
                deciding = asked[at + strongest] if len(of_parts) > 1 else None
                found[left, right] = recombined(of_parts.reshape(shape)), deciding
                at += len(of_parts)
            verdicts = of_share(share, found, sum(len(pieces) > 1 for pieces in new.values()))
            found = {key: verdict for key, verdict in found.items() if key in repeated}
            if progress:
                progress(len(share))
            yield verdicts


def canonical(pair: tuple[str, str]) -> tuple[str, str]:
    """Return a pair of texts in the order in which it is asked."""
    return min(pair), max(pair)


def shares(count: int) -> Iterator[tuple[int, int]]:
    """Yield the ends of shares: the first small, each twice the one before up to `SHARE`."""
    start, size = 0, min(FIRST_SHARE, SHARE)
    while start < count:
        yield start, min(start + size, count)
        start, size = start + size, min(2 * size, SHARE)


def of_share(
    share: Sequence[tuple[str, str]],
    found: Mapping[tuple[str, str], tuple[NDArray[np.float32], tuple[str, str] | None]],
    texts_split: int,
) -> Verdicts:
    """Return the verdicts on pairs from those on each pair of texts in its canonical order."""
    result = np.empty((len(share), 2, 3), dtype=np.float32)
    deciding = {}
    for row, (left, right) in enumerate(share):
        turned = 1 if left <= right else -1
        both, parts = found[canonical((left, right))]
        result[row] = both[::turned]
        if parts:
            part_left, part_right = parts[::turned]
            deciding[row] = (part_left, part_right)
    return Verdicts(result[:, 0], result[:, 1], texts_split, deciding)


def recalled(
    asked: Sequence[tuple[str, str]], nli: NLI, known: Checkpoint | None, kept: Mapping[str, object]
) -> NDArray[np.float32]:
    """Return probabilities (n, 2, 3) of pairs from the checkpoint, and of those that are not there from the model."""
    both = known.recall(asked) if known else np.full((len(asked), 2, 3), np.nan, dtype=np.float32)
    missing = np.flatnonzero(np.isnan(both[:, 0, 0]))
    for start in range(0, len(missing), SHARE):  # long texts make many pairs of parts
        rows = missing[start : start + SHARE]
        fresh = [asked[row] for row in rows.tolist()]
        both[rows] = ask(fresh, nli, **kept)
        if known:
            known.keep(fresh, both[rows])
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
