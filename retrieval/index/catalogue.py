"""The catalogue: articles, passages, windows and their vectors in SQLite. It is the truth of an archive."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.encoders import Vectors
from retrieval.errors import ArchiveDamagedError, ArchiveError, ArchiveMissingError
from retrieval.index.schema import LAST_SEQUENCE, TABLES, WINDOWS_A_PASSAGE
from retrieval.text.days import day_range
from retrieval.values import Article, Filters, Passage, PublishedFrom, Removed, Repair, Span

_ARTICLE_COLUMNS = "id, text, title, source, author, published, published_from, url, path, language, removed, repairs"


@dataclass(frozen=True, slots=True)
class Entry:
    """An article ready to be written: `vectors` is a float16 row a window, `hashes` a digest of each window's text.

    `origin` is the file or stream it was read from, `content` the digest by which it is recognised as unchanged.
    """

    article: Article
    passages: Sequence[Passage]
    vectors: NDArray[np.float16]
    hashes: Sequence[bytes]
    origin: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Place:
    """Where a passage stands: its article's number and its span in the article's text."""

    article: int
    span: Span


class Catalogue:
    """One connection to an archive's catalogue; not to be shared between threads without a lock."""

    def __init__(self, path: Path, *, create: bool = False) -> None:
        """Open the catalogue at `path`.

        Raises:
            ArchiveMissingError: there is none and `create` is false.
            ArchiveError: the file cannot be opened or is not a catalogue.
        """
        if not create and not path.is_file():
            raise ArchiveMissingError(
                f"no archive in {path.parent}. Make one with: chuchu index PATH --index {path.parent}"
            )
        self._path = path
        self._connection = self._open(create=create)

    def _open(self, *, create: bool) -> sqlite3.Connection:
        try:
            connection = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False, timeout=30)
            connection.execute("PRAGMA foreign_keys = ON")
            tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
            if create and not tables:
                connection.execute("PRAGMA journal_mode = WAL")
                connection.executescript(f"BEGIN; {TABLES} COMMIT;")
            connection.execute("SELECT 1 FROM manifest, articles, passages, windows, removals LIMIT 1")
        except sqlite3.Error as error:
            raise ArchiveError(
                f"{self._path} cannot be used as an archive ({error}). Name another folder with --index, "
                f"or make a new archive there after moving that file away."
            ) from error
        return connection

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            yield
            self._connection.execute("COMMIT")
        except BaseException as error:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            if isinstance(error, sqlite3.OperationalError):
                raise ArchiveError(
                    f"{self._path} cannot be written: {error}. Nothing of this article was kept."
                ) from error
            raise

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Read the catalogue as it is now, whatever a writer does meanwhile."""
        self._connection.execute("BEGIN")
        try:
            yield
        finally:
            self._connection.execute("COMMIT")

    # --- manifest -----------------------------------------------------------------------------------------------

    def manifest(self) -> dict[str, str]:
        """Return what the archive was built with."""
        return dict(self._connection.execute("SELECT key, value FROM manifest"))

    def write_manifest(self, values: Mapping[str, str]) -> None:
        """Write what the archive is built with."""
        with self._transaction():
            self._connection.executemany("INSERT OR REPLACE INTO manifest VALUES (?, ?)", values.items())

    def sequence(self) -> int:
        """Return the number of the last change."""
        return int(self._connection.execute(LAST_SEQUENCE).fetchone()[0])

    # --- writing ------------------------------------------------------------------------------------------------

    def put(self, entry: Entry) -> None:
        """Write one article whole, in place of an older one with the same id, or not at all."""
        with self._transaction():
            self._remove(entry.article.id)
            number = self._insert_article(entry, self.sequence() + 1)
            self._insert_passages(entry, number)

    def remove(self, article_id: str) -> bool:
        """Remove an article; say whether it was there."""
        with self._transaction():
            return self._remove(article_id)

    def _remove(self, article_id: str) -> bool:
        query = """SELECT a.number, min(p.number), max(p.number) FROM articles a JOIN passages p ON p.article = a.number
                   WHERE a.id = ? GROUP BY a.number"""
        row = self._connection.execute(query, (article_id,)).fetchone()
        if row is None:
            return False
        number, first, last = row
        self._connection.execute("INSERT INTO removals VALUES (?, ?, ?)", (self.sequence() + 1, first, last))
        bounds = (first * WINDOWS_A_PASSAGE, (last + 1) * WINDOWS_A_PASSAGE)
        self._connection.execute("DELETE FROM windows WHERE id >= ? AND id < ?", bounds)
        self._connection.execute("DELETE FROM articles WHERE number = ?", (number,))
        return True

    def _insert_article(self, entry: Entry, sequence: int) -> int:
        article = entry.article
        first, last = day_range(article.published) if article.published else (None, None)
        row = (
            article.id, sequence, entry.origin, entry.content, article.title, article.source, article.author,
            article.published, article.published_from, article.url, article.path, article.language,
            first, last, article.text,
            json.dumps([asdict(item) for item in article.removed], ensure_ascii=False),
            json.dumps([asdict(item) for item in article.repairs], ensure_ascii=False),
        )  # fmt: skip
        query = f"INSERT INTO articles VALUES (NULL, {', '.join('?' * len(row))})"
        return int(self._connection.execute(query, row).lastrowid or 0)

    def _insert_passages(self, entry: Entry, number: int) -> None:
        row = 0
        for passage in entry.passages:
            query = "INSERT INTO passages VALUES (NULL, ?, ?, ?)"
            base = (self._connection.execute(query, (number, *passage.span)).lastrowid or 0) * WINDOWS_A_PASSAGE
            for place, span in enumerate(passage.windows):
                values = (base + place, *span, entry.hashes[row], entry.vectors[row].tobytes())
                self._connection.execute("INSERT INTO windows VALUES (?, ?, ?, ?, ?)", values)
                row += 1

    # --- reading ------------------------------------------------------------------------------------------------

    def contents(self) -> dict[str, bytes]:
        """Return each article's content digest by its id."""
        return dict(self._connection.execute("SELECT id, content FROM articles"))

    def origins(self) -> dict[str, str]:
        """Return the file each article was read from, by the article's id."""
        return dict(self._connection.execute("SELECT id, origin FROM articles"))

    def known_vectors(self, hashes: Sequence[bytes]) -> dict[bytes, NDArray[np.float16]]:
        """Return the vectors of window texts that were embedded before."""
        found: dict[bytes, NDArray[np.float16]] = {}
        for chunk in _chunks(list(set(hashes))):
            query = f"SELECT text_hash, vector FROM windows WHERE text_hash IN ({_marks(chunk)}) GROUP BY text_hash"
            for digest, blob in self._connection.execute(query, chunk):
                found[digest] = np.frombuffer(blob, np.float16)
        return found

    def article(self, article_id: str) -> Article | None:
        """Return the article with this id."""
        row = self._connection.execute(
            f"SELECT {_ARTICLE_COLUMNS} FROM articles WHERE id = ?", (article_id,)
        ).fetchone()
        return _article(row) if row else None

    def articles(self, numbers: Sequence[int]) -> dict[int, Article]:
        """Return articles by their numbers."""
        found: dict[int, Article] = {}
        for chunk in _chunks(list(numbers)):
            query = f"SELECT number, {_ARTICLE_COLUMNS} FROM articles WHERE number IN ({_marks(chunk)})"
            found.update({row[0]: _article(row[1:]) for row in self._connection.execute(query, chunk)})
        return found

    def places(self, passages: Sequence[int]) -> dict[int, Place]:
        """Return where each passage stands, by its number."""
        found: dict[int, Place] = {}
        for chunk in _chunks(list(passages)):
            query = f"SELECT number, article, start, stop FROM passages WHERE number IN ({_marks(chunk)})"
            for number, article, start, stop in self._connection.execute(query, chunk):
                found[number] = Place(article, (start, stop))
        return found

    def windows(self, passages: Sequence[int]) -> dict[int, tuple[list[Span], Vectors]]:
        """Return each passage's windows: their spans in the article, and float32 vectors of shape (n, dim)."""
        found: dict[int, tuple[list[Span], Vectors]] = {}
        query = "SELECT start, stop, vector FROM windows WHERE id >= ? AND id < ? ORDER BY id"
        for number in passages:
            bounds = (number * WINDOWS_A_PASSAGE, (number + 1) * WINDOWS_A_PASSAGE)
            rows = self._connection.execute(query, bounds).fetchall()
            found[number] = [(row[0], row[1]) for row in rows], _matrix([row[2] for row in rows])
        return found

    def vectors_since(self, sequence: int) -> tuple[NDArray[np.int64], Vectors]:
        """Return ids and float32 vectors of the windows of articles that changed after `sequence`."""
        query = f"""SELECT w.id, w.vector FROM articles a JOIN passages p ON p.article = a.number
                    JOIN windows w ON w.id >= p.number * {WINDOWS_A_PASSAGE}
                                  AND w.id < (p.number + 1) * {WINDOWS_A_PASSAGE}
                    WHERE a.sequence > ? ORDER BY w.id"""
        rows = self._connection.execute(query, (sequence,)).fetchall()
        return np.array([row[0] for row in rows], np.int64), _matrix([row[1] for row in rows])

    def passages_since(self, sequence: int) -> Iterator[tuple[int, Article, Span, tuple[int, int] | None]]:
        """Yield number, article, span and (first, last day) of the passages of articles changed after `sequence`."""
        query = (
            f"SELECT number, first_day, last_day, {_ARTICLE_COLUMNS} FROM articles WHERE sequence > ? ORDER BY number"
        )
        for number, first, last, *row in self._connection.execute(query, (sequence,)).fetchall():
            article = _article(row)
            spans = self._connection.execute(
                "SELECT number, start, stop FROM passages WHERE article = ? ORDER BY number", (number,)
            )
            for passage, start, stop in spans.fetchall():
                yield passage, article, (start, stop), None if first is None else (first, last)

    def removed_since(self, sequence: int) -> list[tuple[int, int]]:
        """Return first and last passage of each article that was removed or replaced after `sequence`."""
        query = "SELECT first_passage, last_passage FROM removals WHERE sequence > ? ORDER BY sequence"
        return self._connection.execute(query, (sequence,)).fetchall()

    def allowed_passages(self, filters: Filters) -> NDArray[np.int64]:
        """Return the sorted numbers of the passages that satisfy `filters`; undated articles satisfy no date range."""
        conditions, values = _conditions(filters)
        query = f"SELECT p.number FROM passages p JOIN articles a ON a.number = p.article WHERE {conditions} ORDER BY 1"
        return np.array([row[0] for row in self._connection.execute(query, values)], np.int64)

    def sources(self) -> list[tuple[str | None, int, str | None, str | None]]:
        """Return each source with its number of articles and its first and last published date."""
        query = """SELECT source, count(*), min(published), max(published) FROM articles
                   GROUP BY source ORDER BY 2 DESC, source"""
        return self._connection.execute(query).fetchall()

    def counts(self) -> dict[str, int]:
        """Return how many articles, passages and windows there are."""
        tables = ("articles", "passages", "windows")
        return {name: self._connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in tables}

    def languages(self) -> dict[str, int]:
        """Return how many articles there are in each language."""
        return dict(
            self._connection.execute(
                "SELECT coalesce(language, 'und'), count(*) FROM articles GROUP BY 1 ORDER BY 2 DESC"
            )
        )

    def dates(self) -> tuple[str | None, str | None, int]:
        """Return the first and the last published date, and how many articles have none."""
        query = "SELECT min(published), max(published), sum(published IS NULL) FROM articles"
        first, last, undated = self._connection.execute(query).fetchone()
        return first, last, undated or 0


def _conditions(filters: Filters) -> tuple[str, list[object]]:
    conditions: list[str] = ["1"]
    values: list[object] = []
    if filters.since:
        conditions.append("a.last_day >= ?")
        values.append(day_range(filters.since)[0])
    if filters.until:
        conditions.append("a.first_day <= ?")
        values.append(day_range(filters.until)[1])
    if filters.source:
        conditions.append("a.source = ?")
        values.append(filters.source)
    return " AND ".join(conditions), values


def _article(row: Sequence[object]) -> Article:
    values = dict(zip(_ARTICLE_COLUMNS.split(", "), row, strict=True))
    try:
        values["removed"] = tuple(Removed(**item) for item in json.loads(str(values["removed"])))
        repairs = json.loads(str(values["repairs"]))
        values["repairs"] = tuple(Repair(tuple(item["span"]), item["seen"], item["confidence"]) for item in repairs)
        values["published_from"] = PublishedFrom(str(values["published_from"]))
        return Article(**values)  # type: ignore[arg-type]
    except (ValueError, TypeError, KeyError) as error:
        raise ArchiveDamagedError(
            f"article {values['id']} in the catalogue is damaged: {error}. Index it again."
        ) from error


def _matrix(blobs: Sequence[bytes]) -> Vectors:
    if not blobs:
        return np.empty((0, 0), np.float32)
    return np.frombuffer(b"".join(blobs), np.float16).reshape(len(blobs), -1).astype(np.float32)


def _chunks(values: Sequence[object], length: int = 500) -> Iterator[list[object]]:
    for start in range(0, len(values), length):
        yield list(values[start : start + length])


def _marks(values: Iterable[object]) -> str:
    return ", ".join("?" for _ in values)
