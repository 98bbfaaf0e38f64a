"""An archive in a cluster, to ask and read.

A search looks at a part of a collection: a condition on its rows, and the partitions that can hold them.
"""

import logging
import math
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from retrieval.encode.encoder import Vectors
from retrieval.errors import ArchiveError
from retrieval.settings import Settings
from retrieval.store.milvus import Cluster
from retrieval.store.milvus.articles import (
    Census,
    MilvusArticles,
    SourceRow,
    no_archive,
    read_entries,
    read_manifest,
    read_outlets,
)
from retrieval.store.milvus.rows import (
    ARTICLE_FIELDS,
    ARTICLES,
    PASSAGES,
    WINDOWS,
    address_number,
    condition,
    load_collections,
    number_of,
    outlet_number,
    partitions_within,
    read_stored,
    word_number,
)
from retrieval.store.protocols import MOST_ADDRESSED, NO_WRITING, Arrival, Details, Entry, Index, Term, read_details
from retrieval.text import Address, read_address
from retrieval.text.dates import days_of
from retrieval.values import Article, Filters


@dataclass(frozen=True, slots=True)
class SearchScope:
    """A condition, and partitions where not all of them are to be searched."""

    condition: str = ""
    partitions: tuple[str, ...] | None = None

    @classmethod
    def of(cls, cluster: Cluster, collection: str, filters: Filters) -> "SearchScope":
        """Return what satisfies `filters`; undated articles satisfy no date range."""
        days = days_of(filters)
        narrowed = condition(filters, days, outlet_number(filters.source))
        if days is None:
            return cls(narrowed)
        return cls(narrowed, tuple(partitions_within(cluster.call("list_partitions", collection), *days)))

    @property
    def is_empty(self) -> bool:
        """Whether nothing can be found there."""
        return self.partitions == ()

    def asked(self) -> dict[str, Any]:
        """Return what a search is asked with."""
        return {"filter": self.condition, "partition_names": list(self.partitions) if self.partitions else None}


_COUNTS_KEPT_S = 60.0
"""How long a word's frequency is believed: it weighs by its logarithm, and archives do not double in a minute."""

_AT_ONCE = 8


class Frequencies:
    """In how many passages each word stands: counted by the server, kept for a while. Safe to use from several threads.

    Counted, not kept by the writers: so it is right however many of them there are and however they end.
    """

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._lock = threading.Lock()
        self._kept: dict[str, tuple[float, int]] = {}
        self._pool = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="frequencies")

    def close(self) -> None:
        """End the threads that count."""
        self._pool.shutdown()

    def passages(self) -> int:
        """Return the number of passages."""
        return self._counted([""])[""]

    def of(self, words: Iterable[str]) -> dict[str, int]:
        """Return in how many passages each of the words stands."""
        return self._counted(list(words))

    def _counted(self, words: Sequence[str]) -> dict[str, int]:
        now = time.monotonic()
        with self._lock:
            kept = {word: self._kept[word] for word in words if word in self._kept}
        known = {word: count for word, (since, count) in kept.items() if now - since < _COUNTS_KEPT_S}
        missing = [word for word in words if word not in known]
        counted = dict(zip(missing, self._pool.map(self._count, missing), strict=True))
        with self._lock:
            self._kept = {word: item for word, item in self._kept.items() if now - item[0] < _COUNTS_KEPT_S}
            # a word that the archive does not have may come with the next article
            self._kept.update({word: (now, count) for word, count in counted.items() if count})
        return known | counted

    def _count(self, word: str) -> int:
        """Count the passages with a word; with the empty one, all of them."""
        return self._cluster.count(PASSAGES, f"array_contains(terms, {word_number(word)})" if word else "")


class MilvusWords:
    """The words of an archive's passages."""

    def __init__(self, cluster: Cluster, frequencies: Frequencies) -> None:
        self._cluster, self._frequencies = cluster, frequencies

    def __len__(self) -> int:
        """Return the number of passages."""
        return self._frequencies.passages()

    def terms(self, question_words: Sequence[str]) -> list[Term]:
        """Return the different words of a question with the number of passages each stands in."""
        wanted = list(dict.fromkeys(question_words))
        counts = self._frequencies.of([*wanted, NO_WRITING])
        apart = [word for word in wanted if not counts[word]] if counts[NO_WRITING] else []
        apart_counts = self._frequencies.of([NO_WRITING + word for word in apart])
        elsewhere = {word: apart_counts.get(NO_WRITING + word, 0) for word in wanted}
        return [
            Term(word, counts[word] or elsewhere[word], is_written=counts[word] > 0 or not elsewhere[word])
            for word in wanted
        ]

    def search(self, terms: Sequence[Term], k: int, filters: Filters | None = None) -> dict[int, float]:
        """Return the `k` passages in which the rarest words of a question stand, with their weights, best first."""
        passages = len(self)
        weights = {term.word: _rarity(term, passages) for term in terms if term.passages}
        scope = SearchScope.of(self._cluster, PASSAGES, filters or Filters())
        return self._weighed(weights, k, scope) if weights else {}

    def signatures(self, passages: Sequence[int]) -> dict[int, tuple[str, str]]:
        """Return the signature of each passage, and that of its article's title and lead; unknown ones are left out."""
        rows = self._cluster.among(PASSAGES, "number", passages, ("number", "inside", "about"))
        return {row["number"]: ("".join(row["inside"]), "".join(row["about"])) for row in rows}

    def _weighed(self, weights: Mapping[str, float], k: int, scope: SearchScope) -> dict[int, float]:
        if scope.is_empty:
            return {}
        vector: dict[int, float] = {}
        for word, weight in weights.items():
            vector[word_number(word)] = vector.get(word_number(word), 0.0) + weight
        hits = self._cluster.search(PASSAGES, "words", vector, k, **scope.asked())
        found = sorted(((hit["number"], hit["distance"]) for hit in hits), key=lambda item: (-item[1], item[0]))
        return {int(number): float(score) for number, score in found}


def _rarity(term: Term, passages: int) -> float:
    """Weigh a word by its rarity. Source: Robertson & Zaragoza, "The Probabilistic Relevance Framework" (2009)."""
    rarer = max(passages - term.passages, 0)
    return math.log(1 + (rarer + 0.5) / (term.passages + 0.5))


_log = logging.getLogger(__name__)
_FACTS_KEPT_S = 5.0
"""How long the manifest and the outlets' names are believed: a reader sees what is new within five seconds."""


@dataclass(frozen=True, slots=True)
class MilvusIndex:
    """What one question asks; whether a cluster has changed cannot be known at once."""

    cluster: Cluster
    catalogue: MilvusArticles
    words: MilvusWords
    names: Sequence[str]
    state: None = None

    def nearest(self, vector: Vectors, k: int, filters: Filters) -> dict[int, float]:
        """Return the passages of the `k` windows most similar to `vector` of shape (dim,), best first, with scores."""
        scope = SearchScope.of(self.cluster, WINDOWS, filters)
        if scope.is_empty:
            return {}
        asked = {**scope.asked(), "output_fields": ["passage"]}
        best: dict[int, float] = {}
        for hit in self.cluster.search(WINDOWS, "vector", vector.astype(np.float32).tolist(), k, **asked):
            best.setdefault(int(hit["entity"]["passage"]), float(hit["distance"]))
        return best

    def details(self, passages: Sequence[int]) -> dict[int, Details]:
        """Return what is to be weighed of passages; those that are no longer there are left out."""
        return read_details(self.catalogue, self.words, passages)

    def articles(self, numbers: Sequence[int]) -> dict[int, Article]:
        """Return articles."""
        return self.catalogue.articles(numbers)

    def copies(self, numbers: Sequence[int]) -> dict[int, list[Article]]:
        """Return the other tellings of each one's story, the first published first, undated ones last."""
        return self.catalogue.copies(numbers)


class MilvusReader:
    """Reads the archive in a cluster. Safe to use from several threads."""

    def __init__(self, address: str, settings: Settings) -> None:
        """Connect to the archive at `address`.

        Raises:
            ArchiveMissingError: nothing has been indexed there.
            ArchiveError: the server does not answer.
            ArchiveMismatchError: it has another format.
        """
        self._cluster = Cluster(address, settings)
        self._lock = threading.Lock()
        self._facts: tuple[float, dict[str, str], list[str]] | None = None
        try:
            self.manifest()
            load_collections(self._cluster)
        except BaseException:
            self._cluster.close()
            raise
        self._census = Census(self._cluster)
        self._frequencies = Frequencies(self._cluster)

    def close(self) -> None:
        """Close the connection."""
        self._frequencies.close()
        self._cluster.close()

    def manifest(self) -> dict[str, str]:
        """Return what the archive was built with.

        Raises:
            ArchiveMissingError: nothing has been indexed yet.
            ArchiveMismatchError: it has another format.
        """
        return self._fresh_facts()[0]

    @contextmanager
    def snapshot(self) -> Iterator[Index]:
        """Read each article as it is when it is first seen, whatever writers do meanwhile."""
        words, articles = MilvusWords(self._cluster, self._frequencies), MilvusArticles(self._cluster, self._census)
        yield MilvusIndex(self._cluster, articles, words, self._fresh_facts()[1])

    def article(self, article_id: str) -> Article | None:
        """Return the article with this id, or None."""
        rows = self._cluster.among(ARTICLES, "number", [number_of(article_id)], ARTICLE_FIELDS)
        return read_stored(rows[0]).article if rows else None

    def addressed(self, address: Address) -> list[Article]:
        """Return the first articles at an address."""
        there = f"address == {address_number(address)}"
        rows = self._cluster.rows(ARTICLES, there, (*ARTICLE_FIELDS, "id"), most=MOST_ADDRESSED)
        found = [read_stored(row).article for row in sorted(rows, key=lambda row: row["id"])]
        return [article for article in found if read_address(article.url or "") == address]

    def copies(self, article_id: str) -> list[Article]:
        """Return the other tellings of an article's story, the first published first, undated ones last."""
        if self.article(article_id) is None:
            return []
        number = number_of(article_id)
        with self.snapshot() as index:
            return index.copies([number])[number]

    def moment(self) -> str:
        """Return what `arrived` would take.

        Raises:
            ArchiveError: always; a cluster keeps no order of changes.
        """
        raise ArchiveError("standing questions need an archive in a folder: a cluster keeps no order of changes")

    def arrived(self, moment: str) -> list[Arrival]:  # noqa: ARG002 the protocol's
        """Return nothing: see `moment`."""
        return []

    def latest(self, n: int, filters: Filters) -> list[Article]:
        """Return the `n` newest articles that satisfy `filters`; undated ones are left out."""
        numbers = self._census.latest(n, filters)
        rows = {row["number"]: row for row in self._cluster.among(ARTICLES, "number", numbers, ARTICLE_FIELDS)}
        return [read_stored(rows[number]).article for number in numbers if number in rows]

    def sources(self) -> list[SourceRow]:
        """Return each source with its number of articles and its first and last published date."""
        return self._census.sources()

    def months(self) -> Counter[tuple[str | None, str]]:
        """Return how many articles each source has of each month, reading all rows."""
        return self._census.months()

    def stats(self) -> dict[str, object]:
        """Return counts, languages and dates; a server does not say what it takes on disk."""
        first, last, undated = self._census.dates()
        return {
            **self._census.counts(),
            "sources": sum(row[0] is not None for row in self._census.sources()),
            "languages": self._census.languages(),
            "first": first,
            "last": last,
            "undated": undated,
        }

    def entries(self) -> Iterator[Entry]:
        """Yield the articles as they were put; those that are not as they were written are left out, and logged."""
        for read in read_entries(self._cluster):
            if read.entry:
                yield read.entry
            else:
                _log.warning("article %r at %s: %s", read.id, self._cluster.address, read.fault)

    def _fresh_facts(self) -> tuple[dict[str, str], list[str]]:
        with self._lock:
            if self._facts is None or time.monotonic() - self._facts[0] >= _FACTS_KEPT_S:
                manifest = read_manifest(self._cluster)
                if not manifest:
                    raise no_archive(self._cluster)
                self._facts = time.monotonic(), manifest, read_outlets(self._cluster)
            return self._facts[1:]
