"""Gather the passages that may answer, with the evidence for each: from vectors and from words."""

from collections.abc import Sequence
from dataclasses import dataclass

from retrieval.encoders import Vectors
from retrieval.index.catalogue import Catalogue
from retrieval.index.vectors import VectorIndex, best_of_each
from retrieval.index.words import Term, WordIndex
from retrieval.search.terms import weight
from retrieval.values import Filters, Span

_DEPTH = 100
"""Windows taken from the vectors, and passages from the words; 200 changed no answer on XQuAD."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage with its evidence.

    `window` is the similarity of its best window to the question, `whole` the mean over its windows, `words` the share
    of the question's weight that stands in it: 0 to 1, words that the archive does not have included in the whole.
    `windows` are spans in the article, best first.
    """

    passage: int
    window: float
    whole: float
    words: float
    windows: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Indexes:
    """The three parts of an archive that a search asks."""

    catalogue: Catalogue
    vectors: VectorIndex
    words: WordIndex


def gather(indexes: Indexes, vector: Vectors, terms: Sequence[Term], filters: Filters) -> list[Candidate]:
    """Return every passage that the vectors or the words rank high, with all evidence for each.

    `vector` is the question's, of shape (dim,).
    """
    allowed = indexes.catalogue.allowed_passages(filters) if filters != Filters() else None
    similar = best_of_each(*indexes.vectors.search(vector, _DEPTH, allowed))
    numbers = sorted({*similar, *indexes.words.search(terms, _DEPTH, filters)})
    words = _word_shares(indexes.words, terms, numbers)
    found = indexes.catalogue.windows(numbers)
    return [
        _candidate(number, vector, *found[number], words.get(number, 0.0)) for number in numbers if found[number][0]
    ]


def _candidate(number: int, vector: Vectors, spans: Sequence[Span], vectors: Vectors, words: float) -> Candidate:
    similarities = (vectors @ vector).tolist()
    order = sorted(range(len(spans)), key=lambda place: (-similarities[place], place))
    mean = sum(similarities) / len(similarities)
    return Candidate(number, similarities[order[0]], mean, words, tuple(spans[place] for place in order))


def _word_shares(index: WordIndex, terms: Sequence[Term], passages: Sequence[int]) -> dict[int, float]:
    """Return the share of the question's weight whose words stand in each passage, each word counted once."""
    weights = {term.word: weight(term, len(index)) for term in terms}
    total = sum(weights.values()) or 1.0
    return {number: found / total for number, found in index.coverage(weights, passages).items()}
