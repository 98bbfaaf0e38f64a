"""The field's measures against worked examples."""

from math import log2

import pytest

from retrieval.evaluation.outcomes import first_right, places_of, ranking_marks
from tests.retrieval.evaluation.fakes import hit


def singles(ids: str) -> list[tuple[str, ...]]:
    return [(article_id,) for article_id in ids]


@pytest.mark.parametrize(
    ("ranking", "relevant", "successes", "reciprocal"),
    [
        ("abcd", "a", (1, 1, 1), 1),
        ("abcd", "c", (0, 1, 1), 1 / 3),
        ("abcd", "d", (0, 0, 1), 1 / 4),
        ("abcdefghijk", "j", (0, 0, 1), 1 / 10),
        ("abcdefghijk", "k", (0, 0, 0), 0),  # the eleventh place is past every cut-off
        ("abcd", "z", (0, 0, 0), 0),
        ("", "a", (0, 0, 0), 0),
        ("abcd", "dc", (0, 1, 1), 1 / 3),  # the first right one counts
    ],
)
def test_success_and_reciprocal_rank(
    ranking: str, relevant: str, successes: tuple[int, int, int], reciprocal: float
) -> None:
    marks = ranking_marks(singles(ranking), tuple(relevant))
    assert (marks["success@1"], marks["success@3"], marks["success@10"]) == successes
    assert marks["MRR@10"] == pytest.approx(reciprocal)


def test_ndcg_of_two_relevant_articles_at_places_two_and_four() -> None:
    gained = 1 / log2(3) + 1 / log2(5)
    best = 1 / log2(2) + 1 / log2(3)
    assert ranking_marks(singles("yaxb"), ("a", "b"))["nDCG@10"] == pytest.approx(gained / best)


def test_ndcg_counts_a_relevant_article_that_was_not_found() -> None:
    best = 1 / log2(2) + 1 / log2(3) + 1 / log2(4)
    assert ranking_marks(singles("ax"), ("a", "b", "c"))["nDCG@10"] == pytest.approx(1 / best)


def test_hits_of_one_article_take_one_place() -> None:
    assert places_of([hit("a"), hit("a"), hit("b"), hit("a"), hit("c")]) == singles("abc")


def test_articles_that_a_hit_is_also_in_stand_at_its_place() -> None:
    ranking = places_of([hit("a", also=["b"]), hit("b"), hit("c", also=["a", "d"])])
    assert ranking == [("a", "b"), ("c", "d")]
    assert [first_right(ranking, wanted) for wanted in (["b"], ["d"], ["b", "d"], ["e"], [])] == [1, 2, 1, None, None]
    assert ranking_marks(ranking, ("d",))["MRR@10"] == 0.5


def test_two_relevant_articles_in_one_hit_are_as_good_as_it_gets() -> None:
    assert ranking_marks([("a", "b"), ("c",)], ("a", "b"))["nDCG@10"] == pytest.approx(1)
