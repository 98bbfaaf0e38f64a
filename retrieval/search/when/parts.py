"""Parts of years and months in Chinese and Japanese: 4月, 第三季度, 上半年, 年底, 春节, 农历三月初三, 中旬; 90年代."""

import re
from collections.abc import Callable, Iterator

from retrieval.search.when.festivals import NAMES, festival, lunar_day, lunar_month
from retrieval.search.when.mention import MONTH, YEAR, Mention, fixed
from retrieval.search.when.periods import (
    Grain,
    Period,
    begin_of,
    day_of,
    end_of,
    middle_of,
    month_of,
    months,
    third_of,
    years,
)
from retrieval.text.numerals import number

_Match = re.Match[str]
_Part = Callable[[_Match, Period], Period]


def part_mentions(folded: str) -> Iterator[Mention]:
    """Find parts of years and months, and decades; `folded` is in Simplified, characters where they were."""
    for pattern, within, part in _RULES:
        for match in pattern.finditer(folded):
            strong = match.groupdict().get("strong")
            yield Mention(match.span(), _reader(part, match), within, weak=strong is None)
    for match in _DECADE.finditer(folded):
        yield fixed(match.span(), _decade(match))


def _reader(part: _Part, match: _Match) -> Callable[[Period], Period]:
    return lambda whole: part(match, whole)


def _number(written: str) -> int:
    return number(written.replace("两", "二")) or 0


def _month(match: _Match, year: Period) -> Period:
    return month_of(year.first.year, _number(match["number"]))


def _quarter(match: _Match, year: Period) -> Period:
    first = 3 * _number(match["number"]) - 2
    return months(year.first.year, first, first + 2)


def _first_months(match: _Match, year: Period) -> Period:
    return months(year.first.year, 1, _number(match["number"]) * (3 if match["unit"] == "季度" else 1))


def _half(match: _Match, year: Period) -> Period:
    first = 1 if match["half"] in "上前" else 7
    return months(year.first.year, first, first + 5)


def _edge(match: _Match, whole: Period) -> Period:
    edge = match["edge"]
    return begin_of(whole) if edge == "初" else middle_of(whole) if edge == "中" else end_of(whole)


def _third(match: _Match, month: Period) -> Period:
    return third_of(month, "上中下".index(match["third"]))


def _season(match: _Match, year: Period) -> Period:
    first = 3 + 3 * "春夏秋冬".index(match["season"])
    return months(year.first.year, first, first + 2)


def _day(match: _Match, month: Period) -> Period:
    return day_of(month.first.replace(day=_number(match["number"])))


def _festival(match: _Match, year: Period) -> Period:
    return festival(year.first.year, _OTHER_NAMES.get(match["name"], match["name"]))


def _lunar(match: _Match, year: Period) -> Period:
    month = _LUNAR_MONTHS.get(match["month"]) or _number(match["month"])
    day = match["day"]
    return day_of(lunar_day(year.first.year, month, _number(day))) if day else lunar_month(year.first.year, month)


def _double(match: _Match, year: Period) -> Period:
    if match["month"] != match["day"]:
        raise ValueError(f"{match[0]} is no festival")
    return day_of(lunar_day(year.first.year, _number(match["month"]), _number(match["day"])))


def _new_year_day(match: _Match, year: Period) -> Period:
    return day_of(lunar_day(year.first.year, 1, _number(match["day"])))


def _decade(match: _Match) -> Period:
    written = _number(match["number"])
    first = written if written >= 1900 else 1900 + written
    return years(first, first + 9)


_OTHER_NAMES = {"双11": "双十一", "大年三十": "除夕", "过年": "春节", "新春": "春节"}
_LUNAR_MONTHS = {"正": 1, "冬": 11, "腊": 12}
_MONTH_NUMBER = "(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_DAY_NUMBER = (
    "(?:[12]\\d|3[01]|0?[1-9]|二十[一二三四五六七八九]|三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])"
)

# `strong` says so by itself; the others are weak: 三月三, 春节, 14日, 前两个月 need a year or month before them.
_RULES: tuple[tuple[re.Pattern[str], frozenset[Grain], _Part], ...] = (
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
    (re.compile(rf"前(?P<number>两|{_MONTH_NUMBER})个?(?P<unit>(?P<strong>季度)|月)"), YEAR, _first_months),
    (re.compile("(?P<strong>(?P<half>[上下前后])半(?:年|期))(?!级)"), YEAR, _half),
    (re.compile(r"(?P<strong>(?<![\d近每多历])年(?P<edge>[初底末终尾]))(?![奖级])"), YEAR, _edge),
    (re.compile("(?P<strong>月(?P<edge>[初底末]))"), MONTH, _edge),
    # not in 2022年初中毕业生, 2022年中国, 4月底层
    (re.compile("(?<=[年月份])(?P<edge>初)(?![中一二三级步期始次夏秋春冬心创学试赛婚代恋])"), YEAR | MONTH, _edge),
    (re.compile("(?<=[年月份])(?P<edge>[底末])(?![层线部气盘价片色蕴下座代路端日班])"), YEAR | MONTH, _edge),
    (re.compile("(?<=年)(?P<edge>中)(?=[的时期会后前，,。？?到至]|$)"), YEAR, _edge),
    (re.compile("(?P<third>[上中下])旬"), MONTH, _third),
    # not in 2022年冬奥会, 2022年春晚
    (re.compile("(?P<season>[春夏秋冬])[季天]?(?![奥晚训令衣残游运耕播收粮])"), YEAR, _season),
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
