"""One expression of time in a question, before its neighbours are looked at, and the days it stands for.

Stretches of days: years, quarters, months, weeks, festivals, and counting back from a day.
"""

import calendar
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from borax.calendars.lunardate import LCalendars, LunarDate, TermUtils  # type: ignore[import-untyped]

from retrieval.search.sources import ending
from retrieval.text.dates import DateMention, find_dates
from retrieval.values import Span


class Grain(StrEnum):
    """What kind of stretch a period is; parts are counted inside years and months."""

    YEAR = "year"
    MONTH = "month"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `first` to `last`, both inside."""

    first: date
    last: date
    grain: Grain = Grain.OTHER


def year_of(year: int) -> Period:
    """Return a calendar year."""
    return Period(date(year, 1, 1), date(year, 12, 31), Grain.YEAR)


def years(first: int, last: int) -> Period:
    """Return whole years, both inside."""
    return Period(date(first, 1, 1), date(last, 12, 31))


def month_of(year: int, month: int) -> Period:
    """Return a month."""
    return Period(date(year, month, 1), _end_of_month(year, month), Grain.MONTH)


def months(year: int, first: int, last: int) -> Period:
    """Return the months `first` to `last` of a year; past 12 they run into the next one."""
    end_year, end_month = year + (last - 1) // 12, (last - 1) % 12 + 1
    return Period(date(year, first, 1), _end_of_month(end_year, end_month))


def day_of(day: date) -> Period:
    """Return one day."""
    return Period(day, day)


def week_of(day: date, weeks: int = 0) -> Period:
    """Return the week, Monday to Sunday, that lies `weeks` after that of `day`."""
    monday = day - timedelta(days=day.weekday()) + timedelta(weeks=weeks)
    return Period(monday, monday + timedelta(days=6))


def weekday_of(week: Period, weekday: int) -> Period:
    """Return a day of a week, 0 being Monday."""
    return day_of(week.first + timedelta(days=weekday))


def latest_weekday(day: date, weekday: int) -> Period:
    """Return the last such weekday up to and including `day`."""
    return day_of(day - timedelta(days=(day.weekday() - weekday) % 7))


def shift_months(day: date, by: int) -> date:
    """Return the same day `by` months later, or the month's last day where that month is shorter."""
    index = day.year * 12 + day.month - 1 + by
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def back(day: date, number: int, unit: str) -> date:
    """Return the day `number` units (`day`, `week`, `month`, `quarter`, `year`) before `day`."""
    if unit in _DAYS:
        return day - timedelta(days=number * _DAYS[unit])
    return shift_months(day, -number * _MONTHS[unit])


def containing(day: date, unit: str) -> Period:
    """Return the year, month, week or day that holds `day`."""
    if unit == "year":
        return year_of(day.year)
    if unit in {"month", "quarter"}:
        return month_of(day.year, day.month)
    return week_of(day) if unit == "week" else day_of(day)


def third_of(month: Period, third: int) -> Period:
    """Return the first, second or third ten days (0, 1, 2) of a month."""
    first = month.first + timedelta(days=10 * third)
    return Period(first, month.last if third == 2 else first + timedelta(days=9))


def begin_of(period: Period) -> Period:
    """Return a year's January or a month's first ten days."""
    return month_of(period.first.year, 1) if period.grain is Grain.YEAR else third_of(period, 0)


def middle_of(period: Period) -> Period:
    """Return a year's June and July or a month's second ten days."""
    return months(period.first.year, 6, 7) if period.grain is Grain.YEAR else third_of(period, 1)


def end_of(period: Period) -> Period:
    """Return a year's December or a month's last days."""
    return month_of(period.first.year, 12) if period.grain is Grain.YEAR else third_of(period, 2)


_DAYS = {"day": 1, "week": 7}
_MONTHS = {"month": 1, "quarter": 3, "year": 12}


def _end_of_month(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


# Days before and after the day itself that its holiday takes.
_LUNAR: Mapping[str, tuple[int, int, int, int]] = {
    "春节": (1, 1, 1, 6),
    "元宵": (1, 15, 0, 0),
    "端午": (5, 5, 1, 1),
    "七夕": (7, 7, 0, 0),
    "中元": (7, 15, 0, 0),
    "中秋": (8, 15, 1, 1),
    "重阳": (9, 9, 0, 0),
}
_SOLAR: Mapping[str, tuple[int, int, int, int]] = {
    "元旦": (1, 1, 0, 2),
    "五一": (5, 1, 0, 4),
    "国庆": (10, 1, 0, 6),
    "双十一": (11, 11, 0, 0),
    "圣诞": (12, 25, 1, 0),
}
NAMES = (*_LUNAR, *_SOLAR, "除夕", "清明", "冬至")
"""The holidays that `festival` knows, in Simplified characters."""


def festival(year: int, name: str) -> Period:
    """Return the days of a holiday that begins in a Gregorian year.

    Raises:
        ValueError: the lunar calendar is not known for that year (1901–2099 is).
    """
    if name in _SOLAR:
        month, day, before, after = _SOLAR[name]
        return _around(date(year, month, day), before, after)
    if name in _LUNAR:
        month, day, before, after = _LUNAR[name]
        return _around(lunar_day(year, month, day), before, after)
    if name == "除夕":
        return _around(lunar_day(year, 1, 1) - timedelta(days=1), 0, 0)
    return _solar_term(year, name)


def lunar_day(year: int, month: int, day: int) -> date:
    """Return the Gregorian day of a lunar one, `year` being the Gregorian year in which its lunar year begins.

    Raises:
        ValueError: there is no such day, or no calendar for that year.
    """
    _check(year)
    found: date = LunarDate(year, month, day).to_solar_date()
    return found


def lunar_month(year: int, month: int) -> Period:
    """Return a lunar month; a leap month after it is not part of it.

    Raises:
        ValueError: no calendar for that year.
    """
    first = lunar_day(year, month, 1)
    days: int = LCalendars.ndays(year, month)
    return Period(first, first + timedelta(days=days - 1))


def _solar_term(year: int, name: str) -> Period:
    _check(year)
    before, after = (1, 1) if name == "清明" else (0, 0)
    return _around(TermUtils.day_start_from_term(year, name), before, after)


def _check(year: int) -> None:
    if not 1901 <= year <= 2099:
        raise ValueError(f"the lunar calendar is known for 1901 to 2099, not for {year}")


def _around(day: date, before: int, after: int) -> Period:
    return Period(day - timedelta(days=before), day + timedelta(days=after))


YEAR = frozenset({Grain.YEAR})
MONTH = frozenset({Grain.MONTH})


@dataclass(frozen=True, slots=True)
class Mention:
    """An expression of time at `span`.

    `within` are the grains a part is counted in (`4月` in a year, `14日` in a month, `底` in either), empty for what
    stands by itself; `of` gives the period, from the one that it is part of. `weak` words (a bare `2022`, `春节`) speak
    of time only next to another expression. `relative` words (`去年`, `last week`) count from today: no article that
    answers repeats them. `relative_spans` are those a mention was joined from.
    """

    span: Span
    of: Callable[[Period], Period]
    within: frozenset[Grain] = frozenset()
    weak: bool = False
    relative_spans: tuple[Span, ...] = ()
    assumed: bool = False

    def period_in(self, parent: Period) -> Period | None:
        """Return the days meant inside `parent`; None where the calendar has no such day."""
        try:
            return self.of(parent)
        except (ValueError, OverflowError):
            return None

    def with_period(self, period: Period, *, assumed: bool = False) -> "Mention":
        """Return the same words with their period known."""
        return replace(self, of=lambda _: period, within=frozenset(), weak=False, assumed=assumed)


def fixed(span: Span, period: Period) -> Mention:
    """Return a mention that stands by itself."""
    return Mention(span, lambda _: period)


def resolve(mention: Mention, today: date) -> Mention | None:
    """Give a part its whole: the latest year or month in which it does not begin after `today`.

    Returns None for weak words and for days that no calendar has.
    """
    if mention.weak:
        return None
    if not mention.within:
        period = mention.period_in(year_of(today.year))
        return mention.with_period(period) if period else None
    parents = _years_back(today) if Grain.YEAR in mention.within else _months_back(today)
    for parent in parents:
        period = mention.period_in(parent)
        if period and period.first <= today:
            return mention.with_period(period, assumed=Grain.YEAR in mention.within)
    return None


def _years_back(today: date) -> Iterable[Period]:
    # 29 February can be eight years away (1896–1904)
    return (year_of(today.year - back) for back in range(min(9, today.year)))


def _months_back(today: date) -> Iterable[Period]:
    first = today.year * 12 + today.month - 1
    return (month_of(*_split(first - back)) for back in range(min(3, first - 11)))


def _split(index: int) -> tuple[int, int]:
    return index // 12, index % 12 + 1


def without_overlaps(mentions: Iterable[Mention]) -> list[Mention]:
    """Keep the longest of those that overlap, the first of those equally long; in order of place."""
    kept, taken = list[Mention](), set[int]()
    for mention in sorted(mentions, key=lambda each: (each.span[0] - each.span[1], each.span)):
        if taken.isdisjoint(range(*mention.span)):
            kept.append(mention)
            taken.update(range(*mention.span))
    return sorted(kept, key=lambda each: each.span)


Match = re.Match[str]
Rule = tuple[re.Pattern[str], Callable[[Match, date], Period]]
"""A pattern over the folded question, and the period that a match means on a given day."""
PartRule = tuple[re.Pattern[str], frozenset[Grain], Callable[[Match, Period], Period]]
"""A pattern over the folded question, what a match is a part of, and which part of it."""

_MOST = 400  # of days, more than a year: nobody counts further back in them


def relative_mentions(rules: Iterable[Rule], folded: str, today: date) -> Iterator[Mention]:
    """Find words that count from today; `folded` is the question, its characters where they were."""
    for pattern, read in rules:
        for match in pattern.finditer(folded):
            yield Mention(match.span(), _reader(read, match, today), relative_spans=(match.span(),))


def _reader(read: Callable[[Match, date], Period], match: Match, today: date) -> Callable[[Period], Period]:
    return lambda _: read(match, today)


def any_of(words: Iterable[str]) -> str:
    """Return a pattern of any of these words, the longest first."""
    return "|".join(sorted(words, key=len, reverse=True))


def counted(units: int | None, written: str) -> int:
    """Return how many units back from today are meant.

    Raises:
        ValueError: none, or so many that no question means them.
    """
    if not units or units > _MOST:
        raise ValueError(f"{written} units back from today are not a span that a question means")
    return units


# 2000年的历史 and 近2000年 count years
_AGE_AFTER = re.compile("的?(?:历史|文化|文明|传统|来|间|前)")
_AGE_BEFORE = re.compile("(?:近|约|达|有|过|逾|距今|历经)$")
# 2022年级, 4月14日大街
_NAME_AFTER = re.compile("级|(?:东|西|南|北|中)?(?:路|街|大街|大道|广场)")


def absolute_mentions(folded: str) -> Iterator[Mention]:
    """Find dates that are written out; `folded` is the folded question, its characters where they were."""
    for found in find_dates(folded):
        if not (_is_age(found, folded) or _NAME_AFTER.match(folded, found.span[1])):
            yield _mention(found)


def _is_age(found: DateMention, folded: str) -> bool:
    is_round = found.month is None and found.year is not None and found.year % 100 == 0
    begin, end = found.span
    return is_round and bool(_AGE_AFTER.match(folded, end) or ending(_AGE_BEFORE, folded, begin))


def _mention(found: DateMention) -> Mention:
    if found.year is None:
        return Mention(found.span, lambda year: _period(year.first.year, found), YEAR)
    return fixed(found.span, _period(found.year, found))


def _period(year: int, found: DateMention) -> Period:
    if found.month is None:
        return year_of(year)
    return day_of(date(year, found.month, found.day)) if found.day else month_of(year, found.month)
