"""What holds of every question, whatever is written in it."""

from datetime import date
from itertools import pairwise

from hypothesis import example, given, settings
from hypothesis import strategies as st

from retrieval.search.when import understand_dates
from tests.retrieval.search.test_when import CHINESE, ENGLISH, JAPANESE, NOT_DATES

_PIECES = [
    "去年",
    "今年",
    "上个月",
    "上週三",
    "昨天",
    "第三季度",
    "年底",
    "近半年",
    "最近三个月",
    "过去两年",
    "春节",
    "三月三",
    "农历",
    "正月",
    "2022年",
    "4月",
    "14日",
    "4月14日",
    "五",
    "一",
    "以来",
    "之前",
    "以后",
    "至今",
    "到",
    "和",
    "从",
    "自",
    "的",
    "报道",
    "比",
    "的新闻",
    "since",
    "before",
    "March",
    "may",
    "2022",
    "9999年",
    "1年",
    "last",
    "week",
    "3",
    "days",
    "ago",
    "end",
    "of",
    "令和4年",
    "民國111年",
    "2020-",
    "0",
    "月",
    "日",
    "年",
    "前",
    "半",
    "０",
    "百年",
    "400年前",
    "上",
    "旬",
    "初",
    "底",
    "between",
    "and",
    "Q3",
]

questions = st.one_of(
    st.text(max_size=60),
    st.lists(st.one_of(st.sampled_from(_PIECES), st.just(" ")), max_size=10).map("".join),
    st.lists(st.sampled_from([row[0] for row in [*CHINESE, *ENGLISH, *JAPANESE]] + NOT_DATES), max_size=3).map(
        " ".join
    ),
)
days = st.one_of(st.dates(date(1990, 1, 1), date(2060, 12, 31)), st.sampled_from([date.min, date.max]))


@settings(deadline=None)
@given(questions, days)
def test_since_is_not_after_until(question: str, today: date) -> None:
    reading = understand_dates(question, today)
    if reading.since and reading.until:
        assert date.fromisoformat(reading.since) <= date.fromisoformat(reading.until)


@settings(deadline=None)
@given(questions, days)
@example("2021年以来2020年以前", date(2024, 1, 1))
def test_spans_lie_in_the_question_in_order(question: str, today: date) -> None:
    reading = understand_dates(question, today)
    assert all(0 <= begin < end <= len(question) for begin, end in reading.spans)
    assert all(left[1] <= right[0] for left, right in pairwise(reading.spans))
    assert bool(reading.spans) == bool(reading.phrase) == bool(reading.since or reading.until)


@settings(deadline=None)
@given(questions, days)
def test_the_query_only_leaves_words_out(question: str, today: date) -> None:
    reading = understand_dates(question, today)
    rest = iter(question)
    assert all(character in rest for character in reading.query)
    if not reading.spans:
        assert reading.query == question


@settings(deadline=None)
@given(questions, days)
def test_reads_the_same_twice(question: str, today: date) -> None:
    assert understand_dates(question, today) == understand_dates(question, today)
