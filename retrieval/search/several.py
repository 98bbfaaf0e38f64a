"""A question → its answer; of one that asks several things, each found by itself and all covered by the first hits."""

import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from retrieval.encode.encoder import QueryEmbedding, Vectors
from retrieval.search import Findings, Resources, find, part_query, precedence
from retrieval.search.candidates import Evidence
from retrieval.search.cutting import cut
from retrieval.search.listing import Asking, Cut
from retrieval.search.outcome import TIMED, compare
from retrieval.search.question import Query, tidied
from retrieval.search.sources import fold_aligned
from retrieval.search.terms import Terms
from retrieval.store.protocols import Index
from retrieval.values import Answer, Ask, Hit, PartAnswer

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
    if parts.relation in TIMED:
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
