"""A question asked of something else: another date, another name, another thing counted, in the place of its like.

那石莲呢？ after 银鲳在哪登陆的, and Airbus? after a question about Boeing.
"""

import re
from dataclasses import dataclass
from datetime import date

from retrieval.search.question import AUXILIARY, WH, asking, before_asking
from retrieval.search.sources import fold_aligned
from retrieval.search.when import understand_dates
from retrieval.search.when.english import MONTHS
from retrieval.search.when.mention import any_of
from retrieval.text.words import kind_of, word_spans
from retrieval.values import Span


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A question completed: `question` is what is asked now, `taken` the words it took from the question before."""

    question: str
    taken: str


ENDS = " ?？!！。."
IDEOGRAPHS = re.compile("[\u3040-\u30ff\u3400-\u9fff]")
ASKED_IN_ENGLISH = re.compile(rf"(?:{WH}|{AUXILIARY})\b", re.IGNORECASE)


def put(text: str, span: Span, words: str) -> FollowUp:
    """Return a question with other words at a place; what was taken is what stands around it."""
    begin, end = span
    return FollowUp(text[:begin] + words + text[end:], f"{text[:begin]}…{text[end:]}".rstrip("?？"))


# ---- Chinese

_INSTEAD = re.compile(
    "(?:换成|换作|改成|如果是|要是)?(?P<name>[^,，]{1,14}?)(?:那边|那里|那儿|这边|方面|的|[那这][座家个条所场位次届])?(?:呢|咧|呐)"
    "|(?:换成|换作|改成)(?P<other>[^,，]{1,14})"
    "|(?P<too>[^,，]{2,8}?)(?:又|也)是?(?:因为什么|为什么|什么时候|多少|怎么.{0,2}|哪.{0,2}|谁)"
)
_NO_NAME = re.compile(
    "(?:后来|然后|结果|接着|现在|最后|目前|其他人?|其它|别人?|还有|剩下)的?|[他她它这那].*|.*[吗么没]"
)
JOINING = re.compile("^(?:那么?(?![里边儿个座家些次场位件种年月天时份])|然后|而(?=[，,他她它这那])|另外)[，, ]*")


def chinese_instead(question: str, last: str) -> FollowUp | None:
    """Return the last question asked of what a Chinese one names instead, 那石莲呢; None where it names nothing."""
    bare = JOINING.sub("", question)
    folded = fold_aligned(bare.rstrip(ENDS))
    named = _INSTEAD.fullmatch(folded)
    group = named.lastgroup if named else None
    if not named or not group or _NO_NAME.fullmatch(named[group]) or asking(named[group]):
        return None
    begin, end = named.span(group)
    begin += len(named[group]) - len(re.sub("^(?:隔壁|旁边|附近|邻近|同城)的?", "", named[group]))
    span = _place_of(bare[begin:end], last)
    if span and span[0] and (same := _same_before(bare[begin:end], last[: span[0]])):
        span = span[0] - same, span[1]
    return put(last, span, bare[begin:end]) if span else None


def _same_before(name: str, before: str) -> int:
    """Return how many characters that a name begins with stand already in front of its place: 朔野|2号线, 朔野1号线."""
    return next((length for length in range(len(name) - 1, 1, -1) if before.endswith(name[:length])), 0)


# ---- What another thing now stands for: 郭韬呢？ after 姚明身高多少？


def _place_of(name: str, last: str) -> Span | None:
    """Return where a Chinese question has what another thing now stands for: 四号线呢 after 三号线何时通车, 去年呢.

    It takes the place of a date, of what ends as it does, of a name of its kind or of the first name; what is no name
    takes the place of what was counted. None where the question asks nothing, or has no such place.
    """
    folded, text = fold_aligned(name), fold_aligned(last)
    before = fold_aligned(before_asking(last))
    if asking(text) is None and not re.search(r"[吗么]\W*$", text):
        return None
    dates, old = (understand_dates(words, ANY_DAY) for words in (name, last))
    if dates.spans == ((0, len(name)),) or (old.spans and _DATE_LIKE.fullmatch(folded)):
        return _dated(folded, text, old.spans[0]) if old.spans else (0, 0)
    if span := _alike(folded, before):
        return span
    if not _is_named(folded) or _MEASURE.search(folded):
        return _of_kind(folded, text) if kind_of(folded)[:1] == "t" else _counted(folded, text) or _role(folded, text)
    return _of_kind(folded, text) or _first_name(text, before)


ANY_DAY = date(2024, 1, 1)
"""Where dates stand in a question depends on no day."""
_PART_OF_YEAR = re.compile(r"[\d一二三四五六七八九十]{1,3}月|[上下]半年|[一二三四]季度")
_PART_OF_MONTH = re.compile(r"[\d一二三四五六七八九十]{1,3}[日号]")
_DATE_LIKE = re.compile(r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})(?:月份?|[日号])|[上下]半年|[一二三四]季度")


def _dated(name: str, text: str, span: Span) -> Span:
    """Return the part of a date that another one stands for: of 2021年5月 the month, where it names one alone."""
    begin, end = span
    for part, whole in ((_PART_OF_YEAR, "(?<!半)年"), (_PART_OF_MONTH, "月")):
        if part.match(name) and (kept := re.search(whole, text[begin:end])):
            return begin + kept.end(), end
    return span


def _alike(name: str, text: str) -> Span | None:
    """Return where a text has another name of about the same length that ends as `name` does, or begins so."""
    words = list(word_spans(text, is_guessing=False))
    begins, ends = [begin for begin, _ in words], [end for _, end in words]
    for length in range(len(name) - 1, 0, -1):
        end = text.rfind(name[-length:]) + length
        if end >= length and end in ends:
            begin = min(begins, key=lambda begin: (abs(end - len(name) - begin), begin))
            is_joined = length > 1 and kind_of(text[begin : end - length]) and kind_of(text[end - length : end])
            is_shorter = len(name) - length < end - length - begin and _PERSON.search(name)  # 县医院|院长 for 副院长
            return end - length if is_joined and is_shorter else begin, end
    for length in range(len(name) - 1, 1, -1):
        begin = text.find(name[:length])
        if begin in begins:
            return begin, min(ends, key=lambda end: (abs(begin + len(name) - end), end))
    return None


def _counted(name: str, text: str) -> Span | None:
    """Return where a text has what it counts: 利润 in 利润多少, 学生 in 有多少学生, 死 in 死了多少人 for 受伤."""
    if kind_of(name)[:1] == "v" and (verb := _HAPPENED.search(text)):
        begin, end = verb.span("verb")
        return (begin if kind_of(text[begin:end])[:1] == "v" else end - 1), end
    asks = _HOW_MANY.search(text)
    spans = [span for span in word_spans(text, is_guessing=False) if asks and span[0] > 1]
    counted = [
        *(span for span in spans if asks and span[0] == asks.end()),
        *(span for span in spans if asks and span[1] == asks.start()),
    ]
    counted = [span for span in counted if text[span[0]].isalnum()]
    if counted and _PAID.search(text[slice(*counted[0])]) and _PEOPLE.search(name):
        start = counted[0][0]
        before = next((span for span in word_spans(text, is_guessing=False) if span[1] == start), (start, start))
        if _PEOPLE.search(text[slice(*before)]):
            return before  # 岛民|票价多少, 游客呢
        if _FARE.search(text[slice(*counted[0])]):
            return start, start
    words = ((span, text[slice(*span)]) for span in counted)
    return next((s for s, word in words if len(word) > 1 and kind_of(word)[:1] in "nv" and not _is_named(word)), None)


def _role(name: str, text: str) -> Span | None:
    """Return where a text that asks who somebody is has the part that he has: 作曲 in 歌剧的作曲是谁 for 导演."""
    who = _WHO.search(text)
    spans = [span for span in word_spans(text, is_guessing=False) if who and span[0] > 1 and span[1] == who.start()]
    return spans[0] if spans and _PERSON.search(name) and _PERSON.search(text[slice(*spans[0])]) else None


_PERSON = re.compile(
    "(?:[长员师人者家手角妻妹夫]|教练|导演|编剧|摄影|指挥|[作编]曲|作词|律师|秘书|书记|主[任席演编唱持]|配角|总[裁监]|经理|[冠亚季]军|院士|教授|顾问|代表"
    "|嘉宾|编辑|制片|监制|设计)$"
)
"""What somebody is in a thing: its 作曲, its 女主角."""


_WHO = re.compile("(?:都|现在|目前)?(?:是|叫|由|为)(?:谁|哪[位个]|什么名字?)|谁来?(?:当|做|担任|演)")
_HAPPENED = re.compile("(?P<verb>[\u3400-\u9fff]{1,2})(?=了?(?:多少|几)[个名位]?人)")
_HOW_MANY = re.compile("(?:是|有|为|达)?(?:多少|几)(?:[名位个家]|万)?")
_MEASURE = re.compile("(?:[价费量数额率积度算资款址格模收入产深高长宽重]|人口|时间|日期)$")
_FARE, _PAID = re.compile("票价?$|价$"), re.compile("票价?$|[价费资薪金款]$")
_PEOPLE = re.compile("(?:[民客人生童员老者工士友师户手长]|孩子|经理)$")
"""What people of several kinds pay, and people."""
_NAME_KINDS = ("nr", "ns", "nt", "nz", "j")


def _is_named(text: str) -> bool:
    """Return whether words are a name: the dictionary has their last one as one, or does not have it."""
    words = [text[slice(*span)] for span in word_spans(text, is_guessing=False)]
    last = words[-1] if words else ""
    return len(last) < 2 or kind_of(last)[:2] in (*_NAME_KINDS, "") or bool(all_names_in(text))


def _of_kind(name: str, text: str) -> Span | None:
    """Return where a text has a name of the same kind: a person for a person, with the title; a place for a place."""
    own = [(word, kind) for word, kind in all_names_in(name) if name.endswith(word)]
    kinds = {kind for _, kind in own} or {kind_of(name)[:2]} - {""}
    spans = list(word_spans(text, is_guessing=False))
    found = [(text.find(other), len(other)) for other, kind in all_names_in(text) if kind in kinds]
    if found:
        at, length = min(found, key=lambda each: not _IN.search(text[: each[0]]))
        titles = (begin for begin, end in spans if end == at and kind_of(text[begin:end])[:1] == "n")
        has_title = any(word != name for word, _ in own)
        return (next(titles, at) if has_title else at), at + length
    times = (span for span in spans if kind_of(text[slice(*span)])[:1] == "t")
    return next(times, None) if "t" in kinds else None


_IN = re.compile("[在到于从去往赴访]$")
"""Before what is a place and no part of a name: 台风在|海南."""


def _first_name(text: str, before: str) -> Span | None:
    """Return the first name of a text, or the words it begins with up to what happens: 台积电|去年赚了."""
    if names := all_names_in(text):
        name, kind = names[0]
        begin = text.find(name)
        end = begin + len(name)
        nouns = {b: e for b, e in word_spans(text, is_guessing=False) if kind_of(text[b:e])[:1] in "nj" and e - b > 1}
        while kind == "ns" and end in nouns:  # 上海|申花
            end = nouns[end]
        return begin, end
    end = 0
    for begin, stop in word_spans(before):
        if kind_of(before[begin:stop])[:1] in ("p", "d", "t", "v", "c", "u", "f"):
            break
        end = stop
    return (0, end) if end > 1 else None


def all_names_in(text: str) -> list[tuple[str, str]]:
    """Return the names of a text with their kinds, those included that the dictionary does not have."""
    from retrieval.clean.names import all_names  # a question that leans on none starts without them

    return all_names(text)


# ---- English

MEASURED = re.compile(
    r"(?:the\s+)?(?:(?:total|average)\s+)?(?:cost|price|length|height|width|size|age|date|year|budget|revenue|profit"
    r"|turnover|sales|loss(?:es)?|salary|wage|reason|cause|result|score|winner|victims?|injured|dead|deaths?|name|address"
    r"|population|capacity|speed|weight|area|depth|director|author|coach|owner|architect|mayor|students|teachers|staff"
    r"|employees)",
    re.IGNORECASE,
)
"""What is asked of a thing, and is none."""
_MONTH = rf"(?:{any_of([*MONTHS, 'sept'])})\.?"
_YEAR = r"(?:(?:19|20)\d\d|last year|this year)"
_MONTH_LIKE = re.compile(rf"(?:{_MONTH})(?:\s+\d+)?", re.IGNORECASE)
_RELATIVE = re.compile("yesterday|today|(?:last|this) (?:week|month|year|night)", re.IGNORECASE)
_DATES = (re.compile(rf"\b{_YEAR}\b", re.IGNORECASE), re.compile(rf"\b{_MONTH}\b", re.IGNORECASE))
CAPITALISED = re.compile(r"(?<![.?!]\s)\b[A-Z][\w'.-]*(?:\s+(?:of\s+|the\s+|de\s+)?[A-Z][\w'.-]*)*")
FOR_ANOTHER = re.compile(
    r"(?P<lead>(?:(?:and|but|or|so)\s+)?(?:(?:what|how) about\s+)?)"
    r"(?:(?P<place>in|at|on|for|from|by|with|to|of)\s+)?(?P<name>(?:the\s+)?[\w'.-]+(?:\s+[\w'.-]+){0,3})",
    re.IGNORECASE,
)
_NO_THING = (
    "it|its|they|their|he|his|she|her|you|me|us|my|your|that|this|yet|now|so|more|any|others?|much|many|then|again|next|before"
    "|after|no|yes|really|sure|ok|and|or|in|at|on|to|not|too|also|else|please|news"
)
_SAYS = re.compile(rf"\b(?:{WH}|{AUXILIARY}|{_NO_THING})\b", re.IGNORECASE)


_ANY_ONE = re.compile(r"an? (?![A-Z])")
"""Begins what takes no name's place: what about a bicycle?"""


def english_instead(question: str, last: str) -> FollowUp | None:
    """Return the last question asked of what an English one names instead, and Airbus; None where it names nothing."""
    named = FOR_ANOTHER.fullmatch(question.rstrip(ENDS))
    if (
        not named
        or _SAYS.search(named["name"])
        or _ANY_ONE.match(named["name"])
        or not (named["lead"] or _is_bare_name(question))
    ):
        return None
    span = _english_place_of(named["name"], named["place"], last)
    if span is None:
        return None
    has_article = last[: span[0]].lower().endswith("the ")
    return put(last, span, THE.sub("", named["name"]) if has_article else named["name"])


THE = re.compile("^the ", re.IGNORECASE)


def _is_bare_name(question: str) -> bool:
    """Return whether a question is a name of two words at most: michigan? St Mary's? April?"""
    words = question.rstrip(ENDS).split()
    is_name = len(words) == 1 or all(word[:1].isupper() for word in words) or MEASURED.fullmatch(" ".join(words))
    return question.endswith("?") and len(words) <= 2 + (words[0].lower() == "the") and bool(is_name)


def _english_place_of(name: str, preposition: str | None, last: str) -> Span | None:
    """Return where an English question has what another thing now stands for: a date, a name, what is counted."""
    if _RELATIVE.fullmatch(name):
        spans = understand_dates(last, ANY_DAY).spans
        return spans[0] if spans else None
    for date_like in _DATES:
        if date_like.fullmatch(name):
            found = date_like.search(last)
            return found.span() if found else None
    names = [found.span() for found in CAPITALISED.finditer(last) if not _MONTH_LIKE.fullmatch(found.group())]
    names = [span for span in names if span[0] or not ASKED_IN_ENGLISH.match(last)]
    if preposition:
        led = re.compile(rf"\b{preposition} (?:the )?$", re.IGNORECASE)
        names = [span for span in names if led.search(last[: span[0]])] or names
    if MEASURED.fullmatch(name):
        counted = re.search(rf"(?<=\bhow many )[a-z]+(?=\s+(?:{AUXILIARY})\b)", last, re.IGNORECASE)
        return counted.span() if counted and len(name.split()) == 1 else None
    *_, end = name.split()
    if shared := next((span for span in names if re.match(rf"\s+{re.escape(end)}\b", last[span[1] :])), None):
        return shared[0], shared[1] + 1 + len(end)
    if not names:
        return None
    own = {*name.split()}
    return max(names, key=lambda span: (len(own & {*last[slice(*span)].split()}), name[0].isupper() and -span[0]))
