"""Expressions of time in English that count from today; the question comes in lower case."""

import re
from datetime import date, timedelta

from retrieval.search.when.english_parts import FESTIVALS, MONTHS, SEASONS, named
from retrieval.search.when.periods import (
    Period,
    back,
    containing,
    day_of,
    latest_weekday,
    month_of,
    months,
    shift_months,
    week_of,
    weekday_of,
    year_of,
)
from retrieval.search.when.relative import Match, Rule, any_of, counted

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
    return day_of(today) if unit == "hour" else containing(back(today, number, unit), unit)


def _count(written: str | None) -> int:
    return 1 if written is None else counted(_COUNTS.get(written) or int(written), written)


_UNIT = "(?P<unit>day|week|month|quarter|year|decade|hour)"
_COUNT = rf"(?P<number>\d{{1,3}}|{any_of(_COUNTS)})"
RULES: tuple[Rule, ...] = (
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
    (re.compile(rf"\b(?:(?P<half>half a year)|{_COUNT} {_UNIT}s?) ago\b"), _ago),
)
