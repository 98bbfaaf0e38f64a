"""Question → hits: gather, rank, light the window that answers, judge whether it does."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np

from retrieval.encoders import Begun
from retrieval.index.protocols import Index
from retrieval.search import fusion, refusal
from retrieval.search.candidates import Search, gather, search
from retrieval.search.highlights import light
from retrieval.search.question import Query
from retrieval.search.ranking import Ranked, ranked, with_dates
from retrieval.search.reranking import READ, Reranker, reranked
from retrieval.search.terms import Terms
from retrieval.search.translations import Translations
from retrieval.text.words import standing
from retrieval.values import Age, Article, Filters, Hit, Refusal, RefusalKind


@dataclass(frozen=True, slots=True)
class Findings:
    """What a search found: hits, best first, and whether the first one answers; if not, why."""

    hits: tuple[Hit, ...]
    confidence: float = 0.0
    explanation: Mapping[str, float] = field(default_factory=dict)
    refusal: Refusal | None = None
    age: Age | None = None


@dataclass(frozen=True, slots=True)
class Means:
    """What a search uses besides the archive."""

    translations: Translations
    reranker: Reranker | None = None


def find(indexes: Index, query: Query, begun: Begun, k: int, *, today: int, means: Means) -> Findings:
    """Return the `k` best hits for a question that the encoder has begun with; `today` is an ordinal day."""
    searched = search(indexes, query.text, begun, means.translations, query.filters)
    found = rank(indexes, query, searched)
    if not found:
        return _nothing(indexes, query, searched, means)
    read = max(k, READ) if means.reranker else k
    articles = indexes.articles([item.candidate.article for item in found[:read]])
    if means.reranker:
        found = reranked(means.reranker, query.text, found[:read], articles)
    best = articles[found[0].candidate.article]
    told = refusal.contributions(query.text, best.text[slice(*found[0].candidate.span)], found)
    confidence = refusal.probability(told)
    shown = found[: 0 if _is_gibberish(searched.terms, confidence) else k]
    hits = _hits(indexes, shown, articles, query, searched.terms)
    if confidence < refusal.THRESHOLD:
        return Findings(hits, confidence, told, _refusal(indexes, query, RefusalKind.UNKNOWN, best))
    return Findings(hits, confidence, told, age=_age(found[0], today) if query.is_latest else None)


def rank(indexes: Index, query: Query, searched: Search) -> list[Ranked]:
    """Return all that a search found for a query, best first, copies of a story folded."""
    candidates, places = gather(indexes, searched, query.filters)
    days = {place.article: place.days for place in places}
    stories = {place.article: place.story for place in places}
    return ranked(with_dates(candidates, days, query), days, stories)


def _nothing(indexes: Index, query: Query, searched: Search, means: Means) -> Findings:
    """Say what comes nearest where the filters let nothing through."""
    anywhere = search(indexes, query.text, Begun.done(searched.vector), means.translations, Filters())
    nearest = rank(indexes, replace(query, filters=Filters()), anywhere)[:1]
    articles = indexes.articles([item.candidate.article for item in nearest])
    article = next(iter(articles.values()), None)
    kind = RefusalKind.FILTERED if query.filters != Filters() else RefusalKind.UNKNOWN
    return Findings((), refusal=_refusal(indexes, query, kind, article))


def _hits(
    indexes: Index, shown: Sequence[Ranked], articles: Mapping[int, Article], query: Query, terms: Terms
) -> tuple[Hit, ...]:
    copies = indexes.copies([item.candidate.article for item in shown])
    hits = []
    for place, (item, (windows, words)) in enumerate(zip(shown, _told(shown, articles, terms), strict=True), 1):
        candidate, article = item.candidate, articles[item.candidate.article]
        start, stop = candidate.span
        lit = light(article.text, candidate.windows, candidate.similarities, windows, query.text)
        hits.append(
            Hit(
                rank=place,
                score=item.score,
                text=article.text[start:stop],
                highlight=(lit[0] - start, lit[1] - start),
                span=candidate.span,
                article=article,
                also_in=tuple(copies[candidate.article]),
                explanation={**_shares(item), **words},
            )
        )
    return tuple(hits)


def _shares(item: Ranked) -> Mapping[str, float]:
    judged = {} if item.judged is None else {"reranker": item.judged}
    return {**judged, **fusion.shares(item.candidate)}


def _told(
    shown: Sequence[Ranked], articles: Mapping[int, Article], terms: Terms
) -> Iterator[tuple[list[float], dict[str, float]]]:
    """Yield of each passage what share of the question's weight stands in its windows, and of it each word's."""
    forms = terms.forms
    spans = [(item.candidate.article, window) for item in shown for window in item.candidate.windows]
    flags = standing([articles[article].text[slice(*window)] for article, window in spans], forms.parts)
    there = np.array(flags, np.bool_).reshape(len(spans), len(forms.parts))
    rows = np.cumsum([0, *(len(item.candidate.windows) for item in shown)])
    passages = forms.shares(np.logical_or.reduceat(there, rows[:-1])).tolist()
    windows = forms.shares(there).sum(axis=1).tolist()
    for (first, after), shares in zip(pairwise(rows.tolist()), passages, strict=True):
        words = sorted(zip(forms.words, shares, strict=True))
        yield windows[first:after], {f"word {word}": share for word, share in words if share}


def _is_gibberish(terms: Terms, confidence: float) -> bool:
    """Tell a question none of whose words the archive has and which resembles nothing in it either."""
    return terms.known == 0 and len(terms.shares) == 1 and confidence < refusal.THRESHOLD


def _refusal(indexes: Index, query: Query, kind: RefusalKind, nearest: Article | None) -> Refusal:
    first, last, _ = indexes.catalogue.dates()
    return Refusal(kind, query.filters, indexes.catalogue.counts()["articles"], first, last, nearest)


def _age(best: Ranked, today: int) -> Age | None:
    """Say how old an answer is to a question for how things stand, if it is a year or more."""
    if best.days is None:
        return Age(None)
    years = (today - best.days[1]) // 365
    return Age(years) if years else None
