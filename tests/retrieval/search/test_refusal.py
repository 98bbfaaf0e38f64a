from dataclasses import replace
from typing import Any

import pytest

from retrieval.search.candidates import Candidate
from retrieval.search.judge import THRESHOLD, contributions, pointing, probability
from retrieval.search.precedence import by_title_or_codes
from retrieval.search.question import Query
from retrieval.search.rank import Ranked
from retrieval.values import Article, Filters, Refusal, RefusalKind

COVERAGE = (63, "2019-03-01", "2024-06-05T08:00")
NEAREST = Article("a.txt", "正文", title="新桥通车", published="2023-04-29T10:00")


def confidence(question: str, passage: str, found: list[Ranked]) -> float:
    return probability(contributions(question, Article("a", passage), found))


def found(similarity: float, words: float, next_similarity: float = 0.0) -> list[Ranked]:
    best = Candidate(1, 1, (0, 4), ((0, 4),), (similarity,), words)
    other = Candidate(2, 2, (0, 4), ((0, 4),), (next_similarity,), 0.0)
    return [Ranked.of(best, 1, None), Ranked.of(other, 2, None)]


def test_confidence_grows_with_the_evidence() -> None:
    assert (
        confidence("桥多长", "桥长三米", found(0.25, 0.9))
        > THRESHOLD
        > confidence("桥多长", "桥长三米", found(0.02, 0.2))
    )
    assert confidence("桥多长", "桥长三米", found(0.2, 0.5)) > confidence("桥多长", "桥长三米", found(0.2, 0.5, 0.19))


@pytest.mark.parametrize(
    ("typed", "is_title"),
    [
        ("🙂", False), ("……", False), ("新桥 通车！", True), ("“新桥通车”，是怎么回事？", True),
        ("What is known about “新桥通车”?", True), ("新桥通车讲了什么", True), ("新桥通车花了多少钱", False),
    ],
)  # fmt: skip
def test_only_a_title_with_letters_is_the_question(typed: str, is_title: bool) -> None:
    articles = {1: Article("a", "正文正文", title="——！"), 2: Article("b", "正文正文", title="新桥通车")}
    no_index: Any = None
    first, _, said = by_title_or_codes(no_index, Query(typed, Filters(), typed=typed), found(0.2, 0.5), articles)
    assert said.keys() == ({"title"} if is_title else set())
    assert first[0].candidate.article == (2 if is_title else 1)


def test_another_telling_of_the_same_story_is_no_rival() -> None:
    first, second = found(0.2, 0.5, 0.2)
    copy = Ranked.of(second.candidate, first.story, None)
    assert confidence("桥多长", "桥长", [first, copy]) > confidence("桥多长", "桥长", [first, second])


def test_a_missing_date_says_nothing_of_whether_a_hit_answers() -> None:
    undated = [replace(item, candidate=replace(item.candidate, preference=-2.0)) for item in found(0.25, 0.9)]
    assert confidence("桥多长", "桥长三米", undated) == pytest.approx(
        confidence("桥多长", "桥长三米", found(0.25, 0.9))
    )


def test_a_refusal_says_what_the_archive_covers_and_what_came_nearest() -> None:
    said = str(Refusal(RefusalKind.UNKNOWN, Filters(), *COVERAGE, NEAREST))
    assert "63 articles, 2019-03-01 to 2024-06-05" in said
    assert "「新桥通车」, 2023-04-29" in said


def test_an_empty_range_says_so_and_what_to_change() -> None:
    said = str(Refusal(RefusalKind.FILTERED, Filters(since="2024-03", until="2024-03"), *COVERAGE, NEAREST))
    assert said.startswith("nothing since 2024-03 until 2024-03; ")
    assert "2023-04-29" in said
    assert "take off the filter" in said


@pytest.mark.parametrize(
    ("question", "points"),
    [
        ("它花了多少钱？", True),
        ("那损失多少呢？", True),
        ("他们是谁？", True),
        ("when was that?", True),
        ("How much did it cost?", True),
        ("门票多少？", False),
        ("那座桥花了多少钱？", False),
        ("它们在沄州大桥下面停了多久？", False),
        ("Is there water on Mars?", False),
        ("跃鲤大桥花了多少钱？", False),
        ("为什么罢免他？", True),
        ("Who founded it?", True),
        # what a question begins with is its subject
        ("火星它有多大？", False),
        ("Mars where is it?", False),
        ("它们花了多少？", True),
        ("他用了几天？", True),
        ("其他的呢？", True),
        ("Who lived there?", True),
        # the word that points is a part of a name, or points to nothing
        ("吉他多少钱？", False),
        ("马耳他有多少人？", False),
        ("维他命是什么？", False),
        ("那曲在哪？", False),
        ("How many pandas are there?", False),
        ("Is there a metro?", False),
    ],
)
def test_what_only_points_to_its_subject_is_answered_by_nothing(question: str, points: bool) -> None:
    assert bool(pointing(question)) is points
    assert all(value < -10 for value in pointing(question).values())
