"""Where a question says that something was published: 据人民网报道, according to 中国发展网, a pasted address."""

import functools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from retrieval.clean import Outlets, bundled_outlets
from retrieval.text import Address, fold, read_address
from retrieval.text.words import readings
from retrieval.values import Span


def fold_aligned(text: str) -> str:
    """Fold each character by itself: width, case, accents, Traditional to Simplified; the length stays."""
    return "".join(map(_fold_character, text))


# 20,992 Han characters and some: every character that comes is looked up once
@functools.lru_cache(maxsize=30_000)
def _fold_character(character: str) -> str:
    # 么 by itself is taken for the Traditional form of 幺; among its neighbours (什么) it is not
    folded = character if character == "么" else fold(character)
    return folded if len(folded) == 1 else character


_FOLLOWING = re.compile("(?:的|の|之|'s|’s)?[,，、 \t]*")
# 是去年的吗, 与去年, 哪一年比今年: the sentence would break without the word
_NEEDED_BY = re.compile(
    r"(?:[是与與和跟同比較较到至像为為]"
    r"|\b(?:is|was|were|be|than|and|or|to|with|for|do|does|did|has|have|had|will)(?: the)?)[ ]?$"
)
_NEEDED_FOR = re.compile(r"[和与與跟同或]|(?:and|or)\b")
# 这件事发生在去年: the end of a Chinese sentence is seldom an adverb
_ENDS = re.compile("的?[吗嗎呢?？。!！]*$")
_HAN_BEFORE = re.compile("[\u3400-\u9fff]$")
_WORD = re.compile(r"[^\W_]")


# No word that is looked for before another is longer, the words between them included.
_NEAR = 80


def ending(pattern: re.Pattern[str], text: str, end: int) -> re.Match[str] | None:
    """Find what stands right before a place; `pattern` ends with `$`. The text further back is not looked at."""
    return pattern.search(text, max(0, end - _NEAR), end)


def between(begin: int, end: int, gaps: Iterable[Span]) -> Iterator[Span]:
    """Yield what lies before, between and behind the gaps of a stretch, which come in order."""
    for (_, first), (last, _) in pairwise([(begin, begin), *gaps, (end, end)]):
        yield first, last


def without(question: str, spans: Iterable[Span]) -> str:
    """Return the question without `spans` and the particles that hung on them; a span that its sentence needs stays.

    The question itself comes back where too little would be left to search for.
    """
    left = question
    for begin, end in sorted(spans, reverse=True):
        before, after = left[:begin], left[end:]
        at_end = _ENDS.match(after) and ending(_HAN_BEFORE, left, begin)
        if ending(_NEEDED_BY, left, begin) or _NEEDED_FOR.match(after) or at_end:
            continue
        after = after[_FOLLOWING.match(after).end() :]  # type: ignore[union-attr]  # it matches the empty text
        left = _closed(before, after)
    return left if len(_WORD.findall(left)) >= 2 else question


def _closed(before: str, after: str) -> str:
    if not after or after[0] in "?？。!！,，":
        return before.rstrip(" ,，") + after
    return before + after


@dataclass(frozen=True, slots=True)
class SourceReading:
    """The source that a question asks for.

    `source` is the name as the archive writes it, `span` the words that asked for it, both None where none is asked
    for; `query` is the question without them.
    """

    source: str | None
    span: Span | None
    query: str


def understand_sources(question: str, known: Iterable[str], outlets: Outlets | None = None) -> SourceReading:
    """Find the one of the `known` names that the question names as its source, not as its topic.

    `outlets` say what else they are called, the bundled table's unless given.
    """
    folded = fold_aligned(question)
    for name, span in _occurrences(folded, known, outlets or bundled_outlets()):
        asked = _asked(folded, span)
        if asked:
            return SourceReading(name, asked, without(question, [asked]))
    return SourceReading(None, None, question)


def outlet_named(question: str, known: Iterable[str], outlets: Outlets | None = None) -> tuple[str, Span] | None:
    """Return the first of the `known` names that a question has, whatever it says of it, and where."""
    return next(_occurrences(fold_aligned(question), known, outlets or bundled_outlets()), None)


@lru_cache(maxsize=8)
def _longest_first(known: tuple[str, ...], outlets: Outlets) -> list[tuple[str, str]]:
    """Return names, each with a way in which it is written, folded, the longest first: an archive has thousands.

    Short names and those in other languages are taken from the table of outlets, by whose names archives call them. Of
    several that are written alike the one stays that was first: an archive names those with most articles first, and
    its own names come before others.
    """
    names = [name for name in dict.fromkeys(name.strip() for name in known) if len(name) > 1]
    written = dict[str, str]()
    for name in names:
        written.setdefault(fold_aligned(name), name)
    for name in names:
        outlet = outlets.named(name)
        for other in outlet.aliases if outlet and outlet.name == name else ():
            written.setdefault(fold_aligned(other), name)
    return sorted(((name, folded) for folded, name in written.items()), key=lambda each: -len(each[1]))


def _occurrences(folded: str, known: Iterable[str], outlets: Outlets) -> Iterator[tuple[str, Span]]:
    """Yield where known names stand, the longest name first: 人民网四川频道 before 人民网."""
    for name, written in _longest_first(tuple(known), outlets):
        if written in folded:
            for match in re.finditer(_bounded(written), folded):
                yield name, match.span()
    shortened = dict[Span, dict[str, str]]()
    for name, written in _longest_first(tuple(known), outlets):
        for span in _shortened(folded, written):
            shortened.setdefault(span, {})[fold_aligned(name)] = name
    if _ENGLISH_KIND.search(folded):
        for name, pattern in _in_english(tuple(known)):
            yield from ((name, match.span()) for match in pattern.finditer(folded))
    for span, names in shortened.items():
        if len(names) == 1 and outlets.named(folded[slice(*span)]) is None:
            yield next(iter(names.values())), span


_KINDS = {
    "日报": "daily(?: news)?",
    "晚报": "evening (?:news|post|paper)",
    "晨报": "morning (?:post|news|paper)",
    "早报": "morning (?:post|news)",
    "时报": "times",
    "周报": "weekly",
    "周刊": "weekly",
    "商报": "(?:business|commercial) daily",
    "都市报": "metro(?:polis|politan)?(?: daily)?",
    "新闻网": "news(?: network)?",
    "网": "(?:online|net)",
    "电视台": "(?:tv|television)",
    "电台": "(?:radio|broadcasting)",
    "在线": "online",
    "杂志": "magazine",
    "社": "news agency",
}
"""What kinds of outlets are called in English; the longer ones stand before those that they end in."""
_ENGLISH_KIND = re.compile(
    r"\b(?:daily|evening|morning|times|weekly|metro|news|online|net|tv|television|radio|magazine)\b"
)


@lru_cache(maxsize=8)
def _in_english(known: tuple[str, ...]) -> list[tuple[str, re.Pattern[str]]]:
    """Return names of Chinese outlets with a pattern of what they are in English: Linlan Daily, 临澜日报."""
    found = list[tuple[str, re.Pattern[str]]]()
    for name in dict.fromkeys(name.strip() for name in known):
        folded = fold_aligned(name)
        kind = next((each for each in _KINDS if folded.endswith(each)), "")
        read = ["|".join(readings().get(each, ())) for each in folded[: len(folded) - len(kind)]]
        if kind and len(read) > 1 and all(read):
            spelt = "[ '-]?".join(f"(?:{each})" for each in read)
            found.append((name, re.compile(rf"(?<![a-z]){spelt} {_KINDS[kind]}(?![a-z])")))
    return found


_KIND = re.compile("(?:[晚日晨早时商周][报刊]|都市报|电视台|广播|卫视|电台|新闻网|在线|杂志)$")
"""What an outlet is called by alone where no other is of its kind: 晚报 of 沄江晚报."""
_PERIODICAL = re.compile("(?<=..)(?:周刊|月刊|杂志|报|网)$")
_BEFORE_SHORT = re.compile(r"(?:^|[^\u3400-\u9fff]|[据看在和照])$")
_LONG, _LEAST = 5, 3
"""Characters from which the name of a paper, agency or station is shortened, to how many at least: 海电社."""


def _shortened(folded: str, name: str) -> Iterator[Span]:
    """Yield where a short form of a name stands and begins a phrase; part of a longer name it is none."""
    forms, kind = list[str](), _KIND.search(name)
    if kind and kind.start() and kind.group() in folded:
        forms.append(re.escape(kind.group()))
    ends = (end for end in range(_LEAST, len(name)) if name[end - 1] in "报社台网刊" and name[:end] in folded)
    forms += [re.escape(name[:end]) for end in ends]
    if (bare := _PERIODICAL.sub("", name)) != name and f"《{bare}》" in folded:
        forms.append(re.escape(f"《{bare}》"))
    if len(name) >= _LONG and name[-1] in "报社台" and name[-1] in folded:
        middle = "".join(f"(?:{re.escape(each)})?" for each in name[1:-1])
        forms.append(f"{re.escape(name[0])}{middle}{re.escape(name[-1])}")
    for form in forms:
        for match in re.finditer(form, folded):
            is_short = match.group() in forms or _LEAST <= len(match.group()) < len(name)
            if is_short and ending(_BEFORE_SHORT, folded, match.start()):
                yield match.span()


def _bounded(name: str) -> str:
    """Return a pattern for a name that is not part of a longer Latin word."""
    left = r"(?<![a-z\d])" if name[0].isascii() else ""
    right = r"(?![a-z\d])" if name[-1].isascii() else "[а-яё]{0,3}(?![а-яё])" if "а" <= name[-1] <= "я" else ""
    return left + re.escape(name) + right


_REPORT = "(?:报道|报导|新闻|消息|文章|稿件|记事|ニュース)"
_DAY = r"(?:[\d年月日号/.-]|[昨今前]天|[昨今]日|\s)*"
# A label names a source whatever follows it.
_LABEL = re.compile(r"(?:(?:来源|出处|来自|转自|引自|出自|source)(?:是|为)?\s?[:：=]?\s?)$")
_COLON = re.compile(r"\s?[:：]\s*(?=[^\s:：])")
_ACCORDING = re.compile(
    r"(?:根据|依据|据|按照"
    r"|\b(?:according to|as reported by|reported by|published by|published in|as per|via|per)(?: the)?"
    # in other languages, folded; the last ones behind "what"
    r"|\b(?:laut|nach angaben|segun|selon|d'apres|segundo|secondo|theo|menurut|potrivit|wedlug|volgens|conform"
    r"|по (?:данным|сообщению|словам)|согласно|за даними|حسب|بحسب|συμφωνα με"
    r"|berichtete|schrieb|meldete|schreibt|meldet|informo|publico|dice|escribio|noticiou|rapporte|ecrit|dit|scrive|riporta"
    r"|сообщил[аио]?|сообщает|пишет|писал[аи]?)(?: (?:d(?:er|ie|as|es?|el|u|o|a)|l[ae]|el|il|lo|of|to|το|την|η))?) ?$"
)
_ACCORDING_BEHIND = re.compile(
    r"(?:によると|によれば|の?(?:報道|报道)によると|에 따르면|'?(?:y|n)?[ea] gore| đua tin| के अनुसार)[、,]?"
)
_NEWS_FROM = re.compile(
    r"\b(?:news|articles?|stor(?:y|ies)|reports?|coverage|pieces?)(?: \w+)? (?P<lead>(?:from|by|in|of) (?:the )?)$"
)
# 据人民网总编辑: the outlet is spoken of
_SPOKEN_OF = re.compile(
    f"总|社长|负责人|主任|董事|创始|官网|的(?!{_REPORT})|'s (?!reports?|articles?|stor|coverage|news)"
)
_AFTER_ACCORDING = re.compile(rf"(?:的?{_REPORT}|记者|讯|显示)*(?:称|说|中|里)?[,，:：、]?\s?")
_ITS_REPORTS = re.compile(
    rf"上?的?{_REPORT}[称说中里上][,，:：]?|(?:报道|刊登|刊发|刊载|发表)的|上?的{_REPORT}|の{_REPORT}"
    rf"|[上里]?{_DAY}(?:[去今前]年)?(?:报道?|登|刊登?|写|讲)的(?!警|案|名|价)"
)
_VERB = "(?:报道|报导|刊登|刊发|刊载)"
# The verb stays in the query: 人民网怎么报道稻城 → 怎么报道稻城.
_REPORTS = re.compile(
    r"[说称](?![法明服谓号之])|[上里]?(?:都|又|到底)?(?:是)?(?:怎么|如何|怎样|咋)(?:说|看|写|讲|评|评价|评论|解释)|[上里](?:怎么|如何|关于|有关|说|写|讲)"
    rf"|(?:关于|有关).{{1,40}}的{_REPORT}|(?:有没有|是否|都)?(?:写|登|报道?|播)[了过](?!的|[名警案价仇](?=$|[吗没?？])|多少(?![篇条次]))|(?:[上里]|{_DAY})[那这]篇"
    r"|(?:关于|有关).{1,20}(?:写|登|报)[了过]|" + _DAY + "报[了过]?(?:什么|啥|哪些)"
    rf"|{_DAY}[^,，。?？]{{0,12}}?{_VERB}(?![员部组奖])|{_DAY}[上里]?(?:有|发了?|登了?)(?:什么|哪些|没有|多少).{{0,8}}?{_REPORT}"
    r"|(?:'s)? (?:says?|said|reports?|reported|writes?|wrote|published|articles?|news|stories|coverage)\b"
)


_QUOTED = frozenset(("《》", "“”", "「」", "『』"))


def _asked(folded: str, span: Span) -> Span | None:
    """Return the words that name the source, or None where the name is the topic."""
    begin, end = span
    if f"{folded[begin - 1 : begin]}{folded[end : end + 1]}" in _QUOTED:
        begin, end = begin - 1, end + 1
        span = begin, end
    if begin == 0 and (colon := _COLON.match(folded, end)):
        return begin, colon.end()
    if label := ending(_LABEL, folded, begin):
        return label.start(), end
    if according := ending(_ACCORDING, folded, begin):
        return None if _SPOKEN_OF.match(folded, end) else (according.start(), _end(_AFTER_ACCORDING, folded, end))
    if behind := _ACCORDING_BEHIND.match(folded, end):
        return begin, behind.end()
    if news := ending(_NEWS_FROM, folded, begin):
        return news.start("lead"), end
    if reports := _ITS_REPORTS.match(folded, end):
        return begin, reports.end()
    return span if _REPORTS.match(folded, end) else None


def _end(pattern: re.Pattern[str], text: str, start: int) -> int:
    match = pattern.match(text, start)
    return match.end() if match else start


_ADDRESS = re.compile(
    r"(?:https?://|www\.|(?<![a-z0-9@./-])(?=[a-z0-9-]+(?:\.[a-z0-9-]+)+/))[a-z0-9.-]+\.[a-z]{2,}(?::\d+)?"
    r"(?:[/?#][^\s\u3000-\u303f\u3400-\u9fff\uff00-\uffef<>\"'“”]*)?",
    re.IGNORECASE,
)


def pasted(question: str) -> tuple[dict[Address, str], str]:
    """Return the addresses that a question has, each as it is written, and the rest of the question."""
    found, rest, end = dict[Address, str](), list[str](), 0
    for match in _ADDRESS.finditer(question):
        written = match.group().rstrip(".,;:!?)]")
        address = read_address(written)
        if address and (address.path or address.parameters):
            found.setdefault(address, written)
            rest.append(question[end : match.start()])
            end = match.end()
    return found, _JOINED.sub(" ", " ".join([*rest, question[end:]])).strip() if found else question


_JOINED = re.compile(r"(?<=\s)(?:[,，、;；]|和|与|及|以及|还有|and)(?=\s)")


def source_named(name: str, known: Iterable[str], outlets: Outlets | None = None) -> str | None:
    """Return the one of the `known` outlets that a person names: by any of its names, in any script and case.

    A part of a name will do where one outlet alone has it. `outlets` say what else each is called, the bundled table's
    unless given.
    """
    outlets, written, known = outlets or bundled_outlets(), _squeezed(name), list(known)
    same = [each for each in known if _squeezed(each) == written]
    if same:
        return name if name in same else same[0]
    meant = outlets.named(name)
    having = [each for each in known if len(written) > 1 and written in _squeezed(each)]
    part = having[0] if len({_squeezed(each) for each in having}) == 1 else None
    return next((each for each in known if meant and outlets.named(each) == meant), part)


def _squeezed(name: str) -> str:
    return "".join(fold(name).split())
