"""Expressions of time in Chinese (folded to Simplified) and Japanese that count from today."""

import re
from datetime import date

from retrieval.search.when.periods import (
    Period,
    back,
    containing,
    day_of,
    month_of,
    months,
    shift_months,
    week_of,
    weekday_of,
    year_of,
)
from retrieval.search.when.relative import Match, Rule, any_of, counted
from retrieval.text.numerals import number

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
    return containing(_going_back(match, today), "month" if match["number"] == "半" else unit)


def _going_back(match: Match, today: date) -> date:
    unit, written = _UNITS[match["unit"]], match["number"]
    if written == "半":
        # half a year is six months, half a month fifteen days
        return back(today, 6, "month") if unit == "year" else back(today, 15, "day")
    return back(today, _count(written), unit)


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
            rf"(?<![\d第前一二三四五六七八九十]){_NUMBER}{_COUNTER}(?P<unit>年|(?<=[个かカヶケ])月|周|星期|礼拜|天)间?"
            r"(?:之|以)?前(?![三两四\d十])"
        ),
        _ago,
    ),
)
