"""Question → hits: gather, rank, light the window that answers, judge whether it does."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from retrieval.encoders import Vectors
from retrieval.search import fusion, refusal
from retrieval.search.candidates import Candidate, Indexes, gather
from retrieval.search.highlights import best_window
from retrieval.search.question import Query
from retrieval.search.ranking import Ranked, ranked, with_dates
from retrieval.search.terms import Terms
from retrieval.text.days import day_range
from retrieval.text.words import words
from retrieval.values import Filters, Hit

_OLD_DAYS = 365


@dataclass(frozen=True, slots=True)
class Findings:
    """What a search found: hits, best first, and whether the first one answers; if not, why."""

    hits: tuple[Hit, ...]
    confidence: float
    reason: str | None
    note: str | None


def find(indexes: Indexes, query: Query, vector: Vectors, k: int, *, today: int) -> Findings:
    """Return the `k` best hits; `vector` is the question's, of shape (dim,), `today` an ordinal day."""
    terms = Terms.of(query.text, indexes.words)
    found = rank(indexes, query, vector, terms)
    is_empty = not found
    if is_empty and query.filters != Filters():
        found = rank(indexes, replace(query, filters=Filters()), vector, terms)
    confidence = 0.0 if is_empty else refusal.confidence(query.text, found)
    reason = None
    if confidence < refusal.THRESHOLD:
        nearest = found[0] if found else None
        reason = refusal.reason(query.filters, nearest, _coverage(indexes), is_empty=is_empty)
    shown = [] if is_empty or _is_gibberish(terms, confidence) else found[:k]
    note = _age(shown[0], today) if shown and reason is None and query.is_latest else None
    return Findings(tuple(_hits(indexes, shown, query, terms)), confidence, reason, note)


def rank(indexes: Indexes, query: Query, vector: Vectors, terms: Terms) -> list[Ranked]:
    """Return all that was gathered for a query, best first, copies of a story folded."""
    candidates = gather(indexes, vector, terms, query.filters)
    if query.filters.since or query.filters.until:
        candidates += _undated(indexes, query, vector, terms)
    numbers = sorted({candidate.article for candidate in candidates})
    articles = indexes.catalogue.articles(numbers)
    return ranked(with_dates(candidates, articles, query), articles, indexes.catalogue.stories(numbers))


def _undated(indexes: Indexes, query: Query, vector: Vectors, terms: Terms) -> list[Candidate]:
    """Return candidates without a date, which no date range can hold: they are kept, ranked below."""
    candidates = gather(indexes, vector, terms, Filters(source=query.filters.source))
    articles = indexes.catalogue.articles(sorted({candidate.article for candidate in candidates}))
    return [item for item in candidates if item.article in articles and articles[item.article].published is None]


def _hits(indexes: Indexes, shown: Sequence[Ranked], query: Query, terms: Terms) -> list[Hit]:
    tellings = indexes.catalogue.story_articles(sorted({item.story for item in shown}))
    hits = []
    for rank, item in enumerate(shown, 1):
        candidate, text = item.candidate, item.article.text
        start, stop = candidate.span
        lit = best_window(text, candidate.windows, candidate.similarities, query.text, terms.shares)
        hits.append(
            Hit(
                rank=rank,
                score=item.score,
                text=text[start:stop],
                highlight=(lit[0] - start, lit[1] - start),
                span=candidate.span,
                article=item.article,
                also_in=tuple(other for other in tellings.get(item.story, ()) if other.id != item.article.id),
                explanation={**fusion.shares(candidate), **_matched(text[start:stop], terms)},
            )
        )
    return hits


def _matched(passage: str, terms: Terms) -> dict[str, float]:
    """Return the share of the question's weight of each word that stands in the passage."""
    standing = set(words(passage))
    return {f"word {word}": share for word, share in terms.shares.items() if word in standing}


def _is_gibberish(terms: Terms, confidence: float) -> bool:
    """Tell a question none of whose words the archive has and which resembles nothing in it either."""
    return terms.known == 0 and len(terms.found) == 1 and confidence < refusal.THRESHOLD


def _coverage(indexes: Indexes) -> refusal.Coverage:
    first, last, _ = indexes.catalogue.dates()
    return refusal.Coverage(indexes.catalogue.counts()["articles"], first, last)


def _age(best: Ranked, today: int) -> str | None:
    """Say how old an answer is to a question for how things stand."""
    if best.article.published is None:
        return "when this was so is not known: the article has no date"
    days = today - day_range(best.article.published)[1]
    return f"the newest that answers is {days // 365} years old" if days > _OLD_DAYS else None
