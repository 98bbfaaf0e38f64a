from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.text.dates import find_dates

WRITTEN = {
    "2022-04-14 17:37:00": "2022-04-14T17:37:00",
    "2022-04-14T17:37:00+08:00": "2022-04-14T17:37:00+08:00",
    "2022-04-14T09:37:00.123Z": "2022-04-14T09:37:00Z",
    "2022/4/14": "2022-04-14",
    "2022.4.14": "2022-04-14",
    "2022. 4. 14.": "2022-04-14",
    "2022 - 04 - 14": "2022-04-14",
    "2022-04": "2022-04",
    "２０２２年４月１４日": "2022-04-14",
    "2021年11月26日": "2021-11-26",
    "2021 年 11 月 26 日 15：17": "2021-11-26T15:17",
    "2021年11月26号": "2021-11-26",
    "2021年11月26日(周五) 下午3:17": "2021-11-26T15:17",
    "2021年11月26日 星期五 15时17分": "2021-11-26T15:17",
    "2021年11月26日凌晨12:05": "2021-11-26T00:05",
    "二〇二〇年二月": "2020-02",
    "二零二一年十一月二十六日": "2021-11-26",
    "二○一九年": "2019",
    "2020年": "2020",
    "民國111年4月14日": "2022-04-14",
    "中華民國一百一十一年四月十四日": "2022-04-14",
    "令和4年4月14日": "2022-04-14",
    "令和元年5月1日": "2019-05-01",
    "昭和64年1月7日": "1989-01-07",
    "2022年4月14日 午後5時37分": "2022-04-14T17:37",
    "2022년 4월 14일 오후 5:37": "2022-04-14T17:37",
    "March 14, 2023": "2023-03-14",
    "Mar. 14 2023": "2023-03-14",
    "14 Mar 2023": "2023-03-14",
    "14-Mar-2023": "2023-03-14",
    "14th of March, 2023": "2023-03-14",
    "MARCH 14, 2023": "2023-03-14",
    "March 14, 2023 at 5:37 PM": "2023-03-14T17:37",
    "March 14, 2023, 12:05 a.m.": "2023-03-14T00:05",
    "Sept. 3, 2023": "2023-09-03",
    "March 2023": "2023-03",
    "14 March 2023 17:37 GMT": "2023-03-14T17:37Z",
    "14.04.2022": "2022-04-14",
    "14. April 2022": "2022-04-14",
    "14 avril 2022": "2022-04-14",
    "14 de abril de 2022": "2022-04-14",
    "14 апреля 2022": "2022-04-14",
    "2023-04-13 HKT 18:20": "2023-04-13T18:20+08:00",
    "Thu 2 Nov 2023 15.20 GMT": "2023-11-02T15:20Z",
    "6:30 p.m. Sept. 8, 2022": "2022-09-08T18:30",
    "111-09-06": "2022-09-06",
    "25/12/2022": "2022-12-25",
    "12/25/2022": "2022-12-25",
    "2022 04/ 14 17:37:00": "2022-04-14T17:37:00",
    "4 févr. 2022": "2022-02-04",
    "4 de dic de 2022": "2022-12-04",
    "4 kwietnia 2022": "2022-04-04",
    "4 Nisan 2022": "2022-04-04",
    "4 april 2022": "2022-04-04",
    "4 huhtikuuta 2022": "2022-04-04",
    "٤ أبريل ٢٠٢٢": "2022-04-04",
    "4 tháng 3 năm 2022": "2022-03-04",
}
# A language that writes the day first, known by the words next to the date.
DAY_FIRST = ["Publié le 03/04/2022", "Domingo, 03/04/2022", "Thứ hai, 3/4/2022, 19:50 (GMT+7)", "03/04/2022 às 10h12"]


@pytest.mark.parametrize("text", DAY_FIRST)
def test_a_language_that_writes_the_day_first_is_believed(text: str) -> None:
    assert [(mention.iso or "")[:10] for mention in find_dates(text)] == ["2022-04-03"]


@pytest.mark.parametrize(("text", "iso"), WRITTEN.items())
def test_reads_every_notation(text: str, iso: str) -> None:
    (mention,) = find_dates(text)
    assert mention.iso == iso
    assert mention.has_time == ("T" in iso)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("新华社北京4月14日电", (4, 14, None)),
        ("十二月三十一日,", (12, 31, None)),
        ("LONDON, March 14 (Reuters)", (3, 14, None)),
        ("04-14 17:37", (4, 14, "17:37")),
        ("2月29日", (2, 29, None)),
        ("5/15(土) 10:02配信", (5, 15, "10:02")),
    ],
)
def test_a_day_without_a_year_has_no_iso_until_the_year_is_given(text: str, parts: tuple[int, int, str | None]) -> None:
    (mention,) = find_dates(text)
    assert (mention.month, mention.day, mention.time) == parts
    assert mention.iso is None
    completed = mention.in_year(2020).iso
    assert completed is not None
    assert completed.startswith(f"2020-{parts[0]:02d}-{parts[1]:02d}")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "03/04/2022",  # April or March
        "2022-02-30",
        "2022年13月1日",
        "电话029-33765110",
        "192.168.2022.1",
        "比分 3-2",
        "16年来首次",
        "农历四月十四日",
        "農曆正月初一",
        "may 14 people come",
        "2022.4.14.1",
        "共有2020份",
        "1,023 May",
        "2020年间",
        "111-9-6",
        "电话 120-10-10-33",
    ],
)
def test_finds_nothing_where_no_date_is_certain(text: str) -> None:
    assert find_dates(text) == []


def test_finds_several_in_order_with_their_spans() -> None:
    text = "【发表时间:2020/2/25】 更新:2020年3月1日,原载 Feb 3, 2019。"
    mentions = find_dates(text)
    assert [m.iso for m in mentions] == ["2020-02-25", "2020-03-01", "2019-02-03"]
    assert [text[slice(*m.span)] for m in mentions] == ["2020/2/25", "2020年3月1日", "Feb 3, 2019"]


@given(st.dates(min_value=date(1000, 1, 1), max_value=date(2999, 12, 31)))
def test_every_day_of_the_calendar_is_read_back(day: date) -> None:
    for text in (f"{day}", f"{day.year}年{day.month}月{day.day}日", f"{day.year}/{day.month}/{day.day}"):
        assert [m.iso for m in find_dates(text)] == [str(day)]


@given(st.text(alphabet="0123456789年月日號-/.: 民國令和元二十〇MarchmayT+", max_size=40))
def test_spans_are_ordered_inside_the_text_and_apart(text: str) -> None:
    end = 0
    for mention in find_dates(text):
        assert end <= mention.span[0] < mention.span[1] <= len(text)
        end = mention.span[1]


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("julio de 2023", "2023-07"),
        ("1 de mayo del 2020", "2020-05-01"),
        ("в июле 2023 года", "2023-07"),
        ("у липні 2021", "2021-07"),
        ("w lipcu 2022", "2022-07"),
        ("v červenci 2022", "2022-07"),
        ("τον Ιούλιο 2022", "2022-07"),
        ("15 जुलाई 2023", "2023-07-15"),
        ("كانون الثاني 2022", "2022-01"),
        ("3 กรกฎาคม พ.ศ. 2566", "2023-07-03"),
        ("กรกฎาคม 2023", "2023-07"),
        ("tháng 12/2021", "2021-12"),
        ("tháng 7 năm 2023", "2023-07"),
    ],
)
def test_months_as_further_languages_decline_them(text: str, iso: str) -> None:
    assert [mention.iso for mention in find_dates(text)] == [iso]
