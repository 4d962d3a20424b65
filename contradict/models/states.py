"""States: what the lower layers read of each text, kept so that no text is read twice."""

from __future__ import annotations

import tempfile
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

BUDGET = 1 << 30  # bytes held in memory; what is beyond lies in files that go with the store
BLOCK = 32 << 20


class States:
    """Token states of texts, each (tokens, width) in float16, one behind the other in large blocks.

    Parameters
    ----------
    width
        Of a state.
    budget
        Bytes to hold in memory. Further blocks are mapped from temporary files, which are gone when the store is.
    block
        Bytes of a block; a text longer than a block has one of its own.
    """

    def __init__(self, width: int, *, budget: int = BUDGET, block: int = BLOCK) -> None:
        self._width, self._budget, self._rows = width, budget, max(1, block // (2 * width))
        self._blocks: list[NDArray[np.float16]] = []
        self._places: dict[str, tuple[int, int, int]] = {}
        self._used = self._held = 0
        self._spilled = 0

    def __contains__(self, text: object) -> bool:
        """Say whether a text has been read."""
        return text in self._places

    def __len__(self) -> int:
        """Return the number of texts."""
        return len(self._places)

    @property
    def spilled(self) -> int:
        """Bytes that lie in files."""
        return self._spilled

    def tokens(self, text: str) -> int:
        """Return the number of a text's tokens."""
        return self._places[text][2]

    def __getitem__(self, text: str) -> NDArray[np.float16]:
        """Return a text's states (tokens, width)."""
        block, start, tokens = self._places[text]
        return self._blocks[block][start : start + tokens]

    def __setitem__(self, text: str, states: NDArray[np.floating]) -> None:
        """Keep a text's states."""
        tokens = len(states)
        if not self._blocks or self._used + tokens > len(self._blocks[-1]):
            self._blocks.append(self._fresh(max(self._rows, tokens)))
            self._used = 0
        self._blocks[-1][self._used : self._used + tokens] = states
        self._places[text] = (len(self._blocks) - 1, self._used, tokens)
        self._used += tokens

    def _fresh(self, rows: int) -> NDArray[np.float16]:
        """Return an empty block: in memory as far as the budget goes."""
        size = rows * self._width * 2
        if self._held + size <= self._budget:
            self._held += size
            return np.empty((rows, self._width), dtype=np.float16)
        self._spilled += size
        with tempfile.TemporaryFile(prefix="contradict-states-") as file:  # the map outlives it
            return np.memmap(file, np.float16, "w+", shape=(rows, self._width))
