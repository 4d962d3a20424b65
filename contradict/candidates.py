"""Candidates: for each claim those that may be its nearest, kept in bounded memory, and the choice among them."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from contradict.errors import OptionError
from contradict.workers import in_threads

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Places = NDArray[np.intp]

AT_ONCE = 1 << 11  # pairs whose exact cosines are computed at a time, in the cache
SLICE = 1 << 18  # candidates that are looked at in one piece
FEWEST = 1 << 21  # candidates for which there is room even where the lists are short
ROOM = 8  # room for so many times the candidates that all lists hold in the end
CROWDED = 0.75  # share of the room from which on candidates are told apart by exact cosines
FINEST = 23  # bits of a candidate's value: a float32 has 24


class Chosen(NamedTuple):
    """What the lists of one side hold: claims of this side, of the other, and their exact cosines."""

    mine: Places
    theirs: Places
    value: Floats


class Crowded(Exception):  # noqa: N818 - a signal, not an error
    """Too many candidates tie within the margin of the product: one with a smaller margin is faster."""


class Lists:
    """For each claim of one side the candidates for its nearest, and a bound under which none can enter any more.

    A candidate is one integer: the claim, then its value falling, then the other claim. So sorting is all that is
    needed to find each claim's k-th nearest. When the room is full, those that can no longer be among the nearest go.

    Parameters
    ----------
    sides
        Vectors of this side, of the other: unit rows.
    margin
        For each claim, how far a value can be from the cosine.
    top_k
        Length of a list; None for no end.
    least
        Least cosine, where lists have no end.
    room
        Candidates that are held at most.
    threads
        Threads that compute exact cosines.
    patience
        How often more candidates may tie than there is room for before `Crowded` is raised; None for no end.
    """

    def __init__(
        self,
        sides: tuple[Floats, Floats],
        margin: Floats,
        *,
        top_k: int | None,
        least: float,
        room: int,
        threads: int,
        patience: int | None = None,
    ) -> None:
        self._sides, self.top_k, self._least, self._threads = sides, top_k, least, threads
        count, others = (max(len(side), 2) for side in sides)
        self._column_bits = (others - 1).bit_length()
        bits = min(FINEST, 64 - self._column_bits - (count - 1).bit_length())
        self._fine = np.float32(2.0 ** (bits - 2))  # values lie from -2 to 2
        self._row_shift = np.uint64(bits + self._column_bits)
        self._margin = margin + 1 / self._fine
        self.low = np.full(len(sides[0]), -2 if top_k is not None else least, dtype=np.float32) - self._margin
        usual = max(FEWEST, len(sides[0]) * top_k * ROOM) if top_k is not None else FEWEST
        self._room, self._patience = room, patience
        self._keys = np.empty(min(room, usual), dtype=np.uint64)
        self._held = 0
        self._lock = threading.Lock()

    def raise_low(self, claims: slice, kth: NDArray[np.floating]) -> None:
        """Take note of values that so many claims' k-th nearest has at least."""
        self.low[claims] = np.maximum(self.low[claims], kth - 2 * self._margin[claims])

    def offer(self, mine: Places, theirs: Places, value: Floats) -> None:
        """Add candidates: claims of this side, of the other, and their value. Several threads may."""
        enters = value >= self.low[mine]
        keys = self._packed(mine[enters], theirs[enters], value[enters])
        with self._lock:
            while len(keys):
                some = keys[: len(self._keys) - self._held]
                self._keys[self._held : self._held + len(some)] = some
                self._held += len(some)
                keys = keys[len(some) :]
                if len(keys):
                    self._make_room()

    def _packed(self, mine: Places, theirs: Places, value: Floats) -> NDArray[np.uint64]:
        falling = ((2 - value) * self._fine).astype(np.uint64) << np.uint64(self._column_bits)
        return (mine.astype(np.uint64) << self._row_shift) | falling | theirs.astype(np.uint64)

    def _unpacked(self, keys: NDArray[np.uint64]) -> tuple[Places, Places, Floats]:
        mine = (keys >> self._row_shift).astype(np.intp)
        theirs = (keys & np.uint64((1 << self._column_bits) - 1)).astype(np.intp)
        falling = (keys & np.uint64((1 << int(self._row_shift)) - 1)) >> np.uint64(self._column_bits)
        return mine, theirs, np.float32(2) - falling.astype(np.float32) / self._fine

    def _make_room(self) -> None:
        """Drop the candidates that are no longer among the nearest; where that is not enough, make more room."""
        if self.top_k is not None:
            self._settle()
            if self._held > CROWDED * len(self._keys):  # many within the margin of a k-th nearest, as where many tie
                if self._patience is not None:
                    self._patience -= 1
                    if self._patience < 0:
                        raise Crowded
                self._settle(exactly=True)
            if self._held <= CROWDED * len(self._keys):
                return
        if len(self._keys) >= self._room:
            message = (
                f"more than {self._room:,} pairs would have to be held at once, more than the memory allowed; give a "
                "top_k or a smaller one, a higher min_similarity, or more memory"
            )
            raise OptionError(message)
        self._keys = np.concatenate(
            [self._keys, np.empty(min(len(self._keys), self._room - len(self._keys)), np.uint64)]
        )

    def _settle(self, *, exactly: bool = False) -> None:
        assert self.top_k is not None
        self._keys[: self._held].sort()
        held = 0
        for keys in self._slices():
            mine, _, value = self._unpacked(keys)
            if exactly:
                kept = self._choose(keys)
                last = np.flatnonzero(ranks(kept.mine) == self.top_k - 1)
                low = kept.value[last] - self._margin[kept.mine[last]]
                self.low[kept.mine[last]] = np.maximum(self.low[kept.mine[last]], low)
                # They keep their value in the tile, by which the bounds go.
                pair = (np.uint64(1) << np.uint64(self._column_bits)) - np.uint64(1)
                wanted = (kept.mine.astype(np.uint64) << np.uint64(self._column_bits)) | kept.theirs.astype(np.uint64)
                have = ((keys >> self._row_shift) << np.uint64(self._column_bits)) | (keys & pair)
                keep = np.isin(have, wanted)
            else:
                last = np.flatnonzero(ranks(mine) == self.top_k - 1)
                low = value[last] - 2 * self._margin[mine[last]]
                self.low[mine[last]] = np.maximum(self.low[mine[last]], low)
                keep = value >= self.low[mine]
            kept_keys = keys[keep]
            self._keys[held : held + len(kept_keys)] = kept_keys
            held += len(kept_keys)
        self._held = held

    def _slices(self) -> Iterator[NDArray[np.uint64]]:
        """Yield the sorted candidates piece by piece, a claim's never parted."""
        start = 0
        while start < self._held:
            stop = min(start + SLICE, self._held)
            if stop < self._held:
                following = ((self._keys[stop - 1] >> self._row_shift) + np.uint64(1)) << self._row_shift
                stop = int(np.searchsorted(self._keys[: self._held], following))
            yield self._keys[start:stop]
            start = stop

    def _choose(self, keys: NDArray[np.uint64]) -> Chosen:
        """Return the nearest by exact cosines, ties by index, of sorted candidates of whole claims."""
        mine, theirs, rough = self._unpacked(keys)
        if self.top_k is None:
            value = cosines(self._sides[0], mine, self._sides[1], theirs)
            keep = value >= self._least
            return Chosen(mine[keep], theirs[keep], value[keep])
        value = np.full(len(keys), -3, dtype=np.float32)
        first = ranks(mine) < self.top_k
        value[first] = cosines(self._sides[0], mine[first], self._sides[1], theirs[first])
        claims, starts, counts = np.unique(mine[first], return_index=True, return_counts=True)
        kth = np.full(len(self.low), -3, dtype=np.float32)  # exact cosine of a k-th nearest, or less
        kth[claims] = np.where(counts == self.top_k, np.minimum.reduceat(value[first], starts), -3) if len(keys) else 0
        rest = ~first & (rough >= kth[mine] - self._margin[mine])
        value[rest] = cosines(self._sides[0], mine[rest], self._sides[1], theirs[rest])
        near = np.flatnonzero(value >= kth[mine])
        near = near[np.lexsort((theirs[near], -value[near], mine[near]))]
        near = near[ranks(mine[near]) < self.top_k]
        return Chosen(mine[near], theirs[near], value[near])

    def chosen(self) -> Chosen:
        """Return what the lists hold in the end, and forget the candidates."""
        if self.top_k is not None:
            self._settle()
        else:
            self._keys[: self._held].sort()
        parts = in_threads(self._choose, self._slices(), self._threads)
        self._keys = np.empty(0, dtype=np.uint64)
        self._held = 0
        if not parts:
            return Chosen(np.empty(0, np.intp), np.empty(0, np.intp), np.empty(0, np.float32))
        return Chosen(*(np.concatenate(column) for column in zip(*parts)))


def ranks(of: Places) -> Places:
    """Return each item's place among its equals, from 0 on; equal items stand together."""
    if not len(of):
        return of
    starts = np.flatnonzero(np.concatenate([[True], of[1:] != of[:-1]]))
    result: Places = np.arange(len(of)) - np.repeat(starts, np.diff(starts, append=len(of)))
    return result


def cosines(rows: Floats, row: Places, columns: Floats, column: Places) -> Floats:
    """Return the cosines of pairs of unit rows, the same to the bit however many there are."""
    result = np.empty(len(row), dtype=np.float32)
    for start in range(0, len(row), AT_ONCE):
        some = slice(start, start + AT_ONCE)
        products = rows[row[some]].astype(np.float64) * columns[column[some]]
        result[some] = products.sum(axis=1).clip(-1, 1)
    return result
