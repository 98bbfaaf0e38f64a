"""A question of several parts → the things it asks, and how it compares them: A和B哪个更早, A、B各是多少, X vs Y."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from retrieval.search.question import asking, before_asking, word_spans
from retrieval.search.sources import ending, fold_aligned
from retrieval.text.words import tokenizer
from retrieval.values import Span


class Relation(StrEnum):
    """What a question wants to know of its parts together."""

    EARLIER = "earlier"
    LATER = "later"
    SAME_DAY = "same day"
    SAME_MONTH = "same month"
    SAME_YEAR = "same year"
    LARGER = "larger"
    SMALLER = "smaller"


@dataclass(frozen=True, slots=True)
class Asking:
    """One thing asked: the words that name it, the question that finds it, and the one to read hits for, if another."""

    name: str
    question: str
    read_for: str = ""


@dataclass(frozen=True, slots=True)
class Cut:
    """The things a question asks, two at least, how they are compared, and by which quality (长, 贵, tall)."""

    parts: tuple[Asking, ...]
    relation: Relation | None = None
    quality: str = ""


MOST_PARTS = 6
"""A question names hardly more; each is searched for by itself."""

Coherence = Callable[[Sequence[str]], tuple[float, int]]
"""How well one passage each covers texts; the greater, the likelier they are what was meant."""


def cut(question: str, coherence: Coherence) -> Cut | None:
    """Cut a question into what it asks; None where it asks one thing. `coherence` decides between several ways."""
    folded = fold_aligned(question)
    return _compared(question, folded, coherence) or _shared(question, folded, coherence) or _clauses(question, folded)


# ---- Comparisons: the words that compare are taken off, what is left is a list

_COUNTER = "(?:个|件|起|项|次|场|座|条|家|位|种|部|届|者|支|所|款|则|类|栋|艘|辆|部分|方)"
_THING = "(?:事件|事情|事|活动|新闻|消息|公司|城市|地方|的?日期|的?时间)"
_BEGAN = "(?:发生|出现|举行|开始|发布|成立|上映|公布|进行|来|到|去世|完成|建成|通车|开业|开幕)"
_TIMES = {"早": Relation.EARLIER, "先": Relation.EARLIER, "前": Relation.EARLIER} | dict.fromkeys(
    "晚后迟", Relation.LATER
)
_SIZES = dict.fromkeys("长高大多贵重快宽深远久厚", Relation.LARGER) | dict.fromkeys(
    "短矮低小少轻慢窄浅近便薄", Relation.SMALLER
)
_QUALITY = f"[{''.join(_TIMES)}{''.join(_SIZES)}]"
_WHICH = f"(?:谁|哪(?:一|几)?{_COUNTER}?(?:{_THING})?)"
_DEGREE = "(?:更|最|较|比较|相对|相对较|首)"
_ASKER = re.compile(
    # 哪个事件发生得更早, 哪座更长, 谁先去世, 哪个事件的日期最迟, 哪个发生在前
    rf"(?:中|里|之间|当中)?[,，、]?\s*(?:请问|到底|究竟|是)?{_WHICH}[^,，。?？]{{0,12}}?"
    rf"(?:{_DEGREE}(?P<quality>{_QUALITY})|(?P<first>先)|(?:在|于)(?P<before>前|后|先)(?=[?？。]|$))[^,，。?？:：]{{0,14}}"
    # 最早发生的是哪个, 更长的是
    rf"|(?:中|里|之间|当中)?[,，、]?\s*(?:{_BEGAN}(?:得|的|时间)*)?{_DEGREE}(?P<top>{_QUALITY})[^,，。?？:：]{{0,10}}?的?"
    rf"(?:事件|事情|一{_COUNTER}|{_COUNTER})?(?:是|为)(?:{_WHICH}|什么)?(?=[?？:：。]|$)"
)
_SAME = re.compile(
    r"[,，]?\s*(?:是否|是不是|是|都|均|全|也|会|在|于|属|同时|发生|出现|进行|举行)*+"
    r"同(?:一|1)?个?(?P<grain>天|日|月|年)(?:份|度|内|里)?[^,，。?？]{0,14}[?？。]?$"
)
_GRAINS = {"天": Relation.SAME_DAY, "日": Relation.SAME_DAY, "月": Relation.SAME_MONTH, "年": Relation.SAME_YEAR}
_ENGLISH = (
    (
        re.compile(
            r"^(?:which|what|who)\b(?P<what>[^,:?]{0,60}?)\b(?P<quality>\w+er|more \w+|most \w+|\w+est|first|last)\b"
            r"[^,:?]{0,24}[,:]\s*(?P<list>.+?)\??$"
        ),
        "list",
    ),
    (
        re.compile(
            r"^(?:did|does|do|was|were|is|are|has|have)\s+(?P<list>.+)\s+"
            r"(?P<quality>first|earlier|later|longer|larger|bigger|taller|higher|smaller|shorter|more|older|newer)\??$"
        ),
        "list",
    ),
)
_ENGLISH_SAME = re.compile(
    r"^(?:did|do|were|was|are|is)\s+(?P<list>.+?)\s+(?:in |on )?(?:the )?same "
    r"(?P<grain>day|month|year)\b.*$"
)
_ENGLISH_RELATIONS = (
    ("first earlier earliest older oldest", Relation.EARLIER),
    ("last later latest newer newest", Relation.LATER),
    ("longer longest larger largest bigger biggest taller tallest higher highest more", Relation.LARGER),
    ("smaller smallest shorter shortest lower lowest cheaper", Relation.SMALLER),
)


def _compared(question: str, folded: str, coherence: Coherence) -> Cut | None:
    relation, quality, span = _relation(folded)
    if relation is None and not span[1]:
        return None
    items = _items(question, folded, span, coherence)
    if len(items) < 2:
        return None
    return Cut(tuple(_asking(item, relation, quality) for item in items), relation, quality)


def _asking(item: str, relation: Relation | None, quality: str) -> Asking:
    """Ask for a thing compared: what happened is found by its name, and read for its time; a figure by its quality."""
    if relation is None:
        return _named(item)
    if relation in {Relation.LARGER, Relation.SMALLER}:
        how = f" how {quality}" if quality.isascii() else _AMOUNTS.get(quality, f"有多{quality}")
        return Asking(item, f"{item}{how}")
    return Asking(item, item, f"When was {item}?" if item.isascii() else f"{item}是什么时候？")


def _named(item: str) -> Asking:
    """Ask for a thing of which nothing is said but its name."""
    return Asking(item, item, f"What about {item}?" if item.isascii() else f"{item}是怎么回事？")


_AMOUNTS = {
    "贵": "多少钱",
    "便": "多少钱",
    "多": "有多少",
    "少": "有多少",
    "短": "有多长",
    "矮": "有多高",
    "低": "有多高",
    "小": "有多大",
}


_ALL_IN = re.compile(
    r"[,，]?\s*(?:是否|是不是)?(?:都|均|全)是?(?:在|于)?[^,，、和与]{2,12}(?:发生|举行|发布|进行)?的?吗[?？]?$"
)
"""都是2019年发生的吗: a list, of which something is asked that each item's own date answers."""


def _relation(folded: str) -> tuple[Relation | None, str, Span]:
    """Return how things are compared, by which quality, and the span of the list of them."""
    if same := _SAME.search(folded):
        return _GRAINS[same["grain"]], "", (0, same.start())
    if asker := _ASKER.search(folded):
        quality = next(filter(None, (asker[name] for name in ("quality", "top", "first", "before"))))
        compared = _TIMES.get(quality) or _SIZES[quality]
        if len(folded) - asker.end() > 4:  # 以下哪个更早:A、B, 哪座更长,A还是B
            return compared, quality, (asker.end(), len(folded))
        return compared, quality, (0, asker.start())
    if everything := _ALL_IN.search(folded):
        return None, "", (0, everything.start())
    if same := _ENGLISH_SAME.search(folded):
        return Relation(f"same {same['grain']}"), "", same.span("list")
    for pattern, name in _ENGLISH:
        if found := pattern.search(folded):
            said = found["quality"].split()[0]
            relation = next((each for words, each in _ENGLISH_RELATIONS if said in words.split()), None)
            return relation, found["quality"], found.span(name)
    return None, "", (0, 0)


# ---- 分别, 各: a list, and what is asked of each

_EACH = re.compile("(?:分别|分別|各自|各(?=[是有花为需要设在达占])|各(?:是|有))")


def _shared(question: str, folded: str, coherence: Coherence) -> Cut | None:
    """Cut A和B分别…: each item takes what is asked of all of them."""
    versus = (
        []
        if asking(folded)
        else re.split(r"(?<=[\w)”】])\s*\b(?:vs\.?|versus)\b\s*", folded.rstrip("?？ "), maxsplit=1)
    )
    if len(versus) == 2 and all(part.strip() for part in versus):
        first = question[: len(versus[0])].strip()
        second = question[folded.rindex(versus[1]) :].rstrip("?？ ").strip()
        return Cut((_named(first), _named(second)))
    each = _EACH.search(folded)
    if each is None or not asking(folded):
        return None
    predicate = question[each.end() :].rstrip("?？。 ")
    items = _items(question, folded, (0, each.start()), coherence)
    if len(items) < 2:
        return None
    return Cut(tuple(Asking(item, f"{item}{predicate}？") for item in items))


# ---- Several questions in one: 为什么被罚？罚了多少？

_BETWEEN = re.compile(
    r"[?？;；]\s*|(?<=[^\x00-\x7f])[,，]\s*(?:以及|并且|而且|同时|另外|此外|还有)?|以及"
    r"|,?\s+and\s+(?=(?:who|what|when|where|which|why|how)\b)"
)
_LEAST_WORDS = 3  # "how and when did …" asks one thing of its subject
_POINTING = re.compile(
    r"^(?:而|那么?|又|还|并)?(?:他们|她们|它们|他|她|它|其|该\w{0,2}|此)的?"
    r"|^(?:and )?(?:he|she|it|they|his|her|its|their)\b"
)


def _clauses(question: str, folded: str) -> Cut | None:
    """Cut at clauses that each ask something; a later one that has no subject takes the first one's."""
    ends = [(match.start(), match.end()) for match in _BETWEEN.finditer(folded)]
    pieces = [(begin, end) for begin, end in _pieces(len(folded), ends) if folded[begin:end].strip()]
    parting = [span for span in pieces if asking(folded[slice(*span)])]
    if len(parting) < 2 or len(parting) > MOST_PARTS:
        return None
    lead = question[: parting[0][0]]
    texts = [question[slice(*span)].strip() for span in parting]
    subject = _subject(texts[0])
    if not subject or (texts[0].isascii() and len(texts[0].split()) < _LEAST_WORDS):
        return None
    parts = [Asking(texts[0], f"{lead}{texts[0]}？")]
    for text in texts[1:]:
        bare = _POINTING.sub("", fold_aligned(text))
        own = f"{' ' * text.isascii()}{text[len(text) - len(bare) :]}"
        lacks = len(own) < len(text) or not _names_something(own)
        parts.append(Asking(text, f"{lead}{subject if lacks else ''}{own}？"))
    return Cut(tuple(parts))


def _subject(clause: str) -> str:
    """Return of what a clause asks; all of it where that does not stand before what asks, or is not Chinese."""
    before = before_asking(clause)
    return clause if before.isascii() else before


def _names_something(text: str) -> bool:
    """Return whether a clause says of what it asks: something of two characters and more stands before the asking."""
    before = before_asking(text)
    return len(before) >= 4 or (before.isascii() and len(text.split()) > 3)


def _pieces(length: int, ends: Sequence[Span]) -> Iterator[Span]:
    bounds = [(0, 0), *ends, (length, length)]
    for (_, begin), (end, _) in pairwise(bounds):
        yield begin, end


# ---- Lists

_STRONG = re.compile(
    r"\s*(?:[、;；]|[,，](?!\d{3}(?!\d)))\s*(?:以及|还有|还是|和|与|及|或)?\s*|(?<![\d年])[(（]?\d{1,2}[.．、)）]\s*(?!\d(?!\d{3}年))|以及|还是|\s*,?\s+(?:or|and)\s+"
)
_WEAK = frozenset("和与及跟同或")
_OPEN, _CLOSE = "《〈“‘「『(（[【\"'", "》〉”’」』)）]】\"'"
_DATE = (
    r"(?:(?:19|20)\d\d年(?:\d{1,2}月)?(?:\d{1,2}[日号])?|\d{1,2}月(?:\d{1,2}[日号])?)"
    "(?:份|内|里|初|底|上半年|下半年|期间)?"
)
_THEN = "今年|去年|前年"
_WHEN = rf"(?:(?:{_THEN})?{_DATE}|{_THEN}|本月|上个?月|今天|昨天|前天)"
_TOGETHER = rf"[,，]?\s*(?:这|那|以上|上述)?[两二三四五六]{_COUNTER}{_THING}?"
_TRAILING = re.compile(
    rf"(?:[,，、:：\s]|(?:这|那|以上|上述)(?:些|几?{_COUNTER}?){_THING}?|(?P<together>{_TOGETHER})|[,，]\s*{_THING}"
    rf"|[,，]\s*在?(?:{_THEN}|{_DATE})|{_THING}?(?:之?中|里|当中|之间)|相比|相比较|比较|是否?|都)$"
)
_LEADING = re.compile(
    rf"请问|在(?=以下|下列)|对比|比较|[:：,，?？。\s]"
    rf"|[^,，:：、和与]{{0,12}}(?:以下|下列|下面|发生的|事件|事情)(?:这?些|[几两二三四五六]?{_COUNTER})?{_THING}?(?:之?中|里)?(?=[:：,，])"
)


def _items(question: str, folded: str, span: Span, coherence: Coherence) -> list[str]:
    """Return the things that a list names, each with the time that stands before all of them."""
    begin, end = span
    end = begin + len(folded[begin:end].rstrip("?？。! "))
    while lead := _LEADING.match(folded, begin, end):
        begin = lead.end()
    is_counted = False  # 甲发生的那一周，乙发生了，这两件事…: such a comma parts them
    while trail := ending(_TRAILING, folded[:end], end):
        end, is_counted = trail.start(), is_counted or bool(trail["together"])
    when, begin = _leading_dates(folded, begin, end)
    found = _ways(folded, begin, end, is_counted=is_counted)
    ways = [[question[slice(*item)].strip() for item in way] for way in found]
    ways = [way for way in ways if 2 <= len(way) <= MOST_PARTS and all(way)]
    if not ways:
        return []
    best = max(ways, key=coherence) if len(ways) > 1 else ways[0]
    return _completed(best, when)


def _ways(folded: str, begin: int, end: int, *, is_counted: bool) -> Iterator[list[Span]]:
    """Yield the ways to take a list apart: at signs, and at one conjunction in the last item, or between two.

    A comma alone parts clauses, not things, unless it `is_counted` how many there are.
    """
    inside = _quoted(folded)
    strong = [match.span() for match in _STRONG.finditer(folded, begin, end) if match.start() not in inside]
    items = [(a, b) for a, b in _within(begin, end, strong) if folded[a:b].strip()]
    if not items:
        return
    last = items[-1]
    weak = [place for place in _conjunctions(folded, *last) if place not in inside]
    for place in weak:
        yield [*items[:-1], (last[0], place), (place + 1, last[1])]
    if len(items) == 2 and folded[slice(*strong[-1])].strip() in {",", "，"} and not (is_counted and not weak):
        for place in weak:
            yield [(items[0][0], place), (place + 1, last[1])]
    elif len(items) > 1:
        yield items


def _within(begin: int, end: int, gaps: Sequence[Span]) -> Iterator[Span]:
    for (_, a), (b, _) in pairwise([(begin, begin), *gaps, (end, end)]):
        yield a, b


def _conjunctions(folded: str, begin: int, end: int) -> Sequence[int]:
    """Return where a word stands that joins two things, as jieba cuts words: 和, but not in 和平."""
    at, found = begin, list[int]()
    for word in tokenizer().cut(folded[begin:end], HMM=False):
        if word in _WEAK and begin < at < end - 1:
            found.append(at)
        at += len(word)
    # where the archive does not decide: it leaves more than a character, and parts no guessed name, as of 安和桥
    guessed = {begin + start for start, _ in word_spans(folded[begin:end])} if len(found) > 1 else set[int]()
    found.sort(key=lambda at: (at - begin < 2 or end - at < 3, at not in guessed))
    # 何平和李四: jieba may take the name's end and the conjunction for a word
    return found or [at for at in range(begin + 2, end - 2) if folded[at] in "和与"]


def _quoted(folded: str) -> frozenset[int]:
    inside, depth = set[int](), 0
    for place, sign in enumerate(folded):
        if sign in _OPEN and not (depth and sign in _CLOSE):
            depth += 1
        elif sign in _CLOSE and depth:
            depth -= 1
        elif depth:
            inside.add(place)
    return frozenset(inside)


_DATES_AHEAD = re.compile(
    rf"(?:在|于)?(?P<dates>{_WHEN}(?:(?:和|与|及|、)(?:在)?{_WHEN})*)[,，]\s*|(?:在|于)?(?P<each>{_DATE}(?:和|与|及){_DATE})(?!的)"
)
_ONE_DATE = re.compile(_DATE)
_YEAR = re.compile(rf"(?:19|20)\d\d年|{_THEN}")


def _leading_dates(folded: str, begin: int, end: int) -> tuple[list[str], int]:
    """Return the dates that stand before a list and are said of all of it, one each or one for all."""
    ahead = _DATES_AHEAD.match(folded, begin, end)
    if ahead is None or (ahead["each"] and not _has_list(folded, ahead.end(), end)):
        return [], begin  # 2021年和2022年马拉松的成绩: the dates are the items
    dates, year = list[str](), ""
    for date in re.findall(_WHEN, ahead["dates"] or ahead["each"]):
        own = _YEAR.match(date)
        year = own.group() if own else year
        dates.append(f"{year}{date}" if date[0].isdigit() and not own else date)
    return dates, ahead.end()


def _has_list(folded: str, begin: int, end: int) -> bool:
    return bool(_conjunctions(folded, begin, end) or "、" in folded[begin:end])


def _completed(items: Sequence[str], dates: Sequence[str]) -> list[str]:
    """Give each item what it shares with the others: the time before all, and what follows the last of bare dates."""
    if len(dates) == 1:
        return [f"{dates[0]}{item}" for item in _with_rest(items)]
    if len(dates) == len(items):
        return [f"{date}{item}" for date, item in zip(dates, items, strict=True)]
    return _with_rest(items)


def _with_rest(items: Sequence[str]) -> list[str]:
    """Complete 甲2021年 and 2022年的冠军, and 大桥的长度 and 造价: what one says stands for all."""
    heads = [_DATE_AT_END.search(fold_aligned(item)) for item in items[:-1]]
    tail = _ONE_DATE.match(fold_aligned(items[-1]))
    if tail and all(heads) and tail.end() < len(items[-1]):
        owner, rest = items[0][: heads[0].start()], items[-1][tail.end() :]  # type: ignore[union-attr]  # all are there
        dates = [head.group() for head in heads if head] + [tail.group()]
        return [f"{owner}{date}{rest}" for date in dates]
    owner, of, _ = items[0].rpartition("的")
    if of and len(owner) >= 2 and all("的" not in item and len(item) <= 4 for item in items[1:]):
        return [items[0], *(f"{owner}的{item}" for item in items[1:])]
    return list(items)


_DATE_AT_END = re.compile(rf"{_DATE}$")
