"""One expression of time in a question, before its neighbours are looked at."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from retrieval.search.sources import ending
from retrieval.search.when.periods import Grain, Period, day_of, month_of, year_of
from retrieval.text.dates import DateMention, find_dates
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

    def period_in(self, parent: Period) -> Period | None:
        """Return the days meant inside `parent`; None where the calendar has no such day."""
        try:
            return self.of(parent)
        except (ValueError, OverflowError):
            return None

    def with_period(self, period: Period, *, assumed: bool = False) -> "Mention":
        """Return the same words with their period known."""
        return replace(self, of=lambda _: period, within=frozenset(), weak=False, assumed=assumed)


def fixed(span: Span, period: Period, *, relative: bool = False, weak: bool = False) -> Mention:
    """Return a mention that stands by itself."""
    return Mention(span, lambda _: period, weak=weak, relative_spans=(span,) if relative else ())


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
