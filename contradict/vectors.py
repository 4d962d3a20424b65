"""Vectors: one unit row for each text, by any encoder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

import numpy as np

from contradict.errors import VectorError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

SHARE = 4_096  # texts encoded between two steps of the progress bar


@runtime_checkable
class Encoder(Protocol):
    """Anything that turns texts into vectors whose cosine says how alike their topics are.

    An encoder may also have

    - ``name``: what the report calls it;
    - ``centre(vectors)``: takes unit rows to unit rows whose cosine tells topics apart better; used where present;
    - ``min_similarity``: the cosine, after centring, under which two claims are about different things.
    """

    def encode(self, texts: Sequence[str], /) -> NDArray[np.floating]:
        """Return an array (len(texts), d), row k for text k."""
        ...


def embed(
    texts: Sequence[str], encoder: Encoder, *, progress: Callable[[int], object] | None = None
) -> NDArray[np.float32]:
    """Encode texts, each distinct one once.

    Parameters
    ----------
    texts
        Any number of texts.
    encoder
        What encodes them.
    progress
        Called with the number of distinct texts done since the last call.

    Returns
    -------
    ndarray
        float32, (len(texts), d), rows of length 1; (0, 0) of no texts.

    Raises
    ------
    VectorError
        If the encoder's array has another shape, or a row with NaN, infinity or length 0.
    """
    if not texts:
        return np.empty((0, 0), dtype=np.float32)
    distinct = sorted(set(texts))
    rows = []
    for start in range(0, len(distinct), SHARE):
        share = distinct[start : start + SHARE]
        rows.append(unit_rows(encoder.encode(share), share, encoder))
        if progress:
            progress(len(share))
    vectors = np.concatenate(rows)
    centre = getattr(encoder, "centre", None)
    if callable(centre):
        vectors = unit_rows(centre(vectors), distinct, encoder)
    row_of = {text: row for row, text in enumerate(distinct)}
    return vectors[[row_of[text] for text in texts]]


def unit_rows(array: object, texts: Sequence[str], encoder: object) -> NDArray[np.float32]:
    """Check an encoder's array and bring its rows to length 1."""
    name = getattr(encoder, "name", type(encoder).__name__)
    vectors = np.asarray(array)
    if vectors.ndim != 2 or len(vectors) != len(texts) or not np.issubdtype(vectors.dtype, np.number):
        message = (
            f"encoder {name!r} returned {vectors.dtype} of shape {vectors.shape} for {len(texts)} texts; "
            f"encode(texts) must return numbers of shape ({len(texts)}, d)"
        )
        raise VectorError(message)
    vectors = vectors.astype(np.float32)
    lengths = np.linalg.norm(vectors, axis=1)
    bad = np.flatnonzero(~np.isfinite(lengths) | (lengths == 0))
    if len(bad):
        message = (
            f"encoder {name!r} returned a vector of length {lengths[bad[0]]} for {texts[bad[0]][:60]!r}; "
            "every text needs a finite vector that is not zero"
        )
        raise VectorError(message)
    return vectors / lengths[:, None]
