"""Holidays of a Gregorian year, the lunar ones among them."""

from collections.abc import Mapping
from datetime import date, timedelta

from borax.calendars.lunardate import LCalendars, LunarDate, TermUtils  # type: ignore[import-untyped]

from retrieval.search.when.periods import Period

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
