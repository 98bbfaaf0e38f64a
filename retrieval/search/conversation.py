"""Questions that lean on the one before: 花了多少钱？ 那郭韬呢？ and Airbus? → what they lack, taken from there."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from retrieval.search.judge import OWN_WORDS, is_leaning
from retrieval.search.question import ASKS, asking, before_asking, is_small_talk, tidied
from retrieval.search.sources import fold_aligned
from retrieval.search.topics import AUXILIARY, WH, request_of, subject_of
from retrieval.search.when import next_date, understand_dates
from retrieval.search.when.english import MONTHS
from retrieval.search.when.mention import any_of
from retrieval.text.words import STOPWORDS, capitalised, kind_of, word_spans
from retrieval.values import Answer, Span


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A question completed: `question` is what is asked now, `taken` the words it took from the question before."""

    question: str
    taken: str


_ENDS = " ?？!！。."
_OTHERS = re.compile(
    "(?:还有|有没有|那)?(?:别的|其他|其它|另外的?)(?:媒体|报纸|报道|来源|文章|消息)(?:(?:是?怎么)?(?:说|看|报道|写)?[的过了吗么呢]*)"
    "|(?:那)?外媒(?:(?:是?怎么)?(?:说|看|报道)?[的过了吗么呢]*)|还有(?:别的|其他的?|更多的?)?(?:吗|么|没有)?"
    r"|(?:and |what about |how about |any )*other (?:outlets?|papers?|newspapers?|media|reports?|sources?|articles?)"
    r"(?: reports?| say| on (?:it|this))?|(?:are there |is there )?any (?:others?|more)|anything else"
    r"|(?:are there|is there|any) other (?:outlets?|papers?|media|reports?|sources?|articles?)(?: on (?:it|this))?"
    "|(?:这是|是)?(?:谁|哪家(?:媒体|报纸)?)(?:报道|报|说|讲)的|(?:消息|信息)来源(?:是|在)?(?:哪里?|什么|谁)?"
    r"|says who|who says(?: so| that)?|(?:who|which (?:outlet|paper)) reported (?:it|that|this)"
)


_QUOTED, _SAID = re.compile("[“「『]"), re.compile("[说讲]|says", re.IGNORECASE)


def follow_up(question: str, last: Answer | None) -> FollowUp | None:
    """Complete a question that leans on `last`; None for one that stands by itself, or where nothing came before."""
    question = tidied(question)
    said = question.strip(_ENDS)
    others = _OTHERS.fullmatch(fold_aligned(said))
    if others and last and _QUOTED.search(last.question) and _SAID.search(question):
        others = None  # 「…」是哪年提出的？谁说的？
    if last is None or is_small_talk(question) or (request_of(question) and not others):
        return None
    if others:
        taken = subject_of(last)
        news = f"news about {taken}" if question.isascii() else f"关于{taken}的报道有哪些"
        return FollowUp(news, taken) if taken else None
    if moved := next_date(said, last.question):
        return _put(last.question, *moved)
    joined = _AND.fullmatch(said)
    if joined and not (_IDEOGRAPHS.search(last.question) or _ASKED_IN_ENGLISH.match(last.question)):
        return _joined_on(joined["rest"], last.question, is_german=question.lower().startswith("und"))
    return _in_english(question, last) if question.isascii() else _in_chinese(question, last)


def _put(text: str, span: Span, words: str) -> FollowUp:
    """Return a question with other words at a place; what was taken is what stands around it."""
    begin, end = span
    return FollowUp(text[:begin] + words + text[end:], f"{text[:begin]}…{text[end:]}".rstrip("?？"))


# ---- Another year, or another name, in languages with a word for and: ¿y en 2021? et de Paris ?

_AND = re.compile(
    r"[¿¡]?(?:y|e|et|und|og|en|и|а|ve|și|si|và|còn|còn về|και|dan|और|و|แล้ว|그럼|그러면)\s+(?P<rest>.+)", re.IGNORECASE
)
_OF_YEAR = re.compile(
    r"(?:(?:en|el|año|em|no|ano|in|im|jahre?|für|pour|de|l'année|в|за|năm|vào|pada|tahun|το|în|anul|ปี|عام|سنة|في) )*"
    r"(?P<year>(?:19|20)\d\d)(?: (?:году|год|г|में|yılında|년))?",
    re.IGNORECASE,
)
_FOUR_DIGITS = re.compile(r"(?<![\d-])(?:19|20)\d\d(?![\d-])")
_ASKED_IN_ENGLISH = re.compile(rf"(?:{WH}|{AUXILIARY})\b", re.IGNORECASE)


def _joined_on(rest: str, last: str, *, is_german: bool) -> FollowUp | None:
    """Return the last question of the year or name that is joined on to it with a word for "and"; None of other words.

    A name takes the place of one behind the same word (von Paris), or of the only one there is; German nouns have
    capitals, too.
    """
    years, year = list(_FOUR_DIGITS.finditer(last)), _OF_YEAR.fullmatch(rest)
    if year:
        return _put(last, years[0].span(), year["year"]) if len(years) == 1 else None
    begin, end = next(capitalised(rest), (0, 0))
    lead, name = rest[:begin].lower(), rest[begin:end]
    spans = [span for span in capitalised(last) if span[0] > 1 and last[: span[0]].lower().endswith(f" {lead}")]
    is_whole = bool(name) and end == len(rest) and lead.count(" ") < 2
    return _put(last, spans[0], name) if is_whole and len(spans) == 1 and (lead or not is_german) else None


_IDEOGRAPHS = re.compile("[\u3040-\u30ff\u3400-\u9fff]")


# ---- Chinese

_INSTEAD = re.compile(
    "(?:换成|换作|改成|如果是|要是)?(?P<name>[^,，]{1,14}?)(?:那边|那里|那儿|这边|方面|的)?(?:呢|咧|呐)"
    "|(?:换成|换作|改成)(?P<other>[^,，]{1,14})"
    "|(?P<too>[^,，]{2,8}?)(?:又|也)是?(?:因为什么|为什么|什么时候|多少|怎么.{0,2}|哪.{0,2}|谁)"
)
_NO_NAME = re.compile(
    "(?:后来|然后|结果|接着|现在|最后|目前|其他人?|其它|别人?|还有|剩下)的?|[他她它这那].*|.*[吗么没]"
)
_JOINING = re.compile("^(?:那么?(?![里边儿个座家些次场位件种年月天时份])|然后|而(?=[，,他她它这那])|另外)[，, ]*")


def _in_chinese(question: str, last: Answer) -> FollowUp | None:
    bare = _JOINING.sub("", question)
    folded = fold_aligned(bare.rstrip(_ENDS))
    if folded.endswith("呢") and asking(folded[:-1]):
        folded = folded[:-1]  # 北京房价是多少呢
    instead = _INSTEAD.fullmatch(folded)
    group = instead.lastgroup if instead else None
    if instead and group and not (_NO_NAME.fullmatch(instead[group]) or asking(instead[group])):
        begin, end = instead.span(group)
        begin += len(instead[group]) - len(re.sub("^(?:隔壁|旁边|附近|邻近|同城)的?", "", instead[group]))
        if span := _place_of(bare[begin:end], last.question):
            return _put(last.question, span, bare[begin:end])
    taken = subject_of(last)
    if not taken or not _lacks_subject(question, folded):
        return None
    if _LATER.fullmatch(folded):
        return FollowUp(f"{taken}后来怎么样了？", taken)
    if _WHY.fullmatch(folded) and (asks := _WHEN.search(fold_aligned(last.question))):
        return _put(last.question, asks.span(), bare.rstrip(_ENDS))
    begins = {begin for begin, _ in word_spans(folded, is_guessing=False)}
    if (pronoun := _PRONOUN.match(folded)) and pronoun.end() in begins:
        owning = "的" if pronoun["of"] and not taken.endswith("的") else ""
        return FollowUp(f"{taken}{owning}{bare[pronoun.end() :]}", taken)
    return FollowUp(f"{taken}{bare}", taken)


_LATER = re.compile("(?:后来|然后|之后|结果|最后|现在|接着)(?:又|都)?(?:怎么样了?|怎么了|发生了什么|如何了?|呢)")
_WHY = re.compile("(?:这是)?(?:为什么|为啥|为何|因为什么|什么时候|哪一?[天年月]|在?哪里|在哪儿?)(?:呢|啊)?")
_WHEN = re.compile("什么时候|何时|哪一?[天年月日](?!里)|几号|几月几[号日]|几月|几点")
_COUNTER = "[家座个位本部条场起件所支届首款只项份]"
_PRONOUN = re.compile(
    f"(?:[他她它]们?(?:俩|家)?|[这那该]{_COUNTER}(?:[事人话]|[\u3400-\u9fff]{{2}}(?=[现还在是有能会叫的]|多|什么))?)"
    "(?P<of>的)?(?=.)"
)
_POINTS = re.compile(f"^(?:[这那](?:里|边|儿|话|事|{_COUNTER})|该[\u3400-\u9fff]|当[时年])")
_ADVERBS = frozenset(
    "那 那么 后来 最后 最终 现在 目前 当时 那时 还 又 也 都 到底 究竟 总共 一共 大概 真的 已经 再 请问 会 能 能不能 "  # noqa: SIM905
    "要 可以 有没有 是不是 是否 然后 结果".split()
)
_COMPARES = frozenset("比 超过 高于 低于 多于 少于 不如".split())  # noqa: SIM905
_GENERIC = frozenset(
    "时候 时间 地方 地点 原因 结果 消息 事情 问题 情况 部分 影响 后果 意思 人数 价格 名字 最后".split()  # noqa: SIM905
)
"""Nouns that name nothing by themselves."""


def _lacks_subject(question: str, folded: str) -> bool:
    """Return whether a question does not say of what it asks: it points, compares, or begins with its verb."""
    points = _POINTS.search(folded)
    words = [folded[slice(*span)] for span in word_spans(folded, is_guessing=False)]
    while words and words[0] in _ADVERBS:
        words.pop(0)
    own = re.sub(f"(?:{ASKS})么?|[的了过吗呢是在有被不没]", "", "".join(words))
    if not words or (words[0] in _COMPARES and len(own) < 10) or (points and len(own) < 8):
        return True
    if not folded.endswith("呢") and _all_names("".join(words)):
        return bool(points) or _PRONOUN.match(folded) is not None
    return is_leaning(question) or (len(own) < 6 and _begins_with_verb(words, folded))


def _begins_with_verb(words: Sequence[str], folded: str) -> bool:
    """Return whether a question begins with what happens: 找回来了吗, 几点开始运营, 卖到了哪些国家."""
    if not (asking(folded) or re.search("[吗么没]$", folded)):
        return False
    kinds = [kind_of(word)[:1] for word in words]
    if re.match(f"{ASKS}|几点", words[0]):
        nouns = (word for word, kind in zip(words, kinds, strict=True) if kind in ("n", "j") and len(word) > 1)
        return all(noun in _GENERIC for noun in nouns)
    if kinds[0] == "v" and len(words[0]) > 1:
        return len(words) < 2 or words[1][0] in "了过吗没到在几多"
    return kinds[0] in ("v", "p", "r", "c", "d") or words[0] in _GENERIC


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
    dates, old = (understand_dates(words, _ANY_DAY) for words in (name, last))
    if dates.spans == ((0, len(name)),) or (old.spans and _DATE_LIKE.fullmatch(folded)):
        return _dated(folded, text, old.spans[0]) if old.spans else (0, 0)
    if span := _alike(folded, before):
        return span
    if not _is_named(folded) or _MEASURE.search(folded):
        return _of_kind(folded, text) if kind_of(folded)[:1] == "t" else _counted(folded, text)
    return _of_kind(folded, text) or _first_name(text, before)


_ANY_DAY = date(2024, 1, 1)
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
            return min(begins, key=lambda begin: (abs(end - len(name) - begin), begin)), end
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
    words = ((span, text[slice(*span)]) for span in counted)
    return next((s for s, word in words if len(word) > 1 and kind_of(word)[:1] in "nv" and not _is_named(word)), None)


_HAPPENED = re.compile("(?P<verb>[\u3400-\u9fff]{1,2})(?=了?(?:多少|几)[个名位]?人)")
_HOW_MANY = re.compile("(?:是|有|为|达)?(?:多少|几)(?:[名位个家]|万)?")
_MEASURE = re.compile("(?:[价费量数额率积度算资款址格模收入产深高长宽重]|人口|时间|日期)$")
_NAME_KINDS = ("nr", "ns", "nt", "nz", "j")


def _is_named(text: str) -> bool:
    """Return whether words are a name: the dictionary has their last one as one, or does not have it."""
    words = [text[slice(*span)] for span in word_spans(text, is_guessing=False)]
    last = words[-1] if words else ""
    return len(last) < 2 or kind_of(last)[:2] in (*_NAME_KINDS, "") or bool(_all_names(text))


def _of_kind(name: str, text: str) -> Span | None:
    """Return where a text has a name of the same kind: a person for a person, with the title; a place for a place."""
    own = [(word, kind) for word, kind in _all_names(name) if name.endswith(word)]
    kinds = {kind for _, kind in own} or {kind_of(name)[:2]} - {""}
    spans = list(word_spans(text, is_guessing=False))
    found = [(text.find(other), len(other)) for other, kind in _all_names(text) if kind in kinds]
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
    if names := _all_names(text):
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


def _all_names(text: str) -> list[tuple[str, str]]:
    from retrieval.clean.names import all_names  # a question that leans on none starts without them

    return all_names(text)


# ---- English

_MEASURED = re.compile(
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
_CAPITALISED = re.compile(r"(?<![.?!]\s)\b[A-Z][\w'.-]*(?:\s+(?:of\s+|the\s+|de\s+)?[A-Z][\w'.-]*)*")
_FOR_ANOTHER = re.compile(
    r"(?P<lead>(?:(?:and|but|or|so)\s+)?(?:(?:what|how) about\s+)?)"
    r"(?:(?P<place>in|at|on|for|from|by|with|to|of)\s+)?(?P<name>(?:the\s+)?[\w'.-]+(?:\s+[\w'.-]+){0,3})",
    re.IGNORECASE,
)
_NO_THING = (
    "it|its|they|their|he|his|she|her|you|me|us|my|your|that|this|yet|now|so|more|any|others?|much|many|then|again|next|before"
    "|after|no|yes|really|sure|ok|and|or|in|at|on|to|not|too|also|else|please|news"
)
_SAYS = re.compile(rf"\b(?:{WH}|{AUXILIARY}|{_NO_THING})\b", re.IGNORECASE)
_POINTING = re.compile(r"\b(?P<it>it|they|he|she|him|them)\b|\b(?P<its>its|their|his|her)\b", re.IGNORECASE)


def _in_english(question: str, last: Answer) -> FollowUp | None:
    said = question.rstrip(_ENDS)
    if _FOREIGN.match(question):
        return None
    another = _FOR_ANOTHER.fullmatch(said)
    is_another = another and not _SAYS.search(another["name"]) and (bool(another["lead"]) or _is_bare_name(question))
    if another and is_another and (span := _english_place_of(another["name"], another["place"], last.question)):
        has_article = last.question[: span[0]].lower().endswith("the ")
        return _put(last.question, span, _THE.sub("", another["name"]) if has_article else another["name"])
    subject = subject_of(last)
    own = [word for word in re.findall(r"[a-z0-9']+", said.lower()) if word not in STOPWORDS | {"yet", "already"}]
    is_short = len(own) < OWN_WORDS and question.endswith("?") and not _CAPITALISED.search(said[1:])
    if _THEN.fullmatch(said):
        return FollowUp(f"What happened next to {subject}?", subject) if subject else None
    if not _POINTING.search(said) and (_CAPITALISED.search(said[1:]) or not (own or asking(said.lower()))):
        return None  # what is DECnet? really?
    if not subject or not (is_leaning(question) or (another and another["lead"]) or is_short):
        return None
    joined = re.sub(r"^(?:and|but|so)\s+", "", question, flags=re.IGNORECASE)
    if another and _MEASURED.fullmatch(another["name"]):
        return FollowUp(f"What was the {_THE.sub('', another['name'])} of {subject}?", subject)
    asks = _ASKS_WHEN.match(last.question)
    if asks and (bare := _ASKS_ONLY.fullmatch(joined.rstrip(_ENDS))):
        return _put(last.question, asks.span(), "Why" if bare["why"] else bare.group())
    put, count = _POINTING.subn(lambda found: subject if found["it"] else f"{subject}'s", joined, count=1)
    return FollowUp(put if count else f"{subject} {joined}", subject)


_THE = re.compile("^the ", re.IGNORECASE)
_FOREIGN = re.compile(
    r"(?:wer|wo|wann|warum|wie|welche\w*|was (?:ist|sind|war|hat|kostet\w*|mach\w+|passier\w+|gescha\w+)|quien\w*"
    r"|cuando|cuant\w+|donde|que|quand|combien|qui|ou|chi|cosa|dove|quant\w+|quem|qual|onde|siapa|apa|berapa|kapan|kto"
    r"|co|kiedy|ile|gdzie|jak|kim|ne|nerede|kac|ai|bao)\b",
    re.IGNORECASE,
)
"""Begins a question in another language that has no accents: it is left as it is."""


def _is_bare_name(question: str) -> bool:
    """Return whether a question is a name of two words at most: michigan? St Mary's? April?"""
    words = question.rstrip(_ENDS).split()
    is_name = len(words) == 1 or all(word[:1].isupper() for word in words) or _MEASURED.fullmatch(" ".join(words))
    return question.endswith("?") and len(words) <= 2 + (words[0].lower() == "the") and bool(is_name)


_THEN = re.compile(
    "(?i:(?:and |so )?(?:then )?what happened(?: next| then| later| after(?:wards| that))?|(?:and )?then)"
)
_ASKS_ONLY = re.compile("(?P<why>why(?: not)?|how come)|when|where", re.IGNORECASE)
_ASKS_WHEN = re.compile(rf"(?:when|where|how)\b(?=\s+(?:{AUXILIARY})\b)", re.IGNORECASE)


def _english_place_of(name: str, preposition: str | None, last: str) -> Span | None:
    """Return where an English question has what another thing now stands for: a date, a name, what is counted."""
    if _RELATIVE.fullmatch(name):
        spans = understand_dates(last, _ANY_DAY).spans
        return spans[0] if spans else None
    for date_like in _DATES:
        if date_like.fullmatch(name):
            found = date_like.search(last)
            return found.span() if found else None
    names = [found.span() for found in _CAPITALISED.finditer(last) if not _MONTH_LIKE.fullmatch(found.group())]
    names = [span for span in names if span[0] or not _ASKED_IN_ENGLISH.match(last)]
    if preposition:
        led = re.compile(rf"\b{preposition} (?:the )?$", re.IGNORECASE)
        names = [span for span in names if led.search(last[: span[0]])] or names
    if _MEASURED.fullmatch(name):
        counted = re.search(rf"(?<=\bhow many )[a-z]+(?=\s+(?:{AUXILIARY})\b)", last, re.IGNORECASE)
        return counted.span() if counted and len(name.split()) == 1 else None
    *_, end = name.split()
    if shared := next((span for span in names if re.match(rf"\s+{re.escape(end)}\b", last[span[1] :])), None):
        return shared[0], shared[1] + 1 + len(end)
    if not names:
        return None
    own = {*name.split()}
    return max(names, key=lambda span: (len(own & {*last[slice(*span)].split()}), name[0].isupper() and -span[0]))
