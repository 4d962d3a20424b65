"""Checkpoint: verdicts kept in a file as they are made, so that a run that was broken off goes on where it stood."""

from __future__ import annotations

import hashlib
import sqlite3
from typing import TYPE_CHECKING

import numpy as np

from contradict.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from types import TracebackType

    from numpy.typing import NDArray

SHAPE = (2, 3)  # of a verdict: both directions, three labels
AT_ONCE = 500  # keys of one question to the database


class Checkpoint:
    """Verdicts by model and pair of texts, in an SQLite file; use it in a ``with`` block.

    Parameters
    ----------
    path
        Made if it is not there. One file may serve several runs and models.
    model
        Name of the NLI model: what another said does not count.

    Raises
    ------
    OptionError
        If the file is something else.
    """

    def __init__(self, path: Path, model: str) -> None:
        self._model = model
        self._open = sqlite3.connect(path)
        try:
            with self._open:
                self._open.execute("CREATE TABLE IF NOT EXISTS verdicts (pair BLOB PRIMARY KEY, probabilities BLOB)")
        except sqlite3.DatabaseError as error:
            self._open.close()
            message = f"checkpoint {str(path)!r} cannot be used ({error}); name a new file"
            raise OptionError(message) from error

    def __enter__(self) -> Checkpoint:
        """Return the checkpoint."""
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        """Close the file."""
        self._open.close()

    def recall(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        """Return what is known of the pairs, (n, 2, 3); NaN where nothing is."""
        found = np.full((len(pairs), *SHAPE), np.nan, dtype=np.float32)
        keys = [self._key(pair) for pair in pairs]
        place = {key: row for row, key in enumerate(keys)}
        for start in range(0, len(keys), AT_ONCE):
            some = keys[start : start + AT_ONCE]
            query = f"SELECT pair, probabilities FROM verdicts WHERE pair IN ({','.join('?' * len(some))})"
            for key, probabilities in self._open.execute(query, some):
                found[place[key]] = np.frombuffer(probabilities, dtype=np.float32).reshape(SHAPE)
        return found

    def keep(self, pairs: Sequence[tuple[str, str]], probabilities: NDArray[np.float32]) -> None:
        """Write the verdicts (n, 2, 3) on pairs; they are on disk when this returns."""
        with self._open:
            self._open.executemany("INSERT OR REPLACE INTO verdicts VALUES (?, ?)", self._rows(pairs, probabilities))

    def _rows(
        self, pairs: Sequence[tuple[str, str]], probabilities: NDArray[np.float32]
    ) -> Iterator[tuple[bytes, bytes]]:
        for pair, verdict in zip(pairs, probabilities):
            yield self._key(pair), verdict.astype(np.float32).tobytes()

    def _key(self, pair: tuple[str, str]) -> bytes:
        """Return a hash of model and texts, each with its length before it, so that none runs into the next."""
        parts = (self._model, *pair)
        return hashlib.sha256(
            "".join(f"{len(part)}:{part}" for part in parts).encode("utf-8", "surrogatepass")
        ).digest()
