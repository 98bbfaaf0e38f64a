"""Several questions in one, each with what it takes from the first one: 为什么被罚？罚了多少？, 1. … 2. …."""

import re
from collections.abc import Iterator

from retrieval.search.instead import all_names_in, another
from retrieval.search.listing import MOST_PARTS, SORTS, Asking, Coherence, Cut
from retrieval.search.question import WH, asking, before_asking
from retrieval.search.sources import fold_aligned
from retrieval.text.words import STOPWORDS, kind_of, tokenizer, word_spans
from retrieval.values import Span

_BETWEEN = re.compile(
    r"[?？!！;；]+\s*|(?<=[^\x00-\x7f])[,，、]\s*(?:以及|并且|而且|同时|另外|此外|还有)?|以及|(?<=\S)\s+(?:还有|另外|此外)\s*"
    rf"|(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])|(?:,\s+(?=.+\sand\s+(?:{WH})\b)|,?\s+and\s+)(?=(?:{WH})\b)"
)
_LEAST_WORDS = 3  # "how and when did …" asks one thing of its subject
_POINTING = re.compile(
    r"^(?:而|那么?|又|还|并)?(?:他们|她们|它们|他|她|它|其|该\w{0,2}|此|[那这][次里场起件]|当时)的?"
    r"|^(?:and )?(?:he|she|it|they|his|her|its|their)\b"
)


def _unpointed(text: str) -> str:
    """Return a clause without what points to the subject of the first one: 他, 该公司."""
    return text[len(text) - len(_POINTING.sub("", fold_aligned(text))) :]


_ENGLISH_POINTING = re.compile(r"\b(?:he|she|it|they|him|them|his|her|its|their|there)\b", re.IGNORECASE)
_TOGETHER_ENOUGH = 0.75
"""Share of the first clause's subject and of a later clause that one passage has where both are of one thing."""


_ASIDE_OF = re.compile(
    "^(?:你|有人|谁|大家)?(?:能不能|能|可以)?(?:知道|告诉我|解释|听说)(?:一下|下|我)?[吗么呢不啊]?$|^你?好吗?$|^谢谢|^你是谁$"
)
"""Asks whether one knows, besides what is asked: 大桥什么时候通车，有人知道吗."""


def in_clauses(question: str, folded: str, coherence: Coherence) -> Cut | None:
    """Cut at clauses that each ask something; a later one that has no subject takes the first one's."""
    pieces = [
        span for span in _asking_pieces(folded) if (said := folded[slice(*span)].strip()) and not _ASIDE_OF.search(said)
    ]
    asks = [span for span in pieces if asking(folded[slice(*span)])]
    if not asks or (subject := _subject(first := question[slice(*asks[0])].strip())) == "":
        return None
    lead, parts = question[: asks[0][0]], list[Asking]()
    for begin, end in pieces[pieces.index(asks[0]) :]:
        text = question[begin:end].strip()
        is_listed = folded[:begin].rstrip().endswith("、")
        if put := another(text, first) or another(text, parts[-1].question[len(lead) :]) if parts else None:
            parts.append(Asking(text, f"{lead}{put.rstrip('？')}？"))
        elif (begin, end) in asks:
            is_whole = not parts or _asks_the_same(text, first)
            later = _of_another_day(text, first) if parts else None
            if later is None and is_whole:
                later = _in_its_place(text, first)
            later = later or _later(text, subject, coherence, is_listed=is_listed)
            parts.append(Asking(text, f"{lead}{later}？"))
    if not 2 <= len(parts) <= MOST_PARTS or (first.isascii() and len(first.split()) < _LEAST_WORDS):
        return None
    return Cut(tuple(parts))


def _asks_the_same(text: str, first: str) -> bool:
    """Return whether a later clause asks of another thing what the first one asks: 甲桥多长，乙桥多长."""
    own, before = before_asking(text), before_asking(first)
    if not (2 <= len(own) <= _NAME_ALONE and fold_aligned(text[len(own) :]) == fold_aligned(first[len(before) :])):
        return False
    return own[-1] == before[-1:] or kind_of(fold_aligned(own)) == kind_of(fold_aligned(before)) == "nr"


def _in_its_place(text: str, first: str) -> str:
    """Return a later clause that asks the same with what its own thing is of: 轮渡首班几点，末班几点."""
    own, before = before_asking(text), before_asking(first)
    is_short = 0 < len(own) <= min(_ATTRIBUTE, len(before) - 2) and own[-1] not in SORTS
    return ((is_short and another(f"{own}呢", first)) or text).rstrip("？")


def _of_another_day(text: str, first: str) -> str | None:
    """Return a clause that begins with a day, with what the first one says before its own: 8月9日多少."""
    folded, day = fold_aligned(text), _DAY.search(fold_aligned(first))
    own = _DAY.match(folded)
    if not day or not day["month"] or not own or day.group() == own.group():
        return None
    begins = before_asking(text)[own.end() :]
    lacking = f"{(not own['year'] and day['year']) or ''}{(not own['month'] and day['month']) or ''}"
    if folded[own.end() :].startswith("谁") or (begins and all_names_in(begins)):
        return f"{lacking}{text}"
    again = _AGAIN.sub("", text[own.end() :])
    rest = first[day.end() :].strip() if _FIGURE_ALONE.fullmatch(folded[own.end() :]) else again
    return f"{first[: day.start()]}{lacking}{text[: own.end()]}{rest}"


_DAY = re.compile(
    r"(?P<year>(?:19|20)?\d\d年)?(?:(?P<month>\d{1,2}月)份?(?:(?:[12]?\d|3[01])[日号])?"
    r"|(?:[12]?\d|3[01])[日号](?![线楼馆桥厅院机店码井台球选种汽公地]))"
    r"(?:(?:凌晨|[早晚]上?|上午|中午|下午|傍晚)?\d{0,2}[点时]?半?)"
)
_AGAIN = re.compile("^[又则就再还]")
_FIGURE_ALONE = re.compile("[又则就再是有]?(?:多少|几[^,，]?|多[长高大重久])[呢?？]?")
"""Asks for a figure and does not say what it counts: 9日多少."""
_ATTRIBUTE = 4
_NAME_ALONE = 12
"""Characters that may stand before what a clause asks, and be no more than a name."""


def _later(text: str, subject: str, coherence: Coherence, *, is_listed: bool) -> str:
    """Return a later clause with the first one's subject, where it lacks its own: it `is_listed`, or belongs to it."""
    if text.isascii():
        lacks = _ENGLISH_POINTING.search(text) or not _names_something(text)
        return f"{subject}: {text}" if lacks else f" {text}"
    own = _unpointed(text)
    if numbered := _of_row(own, subject):
        return numbered
    if said := _NOW_FIRST.match(own):
        return _of_now(own, said, subject, coherence)
    if text[:1] in "他她":
        subject = subject.rpartition("的")[0] or subject  # 守灯人的妻子叫什么、他哪年去世
        subject = _without_verbs(subject)
    is_same = is_listed or len(own) < len(text) or _POINTING_BACK.match(own) or not _names_something(own)
    return f"{subject}{own}" if is_same or coherence([f"{subject}{own}"])[0] >= _TOGETHER_ENOUGH else own


_POINTING_BACK = re.compile("[^，,]{1,4}[他她它](?:们|自己)")
"""Stands for the subject of the first clause behind a verb: 捐完她自己还剩多少."""


def _without_verbs(subject: str) -> str:
    """Return a subject without the verbs at its end: 西班牙|要撤."""
    spans = list(word_spans(fold_aligned(subject), is_guessing=False))
    while len(spans) > 1 and kind_of(fold_aligned(subject[slice(*spans[-1])]))[:1] in ("v", "d"):
        spans.pop()
    is_somebody = bool(spans) and kind_of(fold_aligned(subject[slice(*spans[-1])]))[:2] in ("nr", "ns", "nt", "nz")
    return subject[: spans[-1][1]] if is_somebody else subject


_ONE_OF_ROW = re.compile(
    r"(?P<number>第?(?:\d+|[一二三四五六七八九十]+))(?P<unit>号[线楼馆桥店厅院机]|路(?!程|上|段|况)|期|届|次|轮|[栋幢排]|年级)"
)
_BARE = re.compile("(?:是|有)?(?:多少|几.{0,2})[?？]?")
_EDITIONS = frozenset("期届次轮")
"""Units behind whose number stands of what it is one: 第三届|茶花节, but 3号线."""


def _of_row(own: str, subject: str) -> str | None:
    """Return what a clause asks of another one of a row of which the subject names one: 1号线起步价几块，3号线…."""
    other = _ONE_OF_ROW.match(own)
    if other is None or other["number"] == "一":
        return None
    same = [each for each in _ONE_OF_ROW.finditer(subject) if _is_like(each, other)]
    if not same:
        return None
    before, after, rest = subject[: same[-1].start()], subject[same[-1].end() :], own[other.end() :]
    if other["unit"] not in _EDITIONS:
        return f"{before}{other.group()}{after}{rest}" if _BARE.fullmatch(rest) else f"{before}{own}"
    before = re.sub(r"(?:19|20)\d\d年的?$|(?:今|去|前)年的?$", "", before)
    named = next(iter(tokenizer().cut(fold_aligned(before_asking(rest)))), "")
    if len(named) > 1 and kind_of(named)[:1] not in ("v", "d", "p", "r"):
        return f"{before}{own}"  # 第八届亚运会
    return f"{before}{other.group()}{after.rstrip('在于是')}{rest}"


def _is_like(one: re.Match[str], other: re.Match[str]) -> bool:
    same_style = one["number"][0] == "第" == other["number"][0] or (
        "第" not in one["number"] + other["number"] and one["number"].isdigit() == other["number"].isdigit()
    )
    return one["unit"] == other["unit"] and same_style


_NOW_FIRST = re.compile("(?:如今|现在|目前|后来)")
_THEN = re.compile(r"(?:在?(?:19|20)\d\d年(?:\d{1,2}月)?[底初]?|[去前]年[底初]?)有?$")
_AT_ITS_TIME = re.compile("(?:在?(?:高峰|最多|最高|最低|当初|原来|最初|刚开始|开业|建成|[以之]前)(?:的?时候?|期)?)有?$")
"""Says at the end of a subject for when the first clause asks: 沄钢高峰时有多少职工，如今还剩多少."""


def _of_now(own: str, said: re.Match[str], subject: str, coherence: Coherence) -> str:
    """Return what a clause asks for how things stand now; of the first one's subject where it names nothing itself."""
    whole = f"{_AT_ITS_TIME.sub('', _THEN.sub('', subject))}{own}"
    asked = before_asking(own)[said.end() :]
    words = [word for word in tokenizer().cut(fold_aligned(asked)) if word not in ("还", "又", "也", "都", "只")]
    names_nothing = not words or kind_of(words[0])[:1] in ("v", "d", "p")
    return whole if names_nothing or coherence([whole])[0] >= _TOGETHER_ENOUGH else own


_ASIDE = re.compile(
    "(?<=..)(?:的?总?(?:原因|结果|造价|投资|费用|成本|价格|票价|月租|月薪|全长|长度|高度|面积|人口|人数|产量|容量|工期)|[\u4e00-\u9fff]了)$"
)
"""What a clause asks of its subject, which is not asked again: 渡轮造价多少、坐多少人, 火灾死了几个人、原因是什么."""


def _subject(clause: str) -> str:
    """Return of what a clause asks: what stands before what asks, of an English one all that it does not ask with."""
    before = before_asking(clause)
    if not before.isascii() or not clause[:1].isascii():
        kept = _ASIDE.sub("", fold_aligned(before))
        is_split = before.endswith("了") and kind_of(fold_aligned(before)[len(kept) - 1 : len(kept) + 1])[:1] == "v"
        return before[: len(kept) - is_split]  # 学生票后来真|取消了吗
    return " ".join(word for word in re.findall(r"[\w'-]+", clause) if word.lower() not in STOPWORDS)


def _names_something(text: str) -> bool:
    """Return whether a clause says of what it asks: something of two characters and more stands before the asking."""
    before = before_asking(text)
    return len(before) >= 4 or (before.isascii() and len(text.split()) > 3)


def _asking_pieces(folded: str) -> Iterator[Span]:
    """Yield the pieces between clauses; 、 parts what asks from what follows, 造价多少、工期多长, not 甲、乙各多少."""
    begin = 0
    for sign in _BETWEEN.finditer(folded):
        if sign.group()[0] != "、" or asking(folded[begin : sign.start()]):
            yield from _twice_asked(folded, begin, sign.start())
            begin = sign.end()
    yield from _twice_asked(folded, begin, len(folded))


_TWICE = re.compile(
    "[^,，、从由自]{2,}?(?P<asks>几[点号]|有几[只间个]|多少钱|多[长高大宽远久重]|什么时候|哪[年天]|是谁)"
    "(?P<other>(?![到至比和与跟的了改成])[\u3400-\u9fff]{2,4}?)(?P=asks)[呢啊呀]?"
)
"""Asks the same of two things with nothing in between: 首班几点末班几点."""


def _twice_asked(folded: str, begin: int, end: int) -> Iterator[Span]:
    """Yield a piece, or its two halves where it asks the same twice."""
    twice = _TWICE.fullmatch(folded[begin:end].rstrip())
    first = next(tokenizer().cut(twice["other"], HMM=False)) if twice else ""
    is_named = kind_of(first)[:1] in ("n", "t", "b", "f", "") and not re.search(
        "[到至成]", twice["other"] if twice else ""
    )
    if twice and is_named:
        yield from [(begin, begin + twice.end("asks")), (begin + twice.start("other"), end)]
    else:
        yield begin, end


# ---- Numbered ones

_FIRST = re.compile(r"(?:.{0,10}[:：])?\s*1(?P<sign>[.．、)）])\s*(?=\D)")


def in_numbers(question: str, folded: str, coherence: Coherence) -> Cut | None:
    """Cut questions that are numbered, 1. 隧道谁建的 2. 馆长是谁; one that names nothing takes the first's subject."""
    first = _FIRST.match(folded)
    if first is None:
        return None
    bounds, end = list[Span](), first.end()
    for count in range(2, MOST_PARTS + 2):
        next_one = rf"(?<=[\s?？;；,，。\u3400-\u9fff]){count}{re.escape(first['sign'])}\s*(?=\D)"
        sign = re.compile(next_one).search(folded, end)
        bounds.append((end, sign.start() if sign else len(folded)))
        if sign is None:
            break
        end = sign.end()
    texts = [question[begin:end].strip(" ?？;；,，。") for begin, end in bounds]
    if not 2 <= len(texts) <= MOST_PARTS or not all(asking(fold_aligned(text)) for text in texts):
        return None
    subject = _subject(texts[0])
    asked = [texts[0], *(_numbered_one(text, subject, coherence) for text in texts[1:])]
    return Cut(tuple(Asking(text, f"{whole}？") for text, whole in zip(texts, asked, strict=True)))


def _numbered_one(text: str, subject: str, coherence: Coherence) -> str:
    """Return a later one with the first one's subject, where it names nothing, or one passage has both."""
    if text.isascii():
        return _later(text, subject, coherence, is_listed=False).strip()
    own, before = _unpointed(text), before_asking(text)
    whole = f"{subject}{own}"
    if own != text or not before:
        return whole
    is_like = before[-1] == subject[-1:]  # 南桥, 北桥
    return whole if not is_like and coherence([whole])[0] >= _TOGETHER_ENOUGH else text
