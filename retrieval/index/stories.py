"""Which articles tell one story: copies and reprints of each other, found by shared band keys."""

import json
from collections.abc import Sequence

from retrieval.articles.duplicates import SHARED_BANDS, is_copy
from retrieval.index.connection import Connection

# A story's copies share most of their bands, a chance neighbour one or two: the 20 that share most hold the story.
_CANDIDATES = """
SELECT article FROM bands WHERE key IN (SELECT value FROM json_each(?))
GROUP BY article HAVING count(*) >= ? ORDER BY count(*) DESC, article LIMIT 20
"""


def story_of(connection: Connection, text: str, bands: Sequence[int]) -> int | None:
    """Return the story that an article's text tells, or None if no article of the archive told it before."""
    for (number,) in connection.rows(_CANDIDATES, (json.dumps(list(bands)), SHARED_BANDS)):
        row = connection.one("SELECT story, text FROM articles WHERE number = ?", (number,))
        if row and isinstance(row[1], str) and is_copy(text, row[1]):  # else damaged, which verify finds
            return int(row[0])
    return None
