"""A question of several parts → the things it asks, and how it compares them: A和B哪个更早, A、B各是多少, X vs Y."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from retrieval.search.comparing import compared
from retrieval.search.instead import another
from retrieval.search.listing import COUNTER, MOST_PARTS, Asking, Coherence, Cut, listed, named, owned, owner_of
from retrieval.search.question import ASKS_ABROAD, WH, asking, before_asking
from retrieval.search.sources import fold_aligned
from retrieval.text.words import STOPWORDS, capitalised, conjunctions, kind_of, tokenizer
from retrieval.values import Span


def cut(question: str, coherence: Coherence) -> Cut | None:
    """Cut a question into what it asks; None where it asks one thing. `coherence` decides between several ways."""
    folded = fold_aligned(question)
    return (
        _in_numbers(question, folded)
        or compared(question, folded, coherence)
        or (_each_further(question, folded, coherence) if _SENTENCE_ENDS.search(folded) else None)
        or _shared(question, folded, coherence)
        or _in_clauses(question, folded, coherence)
        or _in_clauses_abroad(question, folded)
        or _of_each(question, folded, coherence)
    )


_FIRST = re.compile(r"(?:.{0,10}[:：])?\s*1(?P<sign>[.．、)）])\s*(?=\D)")


def _in_numbers(question: str, folded: str) -> Cut | None:
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
    asked = [texts[0]]
    for text in texts[1:]:
        own = text[len(text) - len(_POINTING.sub("", fold_aligned(text))) :]
        asked.append(text if own == text and before_asking(text) else f"{subject}{own}")
    return Cut(tuple(Asking(text, f"{whole}？") for text, whole in zip(texts, asked, strict=True)))


_SENTENCE_ENDS = re.compile(r"[?？](?=\s*\S)")


def _each_further(question: str, folded: str, coherence: Coherence) -> Cut | None:
    """Cut several sentences, each of which may list what it asks: 一等座、二等座各多少钱？中间停哪几站."""
    clauses = _in_clauses(question, folded, coherence)
    if clauses is None:
        return None
    first, *later = clauses.parts
    listed_first = _shared(first.question, fold_aligned(first.question), coherence)
    if listed_first:
        subject, owner = before_asking(first.question), owner_of(*(part.name for part in listed_first.parts[:2]))
        later = [replace(part, question=part.question.replace(subject, owner or subject, 1)) for part in later]
    parts = [*(listed_first.parts if listed_first else [first])]
    for part in later:
        within = _shared(part.question, fold_aligned(part.question), coherence)
        parts += within.parts if within else [part]
    return Cut(tuple(parts)) if len(parts) <= MOST_PARTS else clauses


# ---- 分别, 各: a list, and what is asked of each

_EACH = re.compile("分别|各自|各")


def _each(folded: str) -> re.Match[str] | None:
    """Find where something is asked of each: 各转移了多少, but not 各医院 and 各州."""
    return next(
        (match for match in _EACH.finditer(folded) if len(match.group()) > 1 or _does(folded[match.end() :])), None
    )


def _does(rest: str) -> bool:
    """Return whether words begin with what is done, or is how much."""
    first = next(tokenizer().cut(rest, HMM=False), "")
    return bool(first) and (kind_of(first)[:1] in ("v", "p", "m", "r") or first[0] in "有是花为需设在达占多几拿罚裁")


def _shared(question: str, folded: str, coherence: Coherence) -> Cut | None:
    """Cut A和B分别…: each item takes what is asked of all of them."""
    versus = (
        []
        if asking(folded)
        else re.split(r"(?<=[\w)”】])\s*(?<![a-z])(?:vs\.?|versus)(?![a-z])\s*", folded.rstrip("?？ "), maxsplit=1)
    )
    if len(versus) == 2 and all(part.strip() for part in versus):
        first = question[: len(versus[0])].strip()
        second = question[folded.rindex(versus[1]) :].rstrip("?？ ").strip()
        return Cut((named(first), named(second)))
    if inside := _IN_BRACKETS.match(folded):
        return _in_brackets(question, folded, inside)
    each = _each(folded)
    if (
        each is None
        or not asking(folded)
        or asking(folded[: each.start()])
        or next(tokenizer().cut(folded, HMM=False)) in _WITH
    ):
        return None
    parts = _one_by_one(question, folded, each.span(), coherence)
    return Cut(parts) if len(parts) > 1 else None


_IN_BRACKETS = re.compile(
    f"(?P<lead>.{{0,12}}?)[这那]?[两二三四五](?:{COUNTER}|[座条家场位])(?P<kind>[\u3400-\u9fff]{{2,6}})"
    "[（(](?P<list>[^（）()《》]{3,40})[）)](?:分别|各自?)(?=.)"
)
"""Names things of one kind in brackets: 两次工厂火灾（禾丰和远帆）各出动了多少辆消防车."""
_HAPPENS = re.compile("(?:火灾|地震|洪水|台风|暴雨|爆炸|车祸|事故|比赛|马拉松|会议|考试|展览?|活动|选举|罢工|听证会)$")
"""What happened in a place or at a time, which does not name it by itself."""


def _in_brackets(question: str, folded: str, inside: re.Match[str]) -> Cut | None:
    begin, end = inside.span("list")
    gaps = [match.span() for match in re.finditer("[、,，]", folded[begin:end])]
    gaps += [(place - begin, place - begin + 1) for place in conjunctions(folded, begin, end)]
    bounds = [0, *(place for gap in sorted(gaps) for place in gap), end - begin]
    names = [question[begin:end][a:b].strip() for a, b in zip(bounds[::2], bounds[1::2], strict=True)]
    kind = question[slice(*inside.span("kind"))] if _HAPPENS.search(inside["kind"]) else ""
    if not 2 <= len(names) <= MOST_PARTS or not all(names) or not asking(folded[inside.end() :]):
        return None
    lead, asked = question[slice(*inside.span("lead"))], question[inside.end() :].rstrip("?？。 ")
    things = [f"{lead}{name}{'' if name.endswith(kind) else kind}" for name in names]
    return Cut(tuple(Asking(thing, f"{thing}{asked}？") for thing in things))


def _one_by_one(question: str, folded: str, between: Span, coherence: Coherence) -> tuple[Asking, ...]:
    """Ask each thing of a list what stands behind it; `between` are the words from the one to the other."""
    end, begin = between
    predicate = question[begin:].rstrip("?？。 ")
    is_bare = bool(_BARE.match(fold_aligned(predicate)))
    items = owned(listed(question, folded, (0, end), coherence, is_bare=is_bare, is_of_each=True))
    asked = [piece.strip() for piece in _AND.split(predicate) if piece.strip()]
    if not all(map(asking, map(fold_aligned, asked))) or len(items) * len(asked) > MOST_PARTS:
        asked = [predicate]
    if len(asked) < 2:
        return tuple(Asking(item, f"{item}{predicate}？") for item in items)
    return tuple(Asking(f"{item}{each}", f"{item}{each}？") for item in items for each in asked)


_AND = re.compile("[、,，;；]|以及|还有")
"""Between what is asked of each: 青鸢、白犀各造成多少人受伤、多少航班取消."""
_WITH = frozenset("和跟与同")
"""A word before one thing, with which another did something: 和公司私下和解的两人."""
_BARE = re.compile("(?:[是有为要]?(?:多少|什么|谁|几|哪)|怎么?样)[^,，]{0,4}$")
"""Says nothing of which it asks: 望潮和石埠的月薪各是多少 asks for 月薪 of both."""


# ---- Several questions in one: 为什么被罚？罚了多少？

_BETWEEN = re.compile(
    r"[?？!！;；]+\s*|(?<=[^\x00-\x7f])[,，、]\s*(?:以及|并且|而且|同时|另外|此外|还有)?|以及|(?<=\S)\s+(?:还有|另外|此外)\s*"
    rf"|(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])|(?:,\s+(?=.+\sand\s+(?:{WH})\b)|,?\s+and\s+)(?=(?:{WH})\b)"
)
_LEAST_WORDS = 3  # "how and when did …" asks one thing of its subject
_POINTING = re.compile(
    r"^(?:而|那么?|又|还|并)?(?:他们|她们|它们|他|她|它|其|该\w{0,2}|此|[那这][次里场起件]|当时)的?"
    r"|^(?:and )?(?:he|she|it|they|his|her|its|their)\b"
)
_ENGLISH_POINTING = re.compile(r"\b(?:he|she|it|they|him|them|his|her|its|their|there)\b", re.IGNORECASE)
_TOGETHER_ENOUGH = 0.75
"""Share of the first clause's subject and of a later clause that one passage has where both are of one thing."""


_ASIDE_OF = re.compile(
    "^(?:你|有人|谁|大家)?(?:能不能|能|可以)?(?:知道|告诉我|解释|听说)(?:一下|下|我)?[吗么呢不啊]?$|^你?好吗?$|^谢谢|^你是谁$"
)
"""Asks whether one knows, besides what is asked: 大桥什么时候通车，有人知道吗."""


def _in_clauses(question: str, folded: str, coherence: Coherence) -> Cut | None:
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
        if put := another(text, first) if parts else None:
            parts.append(Asking(text, f"{lead}{put}？"))
        elif (begin, end) in asks:
            is_whole = not parts or _asks_the_same(text, first)
            later = text if is_whole else _later(text, subject, coherence, is_listed=is_listed)
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


_NAME_ALONE = 12
"""Characters that may stand before what a clause asks, and be no more than a name."""


def _later(text: str, subject: str, coherence: Coherence, *, is_listed: bool) -> str:
    """Return a later clause with the first one's subject, where it lacks its own: it `is_listed`, or belongs to it."""
    if text.isascii():
        lacks = _ENGLISH_POINTING.search(text) or not _names_something(text)
        return f"{subject}: {text}" if lacks else f" {text}"
    own = text[len(text) - len(_POINTING.sub("", fold_aligned(text))) :]
    if numbered := _of_row(own, subject):
        return numbered
    if said := _NOW_FIRST.match(own):
        return _of_now(own, said, subject, coherence)
    if text[:1] in "他她":
        subject = subject.rpartition("的")[0] or subject  # 守灯人的妻子叫什么、他哪年去世
    is_same = is_listed or len(own) < len(text) or not _names_something(own)
    return f"{subject}{own}" if is_same or coherence([f"{subject}{own}"])[0] >= _TOGETHER_ENOUGH else own


_ONE_OF_ROW = re.compile(
    r"(?P<number>第?(?:\d+|[一二三四五六七八九十]+))(?P<unit>号[线楼馆桥店厅院机]|路(?!程|上|段|况)|期|届|次|轮|[栋幢排]|年级)"
)
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
        return f"{before}{own}"
    before = re.sub(r"(?:19|20)\d\d年的?$|(?:今|去|前)年的?$", "", before)
    return f"{before}{own}" if _names_something(rest) else f"{before}{other.group()}{after}{rest}"


def _is_like(one: re.Match[str], other: re.Match[str]) -> bool:
    same_style = one["number"][0] == "第" == other["number"][0] or (
        "第" not in one["number"] + other["number"] and one["number"].isdigit() == other["number"].isdigit()
    )
    return one["unit"] == other["unit"] and same_style


_NOW_FIRST = re.compile("(?:如今|现在|目前|后来)")
_AT_ITS_TIME = re.compile("(?:在?(?:高峰|最多|最高|最低|当初|原来|最初|刚开始|开业|建成|[以之]前)(?:的?时候?|期)?)有?$")
"""Says at the end of a subject for when the first clause asks: 沄钢高峰时有多少职工，如今还剩多少."""


def _of_now(own: str, said: re.Match[str], subject: str, coherence: Coherence) -> str:
    """Return what a clause asks for how things stand now; of the first one's subject where it names nothing itself."""
    whole = f"{_AT_ITS_TIME.sub('', subject)}{own}"
    asked = before_asking(own)[said.end() :]
    words = [word for word in tokenizer().cut(fold_aligned(asked)) if word not in ("还", "又", "也", "都", "只")]
    names_nothing = not words or kind_of(words[0])[:1] in ("v", "d", "p")
    return whole if names_nothing or coherence([whole])[0] >= _TOGETHER_ENOUGH else own


_ASIDE = re.compile(
    "(?<=..)(?:的?总?(?:原因|结果|造价|投资|费用|成本|价格|票价|月租|月薪|长度|高度|面积|人口|人数|产量|容量|工期)|[\u4e00-\u9fff]了)$"
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
            yield begin, sign.start()
            begin = sign.end()
    yield begin, len(folded)


_AND_ABROAD = re.compile(
    r"(?:[,;]?\s+(?:und|et|y|e|и|а|та|і|ve|dan|i)\s+|[;?]\s+[¿]?)"
    f"(?={ASKS_ABROAD})"
)
_ASKED_ABROAD = re.compile(f"[¿¡]?{ASKS_ABROAD}")


_TOLD_ABROAD = re.compile(f", ?(?={ASKS_ABROAD})")
"""Stands before what a question tells of, and does not ask: wer weiss, wo er lebt; or, in a list, asks as well."""
_LEAST_WHOLE = 4
"""Words of a first clause after which a comma parts what is asked."""


def _in_clauses_abroad(question: str, folded: str) -> Cut | None:
    """Cut Wer hat es gebaut und wann wurde es eröffnet? where a word for "and" stands before one that asks.

    What names nothing takes the names that the others have.
    """
    if not _ASKED_ABROAD.match(folded) or re.match(rf"(?:{WH})\b", folded):
        return None
    last = max((match.start() for match in _AND_ABROAD.finditer(folded)), default=0)
    commas = list(_TOLD_ABROAD.finditer(folded))
    if any(comma.start() > last or len(folded[: comma.start()].split()) < _LEAST_WHOLE for comma in commas):
        return None
    if commas and folded[:last].count(",") > len(commas):
        return None  # Menschen, die wissen, was Hunger ist
    parted = sorted(match.span() for match in (*_AND_ABROAD.finditer(folded), *commas))
    bounds = [0, *(place for span in parted for place in span), len(folded)]
    texts = [question[begin:end].strip(" ?¿") for begin, end in zip(bounds[::2], bounds[1::2], strict=True)]
    if not 2 <= len(texts) <= MOST_PARTS or any(len(text.split()) < _LEAST_ABROAD for text in texts):
        return None
    names = [" ".join(text[slice(*span)] for span in capitalised(text[1:].rjust(len(text)))) for text in texts]
    first = next(filter(None, names), "")
    asked = (text if own or not first else f"{text}: {first}" for text, own in zip(texts, names, strict=True))
    return Cut(tuple(Asking(text, f"{whole}?") for text, whole in zip(texts, asked, strict=True)))


_LEAST_ABROAD = 2
"""Words of a question; "wie und wann wurde …" asks one thing of its subject."""


# ---- Things of one sort: 东区医院和西区医院什么时候建成

_SORT = frozenset("桥路街线馆院校厂站港镇乡村县区市局队社店楼园河湖江岛寺庙塔渠坝库矿中")
_JOINT = re.compile(
    "之间|共同|一共|合计|总共|加起来|联合|合[作并办]|相[距隔互邻]|互相|距离|距|两[家所个座支队地县区市]|一起|联手|交[界汇换战]|对阵|比赛"
    "|决赛|谁赢|接壤|连接|[签约谈争]|换|[之其]?中[,，]|包括|除了|哪[一支个家所座条]"
    "|比分|几比几|多远|公里|打|连通|交锋|械斗|分开|关系|区别|不同|差别|矛盾|恩怨|冲突|航线|互"
)
"""What two things do together, of which neither is asked alone."""


_OFTEN = re.compile("(?:每[天日周月年次]|每?个?星期|平时|一般|通常|目前|现在|如今|当时|到底|究竟|大概|大约|[总一]共)+$")
"""Stands between a list and what is asked of it: 新馆和旧馆每周|哪天闭馆."""


_NAME = r"(?:the )?(?:[A-Z\d][\w'.&-]*(?: (?=[A-Z\d])[\w'.&-]+)*)"
_IN_BOTH = re.compile(
    rf"\b(?P<place>in|at|for|from|by|on|of) (?P<one>{_NAME}) and (?P=place) (?P<other>{_NAME})"
    r"(?P<rest>(?: [a-z]+){0,2}(?=\??$))?"
)
"""What is asked in two places: how much is a ticket at Kestrel and at Gullen Point."""
_EACH_OF = re.compile(
    r"^(?P<asks>(?i:who|what|when|where|how|which)\b.*?\b)each (?:of (?:the )?[\w ]+?)?"
    r"(?P<rest> (?:have|has|cost|open|opened|close|sell|earn|weigh)\b[^,]*),\s*"
    r"(?P<list>.+)$"
)
"""Names last of what something is asked: how many steps does each of the two have, Kestrel and Gullen Point?"""
_PAIR = re.compile(
    r"^(?i:who|what|when|where|how|which)\b"
    r"(?!.*\b(?i:of the|between|both|together|with|each other|versus|border|same|connects?|links?|combined|score|match"
    r"|signe?d?|first|last|earlier|later|from|meet|merged?|joins?|joined|cross|corner|intersection|junction|merger|their)\b)"
    r".*?\b(?:the )?"
    r"(?P<both>(?P<one>(?:[A-Z][\w'-]+ )+(?P<sort>"
    r"Bridge|Line|Station|School|College|Hospital|Clinic|Tunnel|Museum|Library|Tower|Park|Road|Street|Airport|Hotel"
    r"|Stadium|Dam|Reservoir|Church|Temple|Market|Festival|Marathon|Race|Theatre|Plant|Factory|Mine|Port|Ferry)) "
    r"and (?:the )?(?P<other>(?:[A-Z][\w'-]+ )+(?P=sort)))\b"
)
"""Two names of one sort of which one thing is asked: the Fenmoor Bridge and the Ostrey Bridge."""


def _around(before: str, names: Iterable[str], after: str) -> tuple[Asking, ...]:
    return tuple(Asking(name, f"{before}{name}{after}") for name in names)


def _of_each(question: str, folded: str, coherence: Coherence) -> Cut | None:
    """Cut a list of two things and more of one sort, of which one thing is asked, where nothing joins them."""
    if places := _IN_BOTH.search(question):
        before, after = question[: places.start("one")], f"{places['rest'] or ''}?"
        return Cut(_around(before, (places["one"], places["other"]), after))
    if last := _EACH_OF.match(question):
        listed_last = [name.strip() for name in re.split(r",? and |, ", last["list"].rstrip("? ")) if name.strip()]
        return Cut(_around(last["asks"], listed_last, f"{last['rest']}?")) if len(listed_last) > 1 else None
    if pair := _PAIR.search(question):
        begin, end = pair.span("both")
        return Cut(_around(question[:begin], (pair["one"], pair["other"]), question[end:]))
    subject = _OFTEN.sub("", before_asking(question))
    if not subject or asking(folded) is None or _JOINT.search(folded):
        return None
    end = question.index(subject) + len(subject)
    parts = _one_by_one(question, folded, (end, end), coherence)
    things = [fold_aligned(part.name) for part in parts]
    names = [thing.rpartition("的")[0] or thing for thing in things]
    is_one_sort = len({name[-1:] for name in names}) == 1 and names[0][-1:] in _SORT
    is_office = all(_OFFICE.search(thing) for thing in things) and _WHO.search(folded[end:])
    is_owned = len(set(names)) == 1 and all("的" in thing for thing in things) and _WHAT.search(folded[end:])
    if not (2 <= len(names) <= 4 and (is_one_sort or is_owned or is_office) and all(len(name) > 1 for name in names)):
        return None
    return Cut(parts)


_OFFICE = re.compile(
    "(?:[省市县区镇乡村校院厂局处馆行台团队会站园社部所司董事]长|书记|主任|主席|经理|总裁|教练|导演|主编|作者|冠军|亚军|季军|第[一二三]名|得主|设计师|发言人|秘书长?)$"
)
_WHO = re.compile("^(?:都|分别|各|又|现在|目前|[是叫系由]){0,3}(?:谁|什么名字|哪[个位])[^,，]{0,3}$")
_WHAT = re.compile("^(?:都|[是叫有为]){0,2}(?:谁|多少|什么名字|哪[个位里年天])[^,，]{0,3}$")
"""Asks who or how much each of what something has is: 公司的董事长和总经理是谁."""
