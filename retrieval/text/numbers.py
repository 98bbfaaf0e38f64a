"""Numbers and dates in text → canonical tokens, for matching only: 17.1万, 十七万一千 and 171,000 are all `#171000`."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from retrieval.text.dates import DateMention, find_dates
from retrieval.text.quantities import ENGLISH_NUMBER, HAN_NUMERAL, decimal_value, english_scale, english_value
from retrieval.values import Span

CANONICAL = "#@"
"""What a canonical token begins with, and no word: of a number or a year, and of a date."""


@dataclass(frozen=True, slots=True)
class NumberMention:
    """A number or a date as it stands at `span` of a text.

    `canonical` is `#171000` (a number, a year), `#5%`, `#5pp` (percentage points), `#1/3`, `#第3` (an ordinal), or
    `@2022-04-14`, `@2022-04`, `@--04-14` (a date as precise as it is given).
    """

    span: Span
    canonical: str


def canonical_numbers(text: str) -> list[str]:
    """Return the canonical tokens of the numbers and dates in `text`, in order, repeats kept.

    A full date gives its wider forms too (`@2022-04-14`, `@2022-04`, `#2022`, `@--04-14`): one text may name the day
    and the other only its month, or leave the year out.
    """
    return [token for mention in fold_numbers(text) for token in _wider(mention.canonical)]


def fold_numbers(text: str) -> list[NumberMention]:
    """Find the numbers and dates in `text`, in order, none overlapping another; a date's own numbers are part of it."""
    dates = list(_dates(text))
    half_width = text.translate(_HALF_WIDTH) if _FULL_WIDTH.search(text) else text
    numbers = _outside(_numbers(half_width), dates)
    return sorted([*dates, *numbers], key=lambda mention: mention.span)


_FULL_WIDTH = re.compile("[０-９％]")
_HALF_WIDTH = str.maketrans("０１２３４５６７８９．，％／", "0123456789.,%/")

# Where a date can stand: by this look find_dates reads a quarter of a text, which is what indexing waits for.
_MONTHS = (
    "jan ene gen feb fév fev mar mär abr apr avr may mai mag jun jui giu jul lug aug aoû ago sep set oct ott okt out "
    "nov dec déc dez dic янв фев мар апр мая июн июл авг сен окт ноя дек"
)
_MONTH = f"(?:{'|'.join(_MONTHS.split())})"
_DATED = re.compile(
    r"[\d〇○零一二三四五六七八九十元][ \u3000]?[年月년]"
    r"|\d[ \u3000]?[-/.．／－][ \u3000]?\d+[ \u3000]?[-/.．／－ ][ \u3000]?\d"
    rf"|(?<!\d)\d{{4}}[-/／－]\d\d|\b{_MONTH}[^\W\d]{{0,8}}\.?,?\s+\d|\d[a-zº.]{{0,2}}(?:\s+(?:of|de))?[\s-]+{_MONTH}",
    re.IGNORECASE,
)
# Characters around such a place that hold the whole date and the words before it that find_dates looks at.
_BEFORE, _AFTER = 24, 48


def _dates(text: str) -> Iterator[NumberMention]:
    for begin, end in _dated_parts(text):
        for date in find_dates(text[begin:end]):
            yield NumberMention((begin + date.span[0], begin + date.span[1]), _canonical_date(date))


def _dated_parts(text: str) -> Iterator[Span]:
    begin = end = 0
    for match in _DATED.finditer(text):
        if match.start() - _BEFORE > end:
            if end:
                yield begin, end
            begin = match.start() - _BEFORE
        end = match.end() + _AFTER
    if end:
        yield begin, end


def _canonical_date(date: DateMention) -> str:
    parts = [f"{part:02d}" for part in (date.month, date.day) if part is not None]
    if date.year is None:
        return "@--" + "-".join(parts)
    return "-".join([f"@{date.year:04d}", *parts]) if parts else f"#{date.year}"


def _wider(canonical: str) -> tuple[str, ...]:
    if canonical[0] == "#" or canonical.startswith("@--"):
        return (canonical,)
    month, year = canonical[:8], f"#{canonical[1:5]}"
    return (month, year) if canonical == month else (canonical, month, year, f"@--{canonical[6:]}")


def _outside(numbers: Iterator[NumberMention], dates: Sequence[NumberMention]) -> Iterator[NumberMention]:
    """Yield the numbers that overlap no date; both come in order."""
    at = 0
    for number in numbers:
        while at < len(dates) and dates[at].span[1] <= number.span[0]:
            at += 1
        if at == len(dates) or number.span[1] <= dates[at].span[0]:
            yield number


def _numbers(text: str) -> Iterator[NumberMention]:
    for match in _NUMBER.finditer(text):
        kind = match.lastgroup or ""
        canonical = _READERS[kind](match[kind])
        if canonical is not None:
            yield NumberMention(match.span(), canonical)


# ten groups count to 10³³; without a bound each comma of a long list would be the beginning of all that follows
_ARABIC = r"(?:\d{1,3}(?:,\d{3}){1,10}(?![,\d])(?:\.\d+)?|\d+(?:\.\d+(?!\.?\d))?)"
# 千米, 千克, 千瓦 are units of their own; 兆瓦 is a megawatt
_SCALE = (
    "[多余餘]?(?:[百千]?[万萬]?[亿億]|[十百千]?[万萬]|百(?![分货貨度])"
    "|千(?![米克瓦卡伏赫帕焦])|兆(?![瓦赫帕焦字比欧歐]))"
)
_MIXED = rf"{_ARABIC}(?:{_SCALE}(?:{_ARABIC}{_SCALE})*(?:\d{{1,4}}(?![\d.,%年月日]))?)?"
_ENGLISH_SCALE = r"(?:\s?(?:thousand|million|billion|trillion|bn|mn)\b)"
_UNIT = r"(?:\s?%|\s?per\s?cent\b|个百分点|個百分點|\s?percentage points?\b|st\b|nd\b|rd\b|th\b)"
_HAN = f"{HAN_NUMERAL}+"
_PLACES = "[〇零一二三四五六七八九]"
# What a lone 三 or 十 counts; elsewhere it is part of a word: 三明, 四川, 九寨沟, 十分.
_COUNTED = "[个個名位家人口年月日天周週岁歲次项項条條元米层層户戶村县縣省市种種类類件艘架台辆輛栋棟倍亩畝吨噸斤]"
# 九路, 二号线, 三期, 三环; 八路军 and 一号召 are none
_NAMED = "(?:[号號](?![召称稱角声聲])|路(?![军軍程])|[期届屆]|[环環](?![境节節保绕繞球形卫衛节扣]))"
_APPROXIMATE = "(?<![几幾数數])"

# One alternation, so that a text is walked once; its named groups are the keys of _READERS.
_NUMBER = re.compile(
    rf"(?P<share>[百千]分之(?:{_HAN}(?:[点點]{_PLACES}+)?|{_ARABIC}))"
    rf"|(?P<fraction>{_HAN}分之{_HAN})"
    rf"|第 ?(?P<ordinal>\d+|{_HAN})"
    # 四成 is a share; 三成立, 五成员 are not
    rf"|(?<![\d.十百])(?P<tenths>[二三四五六七八九两兩2-9]成半?)(?![为為立功員员本长長果品熟就效份语語都人绩績了年])"
    r"|(?P<half>一半|半[数數]|[过過]半(?![个個年月天日点點]))"
    rf"|(?<![A-Za-z\d./])(?P<ratio>[1-9]\d?/[1-9]\d?)(?![\d/.])"
    rf"|(?<![A-Za-z\d.])(?P<arabic>{_MIXED}{_ENGLISH_SCALE}?{_UNIT}?)"
    rf"|{_APPROXIMATE}(?P<han>{_HAN}[点點]{_PLACES}+(?![刻线線分])[万萬亿億]?|{HAN_NUMERAL}{{2,}}(?:[多余餘][万萬亿億])?|[二三四五六七八九两兩十](?={_COUNTED}|{_NAMED})|一(?=[号號](?![召称稱角声聲])))"
    rf"|\b(?P<english>{ENGLISH_NUMBER}(?:\s?per\s?cent\b)?)",
    re.IGNORECASE,
)
_ARABIC_PARTS = re.compile(rf"({_MIXED})({_ENGLISH_SCALE}?)({_UNIT}?)", re.IGNORECASE)
_PER_CENT = re.compile(r"\s?per\s?cent$")


def _plain(value: Decimal | None, suffix: str = "") -> str | None:
    if value is None:
        return None
    whole = value.to_integral_value()
    return f"#{whole:f}{suffix}" if value == whole else f"#{value.normalize():f}{suffix}"


def _share(written: str) -> str | None:
    value = decimal_value(written[3:])
    return None if value is None else _plain(value if written[0] == "百" else value / 10, "%")


def _fraction(written: str) -> str | None:
    below, above = map(decimal_value, written.split("分之"))
    return f"#{above}/{below}" if above and below else None


def _ratio(written: str) -> str | None:
    above, below = map(int, written.split("/"))
    return f"#{above}/{below}" if above < below else None


def _ordinal(written: str) -> str | None:
    value = decimal_value(written)
    return f"#第{value}" if value else None


def _tenths(written: str) -> str | None:
    tens, half = written.rstrip("半")[:-1], 5 if written.endswith("半") else 0
    value = decimal_value(tens)
    return None if value is None else _plain(value * 10 + half, "%")


def _half(_: str) -> str:
    return "#50%"


def _arabic(written: str) -> str | None:
    if written.isdecimal():
        return f"#{written}"
    digits, scale, unit = _ARABIC_PARTS.fullmatch(written).groups()  # type: ignore[union-attr]  # the same pattern
    unit = unit.strip().lower()
    if unit in {"st", "nd", "rd", "th"}:
        return _ordinal(digits)
    value = decimal_value(digits.translate(_ABOUT))
    if value is not None and scale:
        value *= english_scale(scale.strip().lower())
    return _plain(value, "" if not unit else "pp" if "点" in unit or "點" in unit or "point" in unit else "%")


def _han(written: str) -> str | None:
    # 三五 and 七八 say "about", 五一 and 九一八 are names; 二〇二二 and 一九四九 are read by place
    if len(written) > 1 and _BY_PLACE.fullmatch(written) and not _YEAR_LIKE.fullmatch(written):
        return None
    return _plain(decimal_value(written.translate(_ABOUT)))


_BY_PLACE = re.compile("[〇零○一二三四五六七八九两兩]+")
_YEAR_LIKE = re.compile("[〇零○一二三四五六七八九]{4,}|[一二三四五六七八九]+[〇零○][〇零○一二三四五六七八九]*")
# 3000多万 is matched as 3000万
_ABOUT = str.maketrans("", "", "多余餘")


def _english(written: str) -> str | None:
    words, percents = _PER_CENT.subn("", written.lower())
    return _plain(english_value(words), "%" if percents else "")


_READERS: Mapping[str, Callable[[str], str | None]] = {
    "share": _share,
    "fraction": _fraction,
    "ordinal": _ordinal,
    "tenths": _tenths,
    "half": _half,
    "ratio": _ratio,
    "arabic": _arabic,
    "han": _han,
    "english": _english,
}
