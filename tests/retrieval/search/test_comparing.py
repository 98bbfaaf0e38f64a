"""What cited passages make of a comparison."""

from dataclasses import replace
from datetime import date

import pytest

from retrieval.search import Findings
from retrieval.search.happening import days_in
from retrieval.search.outcome import compare
from retrieval.search.parts import Asking, Relation
from retrieval.search.several import reported
from retrieval.values import Article, Hit, Refusal, RefusalKind


def hit(text: str, published: str | None = None, lit: str | None = None) -> Hit:
    start = text.index(lit) if lit else 0
    stop = start + len(lit or text)
    return Hit(1, 1.0, text, (start, stop), (0, len(text)), Article("a", text, published=published))


MARCH, OCTOBER = hit("2020年3月5日，大桥通车。", "2020-03-06"), hit("2020年10月23日，医院搬迁。", "2020-10-23")


def test_the_earlier_of_two_written_days_is_stated_with_the_days_between() -> None:
    told = compare(Relation.EARLIER, "早", [OCTOBER, MARCH])
    assert (told.winner, told.difference, told.unit) == (1, "232", "days")
    assert str(told) == "number 2 is earlier by 232 days: 2020-10-23 / 2020-03-05"
    assert compare(Relation.LATER, "晚", [OCTOBER, MARCH]).winner == 0


@pytest.mark.parametrize(
    ("relation", "same"), [(Relation.SAME_YEAR, True), (Relation.SAME_MONTH, False), (Relation.SAME_DAY, False)]
)
def test_same_day_month_and_year(relation: Relation, same: bool) -> None:
    assert compare(relation, "", [MARCH, OCTOBER]).same is same
    assert compare(relation, "", [MARCH, MARCH]).same is True


@pytest.mark.parametrize(
    ("text", "published", "days"),
    [
        ("大桥今日通车。", "2021-09-28", ("2021-09-28", "2021-09-28")),
        ("大桥昨天通车。", "2021-09-28", ("2021-09-27", "2021-09-27")),
        ("大桥9月3日通车。", "2021-09-28", ("2021-09-03", "2021-09-03")),
        ("大桥通车。", "2021-09-28", ("2021-09-25", "2021-09-28")),
        ("大桥通车。", "2021-09", ("2021-08-29", "2021-09-30")),
        ("2019年开工，2021年9月3日通车。", "2021-09-28", None),  # two days: which is meant is not known
        ("2021年9月3日开工，2021年9月28日通车。", "2021-09-28", ("2021-09-28", "2021-09-28")),
        ("10月28日，大桥开工。2016年检测老桥，1974年建成。", "2019-10-30", ("2019-10-28", "2019-10-28")),
        ("12月26日，铁路开通，2017年9月动工。", "2022-01-02", ("2021-12-26", "2021-12-26")),
        ("大桥通车。", None, None),
        ("2019年开工的大桥昨天通车。", "2021-09-28", ("2021-09-27", "2021-09-27")),
        ("县里昨天宣布，老船工9月25日去世。", "2021-09-28", ("2021-09-25", "2021-09-25")),
        ("县里昨天宣布两校合并。", "2021-09-28", ("2021-09-27", "2021-09-27")),
        ("大桥前晚封闭，2019年修过。", "2021-09-28", ("2021-09-26", "2021-09-26")),
        ("大桥2021年9月3日通车。", None, ("2021-09-03", "2021-09-03")),
        ("大桥去年9月3日通车。", "2021-09-28", ("2020-09-03", "2020-09-03")),
        ("大桥去年9月通车，前年3月合龙。", "2021-09-28", None),
        ("茶会9月3日至5日举行。", "2021-09-28", ("2021-09-03", "2021-09-05")),
        ("茶会12月26日举行。", "2022-01-02", ("2021-12-26", "2021-12-26")),
        ("茶会6月30日举行。", "2022-01-11", None),  # of which year is not known
        ("他说2024年可能再次参选。", "2022-04-21", None),  # what lies ahead did not happen
        ("4月21日，他说2024年可能再次参选。", "2022-04-21", ("2022-04-21", "2022-04-21")),
        ("茶会定于2021年10月3日举行。", "2021-09-28", ("2021-10-03", "2021-10-03")),
    ],
)
def test_the_days_that_a_hit_tells(text: str, published: str | None, days: tuple[str, str] | None) -> None:
    found = days_in(hit(text, published))
    assert (found and tuple(date.fromordinal(day).isoformat() for day in found)) == days


@pytest.mark.parametrize(
    ("text", "published", "answer", "days"),
    [
        ("2006年案发，17年后两人获释。", None, "17年后", None),
        ("2022年1月11日，公司说预计6月30日完成收购。", "2022-01-11", "6月30日", None),
        ("1月11日，他不认罪。2016年他当过顾问。", None, "1月11日", None),  # of which year is not known
        ("股权今日冻结，冻结至2022年10月14日。", "2019-10-15", "2022年10月14日", ("2019-10-15", "2019-10-15")),
        ("大桥2021年9月3日通车。", None, "2021年", ("2021-09-03", "2021-09-03")),
        ("奥运会推迟至2021年7月23日开幕。", "2020-03-30", "2021年7月23日", None),
        ("9月20日说，大桥提前至9月28日通车。", "2021-09-20", "9月28日", ("2021-09-28", "2021-09-28")),
        ("老桥一九七四年建成。", None, "一九七四年", ("1974-01-01", "1974-12-31")),
        ("这款饮料于2021年9月3日上市。", None, "2021年9月3日", ("2021-09-03", "2021-09-03")),
        ("The bridge opened on May 5, 2021.", None, "May 5, 2021", ("2021-05-05", "2021-05-05")),
        ("大桥今日满一岁，去年4月28日通车。", "2022-04-28", "4月28日", ("2021-04-28", "2021-04-28")),
    ],
)
def test_words_that_do_not_say_when_it_was_are_none_that_do(
    text: str, published: str | None, answer: str, days: tuple[str, str] | None
) -> None:
    start = text.index(answer)
    found = days_in(replace(hit(text, published), answer=(start, start + len(answer))))
    assert (found and tuple(date.fromordinal(day).isoformat() for day in found)) == days


@pytest.mark.parametrize(
    ("answer", "days"),
    [
        ("2021年9月3日", ("2021-09-03", "2021-09-03")),
        ("2021年", ("2021-09-03", "2021-09-03")),  # a part of a date is that date
        ("1976年5月", ("1976-05-01", "1976-05-31")),
        ("任副主席", None),  # no date: of several it is not known which is meant
        (None, None),
    ],
)
def test_the_day_that_was_read_is_the_one_meant(answer: str | None, days: tuple[str, str] | None) -> None:
    text = "任维，1976年5月生，2021年9月3日任副主席。"
    start = text.index(answer) if answer else 0
    read = replace(hit(text, "2022-01-02"), answer=(start, start + len(answer)) if answer else None)
    found = days_in(read)
    assert (found and tuple(date.fromordinal(day).isoformat() for day in found)) == days


@pytest.mark.parametrize(
    ("event", "answer", "days"),
    [
        ("开工", "2016年3月12日", ("2016-03-12", "2016-03-12")),
        ("动工", "2016年3月12日", ("2016-03-12", "2016-03-12")),  # another word for it
        ("竣工", "2016年3月12日", None),  # the day of something else
        ("成立", None, None),  # that it was reported then says nothing of it
        ("通车", None, ("2019-09-28", "2019-09-28")),
    ],
)
def test_the_day_of_the_event_that_was_asked(event: str, answer: str | None, days: tuple[str, str] | None) -> None:
    text = "大桥今日放行，2016年3月12日开工，总长一公里。" if event != "通车" else "大桥今日通车。"
    start = text.index(answer) if answer else 0
    read = replace(hit(text, "2019-09-28"), answer=(start, start + len(answer)) if answer else None)
    read = replace(read, highlight=(0, 7))
    found = days_in(read, event)
    assert (found and tuple(date.fromordinal(day).isoformat() for day in found)) == days


def test_what_overlaps_is_not_stated() -> None:
    vague, day = hit("大桥通车。", "2021-09-28"), hit("医院昨日搬迁。", "2021-09-27")
    told = compare(Relation.EARLIER, "早", [vague, day])
    assert (told.winner, told.same, told.is_stated) == (None, None, False)
    assert str(told) == "not certain from what is cited: 2021-09-25…2021-09-28 / 2021-09-26"


def test_a_part_without_a_hit_leaves_it_open() -> None:
    assert not compare(Relation.EARLIER, "早", [MARCH, None]).is_stated
    assert compare(Relation.EARLIER, "早", [MARCH, None]).values == ("2020-03-05", None)


@pytest.mark.parametrize(
    ("quality", "first", "second", "winner", "difference"),
    [
        ("长", "大桥全长2,180米，造价9.6亿元。", "主桥长1.46公里，造价5.2亿元。", 0, "720"),
        ("贵", "大桥全长2,180米，造价9.6亿元。", "主桥长1.46公里，造价5.2亿元。", 0, "440000000"),
        ("重", "这条鱼重三十斤整，即15公斤。", "石头重0.2吨。", 1, "185000"),
        ("长", "大橋全長3,460公尺。", "主桥长1.46公里。", 0, "2000"),
        ("贵", "總經費39.5億元。", "造价9.6亿元。", 0, "2990000000"),
        ("多", "有800张床位。", "有七百五十张床位。", 0, "50"),
    ],
)
def test_the_larger_of_two_figures_with_one_unit(
    quality: str, first: str, second: str, winner: int, difference: str
) -> None:
    told = compare(Relation.LARGER, quality, [hit(first), hit(second)])
    assert (told.winner, told.difference) == (winner, difference)
    assert compare(Relation.SMALLER, quality, [hit(first), hit(second)]).winner == 1 - winner


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("长30米，另一座长40米。", "长50米。"),  # two figures: which is meant is not known
        ("重3吨。", "长50米。"),
        ("没有数字。", "长50米。"),
        ("长3毫米。", "长50米。"),  # too far apart to be of one kind of thing
    ],
)
def test_figures_that_are_not_certain_are_not_compared(first: str, second: str) -> None:
    assert not compare(Relation.LARGER, "长", [hit(first), hit(second)]).is_stated


def test_the_figure_that_was_read_is_the_one_compared() -> None:
    text = "东湖大桥日均3.86万辆，西陵大桥日均5.1万辆。"
    read = [
        replace(hit(text), answer=(text.index(figure), text.index(figure) + len(figure)))
        for figure in ("3.86万辆", "5.1万辆")
    ]
    told = compare(Relation.LARGER, "大", read)
    assert (told.winner, told.values) == (1, ("3.86万辆", "5.1万辆"))


def findings(*hits: Hit) -> Findings:
    refusal = Refusal(RefusalKind.UNKNOWN)
    return Findings(hits, 0.1, refusal=refusal)


REVIEW = replace(
    hit("大桥通车半年，车流不多。2019年开工。", "2024-07-30"), article=Article("b", "", title="大桥收费半年")
)


@pytest.mark.parametrize("title", ["东湖大桥通车", "東湖大橋昨日通車 兩岸歡騰", "“东湖”大桥通车"])
def test_the_article_whose_title_reports_what_happened_is_the_one_dated(title: str) -> None:
    text = "大桥昨天通车。2019年1月2日开工。"
    report = replace(hit(text, "2024-01-16"), article=Article("a", text, title=title, published="2024-01-16"))
    told = reported(findings(REVIEW, report), Asking("东湖大桥通车", "东湖大桥通车"), 0.9)
    assert [each.article.id for each in told.hits] == ["a", "b"]
    assert told.refusal is None
    assert told.confidence >= 0.9
    assert compare(Relation.EARLIER, "早", [told.hits[0], OCTOBER]).values[0] == "2024-01-15"


@pytest.mark.parametrize("title", ["东湖大桥明年通车", "东湖大桥拟下月通车", "更正：东湖大桥通车", "东湖大桥"])
def test_a_title_of_what_is_to_come_reports_nothing(title: str) -> None:
    plan = replace(hit("大桥昨天公示。", "2023-01-16"), article=Article("a", "", title=title))
    found = findings(REVIEW, plan)
    assert reported(found, Asking("东湖大桥通车", "东湖大桥通车"), 0.4) == found


@pytest.mark.parametrize(
    ("quality", "first", "second", "winner", "difference", "unit"),
    [
        ("taller", "The tower is 38 metres tall.", "A 44-metre tower.", 1, "6", "m"),
        ("cost", "It cost £2.9m.", "It cost £1.2 million.", 0, "1700000", "£"),
        ("cost", "Kosten: 31 Millionen Euro.", "264 millions d'euros", 1, "233000000", "欧元"),
        ("longer", "The strike lasted 9 weeks.", "It ended after 14 days.", 0, "4233600", "s"),
        ("more students", "It has 1,200 students.", "It has 950 students.", 0, "250", "students"),
        ("longer", "The line is 1.5 km long.", "The line is 900 m long.", 0, "600", "m"),
        ("贵", "造价9.6亿元。", "造价5.2亿元。", 0, "440000000", "元"),
        ("快", "成绩2小时14分37秒。", "成绩是2小时15分02秒。", 0, "25", "s"),
    ],
)
def test_figures_in_the_units_of_other_languages_and_times(
    quality: str, first: str, second: str, winner: int, difference: str, unit: str
) -> None:
    told = compare(Relation.LARGER, quality, [hit(first), hit(second)])
    assert (told.winner, told.difference, told.unit) == (winner, difference, unit)


@pytest.mark.parametrize(
    ("quality", "first", "second"),
    [
        ("多", "10日9时30分，发生火灾，造成3人死亡。", "8日8时15分，造成5人死亡。"),  # the hour is none of them
        ("大", "9时30分，烧了3公顷。", "8时30分，烧了5公顷。"),
    ],
)
def test_the_hour_of_the_day_is_no_figure_that_is_compared(quality: str, first: str, second: str) -> None:
    assert compare(Relation.LARGER, quality, [hit(first), hit(second)]).winner in (None, 1)


@pytest.mark.parametrize(
    ("quality", "first", "second"),
    [
        ("长", "全长12,5 km.", "The line is 9 km long."),  # a decimal comma
        ("高", "高3至5公里。", "高4公里。"),
        ("贵", "票价港幣12元。", "票价人民币10元。"),
        ("cost", "It cost HK$3m.", "It cost US$4m."),
        ("larger", "It has 300 square metres.", "It has 2 square kilometres."),
        ("贵", "便宜了5元。", "票价3元。"),
        ("久", "历时3个月。", "历时20个小时。"),
        ("长", "影片1.5小时。", "影片2小时。"),
        ("高", "身高1米8。", "身高1米75。"),
        ("taller", "He is 5 ft 11 in tall.", "She is 5 ft 2 in tall."),
        ("贵", "票价从10元涨到15元。", "票价12元。"),
        ("larger", "300,000 m² of land", "1 km² of land"),
        ("多", "共3—5人。", "共4人。"),
        ("高", "塔高超过38米。", "塔高40米。"),
        ("贵", "500元港币", "400元人民币"),
    ],
)
def test_what_is_of_another_kind_or_only_a_part_is_not_compared(quality: str, first: str, second: str) -> None:
    assert not compare(Relation.LARGER, quality, [hit(first), hit(second)]).is_stated


def test_of_what_is_fast_the_shorter_time_wins() -> None:
    sprint = [hit("成绩9.58秒。"), hit("成绩9.69秒。")]
    assert compare(Relation.LARGER, "快", sprint).winner == 0
    assert compare(Relation.SMALLER, "慢", sprint).winner == 1
    assert compare(Relation.LARGER, "快", [hit("成绩9秒58。"), hit("成绩9秒69。")]).winner == 0
    assert compare(Relation.LARGER, "快", [hit("成绩12秒9。"), hit("成绩12秒88。")]).winner == 1
    assert compare(Relation.LARGER, "长", [hit("全片2小时5分。"), hit("全片2小时50分。")]).winner == 1


@pytest.mark.parametrize("text", ["大桥2019年5月3日通车，目前日均3万辆。", "大桥2019年5月3日通车，此前日方表示满意。"])
def test_days_inside_other_words_are_none(text: str) -> None:
    found = days_in(hit(text, "2021-09-28"))
    assert found
    assert date.fromordinal(found[0]).isoformat() == "2019-05-03"


@pytest.mark.parametrize(
    "text",
    ["大桥去年通车。", "大桥将于明天通车。", "大桥上月通车。", "The bridge opens tomorrow."],
)
def test_another_time_than_the_report_is_not_its_day(text: str) -> None:
    assert days_in(hit(text, "2021-09-28")) is None
