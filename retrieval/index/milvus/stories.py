"""Which articles tell one story, among those of a cluster and those that are about to be written there."""

from collections.abc import Sequence

from retrieval.articles.duplicates import SHARED_BANDS, is_copy
from retrieval.index.milvus.cluster import Cluster, Row
from retrieval.index.milvus.rows import ARTICLE_FIELDS, number_of, read_stored
from retrieval.index.milvus.schema import ARTICLES
from retrieval.index.rows import Entry

_COMPARED = 20
"""A story's copies share most of their bands, a chance neighbour one or two: those that share most hold the story."""
_ASKED = 500
"""Articles that share any band, of which more are not asked for; those that share all are found among any number."""


def story_of(cluster: Cluster, entry: Entry, waiting: Sequence[tuple[Entry, Row]]) -> int | None:
    """Return the story that an entry tells, or None if no other article told it before.

    `waiting` are entries that the cluster does not have yet, with their rows of `articles`.
    """
    for other, row in waiting:
        if _shared(entry, row) >= SHARED_BANDS and is_copy(entry.article.text, other.article.text):
            return int(row["story"])
    for candidate in _candidates(cluster, entry):
        for row in cluster.among(ARTICLES, "number", [candidate], ARTICLE_FIELDS):
            if is_copy(entry.article.text, read_stored(row).article.text):
                return int(row["story"])
    return None


def _candidates(cluster: Cluster, entry: Entry) -> list[int]:
    if not entry.bands:
        return []
    asked = f"array_contains_any(bands, {sorted(set(entry.bands))})"
    rows = cluster.rows(ARTICLES, asked, ("number", "bands"), most=_ASKED)
    if len(rows) == _ASKED:
        same = f"array_contains_all(bands, {sorted(set(entry.bands))})"
        rows += cluster.rows(ARTICLES, same, ("number", "bands"), most=_COMPARED + 1)
    own = number_of(entry.article.id)
    shared = {row["number"]: _shared(entry, row) for row in rows if row["number"] != own}
    likely = [number for number, count in shared.items() if count >= SHARED_BANDS]
    return sorted(likely, key=lambda number: (-shared[number], number))[:_COMPARED]


def _shared(entry: Entry, row: Row) -> int:
    return len(set(entry.bands).intersection(row["bands"]))
