import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from telegram import Bot

from bot.live_archive import ChatScope
from bot.telegram.journal import Journal
from bot.telegram.saved_answers import AnswerKind, SavedAnswers
from bot.telegram.state import Person, RatedPassage, Script, State, question_records
from bot.words import InterfaceLanguage
from retrieval import Answer, ChuchuError, Filters
from tests.bot.telegram.fakes import FakeArchive
from tests.bot.telegram.test_journal import opened
from tests.bot.telegram.test_pace import Clock


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    state = opened(tmp_path)
    yield state
    state.close()


def _again(tmp_path: Path, state: State) -> State:
    state.close()
    return opened(tmp_path)


def test_choices_and_filters_outlive_a_restart(tmp_path: Path) -> None:
    state = opened(tmp_path)
    state.choose(1, InterfaceLanguage.TRADITIONAL)
    state.choose(1, Script.SIMPLIFIED)
    state.set_scope(-5, 1, ChatScope(Filters("2022", None, "A"), "2024-02-03"))
    state = _again(tmp_path, state)
    assert state.person(1) == Person(InterfaceLanguage.TRADITIONAL, Script.SIMPLIFIED)
    assert state.person(2) == Person()
    assert state.scope(-5, 1) == ChatScope(Filters("2022", None, "A"), "2024-02-03")
    assert state.scope(-5, 2) == state.scope(-6, 1) == ChatScope()
    state.close()


@pytest.mark.parametrize("question", ["latest bridge", "refuse bridge"])
def test_answers_come_back_word_for_word_without_their_question(tmp_path: Path, state: State, question: str) -> None:
    archive = FakeArchive()
    answer = archive.ask(question, k=3, filters=Filters("2020"))
    answers = SavedAnswers(state, 1000)
    kept = answers.save(answer, 7, 1, ChatScope(Filters("2020"), "2024-02-03", is_literal=True), kind=AnswerKind.LIST)
    answers.stands_in(kept.key, 55)
    assert answers.get(kept.key) == kept == answers.in_message(7, 55)
    assert [place.hit(rank, archive.article) for rank, place in enumerate(kept.places, 1)] == list(answer.hits)
    secret = Answer("很私密的问题", 1.0, Filters(), answer.hits)
    answers.save(secret, 7, 1, ChatScope())
    assert not any("私密".encode() in file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())


def test_changed_article_is_noticed(state: State) -> None:
    kept = SavedAnswers(state, 1000).save(FakeArchive().ask("bridge"), 7, 1, ChatScope())
    changed = FakeArchive().article("ferry")
    assert kept.places[0].hit(1, lambda _: changed) is None
    assert kept.places[0].hit(1, lambda _: None) is None


def test_answers_expire(state: State) -> None:
    clock = state.clock = Clock()
    answers = SavedAnswers(state, 1000)
    kept = answers.save(FakeArchive().ask("bridge"), 7, 1, ChatScope())
    clock.now += 1001
    assert answers.get(kept.key) is None
    clock.now += 4000
    answers.save(FakeArchive().ask("ferry"), 7, 1, ChatScope())
    assert state.row("SELECT COUNT(*) FROM answers") == (1,)


def test_updates_are_taken_once_and_left_until_done(tmp_path: Path) -> None:
    state, bot = opened(tmp_path), Bot("1:x")
    journal = Journal(state, 10)

    def take(number: int, text: str) -> bool:
        before = journal.qsize()
        journal.take({"update_id": number, "nobody_knows": text}, bot)
        return journal.qsize() > before

    assert [take(number, f"body {number}") for number in (3, 1, 2, 3)] == [True, True, True, False]
    journal.finished(1)
    assert take(1, "another under an old number")
    journal.finished(1)
    assert take(1, "body 1")
    journal.finished(1)
    state = _again(tmp_path, state)
    journal = Journal(state, 10)
    assert [(number, json.loads(body)["nobody_knows"]) for number, body in journal.left()] == [
        (2, "body 2"),
        (3, "body 3"),
    ]
    assert not take(1, "body 1")
    state.close()
    assert b"body 1" not in (tmp_path / "bot.sqlite").read_bytes()


def test_invitation_lets_one_person_in_once(state: State) -> None:
    clock = state.clock = Clock()
    code, late = state.invite(), state.invite()
    assert not state.accept("guess", 1)
    assert state.accept(code, 1)
    assert not state.accept(code, 2)
    assert state.is_invited(1)
    clock.now += 90_000
    assert not state.accept(late, 2)
    assert not state.is_invited(2)


def test_judged_right_becomes_questions(state: State) -> None:
    given = [
        ("q1", "a", "x", "right"),
        ("q1", "b", "y", "right"),
        ("q2", "a", "x", "not-relevant"),
        ("q3", "c", "z", "wrong-date"),
    ]
    given += [("q4", "a", "x", "not-relevant"), ("q4", "b", "y", "unanswerable"), ("q1", "b", "y", "unanswerable")]
    for number, (question, article, quote, verdict) in enumerate(given):
        state.rate(RatedPassage(1, f"key{number}", question, article, quote, verdict, answered=True))
    state.rate(RatedPassage(1, "key3", "q3", "c", "z", "right", answered=True))
    assert state.rating_counts() == {"not-relevant": 2, "right": 3, "unanswerable": 2}
    wrong = {"article": "a", "quote": "x", "verdict": "not-relevant"}
    decided, undecided = question_records(state.ratings())
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
    state = opened(tmp_path)
    assert state.scope(7, 1) == ChatScope(Filters("2022", None, "A"))
    assert SavedAnswers(state, 1000).get("k") is None
    state.close()


def test_memory_is_for_its_owner_alone(tmp_path: Path) -> None:
    (tmp_path / "bot.sqlite").touch(mode=0o644)
    state = opened(tmp_path)
    state.invite()
    assert {file.stat().st_mode & 0o777 for file in tmp_path.iterdir()} == {0o600, 0o700}
    state.close()


def test_other_formats_are_refused(tmp_path: Path) -> None:
    state = opened(tmp_path)
    state.change("PRAGMA user_version = 99")
    state.close()
    with pytest.raises(ChuchuError, match="format 99"):
        opened(tmp_path)


def test_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ChuchuError, match="CHUCHU_TELEGRAM_STATE"):
        opened(tmp_path / "file")


def test_what_the_format_before_left_undone_is_taken_over_and_forgotten(tmp_path: Path) -> None:
    old = sqlite3.connect(tmp_path / "bot.sqlite")
    old.executescript(
        "PRAGMA journal_mode = WAL;"
        "CREATE TABLE answers (key TEXT); CREATE TABLE updates (id INTEGER, received REAL, body TEXT, sending INTEGER);"
        """INSERT INTO updates VALUES (7, 1.0, '{"update_id": 7, "nobody_knows": "an old question"}', 0);"""
        "INSERT INTO updates VALUES (8, 1.0, NULL, 0); PRAGMA user_version = 3;"
    )
    old.close()
    state = opened(tmp_path)
    journal = Journal(state, 10)
    assert journal.replay(Bot("1:x")) == 1
    journal.finished(7)
    assert not any(b"an old question" in file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    state.close()
