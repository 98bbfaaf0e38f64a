"""A question that compares → the things that it compares and by what: A和B哪个更早, A比B贵多少, is X longer than Y.

The words that compare are taken off; what is left is a list of things, or one thing and what another has in its place.
"""

import re
from collections.abc import Callable

from retrieval.search.instead import ANY_DAY, chinese_instead, english_instead
from retrieval.search.listing import COUNTER, MOST_PARTS, THING, Asking, Coherence, Cut, Relation, listed, owned
from retrieval.search.measures import (
    ADJECTIVES,
    BY_SIZE,
    FOUNDED,
    HAS_FIGURE,
    PRICED,
    QUALITY,
    RELATIONS,
    SIZES,
    TIMES,
    WHO,
    Measure,
)
from retrieval.search.question import asking
from retrieval.search.sources import between, fold_aligned
from retrieval.search.when import understand_dates
from retrieval.text.words import kind_of, tokenizer, word_spans
from retrieval.values import Span


def compared(question: str, folded: str, coherence: Coherence) -> Cut | None:
    """Cut a question that compares; None of any other. `coherence` decides between ways to take a list apart."""
    shown = _SHOWN.search(folded)
    if shown is None and (spaced := _SHOWN_APART.search(folded)) and _ASKER.search(folded[: spaced.start()]):
        shown = spaced
    if shown:
        question, folded = question[: shown.start()], folded[: shown.start()]
    return (
        _either(question, folded)
        or _several(question, folded, coherence)
        or _than(question, folded)
        or _from_to(question, folded)
        or _english_than(question, folded)
        or _english_years(question, folded)
        or _of_list(question, folded, coherence)
    )


_SHOWN = re.compile(
    "[?？,，。;；]\\s*(?:(?:分别|各自?)(?:是|有|为)?(?:多少|多[长高大重宽深远]|什么时候|何时|几[号月年])|(?:大概|大约|总共)?[早晚快慢多少贵高低差大小长短重轻](?:便宜)?了?"
    "(?:多少|几|多久).{0,3})[?？。]*$|,? (?:and )?by how (?:much|many)(?: \\w+)?[?]?$"
)
"""Asks for what is shown with an outcome as well: A比B多还是少？各是多少？ A和B谁先通车？早多少天？"""


_SHOWN_APART = re.compile(
    "\\s+(?:大概|大约|总共)?[早晚快慢多少贵高低差大小长短重轻](?:便宜)?了?(?:多少|几|多久).{0,3}[?？。]*$"
)


# ---- Of a list: A和B哪个更早, which is longer, A or B

_HAPPENED = "发生|出现|举行|开始|进行|来|到"
_BEGAN = f"(?:{_HAPPENED}|发布|成立|上映|公布|去世|完成|建成|通车|开业|开幕|开工)"
_WHICH = f"(?:谁|哪(?:一|几)?(?:{COUNTER}|[国省市县队校边头])?(?:{THING})?)"
_DEGREE = "(?:更|最|较|比较|相对|相对较|首)"
_ASKER = re.compile(
    # 哪个事件发生得更早, 哪座更长, 谁先去世, 哪个事件的日期最迟, 哪个发生在前
    rf"(?:中|里面?|之间|当中)?[,，、]?\s*(?:请问|到底|究竟|是)?{_WHICH}(?P<of>[^,，。?？]{{0,12}}?)"
    rf"(?:{_DEGREE}(?P<quality>{QUALITY})|(?<!优)(?P<first>先)|(?:在|于)(?P<before>前|后|先)(?=[?？。]|$)"
    rf"|(?<![优强伟创])(?P<plain>{QUALITY})(?=(?:一?[些点]|得多)?[呢啊呀嘛]?(?:[?？。,，:：]|$)))(?P<event>[^,，。?？:：]{{0,14}})"
    # 先有的哪个, 先有哪个
    rf"|(?:中|里面?|之间|当中)?[,，、]?\s*(?:到底|究竟|是)?先(?P<was_there>有)(?:的|了)?{_WHICH}(?=[?？。呢啊]|$)"
    rf"|(?:中|里面?|之间|当中)?[,，、]?\s*(?:到底|究竟|是)?先(?P<was_first>[^,，。?？先]{{1,6}}?)的是?{_WHICH}(?=[?？。呢啊]|$)"
    # 最早发生的是哪个, 更长的是
    rf"|(?:中|里面?|之间|当中)?[,，、]?\s*(?:{_BEGAN}(?:得|的|时间)*)?{_DEGREE}(?P<top>{QUALITY})(?P<done>[^,，。?？:：]{{0,10}}?)的?"
    rf"(?:事件|事情|一{COUNTER}|{COUNTER})?(?:是|为)(?:{_WHICH}|什么)?(?=[?：:。]|$)"
)
_APART = re.compile(
    r"(?:之间|中间|前后|总共)?(?:相隔|相距|间隔|隔|相差|差)了?(?:多久|多长时间|多少个?[天年月日]|几个?[天年月])[^,，]{0,3}$"
    r"|(?:[,，]?(?:这些|各)(?:事件|事情)|[,，](?:事件|事情)?)?的?(?:发生|时间)?的?(?:先后|前后|时间|[从由][早先]到[晚后]的?(?:先后|时间)?(?=顺序|次序))(?:顺序|次序)?(?:是|为|如何|怎么?)[^,，]{0,6}$|[,，]?(?:谁|哪个)先(?:谁|哪个)后[?？]?$"
)
"""Asks for the days between what happened, or for its order: the days are cited, and which is the first."""
_SAME = re.compile(
    r"[,，]?\s*(?:是否|是不是|是|都|均|全|也|会|在|于|属|同时|发生|出现|进行|举行)*+"
    r"同(?:一|1)?个?(?P<grain>天|日|月|年)(?:份|度|内|里)?(?P<event>[^,，。?？]{0,14})[?？。]?$"
)
_GRAINS = {"天": Relation.SAME_DAY, "日": Relation.SAME_DAY, "月": Relation.SAME_MONTH, "年": Relation.SAME_YEAR}
_SAME_ONE = re.compile(
    "[,，]?(?P<of>的[^,，、和与跟及]{1,12}?)?(?:(?:是不是|是否是?|都?是)同(?:一|1)个?[个位名家]?|是不是一[个位名家])(?:人|公司|地方|单位|学校)[吗么?？]*$"
)
"""Asks whether two things have the same: 两届的女子冠军是不是同一个人."""
_ALL_IN = re.compile(
    r"[,，]?\s*(?:是否|是不是)?(?:都|均|全)是?(?:在|于)?[^,，、和与]{2,12}(?:发生|举行|发布|进行)?的?吗[?？]?$"
)
"""都是2019年发生的吗: a list, of which something is asked that each item's own date answers."""
_ENGLISH = (
    re.compile(
        r"^(?:which|what|who)\b(?P<what>[^,:?]{0,60}?)"
        r"\b(?P<quality>(?:more|less|most|fewer)(?: \w+)?|\w+er|\w+est|first|last)\b"
        r"[^,:?]{0,24}[,:]\s*(?P<list>.+?)\??$"
    ),
    re.compile(
        r"^(?P<list>[^,:?]+ (?:or|and) [^,:?]+)[,:;-]+\s*which (?P<what>.*?)"
        r"\b(?P<quality>\w+er|more|less)\b[^,:?]{0,24}\??$"
    ),
    re.compile(
        r"^(?:did|does|do|was|were|is|are|has|have)\s+(?P<list>.+?)\s+"
        r"(?:(?P<done>built|opened|founded|finished|completed|closed|born|open|close|start|end) )?(?:the )?"
        r"(?P<quality>first|earlier|later|longer|larger|bigger|taller|higher|smaller|shorter|older|newer"
        r"|(?:more|fewer|less)(?: \w+)?)"
        r"(?: (?:of the two|one|bridge|line|building|road|tunnel|tower|station|ship))?\??$"
    ),
)
_ENGLISH_SAME = re.compile(
    r"^(?:did|do|were|was|are|is)\s+(?P<list>.+?)\s+(?:(?:happen|occur|open|start|take place)\s+)?"
    r"(?:in |on )?(?:the )?same "
    r"(?P<grain>day|month|year)\b.*$"
)
_ENGLISH_RELATIONS = {
    **dict.fromkeys(["first", "earlier", "earliest", "older", "oldest", "before"], Relation.EARLIER),
    **dict.fromkeys(["last", "later", "latest", "newer", "newest", "after"], Relation.LATER),
    **dict.fromkeys(
        "longer longest larger largest bigger biggest taller tallest higher highest more most".split(),  # noqa: SIM905
        Relation.LARGER,
    ),
    **dict.fromkeys(
        "smaller smallest shorter shortest lower lowest cheaper cheapest fewer less younger".split(),  # noqa: SIM905
        Relation.SMALLER,
    ),
}
_AGED = frozenset({"older", "oldest", "younger", "youngest"})
_MUCH = frozenset({"more", "less", "most", "fewer"})


def _of_list(question: str, folded: str, coherence: Coherence) -> Cut | None:
    found = _asker(folded)
    if found is None:
        return None
    measure, span = found
    is_bare = not measure.of and measure.is_by_size
    if (apart := _BETWEEN_TWO.search(folded, *span)) and re.search("[和与跟]", folded[span[0] : apart.start()]):
        within = (apart.end() + (folded[apart.end()] == "的"), span[1])
        items = listed(question, folded, within, coherence, is_bare=is_bare)
        return measure.cut([f"{question[span[0] : apart.end()]}的{item}" for item in items])
    return measure.cut(listed(question, folded, span, coherence, is_bare=is_bare))


_BETWEEN_TWO = re.compile("之间(?=[^,，、:：?？]{2})")
"""What two did together is one thing: 甲队和乙队之间那场比赛谁先进球."""


def _asker(folded: str) -> tuple[Measure, Span] | None:
    """Return how the things of a list are compared, and the span of the list."""
    if same := _SAME.search(folded):
        begun = next((end for start, end in word_spans(folded) if start < same.start() < end), same.start())
        return Measure(_GRAINS[same["grain"]], of=_event(same["event"])), (0, begun)  # 成立大会是
    if apart := _APART.search(folded):
        return Measure(Relation.EARLIER), (0, apart.start())
    if asker := _ASKER.search(folded):
        if done := asker["was_first"] or asker["was_there"]:
            event = FOUNDED if done.startswith("有") else _event(done) or (done if len(done) == 1 else "")
            return Measure(Relation.EARLIER, of=event), (0, asker.start())
        name = next(name for name in ("quality", "top", "first", "before", "plain") if asker[name])
        quality, of = asker[name], (asker["of"] or "").strip("的里")
        relation = RELATIONS[quality]
        if quality not in TIMES and not _ends_word(folded, asker.end(name)):
            return None  # 哪个更重要
        if relation not in BY_SIZE:
            of = _event(asker["event"] or "") or _event(asker["done"] or "") or _event(of)
        # 以下哪个更早:A、B, 哪座更长,A还是B
        behind = len(folded) - asker.end() > 4
        return Measure(relation, quality, of), (asker.end(), len(folded)) if behind else (0, asker.start())
    if one := _SAME_ONE.search(folded):
        of = "" if "的" in folded[: one.start()] else (one["of"] or "").strip("的")
        who = WHO if re.search("人[吗么?？]*$", one.group()) else ""
        return Measure(None, of=of, what=who), (0, one.start() if of or not one["of"] else one.end("of"))
    if everything := _ALL_IN.search(folded):
        return Measure(None), (0, everything.start())
    if same := _ENGLISH_SAME.search(folded):
        return Measure(Relation(f"same {same['grain']}")), same.span("list")
    for pattern in _ENGLISH:
        if found := pattern.search(folded):
            said, what = found["quality"].split()[0], (found.groupdict().get("what") or "").strip()
            compared_as = _ENGLISH_RELATIONS.get(said)
            if compared_as is None and said not in ADJECTIVES and said not in ("dearer", "cheaper"):
                return None  # which river flooded, Upper and Lower
            if said in _AGED and folded.startswith("who"):
                compared_as = Relation.LARGER if said in ("older", "oldest") else Relation.SMALLER
            of = what if compared_as in BY_SIZE and said in _MUCH else ""
            done = found.groupdict().get("done") or ""
            return Measure(compared_as, found["quality"], of or done, what), found.span("list")
    return None


def _ends_word(folded: str, place: int) -> bool:
    ends = {end for _, end in word_spans(folded, is_guessing=False)}
    return place in ends or folded.startswith(("些", "点", "一"), place)


def _event(text: str) -> str:
    """Return what happened to all compared: 建成, but not 发生, which says nothing."""
    said = re.sub("^(?:开始|进行|举行)(?=..)", "", _ENDING.sub("", text.strip()))
    is_none = len(said) < 2 or re.fullmatch(f"(?:{_HAPPENED})+[于在]?", said) or re.search("[的是了呢谁哪]", said)
    return "" if is_none else said


_ENDING = re.compile("(?:的?(?:时间|日期)|[得的吗么呢啊呀了])+$")
"""What stands behind the word for what happened: 建成得, 成立的时间, 开工的吗."""


_MOST_PIECES = 8
_PIECES = re.compile("[,，?？;；、。]+")
_OF_EACH = re.compile("(?:各自?|分别)(?P<asked>.*(?:多[少长高大重宽深远久]|什么|几|谁|哪).*)")


def _several(question: str, folded: str, coherence: Coherence) -> Cut | None:
    """Cut A和B哪个更长，哪个投资多 and 哪个损失大？各死了多少人: each thing is asked for each quality."""
    bounds = [match.span() for match in _PIECES.finditer(folded)]
    for end, begin in bounds if len(bounds) <= _MOST_PIECES else ():
        signs = [(a, b) for a, b in bounds if a > end]
        pieces = [question[slice(*span)].strip() for span in between(begin, len(folded), signs)]
        rest = [piece for piece in pieces if piece and not _BY_HOW_MUCH.fullmatch(fold_aligned(piece))]
        measures = [_measure_of(piece) for piece in rest]
        first = _asker(folded[:end])
        if first is None or not rest or not all(measures) or not first[0].is_by_size:
            continue
        items = listed(question[:end], folded[:end], first[1], coherence, is_bare=not first[0].of)
        if any(item in piece for item in items for piece in rest):
            return None
        asked = [ask(item) for ask in (first[0].asking, *filter(None, measures)) for item in items]
        if 2 < len(asked) <= MOST_PARTS:
            return Cut(tuple(Asking(each.question, each.question, each.read_for) for each in asked))
    return None


def _measure_of(piece: str) -> Callable[[str], Asking] | None:
    """Return what asks a thing for the quality that a clause without a list compares, or for what it asks of each."""
    folded = fold_aligned(piece)
    if each := _OF_EACH.fullmatch(folded):
        asked = piece[slice(*each.span("asked"))]
        return lambda item: Asking(item, f"{item}{asked}")
    asker = _ASKER.match(folded)
    found = _asker(folded) if asker and asker.end() == len(folded) else None
    if found:
        return found[0].asking
    begins = next(tokenizer().cut(folded, HMM=False))
    names_nothing = asking(folded) and kind_of(begins)[:1] in ("v", "p", "d", "r")
    return (lambda item: Asking(item, f"{item}{piece}")) if names_nothing and not _OF_NO_ONE.search(folded) else None


_OF_NO_ONE = re.compile(
    "^(?:你|您|我|它们|他们|她们|那里|这里|为什么|为啥)|之间|相[距隔差]|合[并起]|一共|总共|互|认识|比|哪[个座家所条]|的是|告诉|给我|请问|说说"
)
"""Asks of both together, of none, or which of them."""
_BY_HOW_MUCH = re.compile(
    "(?:大概|大约|总共)?(?:早|晚|快|慢|多|少|贵|便宜|高|低|差|大|小|长|短|重|轻|近|远)了?(?:出?了?)(?:多少|几|多久).{0,3}"
)
"""Asks for what is shown with an outcome: 哪个便宜，便宜多少."""


# ---- Of two: 甲长还是乙长, A比B贵多少

_EITHER = re.compile(
    rf"^是?(?P<one>.{{2,40}}?)(?P<quality>更?{QUALITY})还是(?P<other>.{{2,40}}?)(?P=quality)[呢?？。]*$"
)


_OWN_ORDER = re.compile(
    "(?P<of>[^,，。?？是]{0,10}?)(?:到底|究竟)?是(?P<one>[^,，。?？先是]{2,14})先(?P<first>[^,，。?？的先]{1,6})的?[,，]?还是"
    "(?P<other>[^,，。?？先是]{2,14})先(?P<second>[^,，。?？的先]{1,6})的?[呢啊]?[?？。]*"
)
"""Asks which of two things did what first: 是灯具博物馆先开的还是盐业博物馆先重开的."""
_ORDER = re.compile(
    "(?P<of>[^,，。?？]{0,14}?)(?:到底|究竟)?是?先(?P<one>[^,，。?？]{2,20}?)[,，]?还是先(?P<other>[^,，。?？]{2,20}?)[呢啊的]?[?？。]*"
)
_ADVICE = re.compile("(?:应该?|该|要|需要|[你我您])(?:是)?先|^发生|[左右][手边]|^[^先]*[和与跟][^先]*是?先有")
_EVENT = 14
"""Characters of what something did: 铁锚先换的帅还是先平的海燕."""


def _either(question: str, folded: str) -> Cut | None:
    if (ones := _OWN_ORDER.fullmatch(folded)) and not _ADVICE.search(folded):
        said = {name: question[slice(*ones.span(name))].strip() for name in ones.groupdict()}
        return Measure(Relation.EARLIER).cut(
            [f"{said['of']}{said['one']}{said['first']}", f"{said['of']}{said['other']}{said['second']}"]
        )
    if (order := _ORDER.fullmatch(folded)) and not _ADVICE.search(folded):
        one, other = (question[slice(*order.span(name))].strip(" ,，") for name in ("one", "other"))
        subject = question[slice(*order.span("of"))].strip(" ,，")
        if other.startswith(subject) or not 1 < len(other) <= _EVENT or not 1 < len(one) <= _EVENT:
            return Measure(Relation.EARLIER).cut([one, other]) if not subject else None
        return Measure(Relation.EARLIER).cut([f"{subject}{one}", f"{subject}{other}"])
    either = _EITHER.match(folded)
    if either is None:
        return None
    quality = either["quality"].removeprefix("更")
    items = [question[slice(*either.span(name))].strip(" ,，") for name in ("one", "other")]
    subject, is_, first = items[0].partition("是")
    if is_ and quality in SIZES:  # 成交量是去年六月多还是十二月多
        asked = f"{subject}{first}是多少？"
        second = chinese_instead(f"{items[1]}呢", asked)
        parts = (Asking(first, asked), Asking(items[1], second.question if second else f"{subject}{items[1]}是多少？"))
        return Cut(parts, RELATIONS[quality], Measure(RELATIONS[quality], quality, subject).counted)
    return Measure(RELATIONS[quality], quality).cut(items)


_FEW = "(?:多少|几)"
_CHANGED = (
    "(?P<up>涨|增加?|增长|上[涨升调]|[升提]高?|提[升价]|延长|扩大)|(?P<down>降低?|下[降跌调滑]|减少?|缩[短减小]|[跌裁])"
)
_THAN = re.compile(
    rf"(?P<other>[^,，]{{1,20}}?)(?:更|还|要|都|会|能|大概|总共|一共)*"
    rf"(?:(?:{_CHANGED})(?:了|出)?{_FEW}.{{0,4}}"
    rf"|(?P<more>[多少])(?P<verb>(?![了出])[\u3400-\u9fff]{{1,3}}?了?)(?P<how>{_FEW}[\u3400-\u9fff]{{0,4}}?)"
    rf"|(?P<quality>{QUALITY})(?:出?了?(?:(?P<few>{_FEW})(?P<counted>.{{0,4}}?)|一?[些点]吗?|得多吗?|很?多吗|吗|么|没有)|还是.{{1,4}}))[呢啊]?[?？。]*"
)
_SOONER = re.compile(
    r"(?P<other>(?![^,，]*(?:计划|预[计期定]|往[年常]|同期|平时|[去前]年))[^,，]{2,20}?)(?P<quality>[早晚先后迟])(?P<event>[^,，了]{0,6}?)"
    r"了?(?:多少|多久|几).{0,3}[?？。]*"
)
_PLANNED = re.compile(
    "预算|概算|标底|计划|预[计期定测]|往[年常]|同期|平时|现在|目前|[以之此从]前|过去|正常|想象|[他她它你我]|平均"
)
"""What is no other thing: 比原计划早了多久."""
_RATIO = re.compile("^(?:倍|成|个?百分点|番|%).*")
"""By how much more, of nothing that is counted."""
_PARTICLES = re.compile("[呢啊吗了]+$")
_MEASURE = re.compile(f"{HAS_FIGURE.pattern}|票$|[A-Za-z]$")
_ALREADY = re.compile("[,，]?(?:是否|是不是|会不会|有没有|到底|大概|现在)+$")


_NOW = re.compile("^(?:今天|现在|目前|如今|眼下)的?")


def _than(question: str, folded: str) -> Cut | None:
    """Cut A比B贵多少, 票价比去年涨了多少: what is asked of the one thing is asked of the other in its place."""
    for begin, end in word_spans(folded, is_guessing=False):
        if folded[begin:end] != "比":
            continue
        if sooner := _SOONER.fullmatch(folded, end):
            items = [question[:begin].strip(" ,，"), question[slice(*sooner.span("other"))]]
            return Measure(TIMES[sooner["quality"]], of=_event(sooner["event"])).cut(items)
        if than := _THAN.fullmatch(folded, end):
            one = _NOW.sub("", _ALREADY.sub("", question[:begin].strip(" ,，")))
            other = question[slice(*than.span("other"))].strip()
            if _PLANNED.search(other) or (than["quality"] and not _ends_word(folded, than.end("quality"))):
                return None
            down = than["down"] or RELATIONS.get(than["quality"] or "") is Relation.SMALLER
            how = f"{than['verb']}{than['how']}" if than["more"] else "是多少"
            down = down or than["more"] == "少"
            if (quality := than["quality"]) and not HAS_FIGURE.search(fold_aligned(one)):
                if quality not in SIZES:
                    return None  # 比B早开通多久 asks for what happened to each
                counted = _RATIO.sub("", _PARTICLES.sub("", than["counted"] or ""))
                how = f"有{than['few']}{counted}" if quality in "多少" and counted else SIZES[quality][1]
            lead, space, name = one.rpartition(" ")
            is_led = bool(space) and not (
                one.isascii() or len(name) < 2 or lead[-1:] == other[-1:] or _MEASURE.search(name)
            )
            if is_led:  # 平日去滑雪 霜岭比鹿角贵多少
                one, other = f"{lead}{name}", f"{lead}{other}"
            is_done = than["more"] and not understand_dates(other, ANY_DAY).spans
            asked = [f"{one}{how}？", f"{other}{how}？" if is_done or is_led else _in_place(one, other, how)]
            relation = Relation.SMALLER if down else Relation.LARGER
            parts = tuple(Asking(name, text) for name, text in zip((one, other), asked, strict=True))
            quality = "贵" if PRICED.search(fold_aligned(one)) or quality == "贵" else quality or ""
            return Cut(parts, relation, quality, is_whole_first=True) if len(one) > 1 else None
    return None


def _in_place(one: str, other: str, how: str) -> str:
    """Ask of the other thing what is asked of the one: 北山小学的学生 for 南湖小学的学生, 去年的票价 for 今年的."""
    if len(other) > 1 and other[-2:] == one[-2:]:
        return f"{owned([one, other])[1]}{how}？"
    completed = chinese_instead(f"{other}呢", f"{one}{how}？")
    return completed.question if completed else f"{other}{how}？"


_TIME = r"(?:(?:19|20)\d\d年?(?:\d{1,2}月)?|[今去前]年(?:\d{1,2}月)?|\d{1,2}月份?|第?[一二三四]季度|上半年|下半年)"


def _span(one: str, other: str) -> str:
    return rf"(?:从|自|由)?(?P<{one}>{_TIME})(?:到|至|~|-)(?P<{other}>{_TIME})(?:底|末|初|间|之间)?"


_FROM_TO = re.compile(
    rf"(?:{_span('one', 'other')}[,，]?的?(?P<what>[^,，]{{2,20}}?)|(?P<which>[^,，]{{2,20}}?){_span('first', 'last')})"
    rf"(?:一共|总共|共|又)*(?:{_CHANGED}|贵|便宜|多|少|高|低)了?{_FEW}.{{0,4}}[?？。]*"
)


def _from_to(question: str, folded: str) -> Cut | None:
    """Cut 2022年到2024年学费涨了多少: what it was at the one time and at the other."""
    found = _FROM_TO.fullmatch(folded)
    if found is None:
        return None
    named_in = ("one", "other", "what") if found["what"] else ("first", "last", "which")
    one, other, what = (question[slice(*found.span(name))] for name in named_in)
    one, other = (f"{when}年" if when.isdigit() else when for when in (one, other))
    if one[0] in "今去前" and other[0].isdigit() and "年" not in other:
        other = one[:2] + other
    parts = tuple(Asking(f"{when}{what}", f"{when}{what}是多少？") for when in (one, other))
    relation = Relation.SMALLER if found["down"] else Relation.LARGER
    return Cut(parts, relation, "贵" if PRICED.search(fold_aligned(what)) else "", is_whole_first=True)


_IS_THAN = re.compile(
    r"(?:by )?(?:how much |how many \w+ )?(?:is|are|was|were)\s+(?P<one>.+?)\s+"
    rf"(?P<quality>{'|'.join(ADJECTIVES)})\s+than\s+(?P<other>.+?)\??"
)
_DID_THAN = re.compile(
    r"(?:how much more |how many more \w+ )?(?:did|does|do|has|have)\s+(?P<one>(?:the )?.+?)\s+(?P<verb>\w+)\s+"
    r"(?:(?P<quality>more|less|fewer)(?: (?P<counted>\w+))?\s+)?than\s+(?P<other>.+?)\??"
)


_YEARS = re.compile(
    r"(?:did|do|does|were|was|are|have|has) (?P<quality>more|fewer) (?P<counted>people|children|men|women|[a-z]+s) "
    rf"(?P<does>.+?)(?<!{')(?<!'.join(f' {month}' for month in ('may', 'june', 'july', 'march', 'april'))}) "
    r"(?:in |at )?(?P<one>(?:19|20)\d\d) or (?:in |at )?(?P<other>(?:19|20)\d\d)\??"
)


def _english_years(question: str, folded: str) -> Cut | None:
    """Cut did more people come in 2024 or in 2025: how many did in each."""
    found = _YEARS.fullmatch(folded)
    if found is None:
        return None
    does = question[slice(*found.span("does"))]
    years = (found["one"], found["other"])
    parts = tuple(Asking(year, f"How many {found['counted']} {does} in {year}?") for year in years)
    return Cut(parts, _ENGLISH_RELATIONS[found["quality"]], f"{found['quality']} {found['counted']}")


_NO_THING = re.compile("(?:it|more|there|less|fewer)\\b")
_NO_OTHER = re.compile(
    "(?:expected|planned|before|usual|average|it\\b|they\\b|ever|any|last|previous|thought|normal|in \\d)"
)


def _english_than(question: str, folded: str) -> Cut | None:
    """Cut is X longer than Y, did X cost more than Y: what is asked of the one is asked of the other in its place."""
    if found := _IS_THAN.fullmatch(folded):
        quality, how = found["quality"], f"How {ADJECTIVES[found['quality']]}"
        ask = (how + " is {}?").format
    elif (found := _DID_THAN.fullmatch(folded)) and (found["quality"] or " more " in folded):
        quality = found["quality"] or "more"
        counted = f"many {found['counted']}" if found["counted"] else "much"
        ask = f"How {counted} did {{}} {found['verb']}?".format
    else:
        return None
    one, other = (question[slice(*found.span(name))].strip() for name in ("one", "other"))
    if _NO_THING.match(one.lower()) or _NO_OTHER.match(other.lower()):
        return None
    first = ask(one)
    put = english_instead(f"and {other}?", first)
    parts = (Asking(one, first), Asking(other, put.question if put else ask(other)))
    relation = _ENGLISH_RELATIONS.get(quality, Relation.LARGER)
    if relation not in BY_SIZE and not any(name.lower().startswith("the ") for name in (one, other)):
        relation = Relation.LARGER  # people, as far as one knows
    if relation not in BY_SIZE:  # older
        relation, ask = Relation.EARLIER, "When was {} built?".format
        parts = (Asking(one, ask(one)), Asking(other, ask(other)))
    return Cut(parts, relation, quality, is_whole_first=True)
