"""The catalogue: articles, passages, windows and their vectors in SQLite. It is the truth of an archive."""

import json
import stat
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.encode.encoder import Vectors
from retrieval.errors import ArchiveDamagedError, Fault
from retrieval.store.catalogue.checks import catalogue_faults
from retrieval.store.catalogue.connection import PAGE_BYTES, WINDOWS_A_PASSAGE, Connection, article_names, json_list
from retrieval.store.catalogue.queries import CatalogueReader, text_of
from retrieval.store.catalogue.rows import SEAL, Numbers, entry_rows, manifest_seal, passages_of, unpacked
from retrieval.store.protocols import Entry, Known
from retrieval.store.stories import SHARED_BANDS, is_copy
from retrieval.values import Article, Span

_EVER = (1 << 63) - 1
_ARTICLES_AT_ONCE = 200  # read in one go when changes are replayed, some megabytes of text or vectors
_PAGES_A_REMOVAL = 80  # written besides those of windows; 64 counted where an article had 16 keys of copies

WindowVectors = tuple[NDArray[np.int64], NDArray[np.float16]]
"""Ids of windows, ascending, and their vectors of shape (n, dim)."""

_COMPARED = 20
"""A story's copies share most of their bands, a chance neighbour one or two: those that share most hold the story."""
_COMMON = 100
"""Articles that have a band, the oldest first, of which more are not looked at: such a band, of a story with hundreds
of copies or of a phrase that an outlet prints each day, says less than the others. Without a bound each of 6,000 equal
articles was compared with all before it."""
_HAVING = """
WITH asked AS (
    SELECT k.value AS key,
        (SELECT article FROM bands WHERE key = k.value ORDER BY article LIMIT 1 OFFSET :common) AS beyond
    FROM json_each(:keys) AS k LIMIT -1
)
SELECT asked.key, bands.article FROM asked CROSS JOIN bands
ON bands.key = asked.key AND bands.article <= coalesce(asked.beyond, 9223372036854775807)
"""
"""The `LIMIT -1` has `beyond` looked for once a band, and not once a row."""
_MOST_COUNTED = 20_000
"""Articles that are counted at once: what is known of common bands is forgotten before it takes time to go through."""


class Stories:
    """Finds the stories of articles as they are written one after the other, by a writer that removes none else.

    Articles that are alike share their bands and their likely copies, which are read once: those that have a common
    band, the oldest first, stay the same while articles are added.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._stories: dict[int, tuple[int, str] | None] = {}
        self.forget()

    def forget(self) -> None:
        """Forget which articles have which bands: one was removed."""
        self._counted: list[int] = []
        self._places: dict[int, int] = {}
        self._common: dict[int, NDArray[np.intp]] = {}

    def of(self, text: str, bands: Sequence[int]) -> int | None:
        """Return the story that an article's text reports, or None if no article of the archive did before."""
        for article in self._likely(set(bands)):
            known = self._story_of(article)
            if known and is_copy(text, known[1]):
                return known[0]
        return None

    def _story_of(self, number: int) -> tuple[int, str] | None:
        """Return the story and the text of an article; of a damaged one, which verify finds, nothing."""
        if number not in self._stories:
            row = self._connection.one("SELECT story, text FROM articles WHERE number = ?", (number,))
            self._stories[number] = (int(row[0]), row[1]) if row and isinstance(row[1], str) else None
        return self._stories[number]

    def _likely(self, bands: set[int]) -> Sequence[int]:
        """Return the articles that share most bands with one, first those that share most of the distinctive ones."""
        if len(self._counted) > _MOST_COUNTED:
            self.forget()
        distinctive = self._having_distinctive(bands)
        common = [self._common[key] for key in bands if key in self._common]
        size = len(self._counted)
        shared = np.bincount(np.concatenate([distinctive, *common]), minlength=size)
        rare = np.bincount(distinctive, minlength=size)
        found = np.flatnonzero(shared >= SHARED_BANDS)
        numbers = np.array(self._counted, np.int64)[found]
        order = np.lexsort((numbers, -shared[found], -rare[found]))[:_COMPARED]
        likely: list[int] = numbers[order].tolist()
        return likely

    def _having_distinctive(self, bands: set[int]) -> NDArray[np.intp]:
        """Return the places of the articles that have distinctive bands, one a band; learn the common ones."""
        asked, having = [key for key in bands if key not in self._common], defaultdict[int, list[int]](list)
        if asked:
            for key, number in self._connection.rows(_HAVING, {"keys": json_list(asked), "common": _COMMON}):
                having[key].append(self._place(number))
        distinctive = list[int]()
        for key, places in having.items():
            if len(places) > _COMMON:
                self._common[key] = np.array(places, np.intp)
            else:
                distinctive += places
        return np.array(distinctive, np.intp)

    def _place(self, number: int) -> int:
        """Return where an article is counted."""
        place = self._places.setdefault(number, len(self._counted))
        if place == len(self._counted):
            self._counted.append(number)
        return place


class Catalogue(CatalogueReader):
    """An archive's catalogue to read and write; only the holder of the archive's lock may write."""

    def share(self, derived: Iterable[Path]) -> None:
        """Let those read what is derived from this catalogue who may read it itself, and nobody else.

        tantivy makes `meta.json` its writer's alone, whatever the catalogue is; other files go by the writer's umask.
        """
        allowed = stat.S_IMODE(self._connection.path.stat().st_mode) & 0o666 | 0o600
        for path in derived:
            with suppress(OSError):  # another user made it, who decides; or it was the writer's own for a moment
                mode = stat.S_IMODE(path.stat().st_mode)
                wanted = mode | allowed | (allowed & 0o444) >> 2 if path.is_dir() else allowed
                if mode != wanted:
                    path.chmod(wanted)

    def known(self, article_ids: Sequence[str]) -> dict[str, Known]:
        """Return by what the articles with these ids are recognised; those that are not there are left out."""
        query = "SELECT id, content, origin FROM articles WHERE id IN (SELECT value FROM json_each(?))"
        rows = self._connection.rows(query, (json.dumps(list(article_ids)),))
        return {article_id: Known(content, origin) for article_id, content, origin in rows}

    def origins(self) -> Iterator[tuple[str, str]]:
        """Yield each article's id and the file it was read from; articles may be removed meanwhile."""
        number = 0
        query = "SELECT number, id, origin FROM articles WHERE number > ? ORDER BY number LIMIT 1000"
        while rows := self._connection.rows(query, (number,)):
            with self._connection.sealed():
                read = [(text_of(row[1]), text_of(row[2])) for row in rows]
            yield from read
            number = rows[-1][0]

    def known_vectors(self, hashes: Sequence[bytes]) -> dict[bytes, NDArray[np.float16]]:
        """Return the vectors of window texts that were embedded before."""
        query = "SELECT vector FROM windows WHERE text_hash = ? LIMIT 1"
        found = {digest: self._connection.one(query, (digest,)) for digest in dict.fromkeys(hashes)}
        with self._connection.sealed():
            return {digest: unpacked([row[0]])[0].astype(np.float16) for digest, row in found.items() if row}

    def numbers(self) -> Iterable[int]:
        """Return the numbers of all articles, ascending, and some that are no article's any more."""
        try:
            greatest = self._connection.one("SELECT max(number) FROM articles")[0] or 0
            return range(1, max(greatest, self.last_number()) + 1)
        except ArchiveDamagedError:
            return list(self.names())

    def last_number(self) -> int:
        """Return the greatest number that an article ever got."""
        row = self._connection.one("SELECT seq FROM sqlite_sequence WHERE name = 'articles'")
        return int(row[0]) if row else 0

    def names(self) -> dict[int, str]:
        """Return the ids of all articles by their numbers, ascending, as far as the file still has them."""
        return article_names(self._connection)

    def write_manifest(self, values: Mapping[str, str]) -> None:
        """Write what the archive is built with."""
        with self._connection.transaction():
            rows = {**values, SEAL: manifest_seal(values)}
            self._connection.write_many("INSERT OR REPLACE INTO manifest VALUES (?, ?)", rows.items())

    def faults(self) -> Iterator[Fault]:
        """Yield what is wrong with the catalogue, reading all of it."""
        return catalogue_faults(self._connection)

    def take_out(self, number: int) -> None:
        """Remove the article with this number, whatever its row says."""
        with self._connection.transaction():
            rows = self._connection.rows("SELECT number FROM passages WHERE article = ?", (number,))
            for (passage,) in rows:
                self._connection.write("INSERT INTO removals VALUES (?, ?, ?)", (self.sequence() + 1, passage, passage))
                bounds = (passage * WINDOWS_A_PASSAGE, (passage + 1) * WINDOWS_A_PASSAGE)
                self._connection.write("DELETE FROM windows WHERE id >= ? AND id < ?", bounds)
            self._connection.write("DELETE FROM articles WHERE number = ?", (number,))

    def disown_vectors(self, number: int) -> None:
        """Let the vectors of the article with this number, which are damaged, not be taken for those of their texts."""
        with self._connection.transaction():
            for (passage,) in self._connection.rows("SELECT number FROM passages WHERE article = ?", (number,)):
                bounds = (passage * WINDOWS_A_PASSAGE, (passage + 1) * WINDOWS_A_PASSAGE)
                self._connection.write("UPDATE windows SET text_hash = x'' WHERE id >= ? AND id < ?", bounds)

    def copy_into(self, path: Path) -> None:
        """Put all that this catalogue holds in place of what the one at `path` holds, in one transaction."""
        self._connection.copy_into(path)

    def rebuild_indexes(self) -> None:
        """Make the file's own indexes anew."""
        with self._connection.transaction():
            self._connection.write("REINDEX")

    def put_all(self, entries: Sequence[Entry]) -> None:
        """Write articles in place of older ones with the same ids, in one transaction.

        Each of an article's keys of copies lies on another page: of 256 short articles written one by one, every page
        is written up to 256 times.
        """
        with self._connection.transaction():
            stories = Stories(self._connection)
            number, passage = self._next("articles"), self._next_passage()
            sequence = self.sequence()
            for entry in entries:
                if self._remove(entry.article.id, sequence + 1):
                    sequence += 1
                    stories.forget()
                sequence += 1
                story = stories.of(entry.article.text, entry.bands)
                self._insert(entry, Numbers(number, sequence, story or number, passage))
                number, passage = number + 1, passage + len(entry.passages)

    def _insert(self, entry: Entry, numbers: Numbers) -> None:
        row, passages, windows = entry_rows(entry, numbers)
        self._connection.write(f"INSERT INTO articles VALUES ({', '.join('?' * len(row))})", row)
        self._connection.write_many(
            "INSERT INTO bands VALUES (?, ?)", ((key, numbers.article) for key in set(entry.bands))
        )
        self._connection.write_many("INSERT INTO passages VALUES (?, ?, ?, ?)", passages)
        self._connection.write_many("INSERT INTO windows VALUES (?, ?, ?, ?, ?)", windows)

    def remove_all(self, article_ids: Sequence[str]) -> list[str]:
        """Remove articles in one transaction; return the ids that were there."""
        with self._connection.transaction():
            return [article_id for article_id in article_ids if self._remove(article_id, self.sequence() + 1)]

    def removal_bytes(self, article_id: str) -> int:
        """Return how many bytes removing an article writes at most: its windows, and those that go by, lie anywhere."""
        windows = """SELECT count(*) FROM articles a JOIN windows w ON w.id >= a.first_passage * ?2
                     AND w.id < (a.last_passage + 1) * ?2 WHERE a.id = ?1"""
        counted = self._connection.one(windows, (article_id, WINDOWS_A_PASSAGE))[0]
        return min((2 * int(counted) + _PAGES_A_REMOVAL) * PAGE_BYTES, self.total_bytes())

    def total_bytes(self) -> int:
        """Return how large the file is once all of the log is in it."""
        return int(self._connection.one("PRAGMA page_count")[0]) * PAGE_BYTES

    def _remove(self, article_id: str, sequence: int) -> bool:
        query = "SELECT number, first_passage, last_passage FROM articles WHERE id = ?"
        row = self._connection.one(query, (article_id,))
        if row is None:
            return False
        number, first, last = row
        self._connection.write("INSERT INTO removals VALUES (?, ?, ?)", (sequence, first, last))
        # up to the next article's, for earlier cuts let windows run into numbers that are none of theirs
        following = self._connection.one("SELECT min(number) FROM passages WHERE number > ?", (last,))[0]
        bounds = (first * WINDOWS_A_PASSAGE, _EVER if following is None else following * WINDOWS_A_PASSAGE)
        self._connection.write("DELETE FROM windows WHERE id >= ? AND id < ?", bounds)
        self._connection.write("DELETE FROM articles WHERE number = ?", (number,))
        return True

    def _next(self, table: str) -> int:
        """Return the number that the next row of a table gets: one never used before."""
        row = self._connection.one("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,))
        return int(row[0]) + 1 if row else 1

    def _next_passage(self) -> int:
        """Return the number of the next passage: also behind windows that ran into the numbers that would follow.

        Earlier cuts could give a passage more windows than there are numbers for.
        """
        last = self._connection.one("SELECT max(id) FROM windows")[0] or 0
        return max(self._next("passages"), last // WINDOWS_A_PASSAGE + 1)

    # --- what derived indexes replay ----------------------------------------------------------------------------

    def removed_since(self, sequence: int) -> NDArray[np.int64]:
        """Return the passages of articles that were removed or replaced after `sequence`, ascending."""
        query = "SELECT first_passage, last_passage FROM removals WHERE sequence > ?"
        rows = self._connection.rows(query, (sequence,))
        with self._connection.sealed():
            return passages_of(rows)

    def passages_until(self, sequence: int) -> NDArray[np.int64]:
        """Return the passages of articles that have not changed since `sequence`, ascending."""
        query = "SELECT first_passage, last_passage FROM articles WHERE sequence <= ?"
        rows = self._connection.rows(query, (sequence,))
        with self._connection.sealed():
            return passages_of(rows)

    def windows_since(self, sequence: int) -> int:
        """Count the windows of articles that changed after `sequence`."""
        first = "SELECT first_passage FROM articles WHERE sequence > ? ORDER BY sequence LIMIT 1"
        row = self._connection.one(first, (sequence,))
        counted = "SELECT count(*) FROM windows WHERE id >= ?"
        return self._connection.one(counted, (row[0] * WINDOWS_A_PASSAGE,))[0] if row else 0

    def vectors_since(self, sequence: int) -> Iterator[WindowVectors]:
        """Yield the windows of articles that changed after `sequence`, block by block, in the order of their ids."""
        return self._vectors(sequence, _EVER)

    def vectors_until(self, sequence: int) -> Iterator[WindowVectors]:
        """Yield the windows of articles that have not changed since `sequence`, in the order of their ids."""
        return self._vectors(0, sequence)

    def _vectors(self, after: int, until: int) -> Iterator[WindowVectors]:
        articles = """SELECT sequence, first_passage, last_passage FROM articles
                      WHERE sequence > ? AND sequence <= ? ORDER BY sequence LIMIT ?"""
        windows = "SELECT id, vector FROM windows WHERE id >= ? AND id < ? ORDER BY id"
        while rows := self._connection.rows(articles, (after, until, _ARTICLES_AT_ONCE)):
            # newer articles have greater passages: no other article's windows lie between these
            with self._connection.sealed():
                bounds = (int(rows[0][1]) * WINDOWS_A_PASSAGE, (int(rows[-1][2]) + 1) * WINDOWS_A_PASSAGE)
            found = self._connection.rows(windows, bounds)
            after = rows[-1][0]
            if found:
                with self._connection.sealed():
                    stacked = _stacked(found)
                yield stacked

    def window_vectors(self, ids: NDArray[np.int64]) -> tuple[NDArray[np.int64], Vectors]:
        """Return those windows of some that are there, and their float32 vectors of shape (n, dim)."""
        query = "SELECT id, vector FROM windows WHERE id IN (SELECT value FROM json_each(?))"
        rows = self._connection.rows(query, (json_list(ids.tolist()),))
        with self._connection.sealed():
            return np.array([row[0] for row in rows], np.int64), unpacked([row[1] for row in rows])

    def passages_since(self, sequence: int) -> Iterator[tuple[int, Article, Span, tuple[int, int] | None]]:
        """Yield number, article, span and (first, last day) of the passages of articles changed after `sequence`."""
        articles = "SELECT first_day, last_day, * FROM articles WHERE sequence > ? ORDER BY sequence LIMIT ?"
        passages = "SELECT number, start, stop FROM passages WHERE article = ? ORDER BY number"
        while rows := self._connection.rows(articles, (sequence, _ARTICLES_AT_ONCE)):
            for first, last, *row in rows:
                article = self._article(row)
                days = None if first is None else (first, last)
                for number, start, stop in self._connection.rows(passages, (row[0],)):
                    yield number, article, (start, stop), days
            sequence = rows[-1][2 + 2]


def _stacked(rows: Sequence[tuple[int, bytes]]) -> WindowVectors:
    vectors = unpacked([row[1] for row in rows]).astype(np.float16)
    return np.array([row[0] for row in rows], np.int64), vectors
