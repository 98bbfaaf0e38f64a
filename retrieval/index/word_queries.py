"""The queries that the words index puts to tantivy."""

from collections.abc import Sequence

import tantivy
from tantivy import Occur, Query

from retrieval.text.days import EVERY_DAY, days_of, month_and_year
from retrieval.values import Filters

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
