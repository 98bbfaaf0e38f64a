"""When what a passage reports happened: the day that it tells or implies, or none where that is not certain."""

import re
from collections.abc import Iterator
from datetime import date

from retrieval.search.sources import fold_aligned
from retrieval.text.dates import DateMention, day_range, find_dates
from retrieval.values import Hit, Span

Days = tuple[int, int]
"""The first and last day that may be meant, as ordinals."""

_RELATIVE = (
    (re.compile("今[天日晨晚早](?![报头])|本日|(?<!usa )today|tonight", re.IGNORECASE), (0, 0)),
    (re.compile("昨[天日晚晨]|yesterday", re.IGNORECASE), (1, 1)),
    (re.compile("(?<![目此之以当年先提])前(?:[天日](?![后均本方产期])|[晚夜晨])"), (2, 2)),
)
_TELLING = re.compile(
    "(?:[今昨前][天日晚]|本日)[上下]?午?(?:对外|正式)?(?:宣布|公布|通报|透露|表示|发布|介绍|证实|通告|公告|公示|答复|批复|说|称)"
)
_LATELY = re.compile("日前|近日|近期|这几天|recently", re.IGNORECASE), (0, 30)
_UNSAID = (0, 3)
"""Days between what happened and its report, where the report says nothing of it."""


def days_in(hit: Hit, event: str = "") -> Days | None:
    """Return the days on which what a hit reports may have happened; None where it names several, or none is known.

    Where it is asked for an `event`, and title and lit words do not name it, the words that answer alone say when.
    """
    published = day_range(hit.article.published[:10]) if hit.article.published else None
    lit = hit.text[slice(*hit.highlight)]
    if _is_unsure(hit, published):
        return None
    is_reported = not event or _tells(f"{hit.article.title or ''}\n{lit}", event)
    for text in (_answering(hit), lit, hit.text) if is_reported else (_answering(hit, event),):
        named = _distinct(text, published)
        if len(named) == 1:
            return None if published and named[0][0] > published[1] + _AHEAD else named[0]
        if named:
            # of several days that is the reported one which lies right before the report
            fresh = [days for days in named if published and _is_fresh(days, published)]
            return fresh[0] if len(fresh) == 1 else next((days for days in fresh if days == published), None)
    if published is None or not is_reported or _ANOTHER_TIME.search(lit) or _has_unknown_year(lit, published):
        return None
    after = next((days for pattern, days in (*_RELATIVE, _LATELY) if pattern.search(lit)), _UNSAID)
    return published[0] - after[1], published[1] - after[0]


_SINCE_THEN = re.compile(
    r"(?:大?约|近|时隔)?[\d一二两三四五六七八九十百]+多?(?:年|个月|天|周|小时)[之以]?[后前]"
    r"|\d+ (?:years?|months?|days?) (?:later|ago|after|before)"
)
_GUESSED = re.compile(
    r"(?:预计|预期|有望|可能|或)(?:将)?(?:会|在|于)?$|料[将会]在?$"
    r"|(?<!as )\b(?:expected|likely)\b.{0,12}$|\bmay (?:be|have)\b.{0,12}$"
)
"""Stands before a day that is guessed."""


def _is_unsure(hit: Hit, published: Days | None) -> bool:
    """Return whether the words that answer do not say when it was: 17年后, 预计6月30日, 1月11日 of no year known."""
    if hit.answer is None:
        return False
    start, end = hit.answer
    dates = _touched(hit.text, (start, end))
    is_since = not dates and _SINCE_THEN.fullmatch(fold_aligned(hit.text[start:end]))
    if is_since or _GUESSED.search(fold_aligned(hit.text[:start])):
        return True
    return bool(dates) and all(_is_of_unknown_year(each, published) for each in dates)


def _has_unknown_year(text: str, published: Days) -> bool:
    """Return whether a text names a day of which it is not known whether it is of this year or of the last."""
    return any(_is_of_unknown_year(each, published) for each in find_dates(text))


def _is_of_unknown_year(mention: DateMention, published: Days | None) -> bool:
    return not mention.year and _days(mention, published) is None


def _touched(text: str, answer: Span) -> list[DateMention]:
    """Return the dates of a text of which the words that answer are a part, or that are a part of them."""
    start, end = answer
    return [each for each in find_dates(text) if each.span[0] < end and start < each.span[1]]


_ANOTHER_TIME = re.compile(
    "[去前明后]年|明[天日]|后天|[上下]个?[周月]|上?星期|年前|将[于在]"
    "|(?:last|next) (?:year|month|week)|tomorrow|gestern|ayer|hier",
    re.IGNORECASE,
)
"""Says that what is told was, or will be, at another time than its report."""
_EVENTS = (
    "建成 完工 竣工 落成 通车 开通 开放 启用 投用 运营 投产",
    "成立 创办 创建 创立 组建 设立 建立",
    "去世 逝世 病逝 离世 辞世 死",
    "开工 动工 奠基 开建",
    "发布 公布 推出 发表 上市",
    "上映 公映 首映",
    "宣判 判决 判处 获刑",
    "上任 就任 接任 当选 任职",
)
_SAME_EVENT = {word: words.split() for words in _EVENTS for word in words.split()}
"""All words for about the same event, by each of them."""


def _tells(text: str, event: str) -> bool:
    """Return whether a text names an event, by any word for it."""
    folded = fold_aligned(text)
    return any(word in folded for word in _SAME_EVENT.get(event, [event]))


_CLAUSE_ENDS = re.compile("[，,。；;！\n]")


def _answering(hit: Hit, event: str = "") -> str:
    """Return the words that answer when it was, with all of a date that they are a part of.

    Of an `event`, if their clause names it.
    """
    if hit.answer is None:
        return ""
    start, end = hit.answer
    if _UNTIL.search(hit.text[:start]):
        return ""
    before, after = _CLAUSE_ENDS.split(hit.text[:start])[-1], _CLAUSE_ENDS.split(hit.text[end:], maxsplit=1)[0]
    if event and not _tells(f"{before}{hit.text[start:end]}{after}", event):
        return ""
    touched = [each.span for each in _touched(hit.text, hit.answer)]
    first = min([start, *(span[0] for span in touched)])
    first -= 2 * hit.text.endswith(("去年", "前年", "今年"), 0, first)
    return hit.text[first : max([end, *(span[1] for span in touched)])]


_UNTIL = re.compile(
    "(?:[截为]至|截止到?|(?:冻结|有效期|期限|任期|持续|延续|执行|租期|合同|协议|封闭|停[运业课电水])[^,，。]{0,4}至)$"
)
"""Stands before the end of what lasts, or of what was counted: 冻结至2022年10月14日."""
_FRESH = 10
"""Days before a report in which lies what it reports as news, where it names other days, too."""
_AHEAD, _BACK = 60, 120
"""Days after a report from which a day without a year is taken for one of the year before, if that is no more days
back: of a longer one it is not known which is meant. What lies so far ahead was not reported."""
_LAST_YEARS = {"去年": 1, "前年": 2, "今年": 0}
_MONTH_OF = re.compile(r"(去年|前年|今年)的?(?=\d{1,2}月)")
_TO_DAY = re.compile(r"\s*(?:至|到|-|—|–|~|～)\s*(\d{1,2})日")
"""Follows the first day of what took several: 7月3日至5日."""


def _is_fresh(days: Days, published: Days) -> bool:
    return published[0] - _FRESH <= days[0] and days[1] <= published[1] + 1


def _distinct(text: str, published: Days | None) -> list[Days]:
    """Return the different days that a text names, 昨天 among them; a wider one that holds a narrower is the same."""
    if published:
        year = date.fromordinal(published[1]).year
        text = _MONTH_OF.sub(lambda match: f"{year - _LAST_YEARS[match[1]]}年", text)
    told = set(_told(text, published))
    if published:
        plain = _TELLING.sub("", text) if told else text  # 昨天宣布1月20日去世: the day of telling is not meant
        relative = [days for pattern, days in _RELATIVE if pattern.search(plain)]
        told |= {(published[0] - days[1], published[1] - days[0]) for days in relative}
    named = sorted(told, key=lambda each: each[1] - each[0])
    kept = list[Days]()
    for days in named:
        if not any(days[0] <= other[0] and other[1] <= days[1] for other in kept):
            kept.append(days)
    return kept


def _told(text: str, published: Days | None) -> Iterator[Days]:
    """Yield the days that a text names."""
    for mention in find_dates(text):
        days = _days(mention, published)
        if days is None:
            continue
        last = _TO_DAY.match(text, mention.span[1])
        until = days[0] + min(int(last[1]), 31) - mention.day if last and mention.day else days[1]
        yield days[0], max(days[1], until)


def _days(mention: DateMention, published: Days | None) -> Days | None:
    year = mention.year or (date.fromordinal(published[1]).year if published else None)
    if year is None:
        return None
    days = _of_year(year, mention)
    if days and published and mention.year is None and days[0] > published[1] + _AHEAD:
        before = _of_year(year - 1, mention)
        return before if before and published[0] - before[0] <= _BACK else None
    return days


def _of_year(year: int, mention: DateMention) -> Days | None:
    iso = "-".join([f"{year:04d}", *(f"{part:02d}" for part in (mention.month, mention.day) if part)])
    try:
        return day_range(iso)
    except ValueError:
        return None
