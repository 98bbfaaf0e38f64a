"""Articles and passages in a cluster, as one question sees them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.encoders import Vectors
from retrieval.index.milvus.census import Census
from retrieval.index.milvus.cluster import Cluster, Row
from retrieval.index.milvus.rows import ARTICLE_FIELDS, PASSAGE_FIELDS, read_stored
from retrieval.index.milvus.schema import ARTICLES, PASSAGES, WINDOWS
from retrieval.index.protocols import ArchiveChangedError
from retrieval.index.rows import Place
from retrieval.values import Article, Span

_MOST_TOLD = 20  # copies of one story that are named beside a hit
_HEAD_FIELDS = ("number", "revision", "story", "first_day", "last_day")


@dataclass(frozen=True, slots=True)
class _Head:
    revision: int
    story: int
    days: tuple[int, int] | None


class MilvusArticles:
    """What one question reads. Each article is of one revision from its first sight to the last."""

    def __init__(self, cluster: Cluster, census: Census) -> None:
        self._cluster, self._census = cluster, census
        self._heads: dict[int, _Head] = {}
        self._articles: dict[int, Article] = {}

    def articles(self, numbers: Sequence[int]) -> dict[int, Article]:
        """Return articles by their numbers.

        Raises:
            ArchiveChangedError: one was replaced or removed since the search found it.
            ArchiveDamagedError: one is not as it was written.
        """
        missing = [number for number in dict.fromkeys(numbers) if number not in self._articles]
        rows = {row["number"]: row for row in self._cluster.among(ARTICLES, "number", missing, ARTICLE_FIELDS)}
        for number in missing:
            seen, row = self._heads.get(number), rows.get(number)
            if row is None or (seen and seen.revision != row["revision"]):
                raise ArchiveChangedError(f"article {number} was replaced during the search. Ask again.")
            self._articles[number] = read_stored(row).article
        return {number: self._articles[number] for number in numbers}

    def copies(self, numbers: Sequence[int]) -> dict[int, list[Article]]:
        """Return the other tellings of each one's story, the first published first, undated ones last."""
        heads = self._known(numbers)
        told: dict[int, list[Row]] = {head.story: [] for head in heads.values()}
        for row in self._cluster.among(ARTICLES, "story", list(told), ("number", "story", "published", "id")):
            told[row["story"]].append(row)
        first = {
            number: sorted((row for row in told[head.story] if row["number"] != number), key=_by_date)[:_MOST_TOLD]
            for number, head in heads.items()
        }
        found = self.articles([row["number"] for rows in first.values() for row in rows])
        return {number: [found[row["number"]] for row in rows] for number, rows in first.items()}

    def places(self, passages: Sequence[int]) -> dict[int, Place]:
        """Return where each passage stands, by its number; those of revisions that are no more are left out."""
        rows = sorted(self._cluster.among(PASSAGES, "number", passages, PASSAGE_FIELDS), key=lambda row: row["number"])
        heads = self._known({row["article"] for row in rows})
        return {
            row["number"]: Place(row["article"], (row["start"], row["stop"]), head.story, head.days)
            for row in rows
            if (head := heads.get(row["article"])) and head.revision == row["revision"]
        }

    def windows(self, passages: Sequence[int]) -> dict[int, tuple[list[Span], Vectors]]:
        """Return each passage's windows: their spans in the article, and float32 vectors of shape (n, dim)."""
        found: dict[int, list[Row]] = {number: [] for number in passages}
        for row in self._cluster.among(WINDOWS, "passage", passages, ("passage", "start", "stop", "vector")):
            found[row["passage"]].append(row)
        return {number: _windows(rows) for number, rows in found.items()}

    def counts(self) -> dict[str, int]:
        """Return how many articles, passages and windows there are."""
        return self._census.counts()

    def dates(self) -> tuple[str | None, str | None, int]:
        """Return the first and the last published date, and how many articles have none."""
        return self._census.dates()

    def _known(self, numbers: Iterable[int]) -> dict[int, _Head]:
        """Return what is known of articles; the first sight of each is kept."""
        wanted = list(numbers)
        missing = [number for number in wanted if number not in self._heads]
        for row in self._cluster.among(ARTICLES, "number", missing, _HEAD_FIELDS):
            days = (row["first_day"], row["last_day"]) if row["first_day"] else None
            self._heads[row["number"]] = _Head(row["revision"], row["story"], days)
        return {number: self._heads[number] for number in wanted if number in self._heads}


def _windows(rows: Sequence[Row]) -> tuple[list[Span], Vectors]:
    ordered = sorted(rows, key=lambda row: (row["start"], row["stop"]))
    vectors = np.array([row["vector"] for row in ordered], np.float32)
    return [(row["start"], row["stop"]) for row in ordered], vectors


def _by_date(row: Row) -> tuple[bool, str, str]:
    return not row["published"], row["published"], row["id"]
