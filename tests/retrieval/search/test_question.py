from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from retrieval.errors import QuestionError, SettingsError
from retrieval.search import part_query, understood
from retrieval.search.measures import when
from retrieval.search.parts import Asking, Cut, Relation
from retrieval.search.question import Stage, parse, written_out
from retrieval.search.several import of_all
from retrieval.search.when import make_filters, parse_day
from retrieval.values import Ask, Filters

TODAY = date(2024, 6, 5)
SOURCES = ("人民网", "沄江晚报")


def test_a_date_of_publishing_becomes_a_filter() -> None:
    query = parse("2022年4月的报道里，新桥花了多少钱？", Filters(), today=TODAY)
    assert (query.filters.since, query.filters.until) == ("2022-04-01", "2022-04-30")
    assert query.understood


def test_a_date_told_by_the_question_is_only_preferred() -> None:
    query = parse("图书馆2021年接待了多少读者？", Filters(), today=TODAY)
    assert query.filters == Filters()
    assert query.preferred == (date(2021, 1, 1).toordinal(), date(2021, 12, 31).toordinal())


@pytest.mark.parametrize(
    ("question", "understood"),
    [
        ("上个月的灯会来了多少人？", "上个月 → 2024-05-01…2024-05-31"),
        ("去年夏天涨水淹了几户？", "去年夏天 → 2023-06-01…2023-08-31"),
        ("3月8日哪座桥通车？", "3月8日 → 2024-03-08 (year assumed)"),
        ("How many boats sank last month?", "last month → 2024-05-01…2024-05-31"),
        ("2021年3月哪座桥通车？", None),
        ("哪座桥通车？", None),
    ],
)
def test_the_days_that_words_are_taken_for_are_shown(question: str, understood: str | None) -> None:
    query = parse(question, Filters(), today=TODAY)
    assert query.understood == understood
    assert query.filters == Filters()


@pytest.mark.parametrize(
    ("question", "bare"),
    [
        ("上个月的灯会来了多少人？", "灯会来了多少人？"),
        ("3月8日哪座桥通车？", "哪座桥通车？"),
        ("据人民网报道，上周哪座桥通车？", "哪座桥通车？"),
        ("Which bridge opened last week?", "Which bridge opened?"),
        ("去年的灯会来了多少人？", ""),
        ("灯会来了多少人？", ""),
        ("上个月的报道里，灯会来了多少人？", ""),
    ],
)
def test_the_days_of_few_are_left_out_of_what_their_news_is_read_for(question: str, bare: str) -> None:
    assert parse(question, Filters(), sources=SOURCES, today=TODAY).read_in_time == bare


def test_a_source_becomes_a_filter_in_either_script() -> None:
    query = parse("據人民網報道，新橋花了多少錢？", Filters(), sources=SOURCES, today=TODAY)
    assert query.filters.source == "人民网"
    assert "人民" not in query.text


def test_given_filters_win_over_understood_ones() -> None:
    given = Filters(since="2020", source="沄江晚报")
    query = parse("据人民网2022年4月报道，新桥花了多少钱？", given, sources=SOURCES, today=TODAY)
    assert (query.filters.since, query.filters.source) == ("2020", "沄江晚报")


def test_literally_nothing_is_read_out() -> None:
    question = "据人民网2022年4月报道，新桥花了多少钱？"
    query = parse(question, Filters(), sources=SOURCES, today=TODAY, is_literal=True)
    assert (query.text, query.filters, query.preferred, query.understood) == (question, Filters(), None, None)


@pytest.mark.parametrize(
    ("question", "expected"), [("目前有多少读者？", True), ("What is the latest count?", True), ("有多少读者？", False)]
)
def test_how_things_stand(question: str, *, expected: bool) -> None:
    assert parse(question, Filters(), today=TODAY).is_latest is expected


@pytest.mark.parametrize("question", ["", " 　\n", "问" * 2_001])
def test_questions_that_cannot_be_asked(question: str) -> None:
    with pytest.raises(QuestionError):
        parse(question, Filters(), today=TODAY)


def test_dates_of_filters_are_checked() -> None:
    assert make_filters("2022", "", "") == Filters(since="2022")
    with pytest.raises(SettingsError, match="until"):
        make_filters(until="someday")
    assert parse_day("2022-04-14") == date(2022, 4, 14)
    assert parse_day(None) is None
    with pytest.raises(SettingsError, match="2022-13"):
        parse_day("2022-13")


def test_a_range_that_holds_no_day_is_told_and_one_of_a_day_is_not() -> None:
    with pytest.raises(SettingsError, match="since 2023 and until 2022"):
        make_filters("2023", "2022")
    assert make_filters("2022-04-14", "2022") == Filters("2022-04-14", "2022")
    assert make_filters("2022", "2022-01-01") == Filters("2022", "2022-01-01")


@pytest.mark.parametrize(
    ("question", "read_for"),
    [
        ("去年谁当选县长？", "2023年谁当选县长？"),
        ("据人民网报道，去年谁当选县长？", "2023年谁当选县长？"),
        ("2021年谁当选县长？", ""),
        ("去年的报道里，新桥花了多少钱？", ""),
    ],
)
def test_hits_are_read_for_a_date_in_place_of_words_that_count_from_today(question: str, read_for: str) -> None:
    assert parse(question, Filters(), sources=SOURCES, today=TODAY).read_for == read_for


@pytest.mark.parametrize(
    ("thing", "read_for"),
    [
        ("去年的茶会", "2023年的茶会是什么时候？"),
        ("昨天的茶会", "2024年6月4日的茶会是什么时候？"),
        ("2021年的茶会", "2021年的茶会是什么时候？"),
        ("茶会", "茶会是什么时候？"),
    ],
)
def test_what_is_compared_is_read_for_the_day_that_is_meant(thing: str, read_for: str) -> None:
    index: Any = SimpleNamespace(names=(), catalogue=SimpleNamespace(dates=lambda: (None, None, 0)))
    ask = Ask(f"{thing}和灯会哪个更早？", today=TODAY)
    assert part_query(index, ask, understood(index, ask), when(thing, thing)).read_for == read_for


@pytest.mark.parametrize(
    ("question", "relation", "stage"),
    [
        # compares, and asks for no first telling
        ("新桥通车、老校搬迁和茶会开幕哪个最早？", Relation.EARLIER, None),
        ("新桥和老桥目前哪座更长？", Relation.LARGER, Stage.NEWEST),
    ],
)
def test_what_compares_by_time_asks_for_no_telling_of_its_parts(
    question: str, relation: Relation, stage: Stage | None
) -> None:
    query = parse(question, Filters(), today=TODAY)
    assert query.moment is not None
    moment = of_all(query, Cut((Asking("新桥", "新桥"), Asking("老桥", "老桥")), relation)).moment
    assert (moment and moment.stage) is stage


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("24年茶花节去了多少人", "2024年茶花节去了多少人"),
        ("98年洪水", "1998年洪水"),
        ("24年5月发生了什么", "2024年5月发生了什么"),
        ("20年的校长是谁", "2020年的校长是谁"),
        ("23年和24年的冠军是谁", "2023年和2024年的冠军是谁"),
        ("那24年呢", "那2024年呢"),
        ("25年底通车的桥", "2025年底通车的桥"),
        ("20年老店", "20年老店"),  # a time that something took
        ("70年产权到期怎么办", "70年产权到期怎么办"),
        ("50年一遇洪水是哪年", "50年一遇洪水是哪年"),
        ("14年抗战死了多少人", "14年抗战死了多少人"),
        ("26年的历史", "26年的历史"),
        ("昭和64年", "昭和64年"),
        ("85年的老桥", "1985年的老桥"),
        ("24年前的案子", "24年前的案子"),
        ("用了24年的桥", "用了24年的桥"),
        ("今年是第24年", "今年是第24年"),
        ("18年来首次", "18年来首次"),
        ("42年的老案子", "42年的老案子"),
        ("2024年5月", "2024年5月"),
    ],
)
def test_a_year_of_two_digits_is_written_out(typed: str, written: str) -> None:
    assert written_out(typed, date(2025, 6, 1)) == written
