"""What a question comes to."""

from datetime import date

import pytest

from retrieval.errors import QuestionError
from retrieval.evaluation import Failure, Outcome, Question, evaluate, missing_articles
from retrieval.values import Answer, Article
from tests.retrieval.evaluation.fakes import FakeArchive, answer, hit


def outcome_of(question: Question, given: Answer, *articles: Article) -> Outcome:
    (only,) = evaluate(FakeArchive({question.question: given}, articles), [question])
    return only


ASKED = Question("q", "多少？", ("a",), ("３７齣",))


def test_answer_at_3_looks_into_the_first_three_passages_of_any_article() -> None:
    third = answer(hit("x"), hit("y"), hit("z", "共37出戏"))
    fourth = answer(hit("x"), hit("y"), hit("z"), hit("a", "共37出戏"))
    assert outcome_of(ASKED, third).marks["answer@3"] == 1
    assert outcome_of(ASKED, fourth).marks["answer@3"] == 0


@pytest.mark.parametrize(
    ("first", "held"),
    [
        (hit("a", "共37出戏", highlight=(0, 4)), 1),
        (hit("a", "共37出戏", highlight=(0, 3)), 0),  # cut before the answer's end
        (hit("x", "共37出戏"), 0),  # another article's words
        (hit("x", "共37出戏", also=["a"]), 1),
    ],
)
def test_highlight_at_1_wants_the_answer_lit_in_a_right_article(first: object, held: int) -> None:
    assert isinstance(first, type(hit("a")))
    assert outcome_of(ASKED, answer(first)).marks["highlight@1"] == held


def test_without_answer_strings_only_the_article_is_judged() -> None:
    marks = outcome_of(Question("q", "?", ("a",)), answer(hit("a"))).marks
    assert "answer@3" not in marks
    assert "highlight@1" not in marks
    assert marks["success@1"] == 1


@pytest.mark.parametrize(
    ("articles", "answered", "first", "marks"),
    [
        (("a",), True, "a", {"answered.wrong": 0, "answered.coverage": 1, "answered.right": 1}),
        (("a",), True, "x", {"answered.wrong": 1, "answered.coverage": 1, "answered.right": 0}),
        (("a",), False, "a", {"answered.coverage": 0, "answered.right": 0, "refusal.precision": 0}),
        ((), True, "x", {"answered.wrong": 1, "refusal.recall": 0}),
        ((), False, "x", {"refusal.recall": 1, "refusal.precision": 1}),
    ],
)
def test_refusal_marks(articles: tuple[str, ...], answered: bool, first: str, marks: dict[str, float]) -> None:
    outcome = outcome_of(Question("q", "?", articles), answer(hit(first), answered=answered))
    assert {name: mark for name, mark in outcome.marks.items() if "." in name} == marks


@pytest.mark.parametrize(
    ("question", "given", "failure"),
    [
        (Question("q", "?"), answer(hit("x")), Failure.NOT_REFUSED),
        (Question("q", "?"), answer(answered=False), None),
        (ASKED, answer(hit("x"), hit("a"), answered=False), Failure.MISSED),
        (ASKED, answer(), Failure.MISSED),
        (ASKED, answer(hit("a", "37出"), answered=False), Failure.REFUSED),
        (ASKED, answer(hit("a", "其他")), Failure.UNLIT),
        (ASKED, answer(hit("a", "37出")), None),
    ],
)
def test_failures_by_kind(question: Question, given: Answer, failure: Failure | None) -> None:
    assert outcome_of(question, given).failure is failure


def test_what_was_found_is_the_first_highlight() -> None:
    outcome = outcome_of(ASKED, answer(hit("x", "甲乙丙", highlight=(1, 2)), hit("a"), total=12.5))
    assert outcome.found is not None
    assert (outcome.found.article, outcome.found.title, outcome.found.text) == ("x", "title of x", "乙")
    assert (outcome.rank, outcome.latency_ms) == (2, 12.5)


def test_slices_of_a_question() -> None:
    article = Article("a", "書", source="碧汐時報", language="zh-Hant")
    slices = outcome_of(Question("q", "2022年4月图书馆来了多少读者？", ("a",)), answer(), article).slices
    assert slices == {
        "language": "zh",
        "script": "Simplified",
        "answerable": "yes",
        "dated": "yes",
        "source": "碧汐時報",
        "across": "scripts",
    }
    english = outcome_of(Question("q", "How many of the readers came to the library?"), answer()).slices
    assert english == {"language": "en", "script": "Latin", "answerable": "no", "dated": "no"}


def test_ten_hits_are_asked_for_at_least_and_the_first_question_warms_up() -> None:
    questions = [Question("q1", "one", ("a",)), Question("q2", "two", ("a",))]
    archive = FakeArchive({"one": answer(), "two": answer()})
    done: list[int] = []
    evaluate(archive, questions, k=3, progress=done.append)
    assert archive.asked == [("one", 1), ("one", 10), ("two", 10)]
    assert done == [1, 2]


def test_every_question_is_put_on_the_day_that_is_named() -> None:
    archive = FakeArchive({"one": answer(), "two": answer()})
    questions = [Question("q1", "one", ("a",)), Question("q2", "two", ("a",))]
    evaluate(archive, questions, as_of=date(2023, 5, 1))
    assert archive.days == {date(2023, 5, 1)}


def test_a_question_that_cannot_be_asked_is_named() -> None:
    class Refusing(FakeArchive):
        def ask(self, question: str, *, k: int, as_of: date | None = None) -> Answer:
            raise QuestionError("too long")

    with pytest.raises(QuestionError, match="question q7: too long"):
        evaluate(Refusing({}), [Question("q7", "?")])


def test_articles_that_the_archive_lacks_are_named_once() -> None:
    questions = [Question("1", "?", ("a", "b")), Question("2", "?", ("b", "c"))]
    assert missing_articles(FakeArchive({}, [Article("a", "text")]), questions) == ["b", "c"]
