"""The newest windows, which the file of the vector index does not hold yet: read one and all."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.encoders import Vectors
from retrieval.index.schema import WINDOWS_A_PASSAGE


@dataclass(frozen=True, slots=True)
class Tail:
    """Windows in the order of their ids, with their float32 vectors of shape (n, dim)."""

    ids: NDArray[np.int64]
    vectors: Vectors

    @classmethod
    def empty(cls, dim: int) -> "Tail":
        """Return a tail without windows."""
        return cls(np.empty(0, np.int64), np.empty((0, dim), np.float32))

    def __len__(self) -> int:
        return len(self.ids)

    def with_added(self, ids: NDArray[np.int64], vectors: NDArray[np.floating]) -> "Tail":
        """Return it with windows that are newer than all before."""
        return Tail(np.concatenate([self.ids, ids]), np.concatenate([self.vectors, vectors.astype(np.float32)]))

    def without(self, passages: NDArray[np.int64]) -> "Tail":
        """Return it without the windows of these passages."""
        kept = ~among(self.ids, passages)
        return Tail(self.ids[kept], self.vectors[kept])

    def search(self, query: Vectors, k: int, passages: NDArray[np.int64] | None) -> tuple[NDArray[np.int64], Vectors]:
        """Return ids and scores of the best `k` windows, those of `passages` if they are given, in no order."""
        scores: Vectors = self.vectors @ query
        ids = self.ids
        if passages is not None:
            kept = among(ids, passages)
            ids, scores = ids[kept], scores[kept]
        if len(ids) > k:
            best = np.argpartition(-scores, k)[:k]
            ids, scores = ids[best], scores[best]
        return ids, scores


def among(windows: NDArray[np.int64], passages: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Flag the windows that lie in one of the passages; both are ascending.

    Neighbouring passages are looked up together: of a million windows a hundredth is flagged in 0.5 ms.
    """
    inside = np.zeros(len(windows), np.bool_)
    if len(passages):
        breaks = np.flatnonzero(np.diff(passages) > 1)
        first, last = passages[np.append(0, breaks + 1)], passages[np.append(breaks, -1)]
        starts = np.searchsorted(windows, first * WINDOWS_A_PASSAGE)
        lengths = np.searchsorted(windows, (last + 1) * WINDOWS_A_PASSAGE) - starts
        inside[np.repeat(starts - np.cumsum(lengths) + lengths, lengths) + np.arange(lengths.sum())] = True
    return inside
