"""ISO dates of any precision ↔ days."""

import calendar
import re
from datetime import date

from retrieval.values import Filters

EVERY_DAY = range(1, date.max.toordinal() + 1)
"""The days that there are, as ordinals."""
_ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2})(?:[T ]\S+)?)?)?")


def day_range(iso: str) -> tuple[int, int]:
    """Return the first and last day, as ordinals, that `iso` (`2022`, `2022-04`, `2022-04-14`, a date-time) can mean.

    Raises:
        ValueError: it is not an ISO date.
    """
    match = _ISO.fullmatch(iso.strip())
    if match is None:
        raise ValueError(f"{iso!r} is not an ISO date such as 2022, 2022-04 or 2022-04-14")
    year, month, day = int(match[1]), match[2], match[3]
    first = date(year, int(month or 1), int(day or 1))
    if day:
        return first.toordinal(), first.toordinal()
    last_month = int(month or 12)
    return first.toordinal(), date(year, last_month, calendar.monthrange(year, last_month)[1]).toordinal()


def days_of(filters: Filters) -> tuple[int, int] | None:
    """Return the first and last day, as ordinals, that filters allow, or None if they allow any."""
    if not filters.since and not filters.until:
        return None
    since = day_range(filters.since)[0] if filters.since else EVERY_DAY[0]
    return since, day_range(filters.until)[1] if filters.until else EVERY_DAY[-1]


def month_and_year(day: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return first and last day, as ordinals, of the month and of the year of a day: the longer dates that hold it."""
    month = date.fromordinal(day).isoformat()[:7]
    return day_range(month), day_range(month[:4])
