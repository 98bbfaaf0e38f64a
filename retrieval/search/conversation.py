"""Questions that lean on the one before: 花了多少钱？ 那郭韬呢？ and Airbus? → what they lack, taken from there."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from retrieval.search.instead import (
    ANY_DAY,
    ASKED_IN_ENGLISH,
    CAPITALISED,
    ENDS,
    FOR_ANOTHER,
    IDEOGRAPHS,
    JOINING,
    MEASURED,
    THE,
    FollowUp,
    all_names_in,
    chinese_instead,
    english_instead,
    put,
)
from retrieval.search.judge import OWN_WORDS, is_leaning
from retrieval.search.question import ASKS, ASKS_ABROAD, AUXILIARY, asking, written_out
from retrieval.search.small_talk import is_small_talk
from retrieval.search.sources import fold_aligned
from retrieval.search.topic_requests import request_of
from retrieval.search.topics import subject_of
from retrieval.search.when import next_date, understand_dates
from retrieval.text.words import STOPWORDS, capitalised, kind_of, word_spans
from retrieval.values import Answer, Filters

_OTHERS = re.compile(
    "(?:还有|有没有|那)?(?:别的|其他|其它|另外的?)(?:媒体|报纸|报道|来源|文章|消息)(?:(?:是?怎么)?(?:说|看|报道|写)?[的过了吗么呢]*)"
    "|(?:那)?外媒(?:(?:是?怎么)?(?:说|看|报道)?[的过了吗么呢]*)|还有(?:别的|其他的?|更多的?)?(?:吗|么|没有)?"
    "|(?:关于)?(?:(?:这|那)(?:件|个|场|起|次)?事(?:情)?|此事|它|这个|那个)?的?(?:所有|全部|相关|历次)的?(?:媒体|报纸|新闻|报道|报导|来源|文章|消息)"
    "(?:都|全部|全)*(?:给我|发给?我|帮我)*(?:看看|看一下|找出来|列出来|列一下|发我|找一下)?"
    r"|(?:and |what about |how about |any )*other (?:outlets?|papers?|newspapers?|media|reports?|sources?|articles?)"
    r"(?: reports?| say| on (?:it|this))?|(?:are there |is there )?any (?:others?|more)|anything else"
    r"|(?:are there|is there|any) other (?:outlets?|papers?|media|reports?|sources?|articles?)(?: on (?:it|this))?"
    "|(?:这是|是)?(?:谁|哪家(?:媒体|报纸)?)(?:报道|报|说|讲)的|(?:消息|信息)来源(?:是|在)?(?:哪里?|什么|谁)?"
    r"|says who|who says(?: so| that)?|(?:who|which (?:outlet|paper)) reported (?:it|that|this)"
)


_QUOTED, _SAID = re.compile("[“「『]"), re.compile("[说讲]|says", re.IGNORECASE)


def follow_up(question: str, last: Answer | None) -> FollowUp | None:
    """Complete a question that leans on `last`; None for one that stands by itself, or where nothing came before."""
    last = last and replace(last, question=_written(last.question))
    if last and (meant := _meant_instead(_written(question), last.question)):
        return meant
    question = _corrected(_written(question))
    said = question.strip(ENDS)
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
        return put(last.question, *moved)
    joined = _AND.fullmatch(said)
    if not (IDEOGRAPHS.search(last.question) or ASKED_IN_ENGLISH.match(last.question)):
        is_german = question.lower().startswith("und")
        found = _joined_on(joined["rest"], last.question, is_german=is_german) if joined else None
        if found or (found := _abroad(said, last.question)) or joined:
            return found
    return _in_english(question, last) if question.isascii() else _in_chinese(question, last)


def resolved(question: str, last: Answer | None, answer: Callable[[str], Answer]) -> FollowUp | None:
    """Complete a question that leans on `last`, or one that may: which is not answered by itself, and is if completed.

    `answer` answers a question; it is asked where one may lean. What it raises is left to the caller.
    """
    followed = follow_up(question, last)
    if last is None or (followed and not _names_a_thing(_written(question))):
        return followed
    if followed:
        return followed if answer(question).refusal else None  # 口罩多少钱 may be meant by itself
    maybe = _perhaps(question, last)
    if maybe is None or answer(question).refusal is None or answer(maybe.question).refusal:
        return None
    return maybe


def _names_a_thing(question: str) -> bool:
    """Return whether a question that leans has a noun of its own, in front or behind: 口罩多少钱, what is inflation."""
    folded = fold_aligned(JOINING.sub("", question).strip(ENDS))
    if folded.isascii():
        named = _WHAT_IS.fullmatch(folded)
        return named is not None and not MEASURED.fullmatch(named["noun"])
    words = [folded[slice(*span)] for span in word_spans(folded, is_guessing=False)]
    first = words[0] if words else ""
    is_noun = len(first) > 1 and kind_of(first)[:1] in ("n", "j") and first not in _GENERIC
    return (is_noun and asking(folded) is not None and not _ATTRIBUTE.search(first)) or bool(_WHAT_THING.match(folded))


_WHAT_IS = re.compile(r"(?:what|who|how much|when|where) (?:is|are) (?:the )?(?P<noun>[a-z]+(?: [a-z]+)?)")
_WHAT_THING = re.compile("(?:什么是|谁是|怎么办)[\u3400-\u9fff]{2}|现在几点|今天几号")
_ATTRIBUTE = re.compile(
    "[价费量数额率积度算资款址格模长高宽重]$|身高|体重|年龄|人口|面积|营收|利润|原因|校长|经理|主席|书记|主任|教练"
)
"""What is asked of a thing, and is none."""


def may_lean(question: str, before: str) -> bool:
    """Return whether a question leans on the one before it, or may: without a search."""
    last = Answer(before, 1.0, Filters(), ())
    return follow_up(question, last) is not None or _perhaps(question, last) is not None


_SHORT, _SHORT_WORDS = 16, 8
"""Characters, and words in English, of a question that may lean on the one before though it has nouns of its own."""
_ASKS_YES = re.compile("(?:[吗么不]|没有?)$")
_PLACED = re.compile(r"\b(?:in|at|of|on|for|from|by|with) (?:the|a|an) \w+")
"""Says of what else it is asked: how many people died in the fire."""


def _written(question: str) -> str:
    return written_out(question, date.today())  # noqa: DTZ011  # the day it is where the person is


def _perhaps(question: str, last: Answer) -> FollowUp | None:
    """Return a short question that names nobody and no time with what the last one was about: 修理费算谁的."""
    question = _written(question)
    said, folded = question.strip(ENDS), fold_aligned(question.strip(ENDS))
    taken = subject_of(replace(last, question=_written(last.question)))
    if not taken or is_small_talk(question) or request_of(question) or understand_dates(said, ANY_DAY).spans:
        return None
    if question.isascii():
        is_short = (
            len(said.split()) <= _SHORT_WORDS
            and asking(folded)
            and not (CAPITALISED.search(said[1:]) or _PLACED.search(folded))
        )
        return FollowUp(f"{taken}: {question}", taken) if is_short and taken.isascii() else None
    if len(said) > _SHORT or not (asking(folded) or _ASKS_YES.search(folded)) or all_names_in(folded):
        return None
    return FollowUp(f"{taken}{JOINING.sub('', question)}", taken)


_CORRECTION = re.compile(
    r"(?:(?:不对|不是|不|搞?错了|说错了)[,，。!！ ]*(?:我是?(?:说|问|指)的?是?|应该是)"
    r"|我(?:是(?:说|问|指)|(?:说|问|指)的是))[,， ]*"
    r"(?P<name>[^?？,，]{2,14})(?:[,，]不是(?P<was>[^?？,，吗]{1,8}))?[吗?？。]*"
    r"|我?不是(?:问|说|指)的?(?P<no>[^,，]{1,10})[,，]\s*我?是?(?:问|说|指)的?是?(?P<meant>[^?？,，]{2,14})[吗?？。]*"
    r"|(?i:(?:no|sorry|wait)[,.!]? (?:sorry[,.!]? )?i (?:meant?|was asking about|said)[, ]+(?P<other>[^?,]+?)[?.!]*)"
)
"""Says what was meant: 不对，我是问1号线."""
_DOUBT = re.compile(r"^不是说[^?？,，]{1,16}吗[?？,，\s]*(?=[\u3400-\u9fff]{2})")
"""What was thought, before what is asked of it: 不是说六月吗 怎么拖了."""


def _meant_instead(question: str, last: str) -> FollowUp | None:
    """Return the last question of what is meant in place of what is not: 不是说大桥，我说的是隧道."""
    said = _CORRECTION.fullmatch(question)
    wrong = (said["was"] or said["no"]) if said else None
    at = last.find(wrong) if wrong else -1
    return put(last, (at, at + len(wrong)), said["name"] or said["meant"]) if said and wrong and at >= 0 else None


def _corrected(question: str) -> str:
    """Return a question that says what was meant as one that asks the same of it; any other without its doubts."""
    if said := _CORRECTION.fullmatch(question):
        name = said["name"] or said["meant"]
        if name is None:
            return f"what about {said['other']}?"
        return name if asking(fold_aligned(name)) else f"{name}呢？"
    return _DOUBT.sub("", question)


# ---- Another year, or another name, in languages with a word for and: ¿y en 2021? et de Paris ?

_AND = re.compile(
    r"[¿¡]?(?:y|e|et|und|og|en|и|а|ve|și|si|và|còn|còn về|και|dan|और|و|แล้ว|그럼|그러면)\s+(?P<rest>.+)", re.IGNORECASE
)
_ASKS_ABROAD = re.compile(rf"[¿¡]?(?:(?:y|e|et|und|og|и|а|ve|dan)\s+)?(?P<rest>{ASKS_ABROAD}.*)")
_ARTICLE = re.compile(
    r"(?<=\s)(?:el|la|los|las|una?|les?|des|der|die|das|den|dem|eine?[nrms]?|il|lo|gli|os|as|l')\b", re.IGNORECASE
)
_POINTS_ABROAD = re.compile(
    r"\b(?:er|sie|ihn|ihm|ihr|il|elle|ils|elles|lui|lo|ello|ella|ellos|ele|ela|eles|lei"
    r"|он|она|оно|они|его|ее|им|ему|ей|их)\b"
)
_FEW_WORDS, _BARE_WORDS = 6, 2
"""Words of a question that may lack what it asks of, joined on or pointing, and by itself."""


def _abroad(said: str, last: str) -> FollowUp | None:
    """Complete ¿y cuánto costó? by what the last question names, from its article on or from before its first name."""
    asks = _ASKS_ABROAD.fullmatch(fold_aligned(said))
    is_joined = bool(asks and (asks.start("rest") > 1 or _POINTS_ABROAD.search(fold_aligned(said))))
    if not asks or len(said.split()) > (_FEW_WORDS if is_joined else _BARE_WORDS):
        return None
    rest = said[asks.start("rest") :]
    names = [begin for begin, _ in capitalised(last) if begin > 1]
    article = _ARTICLE.search(last)
    begins = [article.start()] if article else [last.rfind(" ", 0, begin - 1) + 1 for begin in names]
    if not begins or any(begin > 0 for begin, _ in capitalised(rest)):
        return None
    taken = last[begins[0] :].strip(ENDS)
    return FollowUp(f"{rest} {taken}?", taken)


_OF_YEAR = re.compile(
    r"(?:(?:en|el|año|em|no|ano|in|im|jahre?|für|pour|de|l'année|в|за|năm|vào|pada|tahun|το|în|anul|ปี|عام|سنة|في) )*"
    r"(?P<year>(?:19|20)\d\d)(?: (?:году|год|г|में|yılında|년))?",
    re.IGNORECASE,
)
_FOUR_DIGITS = re.compile(r"(?<![\d-])(?:19|20)\d\d(?![\d-])")


def _joined_on(rest: str, last: str, *, is_german: bool) -> FollowUp | None:
    """Return the last question of the year or name that is joined on to it with a word for "and"; None of other words.

    A name takes the place of one behind the same word (von Paris), or of the only one there is; German nouns have
    capitals, too.
    """
    years, year = list(_FOUR_DIGITS.finditer(last)), _OF_YEAR.fullmatch(rest)
    if year:
        return put(last, years[0].span(), year["year"]) if len(years) == 1 else None
    begin, end = next(capitalised(rest), (0, 0))
    lead, name = rest[:begin].lower(), rest[begin:end]
    spans = [span for span in capitalised(last) if span[0] > 1 and last[: span[0]].lower().endswith(f" {lead}")]
    is_whole = bool(name) and end == len(rest) and lead.count(" ") < 2
    return put(last, spans[0], name) if is_whole and len(spans) == 1 and (lead or not is_german) else None


# ---- Chinese


def _in_chinese(question: str, last: Answer) -> FollowUp | None:
    if instead := chinese_instead(question, last.question):
        return instead
    first = next(word_spans(fold_aligned(question), is_guessing=False), (0, 0))
    if first[1] > 1 and kind_of(fold_aligned(question[slice(*first)]))[:2] in ("nr", "ns", "nz"):
        return None  # 他信是谁, 那英多大了
    bare = JOINING.sub("", question)
    folded = fold_aligned(bare.rstrip(ENDS))
    if folded.endswith("呢") and asking(folded[:-1]):
        folded = folded[:-1]  # 北京房价是多少呢
    if _KANA.search(folded):
        return _in_japanese(folded, bare.rstrip(ENDS), last)
    taken = subject_of(last)
    if taken and (inner := _INNER.search(folded)) and not all_names_in(folded):
        people = [name for name, kind in all_names_in(taken) if kind == "nr" and taken.endswith(name)]
        if people:  # 谁接了她的位子
            return FollowUp(f"{bare[: inner.start()]}{people[0]}{bare[inner.end() :]}", people[0])
    if not taken or not _lacks_subject(question, folded):
        return None
    if _LATER.fullmatch(folded) or _LATER.fullmatch(fold_aligned(question.strip(ENDS))):
        return FollowUp(f"{taken}后来怎么样了？", taken)
    if _WHY.fullmatch(folded) and (asks := _WHEN.search(fold_aligned(last.question))):
        return put(last.question, asks.span(), bare.rstrip(ENDS))
    if _WHY.fullmatch(folded) and (reason := _reason(last.question.rstrip(ENDS), bare.rstrip(ENDS))):
        return FollowUp(reason, taken)
    begins = {begin for begin, _ in word_spans(folded, is_guessing=False)}
    if (pronoun := _PRONOUN.match(folded)) and pronoun.end() in begins:
        taken = (_person(last) if folded[0] in "他她" else None) or taken
        owning = "的" if pronoun["of"] and not taken.endswith("的") else ""
        return FollowUp(f"{taken}{owning}{bare[pronoun.end() :]}", taken)
    return FollowUp(f"{taken}{bare}", taken)


_INNER = re.compile("(?<=.)(?<![其吉])[他她](?![们信说])")


_KANA = re.compile("[\u3041-\u30ff]")
_ASKS_JAPANESE = "なんで|なぜ|どうして|いつから|いつ|どこで|どこ|だれ|誰|いくら|何人|何時|どれくらい|どのくらい"
_ALONE_JAPANESE = re.compile(
    f"(?:それは?|では?|じゃあ?|で、)?(?P<asks>{_ASKS_JAPANESE})(?:ですか|でしたか|なの|です|か)?"
)


def _in_japanese(folded: str, bare: str, last: Answer) -> FollowUp | None:
    """Return the last question with the word that asks of one that is no more: 白鷺座はいつ閉まるの, なんで."""
    alone, before = _ALONE_JAPANESE.fullmatch(folded), re.search("いつ(?![もかま])", last.question)
    return put(last.question, before.span(), bare[slice(*alone.span("asks"))]) if alone and before else None


_WHO = re.compile(r"谁|哪一?位|叫什么|\bwho\b")


def _person(last: Answer) -> str | None:
    """Return the person that answered the last question, where it asked who; None where none did."""
    name = last.hits[0].answer_text.strip() if last.hits and last.refusal is None else ""
    if not name or not _WHO.search(fold_aligned(last.question)):
        return None
    if name.isascii():
        return name if all(word[:1].isupper() for word in name.split()) else None
    return name if any(word == name and kind == "nr" for word, kind in all_names_in(name)) else None


_COUNTED = re.compile("(?P<done>.{3,})了(?:多少|几)[个名位家]?(?P<of>(?!钱)[\u3400-\u9fff]{1,6})")
_COMING = frozenset("来去到有是达")


def _reason(last: str, why: str) -> str | None:
    """Return the question why something was done of which the last one asked how much: 公司裁了多少人, 为什么."""
    counted = _COUNTED.fullmatch(fold_aligned(last))
    words = list(word_spans(counted["done"], is_guessing=False)) if counted else []
    if not counted or counted["done"][-1] in _COMING:
        return None
    begin, end = words[-1]
    return f"{last[:begin]}{why}{last[begin:end]}{last[counted.start('of') :]}？"


_LATER = re.compile("(?:后来|然后|之后|结果|最后|现在|接着)(?:又|都)?(?:怎么样了?|怎么了|发生了什么|如何了?|呢)")
_WHY = re.compile("(?:这是)?(?:为什么|为啥|为何|因为什么|什么时候|哪一?[天年月]|在?哪里|在哪儿?)(?:呢|啊)?")
_WHEN = re.compile("什么时候|何时|哪一?[天年月日](?!里)|几号|几月几[号日]|几月|几点")
_COUNTER = "[家座个位本部条场起件所支届首款只项份]"
_PRONOUN = re.compile(
    f"(?:[他她它]们?(?:俩|家)?|[这那该]{_COUNTER}(?:[事人话]|[\u3400-\u9fff]{{2}}(?=[现还在是有能会叫的]|多|什么))?|[这那]笔?钱)"
    "(?P<of>的)?(?=.)"
)
_POINTS = re.compile(f"^(?:[这那](?:里|边|儿|话|事|{_COUNTER})|该[\u3400-\u9fff]|当[时年])")
_ADVERBS = frozenset(
    "实际 其实 真正 那 那么 后来 最后 最终 现在 目前 当时 那时 还 又 也 都 到底 究竟 总共 一共 大概 真的 已经 再 请问 "  # noqa: SIM905
    "会 能 能不能 要 可以 有没有 是不是 是否 然后 结果".split()
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
    if not folded.endswith("呢") and any(map(_is_a_name, all_names_in("".join(words)))):
        return bool(points) or _PRONOUN.match(folded) is not None
    done = (_DONE if words[0].startswith("为") else _DONE_SO) if _WHY_DONE.fullmatch(words[0]) else ()
    nouns = [word for word in words[2:] if kind_of(word)[:1] == "n" and len(word) > 1]
    names_none = not nouns or (nouns == words[2:] and len(nouns) == 1 and kind_of(nouns[0][0])[:1] == "v")  # 收费
    is_why = len(own) < 6 and names_none and words[1:2] != [] and words[1] in done
    if _BOTH.match(folded) or is_why:
        return True
    return is_leaning(question) or (len(own) < 6 and _begins_with_verb(words, folded))


def _is_a_name(found: tuple[str, str]) -> bool:
    """Return whether what looks like a name is one: not 关啊, nor 钱付 of 钱付了没."""
    name, _ = found
    is_done = name[0] in _UNNAMED and len(name) == 2 and kind_of(name[1])[:1] == "v"
    return name[-1] not in _PARTICLES and not is_done


_PARTICLES = frozenset("啊吗呢吧了的呀嘛么")
_BOTH = re.compile("(?:[他她它]们?俩|[他她它]们|这?两者|这[两俩]个?人)(?!民|工|的?(?:和|与|跟))")
_WHY_DONE = re.compile("为什么|为啥|为何|怎么|咋")
_DONE_SO = frozenset("会没不又") | {"没有", "突然", "这么", "那么"}
_DONE = _DONE_SO | frozenset("要能还再只得")
"""Begins behind it what was done of which a question says nothing: 为什么要收费."""


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
    own = re.sub(f"(?:{ASKS})|[的了过吗呢没]", "", "".join(words))
    is_bare = words[0] in _UNNAMED and len(own) < _FEW  # 钱付了没
    is_each = kinds[0] == "m" and words[0][0] in "一每" and len(own) < _FEW  # 一户赔多少
    return kinds[0] in ("v", "p", "r", "c", "d") or words[0] in _GENERIC or is_bare or is_each


_FEW = 4
_UNNAMED = frozenset("钱人票货")
"""Nouns of which nobody knows whose they are."""


# ---- English

_POINTING = re.compile(r"\b(?P<it>it|they|he|she|him|them)\b|\b(?P<its>its|their|his|her)\b", re.IGNORECASE)

_PERSONAL = re.compile(r"\b(?:he|she|him|his|her)\b", re.IGNORECASE)


def _in_english(question: str, last: Answer) -> FollowUp | None:
    said = question.rstrip(ENDS)
    if _FOREIGN.match(question):
        return None
    if instead := english_instead(question, last.question):
        return instead
    named = FOR_ANOTHER.fullmatch(said)
    subject = subject_of(last)
    own = [word for word in re.findall(r"[a-z0-9']+", said.lower()) if word not in STOPWORDS | {"yet", "already"}]
    is_thought = said.lower().startswith(("i thought", "i think", "i guess"))
    points = not is_thought and _POINTING.search(said) and not CAPITALISED.search(said[1:]) and len(own) <= _FEW_OWN
    is_short = len(own) < OWN_WORDS and question.endswith("?") and not CAPITALISED.search(said[1:])
    if _THEN.fullmatch(said):
        return FollowUp(f"What happened next to {subject}?", subject) if subject else None
    if not _POINTING.search(said) and (
        CAPITALISED.search(said[1:]) or not (own or asking(said.lower(), whether=False))
    ):
        return None  # what is DECnet? really?
    is_joined = _JOINED_ON.match(said) is not None and not CAPITALISED.search(said[1:]) and len(own) <= _FEW_OWN
    leans = is_leaning(question) or (named and named["lead"]) or points or is_short or is_joined
    if not subject or not (leans or (_THAT_THING.search(said) and not CAPITALISED.search(said[1:]))):
        return None
    joined = re.sub(r"^(?:and|but|so)\s+", "", question, flags=re.IGNORECASE)
    if named and MEASURED.fullmatch(named["name"]):
        return FollowUp(f"What was the {THE.sub('', named['name'])} of {subject}?", subject)
    if _THAT_THING.search(said) and not CAPITALISED.search(said[1:]):
        return FollowUp(f"{joined.rstrip(ENDS)}: {subject}?", subject)
    asks = _ASKS_WHEN.match(last.question)
    if asks and (bare := _ASKS_ONLY.fullmatch(joined.rstrip(ENDS))):
        return put(last.question, asks.span(), "Why" if bare["why"] else bare.group())
    who = _person(last) if _PERSONAL.search(joined) else None
    subject = who or subject
    pointed, count = _POINTING.subn(lambda found: subject if found["it"] else f"{subject}'s", joined, count=1)
    return FollowUp(pointed if count else f"{subject} {joined}", subject)


_THAT_THING = re.compile(
    r"^(?:was|were|is|are|did|does|has|have) (?:that|those|these) (?:figures?|numbers?|decision|plan|amount|deal)\b"
    r"(?! (?:on|for|of|to|that|which)\b)",
    re.IGNORECASE,
)
"""Points to what the last answer told: was that figure ever changed."""
_JOINED_ON = re.compile(r"(?:and|but|so) how (?:many|much|long|often|far)\b(?!.*\bthe\b)", re.IGNORECASE)
_FEW_OWN = 4
"""Words of its own that a question may have which points to what was asked before: how much did it cost in the end."""
_FOREIGN = re.compile(
    r"(?:wer|wo|wann|warum|wie|welche\w*|was (?:ist|sind|war|hat|kostet\w*|mach\w+|passier\w+|gescha\w+)|quien\w*"
    r"|cuando|cuant\w+|donde|que|quand|combien|qui|ou|chi|cosa|dove|quant\w+|quem|qual|onde|siapa|apa|berapa|kapan|kto"
    r"|co|kiedy|ile|gdzie|jak|kim|ne|nerede|kac|ai|bao)\b",
    re.IGNORECASE,
)
"""Begins a question in another language that has no accents: it is left as it is."""


_THEN = re.compile(
    "(?i:(?:and |so )?(?:then )?what happened(?: next| then| later| after(?:wards| that))?|(?:and )?then)"
)
_ASKS_ONLY = re.compile("(?P<why>why(?: not)?|how come)|when|where", re.IGNORECASE)
_ASKS_WHEN = re.compile(rf"(?:when|where|how)\b(?=\s+(?:{AUXILIARY})\b)", re.IGNORECASE)
