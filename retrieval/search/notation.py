"""A question's figures, days and hours as the text that is read writes them: 35000人 as 3.5万人, 7:30 as 七点半.

What reads compares words. It does not know that two notations are one figure; the numbers of a text are known exactly.
"""

import re
from collections.abc import Iterator
from decimal import Decimal

from retrieval.search.sources import fold_aligned
from retrieval.text.numbers import fold_numbers
from retrieval.text.quantities import number
from retrieval.values import Span

_LARGE = 100
"""From which figure on two notations mean one thing whatever stands behind; 2 and 两 must count the same (2号线)."""


def as_written(question: str, text: str, year: int | None = None) -> str:
    """Return a question with each figure, day and hour as a `text` of some `year` writes the same one, if it does."""
    own = list(_values(question))
    if not own:
        return question
    theirs, folded = dict[str, str](), fold_aligned(text)
    for (start, end), values in _values(text):
        for value in (*values, *(_of_year(value, year) for value in values if year)):
            for key in (value, f"{value}{_next(text, end)}"):
                theirs.setdefault(key, text[start:end])
    for (start, end), values in reversed(own):
        meant = values if values[0].startswith("@--") else [value for value in values if not value.startswith("@--")]
        keys = [key for value in meant for key in _keys(value, _next(question, end))]
        written = next((theirs[key] for key in keys if key in theirs), None)
        if written and fold_aligned(question[start:end]) not in folded:
            question = f"{question[:start]}{written}{question[end:]}"
    return question


def _keys(value: str, behind: str) -> Iterator[str]:
    yield f"{value}{behind}"
    if value[0] != "#" or "%" in value or (value[1:].isdecimal() and int(value[1:]) >= _LARGE) or "." in value:
        yield value


def _next(text: str, end: int) -> str:
    """Return what a figure counts: the character behind it, the space in front of a word left out."""
    return fold_aligned(text[end : end + 2]).strip()[:1]


def _of_year(value: str, year: int) -> str:
    return f"@{year}{value[2:]}" if value.startswith("@--") else value


def _values(text: str) -> Iterator[tuple[Span, tuple[str, ...]]]:
    """Yield where figures, days and hours stand in a text, in order, with what each may be."""
    found: list[tuple[Span, tuple[str, ...]]] = [*_hours(text), *_prices(text), *_durations(text)]
    taken = {place for span, _ in found for place in range(*span)}
    numbers = (each for each in fold_numbers(text) if not taken.intersection(range(*each.span)))
    found += [(each.span, tuple(_same(each.canonical))) for each in numbers]
    yield from sorted(found)


def _same(canonical: str) -> Iterator[str]:
    """Yield a canonical number or date, and what says the same: 1/5 for 20 %, 19 for 第19, a day without its year."""
    yield canonical
    if canonical.startswith("#第"):
        yield f"#{canonical[2:]}"
    elif "/" in canonical:
        above, below = canonical[1:].split("/")
        yield f"#{(100 * Decimal(above) / Decimal(below)).normalize():f}%"
    elif canonical[0] == "@" and len(canonical) == len("@2022-04-14"):
        yield f"@--{canonical[6:]}"


_HOUR = r"(?:[01]?\d|2[0-4]|[一二两三四五六七八九]|十[一二]?)"
_CLOCK = re.compile(
    rf"(?P<half>上午|早上|早晨|清晨|凌晨|中午|下午|傍晚|晚上?|夜里?|今晚|当晚|昨晚)?(?P<hour>(?<!\d){_HOUR})"
    r"(?:[点點时時](?:(?P<part>半|[一三]刻)|(?P<minute>[0-5]?\d|[一二三四五]?十?[一二三四五六七八九]?)分)?(?![名个位])|[:：](?P<digits>[0-5]\d)(?!\d))"
)
_PARTS = {"半": 30, "一刻": 15, "三刻": 45}
_LATE = re.compile("下午|傍晚|晚|夜")


def _hours(text: str) -> Iterator[tuple[Span, tuple[str, ...]]]:
    for match in _CLOCK.finditer(text):
        hour = number(match["hour"].replace("两", "二"))
        minute = _PARTS.get(match["part"] or "", int(match["digits"] or number(match["minute"] or "") or 0))
        if hour is None:
            continue
        is_late = bool(match["half"] and _LATE.search(match["half"]) and 0 < hour < 12)
        first = f"@{hour + 12 * is_late}:{minute:02d}"
        is_open = not match["half"] and 0 < hour < 12
        yield match.span(), (first, f"@{hour + 12}:{minute:02d}") if is_open else (first,)


_COUNT = r"(?:\d{1,4}|[一二两三四五六七八九十百]{1,7})"
_DURATION = re.compile(
    rf"(?P<hours>{_COUNT})个?半?(?:小时|钟头)(?P<half>半)?(?:(?P<rest>{_COUNT})分钟?)?|(?P<minutes>{_COUNT})分钟"
)


def _durations(text: str) -> Iterator[tuple[Span, tuple[str, ...]]]:
    """Yield how long something took: 一小时二十七分钟 is 87 minutes."""
    for match in _DURATION.finditer(text):
        parts = (match["hours"], match["rest"] or match["minutes"])
        hours, minutes = (number(part.replace("两", "二")) if part else 0 for part in parts)
        half = 30 * ("半" in match.group())
        yield match.span(), (f"~{60 * (hours or 0) + (minutes or 0) + half}min",)


_PRICE = re.compile(r"(?<![\d.])(\d{1,3})块([1-9])(?![\d.万千百])")


def _prices(text: str) -> Iterator[tuple[Span, tuple[str, ...]]]:
    """Yield prices as people say them: 4块8 is 4.8."""
    for match in _PRICE.finditer(text):
        yield match.span(), (f"#{match[1]}.{match[2]}",)
