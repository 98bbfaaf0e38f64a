"""Reading the catalogue."""

import json
from collections import Counter
from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.encode.encoder import Vectors
from retrieval.errors import ArchiveDamagedError, command
from retrieval.store.catalogue.connection import CACHE_KB, LAST_SEQUENCE, WINDOWS_A_PASSAGE, Connection, json_list
from retrieval.store.catalogue.rows import (
    SEAL,
    manifest_seal,
    passages_of,
    read_article,
    read_bare_entry,
    read_entry,
    sealed_parts,
    unpacked,
)
from retrieval.store.protocols import MOST_ADDRESSED, Arrival, Entry, Place
from retrieval.text import Address, read_address
from retrieval.text.dates import EVERY_DAY, days_of, month_and_year
from retrieval.values import Article, Filters, Span

FORMAT = "SELECT value FROM manifest WHERE key = 'format'"
COUNTS = """
SELECT 'articles', count(*) FROM articles UNION ALL SELECT 'passages', count(*) FROM passages
UNION ALL SELECT 'windows', count(*) FROM windows
"""
COPIES = """
SELECT * FROM articles WHERE story = (SELECT story FROM articles WHERE number = ?1) AND number <> ?1
ORDER BY published IS NULL, published, id LIMIT ?2
"""
# out of an index: an article's own row has a page to itself
PLACES = """
SELECT p.number, p.article, p.start, p.stop, a.story, a.first_day, a.last_day
FROM passages p JOIN articles a INDEXED BY articles_places ON a.number = p.article
WHERE p.number IN (SELECT value FROM json_each(?)) AND p.number BETWEEN a.first_passage AND a.last_passage
"""
SPANS = "SELECT number, start, stop FROM passages WHERE number BETWEEN ?2 AND ?3 AND article = ?1 ORDER BY 1"
WINDOWS = "SELECT id, start, stop, text_hash, vector FROM windows WHERE id >= ? AND id < ? ORDER BY id"
WINDOWS_OF = """
SELECT w.id, w.start, w.stop, w.vector FROM json_each(?1) p
CROSS JOIN windows w ON w.id >= p.value * ?2 AND w.id < (p.value + 1) * ?2 ORDER BY w.id
"""
# out of the indexes alone: reading the articles' rows means reading their texts
DATES = """
SELECT (SELECT min(published) FROM articles WHERE first_day = (SELECT min(first_day) FROM articles)),
       (SELECT max(published) FROM articles WHERE first_day = (SELECT max(first_day) FROM articles)),
       (SELECT count(*) FROM articles INDEXED BY articles_days WHERE first_day IS NULL)
"""
SOURCES = """
SELECT s.source, s.articles,
       (SELECT min(published) FROM articles a WHERE a.source IS s.source AND a.first_day = s.first),
       (SELECT max(published) FROM articles a WHERE a.source IS s.source AND a.first_day = s.last)
FROM (SELECT source, count(*) articles, min(first_day) first, max(first_day) last
      FROM articles INDEXED BY articles_source GROUP BY source) s ORDER BY 2 DESC, 1
"""
# a day stands for its month; what spans more than one, as a year alone does, is in none
MONTHS = """
SELECT source, first_day, count(*) FROM articles INDEXED BY articles_source
WHERE first_day IS NOT NULL AND last_day - first_day < 31 GROUP BY source, first_day
"""
_ALL = "SELECT first_passage, last_passage FROM articles"
_SOURCE = "SELECT first_passage, last_passage FROM articles WHERE source = :source"
# what began before a range and reaches into it is of the month or the year in which the range begins
_DATED = """
SELECT first_passage, last_passage FROM articles INDEXED BY articles_days WHERE first_day BETWEEN :since AND :until
UNION ALL
SELECT first_passage, last_passage FROM articles INDEXED BY articles_days
WHERE first_day IN (:month, :year) AND first_day < :since AND last_day >= :since
"""
_SOURCE_DATED = """
SELECT first_passage, last_passage FROM articles INDEXED BY articles_source
WHERE source = :source AND first_day BETWEEN :since AND :until
UNION ALL
SELECT first_passage, last_passage FROM articles INDEXED BY articles_source
WHERE source = :source AND first_day IN (:month, :year) AND first_day < :since AND last_day >= :since
"""
# an article of which only the year is known counts as of its first day
LATEST = """
SELECT * FROM articles INDEXED BY articles_days
WHERE first_day <= :until AND last_day >= :since AND (:source IS NULL OR source = :source)
ORDER BY first_day DESC, published DESC, id LIMIT :n
"""


ARRIVED = """
SELECT number, id, first_passage, last_passage FROM articles WHERE sequence > ? ORDER BY sequence DESC LIMIT ?
"""


def allowed(filters: Filters) -> str:
    """Return the query for the passages of the articles that satisfy `filters`, as ranges."""
    dated = bool(filters.since or filters.until)
    return _SOURCE_DATED if filters.source and dated else _SOURCE if filters.source else _DATED if dated else _ALL


def limits(filters: Filters) -> dict[str, int | str | None]:
    """Return what queries are given of `filters`: days as ordinals, of a range without an end the widest."""
    since, until = days_of(filters) or (EVERY_DAY[0], EVERY_DAY[-1])
    (month, _), (year, _) = month_and_year(since)
    return {"since": since, "month": month, "year": year, "until": until, "source": filters.source}


# the keys by which copies are found fall anywhere: with SQLite's own 2 MB every one of them waits for the disk
_WRITERS_CACHE_KB = 64_000
_MOST_COPIES = 20  # copies of one story that are named next to a hit


class CatalogueReader:
    """What can be read of an archive's catalogue; not to be shared between threads without a lock."""

    def __init__(self, path: Path, *, create: bool = False) -> None:
        """Open the catalogue at `path`.

        Raises:
            ArchiveMissingError: there is none and `create` is false.
            ArchiveError: the file cannot be opened or is not a catalogue.
        """
        self._connection = Connection(path, create=create, cache_kb=_WRITERS_CACHE_KB if create else CACHE_KB)

    @property
    def path(self) -> Path:
        """The file."""
        return self._connection.path

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def fold(self) -> None:
        """Bring what the log holds into the file itself, as far as readers let it."""
        self._connection.fold()

    def snapshot(self) -> AbstractContextManager[None]:
        """Read the catalogue as it is now, whatever a writer does meanwhile."""
        return self._connection.snapshot()

    def manifest(self) -> dict[str, str]:
        """Return what the archive was built with; nothing if nothing was indexed yet.

        Raises:
            ArchiveDamagedError: it is not as it was written, or missing though there are articles.
        """
        path = self._connection.path
        remedy = command("index --rebuild", path.parent)
        try:
            values = dict(self._connection.rows("SELECT key, value FROM manifest"))
        except ArchiveDamagedError as error:
            raise ArchiveDamagedError(
                "the manifest in {path} cannot be read ({reason}). Run: {remedy}",
                path=path,
                reason=error.__cause__,
                remedy=remedy,
            ) from error
        if values and values.pop(SEAL, None) != manifest_seal(values):
            raise ArchiveDamagedError(
                "the manifest in {path} is not as it was written. Run: {remedy}", path=path, remedy=remedy
            )
        if not values and self._connection.one("SELECT 1 FROM articles LIMIT 1"):
            raise ArchiveDamagedError("the manifest in {path} is missing. Run: {remedy}", path=path, remedy=remedy)
        return values

    def format(self) -> str | None:
        """Return what the manifest calls the format, also where the rest of it is not as it was written."""
        return next((str(row[0]) for row in self._connection.readable(FORMAT)), None)

    def archive(self) -> str | None:
        """Return what names this archive alone, not even one that a rebuild put in its place."""
        row = self._connection.one("SELECT value FROM manifest WHERE key = 'archive'")
        return row[0] if row else None

    def sequence(self) -> int:
        """Return the number of the last change."""
        return int(self._connection.one(LAST_SEQUENCE)[0])

    def extent(self) -> tuple[int, int]:
        """Return the number of the last change, and how many passages there are then."""
        sequence, passages = self._connection.one(f"SELECT ({LAST_SEQUENCE}), (SELECT count(*) FROM passages)")  # noqa: S608 our own query
        return int(sequence), int(passages)

    def arrived(self, sequence: int, most: int) -> list[Arrival]:
        """Return the articles written after a change, the last one first, at most so many."""
        rows = self._connection.rows(ARRIVED, (sequence, most))
        with self._connection.sealed():
            return [Arrival(int(number), text_of(name), range(first, last + 1)) for number, name, first, last in rows]

    # --- articles -----------------------------------------------------------------------------------------------

    def article(self, article_id: str) -> Article | None:
        """Return the article with this id.

        Raises:
            ArchiveDamagedError: it is not as it was written.
        """
        row = self._connection.one("SELECT * FROM articles WHERE id = ?", (article_id,))
        return self._article(row) if row else None

    def addressed(self, address: Address) -> list[Article]:
        """Return the first articles at an address.

        Raises:
            ArchiveDamagedError: one is not as it was written.
        """
        query = (
            "SELECT number, url FROM articles WHERE url IS NOT NULL AND NOT EXISTS "
            "(SELECT 1 FROM json_each(?) WHERE instr(lower(url), value) = 0) ORDER BY number"
        )
        rows = self._connection.rows(query, (json.dumps(address.parts),))
        there = [number for number, url in rows if read_address(url) == address][:MOST_ADDRESSED]
        whole = "SELECT * FROM articles WHERE number IN (SELECT value FROM json_each(?)) ORDER BY number"
        return [self._article(row) for row in self._connection.rows(whole, (json_list(there),))]

    def articles(self, numbers: Sequence[int]) -> dict[int, Article]:
        """Return articles that are there by their numbers.

        Raises:
            ArchiveDamagedError: one is not as it was written, or cannot be found.
        """
        query = "SELECT * FROM articles WHERE number IN (SELECT value FROM json_each(?))"
        found = {row[0]: self._article(row) for row in self._connection.rows(query, (json_list(numbers),))}
        if missing := set(numbers) - found.keys():
            with self._connection.sealed():
                raise ArchiveDamagedError(
                    "{missing} of {total} articles cannot be found",
                    missing=len(missing),
                    total=len(found) + len(missing),
                )
        return found

    def copies(self, numbers: Sequence[int]) -> dict[int, list[Article]]:
        """Return the other tellings of each one's story, the first published first, undated ones last.

        Raises:
            ArchiveDamagedError: one is not as it was written.
        """
        return {
            number: [self._article(row) for row in self._connection.rows(COPIES, (number, _MOST_COPIES))]
            for number in numbers
        }

    def copies_of(self, article_id: str) -> list[Article]:
        """Return the other tellings of an article's story, as `copies` does; none if there is no such article.

        Raises:
            ArchiveDamagedError: one is not as it was written.
        """
        numbers = [row[0] for row in self._connection.rows("SELECT number FROM articles WHERE id = ?", (article_id,))]
        return [article for copies in self.copies(numbers).values() for article in copies]

    def latest(self, n: int, filters: Filters) -> list[Article]:
        """Return the `n` newest articles that satisfy `filters`; undated ones are left out.

        Raises:
            ArchiveDamagedError: one is not as it was written.
        """
        rows = self._connection.rows(LATEST, {**limits(filters), "n": n})
        return [self._article(row) for row in rows]

    def entry(self, number: int) -> Entry | None:
        """Return an article as it was put, by its number.

        Raises:
            ArchiveDamagedError: it is not as it was written.
        """
        row = self._row(number)
        if row is None:
            return None
        spans = self._connection.rows(SPANS, (number, row[4], row[5]))
        bounds = (row[4] * WINDOWS_A_PASSAGE, (row[5] + 1) * WINDOWS_A_PASSAGE)
        windows = self._connection.rows(WINDOWS, bounds)
        keys = [key for (key,) in self._connection.rows("SELECT key FROM bands WHERE article = ?", (number,))]
        with self._connection.sealed():
            return read_entry(row, spans, windows, keys)

    def bare_entry(self, number: int) -> tuple[Entry, bytes] | None:
        """Return an article by its number without its passages, and the seal of those.

        Raises:
            ArchiveDamagedError: it is not as it was written.
        """
        row = self._row(number)
        return (read_bare_entry(row), sealed_parts(row)) if row else None

    def _row(self, number: int) -> Any:
        """Return the row of an article that is as it was written."""
        row = self._connection.one("SELECT * FROM articles WHERE number = ?", (number,))
        if row is not None:
            self._article(row)
        return row

    def _article(self, row: Sequence[Any]) -> Article:
        with self._connection.sealed():
            return read_article(row)

    # --- passages and windows -----------------------------------------------------------------------------------

    def places(self, passages: Sequence[int]) -> dict[int, Place]:
        """Return where each passage stands, by its number."""
        rows = self._connection.rows(PLACES, (json_list(passages),))
        with self._connection.sealed():
            return {
                number: Place(int(article), (int(start), int(stop)), int(story), _days(first, last))
                for number, article, start, stop, story, first, last in rows
            }

    def windows(self, passages: Sequence[int]) -> dict[int, tuple[list[Span], Vectors]]:
        """Return each passage's windows: their spans in the article, and float32 vectors of shape (n, dim).

        Raises:
            ArchiveDamagedError: a passage has none, or they are not as they were written.
        """
        rows = self._connection.rows(WINDOWS_OF, (json_list(passages), WINDOWS_A_PASSAGE))
        with self._connection.sealed():
            vectors = unpacked([row[3] for row in rows])
        places: dict[int, list[int]] = {number: [] for number in passages}
        for place, (window, *_) in enumerate(rows):
            places[window // WINDOWS_A_PASSAGE].append(place)
        with self._connection.sealed():
            if empty := sum(not own for own in places.values()):
                raise ArchiveDamagedError("{empty} passages have no windows", empty=empty)
            return {
                number: ([_span(rows[place]) for place in own], vectors[own[0] : own[-1] + 1])
                for number, own in places.items()
            }

    def allowed_passages(self, filters: Filters) -> NDArray[np.int64]:
        """Return the sorted numbers of the passages that satisfy `filters`; undated articles satisfy no date range."""
        rows = self._connection.rows(allowed(filters), limits(filters))
        with self._connection.sealed():
            return passages_of(rows)

    # --- the whole ----------------------------------------------------------------------------------------------

    def sources(self) -> list[tuple[str | None, int, str | None, str | None]]:
        """Return each source with its number of articles and its first and last published date."""
        rows = self._connection.rows(SOURCES)
        with self._connection.sealed():
            return [
                (_text_or_none(name), int(count), _text_or_none(first), _text_or_none(last))
                for name, count, first, last in rows
            ]

    def months(self) -> Counter[tuple[str | None, str]]:
        """Return how many articles each source has of each month (`2022-04`); without a month they count in none."""
        rows = self._connection.rows(MONTHS)
        with self._connection.sealed():
            found = Counter[tuple[str | None, str]]()
            for name, day, count in rows:
                found[_text_or_none(name), date.fromordinal(int(day)).isoformat()[:7]] += int(count)
            return found

    def counts(self) -> dict[str, int]:
        """Return how many articles, passages and windows there are."""
        return dict(self._connection.rows(COUNTS))

    def languages(self) -> dict[str, int]:
        """Return how many articles there are in each language."""
        query = "SELECT coalesce(language, 'und'), count(*) FROM articles GROUP BY 1 ORDER BY 2 DESC"
        return dict(self._connection.rows(query))

    def dates(self) -> tuple[str | None, str | None, int]:
        """Return the first and the last published date, and how many articles have none."""
        first, last, undated = self._connection.one(DATES)
        with self._connection.sealed():
            return _text_or_none(first), _text_or_none(last), int(undated)


def _days(first: Any, last: Any) -> tuple[int, int] | None:
    return None if first is None else (int(first), int(last))


def _span(window: Sequence[Any]) -> Span:
    return int(window[1]), int(window[2])


def text_of(value: Any) -> str:
    """Return what a column has.

    Raises:
        TypeError: it is no text.
    """
    if not isinstance(value, str):
        raise TypeError(f"{value!r} instead of text")
    return value


def _text_or_none(value: Any) -> str | None:
    return None if value is None else text_of(value)
