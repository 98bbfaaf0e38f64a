"""Writing to a cluster; checking what lies there, and taking out what is damaged."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import ArchiveDamagedError, ArchiveError, Fault, Message, Part
from retrieval.passages import uncovered
from retrieval.settings import Settings
from retrieval.store.milvus import Cluster, Row, chunks, within
from retrieval.store.milvus.articles import (
    add_outlets,
    no_archive,
    read_entries,
    read_manifest,
    read_outlets,
    write_manifest,
)
from retrieval.store.milvus.rows import (
    ARTICLE_FIELDS,
    ARTICLES,
    PASSAGES,
    WINDOWS,
    article_row,
    create_collections,
    load_collections,
    number_of,
    partition_of,
    passage_rows,
    read_stored,
    text_number,
    window_rows,
)
from retrieval.store.protocols import Entry, Known
from retrieval.store.stories import SHARED_BANDS, is_copy

_COMPARED = 20
"""A story's copies share most of their bands, a chance neighbour one or two: those that share most hold the story."""
_ASKED = 500
"""Articles that share any band, of which more are not asked for; those that share all are found among any number."""


def story_of(cluster: Cluster, entry: Entry, waiting: Sequence[tuple[Entry, Row]]) -> int | None:
    """Return the story that an entry reports, or None if no other article did before.

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


_ENTRIES_AT_ONCE = 100  # some hundred windows: a few megabytes in memory, and a few calls for all of them


class MilvusWriter:
    """Writes to the archive in a cluster."""

    def __init__(self, address: str, settings: Settings, *, create: bool = False) -> None:
        """Connect to the archive at `address`.

        Raises:
            ArchiveMissingError: nothing has been indexed there, and `create` is false.
            ArchiveError: the server does not answer.
        """
        self._cluster = Cluster(address, settings)
        self._vector_index = settings.milvus_vectors
        self._outlets: set[str] = set()
        self._partitions: set[tuple[str, str]] = set()
        try:
            self._begin(create=create)
        except BaseException:
            self._cluster.close()
            raise

    def _begin(self, *, create: bool) -> None:
        if self.manifest():
            self._outlets.update(read_outlets(self._cluster))
            load_collections(self._cluster)
        elif not create:
            raise no_archive(self._cluster)

    def close(self) -> None:
        """Close the connection."""
        self._cluster.close()

    def manifest(self) -> dict[str, str]:
        """Return what the archive was built with; nothing if nothing was indexed yet."""
        return read_manifest(self._cluster)

    def write_manifest(self, values: Mapping[str, str]) -> None:
        """Write what the archive is built with; the first time, this makes its collections."""
        if not self.manifest():
            create_collections(self._cluster, int(values["dim"]), self._vector_index)
            load_collections(self._cluster)
        write_manifest(self._cluster, values)

    def known(self, article_ids: Sequence[str]) -> dict[str, Known]:
        """Return by what the articles with these ids are recognised; those that are not there are left out."""
        numbers = [number_of(article_id) for article_id in article_ids]
        rows = self._cluster.among(ARTICLES, "number", numbers, ("id", "content", "origin"))
        return {row["id"]: Known(bytes.fromhex(row["content"]), row["origin"]) for row in rows}

    def known_vectors(self, hashes: Sequence[bytes]) -> dict[bytes, NDArray[np.float16]]:
        """Return the vectors of window texts that were embedded before."""
        digests = {text_number(digest): digest for digest in hashes}
        keys: dict[int, int] = {}
        for part in chunks(list(digests), 100):
            # a text may stand in very many windows: what is cut off here is embedded once more
            rows = self._cluster.rows(WINDOWS, within("text", part), ("number", "text"))
            keys.update((row["text"], row["number"]) for row in rows)
        found = self._cluster.among(WINDOWS, "number", list(keys.values()), ("text", "vector"))
        return {digests[row["text"]]: np.array(row["vector"], np.float16) for row in found}

    def origins(self) -> Iterator[tuple[str, str]]:
        """Yield each article's id and the file it was read from; articles may be removed meanwhile."""
        return ((row["id"], row["origin"]) for row in self._cluster.scan(ARTICLES, "", ("id", "origin")))

    def put_all(self, entries: Sequence[Entry]) -> None:
        """Write articles, each whole or not at all, in place of older ones with the same ids."""
        last_of_each = {entry.article.id: entry for entry in entries}
        for part in chunks(list(last_of_each.values()), _ENTRIES_AT_ONCE):
            self._put(part)

    def remove_all(self, article_ids: Sequence[str]) -> list[str]:
        """Remove articles, each whole or not at all; return the ids that were there."""
        numbers = {number_of(article_id): article_id for article_id in article_ids}
        there = {row["number"] for row in self._cluster.among(ARTICLES, "number", list(numbers), ("number",))}
        for collection, field in ((ARTICLES, "number"), (PASSAGES, "article"), (WINDOWS, "article")):
            if there:
                self._cluster.delete(collection, within(field, sorted(there)))
        return [article_id for number, article_id in numbers.items() if number in there]

    def _put(self, entries: Sequence[Entry]) -> None:
        """Write new revisions, then have the articles' rows name them, then remove the old revisions."""
        waiting: list[tuple[Entry, Row]] = []
        for entry in entries:
            waiting.append((entry, article_row(entry, story_of(self._cluster, entry, waiting))))
        old = self._old_revisions([row for _, row in waiting])
        self._put_parts(PASSAGES, [part for entry, row in waiting for part in passage_rows(entry, row)])
        self._put_parts(WINDOWS, [part for entry, row in waiting for part in window_rows(entry, row)])
        self._cluster.put(ARTICLES, [row for _, row in waiting])
        for number, revision in old.items():
            for collection in (PASSAGES, WINDOWS):
                self._cluster.delete(collection, f"article == {number} and revision == {revision}")
        new = {entry.article.source for entry in entries if entry.article.source} - self._outlets
        if new:
            add_outlets(self._cluster, sorted(new))
            self._outlets |= new

    def _put_parts(self, collection: str, rows: Sequence[Row]) -> None:
        """Write passages or windows into the partitions of their years."""
        parts: dict[str, list[Row]] = {}
        for row in rows:
            parts.setdefault(partition_of(row["first_day"]), []).append(row)
        for partition, inside in parts.items():
            if (collection, partition) not in self._partitions:
                self._cluster.partition(collection, partition)
                self._partitions.add((collection, partition))
            self._cluster.put(collection, inside, partition)

    def _old_revisions(self, rows: Sequence[Row]) -> dict[int, int]:
        """Return the revisions that articles have now, where they are about to get others.

        Raises:
            ArchiveError: two different ids have one number.
        """
        new = {row["number"]: row for row in rows}
        old = self._cluster.among(ARTICLES, "number", list(new), ("number", "revision", "id"))
        for row in old:
            if row["id"] != new[row["number"]]["id"]:
                raise ArchiveError(
                    "articles {first!r} and {second!r} have one number by chance. Give one of them another id.",
                    first=row["id"],
                    second=new[row["number"]]["id"],
                )
        return {row["number"]: row["revision"] for row in old if row["revision"] != new[row["number"]]["revision"]}


_PARTS = {PASSAGES: Part.WORDS, WINDOWS: Part.VECTORS}


def verify_cluster(address: str, settings: Settings) -> tuple[Fault, ...]:
    """Return everything that is wrong with the archive at `address`; what writers do meanwhile may look like a fault.

    Raises:
        ArchiveMissingError: nothing has been indexed there.
    """
    cluster = Cluster(address, settings)
    try:
        return tuple(_cluster_faults(cluster))
    finally:
        cluster.close()


def repair_cluster(address: str, settings: Settings, found: Sequence[Fault]) -> list[str]:
    """Take out articles that are damaged, to be indexed again, and rows that belong to none; return those ids.

    No writer may be at work: what it has put before its article's row belongs to none yet.
    """
    cluster = Cluster(address, settings)
    try:
        damaged = {fault.number: fault.article or "" for fault in found if fault.number is not None}
        for number in damaged:
            cluster.delete(ARTICLES, within("number", [number]))
        for collection in _PARTS:
            for article, revision in _strays(cluster, collection):
                cluster.delete(collection, f"article == {article} and revision == {revision}")
        return sorted(damaged.values())
    finally:
        cluster.close()


def _cluster_faults(cluster: Cluster) -> Iterator[Fault]:
    try:
        manifest = read_manifest(cluster)
    except ArchiveDamagedError as error:
        yield Fault(Part.MANIFEST, error.message)
        return
    if not manifest:
        raise no_archive(cluster)
    load_collections(cluster)
    for read in read_entries(cluster):
        if read.fault:
            yield Fault(Part.ARTICLE, read.fault, read.id, read.number)
        elif read.entry and uncovered(read.entry.article.text, read.entry.passages).strip():
            yield Fault(Part.ARTICLE, "its passages do not cover its text", read.id, read.number)
    for collection, part in _PARTS.items():
        strays = _strays(cluster, collection)
        if strays:
            yield Fault(
                part,
                Message(
                    "{collection} of {count} revisions belong to no article: a killed run left what no answer shows",
                    collection=collection,
                    count=len(strays),
                ),
            )


def _strays(cluster: Cluster, collection: str) -> set[tuple[int, int]]:
    """Return the articles and revisions of rows that no article's row names."""
    named = {row["number"]: row["revision"] for row in cluster.scan(ARTICLES, "", ("number", "revision"))}
    rows = cluster.scan(collection, "", ("article", "revision"))
    return {(row["article"], row["revision"]) for row in rows if named.get(row["article"]) != row["revision"]}
