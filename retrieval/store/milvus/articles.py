"""Articles and passages in a cluster, as one question sees them; its manifest, the outlets' names and the counts."""

import json
import threading
import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.encode.encoder import Vectors
from retrieval.errors import ArchiveDamagedError, ArchiveMismatchError, ArchiveMissingError
from retrieval.store.catalogue.connection import FORMAT as CATALOGUE_FORMAT
from retrieval.store.milvus import MOST_ROWS, Cluster, Row, within
from retrieval.store.milvus.rows import (
    ARTICLE_FIELDS,
    ARTICLES,
    FACTS,
    FORMAT,
    PASSAGE_FIELDS,
    PASSAGES,
    WINDOW_FIELDS,
    WINDOWS,
    condition,
    number_of,
    outlet_number,
    packed_text,
    passage_number,
    read_stored,
    unpacked_text,
    window_number,
    window_seal,
)
from retrieval.store.protocols import ArchiveChangedError, Entry, Place, text_digest
from retrieval.text.dates import EVERY_DAY, days_of
from retrieval.values import Article, Filters, Span

_MANIFEST, _OUTLET = 1, 2


def read_manifest(cluster: Cluster) -> dict[str, str]:
    """Return what the archive was built with; nothing if nothing was indexed yet.

    Raises:
        ArchiveDamagedError: it is not as it was written.
        ArchiveMismatchError: it has another format.
    """
    try:
        found = [json.loads(text) for text in _texts(cluster, _MANIFEST)] if cluster.has(FACTS) else []
    except ValueError as error:
        raise ArchiveDamagedError(
            "the manifest at {address} is not as it was written. Index the articles under another "
            "CHUCHU_MILVUS_PREFIX.",
            address=cluster.address,
        ) from error
    if not found:
        return {}
    values: dict[str, str] = found[0]
    if values.pop("milvus") != str(FORMAT):
        raise ArchiveMismatchError(
            "the archive at {address} has another format than this chuchu reads. Index the articles "
            "under another CHUCHU_MILVUS_PREFIX.",
            address=cluster.address,
        )
    return {**values, "format": str(CATALOGUE_FORMAT)}  # of whatever format the catalogue was that it is a copy of


def write_manifest(cluster: Cluster, values: Mapping[str, str]) -> None:
    """Write what the archive is built with, as one row: two writers do not mix theirs."""
    _put(cluster, _MANIFEST, {"manifest": json.dumps({**values, "milvus": str(FORMAT)})})


def read_outlets(cluster: Cluster) -> list[str]:
    """Return the names of the outlets that the archive ever had an article of."""
    return sorted(_texts(cluster, _OUTLET))


def add_outlets(cluster: Cluster, names: Iterable[str]) -> None:
    """Remember names of outlets; those that are there already stay."""
    _put(cluster, _OUTLET, {name: name for name in names})


def no_archive(cluster: Cluster) -> ArchiveMissingError:
    """Return the error that says that nothing has been indexed."""
    return ArchiveMissingError(
        "no archive at {address} ({names}). Make one with: chuchu index PATH --index {address}",
        address=cluster.address,
        names=cluster.name("*"),
    )


def _texts(cluster: Cluster, kind: int) -> list[str]:
    return [unpacked_text(row["value"]) for row in cluster.scan(FACTS, f"kind == {kind}", ("value",))]


def _put(cluster: Cluster, kind: int, texts: Mapping[str, str]) -> None:
    rows = [
        {"number": number_of(kind, key), "kind": kind, "value": packed_text(text), "nothing": [0.0, 0.0]}
        for key, text in texts.items()
    ]
    cluster.put(FACTS, rows)


_KEPT_S = 5.0
"""How long the dates are believed: a reader sees what is new within five seconds."""

Dates = tuple[str | None, str | None, int]
SourceRow = tuple[str | None, int, str | None, str | None]


class Census:
    """Counts, dates and the order of articles by date. Safe to use from several threads."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._lock = threading.Lock()
        self._dates: tuple[float, Dates] | None = None

    def counts(self) -> dict[str, int]:
        """Return how many articles, passages and windows there are."""
        return {name: self._cluster.count(name) for name in (ARTICLES, PASSAGES, WINDOWS)}

    def dates(self) -> Dates:
        """Return the first and the last published date, and how many articles have none."""
        with self._lock:
            if self._dates is None or time.monotonic() - self._dates[0] >= _KEPT_S:
                self._dates = time.monotonic(), self._read_dates()
            return self._dates[1]

    def latest(self, n: int, filters: Filters) -> list[int]:
        """Return the numbers of the `n` newest articles that satisfy `filters`; undated ones are left out."""
        since, until = days_of(filters) or (EVERY_DAY[0], EVERY_DAY[-1])
        asked = condition(filters, (since, until), outlet_number(filters.source))
        found: list[Row] = []
        end, width = min(until, self._last_day()), 1
        while len(found) < n and end >= max(since - 366, 1):  # what an ISO date can mean ends within 366 days
            days = f"first_day > {end - width} and first_day <= {end} and {asked}"
            rows = self._cluster.rows(ARTICLES, days, ("number", "first_day", "published", "id"))
            if len(rows) == MOST_ROWS and width > 1:
                width //= 2
                continue
            found += rows
            end, width = end - width, 2 * width
        found.sort(key=lambda row: row["id"])
        found.sort(key=lambda row: (row["first_day"], row["published"]), reverse=True)
        return [row["number"] for row in found[:n]]

    def sources(self) -> list[SourceRow]:
        """Return each source with its number of articles and its first and last published date, reading all rows."""
        dates: dict[str, list[str]] = {}
        counts: Counter[str] = Counter()
        for row in self._cluster.scan(ARTICLES, "", ("source", "published")):
            counts[row["source"]] += 1
            dates.setdefault(row["source"], []).extend([row["published"]] if row["published"] else [])
        found = [
            (name or None, count, min(dates[name], default=None), max(dates[name], default=None))
            for name, count in counts.items()
        ]
        return sorted(found, key=lambda row: (-row[1], row[0] or ""))

    def months(self) -> Counter[tuple[str | None, str]]:
        """Return how many articles each source has of each month, reading all rows."""
        rows = self._cluster.scan(ARTICLES, "", ("source", "published"))
        return Counter((row["source"] or None, row["published"][:7]) for row in rows if "-" in (row["published"] or ""))

    def languages(self) -> dict[str, int]:
        """Return how many articles there are in each language, reading all rows."""
        rows = self._cluster.scan(ARTICLES, "", ("language",))
        return dict(Counter(row["language"] or "und" for row in rows).most_common())

    def _read_dates(self) -> Dates:
        undated = self._cluster.count(ARTICLES, "first_day == 0")
        first = self._published(bisect_left(EVERY_DAY, x=True, key=lambda day: self._any(f"first_day <= {day}")) + 1)
        last = self._published(self._last_day())
        return min(first, default=None), max(last, default=None), undated

    def _last_day(self) -> int:
        """Return the last day on which an article was published: after it there is none."""
        return bisect_left(EVERY_DAY, x=True, key=lambda day: not self._any(f"first_day > {day}")) + 1

    def _any(self, asked: str) -> bool:
        return bool(self._cluster.rows(ARTICLES, f"first_day >= 1 and {asked}", ("number",), most=1))

    def _published(self, day: int) -> list[str]:
        rows = self._cluster.rows(ARTICLES, f"first_day == {day}", ("published",))
        return [row["published"] for row in rows]


_ARTICLES_AT_ONCE = 50  # some megabytes of text and vectors

_Revision = tuple[int, int]
_Rows = dict[int, Row]


@dataclass(frozen=True, slots=True)
class Read:
    """An article as it was read: its entry, or what is wrong with it, and how many passages and windows were met."""

    number: int
    id: str
    entry: Entry | None = None
    fault: str | None = None
    passages: int = 0
    windows: int = 0


def read_entries(cluster: Cluster) -> Iterator[Read]:
    """Read all articles with their passages and vectors, in the order of their numbers."""
    batch: list[Row] = []
    for row in cluster.scan(ARTICLES, "", (*ARTICLE_FIELDS, "id", "bands")):
        batch.append(row)
        if len(batch) == _ARTICLES_AT_ONCE:
            yield from _read(cluster, batch)
            batch = []
    yield from _read(cluster, batch)


def _read(cluster: Cluster, rows: Sequence[Row]) -> Iterator[Read]:
    numbers = [row["number"] for row in rows]
    passages, windows = _of(cluster, PASSAGES, numbers, PASSAGE_FIELDS), _of(cluster, WINDOWS, numbers, WINDOW_FIELDS)
    for row in rows:
        inside = [part.get((row["number"], row["revision"]), {}) for part in (passages, windows)]
        counts = len(inside[0]), len(inside[1])
        try:
            entry = _entry(row, *inside)
        except ArchiveDamagedError as error:
            yield Read(row["number"], row["id"], None, str(error), *counts)
        else:
            yield Read(row["number"], row["id"], entry, None, *counts)


def _of(cluster: Cluster, collection: str, articles: Sequence[int], fields: Sequence[str]) -> dict[_Revision, _Rows]:
    """Return the rows of articles' passages or windows, by their keys, for each article and revision."""
    found: dict[_Revision, _Rows] = {}
    for row in cluster.scan(collection, within("article", articles), fields) if articles else ():
        found.setdefault((row["article"], row["revision"]), {})[row["number"]] = row
    return found


def _entry(row: Row, passages: _Rows, windows: _Rows) -> Entry:
    """Put an entry together.

    Raises:
        ArchiveDamagedError: it is not as it was written; the message is a clause.
    """
    stored = read_stored(row)
    keys = [passage_number(row["number"], row["revision"], place) for place in range(len(stored.passages))]
    if [_span(passages.get(key)) for key in keys] != [passage.span for passage in stored.passages]:
        raise ArchiveDamagedError("passages are missing, or not as they were written")
    spans = {
        window_number(key, place): span
        for key, passage in zip(keys, stored.passages, strict=True)
        for place, span in enumerate(passage.windows)
    }
    if {key: _span(windows.get(key)) for key in spans} != spans:
        raise ArchiveDamagedError("windows are missing, or not as they were written")
    entry = Entry(
        stored.article,
        stored.passages,
        np.array([windows[key]["vector"] for key in spans], np.float16).reshape(len(spans), -1),
        [text_digest(stored.article.text[slice(*span)]) for span in spans.values()],
        stored.origin,
        stored.content,
        row["bands"],
    )
    seals = [window_seal(digest, vector) for digest, vector in zip(entry.hashes, entry.vectors, strict=True)]
    if seals != [windows[key]["seal"] for key in spans]:
        raise ArchiveDamagedError("its windows or vectors are not as they were written")
    return entry


def _span(row: Row | None) -> Span | None:
    return (row["start"], row["stop"]) if row else None


_MOST_COPIES = 20  # copies of one story that are named next to a hit
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
                raise ArchiveChangedError("article {number} was replaced during the search. Ask again.", number=number)
            self._articles[number] = read_stored(row).article
        return {number: self._articles[number] for number in numbers}

    def copies(self, numbers: Sequence[int]) -> dict[int, list[Article]]:
        """Return the other tellings of each one's story, the first published first, undated ones last."""
        heads = self._known(numbers)
        by_story: dict[int, list[Row]] = {head.story: [] for head in heads.values()}
        for row in self._cluster.among(ARTICLES, "story", list(by_story), ("number", "story", "published", "id")):
            by_story[row["story"]].append(row)
        first = {
            number: sorted((row for row in by_story[head.story] if row["number"] != number), key=_by_date)[
                :_MOST_COPIES
            ]
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
