"""An archive's vectors as they are at one moment: what a search reads, whatever a refresh does meanwhile."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.encoders import Vectors
from retrieval.index.schema import WINDOWS_A_PASSAGE
from retrieval.index.structure import is_exact, refined, search_rows
from retrieval.index.tail import Tail, among

Windows = NDArray[np.int64]
VectorsOf = Callable[[Windows], tuple[Windows, NDArray[np.floating]]]
"""Returns those windows of some that are there, and their vectors of shape (n, dim)."""


@dataclass(frozen=True, slots=True)
class VectorView:
    """The windows of a file, those of them that are not gone, and the tail of newer ones; nothing of it changes.

    It covers the changes up to `sequence`.
    """

    index: Any
    ids: Windows
    alive: NDArray[np.bool_]
    tail: Tail
    sequence: int

    def __len__(self) -> int:
        return int(np.count_nonzero(self.alive)) + len(self.tail)

    def search(
        self, query: Vectors, k: int, vectors_of: VectorsOf, passages: NDArray[np.int64] | None = None
    ) -> tuple[NDArray[np.int64], Vectors]:
        """Return passage numbers and scores of the best `k` windows for `query` of shape (dim,), best first.

        `vectors_of` reads the exact vectors, of which a large index holds 4 bits only. `passages`, sorted numbers,
        restricts the search. Equal scores keep the older passage first.
        """
        ids, scores = self._of_file(query, k, vectors_of, passages)
        tail_ids, tail_scores = self.tail.search(query, k, passages)
        ids, scores = np.concatenate([ids, tail_ids]), np.concatenate([scores, tail_scores])
        order = np.lexsort((ids, -scores))[:k]
        return ids[order] // WINDOWS_A_PASSAGE, scores[order]

    def _of_file(
        self, query: Vectors, k: int, vectors_of: VectorsOf, passages: NDArray[np.int64] | None
    ) -> tuple[Windows, Vectors]:
        wanted = k if is_exact(self.index) else refined(k)
        rows, scores = search_rows(self.index, query, wanted, self._allowed(passages))
        inside = rows < len(self.ids)  # not so after a flipped byte in a large file, which is not checked on opening
        ids, scores = self.ids[rows[inside]], scores[inside]
        if is_exact(self.index) or not len(ids):
            return ids, scores
        ids, vectors = vectors_of(ids)
        exact: Vectors = vectors.astype(np.float32, copy=False) @ query
        return ids, exact

    def _allowed(self, passages: NDArray[np.int64] | None) -> NDArray[np.bool_] | None:
        if passages is None:
            return None if self.alive.all() else self.alive
        return self.alive & among(self.ids, passages)


def best_of_each(numbers: Sequence[int] | NDArray[np.int64], scores: Vectors) -> dict[int, float]:
    """Return each passage's best score, in the order given."""
    best: dict[int, float] = {}
    for number, score in zip(numbers, scores, strict=True):
        best.setdefault(int(number), float(score))
    return best
