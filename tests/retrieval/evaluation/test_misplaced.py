"""Question sets with mistakes in them: answers that their articles do not have, and articles that are not named."""

import pytest

from retrieval.evaluation.outcomes import FoundPassage, Outcome, holds_answer, misplaced_answers
from retrieval.evaluation.questions import Question
from retrieval.values import Article
from tests.bot.telegram.fakes import FakeArchive


@pytest.mark.parametrize(
    ("answers", "articles", "is_misplaced"),
    [
        (("nowhere in it",), ("bridge",), True),
        (("nowhere in it",), ("absent",), False),
        ((), ("bridge",), False),
        (("nowhere in it",), (), False),
    ],
)
def test_answers_that_stand_nowhere(answers: tuple[str, ...], articles: tuple[str, ...], *, is_misplaced: bool) -> None:
    question = Question("q", "?", articles, answers)
    assert misplaced_answers(FakeArchive(), [question]) == ["q"] * is_misplaced


def test_an_answer_that_is_there_in_other_forms_is_not_misplaced() -> None:
    article = FakeArchive().article("bridge")
    assert isinstance(article, Article)
    question = Question("q", "?", ("absent", "bridge"), (article.text[:6].upper(),))
    assert misplaced_answers(FakeArchive(), [question]) == []


@pytest.mark.parametrize(
    ("article", "text", "holds"), [("b", "花了２亿", True), ("a", "花了2亿", False), ("b", "没花", False)]
)
def test_another_article_that_holds_the_answer(article: str, text: str, *, holds: bool) -> None:
    question = Question("q", "?", ("a",), ("2亿",))
    found = FoundPassage(article, None, None, text)
    outcome = Outcome(question, {}, answered=True, confidence=0.9, rank=None, found=found, marks={}, latency_ms=1.0)
    assert holds_answer(outcome) is holds
