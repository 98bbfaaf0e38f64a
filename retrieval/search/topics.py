"""Requests for a topic, not a fact: 有哪些关于…的新闻, …的来龙去脉, news about X → stories in order of time.

And a question that leans on the one before: 那后来呢？ 花了多少钱？ when was that? → what it lacks, taken from there.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from retrieval.clean.names import is_name
from retrieval.encode.encoder import QueryEmbedding, script_of
from retrieval.search import Resources, hits_of
from retrieval.search.candidates import gather, search
from retrieval.search.judge import OWN_CHARACTERS, OWN_WORDS, is_leaning
from retrieval.search.question import ASKS, Query, asking, before_asking, is_small_talk, tidied
from retrieval.search.rank import Ranked, ranked
from retrieval.search.sources import fold_aligned
from retrieval.search.terms import Terms
from retrieval.search.when import understand_dates
from retrieval.store.local.signatures import words_in_signatures
from retrieval.store.protocols import Index
from retrieval.text.words import STOPWORDS, names_in, word_spans
from retrieval.values import Answer, Article, Hit, Span, Story, Timeline


class Request(StrEnum):
    """What is wanted of a topic."""

    TIMELINE = "timeline"
    COUNT = "count"
    LATEST = "latest"


_NEWS = "(?:新闻|报道|报导|消息|文章|内容|资料|动态)"
_ABOUT = (
    re.compile(
        rf"^[上里]?(?:请问|我想(?:看|知道|了解)|帮我(?:找|查|看)(?:一下|找)?)?(?:有(?:没有|哪些|什么|无)|都有哪些|找(?:一下|找)?|看看)?(?:关于|有关)(?P<topic>.+?)的?{_NEWS}(?:有哪些|有什么|都有哪些)?$"
    ),
    re.compile(rf"^(?P<topic>.+?)(?:有哪些|有什么|的(?:相关|所有|全部)|相关的?){_NEWS}$"),
    re.compile(
        "^(?:请)?(?:帮我)?(?:梳理|整理|回顾|盘点)(?:一下|下)?(?P<topic>.+?)(?:的?(?:来龙去脉|经过|始末|前前后后|时间线|全过程|发展|情况))?$"
    ),
    re.compile(
        "^(?P<topic>.+?)的?(?:来龙去脉|事件经过|前因后果|前前后后|始末|时间线|全过程)(?:是什么|是怎样的|如何)?$"
    ),
    re.compile(
        rf"^(?P<topic>.{{2,}}?)的?\s*(?:最新)?(?:进展|近况|动向|(?:后续|跟进)(?:{_NEWS})?|风波|历年(?:的?(?:变化|数据|情况))?)$"
    ),
    re.compile(rf"^(?:请)?(?:列出|列举|找出|汇总)(?:一下|下)?(?:所有|全部)?(?:关于|有关)(?P<topic>.+?)的?{_NEWS}$"),
    re.compile(
        r"^(?:show me |any |find |all )?(?:the )?(?:news|articles|stories|reports|coverage) (?:about|on|of) "
        r"(?P<topic>.+)$"
    ),
    re.compile(r"^(?:the )?(?:timeline|history|chronology) of (?P<topic>.+)$"),
    # in other languages, folded: news about X, and X's news
    re.compile(
        r"^(?:alle |die |neueste |aktuelle )*(?:nachrichten|neuigkeiten|artikel|berichte|meldungen)"
        r" (?:uber|zu[mr]?|von) (?P<de>.+)$"
        r"|^(?:las |ultimas )*(?:noticias|articulos) (?:sobre|acerca de|de) (?P<es>.+)$"
        r"|^(?:as |ultimas )*(?:noticias|artigos) (?:sobre|de|d[oa]s?) (?P<pt>.+)$"
        r"|^(?:les |dernieres )*(?:actualites|nouvelles|articles|infos) (?:sur|a propos d[eu]) (?P<fr>.+)$"
        r"|^(?:le |ultime )*(?:notizie|articoli) (?:su\w*|di|d[ae]l\w*) (?P<it>.+)$"
        r"|^(?:последние |все )*(?:новости|статьи|сообщения|публикации) (?:обо?|о|про|по) (?P<ru>.+)$"
        r"|^(?:останні |всі )*(?:новини|статті) (?:про) (?P<uk>.+)$"
        r"|^(?:cac )?(?:tin(?: tuc)?|bai (?:bao|viet)) (?:ve|lien quan den) (?P<vi>.+)$"
        r"|^berita (?:tentang|mengenai|terbaru tentang) (?P<id>.+)$"
        r"|^(?:آخر |كل )?(?:أخبار|الأخبار|مقالات|تقارير) (?:عن |حول )?(?P<ar>.+)$"
        r"|^(?P<tr>.+) (?:hakkında|hakkinda|ile ilgili) (?:tum |son )?haber(?:ler)?i?$"
        r"|^(?P<ko>.+?)(?:에 대한|에 관한| 관련) (?:뉴스|기사|소식)$"
        r"|^(?P<ja>.+?)(?:に関する|についての)(?:ニュース|記事|记事|報道|报道)(?:一覧)?$"
        r"|^(?P<hi>.+) (?:के बारे में|से जुड़ी|पर) (?:खबरें|ख़बरें|समाचार|खबर)$"
        r"|^ข่าว(?:เกี่ยวกับ|เรื่อง)(?P<th>.+)$"
        r"|^(?:τα )?(?:νεα|ειδησεισ|αρθρα) (?:για|σχετικα με) (?P<el>.+)$"
    ),
)
_COUNTED = (
    re.compile(
        rf"^(?:一共|总共|共)?有?(?:多少|几)(?:篇|条|个|则)?{_NEWS}(?:是|和)?"
        rf"(?:提到|提及|讲到|说到|写到|写了?|涉及|关于|有关|报道)了?过?(?P<topic>.+?)(?:的{_NEWS}?)?$"
    ),
    re.compile(
        rf"^(?:一共|总共|共)?有?(?:多少|几)(?:篇|条|个|则)(?:提到|提及|讲到|涉及|关于|有关)(?P<topic>.+?)的{_NEWS}$"
    ),
    re.compile(rf"^(?:提到|提及|关于|涉及)(?P<topic>.+?)的{_NEWS}(?:一共|总共|共)?有(?:多少|几)(?:篇|条|个|则)?$"),
    re.compile(
        r"^how many (?:articles|stories|reports|news items) (?:mention|are about|cover|speak of) (?P<topic>.+)$"
    ),
)
_LATEST = re.compile(
    rf"^(?:最近|近来|近期|这几天|今天|今日)?(?:都)?(?:有(?:什么|哪些|啥)|发生了什么)?(?:最新的?|新的?|重要|重大)?{_NEWS}?(?:有(?:什么|哪些))?$"
    r"|^(?:what(?: i|')s )?(?:the )?(?:latest|recent|new|today's) (?:news|articles|stories)$|^what(?: i|')s new$"
    r"|^(?:was gibt es neues|(?:neueste|aktuelle) nachrichten|(?:las )?ultimas noticias|que hay de nuevo"
    r"|(?:as )?ultimas noticias|(?:les )?dernieres (?:nouvelles|actualites)|quoi de neuf|(?:le )?ultime notizie"
    r"|последние новости|что нового|останні новини|tin (?:tuc )?moi(?: nhat)?|berita ter(?:baru|kini)|آخر الأخبار"
    r"|son haberler|최신 뉴스|最(?:新|近の)ニュース|ताजा खबर(?:ें)?|ข่าวล่าสุด|τελευταια νεα)$"
)
_SAYS_LATEST = re.compile("最近|近来|近期|这几天|今[天日]|最新|新闻|news|new$|latest|recent|^[^\u3400-\u9fff]+$")
_AROUND_TOPIC = re.compile(
    "^[^,，]{0,8}(?:关于|有关)|[,，][^,，]*(?:输出|格式|形式|表格|列表)[^,，]*$|的(?:数据|信息)(?=[,，]|$)"
)
"""What a request for a topic says of where it is looked for and of how it is shown."""
_ENDS = " \t?？¿!！。.,，~～"


def request_of(question: str) -> tuple[Request, str] | None:
    """Return what is wanted of which topic; None where a question asks for a fact."""
    text = question.strip(_ENDS)
    folded = fold_aligned(text)
    if _LATEST.match(folded) and _SAYS_LATEST.search(folded):
        return Request.LATEST, ""
    for request, patterns in ((Request.COUNT, _COUNTED), (Request.TIMELINE, _ABOUT)):
        for pattern in patterns:
            if found := pattern.match(folded):
                topic = _AROUND_TOPIC.sub("", text[slice(*found.span(found.lastgroup or "topic"))]).strip(_ENDS)
                if topic:
                    return request, topic
    return None


_BARE = 16
"""Characters of a topic that is typed alone: 鸡蛋价格, 沄江 水位."""


_ALL_OF = re.compile("^(?:请)?(?:列出|列举|盘点|汇总)(?:一下|下)?(?:所有|全部|历次|历年)的?")


def bare_topic(typed: str) -> str | None:
    """Return the topic that bare words name; None for a question, a sentence, or what holds figures."""
    text = _ALL_OF.sub("", typed.strip(_ENDS))
    folded = fold_aligned(text)
    is_bare = len(text) <= _BARE and not re.search(r"[^\w\s]|\d", folded)
    return text if is_bare and script_of(text) == "han" and not asking(folded) else None


_DEPTH = 200
"""Windows and passages that are looked through for a topic."""
_SAME = 0.9
"""A passage with this share of the best one's score is about the topic, as does one with most of its words."""
_MOST_WORDS = 0.6
_LEAST_WORDS = 0.4
"""What is found has nothing of a topic in its own script if no passage has this share of its words."""
_READ_TO_COUNT = 5_000
"""Passages that are looked through for the words of what is counted."""


def timeline(
    index: Index, query: Query, embedding: QueryEmbedding, resources: Resources, *, oldest_first: bool = False
) -> Timeline:
    """Return the stories about a topic, in order of time; undated ones come last."""
    searched = search(index, query.text, embedding, resources.translations, query.filters, depth=_DEPTH)
    candidates, places = gather(index, searched, query.filters)
    days = {place.article: place.days for place in places}
    stories = {place.article: place.story for place in places}
    found = list(_one_each(ranked(candidates, days, stories)))
    named = max(map(_share, found), default=0.0)
    best = max((item.score for item in found), default=0.0)
    found = [item for item in found if item.score >= _SAME * best or _share(item) >= _MOST_WORDS]
    sign = 1 if oldest_first else -1
    found.sort(key=lambda item: (item.days is None, sign * (item.days[1] if item.days else 0), -item.score))
    articles = index.articles([item.candidate.article for item in found])
    hits = hits_of(index, found, articles, query, searched.terms)
    if named < _LEAST_WORDS:  # another script's words are no measure
        hits = tuple(hit for hit in hits if script_of(hit.text) != script_of(query.text))
    listed = tuple(Story(hit.article, hit.text[slice(*hit.highlight)], hit.also_in, hit) for hit in hits)
    return Timeline(query.text, listed, sum(story.articles for story in listed), query.filters, query.understood)


def _share(item: Ranked) -> float:
    """Return how much of the topic a passage names, or title and lead of its article."""
    return max(item.candidate.words, item.candidate.about)


def _one_each(found: Iterable[Ranked]) -> Iterable[Ranked]:
    """Yield the best passage of each story."""
    seen = set[int]()
    for item in found:
        if item.story not in seen:
            seen.add(item.story)
            yield item


def count(index: Index, query: Query, resources: Resources) -> tuple[int, int]:
    """Count the articles, and the stories, that have all words of the topic in one passage."""
    terms = Terms.of(query.text, index.words, resources.translations)
    if not terms.searched:
        return 0, 0
    passages = sorted(index.words.search(terms.searched, _READ_TO_COUNT, query.filters))
    signatures: Mapping[int, tuple[str, str]] = index.words.signatures(passages)
    own, context = words_in_signatures([signatures.get(passage, ("", "")) for passage in passages], terms.forms.parts)
    shares = terms.forms.shares(own | context)
    least: Sequence[float] = shares.min(axis=1, initial=1.0).tolist()
    whole = [passage for passage, share in zip(passages, least, strict=True) if share > 0]
    if len(terms.forms.words) < len(terms.shares):
        return 0, 0  # a word of it stands nowhere
    places = index.catalogue.places(whole).values()
    return len({place.article for place in places}), len({place.story for place in places})


def latest(articles: Iterable[Article], query: Query) -> Timeline:
    """Return articles as a timeline: each by its title, or by its first sentence."""
    stories = tuple(Story(article, article.title or _first(article.text), (), None) for article in articles)
    return Timeline("", stories, len(stories), query.filters, query.understood)


def _first(text: str) -> str:
    return re.split(r"(?<=[。！？.!?])|\n", text.strip(), maxsplit=1)[0]


def as_hits(timeline: Timeline, k: int) -> tuple[Hit, ...]:
    """Return the first `k` stories as hits, numbered in their order."""
    hits = [_hit(story) for story in timeline.stories[:k]]
    return tuple(replace(hit, rank=place) for place, hit in enumerate(hits, 1))


def _hit(story: Story) -> Hit:
    if story.hit:
        return story.hit
    text = story.article.text
    stop = len(_first(text)) or len(text)
    start = len(text) - len(text.lstrip())
    return Hit(1, 0.0, text[start : start + stop], (0, stop), (start, start + stop), story.article)


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A question completed: `question` is what is asked now, `taken` the words it took from the question before."""

    question: str
    taken: str


_OTHERS = re.compile(
    "(?:还有|有没有)(?:别的|其他|其它|另外的?)(?:媒体|报纸|报道|来源|文章|消息)|其他媒体"
    r"|\bother (?:outlets?|reports?|sources?|articles?)\b"
)
_MOST = 40
"""Characters taken at most."""


def follow_up(question: str, last: Answer | None) -> FollowUp | None:
    """Complete a question that leans on `last`; None for one that stands by itself, or where nothing came before."""
    question = tidied(question)
    if last is None or is_small_talk(question) or (request_of(question) and not _OTHERS.search(question)):
        return None
    taken = subject_of(last)
    if not taken or not is_leaning(question):
        return None
    if _OTHERS.search(fold_aligned(question)):
        return FollowUp(f"news about {taken}" if question.isascii() else f"关于{taken}的报道有哪些", taken)
    if question.isascii():
        return FollowUp(_with_subject(_JOINING.sub("", question), taken), taken)
    bare = _bare(question)
    return _instead(bare.rstrip("?？ "), last.question) or FollowUp(f"{taken}{bare}", taken)


_JOINING = re.compile(r"^(?:and|but|so)\s+", re.IGNORECASE)
_PRONOUN = re.compile(r"\b(?P<it>it|they|he|she|him|them)\b|\b(?P<its>its|their|his)\b", re.IGNORECASE)


def _with_subject(question: str, subject: str) -> str:
    """Put a subject where an English question points to it, else in front: a sentence is read better than two."""
    put, count = _PRONOUN.subn(lambda found: subject if found["it"] else f"{subject}'s", question, count=1)
    return put if count else f"{subject} {question}"


def _instead(question: str, last: str) -> FollowUp | None:
    """Ask the last question of another thing: 四号线呢 after 三号线何时通车, 去年呢, 票价呢 after 海桐号造价多少.

    It takes the place of a date, of what ends as it does, or of a name of its kind: 郭韬呢 after 姚明身高多少.
    """
    name, before = question.removesuffix("呢"), before_asking(last)
    if not question.endswith("呢") or asking(fold_aligned(last)) is None or not name:
        return None
    folded, text = fold_aligned(name), fold_aligned(before)
    dates, old = (understand_dates(words, _ANY_DAY) for words in (name, last))
    if dates.spans == ((0, len(name)),):
        begin, end = old.spans[0] if old.spans else (0, 0)
    elif place := next((found for look in (_alike, _of_kind) if (found := look(folded, text))), None):
        begin, end = place
    else:
        return None
    return FollowUp(last[:begin] + name + last[end:], f"{last[:begin]}…{last[end:]}".rstrip("?？"))


_ANY_DAY = date(2024, 1, 1)
"""Where dates stand in a question depends on no day."""


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


def _of_kind(name: str, text: str) -> Span | None:
    """Return where a text has a name of the same kind: a person for a person, a place for a place."""
    kinds = {kind for word, kind in (*names_in(name), *_people(name)) if word == name}
    others = (word for word, kind in (*names_in(text), *_people(text)) if kind in kinds)
    return next(((at, at + len(other)) for other in others if (at := text.find(other)) >= 0), None)


_BETWEEN_NAMES = frozenset("和与跟同是的了在被有任说把对从为给让")


def _people(text: str) -> Iterator[tuple[str, str]]:
    """Yield the people whom no dictionary knows: a surname, and one or two characters that are no words."""
    single = {begin for begin, end in word_spans(text, is_guessing=False) if end - begin == 1}
    for begin in sorted(single):
        for length in (3, 2):
            name = text[begin : begin + length]
            if single.issuperset(range(begin, begin + length)) and _BETWEEN_NAMES.isdisjoint(name) and is_name(name):
                yield name, "nr"
                break


def _bare(question: str) -> str:
    return re.sub("^(?:那么?(?![里边儿个座家些次场位件种年月天时])|然后|而|另外)[，,]?", "", question).lstrip()


_AFTERWARDS = re.compile("(?:后来|然后|结果|接着|现在)?(?:怎么样了?|如何)?呢?$")
_ATTRIBUTE = re.compile(
    "的?(?:.[价费量数额率积度算资款址格模]|..?长|主席|书记|经理|主任|教练|原因|结果|名字|时间|电话)"
)
"""What is asked of a thing, and does not name it: the last word of 海桐号造价 and 三中的校长."""
_HANGING = re.compile("[的到在给向往于]+$")
_ENGLISH = re.compile(
    r"(?:when|where|why|how(?: \w+)?)\s+(?:is|are|was|were|do|does|did|has|have|will|can)\s+(?P<of>.+)\s[a-z]+",
    re.IGNORECASE,
)
"""An English question whose last word is what is said of its subject: "When did the terminal open"."""


def subject_of(last: Answer) -> str:
    """Return what the last question was about: its words without those that ask, or the title of its first hit."""
    text = last.timeline.topic if last.timeline else last.question.strip(" ?？。!！")
    if text.isascii():
        asks = asking(fold_aligned(text))
        completed = text[: asks.start()] if asks else ""  # "Moonlit Bridge how much did it cost"
        text = completed if len(completed.split()) >= OWN_WORDS else text
        said = _ENGLISH.fullmatch(text)
        about = " ".join(
            word for word in re.findall(r"[\w'-]+", said["of"] if said else text) if word.lower() not in STOPWORDS
        )
    else:
        text = _AFTERWARDS.sub("", text) or text
        before = before_asking(text)
        names = {word for word, _ in (*names_in(before), *_people(before))}
        is_whole = before in names or len(before) >= OWN_CHARACTERS
        about = before if is_whole else before_asking(re.sub(rf"(?:{ASKS})(?:时候|地方)?", "", text))
        about = about if last.timeline else _named(about)
    about = about.strip(" ，,、")
    if len(about) < OWN_WORDS and last.hits:
        about = last.hits[0].article.title or ""
    return about[:_MOST]


def _named(about: str) -> str:
    """Return the words that name a thing without the last ones that say what is asked of it."""
    about = _HANGING.sub("", about) or about
    begins = [begin for begin, _ in word_spans(about, is_guessing=False)]
    if about.endswith("了") and len(begins) > 2 and begins[-1] - begins[-2] == 1:
        return about[: begins[-2]]  # 灯会来了
    rest = _HANGING.sub("", about[: begins[-1]]) if begins else about
    return rest if len(rest) >= OWN_WORDS and _ATTRIBUTE.fullmatch(about, begins[-1]) else about
