"""Ranking: which pairs to judge first, by a cheap score learned from what is known before any pair is read together.

A small network looks at how two vectors differ and agree, coordinate by coordinate, at where the pair stands among all
pairs of either claim, and at numbers, names and negations that one claim has and the other has not. All its sums are of
whole numbers small enough for float32 to hold exactly, so that scores are the same to the bit however many pairs are
scored at a time, on any machine.
"""

from __future__ import annotations

import zipfile
import zlib
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from contradict.errors import ModelFilesError, OptionError
from contradict.evidence.reading import language_of, read

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from contradict.claims import Claim
    from contradict.pairs import Pairs

AT_ONCE = 512  # pairs scored at a time: their vectors stay in the second-level cache
VECTOR_LEVELS = 384  # length of a unit vector in whole numbers
COSINE_LEVELS = 1_024
PLACE_LEVELS = 64
HIDDEN_LEVELS = 4_095  # the most that a hidden unit can say
PLACES = np.rint(np.log1p(np.arange(PLACE_LEVELS)) * PLACE_LEVELS).astype(np.float32)  # later places count as the last
EXACT = 1 << 24  # whole numbers up to here, and their sums, are exact in float32
MARKS = (
    "cosine",
    "nearer place among the pairs of either claim",
    "farther place",
    "cosine under the nearest of both claims",
    "numbers differ",
    "numbers agree",
    "numbers on one side",
    "names differ",
    "names shared",
    "names on one side",
    "negation on one side",
    "negation on both",
    "languages differ",
)
MOST = np.array([COSINE_LEVELS, PLACES[-1], PLACES[-1], 2 * COSINE_LEVELS, *[1] * (len(MARKS) - 4)], dtype=np.float32)


@dataclass(frozen=True)
class Marks:
    """What is read of each claim by itself, (n,) each; sets are masks of 64 bits, a bit by a hash.

    Attributes
    ----------
    numbers, names
        The numbers a claim commits itself to; the names and places in it.
    negated
        Whether it has a negation.
    lang
        A code for its language.
    """

    numbers: NDArray[np.uint64]
    names: NDArray[np.uint64]
    negated: NDArray[np.bool_]
    lang: NDArray[np.uint32]

    @classmethod
    def of(cls, claims: Sequence[Claim]) -> Marks:
        """Read claims."""
        readings = [read(claim.text, claim.lang, claim.date) for claim in claims]
        return cls(
            np.array([mask([a.low for a in one.amounts if a.exact]) for one in readings], dtype=np.uint64),
            np.array([mask([n.value for n in (*one.names, *one.places)]) for one in readings], dtype=np.uint64),
            np.array([bool(one.negations) for one in readings], dtype=bool),
            np.array([code(language_of(claim.text, claim.lang)) for claim in claims], dtype=np.uint32),
        )

    def __getitem__(self, rows: NDArray[np.integer] | slice) -> Marks:
        """Return those of some claims."""
        return Marks(*(getattr(self, field.name)[rows] for field in fields(self)))


def code(text: str) -> int:
    """Return a number for a text, the same on every machine."""
    return zlib.crc32(text.encode("utf-8", "surrogatepass"))


def mask(values: Sequence[object]) -> int:
    """Return a set as bits."""
    bits = 0
    for value in values:
        bits |= 1 << (code(str(value)) % 64)
    return bits


def compared(left: Marks, right: Marks) -> tuple[NDArray[np.bool_], ...]:
    """Return what claims have and have not in common, pair by pair: the last of `MARKS`."""
    nothing = np.uint64(0)
    numbers, names = left.numbers & right.numbers, left.names & right.names
    have_numbers = (left.numbers != nothing, right.numbers != nothing)
    have_names = (left.names != nothing, right.names != nothing)
    return (
        have_numbers[0] & have_numbers[1] & (numbers != left.numbers) & (numbers != right.numbers),
        have_numbers[0] & (left.numbers == right.numbers),
        have_numbers[0] ^ have_numbers[1],
        have_names[0] & have_names[1] & (names == nothing),
        names != nothing,
        have_names[0] ^ have_names[1],
        left.negated ^ right.negated,
        left.negated & right.negated,
        left.lang != right.lang,
    )


def standing(pairs: Pairs, *, within: bool) -> tuple[NDArray[np.float32], ...]:
    """Return the first of `MARKS`: the cosine, and where each pair stands among the pairs of either claim.

    Parameters
    ----------
    pairs
        By similarity, highest first.
    within
        Whether both sides are of one pool.
    """
    count = len(pairs)
    left, right = pairs.left.astype(np.int64), pairs.right.astype(np.int64)
    if not within:
        right = right + left.max(initial=-1) + 1
    owner = np.concatenate([left, right])
    by_owner = np.lexsort((np.tile(np.arange(count), 2), owner))
    sizes = np.unique(owner, return_counts=True)[1]
    starts = np.cumsum(sizes) - sizes
    place = np.empty(2 * count, dtype=np.intp)
    place[by_owner] = np.arange(2 * count) - np.repeat(starts, sizes)
    first = by_owner[starts]
    best = np.zeros(owner.max(initial=-1) + 1, dtype=np.float32)
    best[owner[first]] = np.tile(pairs.similarity, 2)[first]
    nearest = best[owner]
    places = PLACES[place.clip(max=PLACE_LEVELS - 1)]
    both = (nearest[:count] + nearest[count:]) / np.float32(2) - pairs.similarity
    return (
        np.rint(pairs.similarity * np.float32(COSINE_LEVELS)),
        np.minimum(places[:count], places[count:]),
        np.maximum(places[:count], places[count:]),
        np.rint(both * np.float32(COSINE_LEVELS)),
    )


def whole(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return unit rows in whole numbers."""
    return np.rint(vectors * np.float32(VECTOR_LEVELS))


def sum_bounds(hidden: NDArray[np.floating], bias: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return what no partial sum of a hidden unit exceeds for unit vectors, (h,), by Cauchy and Schwarz."""
    width = (len(hidden) - len(MARKS)) // 2
    length = VECTOR_LEVELS + np.sqrt(width) / 2  # rounding moves a coordinate by a half at most
    differ, agree, marks = np.split(np.abs(hidden).astype(np.float64), [width, 2 * width])
    # A difference is at most twice as long as a vector; the magnitudes of a product's coordinates add up to length².
    of_vectors = np.sqrt((differ**2).sum(axis=0)) * 2 * length + agree.max(axis=0) * length**2
    bounds: NDArray[np.float64] = of_vectors + (marks * MOST[:, None]).sum(axis=0) + np.abs(bias)
    return bounds


@dataclass(frozen=True, eq=False)
class Ranker:
    """A network with one hidden layer, in whole numbers.

    Attributes
    ----------
    hidden
        (2 d + len(MARKS), h): weights of ``|u − v|``, of ``u · v`` coordinate by coordinate, and of the marks.
    bias
        (h,).
    scale
        (h,), a hidden unit's sum is multiplied by it, rounded, and held between 0 and `HIDDEN_LEVELS`.
    out
        (h,): weights of the hidden units.
    encoder
        Name of the encoder whose vectors it was trained on; of others it knows nothing.
    trained_on
        Data, number of pairs and seed.
    """

    hidden: NDArray[np.float32]
    bias: NDArray[np.float32]
    scale: NDArray[np.float32]
    out: NDArray[np.float32]
    encoder: str
    trained_on: str

    def __post_init__(self) -> None:
        if self.hidden.ndim != 2 or self.hidden.shape[0] < len(MARKS) + 2 or (self.hidden.shape[0] - len(MARKS)) % 2:
            message = f"a ranker's weights have shape {self.hidden.shape}, expected (2 d + {len(MARKS)}, hidden units)"
            raise ModelFilesError(message)
        units = self.hidden.shape[1]
        for name in ("bias", "scale", "out"):
            if getattr(self, name).shape != (units,):
                message = f"a ranker's {name} has shape {getattr(self, name).shape}, expected ({units},)"
                raise ModelFilesError(message)
        for name in ("hidden", "bias", "out"):
            if not np.array_equal(getattr(self, name), np.rint(getattr(self, name))):
                message = f"a ranker's {name} must be whole numbers"
                raise ModelFilesError(message)
        if not (np.isfinite(self.scale).all() and (self.scale >= 0).all()):
            message = "a ranker's scale must be finite and not negative"
            raise ModelFilesError(message)
        largest = max(sum_bounds(self.hidden, self.bias).max(), HIDDEN_LEVELS * float(np.abs(self.out).sum()))
        if largest >= EXACT:
            message = f"a ranker's sums can reach {largest:,.0f}, over {EXACT:,}, so its scores would not be exact"
            raise ModelFilesError(message)

    @property
    def width(self) -> int:
        """Length of the vectors, d."""
        return (self.hidden.shape[0] - len(MARKS)) // 2

    @classmethod
    def read(cls, path: Path) -> Ranker:
        """Read what `write` wrote.

        Raises
        ------
        ModelFilesError
            If the file is missing or is no ranker.
        """
        try:
            with np.load(path, allow_pickle=False) as stored:
                arrays = {name: stored[name] for name in ("hidden", "bias", "scale", "out")}
                names = {name: str(stored[name]) for name in ("encoder", "trained_on")}
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
            message = f"{path} is not a ranker ({error}); reinstall contradict-claims, or train one again"
            raise ModelFilesError(message) from error
        if not all(np.issubdtype(array.dtype, np.number) for array in arrays.values()):
            message = f"{path} is not a ranker (its weights are no numbers); reinstall contradict-claims"
            raise ModelFilesError(message)
        hidden, bias, scale, out = (array.astype(np.float32) for array in arrays.values())
        return cls(hidden, bias, scale, out, names["encoder"], names["trained_on"])

    def write(self, path: Path) -> None:
        """Write into a file."""
        np.savez_compressed(
            path,
            hidden=self.hidden.astype(np.int16),
            bias=self.bias.astype(np.int32),
            scale=self.scale,
            out=self.out.astype(np.int16),
            encoder=np.array(self.encoder),
            trained_on=np.array(self.trained_on),
        )

    def scores(
        self,
        pairs: Pairs,
        vectors: Sequence[NDArray[np.float32]],
        marks: Sequence[Marks],
        *,
        block: int = AT_ONCE,
    ) -> NDArray[np.float32]:
        """Return a score for each pair, (n,); the higher, the likelier a conflict. No probability.

        Parameters
        ----------
        pairs
            Of one pool, or across two; by similarity, highest first.
        vectors
            Unit rows (claims, d) of the one pool, or of both.
        marks
            Of the claims of the one pool, or of both.
        block
            Pairs scored at a time; scores do not depend on it.

        Raises
        ------
        OptionError
            If the vectors are not as long as those it was trained on.
        """
        for of_side in vectors:
            if of_side.shape[1] != self.width:
                message = f"vectors of length {of_side.shape[1]}; this ranker reads those of length {self.width}"
                raise OptionError(message)
        rows = [whole(of_side) for of_side in vectors]
        stands = standing(pairs, within=len(vectors) == 1)
        result = np.empty(len(pairs), dtype=np.float32)
        features = np.empty((min(block, len(pairs)), self.hidden.shape[0]), dtype=np.float32)
        for start in range(0, len(pairs), block):
            some = slice(start, start + block)
            left, right = pairs.left[some], pairs.right[some]
            of_block = features[: len(left)]
            fill(of_block, rows[0][left], rows[-1][right])
            columns = (*(column[some] for column in stands), *compared(marks[0][left], marks[-1][right]))
            for number, column in enumerate(columns, start=2 * self.width):
                of_block[:, number] = column
            units = of_block @ self.hidden
            units += self.bias
            units *= self.scale
            np.rint(units, out=units)
            np.clip(units, 0, HIDDEN_LEVELS, out=units)
            result[some] = units @ self.out
        return result


def fill(features: NDArray[np.float32], u: NDArray[np.float32], v: NDArray[np.float32]) -> None:
    """Write ``|u − v|`` and ``u · v`` into the first columns of features."""
    width = u.shape[1]
    difference = features[:, :width]
    np.subtract(u, v, out=difference)
    np.abs(difference, out=difference)
    np.multiply(u, v, out=features[:, width : 2 * width])


def order(
    pairs: Pairs,
    sides: Sequence[Sequence[Claim]],
    vectors: Sequence[NDArray[np.float32]],
    ranker: Ranker | None,
) -> NDArray[np.intp]:
    """Return the numbers of the pairs in the order in which to judge them: by score, then by similarity, by index.

    Parameters
    ----------
    pairs
        Of one pool, or across two.
    sides
        The claims of the one pool, or of both.
    vectors
        Their unit rows, (claims, d) each.
    ranker
        None leaves the order by similarity.
    """
    if ranker is None or not len(pairs):
        return np.arange(len(pairs))
    marks = [Marks.of(side) for side in sides]
    scores = ranker.scores(pairs, vectors, marks)
    return np.argsort(-scores, kind="stable")  # equal ones stay by similarity
