"""One expression of time in a question, before its neighbours are looked at."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date

from retrieval.search.when.periods import Grain, Period, month_of, year_of
from retrieval.values import Span

YEAR = frozenset({Grain.YEAR})
MONTH = frozenset({Grain.MONTH})


@dataclass(frozen=True, slots=True)
class Mention:
    """An expression of time at `span`.

    `within` are the grains a part is counted in (`4月` in a year, `14日` in a month, `底` in either), empty for what
    stands by itself; `of` gives the period, from the one that it is part of. `weak` words (a bare `2022`, `春节`) speak
    of time only beside another expression. `relative` words (`去年`, `last week`) count from today: no article that
    answers repeats them. `relative_spans` are those a mention was joined from.
    """

    span: Span
    of: Callable[[Period], Period]
    within: frozenset[Grain] = frozenset()
    weak: bool = False
    relative_spans: tuple[Span, ...] = ()
    assumed: bool = False

    def resolve(self, parent: Period) -> Period | None:
        """Return the days meant inside `parent`; None where the calendar has no such day."""
        try:
            return self.of(parent)
        except (ValueError, OverflowError):
            return None

    def settled(self, period: Period, *, assumed: bool = False) -> "Mention":
        """Return the same words with their period known."""
        return replace(self, of=lambda _: period, within=frozenset(), weak=False, assumed=assumed)


def fixed(span: Span, period: Period, *, relative: bool = False, weak: bool = False) -> Mention:
    """Return a mention that stands by itself."""
    return Mention(span, lambda _: period, weak=weak, relative_spans=(span,) if relative else ())


def settle(mention: Mention, today: date) -> Mention | None:
    """Give a part its whole: the latest year or month in which it does not begin after `today`.

    Returns None for weak words and for days that no calendar has.
    """
    if mention.weak:
        return None
    if not mention.within:
        period = mention.resolve(year_of(today.year))
        return mention.settled(period) if period else None
    parents = _years_back(today) if Grain.YEAR in mention.within else _months_back(today)
    for parent in parents:
        period = mention.resolve(parent)
        if period and period.first <= today:
            return mention.settled(period, assumed=Grain.YEAR in mention.within)
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
    kept: list[Mention] = []
    for mention in sorted(mentions, key=lambda each: (each.span[0] - each.span[1], each.span)):
        if all(mention.span[1] <= other.span[0] or other.span[1] <= mention.span[0] for other in kept):
            kept.append(mention)
    return sorted(kept, key=lambda each: each.span)
