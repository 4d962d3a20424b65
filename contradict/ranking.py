"""Ranking: which pairs to judge first, by a cheap score learned from what is known before any pair is read together.

A small network looks at how two vectors differ and agree, coordinate by coordinate, and at numbers, names and
negations that stand in one claim and not in the other. All its sums are of whole numbers small enough for float32 to
hold exactly, so that a pair's score is the same to the bit alone or among millions, on any machine.
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

AT_ONCE = 256  # pairs scored at a time: their vectors stay in the second-level cache
VECTOR_LEVELS = 384  # length of a unit vector in whole numbers
COSINE_LEVELS = 1_024
HIDDEN_LEVELS = 4_095  # the most that a hidden unit can say
EXACT = 1 << 24  # whole numbers up to here, and their sums, are exact in float32
MARKS = (
    "cosine",
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


def compared(cosine: NDArray[np.float32], left: Marks, right: Marks) -> NDArray[np.float32]:
    """Return what pairs of claims have of `MARKS`, (n, len(MARKS)), in whole numbers."""
    nothing = np.uint64(0)
    numbers, names = left.numbers & right.numbers, left.names & right.names
    have_numbers = (left.numbers != nothing, right.numbers != nothing)
    have_names = (left.names != nothing, right.names != nothing)
    columns = (
        np.rint(cosine * np.float32(COSINE_LEVELS)),
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
    return np.stack(columns, axis=1).astype(np.float32)


def whole(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return unit rows in whole numbers."""
    return np.rint(vectors * np.float32(VECTOR_LEVELS))


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
        largest = max(self.largest_sum(), HIDDEN_LEVELS * float(np.abs(self.out).sum()))
        if largest >= EXACT:
            message = f"a ranker's sums can reach {largest:,.0f}, over {EXACT:,}, so its scores would not be exact"
            raise ModelFilesError(message)

    @property
    def width(self) -> int:
        """Length of the vectors, d."""
        return (self.hidden.shape[0] - len(MARKS)) // 2

    def largest_sum(self) -> float:
        """Return a bound on the hidden units' sums for unit vectors, by Cauchy and Schwarz."""
        length = VECTOR_LEVELS + np.sqrt(self.width) / 2  # rounding moves each coordinate by a half at most
        weights = np.abs(self.hidden).astype(np.float64)
        differ, agree, marks = np.split(weights, [self.width, 2 * self.width])
        of_marks = marks * np.array([COSINE_LEVELS + 1, *[1] * (len(MARKS) - 1)])[:, None]
        # A product's coordinates sum to at most length² in magnitude, a difference has at most twice the length.
        bound = np.sqrt((differ**2).sum(axis=0)) * 2 * length + agree.max(axis=0) * length**2 + of_marks.sum(axis=0)
        return float((bound + np.abs(self.bias)).max(initial=0.0))

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
        vectors: NDArray[np.float32],
        others: NDArray[np.float32],
        left: NDArray[np.integer],
        right: NDArray[np.integer],
        similarity: NDArray[np.float32],
        marks: Marks,
        other_marks: Marks,
        *,
        block: int = AT_ONCE,
    ) -> NDArray[np.float32]:
        """Return a score for each pair, (n,); the higher, the likelier a conflict. No probability.

        Parameters
        ----------
        vectors, others
            Unit rows (claims, d) of the left and of the right side.
        left, right
            Rows of each pair, (n,).
        similarity
            Cosine of each pair, (n,).
        marks, other_marks
            Of the claims of either side.
        block
            Pairs scored at a time; scores do not depend on it.

        Raises
        ------
        OptionError
            If the vectors are not as long as those it was trained on.
        """
        if vectors.shape[1] != self.width or others.shape[1] != self.width:
            message = f"vectors of shapes {vectors.shape} and {others.shape}; this ranker reads (…, {self.width})"
            raise OptionError(message)
        mine = whole(vectors)
        theirs = mine if others is vectors else whole(others)
        result = np.empty(len(left), dtype=np.float32)
        features = np.empty((min(block, len(left)), self.hidden.shape[0]), dtype=np.float32)
        for start in range(0, len(left), block):
            i, j = left[start : start + block], right[start : start + block]
            some = features[: len(i)]
            u, v = mine[i], theirs[j]
            difference = some[:, : self.width]
            np.subtract(u, v, out=difference)
            np.abs(difference, out=difference)
            np.multiply(u, v, out=some[:, self.width : 2 * self.width])
            some[:, 2 * self.width :] = compared(similarity[start : start + block], marks[i], other_marks[j])
            units = some @ self.hidden
            units += self.bias
            units *= self.scale
            np.rint(units, out=units)
            np.clip(units, 0, HIDDEN_LEVELS, out=units)
            result[start : start + block] = units @ self.out
        return result


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
    scores = ranker.scores(vectors[0], vectors[-1], pairs.left, pairs.right, pairs.similarity, marks[0], marks[-1])
    return np.argsort(-scores, kind="stable")  # equal ones stay by similarity
