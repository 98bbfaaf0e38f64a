"""Question → hits: encode, gather, rank, light the window that answers."""

import time
from collections.abc import Sequence

from retrieval.encoders import Encoder, Vectors
from retrieval.search import fusion
from retrieval.search.candidates import Candidate, Indexes, gather
from retrieval.search.question import Query
from retrieval.text.words import query_words
from retrieval.values import Hit


class Finder:
    """Finds passages with one encoder; the indexes come with each call, since they change."""

    def __init__(self, encoder: Encoder) -> None:
        """Take the encoder, calibrated as the archive's windows were."""
        self._encoder = encoder

    def vector(self, query: Query) -> Vectors:
        """Return the query's vector of shape (dim,)."""
        vector: Vectors = self._encoder.encode_queries([query.text])[0]
        return vector

    def find(self, indexes: Indexes, query: Query, vector: Vectors, k: int) -> tuple[list[Hit], dict[str, float]]:
        """Return the `k` best hits, best first, and how long each part took in milliseconds."""
        started = time.perf_counter()
        terms = indexes.words.terms(query_words(query.text))
        best = fusion.ranked(gather(indexes, vector, terms, query.filters))[:k]
        found = time.perf_counter()
        hits = _hits(indexes, best)
        return hits, {"search": 1e3 * (found - started), "read": 1e3 * (time.perf_counter() - found)}


def _hits(indexes: Indexes, best: Sequence[Candidate]) -> list[Hit]:
    numbers = [candidate.passage for candidate in best]
    places = indexes.catalogue.places(numbers)
    articles = indexes.catalogue.articles([place.article for place in places.values()])
    hits: list[Hit] = []
    for candidate in best:
        place = places[candidate.passage]
        article = articles[place.article]
        start, stop = place.span
        lit = candidate.windows[0]
        hits.append(
            Hit(
                rank=len(hits) + 1,
                score=fusion.score(candidate),
                text=article.text[start:stop],
                highlight=(lit[0] - start, lit[1] - start),
                span=place.span,
                article=article,
                explanation=fusion.shares(candidate),
            )
        )
    return hits
