"""An archive in a cluster, to ask and read."""

import logging
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from retrieval.encode.encoder import Vectors
from retrieval.errors import ArchiveError
from retrieval.settings import Settings
from retrieval.store.catalogue.rows import Details, Entry
from retrieval.store.milvus.articles import MilvusArticles, read_entries
from retrieval.store.milvus.cluster import Cluster
from retrieval.store.milvus.facts import Census, SourceRow, no_archive, read_manifest, read_outlets
from retrieval.store.milvus.rows import ARTICLE_FIELDS, number_of, read_stored
from retrieval.store.milvus.schema import ARTICLES, WINDOWS, load_collections
from retrieval.store.milvus.word_search import Frequencies, MilvusWords, SearchScope
from retrieval.store.protocols import Arrival, Index, read_details
from retrieval.values import Article, Filters

_log = logging.getLogger(__name__)
_KEPT_S = 5.0
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

    def addressed(self, parts: Sequence[str]) -> list[Article]:  # noqa: ARG002 what any archive is asked
        """Return none: a cluster keeps URLs packed with the text."""
        return []

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
        """Return counts, languages and dates; a server does not tell what it takes on disk."""
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
            if self._facts is None or time.monotonic() - self._facts[0] >= _KEPT_S:
                manifest = read_manifest(self._cluster)
                if not manifest:
                    raise no_archive(self._cluster)
                self._facts = time.monotonic(), manifest, read_outlets(self._cluster)
            return self._facts[1:]
