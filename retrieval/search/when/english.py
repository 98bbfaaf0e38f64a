"""Expressions of time in English; the question comes in lower case."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

from retrieval.search.sources import ending
from retrieval.search.when.mention import (
    MONTH,
    YEAR,
    Grain,
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
    latest_weekday,
    middle_of,
    month_of,
    months,
    shift_months,
    week_of,
    weekday_of,
    year_of,
    years,
)
from retrieval.text.dates import ENGLISH_MONTHS

MONTHS = [name.lower()[:length] for length in (None, 3) for name in ENGLISH_MONTHS]
SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
FESTIVALS = {
    "chinese new year": "春节",
    "lunar new year": "春节",
    "spring festival": "春节",
    "dragon boat festival": "端午",
    "mid-autumn festival": "中秋",
    "national day": "国庆",
    "labour day": "五一",
    "labor day": "五一",
    "christmas": "圣诞",
    "new year's day": "元旦",
}


def english_part_mentions(folded: str) -> Iterator[Mention]:
    """Find parts of years and months, years and decades; `folded` is in lower case, its characters where they were.

    What has no preposition before it is weak: `may`, `march`, `2022`; and so are parts that other wholes have too:
    `the end`, `the fourth quarter` of a match.
    """
    for pattern, within, part in _RULES:
        for match in pattern.finditer(folded):
            named = match.groupdict()
            placed = "vague" not in named and ending(_PREPOSITION, folded, match.start())
            yield Mention(match.span(), partial(part, match), within, weak=not (named.get("strong") or placed))


def named(name: str, year: int) -> Period:
    """Return a month, a season or a festival of a year by its English name."""
    if name in FESTIVALS:
        return festival(year, FESTIVALS[name])
    if name in SEASONS:
        return months(year, SEASONS[name], SEASONS[name] + 2)
    return month_of(year, MONTHS.index(name) % 12 + 1)


def _name(match: Match, year: Period) -> Period:
    return named(match["name"], year.first.year)


def _quarter(match: Match, year: Period) -> Period:
    groups = match.groupdict()
    quarter = int(groups["number"]) if "number" in groups else _ORDINALS[groups["ordinal"]]
    return months(year.first.year, 3 * quarter - 2, 3 * quarter)


def _half(match: Match, year: Period) -> Period:
    first = 1 if "1" in (match["number"] or "") or match["half"] == "first" else 7
    return months(year.first.year, first, first + 5)


def _begin(_: Match, whole: Period) -> Period:
    return begin_of(whole)


def _early(_: Match, whole: Period) -> Period:
    return months(whole.first.year, 1, 3) if whole.grain is Grain.YEAR else begin_of(whole)


def _mid(_: Match, whole: Period) -> Period:
    return months(whole.first.year, 5, 8) if whole.grain is Grain.YEAR else middle_of(whole)


def _late(_: Match, whole: Period) -> Period:
    return months(whole.first.year, 10, 12) if whole.grain is Grain.YEAR else end_of(whole)


def _end(_: Match, whole: Period) -> Period:
    return end_of(whole)


def _year(match: Match, _: Period) -> Period:
    return year_of(int(match[0]))


def _decade(match: Match, _: Period) -> Period:
    first = int(match["year"])
    return years(first, first + 9)


_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4}
_EITHER = YEAR | MONTH
_OF = r"(?:[ -]of)?(?: the)?"
_PREPOSITION = re.compile(
    r"\b(?:in|since|during|by|before|after|until|till|from|between|through|throughout|of|early|mid|late|as of|for)[ -]"
    r"(?:the )?$"
)
_RULES: tuple[PartRule, ...] = (
    (re.compile(rf"\b(?P<name>{any_of(dict.fromkeys(MONTHS))})\b\.?(?! \d)"), YEAR, _name),
    (re.compile(rf"\b(?P<name>{any_of([*SEASONS, *FESTIVALS])})\b(?! gala)"), YEAR, _name),
    (re.compile(r"(?P<strong>(?<![a-z\d])q(?P<number>[1-4])(?![a-z\d]))"), YEAR, _quarter),
    (re.compile(r"(?P<vague>\b(?:the )?(?P<ordinal>first|second|third|fourth) quarter\b)"), YEAR, _quarter),
    (re.compile(r"\b(?P<vague>(?:the )?(?:h(?P<number>[12])|(?P<half>first|second) half))\b"), YEAR, _half),
    (re.compile(rf"\b(?P<vague>(?:the )?(?:beginning|start)){_OF}(?= )"), _EITHER, _begin),
    (re.compile(r"\b(?P<vague>early)\b"), _EITHER, _early),
    (re.compile(r"\b(?P<vague>mid|the middle of)\b"), _EITHER, _mid),
    (re.compile(r"\b(?P<vague>late)\b"), _EITHER, _late),
    (re.compile(rf"\b(?P<vague>(?:the )?end){_OF}(?= )"), _EITHER, _end),
    (re.compile(r"(?<![\d.,/$#a-z])(?:19|20)\d\d(?![\d年届号级款版万亿%a-z]|[.,/]\d|-[a-z])"), frozenset(), _year),
    (re.compile(r"(?P<strong>\b(?P<year>(?:19|20)\d0)'?s\b)"), frozenset(), _decade),
)


_WEEKDAY_NAMES = "monday tuesday wednesday thursday friday saturday sunday"
_WEEKDAYS = _WEEKDAY_NAMES.split()
_WORDS = "one two three four five six seven eight nine ten eleven twelve"
_COUNTS = {word: value for value, word in enumerate(_WORDS.split(), start=1)} | {
    "a": 1,
    "an": 1,
    "couple of": 2,
    "a couple of": 2,
}
_AWAY = {"last": -1, "previous": -1, "this": 0, "current": 0, "next": 1}
_DAYS = {
    "the day before yesterday": -2,
    "yesterday": -1,
    "last night": -1,
    "today": 0,
    "tonight": 0,
    "this morning": 0,
    "tomorrow": 1,
}


def _calendar(match: Match, today: date) -> Period:
    away, unit = _AWAY[match["which"]], match["unit"]
    if unit == "year":
        return year_of(today.year + away)
    if unit == "quarter":
        first = shift_months(today.replace(day=1), 3 * away - (today.month - 1) % 3)
        return months(first.year, first.month, first.month + 2)
    if unit == "week":
        return week_of(today, away)
    day = shift_months(today, away)
    return month_of(day.year, day.month)


def _before_last(match: Match, today: date) -> Period:
    return containing(back(today, 2, match["unit"]), match["unit"])


def _weekend(match: Match, today: date) -> Period:
    saturday = latest_weekday(today - timedelta(days=1), 6).first - timedelta(days=1)
    if match["which"] in {"last", "previous", "the"}:
        return Period(saturday, saturday + timedelta(days=1))
    week = week_of(today, _AWAY[match["which"]])
    return Period(weekday_of(week, 5).first, week.last)


def _weekday(match: Match, today: date) -> Period:
    weekday = _WEEKDAYS.index(match["weekday"])
    which = match.groupdict().get("which")
    if which in {"this", "next"}:
        return weekday_of(week_of(today, _AWAY[which]), weekday)
    latest = today - timedelta(days=1) if which else today
    return latest_weekday(latest, weekday)


def _named_day(match: Match, today: date) -> Period:
    return day_of(today + timedelta(days=_DAYS[match["word"]]))


def _last_of_name(match: Match, today: date) -> Period:
    """Read last March, this summer: in this year, or the latest that is over (last) or has begun."""
    away = _AWAY[match["which"]]
    period = named(match["name"], today.year + max(away, 0))
    if away < 0 and period.last >= today:
        period = named(match["name"], today.year - 1)
    return period


def _rolling(match: Match, today: date) -> Period:
    if match["half"]:
        return Period(back(today, 6, "month"), today)
    number, unit = _count(match.groupdict().get("number")), match["unit"]
    if unit == "hour":
        return Period(back(today, max(1, number // 24), "day"), today)
    return Period(back(today, 10 * number, "year") if unit == "decade" else back(today, number, unit), today)


def _ago(match: Match, today: date) -> Period:
    if match["half"]:
        return containing(back(today, 6, "month"), "month")
    number, unit = _count(match["number"]), match["unit"]
    if unit == "decade":
        return year_of(today.year - 10 * number)
    if unit == "year" and (match["and_half"] or match["a_half"]):
        return containing(back(today, 12 * number + 6, "month"), "month")
    return day_of(today) if unit == "hour" else containing(back(today, number, unit), unit)


def _same_day(match: Match, today: date) -> Period:
    day = back(today, _count(match["number"]), "year")
    return containing(day, "month" if match["which"] == "time" else "day")


def _count(written: str | None) -> int:
    return 1 if written is None else counted(_COUNTS.get(written) or int(written), written)


_UNIT = "(?P<unit>day|week|month|quarter|year|decade|hour)"
_COUNT = rf"(?P<number>\d{{1,3}}|{any_of(_COUNTS)})"
RULES: tuple[Rule, ...] = (
    (re.compile(r"\bthe (?P<unit>week|month|year) before last\b"), _before_last),
    (re.compile(r"\b(?P<which>last|previous|this|current|next) (?P<unit>week|month|quarter|year)\b"), _calendar),
    (re.compile(r"\b(?P<which>last|previous|this|next|the) weekend\b"), _weekend),
    (re.compile(rf"\b(?P<which>last|this|next) (?P<weekday>{any_of(_WEEKDAYS)})\b"), _weekday),
    # Friday by itself is a name as often (Black Friday, Friday prayers)
    (re.compile(rf"(?:(?<=\bon )|(?<=\bsince ))(?P<weekday>{any_of(_WEEKDAYS)})\b"), _weekday),
    # not the papers (USA Today, Russia Today), nor nowadays (even today, as it is today)
    (
        re.compile(
            r"(?<!even )(?<!is )(?<!as )(?<!still )(?<!usa )(?<!russia )(?<!psychology )(?<!india )"
            rf"\b(?P<word>{any_of(_DAYS)})\b"
        ),
        _named_day,
    ),
    (re.compile(rf"\b(?P<which>last|this|next) (?P<name>{any_of([*MONTHS, *SEASONS, *FESTIVALS])})\b"), _last_of_name),
    (
        re.compile(
            r"\b(?:the )?(?:last|past|previous|recent) "
            rf"(?:(?P<half>half[ -]year|half (?:a|of the) year)|{_COUNT} {_UNIT}s?)\b"
        ),
        _rolling,
    ),
    (re.compile(rf"\b(?:the )?(?:past|last(?= decade| day| hour))(?P<half>(?!))? {_UNIT}\b"), _rolling),
    (
        re.compile(
            rf"\b(?:(?P<half>half a year)|{_COUNT} (?P<and_half>and a half )?{_UNIT}s?(?P<a_half> and a half)?) ago\b"
        ),
        _ago,
    ),
    (re.compile(rf"\b(?:this|the same) (?P<which>day|time) (?:last year|{_COUNT} years? ago)\b"), _same_day),
    (re.compile(rf"\b{_COUNT} years? ago (?:today|(?:on )?this (?P<which>day|time))\b"), _same_day),
)
