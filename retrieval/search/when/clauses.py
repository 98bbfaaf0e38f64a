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
# 从去年开始; 在去年开始 begins nothing that goes on
_BEGINNING = "开始"
_ONE_DAY = timedelta(days=1)


def _clause(folded: str, stretch: Stretch) -> Clause:
    begin, end = stretch.span
    before = folded[:begin]
    for name, pattern in _BEHIND.items():
        if behind := pattern.match(folded, end):
            return _bounded(stretch, name, (_lead(before), behind.end()))
    for name, pattern in _AHEAD.items():
        if not stretch.is_range and (ahead := pattern.search(before)):
            begun = name == "from" and folded.startswith(_BEGINNING, end)
            return _bounded(stretch, name, (ahead.start(), end + len(_BEGINNING) * begun))
    return Clause((_lead(before), end), stretch.period.first, stretch.period.last, stretch)


def _bounded(stretch: Stretch, bound: str, span: Span) -> Clause:
    first, last = stretch.period.first, stretch.period.last
    if bound == "from":
        return Clause(span, first, None, stretch, bounded=True)
    if bound == "after":
        return Clause(span, last + _ONE_DAY if last < date.max else last, None, stretch, bounded=True)
    if bound == "before":
        return Clause(span, None, first - _ONE_DAY if first > date.min else first, stretch)
    return Clause(span, first if stretch.is_range else None, last, stretch)


def _lead(before: str) -> int:
    lead = _LEAD.search(before)
    return lead.start() if lead else len(before)
