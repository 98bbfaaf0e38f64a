"""Which articles tell one story: copies and reprints of each other, found by shared band keys."""

from collections import Counter
from collections.abc import Sequence

from retrieval.articles.duplicates import SHARED_BANDS, is_copy
from retrieval.index.connection import Connection

_COMPARED = 20
"""A story's copies share most of their bands, a chance neighbour one or two: those that share most hold the story."""
_COMMON = 100
"""Articles that have a band, the oldest first, of which more are not looked at: such a band, of a story with hundreds
of copies or of a phrase that an outlet prints each day, tells less than the others. Without a bound each of 6,000 equal
articles was compared with all before it."""
_OF_BAND = "SELECT article FROM bands WHERE key = ? ORDER BY article LIMIT ?"


def story_of(connection: Connection, text: str, bands: Sequence[int]) -> int | None:
    """Return the story that an article's text tells, or None if no article of the archive told it before."""
    for number in _candidates(connection, bands):
        row = connection.one("SELECT story, text FROM articles WHERE number = ?", (number,))
        if row and isinstance(row[1], str) and is_copy(text, row[1]):  # else damaged, which verify finds
            return int(row[0])
    return None


def _candidates(connection: Connection, bands: Sequence[int]) -> list[int]:
    """Return the articles that share most bands with one; of these, those come first that share the telling ones."""
    shared, telling = Counter[int](), Counter[int]()
    for key in dict.fromkeys(bands):
        articles = [number for (number,) in connection.rows(_OF_BAND, (key, _COMMON + 1))]
        shared.update(articles)
        if len(articles) <= _COMMON:
            telling.update(articles)
    likely = (number for number, count in shared.items() if count >= SHARED_BANDS)
    return sorted(likely, key=lambda number: (-telling[number], -shared[number], number))[:_COMPARED]
