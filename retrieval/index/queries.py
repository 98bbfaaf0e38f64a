"""The catalogue's longer queries, what they are given, and what their rows stand for."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from retrieval.text.days import EVERY_DAY, days_of, month_and_year
from retrieval.values import Filters

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
# what an article is called by the index of names and by its own row, from both ends: one of them may be damaged
NAMES = (
    "SELECT number, CAST(id AS BLOB) FROM articles INDEXED BY sqlite_autoindex_articles_1 ORDER BY id",
    "SELECT number, CAST(id AS BLOB) FROM articles INDEXED BY sqlite_autoindex_articles_1 ORDER BY id DESC",
    "SELECT number, CAST(id AS BLOB) FROM articles NOT INDEXED ORDER BY number",
    "SELECT number, CAST(id AS BLOB) FROM articles NOT INDEXED ORDER BY number DESC",
)
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


def allowed(filters: Filters) -> str:
    """Return the query for the passages of the articles that satisfy `filters`, as ranges."""
    dated = bool(filters.since or filters.until)
    return _SOURCE_DATED if filters.source and dated else _SOURCE if filters.source else _DATED if dated else _ALL


def limits(filters: Filters) -> dict[str, int | str | None]:
    """Return what queries are given of `filters`: days as ordinals, of a range without an end the widest."""
    since, until = days_of(filters) or (EVERY_DAY[0], EVERY_DAY[-1])
    (month, _), (year, _) = month_and_year(since)
    return {"since": since, "month": month, "year": year, "until": until, "source": filters.source}


def passages_of(ranges: Sequence[tuple[int, int]]) -> NDArray[np.int64]:
    """Return the passages, ascending, of articles whose first and last passages are given."""
    bounds = np.array(ranges, np.int64).reshape(-1, 2)
    bounds = bounds[np.argsort(bounds[:, 0])]
    lengths = bounds[:, 1] - bounds[:, 0] + 1
    starts = np.repeat(bounds[:, 0] - np.cumsum(lengths) + lengths, lengths)
    numbers: NDArray[np.int64] = starts + np.arange(len(starts), dtype=np.int64)
    return numbers
