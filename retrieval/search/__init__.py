"""Question → hits: gather, rank, light the window that answers, judge whether it does."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from itertools import pairwise

import numpy as np

from retrieval.clean import Outlets
from retrieval.encode.encoder import QueryEmbedding
from retrieval.encode.joint import JointModel
from retrieval.encode.marker import Marker
from retrieval.search import judge, precedence
from retrieval.search import rank as fusion
from retrieval.search.candidates import Evidence, Search, gather, search
from retrieval.search.differences import cited, differences, differing
from retrieval.search.parts import Asking
from retrieval.search.phrasing import as_read
from retrieval.search.question import Query, parse
from retrieval.search.rank import Ranked, apart, ranked, with_dates
from retrieval.search.reading import READ, RERANKED, Reranker, light, read, reranked, with_answer
from retrieval.search.spelling import respellings, respelt
from retrieval.search.terms import Terms, abbreviations, is_explaining, with_both
from retrieval.search.translations import Translations
from retrieval.store.protocols import Arrival, Index, Recent, characters
from retrieval.text.dates import day_range
from retrieval.text.words import words_found
from retrieval.values import Age, Answer, Article, Ask, Filters, Hit, Refusal, RefusalKind


@dataclass(frozen=True, slots=True)
class Findings:
    """What a search found: hits, best first, and whether the first one answers; if not, why.

    `respelt` is the question as the archive would write it, where that is to be searched for instead: then there is
    nothing else.
    """

    hits: tuple[Hit, ...]
    confidence: float = 0.0
    explanation: Mapping[str, float] = field(default_factory=dict)
    refusal: Refusal | None = None
    age: Age | None = None
    is_widened: bool = False
    respelt: Query | None = None


@dataclass(frozen=True, slots=True)
class Resources:
    """What a search uses besides the archive."""

    translations: Translations
    reranker: Reranker | None = None
    reader: JointModel | None = None
    marker: Marker | None = None
    threshold: float = judge.THRESHOLD
    outlets: Outlets | None = None


def find(
    indexes: Index, query: Query, embedding: QueryEmbedding, k: int, *, today: int, resources: Resources
) -> Findings:
    """Return the `k` best hits for a query whose embedding is in work; `today` is an ordinal day."""
    searched = search(indexes, query.text, embedding, resources.translations, query.filters, names=query.names or ())
    if not query.is_spelt and (changed := _respelt(indexes, query, searched)):
        return Findings((), respelt=changed)
    found = rank_all(indexes, query, searched)
    if not found and query.filters != query.certain:
        widened = replace(query, filters=query.certain)
        result = find(indexes, widened, QueryEmbedding.of(searched.vector), k, today=today, resources=resources)
        # within which limits it is asked with its names in both forms is seen anew
        respelt_too = result.respelt and replace(result.respelt, filters=query.filters)
        return replace(result, is_widened=True, respelt=respelt_too)
    if not found:
        return _nothing(indexes, query, searched, resources)
    depth = max(k, READ, RERANKED if resources.reranker else 0)
    articles: Mapping[int, Article] = indexes.articles([item.candidate.article for item in found[:depth]])
    if query.names is None and (explained := _explained(indexes, query, searched, found, articles)):
        return Findings((), respelt=explained)
    found = found[:depth] if resources.reranker else found
    asked = as_read(query.read_for or query.text)
    found = _read(asked, query, found, articles, resources, searched.terms)
    found = precedence.told(query, found, articles, today)
    found, articles, code = precedence.by_title_or_codes(indexes, query, found, articles)
    found = _first_read(asked, query, found, articles, resources, searched.terms, is_named=bool(code))
    best = articles[found[0].candidate.article]
    contributions = {
        **judge.contributions(asked, best, precedence.judged(query, found)),
        **code,
        **judge.pointing(query.typed),
    }
    confidence = judge.probability(contributions)
    found = apart(found)
    shown = found[: 0 if _is_gibberish(searched.terms, confidence, resources.threshold) else k]
    further = {item.candidate.article for item in shown} - articles.keys()
    articles = {**articles, **indexes.articles(sorted(further))} if further else articles
    hits = hits_of(indexes, shown, articles, query, searched.terms)
    if confidence < resources.threshold:
        differs = differences(query.text, best.text[slice(*found[0].candidate.span)], cited(best))
        refusal = replace(_refusal(indexes, query, RefusalKind.UNKNOWN, best), differs=differs)
        return Findings(hits, confidence, contributions, refusal)
    return Findings(hits, confidence, contributions, age=_age(found[:k], today) if query.is_latest else None)


def _respelt(indexes: Index, query: Query, searched: Search) -> Query | None:
    """Return a question whose names are written as the archive writes them; None where they are already."""
    passages = [part for item in searched.evidence.details.values() for part in item.signatures]
    changes = respellings(query.text, searched.terms, list(dict.fromkeys(passages)), indexes.words)
    if not changes:
        return None
    said = " · ".join([*([query.understood] if query.understood else []), *map(str, changes)])
    read_for, in_time = query.read_for, query.read_in_time
    for each in changes:
        read_for = read_for.replace(each.typed, each.written)
        in_time = in_time.replace(each.typed, each.written)
    text = respelt(query.text, changes)
    return replace(query, text=text, read_for=read_for, read_in_time=in_time, understood=said, is_spelt=True)


_EXPLAINING, _WITHOUT_SIGN = 10, 5
"""Articles in which names are looked for that they explain, and how many of the first ones are without a sign of it:
half a millisecond for ten of 3,000 characters."""


def _explained(
    indexes: Index, query: Query, searched: Search, found: Sequence[Ranked], known: Mapping[int, Article]
) -> Query | None:
    """Return a question with both forms of each name that articles explain; None where they explain none of it."""
    evidence = searched.evidence
    signed = [number for number, each in evidence.details.items() if is_explaining(query.text, each.signatures)]
    signed.sort(key=lambda number: (-evidence.shares[number], number))
    numbers = [evidence.details[number].place.article for number in signed]
    numbers += [item.candidate.article for item in found[:_WITHOUT_SIGN]]
    numbers = sorted(list(dict.fromkeys(numbers))[:_EXPLAINING])
    articles = {**known, **indexes.articles([number for number in numbers if number not in known])}
    names = abbreviations(query.text, [articles[number].text for number in numbers])
    if not names:
        return None
    said = " · ".join([*([query.understood] if query.understood else []), *map(str, names)])
    text, read_for, in_time = (with_both(each, names) for each in (query.text, query.read_for, query.read_in_time))
    return replace(query, text=text, read_for=read_for, read_in_time=in_time, understood=said, names=tuple(names))


def _read(
    asked: str,
    query: Query,
    found: list[Ranked],
    articles: Mapping[int, Article],
    resources: Resources,
    terms: Terms,
) -> list[Ranked]:
    """Let the models that are there read the best candidates; return all in their new order."""
    if resources.reranker:
        found = reranked(resources.reranker, asked, found, articles)
    if resources.reader:
        found = [*with_shares(found[:READ], articles, terms), *found[READ:]]
        found = _read_by(resources.reader, asked, query, found, articles, resources.threshold, terms)
        if not resources.reranker:
            found = judge.best_first(asked, found, articles, resources.threshold, is_latest=query.is_latest)
    return found


def _read_by(
    reader: JointModel,
    asked: str,
    query: Query,
    found: list[Ranked],
    articles: Mapping[int, Article],
    threshold: float,
    terms: Terms,
) -> list[Ranked]:
    """Read the first hit, and those up to the last that may come before it."""
    done = read(reader, asked, found, articles, [0], query, terms)
    done[0] = judge.weighed(asked, done[0], articles, done)
    worth = range(1, min(READ, len(done)))
    if not query.is_latest:
        promising = judge.worth_reading(asked, done[:READ], articles, threshold)
        worth = range(1, 1 + max([*promising, *precedence.corrections(done, articles)], default=0))
    return read(reader, asked, done, articles, worth, query, terms)


def _first_read(
    asked: str,
    query: Query,
    found: list[Ranked],
    articles: Mapping[int, Article],
    resources: Resources,
    terms: Terms,
    *,
    is_named: bool,
) -> list[Ranked]:
    """Read the hit that stands first for another reason than its evidence, if it was not; a named one has no rivals."""
    if not resources.reader or resources.reranker or found[0].reading:
        return found
    done = read(resources.reader, asked, with_shares(found[:1], articles, terms), articles, [0], query, terms)
    rivals = [] if is_named else found[1:]
    return [judge.weighed(asked, done[0], articles, [*done, *rivals]), *found[1:]]


def rank_all(indexes: Index, query: Query, searched: Search) -> list[Ranked]:
    """Return all that a search found for a query, best first, copies of a story folded."""
    candidates, places = gather(indexes, searched, query.filters)
    days = {place.article: place.days for place in places}
    stories = {place.article: place.story for place in places}
    return ranked(with_dates(candidates, days, query), days, stories, query.moment)


_IN_ALL, _IN_LEAD, _LEAD = 0.95, 0.5, 300
"""An article belongs to a topic whose words' weight stands in it nearly whole, and half of it in its title and first
characters: what is named further down in passing is not what an article is about."""


def belonging(
    indexes: Index, query: Query, embedding: QueryEmbedding, arrivals: Sequence[Arrival], resources: Resources
) -> tuple[Hit, ...]:
    """Return a hit for each new story among `arrivals` that answers a query, or belongs to it as to a topic.

    A story that an older article has, too, is none.
    """
    terms = Terms.of(query.text, indexes.words, resources.translations)
    articles = indexes.articles([arrival.number for arrival in arrivals])
    about = _about(terms, articles)
    done = QueryEmbedding.of(embedding.vector())
    answer = find(indexes, replace(query, filters=Filters(), is_spelt=True), done, 1, today=0, resources=resources)
    best = {hit.article.id for hit in answer.hits if answer.refusal is None}
    chosen = [arrival for arrival in arrivals if arrival.number in about or arrival.id in best]
    evidence = Evidence.of(indexes, terms, [passage for arrival in chosen for passage in arrival.passages])
    ranking = rank_all(indexes, replace(query, filters=Filters()), Search(done.vector(), terms, evidence))
    first = list({item.candidate.article: item for item in reversed(ranking)}.values())[::-1]
    hits = hits_of(indexes, first, articles, query, terms)
    new, source = {arrival.id for arrival in arrivals}, query.filters.source
    return tuple(
        hit
        for hit in hits
        if all(copy.id in new for copy in hit.also_in)
        and source in {None, hit.article.source, *{copy.source for copy in hit.also_in}}
    )


def _about(terms: Terms, articles: Mapping[int, Article]) -> set[int]:
    """Return the numbers of the articles that are about what the words of a question name."""
    whole = [f"{article.title or ''}\n{article.text}" for article in articles.values()]
    lead = [f"{article.title or ''}\n{article.text[:_LEAD]}" for article in articles.values()]
    if not whole or not terms.forms.parts:
        return set()
    flags = words_found([*whole, *lead], terms.forms.parts)
    there = np.array(flags, np.bool_).reshape(len(whole) + len(lead), len(terms.forms.parts))
    shares = terms.forms.shares(there).sum(axis=1)
    in_whole, in_lead = shares[: len(whole)], shares[len(whole) :]
    return {number for number, w, f in zip(articles, in_whole, in_lead, strict=True) if w >= _IN_ALL and f >= _IN_LEAD}


def nothing_of(indexes: Index, query: Query) -> Refusal:
    """Return the refusal of a request for which there is nothing at all."""
    return _refusal(indexes, query, RefusalKind.UNKNOWN, None)


def _nothing(indexes: Index, query: Query, searched: Search, resources: Resources) -> Findings:
    """Say what comes nearest where the filters let nothing through."""
    anywhere = search(indexes, query.text, QueryEmbedding.of(searched.vector), resources.translations, Filters())
    nearest = rank_all(indexes, replace(query, filters=Filters()), anywhere)[:1]
    articles = indexes.articles([item.candidate.article for item in nearest])
    article = next(iter(articles.values()), None)
    kind = RefusalKind.FILTERED if query.filters != Filters() else RefusalKind.UNKNOWN
    return Findings((), refusal=_refusal(indexes, query, kind, article))


def hits_of(
    indexes: Index, shown: Sequence[Ranked], articles: Mapping[int, Article], query: Query, terms: Terms
) -> tuple[Hit, ...]:
    """Return what is shown of ranked candidates, numbered in their order."""
    if not shown:
        return ()
    copies = indexes.copies([item.candidate.article for item in shown])
    known = with_shares(shown, articles, terms)
    return tuple(_hit(place, item, articles, copies, query) for place, item in enumerate(known, 1))


def _hit(
    place: int, item: Ranked, articles: Mapping[int, Article], copies: Mapping[int, Sequence[Article]], query: Query
) -> Hit:
    candidate, article = item.candidate, articles[item.candidate.article]
    start, stop = candidate.span
    reading = item.reading if item.reading and item.reading.is_answer else None
    shares = item.shares or fusion.WordShares((), {})
    lit = light(article.text, candidate.windows, candidate.similarities, shares.windows, query.text)
    answer = reading.answer if reading else None
    lit = with_answer(lit, candidate.windows, answer)
    return Hit(
        rank=place,
        score=item.score,
        text=article.text[start:stop],
        highlight=(lit[0] - start, lit[1] - start),
        span=candidate.span,
        article=article,
        also_in=tuple(copies[candidate.article]),
        differs=differing(article.text[slice(*lit)], copies[candidate.article]),
        explanation={**_shares(item), **shares.words},
        answer=answer and (answer[0] - start, answer[1] - start),
        title_answer=reading.title_answer if reading else None,
    )


def _shares(item: Ranked) -> Mapping[str, float]:
    judged = {} if item.judged is None else {"reranker": item.judged}
    if item.reading:
        judged["answered"] = item.reading.answered
    return {**judged, **fusion.shares(item.candidate)}


def with_shares(shown: Sequence[Ranked], articles: Mapping[int, Article], terms: Terms) -> list[Ranked]:
    """Give each hit the shares of the question's words in it, where it has none yet."""
    lacking = [item for item in shown if item.shares is None]
    shares = dict(
        zip((item.candidate.passage for item in lacking), _word_shares(lacking, articles, terms), strict=True)
    )
    return [item if item.shares else replace(item, shares=shares[item.candidate.passage]) for item in shown]


def _word_shares(shown: Sequence[Ranked], articles: Mapping[int, Article], terms: Terms) -> Iterator[fusion.WordShares]:
    if not shown:
        return
    forms = terms.forms
    spans = [(item.candidate.article, window) for item in shown for window in item.candidate.windows]
    flags = words_found([articles[article].text[slice(*window)] for article, window in spans], forms.parts)
    there = np.array(flags, np.bool_).reshape(len(spans), len(forms.parts))
    rows = np.cumsum([0, *(len(item.candidate.windows) for item in shown)])
    passages = forms.shares(np.logical_or.reduceat(there, rows[:-1])).tolist()
    windows = forms.shares(there).sum(axis=1).tolist()
    for (first, after), shares in zip(pairwise(rows.tolist()), passages, strict=True):
        words = sorted(zip(forms.words, shares, strict=True))
        yield fusion.WordShares(windows[first:after], {f"word {word}": share for word, share in words if share})


def _is_gibberish(terms: Terms, confidence: float, threshold: float) -> bool:
    """Recognise a question none of whose words the archive has and which resembles nothing in it either."""
    return terms.known == 0 and len(terms.shares) == 1 and confidence < threshold


def _refusal(indexes: Index, query: Query, kind: RefusalKind, nearest: Article | None) -> Refusal:
    first, last, _ = indexes.catalogue.dates()
    return Refusal(kind, query.filters, indexes.catalogue.counts()["articles"], first, last, nearest)


def _age(shown: Sequence[Ranked], today: int) -> Age | None:
    """Say how old an answer is to a question for how things stand, if it is a year or more and none shown is newer."""
    best = shown[0]
    if best.days is None:
        return Age(None)
    if any(item.days and item.days[1] > best.days[1] for item in shown):
        return None
    years = (today - best.days[1]) // 365
    return Age(years) if years else None


MOST = 256
MOST_CACHED_CHARACTERS = 8_000_000
"""Of the articles in all answers kept, 16 MB: an answer of thirty long articles counts for more than a short one."""


def recent_answers() -> Recent[Ask, Answer]:
    """Return a place for answers; as many as `MOST`, or fewer where they hold long articles."""
    least = MOST_CACHED_CHARACTERS // MOST
    return Recent(MOST_CACHED_CHARACTERS, lambda answer: max(characters(_articles(answer)), least))


def _articles(answer: Answer) -> Iterator[Article]:
    for hit in answer.hits:
        yield from (hit.article, *hit.also_in)
    if answer.refusal and answer.refusal.nearest:
        yield answer.refusal.nearest


def understood(index: Index, ask: Ask, outlets: Outlets | None = None) -> Query:
    """Understand what was asked as `parse` does; what was published after `as_of` is not there.

    Raises:
        QuestionError: the question is empty or too long.
    """
    understand = partial(parse, sources=index.names, today=ask.day, reached=_last_day(index), outlets=outlets)
    query = understand(ask.question, ask.filters, is_literal=ask.is_literal)
    if ask.as_of is None:
        return query
    is_free = not (query.filters.since or query.filters.until)
    filters, given, certain = (hindsight_free(each, ask.as_of) for each in (query.filters, query.given, query.certain))
    return replace(query, filters=filters, given=given, certain=certain, is_undated_equal=is_free)


def _last_day(index: Index) -> date | None:
    last = index.catalogue.dates()[1]
    return date.fromordinal(day_range(last[:10])[1]) if last else None


def hindsight_free(filters: Filters, as_of: date) -> Filters:
    """Let nothing pass that was published after `as_of`."""
    if filters.until and day_range(filters.until)[1] <= as_of.toordinal():
        return filters
    return replace(filters, until=as_of.isoformat())


def part_query(index: Index, ask: Ask, whole: Query, part: Asking, outlets: Outlets | None = None) -> Query:
    """Understand one thing asked, read for the day meant, within time and source of the whole where it names none."""
    filters = replace(whole.filters, since=None, until=None)
    own = understood(index, replace(ask, question=part.question, filters=filters), outlets)
    read_for = part.read_for.replace(part.question, own.read_for or part.question) or own.read_for
    if own.understood or own.preferred:
        in_time = "" if part.read_for else own.read_in_time
        return replace(own, moment=own.moment or whole.moment, read_for=read_for, read_in_time=in_time)
    return replace(whole, text=own.text, typed=part.question, read_for=read_for, read_in_time="")
