"""A passage as a document of the word index, and what such documents are asked."""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

import tantivy
from tantivy import Occur, Query

from retrieval.store.local.signatures import Row, context_row, passage_row
from retrieval.store.protocols import NO_WRITING
from retrieval.text import words as text_words
from retrieval.text.dates import EVERY_DAY, days_of, month_and_year
from retrieval.values import Article, Filters, Span

_TITLE = 500  # characters of a title; a longer one is none, and every passage of its article would carry it
_LEAD = 200  # characters at the head of an article that say where and whom it is about, besides its title

PassageOf = tuple[int, Article, Span, tuple[int, int] | None]
"""A passage's number, article, span, and the first and last day on which it may have been published."""


def document_schema() -> tantivy.Schema:
    """Return the fields of a document; one more has the archive's stamp and the change sequence that is covered."""
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("passage", indexed=True, fast=True)
    builder.add_text_field("words", tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("context", tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("source", tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("first_day", indexed=True, fast=True)
    builder.add_integer_field("last_day", indexed=True, fast=True)
    builder.add_text_field("stamp", tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("sequence", fast=True)
    return builder.build()


def context_of(article: Article) -> str:
    """Return what is said at the head of an article: its title and lead."""
    return f"{(article.title or '')[:_TITLE]}\n{article.text[:_LEAD]}"


@lru_cache(maxsize=8)  # the lead of a short article is its passage
def words_of(passage: str) -> tuple[str, ...]:
    """Return the words that a passage counts for, repeats kept; those of what is no writing stand apart."""
    from retrieval.text.language import is_writing

    found = text_words.words(passage)
    return tuple(found) if is_writing(passage) else (NO_WRITING, *(NO_WRITING + word for word in found))


def documents(passages: Iterable[PassageOf]) -> Iterator[tuple[tantivy.Document, list[Row]]]:
    """Yield each passage's document, and the rows of signatures that it adds; an article's passages are neighbours."""
    article, first, context = "", 0, list[str]()
    for number, of, span, days in passages:
        rows = []
        if of.id != article:
            article, first = of.id, number
            context = [*text_words.words(of.title or ""), *words_of(of.text[:_LEAD])]
            rows.append(context_row(first, text_words.signature(context_of(of))))
        passage = of.text[slice(*span)]
        rows.append(passage_row(number, first, text_words.signature(passage)))
        yield _document(number, of.source, words_of(passage), context, days), rows


def _document(
    number: int, source: str | None, own: Sequence[str], context: Sequence[str], days: tuple[int, int] | None
) -> tantivy.Document:
    document = tantivy.Document(passage=number, source=source or "")
    document.add_text("words", " ".join(own))
    document.add_text("context", " ".join(context))
    if days:
        document.add_integer("first_day", days[0])
        document.add_integer("last_day", days[1])
    return document


_FEW_DAYS = 100
"""Days of a range up to which each is asked for by itself: of 500,000 passages 20 take 1.7 ms, as a range 5."""

Clause = tuple[str, str]
"""A field and a word."""


def any_of(schema: tantivy.Schema, clauses: Sequence[Clause]) -> Query:
    """Match documents with any of these words; of such a plain union tantivy reads only what can reach the first k."""
    return Query.boolean_query([(Occur.Should, Query.term_query(schema, *clause, "freq")) for clause in clauses])


def within(schema: tantivy.Schema, query: Query, filters: Filters) -> Query:
    """Restrict a query to the passages that satisfy `filters`; undated ones satisfy no date range."""
    limits = []
    if days := days_of(filters):
        limits += _within_days(schema, *days)
    if filters.source:
        limits.append(Query.term_query(schema, "source", filters.source))
    return Query.boolean_query(
        [(Occur.Must, query), *((Occur.Must, Query.const_score_query(limit, 0.0)) for limit in limits)]
    )


def _within_days(schema: tantivy.Schema, since: int, until: int) -> list[Query]:
    """Match, all together, what may have been published from one day, an ordinal, to another."""
    if until - since < _FEW_DAYS:
        return [_on_days(schema, since, until)]
    first, last = EVERY_DAY[0], EVERY_DAY[-1]
    return [
        Query.range_query(schema, "last_day", tantivy.FieldType.Integer, since, last),
        Query.range_query(schema, "first_day", tantivy.FieldType.Integer, first, until),
    ]


def _on_days(schema: tantivy.Schema, since: int, until: int) -> Query:
    """Match what may have been published on one of these days, ordinals: begins or ends there, or holds them all.

    A date that is longer than a day is a month or a year.
    """
    wanted = [_on(schema, name, day) for name in ("first_day", "last_day") for day in range(since, until + 1)]
    for first, last in month_and_year(since):
        held = [(Occur.Must, _on(schema, "first_day", first)), (Occur.Must, _on(schema, "last_day", last))]
        wanted.append(Query.boolean_query(held))
    return Query.boolean_query([(Occur.Should, query) for query in wanted])


def _on(schema: tantivy.Schema, name: str, day: int) -> Query:
    return Query.term_query(schema, name, day, "basic")
