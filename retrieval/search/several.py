"""A question → its answer; of one that asks several things, each found by itself and all covered by the first hits.

What the passages cited make of a comparison, whose day is earlier, whose figure larger, is certain, or not said.
"""

import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial

from retrieval.encode.encoder import QueryEmbedding, Vectors
from retrieval.search import Findings, Resources, find, judge, part_query
from retrieval.search.candidates import Evidence
from retrieval.search.cutting import cut
from retrieval.search.differences import Figure, figure_in
from retrieval.search.listing import Asking, Cut, Relation
from retrieval.search.question import Query, tidied
from retrieval.search.sources import fold_aligned
from retrieval.search.terms import Terms
from retrieval.store.protocols import Index
from retrieval.text.dates import DateMention, day_range, find_dates
from retrieval.values import Answer, Ask, Compared, Hit, PartAnswer

_DEPTH = 10
"""Hits looked for of each part: as deep as completeness is measured."""
_SHOWN = 3
"""Hits of a part that are its own in the answer."""
_EQUAL = 0.95
"""A hit with this share of a part's best score answers that part as well: it covers it."""

Embed = Callable[[str], QueryEmbedding]


def answered(index: Index, ask: Ask, query: Query, embed: Embed, resources: Resources) -> Answer:
    """Answer what was asked; `embed` starts the embedding of a question."""
    timed = _Timed(embed)
    search = partial(_found, index, ask, timed, resources)
    whole = search(query, ask.k)
    query = whole.respelt or query
    answer = Answer(
        question=tidied(ask.question),
        confidence=whole.confidence,
        filters=query.certain if whole.is_widened else query.filters,
        widened=query.filters if whole.is_widened else None,
        hits=whole.hits,
        refusal=whole.refusal,
        understood=query.understood,
        age=whole.age,
        explanation=whole.explanation,
    )
    parts = (
        cut(query.typed, partial(_coherence, index, resources))
        if whole.hits and "title" not in whole.explanation
        else None
    )
    if parts:

        def found(part: Asking) -> Findings:
            return search(part_query(index, ask, query, part, resources.outlets), _DEPTH)

        answer = _in_parts(answer, whole, parts, found, resources.threshold)
        answer = replace(answer, hits=answer.hits[: ask.k])
    return replace(answer, timing_ms={"encode": 1e3 * timed.seconds})


def _found(index: Index, ask: Ask, timed: "_Timed", resources: Resources, query: Query, k: int) -> Findings:
    search = partial(find, index, k=k, today=ask.day.toordinal(), resources=resources)
    found, asked = search(query, timed.embedding(query.text)), None
    while found.respelt:  # as the archive spells it, then with both forms of its names
        asked = found.respelt
        found = search(asked, timed.embedding(asked.text))
    return replace(found, respelt=asked)


def _in_parts(
    answer: Answer, whole: Findings, parts: Cut, search: Callable[[Asking], Findings], threshold: float
) -> Answer:
    """Put the parts' hits together; the whole's own answer stays where no part is answered by itself."""
    found = [search(part) for part in parts.parts]
    if parts.relation in _TIMED:
        found = [reported(each, part, threshold) for each, part in zip(found, parts.parts, strict=True)]
    if not any(_is_answered(each) for each in found):
        return answer
    firsts = [each.hits[0] if _is_answered(each) else None for each in found]
    outcome = compare(parts.relation, parts.quality, firsts, parts.event) if parts.relation else None
    if parts.is_whole_first and (None in firsts or (whole.refusal is None and not (outcome and outcome.is_stated))):
        return answer
    lists = [each.hits for each in sorted(found, key=lambda each: not _is_answered(each))]
    ordered = covering([*lists, whole.hits], sum(map(_is_answered, found)))
    hits = [replace(hit, rank=place) for place, hit in enumerate(ordered, 1)]
    places = {_key(hit): hit for hit in hits}
    best = max(found, key=lambda each: each.confidence)
    return replace(
        answer,
        confidence=best.confidence,
        explanation=best.explanation,
        refusal=None,
        hits=tuple(hits),
        parts=tuple(_part(asking, each, places) for asking, each in zip(parts.parts, found, strict=True)),
        outcome=outcome,
    )


_SENTENCE = re.compile("[^。！？!?\n]*[。！？!?\n]?")


def reported(found: Findings, part: Asking, threshold: float) -> Findings:
    """Put the article first whose title reports what happened, whatever its passage has of other days: it answers."""
    reports = [hit for hit in found.hits if hit.span[0] == 0 and judge.reports(hit.article.title or "", part.question)]
    if not reports:
        return found
    whole = fold_aligned(part.question)
    first = max(reports, key=lambda hit: whole in judge.in_letters(hit.article.title or ""))
    lead = _SENTENCE.match(first.text)
    span = lead.span() if lead else first.highlight
    answer = first.answer if first.answer and first.answer[1] <= span[1] else None
    told = replace(first, answer=answer, highlight=span)
    others = [hit for hit in found.hits if hit is not first]
    return replace(found, hits=(told, *others), refusal=None, confidence=max(found.confidence, threshold))


def _part(asking: Asking, found: Findings, places: dict[tuple[str, int], Hit]) -> PartAnswer:
    # what is lit answers this part, whatever the same passage answers besides
    hits = tuple(replace(hit, rank=places[_key(hit)].rank) for hit in found.hits[:_SHOWN])
    return PartAnswer(asking.name, asking.question, _is_answered(found), found.confidence, hits)


def _is_answered(found: Findings) -> bool:
    return found.refusal is None and bool(found.hits)


def covering(lists: Sequence[Sequence[Hit]], parts: int) -> list[Hit]:
    """Put hits in one order, so that the first few cover each of the `parts`, whose lists stand before all others.

    First comes what covers most parts that nothing before it covers, the part asked first before the others; then each
    list's next hit in turn.
    """
    covers = [_covering(own) for own in lists[:parts]]
    ordered, uncovered = dict[tuple[str, int], Hit](), set(range(parts))
    pool = dict[tuple[str, int], Hit]()
    for hit in _in_turn(lists):
        pool.setdefault(_key(hit), hit)
    while uncovered:
        key = max(pool, key=lambda key: sum(key in covers[part] for part in uncovered))
        newly = {part for part in uncovered if key in covers[part]}
        if not newly:
            break
        ordered[key] = pool[key]
        uncovered -= newly
    return list({**ordered, **{key: hit for key, hit in pool.items() if key not in ordered}}.values())


def _covering(own: Sequence[Hit]) -> frozenset[tuple[str, int]]:
    """Return the hits of a part's list that answer that part: the first, and what has about as much evidence as any."""
    enough = _EQUAL * max((hit.score for hit in own), default=0.0)
    return frozenset(_key(hit) for place, hit in enumerate(own) if place == 0 or hit.score >= enough)


def _in_turn(lists: Sequence[Sequence[Hit]]) -> Iterator[Hit]:
    for place in range(max(map(len, lists), default=0)):
        for own in lists:
            yield from own[place : place + 1]


def _key(hit: Hit) -> tuple[str, int]:
    return hit.article.id, hit.span[0]


_BEST = 5


def _coherence(index: Index, resources: Resources, texts: Sequence[str]) -> tuple[float, int]:
    """Return how much of each text stands in one passage, by its length, and how many texts they are."""
    covered = 0.0
    for text in texts:
        terms = Terms.of(text, index.words, resources.translations)
        evidence = Evidence.of(index, terms, index.words.search(terms.searched, _BEST))
        covered += len(text) * max(evidence.shares.values(), default=0.0)
    return round(covered / sum(map(len, texts)), 2), len(texts)


@dataclass(slots=True)
class _Timed:
    """Embeddings, timed; `seconds` passed from the start of each until its vector was there."""

    embed: Embed
    seconds: float = 0.0

    def embedding(self, text: str) -> QueryEmbedding:
        start = time.perf_counter()
        embedding = self.embed(text)
        if embedding.is_done:
            return embedding
        return replace(embedding, vector=partial(self._vector, embedding, start))

    def _vector(self, embedding: QueryEmbedding, start: float) -> Vectors:
        vector = embedding.vector()
        self.seconds += time.perf_counter() - start
        return vector


Days = tuple[int, int]
"""The first and last day that may be meant, as ordinals."""

_TIMED = {Relation.EARLIER, Relation.LATER, Relation.SAME_DAY, Relation.SAME_MONTH, Relation.SAME_YEAR}


def compare(relation: Relation, quality: str, hits: Sequence[Hit | None], event: str = "") -> Compared:
    """Compare what the hit of each part says, None where a part has none; of days those of the `event` asked for."""
    if relation in _TIMED:
        days = [days_in(hit, event) if hit else None for hit in hits]
        return _of_days(relation, days)
    figures = [figure_in(hit, quality) if hit else None for hit in hits]
    return _of_figures(relation, figures)


# ---- Days

_RELATIVE = (
    (re.compile("今[天日晨晚早]|本日|today|tonight", re.IGNORECASE), (0, 0)),
    (re.compile("昨[天日晚晨]|yesterday", re.IGNORECASE), (1, 1)),
    (re.compile("前(?:[天日](?!后)|[晚夜晨])"), (2, 2)),
)
_TELLING = re.compile(
    "(?:[今昨前][天日晚]|本日)[上下]?午?(?:对外|正式)?(?:宣布|公布|通报|透露|表示|发布|介绍|证实|通告|公告|公示|答复|批复|说|称)"
)
_LATELY = re.compile("日前|近日|近期|这几天|recently", re.IGNORECASE), (0, 30)
_UNSAID = (0, 3)
"""Days between what happened and its report, where the report says nothing of it."""


def days_in(hit: Hit, event: str = "") -> Days | None:
    """Return the days on which what a hit reports may have happened; None where it names several, or none is known.

    Where it is asked for an `event`, and title and lit words do not name it, the words that answer alone say when.
    """
    published = day_range(hit.article.published[:10]) if hit.article.published else None
    lit = hit.text[slice(*hit.highlight)]
    is_reported = not event or _tells(f"{hit.article.title or ''}\n{lit}", event)
    for text in (_answering(hit), lit, hit.text) if is_reported else (_answering(hit, event),):
        named = _distinct(text, published)
        if len(named) == 1:
            return named[0]
        if named:
            # of several days that is the reported one which lies right before the report
            fresh = [days for days in named if published and _is_fresh(days, published)]
            return fresh[0] if len(fresh) == 1 else next((days for days in fresh if days == published), None)
    if published is None or not is_reported:
        return None
    after = next((days for pattern, days in (*_RELATIVE, _LATELY) if pattern.search(lit)), _UNSAID)
    return published[0] - after[1], published[1] - after[0]


_EVENTS = (
    "建成 完工 竣工 落成 通车 开通 开放 启用 投用 运营 投产",
    "成立 创办 创建 创立 组建 设立 建立",
    "去世 逝世 病逝 离世 辞世 死",
    "开工 动工 奠基 开建",
    "发布 公布 推出 发表 上市",
    "上映 公映 首映",
    "宣判 判决 判处 获刑",
    "上任 就任 接任 当选 任职",
)
_SAME_EVENT = {word: words.split() for words in _EVENTS for word in words.split()}
"""All words for about the same event, by each of them."""


def _tells(text: str, event: str) -> bool:
    """Return whether a text names an event, by any word for it."""
    folded = fold_aligned(text)
    return any(word in folded for word in _SAME_EVENT.get(event, [event]))


_CLAUSE_ENDS = re.compile("[，,。；;！\n]")


def _answering(hit: Hit, event: str = "") -> str:
    """Return the words that answer when it was, with all of a date that they are a part of.

    Of an `event`, if their clause names it.
    """
    if hit.answer is None:
        return ""
    start, end = hit.answer
    before, after = _CLAUSE_ENDS.split(hit.text[:start])[-1], _CLAUSE_ENDS.split(hit.text[end:], maxsplit=1)[0]
    if event and not _tells(f"{before}{hit.text[start:end]}{after}", event):
        return ""
    touched = [each.span for each in find_dates(hit.text) if each.span[0] < end and start < each.span[1]]
    return hit.text[min([start, *(span[0] for span in touched)]) : max([end, *(span[1] for span in touched)])]


_FRESH = 10
"""Days before a report in which lies what it reports as news, where it names other days, too."""
_AHEAD = 60
"""Days after a report from which a day without a year is taken for one of the year before."""


def _is_fresh(days: Days, published: Days) -> bool:
    return published[0] - _FRESH <= days[0] and days[1] <= published[1] + 1


def _distinct(text: str, published: Days | None) -> list[Days]:
    """Return the different days that a text names, 昨天 among them; a wider one that holds a narrower is the same."""
    told = {days for mention in find_dates(text) if (days := _days(mention, published))}
    if published:
        plain = _TELLING.sub("", text) if told else text  # 昨天宣布1月20日去世: the day of telling is not meant
        relative = [days for pattern, days in _RELATIVE if pattern.search(plain)]
        told |= {(published[0] - days[1], published[1] - days[0]) for days in relative}
    named = sorted(told, key=lambda each: each[1] - each[0])
    kept = list[Days]()
    for days in named:
        if not any(days[0] <= other[0] and other[1] <= days[1] for other in kept):
            kept.append(days)
    return kept


def _days(mention: DateMention, published: Days | None) -> Days | None:
    year = mention.year or (date.fromordinal(published[1]).year if published else None)
    if year is None:
        return None
    days = _of_year(year, mention)
    if days and published and mention.year is None and days[0] > published[1] + _AHEAD:
        return _of_year(year - 1, mention)
    return days


def _of_year(year: int, mention: DateMention) -> Days | None:
    iso = "-".join([f"{year:04d}", *(f"{part:02d}" for part in (mention.month, mention.day) if part)])
    try:
        return day_range(iso)
    except ValueError:
        return None


def _of_days(relation: Relation, days: Sequence[Days | None]) -> Compared:
    values = tuple(each and _shown(each) for each in days)
    known = [each for each in days if each]
    if len(known) < len(days):
        return Compared(relation, values)
    if relation in {Relation.EARLIER, Relation.LATER}:
        sign = 1 if relation is Relation.EARLIER else -1
        first, last = (0, 1) if sign == 1 else (1, 0)
        winner = min(range(len(known)), key=lambda at: sign * known[at][first])
        others = [each for at, each in enumerate(known) if at != winner]
        if any(sign * known[winner][last] >= sign * each[first] for each in others):
            return Compared(relation, values)
        nearest = min(abs(each[first] - known[winner][last]) for each in others)
        exact = all(each[0] == each[1] for each in known)
        return Compared(relation, values, winner=winner, difference=str(nearest) if exact else None, unit="days")
    return Compared(relation, values, same=_same(relation, known))


def _same(relation: Relation, known: Sequence[Days]) -> bool | None:
    """Return whether all fall on one day, in one month or year; None where a range leaves it open."""
    width = {Relation.SAME_DAY: 10, Relation.SAME_MONTH: 7, Relation.SAME_YEAR: 4}[relation]
    cut = [tuple(date.fromordinal(day).isoformat()[:width] for day in days) for days in known]
    if all(first == last for first, last in cut):
        return len(set(cut)) == 1
    apart = any(a[1] < b[0] or b[1] < a[0] for at, a in enumerate(cut) for b in cut[at + 1 :])
    return False if apart else None


def _shown(days: Days) -> str:
    first, last = (date.fromordinal(day) for day in days)
    if first == last:
        return first.isoformat()
    if first.day == 1 and (last + timedelta(days=1)).day == 1:
        if (first.year, first.month) == (last.year, last.month):
            return first.isoformat()[:7]
        if (first.month, last.month, first.year) == (1, 12, last.year):
            return str(first.year)
    return f"{first.isoformat()}…{last.isoformat()}"


_ALIKE = 1000
"""Figures that are further apart are hardly of the same thing: a fare is not what a line cost."""


def _of_figures(relation: Relation, figures: Sequence[Figure | None]) -> Compared:
    values = tuple(each and each[2] for each in figures)
    known = [each for each in figures if each]
    if len(known) < len(figures) or len({kind for _, kind, _ in known}) > 1:
        return Compared(relation, values)
    order = sorted(range(len(known)), key=lambda at: known[at][0], reverse=relation is Relation.LARGER)
    first, second = known[order[0]][0], known[order[1]][0]
    if max(abs(first), abs(second)) > _ALIKE * min(abs(first), abs(second)):
        return Compared(relation, values)
    if first == second:
        return Compared(relation, values, same=True)
    return Compared(
        relation, values, winner=order[0], difference=f"{abs(first - second).normalize():f}", unit=known[0][1]
    )
