"""Standing questions: what somebody wants to hear of as soon as articles about it arrive, each story once.

On the command line they are `chuchu watch add|list|remove|run`.
"""

import sqlite3
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Self

import platformdirs
import typer

from bot import json_output, output
from bot.terminal import Index, Json, keep_private
from bot.words import say
from retrieval import Archive, ChuchuError, Hit, QuestionError, open_archive, read_settings, tidied

_SCHEMA = """
CREATE TABLE IF NOT EXISTS standing (
    number INTEGER PRIMARY KEY AUTOINCREMENT, owner TEXT NOT NULL, question TEXT NOT NULL, every TEXT NOT NULL,
    language TEXT NOT NULL, thread INTEGER, moment TEXT NOT NULL, told_at REAL, UNIQUE (owner, question)
);
CREATE TABLE IF NOT EXISTS told (
    owner TEXT NOT NULL, article TEXT NOT NULL, PRIMARY KEY (owner, article)
) WITHOUT ROWID;
"""
_COLUMNS = "number, owner, question, every, language, thread, moment, told_at"
_MOST_CHARACTERS = 200  # of a standing question: it stands in lists and messages


class Every(StrEnum):
    """How often somebody wants to hear of news at most."""

    TIME = "time"
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"

    @property
    def seconds(self) -> int:
        """What lies between two messages at least."""
        return {Every.TIME: 0, Every.HOUR: 3_600, Every.DAY: 86_400, Every.WEEK: 604_800}[self]


@dataclass(frozen=True, slots=True)
class StandingQuestion:
    """A question that stays: `owner` hears of news, in a `language` and, in a chat, in a `thread`.

    What came after `moment` is new; `reported_at`, in seconds since the epoch, is when its owner last heard of news.
    """

    number: int
    owner: str
    question: str
    every: Every
    language: str
    thread: int | None
    moment: str
    reported_at: float | None

    def is_due(self, now: float) -> bool:
        """Return whether its owner may hear of something again."""
        return self.reported_at is None or now - self.reported_at >= self.every.seconds


@dataclass(frozen=True, slots=True)
class News:
    """What is new to an owner: the new stories by question, and the moment up to which was looked."""

    owner: str
    stories: Sequence[tuple[StandingQuestion, tuple[Hit, ...]]]
    moment: str

    @property
    def hits(self) -> tuple[Hit, ...]:
        """All the stories."""
        return tuple(hit for _, hits in self.stories for hit in hits)


class StandingQuestions:
    """The standing questions in one file, and what their owners have heard of."""

    def __init__(self, path: Path, clock: Callable[[], float]) -> None:
        """Keep them in `path`; `open` comes before anything else."""
        self._path, self._clock = path, clock
        self._connection: sqlite3.Connection | None = None

    def __enter__(self) -> Self:
        self.open()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def open(self) -> None:
        """Open the file, making it if there is none.

        Raises:
            ChuchuError: it cannot be written, or is another program's.
        """
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            keep_private(self._path)
            connection = sqlite3.connect(self._path, isolation_level=None, timeout=10, check_same_thread=False)
            connection.executescript(_SCHEMA)
        except (OSError, sqlite3.Error) as error:
            raise ChuchuError("{path} cannot be used: {error}. Move it away.", path=self._path, error=error) from error
        self._connection = connection

    def close(self) -> None:
        """Close the file."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def add(
        self, owner: str, question: str, every: Every, moment: str, language: str = "en", thread: int | None = None
    ) -> StandingQuestion:
        """Add a question, or set anew how often an old one may be heard of; what is there at `moment` is no news.

        Raises:
            QuestionError: the question is empty or too long.
        """
        text = tidied(question)
        if not text or len(text) > _MOST_CHARACTERS:
            raise QuestionError("a standing question has 1 to {most} characters", most=_MOST_CHARACTERS)
        self._rows(
            "INSERT INTO standing (owner, question, every, language, thread, moment) VALUES (?, ?, ?, ?, ?, ?) "
            "ON CONFLICT (owner, question) DO UPDATE SET every = excluded.every, language = excluded.language",
            *(owner, text, every, language, thread, moment),
        )
        return next(each for each in self.of(owner) if each.question == text)

    def of(self, owner: str | None = None) -> list[StandingQuestion]:
        """Return the questions of an owner, or all, in the order in which they were set."""
        rows = self._rows(f"SELECT {_COLUMNS} FROM standing WHERE ?1 IS NULL OR owner = ?1 ORDER BY number", owner)  # noqa: S608 the module's own names
        return [StandingQuestion(row[0], row[1], row[2], Every(row[3]), *row[4:]) for row in rows]

    def set_every(self, owner: str, number: int, every: Every) -> None:
        """Set how often an owner may hear of news about a question."""
        self._rows("UPDATE standing SET every = ? WHERE owner = ? AND number = ?", every, owner, number)

    def remove(self, owner: str, number: int | None = None) -> bool:
        """Remove a question of an owner, or all of them; return whether there was one."""
        removed = self._rows(
            "DELETE FROM standing WHERE owner = ?1 AND (?2 IS NULL OR number = ?2) RETURNING 1", owner, number
        )
        if not self.of(owner):
            self._rows("DELETE FROM told WHERE owner = ?", owner)
        return bool(removed)

    def move(self, former: str, owner: str) -> None:
        """Give what belongs to one owner to another."""
        for table in ("standing", "told"):
            self._rows(f"UPDATE OR REPLACE {table} SET owner = ? WHERE owner = ?", owner, former)  # noqa: S608

    def news(self, archive: Archive, owner: str) -> News:
        """Look for new stories for the questions of an owner that are due; each story stands under one of them.

        Raises:
            ChuchuError: the archive cannot be read.
        """
        now, moment, stories = self._clock(), archive.moment(), []
        heard = {row[0] for row in self._rows("SELECT article FROM told WHERE owner = ?", owner)}
        for standing in self.of(owner):
            if not standing.is_due(now) or standing.moment == moment:
                continue
            found, _ = archive.arrived(standing.question, standing.moment)
            fresh = tuple(hit for hit in found if not heard & set(_ids(hit)))
            heard.update(name for hit in fresh for name in _ids(hit))
            stories.append((standing, fresh))
        return News(owner, stories, moment)

    def mark(self, news: News, reported: bool = True) -> None:  # noqa: FBT001, FBT002 it is called back with this alone
        """Note that news was reported to an owner, or that they were not after all."""
        now = self._clock()
        self._rows("BEGIN IMMEDIATE")
        for standing, hits in news.stories:
            moment = news.moment if reported else standing.moment
            reported_at = now if reported and hits else standing.reported_at
            self._rows(
                "UPDATE standing SET moment = ?, told_at = ? WHERE number = ?", moment, reported_at, standing.number
            )
        statement = (
            "INSERT OR IGNORE INTO told (owner, article) VALUES (?, ?)"
            if reported
            else "DELETE FROM told WHERE owner = ? AND article = ?"
        )
        for hit in news.hits:
            for name in _ids(hit):
                self._rows(statement, news.owner, name)
        self._rows("COMMIT")

    def _rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        if self._connection is None:
            raise RuntimeError("open() comes first")
        return self._connection.execute(sql, values).fetchall()


def _ids(hit: Hit) -> Iterable[str]:
    return (hit.article.id, *(copy.id for copy in hit.also_in))


app = typer.Typer(help="Standing questions: what is new about them, each story once.", no_args_is_help=True)


def standing_questions() -> StandingQuestions:
    """Return the user's own standing questions, not open yet."""
    return StandingQuestions(platformdirs.user_data_path("chuchu") / "standing.sqlite", time.time)


def owner_of(location: str) -> str:
    """Return what the standing questions of an archive are kept under."""
    return str(Path(location).resolve())


@app.command("add")
def add_command(
    question: Annotated[str, typer.Argument(help="a question, or a topic in a word or two")],
    index: Index = None,
    every: Annotated[Every, typer.Option(help="how often `run` may report news about it at most")] = Every.TIME,
) -> None:
    """Set a standing question. What is in the archive by now is no news."""
    settings = read_settings()
    location = index or settings.index
    with open_archive(location, settings) as archive, standing_questions() as standing:
        added = standing.add(owner_of(location), question, every, archive.moment())
    print_added(added, "chuchu watch run")


@app.command("list")
def list_command(index: Index = None, *, as_json: Json = False) -> None:
    """List the standing questions of an archive."""
    owner = owner_of(index or read_settings().index)
    with standing_questions() as standing:
        found = standing.of(owner)
    if as_json:
        output.print_json([_record(each) for each in found])
    else:
        print_list(found, "chuchu watch add 台风")


@app.command("remove")
def remove_command(
    question: Annotated[str, typer.Argument(help="the question, or its number in `chuchu watch list`")],
    index: Index = None,
) -> None:
    """End a standing question."""
    owner = owner_of(index or read_settings().index)
    with standing_questions() as standing:
        end(standing, owner, question)


@app.command("run")
def run_command(index: Index = None, *, as_json: Json = False) -> None:
    """Report the new stories, each once."""
    settings = read_settings()
    with open_archive(index or settings.index, settings) as archive, standing_questions() as standing:
        stories = look(standing, archive, owner_of(index or settings.index))
    if as_json:
        output.print_json([{**_record(each), "hits": [json_output.hit(hit) for hit in hits]} for each, hits in stories])
    else:
        print_news(stories)


def look(standing: StandingQuestions, archive: Archive, owner: str) -> list[tuple[StandingQuestion, tuple[Hit, ...]]]:
    """Return what is new, and note that it was reported."""
    news = standing.news(archive, owner)
    standing.mark(news)
    return [(each, hits) for each, hits in news.stories if hits]


def print_added(added: StandingQuestion, run: str) -> None:
    """Print a standing question by its number, and to a person the command that reports what is new."""
    output.console().print(output.name(f"{added.number}: {added.question}"))
    output.print_hint(say("what is new about it: {command}", command=run))


def print_list(found: Sequence[StandingQuestion], add: str) -> None:
    """Print standing questions, a line each; where there are none, to a person the command that sets one."""
    for each in found:
        often = f" ({each.every})" * (each.every is not Every.TIME)
        output.console().print(output.name(f"{each.number}: {each.question}{often}"))
    if not found:
        output.print_hint(say("there is no standing question; set one: {command}", command=add))


def print_news(stories: list[tuple[StandingQuestion, tuple[Hit, ...]]]) -> None:
    """Print what is new, by question."""
    screen = output.console()
    for each, hits in stories:
        screen.print(output.name(f"? {each.question}", "bold"))
        for hit in hits:
            output.print_hit(hit, screen)
    if not stories:
        screen.print(say("Nothing new."))


def end(standing: StandingQuestions, owner: str, question: str) -> None:
    """Remove a standing question by itself or its number.

    Raises:
        QuestionError: there is none.
    """
    found = next((each for each in standing.of(owner) if question in {each.question, str(each.number)}), None)
    if found is None:
        raise QuestionError("there is no standing question {question}. See: chuchu watch list", question=question)
    standing.remove(owner, found.number)


def _record(standing: StandingQuestion) -> dict[str, object]:
    return {"number": standing.number, "question": standing.question, "every": standing.every.value}
