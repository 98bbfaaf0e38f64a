"""Two encoders as one: the second speaks with a small voice, in dimensions of its own."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Lock

import numpy as np

from retrieval.encoders import Begun, Encoder, Vectors, begin
from retrieval.encoders.onnx import cores
from retrieval.encoders.second import SecondEncoder

SHARE = 0.15
"""What the second encoder's similarity weighs beside the first one's.

success@1 on XQuAD-zh, English questions over it, and the sample archive: 0 .965 / .764 / .800, 0.1 .966 / .807 / .831,
0.15 .967 / .813 / .838; more loses in the question's own language.
"""


class PairedEncoder:
    """Embeds with both, side by side; the similarity of two vectors is the weighted sum of both, scaled to unit rows.

    Of a question (`begin`) the first is computed by the thread that wants the vector, whose core is awake: on one that
    slept for two milliseconds it takes a third longer. The second is computed meanwhile.
    """

    def __init__(self, first: Encoder, second: SecondEncoder) -> None:
        self._first, self._second = first, second
        self.identity = f"{first.identity} + {second.identity} × {SHARE}"
        self.dim = first.dim + second.dim
        self._pool = ThreadPoolExecutor(cores(), thread_name_prefix="second")

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Embed questions; float32 of shape (n, dim), unit rows."""
        return self._paired(self._first.encode_queries, texts)

    def begin(self, question: str) -> Begun:
        """Begin to embed a question."""
        first, second = begin(self._first, question), _Once(lambda: self._second.encode([question]))
        return Begun(lambda: _joined(first.vector()[None, :], second())[0], second)

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
    both = np.hstack([first, np.sqrt(SHARE) * second])
    vectors: Vectors = both / np.linalg.norm(both, axis=1, keepdims=True)
    return vectors
