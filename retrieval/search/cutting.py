"""A question of several parts → the things it asks, and how it compares them: A和B哪个更早, A、B各是多少, X vs Y."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from retrieval.search.instead import another
from retrieval.search.listing import COUNTER, MOST_PARTS, THING, Coherence, listed
from retrieval.search.question import ASKS_ABROAD, WH, asking, before_asking
from retrieval.search.sources import fold_aligned
from retrieval.text.words import STOPWORDS, capitalised, kind_of, tokenizer
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
    """The things a question asks, two at least, how they are compared, and by which quality (长, 贵, tall).

    `event` is what happened to each of them, 开工 in 哪座先开工, where the question says it.
    """

    parts: tuple[Asking, ...]
    relation: Relation | None = None
    quality: str = ""
    event: str = ""


def cut(question: str, coherence: Coherence) -> Cut | None:
    """Cut a question into what it asks; None where it asks one thing. `coherence` decides between several ways."""
    folded = fold_aligned(question)
    return (
        _compared(question, folded, coherence)
        or _shared(question, folded, coherence)
        or _clauses(question, folded, coherence)
        or _abroad(question, folded)
        or _of_each(question, folded, coherence)
    )


# ---- Comparisons: the words that compare are taken off, what is left is a list

_HAPPENED = "发生|出现|举行|开始|进行|来|到"
_BEGAN = f"(?:{_HAPPENED}|发布|成立|上映|公布|去世|完成|建成|通车|开业|开幕)"
_TIMES = {"早": Relation.EARLIER, "先": Relation.EARLIER, "前": Relation.EARLIER} | dict.fromkeys(
    "晚后迟", Relation.LATER
)
_SIZES = dict.fromkeys("长高大多贵重快宽深远久厚", Relation.LARGER) | dict.fromkeys(
    "短矮低小少轻慢窄浅近便薄", Relation.SMALLER
)
_QUALITY = f"[{''.join(_TIMES)}{''.join(_SIZES)}]"
_WHICH = f"(?:谁|哪(?:一|几)?{COUNTER}?(?:{THING})?)"
_DEGREE = "(?:更|最|较|比较|相对|相对较|首)"
_ASKER = re.compile(
    # 哪个事件发生得更早, 哪座更长, 谁先去世, 哪个事件的日期最迟, 哪个发生在前
    rf"(?:中|里|之间|当中)?[,，、]?\s*(?:请问|到底|究竟|是)?{_WHICH}(?P<of>[^,，。?？]{{0,12}}?)"
    rf"(?:{_DEGREE}(?P<quality>{_QUALITY})|(?<!优)(?P<first>先)|(?:在|于)(?P<before>前|后|先)(?=[?？。]|$)"
    rf"|(?<![优强伟])(?P<plain>{_QUALITY})(?=[些点呢啊]?[?？。,，:：]|$))(?P<event>[^,，。?？:：]{{0,14}})"  # 谁人口多
    # 最早发生的是哪个, 更长的是
    rf"|(?:中|里|之间|当中)?[,，、]?\s*(?:{_BEGAN}(?:得|的|时间)*)?{_DEGREE}(?P<top>{_QUALITY})[^,，。?？:：]{{0,10}}?的?"
    rf"(?:事件|事情|一{COUNTER}|{COUNTER})?(?:是|为)(?:{_WHICH}|什么)?(?=[?？:：。]|$)"
)
_EITHER = re.compile(
    rf"^是?(?P<one>.{{2,40}}?)(?P<quality>更?{_QUALITY})还是(?P<other>.{{2,40}}?)(?P=quality)[呢?？。]*$"
)
_APART = re.compile(
    r"(?:之间|中间|前后|总共)?(?:相隔|相距|间隔|隔|相差|差)了?(?:多久|多长时间|多少个?[天年月日]|几个?[天年月])[^,，]{0,3}$"
    r"|[,，]?的?(?:发生|时间)?的?(?:先后|前后|时间)(?:顺序|次序)?(?:是|为|如何|怎么?)[^,，]{0,6}$|[,，]?(?:谁|哪个)先(?:谁|哪个)后[?？]?$"
)
"""Asks for the days between what happened, or for its order: the days are cited, and which is the first."""
_SAME = re.compile(
    r"[,，]?\s*(?:是否|是不是|是|都|均|全|也|会|在|于|属|同时|发生|出现|进行|举行)*+"
    r"同(?:一|1)?个?(?P<grain>天|日|月|年)(?:份|度|内|里)?(?P<event>[^,，。?？]{0,14})[?？。]?$"
)
_GRAINS = {"天": Relation.SAME_DAY, "日": Relation.SAME_DAY, "月": Relation.SAME_MONTH, "年": Relation.SAME_YEAR}
_ENGLISH = (
    (
        re.compile(
            r"^(?:which|what|who)\b(?P<what>[^,:?]{0,60}?)"
            r"\b(?P<quality>\w+er|(?:more|less|most)(?: \w+)?|\w+est|first|last)\b"
            r"[^,:?]{0,24}[,:]\s*(?P<list>.+?)\??$"
        ),
        "list",
    ),
    (
        re.compile(
            r"^(?:did|does|do|was|were|is|are|has|have)\s+(?P<list>.+)\s+"
            r"(?P<quality>first|earlier|later|longer|larger|bigger|taller|higher|smaller|shorter|older|newer"
            r"|(?:more|fewer|less)(?: \w+)?)\??$"
        ),
        "list",
    ),
)
_ENGLISH_SAME = re.compile(
    r"^(?:did|do|were|was|are|is)\s+(?P<list>.+?)\s+(?:(?:happen|occur|open|start|take place)\s+)?"
    r"(?:in |on )?(?:the )?same "
    r"(?P<grain>day|month|year)\b.*$"
)
_ENGLISH_RELATIONS = (
    ("first earlier earliest older oldest", Relation.EARLIER),
    ("last later latest newer newest", Relation.LATER),
    ("longer longest larger largest bigger biggest taller tallest higher highest more most", Relation.LARGER),
    ("smaller smallest shorter shortest lower lowest cheaper cheapest fewer less", Relation.SMALLER),
)


def _compared(question: str, folded: str, coherence: Coherence) -> Cut | None:
    if either := _EITHER.match(folded):  # 甲长还是乙长
        spans, quality, of = [either.span("one"), either.span("other")], either["quality"][-1], ""
        items = [question[slice(*span)].strip(" ,，") for span in spans]
        relation: Relation | None = _related(quality)
    else:
        relation, quality, of, span = _relation(folded)
        if relation is None and not span[1]:
            return None
        items = listed(question, folded, span, coherence, is_bare=not of and relation in _BY_SIZE)
    if len(items) < 2:
        return None
    if _PRICED.search(of) and quality in "高低大小多少":
        quality = "贵" if relation is Relation.LARGER else "便"
    event = of if relation and relation not in _BY_SIZE else ""
    return Cut(tuple(_asking(item, relation, quality, of) for item in items), relation, quality, event)


_BY_SIZE = frozenset({Relation.LARGER, Relation.SMALLER})
_PRICED = re.compile("[价费钱款资]|成本|预算|月薪|票")
"""What is counted in money, whichever quality is asked of it: 哪个花钱多, 谁的月薪更高."""


def _related(quality: str) -> Relation:
    return _TIMES.get(quality) or _SIZES[quality]


def _asking(item: str, relation: Relation | None, quality: str, of: str) -> Asking:
    """Ask for a thing compared: what happened is found by its name, and read for its time; a figure by its quality.

    `of` is what has the quality, 人口 in 哪个人口多, or what happened: 建成 in 哪个先建成.
    """
    if relation is None:
        return _named(item)
    if relation in _BY_SIZE and quality.isascii():
        _, _, counted = quality.partition(" ")
        if of:
            return Asking(item, f"How much did {item} {of}?")
        return Asking(item, f"How many {counted}: {item}?" if counted else f"{item} how {quality}")
    if relation in _BY_SIZE:
        how = f"多{quality}" if of.endswith("得") else _AMOUNTS.get(quality, f"有多{quality}")
        return Asking(item, f"{item}{of.removesuffix('钱')}{how}")
    happened = f"{item}{of}" if of not in item else item
    return Asking(item, happened, f"When was {item}?" if item.isascii() else f"{happened}是什么时候？")


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


def _relation(folded: str) -> tuple[Relation | None, str, str, Span]:
    """Return how things are compared, by which quality of what, and the span of the list of them."""
    if same := _SAME.search(folded):
        return _GRAINS[same["grain"]], "", _event(same["event"]), (0, same.start())
    if apart := _APART.search(folded):
        return Relation.EARLIER, "", "", (0, apart.start())
    if asker := _ASKER.search(folded):
        quality = next(filter(None, (asker[name] for name in ("quality", "top", "first", "before", "plain"))))
        of = (asker["of"] or "").strip("的里")
        of = of if _related(quality) in _BY_SIZE else _event(of) or _event(asker["event"] or "")
        if len(folded) - asker.end() > 4:  # 以下哪个更早:A、B, 哪座更长,A还是B
            return _related(quality), quality, of, (asker.end(), len(folded))
        return _related(quality), quality, of, (0, asker.start())
    if everything := _ALL_IN.search(folded):
        return None, "", "", (0, everything.start())
    if same := _ENGLISH_SAME.search(folded):
        return Relation(f"same {same['grain']}"), "", "", same.span("list")
    for pattern, name in _ENGLISH:
        if found := pattern.search(folded):
            said = found["quality"].split()[0]
            relation = next((each for words, each in _ENGLISH_RELATIONS if said in words.split()), None)
            of = (found.groupdict().get("what") or "").strip() if relation in _BY_SIZE and said in _MUCH else ""
            return relation, found["quality"], of, found.span(name)
    return None, "", "", (0, 0)


def _event(text: str) -> str:
    """Return what happened to all compared: 建成, but not 发生, which says nothing."""
    said = _ENDING.sub("", text.strip())
    return "" if len(said) < 2 or re.search(f"{_HAPPENED}|[的是了呢]", said) else said


_ENDING = re.compile("(?:的?(?:时间|日期)|[得的吗么呢啊呀了])+$")
"""What stands behind the word for what happened: 建成得, 成立的时间, 开工的吗."""


_MUCH = frozenset({"more", "less", "most", "fewer"})


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
        else re.split(r"(?<=[\w)”】])\s*\b(?:vs\.?|versus)\b\s*", folded.rstrip("?？ "), maxsplit=1)
    )
    if len(versus) == 2 and all(part.strip() for part in versus):
        first = question[: len(versus[0])].strip()
        second = question[folded.rindex(versus[1]) :].rstrip("?？ ").strip()
        return Cut((_named(first), _named(second)))
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


def _one_by_one(question: str, folded: str, between: Span, coherence: Coherence) -> tuple[Asking, ...]:
    """Ask each thing of a list what stands behind it; `between` are the words from the one to the other."""
    end, begin = between
    predicate = question[begin:].rstrip("?？。 ")
    is_bare = bool(_BARE.match(fold_aligned(predicate)))
    items = listed(question, folded, (0, end), coherence, is_bare=is_bare)
    return tuple(Asking(item, f"{item}{predicate}？") for item in items)


_WITH = frozenset("和跟与同")
"""A word before one thing, with which another did something: 和公司私下和解的两人."""
_BARE = re.compile("(?:[是有为要]?(?:多少|什么|谁|几|哪)|怎么?样)[^,，]{0,4}$")
"""Says nothing of which it asks: 望潮和石埠的月薪各是多少 asks for 月薪 of both."""


# ---- Several questions in one: 为什么被罚？罚了多少？

_BETWEEN = re.compile(
    r"[?？;；]\s*|(?<=[^\x00-\x7f])[,，、]\s*(?:以及|并且|而且|同时|另外|此外|还有)?|以及|(?<=\S)\s+(?:还有|另外|此外)\s*"
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


def _clauses(question: str, folded: str, coherence: Coherence) -> Cut | None:
    """Cut at clauses that each ask something; a later one that has no subject takes the first one's."""
    pieces = [(begin, end) for begin, end in _asking_pieces(folded) if folded[begin:end].strip()]
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
            later = _later(text, subject, coherence, is_listed=is_listed) if parts else text
            parts.append(Asking(text, f"{lead}{later}？"))
    if not 2 <= len(parts) <= MOST_PARTS or (first.isascii() and len(first.split()) < _LEAST_WORDS):
        return None
    return Cut(tuple(parts))


def _later(text: str, subject: str, coherence: Coherence, *, is_listed: bool) -> str:
    """Return a later clause with the first one's subject, where it lacks its own: it `is_listed`, or belongs to it."""
    if text.isascii():
        lacks = _ENGLISH_POINTING.search(text) or not _names_something(text)
        return f"{subject}: {text}" if lacks else f" {text}"
    own = text[len(text) - len(_POINTING.sub("", fold_aligned(text))) :]
    if text[:1] in "他她":
        subject = subject.rpartition("的")[0] or subject  # 守灯人的妻子叫什么、他哪年去世
    is_same = is_listed or len(own) < len(text) or not _names_something(own)
    return f"{subject}{own}" if is_same or coherence([f"{subject}{own}"])[0] >= _TOGETHER_ENOUGH else own


_ASIDE = re.compile(
    "(?<=..)(?:的?总?(?:造价|投资|费用|成本|价格|票价|月租|月薪|长度|高度|面积|人口|人数|产量|容量|工期)|[\u4e00-\u9fff]了)$"
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


_TOLD_ABROAD = re.compile(f", ?{ASKS_ABROAD}")
"""Begins what a question tells of, and does not ask: wer weiss, wo er lebt."""


def _abroad(question: str, folded: str) -> Cut | None:
    """Cut Wer hat es gebaut und wann wurde es eröffnet? where a word for "and" stands before one that asks.

    What names nothing takes the names that the others have.
    """
    if not _ASKED_ABROAD.match(folded) or re.match(rf"(?:{WH})\b", folded) or _TOLD_ABROAD.search(folded):
        return None
    bounds = [0, *(place for match in _AND_ABROAD.finditer(folded) for place in match.span()), len(folded)]
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
    "|比分|几比几|多远|公里|打|连通|交锋|械斗|分开"
)
"""What two things do together, of which neither is asked alone."""


_OFTEN = re.compile("(?:每[天日周月年次]|每?个?星期|平时|一般|通常|目前|现在|如今|当时|到底|究竟|大概|大约|[总一]共)+$")
"""Stands between a list and what is asked of it: 新馆和旧馆每周|哪天闭馆."""


_PAIR = re.compile(
    r"^(?i:who|what|when|where|how|which)\b"
    r"(?!.*\b(?i:of the|between|both|together|with|each other|versus|border|same|connects?|links?|combined|score|match"
    r"|signe?d?|first|last|earlier|later|from|meet|merged?|joins?|joined)\b)"
    r".*?\b(?:the )?"
    r"(?P<both>(?P<one>(?:[A-Z][\w'-]+ )+(?P<sort>"
    r"Bridge|Line|Station|School|College|Hospital|Clinic|Tunnel|Museum|Library|Tower|Park|Road|Street|Airport|Hotel"
    r"|Stadium|Dam|Reservoir|Church|Temple|Market|Festival|Marathon|Race|Theatre|Plant|Factory|Mine|Port|Ferry)) "
    r"and (?:the )?(?P<other>(?:[A-Z][\w'-]+ )+(?P=sort)))\b"
)
"""Two names of one sort of which one thing is asked: the Fenmoor Bridge and the Ostrey Bridge."""


def _of_each(question: str, folded: str, coherence: Coherence) -> Cut | None:
    """Cut a list of two things and more of one sort, of which one thing is asked, where nothing joins them."""
    if pair := _PAIR.search(question):
        begin, end = pair.span("both")
        both = (pair["one"], pair["other"])
        return Cut(tuple(Asking(name, f"{question[:begin]}{name}{question[end:]}") for name in both))
    subject = _OFTEN.sub("", before_asking(question))
    if not subject or asking(folded) is None or _JOINT.search(folded):
        return None
    end = question.index(subject) + len(subject)
    parts = _one_by_one(question, folded, (end, end), coherence)
    things = [fold_aligned(part.name) for part in parts]
    names = [thing.rpartition("的")[0] or thing for thing in things]
    is_one_sort = len({name[-1:] for name in names}) == 1 and names[0][-1:] in _SORT
    is_owned = len(set(names)) == 1 and all("的" in thing for thing in things) and _WHAT.search(folded[end:])
    if not (2 <= len(names) <= 4 and (is_one_sort or is_owned) and all(len(name) > 1 for name in names)):
        return None
    return Cut(parts)


_WHAT = re.compile("^(?:都|[是叫有为]){0,2}(?:谁|多少|什么名字|哪[个位里年天])[^,，]{0,3}$")
"""Asks who or how much each of what something has is: 公司的董事长和总经理是谁."""
