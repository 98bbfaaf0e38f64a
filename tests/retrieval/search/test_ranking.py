from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.search import rank as fusion
from retrieval.search.candidates import Candidate
from retrieval.search.question import Moment, Query, Stage
from retrieval.search.rank import Days, Ranked, apart, ranked, with_dates
from retrieval.values import Filters


def candidate(passage: int, article: int, similarity: float, words: float = 0.0) -> Candidate:
    return Candidate(passage, article, (0, 10), ((0, 10),), (similarity,), words)


def day(*numbers: int) -> Days:
    return date(*numbers).toordinal(), date(*numbers).toordinal()


def order(
    candidates: list[Candidate], days: dict[int, Days | None], stories: dict[int, int] | None = None
) -> list[int]:
    return [item.candidate.passage for item in ranked(candidates, days, stories or {number: number for number in days})]


def test_better_evidence_comes_first() -> None:
    found = [candidate(1, 1, 0.1), candidate(2, 2, 0.3), candidate(3, 3, 0.1, words=0.7)]
    assert order(found, dict.fromkeys((1, 2, 3))) == [2, 3, 1]


def test_equal_evidence_orders_newest_first_and_undated_last() -> None:
    found = [candidate(number, number, 0.2) for number in (1, 2, 3)]
    assert order(found, {1: None, 2: day(2020, 1, 1), 3: day(2023, 1, 1)}) == [3, 2, 1]


@pytest.mark.parametrize(("similarity", "first"), [(0.27, 2), (0.1, 1)])
def test_where_the_newest_is_asked_for_it_comes_before_what_has_about_as_much_evidence(
    similarity: float, first: int
) -> None:
    found = [candidate(1, 1, 0.31), candidate(2, 2, similarity)]
    days: dict[int, tuple[int, int] | None] = {1: day(2023, 1, 1), 2: day(2023, 1, 2)}
    assert ranked(found, days, {1: 1, 2: 2}, Moment(Stage.NEWEST))[0].candidate.passage == first
    assert order(found, days) == [1, 2]


def test_ties_are_stable() -> None:
    found = [candidate(number, number, 0.2) for number in (3, 1, 2)]
    assert order(found, dict.fromkeys((1, 2, 3))) == [1, 2, 3]


def test_a_story_is_told_once_by_its_best_telling() -> None:
    found = [candidate(1, 1, 0.2), candidate(2, 2, 0.3), candidate(3, 2, 0.25), candidate(4, 3, 0.1)]
    assert order(found, dict.fromkeys((1, 2, 3)), {1: 7, 2: 7, 3: 9}) == [2, 3, 4]


@given(st.lists(st.tuples(st.integers(1, 4), st.floats(0.0, 0.5)), max_size=12))
@settings(deadline=None)
def test_further_passages_of_an_article_are_shown_below_the_first_ones(drawn: list[tuple[int, float]]) -> None:
    found = [candidate(number, article, value) for number, (article, value) in enumerate(drawn)]
    ordered = ranked(found, dict.fromkeys(range(1, 5)), {number: number for number in range(1, 5)})
    shown = apart(ordered)
    assert sorted(item.candidate.passage for item in shown) == list(range(len(drawn)))
    assert shown[:1] == ordered[:1]
    for place, item in enumerate(shown):
        further = item.candidate.article in {other.candidate.article for other in shown[:place]}
        after = shown[place + 1 :]
        news = [
            other
            for other in after
            if other.candidate.article not in {each.candidate.article for each in shown[:place]}
        ]
        if further and news:
            assert news[0].score < 0.85 * item.score, "another article with about as much evidence comes first"


def test_no_article_fills_the_first_places_while_others_answer() -> None:
    found = [candidate(number, 1, 0.5 - number / 100) for number in range(1, 6)] + [candidate(9, 2, 0.4)]
    assert order(found, dict.fromkeys((1, 2))) == [1, 2, 9, 3, 4, 5]


def test_what_does_not_answer_pushes_nothing_down() -> None:
    found = [candidate(number, 1, 0.5 - number / 100) for number in range(1, 5)] + [candidate(9, 2, 0.1)]
    assert order(found, dict.fromkeys((1, 2))) == [1, 2, 3, 4, 9]


def preferences(query: Query, days: dict[int, Days | None]) -> list[float]:
    return [item.preference for item in with_dates([candidate(n, n, 0.2) for n in days], days, query)]


def test_an_article_of_the_days_told_is_preferred_and_of_soon_after() -> None:
    query = Query("去年", Filters(), preferred=(date(2021, 1, 1).toordinal(), date(2021, 12, 31).toordinal()))
    inside, soon, late, before = preferences(
        query, {1: day(2021, 5, 1), 2: day(2022, 1, 20), 3: day(2022, 8, 1), 4: day(2020, 12, 31)}
    )
    assert inside == soon > late == before == 0


def test_under_a_date_filter_undated_articles_rank_below() -> None:
    assert preferences(Query("q", Filters(since="2021")), {1: None})[0] < 0
    assert preferences(Query("q", Filters(source="甲报")), {1: None}) == [0.0]


def test_age_counts_where_the_newest_is_asked_for() -> None:
    newest, old, older = preferences(
        Query("目前", Filters(), moment=Moment(Stage.NEWEST)),
        {1: day(2024, 1, 1), 2: day(2022, 1, 1), 3: day(1999, 1, 1)},
    )
    assert newest == 0 > old > older


def test_the_score_is_the_sum_of_what_is_explained() -> None:
    one = candidate(1, 1, 0.3, words=0.5)
    assert Ranked.of(one, 1, None).score == pytest.approx(sum(fusion.shares(one).values()))
