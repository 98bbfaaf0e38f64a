"""Dates as people type them after --since, --until and --as-of, and those in questions that are not filters."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.errors import SettingsError
from retrieval.search.question import parse
from retrieval.search.when import make_filters, parse_day
from retrieval.values import Filters

TODAY = date(2023, 8, 20)


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)), st.booleans())
def test_a_day_may_be_written_in_any_way(day: date, wide: bool) -> None:
    year, month, number = day.year, day.month, day.day
    for written in (
        day.isoformat(),
        f"{year}/{month}/{number}",
        f"{year}.{month:02d}.{number:02d}",
        f"{year}年{month}月{number}日",
        f"{year}-{month}-{number}",
    ):
        typed = written.translate(str.maketrans("0123456789-/.", "０１２３４５６７８９－／．")) if wide else written
        assert make_filters(since=typed, today=TODAY).since == day.isoformat()
        assert parse_day(typed, today=TODAY) == day


@pytest.mark.parametrize(
    ("typed", "since", "until", "day"),
    [
        ("2023年7月", "2023-07", "2023-07", "2023-07-31"),
        ("2023/07", "2023-07", "2023-07", "2023-07-31"),
        ("２０２３－０７", "2023-07", "2023-07", "2023-07-31"),
        ("2022", "2022", "2022", "2022-12-31"),
        ("去年", "2022-01-01", "2022-12-31", "2022-12-31"),
        ("last month", "2023-07-01", "2023-07-31", "2023-07-31"),
        ("昨天", "2023-08-19", "2023-08-19", "2023-08-19"),
    ],
)
def test_months_years_and_words_that_count_from_today(typed: str, since: str, until: str, day: str) -> None:
    assert make_filters(since=typed, today=TODAY).since == since
    assert make_filters(until=typed, today=TODAY).until == until
    assert parse_day(typed, today=TODAY) == date.fromisoformat(day)


@pytest.mark.parametrize("typed", ["someday", "2023-13", "2023年13月", "99", "2023-02-30", "什么时候"])
def test_what_is_no_date_is_named(typed: str) -> None:
    with pytest.raises(SettingsError, match="is not a date"):
        make_filters(since=typed, today=TODAY)


def query_filters(question: str, reached: date | None = None) -> Filters:
    return parse(question, Filters(), today=TODAY, reached=reached).filters


def test_what_lacks_a_year_counts_back_from_where_the_archive_ends() -> None:
    asked = "5月的报道有哪些关于桥的？"
    assert query_filters(asked) == Filters("2023-05-01", "2023-05-31")
    assert query_filters(asked, date(2024, 1, 1)) == Filters("2023-05-01", "2023-05-31")
    assert query_filters(asked, date(2021, 12, 21)) == Filters("2021-05-01", "2021-05-31")
    assert query_filters(asked, date(2021, 3, 1)) == Filters("2020-05-01", "2020-05-31")


@pytest.mark.parametrize(
    "question",
    [
        "大桥昨日起取消收费，这个新闻属实吗？",
        "“昨日起大桥取消收费，车辆免费通行”的报道在哪里？",
        "今天起取消门票，这是真的吗？",
        "2023年8月1日起实施的养犬规定禁止什么？",
        "8月1日起正式施行的条例规定了什么？",
    ],
)
def test_the_date_of_the_matter_is_no_filter(question: str) -> None:
    assert query_filters(question) == Filters()


def test_since_a_day_is_a_filter_still() -> None:
    assert query_filters("2023年5月起的降雨有多少？").since == "2023-05-01"
