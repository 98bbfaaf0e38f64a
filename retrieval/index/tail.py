"""The newest windows, which the file of the vector index does not hold yet: read one and all."""

import numpy as np
from numpy.typing import NDArray

from retrieval.encoders import Vectors
from retrieval.index.schema import WINDOWS_A_PASSAGE


class Tail:
    """Windows with their vectors in memory, in the order of their ids."""

    def __init__(self, dim: int) -> None:
        self._ids = np.empty(0, np.int64)
        self._vectors: Vectors = np.empty((0, dim), np.float32)

    def __len__(self) -> int:
        return len(self._ids)

    @property
    def ids(self) -> NDArray[np.int64]:
        """The windows' ids, ascending."""
        return self._ids

    @property
    def vectors(self) -> Vectors:
        """The windows' vectors, of shape (n, dim)."""
        return self._vectors

    def add(self, ids: NDArray[np.int64], vectors: NDArray[np.float16]) -> None:
        """Add windows that are newer than all before."""
        self._ids = np.concatenate([self._ids, ids])
        self._vectors = np.concatenate([self._vectors, vectors.astype(np.float32)])

    def remove(self, passages: NDArray[np.int64]) -> None:
        """Take out the windows of these passages."""
        kept = ~among(self._ids, passages)
        self._ids, self._vectors = self._ids[kept], self._vectors[kept]

    def search(self, query: Vectors, k: int, passages: NDArray[np.int64] | None) -> tuple[NDArray[np.int64], Vectors]:
        """Return ids and scores of the best `k` windows, those of `passages` if they are given, in no order."""
        scores: Vectors = self._vectors @ query
        ids = self._ids
        if passages is not None:
            kept = among(ids, passages)
            ids, scores = ids[kept], scores[kept]
        if len(ids) > k:
            best = np.argpartition(-scores, k)[:k]
            ids, scores = ids[best], scores[best]
        return ids, scores


def among(windows: NDArray[np.int64], passages: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Flag the windows that lie in one of the passages; both are ascending.

    Neighbouring passages are looked up together: of a million windows a hundredth is flagged in 1 ms, half in 6.
    """
    if not len(passages):
        return np.zeros(len(windows), np.bool_)
    breaks = np.flatnonzero(np.diff(passages) > 1)
    first, last = passages[np.append(0, breaks + 1)], passages[np.append(breaks, -1)]
    starts = np.searchsorted(windows, first * WINDOWS_A_PASSAGE)
    stops = np.searchsorted(windows, (last + 1) * WINDOWS_A_PASSAGE)
    met = stops > starts
    steps = np.zeros(len(windows) + 1, np.int8)
    steps[starts[met]] += 1
    steps[stops[met]] -= 1
    inside: NDArray[np.bool_] = np.cumsum(steps[:-1], dtype=np.int8).view(np.bool_)
    return inside
