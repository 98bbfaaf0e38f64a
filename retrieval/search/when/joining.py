"""Neighbouring expressions of time joined: 去年 and 4月, late and March, 3月 to 5月, between March and May 2022."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from retrieval.search.sources import ending
from retrieval.search.when.mention import Grain, Mention, Period, month_of, resolve, shift_months, year_of
from retrieval.values import Span


@dataclass(frozen=True, slots=True)
class DatedStretch:
    """The days that one stretch of a question names.

    `relative_spans` are its words that count from today, `is_relative` whether it has no other, `is_range` whether it
    was joined from two ends, `assumed` that its year was not written.
    """

    span: Span
    period: Period
    relative_spans: tuple[Span, ...] = ()
    is_relative: bool = False
    is_range: bool = False
    assumed: bool = False


def stretches(folded: str, mentions: Sequence[Mention], today: date) -> list[DatedStretch]:
    """Join mentions, in order of place and none overlapping, into stretches; weak ones that stay alone are dropped."""
    kept = [mention for mention in mentions if not _is_compared(folded, mention.span)]
    return list(_ranges(folded, _with_parts(folded, kept), today))


# 比去年, compared with last year: the other year is what the answer speaks of
_COMPARING = re.compile(r"(?:比|较|相比于?|相较于?|对比|\bthan|\bcompared (?:to|with)|\brelative to)(?: in)? ?$")
_WITH = re.compile("[与和同跟]$")
_COMPARED = re.compile("(?:年?同期)?(?:相比|相较|比较|对比|比起来)")


def _is_compared(folded: str, span: Span) -> bool:
    begin, end = span
    return bool(ending(_COMPARING, folded, begin) or (ending(_WITH, folded, begin) and _COMPARED.match(folded, end)))


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
    probe = whole.period_in(year_of(2000))
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


def _ranges(folded: str, mentions: Sequence[Mention], today: date) -> Iterator[DatedStretch]:
    at = 0
    while at < len(mentions):
        stretch, at = _longest(folded, mentions, at, today)
        if stretch:
            yield stretch


def _longest(folded: str, mentions: Sequence[Mention], at: int, today: date) -> tuple[DatedStretch | None, int]:
    """Return the range that begins with mention `at`, and the number of the mention after it."""
    stretch, left, at = _stretch(mentions[at], today), mentions[at], at + 1
    while at < len(mentions) and _TO.fullmatch(folded, left.span[1], mentions[at].span[0]):
        joined = _range(stretch, left, mentions[at], today)
        if joined is None:
            break
        stretch, left, at = joined, mentions[at], at + 1
    return stretch, at


def _stretch(mention: Mention, today: date, *, joined: bool = False) -> DatedStretch | None:
    resolved = resolve(replace(mention, weak=mention.weak and not joined), today)
    return _placed(mention, resolved.period_in(_ANY), assumed=resolved.assumed) if resolved else None


_ANY = year_of(2000)


def _placed(mention: Mention, period: Period | None, *, assumed: bool = False) -> DatedStretch | None:
    if period is None:
        return None
    is_relative = mention.relative_spans == (mention.span,)
    return DatedStretch(mention.span, period, mention.relative_spans, is_relative, assumed=assumed)


def _range(joined: DatedStretch | None, left: Mention, right: Mention, today: date) -> DatedStretch | None:
    """Join two ends; one that lacks its year or month takes the other's, so that the range runs forward."""
    if left.weak and right.weak and (left.within or right.within):
        return None
    first = joined or _stretch(left, today, joined=True)
    if right.within:
        return first and _hull(first, _after(right, first))
    last = _stretch(right, today, joined=True)
    if left.within and last and (joined is None or joined.span == left.span):
        first = _before(left, last)
    return first and _hull(first, last)


def _hull(first: DatedStretch, last: DatedStretch | None) -> DatedStretch | None:
    if last is None:
        return None
    begin, end = min(first.period.first, last.period.first), max(first.period.last, last.period.last)
    return DatedStretch(
        (first.span[0], last.span[1]),
        Period(begin, end),
        (*first.relative_spans, *last.relative_spans),
        is_relative=first.is_relative and last.is_relative,
        is_range=True,
        assumed=first.assumed or last.assumed,
    )


def _after(mention: Mention, first: DatedStretch) -> DatedStretch | None:
    """Place the later end of a range: in the year or month of its beginning, or in the next (11月到2月)."""
    parents = _around(mention, first.period.first, 1)
    periods = (period for period in map(mention.period_in, parents) if period and period.last >= first.period.first)
    return _placed(mention, next(periods, None))


def _before(mention: Mention, last: DatedStretch) -> DatedStretch | None:
    """Place the earlier end of a range: in the year or month of its end, or in the one before."""
    parents = _around(mention, last.period.first, -1)
    periods = (period for period in map(mention.period_in, parents) if period and period.first <= last.period.last)
    return _placed(mention, next(periods, None))


def _around(mention: Mention, day: date, step: int) -> Iterable[Period]:
    if Grain.YEAR in mention.within:
        return [year_of(year) for year in (day.year, day.year + step) if 0 < year < 10_000]
    return [month_of(day.year, day.month), _neighbouring_month(day, step)]


def _neighbouring_month(day: date, step: int) -> Period:
    neighbour = shift_months(day, step)
    return month_of(neighbour.year, neighbour.month)


@dataclass(frozen=True, slots=True)
class Clause:
    """What one stretch of a question says: the days `since` to `until`, either None where it is open.

    `bounded` means that it says "from then on", so that nothing written earlier can answer.
    """

    span: Span
    since: date | None
    until: date | None
    stretch: DatedStretch
    bounded: bool = False


def clauses(folded: str, stretches: Sequence[DatedStretch]) -> list[Clause]:
    """Read what stands around each stretch."""
    return [_clause(folded, stretch) for stretch in stretches]


# 以后 and 以前 leave the named time out (现代汉语词典), as after and before do; 以来, 起 and 以降 begin with it.
_BEHIND = {
    "after": re.compile(r"的?(?:以后|之后|过后|より後)|后(?![续来期世台勤备代人天半卫方果面])"),
    "before": re.compile(r"的?(?:以前|之前|より前)|前(?![后夕往身任景来所几进途锋沿提线半三两四十\d])"),
    "from": re.compile(
        r"[ ,]*(?:至今|迄今|(?:一?直?到|至)(?:现在|今天?|目前|如今)"
        r"|to (?:date|now|(?:the )?present)\b|until now|onwards?\b)"
        r"|以来|以降|起(?![到来义点源诉火飞步])|から(?!の?間)"
    ),
    "until": re.compile(r"为止|まで(?!の?間)|止(?![损血境步])"),
}
_AHEAD = {
    "from": re.compile(r"(?:(?<!来)自从? ?|从|\b(?:ever )?since (?:the )?|\bstarting (?:in |from |on )?)$"),
    "after": re.compile(r"\b(?:after|later than) (?:the )?$"),
    "before": re.compile(r"\b(?:before|prior to|earlier than) (?:the )?$"),
    "until": re.compile(r"\b(?:until|till|up to) (?:the )?$"),
}
_LEAD = re.compile(
    r"(?:\b(?:(?:published|posted|dated|written) )?"
    r"(?:from|between|in|on|during|over|within|throughout|as of|by|at) (?:the )?"
    r"|自从?|[从由在]|(?:发表|发布|刊登|刊|载|(?<![关对由位终]))于|截[至止]到?)$"
)
_IN_FORCE = re.compile("[,，]?(?:正式|全面|开始)?(?:实施|施行|执行|生效|启用|实行|推行|试行|限制|禁止|停止|恢复|适用)")
# 从去年开始; 在去年开始 begins nothing that goes on
_BEGINNING = "开始"
_ONE_DAY = timedelta(days=1)


def _clause(folded: str, stretch: DatedStretch) -> Clause:
    begin, end = stretch.span
    for name, pattern in _BEHIND.items():
        if behind := pattern.match(folded, end):
            if name == "from" and _IN_FORCE.match(folded, behind.end()):
                break  # 8月1日起实施的规定: the day of the matter, published before
            return _bounded(stretch, name, (_lead(folded, begin), behind.end()))
    for name, pattern in _AHEAD.items():
        if not stretch.is_range and (ahead := ending(pattern, folded, begin)):
            starts = name == "from" and folded.startswith(_BEGINNING, end)
            return _bounded(stretch, name, (ahead.start(), end + len(_BEGINNING) * starts))
    return Clause((_lead(folded, begin), end), stretch.period.first, stretch.period.last, stretch)


def _bounded(stretch: DatedStretch, bound: str, span: Span) -> Clause:
    first, last = stretch.period.first, stretch.period.last
    if bound == "from":
        return Clause(span, first, None, stretch, bounded=True)
    if bound == "after":
        return Clause(span, last + _ONE_DAY if last < date.max else last, None, stretch, bounded=True)
    if bound == "before":
        return Clause(span, None, first - _ONE_DAY if first > date.min else first, stretch)
    return Clause(span, first if stretch.is_range else None, last, stretch)


def _lead(folded: str, begin: int) -> int:
    lead = ending(_LEAD, folded, begin)
    return lead.start() if lead else begin
