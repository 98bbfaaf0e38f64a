"""The catalogue's tables, and a connection to them: how it is opened, and its errors in plain words."""

import errno
import json
import os
import re
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from retrieval.errors import ArchiveDamagedError, ArchiveError, ArchiveMissingError, Message, command, raise_shortage

FORMAT = 3
"""Part of the manifest: an archive of another format cannot be opened."""

WINDOWS_A_PASSAGE = 1 << 12

TABLES = """
CREATE TABLE manifest (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE articles (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    sequence INTEGER NOT NULL,
    story INTEGER NOT NULL,
    first_passage INTEGER NOT NULL, last_passage INTEGER NOT NULL,
    origin TEXT NOT NULL,
    content BLOB NOT NULL,
    first_day INTEGER, last_day INTEGER,
    title TEXT, source TEXT, author TEXT, published TEXT, published_from TEXT NOT NULL,
    url TEXT, path TEXT, language TEXT,
    removed TEXT NOT NULL, repairs TEXT NOT NULL, text TEXT NOT NULL,
    parts BLOB NOT NULL,
    checksum BLOB NOT NULL
);
CREATE INDEX articles_places ON articles (number, first_passage, last_passage, story, first_day, last_day);
CREATE INDEX articles_sequence ON articles (sequence);
CREATE INDEX articles_story ON articles (story);
CREATE INDEX articles_days ON articles (first_day, last_day, source, first_passage, last_passage);
CREATE INDEX articles_source ON articles (source, first_day, last_day, first_passage, last_passage);
CREATE TABLE passages (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    article INTEGER NOT NULL REFERENCES articles ON DELETE CASCADE,
    start INTEGER NOT NULL, stop INTEGER NOT NULL
);
CREATE INDEX passages_article ON passages (article);
CREATE TABLE windows (
    id INTEGER PRIMARY KEY,
    start INTEGER NOT NULL, stop INTEGER NOT NULL,
    text_hash BLOB NOT NULL, vector BLOB NOT NULL
);
CREATE INDEX windows_text ON windows (text_hash);
CREATE TABLE bands (
    key INTEGER NOT NULL,
    article INTEGER NOT NULL REFERENCES articles ON DELETE CASCADE,
    PRIMARY KEY (key, article)
) WITHOUT ROWID;
CREATE INDEX bands_article ON bands (article);
CREATE TABLE removals (sequence INTEGER PRIMARY KEY, first_passage INTEGER NOT NULL, last_passage INTEGER NOT NULL);
"""

LAST_SEQUENCE = """
SELECT max(coalesce((SELECT max(sequence) FROM articles), 0), coalesce((SELECT max(sequence) FROM removals), 0))
"""


PAGE_BYTES = 16_384  # of 4,096 a fifth stays empty: three windows of 1 KB fit, and not a fourth
CACHE_KB = 16_000  # what is read is in the system's cache, too
_LOG_PAGES = 2_000  # 32 MB of log before it is folded into the file
_DAMAGE = ("malformed", "not a database", "could not decode", "unsupported file format", "corrupt", "codec", "too big")
_UNREAD = ("SQLITE_IOERR_READ", "SQLITE_IOERR_SHORT_READ", "SQLITE_IOERR_DATA", "SQLITE_IOERR_CORRUPTFS")
"""What a failing disk says; the other errors of reading and writing are not the file's fault."""
_ERRORS = (sqlite3.Error, UnicodeDecodeError)  # the latter of damaged names of columns
_MISREAD = (TypeError, ValueError, OverflowError, AttributeError)  # of values that no row has


class HeadDamagedError(ArchiveError):
    """SQLite cannot read the first page of a file; what is behind it may be whole."""


Values = Sequence[Any] | Mapping[str, Any]


class Connection:
    """A connection to the file at `path`. Threads may read by it at once, one row after the other; one may write."""

    def __init__(
        self,
        path: Path,
        *,
        create: bool = False,
        tables: str = TABLES,
        archive: Path | None = None,
        cache_kb: int = CACHE_KB,
    ) -> None:
        """Open `path`, a new one with `tables`; in a folder that cannot be written, as a file that nobody changes.

        `archive` is the folder that messages name, the file's own unless it lies deeper. Up to `cache_kb` of what was
        read or written are kept in memory.

        Raises:
            ArchiveMissingError: there is no such file and `create` is false.
            DiskFullError: there is no room for what goes with it.
            ArchiveError: the file cannot be opened or is not a catalogue.
        """
        self.path = path
        self._archive = archive or path.parent
        if not create and not path.is_file():
            raise _missing(self._archive)
        self._lock = threading.Lock()
        try:
            self._sqlite = _open(path, tables, self._archive, create=create)
            self._sqlite.execute(f"PRAGMA cache_size = -{cache_kb}")
        except _ERRORS as error:
            raise_shortage(Message("{path} cannot be opened", path=path), error)
            if _is_denied(path, writes=create):
                raise ArchiveError(
                    "{path} cannot be opened: {reason}. Change the permissions of the file and its folder, or name "
                    "another one with --index.",
                    path=path,
                    reason=os.strerror(errno.EACCES),
                ) from error
            what = {"path": path, "why": _line(error)}
            if _is_head_damaged(error):
                raise HeadDamagedError(
                    "{path} cannot be used as an archive ({why}). Run: {command}, or make a new archive there after "
                    "moving that file away.",
                    **what,
                    command=command("verify --repair", self._archive),
                ) from error
            raise ArchiveError(
                "{path} cannot be used as an archive ({why}). Name another folder with --index, or make a new archive "
                "there after moving that file away.",
                **what,
            ) from error

    def close(self) -> None:
        """Close the connection."""
        self._sqlite.close()

    def rows(self, query: str, values: Values = ()) -> list[Any]:
        """Return all rows of a query.

        Raises:
            ArchiveDamagedError: the file contradicts itself.
            ArchiveError: it cannot be read.
        """
        with self._explained("read"), self._lock:
            try:
                return self._sqlite.execute(query, values).fetchall()
            except UnicodeEncodeError:  # a name was typed in bytes that are no UTF-8
                return self._sqlite.execute(query, _escaped(values)).fetchall()

    def readable(self, query: str) -> Iterator[Any]:
        """Yield the rows of a query up to the first that cannot be read."""
        with suppress(*_ERRORS), self._lock:
            yield from self._sqlite.execute(query)

    def one(self, query: str, values: Values = ()) -> Any:
        """Return the first row of a query, or None."""
        rows = self.rows(query, values)
        return rows[0] if rows else None

    def write(self, query: str, values: Sequence[object] = ()) -> None:
        """Run one change; inside `transaction`, as part of it."""
        self._sqlite.execute(query, values)

    def write_many(self, query: str, values: Iterable[Sequence[object]]) -> None:
        """Run one change for each row of values."""
        self._sqlite.executemany(query, values)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make the changes inside it whole or not at all.

        Raises:
            DiskFullError: there is no space left.
            ArchiveError: they cannot be written.
        """
        with self._explained("written"):
            try:
                self._sqlite.execute("BEGIN IMMEDIATE")
                yield
                self._sqlite.execute("COMMIT")
            except BaseException:
                if self._sqlite.in_transaction:
                    self._sqlite.execute("ROLLBACK")
                raise

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Read the catalogue as it is now, whatever a writer does meanwhile."""
        with self._explained("read"):
            self._sqlite.execute("BEGIN")
            try:
                yield
            finally:
                if self._sqlite.in_transaction:
                    self._sqlite.execute("COMMIT")

    def fold(self) -> None:
        """Bring what the log holds into the file itself, as far as readers and the disk let it."""
        with suppress(sqlite3.Error):
            self._sqlite.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def copy_into(self, path: Path) -> None:
        """Put everything this catalogue holds in place of what the one at `path` holds, in one transaction."""
        with self._explained("written"):
            target = sqlite3.connect(path, timeout=30)
            try:
                self._sqlite.backup(target)
            finally:
                target.close()

    @contextmanager
    def sealed(self) -> Iterator[None]:
        """Name the file and the remedy where what was read out of it is not as it was written.

        Raises:
            ArchiveDamagedError: it is not.
        """
        try:
            yield
        except ArchiveDamagedError as error:
            raise self._damaged(error.message) from error
        except _MISREAD as error:
            raise self._damaged(Message("a row cannot be what was written: {reason}", reason=_line(error))) from error

    def _damaged(self, what: str) -> ArchiveDamagedError:
        return ArchiveDamagedError(
            "{path} is damaged ({what}). Run: {command}",
            path=self.path,
            what=what,
            command=command("verify --repair", self._archive),
        )

    @contextmanager
    def _explained(self, done: str) -> Iterator[None]:
        try:
            yield
        except _ERRORS as error:
            raise_shortage(Message("{path} cannot be {done}", path=self.path, done=done), error)
            if _is_damage(error):
                raise self._damaged(_line(error)) from error
            raise ArchiveError(
                "{path} cannot be {done}: {reason}; what was done before is kept",
                path=self.path,
                done=done,
                reason=_line(error),
            ) from error


def json_list(numbers: Iterable[int]) -> str:
    """Return numbers as one value of a query, which reads them by `json_each`."""
    return json.dumps([int(number) for number in numbers])


def _is_damage(error: Exception) -> bool:
    named = getattr(error, "sqlite_errorname", None) in _UNREAD
    return named or any(word in str(error).lower() for word in _DAMAGE)


def _is_head_damaged(error: Exception) -> bool:
    """Distinguish a first page that cannot be read from one that says, well-formed, what no archive of chuchu does."""
    code = getattr(error, "sqlite_errorcode", None)
    return code == sqlite3.SQLITE_NOTADB or (code == sqlite3.SQLITE_CORRUPT and " - " not in str(error))


def _missing(archive: Path) -> ArchiveMissingError:
    return ArchiveMissingError(
        "no archive in {archive}. Make one with: {command}", archive=archive, command=command("index PATH", archive)
    )


def _is_denied(path: Path, *, writes: bool) -> bool:
    """Return whether the user may not open a file: SQLite says of it what it says of a damaged one."""
    wanted = ((path, os.R_OK | os.W_OK * writes), (path.parent, os.X_OK | os.W_OK * writes))
    by_effective = os.access in os.supports_effective_ids
    return any(each.exists() and not os.access(each, how, effective_ids=by_effective) for each, how in wanted)


def _line(error: Exception) -> str:
    """Return SQLite's message, whose lines may be many, as one."""
    return " ".join(str(error).split())


def _open(path: Path, tables: str, archive: Path, *, create: bool) -> sqlite3.Connection:
    try:
        return _checked(path, "rwc" if create else "rw", tables, archive, create=create)
    except sqlite3.OperationalError:
        # WAL needs to write next to the file, unless nobody else can: then what the log holds must be nothing
        log = path.with_name(f"{path.name}-wal")
        if create or not path.is_file() or (log.exists() and log.stat().st_size):
            raise
        return _checked(path, "ro&immutable=1", tables, archive, create=False)


def _checked(path: Path, mode: str, tables: str, archive: Path, *, create: bool) -> sqlite3.Connection:
    uri = f"{path.absolute().as_uri()}?mode={mode}"
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False, timeout=30)
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute(f"PRAGMA wal_autocheckpoint = {_LOG_PAGES}")
        connection.execute("PRAGMA synchronous = FULL")  # what was reported as done survives a power cut
        has_tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if not has_tables and not create:
            connection.close()
            raise _missing(archive)  # the first writer was killed, or its disk was full, before its first transaction
        if not has_tables:
            connection.execute(f"PRAGMA page_size = {PAGE_BYTES}")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript(f"BEGIN; {tables} COMMIT;")
        names = ", ".join(re.findall(r"CREATE TABLE (\w+)", tables))
        connection.execute(f"EXPLAIN SELECT 1 FROM {names}")  # noqa: S608 our own names; not looked into
    except _ERRORS:
        connection.close()
        raise
    return connection


# what an article is called by the index of names and by its own row, from both ends: one of them may be damaged
NAMES = (
    "SELECT number, CAST(id AS BLOB) FROM articles INDEXED BY sqlite_autoindex_articles_1 ORDER BY id",
    "SELECT number, CAST(id AS BLOB) FROM articles INDEXED BY sqlite_autoindex_articles_1 ORDER BY id DESC",
    "SELECT number, CAST(id AS BLOB) FROM articles NOT INDEXED ORDER BY number",
    "SELECT number, CAST(id AS BLOB) FROM articles NOT INDEXED ORDER BY number DESC",
)


def _escaped(values: Values) -> Values:
    """Return what is looked for with its lone surrogates as they are shown, which no archive has but so."""
    if isinstance(values, Mapping):
        return dict(zip(values, _escaped(list(values.values())), strict=True))
    return [each.encode("utf-8", "backslashreplace").decode() if isinstance(each, str) else each for each in values]


def article_names(connection: Connection) -> dict[int, str]:
    """Return the ids of all articles by their numbers, ascending, as far as anything in the file still has them."""
    names: dict[int, str] = {}
    for query in NAMES:
        for number, name in connection.readable(query):
            if isinstance(number, int) and isinstance(name, bytes):
                names.setdefault(number, name.decode("utf-8", "backslashreplace"))
    return dict(sorted(names.items()))
