"""Topics: the stories of one in order of time, how many articles name it, and what a question was about."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from retrieval.encode.encoder import QueryEmbedding, script_of
from retrieval.search import Resources, hits_of
from retrieval.search.candidates import gather, search
from retrieval.search.question import Query
from retrieval.search.rank import Ranked, ranked
from retrieval.search.sources import fold_aligned
from retrieval.search.terms import Terms
from retrieval.store.local.signatures import words_in_signatures
from retrieval.store.protocols import Index
from retrieval.text.words import word_spans
from retrieval.values import Article, Hit, Story, Timeline

_DEPTH = 200
"""Windows and passages that are looked through for a topic."""
_SAME = 0.9
"""A passage with this share of the best one's score is about the topic, as does one with most of its words."""
_ALL = 2.0
"""More than any score: what a topic's words alone find."""
_MOST_WORDS = 0.6
_ALIKE, _SOME_WORDS = 0.1, 0.3
"""Similarity of a window, with so many words, from which it is about a topic: of 15,000 articles those that are alike
and have fewer words tell of others, other elections than Albania's."""
_LEAST_WORDS = 0.4
"""What is found has nothing of a topic in its own script if no passage has this share of its words."""
_LEAST_WINDOW = 0.075
"""Similarity from which a text in another script is about a topic none of whose words stand anywhere: .08 and more
where it is, .04 to .06 where the archive has nothing of it."""
_READ_TO_COUNT = 5_000
"""Passages that are looked through for the words of what is counted."""


def timeline(
    index: Index,
    query: Query,
    embedding: QueryEmbedding,
    resources: Resources,
    *,
    oldest_first: bool = False,
    is_strict: bool = False,
) -> Timeline:
    """Return the stories about a topic, in order of time; undated ones come last.

    Where it `is_strict`, only those that have most words of the topic.
    """
    terms, found = _found(index, query, embedding, resources)
    named = max(map(_share, found), default=0.0)
    best = _ALL if is_strict else max((item.score for item in found), default=0.0)
    found = [item for item in found if item.score >= _SAME * best or _share(item) >= _MOST_WORDS or _is_alike(item)]
    for text in in_other_words(query.text):  # 失火 for 火灾
        _, others = _found(index, replace(query, text=text), embedding, resources)
        told = {item.story for item in found}
        found += [item for item in others if item.story not in told and _share(item) >= _MOST_WORDS]
        named = max([named, *map(_share, others)])
    if named < _LEAST_WORDS:
        found = [item for item in found if item.candidate.window >= _LEAST_WINDOW]
    sign = 1 if oldest_first else -1
    found.sort(key=lambda item: (item.days is None, sign * (item.days[1] if item.days else 0), -item.score))
    articles = index.articles([item.candidate.article for item in found])
    hits = hits_of(index, found, articles, query, terms)
    if named < _LEAST_WORDS:  # another script's words are no measure
        hits = tuple(hit for hit in hits if script_of(hit.text) != script_of(query.text))
    listed = tuple(Story(hit.article, hit.text[slice(*hit.highlight)], hit.also_in, hit) for hit in hits)
    return Timeline(query.text, listed, sum(story.articles for story in listed), query.filters, query.understood)


def _found(index: Index, query: Query, embedding: QueryEmbedding, resources: Resources) -> tuple[Terms, list[Ranked]]:
    """Return the words of a topic that are looked for, and the best passage of each story that has them or is alike."""
    searched = search(index, query.text, embedding, resources.translations, query.filters, depth=_DEPTH)
    candidates, places = gather(index, searched, query.filters)
    days = {place.article: place.days for place in places}
    stories = {place.article: place.story for place in places}
    return searched.terms, list(_one_each(ranked(candidates, days, stories)))


_SAME_MATTER = [
    line.split()
    for line in """
    火灾 失火 起火 着火 火警 大火 火情
    车祸 交通事故 撞车 追尾 相撞
    爆炸 爆燃
    洪水 洪灾 水灾 洪涝 内涝 水浸 淹水
    暴雨 大雨 豪雨
    干旱 旱情
    滑坡 泥石流 山崩
    停电 断电
    停水 断水
    破产 倒闭 清算 结业
    裁员 裁减 遣散
    罢工 停工 工潮
    涨价 加价 提价 上调 调涨 调高
    降价 减价 下调 调低
    合并 并购 收购
    扩建 改扩建 加建 增建
    搬迁 迁址
    辞职 卸任 下台 请辞 离任
    上任 就任 接任 出任
    逝世 去世 病逝 离世 辞世
    死亡 遇难 身亡 罹难 丧生
    获奖 得奖
    夺冠 冠军
    判刑 获刑 宣判
    受贿 贪污
    盗窃 偷窃 失窃 被盗
    诈骗 骗案
    召回 回收
    延期 推迟 延误 延后
    通车 开通 启用
    更正 勘误
    fire blaze burned gutted
    strike strikes walkout
    flood floods flooding
    bankrupt bankruptcy insolvent administration collapse collapsed liquidation
    earthquake quake tremor
    crash collision
    layoffs redundancies
    resigned quit
    merger takeover buyout
    """.strip().splitlines()
]
"""What news calls one kind of event, by any of which it is found where it is a topic."""
_OTHER_WORDS = 7


def in_other_words(topic: str) -> list[str]:
    """Return a topic with each other word that news has for the event that it names: 学校加建 for 学校扩建."""
    folded = fold_aligned(topic)
    words = [folded[slice(*span)] for span in word_spans(folded, is_guessing=False)]
    others = [(word, other) for word in words for group in _SAME_MATTER if word in group for other in group]
    if folded.isascii() and words:
        others.append((words[-1], words[-1].removesuffix("s") if words[-1].endswith("s") else f"{words[-1]}s"))
    texts = (topic[: (at := folded.index(word))] + other + topic[at + len(word) :] for word, other in others)
    return [text for text in texts if fold_aligned(text) != folded][:_OTHER_WORDS]


def _is_alike(item: Ranked) -> bool:
    """Return whether a passage is of the topic in other words, some of which it has: 跨海大桥合龙 for 桥梁建设."""
    return item.candidate.window >= _ALIKE and _share(item) >= _SOME_WORDS


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
