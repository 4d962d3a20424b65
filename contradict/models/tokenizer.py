"""Cut texts into the encoder's tokens (Unigram: Kudo 2018, arXiv:1804.10959), ready in a tenth of a second.

The library `tokenizers` gives the same tokens (a test holds that) but takes one to two seconds to build its structure
of 250,000 pieces. A command line that reads sixty claims should not wait for that: here a plain dict of the pieces
serves, words are cut once and remembered, and `tokenizers` stays the oracle.
"""

from __future__ import annotations

import unicodedata
from functools import cache, cached_property
from typing import TYPE_CHECKING

from contradict.models.e5 import E5File

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

SPACE = "▁"  # stands for a space before a word, as in SentencePiece
UNKNOWN_PENALTY = 10.0  # SentencePiece: an unknown character scores the worst piece less this
REMEMBERED_WORDS = 500_000


class Tokenizer:
    """The tokenizer of multilingual-e5-small (that of XLM-RoBERTa), read from the weights file."""

    def __init__(self, file: E5File) -> None:
        self.file = file
        self.bos, self.eos, self.unk = file.bos, file.eos, file.unk
        self._words: dict[str, tuple[int, ...]] = {}

    @cached_property
    def _tokens(self) -> dict[str, int]:
        pieces = self.file.pieces
        tokens = dict(zip(pieces, range(len(pieces))))
        for special in (self.bos, self.eos, self.unk, self.file.pad, len(pieces) - 1):  # the last is <mask>
            del tokens[pieces[special]]  # a text that spells "</s>" is text, not an end mark
        return tokens

    @cached_property
    def _scores(self) -> list[float]:
        return self.file.piece_scores.tolist()

    @cached_property
    def _limits(self) -> tuple[int, float]:
        """The length of the longest piece and the score of an unknown character."""
        return max(map(len, self._tokens)), min(self._scores) - UNKNOWN_PENALTY

    @cached_property
    def _characters(self) -> dict[int, str]:
        """What single characters become: control characters vanish, odd spaces become plain."""
        count, table = self.file.normalisation
        characters, raw, position = {}, table.tobytes(), 0
        for _ in range(count):
            code = int.from_bytes(raw[position : position + 4], "little")
            end = position + 5 + 4 * raw[position + 4]
            characters[code] = raw[position + 5 : end].decode("utf-32-le")
            position = end
        return characters

    def encode(self, text: str) -> list[int]:
        """Return the token ids of one text, ``<s>`` and ``</s>`` included; nothing is cut off."""
        tokens = [self.bos]
        for word in self.normalise(text).split():
            tokens += self._cut(SPACE + word)
        tokens.append(self.eos)
        return tokens

    def encode_all(self, texts: Iterable[str]) -> list[list[int]]:
        """Return the token ids of each text."""
        return [self.encode(text) for text in texts]

    def normalise(self, text: str) -> str:
        """Return the text in compatibility form (NFKC), control characters and odd spaces made plain."""
        return unicodedata.normalize("NFKC", text).translate(self._characters)

    def _cut(self, word: str) -> tuple[int, ...]:
        tokens = self._words.get(word)
        if tokens is None:
            if len(self._words) >= REMEMBERED_WORDS:
                self._words.clear()
            tokens = self._words[word] = tuple(self._best_cut(word))
        return tokens

    def _best_cut(self, word: str) -> list[int]:
        """Return the pieces of the greatest sum of scores (Viterbi); unknown characters side by side are one token."""
        tokens_of, scores, (longest, unknown_score) = self._tokens, self._scores, self._limits
        length = len(word)
        best = [0.0] + [float("-inf")] * length
        came_from: list[tuple[int, int]] = [(0, self.unk)] * (length + 1)
        for start in range(length):
            score_here, single_known = best[start], False
            for end in range(start + 1, min(start + longest, length) + 1):
                token = tokens_of.get(word[start:end])
                if token is None:
                    continue
                single_known |= end == start + 1
                if score_here + scores[token] > best[end]:
                    best[end] = score_here + scores[token]
                    came_from[end] = (start, token)
            if not single_known and score_here + unknown_score > best[start + 1]:
                best[start + 1] = score_here + unknown_score
                came_from[start + 1] = (start, self.unk)
        tokens: list[int] = []
        end = length
        while end:
            start, token = came_from[end]
            if not (token == self.unk and tokens and tokens[-1] == self.unk):
                tokens.append(token)
            end = start
        return tokens[::-1]


@cache
def shared_tokenizer(path: Path) -> Tokenizer:
    """Return the one tokenizer, with its verified file, that the bundled models of a process share.

    Raises
    ------
    ModelFilesError
        If the file cannot be used.
    """
    file = E5File(path)
    file.verify()
    return Tokenizer(file)
