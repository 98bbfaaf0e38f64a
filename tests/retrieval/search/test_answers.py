"""Answers are recalled for the same question in the same state of the archive, and never beyond their bounds."""

from dataclasses import replace
from datetime import date

import pytest

from retrieval import search as module
from retrieval.search import recent_answers
from retrieval.values import Answer, Article, Ask, Filters, Hit

ASKED = Ask("桥有多长？", today=date(2024, 5, 1))


def answer(question: str = "桥有多长？", length: int = 10) -> Answer:
    article = Article("a", "字" * length)
    hit = Hit(1, 1.0, article.text, (0, 1), (0, length), article, also_in=(article,))
    return Answer(question, 0.9, Filters(), (hit,))


def test_an_answer_is_recalled_while_the_archive_stays() -> None:
    answers, given_ = recent_answers(), answer()
    answers.keep(1, {ASKED: given_})
    assert answers.recall(1, [ASKED])[ASKED] is given_
    assert answers.recall(2, [ASKED]) == {}
    assert answers.recall(1, [ASKED]) == {}, "what was forgotten once does not come back"


@pytest.mark.parametrize(
    "other",
    [
        replace(ASKED, question="桥有多宽？"),
        replace(ASKED, k=4),
        replace(ASKED, filters=Filters(since="2022")),
        replace(ASKED, today=date(2024, 5, 2)),
        replace(ASKED, as_of=date(2024, 5, 1)),
        replace(ASKED, is_literal=True),
    ],
    ids=["question", "k", "filters", "today", "as_of", "is_literal"],
)
def test_another_question_is_not_answered_alike(other: Ask) -> None:
    answers = recent_answers()
    answers.keep(1, {ASKED: answer()})
    assert answers.recall(1, [other]) == {}


def test_the_longest_unused_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 2)
    answers = recent_answers()
    first, second, third = asked = [replace(ASKED, question=name) for name in "甲乙丙"]
    answers.keep(1, {first: answer(), second: answer()})
    assert answers.recall(1, [first])
    answers.keep(1, {third: answer()})
    assert list(answers.recall(1, asked)) == [first, third]


def test_long_articles_leave_room_for_fewer_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_CACHED_CHARACTERS", 1000)
    answers = recent_answers()
    first, second, third = asked = [replace(ASKED, question=name) for name in "甲乙丙"]
    for item, length in zip(asked, (150, 150, 1), strict=True):
        answers.keep(1, {item: answer(length=length)})
    assert list(answers.recall(1, asked)) == [second, third]
    answers.keep(1, {first: answer(length=401)})
    assert first not in answers.recall(1, asked)
