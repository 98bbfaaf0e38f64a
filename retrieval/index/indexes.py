"""The three parts of an archive on this machine, as a search asks them."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import partial

from retrieval.encoders import Vectors
from retrieval.index.catalogue import Catalogue
from retrieval.index.details import read_details
from retrieval.index.rows import Details
from retrieval.index.vector_view import VectorView, best_of_each
from retrieval.index.words import WordIndex
from retrieval.recent import Recent, characters
from retrieval.values import Article, Filters

_PASSAGES_KEPT, _CHARACTERS_KEPT = 1_000, 2_000_000
"""Passages, of 8 KB each, and characters of articles that are kept after they were read. Of a small archive this is
all of it; in a large one it is what people ask about these days."""
_NO_COPIES = 100  # characters that an article weighs of which there are none


class Recents:
    """What was read last of an archive on this machine: passages, 8 MB, articles, and the copies of their stories."""

    def __init__(self) -> None:
        self.details = Recent[int, Details](_PASSAGES_KEPT)
        self.articles = Recent[int, Article](_CHARACTERS_KEPT, lambda article: characters([article]))
        self.copies = Recent[int, list[Article]](_CHARACTERS_KEPT, lambda copies: _NO_COPIES + characters(copies))


@dataclass(frozen=True, slots=True)
class Indexes:
    """The three parts of an archive on this machine, at one moment; `state` is another after each change."""

    catalogue: Catalogue
    vectors: VectorView
    words: WordIndex
    state: Hashable
    names: Sequence[str]
    recents: Recents

    def nearest(self, vector: Vectors, k: int, filters: Filters) -> dict[int, float]:
        """Return the passages of the `k` windows most similar to `vector` of shape (dim,), best first, with scores."""
        allowed = self.catalogue.allowed_passages(filters) if filters != Filters() else None
        return best_of_each(*self.vectors.search(vector, k, self.catalogue.window_vectors, allowed))

    def details(self, passages: Sequence[int]) -> dict[int, Details]:
        """Return what is to be weighed of passages; those that are no longer there are left out."""
        return self.recents.details.of(self.state, passages, partial(read_details, self.catalogue, self.words))

    def articles(self, numbers: Sequence[int]) -> dict[int, Article]:
        """Return articles."""
        return self.recents.articles.of(self.state, numbers, self.catalogue.articles)

    def copies(self, numbers: Sequence[int]) -> dict[int, list[Article]]:
        """Return the other tellings of each one's story, the first published first, undated ones last."""
        return self.recents.copies.of(self.state, numbers, self.catalogue.copies)
