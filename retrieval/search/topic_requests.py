"""Requests for a topic, not for a fact: …的来龙去脉, news about X, 有几篇提到X → what is wanted of which topic."""

import re
from dataclasses import replace
from datetime import date
from enum import StrEnum

from retrieval.encode.encoder import script_of
from retrieval.search.question import AUXILIARY, COUNTING, LISTING, NEWS, WH, Query, asking, place_of_happening
from retrieval.search.sources import fold_aligned, without
from retrieval.search.when import understand_dates
from retrieval.text.words import word_spans


class Request(StrEnum):
    """What is wanted of a topic."""

    TIMELINE = "timeline"
    COUNT = "count"
    LATEST = "latest"


_NEWS = "(?:新闻|报道|报导|消息|文章|内容|资料|动态)"
_REPORTS = f"(?:{NEWS})"
_ABOUT = (
    re.compile(
        r"^[上里]?(?:请问|我想(?:看|知道|了解)|帮我(?:找|查|看)(?:一下|找)?)?"
        rf"(?:有(?:没有|哪些|什么|无)|都有哪些|找(?:一下|找)?|看看)?(?:关于|有关)(?P<topic>.+?)的?{_NEWS}(?:有哪些|有什么|都有哪些)?$"
    ),
    re.compile(rf"^(?P<topic>.+?)都?(?:有哪些|有什么|的(?:相关|所有|全部)|相关的?){_REPORTS}$"),
    re.compile(
        "^(?!.*(?:记者.{0,4}|媒体|警方|网上|[报社台网])(?:[这近去今]|都|一直)*(?:年|天)?(?:报道|报导)过)"
        "(?P<topic>.{2,}?)(?:[这近最]+[几两三]?年|历年|历次|一直|以来|都)*(?:报道|报导)过?些?(?:什么|啥|哪些)(?:内容|事情?)?$"
        "|^(?:还有|有没有|有)?(?:没有)?(?:别的|其他|其它|另外的?)(?:媒体|报纸|报刊)(?:报道|写|提到)[过了]?(?P<others>.{2,}?)(?:吗|没有?|么)?$"
        rf"|^(?P<told>(?!(?:tell|nobody|according|{AUXILIARY}|{WH}|in \d)\b)[\w'-]+(?: [\w'-]+){{0,5}}), "
        r"what(?:'s| has| was| is) (?:been )?reported$"
    ),
    re.compile(rf"^(?P<topic>.+?)的{_REPORTS}(?:都|总共|一共)?有(?:哪些|什么|啥)$"),
    re.compile(
        rf"^有?(?:哪些|什么|啥){_NEWS}是?(?:关于|有关|讲到?|说到?|写到?|提到|提及|涉及)了?过?(?P<topic>.+?)的?$"
    ),
    re.compile(
        "^(?:请)?(?:帮我)?(?:梳理|整理|回顾(?!展|会|录)|盘点)(?:一下|下)?(?P<topic>.+?)"
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
    re.compile(
        "^(?P<topic>.{2,}?)(?:有没有|有)(?:什么|啥|哪些)?(?:最?新|后续)的?(?:消息|进展|情况|动静|动态|报道|新闻)[了吗没有么]*$"
        "|^(?P<now>.{2,}?)(?:现在|目前|最近|如今)是?(?:啥|什么)(?:情况|样子?|进展)了?$"
        "|^(?P<far>.{2,}?)的?进展(?:怎么样|怎样|如何|到哪)了?$"
    ),
    re.compile(
        "^(?P<topic>.{2,}?)(?:现在|目前|如今)?的?最新(?:情况|进展|消息|动态)是?(?:怎么样|怎样|如何|什么|啥)了?$"
        "|^(?P<stir>.{2,}?)有(?:没有)?(?:啥|什么|哪些)(?:动静|进展|动态)[了吗]*$"
        "|^(?P<lately>.{2,}?)(?:现在|目前|最近)有(?:没有)?(?:啥|什么|哪些)(?:动静|动作|进展|变化|动态)[了吗]*$"
        "|^(?P<ja>.+?)の(?:ニュース|記事|记事|報道|报道)(?:は|が)?(?:ありますか|ある|を見せて|を教えて)?$"
        r"|^(?P<en>(?!(?:what|who|when|where|which|how|why|is|are|was|did|does|do|has|any|the)\b)"
        r"[\w'-]+(?: [\w'-]+){0,3}?)(?: latest| recent)?"
        r"(?<!fake)(?<!good)(?<!bad)(?<!breaking)(?<!top)(?<!old)(?<!local)"
        r"(?<!world)(?<!fox)(?<!sky)(?<!bbc)(?<!latest)(?<!recent) news$"
        r"|^(?P<stories>(?!(?:what|who|when|where|which|how|why|is|are|was|did|does|do|has|any|the|all|every|short|ghost)\b)"
        r"[\w'-]+ [\w'-]+(?: [\w'-]+){0,2}) stories$"
    ),
    re.compile(
        r"^(?:what(?:'s| is| has) (?:been )?(?:happening|going on|new) (?:with|at|in|on)"
        r"|any (?:news|updates?) (?:on|about)) (?P<topic>.+)$"
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
        f"^(?P<told>.{{2,}}?)(?:前后|总共|一共|都|共)?(?:被?(?:{_NEWS}|提到|提及|提起)|被写)[了过](?:多少|几)[次回篇]$"
        f"|^(?P<many>.{{2,}}?)的?{_NEWS}(?:的?(?:数量|数目|总数|篇数|条数))(?:是|有|为)?(?:多少|几[篇条个]?)?$"
        "|^(?P<ran>.{2,}?)(?:总共|一共|都|共)+(?:报|登)[了过](?:多少|几)篇$"
        "|^(?P<made>.{2,}?)(?:总共|一共|共)?上[了过]?(?:多少|几)[次回](?:新闻|报纸?|头条|版面)$"
        f"|^(?P<seen>.{{2,}}?)(?:的?(?:名字|消息))?在?(?:多少|几)[篇条则]{_NEWS}?[里中]?(?:出现|提到|提及|现身|露面|登场)[了过]*$"
        "|^how (?:many times|often) (?:has|have|was|were|is|did) (?P<times>.+?) "
        "(?:(?:been )?(?:mentioned|(?:reported(?: on)?|covered|appear(?:ed)?) in the (?:news|papers?|archive)"
        "|in the news)|make the news)$"
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
    rf"^(?:最近|近来|近期|这几天|今天|今日)?(?:都)?(?:有(?:什么|哪些|啥)|发生了什么)?(?:最新的?|新的?|重要|重大)?{_NEWS}?(?:有(?:什么|哪些)|(?<=[新闻道导息章容料态])是?(?:什么|啥))?$"
    r"|^(?:what(?: i|')s )?(?:the )?(?:latest|recent|new|today's) (?:news|articles|stories)$|^what(?: i|')s new$"
    r"|^(?:what(?: i|')s )?(?:the )?(?:newest|latest|most recent) (?:article|story|report|news|item)"
    r"(?: (?:you have|in (?:the )?(?:whole |entire )?archive))?$"
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
    r"(?:he|she|him|her|it|them|they|you|me|us|that|this|those|these|cause|make|be)\b"
    r"|the (?:old|new|other|first|second|last) ones?$|the others?$|[他她它你您我]们?|大家|咱们|[这那该]"
)
"""Begins what is no topic by itself: 他们后来怎么样了."""
_ENDS = " \t?？¿!！。.,，~～"


def request_of(question: str, *, is_filtered: bool = False) -> tuple[Request, str] | None:
    """Return what is wanted of which topic; None where a question asks for a fact.

    What names no topic asks for all that lies within filters, where they are taken from it.
    """
    text = _MAY_YOU.sub("", _PLEASE.sub("", question.strip(_ENDS)).strip(_ENDS))
    folded = fold_aligned(text)
    is_short = len(folded) <= _LONG
    if (
        is_filtered
        and is_short
        and (LISTING.fullmatch(folded) or _IS_REQUEST.fullmatch(folded))
        and not COUNTING.search(folded)
    ):
        return Request.LATEST, ""
    if _LATEST.match(folded) and _SAYS_LATEST.search(folded):
        return Request.LATEST, ""
    if is_filtered and (where := place_of_happening(folded)):
        return Request.TIMELINE, where
    for request, patterns in ((Request.COUNT, _COUNTED), (Request.TIMELINE, _ABOUT)):
        for pattern in patterns:
            if found := pattern.match(folded):
                topic = _AROUND_TOPIC.sub("", text[slice(*found.span(found.lastgroup or "topic"))]).strip(_ENDS)
                topic = _AROUND.sub("", _NEWS_AT_END.sub("", _TELLING.sub("", topic)))
                about = fold_aligned(topic)
                if is_short and _IS_REQUEST.fullmatch(about):
                    return (request, "") if is_filtered else None
                if request is Request.COUNT and (_IS_SAID.search(about) or _WRITTEN.search(about)):
                    continue
                if topic and not (_POINTS.match(about) or asking(about, whether=False) or _ASKS_AGAIN.search(about)):
                    return request, topic
    if is_filtered and (wrote := _WROTE.fullmatch(folded)) and not asking(wrote["topic"], whether=False):
        return Request.TIMELINE, text[slice(*wrote.span("topic"))]
    return _framed(text, folded, is_filtered=is_filtered)


_WROTE = re.compile(
    "(?:有没有|是否|都)?(?:写|登|报道?|播|发|讲|说|提|关注)(?:到(?!底)|及)?[过了]?+(?<=[过了到及])(?P<topic>(?![的名警案到底])[^,，?？的]{2,}?)"
    "(?:吗|没有?|的事情?)?"
)
"""Asks of an outlet whether it told of a topic: 日报有没有写过海豹."""
_TELLING = re.compile("^(?:讲|講|说|說|写|寫|提到?|提及|关于|關於|有关|有關|涉及|报道|報道)(?=..)")
_AROUND = re.compile(
    "^(?:所有|全部|要看|谈谈|談談)(?=..)|(?<=..)(?:这事儿?)?的?各方的?(?:反应|说法|表态|态度|回应)$|(?<=..)(?:[都的]|被?(?:提到|提及|报道)[过了])$"
)
_MAY_YOU = re.compile(
    "^(?:请问|麻烦|你好[,，]?)*(?:能不能|可不可以|能否)(?=[你您]|[给帮为替]我|帮忙|整理|梳理|列(?:出|一|举)|[找查])"
)
_PLEASE = re.compile("(?i:,? (?:please|pls|plz|thanks?|thank you|thx))+$")
_ASKS_AGAIN = re.compile("[,，].*(?:帮我|给我|请|梳理|整理|看看)")
"""What is no topic, but has the request in it once more: 工厂着火那件事，帮我梳理一下."""


# ---- Requests in other words: what asks for news or for how many stands around the topic, in whatever order

_ASKED_FOR = re.compile(
    "新闻|报道|报导|文章|(?:关于|有关).{1,20}(?:写|登|报|发)[了过]哪几?篇|哪几?篇(?=新闻|报道|报导|文章|讲|写|提|说|关于)|消息(?!人士)|来龙去脉|从头到尾|前因后果|始末|前前后后|梳理|盘点|回顾"
    r"|^(?:please |can you |could you |i(?:'d like| want| need)(?: to)? |is there |do you have |have you got )*"
    r"(?:(?:list|show|find|give|get|send|see|read)(?: me| us)? )?"
    r"(?:everything|anything|(?:what(?:'s| is) )?(?:the )?(?:newest|latest|most recent)(?: news| reports?| updates?)?"
    r"|(?:all|every|any|each)(?: of)?(?: the| your)? (?:news|articles?|stor(?:y|ies)|reports?|coverage|items?))"
    r"(?: (?:that|you|we|there|is|are|do|have|has|got|'ve|written|reported|said))* (?:on|about|mentioning)\b"
    r"|^what(?: (?:do|does|you|we|there|is|have|has|got))+ (?:on|about)\b"
    r"|^(?:todas? las|ultimas) (?:noticias|articulos)\b|^(?:que es )?lo ultimo (?:de|sobre)\b|^alles (?:uber|zu[mr]?)\b"
    r"|^tous les articles\b|^все (?:о|об|про|статьи|новости)\b"
)
_IN_REQUESTS = (
    "请问?|直接|您好|你好|谢谢|多谢|有劳了?|麻烦|把|将|帮忙?我?|给我|替我|能不能|能否|可不可以|可以|能|我想要?|我要|想要?|知道|了解|需要|看一?[看下]?"
    "|[查找搜列]一?[下出索举找查]?(?:出?来)?|[整梳]理|回顾|盘点|汇总|总结|发我?|有没有|没有|有无|有|哪些|什么|啥|关于|有关|所有|全部|一切"
    "|相关|历年|历次|最新|最近|都|一[下起篇条则]|这?[几多][个条篇]|从头到尾|是?怎么回事|来龙去脉|前因后果|始末|前前后后|经过|过程|新闻"
    "|报道|报导|文章|稿[子件]?|消息|内容|资料|方面|[这那]?一?类|之类|[那这]?(?:件|个|场|起|次)事(?:情|故)?|一事|的事"
    "|吗|呢|啊|吧|的|了|过|到|出来|起来|出|来|我|你们?|这里|档案|库里?"
    "|里|上|中|一共|总共|共|是|和|写|登|报|播|刊登?|载|讲|说|提到?|提及|涉及|多少|几|篇|条|则|份|收录?|些|点儿?|哪一?篇|全|逐篇|给"
    "|[,，。;；:：、?？!！\\s]"
)
_IS_REQUEST = re.compile(f"(?:{_IN_REQUESTS})+")
_ENGLISH_LEAD = re.compile(
    r"^.*?\b(?:on|about|mention(?:s|ed|ing)?|cover(?:s|ed|ing)?|sobre|acerca de|de|uber|zu[mr]?|обо?|о|про|sur) (?=\S)"
)
_ENGLISH_COUNTED = re.compile(
    r"^how many \w+(?: items)?"
    r"(?: (?:are|were|did|do|does|has|have|had|there|you|they|we|in total|altogether|the archive"
    r"|run|ran|publish(?:ed)?|print(?:ed)?|carr(?:y|ied)|writ(?:e|ten)|wrote|the|by|from|in|of|all|report(?:ed)?))*$"
    r"|^(?:cuant[oa]s|wie viele|combien|сколько) (?:d')?\w+"
    r"(?: (?:ha|han|hat|haben|a|ont|publi\w+|veroffentlicht|escrito|l[ae]|el|d[iea][era]s?|опубликовал\w*|там|есть|hay"
    r"|gibt es))*$"
)


def _framed(text: str, folded: str, *, is_filtered: bool) -> tuple[Request, str] | None:
    """Return what is wanted of a topic where a question is made of it and of words that ask for news, in any order."""
    how_many = COUNTING.search(folded)
    if len(text) > _LONG or not (how_many or _ASKED_FOR.search(folded)):
        return None
    request = Request.COUNT if how_many else Request.TIMELINE
    if which := _WHICH_PIECES.search(folded):
        text, folded = (each[: which.start()] + each[which.end() :] for each in (text, folded))
    if script_of(folded) != "han":
        return _framed_abroad(request, text, folded, is_filtered=is_filtered)
    said = [piece for piece in re.split("[,，。;；?？!！]", text) if piece.strip()]
    asked = [piece for piece in said if COUNTING.search(fold_aligned(piece)) or _ASKED_FOR.search(fold_aligned(piece))]
    pieces = list(filter(None, map(_without_request, asked))) or list(filter(None, map(_without_request, said)))
    if not pieces:
        return (request, "") if is_filtered else None
    if any(
        asking(fold_aligned(piece), whether=False) and _without_request(piece) for piece in said if piece not in asked
    ):
        return None
    if len(pieces) != 1 or _is_of_fact(folded, fold_aligned(pieces[0]), is_filtered=is_filtered):
        return None
    topic = _NEWS_AT_END.sub("", pieces[0]) or pieces[0]
    about = fold_aligned(topic)
    is_fact = _POINTS.match(about) or asking(about, whether=False) or _ASKED_FOR.search(about)
    return (request, topic) if len(about) > 1 and not is_fact else None


_WHICH_PIECES = re.compile("哪几?篇")
_OF_NEWS = re.compile(f"{_REPORTS}[中里]?$")
_DONE_TO = re.compile(f"[了过](?:什么|啥|哪些|多少|几|{_REPORTS})|(?:(?<!有)(?:什么|啥|多少)|{_REPORTS}了?吗)$")
_WRITTEN = re.compile("(?:写|寫|收到?|获|投|发表|评?选出?|评)[了过到]?$|收到(?:论文|来稿|投稿)$")
_IS_SAID = re.compile(rf"\b(?:{AUXILIARY}|mention)\b")
"""Says something of what is counted, and names no topic: the fire were false."""


def _is_of_fact(folded: str, topic: str, *, is_filtered: bool) -> bool:
    """Return whether what stands around a topic asks for a fact of it: 新闻|发言人, 警方公布|了什么消息."""
    before, _, after = folded.partition(topic)
    counted = COUNTING.search(after)
    by_whom = after[: counted.start()] if counted else ""
    return bool(_OF_NEWS.search(before) or _DONE_TO.search(after) or (_WRITTEN.search(by_whom) and not is_filtered))


def _framed_abroad(request: Request, text: str, folded: str, *, is_filtered: bool) -> tuple[Request, str] | None:
    is_count = request is Request.COUNT
    if is_count and _ENGLISH_COUNTED.match(folded):
        return (request, "") if is_filtered else None
    lead = _ENGLISH_LEAD.match(folded)
    topic = text[lead.end() :].strip(_ENDS) if lead else ""
    about = fold_aligned(topic)
    is_fact = (
        asking(about, whether=False) or re.search(rf"\b(?:{AUXILIARY})\b|^what\b", about) or len(about.split()) > _FEW
    )
    is_told = not is_count or (lead is not None and _ENGLISH_COUNTED.match(folded[: lead.end()].rsplit(None, 1)[0]))
    return (request, topic) if topic and is_told and not is_fact else None


_NEWS_AT_END = re.compile("(?:新闻|新聞|报道|報道|报导|報導)$")


_WHETHER = re.compile("(?!有)([\u3400-\u9fff])[不没]\\1")


def _without_request(text: str) -> str:
    """Return a text without the words at both its ends with which something is requested."""
    folded = fold_aligned(text)
    spans = [span for span in word_spans(folded, is_guessing=False) if folded[slice(*span)].strip()]
    kept = [span for span in spans if not _IS_REQUEST.fullmatch(folded, *span) or _WHETHER.match(folded, span[0])]
    return (
        re.sub("(?:[那这]?(?:件|个|场|起|次)|一|的)事(?:情|故)?$", "", text[kept[0][0] : kept[-1][1]]) if kept else ""
    )


_LONG = 60
"""Characters from which a text is no request, but has one, or a pasted article, in it."""
_FEW = 8
"""Words of a topic at most."""


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
    if is_bare and script_of(text) == "han" and not asking(folded):
        return text
    is_name = 1 < len(text.split()) <= 4 and all(word[:1].isupper() for word in text.split())
    return text if is_name and not (asking(folded) or re.match(rf"(?:{AUXILIARY})\b", folded)) else None


_WHICH = "哪些|哪几[个家所座条位种部支款场次篇起例件]"
_WHICH_ONES = re.compile(f"(?:都|还)?(?:有)?(?:{_WHICH}|什么)|都(?=[有是])|[过了]?(?:吗|呢)?$")
_WHICH_ONES_ABROAD = re.compile(
    r"^(?:please )?(?:list|name|show|give)(?: me)? (?:all|every) (?:of )?(?:the )?(?P<every>[a-z].*)$"
    r"|^(?:which|what) (?!(?:is|was|has|does|causes|makes|happens|kills|says)\b)(?P<all>[a-z]+s\b.*)$"
    r"|^(?:quelles?|quels) (?P<fr>[a-z]+s\b.*)$"
    r"|^(?:que|cuales) (?!(?:es|has)\b)(?P<es>[a-z]+s\b.*)$|^welche (?P<de>.*)$"
)


def listed_topic(typed: str) -> str | None:
    """Return of what a question wants all there are, 哪些学校扩建了, which firms went bankrupt; None of any other."""
    text = typed.strip(_ENDS)
    folded = fold_aligned(text)
    if abroad := _WHICH_ONES_ABROAD.match(folded):
        return text[slice(*abroad.span(abroad.lastgroup or 0))]
    if not re.search(_WHICH, folded) or re.search("分别|各自?", folded):
        return None
    about = text
    for found in reversed(list(_WHICH_ONES.finditer(folded))):
        about = f"{about[: found.start()]} {about[found.end() :]}"
    about = " ".join(about.split())
    return about if len(about) > 2 and not asking(fold_aligned(about)) else None
