"""Neighbouring expressions of time joined: 去年 and 4月, late and March, 3月 to 5月, between March and May 2022."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from retrieval.search.when.mention import Mention, settle
from retrieval.search.when.periods import Grain, Period, month_of, shift_months, year_of
from retrieval.values import Span


@dataclass(frozen=True, slots=True)
class Stretch:
    """The days that one stretch of a question names.

    `relative_spans` are its words that count from today, `is_relative` tells that it has no other, `is_range` that it
    was joined from two ends, `assumed` that its year was not written.
    """

    span: Span
    period: Period
    relative_spans: tuple[Span, ...] = ()
    is_relative: bool = False
    is_range: bool = False
    assumed: bool = False


def stretches(folded: str, mentions: Sequence[Mention], today: date) -> list[Stretch]:
    """Join mentions, in order of place and none overlapping, into stretches; weak ones that stay alone are dropped."""
    told = [mention for mention in mentions if not _is_compared(folded, mention.span)]
    return list(_ranges(folded, _with_parts(folded, told), today))


# 比去年, compared with last year: the other year is what the answer speaks of
_COMPARING = re.compile(r"(?:比|较|相比于?|相较于?|对比|\bthan|\bcompared (?:to|with)|\brelative to)(?: in)? ?$")
_WITH = re.compile("[与和同跟]$")
_COMPARED = re.compile("(?:年?同期)?(?:相比|相较|比较|对比|比起来)")


def _is_compared(folded: str, span: Span) -> bool:
    before = folded[: span[0]]
    return bool(_COMPARING.search(before) or (_WITH.search(before) and _COMPARED.match(folded, span[1])))


# ---- Parts: 去年+4月, April+last year, late+March+2022

_BEFORE_PART = re.compile("[ 的の]?")
_BEFORE_WHOLE = re.compile(r",? ?(?:of |in )?(?:the )?|-")


def _with_parts(folded: str, mentions: Sequence[Mention]) -> list[Mention]:
    waiting: list[Mention] = []
    for mention in mentions:
        current = mention
        while waiting and (joined := _joined(folded, waiting[-1], current)):
            waiting.pop()
            current = joined
        waiting.append(current)
    return waiting


def _joined(folded: str, left: Mention, right: Mention) -> Mention | None:
    gap = folded[left.span[1] : right.span[0]]
    joined = _part_of(left, right) if _BEFORE_PART.fullmatch(gap) else None
    return joined or (_part_of(right, left) if _BEFORE_WHOLE.fullmatch(gap) else None)


def _part_of(whole: Mention, part: Mention) -> Mention | None:
    """Return `part` inside `whole`, where that is a year or a month (its grain), or itself a month of some year."""
    probe = whole.resolve(year_of(2000))
    if probe is None or probe.grain not in part.within:
        return None

    def inside(parent: Period) -> Period:
        return part.of(whole.of(parent))

    span = min(whole.span[0], part.span[0]), max(whole.span[1], part.span[1])
    weak = whole.weak and part.weak
    return Mention(span, inside, whole.within, weak, (*whole.relative_spans, *part.relative_spans))


# ---- Ranges: X到Y, between X and Y, X和Y

_TO = re.compile(
    r"\s*(?:一?直?到|至|[-–—~〜～―]+|から|以?及|与|和|或|、|,?\s?\b(?:to|through|thru|until|till|and|or)\b)"
    r"\s*(?:the |in |次年|翌年)?"
)


def _ranges(folded: str, mentions: Sequence[Mention], today: date) -> Iterator[Stretch]:
    at = 0
    while at < len(mentions):
        stretch, at = _longest(folded, mentions, at, today)
        if stretch:
            yield stretch


def _longest(folded: str, mentions: Sequence[Mention], at: int, today: date) -> tuple[Stretch | None, int]:
    """Return the range that begins with mention `at`, and the number of the mention after it."""
    stretch, left, at = _stretch(mentions[at], today), mentions[at], at + 1
    while at < len(mentions) and _TO.fullmatch(folded, left.span[1], mentions[at].span[0]):
        joined = _range(stretch, left, mentions[at], today)
        if joined is None:
            break
        stretch, left, at = joined, mentions[at], at + 1
    return stretch, at


def _stretch(mention: Mention, today: date, *, joined: bool = False) -> Stretch | None:
    settled = settle(replace(mention, weak=mention.weak and not joined), today)
    return _placed(mention, settled.resolve(_ANY), assumed=settled.assumed) if settled else None


_ANY = year_of(2000)


def _placed(mention: Mention, period: Period | None, *, assumed: bool = False) -> Stretch | None:
    if period is None:
        return None
    is_relative = mention.relative_spans == (mention.span,)
    return Stretch(mention.span, period, mention.relative_spans, is_relative, assumed=assumed)


def _range(begun: Stretch | None, left: Mention, right: Mention, today: date) -> Stretch | None:
    """Join two ends; one that lacks its year or month takes the other's, so that the range runs forward."""
    if left.weak and right.weak and (left.within or right.within):
        return None
    first = begun or _stretch(left, today, joined=True)
    if right.within:
        return first and _hull(first, _after(right, first))
    last = _stretch(right, today, joined=True)
    if left.within and last and (begun is None or begun.span == left.span):
        first = _before(left, last)
    return first and _hull(first, last)


def _hull(first: Stretch, last: Stretch | None) -> Stretch | None:
    if last is None:
        return None
    begin, end = min(first.period.first, last.period.first), max(first.period.last, last.period.last)
    return Stretch(
        (first.span[0], last.span[1]),
        Period(begin, end),
        (*first.relative_spans, *last.relative_spans),
        is_relative=first.is_relative and last.is_relative,
        is_range=True,
        assumed=first.assumed or last.assumed,
    )


def _after(mention: Mention, first: Stretch) -> Stretch | None:
    """Place the later end of a range: in the year or month of its beginning, or in the next (11月到2月)."""
    parents = _around(mention, first.period.first, 1)
    periods = (period for period in map(mention.resolve, parents) if period and period.last >= first.period.first)
    return _placed(mention, next(periods, None))


def _before(mention: Mention, last: Stretch) -> Stretch | None:
    """Place the earlier end of a range: in the year or month of its end, or in the one before."""
    parents = _around(mention, last.period.first, -1)
    periods = (period for period in map(mention.resolve, parents) if period and period.first <= last.period.last)
    return _placed(mention, next(periods, None))


def _around(mention: Mention, day: date, step: int) -> Iterable[Period]:
    if Grain.YEAR in mention.within:
        return [year_of(year) for year in (day.year, day.year + step) if 0 < year < 10_000]
    return [month_of(day.year, day.month), _month_beside(day, step)]


def _month_beside(day: date, step: int) -> Period:
    beside = shift_months(day, step)
    return month_of(beside.year, beside.month)
