"""Gather the passages that may answer, with the evidence for each: from vectors and from words."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.encoders import Vectors
from retrieval.index.catalogue import Catalogue
from retrieval.index.protocols import Articles, Index
from retrieval.index.rows import Place
from retrieval.index.vector_view import VectorView, best_of_each
from retrieval.index.words import WordIndex
from retrieval.search.beside import beside
from retrieval.search.terms import Terms
from retrieval.search.translations import Translations
from retrieval.values import Filters, Span

_DEPTH, _DEPTH_OF_SMALL, _SMALL = 50, 30, 10_000
"""Windows taken from the vectors, and passages from the words; in an archive of fewer passages than the last, fewer.

Of 2,380 first hits on XQuAD, Chinese and English over Chinese, 240 passages, none is another with 100, 50 or 30 of
each; 100 cost a third more than 50.
"""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage with its evidence.

    `similarities` are those of its `windows`, spans in the article, to the question; `words` is the share of the
    question's weight that stands in it: 0 to 1, words that the archive does not have included in the whole.
    `preference` is what its date adds, or takes, where the question tells of dates.
    """

    passage: int
    article: int
    span: Span
    windows: tuple[Span, ...]
    similarities: tuple[float, ...]
    words: float
    preference: float = 0.0

    @property
    def window(self) -> float:
        """Similarity of the best window."""
        return max(self.similarities)

    @property
    def whole(self) -> float:
        """Mean similarity of the windows."""
        return sum(self.similarities) / len(self.similarities)


@dataclass(frozen=True, slots=True)
class Indexes:
    """The three parts of an archive on this machine, at one moment; `state` is another after each change."""

    catalogue: Catalogue
    vectors: VectorView
    words: WordIndex
    state: Hashable
    names: Sequence[str]

    def nearest(self, vector: Vectors, k: int, filters: Filters) -> dict[int, float]:
        """Return the passages of the `k` windows most similar to `vector` of shape (dim,), best first, with scores."""
        allowed = self.catalogue.allowed_passages(filters) if filters != Filters() else None
        return best_of_each(*self.vectors.search(vector, k, self.catalogue.window_vectors, allowed))


@dataclass(frozen=True, slots=True)
class Search:
    """A question's vector of shape (dim,), its words, and the passages that either of them finds."""

    vector: Vectors
    terms: Terms
    passages: frozenset[int]


def search(
    indexes: Index, question: str, embed: Callable[[], Vectors], translations: Translations, filters: Filters
) -> Search:
    """Search by the vector, which `embed` makes, and by words, both at the same time."""
    depth = _depth(indexes)

    def by_vector() -> tuple[Vectors, Sequence[int]]:
        vector = embed()
        return vector, list(indexes.nearest(vector, depth, filters))

    with beside(by_vector) as other:
        terms = Terms.of(question, indexes.words, translations)
        by_words = indexes.words.search(terms.searched, depth, filters)
        vector, nearest = other.result()
    return Search(vector, terms, frozenset({*nearest, *by_words}))


def _depth(indexes: Index) -> int:
    return _DEPTH_OF_SMALL if len(indexes.words) < _SMALL else _DEPTH


def gather(indexes: Index, found: Search, filters: Filters) -> tuple[list[Candidate], Mapping[int, Place]]:
    """Return every passage that was found, with all evidence for each, and where each stands.

    Which undated passages lie in a date range is not known: they rank below all dated ones, and are looked for where
    these are few, among what ranks high without the range.
    """
    numbers = set(found.passages)
    if (filters.since or filters.until) and len(numbers) < _depth(indexes):
        numbers |= _undated(indexes, found, Filters(source=filters.source))
    places = indexes.catalogue.places(sorted(numbers))
    ordered = sorted(places)
    shares = found.terms.shares_of(indexes.words.standing(found.terms.words, ordered))
    evidence = dict(zip(ordered, shares.tolist(), strict=True))
    return _with_evidence(indexes.catalogue, places, found.vector, evidence), places


def _undated(indexes: Index, found: Search, filters: Filters) -> set[int]:
    """Return the passages of undated articles among those that rank high within other filters."""
    depth = _depth(indexes)
    nearest = indexes.nearest(found.vector, depth, filters)
    passages = {*nearest, *indexes.words.search(found.terms.searched, depth, filters)}
    places = indexes.catalogue.places(sorted(passages))
    return {number for number, place in places.items() if place.days is None}


def _with_evidence(
    catalogue: Articles, places: Mapping[int, Place], vector: Vectors, shares: Mapping[int, float]
) -> list[Candidate]:
    found = catalogue.windows(sorted(places))
    similarities = np.concatenate([vectors for _, vectors in found.values()] or [vector[None, :]]) @ vector
    candidates, row = [], 0
    for number, (spans, _) in found.items():
        own, row = tuple(similarities[row : row + len(spans)].tolist()), row + len(spans)
        if spans:
            place = places[number]
            candidates.append(Candidate(number, place.article, place.span, tuple(spans), own, shares[number]))
    return candidates
