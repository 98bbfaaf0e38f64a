"""What a question says about dates: a grammar of rules, no model; the clock is passed in.

Neighbouring expressions of time are joined: 去年 and 4月, late and March, 3月 to 5月, between March and May 2022.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import chain

from retrieval.search.sources import ending, fold_aligned, without
from retrieval.search.when import chinese, english
from retrieval.search.when.chinese import part_mentions
from retrieval.search.when.english import english_part_mentions
from retrieval.search.when.mention import (
    Grain,
    Mention,
    Period,
    absolute_mentions,
    month_of,
    relative_mentions,
    resolve,
    shift_months,
    without_overlaps,
    year_of,
)
from retrieval.text import fold
from retrieval.text.dates import ENGLISH_MONTHS
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


def _range(begun: DatedStretch | None, left: Mention, right: Mention, today: date) -> DatedStretch | None:
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
            begun = name == "from" and folded.startswith(_BEGINNING, end)
            return _bounded(stretch, name, (ahead.start(), end + len(_BEGINNING) * begun))
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


@dataclass(frozen=True, slots=True)
class DateReading:
    """What was understood of a question.

    `since` and `until` are ISO days, both inclusive, None where the question leaves them open. `spans` are the words
    that said so. `phrase` shows it: `上个月 → 2022-03-01…2022-03-31`. `query` is the question without the words that
    only filter, `dated` the question with the words that count from today written as dates. `strict` means that the
    dates are those of publishing, or that the question asks for what came since then; otherwise an article of another
    day may report them. `year_assumed` means that the year was not written and the latest fitting one was taken.
    """

    since: str | None
    until: str | None
    spans: tuple[Span, ...]
    phrase: str
    query: str
    dated: str
    strict: bool
    year_assumed: bool = False


_CHECKED = re.compile(
    "属实吗|属实么|是真的|真的吗|真的假的|是真是假|是否属实|是否真实|是不是真|是谣言|哪里登的|哪家报纸登|出处是|找出.{0,4}出处"
    r"|\bis (?:it|this|that) true\b|\bfact[- ]check"
)
"""Asks whether a quoted sentence is true: its 昨日 is the day before its report, not before the question."""
_QUOTED = re.compile('[“「『][^”」』]{8,}[”」』]|"[^"]{8,}"')


def understand_dates(question: str, today: date, reached: date | None = None) -> DateReading:
    """Read the dates in a question, those that count from now from `today`.

    What lacks a year lies before `reached`, the archive's last day, where that is before `today`. What a quoted
    sentence says of time is no date of the question's.
    """
    if _CHECKED.search(fold(question)):
        return DateReading(None, None, (), "", question, question, strict=False)
    original, question = question, _pasted(_QUOTED.sub(lambda quoted: " " * len(quoted.group()), question))
    folded = fold_aligned(question)
    found = clauses(folded, stretches(folded, _mentions(question, folded, today), min(today, reached or today)))
    since, until = _together(found) if found else (None, None)
    if not (since or until):  # since 2021 and before 2020 together are any day
        return DateReading(None, None, (), "", original, original, strict=False)
    published = [_is_publishing(folded, clause.span) for clause in found]
    return DateReading(
        since.isoformat() if since else None,
        until.isoformat() if until else None,
        tuple(clause.span for clause in found),
        "; ".join(_phrase(original, clause) for clause in found),
        without(original, chain.from_iterable(map(_taken, found, published))),
        _dated(original, [clause.stretch for clause in found]),
        strict=any(published) or any(clause.bounded for clause in found),
        year_assumed=any(clause.stretch.assumed for clause in found),
    )


_SENTENCE = re.compile("[^。！!？?；\n]+[。！!？?；\n]?")
_ASKS = re.compile("[?？]|吗|呢|多少|什么|哪|谁|几|如何|怎")
_PASTED = 60
"""Characters from which a question of several sentences has others than its own."""


def _pasted(question: str) -> str:
    """Return a question with spaces for pasted sentences: their 昨日 is the day before their report."""
    sentences = list(_SENTENCE.finditer(question))
    if len(question) < _PASTED or len(sentences) < 2 or not any(_ASKS.search(each.group()) for each in sentences):
        return question
    return _SENTENCE.sub(lambda each: each.group() if _ASKS.search(each.group()) else " " * len(each.group()), question)


def _mentions(question: str, folded: str, today: date) -> list[Mention]:
    relative = list(relative_mentions([*chinese.RULES, *english.RULES], folded, today))
    # find_dates looks no further than 年: in 去年4月14日 it must not see it
    rest = question
    for begin, end in (mention.span for mention in relative):
        rest = rest[:begin] + " " * (end - begin) + rest[end:]
    absolute = absolute_mentions(rest)
    return without_overlaps([*absolute, *relative, *part_mentions(folded), *english_part_mentions(folded)])


def _together(found: Sequence[Clause]) -> tuple[date | None, date | None]:
    """Return the days that all clauses share; where they share none, those from the first clause to the last."""
    sinces, untils = [clause.since for clause in found], [clause.until for clause in found]
    since = max((day for day in sinces if day), default=None)
    until = min((day for day in untils if day), default=None)
    if since is None or until is None or since <= until:
        return since, until
    return (
        None if None in sinces else min(day for day in sinces if day),
        None if None in untils else max(day for day in untils if day),
    )


_PUBLISHED = re.compile(
    "报道|报导|新闻(?!出版|发布|发言|学|联播|自由|工作|传播|网|社)|消息(?!人士)|文章|刊登|刊载|刊发|登载|发表的|稿件|记事|ニュース"
    r"|\b(?:published|posted|articles?|news(?! conference)|stories|coverage|reports? (?:from|in|of|since))\b"
)
# before 2020 in "published before 2020"; "from" in "news about rice from April"
_PUBLISHED_ON = re.compile(r"\b(?:published|posted|written|dated) (?:\w+ )?$|(?:发表于|刊于|发布于|刊登于|载于)$")
_PUBLISHED_IN = re.compile(r"published|posted|written|dated|发表|发布|刊|载")
_PUBLISHED_ENGLISH = re.compile(r"\b(?:news|articles?|stories|coverage|reports?)\b")
# 关于2021年GDP的报道: the year is what the article speaks of
_ABOUT = re.compile(r"关于|有关|\babout|\bregarding|\bconcerning")


def _is_publishing(folded: str, span: Span) -> bool:
    before = folded[: span[0]]
    if ending(_PUBLISHED_ON, folded, span[0]) or _PUBLISHED_IN.match(folded, span[0]):
        return True
    if folded.startswith("from ", span[0]) and _PUBLISHED_ENGLISH.search(before):
        return True
    if _ABOUT.search(before):
        return False
    return bool(_PUBLISHED.search(folded, span[1]) or _PUBLISHED_ENGLISH.search(before))


def _taken(clause: Clause, is_filter: bool) -> Sequence[Span]:  # noqa: FBT001 - it is mapped over two lists
    """Return the words that the search is better without: dates of publishing, and words that count from today."""
    stretch = clause.stretch
    if is_filter or stretch.is_relative:
        return [clause.span]
    # of 去年4月 the 去年 goes; of "end of last year" or 去年3月到5月 no part can
    return [] if stretch.is_range else [span for span in stretch.relative_spans if span[0] == clause.span[0]]


_IDEOGRAPH = re.compile("[\u3400-\u9fff]")
_ROUGHLY = re.compile(r"前|\bago\b")


def _dated(question: str, found: Sequence[DatedStretch]) -> str:
    """Write what counts from today as dates: 去年11月 as 2023年11月; who reads an article knows no other today.

    两个月前 is told of ten weeks, too: of such a month only the year is written.
    """
    is_chinese = bool(_IDEOGRAPH.search(question))
    for stretch in reversed(found):
        first, last = stretch.period.first, stretch.period.last
        is_one = first.year == last.year and not stretch.is_range
        for begin, end in reversed(stretch.relative_spans if is_one else ()):
            parts = _shared(stretch, question[begin:end])
            question = question[:begin] + _written(parts, is_chinese=is_chinese) + question[end:]
    return question


def _shared(stretch: DatedStretch, words: str) -> Sequence[int]:
    """Return the year, the year and the month, or also the day of what some of a stretch's words mean."""
    first, last = stretch.period.first, stretch.period.last
    parts = (first.year, first.month, first.day)
    if first == last and stretch.is_relative:
        return parts
    is_month = (first.year, first.month) == (last.year, last.month)
    is_said = not _ROUGHLY.search(words) if stretch.is_relative else "月" in words or "month" in words
    return parts[: 1 + (is_month and is_said)]


def _written(parts: Sequence[int], *, is_chinese: bool) -> str:
    if is_chinese:
        return "".join(f"{part}{unit}" for part, unit in zip(parts, "年月日", strict=False))
    names = [str(parts[0]), *(ENGLISH_MONTHS[month - 1] for month in parts[1:2]), *map(str, parts[2:])]
    return " ".join(reversed(names))


def _phrase(question: str, clause: Clause) -> str:
    words = question[slice(*clause.span)].strip()
    since, until = clause.since and clause.since.isoformat(), clause.until and clause.until.isoformat()
    days = since if since == until and since else f"{since or ''}…{until or ''}"
    return f"{words} → {days}" + (" (year assumed)" if clause.stretch.assumed else "")
