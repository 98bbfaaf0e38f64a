"""The days around a published date."""

from datetime import date, timedelta


def day_before(published: str) -> str:
    """Return the last day, in ISO, before all that an ISO date of any precision can mean."""
    first = _first(published)
    return (first - timedelta(days=first > date.min)).isoformat()


def day_after(published: str) -> str:
    """Return the first day, in ISO, after all that an ISO date of any precision can mean."""
    first, precision = _first(published), published[:10].count("-")
    if first.year == date.max.year:
        return date.max.isoformat()
    if precision == 2:
        return (first + timedelta(days=1)).isoformat()
    if precision == 1 and first.month < 12:
        return first.replace(month=first.month + 1).isoformat()
    return date(first.year + 1, 1, 1).isoformat()


def _first(published: str) -> date:
    year, month, day = (*map(int, published[:10].split("-")), 1, 1)[:3]
    return date(year, month, day)
