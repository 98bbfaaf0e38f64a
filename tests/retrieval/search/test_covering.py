"""Hits of several parts in one order."""

import pytest

from retrieval.search.several import covering, key_of
from retrieval.values import Article, Hit


def hits(*named: tuple[str, float], answered: float | None = None) -> list[Hit]:
    read = {} if answered is None else {"answered": answered}
    return [
        Hit(place, score, name, (0, len(name)), (0, len(name)), Article(name, name), explanation=read)
        for place, (name, score) in enumerate(named, 1)
    ]


def names(ordered: list[Hit]) -> list[str]:
    return [hit.article.id for hit in ordered]


def test_each_part_comes_first_once_and_the_part_in_doubt_shows_more() -> None:
    certain = hits(("bridge", 0.9), ("road", 0.3), ("ferry", 0.2))
    doubtful = hits(("typhoon a", 0.5), ("typhoon b", 0.45), ("typhoon c", 0.44))
    assert names(covering([certain, doubtful, []], 2)) == [
        "bridge", "typhoon a", "typhoon b", "typhoon c", "road", "ferry",
    ]  # fmt: skip


def test_what_answers_two_parts_goes_before_what_answers_one() -> None:
    one, other = hits(("bridge", 0.9), ("both", 0.89)), hits(("school", 0.9), ("both", 0.88))
    assert names(covering([one, other, []], 2))[:1] == ["both"]


def test_a_hit_that_is_timely_weighs_more() -> None:
    own = hits(("first", 0.5), ("second", 0.45), ("third", 0.44))
    third = frozenset({key_of(own[2])})
    assert names(covering([own, []], 1)) == ["first", "second", "third"]
    assert names(covering([own, []], 1, third)) == ["first", "third", "second"]


@pytest.mark.parametrize("score", [0.0, -0.1])
def test_hits_without_evidence_are_all_there(score: float) -> None:
    own = hits(("a", score), ("b", score), ("c", score))
    assert names(covering([own, hits(("d", 0.5))], 1))[0] == "a"
    assert sorted(names(covering([own, hits(("d", 0.5))], 1))) == ["a", "b", "c", "d"]


def test_every_hit_stands_there_once() -> None:
    own, whole = hits(("a", 0.5), ("b", 0.4)), hits(("b", 0.4), ("c", 0.3))
    assert names(covering([own, whole], 1)) == ["a", "b", "c"]
