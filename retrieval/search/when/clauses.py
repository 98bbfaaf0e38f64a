"""Stretches of time with the words around them that open or bound them → clauses: 2021年以来, before April, 至今."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from retrieval.search.when.joining import Stretch
from retrieval.values import Span


@dataclass(frozen=True, slots=True)
class Clause:
    """What one stretch of a question says: the days `since` to `until`, either None where it is open.

    `bounded` tells that it says "from then on", so that nothing written earlier can answer.
    """

    span: Span
    since: date | None
    until: date | None
    stretch: Stretch
    bounded: bool = False


def clauses(folded: str, stretches: Sequence[Stretch]) -> list[Clause]:
    """Read what stands around each stretch."""
    return [_clause(folded, stretch) for stretch in stretches]


# 以后 and 以前 leave the named time out (现代汉语词典), as after and before do; 以来, 起 and 以降 begin with it.
_FROM_BEHIND = re.compile(
    r"[ ,]*(?:至今|迄今|(?:一?直?到|至)(?:现在|今天?|目前|如今)"
    r"|to (?:date|now|(?:the )?present)\b|until now|onwards?\b)"
    r"|以来|以降|起(?![到来义点源诉火飞步])|开始|から(?!の?間)"
)
_AFTER_BEHIND = re.compile(r"的?(?:以后|之后|过后|より後)|后(?![续来期世台勤备代人天半卫方果面])")
_BEFORE_BEHIND = re.compile(r"的?(?:以前|之前|より前)|前(?![后夕往身任景来所几进途锋沿提线半三两四十\d])")
_UNTIL_BEHIND = re.compile(r"为止|まで(?!の?間)|止(?![损血境步])")
_FROM = re.compile(r"(?:(?<!来)自从? ?|\b(?:ever )?since (?:the )?|\bstarting (?:in |from |on )?)$")
_AFTER = re.compile(r"\b(?:after|later than) (?:the )?$")
_BEFORE = re.compile(r"\b(?:before|prior to|earlier than) (?:the )?$")
_UNTIL = re.compile(r"\b(?:until|till|up to) (?:the )?$")
_LEAD = re.compile(
    r"(?:\b(?:(?:published|posted|dated|written) )?"
    r"(?:from|between|in|on|during|over|within|throughout|as of|by|at) (?:the )?"
    r"|[从由在]|(?:发表|发布|刊登|刊|载|(?<![关对由位终]))于|截[至止]到?)$"
)
_ONE_DAY = timedelta(days=1)


def _clause(folded: str, stretch: Stretch) -> Clause:
    (begin, end), first, last = stretch.span, stretch.period.first, stretch.period.last
    before = folded[:begin]

    def bound(since: date | None, until: date | None, span: Span) -> Clause:
        return Clause(span, since, until, stretch, bounded=until is None)

    if behind := _AFTER_BEHIND.match(folded, end):
        return bound(_next(last), None, (_lead(before), behind.end()))
    if behind := _BEFORE_BEHIND.match(folded, end):
        return bound(None, _previous(first), (_lead(before), behind.end()))
    if behind := _FROM_BEHIND.match(folded, end):
        ahead = _FROM.search(before)
        return bound(first, None, (ahead.start() if ahead else _lead(before), behind.end()))
    if behind := _UNTIL_BEHIND.match(folded, end):
        return bound(first if stretch.is_range else None, last, (_lead(before), behind.end()))
    for pattern, since, until in (
        (_FROM, first, None),
        (_AFTER, _next(last), None),
        (_BEFORE, None, _previous(first)),
        (_UNTIL, None, last),
    ):
        if ahead := pattern.search(before):
            return bound(since, until, (ahead.start(), end))
    return bound(first, last, (_lead(before), end))


def _lead(before: str) -> int:
    lead = _LEAD.search(before)
    return lead.start() if lead else len(before)


def _next(day: date) -> date:
    return day + _ONE_DAY if day < date.max else day


def _previous(day: date) -> date:
    return day - _ONE_DAY if day > date.min else day
