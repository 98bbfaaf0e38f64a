"""The catalogue: articles, passages, windows and their vectors in SQLite. It is the truth of an archive."""

import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.encode.encoder import Vectors
from retrieval.store.catalogue.checks import catalogue_faults
from retrieval.store.catalogue.connection import PAGE_BYTES, WINDOWS_A_PASSAGE, json_list
from retrieval.store.catalogue.queries import CatalogueReader, passages_of
from retrieval.store.catalogue.rows import SEAL, Entry, Numbers, Place, entry_rows, manifest_seal, unpacked
from retrieval.store.stories import Stories
from retrieval.values import Article, Fault, Span

__all__ = ["Catalogue", "Entry", "Place"]

_EVER = (1 << 63) - 1
_ARTICLES_AT_ONCE = 200  # read in one go when changes are replayed, some megabytes of text or vectors
_PAGES_A_REMOVAL = 80  # written besides those of windows; 64 counted where an article had 16 keys of copies

WindowVectors = tuple[NDArray[np.int64], NDArray[np.float16]]
"""Ids of windows, ascending, and their vectors of shape (n, dim)."""


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

    def mend_indexes(self) -> None:
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
