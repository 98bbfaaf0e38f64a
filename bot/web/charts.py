"""Numbers of articles by time → bars."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from retrieval import MonthCount, Timeline

_MOST_MONTHS = 120
"""Bars of a chart; a longer time is counted by year."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: its place from the left, what it counts, how many, and its height in 0…1 of the chart's."""

    place: int
    period: str
    count: int
    height: float


def charts(counted: Sequence[MonthCount]) -> dict[str | None, list[Bar]]:
    """Return the bars of each source over the same periods, those without articles included."""
    months = _between(sorted({item.month for item in counted}))
    length = 7 if len(months) <= _MOST_MONTHS else 4
    periods = list(dict.fromkeys(month[:length] for month in months))
    counts: defaultdict[str | None, Counter[str]] = defaultdict(Counter)
    for item in counted:
        counts[item.source][item.month[:length]] += item.articles
    most = {source: max(found.values()) for source, found in counts.items()}
    return {
        source: [
            Bar(place, period, found[period], found[period] / most[source]) for place, period in enumerate(periods)
        ]
        for source, found in counts.items()
    }


def curve(told: Timeline) -> list[Bar]:
    """Return how many articles tell of a topic by month; those of which no month is known count in none."""
    articles = [article for story in told.stories for article in (story.article, *story.also_in)]
    months = Counter((article.published or "")[:7] for article in articles if "-" in (article.published or ""))
    return charts([MonthCount(None, month, count) for month, count in months.items()]).get(None, [])


def _between(months: Sequence[str]) -> list[str]:
    """Return every month from the first to the last."""
    if not months:
        return []
    first, last = (12 * int(month[:4]) + int(month[5:]) - 1 for month in (months[0], months[-1]))
    return [f"{number // 12:04}-{number % 12 + 1:02}" for number in range(first, last + 1)]
