"""The bot's memory on disk."""

import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from bot.private import keep_private
from retrieval import ChuchuError

Clock = Callable[[], float]
"""Seconds since the epoch."""

_FORMAT = 3
_UPGRADE = {
    0: "",
    1: "ALTER TABLE scopes ADD COLUMN as_of TEXT; DELETE FROM answers;",
    2: "DELETE FROM answers;",
    3: "",
}
"""What an older format becomes the present one by; buttons of answers from before say that they have expired."""
_SCHEMA = """
CREATE TABLE IF NOT EXISTS people (user INTEGER PRIMARY KEY, language TEXT, script TEXT);
CREATE TABLE IF NOT EXISTS scopes (
    chat INTEGER, user INTEGER, since TEXT, until TEXT, source TEXT, as_of TEXT, PRIMARY KEY (chat, user)
);
CREATE TABLE IF NOT EXISTS answers (
    key TEXT PRIMARY KEY, chat INTEGER NOT NULL, user INTEGER NOT NULL, message INTEGER, created REAL NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS answers_message ON answers (chat, message);
CREATE INDEX IF NOT EXISTS answers_created ON answers (created);
CREATE TABLE IF NOT EXISTS places (token TEXT PRIMARY KEY, article TEXT NOT NULL, at INTEGER NOT NULL, created REAL);
CREATE TABLE IF NOT EXISTS updates (
    id INTEGER PRIMARY KEY, received REAL NOT NULL, body TEXT, sending INTEGER NOT NULL DEFAULT 0,
    digest BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS invitations (code TEXT PRIMARY KEY, expires REAL NOT NULL);
CREATE TABLE IF NOT EXISTS invited (user INTEGER PRIMARY KEY, since REAL NOT NULL);
CREATE TABLE IF NOT EXISTS feedback (
    number INTEGER PRIMARY KEY, created REAL NOT NULL, user INTEGER NOT NULL, answer TEXT NOT NULL,
    question TEXT NOT NULL, article TEXT, quote TEXT, verdict TEXT NOT NULL, answered INTEGER NOT NULL,
    UNIQUE (user, answer, article, quote)
);
"""


class Database:
    """One SQLite connection; used by the bot's event loop only, each call well below a millisecond."""

    def __init__(self, folder: Path) -> None:
        """Open the memory in `folder`, making it if there is none.

        Raises:
            ChuchuError: the folder cannot be written, or the file is another program's or another format's.
        """
        path = folder / "bot.sqlite"
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            keep_private(path)
            for log in (folder / f"{path.name}-wal", folder / f"{path.name}-shm"):
                if log.exists():  # of a bot that was killed; SQLite makes new ones as private as the database
                    keep_private(log)
            self._connection = sqlite3.connect(path, isolation_level=None, timeout=10)
            found = self._connection.execute("PRAGMA user_version").fetchone()[0]
            if found not in _UPGRADE:
                raise ChuchuError(f"{path} has format {found}; this bot reads {_FORMAT}. Move the file away.")
            self._connection.execute("PRAGMA journal_mode = WAL")
            # A process that is killed loses nothing; a power cut may lose the last moment's.
            self._connection.execute("PRAGMA synchronous = NORMAL")
            self._connection.executescript(f"{_UPGRADE[found]} {_SCHEMA} PRAGMA user_version = {_FORMAT};")
        except (OSError, sqlite3.Error) as error:
            raise ChuchuError(
                f"{path} cannot be used: {error}. Set CHUCHU_TELEGRAM_STATE to another folder."
            ) from error

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        return self._connection.execute(sql, values).fetchall()

    def row(self, sql: str, values: Sequence[object] = ()) -> tuple[Any, ...] | None:
        """Return the first row of a query, or None."""
        found: tuple[Any, ...] | None = self._connection.execute(sql, values).fetchone()
        return found

    def change(self, sql: str, values: Sequence[object] = ()) -> int:
        """Change rows; return how many."""
        return self._connection.execute(sql, values).rowcount

    def close(self) -> None:
        """Close the file."""
        self._connection.close()
