"""Archives whose windows were calibrated by an older version, asked as if by today's."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from retrieval.encode.calibration import Calibration
from retrieval.encode.encoder import Vectors
from retrieval.store.catalogue.rows import Details
from retrieval.store.protocols import Articles, Index, Words
from retrieval.values import Article, Filters

_WHOLE = 0.97  # a unit row as a catalogue keeps it; without a mean, those of the bundled model are no longer than 0.65


def as_calibrated(index: Index, calibration: Calibration) -> Index:
    """Return an archive as its calibration lets it be asked."""
    return OlderIndex(index, calibration) if calibration.is_older else index


@dataclass(frozen=True, slots=True)
class OlderIndex:
    """An archive with an older calibration, asked as if its windows had all been calibrated.

    Windows that kept all of their vector would be the nearest to any question, so what all means share is left out of
    the question by which passages are found; of those found, the nearest mean is taken out.
    """

    index: Index
    calibration: Calibration

    @property
    def state(self) -> Hashable | None:
        """What is another whenever the archive is."""
        return self.index.state

    @property
    def names(self) -> Sequence[str]:
        """The names of the outlets."""
        return self.index.names

    @property
    def catalogue(self) -> Articles:
        """The articles."""
        return self.index.catalogue

    @property
    def words(self) -> Words:
        """The words."""
        return self.index.words

    def nearest(self, vector: Vectors, k: int, filters: Filters) -> dict[int, float]:
        """Return the passages of the `k` windows most similar to `vector`, best first, with scores."""
        shared, _ = np.linalg.qr(np.stack(list(self.calibration.windows.values())).T)
        unshared = (vector - shared @ (shared.T @ vector)).astype(np.float32)
        return self.index.nearest(unshared, k, filters)

    def details(self, passages: Sequence[int]) -> dict[int, Details]:
        """Return what is to be weighed of passages; those that are no longer there are left out."""
        found = self.index.details(passages)
        return {number: replace(item, vectors=self._without_means(item.vectors)) for number, item in found.items()}

    def articles(self, numbers: Sequence[int]) -> dict[int, Article]:
        """Return articles."""
        return self.index.articles(numbers)

    def copies(self, numbers: Sequence[int]) -> dict[int, list[Article]]:
        """Return the other tellings of each one's story, the first published first, undated ones last."""
        return self.index.copies(numbers)

    def _without_means(self, vectors: Vectors) -> Vectors:
        kept = np.linalg.norm(vectors, axis=1) > _WHOLE
        calibrated: Vectors = np.where(
            kept[:, None], self.calibration.without_means(vectors, [""] * len(vectors)), vectors
        )
        return calibrated
