"""Parts of years and months in English words: in April, Q3, the first half, late, end of, spring; years, decades."""

import re
from collections.abc import Callable, Iterator

from retrieval.search.when.festivals import festival
from retrieval.search.when.mention import MONTH, YEAR, Mention
from retrieval.search.when.periods import Grain, Period, begin_of, end_of, middle_of, month_of, months, year_of, years
from retrieval.search.when.relative import any_of

_Match = re.Match[str]
_Part = Callable[[_Match, Period], Period]

_MONTH_NAMES = (
    "january february march april may june july august september october november december "
    "jan feb mar apr may jun jul aug sep oct nov dec"
)
MONTHS = _MONTH_NAMES.split()
SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
FESTIVALS = {
    "chinese new year": "春节",
    "lunar new year": "春节",
    "spring festival": "春节",
    "dragon boat festival": "端午",
    "mid-autumn festival": "中秋",
    "national day": "国庆",
    "labour day": "五一",
    "labor day": "五一",
    "christmas": "圣诞",
    "new year's day": "元旦",
}


def english_part_mentions(folded: str) -> Iterator[Mention]:
    """Find parts of years and months, years and decades; `folded` is in lower case, its characters where they were.

    What has no preposition before it is weak: `may`, `march`, `2022`; and so are parts that other wholes have too:
    `the end`, `the fourth quarter` of a match.
    """
    for pattern, within, part in _RULES:
        for match in pattern.finditer(folded):
            named = match.groupdict()
            placed = "vague" not in named and _PREPOSITION.search(folded[: match.start()])
            yield Mention(match.span(), _reader(part, match), within, weak=not (named.get("strong") or placed))


def named(name: str, year: int) -> Period:
    """Return a month, a season or a festival of a year by its English name."""
    if name in FESTIVALS:
        return festival(year, FESTIVALS[name])
    if name in SEASONS:
        return months(year, SEASONS[name], SEASONS[name] + 2)
    return month_of(year, MONTHS.index(name) % 12 + 1)


def _reader(part: _Part, match: _Match) -> Callable[[Period], Period]:
    return lambda whole: part(match, whole)


def _name(match: _Match, year: Period) -> Period:
    return named(match["name"], year.first.year)


def _quarter(match: _Match, year: Period) -> Period:
    groups = match.groupdict()
    quarter = int(groups["number"]) if "number" in groups else _ORDINALS[groups["ordinal"]]
    return months(year.first.year, 3 * quarter - 2, 3 * quarter)


def _half(match: _Match, year: Period) -> Period:
    first = 1 if "1" in (match["number"] or "") or match["half"] == "first" else 7
    return months(year.first.year, first, first + 5)


def _begin(_: _Match, whole: Period) -> Period:
    return begin_of(whole)


def _early(_: _Match, whole: Period) -> Period:
    return months(whole.first.year, 1, 3) if whole.grain is Grain.YEAR else begin_of(whole)


def _mid(_: _Match, whole: Period) -> Period:
    return months(whole.first.year, 5, 8) if whole.grain is Grain.YEAR else middle_of(whole)


def _late(_: _Match, whole: Period) -> Period:
    return months(whole.first.year, 10, 12) if whole.grain is Grain.YEAR else end_of(whole)


def _end(_: _Match, whole: Period) -> Period:
    return end_of(whole)


def _year(match: _Match, _: Period) -> Period:
    return year_of(int(match[0]))


def _decade(match: _Match, _: Period) -> Period:
    first = int(match["year"])
    return years(first, first + 9)


_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4}
_EITHER = YEAR | MONTH
_OF = r"(?:[ -]of)?(?: the)?"
_PREPOSITION = re.compile(
    r"\b(?:in|since|during|by|before|after|until|till|from|between|through|throughout|of|early|mid|late|as of|for)[ -]"
    r"(?:the )?$"
)
_RULES: tuple[tuple[re.Pattern[str], frozenset[Grain], _Part], ...] = (
    (re.compile(rf"\b(?P<name>{any_of(dict.fromkeys(MONTHS))})\b\.?(?! \d)"), YEAR, _name),
    (re.compile(rf"\b(?P<name>{any_of([*SEASONS, *FESTIVALS])})\b(?! gala)"), YEAR, _name),
    (re.compile(r"(?P<strong>(?<![a-z\d])q(?P<number>[1-4])(?![a-z\d]))"), YEAR, _quarter),
    (re.compile(r"(?P<vague>\b(?:the )?(?P<ordinal>first|second|third|fourth) quarter\b)"), YEAR, _quarter),
    (re.compile(r"\b(?P<vague>(?:the )?(?:h(?P<number>[12])|(?P<half>first|second) half))\b"), YEAR, _half),
    (re.compile(rf"\b(?P<vague>(?:the )?(?:beginning|start)){_OF}(?= )"), _EITHER, _begin),
    (re.compile(r"\b(?P<vague>early)\b"), _EITHER, _early),
    (re.compile(r"\b(?P<vague>mid|the middle of)\b"), _EITHER, _mid),
    (re.compile(r"\b(?P<vague>late)\b"), _EITHER, _late),
    (re.compile(rf"\b(?P<vague>(?:the )?end){_OF}(?= )"), _EITHER, _end),
    (re.compile(r"(?<![\d.,/$#a-z])(?:19|20)\d\d(?![\d年届号级款版万亿%a-z]|[.,/]\d|-[a-z])"), frozenset(), _year),
    (re.compile(r"(?P<strong>\b(?P<year>(?:19|20)\d0)'?s\b)"), frozenset(), _decade),
)
