"""Gather the passages that may answer, with the evidence for each: from vectors and from words.

Archives whose windows were calibrated by an older version are asked as if by today's.
"""

import os
import sys
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from retrieval.encode.encoder import Calibration, QueryEmbedding, Vectors
from retrieval.search.terms import Abbreviation, Terms
from retrieval.search.translations import Translations
from retrieval.store.local.signatures import words_in_signatures
from retrieval.store.protocols import CONTEXT_WEIGHT, Articles, Details, Index, Place, Words
from retrieval.values import Article, Filters, Span

_T = TypeVar("_T")
_U = TypeVar("_U")


class _Pool:
    """Threads that wait for work; a process that was forked has threads of its own."""

    def __init__(self) -> None:
        self.renew()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self.renew)

    def renew(self) -> None:
        self.threads = ThreadPoolExecutor(thread_name_prefix="parallel")


_POOL = _Pool()
_SWITCH_S = 0.0005
"""After how long a thread that runs Python lets another one that waits: the encoder's, which has just computed. With
Python's own 5 ms it waited for all that the words still had to do, 6 % of a warm question."""


def in_parallel(other: Callable[[], _T], own: Callable[[], _U], *, waits: bool = True) -> tuple[_T, _U]:
    """Do `other` in another thread and `own` in this one; return what came of both.

    At the end `other` is done, whatever happened to `own`: it may use what is closed then. Where `own` does not leave
    Python's lock for long (`waits`), a second thread costs more than it brings, and this one does both. From the first
    time on, the process's threads switch every half millisecond.
    """
    if not waits:
        return other(), own()
    sys.setswitchinterval(min(sys.getswitchinterval(), _SWITCH_S))
    future = _POOL.threads.submit(other)
    try:
        done = own()
    finally:
        wait([future])
    return future.result(), done


@dataclass(frozen=True, slots=True)
class Evidence:
    """By passage: its details, and the share of a question's words that stands in it, and in title and lead."""

    details: Mapping[int, Details]
    shares: Mapping[int, float]
    about: Mapping[int, float]

    @classmethod
    def of(cls, indexes: Index, terms: Terms, passages: Iterable[int]) -> "Evidence":
        """Read it; passages that are no longer there are left out."""
        details = indexes.details(sorted(passages))
        own, context = words_in_signatures([item.signatures for item in details.values()], terms.forms.parts)
        around = CONTEXT_WEIGHT * terms.forms.shares(own | context)
        shares = np.maximum(terms.forms.shares(own), around).sum(axis=1).tolist()
        about = terms.forms.shares(context).sum(axis=1).tolist()
        return cls(details, dict(zip(details, shares, strict=True)), dict(zip(details, about, strict=True)))

    def joined(self, other: "Evidence") -> "Evidence":
        """Return this and the other, of other passages."""
        return Evidence(
            {**self.details, **other.details}, {**self.shares, **other.shares}, {**self.about, **other.about}
        )


_DEPTH, _DEPTH_OF_SMALL, _SMALL = 40, 30, 10_000
"""Windows taken from the vectors, and passages from the words; in an archive of fewer passages than the last, fewer.

Of 2,380 first hits on XQuAD, Chinese and English over Chinese, 240 passages, none is another with 100, 50 or 30 of
each; 100 cost a third more than 50. In a large archive more of them report the same story.
"""


_BEST = 3
"""Windows whose mean stands for a passage: those of a longer one are as many again. success@1 of 595 questions each on
XQuAD-zh, English over it: all windows .965, .869, of the English ones over passages of four windows and more .857; the
three best .965, .871, .879; the two best .963, .869, .879."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage with its evidence.

    `similarities` are those of its `windows`, spans in the article, to the question; `words` is the share of the
    question's weight that stands in it: 0 to 1, words that the archive does not have included in the whole.
    `preference` is what its date adds, or takes, where the question names dates. `about` is the share of the question's
    weight that stands in title and lead of its article.
    """

    passage: int
    article: int
    span: Span
    windows: tuple[Span, ...]
    similarities: tuple[float, ...]
    words: float
    preference: float = 0.0
    about: float = 0.0

    @property
    def window(self) -> float:
        """Similarity of the best window."""
        return max(self.similarities)

    @property
    def whole(self) -> float:
        """Mean similarity of the three best windows: what else a long passage says does not count against it."""
        best = sorted(self.similarities, reverse=True)[:_BEST]
        return sum(best) / len(best)


@dataclass(frozen=True, slots=True)
class Search:
    """A question's vector of shape (dim,), its words, and what is known of the passages that either of them finds."""

    vector: Vectors
    terms: Terms
    evidence: Evidence


def search(
    indexes: Index,
    question: str,
    embedding: QueryEmbedding,
    translations: Translations,
    filters: Filters,
    *,
    depth: int | None = None,
    names: Sequence[Abbreviation] = (),
) -> Search:
    """Search by the vector of a question and by its words, both at the same time; `depth` of each are taken.

    One form of each of its `names` counts for the other.
    """
    depth = depth or _depth(indexes)

    def by_words() -> tuple[Terms, Evidence]:
        embedding.precompute()
        terms = Terms.of(question, indexes.words, translations, names)
        return terms, Evidence.of(indexes, terms, indexes.words.search(terms.searched, depth, filters))

    def by_vector() -> tuple[Vectors, set[int]]:
        vector = embedding.vector()
        return vector, set(indexes.nearest(vector, depth, filters))

    (terms, evidence), (vector, nearest) = in_parallel(by_words, by_vector, waits=not embedding.is_done)
    return Search(vector, terms, evidence.joined(Evidence.of(indexes, terms, nearest - evidence.details.keys())))


def _depth(indexes: Index) -> int:
    return _DEPTH_OF_SMALL if len(indexes.words) < _SMALL else _DEPTH


def gather(indexes: Index, found: Search, filters: Filters) -> tuple[list[Candidate], list[Place]]:
    """Return every passage that was found, with all evidence for each, and where they stand.

    Which undated passages lie in a date range is not known: they are looked for among what ranks high without it.
    """
    evidence = found.evidence
    if (filters.since or filters.until) and indexes.catalogue.dates()[2]:
        undated = _undated(indexes, found, Filters(source=filters.source)) - evidence.details.keys()
        evidence = evidence.joined(Evidence.of(indexes, found.terms, undated))
    return _candidates(evidence, found.vector), [item.place for item in evidence.details.values()]


def _undated(indexes: Index, found: Search, filters: Filters) -> set[int]:
    """Return the passages of undated articles among those that rank high within other filters."""
    depth = _depth(indexes)
    nearest = indexes.nearest(found.vector, depth, filters)
    passages = {*nearest, *indexes.words.search(found.terms.searched, depth, filters)}
    places = indexes.catalogue.places(sorted(passages))
    return {number for number, place in places.items() if place.days is None}


def _candidates(evidence: Evidence, vector: Vectors) -> list[Candidate]:
    vectors = [item.vectors for item in evidence.details.values()]
    similarities = (np.concatenate(vectors or [vector[None, :]]) @ vector).tolist()
    candidates, row = [], 0
    for number, item in evidence.details.items():
        own, row = tuple(similarities[row : row + len(item.windows)]), row + len(item.windows)
        if own:
            place, share, about = item.place, evidence.shares[number], evidence.about[number]
            candidates.append(Candidate(number, place.article, place.span, item.windows, own, share, about=about))
    return candidates


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
