"""What the passages cited make of a comparison: whose day is earlier, whose figure larger; certain, or not said."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from retrieval.search.happening import Days, days_in
from retrieval.search.parts import Relation
from retrieval.search.sources import ending, fold_aligned
from retrieval.text.numbers import NumberMention, fold_numbers
from retrieval.values import Compared, Hit

SAME = {Relation.SAME_DAY, Relation.SAME_MONTH, Relation.SAME_YEAR}
TIMED = {Relation.EARLIER, Relation.LATER} | SAME


def compare(relation: Relation, quality: str, hits: Sequence[Hit | None], event: str = "") -> Compared:
    """Compare what the hit of each part says, None where a part has none; of days those of the `event` asked for."""
    if relation in TIMED:
        days = [days_in(hit, event) if hit else None for hit in hits]
        return _of_days(relation, days)
    figures = [figure_in(hit, quality) if hit else None for hit in hits]
    is_time = quality in _FAST and all(figure is None or figure[1] == "s" for figure in figures)
    return _of_figures(relation, figures, is_reversed=is_time)


# ---- Days


def _of_days(relation: Relation, days: Sequence[Days | None]) -> Compared:
    values = tuple(each and _shown(each) for each in days)
    known = [each for each in days if each]
    if len(known) < len(days):
        return Compared(relation, values)
    if relation in {Relation.EARLIER, Relation.LATER}:
        sign = 1 if relation is Relation.EARLIER else -1
        first, last = (0, 1) if sign == 1 else (1, 0)
        winner = min(range(len(known)), key=lambda at: sign * known[at][first])
        others = [each for at, each in enumerate(known) if at != winner]
        if any(sign * known[winner][last] >= sign * each[first] for each in others):
            return Compared(relation, values)
        nearest = min(abs(each[first] - known[winner][last]) for each in others)
        exact = all(each[0] == each[1] for each in known)
        return Compared(relation, values, winner=winner, difference=str(nearest) if exact else None, unit="days")
    return Compared(relation, values, same=_same(relation, known))


_WIDTHS = {Relation.SAME_DAY: 10, Relation.SAME_MONTH: 7, Relation.SAME_YEAR: 4}


def grain_of(relation: Relation, day: int) -> str:
    """Return the day, month or year of an ordinal day, in ISO, in which a relation asks whether two things were."""
    return date.fromordinal(day).isoformat()[: _WIDTHS[relation]]


def _same(relation: Relation, known: Sequence[Days]) -> bool | None:
    """Return whether all fall on one day, in one month or year; None where a range leaves it open."""
    cut = [tuple(grain_of(relation, day) for day in days) for days in known]
    if all(first == last for first, last in cut):
        return len(set(cut)) == 1
    apart = any(a[1] < b[0] or b[1] < a[0] for at, a in enumerate(cut) for b in cut[at + 1 :])
    return False if apart else None


def _shown(days: Days) -> str:
    first, last = (date.fromordinal(day) for day in days)
    if first == last:
        return first.isoformat()
    if first.day == 1 and (last + timedelta(days=1)).day == 1:
        if (first.year, first.month) == (last.year, last.month):
            return first.isoformat()[:7]
        if (first.month, last.month, first.year) == (1, 12, last.year):
            return str(first.year)
    return f"{first.isoformat()}…{last.isoformat()}"


# ---- Figures that are compared

_UNITS: Mapping[str, tuple[str, int]] = {
    "毫米": ("m", -3), "厘米": ("m", -2), "公分": ("m", -2), "米": ("m", 0), "公尺": ("m", 0), "公里": ("m", 3),
    "千米": ("m", 3),
    "平方米": ("m²", 0), "平米": ("m²", 0), "平方公里": ("m²", 6), "公顷": ("m²", 4), "立方米": ("m³", 0),
    "元": ("元", 0), "美元": ("美元", 0), "港元": ("港元", 0), "欧元": ("欧元", 0), "日元": ("日元", 0),
    "秒": ("s", 0), "天": ("天", 0),
    "克": ("g", 0), "千克": ("g", 3), "公斤": ("g", 3), "吨": ("g", 6), "公吨": ("g", 6),
}  # fmt: skip
"""Units that are compared, in their kind's own unit as a power of ten."""
_WESTERN: Mapping[str, tuple[str, str]] = {
    "met(?:re|er|ro|r)s?|metern|m|метр\\w*": ("m", "1"),
    "kilomet(?:re|er|ro|r)s?|kilometern|km|километр\\w*|км": ("m", "1000"),
    "centimet(?:re|er|ro)s?|cm": ("m", "0.01"),
    "miles?": ("m", "1609.344"),
    "f(?:ee|oo)t|ft": ("m", "0.3048"),
    "euros?|eur|€": ("欧元", "1"),
    "dollars?|usd|\\$": ("美元", "1"),
    "pounds?|gbp|£": ("£", "1"),
    "рубл\\w*": ("₽", "1"),
    "kilograms?|kilos?|kg|кг": ("g", "1000"),
    "tonn?e?[sn]?|тонн\\w*": ("g", "1000000"),
    "hours?|stunden?|heures?|horas?|час\\w*": ("s", "3600"),
    "minutes?|minuten|minutos?|минут\\w*": ("s", "60"),
    "days?|tagen?|jours?|dias?|д(?:ень|ня|неи)": ("s", "86400"),
    "weeks?|wochen?|semaines?|semanas?|недел\\w*": ("s", "604800"),
    "months?|monaten?|mois|mes(?:es)?|месяц\\w*": ("s", "2592000"),
    "years?|jahren?|ans?|anos?|лет|года?": ("s", "31536000"),
}
"""The same of other languages, folded: a pattern, the kind, and how much of the kind's unit one is."""
_TIMES = {
    "thousand|tausend|mille?|тысяч\\w*|k": 3,
    "millions?|mio|millionen|millones|milioni|milhoes|миллион\\w*|млн|m": 6,
    "billions?|bn|milliarden?|milliards?|миллиард\\w*|млрд": 9,
}
"""Words for powers of ten behind a figure."""
_BEHIND = re.compile(
    rf"[\s-]?(?:(?P<times>{'|'.join(_TIMES)})\b\.?)?[\s-]?(?:d['’]|de |of )?(?P<unit>{'|'.join(_WESTERN)})(?![^\W_])"
)
_SIGNED = re.compile(r"(?P<of>[a-z]{0,2})(?P<unit>[£$€])\s?$")
_TIMES_ALONE = re.compile(rf"\s?(?P<times>{'|'.join(_TIMES)})\b")
_FORMED = frozenset({"square", "cubic", "gold", "silver", "new", "other", "more", "per"})
"""Words before a unit, and none."""
_WORD = re.compile(r"[\s-]?(?P<unit>[a-zа-я]{3,})")
_DURATION = re.compile(
    r"(?<![\d.])(?:(?P<h>\d+)个?(?:小时|时(?=\d+分\d)))?"
    r"(?:(?P<m>\d+)(?:分钟|分(?=\d+(?:\.\d+)?秒)|(?<=时\d)分|(?<=时\d\d)分))?(?:(?P<s>\d+(?:\.\d+)?)秒(?P<part>\d\d?)?)?"
)
"""How long something took: 2小时14分37秒, 9秒58; but not 9时30分, when it was."""
_LENGTH, _MASS, _TIME = frozenset({"m"}), frozenset({"g"}), frozenset({"s"})
_MONEY = frozenset(
    {"元", "美元", "港元", "欧元", "日元", "£", "₽", *(f"{where}元" for where in ("港币", "台币", "新台", "澳币"))}
)
_FAST = frozenset({"快", "慢", "faster", "fastest", "slower", "slowest"})
"""Of what is fast, the shorter time is more."""
_KINDS = {
    **dict.fromkeys("长短", _LENGTH | _TIME),
    **dict.fromkeys("高矮低宽窄深浅远近厚薄", _LENGTH),
    **dict.fromkeys(("贵", "便", "便宜", "cost", "dearer", "cheaper"), _MONEY),
    **dict.fromkeys("重轻", _MASS),
    **dict.fromkeys(("longer", "longest", "shorter"), _LENGTH | _TIME),
    **dict.fromkeys(_FAST, _TIME),
    **dict.fromkeys(("taller", "tallest", "higher", "highest"), _LENGTH),
}
_NO_VALUE = re.compile(
    r"(?:\d[,. ]|\d[^\d,，。;；]{0,3}[~～至到—–-]\s?|\d\w* (?:to|and) |(?<!\d)[-−负]"
    "|(?:增加|减少|便宜|贵|上涨|下降|提高|降低|[涨降升跌多少])(?:了|出)?|超过|不到|不足"
    "|(?:more|less) than |over |under |by )$"
)
"""Before a figure that is a part of another one, an end of a range, or by how much something changed."""
_GOES_ON = re.compile(
    r"[,. ]\d|[多余半]|[^\s\d]{1,2}半|[至到~～—–-]\s?\d|[^\d,，。;；]{0,5}[至到]\d|米\d| ?(?:ft|feet|foot) \d"
    r"|[^\d\s,，。;；]{1,3}以[上下]"
)
"""Behind a figure that goes on, is an end of a range, or was before it changed."""
_CURRENCY = re.compile("[港台澳加新][币幣元]|新台|人民(?=币)|(?<=人)民币")
_MEASURE = re.compile("|".join(sorted(_UNITS, key=len, reverse=True)) + "|[\u4e00-\u9fff]{1,2}")
_BEFORE = 6
"""Characters before a figure in which its quality is named: 全长2,180米."""
_PRICE = "造价价费票花投资元"

Figure = tuple[Decimal, str, str]
"""A value in its kind's own unit, the kind, and how it is written."""


def figure_in(hit: Hit, quality: str) -> Figure | None:
    """Return the one figure of this quality that a hit has; None where it has several, or none."""
    for text in (hit.answer_text, hit.text[slice(*hit.highlight)], hit.text):
        found = list(_measures(text, quality))
        chosen = {figure[:2]: figure for figure, named in found if named} or {figure[:2]: figure for figure, _ in found}
        if len(chosen) == 1:
            return next(iter(chosen.values()))
    return None


def _measures(text: str, quality: str) -> Iterator[tuple[Figure, bool]]:
    kinds, folded = _KINDS.get(quality), fold_aligned(text)
    lasting = [found for found in _DURATION.finditer(folded) if found.group()] if kinds and kinds & _TIME else []
    for lasted in lasting:
        seconds = sum(Decimal(lasted[part] or 0) * size for part, size in (("h", 3600), ("m", 60), ("s", 1)))
        yield (seconds + Decimal(f"0.{lasted['part'] or 0}"), "s", text[slice(*lasted.span())]), False
    for mention in fold_numbers(folded):
        begin, end = mention.span
        if any(lasted.start() <= begin < lasted.end() for lasted in lasting):
            continue
        unit = _MEASURE.match(folded, end)
        if not mention.canonical.startswith("#") or ending(_NO_VALUE, folded, begin) or _GOES_ON.match(folded, end):
            continue
        if unit is None:
            if (figure := _western(text, folded, mention)) and (kinds is None or figure[1] in kinds):
                yield figure, False
            continue
        kind, power = _UNITS.get(unit.group(), (unit.group()[: 1 + (unit.group()[0] == "个")], 0))
        if kind == "元":
            around = folded[max(0, begin - 5) : begin] + folded[unit.end() : unit.end() + 4]
            kind = "".join(_CURRENCY.findall(around)[-1:]) + kind
        try:
            value = Decimal(mention.canonical[1:]).scaleb(power)
        except InvalidOperation:
            continue
        if kinds is None or kind in kinds:
            before = folded[max(0, begin - _BEFORE) : begin]
            named = quality in before if quality not in "贵便" else any(sign in before for sign in _PRICE)
            yield (value, kind, text[begin : unit.end()]), named


def _western(text: str, folded: str, mention: NumberMention) -> Figure | None:
    """Return a figure whose unit is a word or sign of another language: 38 metres, £2.9m, 31 Millionen Euro."""
    begin, end = mention.span
    sign, behind, alone = ending(_SIGNED, folded, begin), _BEHIND.match(folded, end), _TIMES_ALONE.match(folded, end)
    times = next((power for word, power in _TIMES.items() if alone and re.fullmatch(word, alone["times"])), 0)
    if unit := sign or behind:
        kind, size = next(known for word, known in _WESTERN.items() if re.fullmatch(word, unit["unit"]))
    if sign:
        kind = kind if sign["of"] in ("", "us") else f"{sign['of']}{kind}"
        begin, end = sign.start(), alone.end() if alone else end
    elif behind:
        end = behind.end()
        times = times if behind["times"] else 0
    elif (word := _WORD.match(folded, alone.end() if alone else end)) and word["unit"] not in _FORMED:
        kind, size, end = word["unit"], "1", word.end()
    else:
        return None
    try:
        value = Decimal(mention.canonical[1:]).scaleb(times) * Decimal(size)
    except InvalidOperation:
        return None
    return value, kind, text[begin:end]


_ALIKE = 1000
"""Figures that are further apart are hardly of the same thing: a fare is not what a line cost."""


def _of_figures(relation: Relation, figures: Sequence[Figure | None], *, is_reversed: bool) -> Compared:
    values = tuple(each and each[2] for each in figures)
    known = [each for each in figures if each]
    if len(known) < len(figures) or len({kind for _, kind, _ in known}) > 1:
        return Compared(relation, values)
    order = sorted(range(len(known)), key=lambda at: known[at][0], reverse=(relation is Relation.LARGER) != is_reversed)
    first, second = known[order[0]][0], known[order[1]][0]
    if max(abs(first), abs(second)) > _ALIKE * min(abs(first), abs(second)):
        return Compared(relation, values)
    if first == second:
        return Compared(relation, values, same=True)
    return Compared(
        relation, values, winner=order[0], difference=f"{abs(first - second).normalize():f}", unit=known[0][1]
    )
