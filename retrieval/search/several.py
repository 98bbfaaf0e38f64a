"""A question → its answer; of one that asks several things, each found by itself and all covered by the first hits."""

import math
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Protocol

from retrieval.encode.encoder import QueryEmbedding, Vectors
from retrieval.encode.marker import Marker
from retrieval.search import Findings, Resources, find, hindsight_free, part_query, precedence
from retrieval.search.conversation import CERTAIN, completed
from retrieval.search.cutting import cut
from retrieval.search.measures import plain
from retrieval.search.outcome import SAME, TIMED, compare, grain_of
from retrieval.search.parts import Asking, Cut
from retrieval.search.question import Query, tidied
from retrieval.search.sources import fold_aligned
from retrieval.store.protocols import Index
from retrieval.text.dates import day_range
from retrieval.values import Answer, Ask, Hit, PartAnswer

_DEPTH = 10
"""Hits looked for of each part: as deep as completeness is measured."""
_SHOWN = 3
"""Hits of a part that are its own in the answer."""

Embed = Callable[[str], QueryEmbedding]
Key = tuple[str, int]
"""A passage: its article, and where it begins there."""


def answered(index: Index, ask: Ask, query: Query, embed: Embed, resources: Resources) -> Answer:
    """Answer what was asked; `embed` starts the embedding of a question."""
    timed = _Timed(embed)
    search, marker = partial(_found, index, ask, timed, resources), resources.marker
    marks = marker and marker.start(query.typed)
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
    is_cut = whole.hits and "title" not in whole.explanation
    parts = cut(query.typed, marker, marks.result()) if marker and marks and is_cut else None
    if parts and marker:
        parts = parts if parts.relation else _completed(parts, marker)
        asked = of_all(query, parts)

        def found(part: Asking, time: str = "") -> Findings:
            own = part_query(index, ask, asked, part, resources.outlets)
            return search(_within(own, time, ask.as_of) if time else own, _DEPTH)

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


def _completed(parts: Cut, marker: Marker) -> Cut:
    """Complete later parts with what they lack of the one before: 居民被送到哪个馆，那儿坐得下多少人."""
    asked = [parts.parts[0]]
    for part in parts.parts[1:]:
        before = asked[-1].question
        link = marker.link(before, part.question)
        meant = completed(before, part.question, link) if link and link.leans >= CERTAIN else None
        asked.append(plain(part.name, meant.question) if meant else part)
    return replace(parts, parts=tuple(asked))


def _within(query: Query, time: str, as_of: date | None) -> Query:
    """Return what asks the same of articles of a time, in ISO; of one that names its own time, what asks that."""
    if query.preferred or query.filters.since:
        return query
    filters = replace(query.filters, since=time, until=time)
    filters = hindsight_free(filters, as_of) if as_of else filters
    return replace(query, filters=filters, certain=filters)


def of_all(query: Query, parts: Cut) -> Query:
    """Return what a question says of all its parts: no outlet that some of them name, no "最早", which compares."""
    if parts.relation in TIMED:
        query = replace(query, moment=None)
    source = query.filters.source
    naming = [source is not None and fold_aligned(source) in fold_aligned(part.question) for part in parts.parts]
    if source == query.given.source or all(naming) or not any(naming):
        return query
    return replace(query, filters=replace(query.filters, source=query.given.source))


class _Search(Protocol):
    """Finds what a part asks, within a time if one is given, in ISO."""

    def __call__(self, part: Asking, time: str = "") -> Findings: ...


def _in_parts(answer: Answer, whole: Findings, parts: Cut, search: _Search, threshold: float) -> Answer:
    """Put the parts' hits together; the whole's own answer stays where no part is answered by itself."""
    found = [search(part) for part in parts.parts]
    if parts.relation in TIMED:
        found = [reported(each, part, threshold) for each, part in zip(found, parts.parts, strict=True)]
    if not any(_is_answered(each) for each in found):
        return answer
    firsts = [each.hits[0] if _is_answered(each) else None for each in found]
    outcome = compare(parts.relation, parts.quality, firsts, parts.event) if parts.relation else None
    if parts.is_whole_first and (None in firsts or (whole.refusal is None and not (outcome and outcome.is_stated))):
        return answer
    timely = _in_same(parts, found, search)
    if outcome and outcome.same is False and _may_be_same(found, timely):
        outcome = replace(outcome, same=None)
    lists = [(*own.hits, *more) for own, more in sorted(zip(found, timely, strict=True), key=_is_refused)]
    weightier = frozenset(key_of(hit) for more in timely for hit in more)
    ordered = covering([*lists, whole.hits], sum(map(_is_answered, found)), weightier)
    hits = [replace(hit, rank=place) for place, hit in enumerate(ordered, 1)]
    places = {key_of(hit): hit for hit in hits}
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


def _in_same(parts: Cut, found: Sequence[Findings], search: _Search) -> list[tuple[Hit, ...]]:
    """Return of each part what the time has of it in which the surest one happened, where it is asked whether both did.

    What happens often is reported often (发布暴雨预警): that it is then is what is asked.
    """
    surest = max(found, key=lambda each: each.confidence)
    day = surest.hits[0].article.published if surest.hits else None
    if parts.relation not in SAME or not day:
        return [()] * len(found)
    time = grain_of(parts.relation, day_range(day[:10])[1])
    return [
        ()
        if own is surest
        else tuple(hit for hit in search(part, time).hits if hit.article.published and hit.score > 0)[:_SHOWN]
        for part, own in zip(parts.parts, found, strict=True)
    ]


_AS_GOOD = 0.85
"""Share of a part's best score that what is of the other's time has, where it may be what was meant."""


def _may_be_same(found: Sequence[Findings], timely: Sequence[tuple[Hit, ...]]) -> bool:
    """Return whether a part may have happened in the time of the surest one, too, whatever its first hit says."""
    return any(more and more[0].score >= _AS_GOOD * own.hits[0].score for own, more in zip(found, timely, strict=True))


_SENTENCE = re.compile("[^。！？!?\n]*[。！？!?\n]?")


def reported(found: Findings, part: Asking, threshold: float) -> Findings:
    """Put the article first whose title reports what happened, whatever its passage has of other days: it answers."""
    reports = [
        hit for hit in found.hits if hit.span[0] == 0 and precedence.reports(hit.article.title or "", part.question)
    ]
    if not reports:
        return found
    whole = fold_aligned(part.question)
    first = max(reports, key=lambda hit: whole in precedence.in_letters(hit.article.title or ""))
    lead = _SENTENCE.match(first.text)
    span = lead.span() if lead else first.highlight
    answer = first.answer if first.answer and first.answer[1] <= span[1] else None
    told = replace(first, answer=answer, highlight=span)
    others = [hit for hit in found.hits if hit is not first]
    return replace(found, hits=(told, *others), refusal=None, confidence=max(found.confidence, threshold))


def _part(asking: Asking, found: Findings, places: dict[Key, Hit]) -> PartAnswer:
    # what is lit answers this part, whatever the same passage answers besides
    hits = tuple(replace(hit, rank=places[key_of(hit)].rank) for hit in found.hits[:_SHOWN])
    return PartAnswer(asking.name, asking.question, _is_answered(found), found.confidence, hits)


def _is_answered(found: Findings) -> bool:
    return found.refusal is None and bool(found.hits)


def _is_refused(own: tuple[Findings, object]) -> bool:
    return not _is_answered(own[0])


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


# ---- The hits of each part in one order, whose first few cover every part

_EQUAL = 0.95
"""A hit with this share of a part's best score answers that part as well: it covers it."""
_STEEPNESS = 8.0
"""Power of a hit's score, over the best one's, by which it takes its share of a part: .9 of it weighs .43."""
_READ, _UNREAD = 0.3, -3.0
"""What a log-odds of reading adds to a share, as an exponent, and the log-odds taken of a hit that was not read."""
_LEAST = -5.0
"""Log-odds of reading below which a hit is denied no further."""
_TIMELY = math.e
"""How much more a hit weighs that is of the time in which another part happened, where that is asked."""


def key_of(hit: Hit) -> Key:
    """Return what says which passage a hit shows."""
    return hit.article.id, hit.span[0]


def covering(lists: Sequence[Sequence[Hit]], parts: int, timely: frozenset[Key] = frozenset()) -> list[Hit]:
    """Put hits in one order, so that the first few cover each of the `parts`, whose lists stand before all others.

    First comes what covers most parts that nothing before it covers, the part asked first before the others; then what
    has the largest share of the evidence for its part, so that a part whose hits are all alike shows more of them than
    one whose first stands alone; then each other list's next hit in turn. `timely` are hits that weigh more.
    """
    covers = [_covering(own) for own in lists[:parts]]
    pool = dict[Key, Hit]()
    for hit in _in_turn(lists):
        pool.setdefault(key_of(hit), hit)
    ordered, uncovered = list[Key](), set(range(parts))
    while uncovered:
        first = max(pool, key=lambda key: sum(key in covers[part] for part in uncovered))
        newly = {part for part in uncovered if first in covers[part]}
        if not newly:
            break
        ordered.append(first)
        uncovered -= newly
    shares = dict[Key, float]()
    for own in lists[:-1]:
        for key, share in _shares(own, timely).items():
            shares[key] = shares.get(key, 0.0) + share
    rest = sorted((key for key in pool if key not in ordered), key=lambda key: -shares.get(key, 0.0))
    return [pool[key] for key in (*ordered, *rest)]


def _covering(own: Sequence[Hit]) -> frozenset[Key]:
    """Return the hits of a part's list that answer that part: the first, and what has about as much evidence as any."""
    enough = _EQUAL * max((hit.score for hit in own), default=0.0)
    return frozenset(key_of(hit) for place, hit in enumerate(own) if place == 0 or hit.score >= enough)


def _shares(own: Sequence[Hit], timely: frozenset[Key]) -> Mapping[Key, float]:
    """Return which share of the evidence for a part each of its hits has: 1 in all."""
    best = max((hit.score for hit in own), default=0.0)
    if best <= 0:
        return {}
    weights = {
        key_of(hit): (max(hit.score, 0.0) / best) ** _STEEPNESS
        * math.exp(_READ * max(_LEAST, hit.explanation.get("answered", _UNREAD)))
        * (_TIMELY if key_of(hit) in timely else 1.0)
        for hit in own
    }
    whole = sum(weights.values())
    return {key: weight / whole for key, weight in weights.items()}


def _in_turn(lists: Sequence[Sequence[Hit]]) -> Iterator[Hit]:
    for place in range(max(map(len, lists), default=0)):
        for own in lists:
            yield from own[place : place + 1]
