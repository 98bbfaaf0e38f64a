"""Gather the passages that may answer, with the evidence for each: from vectors and from words."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.encoders import Vectors
from retrieval.index.catalogue import Catalogue
from retrieval.index.vectors import VectorIndex, best_of_each
from retrieval.index.words import Term, WordIndex
from retrieval.search.terms import total_weight
from retrieval.values import Filters

_DEPTH = 100
"""Windows and passages taken from each index; 200 changed no answer on XQuAD."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage with its evidence.

    `window` is the similarity of its best window to the question, `words` the share of the question's weight that its
    words carry: 0 without any, about 1 when all stand in it, 2.2 at most.
    """

    passage: int
    window: float
    words: float


@dataclass(frozen=True, slots=True)
class Indexes:
    """The three parts of an archive that a search asks."""

    catalogue: Catalogue
    vectors: VectorIndex
    words: WordIndex


def gather(indexes: Indexes, vector: Vectors, terms: Sequence[Term], filters: Filters) -> list[Candidate]:
    """Return every passage that the vectors or the words rank high, with both kinds of evidence for each.

    `vector` is the question's, of shape (dim,).
    """
    allowed = indexes.catalogue.allowed_passages(filters) if filters != Filters() else None
    similar = best_of_each(*indexes.vectors.search(vector, _DEPTH, allowed))
    matching = indexes.words.search(terms, _DEPTH, filters)
    similar.update(_similarities(indexes.catalogue, [number for number in matching if number not in similar], vector))
    unmatched = [number for number in similar if number not in matching]
    matching.update(indexes.words.search(terms, len(unmatched), within=unmatched) if unmatched else {})
    weight = total_weight(terms, len(indexes.words)) or 1.0
    return [Candidate(number, score, matching.get(number, 0.0) / weight) for number, score in similar.items()]


def _similarities(catalogue: Catalogue, passages: Sequence[int], vector: Vectors) -> dict[int, float]:
    found = catalogue.windows(passages)
    return {number: float(np.max(vectors @ vector)) for number, (_, vectors) in found.items() if len(vectors)}
