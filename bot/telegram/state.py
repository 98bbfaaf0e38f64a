"""What the bot remembers across restarts, in one SQLite file: nothing that people asked, except what they rated.

What readers rated is a set of questions to measure answers with, which grows while people read.
"""

import hashlib
import json
import secrets
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, astuple, dataclass, replace
from enum import StrEnum
from pathlib import Path
from threading import Lock
from typing import Any

from pydantic import BaseModel

from bot.live_archive import ChatScope
from bot.terminal import keep_private
from bot.words import InterfaceLanguage
from retrieval import Archive, ChuchuError, Filters, QuestionError

Clock = Callable[[], float]
"""Seconds since the epoch."""

_FORMAT = 4
_UPGRADE = {
    0: "",
    1: "ALTER TABLE scopes ADD COLUMN as_of TEXT; DROP TABLE answers;",
    2: "DROP TABLE answers; DROP TABLE updates;",
    3: "DROP TABLE answers; DROP TABLE updates;",
    4: "",
}
"""What an older format becomes the present one by; buttons of answers from before say that they have expired."""
_SCHEMA = """
CREATE TABLE IF NOT EXISTS people (user INTEGER PRIMARY KEY, language TEXT, script TEXT);
CREATE TABLE IF NOT EXISTS scopes (
    chat INTEGER, user INTEGER, since TEXT, until TEXT, source TEXT, as_of TEXT, PRIMARY KEY (chat, user)
);
CREATE TABLE IF NOT EXISTS answers (
    key TEXT PRIMARY KEY, chat INTEGER NOT NULL, user INTEGER NOT NULL, message INTEGER, question INTEGER,
    created REAL NOT NULL, body TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS answers_message ON answers (chat, message);
CREATE INDEX IF NOT EXISTS answers_question ON answers (chat, question);
CREATE INDEX IF NOT EXISTS answers_created ON answers (created);
CREATE TABLE IF NOT EXISTS links (
    token TEXT PRIMARY KEY, article TEXT NOT NULL, start INTEGER NOT NULL, stop INTEGER NOT NULL, created REAL
);
CREATE TABLE IF NOT EXISTS updates (
    id INTEGER PRIMARY KEY, received REAL NOT NULL, done INTEGER NOT NULL DEFAULT 0,
    sending INTEGER NOT NULL DEFAULT 0, digest BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS timezones (user INTEGER PRIMARY KEY, zone TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS moved (chat INTEGER PRIMARY KEY, former INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS invitations (code TEXT PRIMARY KEY, expires REAL NOT NULL);
CREATE TABLE IF NOT EXISTS invited (user INTEGER PRIMARY KEY, since REAL NOT NULL);
CREATE TABLE IF NOT EXISTS feedback (
    number INTEGER PRIMARY KEY, created REAL NOT NULL, user INTEGER NOT NULL, answer TEXT NOT NULL,
    question TEXT NOT NULL, article TEXT, quote TEXT, verdict TEXT NOT NULL, answered INTEGER NOT NULL,
    UNIQUE (user, answer, article, quote)
);
"""
_LINKS_BEFORE = """
CREATE TABLE IF NOT EXISTS places (token TEXT PRIMARY KEY, article TEXT NOT NULL, at INTEGER NOT NULL, created REAL);
INSERT OR IGNORE INTO links SELECT token, article, at, at, created FROM places;
DROP TABLE places;
"""
"""Takes over the links that an older format led to a place by; they stand in messages that people have posted."""
_INVITED_FOR_S = 86_400


class Script(StrEnum):
    """The Chinese script in which passages are shown."""

    ORIGINAL = "original"
    SIMPLIFIED = "simplified"
    TRADITIONAL = "traditional"


@dataclass(frozen=True, slots=True)
class Person:
    """What a person has chosen; None: nothing yet."""

    language: InterfaceLanguage | None = None
    script: Script = Script.ORIGINAL


class Rating(StrEnum):
    """What a person thinks of a passage, or of the refusal above it."""

    RIGHT = "right"
    WRONG_SOURCE = "wrong-source"
    WRONG_DATE = "wrong-date"
    NOT_RELEVANT = "not-relevant"
    UNANSWERABLE = "unanswerable"


@dataclass(frozen=True, slots=True)
class RatedPassage:
    """One person's rating of a passage: its article, and the highlighted words as `quote`.

    `answered`: whether the bot had called it an answer, or only what comes nearest.
    """

    user: int
    answer: str
    question: str
    article: str
    quote: str
    rating: str
    answered: bool


class State:
    """One SQLite connection; used by the bot's event loop only, each call well below a millisecond."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        """Keep the memory in `folder`; `open` comes before anything else."""
        self.clock = clock
        self.folder = folder
        self._path = folder / "bot.sqlite"
        self._connection: sqlite3.Connection | None = None

    def open(self) -> None:
        """Open the file, making it if there is none.

        Raises:
            ChuchuError: the folder cannot be written, or the file is another program's or another format's.
        """
        path = self._path
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            keep_private(path)
            for log in (path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
                if log.exists():  # of a bot that was killed; SQLite makes new ones as private as the database
                    keep_private(log)
            self.updates.mkdir(exist_ok=True)
            self.updates.chmod(0o700)
            connection = sqlite3.connect(path, isolation_level=None, timeout=10)
            found = connection.execute("PRAGMA user_version").fetchone()[0]
            if found not in _UPGRADE:
                connection.close()
                raise ChuchuError(
                    "{path} has format {found}; this bot reads {format}. Move the file away.",
                    path=path,
                    found=found,
                    format=_FORMAT,
                )
            connection.execute("PRAGMA journal_mode = WAL")
            # a process that is killed loses nothing; a power cut may lose the last moment's
            connection.execute("PRAGMA synchronous = NORMAL")
            if found in {2, 3}:
                self._take_out(connection)
            connection.executescript(f"{_UPGRADE[found]} {_SCHEMA} PRAGMA user_version = {_FORMAT};")
            if found in {2, 3}:
                connection.executescript(_LINKS_BEFORE)
                connection.executescript("VACUUM; PRAGMA wal_checkpoint(TRUNCATE);")
        except (OSError, sqlite3.Error) as error:
            raise ChuchuError(
                "{path} cannot be used: {error}. Set CHUCHU_TELEGRAM_STATE to another folder.", path=path, error=error
            ) from error
        self._connection = connection

    @property
    def updates(self) -> Path:
        """The folder of the updates that are not done, a file each: what a database deletes stays in its log."""
        return self.folder / "updates"

    def _take_out(self, connection: sqlite3.Connection) -> None:
        """Write the updates that an older format keeps in the database into files; they are taken for new ones."""
        rows = connection.execute("SELECT id, body FROM updates WHERE body IS NOT NULL AND NOT sending")
        for number, body in rows.fetchall():
            (self.updates / f"{number}.json").write_text(body, "utf-8")

    def close(self) -> None:
        """Close the file."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        return self._execute(sql, values).fetchall()

    def row(self, sql: str, *values: object) -> tuple[Any, ...] | None:
        """Return the first row of a query, or None."""
        found: tuple[Any, ...] | None = self._execute(sql, values).fetchone()
        return found

    def change(self, sql: str, *values: object) -> int:
        """Change rows; return how many."""
        return self._execute(sql, values).rowcount

    def _execute(self, sql: str, values: Sequence[object]) -> sqlite3.Cursor:
        if self._connection is None:
            raise RuntimeError("open() comes first")
        return self._connection.execute(sql, values)

    # people: how they are spoken to, and where they search

    def person(self, user: int) -> Person:
        """Return what a person has chosen."""
        row = self.row("SELECT language, script FROM people WHERE user = ?", user)
        language, script = row or (None, None)
        return Person(InterfaceLanguage(language) if language else None, Script(script or Script.ORIGINAL))

    def choose(self, user: int, choice: InterfaceLanguage | Script) -> None:
        """Keep the language that a person wants, or the script that they want passages in."""
        self.change("INSERT OR IGNORE INTO people (user) VALUES (?)", user)
        if isinstance(choice, Script):
            self.change("UPDATE people SET script = ? WHERE user = ?", choice, user)
        else:
            self.change("UPDATE people SET language = ? WHERE user = ?", choice, user)

    def scope(self, chat: int, user: int) -> ChatScope:
        """Return the limits that a person has set in a chat."""
        row = self.row("SELECT since, until, source, as_of FROM scopes WHERE chat = ? AND user = ?", chat, user)
        return ChatScope(Filters(*row[:3]), row[3]) if row else ChatScope()

    def set_scope(self, chat: int, user: int, scope: ChatScope) -> None:
        """Keep the limits that a person sets in a chat."""
        filters = scope.filters
        self.change(
            "INSERT OR REPLACE INTO scopes (chat, user, since, until, source, as_of) VALUES (?, ?, ?, ?, ?, ?)",
            *(chat, user, filters.since, filters.until, filters.source, scope.as_of),
        )

    def timezone(self, user: int) -> str | None:
        """Return the name of the timezone that a person has set."""
        row = self.row("SELECT zone FROM timezones WHERE user = ?", user)
        return row[0] if row else None

    def set_timezone(self, user: int, zone: str | None) -> None:
        """Keep the timezone of a person; None forgets it."""
        self.change("DELETE FROM timezones WHERE user = ?", user)
        if zone:
            self.change("INSERT INTO timezones VALUES (?, ?)", user, zone)

    def move(self, former: int, chat: int) -> None:
        """Note that a group has become a supergroup, with another number: what was set in it holds there."""
        if self.change("INSERT OR IGNORE INTO moved VALUES (?, ?)", chat, former):
            self.change("UPDATE OR IGNORE scopes SET chat = ? WHERE chat = ?", chat, former)

    def former(self, chat: int) -> int | None:
        """Return the number that a supergroup had as a group, None if it is not known to have been one."""
        row = self.row("SELECT former FROM moved WHERE chat = ?", chat)
        return row[0] if row else None

    # invitations: only digests of codes are kept

    def invite(self) -> str:
        """Return a new code that lets one person in, within a day."""
        code = secrets.token_urlsafe(15)
        self.change("INSERT INTO invitations VALUES (?, ?)", _digest(code), self.clock() + _INVITED_FOR_S)
        return code

    def accept(self, code: str, user: int) -> bool:
        """Let a person in by a code and use the code up; return whether it was good."""
        now = self.clock()
        good = self.change("DELETE FROM invitations WHERE code = ? AND expires > ?", _digest(code), now)
        if good:
            self.change("INSERT OR IGNORE INTO invited VALUES (?, ?)", user, now)
        return bool(good)

    def is_invited(self, user: int) -> bool:
        """Return whether a person came by an invitation."""
        return self.row("SELECT 1 FROM invited WHERE user = ?", user) is not None

    # ratings, each with its question: people agree to that by pressing the button that says so

    def rate(self, rated: RatedPassage) -> None:
        """Keep a rating; a person's later one of the same passage of an answer replaces the earlier."""
        self.change(
            "INSERT OR REPLACE INTO feedback (created, user, answer, question, article, quote, verdict, answered) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            self.clock(),
            *astuple(rated),
        )

    def rating_counts(self) -> dict[str, int]:
        """Count the ratings."""
        return dict(self.rows("SELECT verdict, COUNT(*) FROM feedback GROUP BY verdict ORDER BY verdict"))

    def ratings(self) -> list[RatedPassage]:
        """Return all ratings, the first one first."""
        rows = self.rows(
            "SELECT user, answer, question, article, quote, verdict, answered FROM feedback ORDER BY number"
        )
        return [replace(RatedPassage(*row), answered=bool(row[6])) for row in rows]


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode("utf-8", "surrogatepass")).hexdigest()


_MOST_MEASURED = 500  # questions, the latest: a reader waits for them

QuestionRecord = dict[str, object]


class _Asked(BaseModel):
    id: str
    question: str
    articles: tuple[str, ...]
    answers: tuple[str, ...]


class Ratings:
    """A file of ratings, one a line, readable by its owner only. Safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "ratings.jsonl"
        self._lock = Lock()

    def add(self, rated: RatedPassage) -> None:
        """Keep a rating, with the question that it is about.

        Raises:
            ChuchuError: it cannot be written.
        """
        try:
            with self._lock:
                self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                keep_private(self._path)
                with self._path.open("a", encoding="utf-8") as file:  # one before it may have been written half
                    file.write("\n" + json.dumps(asdict(rated), ensure_ascii=False) + "\n")
        except OSError as error:
            raise ChuchuError(
                "{path} cannot be written: {reason}. Set CHUCHU_WEB_STATE to another folder",
                path=self._path,
                reason=error.strerror,
            ) from error

    def all(self) -> list[RatedPassage]:
        """Return the ratings; a later one of the same passage for the same question replaces the earlier."""
        try:
            lines = self._path.read_text("utf-8", "replace").split("\n")  # U+2028 may stand within one
        except FileNotFoundError:
            return []
        ratings = filter(None, map(_read_rated, lines))
        return list({(rated.question, rated.article, rated.quote): rated for rated in ratings}.values())

    def questions(self) -> list[QuestionRecord]:
        """Return the question records of what is decided."""
        return question_records(self.all())[0]

    def report(self, archive: Archive) -> str:
        """Put the latest of the decided questions to an archive, and return the page that says how it answered.

        Raises:
            QuestionError: no question is decided.
        """
        from retrieval.evaluation import Question, evaluate, render, summarise, summarise_slices

        records = self.questions()[-_MOST_MEASURED:]
        if not records:
            raise QuestionError("no question is decided yet")
        asked = [_Asked.model_validate(record) for record in records]
        outcomes = evaluate(archive, [Question(one.id, one.question, one.articles, one.answers) for one in asked])
        return render("chuchu", outcomes, summarise(outcomes), summarise_slices(outcomes))


def _read_rated(line: str) -> RatedPassage | None:
    try:
        return RatedPassage(**json.loads(line))
    except (ValueError, TypeError):
        return None


def question_records(ratings: Iterable[RatedPassage]) -> tuple[list[QuestionRecord], list[QuestionRecord]]:
    """Return a question record for each question that was decided, and what is known of the others.

    Equal questions share a record. It is decided by a passage rated right: the right articles are its qrels and their
    highlights its answers; or, where there is none, by somebody who said of a refusal that the archive cannot answer:
    then it has no articles. A passage that is not relevant, or whose source or date is wrong, decides nothing, for
    another may answer: such ratings stand under `judged`, and a question with nothing else is no question record, for
    it has no `articles`, and `chuchu eval` does not take it.
    """
    asked: dict[str, list[RatedPassage]] = defaultdict(list)
    for rated in ratings:
        asked[rated.question].append(rated)
    decided: list[QuestionRecord] = []
    undecided: list[QuestionRecord] = []
    for number, (question, given) in enumerate(asked.items(), 1):
        right = [each for each in given if each.rating == "right"]
        record: QuestionRecord = {"id": f"judged-{number:04}", "question": question}
        if is_decided := bool(right) or any(each.rating == "unanswerable" for each in given):
            record["articles"] = sorted({each.article for each in right})
            record["answers"] = sorted({each.quote for each in right if each.quote})
        record["judged"] = [
            {"article": each.article, "quote": each.quote, "verdict": each.rating}
            for each in given
            if each.rating not in {"right", "unanswerable"}
        ]
        (decided if is_decided else undecided).append(record)
    return decided, undecided
