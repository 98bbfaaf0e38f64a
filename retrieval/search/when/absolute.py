"""Dates that a question writes out, in any notation: the text's dates, less what only looks like one."""

import re
from collections.abc import Iterator
from datetime import date

from retrieval.search.when.mention import YEAR, Mention, fixed
from retrieval.search.when.periods import Period, day_of, month_of, year_of
from retrieval.text.notations import DateMention, find_dates

# 2000年的历史 and 近2000年 count years
_AGE_AFTER = re.compile("的?(?:历史|文化|文明|传统|来|间|前)")
_AGE_BEFORE = re.compile("(?:近|约|达|有|过|逾|距今|历经)$")
# 2022年级, 4月14日大街
_NAME_AFTER = re.compile("级|(?:东|西|南|北|中)?(?:路|街|大街|大道|广场)")


def absolute_mentions(folded: str) -> Iterator[Mention]:
    """Find dates that are written out; `folded` is the folded question, its characters where they were."""
    for found in find_dates(folded):
        before, after = folded[: found.span[0]], folded[found.span[1] :]
        if not (_is_age(found, before, after) or _NAME_AFTER.match(after)):
            yield _mention(found)


def _is_age(found: DateMention, before: str, after: str) -> bool:
    is_round = found.month is None and found.year is not None and found.year % 100 == 0
    return is_round and bool(_AGE_AFTER.match(after) or _AGE_BEFORE.search(before))


def _mention(found: DateMention) -> Mention:
    if found.year is None:
        return Mention(found.span, lambda year: _period(year.first.year, found), YEAR)
    return fixed(found.span, _period(found.year, found))


def _period(year: int, found: DateMention) -> Period:
    if found.month is None:
        return year_of(year)
    return day_of(date(year, found.month, found.day)) if found.day else month_of(year, found.month)
