"""A question of several parts → the things it asks, and how it compares them: A和B哪个更早, A、B各是多少, X vs Y."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from retrieval.search.abroad import compared_in_japanese, in_clauses_abroad, in_clauses_eastern
from retrieval.search.clauses import in_clauses, in_numbers
from retrieval.search.comparing import compared
from retrieval.search.listing import COUNTER, MOST_PARTS, SORTS, Asking, Coherence, Cut, listed, named, owned, owner_of
from retrieval.search.question import asking, before_asking
from retrieval.search.sources import between, fold_aligned
from retrieval.text.words import conjunctions, kind_of, tokenizer, word_spans
from retrieval.values import Span


def cut(question: str, coherence: Coherence) -> Cut | None:
    """Cut a question into what it asks; None where it asks one thing. `coherence` decides between several ways."""
    question = _YEARS_IN_A_ROW.sub(r"\1、", question)
    folded = fold_aligned(question)
    return (
        _numbered(question, folded, coherence)
        or compared(question, folded, coherence)
        or compared_in_japanese(question, folded)
        or (_each_further(question, folded, coherence) if _SENTENCE_ENDS.search(folded) else None)
        or _shared(question, folded, coherence)
        or in_clauses_eastern(question, folded)
        or _in_each(question)
        or in_clauses(question, folded, coherence)
        or in_clauses_abroad(question, folded)
        or _of_each(question, folded, coherence)
        or _aspects(question, folded)
    )


_YEARS_IN_A_ROW = re.compile(r"((?:19|20)\d\d年)(?=(?:19|20)\d\d年)")


def _numbered(question: str, folded: str, coherence: Coherence) -> Cut | None:
    """Cut numbered questions, each of which may ask several things: 1. 投资多少，床位多少 2. 院长是谁."""
    numbers = in_numbers(question, folded, coherence)
    if numbers is None:
        return None

    def within(text: str) -> Cut | None:
        return in_clauses(bare := text.rstrip("？"), fold_aligned(bare), coherence)

    parts = list(_further(numbers.parts, within))
    return Cut(tuple(parts)) if len(parts) <= MOST_PARTS else numbers


def _further(parts: Iterable[Asking], within: Callable[[str], Cut | None]) -> Iterator[Asking]:
    """Yield parts, in place of one that asks several things each of these."""
    for part in parts:
        several = within(part.question)
        yield from several.parts if several else [part]


_SENTENCE_ENDS = re.compile(r"[?？](?=\s*\S)")


def _each_further(question: str, folded: str, coherence: Coherence) -> Cut | None:
    """Cut several sentences, each of which may list what it asks: 一等座、二等座各多少钱？中间停哪几站."""
    clauses = in_clauses(question, folded, coherence)
    if clauses is None:
        return None

    def within(text: str) -> Cut | None:
        return _shared(text, fold_aligned(text), coherence)

    first, *later = clauses.parts
    if listed_first := within(first.question):
        subject, owner = before_asking(first.question), owner_of(*(part.name for part in listed_first.parts[:2]))
        later = [replace(part, question=part.question.replace(subject, owner or subject, 1)) for part in later]
    parts = [*(listed_first.parts if listed_first else [first]), *_further(later, within)]
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
    return bool(first) and (
        kind_of(first)[:1] in ("v", "p", "m", "r")
        or first[0] in _DOING
        or (first in _NEW and not rest.startswith("收费站"))
    )


_DOING = frozenset("有是花为需设在达占多几拿罚裁产")
_NEW = frozenset("新建 新增 新签 新招 新开 新修 收治 收税 收费".split())  # noqa: SIM905


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
    if both := _BOTH_SEXES.fullmatch(folded):
        lead, of, asked = (question[slice(*both.span(name))] for name in ("lead", "of", "asked"))
        return Cut(tuple(Asking(f"{lead}{sex}{of}", f"{lead}{sex}{of}{asked}") for sex in ("男子", "女子")))
    if inside := _IN_BRACKETS.match(folded):
        return _in_brackets(question, folded, inside)
    each = _each(folded)
    if (
        each is None
        or not asking(folded)
        or asking(folded[: each.start()])
        or (next(tokenizer().cut(folded, HMM=False)) in _WITH and not _is_list(folded, each.span()))
    ):
        return None
    parts = _one_by_one(question, folded, each.span(), coherence)
    return Cut(parts) if len(parts) > 1 else None


_BOTH_SEXES = re.compile(
    "(?P<lead>[^、,，和与跟及]*)男女(?!双方|老少|朋友|生|性|同|比例|平|混|主|教师|老师)(?P<of>[^、,，和与跟及比]{1,20}?)"
    "(?:分别|各自?)(?P<asked>(?:是|有|为)?(?:多少|几|谁|什么|哪)[^,，]{0,8})"
)
"""Names two events in one word: 男女接力成绩各是多少."""


def _is_list(folded: str, each: Span) -> bool:
    """Return whether what begins with a word like "with" lists things all the same: 和顺小学、松岭小学今年各招几人."""
    _, sign, last = folded[: each[0]].rpartition("、")
    return bool(sign) and "的" not in last and not re.search("的是[谁哪]", folded[each[1] :])


_IN_BRACKETS = re.compile(
    f"(?P<lead>.{{0,12}}?)[这那]?[两二三四五](?:{COUNTER}|[座条家场位])(?P<kind>[\u3400-\u9fff]{{2,6}})"
    "[（(](?P<list>[^（）()《》]{3,40})[）)](?:分别|各自?)(?=.)"
)
"""Names things of one kind in brackets: 两次工厂火灾（禾丰和远帆）各出动了多少辆消防车."""
_NAME = 5
"""Characters of a name that stands by itself, without the kind of thing that it is."""
_HAPPENS = re.compile("(?:火灾|地震|洪水|台风|暴雨|爆炸|车祸|事故|比赛|马拉松|会议|考试|展览?|活动|选举|罢工|听证会)$")
"""What happened in a place or at a time, which does not name it by itself."""


def _in_brackets(question: str, folded: str, inside: re.Match[str]) -> Cut | None:
    begin, end = inside.span("list")
    signs = [place for place in range(begin, end) if folded[place] in "、,，"]
    gaps = sorted((place, place + 1) for place in (*signs, *conjunctions(folded, begin, end)))
    names = [question[slice(*span)].strip() for span in between(begin, end, gaps)]
    is_needed = _HAPPENS.search(inside["kind"]) or (
        inside["kind"][-1] in {*SORTS, "学"} and max(map(len, names)) < _NAME
    )
    kind = question[slice(*inside.span("kind"))] if is_needed else ""
    if not 2 <= len(names) <= MOST_PARTS or not all(names) or not asking(folded[inside.end() :]):
        return None
    lead, asked = question[slice(*inside.span("lead"))], question[inside.end() :].rstrip("?？。 ")
    things = [f"{lead}{name}{'' if kind and name.endswith((kind, kind[-1])) else kind}" for name in names]
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
_BARE = re.compile("(?:[是有为要收卖]?(?:多少|什么|谁|几|哪)|怎么?样)[^,，]{0,4}$")
"""Says nothing of which it asks: 望潮和石埠的月薪各是多少 asks for 月薪 of both."""


# ---- Things of one sort: 东区医院和西区医院什么时候建成

_JOINT = re.compile(
    "之间|共同|一共|合计|总共|加起来|联合|合[作并办]|相[距隔互邻]|互相|距离|距|两[家所个座支队地县区市]|一起|联手|交[界汇换战]|对阵|比赛"
    "|决赛|谁赢|接壤|连接|[签约谈争]|换|[之其]?中[,，]|包括|除了|哪[一支个家所座条]"
    "|构成|组成|形成|比分|几比几|多远|公里|打|连通|交锋|械斗|分开|关系|区别|不同|差别|矛盾|恩怨|冲突|航线|互"
)
"""What two things do together, of which neither is asked alone."""


_OFTEN = re.compile("(?:每[天日周月年次]|每?个?星期|平时|一般|通常|目前|现在|如今|当时|到底|究竟|大概|大约|[总一]共)+$")
"""Stands between a list and what is asked of it: 新馆和旧馆每周|哪天闭馆."""


_LATIN_NAME = r"(?:the )?(?:[A-Z\d][\w'.&-]*(?: (?=[A-Z\d])[\w'.&-]+)*)"
_IN_BOTH = re.compile(
    rf"\b(?P<place>in|at|for|from|by|on|of) (?P<one>{_LATIN_NAME}) and (?P=place) (?P<other>{_LATIN_NAME})"
    r"(?P<rest>(?: [a-z]+){0,2}(?=\??$))?"
)
"""What is asked in two places: how much is a ticket at Kestrel and at Gullen Point."""
_IN_EACH = re.compile(
    r"^(?P<first>(?!.*\b(?:total|combined|together|between|both)\b).+?) (?P<place>in|at|for|from) "
    rf"(?P<one>{_LATIN_NAME}) and (?P<other>{_LATIN_NAME}),?(?: and)? "
    r"(?P<second>(?:what|who|how|when|where|which)\b[^,]+?) "
    r"(?P<each>in|at|for|of) each(?: of them| place)?\??$"
)
"""Asks two things of each of two: who won the elections in Harwick and Pellmouth, and what was the turnout in each."""
_EACH_DID = re.compile(
    rf"^(?P<before>(?i:how|what|when|where)\b[^,?]+? (?:did|does|do|has|have|was|were)) (?P<one>{_LATIN_NAME}) and "
    rf"(?P<other>{_LATIN_NAME}) each (?P<rest>[^,?]+?)(?:,? and (?P<more>(?:what|who|how|when|where)\b[^?]+?))?\??$"
)
"""Asks what each of two did: how many votes did Whitcombe and Pym each get, and what was the turnout."""
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


def _in_each(question: str) -> Cut | None:
    if each := _EACH_DID.match(question):
        of_each = [Asking(name, f"{each['before']} {name} {each['rest']}?") for name in (each["one"], each["other"])]
        return Cut((*of_each, *([Asking(each["more"], f"{each['more']}?")] if each["more"] else [])))
    found = _IN_EACH.match(question)
    if found is None:
        return None
    asked = [f"{found['first']} {found['place']}", f"{found['second']} {found['each']}"]
    names = (found["one"], found["other"])
    return Cut(tuple(Asking(f"{text} {name}", f"{text} {name}?") for text in asked for name in names))


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
    if not subject or asking(folded) is None or _JOINT.search(folded) or _each(folded):
        return None
    end = question.index(subject) + len(subject)
    return _of_one_kind(question, folded, end, coherence) or _of_pair(question, folded, end, coherence)


def _of_pair(question: str, folded: str, end: int, coherence: Coherence) -> Cut | None:
    """Cut two things of one sort behind which stands what is done with each: 和睦医院和二院|看专家要多少钱."""
    spans = list(word_spans(folded[:end]))[:_FEW_WORDS]
    at = next((stop for _, stop in reversed(spans) if folded[stop - 1] in SORTS), 0)
    words = [folded[slice(*span)] for span in spans]
    things, done = (
        [word for word, span in zip(words, spans, strict=True) if (span[0] < at) is is_thing]
        for is_thing in (True, False)
    )
    kinds = [kind_of(word)[:1] for word in things]
    is_verb = bool(done) and kind_of(done[0])[:1] == "v" and len("".join(done)) <= _DONE_TO
    joining = [word for word in things if word in _WITH]
    if (
        not at
        or not is_verb
        or len(joining) != 1
        or "p" in kinds
        or "t" in kinds
        or re.search("[、,，的]|^[不除经]", folded[:at])
    ):
        return None
    return None if _TOGETHER_TOO.search(folded[at:]) else _of_one_kind(question, folded, at, coherence)


_FEW_WORDS, _DONE_TO = 16, 8
_TOGETHER_TOO = re.compile("轮渡|渡轮|直达|联票|套票|汇合|吵|斗|骂|抢|协议|合|互|相|连|交|换|比|打|见|遇|撞|通")


def _of_one_kind(question: str, folded: str, end: int, coherence: Coherence) -> Cut | None:
    """Cut a list that ends at a place, if its things are of one sort, have one owner, or hold offices."""
    parts = _one_by_one(question, folded, (end, end), coherence)
    things = [fold_aligned(part.name) for part in parts]
    names = [thing.rpartition("的")[0] or thing for thing in things]
    is_one_sort = len({name[-1:] for name in names}) == 1 and names[0][-1:] in SORTS
    is_office = all(_OFFICE.search(thing) for thing in things) and _WHO.search(folded[end:])
    is_owned = len(set(names)) == 1 and all("的" in thing for thing in things) and _WHAT.search(folded[end:])
    if not (2 <= len(names) <= 4 and (is_one_sort or is_owned or is_office) and all(len(name) > 1 for name in names)):
        return None
    return Cut(parts)


_ASPECTS = {
    "时间": "是什么时候",
    "日期": "是哪天",
    "地点": "在哪里",
    "位置": "在哪里",
    "地址": "在哪里",
    "原因": "的原因是什么",
    "起因": "的原因是什么",
    "结果": "的结果怎么样",
    "经过": "的经过是怎样的",
    **dict.fromkeys(
        (
            "造价",
            "投资",
            "费用",
            "金额",
            "数量",
            "人数",
            "损失",
            "长度",
            "高度",
            "面积",
            "价格",
            "票价",
            "工期",
            "规模",
            "伤亡",
            "电话",
        ),
        "",
    ),
    **dict.fromkeys(("负责人", "作者", "冠军", "设计师", "主办方", "承办方"), "是谁"),
}
"""What may be asked of a thing by its name, and how it is asked; "" is 是多少."""
_ANY_ASPECT = "|".join(_ASPECTS)
_NO_OWNER = frozenset("了 不 没 吗 和 跟 与 及 公布 那么 那 还有 我 你 不想".split())  # noqa: SIM905
_LEAD = re.compile("^(?:请问|告诉我|关于|有关)+")
_LISTED_ASPECTS = re.compile(
    f"(?P<of>[^?？]{{2,}}?)(?<!的)的?(?P<list>(?:{_ANY_ASPECT})(?:(?:、|,|，|和|及|以及|与|跟|还有)+(?:{_ANY_ASPECT}))+)"
    "(?:分别|各|都)?(?:是(?:什么|多少|怎样的)?|怎么样)?[呢吗]?[?？。]*"
)


def _aspects(question: str, folded: str) -> Cut | None:
    """Cut what is asked of a thing by name: 火灾的时间、地点和原因."""
    found = _LISTED_ASPECTS.fullmatch(folded)
    owner = _LEAD.sub("", found["of"]) if found else ""
    if (
        found is None
        or not owner
        or asking(owner)
        or _NO_OWNER & {*tokenizer().cut(owner)}
        or re.search("[、,，:：]", owner)
    ):
        return None
    if folded[found.end("of")] != "的" and owner[-1] not in {*SORTS, "会", "杯"} and not _HAPPENS.search(owner):
        return None  # 开放时间, 死亡人数
    of = question[found.end("of") - len(owner) : found.end("of")]
    names = re.findall(_ANY_ASPECT, found["list"])
    asked = {
        name: _ASPECTS[name] if _ASPECTS[name][:1] in "是在的" and _ASPECTS[name] else f"的{name}是多少"
        for name in names
    }
    if not 2 <= len(asked) <= MOST_PARTS:
        return None
    return Cut(
        tuple(
            Asking(f"{of}的{name}", f"{of}{f'的{name}' if how == '是谁' else ''}{how}？") for name, how in asked.items()
        )
    )


_OFFICE = re.compile(
    "(?:[省市县区镇乡村校院厂局处馆行台团队会站园社部所司董事]长|书记|主任|主席|经理|总裁|教练|导演|主编|作者|冠军|亚军|季军|第[一二三]名|得主|设计师|发言人|秘书长?)$"
)
_WHO = re.compile("^(?:都|分别|各|又|现在|目前|[是叫系由]){0,3}(?:谁|什么名字|哪[个位])[^,，]{0,3}$")
_WHAT = re.compile("^(?:都|[是叫有为]){0,2}(?:谁|多少|什么名字|哪[个位里年天])[^,，]{0,3}$")
"""Asks who or how much each of what something has is: 公司的董事长和总经理是谁."""
