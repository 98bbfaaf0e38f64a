"""Gather the passages that may answer, with the evidence for each: from vectors and from words."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np

from retrieval.encoders import Vectors
from retrieval.index.catalogue import Catalogue
from retrieval.index.protocols import Index
from retrieval.index.rows import Place
from retrieval.index.vector_view import VectorView, best_of_each
from retrieval.index.words import WordIndex
from retrieval.search.beside import beside
from retrieval.search.evidence import Evidence
from retrieval.search.terms import Terms
from retrieval.search.translations import Translations
from retrieval.values import Filters, Span

_DEPTH, _DEPTH_OF_SMALL, _SMALL = 40, 30, 10_000
"""Windows taken from the vectors, and passages from the words; in an archive of fewer passages than the last, fewer.

Of 2,380 first hits on XQuAD, Chinese and English over Chinese, 240 passages, none is another with 100, 50 or 30 of
each; 100 cost a third more than 50. In a large archive more of them tell the same story.
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
    """A question's vector of shape (dim,), its words, and what is known of the passages that either of them finds."""

    vector: Vectors
    terms: Terms
    evidence: Evidence


def search(
    indexes: Index, question: str, embed: Callable[[], Vectors], translations: Translations, filters: Filters
) -> Search:
    """Search by the vector, which `embed` makes, and by words, both at the same time."""
    depth = _depth(indexes)

    def by_vector() -> tuple[Vectors, AbstractSet[int]]:
        vector = embed()
        return vector, set(indexes.nearest(vector, depth, filters))

    with beside(by_vector) as other:
        terms = Terms.of(question, indexes.words, translations)
        by_words = indexes.words.search(terms.searched, depth, filters)
        evidence = Evidence.of(indexes, terms, by_words)
        vector, nearest = other.result()
    return Search(vector, terms, evidence.joined(Evidence.of(indexes, terms, nearest - by_words.keys())))


def _depth(indexes: Index) -> int:
    return _DEPTH_OF_SMALL if len(indexes.words) < _SMALL else _DEPTH


def gather(indexes: Index, found: Search, filters: Filters) -> tuple[list[Candidate], Mapping[int, Place]]:
    """Return every passage that was found, with all evidence for each, and where each stands.

    Which undated passages lie in a date range is not known: they rank below all dated ones, and are looked for where
    these are few, among what ranks high without the range.
    """
    evidence = found.evidence
    if (filters.since or filters.until) and len(evidence.places) < _depth(indexes):
        undated = _undated(indexes, found, Filters(source=filters.source)) - evidence.places.keys()
        evidence = evidence.joined(Evidence.of(indexes, found.terms, undated))
    return _candidates(evidence, found.vector), evidence.places


def _undated(indexes: Index, found: Search, filters: Filters) -> set[int]:
    """Return the passages of undated articles among those that rank high within other filters."""
    depth = _depth(indexes)
    nearest = indexes.nearest(found.vector, depth, filters)
    passages = {*nearest, *indexes.words.search(found.terms.searched, depth, filters)}
    places = indexes.catalogue.places(sorted(passages))
    return {number for number, place in places.items() if place.days is None}


def _candidates(evidence: Evidence, vector: Vectors) -> list[Candidate]:
    vectors = [vectors for _, vectors in evidence.windows.values()]
    similarities = np.concatenate(vectors or [vector[None, :]]) @ vector
    candidates, row = [], 0
    for number, (spans, _) in evidence.windows.items():
        own, row = tuple(similarities[row : row + len(spans)].tolist()), row + len(spans)
        if spans:
            place = evidence.places[number]
            candidates.append(Candidate(number, place.article, place.span, tuple(spans), own, evidence.shares[number]))
    return candidates
