"""Expressions of time in Chinese (folded to Simplified) and Japanese."""

import re
from collections.abc import Iterator
from datetime import date
from functools import partial

from retrieval.search.when.mention import (
    MONTH,
    NAMES,
    YEAR,
    Match,
    Mention,
    PartRule,
    Period,
    Rule,
    any_of,
    back,
    begin_of,
    containing,
    counted,
    day_of,
    end_of,
    festival,
    fixed,
    lunar_day,
    lunar_month,
    middle_of,
    month_of,
    months,
    shift_months,
    third_of,
    week_of,
    weekday_of,
    year_of,
    years,
)
from retrieval.text.quantities import number


def part_mentions(folded: str) -> Iterator[Mention]:
    """Find parts of years and months, and decades; `folded` is in Simplified, characters where they were."""
    for pattern, within, part in _RULES:
        for match in pattern.finditer(folded):
            strong = match.groupdict().get("strong")
            yield Mention(match.span(), partial(part, match), within, weak=strong is None)
    for match in _DECADE.finditer(folded):
        yield fixed(match.span(), _decade(match))


def _number(written: str) -> int:
    return number(written.replace("两", "二")) or 0


def _month(match: Match, year: Period) -> Period:
    return month_of(year.first.year, _number(match["number"]))


def _quarter(match: Match, year: Period) -> Period:
    first = 3 * _number(match["number"]) - 2
    return months(year.first.year, first, first + 2)


def _first_months(match: Match, year: Period) -> Period:
    return months(year.first.year, 1, _number(match["number"]) * (3 if match["unit"] == "季度" else 1))


def _half(match: Match, year: Period) -> Period:
    first = 1 if match["half"] in "上前" else 7
    return months(year.first.year, first, first + 5)


def _edge(match: Match, whole: Period) -> Period:
    edge = match["edge"]
    return begin_of(whole) if edge == "初" else middle_of(whole) if edge == "中" else end_of(whole)


def _third(match: Match, month: Period) -> Period:
    return third_of(month, "上中下".index(match["third"]))


def _season_of_year(match: Match, year: Period) -> Period:
    first = 3 + 3 * "春夏秋冬".index(match["season"])
    return months(year.first.year, first, first + 2)


def _day(match: Match, month: Period) -> Period:
    return day_of(month.first.replace(day=_number(match["number"])))


def _festival(match: Match, year: Period) -> Period:
    return festival(year.first.year, _OTHER_NAMES.get(match["name"], match["name"]))


def _lunar(match: Match, year: Period) -> Period:
    month = _LUNAR_MONTHS.get(match["month"]) or _number(match["month"])
    day = match["day"]
    return day_of(lunar_day(year.first.year, month, _number(day))) if day else lunar_month(year.first.year, month)


def _double(match: Match, year: Period) -> Period:
    if match["month"] != match["day"]:
        raise ValueError(f"{match[0]} is no festival")
    return day_of(lunar_day(year.first.year, _number(match["month"]), _number(match["day"])))


def _new_year_day(match: Match, year: Period) -> Period:
    return day_of(lunar_day(year.first.year, 1, _number(match["day"])))


def _decade(match: Match) -> Period:
    written = _number(match["number"])
    first = written if written >= 1900 else 1900 + written
    return years(first, first + 9)


_OTHER_NAMES = {"双11": "双十一", "大年三十": "除夕", "过年": "春节", "新春": "春节"}
_LUNAR_MONTHS = {"正": 1, "冬": 11, "腊": 12}
_UNIT = "一二两三四五六七八九十"
_MONTH_NUMBER = "(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_DAY_NUMBER = (
    "(?:[12]\\d|3[01]|0?[1-9]|二十[一二三四五六七八九]|三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])"
)

# `strong` says so by itself; the others are weak: 三月三, 春节, 14日, 前两个月 need a year or month before them.
_RULES: tuple[PartRule, ...] = (
    (
        # not in 十月革命, 五月天 (a band), 五月花, 8月龄, 三月三; with a day it is a written date
        re.compile(
            rf"(?<![每历往逐]年)(?P<strong>(?<![\d第几数个一二三四五六七八九十/.-])(?P<number>{_MONTH_NUMBER})月份?)"
            r"(?![天球亮花雪饼刊龄薪租供均嫂\d一二三四五六七八九十]|革命|流火|怀胎|\s+\d)"
        ),
        YEAR,
        _month,
    ),
    (re.compile("(?P<strong>第?(?P<number>[一二三四1-4])(?:季度|四半期))"), YEAR, _quarter),
    (re.compile(rf"前(?P<number>两|{_MONTH_NUMBER})(?P<unit>个月|个?(?P<strong>季度))"), YEAR, _first_months),
    # 三年前五月 is the May of three years ago
    (
        re.compile(rf"(?<![{_UNIT}]年)(?<!(?<!\d)\d年)(?<!(?<!\d)\d\d年)前(?P<number>两|{_MONTH_NUMBER})(?P<unit>月)"),
        YEAR,
        _first_months,
    ),
    (re.compile("(?P<strong>(?P<half>[上下前后])半(?:年|期))(?!级)"), YEAR, _half),
    (re.compile(r"(?P<strong>(?<![\d近每多历])年(?P<edge>[初底末终尾]))(?![奖级])"), YEAR, _edge),
    (re.compile("(?P<strong>月(?P<edge>[初底末]))"), MONTH, _edge),
    # not in 2022年初中毕业生, 2022年中国, 4月底层
    (re.compile("(?<=[年月份])(?P<edge>初)(?![中一二三级步期始次夏秋春冬心创学试赛婚代恋])"), YEAR | MONTH, _edge),
    (re.compile("(?<=[年月份])(?P<edge>[底末])(?![层线部气盘价片色蕴下座代路端日班])"), YEAR | MONTH, _edge),
    (re.compile("(?<=年)(?P<edge>中)(?=[的时期会后前，,。？?到至]|$)"), YEAR, _edge),
    (re.compile("(?P<third>[上中下])旬"), MONTH, _third),
    # not in 2022年冬奥会, 2022年春晚
    (re.compile("(?P<season>[春夏秋冬])[季天]?(?![奥晚训令衣残游运耕播收粮])"), YEAR, _season_of_year),
    (
        re.compile(rf"(?<![\d第.])(?P<number>{_DAY_NUMBER})[日号](?![线楼院店门文公馆机井车令台元圆本游内均间龄])"),
        MONTH,
        _day,
    ),
    (
        # not in 五一路, 五一劳动奖章, 国庆村
        re.compile(
            rf"(?P<name>{'|'.join([*_OTHER_NAMES, *NAMES])})节?(?P<strong>期间|假期|小?长假|黄金周|前后|当[天日])?"
            "(?![路街村镇号]|广场|大[道街]|劳动奖|口号|国际)"
        ),
        YEAR,
        _festival,
    ),
    (
        re.compile(
            rf"(?P<strong>[农阴旧夏]历)(?P<month>{_MONTH_NUMBER}|[正冬腊])月(?:初?(?P<day>{_DAY_NUMBER})[日号]?)?"
        ),
        YEAR,
        _lunar,
    ),
    (re.compile(rf"(?P<month>[正腊])月(?:初?(?P<day>{_DAY_NUMBER}))?"), YEAR, _lunar),
    (re.compile("大年初(?P<day>[一二三四五六七八九十])"), YEAR, _new_year_day),
    (re.compile("(?P<month>[二三六九])月(?P<day>[二三六九])(?![日号十])"), YEAR, _double),
)
_DECADE = re.compile(r"(?:(?:20|二十)世纪|上世纪)?(?<!\d)(?P<number>19[1-9]0|20[0-4]0|[3-9]0|[三四五六七八九]十)年代")


_YEARS = {
    "大前年": -3,
    "前年": -2,
    "一昨年": -2,
    "去年": -1,
    "昨年": -1,
    "上一年": -1,
    "今年": 0,
    "本年": 0,
    "明年": 1,
    "来年": 1,
}
_MONTHS = {"上上个月": -2, "上上月": -2, "先々月": -2, "上个月": -1, "上一个月": -1, "上月": -1, "先月": -1}
_MONTHS |= {"这个月": 0, "本月": 0, "今月": 0, "下个月": 1, "来月": 1}
_DAYS = {"大前天": -3, "前天": -2, "前日": -2, "一昨日": -2, "おととい": -2, "昨天": -1, "昨日": -1, "昨晚": -1}
_DAYS |= {
    "昨夜": -1,
    "きのう": -1,
    "今天": 0,
    "今日": 0,
    "今晚": 0,
    "今晨": 0,
    "今早": 0,
    "本日": 0,
    "きょう": 0,
    "明天": 1,
    "明日": 1,
}
_WEEKS = {
    "上上": -2,
    "上": -1,
    "上一": -1,
    "先々": -2,
    "先": -1,
    "这": 0,
    "这一": 0,
    "本": 0,
    "今": 0,
    "下": 1,
    "下一": 1,
    "来": 1,
}
_WEEKDAYS = {
    name: day for day, names in enumerate(("一月", "二火", "三水", "四木", "五金", "六土", "日天")) for name in names
}
_SEASONS = {"春": 3, "夏": 6, "秋": 9, "冬": 12}
_UNITS = {
    "年": "year",
    "月": "month",
    "周": "week",
    "星期": "week",
    "礼拜": "week",
    "天": "day",
    "日": "day",
    "季度": "quarter",
}


_HALVES = {"year": (6, "month"), "quarter": (6, "week"), "month": (15, "day"), "week": (3, "day"), "day": (0, "day")}
"""What half of a unit counts."""


def _relative_year(match: Match, today: date) -> Period:
    return year_of(today.year + _YEARS[match["word"]])


def _relative_month(match: Match, today: date) -> Period:
    day = shift_months(today, _MONTHS[match["word"]])
    return month_of(day.year, day.month)


def _relative_day(match: Match, today: date) -> Period:
    return day_of(date.fromordinal(today.toordinal() + _DAYS[match["word"]]))


def _relative_week(match: Match, today: date) -> Period:
    week = week_of(today, _WEEKS[match["which"]])
    if match["weekday"] is None:
        return week
    if match["weekday"] == "末":
        return Period(weekday_of(week, 5).first, week.last)
    return weekday_of(week, _WEEKDAYS[match["weekday"]])


def _relative_season(match: Match, today: date) -> Period:
    return _season(match["season"], today.year - (match["word"] == "去"))


def _season(name: str, year: int) -> Period:
    return months(year, _SEASONS[name], _SEASONS[name] + 2)


def _rolling(match: Match, today: date) -> Period:
    return Period(_going_back(match, today), today)


def _ago(match: Match, today: date) -> Period:
    unit = _UNITS[match["unit"]]
    day, is_half = _going_back(match, today), match["number"] == "半"
    if match["half"] or match["and_half"]:  # 一个半月前, 两年半前
        day, is_half = back(day, *_HALVES[unit]), unit == "year"
    return containing(day, "month" if is_half else unit)


def _going_back(match: Match, today: date) -> date:
    unit, written = _UNITS[match["unit"]], match["number"]
    return back(today, *_HALVES[unit]) if written == "半" else back(today, _count(written), unit)


def _same_day(match: Match, today: date) -> Period:
    years = -_YEARS[match["word"]] if match["word"] else _count(match["number"])
    return containing(back(today, years, "year"), "month" if match["around"] else "day")


def _count(written: str) -> int:
    return counted(number(written.replace("两", "二")), written)


def _hours(match: Match, today: date) -> Period:
    return Period(back(today, max(1, -(-_count(match["number"]) // 24)), "day"), today)


_NUMBER = r"(?P<number>\d{1,3}|[一二两三四五六七八九十]{1,3}|半)"
_COUNTER = "(?:个|か|カ|ヶ|ケ)?"
_RECENT = "(?:刚?过去的?|最近的?|(?<!附)近|直近の?|ここ|(?<=[^在到])这)"

RULES: tuple[Rule, ...] = (
    # not in 如今年轻, 过去年代, 史前年代, 黎明年
    (re.compile(rf"(?<![过失如当而现史黎])(?P<word>{any_of(_YEARS)})(?![轻代级龄])度?"), _relative_year),
    # not in 日本月球, 晚上月亮, 登上月球
    (re.compile(rf"(?<![日晚早])(?P<word>{any_of(_MONTHS)})(?![亮球台季饼面牙光色])份?"), _relative_month),
    # not in 如今天气, 目前天津, 今日头条 (a company), 明日之星
    (
        re.compile(
            rf"(?<![如提之以目使])(?<!使在)(?<!直到)(?P<word>{any_of(_DAYS)})(?![气津才真空香]|头条|说法|关注|美国|俄罗斯|重现|之[星子]|方舟)"
        ),
        _relative_day,
    ),
    # not in 日本周边, 本周刊
    (
        re.compile(
            rf"(?<![日根基资])(?P<which>{any_of(_WEEKS)})个?(?:周|星期|礼拜)(?![边围刊密岁易转])"
            "の?(?:(?P<weekday>[月火水木金土日](?=曜)|[一二三四五六日天末])(?:曜日?)?)?"
        ),
        _relative_week,
    ),
    (re.compile("(?P<word>[今去])(?P<season>[春夏秋冬])(?![晚梅])"), _relative_season),
    (
        re.compile(
            rf"{_RECENT}{_NUMBER}{_COUNTER}多?(?P<unit>年|月|周|星期|礼拜|天|日|季度)(?!前|后)间?(?:以?来|[之以]?内|里)?"
        ),
        _rolling,
    ),
    (re.compile(rf"(?<![\d第]){_NUMBER}个?多?(?P<unit>年|(?<=个)月|周|天)多?以?来(?![自源说到])"), _rolling),
    (re.compile(rf"{_RECENT}{_NUMBER}个?(?:小时|时间)(?:[之以]?内|里)?"), _hours),
    (
        re.compile(
            rf"(?<![\d第前{_UNIT}]){_NUMBER}{_COUNTER}(?P<half>(?<=个)半)?"
            r"(?P<unit>年|(?<=[个かカヶケ半])月|周|星期|礼拜|天)(?P<and_half>(?<=年)半)?间?"
            rf"(?:之|以)?前(?={_MONTH_NUMBER}月|(?![三两四\d十]))"
        ),
        _ago,
    ),
    # 五年前的今天, 去年这个时候
    (
        re.compile(
            rf"(?:(?P<word>大?前年|去年)|(?<![\d第前{_UNIT}]){_NUMBER}年(?:之|以)?前)的?"
            "(?:今[天日]|[这同]一天|(?P<around>此时|这个?时候?))"
        ),
        _same_day,
    ),
)
