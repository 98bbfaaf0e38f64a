"""Topics: what a question is about; requests for one (…的来龙去脉, news about X) → its stories in order of time."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from enum import StrEnum

from retrieval.encode.encoder import QueryEmbedding, script_of
from retrieval.search import Resources, hits_of
from retrieval.search.candidates import gather, search
from retrieval.search.judge import OWN_CHARACTERS, OWN_WORDS
from retrieval.search.question import ASKS, AUXILIARY, LISTING, WH, Query, asking, before_asking
from retrieval.search.rank import Ranked, ranked
from retrieval.search.sources import fold_aligned, without
from retrieval.search.terms import Terms
from retrieval.search.when import understand_dates
from retrieval.store.local.signatures import words_in_signatures
from retrieval.store.protocols import Index
from retrieval.text.words import STOPWORDS, word_spans
from retrieval.values import Answer, Article, Hit, Story, Timeline


class Request(StrEnum):
    """What is wanted of a topic."""

    TIMELINE = "timeline"
    COUNT = "count"
    LATEST = "latest"


_NEWS = "(?:新闻|报道|报导|消息|文章|内容|资料|动态)"
_ABOUT = (
    re.compile(
        r"^[上里]?(?:请问|我想(?:看|知道|了解)|帮我(?:找|查|看)(?:一下|找)?)?"
        rf"(?:有(?:没有|哪些|什么|无)|都有哪些|找(?:一下|找)?|看看)?(?:关于|有关)(?P<topic>.+?)的?{_NEWS}(?:有哪些|有什么|都有哪些)?$"
    ),
    re.compile(rf"^(?P<topic>.+?)(?:有哪些|有什么|的(?:相关|所有|全部)|相关的?){_NEWS}$"),
    re.compile(rf"^(?P<topic>.+?)的{_NEWS}(?:都|总共|一共)?有(?:哪些|什么|啥)$"),
    re.compile(
        rf"^有?(?:哪些|什么|啥){_NEWS}是?(?:关于|有关|讲到?|说到?|写到?|提到|提及|涉及)了?过?(?P<topic>.+?)的?$"
    ),
    re.compile(
        "^(?:请)?(?:帮我)?(?:梳理|整理|回顾|盘点)(?:一下|下)?(?P<topic>.+?)"
        f"(?:从[^,，]{{1,6}}到[^,，]{{1,6}})?(?:的?(?:来龙去脉|经过|始末|前前后后|时间线|[全建设]*过程|发展|情况|{_NEWS}))?$"
    ),
    re.compile(
        "^(?P<topic>.+?)的?(?:来龙去脉|事件经过|前因后果|前前后后|始末|时间线|全过程)(?:是什么|是怎样的|如何)?$"
    ),
    re.compile(
        rf"^(?P<topic>.{{2,}}?)的?\s*(?:最新)?"
        rf"(?:进展|近况|动向|最新(?:消息|情况|动态|新闻|报道)|(?:后续|跟进)(?:{_NEWS})?|风波|历年(?:的?(?:变化|数据|情况|报道|新闻))?)$"
    ),
    re.compile(rf"^(?:请)?(?:列出|列举|找出|汇总)(?:一下|下)?(?:所有|全部)?(?:关于|有关)(?P<topic>.+?)的?{_NEWS}$"),
    re.compile(
        r"^(?:show me |give me |any |is there any |find |all )?(?:the )?(?:news|articles|stories|reports|coverage)"
        r" (?:about|on|of) (?P<topic>.+)$"
    ),
    re.compile(
        r"^(?:(?:can you )?(?:please )?(?:give|show|make|draw) (?:me )?)?(?:the |a )?"
        r"(?:timeline|history|chronology) of (?P<topic>.+)$"
    ),
    re.compile(r"^what(?: i|')s the latest (?:on|about|with) (?P<topic>.+)$"),
    re.compile(
        "^(?P<topic>.{2,}?)(?:的?(?:后来|之后|最后|最近|现在)(?:又|都|到底)?(?:怎么样|怎样|如何)了?|后来呢|然后呢)$"
    ),
    re.compile(r"^what happened (?:next|then|later|after(?:wards| that)) (?:to|with|in) (?P<topic>.+)$"),
    re.compile(
        r"^what (?:(?:has )?happened (?:to|with)|(?:has )?bec[ao]me of) (?P<topic>(?:the )?[\w'.-]+"
        r"(?: (?!(?:in|at|on|to|of|who|that|when|during|between|after|before|and) )[\w'.-]+){0,3}?)"
        r"(?: (?:next|then|later|since|after(?:wards| that)))?$"
    ),
    # in other languages, folded: news about X, and X's news
    re.compile(
        r"^(?:gibt es |welche |alle |die |neueste |aktuelle )*(?:nachrichten|neuigkeiten|artikel|berichte|meldungen)"
        r" (?:gibt es )?(?:uber|zu[mr]?|von) (?P<de>.+)$"
        r"|^(?:que |hay |las |ultimas )*(?:noticias|articulos) (?:hay )?(?:sobre|acerca de|de) (?P<es>.+)$"
        r"|^(?:que |ha |as |ultimas )*(?:noticias|artigos) (?:ha )?(?:sobre|de|d[oa]s?) (?P<pt>.+)$"
        r"|^(?:quelles sont |y a-t-il des |les |dernieres )*(?:actualites|nouvelles|articles|infos)"
        r" (?:sur|a propos d[eu]) (?P<fr>.+)$"
        r"|^(?:le |ultime )*(?:notizie|articoli) (?:su\w*|di|d[ae]l\w*) (?P<it>.+)$"
        r"|^(?:какие |есть |последние |все )*(?:новости|статьи|сообщения|публикации) (?:обо?|о|про|по) (?P<ru>.+)$"
        r"|^(?:останні |всі )*(?:новини|статті) (?:про) (?P<uk>.+)$"
        r"|^(?:cac )?(?:tin(?: tuc)?|bai (?:bao|viet)) (?:ve|lien quan den) (?P<vi>.+)$"
        r"|^berita (?:tentang|mengenai|terbaru tentang) (?P<id>.+)$"
        r"|^(?:آخر |كل )?(?:(?:أخبار|الأخبار) (?:عن |حول )?|(?:مقالات|تقارير) (?:عن|حول) )(?P<ar>.+)$"
        r"|^(?P<tr>.+) (?:hakkında|hakkinda|ile ilgili) (?:tum |son )?haber(?:ler)?i?$"
        r"|^(?P<ko>.+?)(?:에 대한|에 관한| 관련) (?:뉴스|기사|소식)(?:을|를)?"
        r"(?: ?(?:정리해|알려|보여) ?(?:줘|주세요))?$"
        r"|^(?P<ja>.+?)(?:に関する|についての)(?:ニュース|記事|记事|報道|报道)(?:一覧)?"
        r"(?:は|を?(?:教えて|见せて|まとめて)(?:ください|下さい)?)?$"
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
        r"^(?P<topic>(?!一共|总共|共?有)(?:(?![写发获登投\d]|[报网社刊台](?:[一总共有]|多少|几)).){2,}?)"
        rf"(?:的{_NEWS}?)?(?:一共|总共|共)?有?(?:多少|几)篇(?:新闻|报道|报导)?$"
    ),
    re.compile(
        r"^how many (?:articles|stories|reports|news items) (?:do you have |are there )?"
        r"(?:that )?(?:mention|are about|about|on|cover|speak of) (?P<topic>.+)$"
        r"|^сколько (?:статеи|новостеи|сообщении|публикации) (?:упоминают|говорят о|есть о|об?|про) (?P<ru>.+)$"
        r"|^cuant[oa]s (?:articulos|noticias) (?:hay )?(?:sobre|mencionan|hablan de) (?P<es>.+)$"
        r"|^wie viele (?:artikel|berichte) (?:gibt es )?(?:uber|zu[mr]?|erwahnen) (?P<de>.+)$"
        r"|^combien d'articles (?:mentionnent|parlent de|sur|sont consacres a) (?P<fr>.+)$"
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
_LATELY = "最近|近来|近期|这几天|今[天日]"
RECENTLY = re.compile(rf"{_LATELY}|\b(?:latest|recent|new|today)\b")
"""Asks for what is new, which is the newest that there is where nothing is newer."""
_SAYS_LATEST = re.compile(f"{_LATELY}|最新|新闻|news|new$|latest|recent|^[^\u3400-\u9fff]+$")
_AROUND_TOPIC = re.compile(
    "^[^,，]{0,8}(?:关于|有关)|[,，][^,，]*(?:输出|格式|形式|表格|列表)[^,，]*$|的(?:数据|信息)(?=[,，]|$)"
)
"""What a request for a topic says of where it is looked for and of how it is shown."""
_POINTS = re.compile(
    r"(?:him|her|it|them|they|you|me|us|that|this|those|these|cause|make|be)\b|[他她它你您我]们?|大家|咱们|[这那该]"
)
"""Begins what is no topic by itself: 他们后来怎么样了."""
_ENDS = " \t?？¿!！。.,，~～"


def request_of(question: str, *, is_filtered: bool = False) -> tuple[Request, str] | None:
    """Return what is wanted of which topic; None where a question asks for a fact.

    What names no topic asks for all that lies within filters, where they are taken from it.
    """
    text = question.strip(_ENDS)
    folded = fold_aligned(text)
    if is_filtered and LISTING.fullmatch(folded):
        return Request.LATEST, ""
    if _LATEST.match(folded) and _SAYS_LATEST.search(folded):
        return Request.LATEST, ""
    for request, patterns in ((Request.COUNT, _COUNTED), (Request.TIMELINE, _ABOUT)):
        for pattern in patterns:
            if found := pattern.match(folded):
                topic = _AROUND_TOPIC.sub("", text[slice(*found.span(found.lastgroup or "topic"))]).strip(_ENDS)
                about = fold_aligned(topic)
                if topic and not (_POINTS.match(about) or asking(about)):
                    return request, topic
    return None


def of_its_time(query: Query, today: date) -> Query:
    """Return the query for a topic that names its time as one for the topic, within that time: 石臼2023年洪灾."""
    dates = understand_dates(query.text, today)
    bare = re.sub("^的|的$", "", without(query.text, dates.spans).strip(_ENDS))
    if not (dates.since and dates.until) or query.filters != query.given or query.given.since or bare == query.text:
        return query
    until = min(dates.until, query.filters.until or dates.until)  # what came after the day asked is not there
    return replace(query, text=bare, filters=replace(query.filters, since=dates.since, until=until))


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
_LEAST_WINDOW = 0.075
"""Similarity from which a text in another script is about a topic none of whose words stand anywhere: .08 and more
where it is, .04 to .06 where the archive has nothing of it."""
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
    if named < _LEAST_WORDS:
        found = [item for item in found if item.candidate.window >= _LEAST_WINDOW]
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


# ---- What was asked about

_MOST = 40  # characters of a subject at most
_AFTERWARDS = re.compile("(?:后来|然后|结果|接着|现在)?(?:怎么样了?|如何)?呢?$")
_ATTRIBUTE = re.compile(
    "的?(?:.[价费量数额率积度算资款址格模]|..?长|主席|书记|经理|主任|教练|原因|结果|名字|时间|电话"
    "|身高|体重|年龄|年纪|人口|面积|营收|利润|票房)"
)
"""What is asked of a thing, and does not name it: the last word of 海桐号造价 and 三中的校长."""
_HANGING = re.compile("(?:[的到在给向往于]|经过|造成|导致|包括|涉及|来自){1,3}$")


def subject_of(last: Answer) -> str:
    """Return what the last question was about: its words without those that ask, or the title of its first hit."""
    text = last.timeline.topic if last.timeline else last.question.strip(" ?？。!！")
    if text.isascii():
        about = _english_subject(text)
    else:
        text = _AFTERWARDS.sub("", text) or text
        before = before_asking(text)
        from retrieval.clean.names import all_names  # a question that leans on none starts without them

        names = {word for word, _ in all_names(before)}
        is_whole = before in names or len(before) >= OWN_CHARACTERS
        about = before if is_whole else before_asking(_MAY_ASK.sub("", text))
        about = about if last.timeline else _named(about)
    about = about.strip(" ，,、")
    if len(about) < OWN_WORDS and last.hits:
        about = last.hits[0].article.title or ""
    return about[:_MOST]


_ASKED = re.compile(
    rf"(?:{WH})\b(?:\s+(?:many|much|long|tall|old|far|big|high|deep|often))?(?P<noun>\s+[a-z]+)??"
    rf"\s+(?P<does>{AUXILIARY})\s+(?P<of>.+)",
    re.IGNORECASE,
)
_MAY_ASK = re.compile(rf"(?:{ASKS})(?:时候|地方|些|[家个座位年天月日里儿])?")


_DONE = re.compile(r"(?:[a-z]+ed|hurt|killed|lost|sold|built|found|cut|hit|born|shot|sent|held|left|laid off)\b")


def _english_subject(text: str) -> str:
    """Return the words that name what an English question is about, without what happened to it."""
    asks = asking(fold_aligned(text))
    completed = text[: asks.start()] if asks else ""  # "Moonlit Bridge how much did it cost"
    if len(completed.split()) >= OWN_WORDS:
        return completed.strip()
    asked = _ASKED.match(text)
    if asked and asked["noun"] and _DONE.match(asked["of"]):  # which banks were fined over Libor, how many were hurt in
        return f"{asked['noun'].strip()} {asked['of']}"
    words = re.findall(r"[\w'.-]+", asked["of"] if asked else text)
    while words and words[0].lower() in STOPWORDS:
        words.pop(0)
    if asked is None:  # who opened the new library
        start = next((at for at, word in enumerate(words[1:], 1) if word[:1].isupper() or word.lower() == "the"), 0)
        about = [word for word in words[start:] if word.lower() not in STOPWORDS]
        return " ".join(about)
    stop = next((at for at, word in enumerate(words) if word.lower() in STOPWORDS and word.lower() != "of"), len(words))
    about = words[:stop]
    is_done = asked["does"].lower() in {"do", "does", "did", "will"} or " ".join(about).endswith("ed")
    return " ".join(about[:-1] if is_done and len(about) > 1 and about[-1].islower() else about)


def _named(about: str) -> str:
    """Return the words that name a thing without the last ones that say what is asked of it."""
    about = _HANGING.sub("", about) or about
    begins = [begin for begin, _ in word_spans(about, is_guessing=False)]
    if about.endswith("了") and len(begins) > 2 and begins[-1] - begins[-2] == 1:
        return about[: begins[-2]]  # 灯会来了
    rest = _HANGING.sub("", about[: begins[-1]]) if begins else about
    return rest if len(rest) >= OWN_WORDS and _ATTRIBUTE.fullmatch(about, begins[-1]) else about
