"""Entries read back from a cluster, whole: to copy them, and to see that they are as they were written."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.errors import ArchiveDamagedError
from retrieval.index.milvus.cluster import Cluster, Row, within
from retrieval.index.milvus.rows import (
    ARTICLE_FIELDS,
    PASSAGE_FIELDS,
    WINDOW_FIELDS,
    passage_number,
    read_stored,
    window_number,
    window_seal,
)
from retrieval.index.milvus.schema import ARTICLES, PASSAGES, WINDOWS
from retrieval.index.rows import Entry, text_digest
from retrieval.values import Span

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
