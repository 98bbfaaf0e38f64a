"""A question as typed → what is searched for, and which telling is wanted: how a thing stands now, or stood at a time.

A price, an office or a count is reported again whenever it changes. Where articles report one thing with about as much
evidence, the one for the time asked comes first; what only names the thing, or reports another, stays where it is.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import partial

from retrieval.clean import Outlets
from retrieval.errors import QuestionError
from retrieval.search.small_talk import ENDS
from retrieval.search.sources import SourceReading, ending, fold_aligned, outlet_named, understand_sources, without
from retrieval.search.terms import Abbreviation
from retrieval.search.when import DateReading, understand_dates
from retrieval.text import fold, in_written_chinese
from retrieval.text.dates import day_range, find_dates
from retrieval.text.words import is_known_name, kind_of, names_in, word_spans
from retrieval.values import Filters, Span


class Stage(StrEnum):
    """Which telling is wanted."""

    NEWEST = "newest"
    OLDEST = "oldest"
    PREVIOUS = "previous"
    AT = "at"


@dataclass(frozen=True, slots=True)
class Moment:
    """The time for which something is asked; `last` is its last day, an ordinal, where it is a time that was named.

    `is_said` means that the question says so ("目前"); otherwise it follows from what is asked ("门票多少钱"). `lasts`
    means that what is asked holds until it changes: a price, an office.
    """

    stage: Stage
    is_said: bool = True
    last: int | None = None
    lasts: bool = False


LATEST = re.compile(
    r"最新|目前|现在|如今|眼下|截至今|至今|最近一次|\b(?:latest|currently|current|now|today|newest|so far"
    r"|at the moment|at present|nowadays|these days)\b|現在"
)
_SAID = (
    (
        Stage.OLDEST,
        re.compile(
            r"最初|起初|当初|最开始|一开始|最早(?!几点|.{0,6}[班趟列场]|.{0,4}和)|\b(?:originally|at first|initially)\b"
        ),
    ),
    (Stage.PREVIOUS, re.compile(r"前任|上一任|上任(?!以)|上一届|\b(?:previous|former)\b")),
)
_SAYING = re.compile("最初|起初|当初|最开始|一开始|最早")
_FINALLY = re.compile(r"最终|最后(?!一)|到头来|实际上?|真正|到底.*[多几]|\b(?:finally|in the end|eventually)\b")
_STATE = re.compile(
    r"多少钱|是谁|有多少|是多少|[罚收要卖]多少|多少(?:元|人|个|米|度|[学员职师]|[床座车]位|户|家|间|所|辆|台)|几[元岁点个号折]|多[大长高贵重]|了[吗么没]|了没有|了几"
    r"|\b(?:how (?:much|many|old|high|long)|who|what) (?:\w+ ){0,3}?(?:is|are|does|do|costs?)\b|\bhow much is\b"
)
_LASTING = re.compile(
    "多少钱|[几多少][元块]|[价费租票]是?多少"
    "|(?:[省市县区镇乡村校院厂局处馆行台团队会事]长|书记|主任|主席|经理|总裁|教练)(?:是谁|叫什么|是哪)"
)
_EVENT = re.compile(
    r"过|曾|那会|那时|之前|以前|刚|什么时候|何时|哪[年天日月]|几[月号年日]|为什么|为何|怎么|原因|当时|当年|那次|首次|第一|了(?!吗|么|没|几)"
    r"|[是由].{0,12}的[?？。]?$|\b(?:was|were|did|had|when|why)\b"
)


def moment_of(question: str, named: tuple[int, int] | None, *, is_filtered: bool) -> Moment | None:
    """Return the time for which a question asks.

    `named` are the first and last day that it names, as ordinals; `is_filtered` means that hits must lie within days
    that it names.
    """
    folded = fold(question)
    if LATEST.search(folded):
        return Moment(Stage.NEWEST)
    said = next((stage for stage, pattern in _SAID if pattern.search(folded)), None)
    if said:
        return Moment(said)
    if _FINALLY.search(folded) and not named:
        return Moment(Stage.NEWEST, is_said=False)
    if is_filtered or _EVENT.search(folded) or not _STATE.search(folded):
        return None
    if named:
        return Moment(Stage.AT, is_said=False, last=named[1], lasts=bool(_LASTING.search(folded)))
    return Moment(Stage.NEWEST, is_said=False)


def timeless(question: str) -> str:
    """Return a question without the words that ask how things stood first."""
    return re.sub("^的", "", _SAYING.sub("", question)) or question


_TO_COME = re.compile(
    "(?:将于|将自|自|从|定于)(?P<day>[^，。；,;\n]{2,14}?)(?:起|开始)?(?:施行|实施|生效|执行|启用|实行)"
)


def is_to_come(text: str, year: int, today: int) -> bool:
    """Return whether a text of some year reports a rule that begins after `today`, an ordinal day."""
    days = [
        day_range(iso)[0]
        for match in _TO_COME.finditer(text)
        for mention in find_dates(match["day"])
        if (iso := (mention if mention.year else mention.in_year(year)).iso)
    ]
    return bool(days) and min(days) > today


MOST_CHARACTERS = 2_000
"""A question longer than this is a pasted document: the encoder reads 512 tokens, and words would match everything."""


@dataclass(frozen=True, slots=True)
class Query:
    """What is searched for: the question's text, and what hits must satisfy.

    `typed` is all of the question. `preferred` are the first and last day that the question names, as ordinals: an
    article published then, or soon after, is preferred. `understood` shows what was read out of the question,
    `is_latest` says that it asks how things stand, `moment` which of several tellings it wants, `is_spelt` that its
    names are to be taken as they are written, `names` are those that stand in its text in both their forms, None where
    none was looked for. `read_for` is the question that hits are read for, "" for the text: one with dates in place of
    words that count from today, without the "at first" of a telling that is chosen by its day, and of a bare name,
    which nothing answers, a whole one. `read_in_time` is what is read for in an article of the days asked, "" for the
    same: the question without the words that name them, which news about a day leaves to its date.
    `is_undated_equal` means that the filters' dates are those of the day asked alone: what has no date then ranks by
    its evidence. `given` are the filters without those of the question, `certain` without those that are guessed: an
    outlet that the question seems to name, a year that was assumed.
    """

    text: str
    filters: Filters
    preferred: tuple[int, int] | None = None
    understood: str | None = None
    typed: str = ""
    given: Filters = field(default_factory=Filters)
    certain: Filters = field(default_factory=Filters)
    is_undated_equal: bool = False
    moment: Moment | None = None
    is_spelt: bool = False
    read_for: str = ""
    read_in_time: str = ""
    names: tuple[Abbreviation, ...] | None = None

    @property
    def is_latest(self) -> bool:
        """Whether the question asks in so many words how things stand."""
        return bool(self.moment and self.moment.is_said and self.moment.stage is Stage.NEWEST)


def tidied(question: str) -> str:
    """Return a question on one line, in characters that can be written.

    A terminal hands on bytes that are no UTF-8 as lone surrogates, which nothing further can write.
    """
    return unicodedata.normalize("NFC", " ".join(question.encode("utf-8", "replace").decode("utf-8").split()))


_SHORT_YEAR = re.compile(
    r"(?:^|(?<=[\s,，、。;；:：和到从至在比与跟于把说问是那])(?<![昭永元太雍]和)|(?<=第[一二三四五六七八九十]次))(?P<year>\d\d)年"
    r"(?=(?P<sure>\d{1,2}月|[的那这]|[初底末]|[上下]半年|[呢吗])|[和与跟、\u3400-\u9fff])"
    r"(?![前后後来來内內间間多半之以级級龄齡期限薪利代老历歷磨里裡陈陳的]?(?:历史|歷史|时间|時間)|[前后後来來内內间間多半之以级級龄齡期限薪利代老历歷磨里裡陈陳]"
    "|产权|產權|一遇|如一|一次|有期|徒刑|刑|租期|使用权|任[期上内]|抗[战戰]|义务教育|義務教育|蝉|蟬|党龄|黨齡|工作经|悬案|冤案|未[见破])"
)
_AHEAD_OF_TODAY, _LAST_CENTURY = 1, 50
"""Years ahead of today that two digits may still mean, and from which ones they mean the last century."""


def written_out(question: str, today: date) -> str:
    """Return a question tidied, in written Chinese, its years with four digits: 24年茶花节 is 2024年茶花节.

    20年, and what is known for a time that something took (99年租期), stay, unless what follows says it is a year.
    """

    def whole(found: re.Match[str]) -> str:
        year = int(found["year"])
        if year <= today.year % 100 + _AHEAD_OF_TODAY and (year % 5 or found["sure"] is not None):
            return f"{today.year // 100}{found['year']}年"
        is_year = year >= _LAST_CENTURY and (year % 5 or found["sure"])
        return f"19{found['year']}年" if is_year else found.group()

    return _SHORT_YEAR.sub(whole, in_written_chinese(tidied(question)))


def parse(
    question: str,
    filters: Filters,
    *,
    sources: Iterable[str] = (),
    today: date,
    reached: date | None = None,
    is_literal: bool = False,
    outlets: Outlets | None = None,
) -> Query:
    """Turn a question into a query, reading dates and sources out of it unless it is to be taken literally.

    Filters that are given win over those that the question names. `reached` is the archive's last day: a month or day
    without a year is looked for back from there where the archive ends before `today`. `outlets` say what else the
    sources are called, the bundled table's unless given.

    Raises:
        QuestionError: the question is empty or longer than `MOST_CHARACTERS`.
    """
    text = written_out(question, today)
    if not text:
        raise QuestionError("the question is empty: type what you want to know")
    if len(text) > MOST_CHARACTERS:
        raise QuestionError(
            "the question has {count:,} characters; ask in at most {most:,}", count=len(text), most=MOST_CHARACTERS
        )
    query = Query(text, filters, given=filters, certain=filters, typed=text)
    if is_literal:
        return replace(query, moment=moment_of(text, None, is_filtered=True), is_spelt=True, names=())
    known = list(sources)
    outlet = partial(outlet_named, known=known, outlets=outlets)
    return _understood(query, partial(understand_sources, known=known, outlets=outlets), outlet, today, reached)


def _understood(
    query: Query,
    sources: Callable[[str], SourceReading],
    outlet: Callable[[str], tuple[str, Span] | None],
    today: date,
    reached: date | None,
) -> Query:
    dates = understand_dates(query.text, today, reached)
    if dates.strict and dates.since and day_range(dates.since)[0] > today.toordinal():
        dates = replace(dates, strict=False, since=None, until=None)  # what holds from next month on was told before
    named = sources(dates.query if dates.strict else query.text)
    filters, certain, said = query.filters, query.filters, []
    if listed := _listed(query.text, dates, outlet):
        dates, named = replace(dates, strict=bool(dates.since or dates.until), query=listed.query), listed
    if dates.strict and not (filters.since or filters.until):
        filters = replace(filters, since=dates.since, until=dates.until)
        certain = certain if dates.year_assumed else filters
        said.append(dates.phrase)
    elif not dates.strict and (dates.year_assumed or dates.dated != query.text):
        said.append(dates.phrase)  # what counts from today, and a year that was not written, are taken for these days
    if named.source and not filters.source:
        filters = replace(filters, source=named.source)
        said.append(named.source)
    days, text = _days(dates), named.query.strip() or query.text
    moment = moment_of(query.text, days, is_filtered=dates.strict)
    is_dated = dates.dated != query.text and not dates.strict
    dated = (sources(dates.dated).query.strip() if is_dated else "") or text
    read_for = timeless(dated) if moment and moment.stage is Stage.OLDEST else dated
    return replace(
        query,
        text=text,
        filters=filters,
        preferred=None if dates.strict else days,
        understood=" · ".join(said) or None,
        certain=certain,
        moment=moment,
        read_for="" if read_for == text else read_for,
        read_in_time=""
        if read_for != dated
        else _in_time(query.text, dates, sources, lasts=bool(moment and moment.lasts)),
    )


NEWS = "新闻|报道|报导|文章|消息"
_HAPPENED = (
    "(?:都|还)?(?:发生|出)(?:了|过)?(?:什么|啥|哪些)(?:[重特]?大|重要)?(?:事情?|事件)?[啊呀呢吗]*"
    "|(?:都|还)?有(?:什么|啥|哪些)(?:[重特]?大|重要|新鲜)(?:事情?|事件|新闻)(?:发生)?[啊呀呢吗]*"
    "|what (?:else |all )?(?:happened|went on|was going on)(?: on| in| during)?"
)
WHAT_HAPPENED = re.compile(_HAPPENED)
"""Asks for all that happened at a time."""
_IN_PLACE = re.compile(rf"(?:在)?(?P<where>[\u3400-\u9fff]{{2,8}}?)[里上]?(?:{_HAPPENED})")


def place_of_happening(folded: str) -> str | None:
    """Return of which place it is asked what happened there: 北京 of 北京发生了什么."""
    found = _IN_PLACE.fullmatch(folded.strip(ENDS))
    where = found["where"] if found else ""
    if (
        not where
        or asking(where)
        or where[0] in "哪我他她该本这那两外某"
        or any(kind == "nr" for _, kind in names_in(where))
    ):
        return None
    return (
        where
        if kind_of(where)[:2] == "ns" or (where[-1] in "省市县区镇乡村国岛州港" and len(where) < _PERSON)
        else None
    )


_PERSON = 4


def as_reported(query: Query) -> Query:
    """Return a query for what happened on some days as one for what was published then and in the days after."""
    since, until = query.filters.since, query.filters.until
    if query.filters == query.given or not (since and until):
        return query
    (first, _), (_, last) = day_range(since), day_range(until)
    if last - first >= _WEEK:
        return query
    return replace(query, filters=replace(query.filters, until=date.fromordinal(last + _AFTERWARDS).isoformat()))


_WEEK, _AFTERWARDS = 7, 2
"""Days asked, at most, and days after them, in which newspapers tell of them."""


LISTING = re.compile(
    f"(?=.*(?:什么|啥|哪些|{NEWS}))(?:都|里|上|的|写|刊?登|发|发布|发表|报|讲|说|有|出|过|了|什么|啥|哪些|些|最新|最近|一篇|是"
    f"|{NEWS}|内容|[啊呀呢吗])+"
    f"|{_HAPPENED}"
    "|(?:(?:please |can you )?(?:list|show|give|send)(?: me)? )?(?:any |all |every |the )*"
    "(?:news|articles?|stor(?:y|ies)|reports?)(?: (?:from|of|in|by))?"
)
"""Asks for all that an outlet, or a time, has: 都写了什么, news from May."""
COUNTING = re.compile(
    f"(?<!哪)(?:多少|几)(?:篇|[条则个份](?={NEWS}))|how many (?:articles|stories|reports|news items|pieces)"
    "|cuant[oa]s (?:articulos|noticias)|wie viele (?:artikel|berichte)|combien d'articles"
    "|сколько (?:статеи|новостеи|публикации)"
)
"""Asks how many articles there are."""
_REPORTED = re.compile(
    r"what (?:has|did|does|have) (?:the )?(?:report|publish|write|written|cover|wrote)(?:ed)?(?: on| about)?"
)
"""Asks so of an outlet, whose name is taken out: what has the Herald reported on."""


_LISTS = re.compile(
    rf"(?:什么|啥|哪些|{NEWS}|[篇条则]|news|articles?|stor(?:y|ies)|reports?|[a-z](?: on| about))[啊呀呢吗]*$"
    rf"|{_HAPPENED}"
)


def _listed(
    question: str, dates: DateReading, outlet: Callable[[str], tuple[str, Span] | None]
) -> SourceReading | None:
    """Return the outlet, and what is left, of a request for all that it or a time has; None of any other question."""
    folded = fold_aligned(question).strip(ENDS)
    is_counting = bool(COUNTING.search(folded))
    if not (is_counting or _LISTS.search(folded)):
        return None
    named, span = outlet(question) or (None, None)
    if span and ending(_ABOUT, fold_aligned(question), span[0]):
        named, span = None, None
    said = {place for each in (*dates.spans, span or (0, 0)) for place in range(*each)}
    rest = " ".join("".join(sign for place, sign in enumerate(question) if place not in said).strip(ENDS).split())
    if named and _REPORTED.fullmatch(fold_aligned(rest)):
        rest = "news"
    is_wanted = is_counting or LISTING.fullmatch(fold_aligned(rest)) or place_of_happening(fold_aligned(rest))
    if span and WHAT_HAPPENED.fullmatch(fold_aligned(rest)):
        return None  # 人民日报发生了什么 asks of it, not for what it reports
    return SourceReading(named, span, rest) if said and is_wanted else None


_ABOUT = re.compile("(?:关于|有关|提到|提及|涉及|写到|讲|说|about|on|mention(?:s|ed|ing)?)(?: the)? ?$")


_FEW_DAYS = 100
"""Days asked, at most, whose news is read without them: the news of January gives the figures of the year before."""


def _in_time(question: str, dates: DateReading, sources: Callable[[str], SourceReading], *, lasts: bool) -> str:
    """Return a question without the days that it names; "" where it names none, or its sentence needs them.

    They are few, or what it asks `lasts`.
    """
    days, bare = _days(dates), without(question, dates.spans)
    is_few = days is not None and days[1] - days[0] < _FEW_DAYS and not dates.strict
    return sources(bare).query.strip() if (is_few or lasts) and bare != question else ""


def untimed(query: Query) -> Query:
    """Return a query for what is told of its time, whenever it was published."""
    within = replace(query.given, source=query.filters.source)
    return replace(query, text=query.typed, filters=within, certain=query.given, preferred=_days(query.filters))


def _days(dates: DateReading | Filters) -> tuple[int, int] | None:
    if not (dates.since or dates.until):
        return None
    first = day_range(dates.since)[0] if dates.since else date.min.toordinal()
    last = day_range(dates.until)[1] if dates.until else date.max.toordinal()
    return first, last


ASKS = (
    "(?<!因)为什么|为啥|为何|因何|凭什么|多少|什么|啥|咋(?!舌)|几时|谁|哪(?![吒咤])|(?<![那这好])几(?!乎|[年天月周日个十百千万])|(?<![那这好])几(?:个(?!月)|年(?!来|前)|天(?!来|前))|怎|如何|何时|何地|吗|是否|(?<!不管)(?<!无论)(?<!不论)(?<!管他)(?<!反正)(?P<whether>[\u3400-\u9fff])(?<![动时])[不没](?P=whether)(?!由你|[^,，。?？]{0,8}[都也])|了没有?(?=[?？,，。]|$)|多[长大高久远深重宽快]"
    r"|\b(?:who|what|when|where|which|why|how)\b"
)
"""The words that ask, folded."""
AUXILIARY = "is|are|was|were|do|does|did|has|have|had|will|would|can|could|should"
WH = "who|whom|what|when|where|which|why|how"


def asking(folded: str, *, whether: bool = True) -> re.Match[str] | None:
    """Find the first word that asks, as jieba cuts words: 哪, but not in 哪吒, 何地, but not in 任何地方.

    要不要 asks where `whether` something is so is a question.
    """
    found = [match for match in re.finditer(ASKS, folded) if whether or not match["whether"]]
    words = list(word_spans(folded)) if found else []
    return next((match for match in found if not any(_hides(folded, word, match) for word in words)), None)


def _hides(folded: str, word: Span, asks: re.Match[str]) -> bool:
    """Return whether a word that asks is only there because of a name, or of where a word ends."""
    begin, end = word
    is_name = is_known_name(folded[begin:end]) and begin <= asks.start() < end
    return is_name or begin < asks.start() < end < asks.end()
