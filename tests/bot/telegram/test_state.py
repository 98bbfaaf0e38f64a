import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.telegram.export import question_records
from bot.telegram.scope import Scope
from bot.telegram.scripts import Script
from bot.telegram.state import Answers, Database, Feedback, Inbox, Invitations, Judgement, Kind, People, Person
from bot.telegram.texts import Language
from retrieval import Answer, ChuchuError, Filters
from tests.bot.telegram.fakes import FakeArchive
from tests.bot.telegram.test_limits import Clock


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(tmp_path)
    yield opened
    opened.close()


def _again(tmp_path: Path, database: Database) -> Database:
    database.close()
    return Database(tmp_path)


def test_choices_and_filters_outlive_a_restart(tmp_path: Path) -> None:
    database = Database(tmp_path)
    people = People(database)
    people.choose_language(1, Language.TRADITIONAL)
    people.choose_script(1, Script.SIMPLIFIED)
    people.set_scope(-5, 1, Scope(Filters("2022", None, "A"), "2024-02-03"))
    database = _again(tmp_path, database)
    people = People(database)
    assert people.person(1) == Person(Language.TRADITIONAL, Script.SIMPLIFIED)
    assert people.person(2) == Person()
    assert people.scope(-5, 1) == Scope(Filters("2022", None, "A"), "2024-02-03")
    assert people.scope(-5, 2) == people.scope(-6, 1) == Scope()
    database.close()


@pytest.mark.parametrize("question", ["latest bridge", "refuse bridge"])
def test_answers_come_back_word_for_word_without_their_question(
    tmp_path: Path, database: Database, question: str
) -> None:
    archive = FakeArchive()
    answer = archive.ask(question, k=3, filters=Filters("2020"))
    answers = Answers(database, Clock(), 1000)
    kept = answers.keep(answer, 7, 1, Scope(Filters("2020"), "2024-02-03", is_literal=True), kind=Kind.LIST)
    answers.stands_in(kept.key, 55)
    assert answers.get(kept.key) == kept == answers.in_message(7, 55)
    assert [place.hit(rank, archive.article) for rank, place in enumerate(kept.places, 1)] == list(answer.hits)
    secret = Answer("很私密的问题", 1.0, Filters(), answer.hits)
    answers.keep(secret, 7, 1, Scope())
    assert not any("私密".encode() in file.read_bytes() for file in tmp_path.iterdir())


def test_changed_article_is_noticed(database: Database) -> None:
    kept = Answers(database, Clock(), 1000).keep(FakeArchive().ask("bridge"), 7, 1, Scope())
    changed = FakeArchive().article("ferry")
    assert kept.places[0].hit(1, lambda _: changed) is None
    assert kept.places[0].hit(1, lambda _: None) is None


def test_answers_expire(database: Database) -> None:
    clock = Clock()
    answers = Answers(database, clock, 1000)
    kept = answers.keep(FakeArchive().ask("bridge"), 7, 1, Scope())
    clock.now += 1001
    assert answers.get(kept.key) is None
    clock.now += 4000
    answers.keep(FakeArchive().ask("ferry"), 7, 1, Scope())
    assert database.row("SELECT COUNT(*) FROM answers") == (1,)


def test_updates_are_taken_once_and_left_until_done(tmp_path: Path) -> None:
    database = Database(tmp_path)
    inbox = Inbox(database, Clock())
    assert [inbox.take(number, f"body {number}") for number in (3, 1, 2, 3)] == [True, True, True, False]
    inbox.done(1)
    assert inbox.take(1, "another under an old number")
    inbox.done(1)
    assert inbox.take(1, "body 1")
    inbox.done(1)
    database = _again(tmp_path, database)
    inbox = Inbox(database, Clock())
    assert inbox.left() == [(2, "body 2"), (3, "body 3")]
    assert not inbox.take(1, "body 1")
    database.close()
    assert b"body 1" not in (tmp_path / "bot.sqlite").read_bytes()


def test_invitation_lets_one_person_in_once(database: Database) -> None:
    clock = Clock()
    invitations = Invitations(database, clock)
    code, late = invitations.make(), invitations.make()
    assert not invitations.accept("guess", 1)
    assert invitations.accept(code, 1)
    assert not invitations.accept(code, 2)
    assert invitations.is_invited(1)
    clock.now += 90_000
    assert not invitations.accept(late, 2)
    assert not invitations.is_invited(2)


def test_judged_right_becomes_questions(database: Database) -> None:
    feedback = Feedback(database, Clock())
    given = [
        ("q1", "a", "x", "right"),
        ("q1", "b", "y", "right"),
        ("q2", "a", "x", "not-relevant"),
        ("q3", "c", "z", "wrong-date"),
    ]
    given += [("q4", "a", "x", "not-relevant"), ("q4", "b", "y", "unanswerable"), ("q1", "b", "y", "unanswerable")]
    for number, (question, article, quote, verdict) in enumerate(given):
        feedback.add(Judgement(1, f"key{number}", question, article, quote, verdict, answered=True))
    feedback.add(Judgement(1, "key3", "q3", "c", "z", "right", answered=True))
    assert feedback.counts() == {"not-relevant": 2, "right": 3, "unanswerable": 2}
    wrong = {"article": "a", "quote": "x", "verdict": "not-relevant"}
    decided, undecided = question_records(feedback.judgements())
    assert decided == [
        {"id": "judged-0001", "question": "q1", "articles": ["a", "b"], "answers": ["x", "y"], "judged": []},
        {"id": "judged-0003", "question": "q4", "articles": [], "answers": [], "judged": [wrong]},
        {"id": "judged-0004", "question": "q3", "articles": ["c"], "answers": ["z"], "judged": []},
    ]
    assert undecided == [{"id": "judged-0002", "question": "q2", "judged": [wrong]}]


def test_memory_of_the_first_format_is_taken_over(tmp_path: Path) -> None:
    old = sqlite3.connect(tmp_path / "bot.sqlite")
    old.executescript(
        "CREATE TABLE scopes (chat INTEGER, user INTEGER, since TEXT, until TEXT, source TEXT, PRIMARY KEY (chat, user));"
        "CREATE TABLE answers (key TEXT PRIMARY KEY, chat INTEGER, user INTEGER, message INTEGER, created REAL, body TEXT);"
        "INSERT INTO scopes VALUES (7, 1, '2022', NULL, 'A'); INSERT INTO answers VALUES ('k', 7, 1, 5, 9e9, '{}');"
        "PRAGMA user_version = 1;"
    )
    old.close()
    database = Database(tmp_path)
    assert People(database).scope(7, 1) == Scope(Filters("2022", None, "A"))
    assert Answers(database, Clock(), 1000).get("k") is None
    database.close()


def test_other_formats_are_refused(tmp_path: Path) -> None:
    database = Database(tmp_path)
    database.change("PRAGMA user_version = 99")
    database.close()
    with pytest.raises(ChuchuError, match="format 99"):
        Database(tmp_path)


def test_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ChuchuError, match="CHUCHU_TELEGRAM_STATE"):
        Database(tmp_path / "file")
