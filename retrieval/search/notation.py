"""A question's figures, days and hours as the text that is read writes them: 35000人 as 3.5万人, 下午3点 as 15:00.

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
"""From which figure on two notations mean one thing if both count something; 2 and 两 must count the same (2号线)."""
_COUNTS = re.compile(
    "[人名个位元块米吨斤克岁层户家度分秒天周月场座栋幢辆台件次票条亩瓦间只头匹艘架支张份本册篇股倍种项起例床]|年(?!级)"
    "|公(?:里|斤|顷|吨|分|尺)|平方|立方|[千万亿]瓦|小时"
)
"""What stands behind a figure that counts, and none that is a name: 360公司, 315晚会."""
_IN_ORDER = frozenset("条款章届期版季集")
"""What a number without 第 may count in order: 19条 is 第十九条."""
_NUMBERED = re.compile("(?:电话|热线|邮编|号码|证号|账号|QQ|编号|型号)[:：是为]?\\s*$", re.IGNORECASE)

_Value = tuple[Span, str]


def as_written(question: str, text: str, year: int | None = None) -> str:
    """Return a question with each figure, day and hour as a `text` of some `year` writes the same one, if it does."""
    own = list(_values(question))
    if not own:
        return question
    folded, theirs = fold_aligned(text), _theirs(text, year)
    for span, value in reversed(own):
        said = question[slice(*span)]
        written = next((theirs[key] for key in _keys(question, span, value) if key in theirs), None)
        if written and fold_aligned(said) not in folded:
            question = f"{question[: span[0]]}{written}{question[span[1] :]}"
    return question


def _theirs(text: str, year: int | None) -> dict[str, str]:
    """Return how a text writes what it has, by the value, and by the value with what it counts."""
    theirs = dict[str, str]()
    for span, value in _values(text):
        behind, written = _behind(text, span[1]), text[slice(*span)]
        keys = [f"{value}{behind}"]
        if not value.startswith("#") or "%" in value or _COUNTS.match(text, span[1]):
            keys.append(value)
        if value.startswith("#第") and behind in _IN_ORDER:
            keys.append(f"#{value[2:]}{behind}")
        elif value.startswith("@--"):
            keys += [f"@{year}{value[2:]}"] if year else []
        elif value.startswith("@") and len(value) == len("@2022-04-14"):
            keys.append(f"@--{value[6:]}")
        for key in keys:
            theirs.setdefault(key, written)
    return theirs


def _keys(question: str, span: Span, value: str) -> Iterator[str]:
    if value.startswith("#") and _NUMBERED.search(question[: span[0]]):
        return
    yield f"{value}{_behind(question, span[1])}"
    is_large = value[1:].isdecimal() and int(value[1:]) >= _LARGE and _COUNTS.match(question, span[1])
    if (
        not value.startswith("#")
        or "%" in value
        or "." in value
        or is_large
        or question.endswith(("万", "亿"), 0, span[1])
    ):
        yield value


def _behind(text: str, end: int) -> str:
    """Return what a figure counts: the character behind it, the space in front of a word left out."""
    return fold_aligned(text[end : end + 2]).strip()[:1]


def _values(text: str) -> Iterator[_Value]:
    """Yield where figures, days and hours stand in a text, in order, with what each is."""
    found: list[_Value] = [*_hours(text), *_prices(text), *_durations(text)]
    taken = {place for span, _ in found for place in range(*span)}
    for mention in fold_numbers(text):
        is_year = re.fullmatch(r"#\d{4}", mention.canonical) and "年" in text[mention.span[1] - 1 : mention.span[1] + 1]
        if not is_year and not taken.intersection(range(*mention.span)):
            found.append((mention.span, _share(mention.canonical)))
    yield from sorted(found)


def _share(canonical: str) -> str:
    """Return a share in per cent, as 20 % for 1/5; anything else as it is."""
    if "/" not in canonical:
        return canonical
    above, below = canonical[1:].split("/")
    return f"#{(100 * Decimal(above) / Decimal(below)).normalize():f}%"


_DIGITS = "〇零一二三四五六七八九十百千两"
_NOT_IN = rf"(?<![\d.:：,{_DIGITS}第同统唯不差])"
_CLOCK = re.compile(
    r"(?P<half>上午|早上|早晨|清晨|凌晨|中午|下午|傍晚|晚上|夜里|[今明昨当]?[早晚])?"
    rf"(?:{_NOT_IN}(?:(?P<digits>[01]?\d|2[0-4])|(?P<han>二十[一二三四]?|十[一二三四五六七八九]?|[一二两三四五六七八九]))"
    rf"[点點](?:(?P<part>半|[一三]刻)|(?P<minute>[0-5]?\d|[{_DIGITS}]{{1,3}})分)?(?:钟|整)?(?![{_DIGITS}\d儿名个位建意要共原变])"
    rf"|{_NOT_IN}(?P<hour>[01]?\d|2[0-4])(?:[时時](?![间間期段代辰刻候任兴常])(?:(?P<of>[0-5]?\d)分)?"
    r"|[:：](?P<colon>[0-5]\d)(?![\d:：])(?!\s?[险大完惜]?[胜负平败输]|的?比分|领先|逆转)(?P<noon>\s?[ap]\.?m\b\.?)?))",
    re.IGNORECASE,
)
_NO_HOUR = re.compile("(?:比分|福音|比例尺?|第)\\s*$")
_PARTS = {"半": 30, "一刻": 15, "三刻": 45}


def _hours(text: str) -> Iterator[_Value]:
    """Yield hours; a lone 一点 or 三点 is one only where it says more: 下午三点, 三点半."""
    for match in _CLOCK.finditer(text):
        is_lone = len(match["han"] or "") == 1 and not (match["half"] or match["part"] or match["minute"])
        hour = number((match["digits"] or match["han"] or match["hour"]).replace("两", "二"))
        if hour is None or is_lone or _NO_HOUR.search(text[: match.start()]):
            continue
        written = match["colon"] or match["of"] or match["minute"]
        minute = _PARTS.get(match["part"] or "", int(number(written) or 0) if written else 0)
        yield match.span(), f"@{_of_day(hour, match['half'] or '', (match['noon'] or '').strip().lower())}:{minute:02d}"


def _of_day(hour: int, half: str, noon: str) -> int:
    """Return an hour of 24: 晚上12点 is 0, 夜里1点 is 1, 下午3点 is 15."""
    if hour == 12 and (re.search("晚|夜|凌晨", half) or noon.startswith("a")):
        return 0
    is_late = noon.startswith("p") or "下午" in half or "傍晚" in half or ("中午" in half and hour < 3)
    is_evening = re.search("晚|夜", half) is not None and hour > 4
    return hour + 12 if (is_late or is_evening) and 0 < hour < 12 else hour


_ALONE = rf"(?<![\d.,几数第至到~～—–{_DIGITS}-])"
_COUNT = rf"{_ALONE}(?:\d{{1,4}}|[一二两三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九]百?)"
_DURATION = re.compile(
    rf"(?P<hours>{_COUNT})个?半?(?:小时|钟头)(?P<half>半)?(?:(?P<rest>\d{{1,2}}|[一二三四五]?十?[一二三四五六七八九]?)分钟?)?"
    rf"|(?P<minutes>{_COUNT})分钟"
)


def _durations(text: str) -> Iterator[_Value]:
    """Yield how long something took: 一小时二十七分钟 is 87 minutes."""
    for match in _DURATION.finditer(text):
        parts = (match["hours"], match["rest"] or match["minutes"])
        hours, minutes = (number(part.replace("两", "二")) if part else 0 for part in parts)
        half = 30 * ("半" in match.group())
        yield match.span(), f"~{60 * (hours or 0) + (minutes or 0) + half}min"


_PRICE = re.compile(r"(?<![\d.])(\d{1,3})块([1-9])(?![\d.万千百毛角平米吨斤个])")


def _prices(text: str) -> Iterator[_Value]:
    """Yield prices as people say them: 4块8 is 4.8."""
    for match in _PRICE.finditer(text):
        yield match.span(), f"#{match[1]}.{match[2]}"
