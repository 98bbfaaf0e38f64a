"""What a question names and a passage does not have, or has another of: 法国 / 德国, 2022 / 2021, 二号线 / 一号线.

Names are those of jieba's dictionary, longer ones that end in them, words after 第 or with a figure before them, and
capitalised words of alphabets; figures and dates are compared by value, in any notation.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import accumulate, pairwise

from retrieval.text import fold
from retrieval.text.numbers import canonical_numbers, fold_numbers
from retrieval.text.quantities import HAN_NUMERAL, decimal_value
from retrieval.text.words import names_in, tokenizer
from retrieval.values import Article, Difference


class NamedKind(StrEnum):
    """What is named."""

    YEAR = "year"
    DATE = "date"
    FIGURE = "figure"
    PERSON = "nr"
    PLACE = "ns"
    INSTITUTION = "nt"
    NUMBERED = "numbered"
    LATIN = "latin"


@dataclass(frozen=True, slots=True)
class NamedThing:
    """A name, figure or date: `form` is equal for what is the same, `text` as it is written; `unit` what it counts."""

    kind: NamedKind
    form: str
    text: str
    unit: str = ""

    @property
    def is_figure(self) -> bool:
        """Whether it is a figure, a date, or distinguished by a number, which are compared by value."""
        return self.kind in (NamedKind.YEAR, NamedKind.DATE, NamedKind.FIGURE, NamedKind.NUMBERED)


_NUMBERED = re.compile(
    rf"(?P<number>{HAN_NUMERAL}{{1,3}}|\d{{1,4}})(?P<of>号[线楼院馆井机令]?|路(?!人)|期(?!间)|届|中(?=$|[^央国间心])|团|师|连"
    "|(?<![前头].)季度|等奖|等座|年级|审(?![查理批判议计视核定])|单元)|(?<![早晚路楼留剩身以地])(?P<half>[上下])(?P<year>半年)"
)
PERIODS = frozenset({"季度", "等奖", "等座", "年级", "审", "单元", "半年"})
"""Units of what may be said otherwise, 一季度 as 前三个月: such a thing is missed only next to another one."""
"""What is distinguished by its number: 二号线, 3号楼, 九路, 第二期 (its ordinal stands alone)."""
_NO_NUMBER = re.compile(r"月[^号]{1,3}号$|[上下这那本每前后近][一两二三四五几]?[届期]$|两届$")
_OF_DAY = re.compile("[那当]天|[早晚]上|[上下中]午|凌晨|清晨|傍晚|[当半深]?夜|开[幕始]|闭幕")
"""What looks so and is a day, 5月18号, or said of another one: 上一届."""
_BY_WORDS = frozenset("路团师连")
"""A number of these is that of a route or a troop only where a word ends with it."""
_BUSES = ("公交", "公共", "汽车", "电车", "车")
_AREA = re.compile("(?<=..)[省市县]$")
"""What a place is called by without: 北京市 is 北京."""
_UNIT = re.compile(r"[^\S\n]?([^\W\d_]{1,2})")
_YEAR = re.compile(r"#(?:18|19|20)\d\d")
_COUNTED = re.compile(
    r"\s?[万多余]?[人元米吨个名户亩家册件辆间所座台套份次只头棵篇]|\s?(?:公[里斤顷]|平方|立方|美元|千[米克瓦])"
)
"""What is counted by four figures that are then no year: 2000人, but 2000奥运会."""
_CAPITALISED = re.compile(r"(?<![.!?]\s)(?<!^)(?<![\"“«„])\b[^\W\d_a-z]\w+(?:[’'-]\w+)*")


@lru_cache(maxsize=1024)
def named(text: str) -> list[NamedThing]:
    """Return the names, figures and dates of a text, in this order, each form once."""
    found: dict[tuple[NamedKind, str], NamedThing] = {}
    for item in [*_names(text), *_figures(text)]:
        found.setdefault((item.kind, item.form), item)
    return list(found.values())


def _figures(text: str) -> Iterable[NamedThing]:
    for mention in fold_numbers(text):
        start, end = mention.span
        written, canonical = text[start:end].strip(), mention.canonical
        after = _UNIT.match(text, end)
        if canonical[0] == "@":
            yield NamedThing(NamedKind.DATE, canonical, written)
        elif "年" in written or (_YEAR.fullmatch(canonical) and len(written) == 4 and not _COUNTED.match(text, end)):
            yield NamedThing(NamedKind.YEAR, canonical, written)
        else:
            unit = after.group(1)[:1] if after and after.group(1) > "\u2e80" else ""
            yield NamedThing(NamedKind.FIGURE, canonical, written + unit, unit)


def _names(text: str) -> Iterable[NamedThing]:
    folded = fold(text)
    for match in _numbered(folded):
        if match["half"]:
            yield NamedThing(NamedKind.NUMBERED, match.group(), match.group(), match["year"])
            continue
        value = decimal_value(match["number"])
        if value is not None:
            yield NamedThing(NamedKind.NUMBERED, f"{value}{match['of']}", match.group(), match["of"])
    for word, kind in names_in(folded):
        yield NamedThing(NamedKind(kind), _AREA.sub("", word) if kind == NamedKind.PLACE else word, word)
    for match in _CAPITALISED.finditer(text):
        if not match.group()[0].islower() and match.group()[0].isupper():
            yield NamedThing(NamedKind.LATIN, fold(match.group()), match.group())


def _numbered(folded: str) -> Iterator[re.Match[str]]:
    """Find what is distinguished by its number, but for what only looks so: 七连胜, 唯一路线, 一路上, 一带一路."""
    found = list(_NUMBERED.finditer(folded))
    is_cut = any(match["of"] in _BY_WORDS for match in found)
    bounds = {0, *accumulate(map(len, tokenizer().cut(folded, HMM=False)))} if is_cut else set[int]()
    for match in found:
        begin, end = match.span()
        if match["half"]:
            yield match
            continue
        if _NO_NUMBER.search(folded, max(0, begin - 1), end) or (match["of"] == "号" and _OF_DAY.match(folded, end)):
            continue
        is_word = end in bounds and (begin in bounds or folded[begin - 1] == "第")
        is_way = match.group() == "一路" and not folded.startswith(_BUSES, end)
        is_route = match["of"] == "路" and match["number"].isdecimal()
        if match["of"] not in _BY_WORDS or is_route or (is_word and not is_way):
            yield match


def missing(question: str, texts: Sequence[str]) -> list[NamedThing]:
    """Return what of a question's names and figures stands in none of the texts."""
    asked = named(question)
    if not asked:
        return []
    folded = "\n".join(fold(text) for text in texts)
    figures = {token for text in texts for token in canonical_numbers(text)}
    numbered = {item.form for text in texts for item in named(text) if item.kind is NamedKind.NUMBERED}
    return [item for item in asked if not (_stands(item, folded, figures | numbered) or _said_so(item, folded))]


_QUARTERS = ("1|一", "4|四", "7|七", "10|十")
_IN_OTHER_WORDS = {
    "上半年": "[1一]月?[至到—~-]+[6六]月|[前头][六6]个?月|半年报|中报",
    "下半年": "[7七]月?[至到—~-]+(?:12|十二)月|后[六6]个?月",
    "1等奖": "头等奖|头奖|特等奖",
    **{f"{place}季度": f"(?<!\\d)(?:{month})月?[至到—~-]+" for place, month in enumerate(_QUARTERS, 1)},
}
"""What a period or rank is called otherwise; the first quarter also the first three months."""


def _said_so(item: NamedThing, folded: str) -> bool:
    """Return whether a text says a period or rank in other words: 1至6月 for 上半年."""
    said = _IN_OTHER_WORDS.get(item.form)
    first_months = item.form == "1季度" and re.search("[前头][三3]个?月", folded)
    return bool(first_months or (said and re.search(said, folded)))


def _stands(item: NamedThing, folded: str, figures: Collection[str]) -> bool:
    return item.form in figures if item.is_figure else item.form in folded


_SENTENCES = re.compile(r"[^。！？!?\n]+")
_DATELINE = re.compile(r"^[^。，,]{0,24}?[讯電电訊](?=[\s（(])|^[^。，,]{0,24}?消息")
_SAME = 0.5
"""Share of a sentence's pairs of characters that the sentence of a copy has that says the same."""


_COMPARED = 5
"""Copies that are compared with what is shown: as many as are listed."""


def differing(text: str, copies: Sequence[Article]) -> Mapping[str, tuple[Difference, ...]]:
    """Return in what copies of a story differ from some sentences of it, by their ids, those that do alone."""
    found = {copy.id: contradictions(text, copy.text) for copy in copies[:_COMPARED]}
    return {article_id: each for article_id, each in found.items() if each}


def contradictions(text: str, copy: str) -> tuple[Difference, ...]:
    """Return in what a copy of a story differs from sentences of it: figures, names and dates that it lacks.

    Only what the copy's sentence most like one has another of counts; a dateline is each outlet's own.
    """
    others = [(sentence, _pairs(sentence)) for sentence in _SENTENCES.findall(copy)] if text else []
    return tuple(dict.fromkeys(each for own in _SENTENCES.findall(text) for each in _contradicted(own, copy, others)))


def _contradicted(sentence: str, copy: str, others: Sequence[tuple[str, set[str]]]) -> Iterator[Difference]:
    said = _DATELINE.sub("", sentence.strip()).strip()
    if not said or said in copy:
        return
    pairs = _pairs(said)
    nearest, shared = max(others, key=lambda other: len(pairs & other[1]), default=("", set[str]()))
    if len(pairs & shared) < _SAME * max(len(pairs), 1):
        return
    found = [each for each in differences(said, nearest, []) if each.found]
    lacking = {item.text for item in missing(said, [copy])} if found else ()
    yield from (each for each in found if each.asked in lacking)


def _pairs(text: str) -> set[str]:
    return {left + right for left, right in pairwise(fold(text))}


def cited(article: Article) -> list[str]:
    """Return what a passage's citation says: its title, source and date count as said."""
    return [part for part in (article.title, article.source, article.published) if part]


def differences(question: str, passage: str, citation: Sequence[str]) -> tuple[Difference, ...]:
    """Return for each of what is `missing` what of its kind the passage has instead and the question has not.

    Of several, that with the same unit, then that most like it.
    """
    return instead(question, missing(question, [passage, *citation]), passage)


def instead(question: str, lacking: Sequence[NamedThing], passage: str) -> tuple[Difference, ...]:
    """Return the same of things that are known to be `missing`."""
    folded = fold(question)
    there = [item for item in named(passage) if item.form not in folded] if lacking else []
    return tuple(Difference(item.text, _counterpart(item, there)) for item in lacking)


def _counterpart(asked: NamedThing, there: Sequence[NamedThing]) -> str | None:
    alike = [other for other in there if other.kind is asked.kind and other.unit == asked.unit]
    best = max(alike, key=lambda other: _alike(asked.text, other.text), default=None)
    return best.text if best else None


def _alike(one: str, other: str) -> float:
    """Return the share of characters that two words have in common."""
    return len(set(one) & set(other)) / max(len(set(one) | set(other)), 1)
