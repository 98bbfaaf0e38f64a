"""What a question says about dates, or a person types for a limit: a grammar of rules; the clock is passed in."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import chain

from retrieval.errors import SettingsError
from retrieval.search.sources import ending, fold_aligned, without
from retrieval.search.when import chinese, english
from retrieval.search.when.chinese import part_mentions
from retrieval.search.when.english import english_part_mentions
from retrieval.search.when.joining import Clause, DatedStretch, clauses, stretches
from retrieval.search.when.languages import spoken_mentions, spoken_months
from retrieval.search.when.mention import Mention, absolute_mentions, relative_mentions, without_overlaps
from retrieval.text import fold
from retrieval.text.dates import ENGLISH_MONTHS, DateMention, day_range, find_dates
from retrieval.values import Filters, Span


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
_QUOTED = re.compile('«[^»]+»|[“「『][^”」』]{8,}[”」』]|"[^"]{8,}"')


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
    relative = [
        *relative_mentions([*chinese.RULES, *english.RULES], folded, today),
        *spoken_mentions(question, folded, today),
    ]
    # find_dates looks no further than 年: in 去年4月14日 it must not see it
    rest = question
    for begin, end in (mention.span for mention in relative):
        rest = rest[:begin] + " " * (end - begin) + rest[end:]
    absolute = absolute_mentions(rest)
    parts = [*part_mentions(folded), *english_part_mentions(folded), *spoken_months(question, folded)]
    return without_overlaps([*absolute, *relative, *parts])


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

    两个月前 is said of ten weeks, too: of such a month only the year is written.
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


def _written(parts: Sequence[int | None], *, is_chinese: bool) -> str:
    """Write a year, a month and a day, as many as there are; None where one is not known."""
    if is_chinese:
        return "".join(f"{part}{unit}" for part, unit in zip(parts, "年月日", strict=False) if part)
    names = (part and (ENGLISH_MONTHS[part - 1] if place == 1 else str(part)) for place, part in enumerate(parts))
    return " ".join(reversed([name for name in names if name]))


def _phrase(question: str, clause: Clause) -> str:
    words = question[slice(*clause.span)].strip()
    since, until = clause.since and clause.since.isoformat(), clause.until and clause.until.isoformat()
    days = since if since == until and since else f"{since or ''}…{until or ''}"
    return f"{words} → {days}" + (" (year assumed)" if clause.stretch.assumed else "")


# ---- The time before or after the one asked: 前一年呢？ and the day after?

_AND_THE = r"(?:(?:and|but|what about|how about)\s+)*(?:(?:the|a)\s+)?"
_BEFORE_OR_AFTER = (
    re.compile("(?:那么?|再)?(?:(?:前|上|头)一|(?P<after>后一|下一|第二|次|隔))个?(?P<unit>[年月天日])(?:的?呢|的)?"),
    re.compile(f"{_AND_THE}(?:previous|preceding|(?P<after>next|following)) (?P<unit>year|month|day)"),
    re.compile(f"{_AND_THE}(?P<unit>year|month|day) (?:before|earlier|(?P<after>after|later))(?: that)?"),
)
_YEAR_IN = re.compile(
    r"(?:(?<=\bin )|(?<=\bspring )|(?<=\bsummer )|(?<=\bautumn )|(?<=\bwinter )|(?<=\bfall ))(?:19|20)\d\d(?![\w–—-])"
)
_LEAP_YEAR = 2024
_UNITS = {"年": "year", "月": "month", "天": "day", "日": "day"}


def next_date(said: str, last: str) -> tuple[Span, str] | None:
    """Return the date of the last question, and the one a year, month or day before or after it, where that is said."""
    said = said.lower()
    found = next(filter(None, (pattern.fullmatch(said) for pattern in _BEFORE_OR_AFTER)), None)
    years = [DateMention(year.span(), int(year.group())) for year in _YEAR_IN.finditer(last.lower())]
    dates = find_dates(last) or years
    if found is None or len(dates) != 1:
        return None
    dated = dates[0]
    moved = _moved(dated, _UNITS.get(found["unit"], found["unit"]), 1 if found["after"] else -1)
    if moved is None:
        return None
    parts = (moved.year, moved.month, moved.day)
    return dated.span, _written(parts, is_chinese=bool(_IDEOGRAPH.search(last)))


def _moved(dated: DateMention, unit: str, step: int) -> DateMention | None:
    """Return a date one unit earlier or later; None where it is not as precise as that."""
    if unit == "year" and dated.year:
        is_leap_day = (dated.month, dated.day) == (2, 29)
        return replace(dated, year=dated.year + step, day=28 if is_leap_day else dated.day)
    if unit == "month" and dated.month:
        months = (dated.year or 0) * 12 + dated.month - 1 + step
        return replace(dated, year=dated.year and months // 12, month=months % 12 + 1, day=None)
    if unit == "day" and dated.month and dated.day:
        day = date(dated.year or _LEAP_YEAR, dated.month, dated.day) + timedelta(days=step)
        return replace(dated, year=dated.year and day.year, month=day.month, day=day.day)
    return None


# ---- Dates that a person types as a limit


def make_filters(
    since: str | None = None, until: str | None = None, source: str | None = None, *, today: date | None = None
) -> Filters:
    """Make filters of what a person typed: ISO dates, 2023年7月, 2023/07/28, 去年, last month; empty means none.

    Raises:
        SettingsError: `since` or `until` is no date, or nothing lies between them.
    """
    first, last = (_days_typed(name, value, today) for name, value in (("since", since), ("until", until)))
    if first and last and day_range(first[0])[0] > day_range(last[1])[1]:
        raise SettingsError(
            "nothing is published since {since} and until {until}: give them the other way round",
            since=since,
            until=until,
        )
    return Filters(first and first[0], last and last[1], source or None)


def parse_day(text: str | None, *, today: date | None = None) -> date | None:
    """Read a day as a person types it, the last one of a month or year; None and nothing give None.

    Raises:
        SettingsError: it is no date.
    """
    typed = _days_typed("as-of", text, today)
    return typed and date.fromordinal(day_range(typed[1])[1])


def _days_typed(name: str, text: str | None, today: date | None) -> tuple[str, str] | None:
    if not text or not text.strip():
        return None
    days = read_days(text, today or datetime.now().astimezone().date())  # the day it is where the person is
    if days is None:
        raise SettingsError("{name}: {text!r} is not a date such as 2022, 2022-04 or 2022-04-14", name=name, text=text)
    return days


_YEAR_FIRST = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?|月)?|年)?")


def read_days(text: str, today: date) -> tuple[str, str] | None:
    """Read what a person typed as a date: `2022-04`, `2022/4/14`, `２０２２年４月`, `去年`, `last year`, from `today`.

    Returns its first and its last day, in ISO; of a date that is written out as precise as it was typed. None if it is
    no date.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    written = _YEAR_FIRST.fullmatch(plain)
    if written:
        plain = "-".join([written[1], *(f"{int(part):02d}" for part in written.groups()[1:] if part)])
    try:
        day_range(plain)
    except ValueError:
        found = None if written else understand_dates(plain, today)
        return (found.since, found.until) if found and found.since and found.until else None
    return plain, plain
